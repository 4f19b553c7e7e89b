package store

import (
	"strconv"

	"madoguchi/desk"
)

// PossibleActions leaves out the actions that name a record that is gone, or a member who takes no cases any more.
func PossibleActions(r Reader, actions []desk.Action) ([]desk.Action, error) {
	var possible []desk.Action
	for _, a := range actions {
		_, err := nameable(r, a)
		if err != nil && desk.KindOf(err) != desk.KindNotFound {
			return nil, err
		}
		if err == nil {
			possible = append(possible, a)
		}
	}
	return possible, nil
}

// CheckActions refuses actions that name what PossibleActions leaves out: "action_target_unknown" (invalid), with
// "actions.<n>.<what>" as the field.
func CheckActions(r Reader, actions []desk.Action) error {
	for i, a := range actions {
		what, err := nameable(r, a)
		if desk.KindOf(err) == desk.KindNotFound {
			return desk.Invalid("actions."+strconv.Itoa(i)+"."+what, "action_target_unknown", "%s names what there is not: %w", a.Kind, err)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// nameable is KindNotFound for an action that names what is not there.
func nameable(r Reader, a desk.Action) (what string, err error) {
	switch {
	case a.TeamID != 0:
		what = "team_id"
		_, err = r.Teams().Get(a.TeamID)
	case a.TagID != 0:
		what = "tag_id"
		_, err = r.Tags().Get(a.TagID)
	case a.PolicyID != 0:
		what = "policy_id"
		_, err = r.SLA().Policy(a.PolicyID)
	case a.TemplateID != 0:
		what = "template_id"
		_, err = r.Templates().Get(a.TemplateID)
	case a.MemberID != 0:
		what = "member_id"
		var m desk.Member
		if m, err = r.Members().Get(a.MemberID); err == nil && !m.Answers() {
			err = desk.NotFound("member")
		}
	}
	return what, err
}
