package inbox_test

import (
	"slices"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

// The three ways to step in (E21): a whisper is a note that its addressee is told of, who joined answers by their own name and
// leaves the assignee alone, who takes over has the case.
func TestSupervisorStepsIn(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "hi")
	boss := c.ken
	boss.Supervises = true
	whisper := func(client string) error {
		_, _, err := c.service.Write(c.ctx(), boss, row.ID, inbox.NewMessage{ClientID: client, Mode: inbox.ModeNote, Whisper: true, Parts: text("値引きは可")})
		return err
	}
	c.refused(whisper("early"), desk.KindConflict, "nobody_to_whisper")
	_, err := c.service.Join(c.ctx(), boss, row.TicketID)
	c.refused(err, desk.KindConflict, "nobody_to_join")
	c.must(c.service.Assign(c.ctx(), c.aoi, row.TicketID, c.aoi.User))

	before := c.head()
	must(t, whisper("now"))
	c.view(func(r store.Reader) error {
		told, err := r.Notifications().Newest(c.aoi.User, false, 10)
		if len(told) != 1 || told[0].Code != desk.NotifyWhispered || told[0].ConversationID != row.ID {
			t.Errorf("told %+v", told)
		}
		said, err2 := r.Messages().After(row.ID, 0, 50)
		last := said[len(said)-1]
		if last.WhisperTo != c.aoi.User || last.Author.Kind != desk.AuthorNote || told[0].Params["message"] != last.ID.String() {
			t.Errorf("whispered %+v", last)
		}
		if err == nil {
			err = err2
		}
		return err
	})

	c.must(c.service.Join(c.ctx(), boss, row.TicketID))
	c.must(c.service.Join(c.ctx(), boss, row.TicketID)) // twice is once
	c.say(boss, row.ID, inbox.ModeReply, "代わってご説明します")
	if now := c.row(row.ID); now.Assignee != c.aoi.User || !slices.Equal(now.JoinedIDs, []desk.ID{boss.User}) || now.Status != desk.StatusPending {
		t.Errorf("after joining: %+v", now)
	}
	c.must(c.service.Leave(c.ctx(), boss, row.TicketID))
	c.say(boss, row.ID, inbox.ModeReply, "もう一点") // who answers the customer is there
	c.must(c.service.TakeOver(c.ctx(), boss, row.TicketID))
	if now := c.row(row.ID); now.Assignee != boss.User || len(now.JoinedIDs) != 0 {
		t.Errorf("after taking over: %+v", now)
	}
	c.wantThread(row.ID, "+ticket_opened number=1", "customer: hi", "+assigned name=Aoi by=Aoi", "note: 値引きは可",
		"+joined name=Ken by=Ken", "human: 代わってご説明します", "+left by=Ken", "+joined name=Ken by=Ken", "human: もう一点", "+taken_over name=Ken by=Ken")
	c.wantInStep(row.ID)
	var overs []desk.ID
	for _, e := range c.events(before) {
		if from := e.TookOver(); from != 0 {
			overs = append(overs, from)
		}
	}
	if !slices.Equal(overs, []desk.ID{c.aoi.User}) {
		t.Errorf("taken over from %v", overs)
	}
	_, err = c.service.TakeOver(c.ctx(), boss, row.TicketID)
	c.refused(err, desk.KindConflict, "nobody_to_join")
}

// What ends a case, or gives it back to the queue, ends joining it; others' answers are no joining.
func TestJoiningEndsWithTheCase(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "hi")
	c.must(c.service.Take(c.ctx(), c.aoi, row.TicketID))
	for name, end := range map[string]func() (desk.Conversation, error){
		"resolved": func() (desk.Conversation, error) { return c.service.Resolve(c.ctx(), c.aoi, row.TicketID, "") },
		"queued":   func() (desk.Conversation, error) { return c.service.Assign(c.ctx(), c.aoi, row.TicketID, 0) },
	} {
		c.must(c.service.Join(c.ctx(), c.ken, row.TicketID))
		if now := c.must(end()); len(now.JoinedIDs) != 0 || len(c.ticket(row.ID).JoinedIDs) != 0 {
			t.Errorf("%s: still joined: %+v", name, now)
		}
		c.must(c.service.Assign(c.ctx(), c.aoi, row.TicketID, c.aoi.User))
	}
	c.say(c.ken, row.ID, inbox.ModeReply, "失礼します")
	if joined := c.row(row.ID).JoinedIDs; len(joined) != 0 {
		t.Errorf("a colleague without the right joined: %v", joined)
	}
}

// Watching is written down for somebody else's open case alone (J6).
func TestMonitoringIsWrittenDown(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "hi")
	watch := func(want int) {
		t.Helper()
		before := c.head()
		must(t, c.service.Monitored(c.ctx(), c.ken, row.ID))
		all := c.events(before)
		if len(all) != want || want == 1 && (all[0].Kind != desk.EventMonitored || all[0].SubjectID != row.ID || all[0].Actor.ID != c.ken.User) {
			t.Errorf("events %+v, want %d", all, want)
		}
	}
	watch(0)
	c.must(c.service.Take(c.ctx(), c.aoi, row.TicketID))
	watch(1)
	watch(0) // once within the hour
	c.advance(time.Hour)
	watch(1)
	c.must(c.service.Join(c.ctx(), c.ken, row.TicketID))
	watch(0)
	c.must(c.service.TakeOver(c.ctx(), c.ken, row.TicketID))
	watch(0)
}
