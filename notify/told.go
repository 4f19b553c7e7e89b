package notify

import (
	"fmt"

	"madoguchi/desk"
	"madoguchi/store"
)

// assigned is whom a change of a case gave it to, unless they took it themselves (G6.1).
func assigned(e desk.Event) []desk.ID {
	if e.Kind != desk.EventTicketChanged {
		return nil
	}
	return named(e, "assignee_id")
}

// mentioned are the others whom a note names.
func mentioned(e desk.Event) []desk.ID {
	if e.Kind != desk.EventMessageCreated {
		return nil
	}
	return named(e, desk.FieldMention)
}

// takenOver is whose case somebody made their own (E21).
func takenOver(e desk.Event) []desk.ID {
	if from := e.TookOver(); from != 0 {
		return []desk.ID{from}
	}
	return nil
}

// named are the members that an event's changes name, but for who did it.
func named(e desk.Event, field string) (users []desk.ID) {
	for _, c := range e.Changes {
		if c.Field != field {
			continue
		}
		user, err := desk.ParseID(c.To)
		if err == nil && user != 0 && (e.Actor.Kind != desk.ActorUser || e.Actor.ID != user) {
			users = append(users, user)
		}
	}
	return users
}

// tell writes down for members what happened in a conversation. Who does not see it is not told (J2), nor who has left.
func tell(tx store.Tx, e desk.Event, code string, users []desk.ID) error {
	if len(users) == 0 {
		return nil
	}
	row, err := tx.Conversations().Get(e.ConversationID)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil // deleted meanwhile
	}
	if err != nil {
		return fmt.Errorf("read conversation: %w", err)
	}
	if code == desk.NotifyAssigned && (row.TicketID != e.TicketID || row.Assignee != users[0]) {
		return nil // somebody else's by now
	}
	for _, user := range users {
		sees, err := sees(tx, user, row)
		if err != nil {
			return err
		}
		if !sees {
			continue
		}
		params := map[string]string{"by": "0"}
		if e.Actor.Kind == desk.ActorUser {
			params["by"] = e.Actor.ID.String()
		}
		if e.MessageID != 0 {
			params["message"] = e.MessageID.String()
		}
		if err := store.Notify(tx, desk.NotifyAbout(row, user, code, params)); err != nil {
			return err
		}
	}
	return nil
}

// sees reports whether somebody works here and sees a conversation.
func sees(r store.Reader, user desk.ID, row desk.Conversation) (bool, error) {
	m, err := r.Members().Get(user)
	if desk.KindOf(err) == desk.KindNotFound {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("read member: %w", err)
	}
	teams, err := r.Teams().Of(user)
	if err != nil {
		return false, fmt.Errorf("read teams: %w", err)
	}
	return m.Active && m.Scope.Sees(user, teams, row), nil
}
