package inbound_test

import (
	"testing"

	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/store"
)

// Whoever holds one app's secret signs batches that name any account: only those of the same secret are believed.
func TestNobodySpeaksForAccountsOfAnotherSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	batch := testchannel.Webhook(secret,
		testchannel.Event{ID: "1", Account: "s1", Type: "message", From: "u1", Text: "forged"},
		testchannel.Event{ID: "2", Account: "s1", Type: "message", From: "u1", Text: "forged again"},
		testchannel.Event{ID: "3", Account: "b1", Type: "message", From: "u1", Text: "of the same secret"},
	)
	taken, err := w.service.Accept(t.Context(), inbound.Call{Workspace: workspace, Channel: test, Request: batch})
	must(t, err)
	if len(taken.Messages) != 1 || taken.Messages[0].Message.Text() != "of the same secret" {
		t.Errorf("filed %+v", taken.Messages)
	}
	if c := w.service.Counts(); c.Forged != 1 || c.Unrouted != 2 {
		t.Errorf("counts: %+v", c)
	}
	must(t, w.store.View(t.Context(), other, func(r store.Reader) error {
		_, err := r.Contacts().IdentityByKey(testchannel.Kind, "s1", "u1")
		if desk.KindOf(err) != desk.KindNotFound {
			t.Errorf("a forged customer is there: %v", err)
		}
		return nil
	}))
}
