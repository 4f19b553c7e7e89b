package inbound_test

import (
	"fmt"
	"testing"
	"time"

	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/store"
)

// begun lets an attempt at what waits begin, and leaves it to its lease.
func (w *world) begun(t *testing.T) store.Leased {
	t.Helper()
	leased, err := w.store.Queue().Lease(t.Context(), "test", 1, time.Minute)
	must(t, err)
	if len(leased) != 1 {
		t.Fatalf("%d leased", len(leased))
	}
	must(t, w.store.Queue().MarkSending(t.Context(), leased[0], nil))
	return leased[0]
}

// ours are the messages from our side, whoever's program they came by.
func (w *world) ours(t *testing.T, conversation desk.ID) (all []desk.Message) {
	t.Helper()
	w.view(t, func(r store.Reader) error {
		page, err := r.Messages().After(conversation, 0, 1000)
		for _, m := range page {
			if m.Author.Kind == desk.AuthorHuman {
				all = append(all, m)
			}
		}
		return err
	})
	return all
}

// The node died with a reply on its way, and came back only when what is early has long been given up: what the provider told
// of the reply meanwhile still counts, and is shown once.
func TestNewsOfAnAttemptThatDiedIsNotLost(t *testing.T) {
	for name, news := range map[string]func(desk.Delivery) testchannel.Event{
		"an echo without a key": func(desk.Delivery) testchannel.Event {
			return testchannel.Event{ID: "e1", Type: "echo", From: "u1", Message: "out1", Text: "our answer"}
		},
		"an echo with our key": func(d desk.Delivery) testchannel.Event {
			return testchannel.Event{ID: "e1", Type: "echo", From: "u1", Message: "out1", Key: desk.DeliveryKey(d.ID, 0), Is: "ours", Text: "our answer"}
		},
		"a receipt with our key": func(d desk.Delivery) testchannel.Event {
			return testchannel.Event{ID: "r1", Type: "receipt", Message: "out1", Key: desk.DeliveryKey(d.ID, 0), Status: desk.DeliverySent}
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				f := w.hello(t)
				d := w.reply(t, f.Conversation.ID, "")
				w.begun(t)
				event := news(d)
				event.Account = "a1"
				w.knock(t, event)
				w.file(t, 3*time.Minute)
				w.ended(t, store.Outcome{Status: desk.DeliveryUnknown}) // the next node finds it interrupted
				w.file(t, time.Minute)
				if m := w.message(t, d.MessageID); m.Status != desk.DeliverySent || m.ExternalID != "out1" {
					t.Errorf("%s as %q", m.Status, m.ExternalID)
				}
				if all := w.ours(t, f.Conversation.ID); len(all) != 1 {
					t.Errorf("%d messages of ours, one was written", len(all))
				}
			})
		})
	}
}

// Much may have been said between a reply's writing and its echo: it waited its turn, or the provider told late.
func TestAnEchoProvesAReplyFarUpTheThread(t *testing.T) {
	for name, outcome := range map[string]func(now time.Time) store.Outcome{
		"unknown": func(time.Time) store.Outcome { return store.Outcome{Status: desk.DeliveryUnknown} },
		"awaits proof": func(now time.Time) store.Outcome {
			return store.Outcome{Status: desk.DeliverySending, NotBefore: now.Add(time.Minute)}
		},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				f := w.hello(t)
				d := w.reply(t, f.Conversation.ID, "")
				for i := range 50 {
					w.hook(t, testchannel.Event{ID: fmt.Sprint("more", i), Type: "message", From: "u1", Text: "are you there?"})
				}
				w.ended(t, outcome(w.clock.Now()))
				w.hook(t, testchannel.Event{ID: "e1", Type: "echo", From: "u1", Message: "out1", Text: "our answer"})
				if m := w.message(t, d.MessageID); m.Status != desk.DeliverySent || m.ExternalID != "out1" {
					t.Errorf("%s as %q", m.Status, m.ExternalID)
				}
				if all := w.ours(t, f.Conversation.ID); len(all) != 1 {
					t.Errorf("%d messages of ours, one was written", len(all))
				}
			})
		})
	}
}

// A member said that a reply of which nobody knew had arrived (G2.3): its echo, when it comes after all, is of it.
func TestAnEchoProvesWhatAMemberVouchedFor(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hello(t)
		d := w.reply(t, f.Conversation.ID, "")
		w.ended(t, store.Outcome{Status: desk.DeliveryUnknown})
		d.Status = desk.DeliverySent
		must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error { return tx.WriteMessages().SettleDelivery(d) }))
		w.hook(t, testchannel.Event{ID: "e1", Type: "echo", From: "u1", Message: "out1", Text: "our answer"})
		if all := w.ours(t, f.Conversation.ID); len(all) != 1 {
			t.Errorf("%d messages of ours, one was written", len(all))
		}
		w.hook(t, testchannel.Event{ID: "r1", Type: "receipt", Message: "out1", Status: desk.DeliveryDelivered})
		if m := w.message(t, d.MessageID); m.Status != desk.DeliveryDelivered {
			t.Errorf("it is %s", m.Status)
		}
	})
}
