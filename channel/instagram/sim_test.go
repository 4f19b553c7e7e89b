package instagram_test

import (
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/instagram"
	"madoguchi/desk"
	"madoguchi/sim"
)

// TestConversation goes through a conversation with the simulator, from the set-up to a revoked token, by either login.
func TestConversation(t *testing.T) {
	t.Parallel()
	for _, variant := range []string{"instagram_login", "facebook_login"} {
		t.Run(variant, func(t *testing.T) { t.Parallel(); testConversation(t, variant) })
	}
}

func testConversation(t *testing.T, variant string) {
	c := instagram.New()
	x := channeltest.NewExchange(t, c, channeltest.Form{
		Settings: map[string]any{"variant": variant, "human_agent": true}, Made: map[string]string{"verify_token": "vt_test"}, Account: "account_id",
	})
	if variant == "instagram_login" { // by hand, in the app's console
		if err := x.Shop.Configure(t.Context(), sim.Console{Callback: x.Counter.URL, Token: "vt_test"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Subscribe(t.Context(), x.Account); err != nil {
		t.Fatal(err)
	}
	probed, err := c.Probe(t.Context(), x.Account)
	if err != nil || len(probed.Checks) == 0 || probed.Account != x.Account.Channel.Account {
		t.Fatalf("probe %+v, %v", probed, err)
	}
	for _, check := range probed.Checks {
		if check.State != channel.CheckPassed {
			t.Errorf("check %+v", check)
		}
	}

	said := x.Act(sim.Act{Do: sim.DoText, Text: "在庫は?"})
	if said.Message == nil || said.Account != x.Account.Channel.Account || said.Message.Peer.ExternalID != x.Customer || said.Message.Parts[0].Text != "在庫は?" {
		t.Fatalf("message %+v", said)
	}
	if p, err := c.Profile(t.Context(), x.Account, said.Message.Peer); err != nil || p.Name == "" {
		t.Errorf("profile %+v, %v", p, err)
	}
	offer := desk.Part{Kind: desk.PartChoices, Text: "どちら?", Choices: []desk.Choice{{ID: "flow:1:a", Label: "A"}}}
	id, f := x.Send(channel.Outgoing{Parts: channel.Split(c.Spec().Capabilities, []desk.Part{offer})[0]})
	if f != nil {
		t.Fatal(f)
	}
	if e := x.Counter.Next().Echo; e == nil || e.Ours || e.ExternalID != id || e.Parts[0].Text != "どちら?\n1. A" {
		t.Errorf("echo %+v of %s", e, id)
	}
	if m := x.Act(sim.Act{Do: sim.DoTap, Button: "flow:1:a"}).Message; m == nil || m.Choice != "flow:1:a" {
		t.Errorf("tapped %+v", m)
	}
	if r := x.Act(sim.Act{Do: sim.DoRead}).Receipt; r == nil || r.ExternalID != id || r.Status != desk.DeliveryRead {
		t.Errorf("receipt %+v of %s", r, id)
	}
	if _, f := x.Send(channel.Outgoing{Parts: text(strings.Repeat("窓", 333))}); f != nil {
		t.Errorf("999 bytes: %v", f)
	}

	x.Sim.Advance(25 * time.Hour)
	x.Refuses("after 24 hours", channel.Outgoing{Parts: text("late")}, channel.ActWindow)
	if _, f := x.Send(channel.Outgoing{Parts: text("late"), Tag: "human_agent"}); f != nil {
		t.Errorf("a member, after 24 hours: %v", f)
	}
	x.Do(sim.Act{Do: sim.DoBlock})
	x.Refuses("to somebody who blocked the account", channel.Outgoing{Parts: text("x")}, channel.ActBlocked)
	x.Revoked(channel.Outgoing{Parts: text("x")})
}
