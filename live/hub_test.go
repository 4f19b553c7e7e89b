package live

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/store/storetest"
	"madoguchi/view"
)

// A customer and two agents talk through the services; everybody hears what is theirs to hear, and ends with the
// server's state.
func TestTheyTalk(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 2)
	o.newVisitor("hanako")
	aoi := o.sits(o.hub, o.session(0)).hello(0)
	ken := o.sits(o.hub, o.session(1)).hello(0)
	hanako := o.visits(o.hub, "hanako")
	hanako.say(`{"type":"hello","token":"token of hanako","after":0}`)
	hanako.until(func(f heard) bool { return f.Type == "ready" })

	row := o.writes("hanako", "返金してください")
	o.answers(0, row.ID, inbox.ModeNote, "知っているお客様です")
	o.answers(0, row.ID, inbox.ModeReply, "承知しました")
	if _, err := o.inbox.Transfer(t.Context(), o.agents[0], row.TicketID, inbox.Transfer{Assignee: o.agents[1].User, Note: "お願いします"}); err != nil {
		t.Fatal(err)
	}
	o.answers(1, row.ID, inbox.ModeReply, "返金しました")
	o.writes("hanako", "ありがとう")
	if err := o.inbox.MarkRead(t.Context(), o.agents[0], row.ID, 1); err != nil {
		t.Fatal(err)
	}
	if err := o.inbox.Draft(t.Context(), o.agents[1], row.ID, inbox.Unsent{Mode: inbox.ModeReply, Parts: []desk.Part{{Kind: desk.PartText, Text: "下書き"}}}); err != nil {
		t.Fatal(err)
	}
	end := o.writes("hanako", "またね")

	for i, c := range []*tab{aoi, ken} {
		c.reach(o.head())
		o.wantServerState(c, o.agents[i].User)
		got := c.rows[row.ID]
		wantUnread, wantDraft := []int{0, 2}[i], i == 1 // the case is not Agent 0's any more (G2.7), who set it back to before everything; 1 read with its reply
		if got.Unread != wantUnread || got.Draft != wantDraft {
			t.Errorf("agent %d: unread %d, draft %v", i, got.Unread, got.Draft)
		}
	}
	var heardLines []string
	for hanako.seq = 0; hanako.seq < end.LastSeq; {
		f := hanako.next()
		if f.Type != "message" {
			continue
		}
		var m view.WMessage
		if err := json.Unmarshal(f.Message, &m); err != nil {
			t.Fatal(err)
		}
		hanako.seq = m.Seq
		line := string(m.Author.Kind)
		if m.System != nil {
			line = m.System.Code + " " + m.System.Params["name"]
		} else if len(m.Parts) > 0 {
			line += " " + m.Parts[0].Text
		}
		heardLines = append(heardLines, line)
		for _, secret := range []string{"知って", "お願い", "example.com", "下書き"} {
			if strings.Contains(f.raw, secret) {
				t.Errorf("the customer hears %s", f.raw)
			}
		}
	}
	want := "ticket_opened |customer 返金してください|agent_joined Agent 0|human 承知しました|agent_joined Agent 1|human 返金しました|customer ありがとう|customer またね"
	if got := strings.Join(heardLines, "|"); got != want {
		t.Errorf("the customer heard\n  %s\nwant\n  %s", got, want)
	}
}

// What concerns one member only reaches no other.
func TestOwnNews(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 2)
	row := o.writes("v", "hi")
	aoi, ken := o.sits(o.hub, o.session(0)).hello(0), o.sits(o.hub, o.session(1)).hello(0)
	if err := o.inbox.MarkRead(t.Context(), o.agents[0], row.ID, row.LastSeq); err != nil {
		t.Fatal(err)
	}
	if err := o.inbox.Draft(t.Context(), o.agents[0], row.ID, inbox.Unsent{Mode: inbox.ModeNote, Parts: []desk.Part{{Kind: desk.PartText, Text: "x"}}}); err != nil {
		t.Fatal(err)
	}
	o.writes("v", "end")
	read := aoi.until(func(f heard) bool { return f.Read != nil })
	if read.Read.Seq != row.LastSeq || read.Conversation.Unread > 1 || read.Conversation.ReadSeq != row.LastSeq {
		t.Errorf("%s", read.raw)
	}
	draft := aoi.until(func(f heard) bool { return f.Draft != nil })
	if draft.Draft.Mode != "note" || !draft.Conversation.Draft {
		t.Errorf("%s", draft.raw)
	}
	for ken.seq < o.head() {
		if f := ken.next(); f.Read != nil || f.Draft != nil || f.Conversation != nil && (f.Conversation.Draft || f.Conversation.Unread == 0) {
			t.Errorf("another hears %s", f.raw)
		}
	}
}

// A reply that came back is something unsent of its writer's (G4.10): the row says so at once, to them alone.
func TestWhatCameBackMarksTheRow(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 2)
	row := o.writes("v", "hi")
	later := inbox.NewMessage{ClientID: "l", Mode: inbox.ModeReply, Parts: []desk.Part{{Kind: desk.PartText, Text: "x"}}}
	d, _, err := o.inbox.Schedule(t.Context(), o.agents[0], row.ID, later, inbox.Later{Undo: 30 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	aoi, ken := o.sits(o.hub, o.session(0)).hello(0), o.sits(o.hub, o.session(1)).hello(0)
	takenBackBy := func(agent int) {
		if _, err := o.inbox.CancelScheduled(t.Context(), o.agents[agent], d.ID); err != nil {
			t.Fatal(err)
		}
	}
	takenBackBy(1)
	if back := aoi.until(func(f heard) bool { return f.Kind == desk.EventScheduledChanged }); !back.Conversation.Draft {
		t.Errorf("%s", back.raw)
	}
	takenBackBy(0) // and empties the draft that it became
	if err := o.inbox.Draft(t.Context(), o.agents[0], row.ID, inbox.Unsent{Mode: inbox.ModeReply}); err != nil {
		t.Fatal(err)
	}
	o.writes("v", "end")
	if end := aoi.until(func(f heard) bool { return f.Kind == desk.EventMessageCreated }); end.Conversation.Draft {
		t.Errorf("%s", end.raw)
	}
	for ken.seq < o.head() {
		if f := ken.next(); f.Conversation != nil && f.Conversation.Draft {
			t.Errorf("another hears %s", f.raw)
		}
	}
}

// 64 writers, followers who come and go: every patch once and in order, and the same state at the end.
func TestManyWriters(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) { manyWriters(t, officeOn(t, 4, open)) })
}

func manyWriters(t *testing.T, o *office) {
	const writers, each, conversations = 64, 20, 8
	start := o.head()
	var rows []desk.Conversation
	for i := range conversations {
		rows = append(rows, o.writes(fmt.Sprintf("v%d", i), "hi"))
	}
	second := o.newHub() // another node
	steady := []*tab{o.sits(o.hub, o.session(0)).hello(start), o.sits(second, o.session(1)).hello(start)}
	var group, followers sync.WaitGroup
	for w := range writers {
		group.Go(func() {
			for i := range each {
				if w%2 == 0 {
					if _, err := o.tryWrite(fmt.Sprintf("v%d", (w+i)%conversations), fmt.Sprintf("%d/%d", w, i)); err != nil {
						t.Error(err)
					}
					continue
				}
				_, _, err := o.inbox.Write(t.Context(), o.agents[w%4], rows[(w+i)%conversations].ID, inbox.NewMessage{
					ClientID: fmt.Sprintf("%d/%d", w, i), Mode: inbox.ModeReply, Parts: []desk.Part{{Kind: desk.PartText, Text: "answer"}},
				})
				if err != nil {
					t.Error(err)
				}
			}
		})
	}
	restless := newTab(t)
	restless.seq = start
	stop := make(chan struct{})
	followers.Go(func() { // leaves after some patches and comes back with what it has
		for round := 0; ; round++ {
			select {
			case <-stop:
				return
			default:
			}
			c := o.sits([]*Hub{o.hub, second}[round%2], o.session(2))
			c.seq, c.seqs, c.rows, c.said = restless.seq, restless.seqs, restless.rows, restless.said
			c.say(`{"type":"hello","seq":%d}`, c.seq)
			c.until(func(f heard) bool { return f.Type == "ready" })
			for range 5 {
				if c.seq >= o.head() {
					break
				}
				c.next()
			}
			c.leave()
			restless.seq, restless.seqs = c.seq, c.seqs
		}
	})
	group.Wait()
	head := o.head()
	close(stop)
	followers.Wait()
	last := o.sits(o.hub, o.session(2))
	last.seq, last.seqs, last.rows, last.said = restless.seq, restless.seqs, restless.rows, restless.said
	last.say(`{"type":"hello","seq":%d}`, last.seq)

	events, err := o.store.Events(t.Context(), o.workspace, start, 100_000)
	if err != nil {
		t.Fatal(err)
	}
	for i, c := range append(steady, last) {
		c.reach(head)
		var want []int64
		for _, e := range events {
			if e.UserID == 0 {
				want = append(want, e.Seq)
			}
		}
		if asText(c.seqs) != asText(want) {
			t.Errorf("follower %d heard %d patches, want %d: %s", i, len(c.seqs), len(want), firstDifference(c.seqs, want))
		}
	}
	for i, c := range steady {
		o.wantServerState(c, o.agents[i].User)
	}
	o.wantServerState(last, o.agents[2].User)
}

func firstDifference(a, b []int64) string {
	for i := range a {
		if i >= len(b) || a[i] != b[i] {
			return fmt.Sprintf("at %d: %v", i, a[i:min(i+5, len(a))])
		}
	}
	return "one is shorter"
}

// Resuming in the middle brings what is missing, once; being too far behind, or ahead of a restored database, starts afresh.
func TestResume(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 1)
	row := o.writes("v", "hi")
	first := o.head()
	o.appendEvents(1990, row.ID)
	middle := o.head()
	c := o.sits(o.hub, o.session(0)).hello(first)
	if want := int(middle - first); len(c.seqs) != want || c.seqs[0] != first+1 || c.seq != middle {
		t.Errorf("%d patches up to %d, want %d up to %d", len(c.seqs), c.seq, want, middle)
	}
	c.leave()
	o.appendEvents(3100, row.ID)
	o.appendEvents(1, row.ID)
	again := o.sits(o.hub, o.session(0))
	again.say(`{"type":"hello","seq":%d}`, middle)
	if f := again.next(); f.Type != "reset" || f.Seq != o.head() {
		t.Errorf("%s", f.raw)
	}
	again.until(func(f heard) bool { return f.Type == "ready" })
	ahead := o.sits(o.hub, o.session(0))
	ahead.say(`{"type":"hello","seq":%d}`, o.head()+5)
	if f := ahead.next(); f.Type != "reset" {
		t.Errorf("%s", f.raw)
	}
	o.appendEvents(1, row.ID)
	for _, c := range []*tab{again, ahead} {
		c.reach(o.head())
		if len(c.seqs) != 1 {
			t.Errorf("%d patches after the reset", len(c.seqs))
		}
	}
}

func (o *office) appendEvents(n int, conversation desk.ID) {
	o.t.Helper()
	for n > 0 {
		batch := min(n, 500)
		n -= batch
		o.update(func(tx store.Tx) error {
			for range batch {
				tx.Emit(desk.Event{Kind: desk.EventTicketChanged, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorSystem}, ConversationID: conversation})
			}
			return nil
		})
	}
}

// An event about something that is gone is still a patch: nothing stops the room.
func TestWhatIsGone(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 1)
	c := o.sits(o.hub, o.session(0)).hello(0)
	o.update(func(tx store.Tx) error {
		for _, kind := range []desk.EventKind{
			desk.EventMessageCreated, desk.EventMessageChanged, desk.EventTicketChanged, desk.EventContactChanged, desk.EventMemberChanged,
			desk.EventTeamChanged, desk.EventTagChanged, desk.EventChannelChanged, desk.EventConversationCreated, desk.EventCustomerRead,
			desk.EventWorkspaceChanged, "something.new",
		} {
			tx.Emit(desk.Event{Kind: kind, At: tx.Now(), ConversationID: 5, MessageID: 6, SubjectID: 7})
		}
		return nil
	})
	c.reach(o.head())
	if len(c.seqs) != 12 {
		t.Errorf("%d patches", len(c.seqs))
	}
}

// Records of the workspace come with their news.
func TestRecordsOfTheWorkspace(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 1)
	c := o.sits(o.hub, o.session(0)).hello(0)
	row := o.writes("v", "hi")
	name := "田中"
	if _, err := o.inbox.EditContact(t.Context(), o.agents[0], row.ContactID, inbox.ContactEdit{Name: &name, Version: 1}); err != nil {
		t.Fatal(err)
	}
	f := c.until(func(f heard) bool { return f.Kind == desk.EventContactChanged })
	if f.Contact == nil || f.Contact.Name != name || len(f.Contact.Identities) != 1 || f.Conversation == nil || f.Conversation.Contact.Name != name {
		t.Errorf("%s", f.raw)
	}
	counts := c.until(func(f heard) bool { return f.Counts != nil })
	if counts.Counts.All != 1 || counts.Counts.Unassigned != 1 {
		t.Errorf("%s", counts.raw)
	}
}

// A team's queue is news to its members, as long as they are that (G2.7).
func TestUnreadFollowsTheTeam(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 1)
	c := o.sits(o.hub, o.session(0)).hello(0)
	row := o.writes("v", "hi")
	if _, err := o.inbox.Transfer(t.Context(), o.agents[0], row.TicketID, inbox.Transfer{Team: o.team}); err != nil {
		t.Fatal(err)
	}
	if f := c.until(func(f heard) bool { return f.Kind == desk.EventTicketChanged && f.Conversation.Ticket.TeamID == o.team }); !f.Conversation.Concerns || f.Conversation.Unread != 1 {
		t.Errorf("a member hears %s", f.raw)
	}
	c.until(func(f heard) bool { return f.Counts != nil && f.Counts.Unread == 1 })
	o.update(func(tx store.Tx) error {
		tx.Emit(desk.Event{Kind: desk.EventTeamChanged, At: tx.Now(), SubjectID: o.team})
		return tx.WriteTeams().Put(desk.Team{ID: o.team, Name: "サポート"})
	})
	c.until(func(f heard) bool { return f.Counts != nil && f.Counts.Unread == 0 })
	o.writes("v", "again")
	if f := c.until(func(f heard) bool { return f.Message != nil }); f.Conversation.Concerns || f.Conversation.Unread != 0 {
		t.Errorf("who left the team hears %s", f.raw)
	}
}

// A row says whether the conversation's own identity is blocked, not another one of the contact's (F12).
func TestBlockedCustomer(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 1)
	c := o.sits(o.hub, o.session(0)).hello(0)
	blocked, other := o.writes("v", "hi"), o.writes("w", "hi")
	o.update(func(tx store.Tx) error {
		if err := tx.WriteContacts().MoveIdentity(other.IdentityID, blocked.ContactID); err != nil {
			return err
		}
		i, err := tx.Contacts().Identity(blocked.IdentityID)
		if err != nil {
			return err
		}
		i.BlockedAt = tx.Now()
		for _, id := range []desk.ID{blocked.ID, other.ID} {
			tx.Emit(desk.Event{Kind: desk.EventTicketChanged, At: tx.Now(), ConversationID: id})
		}
		return tx.WriteContacts().PutIdentity(i)
	})
	c.reach(o.head())
	if !c.rows[blocked.ID].Contact.Blocked || c.rows[other.ID].Contact.Blocked {
		t.Errorf("%+v, %+v", c.rows[blocked.ID].Contact, c.rows[other.ID].Contact)
	}
	o.wantServerState(c, o.agents[0].User)
}
