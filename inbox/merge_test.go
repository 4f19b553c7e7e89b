package inbox_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

// ticketOf is the case of each message of a thread, by what it says.
func (c *counter) ticketOf(conversation desk.ID) map[string]int64 {
	numbers := map[string]int64{}
	c.view(func(r store.Reader) error {
		all, err := r.Messages().After(conversation, 0, 200)
		if err != nil {
			return err
		}
		for _, m := range all {
			t, err := r.Tickets().Get(m.TicketID)
			if err != nil {
				return err
			}
			if m.Text() != "" {
				numbers[m.Text()] = t.Number
			}
		}
		return nil
	})
	return numbers
}

func (c *counter) get(ticket desk.ID) (t desk.Ticket) {
	c.view(func(r store.Reader) (err error) {
		t, err = r.Tickets().Get(ticket)
		return err
	})
	return t
}

// twoCases writes two cases of one conversation, of which the first is resolved for good and the second is with Aoi.
func (c *counter) twoCases() (first, second desk.ID, conversation desk.ID) {
	row := c.writes(c.chat, "visitor", "届かない")
	first = row.TicketID
	c.say(c.ken, row.ID, inbox.ModeReply, "調べます")
	c.must(c.service.Resolve(c.ctx(), c.ken, first, desk.ReasonManual))
	c.advance(30 * 24 * time.Hour)
	row = c.writes(c.chat, "visitor", "まだ届かない")
	second = row.TicketID
	c.must(c.service.Take(c.ctx(), c.aoi, second))
	return first, second, row.ID
}

func TestMergeTakesTheOpenCaseUnderTheOldOne(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	first, second, conversation := c.twoCases()
	high, tags := desk.PriorityHigh, []desk.ID{c.late}
	c.must(c.service.Change(c.ctx(), c.aoi, second, inbox.Change{Priority: &high, Tags: &tags}))
	waits := c.get(second).WaitSince
	row := c.must(c.service.Merge(c.ctx(), c.aoi, second, first))
	old, merged := c.get(first), c.get(second)
	if old.Status != desk.StatusOpen || old.Assignee != c.aoi.User || old.Priority != high || !slices.Equal(old.TagIDs, tags) || !old.WaitSince.Equal(waits) || old.ReopenedCount != 1 {
		t.Errorf("what goes on: %+v", old)
	}
	if merged.Status != desk.StatusResolved || merged.Reason != desk.ReasonMerged || merged.MergedInto != first || !merged.WaitSince.IsZero() {
		t.Errorf("what was merged: %+v", merged)
	}
	if row.TicketID != first || row.Status != desk.StatusOpen || row.Assignee != c.aoi.User {
		t.Errorf("the row shows %+v", row)
	}
	if got := c.ticketOf(conversation); got["まだ届かない"] != old.Number || got["届かない"] != old.Number {
		t.Errorf("messages lie under %v", got)
	}
	c.wantInStep(conversation)
	if row = c.writes(c.chat, "visitor", "どうなりましたか"); row.TicketID != first {
		t.Errorf("the customer's next message lies under %d", row.TicketID)
	}
	_, err := c.service.Merge(c.ctx(), c.aoi, second, first)
	c.refused(err, desk.KindConflict, "ticket_merged_already")
	_, err = c.service.Merge(c.ctx(), c.aoi, first, first)
	c.refused(err, desk.KindInvalid, "merge_same_ticket")
}

func TestMergeAcrossConversations(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	here, there := c.writes(c.chat, "visitor", "こちらから"), c.writes(c.chat, "another", "別の端末から")
	_, err := c.service.Merge(c.ctx(), c.aoi, there.TicketID, here.TicketID)
	c.refused(err, desk.KindInvalid, "merge_other_contact")
	c.update(func(tx store.Tx) error { return tx.WriteContacts().MoveIdentity(there.IdentityID, here.ContactID) })
	c.must(c.service.Merge(c.ctx(), c.aoi, there.TicketID, here.TicketID))
	if got := c.ticketOf(there.ID)["別の端末から"]; got != c.get(here.TicketID).Number {
		t.Errorf("the other thread's message lies under %d", got)
	}
	if row := c.row(there.ID); row.Status != desk.StatusResolved || row.TicketID != there.TicketID {
		t.Errorf("the other row shows %+v", row)
	}
	if row := c.row(here.ID); row.Status != desk.StatusQueued {
		t.Errorf("the row shows %+v", row)
	}
	c.wantInStep(here.ID)
	c.wantInStep(there.ID)
	again := c.writes(c.chat, "another", "もう一度")
	if again.TicketID == there.TicketID {
		t.Error("a merged case was taken up again")
	}
}

// TestMergeBesideAnOpenCase holds 0.1: one unresolved case in a conversation at most.
func TestMergeBesideAnOpenCase(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	first, _, _ := c.twoCases()
	other := c.writes(c.chat, "another", "別の端末から")
	c.update(func(tx store.Tx) error {
		return tx.WriteContacts().MoveIdentity(other.IdentityID, c.get(first).ContactID)
	})
	_, err := c.service.Merge(c.ctx(), c.aoi, other.TicketID, first)
	c.refused(err, desk.KindConflict, "unresolved_ticket_exists")
	if t2 := c.get(other.TicketID); t2.Status != desk.StatusQueued {
		t.Errorf("a refused merge left %+v", t2)
	}
}

func TestTwoMergesAtOnceNeverWaitForEachOther(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	a, b := c.writes(c.chat, "visitor", "一つ目"), c.writes(c.chat, "another", "二つ目")
	c.update(func(tx store.Tx) error { return tx.WriteContacts().MoveIdentity(b.IdentityID, a.ContactID) })
	errs := make([]error, 2)
	var group sync.WaitGroup
	group.Go(func() { _, errs[0] = c.service.Merge(c.ctx(), c.aoi, a.TicketID, b.TicketID) })
	group.Go(func() { _, errs[1] = c.service.Merge(c.ctx(), c.ken, b.TicketID, a.TicketID) })
	group.Wait()
	if (errs[0] == nil) == (errs[1] == nil) {
		t.Errorf("both merged or neither: %v", errs)
	}
	for _, err := range errs {
		if err != nil {
			c.refused(err, desk.KindConflict, "ticket_merged_already")
		}
	}
}

func TestSplitMakesACaseOfItsOwn(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "届かない")
	c.say(c.ken, row.ID, inbox.ModeReply, "調べます")
	c.advance(time.Hour)
	about := c.now()
	c.writes(c.chat, "visitor", "請求書もください")
	from := c.row(row.ID).LastSeq
	_, err := c.service.Split(c.ctx(), c.aoi, row.TicketID, inbox.Range{From: from})
	c.refused(err, desk.KindConflict, "unresolved_ticket_exists")
	c.must(c.service.Resolve(c.ctx(), c.ken, row.TicketID, desk.ReasonManual))
	for _, refused := range []struct {
		at   inbox.Range
		code string
	}{{inbox.Range{From: 1}, "split_everything"}, {inbox.Range{From: from + 1}, "split_nothing"}, {inbox.Range{From: 5, To: 4}, "split_range_invalid"}, {inbox.Range{From: 1, To: 5000}, "split_range_invalid"}} {
		_, err = c.service.Split(c.ctx(), c.aoi, row.TicketID, refused.at)
		c.refused(err, desk.KindInvalid, refused.code)
	}
	after := c.must(c.service.Split(c.ctx(), c.aoi, row.TicketID, inbox.Range{From: from}))
	made := c.get(after.TicketID)
	if made.ID == row.TicketID || made.Status != desk.StatusOpen || made.Assignee != c.aoi.User || !made.WaitSince.Equal(about) || !made.CreatedAt.Equal(about) {
		t.Errorf("the new case: %+v, not of %s", made, about)
	}
	if got := c.ticketOf(row.ID); got["請求書もください"] != made.Number || got["届かない"] != c.get(row.TicketID).Number {
		t.Errorf("messages lie under %v", got)
	}
	c.wantInStep(row.ID)
}
