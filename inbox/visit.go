package inbox

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// visit is one conversation on the counter inside one transaction: opened under its lock, changed, then put back once,
// with the system lines and events that follow from what changed.
type visit struct {
	tx     store.Tx
	actor  Actor
	row    desk.Conversation
	ticket desk.Ticket
	now    time.Time

	first desk.Ticket // as it was found: what the event's Changes are counted from
	told  desk.Ticket // as the last system line left it
	spoke bool        // a message or line was added
}

// atTicket runs fn with a ticket, which must be its conversation's latest: older cases are history.
func (s *Service) atTicket(ctx context.Context, a Actor, ticket desk.ID, fn func(*visit) error) (desk.Conversation, error) {
	return store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (row desk.Conversation, err error) {
		t, err := tx.Tickets().Get(ticket)
		if err != nil {
			return row, err
		}
		v, err := openVisit(tx, a, t.ConversationID)
		if err != nil {
			return row, err
		}
		if v.ticket.ID != ticket {
			return row, desk.Errorf(desk.KindConflict, "ticket_superseded", "ticket %d was followed by ticket %d", t.Number, v.ticket.Number)
		}
		if err := fn(v); err != nil {
			return row, err
		}
		err = v.close()
		return v.row, err
	})
}

func openVisit(tx store.Tx, a Actor, conversation desk.ID) (*visit, error) {
	row, err := tx.WriteConversations().Lock(conversation)
	if err != nil {
		return nil, err
	}
	if err := a.sees(tx, row); err != nil {
		return nil, err
	}
	t, err := tx.Tickets().Get(row.TicketID)
	if err != nil {
		return nil, fmt.Errorf("read ticket of conversation %d: %w", row.ID, err)
	}
	v := &visit{tx: tx, actor: a, row: row, ticket: t, now: tx.Now()}
	v.ticket.TagIDs = slices.Clone(t.TagIDs)
	v.first, v.told = t, t
	return v, nil
}

// say adds a message to the thread and to the row.
func (v *visit) say(m *desk.Message) error {
	m.TicketID = v.ticket.ID
	v.spoke = true
	return store.AddMessage(v.tx, &v.row, m, v.actor.By)
}

// line adds a system line: quiet, immutable, rendered in each viewer's language.
func (v *visit) line(code string, params map[string]string) error {
	return v.say(&desk.Message{
		Author: desk.Author{Kind: desk.AuthorSystem},
		System: &desk.SystemLine{Code: code, Params: params},
	})
}

// begin opens the conversation's next case, because the last one is closed for good (0.4).
func (v *visit) begin() error {
	number, err := v.tx.WriteWorkspaces().NextTicketNumber()
	if err != nil {
		return fmt.Errorf("draw ticket number: %w", err)
	}
	ch, err := v.tx.Channels().Get(v.row.ChannelID)
	if err != nil {
		return err
	}
	v.ticket = desk.OpenTicket(v.tx.NewID(), number, v.row, ch.TeamID, v.now)
	v.ticket.Version = 1
	v.first, v.told = v.ticket, v.ticket
	if err := v.tx.WriteTickets().Put(v.ticket); err != nil {
		return fmt.Errorf("put ticket: %w", err)
	}
	v.tx.Emit(desk.Event{Kind: desk.EventTicketCreated, At: v.now, Actor: v.actor.By, ConversationID: v.row.ID, TicketID: v.ticket.ID})
	return v.line("ticket_opened", map[string]string{"number": strconv.FormatInt(number, 10)})
}

// tell writes the system lines for what changed since the last ones. quiet leaves out open and pending, which follow
// from a message that everybody sees anyway.
func (v *visit) tell(quiet bool) error {
	was, is := v.told, v.ticket
	v.told = is
	v.told.TagIDs = slices.Clone(is.TagIDs)
	if err := v.tellStatus(was, is, quiet); err != nil {
		return err
	}
	if err := v.tellHolder(was, is); err != nil {
		return err
	}
	if was.Priority != is.Priority {
		err := v.line("priority", map[string]string{"from": string(was.Priority), "to": string(is.Priority), "by": v.actor.Name})
		if err != nil {
			return err
		}
	}
	return v.tellTags(was.TagIDs, is.TagIDs)
}

func (v *visit) tellStatus(was, is desk.Ticket, quiet bool) error {
	by := v.actor.Name
	slept := was.Status == desk.StatusSnoozed
	switch {
	case is.Status == desk.StatusSnoozed && (!slept || !was.SnoozedUntil.Equal(is.SnoozedUntil)):
		return v.line("snoozed", map[string]string{"until": desk.Instant(is.SnoozedUntil), "by": by})
	case was.Status == is.Status:
		return nil
	case is.Status == desk.StatusResolved:
		return v.line("resolved", map[string]string{"by": by, "reason": string(is.Reason)})
	case was.Status == desk.StatusResolved:
		return v.line("reopened", map[string]string{"by": by})
	case slept:
		return v.line("woke", map[string]string{"by": by})
	case !quiet && (is.Status == desk.StatusOpen || is.Status == desk.StatusPending) && was.Assignee == is.Assignee:
		return v.line("status", map[string]string{"from": string(was.Status), "to": string(is.Status), "by": by})
	}
	return nil
}

func (v *visit) tellHolder(was, is desk.Ticket) error {
	by := v.actor.Name
	if was.TeamID != is.TeamID {
		params := map[string]string{"team_id": is.TeamID.String(), "name": "", "by": by}
		if is.TeamID != 0 {
			team, err := v.tx.Teams().Get(is.TeamID)
			if err != nil {
				return err
			}
			params["name"] = team.Name
		}
		if err := v.line("transferred", params); err != nil {
			return err
		}
	}
	switch {
	case was.Assignee == is.Assignee:
		return nil
	case is.Assignee != 0:
		name, err := v.memberName(is.Assignee)
		if err != nil {
			return err
		}
		return v.line("assigned", map[string]string{"assignee_id": is.Assignee.String(), "name": name, "by": by})
	case was.TeamID == is.TeamID:
		return v.line("unassigned", map[string]string{"by": by})
	}
	return nil
}

func (v *visit) tellTags(was, is []desk.ID) error {
	added, err := v.tagNames(is, was)
	if err != nil {
		return err
	}
	removed, err := v.tagNames(was, is)
	if err != nil || added == "" && removed == "" {
		return err
	}
	return v.line("tags", map[string]string{"added": added, "removed": removed, "by": v.actor.Name})
}

// tagNames joins the names of those tags that are not among without.
func (v *visit) tagNames(tags, without []desk.ID) (string, error) {
	var names []string
	for _, id := range tags {
		if slices.Contains(without, id) {
			continue
		}
		tag, err := v.tx.Tags().Get(id)
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

func (v *visit) memberName(user desk.ID) (string, error) {
	m, err := v.tx.Members().Get(user)
	if err != nil {
		return "", err
	}
	return Member(v.actor.Workspace, m).Name, nil
}

// close keeps the ticket and the row, and says in the log what changed.
func (v *visit) close() error {
	if err := v.tell(false); err != nil {
		return err
	}
	changes := v.ticket.ChangesFrom(v.first)
	if len(changes) == 0 && !v.spoke {
		return nil
	}
	if len(changes) > 0 {
		v.ticket.Version++
		v.ticket.UpdatedAt = v.now
		if err := v.tx.WriteTickets().Put(v.ticket); err != nil {
			return fmt.Errorf("put ticket: %w", err)
		}
	}
	v.row.Follow(v.ticket)
	v.row.Version++
	if err := v.tx.WriteConversations().Put(v.row); err != nil {
		return fmt.Errorf("put conversation: %w", err)
	}
	if len(changes) > 0 {
		v.tx.Emit(desk.Event{
			Kind: desk.EventTicketChanged, At: v.now, Actor: v.actor.By,
			ConversationID: v.row.ID, TicketID: v.ticket.ID, Changes: changes,
		})
	}
	return nil
}
