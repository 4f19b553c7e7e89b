package inbox_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

func TestFirstReplyTakesTheTicket(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "こんにちは")
	before := c.head()
	m := c.say(c.aoi, row.ID, inbox.ModeReply, "はい")
	if m.Status != desk.DeliverySent {
		t.Errorf("a local message is %q", m.Status)
	}
	c.wantThread(row.ID, "+ticket_opened number=1", "customer: こんにちは", "+assigned name=Aoi by=Aoi", "human: はい")
	ticket := c.ticket(row.ID)
	if ticket.Status != desk.StatusPending || ticket.Assignee != c.aoi.User || !ticket.WaitSince.IsZero() || ticket.RepliedAt.IsZero() {
		t.Errorf("%+v", ticket)
	}
	c.wantInStep(row.ID)
	if p := c.row(row.ID).Preview; p.Text != "はい" || p.Author != desk.AuthorHuman {
		t.Errorf("preview %+v", p)
	}
	var kinds []string
	for _, e := range c.events(before) {
		kinds = append(kinds, string(e.Kind))
		if e.Actor != c.aoi.By {
			t.Errorf("%s by %+v", e.Kind, e.Actor)
		}
	}
	if got := strings.Join(kinds, " "); got != "message.created message.created ticket.changed" {
		t.Errorf("events %s", got)
	}
	// A colleague's reply leaves the case with who has it.
	c.say(c.ken, row.ID, inbox.ModeReply, "追加です")
	if got := c.ticket(row.ID); got.Assignee != c.aoi.User || got.Status != desk.StatusPending {
		t.Errorf("%+v", got)
	}
	c.wantThread(row.ID, "+ticket_opened number=1", "customer: こんにちは", "+assigned name=Aoi by=Aoi", "human: はい", "human: 追加です")
}

func TestSameClientIDIsTheSameMessage(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "hi")
	const devices = 16
	var group sync.WaitGroup
	ids := make([]desk.ID, devices)
	created := make([]bool, devices)
	for i := range devices {
		group.Go(func() {
			m, fresh, err := c.service.Write(c.ctx(), c.aoi, row.ID, inbox.NewMessage{ClientID: "once", Mode: inbox.ModeReply, Parts: text("hello")})
			if err != nil {
				t.Error(err)
			}
			ids[i], created[i] = m.ID, fresh
		})
	}
	group.Wait()
	fresh := 0
	for i := range devices {
		if ids[i] != ids[0] {
			t.Errorf("messages %d and %d", ids[i], ids[0])
		}
		if created[i] {
			fresh++
		}
	}
	if fresh != 1 {
		t.Errorf("created %d times", fresh)
	}
	c.wantThread(row.ID, "+ticket_opened number=1", "customer: hi", "+assigned name=Aoi by=Aoi", "human: hello")
	// Another writer's same id, and a note's, are other messages.
	for _, other := range []struct {
		actor inbox.Actor
		mode  inbox.Mode
	}{{c.ken, inbox.ModeReply}, {c.aoi, inbox.ModeNote}} {
		m, fresh, err := c.service.Write(c.ctx(), other.actor, row.ID, inbox.NewMessage{ClientID: "once", Mode: other.mode, Parts: text("x")})
		if err != nil || !fresh || m.ID == ids[0] {
			t.Errorf("%+v: %v %v", other, fresh, err)
		}
	}
}

func TestNoteStaysInside(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.post, "p", "hi")
	was := c.row(row.ID)
	c.advance(time.Minute)
	m := c.say(c.aoi, row.ID, inbox.ModeNote, "気をつけて")
	now := c.row(row.ID)
	if m.Status != "" || now.Status != desk.StatusQueued || now.Preview != was.Preview || !now.LastActivityAt.Equal(was.LastActivityAt) || now.Assignee != 0 {
		t.Errorf("a note moved the row: %+v", now)
	}
	if due, err := c.store.Queue().NextDue(c.ctx()); err != nil || !due.IsZero() {
		t.Errorf("a note is to be delivered at %v (%v)", due, err)
	}
	c.wantInStep(row.ID)
}

func TestRemoteChannelGetsADeliveryPerPart(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.post, "p", "hi")
	var picture desk.Attachment
	c.update(func(tx store.Tx) error {
		picture = desk.Attachment{ID: tx.NewID(), Kind: desk.PartImage, Name: "a.png", MIME: "image/png", Size: 10, Key: "k", UploadedBy: c.aoi.User, CreatedAt: tx.Now()}
		return tx.WriteMessages().PutAttachment(picture)
	})
	in := inbox.NewMessage{ClientID: "1", Mode: inbox.ModeReply, Parts: append(text("see"), desk.Part{Kind: desk.PartFile, AttachmentID: picture.ID})}
	m, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, in)
	if err != nil {
		t.Fatal(err)
	}
	if m.Status != desk.DeliveryQueued || m.Parts[1].Kind != desk.PartImage {
		t.Errorf("%+v", m)
	}
	for part := range 2 {
		leased, err := c.store.Queue().Lease(c.ctx(), "w", 10, time.Minute)
		if err != nil || len(leased) != 1 {
			t.Fatalf("leased %d: %v", len(leased), err)
		}
		d := leased[0].Delivery
		if d.MessageID != m.ID || d.Part != part || !d.ExpiresAt.Equal(c.now().Add(15*time.Minute)) || d.Key != desk.DeliveryKey(d.ID, part) {
			t.Errorf("delivery %+v", d)
		}
		fail := store.Outcome{Status: desk.DeliveryFailed, Fault: &desk.MessageFault{Kind: "fail", Code: "x"}}
		if err := c.store.Queue().Settle(c.ctx(), leased[0], fail); err != nil {
			t.Fatal(err)
		}
	}
	// The same upload is not sent twice.
	_, _, err = c.service.Write(c.ctx(), c.aoi, row.ID, inbox.NewMessage{ClientID: "2", Mode: inbox.ModeNote, Parts: in.Parts})
	c.refused(err, desk.KindInvalid, "attachment_not_yours")

	again, err := c.service.Retry(c.ctx(), c.ken, m.ID)
	if err != nil || again.Status != desk.DeliveryQueued || again.Fault != nil {
		t.Fatalf("retry: %+v, %v", again, err)
	}
	if leased, err := c.store.Queue().Lease(c.ctx(), "w", 10, time.Minute); err != nil || len(leased) != 1 || leased[0].Delivery.Key == fmt.Sprintf("%d-0", m.ID) {
		t.Errorf("leased %+v: %v", leased, err)
	}
	_, err = c.service.Retry(c.ctx(), c.ken, m.ID)
	c.refused(err, desk.KindConflict, "not_retryable")
}

// blocks shuts the customer of a conversation out, or lets them in.
func (c *counter) blocks(row desk.Conversation, shut bool) {
	c.t.Helper()
	if shut {
		must(c.t, second(c.service.Block(c.ctx(), c.aoi, row.IdentityID, "迷惑", false)))
		return
	}
	must(c.t, second(c.service.Unblock(c.ctx(), c.aoi, row.IdentityID)))
}

// switches brings a channel into a state.
func (c *counter) switches(id desk.ID, to desk.ChannelState) {
	c.t.Helper()
	c.update(func(tx store.Tx) error {
		ch, err := tx.Channels().Get(id)
		if err != nil {
			return err
		}
		ch.State = to
		return tx.WriteChannels().Put(ch)
	})
}

// TestRetryLeavesWhatArrived: only the pieces that are not there go again.
func TestRetryLeavesWhatArrived(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.post, "p", "hi")
	in := inbox.NewMessage{ClientID: "1", Mode: inbox.ModeReply, Parts: append(text("one"), text("two")...)}
	m, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, in)
	if err != nil {
		t.Fatal(err)
	}
	q := c.store.Queue()
	for _, o := range []store.Outcome{{Status: desk.DeliverySent, ExternalID: "x"}, {Status: desk.DeliveryFailed, Fault: &desk.MessageFault{Kind: "fail"}}} {
		leased, err := q.Lease(c.ctx(), "w", 1, time.Minute)
		if err != nil || len(leased) != 1 || q.Settle(c.ctx(), leased[0], o) != nil {
			t.Fatalf("leased %d: %v", len(leased), err)
		}
	}
	c.blocks(row, true)
	c.refused(second(c.service.Retry(c.ctx(), c.aoi, m.ID)), desk.KindConflict, "reply_to_blocked") // F12
	c.blocks(row, false)
	c.switches(c.post, desk.ChannelDisabled)
	c.refused(second(c.service.Retry(c.ctx(), c.aoi, m.ID)), desk.KindConflict, "channel_closed") // H2
	c.switches(c.post, desk.ChannelActive)
	must(t, second(c.service.Retry(c.ctx(), c.aoi, m.ID)))
	leased, err := q.Lease(c.ctx(), "w", 10, time.Minute)
	if err != nil || len(leased) != 1 || leased[0].Delivery.Part != 1 {
		t.Fatalf("%+v, %v", leased, err)
	}
	if err := q.Settle(c.ctx(), leased[0], store.Outcome{Status: desk.DeliverySent, ExternalID: "y"}); err != nil {
		t.Fatal(err)
	}
	c.view(func(r store.Reader) (err error) { m, err = r.Messages().Get(m.ID); return err })
	if rest, err := q.Lease(c.ctx(), "w", 10, time.Minute); err != nil || len(rest) != 0 || m.Status != desk.DeliverySent {
		t.Errorf("%d more, %v; the message is %s", len(rest), err, m.Status)
	}
}

// TestWhoMayNotBeWrittenTo is refused before anything is promised (B3.13, C2.4); notes stay possible (C2.2).
func TestWhoMayNotBeWrittenTo(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	id := c.post + 1_000_000
	c.update(func(tx store.Tx) error {
		return tx.WriteChannels().Put(desk.Channel{ID: id, Kind: "narrow", Account: "narrow", State: desk.ChannelActive, Version: 1})
	})
	row := c.writes(id, "n", "hi")
	stand := func(s desk.Standing) {
		t.Helper()
		c.update(func(tx store.Tx) error { return tx.WriteContacts().SetStanding(row.IdentityID, s) })
	}
	reply := inbox.NewMessage{ClientID: "1", Mode: inbox.ModeReply, Parts: text("hello")}
	stand(desk.Standing{WindowUntil: c.now()})
	_, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, reply)
	c.refused(err, desk.KindConflict, desk.CodeWindow)
	stand(desk.Standing{WindowUntil: c.now().Add(time.Hour), OptedOutAt: c.now()})
	_, _, err = c.service.Write(c.ctx(), c.aoi, row.ID, reply)
	c.refused(err, desk.KindConflict, desk.CodeOptedOut)
	c.say(c.aoi, row.ID, inbox.ModeNote, "they opted out")
	stand(desk.Standing{WindowUntil: c.now().Add(time.Hour)})
	m := c.say(c.aoi, row.ID, inbox.ModeReply, "hello")
	leased, err := c.store.Queue().Lease(c.ctx(), "w", 1, time.Minute)
	if err != nil || len(leased) != 1 {
		t.Fatalf("leased %d: %v", len(leased), err)
	}
	if err := c.store.Queue().Settle(c.ctx(), leased[0], store.Outcome{Status: desk.DeliveryFailed, Fault: &desk.MessageFault{Kind: "window"}}); err != nil {
		t.Fatal(err)
	}
	stand(desk.Standing{WindowUntil: c.now()})
	_, err = c.service.Retry(c.ctx(), c.aoi, m.ID)
	c.refused(err, desk.KindConflict, desk.CodeWindow)
}

func TestReplyOnAResolvedTicket(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "hi")
	c.say(c.aoi, row.ID, inbox.ModeReply, "done")
	c.must(c.service.Resolve(c.ctx(), c.aoi, c.row(row.ID).TicketID, ""))
	c.say(c.ken, row.ID, inbox.ModeReply, "one more thing")
	ticket := c.ticket(row.ID)
	if ticket.Number != 1 || ticket.Status != desk.StatusPending || ticket.Assignee != c.ken.User || ticket.ReopenedCount != 1 {
		t.Errorf("within the days: %+v", ticket)
	}
	c.must(c.service.Resolve(c.ctx(), c.ken, ticket.ID, desk.ReasonSpam))
	c.say(c.aoi, row.ID, inbox.ModeReply, "after spam")
	if ticket := c.ticket(row.ID); ticket.Number != 2 || ticket.Status != desk.StatusPending || ticket.Assignee != c.aoi.User || !ticket.WaitSince.IsZero() {
		t.Errorf("after spam: %+v", ticket)
	}
	c.must(c.service.Resolve(c.ctx(), c.aoi, c.row(row.ID).TicketID, ""))
	c.advance(8 * 24 * time.Hour)
	c.say(c.aoi, row.ID, inbox.ModeReply, "a week later")
	if ticket := c.ticket(row.ID); ticket.Number != 3 || ticket.TeamID != c.support {
		t.Errorf("after the days: %+v", ticket)
	}
	c.wantInStep(row.ID)
	c.wantThread(row.ID,
		"+ticket_opened number=1", "customer: hi", "+assigned name=Aoi by=Aoi", "human: done", "+resolved reason=manual by=Aoi",
		"+reopened by=Ken", "+assigned name=Ken by=Ken", "human: one more thing", "+resolved reason=spam by=Ken",
		"+ticket_opened number=2", "+assigned name=Aoi by=Aoi", "human: after spam", "+resolved reason=manual by=Aoi",
		"+ticket_opened number=3", "+assigned name=Aoi by=Aoi", "human: a week later")
}

func TestAReplyEndsTheSurvey(t *testing.T) { // B4.7
	t.Parallel()
	for state, want := range map[desk.SurveyState]struct {
		state desk.SurveyState
		lines int
	}{desk.SurveySent: {desk.SurveyInterrupted, 1}, desk.SurveyAnswered: {desk.SurveyAnswered, 0}} {
		c := newCounter(t)
		row := c.writes(c.chat, "visitor", "hi")
		ticket := c.row(row.ID).TicketID
		c.must(c.service.Resolve(c.ctx(), c.aoi, ticket, ""))
		c.update(func(tx store.Tx) error {
			return tx.WriteSurveys().Put(desk.Survey{ID: tx.NewID(), TicketID: ticket, ConversationID: row.ID, State: state,
				SentAt: tx.Now(), ExpiresAt: tx.Now().Add(desk.SurveyOpenFor)})
		})
		survey := func() (s desk.Survey) {
			c.view(func(r store.Reader) (err error) { s, err = r.Surveys().OfTicket(ticket); return err })
			return s
		}
		c.say(c.ken, row.ID, inbox.ModeNote, "they were unhappy")
		if s := survey(); !s.Open(c.now()) {
			t.Errorf("a note ended it: %+v", s)
		}
		c.say(c.ken, row.ID, inbox.ModeReply, "one more thing")
		if s := survey(); s.State != want.state || s.Open(c.now()) {
			t.Errorf("%s became %+v", state, s)
		}
		if thread := strings.Join(c.thread(row.ID), "\n"); strings.Count(thread, "+survey_interrupted") != want.lines {
			t.Errorf("%s:\n%s", state, thread)
		}
	}
}

func TestAndThen(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "hi")
	in := inbox.NewMessage{ClientID: "1", Mode: inbox.ModeReply, Parts: text("bye"), Then: inbox.ThenResolve}
	if _, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, in); err != nil {
		t.Fatal(err)
	}
	if got := c.row(row.ID); got.Status != desk.StatusResolved || got.Preview.Text != "bye" {
		t.Errorf("%+v", got)
	}
	in = inbox.NewMessage{ClientID: "2", Mode: inbox.ModeReply, Parts: text("later"), Then: inbox.ThenSnooze, SnoozeUntil: c.now().Add(-time.Second)}
	_, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, in)
	c.refused(err, desk.KindInvalid, "snooze_in_past")
	in.SnoozeUntil = c.now().Add(time.Hour)
	if _, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, in); err != nil {
		t.Fatal(err)
	}
	c.wantThread(row.ID, "+ticket_opened number=1", "customer: hi", "+assigned name=Aoi by=Aoi", "human: bye", "+resolved reason=manual by=Aoi",
		"+reopened by=Aoi", "human: later", "+snoozed by=Aoi")
	c.wantInStep(row.ID)
}

func TestReplyClearsDraftAndReads(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "hi")
	for _, mode := range []inbox.Mode{inbox.ModeReply, inbox.ModeNote} {
		if err := c.service.Draft(c.ctx(), c.aoi, row.ID, inbox.Unsent{Mode: mode, Parts: text("draft")}); err != nil {
			t.Fatal(err)
		}
	}
	c.say(c.aoi, row.ID, inbox.ModeReply, "sent")
	c.view(func(r store.Reader) error {
		drafts, err := r.Drafts().Of(c.aoi.User, row.ID)
		if len(drafts) != 1 || drafts[0].Mode != "note" {
			t.Errorf("drafts %+v", drafts)
		}
		reads, err2 := r.Conversations().Reads(c.aoi.User, []desk.ID{row.ID})
		if reads[row.ID].Seq != c.row(row.ID).LastSeq {
			t.Errorf("read up to %d of %d", reads[row.ID].Seq, c.row(row.ID).LastSeq)
		}
		if err == nil {
			err = err2
		}
		return err
	})
	before := c.head()
	if err := c.service.MarkRead(c.ctx(), c.aoi, row.ID, 1); err != nil { // 未読にする
		t.Fatal(err)
	}
	if err := c.service.MarkRead(c.ctx(), c.aoi, row.ID, 1); err != nil {
		t.Fatal(err)
	}
	if events := c.events(before); len(events) != 1 || events[0].UserID != c.aoi.User || events[0].MessageSeq != 1 {
		t.Errorf("events %+v", events)
	}
	c.view(func(r store.Reader) error {
		unread, err := r.Conversations().Unread(c.aoi.User, []desk.ID{row.ID})
		if unread[row.ID] != 1 {
			t.Errorf("unread %v", unread)
		}
		return err
	})
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.post, "p", "hi")
	var foreign, big, video desk.Attachment
	c.update(func(tx store.Tx) error {
		for _, a := range []*desk.Attachment{&foreign, &big, &video} {
			*a = desk.Attachment{ID: tx.NewID(), Kind: desk.PartImage, MIME: "image/png", Size: 10, Key: tx.NewID().String(), UploadedBy: c.aoi.User, CreatedAt: tx.Now()}
		}
		foreign.UploadedBy, big.Size, video.Kind = c.ken.User, 1001, desk.PartVideo
		for _, a := range []desk.Attachment{foreign, big, video} {
			if err := tx.WriteMessages().PutAttachment(a); err != nil {
				return err
			}
		}
		return nil
	})
	file := func(id desk.ID) []desk.Part { return []desk.Part{{Kind: desk.PartFile, AttachmentID: id}} }
	mark := func(m desk.Mark) []desk.Part {
		return []desk.Part{{Kind: desk.PartText, Text: "絵文字😀", Marks: []desk.Mark{m}}}
	}
	many := make([]desk.Part, 11)
	for i := range many {
		many[i] = desk.Part{Kind: desk.PartFile, AttachmentID: desk.ID(i + 1)}
	}
	for _, bad := range []struct {
		name  string
		parts []desk.Part
		code  string
	}{
		{"no part", nil, "message_empty"},
		{"blank text", text(" \n\u3000"), "message_empty"},
		{"too long", text(strings.Repeat("あ", 10_001)), "text_too_long"},
		{"too many files", many, "attachments_too_many"},
		{"too many parts", make([]desk.Part, 21), "parts_too_many"},
		{"a kind of the customer's", []desk.Part{{Kind: desk.PartLocation}}, "part_kind_invalid"},
		{"no attachment", file(0), "attachment_missing"},
		{"unknown attachment", file(12345), "attachment_not_yours"},
		{"another's attachment", file(foreign.ID), "attachment_not_yours"},
		{"too large for the channel", file(big.ID), "attachment_too_large"},
		{"not for the channel", file(video.ID), "attachment_kind_refused"},
		{"a mark outside", mark(desk.Mark{Kind: desk.MarkBold, Start: 0, End: 6}), "mark_out_of_range"},
		{"a mark backwards", mark(desk.Mark{Kind: desk.MarkBold, Start: 2, End: 1}), "mark_out_of_range"},
		{"an unknown mark", mark(desk.Mark{Kind: "blink", Start: 0, End: 1}), "mark_kind_invalid"},
		{"a mention to the customer", mark(desk.Mark{Kind: desk.MarkUser, Start: 0, End: 1, UserID: 5}), "mention_not_allowed"},
		{"a script", mark(desk.Mark{Kind: desk.MarkLink, Start: 0, End: 1, Href: "javascript:alert(1)"}), "link_unsafe"},
		{"a hidden script", mark(desk.Mark{Kind: desk.MarkLink, Start: 0, End: 1, Href: "java\nscript:alert(1)"}), "link_unsafe"},
		{"data", mark(desk.Mark{Kind: desk.MarkLink, Start: 0, End: 1, Href: "data:text/html,x"}), "link_unsafe"},
		{"no host", mark(desk.Mark{Kind: desk.MarkLink, Start: 0, End: 1, Href: "https:///x"}), "link_unsafe"},
		{"relative", mark(desk.Mark{Kind: desk.MarkLink, Start: 0, End: 1, Href: "/admin"}), "link_unsafe"},
	} {
		_, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, inbox.NewMessage{ClientID: "x", Mode: inbox.ModeReply, Parts: bad.parts})
		if desk.KindOf(err) != desk.KindInvalid || desk.CodeOf(err) != bad.code {
			t.Errorf("%s: %v, want %s", bad.name, err, bad.code)
		}
	}
	for _, good := range []desk.Mark{
		{Kind: desk.MarkBold, Start: 0, End: 5}, {Kind: desk.MarkLink, Start: 3, End: 5, Href: "HTTPS://example.com/あ?q=1"},
		{Kind: desk.MarkLink, Start: 0, End: 1, Href: "mailto:a@example.com"}, {Kind: desk.MarkLink, Start: 0, End: 1, Href: "tel:+81312345678"},
	} {
		_, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, inbox.NewMessage{ClientID: good.Href + "!", Mode: inbox.ModeReply, Parts: mark(good)})
		if err != nil {
			t.Errorf("%+v: %v", good, err)
		}
	}
	for name, in := range map[string]inbox.NewMessage{
		"client_id_invalid": {Mode: inbox.ModeReply, Parts: text("x")},
		"mode_invalid":      {ClientID: "1", Parts: text("x")},
		"and_then_invalid":  {ClientID: "1", Mode: inbox.ModeReply, Parts: text("x"), Then: "explode"},
	} {
		_, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, in)
		c.refused(err, desk.KindInvalid, name)
	}
	_, _, err := c.service.Write(c.ctx(), c.aoi, 999, inbox.NewMessage{ClientID: "1", Mode: inbox.ModeReply, Parts: text("x")})
	c.refused(err, desk.KindNotFound, "conversation_not_found")
	c.update(func(tx store.Tx) error {
		ch, err := tx.Channels().Get(c.post)
		ch.State = desk.ChannelDisabled
		ch.Version++
		if err == nil {
			err = tx.WriteChannels().Put(ch)
		}
		return err
	})
	_, _, err = c.service.Write(c.ctx(), c.aoi, row.ID, inbox.NewMessage{ClientID: "1", Mode: inbox.ModeReply, Parts: text("x")})
	c.refused(err, desk.KindConflict, "channel_closed")
	if _, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, inbox.NewMessage{ClientID: "1", Mode: inbox.ModeNote, Parts: text("x")}); err != nil {
		t.Errorf("a note where the channel is closed: %v", err)
	}
}
