package desk_test

import (
	"slices"
	"testing"
	"time"

	"madoguchi/desk"
)

var (
	noon     = time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	statuses = []desk.TicketStatus{
		desk.StatusBot, desk.StatusQueued, desk.StatusOpen, desk.StatusPending, desk.StatusSnoozed, desk.StatusResolved,
	}
)

const (
	aoi desk.ID = 5
	ken desk.ID = 6
)

// ticketIn makes a ticket in a status, as the desk leaves them: with aoi where somebody has it.
func ticketIn(status desk.TicketStatus) desk.Ticket {
	t := desk.OpenTicket(7, 1, desk.Conversation{ID: 3, ChannelID: 2, ContactID: 4}, 9, noon.Add(-time.Hour))
	t.Status = status
	switch status {
	case desk.StatusOpen, desk.StatusPending:
		t.Assignee = aoi
	case desk.StatusSnoozed:
		t.Assignee, t.SnoozedUntil = aoi, noon.Add(time.Hour)
	case desk.StatusResolved:
		t.Assignee, t.Reason, t.ResolvedAt, t.WaitSince = aoi, desk.ReasonManual, noon.Add(-time.Minute), time.Time{}
	}
	return t
}

// 0.2, word for word.
func TestTransitions(t *testing.T) {
	t.Parallel()
	allowed := map[desk.TicketStatus][]desk.TicketStatus{
		desk.StatusBot:      {desk.StatusQueued, desk.StatusOpen, desk.StatusResolved},
		desk.StatusQueued:   {desk.StatusOpen, desk.StatusResolved, desk.StatusBot},
		desk.StatusOpen:     {desk.StatusPending, desk.StatusSnoozed, desk.StatusQueued, desk.StatusResolved, desk.StatusBot},
		desk.StatusPending:  {desk.StatusOpen, desk.StatusSnoozed, desk.StatusQueued, desk.StatusResolved, desk.StatusBot},
		desk.StatusSnoozed:  {desk.StatusOpen, desk.StatusQueued, desk.StatusResolved},
		desk.StatusResolved: {desk.StatusOpen, desk.StatusQueued, desk.StatusBot},
	}
	for _, from := range statuses {
		for _, to := range statuses {
			if got, want := desk.CanMove(from, to), slices.Contains(allowed[from], to); got != want {
				t.Errorf("%s → %s: %v, want %v", from, to, got, want)
			}
		}
	}
}

// What each command does in each status: "" is 409 invalid_transition.
func TestCommands(t *testing.T) {
	t.Parallel()
	no := desk.TicketStatus("")
	for name, command := range map[string]struct {
		do   func(*desk.Ticket) error
		want [6]desk.TicketStatus // by statuses
	}{
		"assign":   {func(k *desk.Ticket) error { return k.AssignTo(ken, noon) }, [6]desk.TicketStatus{"open", "open", "open", "pending", "open", "open"}},
		"keep":     {func(k *desk.Ticket) error { return k.AssignTo(aoi, noon) }, [6]desk.TicketStatus{"open", "open", "open", "pending", "snoozed", "open"}},
		"transfer": {func(k *desk.Ticket) error { return k.TransferTo(8, noon) }, [6]desk.TicketStatus{"queued", "queued", "queued", "queued", "queued", "queued"}},
		"snooze":   {func(k *desk.Ticket) error { return k.Snooze(noon.Add(time.Minute), noon) }, [6]desk.TicketStatus{no, no, "snoozed", "snoozed", "snoozed", no}},
		"wake":     {func(k *desk.Ticket) error { return k.Wake(noon) }, [6]desk.TicketStatus{no, no, no, no, "open", no}},
		"resolve":  {func(k *desk.Ticket) error { return k.Resolve(desk.ReasonManual, noon) }, [6]desk.TicketStatus{"resolved", "resolved", "resolved", "resolved", "resolved", no}},
		"reopen":   {func(k *desk.Ticket) error { return k.Reopen(ken, noon) }, [6]desk.TicketStatus{no, no, no, no, no, "open"}},
		"requeue":  {func(k *desk.Ticket) error { return k.Reopen(0, noon) }, [6]desk.TicketStatus{no, no, no, no, no, "queued"}},
		"pending":  {func(k *desk.Ticket) error { return k.SetPending(noon) }, [6]desk.TicketStatus{no, no, "pending", no, no, no}},
		"open":     {func(k *desk.Ticket) error { return k.SetOpen(noon) }, [6]desk.TicketStatus{no, no, no, "open", no, no}},
		"reply":    {func(k *desk.Ticket) error { _, err := k.HumanReplied(ken, noon); return err }, [6]desk.TicketStatus{"pending", "pending", "pending", "pending", "pending", "pending"}},
		"customer": {func(k *desk.Ticket) error { desk.CustomerWrote(k, noon, 7); return nil }, [6]desk.TicketStatus{"bot", "queued", "open", "open", "open", "open"}},
	} {
		for i, from := range statuses {
			k := ticketIn(from)
			err := command.do(&k)
			if command.want[i] == no {
				if desk.KindOf(err) != desk.KindConflict || desk.CodeOf(err) != "invalid_transition" || k.Status != from {
					t.Errorf("%s a %s ticket: %v, now %s", name, from, err, k.Status)
				}
				continue
			}
			if err != nil || k.Status != command.want[i] {
				t.Errorf("%s a %s ticket: now %s (%v), want %s", name, from, k.Status, err, command.want[i])
			}
			checkTicket(t, name+" "+string(from), k)
		}
	}
}

// checkTicket checks what holds for every ticket, whatever happened to it.
func checkTicket(t *testing.T, when string, k desk.Ticket) {
	t.Helper()
	hasHolder := k.Status == desk.StatusOpen || k.Status == desk.StatusPending || k.Status == desk.StatusSnoozed
	switch {
	case hasHolder && k.Assignee == 0:
		t.Errorf("%s: nobody has it", when)
	case (k.Status == desk.StatusQueued || k.Status == desk.StatusBot) && k.Assignee != 0:
		t.Errorf("%s: a waiting ticket has an assignee", when)
	case (k.Status == desk.StatusSnoozed) == k.SnoozedUntil.IsZero():
		t.Errorf("%s: %s until %v", when, k.Status, k.SnoozedUntil)
	case (k.Status == desk.StatusResolved) != (k.Reason != ""):
		t.Errorf("%s: %s for reason %q", when, k.Status, k.Reason)
	case k.Status == desk.StatusResolved && !k.WaitSince.IsZero():
		t.Errorf("%s: resolved, yet somebody waits", when)
	}
}

func TestCustomerWrote(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name       string
		change     func(*desk.Ticket)
		from       desk.TicketStatus
		reopenDays int
		want       desk.CustomerAction
		assignee   desk.ID
	}{
		{"open goes on", nil, desk.StatusOpen, 7, desk.TicketContinues, aoi},
		{"pending keeps its assignee (0.3)", nil, desk.StatusPending, 7, desk.TicketContinues, aoi},
		{"snoozed wakes with its assignee (0.3)", nil, desk.StatusSnoozed, 7, desk.TicketContinues, aoi},
		{"resolved reopens to its last assignee (0.4, E11)", nil, desk.StatusResolved, 7, desk.TicketReopened, aoi},
		{"resolved by a bot reopens in the queue", func(k *desk.Ticket) { k.Assignee, k.Reason = 0, desk.ReasonBot }, desk.StatusResolved, 7, desk.TicketReopened, 0},
		{"reopen_days 0 never reopens", nil, desk.StatusResolved, 0, desk.TicketNeeded, aoi},
		{"the last moment", func(k *desk.Ticket) { k.ResolvedAt = noon.AddDate(0, 0, -7).Add(time.Millisecond) }, desk.StatusResolved, 7, desk.TicketReopened, aoi},
		{"one moment later", func(k *desk.Ticket) { k.ResolvedAt = noon.AddDate(0, 0, -7) }, desk.StatusResolved, 7, desk.TicketNeeded, aoi},
		{"spam never reopens", func(k *desk.Ticket) { k.Reason = desk.ReasonSpam }, desk.StatusResolved, 30, desk.TicketNeeded, aoi},
		{"merged never reopens", func(k *desk.Ticket) { k.Reason = desk.ReasonMerged }, desk.StatusResolved, 30, desk.TicketNeeded, aoi},
	} {
		k := ticketIn(c.from)
		if c.change != nil {
			c.change(&k)
		}
		before := k
		if got := desk.CustomerWrote(&k, noon, c.reopenDays); got != c.want || k.Assignee != c.assignee {
			t.Errorf("%s: %s to %d, want %s to %d", c.name, got, k.Assignee, c.want, c.assignee)
		}
		switch c.want {
		case desk.TicketNeeded:
			if k.Status != before.Status || !k.WaitSince.Equal(before.WaitSince) {
				t.Errorf("%s: the closed ticket changed", c.name)
			}
		case desk.TicketReopened:
			if k.ReopenedCount != 1 || !k.WaitSince.Equal(noon) || !k.ResolvedAt.Equal(before.ResolvedAt) {
				t.Errorf("%s: %+v", c.name, k)
			}
		}
	}
	if got := desk.CustomerWrote(nil, noon, 7); got != desk.TicketNeeded {
		t.Errorf("no ticket: %s", got)
	}
}

// The wait is counted from the earliest unanswered message, over transfers, until a human answers.
func TestWaitSince(t *testing.T) {
	t.Parallel()
	k := ticketIn(desk.StatusQueued)
	first := k.WaitSince
	desk.CustomerWrote(&k, noon, 7)
	if err := k.AssignTo(aoi, noon); err != nil {
		t.Fatal(err)
	}
	if err := k.TransferTo(8, noon.Add(time.Minute)); err != nil {
		t.Fatal(err)
	}
	if !k.WaitSince.Equal(first) || k.TeamID != 8 || k.LastAssignee != aoi || !k.QueuedAt.Equal(noon.Add(time.Minute)) {
		t.Errorf("after a transfer: %+v", k)
	}
	if assigned, err := k.HumanReplied(ken, noon.Add(2*time.Minute)); err != nil || !assigned || !k.WaitSince.IsZero() || k.Assignee != ken {
		t.Errorf("after a reply: %+v (%v)", k, err)
	}
	replied := k.RepliedAt
	desk.CustomerWrote(&k, noon.Add(3*time.Minute), 7)
	desk.CustomerWrote(&k, noon.Add(4*time.Minute), 7)
	if !k.WaitSince.Equal(noon.Add(3*time.Minute)) || k.Status != desk.StatusOpen {
		t.Errorf("after two more messages: %+v", k)
	}
	if assigned, err := k.HumanReplied(aoi, noon.Add(5*time.Minute)); err != nil || assigned || k.Assignee != ken || !k.RepliedAt.Equal(replied) {
		t.Errorf("a colleague's reply: %+v (%v)", k, err)
	}
}

// A public reply assigns the writer on queued and bot tickets (0.2), and on what was resolved.
func TestHumanRepliedAssigns(t *testing.T) {
	t.Parallel()
	for status, want := range map[desk.TicketStatus]desk.ID{
		desk.StatusBot: ken, desk.StatusQueued: ken, desk.StatusResolved: ken,
		desk.StatusOpen: aoi, desk.StatusPending: aoi, desk.StatusSnoozed: aoi,
	} {
		k := ticketIn(status)
		assigned, err := k.HumanReplied(ken, noon)
		if err != nil || k.Assignee != want || assigned != (want == ken) {
			t.Errorf("%s: assignee %d, assigned %v, %v", status, k.Assignee, assigned, err)
		}
		if status == desk.StatusResolved && (k.LastAssignee != aoi || k.ReopenedCount != 1) {
			t.Errorf("a resolved ticket: %+v", k)
		}
	}
}

func TestSnooze(t *testing.T) {
	t.Parallel()
	k := ticketIn(desk.StatusOpen)
	for _, until := range []time.Time{noon, noon.Add(-time.Hour), {}} {
		if err := k.Snooze(until, noon); desk.CodeOf(err) != "snooze_in_past" || k.Status != desk.StatusOpen {
			t.Errorf("until %v: %v", until, err)
		}
	}
	if err := k.Snooze(noon.Add(time.Hour), noon); err != nil {
		t.Fatal(err)
	}
	if err := k.Snooze(noon.Add(2*time.Hour), noon); err != nil || !k.SnoozedUntil.Equal(noon.Add(2*time.Hour)) {
		t.Errorf("moved to %v, %v", k.SnoozedUntil, err)
	}
	if err := k.AssignTo(0, noon); desk.CodeOf(err) != "assignee_missing" {
		t.Errorf("assigned to nobody: %v", err)
	}
}

func TestPriorityRank(t *testing.T) {
	t.Parallel()
	for p, want := range map[desk.Priority]int{"low": 0, "normal": 1, "high": 2, "urgent": 3, "": 0} {
		if got := p.Rank(); got != want {
			t.Errorf("%q ranks %d", p, got)
		}
	}
}

func TestSurveyed(t *testing.T) {
	t.Parallel()
	for r, want := range map[desk.Reason]bool{
		"manual": true, "bot": true, "customer_confirmed": true, "auto_closed": true, "opt_out": false, "spam": false, "merged": false,
	} {
		if r.Surveyed() != want {
			t.Errorf("%s: %v", r, !want)
		}
	}
}
