package live

import (
	"maps"
	"slices"
	"testing"
	"time"

	"madoguchi/desk"
)

// Whose counts are in doubt after a change: everybody's where it moved a conversation from view to view, or may have unseen; else only
// theirs whom the message concerns.
func TestWhoIsCountedAnew(t *testing.T) {
	t.Parallel()
	const aoi, ken, mei, boss desk.ID = 1, 2, 3, 4
	row := &ownership{conversation: 9, shown: desk.Conversation{Version: 1, Status: desk.StatusOpen, Assignee: aoi, TeamID: 5}}
	c := &row.shown
	everybody := []desk.ID{aoi, ken, mei, boss}
	agents := map[*agent]struct{}{}
	for _, user := range everybody {
		scope := desk.ScopeAll
		if user == boss {
			scope = desk.ScopeTeam
		}
		agents[&agent{session: Session{User: user, Scope: scope}}] = struct{}{}
	}
	counted := counted{}
	for _, step := range []struct {
		name string
		do   func()
		kind desk.EventKind
		only desk.ID
		want []desk.ID
	}{
		{"a conversation not seen before", func() {}, desk.EventMessageCreated, 0, everybody},
		{"the customer writes and waits", func() { c.Version++; c.WaitSince = time.Unix(1, 0) }, desk.EventMessageCreated, 0, everybody},
		{"and writes on", func() { c.Version++; c.LastInboundSeq++ }, desk.EventMessageCreated, 0, []desk.ID{aoi, boss}},
		{"the answer", func() { c.Version++; c.WaitSince = time.Time{} }, desk.EventMessageCreated, 0, everybody},
		{"it arrived, which no row shows", func() {}, desk.EventMessageChanged, 0, []desk.ID{aoi}},
		{"it failed", func() { c.Version++; c.Preview.Failed = true }, desk.EventMessageChanged, 0, everybody},
		{"the customer read", func() { c.Version++ }, desk.EventCustomerRead, 0, nil},
		{"a note names somebody", func() { c.Version++; c.MentionedIDs = []desk.ID{mei} }, desk.EventMessageCreated, 0, everybody},
		{"who is told of what comes", func() { c.Version++ }, desk.EventMessageCreated, 0, []desk.ID{aoi, mei, boss}},
		{"two changes read as one, as it was before", func() { c.Version += 2 }, desk.EventMessageCreated, 0, everybody},
		{"the same, read again", func() {}, desk.EventTicketChanged, 0, everybody},
		{"somebody read it", func() {}, desk.EventConversationRead, ken, []desk.ID{ken}},
		{"back in the team's queue", func() { c.Version++; c.Assignee, row.queue = 0, []desk.ID{aoi, ken} }, desk.EventTicketChanged, 0, everybody},
		{"a message in the queue", func() { c.Version++ }, desk.EventMessageCreated, 0, []desk.ID{aoi, ken, mei, boss}},
		{"in no team's", func() { c.Version++; c.TeamID, row.queue = 0, nil }, desk.EventTicketChanged, 0, everybody},
		{"a message there", func() { c.Version++ }, desk.EventMessageCreated, 0, everybody},
	} {
		step.do()
		counted.moved(&patch{event: desk.Event{Kind: step.kind}, only: step.only, row: row})
		users := map[desk.ID]bool{}
		for _, s := range counted.take(agents) {
			users[s.User] = true
		}
		if got := slices.Sorted(maps.Keys(users)); !slices.Equal(got, step.want) {
			t.Errorf("%s: %v are counted, not %v", step.name, got, step.want)
		}
	}
}
