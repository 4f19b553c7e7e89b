package inbox_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

// bulk carries out one and gives the outcomes as text: "changed unchanged failed:invalid_transition".
func (c *counter) bulk(a inbox.Actor, key string, edits ...inbox.BulkEdit) (results []inbox.BulkResult, outcomes string) {
	c.t.Helper()
	results, err := c.service.Bulk(c.ctx(), a, key, edits)
	if err != nil {
		c.t.Fatal(err)
	}
	for i, r := range results {
		if i > 0 {
			outcomes += " "
		}
		outcomes += string(r.Outcome)
		if r.Outcome == inbox.BulkFailed {
			outcomes += ":" + desk.CodeOf(r.Err)
		}
	}
	return results, outcomes
}

func (c *counter) wantOutcomes(got, want string) {
	c.t.Helper()
	if got != want {
		c.t.Errorf("outcomes %q, want %q", got, want)
	}
}

// back takes a bulk action back: every before becomes an edit of its own.
func back(results []inbox.BulkResult) (edits []inbox.BulkEdit) {
	for _, r := range results {
		if r.Outcome == inbox.BulkChanged {
			edits = append(edits, inbox.BulkEdit{Conversations: []desk.ID{r.Conversation}, Edit: r.Before})
		}
	}
	return edits
}

// stands is a case as people see it: status, holder, team, priority, tags, whether the customer waits, how far aoi has read.
func (c *counter) stands(conversation desk.ID) string {
	c.t.Helper()
	ticket := c.ticket(conversation)
	var read int64
	c.view(func(r store.Reader) error {
		reads, err := r.Conversations().Reads(c.aoi.User, []desk.ID{conversation})
		read = reads[conversation].Seq
		return err
	})
	return fmt.Sprint(ticket.Status, " ", ticket.Assignee, " ", ticket.TeamID, " ", ticket.Priority, " ", ticket.TagIDs, " ", desk.Instant(ticket.WaitSince), " ", desk.Instant(ticket.SnoozedUntil), " ", read)
}

// mixed is a case in every status.
func (c *counter) mixed() map[desk.TicketStatus]desk.ID {
	c.t.Helper()
	ids := map[desk.TicketStatus]desk.ID{}
	for _, status := range []desk.TicketStatus{desk.StatusQueued, desk.StatusOpen, desk.StatusPending, desk.StatusSnoozed, desk.StatusResolved} {
		row := c.writes(c.chat, string(status), "hi")
		ids[status] = row.ID
		if status == desk.StatusQueued {
			continue
		}
		c.must(c.service.Take(c.ctx(), c.ken, row.TicketID))
		switch status {
		case desk.StatusPending:
			c.say(c.ken, row.ID, inbox.ModeReply, "?")
		case desk.StatusSnoozed:
			c.must(c.service.Snooze(c.ctx(), c.ken, row.TicketID, c.now().Add(time.Hour)))
		case desk.StatusResolved:
			c.must(c.service.Resolve(c.ctx(), c.ken, row.TicketID, ""))
		}
	}
	c.advance(time.Minute)
	return ids
}

// TestBulkAndBack does everything that can be done to cases in every status, and takes it back.
func TestBulkAndBack(t *testing.T) {
	t.Parallel()
	order := []desk.TicketStatus{desk.StatusQueued, desk.StatusOpen, desk.StatusPending, desk.StatusSnoozed, desk.StatusResolved}
	nobody, yes, no, urgent := desk.ID(0), true, false, desk.PriorityUrgent
	for name, test := range map[string]struct {
		edit func(c *counter) inbox.Edit
		want string // outcomes in that order
	}{
		"resolve": {func(*counter) inbox.Edit { return inbox.Edit{Status: desk.StatusResolved} }, "changed changed changed changed unchanged"},
		"reopen":  {func(*counter) inbox.Edit { return inbox.Edit{Status: desk.StatusOpen} }, "unchanged unchanged changed changed changed"},
		"pending": {func(*counter) inbox.Edit { return inbox.Edit{Status: desk.StatusPending} }, "failed:invalid_transition changed unchanged changed changed"},
		"queue":   {func(*counter) inbox.Edit { return inbox.Edit{Status: desk.StatusQueued} }, "unchanged changed changed changed changed"},
		"snooze": {func(c *counter) inbox.Edit {
			return inbox.Edit{Status: desk.StatusSnoozed, SnoozeUntil: c.now().Add(2 * time.Hour)}
		}, "failed:invalid_transition changed changed changed changed"},
		"assign":   {func(c *counter) inbox.Edit { return inbox.Edit{Assignee: &c.aoi.User} }, "changed changed changed changed failed:invalid_transition"},
		"unassign": {func(*counter) inbox.Edit { return inbox.Edit{Assignee: &nobody} }, "unchanged changed changed changed failed:invalid_transition"},
		"a team's queue": {func(c *counter) inbox.Edit { return inbox.Edit{Team: &c.sales, Assignee: &nobody} },
			"changed changed changed changed failed:invalid_transition"},
		"priority": {func(*counter) inbox.Edit { return inbox.Edit{Priority: &urgent} }, "changed changed changed changed changed"},
		"tags":     {func(c *counter) inbox.Edit { return inbox.Edit{AddTags: []desk.ID{c.vip, c.late}} }, "changed changed changed changed changed"},
		"read":     {func(*counter) inbox.Edit { return inbox.Edit{Read: &yes} }, "changed changed changed changed changed"},
		"unread":   {func(*counter) inbox.Edit { return inbox.Edit{Read: &no} }, "unchanged unchanged unchanged unchanged unchanged"},
		"several": {func(c *counter) inbox.Edit {
			return inbox.Edit{Status: desk.StatusOpen, Assignee: &c.aoi.User, Priority: &urgent, AddTags: []desk.ID{c.vip}, Read: &yes}
		}, "changed changed changed changed changed"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCounter(t)
			cases := c.mixed()
			edit := inbox.BulkEdit{Edit: test.edit(c)}
			var before []string
			for _, status := range order {
				edit.Conversations = append(edit.Conversations, cases[status])
				before = append(before, c.stands(cases[status]))
			}
			results, outcomes := c.bulk(c.aoi, "", edit)
			c.wantOutcomes(outcomes, test.want)
			again, _ := c.bulk(c.aoi, "", edit)
			for i, r := range again {
				if r.Outcome == inbox.BulkChanged {
					t.Errorf("%s: what is so already changed again: %+v", order[i], r.Before)
				}
				c.wantInStep(r.Conversation)
			}
			undo := back(results)
			for i, r := range results {
				if now := c.stands(r.Conversation); (now != before[i]) != (r.Outcome == inbox.BulkChanged) {
					t.Errorf("%s, %s: %s, was %s", order[i], r.Outcome, now, before[i])
				}
			}
			if len(undo) == 0 {
				return
			}
			c.bulk(c.aoi, "", undo...)
			for i, id := range edit.Conversations {
				if now := c.stands(id); now != before[i] {
					t.Errorf("%s taken back: %s, was %s", order[i], now, before[i])
				}
				c.wantInStep(id)
			}
		})
	}
}

// TestBulkTouchesItsTagsOnly: what others tagged meanwhile stays when a bulk action is taken back.
func TestBulkTouchesItsTagsOnly(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "hi")
	results, _ := c.bulk(c.aoi, "", inbox.BulkEdit{Conversations: []desk.ID{row.ID}, Edit: inbox.Edit{AddTags: []desk.ID{c.vip}}})
	both := []desk.ID{c.vip, c.late}
	c.must(c.service.Change(c.ctx(), c.ken, row.TicketID, inbox.Change{Tags: &both}))
	c.bulk(c.aoi, "", back(results)...)
	if got := c.ticket(row.ID).TagIDs; len(got) != 1 || got[0] != c.late {
		t.Errorf("tags %v, want %d", got, c.late)
	}
}

// TestBulkUnderAKey: what was done under a key is not done again, and what failed under it is.
func TestBulkUnderAKey(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	first, second := c.writes(c.chat, "a", "hi"), c.writes(c.chat, "b", "hi")
	edit := inbox.BulkEdit{Conversations: []desk.ID{first.ID, second.ID}, Edit: inbox.Edit{Status: desk.StatusPending}}
	c.must(c.service.Take(c.ctx(), c.ken, first.TicketID))
	_, outcomes := c.bulk(c.aoi, "k", edit)
	c.wantOutcomes(outcomes, "changed failed:invalid_transition")
	c.must(c.service.Open(c.ctx(), c.ken, first.TicketID))
	c.must(c.service.Take(c.ctx(), c.ken, second.TicketID))
	_, outcomes = c.bulk(c.aoi, "k", edit)
	c.wantOutcomes(outcomes, "repeated changed")
	if status := c.ticket(first.ID).Status; status != desk.StatusOpen {
		t.Errorf("the repetition made it %s", status)
	}
	_, outcomes = c.bulk(c.ken, "k", edit) // a key is its actor's
	c.wantOutcomes(outcomes, "changed unchanged")
}

// TestBulkFailsPieceByPiece: a conversation that is not there, or not in this workspace, stops no other.
func TestBulkFailsPieceByPiece(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "a", "hi")
	stranger := desk.ID(4242)
	ids := []desk.ID{stranger, row.ID}
	_, outcomes := c.bulk(c.aoi, "", inbox.BulkEdit{Conversations: ids, Edit: inbox.Edit{Assignee: &c.ken.User}})
	c.wantOutcomes(outcomes, "failed:conversation_not_found changed")
	for code, e := range map[string]inbox.Edit{
		"assignee_unknown": {Assignee: &stranger}, "assignee_cannot_reply": {Assignee: &c.watcher.User}, "team_not_found": {Team: &stranger},
		"tag_not_found": {AddTags: []desk.ID{stranger}}, "snooze_in_past": {Status: desk.StatusSnoozed, SnoozeUntil: c.now()},
		"snooze_too_long": {Status: desk.StatusSnoozed, SnoozeUntil: c.now().AddDate(2, 0, 0)},
	} {
		before := c.stands(row.ID)
		_, outcomes := c.bulk(c.aoi, "", inbox.BulkEdit{Conversations: []desk.ID{row.ID}, Edit: e})
		c.wantOutcomes(outcomes, "failed:"+code)
		if now := c.stands(row.ID); now != before {
			t.Errorf("%s changed something: %s, was %s", code, now, before)
		}
	}
	ctx, cancel := context.WithCancel(c.ctx())
	cancel()
	results, err := c.service.Bulk(ctx, c.aoi, "", []inbox.BulkEdit{{Conversations: []desk.ID{row.ID}, Edit: inbox.Edit{Status: desk.StatusResolved}}})
	if err != nil || desk.CodeOf(results[0].Err) != "unavailable" || c.ticket(row.ID).Status == desk.StatusResolved {
		t.Errorf("%+v, %v", results, err)
	}
}

func TestBulkIsRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "a", "hi")
	done := inbox.Edit{Status: desk.StatusResolved}
	many := make([]desk.ID, inbox.MaxBulk+1)
	for i := range many {
		many[i] = row.ID + desk.ID(i)
	}
	for code, edits := range map[string][]inbox.BulkEdit{
		"bulk_too_many": {{Conversations: many[:100], Edit: done}, {Conversations: many[100:], Edit: done}},
		"bulk_twice":    {{Conversations: []desk.ID{row.ID}, Edit: done}, {Conversations: []desk.ID{row.ID}, Edit: done}},
		"bulk_nothing":  {{Conversations: []desk.ID{row.ID}, Edit: inbox.Edit{WaitAgain: true}}},
		"field_invalid": {{Conversations: []desk.ID{row.ID}, Edit: inbox.Edit{Status: desk.StatusBot}}},
	} {
		_, err := c.service.Bulk(c.ctx(), c.aoi, "", edits)
		c.refused(err, desk.KindInvalid, code)
	}
	if status := c.ticket(row.ID).Status; status != desk.StatusQueued {
		t.Errorf("refused, and yet it is %s", status)
	}
}

// TestBulkOfTheMost changes as many as there may be, each of them once.
func TestBulkOfTheMost(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	ids := make([]desk.ID, inbox.MaxBulk)
	for i := range ids {
		ids[i] = c.writes(c.chat, fmt.Sprint("v", i), "hi").ID
	}
	start := time.Now()
	results, err := c.service.Bulk(c.ctx(), c.aoi, "k", []inbox.BulkEdit{{Conversations: ids, Edit: inbox.Edit{Assignee: &c.ken.User, AddTags: []desk.ID{c.vip}}}})
	t.Logf("%d in %s", len(ids), time.Since(start))
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range results {
		if r.Outcome != inbox.BulkChanged || r.Conversation != ids[i] || c.row(ids[i]).Assignee != c.ken.User {
			t.Fatalf("%d: %+v", i, r)
		}
	}
	start = time.Now()
	c.bulk(c.aoi, "", back(results)...)
	t.Logf("back in %s", time.Since(start))
	if row := c.row(ids[199]); row.Status != desk.StatusQueued || len(row.TagIDs) != 0 {
		t.Errorf("taken back: %+v", row)
	}
}
