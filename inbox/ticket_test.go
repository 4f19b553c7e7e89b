package inbox_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

func TestTakeIsFirstComeFirstServed(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "hi")
	ticket := row.TicketID
	actors := []inbox.Actor{c.aoi, c.ken}
	errs := make([]error, len(actors))
	var group sync.WaitGroup
	for i, a := range actors {
		group.Go(func() { _, errs[i] = c.service.Take(c.ctx(), a, ticket) })
	}
	group.Wait()
	holder := c.ticket(row.ID).Assignee
	won := 0
	for i, a := range actors {
		if errs[i] == nil {
			won++
			if holder != a.User {
				t.Errorf("%s took it, %d has it", a.Name, holder)
			}
			continue
		}
		c.refused(errs[i], desk.KindConflict, "taken_already")
		if e, ok := errs[i].(*desk.Error); !ok || e.Params["name"] != actors[1-i].Name {
			t.Errorf("%v does not name %s", errs[i], actors[1-i].Name)
		}
	}
	if won != 1 {
		t.Errorf("%d took it", won)
	}
	before, version := c.head(), c.row(row.ID).Version
	for _, a := range actors {
		if a.User == holder {
			c.must(c.service.Take(c.ctx(), a, ticket))
		}
	}
	if c.head() != before || c.row(row.ID).Version != version {
		t.Error("taking what one has changed something")
	}
}

func TestAssignAndTransfer(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "hi")
	c.aoi.AssignsOthers, c.ken.AssignsOthers = true, true
	id, wait := row.TicketID, c.ticket(row.ID).WaitSince
	c.advance(time.Minute)
	c.must(c.service.Assign(c.ctx(), c.aoi, id, c.ken.User))
	c.must(c.service.Transfer(c.ctx(), c.ken, id, inbox.Transfer{Team: c.sales, Note: "見積もりの件"}))
	ticket := c.ticket(row.ID)
	if ticket.Status != desk.StatusQueued || ticket.Assignee != 0 || ticket.LastAssignee != c.ken.User || ticket.TeamID != c.sales || !ticket.WaitSince.Equal(wait) {
		t.Errorf("%+v", ticket)
	}
	c.must(c.service.Transfer(c.ctx(), c.ken, id, inbox.Transfer{Assignee: c.aoi.User}))
	c.must(c.service.Assign(c.ctx(), c.ken, id, 0))
	c.wantThread(row.ID, "+ticket_opened number=1", "customer: hi", "+assigned name=Ken by=Aoi",
		"+transferred name=営業 by=Ken", "note: 見積もりの件", "+assigned name=Aoi by=Ken", "+unassigned by=Ken")
	c.wantInStep(row.ID)
	_, err := c.service.Assign(c.ctx(), c.aoi, id, c.watcher.User)
	c.refused(err, desk.KindInvalid, "assignee_cannot_reply")
	_, err = c.service.Assign(c.ctx(), c.aoi, id, 424242)
	c.refused(err, desk.KindInvalid, "assignee_unknown")
	_, err = c.service.Transfer(c.ctx(), c.aoi, id, inbox.Transfer{})
	c.refused(err, desk.KindInvalid, "transfer_target_missing")
	_, err = c.service.Transfer(c.ctx(), c.aoi, id, inbox.Transfer{Team: 99})
	c.refused(err, desk.KindNotFound, "team_not_found")
	_, err = c.service.Transfer(c.ctx(), c.aoi, id, inbox.Transfer{Team: c.sales, Note: strings.Repeat("x", 10_001)})
	c.refused(err, desk.KindInvalid, "text_too_long")
}

func TestChangeSeveralAtOnce(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "hi")
	c.ken.AssignsOthers = true
	urgent, tags, version := desk.PriorityUrgent, []desk.ID{c.late, c.vip, c.late}, c.row(row.ID).Version
	before := c.head()
	row = c.must(c.service.Change(c.ctx(), c.aoi, row.TicketID, inbox.Change{
		Assignee: &c.aoi.User, Priority: &urgent, Tags: &tags, Version: version,
	}))
	if row.Priority != urgent || len(row.TagIDs) != 2 || row.Assignee != c.aoi.User || row.Version != version+1 {
		t.Errorf("%+v", row)
	}
	var changed []string
	for _, e := range c.events(before) {
		for _, change := range e.Changes {
			changed = append(changed, change.Field)
		}
	}
	if got := strings.Join(changed, " "); got != "status assignee_id priority tag_ids" {
		t.Errorf("changes %s", got)
	}
	_, err := c.service.Change(c.ctx(), c.ken, row.TicketID, inbox.Change{Assignee: &c.ken.User, Version: version})
	c.refused(err, desk.KindConflict, "edited_meanwhile")
	bad := desk.Priority("huge")
	_, err = c.service.Change(c.ctx(), c.ken, row.TicketID, inbox.Change{Priority: &bad})
	c.refused(err, desk.KindInvalid, "priority_invalid")
	unknown := []desk.ID{12345}
	_, err = c.service.Change(c.ctx(), c.ken, row.TicketID, inbox.Change{Tags: &unknown})
	c.refused(err, desk.KindNotFound, "tag_not_found")
	some := []desk.ID{c.vip}
	c.must(c.service.Change(c.ctx(), c.ken, row.TicketID, inbox.Change{Tags: &some}))
	c.wantThread(row.ID, "+ticket_opened number=1", "customer: hi", "+assigned name=Aoi by=Aoi", "+priority from=normal to=urgent by=Aoi",
		"+tags added=vip, late by=Aoi", "+tags removed=late by=Ken")
	c.wantInStep(row.ID)
}

func TestStatusCommands(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "hi")
	id := row.TicketID
	do := map[string]func() error{
		"take":    func() error { _, err := c.service.Take(c.ctx(), c.aoi, id); return err },
		"pending": func() error { _, err := c.service.Pending(c.ctx(), c.aoi, id); return err },
		"open":    func() error { _, err := c.service.Open(c.ctx(), c.aoi, id); return err },
		"snooze":  func() error { _, err := c.service.Snooze(c.ctx(), c.aoi, id, c.now().Add(time.Hour)); return err },
		"wake":    func() error { _, err := c.service.Wake(c.ctx(), c.aoi, id); return err },
		"resolve": func() error { _, err := c.service.Resolve(c.ctx(), c.aoi, id, ""); return err },
		"reopen":  func() error { _, err := c.service.Reopen(c.ctx(), c.ken, id); return err },
	}
	for i, step := range []struct {
		command string
		ok      bool
		status  desk.TicketStatus
	}{
		{"pending", false, desk.StatusQueued}, {"open", false, desk.StatusQueued}, {"snooze", false, desk.StatusQueued},
		{"wake", false, desk.StatusQueued}, {"reopen", false, desk.StatusQueued},
		{"take", true, desk.StatusOpen}, {"open", false, desk.StatusOpen}, {"pending", true, desk.StatusPending},
		{"pending", false, desk.StatusPending}, {"open", true, desk.StatusOpen}, {"snooze", true, desk.StatusSnoozed},
		{"pending", false, desk.StatusSnoozed}, {"wake", true, desk.StatusOpen}, {"resolve", true, desk.StatusResolved},
		{"resolve", false, desk.StatusResolved}, {"open", false, desk.StatusResolved}, {"reopen", true, desk.StatusOpen},
	} {
		err := do[step.command]()
		if (err == nil) != step.ok || c.ticket(row.ID).Status != step.status {
			t.Errorf("step %d, %s: %v, now %s, want %s", i, step.command, err, c.ticket(row.ID).Status, step.status)
		}
		if !step.ok {
			c.refused(err, desk.KindConflict, "invalid_transition")
		}
		c.wantInStep(row.ID)
	}
	if c.ticket(row.ID).Assignee != c.aoi.User { // E11
		t.Error("it is not with whom it was with")
	}
	c.wantTold(c.aoi, desk.NotifyAssigned)
	c.wantThread(row.ID, "+ticket_opened number=1", "customer: hi", "+assigned name=Aoi by=Aoi", "+status from=open to=pending by=Aoi",
		"+status from=pending to=open by=Aoi", "+snoozed by=Aoi", "+woke by=Aoi", "+resolved reason=manual by=Aoi", "+reopened by=Ken")
	_, err := c.service.Resolve(c.ctx(), c.aoi, id, desk.ReasonMerged)
	c.refused(err, desk.KindInvalid, "reason_invalid")
	_, err = c.service.Snooze(c.ctx(), c.aoi, id, c.now().AddDate(2, 0, 0))
	c.refused(err, desk.KindInvalid, "snooze_too_long")
}

func TestOnlyTheLatestTicketMoves(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "hi")
	c.must(c.service.Resolve(c.ctx(), c.aoi, row.TicketID, ""))
	c.advance(8 * 24 * time.Hour)
	c.writes(c.chat, "visitor", "new")
	_, err := c.service.Reopen(c.ctx(), c.aoi, row.TicketID)
	c.refused(err, desk.KindConflict, "ticket_superseded")
}

func TestWakeDue(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	var rows []desk.Conversation
	for i, key := range []string{"a", "b", "c"} {
		row := c.writes(c.chat, key, "hi")
		c.must(c.service.Take(c.ctx(), c.aoi, row.TicketID))
		c.must(c.service.Snooze(c.ctx(), c.aoi, row.TicketID, c.now().Add(time.Duration(i+1)*time.Hour)))
		rows = append(rows, row)
	}
	start := c.now()
	if woken, next, err := c.service.WakeDue(c.ctx(), c.workspace); err != nil || woken != 0 || !next.Equal(start.Add(time.Hour)) {
		t.Errorf("%d woken, next %v, %v", woken, next, err)
	}
	c.advance(2 * time.Hour)
	if woken, next, err := c.service.WakeDue(c.ctx(), c.workspace); err != nil || woken != 2 || !next.Equal(start.Add(3*time.Hour)) {
		t.Errorf("%d woken, next %v, %v", woken, next, err)
	}
	for i, want := range []desk.TicketStatus{desk.StatusOpen, desk.StatusOpen, desk.StatusSnoozed} {
		if got := c.ticket(rows[i].ID); got.Status != want || got.Assignee != c.aoi.User {
			t.Errorf("%d is %s of %d", i, got.Status, got.Assignee)
		}
	}
	c.wantThread(rows[0].ID, "+ticket_opened number=1", "customer: hi", "+assigned name=Aoi by=Aoi", "+snoozed by=Aoi", "+woke")
	// A customer's message wakes too; nothing is left to wake then.
	c.writes(c.chat, "c", "hello?")
	if woken, next, err := c.service.WakeDue(c.ctx(), c.workspace); err != nil || woken != 0 || !next.IsZero() {
		t.Errorf("%d woken, next %v, %v", woken, next, err)
	}
}

// The runner knows the next instant itself: a ticket that falls asleep wakes at its time, not at the next poll.
func TestRunWakes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := &counter{t: t}
		c.store = storetest.SQLite(t)
		c.service = inbox.New(inbox.Config{Store: c.store, Channels: channel.Registry{}})
		c.workspace = 1
		var id desk.ID
		at := time.Now().Add(7 * time.Second)
		err := c.store.Update(t.Context(), 0, func(tx store.Tx) error {
			return tx.WriteWorkspaces().Put(desk.Workspace{ID: 1, Name: "w", CreatedAt: tx.Now()})
		})
		if err != nil {
			t.Fatal(err)
		}
		c.aoi = inbox.Actor{Workspace: 1, By: desk.Actor{Kind: desk.ActorUser, ID: 5}, User: 5, Name: "Aoi"}
		c.update(func(tx store.Tx) error {
			brand := desk.Brand{ID: tx.NewID(), Name: "b"}
			contact := desk.Contact{ID: tx.NewID(), Version: 1}
			ch := desk.Channel{ID: tx.NewID(), BrandID: brand.ID, Kind: "k", Account: "a", State: desk.ChannelActive, Version: 1}
			identity := desk.Identity{ID: tx.NewID(), ContactID: contact.ID, ChannelID: ch.ID, Kind: "k", Scope: "s", ExternalID: "x"}
			row := desk.Conversation{ID: tx.NewID(), ChannelID: ch.ID, IdentityID: identity.ID, ContactID: contact.ID, Version: 1}
			ticket := desk.OpenTicket(tx.NewID(), 1, row, 0, tx.Now())
			ticket.Version = 1
			if err := ticket.AssignTo(5, tx.Now()); err != nil {
				return err
			}
			id = row.ID
			row.Follow(ticket)
			for _, err := range []error{
				tx.WriteWorkspaces().PutBrand(brand), tx.WriteChannels().Put(ch), tx.WriteContacts().Put(contact),
				tx.WriteContacts().PutIdentity(identity), tx.WriteConversations().Put(row), tx.WriteTickets().Put(ticket),
			} {
				if err != nil {
					return err
				}
			}
			return nil
		})
		ctx, stop := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- c.service.RunWakes(ctx) }()
		synctest.Wait()
		c.must(c.service.Snooze(t.Context(), c.aoi, c.row(id).TicketID, at))
		time.Sleep(7*time.Second - time.Millisecond)
		synctest.Wait()
		if got := c.row(id).Status; got != desk.StatusSnoozed {
			t.Errorf("before its time it is %s", got)
		}
		time.Sleep(10 * time.Millisecond)
		synctest.Wait()
		if got := c.row(id).Status; got != desk.StatusOpen {
			t.Errorf("at its time it is %s", got)
		}
		stop()
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}
