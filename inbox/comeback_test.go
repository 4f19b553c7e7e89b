package inbox_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/view"
)

// scheduled are the replies of a conversation that wait or came back.
func (c *counter) scheduled(conversation desk.ID) (all []desk.Scheduled) {
	c.t.Helper()
	c.view(func(r store.Reader) (err error) {
		all, err = r.Scheduled().OfConversation(conversation)
		return err
	})
	return all
}

// cameBack checks what came back in a conversation: text and reason of each.
func (c *counter) cameBack(conversation desk.ID, want ...string) {
	c.t.Helper()
	var got []string
	for _, d := range c.scheduled(conversation) {
		if d.Returned() {
			got = append(got, desk.Message{Parts: d.Parts}.Text()+": "+d.Reason)
		}
	}
	if !slices.Equal(got, want) {
		c.t.Errorf("came back: %q, want %q", got, want)
	}
}

// unanswered has a reply of Aoi's come back that was not to go if the customer writes.
func (c *counter) unanswered(row desk.Conversation, said string) desk.Scheduled {
	c.t.Helper()
	d := c.later(row.ID, said, inbox.Later{At: c.now().Add(time.Hour), UnlessAnswered: true})
	c.writes(c.post, "x", "もしもし")
	c.advance(time.Hour)
	c.sendDue(0)
	c.cameBack(row.ID, said+": scheduled_answered")
	return d
}

// gone makes Aoi a member who answers nobody any more.
func (c *counter) gone() {
	c.t.Helper()
	c.update(func(tx store.Tx) error {
		m, err := tx.Members().Get(c.aoi.User)
		if err != nil {
			return err
		}
		m.Role = desk.RoleViewer
		return tx.WriteMembers().Put(m)
	})
}

// Nothing that a person wrote is lost: what came back is apart from what its writer is typing then, and from what they send next.
func TestWhatCameBackIsApartFromTheDraft(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.post, "x", "hello")
	marked := func(a inbox.Actor, want bool) {
		t.Helper()
		c.view(func(r store.Reader) error {
			in, err := view.Drafted(r, a.User)
			if in[row.ID] != want {
				t.Errorf("%s has something unsent there: %v", a.Name, in[row.ID])
			}
			return err
		})
	}
	marked(c.aoi, false)
	d := c.unanswered(row, "お待たせしました")
	marked(c.aoi, true)
	marked(c.ken, false)
	if err := c.service.Draft(c.ctx(), c.aoi, row.ID, inbox.Unsent{Mode: inbox.ModeReply, Parts: text("もしもし、")}); err != nil {
		t.Fatal(err)
	}
	if _, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, inbox.NewMessage{ClientID: "w", Mode: inbox.ModeReply, Parts: text("もしもし、Aoiです")}); err != nil {
		t.Fatal(err)
	}
	c.cameBack(row.ID, "お待たせしました: scheduled_answered")
	if got := c.draft(c.aoi, row.ID); got != "" {
		t.Errorf("the draft is %q", got)
	}
	if again := c.scheduled(row.ID)[0]; !again.DueAt.Equal(d.DueAt) {
		t.Errorf("it was to go at %v, and is told to have been at %v", d.DueAt, again.DueAt)
	}
	marked(c.aoi, true)
	if _, err := c.service.CancelScheduled(c.ctx(), c.aoi, d.ID); err != nil {
		t.Fatal(err)
	}
	if got := c.draft(c.aoi, row.ID); got != "お待たせしました" {
		t.Errorf("the draft is %q", got)
	}
	marked(c.aoi, true) // it is a draft now
}

func TestWhatCameBackWaitsAgain(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.post, "x", "hello")
	d := c.later(row.ID, "解決後のご案内", inbox.Later{At: c.now().Add(time.Hour)})
	c.advance(time.Minute)
	c.must(c.service.Resolve(c.ctx(), c.aoi, row.TicketID, desk.ReasonManual))
	c.advance(time.Hour)
	c.sendDue(0)
	c.cameBack(row.ID, "解決後のご案内: scheduled_resolved")
	d = c.scheduled(row.ID)[0]
	better := text("解決後のご案内です")
	d, err := c.service.Reschedule(c.ctx(), c.aoi, d.ID, inbox.Rescheduled{Parts: &better, Version: d.Version})
	if err != nil || !d.Returned() {
		t.Errorf("other words alone: %+v, %v", d, err)
	}
	at := c.now().Add(time.Hour)
	_, err = c.service.Reschedule(c.ctx(), c.ken, d.ID, inbox.Rescheduled{At: &at, Version: d.Version})
	c.refused(err, desk.KindForbidden, "not_yours")
	if d, err = c.service.Reschedule(c.ctx(), c.aoi, d.ID, inbox.Rescheduled{At: &at, Version: d.Version}); err != nil || d.Returned() || d.Reason != "" {
		t.Errorf("another instant: %+v, %v", d, err)
	}
	if next := c.sendDue(0); !next.Equal(at) {
		t.Errorf("next at %v, want %v", next, at)
	}
	c.advance(time.Hour)
	c.sendDue(1) // its writer knew of the end of the case
	if said := c.thread(row.ID); !slices.Contains(said, "human: 解決後のご案内です") {
		t.Errorf("said: %q", said)
	}
	if left := c.scheduled(row.ID); len(left) > 0 {
		t.Errorf("left: %+v", left)
	}
}

func TestWhatCameBackIsSentNow(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.post, "x", "hello")
	d := c.unanswered(row, "入荷しました")
	_, err := c.service.SendScheduled(c.ctx(), c.ken, d.ID)
	c.refused(err, desk.KindForbidden, "not_yours")
	state := func(to desk.ChannelState) {
		c.update(func(tx store.Tx) error {
			ch, err := tx.Channels().Get(row.ChannelID)
			if err != nil {
				return err
			}
			ch.State = to
			return tx.WriteChannels().Put(ch)
		})
	}
	state(desk.ChannelDisabled)
	_, err = c.service.SendScheduled(c.ctx(), c.aoi, d.ID)
	c.refused(err, desk.KindConflict, "channel_closed")
	c.cameBack(row.ID, "入荷しました: scheduled_answered")
	state(desk.ChannelActive)
	m, err := c.service.SendScheduled(c.ctx(), c.aoi, d.ID)
	if err != nil || m.Text() != "入荷しました" || m.ClientID != d.ClientID {
		t.Errorf("sent: %+v, %v", m, err)
	}
	c.cameBack(row.ID)
}

// What came back to somebody who answers no more is a colleague's to go on with, its files too.
func TestWhatCameBackIsTakenOver(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.post, "x", "hello")
	var file desk.Attachment
	c.update(func(tx store.Tx) error {
		file = desk.Attachment{ID: tx.NewID(), ConversationID: row.ID, Kind: desk.PartImage, Name: "a.png", MIME: "image/png", Size: 10, Key: "k", UploadedBy: c.aoi.User, CreatedAt: tx.Now()}
		return tx.WriteMessages().PutAttachment(file)
	})
	d, _, err := c.service.Schedule(c.ctx(), c.aoi, row.ID, inbox.NewMessage{
		ClientID: "f", Mode: inbox.ModeReply, Parts: append(text("見積書です"), desk.Part{Kind: desk.PartImage, AttachmentID: file.ID}),
	}, inbox.Later{At: c.now().Add(time.Hour)})
	if err != nil {
		t.Fatal(err)
	}
	c.gone()
	c.advance(49 * time.Hour)
	c.sendDue(0)
	c.update(func(tx store.Tx) error {
		_, err := tx.WriteMessages().DeleteUnsentAttachments(c.now())
		return err
	})
	c.cameBack(row.ID, "見積書です: scheduled_member_gone")
	d, err = c.service.CancelScheduled(c.ctx(), c.ken, d.ID)
	if err != nil || d.Returned() || len(d.Parts) != 2 {
		t.Fatalf("taken over: %+v, %v", d, err)
	}
	c.cameBack(row.ID)
	if got := c.draft(c.ken, row.ID); got != "見積書です" {
		t.Errorf("Ken's draft is %q", got)
	}
	m, _, err := c.service.Write(c.ctx(), c.ken, row.ID, inbox.NewMessage{ClientID: "k", Mode: inbox.ModeReply, Parts: d.Parts})
	if err != nil || len(m.Parts) != 2 || m.Parts[1].Attachment.Key != "k" {
		t.Errorf("said by Ken: %+v, %v", m, err)
	}
}

// What came back does not wait, however many there are; given another instant it does.
func TestWhatCameBackDoesNotCount(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.post, "x", "hello")
	d := c.unanswered(row, "一つ目")
	at := c.now().Add(time.Hour)
	for range 20 {
		c.later(row.ID, "x", inbox.Later{At: at})
	}
	_, err := c.service.Reschedule(c.ctx(), c.aoi, d.ID, inbox.Rescheduled{At: &at, Version: c.scheduled(row.ID)[20].Version})
	c.refused(err, desk.KindConflict, "scheduled_too_many")
}

// hasty is a store whose second transaction finds that somebody was quicker.
type hasty struct {
	store.Store
	updates int
	quicker func()
}

func (h *hasty) Update(ctx context.Context, workspace desk.ID, fn func(store.Tx) error) error {
	if h.updates++; h.updates == 2 {
		h.quicker()
	}
	return h.Store.Update(ctx, workspace, fn)
}

// What its writer changed after it was refused, and before it came back, waits as they want it.
func TestWhatWasChangedMeanwhileDoesNotComeBack(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.post, "x", "hello")
	d := c.later(row.ID, "入荷しました", inbox.Later{At: c.now().Add(time.Hour), UnlessAnswered: true})
	c.writes(c.post, "x", "もしもし")
	c.advance(time.Hour)
	at := c.now().Add(time.Hour)
	between := &hasty{Store: c.store, quicker: func() {
		if _, err := c.service.Reschedule(c.ctx(), c.aoi, d.ID, inbox.Rescheduled{At: &at, Version: d.Version}); err != nil {
			t.Error(err)
		}
	}}
	node := inbox.New(inbox.Config{Store: between, Channels: c.channels, Now: c.now})
	if _, _, err := node.SendDue(c.ctx(), c.workspace); err != nil || between.updates != 2 {
		t.Errorf("%d transactions, %v", between.updates, err)
	}
	c.cameBack(row.ID)
	if told := c.told(c.aoi); len(told) > 0 {
		t.Errorf("told: %+v", told)
	}
	if next := c.sendDue(0); !next.Equal(at) {
		t.Errorf("next at %v, want %v", next, at)
	}
}
