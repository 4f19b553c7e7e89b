package store

import "madoguchi/desk"

// PossibleActions leaves out the actions that name a record that is gone, or a member who takes no cases any more.
func PossibleActions(r Reader, actions []desk.Action) ([]desk.Action, error) {
	var possible []desk.Action
	for _, a := range actions {
		err := nameable(r, a)
		if err != nil && desk.KindOf(err) != desk.KindNotFound {
			return nil, err
		}
		if err == nil {
			possible = append(possible, a)
		}
	}
	return possible, nil
}

// nameable is KindNotFound for an action that names what is not there.
func nameable(r Reader, a desk.Action) (err error) {
	switch {
	case a.TeamID != 0:
		_, err = r.Teams().Get(a.TeamID)
	case a.TagID != 0:
		_, err = r.Tags().Get(a.TagID)
	case a.PolicyID != 0:
		_, err = r.SLA().Policy(a.PolicyID)
	case a.MemberID != 0:
		var m desk.Member
		if m, err = r.Members().Get(a.MemberID); err == nil && !m.Answers() {
			err = desk.NotFound("member")
		}
	}
	return err
}
