package inbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// later schedules a reply of Aoi's.
func (c *counter) later(conversation desk.ID, said string, l inbox.Later) desk.Scheduled {
	c.t.Helper()
	d, created, err := c.service.Schedule(c.ctx(), c.aoi, conversation, inbox.NewMessage{
		ClientID: fmt.Sprintf("l%d", c.said.Add(1)), Mode: inbox.ModeReply, Parts: text(said),
	}, l)
	if err != nil || !created {
		c.t.Fatalf("schedule %q: created %v, %v", said, created, err)
	}
	return d
}

func (c *counter) sendDue(want int) (next time.Time) {
	c.t.Helper()
	sent, next, err := c.service.SendDue(c.ctx(), c.workspace)
	if err != nil || sent != want {
		c.t.Errorf("%d sent, want %d; %v", sent, want, err)
	}
	return next
}

func (c *counter) draft(a inbox.Actor, conversation desk.ID) (said string) {
	c.t.Helper()
	c.view(func(r store.Reader) error {
		drafts, err := r.Drafts().Of(a.User, conversation)
		for _, d := range drafts {
			said += desk.Message{Parts: d.Body}.Text()
		}
		return err
	})
	return said
}

func (c *counter) told(a inbox.Actor) (told []desk.Notification) {
	c.t.Helper()
	c.view(func(r store.Reader) (err error) {
		told, err = r.Notifications().Newest(a.User, false, 10)
		return err
	})
	return told
}

func TestAReplyWaitsForItsInstant(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.post, "x", "在庫は?")
	d := c.later(row.ID, "入荷しました", inbox.Later{At: c.now().Add(time.Hour)})
	if next := c.sendDue(0); !next.Equal(d.DueAt) {
		t.Errorf("next at %v, want %v", next, d.DueAt)
	}
	again, created, err := c.service.Schedule(c.ctx(), c.aoi, row.ID, inbox.NewMessage{ClientID: d.ClientID, Mode: inbox.ModeReply, Parts: text("x")}, inbox.Later{At: d.DueAt})
	if err != nil || created || again.ID != d.ID {
		t.Errorf("again: %+v, %v, %v", again, created, err)
	}
	sooner := c.now().Add(time.Minute)
	if d, err = c.service.Reschedule(c.ctx(), c.aoi, d.ID, inbox.Rescheduled{At: &sooner, Version: d.Version}); err != nil {
		t.Fatal(err)
	}
	_, err = c.service.Reschedule(c.ctx(), c.aoi, d.ID, inbox.Rescheduled{At: &sooner, Version: 1})
	c.refused(err, desk.KindConflict, "edited_meanwhile")
	_, err = c.service.Reschedule(c.ctx(), c.ken, d.ID, inbox.Rescheduled{At: &sooner, Version: d.Version})
	c.refused(err, desk.KindForbidden, "not_yours")
	if err := c.service.Draft(c.ctx(), c.aoi, row.ID, inbox.Unsent{Mode: inbox.ModeReply, Parts: text("別の下書き")}); err != nil {
		t.Fatal(err)
	}
	c.advance(time.Minute)
	if next := c.sendDue(1); !next.IsZero() {
		t.Errorf("next at %v", next)
	}
	c.sendDue(0)
	c.wantThread(row.ID, "+ticket_opened number=1", "customer: 在庫は?", "+assigned name=Aoi by=Aoi", "human: 入荷しました")
	if got := c.draft(c.aoi, row.ID); got != "別の下書き" {
		t.Errorf("the draft is %q", got)
	}
	if again, created, err = c.service.Schedule(c.ctx(), c.aoi, row.ID, inbox.NewMessage{ClientID: d.ClientID, Mode: inbox.ModeReply, Parts: text("x")}, inbox.Later{At: c.now().Add(time.Hour)}); err != nil || created || again.ID != 0 {
		t.Errorf("after it went out: %+v, %v, %v", again, created, err)
	}
	_, err = c.service.CancelScheduled(c.ctx(), c.aoi, d.ID)
	c.refused(err, desk.KindNotFound, "scheduled_message_not_found")
	c.wantInStep(row.ID)
}

func TestAReplyIsTakenBack(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "x", "hello")
	d := c.later(row.ID, "うそです", inbox.Later{Undo: 5 * time.Second})
	if err := c.service.Draft(c.ctx(), c.aoi, row.ID, inbox.Unsent{Mode: inbox.ModeReply, Parts: text("次")}); err != nil {
		t.Fatal(err)
	}
	if _, err := c.service.CancelScheduled(c.ctx(), c.ken, d.ID); err != nil {
		t.Fatal(err)
	}
	c.advance(time.Hour)
	c.sendDue(0)
	if got := c.draft(c.aoi, row.ID); got != "次" {
		t.Errorf("the draft is %q", got)
	}
	c.cameBack(row.ID, "うそです: scheduled_taken_back")
	if told := c.told(c.aoi); len(told) != 1 || told[0].Code != desk.NotifyScheduledCanceled || told[0].Params["by"] != c.ken.User.String() {
		t.Errorf("told: %+v", told)
	}
	_, err := c.service.CancelScheduled(c.ctx(), c.ken, d.ID)
	c.refused(err, desk.KindForbidden, "not_yours")
	if _, err := c.service.CancelScheduled(c.ctx(), c.aoi, d.ID); err != nil {
		t.Fatal(err)
	}
	if got := c.draft(c.aoi, row.ID); got != "うそです\n次" {
		t.Errorf("the draft is %q", got)
	}
	c.cameBack(row.ID)
	c.wantThread(row.ID, "+ticket_opened number=1", "customer: hello")
}

func TestAScheduledReplyKeepsItsFiles(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.post, "x", "hello")
	var file desk.Attachment
	c.update(func(tx store.Tx) error {
		file = desk.Attachment{ID: tx.NewID(), ConversationID: row.ID, Kind: desk.PartImage, Name: "a.png", MIME: "image/png", Size: 10, Key: "k", UploadedBy: c.aoi.User, CreatedAt: tx.Now()}
		return tx.WriteMessages().PutAttachment(file)
	})
	write := func(file desk.ID, at time.Time) (desk.Scheduled, error) {
		d, _, err := c.service.Schedule(c.ctx(), c.aoi, row.ID, inbox.NewMessage{
			ClientID: fmt.Sprint(at.UnixMilli()), Mode: inbox.ModeReply, Parts: []desk.Part{{Kind: desk.PartImage, AttachmentID: file}},
		}, inbox.Later{At: at})
		return d, err
	}
	d, err := write(file.ID, c.now().Add(48*time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	_, err = write(file.ID, c.now().Add(49*time.Hour))
	c.refused(err, desk.KindInvalid, "attachment_not_yours")
	sweep := func() {
		c.update(func(tx store.Tx) error {
			_, err := tx.WriteMessages().DeleteUnsentAttachments(c.now().Add(-24 * time.Hour))
			return err
		})
	}
	c.advance(47 * time.Hour)
	sweep()
	if d, err = c.service.CancelScheduled(c.ctx(), c.aoi, d.ID); err != nil {
		t.Fatal(err)
	}
	sweep() // a file that was given back lives as long as any
	if d, err = write(d.Parts[0].AttachmentID, c.now().Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	c.advance(2 * time.Hour)
	c.sendDue(1)
	c.view(func(r store.Reader) error {
		files, _, err := r.Messages().AttachmentsOf(row.ContactID, store.AttachmentQuery{})
		if len(files) != 1 || files[0].Key != "k" || files[0].MessageID == 0 {
			t.Errorf("files of the conversation: %+v", files)
		}
		return err
	})
}

func TestAReplyThatMayNotGoComesBack(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		later  inbox.Later
		happen func(c *counter, row desk.Conversation)
		reason string
	}{
		"answered": {inbox.Later{UnlessAnswered: true}, func(c *counter, _ desk.Conversation) { c.writes(c.chat, "x", "もしもし") }, "scheduled_answered"},
		"resolved": {inbox.Later{}, func(c *counter, row desk.Conversation) {
			c.must(c.service.Resolve(c.ctx(), c.aoi, row.TicketID, desk.ReasonManual))
		}, "scheduled_resolved"},
		"blocked": {inbox.Later{}, func(c *counter, row desk.Conversation) {
			c.update(func(tx store.Tx) error {
				i, err := tx.Contacts().Identity(row.IdentityID)
				i.BlockedAt = tx.Now()
				return errors.Join(err, tx.WriteContacts().PutIdentity(i))
			})
		}, "reply_to_blocked"},
		"channel off": {inbox.Later{}, func(c *counter, row desk.Conversation) {
			c.update(func(tx store.Tx) error {
				ch, err := tx.Channels().Get(row.ChannelID)
				ch.State = desk.ChannelDisabled
				return errors.Join(err, tx.WriteChannels().Put(ch))
			})
		}, "channel_closed"},
		"writer gone": {inbox.Later{}, func(c *counter, _ desk.Conversation) {
			c.update(func(tx store.Tx) error {
				m, err := tx.Members().Get(c.aoi.User)
				m.Role = desk.RoleViewer
				return errors.Join(err, tx.WriteMembers().Put(m))
			})
		}, "scheduled_member_gone"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCounter(t)
			row := c.writes(c.chat, "x", "hello")
			test.later.At = c.now().Add(time.Hour)
			c.later(row.ID, "お待たせしました", test.later)
			c.advance(time.Minute)
			test.happen(c, row)
			c.advance(time.Hour)
			before := c.thread(row.ID)
			if next := c.sendDue(0); !next.IsZero() {
				t.Errorf("it still waits until %v", next)
			}
			c.wantThread(row.ID, before...)
			c.sendDue(0)
			c.cameBack(row.ID, "お待たせしました: "+test.reason)
			if got := c.draft(c.aoi, row.ID); got != "" {
				t.Errorf("the draft is %q", got)
			}
			told := c.told(c.aoi)
			if len(told) != 1 || told[0].Code != desk.NotifyScheduledFailed || told[0].Params["reason"] != test.reason || told[0].ConversationID != row.ID {
				t.Errorf("told: %+v", told)
			}
		})
	}
}

func TestLaterRefuses(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "x", "hello")
	for code, l := range map[string]inbox.Later{
		"time_passed": {At: c.now()}, "time_too_far": {At: c.now().Add(400 * 24 * time.Hour)}, "undo_invalid": {Undo: time.Minute},
	} {
		_, _, err := c.service.Schedule(c.ctx(), c.aoi, row.ID, inbox.NewMessage{ClientID: code, Mode: inbox.ModeReply, Parts: text("x")}, l)
		c.refused(err, desk.KindInvalid, code)
	}
	_, _, err := c.service.Schedule(c.ctx(), c.aoi, row.ID, inbox.NewMessage{ClientID: "n", Mode: inbox.ModeNote, Parts: text("x")}, inbox.Later{At: c.now().Add(time.Hour)})
	c.refused(err, desk.KindInvalid, "mode_invalid")
	for range 20 {
		c.later(row.ID, "x", inbox.Later{At: c.now().Add(time.Hour)})
	}
	_, _, err = c.service.Schedule(c.ctx(), c.aoi, row.ID, inbox.NewMessage{ClientID: "m", Mode: inbox.ModeReply, Parts: text("x")}, inbox.Later{At: c.now().Add(time.Hour)})
	c.refused(err, desk.KindConflict, "scheduled_too_many")
}

// broken is a store of a node that dies: once before a commit, once after it.
type broken struct {
	store.Store
	mu            sync.Mutex
	before, after bool
}

func (b *broken) Update(ctx context.Context, workspace desk.ID, fn func(store.Tx) error) error {
	b.mu.Lock()
	before, after := b.before, b.after
	b.before, b.after = false, b.after && before
	b.mu.Unlock()
	died := desk.Errorf(desk.KindUncertain, "node_died", "the node died")
	if before {
		return b.Store.Update(ctx, workspace, func(tx store.Tx) error {
			if err := fn(tx); err != nil {
				return err
			}
			return died
		})
	}
	if err := b.Store.Update(ctx, workspace, fn); err != nil || !after {
		return err
	}
	return died
}

// Four nodes look at once, and one of them dies before and after its commits: each reply is said once.
func TestScheduledRepliesGoOutOnce(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, on sqlstore.Config) {
		c := newCounterOn(t, on)
		stores := []store.Store{c.store, &broken{Store: c.store, before: true}, &broken{Store: c.store, after: true}, c.store}
		if on.URL != "" {
			stores[3] = storetest.Open(t, on, func(o *sqlstore.Config) { o.Clock = c.now })
		}
		var nodes []*inbox.Service
		for _, s := range stores {
			nodes = append(nodes, inbox.New(inbox.Config{Store: s, Channels: c.channels, Now: c.now}))
		}
		var rows []desk.ID
		for i := range 4 {
			row := c.writes(c.post, fmt.Sprint("x", i), "hello")
			rows = append(rows, row.ID)
			for n := range 3 {
				c.later(row.ID, fmt.Sprint("reply ", n), inbox.Later{At: c.now().Add(time.Duration(n+1) * time.Minute)})
			}
		}
		c.advance(time.Hour)
		var wait sync.WaitGroup
		for _, node := range nodes {
			wait.Go(func() { _, _, _ = node.SendDue(c.ctx(), c.workspace) })
		}
		wait.Wait()
		if _, _, err := nodes[0].SendDue(c.ctx(), c.workspace); err != nil {
			t.Fatal(err)
		}
		for _, row := range rows {
			said := c.thread(row)
			said = slices.DeleteFunc(said, func(line string) bool { return line[0] == '+' })
			slices.Sort(said) // several nodes: each once, but not always in order
			if want := []string{"customer: hello", "human: reply 0", "human: reply 1", "human: reply 2"}; !slices.Equal(said, want) {
				t.Errorf("said: %q", said)
			}
		}
	})
}
