package notify_test

import (
	"encoding/json"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/store"
)

// offers asks a member whether they take a customer's case.
func (w *world) offers(t *testing.T, f inbound.Filed, to desk.ID) (o desk.Offer) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		o = desk.Offer{ID: tx.NewID(), TicketID: f.Ticket.ID, ConversationID: f.Conversation.ID, UserID: to, State: desk.OfferOpen,
			MadeAt: tx.Now(), Until: tx.Now().Add(desk.OfferFor)}
		tx.Emit(desk.OfferEvent(o, desk.Actor{Kind: desk.ActorSystem}, tx.Now()))
		return tx.WriteRouting().PutOffer(o)
	})
	return o
}

// ends keeps how an offer was answered.
func (w *world) ends(t *testing.T, o desk.Offer, as desk.OfferState) {
	t.Helper()
	o.State = as
	w.update(t, func(tx store.Tx) error {
		tx.Emit(desk.OfferEvent(o, desk.Actor{Kind: desk.ActorUser, ID: o.UserID}, tx.Now()))
		return tx.WriteRouting().PutOffer(o)
	})
}

// E6.1, E12: an offer is pushed to whom it asks, at once, and push services keep it no longer than it can be answered.
func TestAnOfferIsPushedWhileItCanBeAnswered(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "u1", "届きません")
		w.round(t) // before anybody has a device
		a, k := w.browser(t, aoi), w.browser(t, ken)
		w.offers(t, f, ken)
		w.advance(2 * time.Second)
		w.round(t)
		if _, err := w.notify.Push(t.Context()); err != nil {
			t.Fatal(err)
		}
		got := k.Got()
		if len(got) != 1 || got[0].TTL != "28" || got[0].Urgency != "high" {
			t.Fatalf("got %+v", got)
		}
		var heard said
		must(t, json.Unmarshal([]byte(got[0].Text), &heard))
		want := said{Title: "山田", Body: "会話の担当を打診されています。お引き受けになりますか。", Tag: "o" + f.Conversation.ID.String(), URL: "/?c=" + f.Conversation.ID.String(), Badge: heard.Badge}
		if heard != want {
			t.Errorf("heard %+v, want %+v", heard, want)
		}
		if got := a.Got(); len(got) != 0 {
			t.Errorf("a colleague heard %+v", got)
		}
	})
}

// E12, G6.1, J2: an offer that is over, that the member does not want to hear of or does not see is not pushed; without its content it
// names nobody.
func TestOffersThatAreNotPushed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "u1", "届きません")
		w.round(t)
		k, m := w.browser(t, ken), w.browser(t, mio)
		for _, state := range []desk.OfferState{desk.OfferDeclined, desk.OfferMoot} {
			o := w.offers(t, f, ken)
			w.round(t) // it waits, and ends meanwhile
			w.ends(t, o, state)
			if got := w.pushes(t, k); len(got) != 0 {
				t.Errorf("%s, and heard %+v", state, got)
			}
		}
		o := w.offers(t, f, ken)
		w.advance(desk.OfferFor)
		if got := w.pushes(t, k); len(got) != 0 {
			t.Errorf("run out, and heard %+v", got)
		}
		w.ends(t, o, desk.OfferExpired)
		w.chooses(t, ken, desk.Telling{NotOnDevices: []desk.NoticeKind{desk.NoticeAssigned}})
		o = w.offers(t, f, ken)
		if got := w.pushes(t, k); len(got) != 0 {
			t.Errorf("not wanted, and heard %+v", got)
		}
		w.ends(t, o, desk.OfferExpired)
		w.chooses(t, ken, desk.Telling{HideContent: true})
		o = w.offers(t, f, ken)
		if got := w.pushes(t, k); len(got) != 1 || got[0].Title != "Madoguchi" {
			t.Errorf("without content heard %+v", got)
		}
		w.ends(t, o, desk.OfferExpired)
		w.assigns(t, aoi, f, aoi) // out of her sight
		w.offers(t, f, mio)
		if got := w.pushes(t, m); len(got) != 0 {
			t.Errorf("what she does not see, and heard %+v", got)
		}
	})
}
