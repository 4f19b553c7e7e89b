package instagram_test

import (
	"encoding/json"
	"net/http/httptest"
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
	s := sim.New(sim.Config{Seed: variant, Client: channeltest.Client()})
	provider := httptest.NewServer(s)
	t.Cleanup(provider.Close)
	t.Cleanup(s.Close)
	s.SetBase(provider.URL)
	shop, err := s.NewAccount(instagram.Kind)
	if err != nil {
		t.Fatal(err)
	}
	customer := shop.Customers()[0]
	a := channel.Account{
		BaseURL: shop.BaseURL(), Client: channeltest.Client(), Now: time.Now,
		Secrets: map[string]string{"app_secret": shop.Credential("app_secret"), "access_token": shop.Credential("access_token"), "verify_token": "vt_test"},
	}
	a.Channel = desk.Channel{Kind: instagram.Kind, Account: shop.Credential("account_id")}
	if a.Channel.Settings, err = json.Marshal(map[string]any{"variant": variant, "page_id": shop.Credential("page_id"), "app_id": shop.Credential("app_id"), "human_agent": true}); err != nil {
		t.Fatal(err)
	}
	c := instagram.New()
	counter := channeltest.NewCounter(t, c, channel.Endpoint{Channel: a.Channel, Secrets: a.Secrets, Received: time.Now()})
	a.Callback = counter.URL
	act := func(did sim.Act) {
		t.Helper()
		if _, err := shop.Act(customer, did); err != nil {
			t.Fatal(err)
		}
	}
	send := func(m channel.Outgoing) (desk.ExternalID, *channel.Fault) {
		m.To, m.Key = channel.Peer{ExternalID: customer}, "81-0"
		id, err := c.Send(t.Context(), a, m)
		return id, channel.AsFault(err)
	}

	if err := c.Validate(a.Channel.Settings); err != nil {
		t.Fatal(err)
	}
	if variant == "instagram_login" { // by hand, in the app's console
		if err := shop.Configure(t.Context(), sim.Console{Callback: counter.URL, Token: "vt_test"}); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Subscribe(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	probed, err := c.Probe(t.Context(), a)
	if err != nil || len(probed.Checks) == 0 || probed.Account != a.Channel.Account {
		t.Fatalf("probe %+v, %v", probed, err)
	}
	for _, check := range probed.Checks {
		if check.State != channel.CheckPassed {
			t.Errorf("check %+v", check)
		}
	}

	act(sim.Act{Do: sim.DoText, Text: "在庫は?"})
	said := counter.Next()
	if said.Message == nil || said.Account != a.Channel.Account || said.Message.Peer.ExternalID != customer || said.Message.Parts[0].Text != "在庫は?" {
		t.Fatalf("message %+v", said)
	}
	if p, err := c.Profile(t.Context(), a, said.Message.Peer); err != nil || p.Name == "" {
		t.Errorf("profile %+v, %v", p, err)
	}
	offer := desk.Part{Kind: desk.PartChoices, Text: "どちら?", Choices: []desk.Choice{{ID: "flow:1:a", Label: "A"}}}
	id, f := send(channel.Outgoing{Parts: channel.Split(c.Spec().Capabilities, []desk.Part{offer})[0]})
	if f != nil {
		t.Fatal(f)
	}
	if e := counter.Next().Echo; e == nil || e.Ours || e.ExternalID != id || e.Parts[0].Text != "どちら?\n1. A" {
		t.Errorf("echo %+v of %s", e, id)
	}
	act(sim.Act{Do: sim.DoTap, Button: "flow:1:a"})
	if m := counter.Next().Message; m == nil || m.Choice != "flow:1:a" {
		t.Errorf("tapped %+v", m)
	}
	act(sim.Act{Do: sim.DoRead})
	if r := counter.Next().Receipt; r == nil || r.ExternalID != id || r.Status != desk.DeliveryRead {
		t.Errorf("receipt %+v of %s", r, id)
	}
	if _, f := send(channel.Outgoing{Parts: text(strings.Repeat("窓", 333))}); f != nil {
		t.Errorf("999 bytes: %v", f)
	}

	s.Advance(25 * time.Hour)
	if _, f := send(channel.Outgoing{Parts: text("late")}); f == nil || f.Kind != channel.ActWindow || !f.Certain {
		t.Errorf("after 24 hours: %v", f)
	}
	if _, f := send(channel.Outgoing{Parts: text("late"), Tag: "human_agent"}); f != nil {
		t.Errorf("a member, after 24 hours: %v", f)
	}
	act(sim.Act{Do: sim.DoBlock})
	if _, f := send(channel.Outgoing{Parts: text("x")}); f == nil || f.Kind != channel.ActBlocked {
		t.Errorf("to somebody who blocked the account: %v", f)
	}
	shop.SetTrouble(sim.Trouble{TokenOff: true})
	if _, f := send(channel.Outgoing{Parts: text("x")}); f == nil || f.Kind != channel.ActToken {
		t.Errorf("with a revoked token: %v", f)
	}
}
