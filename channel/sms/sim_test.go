package sms_test

import (
	"slices"
	"testing"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/sms"
	"madoguchi/desk"
	"madoguchi/sim"
)

// TestConversation goes through a conversation with the simulator, from the set-up to a revoked token.
func TestConversation(t *testing.T) {
	t.Parallel()
	x := channeltest.NewExchange(t, sms.New(), channeltest.Form{Settings: map[string]any{"mms": true}})
	connect(t, x)
	writes := func(text string) channel.Result { return x.Act(sim.Act{Do: sim.DoText, Text: text}) }

	if m := writes("注文番号 A-42 はどこ?").Message; m == nil || m.Peer.Phone != x.Customer || m.Parts[0].Text != "注文番号 A-42 はどこ?" {
		t.Fatalf("message %+v", m)
	}
	if m := x.Picture("これです"); len(m.Parts) != 2 {
		t.Errorf("a picture with words: %+v", m.Parts)
	}

	id, f := x.Send(text("本日発送します"))
	if f != nil {
		t.Fatal(f)
	}
	for _, want := range []desk.DeliveryStatus{desk.DeliverySent, desk.DeliverySent, desk.DeliveryDelivered} {
		if r := x.Counter.Next().Receipt; r == nil || r.ExternalID != id || r.Key != "12-0" || r.Status != want {
			t.Fatalf("receipt %+v, want %s of %s", r, want, id)
		}
	}

	if m := writes("STOP").Message; m == nil || m.Keyword != "" {
		t.Fatalf("message %+v", m)
	}
	if _, f := x.Send(text("one more")); f == nil || f.Kind != channel.ActOptOut || f.Code != "21610" || !f.Certain {
		t.Errorf("to somebody who opted out: %+v", f)
	}
	x.Shop.SetAdvancedOptOut(true)
	if s, m := writes("START").Standing, x.Counter.Next().Message; s == nil || s.Is != channel.StandingOptedIn || m == nil || m.Keyword != desk.KeywordOptIn {
		t.Errorf("standing %+v, message %+v", s, m)
	}

	x.Shop.SetTrouble(sim.Trouble{Cut: true, Times: 1})
	if _, f := x.Send(text("lost?")); f == nil || f.Certain {
		t.Errorf("nobody knows: %+v", f)
	}
	if r := x.Counter.Next().Receipt; r == nil || r.Key != "12-0" || r.ExternalID == "" {
		t.Errorf("the callback proves it: %+v", r)
	}

	x.Revoked(text("x"))
}

// connect checks the account, has the callback set and checks again.
func connect(t *testing.T, x *channeltest.Exchange) {
	t.Helper()
	state := func() channel.CheckState {
		found, err := sms.New().Probe(t.Context(), x.Account)
		if err != nil || !found.OK() {
			t.Fatalf("probe %+v, %v", found, err)
		}
		i := slices.IndexFunc(found.Checks, func(c channel.Check) bool { return c.Code == "callback" })
		return found.Checks[i].State
	}
	if s := state(); s != channel.CheckWarning {
		t.Errorf("callback %s before it is set", s)
	}
	if err := sms.New().Subscribe(t.Context(), x.Account); err != nil {
		t.Fatal(err)
	}
	if s := state(); s != channel.CheckPassed {
		t.Errorf("callback %s after it was set", s)
	}
}
