package store

import (
	"fmt"
	"slices"
	"strings"

	"madoguchi/desk"
)

// Hand is who changes a case, as the log and the thread's lines name them.
type Hand struct {
	By   desk.Actor
	Name string  // what lines show: a member's name, a trigger's
	For  desk.ID // the member that a program acts for, 0 where By is no program's key
}

// member is whose deed it is, 0 if no member's.
func (h Hand) member() desk.ID {
	if h.By.Kind == desk.ActorUser {
		return h.By.ID
	}
	return h.For
}

// StillAnswers reports whether a member may have cases, until the transaction's end: who takes that from them waits, or is waited for
// (E16, E27). Whoever gives somebody a case asks it in the transaction that does.
func StillAnswers(tx Tx, user desk.ID) (bool, error) {
	if err := tx.WriteMembers().Hold(user); err != nil {
		return false, fmt.Errorf("hold member: %w", err)
	}
	m, err := tx.Members().Get(user)
	if desk.KindOf(err) == desk.KindNotFound {
		return false, nil
	}
	return err == nil && m.Answers(), err
}

// TellTicket writes the system lines for what changed in a case between two states, in its conversation's thread; the row is the
// caller's to put. quiet leaves out open and pending, which follow from a message that everybody sees anyway. It reports whether
// a line was written.
func TellTicket(tx Tx, row *desk.Conversation, was, is desk.Ticket, by Hand, quiet bool) (spoke bool, err error) {
	t := telling{tx: tx, row: row, ticket: is.ID, by: by}
	for _, step := range []func(was, is desk.Ticket) error{
		func(was, is desk.Ticket) error { return t.status(was, is, quiet) }, t.holder, t.joined, t.priority, t.tags,
	} {
		if err := step(was, is); err != nil {
			return t.spoke, err
		}
	}
	return t.spoke, nil
}

// KeepTicket puts a ticket that changed and says so in the log; the row follows it and is the caller's to put. It reports whether
// there was a change.
func KeepTicket(tx Tx, row *desk.Conversation, was desk.Ticket, is *desk.Ticket, by Hand) (bool, error) {
	changes := is.ChangesFrom(was)
	if len(changes) > 0 {
		is.Version++
		is.UpdatedAt = tx.Now()
		if err := tx.WriteTickets().Put(*is); err != nil {
			return false, fmt.Errorf("put ticket: %w", err)
		}
		if o, given := is.GivenBack(was, by.member(), tx.Now()); given {
			o.ID = tx.NewID()
			if err := tx.WriteRouting().PutOffer(o); err != nil {
				return false, fmt.Errorf("put declined offer: %w", err)
			}
		}
		tx.Emit(desk.Event{
			Kind: desk.EventTicketChanged, At: tx.Now(), Actor: by.By, UserID: by.For, ConversationID: row.ID, TicketID: is.ID, Changes: changes,
		})
	}
	row.Follow(*is)
	return len(changes) > 0, nil
}

// telling writes quiet lines, immutable, rendered in each viewer's language.
type telling struct {
	tx     Tx
	row    *desk.Conversation
	ticket desk.ID
	by     Hand
	spoke  bool
}

func (t *telling) line(code string, params map[string]string) error {
	params["by"] = t.by.Name
	t.spoke = true
	return AddLine(t.tx, t.row, t.ticket, t.by.By, code, params)
}

// AddLine adds a system line to the thread of a conversation that the caller holds; the row is the caller's to put.
func AddLine(tx Tx, row *desk.Conversation, ticket desk.ID, by desk.Actor, code string, params map[string]string) error {
	m := desk.Message{TicketID: ticket, Author: desk.Author{Kind: desk.AuthorSystem}, System: &desk.SystemLine{Code: code, Params: params}}
	return AddMessage(tx, row, &m, by)
}

func (t *telling) status(was, is desk.Ticket, quiet bool) error {
	slept := was.Status == desk.StatusSnoozed
	switch {
	case is.Status == desk.StatusSnoozed && (!slept || !was.SnoozedUntil.Equal(is.SnoozedUntil)):
		return t.line("snoozed", map[string]string{"until": desk.Instant(is.SnoozedUntil)})
	case was.Status == is.Status:
		return nil
	case is.Status == desk.StatusResolved:
		return t.line("resolved", map[string]string{"reason": string(is.Reason)})
	case was.Status == desk.StatusResolved:
		return t.line("reopened", map[string]string{})
	case slept:
		return t.line("woke", map[string]string{})
	case !quiet && (is.Status == desk.StatusOpen || is.Status == desk.StatusPending) && was.Assignee == is.Assignee:
		return t.line("status", map[string]string{"from": string(was.Status), "to": string(is.Status)})
	}
	return nil
}

func (t *telling) holder(was, is desk.Ticket) error {
	if was.TeamID != is.TeamID {
		params := map[string]string{"team_id": is.TeamID.String(), "name": ""}
		if is.TeamID != 0 {
			team, err := t.tx.Teams().Get(is.TeamID)
			if err != nil {
				return err
			}
			params["name"] = team.Name
		}
		if err := t.line("transferred", params); err != nil {
			return err
		}
	}
	switch {
	case was.Assignee == is.Assignee:
		return nil
	case is.Assignee != 0:
		m, err := t.tx.Members().Get(is.Assignee)
		if err != nil {
			return err
		}
		return t.line(t.assignment(was, is), map[string]string{"assignee_id": is.Assignee.String(), "name": m.ShownName()})
	case was.TeamID == is.TeamID:
		return t.line("unassigned", map[string]string{})
	}
	return nil
}

// assignment is what giving a case to somebody is called: taken over by who makes another's case their own (E21).
func (t *telling) assignment(was, is desk.Ticket) string {
	if was.Assignee != 0 && !was.Status.Resolved() && t.by.member() == is.Assignee {
		return "taken_over"
	}
	return "assigned"
}

// joined tells who takes part now, and who does no more of their own accord: an end of the case, or another holder, says it itself.
func (t *telling) joined(was, is desk.Ticket) error {
	for _, user := range is.JoinedIDs {
		if slices.Contains(was.JoinedIDs, user) {
			continue
		}
		m, err := t.tx.Members().Get(user)
		if err != nil {
			return err
		}
		if err := t.line("joined", map[string]string{"user_id": user.String(), "name": m.ShownName()}); err != nil {
			return err
		}
	}
	for _, user := range was.JoinedIDs {
		if slices.Contains(is.JoinedIDs, user) || is.Assignee != was.Assignee || is.Status.Resolved() {
			continue
		}
		if err := t.line("left", map[string]string{"user_id": user.String()}); err != nil {
			return err
		}
	}
	return nil
}

func (t *telling) priority(was, is desk.Ticket) error {
	if was.Priority == is.Priority {
		return nil
	}
	return t.line("priority", map[string]string{"from": string(was.Priority), "to": string(is.Priority)})
}

func (t *telling) tags(was, is desk.Ticket) error {
	added, err := t.tagNames(is.TagIDs, was.TagIDs)
	if err != nil {
		return err
	}
	removed, err := t.tagNames(was.TagIDs, is.TagIDs)
	if err != nil || added == "" && removed == "" {
		return err
	}
	return t.line("tags", map[string]string{"added": added, "removed": removed})
}

// tagNames joins the names of those tags that are not among without.
func (t *telling) tagNames(tags, without []desk.ID) (string, error) {
	var names []string
	for _, id := range tags {
		if slices.Contains(without, id) {
			continue
		}
		tag, err := t.tx.Tags().Get(id)
		if desk.KindOf(err) == desk.KindNotFound {
			continue // deleted meanwhile
		}
		if err != nil {
			return "", err
		}
		names = append(names, tag.Name)
	}
	return strings.Join(names, ", "), nil
}
