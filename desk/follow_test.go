package desk_test

import (
	"testing"
	"time"

	"madoguchi/desk"
)

func TestConversationSaid(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	said := func(kind desk.AuthorKind, seq int64, after time.Duration, text string) desk.Message {
		return desk.Message{Seq: seq, At: at.Add(after), Author: desk.Author{Kind: kind},
			Parts: []desk.Part{{Kind: desk.PartText, Text: text}}}
	}
	var c desk.Conversation
	for _, step := range []struct {
		m            desk.Message
		seq, inbound int64
		activity     time.Duration
		preview      string
	}{
		{said(desk.AuthorCustomer, 1, 0, "こんにちは"), 1, 1, 0, "こんにちは"},
		{said(desk.AuthorSystem, 2, time.Second, ""), 2, 1, 0, "こんにちは"},
		{said(desk.AuthorNote, 3, 2*time.Second, "secret"), 3, 1, 0, "こんにちは"},
		{said(desk.AuthorHuman, 4, 3*time.Second, "はい"), 4, 1, 3 * time.Second, "はい"},
		{said(desk.AuthorCustomer, 5, time.Second, "late"), 5, 5, 3 * time.Second, "はい"}, // G2.2
		{said(desk.AuthorBot, 6, 4*time.Second, "bot"), 6, 5, 4 * time.Second, "bot"},
	} {
		c.Said(step.m)
		if c.LastSeq != step.seq || c.LastInboundSeq != step.inbound || !c.LastActivityAt.Equal(at.Add(step.activity)) || c.Preview.Text != step.preview {
			t.Errorf("after seq %d: %+v", step.m.Seq, c)
		}
	}
}

func TestConversationFollow(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	c := desk.Conversation{ID: 5}
	ticket := desk.OpenTicket(7, 12, c, 3, now)
	ticket.TagIDs, ticket.Priority = []desk.ID{9}, desk.PriorityHigh
	c.Follow(ticket)
	if c.TicketID != 7 || c.TicketNo != 12 || c.Status != desk.StatusQueued || c.TeamID != 3 ||
		c.Priority != desk.PriorityHigh || len(c.TagIDs) != 1 || !c.WaitSince.Equal(now) || c.Assignee != 0 {
		t.Errorf("the row does not follow its ticket: %+v", c)
	}
	if err := ticket.AssignTo(4, now); err != nil {
		t.Fatal(err)
	}
	c.Follow(ticket)
	if c.Assignee != 4 || c.Status != desk.StatusOpen || !c.Waiting() {
		t.Errorf("the row does not follow the assignment: %+v", c)
	}
}
