package demo

import (
	"context"
	"fmt"
	"slices"

	"madoguchi/desk"
	"madoguchi/store"
)

// Remove deletes what Load made and what was added to it since, and nothing else: real cases that were handed to a demo
// colleague or team meanwhile go back to the queue of everybody. Without demo data it does nothing.
func Remove(ctx context.Context, s store.Store, workspace, by desk.ID) error {
	err := s.Update(ctx, workspace, func(tx store.Tx) error {
		r, err := newRemoval(tx, desk.Actor{Kind: desk.ActorUser, ID: by})
		if err != nil {
			return err
		}
		for _, step := range []func() error{r.contacts, r.handBack, r.teams, r.tags, r.colleagues, tx.WriteDemo().ForgetAll} {
			if err := step(); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("remove demo data: %w", err)
	}
	return nil
}

type removal struct {
	tx  store.Tx
	by  desk.Actor
	ids map[store.DemoKind][]desk.ID
}

func newRemoval(tx store.Tx, by desk.Actor) (*removal, error) {
	r := &removal{tx: tx, by: by, ids: map[store.DemoKind][]desk.ID{}}
	records, err := tx.Demo().Records()
	for _, d := range records {
		r.ids[d.Kind] = append(r.ids[d.Kind], d.ID)
	}
	return r, err
}

func (r *removal) emit(kind desk.EventKind, subject desk.ID) {
	r.tx.Emit(desk.Event{Kind: kind, At: r.tx.Now(), Actor: r.by, SubjectID: subject})
}

// contacts deletes the demo customers with all they said and all that was said to them.
func (r *removal) contacts() error {
	for _, id := range r.ids[store.DemoContact] {
		threads, err := r.tx.Conversations().OfContact(id)
		if err != nil {
			return err
		}
		for _, c := range threads {
			if err := r.tx.WriteConversations().Delete(c.ID); err != nil {
				return fmt.Errorf("delete conversation %d: %w", c.ID, err)
			}
			r.emit(desk.EventConversationDeleted, c.ID)
		}
		identities, err := r.tx.Contacts().Identities(id)
		if err != nil {
			return err
		}
		for _, i := range identities {
			if err := r.tx.WriteContacts().DeleteIdentity(i.ID); err != nil {
				return fmt.Errorf("delete identity %d: %w", i.ID, err)
			}
		}
		if err := r.tx.WriteContacts().Delete(id); err != nil {
			return fmt.Errorf("delete contact %d: %w", id, err)
		}
		r.emit(desk.EventContactChanged, id)
	}
	return nil
}

// handBack takes real cases and channels from the colleagues and teams that go.
func (r *removal) handBack() error {
	colleagues, teams := r.ids[store.DemoMember], r.ids[store.DemoTeam]
	if len(colleagues)+len(teams) == 0 {
		return nil
	}
	var theirs []desk.ID
	for _, resolved := range []desk.View{"", desk.ViewResolved} {
		for _, q := range []store.ConversationQuery{{ListFilter: desk.ListFilter{View: resolved, Assignees: colleagues}}, {ListFilter: desk.ListFilter{View: resolved, Teams: teams}}} {
			if len(q.Assignees)+len(q.Teams) == 0 {
				continue
			}
			found, err := r.list(q)
			if err != nil {
				return err
			}
			theirs = append(theirs, found...)
		}
	}
	slices.Sort(theirs)
	for _, id := range slices.Compact(theirs) {
		if err := r.handBackOne(id); err != nil {
			return fmt.Errorf("hand back conversation %d: %w", id, err)
		}
	}
	return r.channels(teams)
}

// list reads a whole list; only then are its rows changed.
func (r *removal) list(q store.ConversationQuery) (ids []desk.ID, err error) {
	q.Page.Limit = 200
	for {
		rows, next, err := r.tx.Conversations().List(q)
		if err != nil {
			return nil, err
		}
		for _, c := range rows {
			ids = append(ids, c.ID)
		}
		if next == "" {
			return ids, nil
		}
		q.Page.After = next
	}
}

func (r *removal) handBackOne(id desk.ID) error {
	row, err := r.tx.WriteConversations().Lock(id)
	if err != nil {
		return err
	}
	t, err := r.tx.Tickets().Get(row.TicketID)
	if err != nil {
		return err
	}
	was := t
	if slices.Contains(r.ids[store.DemoMember], t.Assignee) {
		if t.Status.Resolved() {
			t.Assignee = 0
		} else if err := t.TransferTo(0, r.tx.Now()); err != nil {
			return err
		}
	}
	if slices.Contains(r.ids[store.DemoMember], t.LastAssignee) {
		t.LastAssignee = 0
	}
	if slices.Contains(r.ids[store.DemoTeam], t.TeamID) {
		t.TeamID = 0
	}
	t.UpdatedAt = r.tx.Now()
	t.Version++
	if err := r.tx.WriteTickets().Put(t); err != nil {
		return err
	}
	row.Follow(t)
	row.Version++
	if err := r.tx.WriteConversations().Put(row); err != nil {
		return err
	}
	var changes []desk.Change
	for _, c := range []desk.Change{
		{Field: "status", From: string(was.Status), To: string(t.Status)},
		{Field: "assignee_id", From: was.Assignee.String(), To: t.Assignee.String()},
		{Field: "team_id", From: was.TeamID.String(), To: t.TeamID.String()},
	} {
		if c.From != c.To {
			changes = append(changes, c)
		}
	}
	r.tx.Emit(desk.Event{Kind: desk.EventTicketChanged, At: r.tx.Now(), Actor: r.by, ConversationID: id, TicketID: t.ID, Changes: changes})
	return nil
}

// channels whose team goes are everybody's.
func (r *removal) channels(teams []desk.ID) error {
	all, err := r.tx.Channels().List()
	if err != nil {
		return err
	}
	for _, ch := range all {
		if !slices.Contains(teams, ch.TeamID) {
			continue
		}
		ch.TeamID, ch.UpdatedAt = 0, r.tx.Now()
		ch.Version++
		if err := r.tx.WriteChannels().Put(ch); err != nil {
			return err
		}
		r.emit(desk.EventChannelChanged, ch.ID)
	}
	return nil
}

func (r *removal) teams() error {
	for _, id := range r.ids[store.DemoTeam] {
		if err := r.tx.WriteTeams().Delete(id); err != nil {
			return err
		}
		r.emit(desk.EventTeamChanged, id)
	}
	return nil
}

func (r *removal) tags() error {
	for _, id := range r.ids[store.DemoTag] {
		if err := r.tx.WriteTags().Delete(id); err != nil {
			return err
		}
		r.emit(desk.EventTagChanged, id)
	}
	return nil
}

// colleagues leave; one who joined another workspace meanwhile stays there.
func (r *removal) colleagues() error {
	for _, id := range r.ids[store.DemoMember] {
		if err := r.tx.WriteMembers().Delete(id); err != nil {
			return err
		}
		if err := r.tx.WriteAccounts().DeleteUser(id); err != nil && desk.CodeOf(err) != "user_in_use" {
			return err
		}
		r.emit(desk.EventMemberChanged, id)
	}
	return nil
}
