package inbox

import (
	"maps"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// mayDecide refuses to decide about a case that somebody else has to those who may not (J3): "ticket_of_colleague" (forbidden) with
// params.name. It is asked under the conversation's lock: whose case it is may have changed a moment ago.
func (v *visit) mayDecide(t desk.Ticket) error {
	if v.actor.AssignsOthers || !t.WithAnother(v.actor.User) {
		return nil
	}
	return v.held(t, desk.KindForbidden, "ticket_of_colleague", map[string]string{"permission": string(auth.TicketAssignOthers)})
}

// mayGive refuses to give the case to somebody, 0 = nobody, to those who may not: others' cases as mayDecide does, and those that
// nobody has except to oneself ("forbidden"). Who wanted a case for themselves that somebody else has was too late: "taken_already"
// (conflict).
func (v *visit) mayGive(to desk.ID) error {
	me := v.actor.User
	if to == me && !v.actor.AssignsOthers && v.ticket.WithAnother(me) {
		return v.takenAlready()
	}
	if err := v.mayDecide(v.ticket); err != nil {
		return err
	}
	if v.actor.AssignsOthers || to == 0 || to == me || v.ticket.Assignee == me {
		return nil
	}
	e := desk.Errorf(desk.KindForbidden, "forbidden", "only who may assign others gives away what is not theirs")
	e.Params = map[string]string{"permission": string(auth.TicketAssignOthers)}
	return e
}

// takenAlready is that somebody else has the case.
func (v *visit) takenAlready() error {
	return v.held(v.ticket, desk.KindConflict, "taken_already", nil)
}

// held is a refusal because of who has a case, with their name.
func (v *visit) held(t desk.Ticket, kind desk.Kind, code string, params map[string]string) error {
	name, err := v.memberName(t.Assignee)
	if err != nil {
		return err
	}
	e := desk.Errorf(kind, code, "ticket %d is with %s", t.Number, name)
	e.Params = map[string]string{"name": name, "user_id": t.Assignee.String()}
	maps.Copy(e.Params, params)
	return e
}

// decide changes a ticket that is the actor's to decide about.
func (v *visit) decide(change func() error) error {
	if err := v.mayDecide(v.ticket); err != nil {
		return err
	}
	return change()
}

// reopen takes a resolved case up again: for whom it was with, if they still answer (E11), else for user, 0 = for the queue.
func (v *visit) reopen(user desk.ID) error {
	if holder := v.ticket.Assignee; holder != 0 && holder != user {
		answers, err := v.answers(holder)
		if err != nil {
			return err
		}
		if answers {
			user = holder
		}
	}
	return v.ticket.Reopen(user, v.now)
}

// mayHave refuses to give a case to who may have none, or no more: "assignee_cannot_reply" (invalid).
func (v *visit) mayHave(user desk.ID) error {
	answers, err := v.answers(user)
	if err == nil && !answers {
		err = desk.Invalid("assignee_id", "assignee_cannot_reply", "member %d cannot answer customers", user)
	}
	return err
}

// answers is store.StillAnswers, asked once of a member: they are held.
func (v *visit) answers(user desk.ID) (bool, error) {
	if user == v.holds {
		return true, nil
	}
	answers, err := store.StillAnswers(v.tx, user)
	if answers {
		v.holds = user
	}
	return answers, err
}

// mayKeep is mayHave where a case has another holder than before, or one again: also of who takes it by what they do, answers a
// customer or merges two cases, nothing else has asked (E16).
func (v *visit) mayKeep(was, is desk.Ticket) error {
	if !is.GivenFrom(was) {
		return nil
	}
	return v.mayHave(is.Assignee)
}
