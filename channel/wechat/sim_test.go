package wechat_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/desk"
	"madoguchi/sim"
)

// newExchange is an account whose console knows the desk's address, in one of the modes.
func newExchange(t *testing.T, mode string) *channeltest.Exchange {
	t.Helper()
	x := channeltest.NewExchange(t, connector(), channeltest.Form{
		Settings: map[string]any{"mode": mode}, Made: map[string]string{"token": token, "aes_key": aesKey},
	})
	console := sim.Console{Callback: x.Counter.URL, Token: token, AESKey: aesKey, Safe: mode == "safe"}
	if err := x.Shop.Configure(t.Context(), console); err != nil {
		t.Fatal(err)
	}
	return x
}

// TestConversation goes through a conversation with the simulator, in both modes, from the set-up to a revoked secret.
func TestConversation(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"plain", "safe"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			x, c := newExchange(t, mode), connector()
			if p, err := c.Probe(t.Context(), x.Account); err != nil || !p.OK() || len(p.Facts) != 2 {
				t.Fatalf("%+v, %v", p, err)
			}
			if r := x.Act(sim.Act{Do: sim.DoStart, Text: "shop"}); r.Standing == nil || r.Standing.Is != channel.StandingFollowed || r.Standing.Referral.ID != "shop" {
				t.Errorf("%+v", r.Standing)
			}
			if m := x.Act(sim.Act{Do: sim.DoText, Text: "在吗?"}).Message; m == nil || m.Parts[0].Text != "在吗?" || m.Peer.ExternalID != x.Customer {
				t.Fatalf("%+v", m)
			}
			if err := c.Typing(t.Context(), x.Account, x.To, ""); err != nil {
				t.Error(err)
			}
			x.Picture("")
			for _, m := range []channel.Outgoing{fileOf(desk.PartImage, "image/png", "png"), fileOf(desk.PartVideo, "video/mp4", "mp4")} {
				if _, f := x.Send(m); f != nil {
					t.Error(f)
				}
			}
			menu(t, x)
			limits(t, x)
		})
	}
}

// menu offers options, of which the customer taps one.
func menu(t *testing.T, x *channeltest.Exchange) {
	t.Helper()
	offer := outgoing(desk.Part{Kind: desk.PartChoices, Text: "ご用件は?", Choices: []desk.Choice{{ID: "o1", Label: "予約"}, {ID: "o2", Label: "変更"}}})
	if _, f := x.Send(offer); f != nil {
		t.Fatal(f)
	}
	chat, err := x.Shop.Chat(x.Customer)
	if err != nil {
		t.Fatal(err)
	}
	offered := chat[slices.IndexFunc(chat, func(m sim.Message) bool { return len(m.Buttons) > 0 })]
	if r := x.Act(sim.Act{Do: sim.DoTap, Button: "o2", Message: offered.ID}); r.Message == nil || r.Message.Choice != "o2" || !strings.Contains(r.Message.Parts[0].Text, "変更") {
		t.Errorf("%+v", r.Message)
	}
}

// limits goes past what the provider allows, one thing after the other.
func limits(t *testing.T, x *channeltest.Exchange) {
	t.Helper()
	refuses := func(why, code string, kind channel.Action) {
		t.Helper()
		if _, f := x.Send(textOf("もう一度")); f == nil || f.Code != code || f.Kind != kind || !f.Certain {
			t.Errorf("%s: %v", why, f)
		}
	}
	x.Act(sim.Act{Do: sim.DoText, Text: "急いでいます"})
	for range 5 {
		if _, f := x.Send(textOf("はい")); f != nil {
			t.Error(f)
		}
	}
	refuses("the sixth", "45047", channel.ActWindow)
	x.Sim.Advance(49 * time.Hour)
	refuses("two days later, with an old token", "45015", channel.ActWindow)
	if s := x.Act(sim.Act{Do: sim.DoBlock}).Standing; s == nil || s.Is != channel.StandingBlocked {
		t.Errorf("%+v", s)
	}
	refuses("unsubscribed", "43004", channel.ActBlocked)
	x.Shop.SetTrouble(sim.Trouble{TokenOff: true})
	refuses("with a revoked secret", "40125", channel.ActToken)
}
