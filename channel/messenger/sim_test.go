package messenger_test

import (
	"encoding/json"
	"io"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/messenger"
	"madoguchi/desk"
	"madoguchi/sim"
)

// TestConversation goes through a conversation with the simulator, from the set-up to a revoked token.
func TestConversation(t *testing.T) {
	t.Parallel()
	s := sim.New(sim.Config{Seed: "messenger", Client: channeltest.Client()})
	provider := httptest.NewServer(s)
	t.Cleanup(provider.Close)
	t.Cleanup(s.Close)
	s.SetBase(provider.URL)
	shop, err := s.NewAccount(messenger.Kind)
	if err != nil {
		t.Fatal(err)
	}
	customer := shop.Customers()[0]
	a := channel.Account{
		BaseURL: shop.BaseURL(), Client: channeltest.Client(), Now: time.Now,
		Secrets: map[string]string{"app_secret": shop.Credential("app_secret"), "access_token": shop.Credential("access_token"), "verify_token": "vt_test"},
	}
	a.Channel = desk.Channel{Kind: messenger.Kind, Account: shop.Credential("page_id")}
	if a.Channel.Settings, err = json.Marshal(map[string]any{"page_id": shop.Credential("page_id"), "app_id": shop.Credential("app_id"), "human_agent": true}); err != nil {
		t.Fatal(err)
	}
	c := messenger.New()
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
	if err := c.Subscribe(t.Context(), a); err != nil {
		t.Fatal(err)
	}
	if probed, err := c.Probe(t.Context(), a); err != nil || !allPassed(probed) || probed.Account != a.Channel.Account {
		t.Fatalf("probe %+v, %v", probed, err)
	}

	act(sim.Act{Do: sim.DoText, Text: "在庫は?"})
	said := counter.Next()
	if said.Message == nil || said.Account != a.Channel.Account || said.Message.Peer.ExternalID != customer || said.Message.Parts[0].Text != "在庫は?" {
		t.Fatalf("message %+v", said)
	}
	act(sim.Act{Do: sim.DoFile, Files: []sim.Upload{{Name: "a.png", Data: []byte("\x89PNG\r\n\x1a\n and so on")}}})
	picture := counter.Next().Message
	media, err := c.Fetch(t.Context(), a, picture.Parts[0].MediaRef)
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := io.ReadAll(media.Body); err != nil || media.Body.Close() != nil || !strings.HasSuffix(string(raw), " and so on") {
		t.Errorf("picture %q, %v", raw, err)
	}
	if p, err := c.Profile(t.Context(), a, said.Message.Peer); err != nil || p.Name == "" {
		t.Errorf("profile %+v, %v", p, err)
	}

	id, f := send(channel.Outgoing{Parts: []desk.Part{{Kind: desk.PartChoices, Text: "どちら?", Choices: []desk.Choice{{ID: "flow:1:a", Label: "A"}}}}})
	if f != nil {
		t.Fatal(f)
	}
	if e := counter.Next().Echo; e == nil || !e.Ours || e.Key != "81-0" || e.ExternalID != id {
		t.Errorf("echo %+v of %s", e, id)
	}
	if r := counter.Next().Receipt; r == nil || r.ExternalID != id || r.Status != desk.DeliveryDelivered {
		t.Errorf("receipt %+v of %s", r, id)
	}
	if r := counter.Next().Receipt; r == nil || r.Peer == nil || r.Until.IsZero() {
		t.Errorf("receipt up to an instant: %+v", r)
	}
	act(sim.Act{Do: sim.DoTap, Button: "flow:1:a"})
	if m := counter.Next().Message; m == nil || m.Choice != "flow:1:a" || m.Parts[0].Text != "A" {
		t.Errorf("tapped %+v", m)
	}
	file := desk.Attachment{ID: 5, Kind: desk.PartImage, Name: "a.png", MIME: "image/png", Size: 5}
	if _, f := send(channel.Outgoing{Parts: []desk.Part{{Kind: desk.PartImage, AttachmentID: 5}}, Files: map[desk.ID]channel.File{5: {Attachment: file, Open: open}}}); f != nil {
		t.Errorf("a picture: %v", f)
	}
	chat, err := shop.Chat(customer)
	if err != nil || len(chat[len(chat)-1].Files) != 1 {
		t.Errorf("on the phone: %+v, %v", chat, err)
	}

	s.Advance(25 * time.Hour)
	if _, f := send(channel.Outgoing{Parts: text("late")}); f == nil || f.Kind != channel.ActWindow || !f.Certain {
		t.Errorf("after 24 hours: %v", f)
	}
	if _, f := send(channel.Outgoing{Parts: text("late"), Tag: "human_agent"}); f != nil {
		t.Errorf("a member, after 24 hours: %v", f)
	}
	shop.SetHumanAgent(false)
	if _, f := send(channel.Outgoing{Parts: text("late"), Tag: "human_agent"}); f == nil || f.Kind != channel.ActWindow {
		t.Errorf("without the approval: %v", f)
	}
	act(sim.Act{Do: sim.DoBlock})
	if _, f := send(channel.Outgoing{Parts: text("x")}); f == nil || f.Kind != channel.ActBlocked {
		t.Errorf("to somebody who blocked the page: %v", f)
	}
	shop.SetTrouble(sim.Trouble{TokenOff: true})
	if _, f := send(channel.Outgoing{Parts: text("x")}); f == nil || f.Kind != channel.ActToken {
		t.Errorf("with a revoked token: %v", f)
	}
}

func allPassed(p channel.Probed) bool {
	for _, c := range p.Checks {
		if c.State != channel.CheckPassed {
			return false
		}
	}
	return len(p.Checks) > 0
}
