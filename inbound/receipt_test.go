package inbound_test

import (
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/store"
)

func TestReceiptsProveOnePiece(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hello(t)
		d := w.reply(t, f.Conversation.ID, "out1")
		w.hook(t, testchannel.Event{ID: "r1", Type: "receipt", Message: "out1", Status: desk.DeliveryRead, Price: "0.05"})
		w.hook(t, testchannel.Event{ID: "r2", Type: "receipt", Message: "out1", Status: desk.DeliveryDelivered}) // late: never backwards
		if m := w.message(t, d.MessageID); m.Status != desk.DeliveryRead {
			t.Errorf("status %s", m.Status)
		}
		second := w.reply(t, f.Conversation.ID, "out2")
		w.hook(t, testchannel.Event{ID: "r3", Type: "receipt", Key: desk.DeliveryKey(second.ID, 0), Status: desk.DeliveryFailed, Code: string(channel.ActBlocked)})
		if m := w.message(t, second.MessageID); m.Status != desk.DeliveryFailed || m.Fault == nil || m.Fault.Code != "test_blocked" {
			t.Errorf("failed later: %+v", m)
		}
		if i := w.identity(t, f.Identity.ID); i.Standing.Unreachable.IsZero() {
			t.Error("blocked, and thought reachable (H5)")
		}
		w.view(t, func(r store.Reader) error {
			first, err := r.Messages().Delivery(d.ID)
			if first.Price == nil || first.Price.Amount != "0.05" {
				t.Errorf("price: %+v", first.Price)
			}
			return err
		})
		w.hook(t, testchannel.Event{ID: "in2", Type: "message", From: "u1", Text: "here I am"})
		if i := w.identity(t, f.Identity.ID); !i.Standing.Unreachable.IsZero() || i.Standing.LastIn != "in2" {
			t.Errorf("a sign of life: %+v", i.Standing)
		}
		before := w.service.Counts().Unrouted
		w.hook(t, testchannel.Event{ID: "r4", Type: "receipt", Message: "nobody's", Status: desk.DeliveryRead})
		w.hook(t, testchannel.Event{ID: "r5", Type: "receipt", Key: "not ours", Status: desk.DeliveryRead})
		if n := w.service.Counts().Unrouted - before; n != 2 {
			t.Errorf("%d unrouted", n)
		}
	})
}

// TestRefusalsThatAreToldLater: the provider took the message, and says afterwards why it did not go.
func TestRefusalsThatAreToldLater(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hello(t)
		failed := func(id, code string) {
			t.Helper()
			w.reply(t, f.Conversation.ID, desk.ExternalID(id))
			w.hook(t, testchannel.Event{ID: "r/" + id, Type: "receipt", Message: id, Status: desk.DeliveryFailed, Code: code})
		}
		standing := func() desk.Standing { return w.identity(t, f.Identity.ID).Standing }
		failed("out1", testchannel.CodeUndelivered)
		failed("out2", testchannel.CodeUndelivered)
		if s := standing(); !s.Unreachable.IsZero() || s.Undelivered != 2 {
			t.Errorf("after two: %+v", s)
		}
		failed("out3", testchannel.CodeUndelivered)
		if s := standing(); s.Unreachable.IsZero() {
			t.Errorf("after three: %+v (H5)", s)
		}
		w.reply(t, f.Conversation.ID, "out4")
		w.hook(t, testchannel.Event{ID: "r/out4", Type: "receipt", Message: "out4", Status: desk.DeliveryDelivered})
		if s := standing(); !s.Unreachable.IsZero() || s.Undelivered != 0 {
			t.Errorf("after one that arrived: %+v", s)
		}
		failed("out5", string(channel.ActToken))
		w.view(t, func(r store.Reader) error {
			c, err := r.Channels().Get(test)
			if err != nil {
				return err
			}
			if c.State != desk.ChannelAuthExpired {
				t.Errorf("the channel is %s", c.State)
			}
			counted, err := r.Channels().Faults(c.ID, c.CreatedAt)
			n := map[string]int64{}
			for _, one := range counted {
				n[one.Code] += one.N
			}
			if n["test_undelivered"] != 3 || n["test_token"] != 1 {
				t.Errorf("counted %v (H9)", n)
			}
			return err
		})
	})
}

func TestReceiptsUpToAnInstant(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hello(t)
		first := w.reply(t, f.Conversation.ID, "out1")
		w.clock.advance(time.Minute)
		seen := w.clock.Now()
		w.clock.advance(time.Minute)
		second := w.reply(t, f.Conversation.ID, "out2")
		w.hook(t, testchannel.Event{ID: "r1", Type: "receipt", From: "u1", Until: seen.UnixMilli(), Status: desk.DeliveryRead})
		if a, b := w.message(t, first.MessageID).Status, w.message(t, second.MessageID).Status; a != desk.DeliveryRead || b != desk.DeliverySent {
			t.Errorf("%s, %s", a, b)
		}
		w.hook(t, testchannel.Event{ID: "r2", Type: "receipt", From: "u1", Until: w.clock.Now().UnixMilli(), Status: desk.DeliveryDelivered})
		if a, b := w.message(t, first.MessageID).Status, w.message(t, second.MessageID).Status; a != desk.DeliveryRead || b != desk.DeliveryDelivered {
			t.Errorf("%s, %s", a, b)
		}
	})
}

func TestReceiptsOfOneAndAllBefore(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hello(t)
		first, second := w.reply(t, f.Conversation.ID, "out1"), w.reply(t, f.Conversation.ID, "out2")
		third := w.reply(t, f.Conversation.ID, "out3")
		w.hook(t, testchannel.Event{ID: "r1", Type: "receipt", Message: "out2", Earlier: true, Status: desk.DeliveryRead})
		for _, want := range []struct {
			d      desk.Delivery
			status desk.DeliveryStatus
		}{{first, desk.DeliveryRead}, {second, desk.DeliveryRead}, {third, desk.DeliverySent}} {
			if got := w.message(t, want.d.MessageID).Status; got != want.status {
				t.Errorf("%s, want %s", got, want.status)
			}
		}
	})
}

func TestEchoesProveOrShow(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hello(t)
		d := w.reply(t, f.Conversation.ID, "out1")
		w.hook(t, testchannel.Event{ID: "e1", Type: "echo", From: "u1", Message: "out1", Text: "our answer"})
		w.hook(t, testchannel.Event{ID: "e2", Type: "echo", From: "u1", Message: "x", Key: desk.DeliveryKey(d.ID, 0), Text: "our answer"})
		w.hook(t, testchannel.Event{ID: "e3", Type: "echo", From: "u1", Message: "phone1", Text: "from my phone"})
		w.hook(t, testchannel.Event{ID: "e4", Type: "echo", From: "u1", Message: "phone1", Text: "from my phone"}) // told twice
		w.hook(t, testchannel.Event{ID: "e5", Type: "echo", From: "u1", Message: "out9", Is: "ours", Text: "unknown"})
		w.hook(t, testchannel.Event{ID: "e6", Type: "echo", From: "stranger", Message: "out10", Text: "to nobody"})
		w.view(t, func(r store.Reader) error {
			all, err := r.Messages().After(f.Conversation.ID, f.Message.Seq, 100)
			if len(all) != 2 || all[0].Elsewhere || !all[1].Elsewhere || all[1].Text() != "from my phone" || all[1].Status != desk.DeliverySent {
				t.Errorf("thread: %+v", all)
			}
			c, _ := r.Conversations().Get(f.Conversation.ID)
			if c.Preview.Text != "from my phone" || c.WaitSince.IsZero() {
				t.Errorf("row: %+v", c)
			}
			return err
		})
		if n := w.service.Counts().Unrouted; n != 2 {
			t.Errorf("%d unrouted", n)
		}
	})
}

// TestAnEchoWithoutAKeyProvesWhatNobodyKnew: it has the words of a reply of which nobody knows whether it arrived.
func TestAnEchoWithoutAKeyProvesWhatNobodyKnew(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hello(t)
		d := w.reply(t, f.Conversation.ID, "")
		w.ended(t, store.Outcome{Status: desk.DeliveryUnknown})
		w.hook(t, testchannel.Event{ID: "e1", Type: "echo", From: "u1", Message: "other", Text: "other words"})
		if m := w.message(t, d.MessageID); m.Status != desk.DeliveryUnknown {
			t.Errorf("other words made it %s", m.Status)
		}
		w.hook(t, testchannel.Event{ID: "e2", Type: "echo", From: "u1", Message: "out1", Text: "our answer"})
		if m := w.message(t, d.MessageID); m.Status != desk.DeliverySent || m.ExternalID != "out1" {
			t.Errorf("%s as %q", m.Status, m.ExternalID)
		}
		w.hook(t, testchannel.Event{ID: "e3", Type: "echo", From: "u1", Message: "phone1", Text: "our answer"}) // the same again, by hand
		w.view(t, func(r store.Reader) error {
			all, err := r.Messages().After(f.Conversation.ID, f.Message.Seq, 100)
			if len(all) != 3 || all[0].Elsewhere || !all[1].Elsewhere || !all[2].Elsewhere {
				t.Errorf("thread: %+v", all)
			}
			return err
		})
	})
}
