package outbox_test

import (
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/store"
)

// TestAnUncertainSendWaitsForItsProof: the lane waits as long as the provider's echo may still tell; then nobody knows, and
// the lane goes on. The message is never sent twice.
func TestAnUncertainSendWaitsForItsProof(t *testing.T) {
	t.Parallel()
	for name, proved := range map[string]bool{"proved": true, "not proved": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &shaped{shape: func(s *channel.Spec) { s.EchoWithin = time.Minute }}
			w := newWorld(t, c)
			w.provider.Trouble("x", testchannel.Trouble{Cut: true, Take: true})
			thread := w.thread(t, 1)
			id, behind := w.utter(t, c, thread, func(*desk.Message) {}), w.utter(t, c, thread, func(*desk.Message) {})
			w.start(t)
			var d desk.Delivery
			w.until(t, func() bool {
				must(t, w.store.View(t.Context(), workspace, func(r store.Reader) error {
					all, err := r.Messages().DeliveriesOf(id)
					d = all[0]
					return err
				}))
				return d.AwaitsProof()
			}, func() string { return "it does not wait" })
			if n := len(c.outgoing()); n != 1 {
				t.Fatalf("%d sends", n)
			}
			want := desk.DeliveryUnknown
			if proved {
				want = desk.DeliverySent
				must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
					proof := d
					proof.Status, proof.ExternalID, proof.Fault = desk.DeliverySent, "m1", nil
					return tx.WriteMessages().SettleDelivery(proof)
				}))
			} else {
				w.move(t, time.Minute)
			}
			m := w.await(t, id, want)
			if !proved && faultCode(m) != "no_answer" {
				t.Errorf("%+v", m.Fault)
			}
			w.await(t, behind, desk.DeliverySent)
			if n := len(c.outgoing()); n != 2 {
				t.Errorf("%d sends", n)
			}
		})
	}
}
