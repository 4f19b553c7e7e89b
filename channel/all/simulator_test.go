package all_test

import (
	"cmp"
	"encoding/json"
	"net/http/httptest"
	"regexp"
	"slices"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/all"
	"madoguchi/channel/channeltest"
	"madoguchi/desk"
	"madoguchi/sim"
)

// made are values that the desk would make, by the setting's name; each fits its provider's rules.
var made = map[string]string{
	"verify_token": "verify-token", "hook_secret": "hook_secret-1", "token": "madoguchi_token", "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}

// TestEveryChannelIsTriedInTheSimulator: what the simulator's page shows fills a channel's form, word for word, and what follows
// from it works: checks, set-up, a message in and one out. It is what a newcomer does in the first two minutes.
func TestEveryChannelIsTriedInTheSimulator(t *testing.T) {
	t.Parallel()
	for _, kind := range sim.Kinds() {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			s := sim.New(sim.Config{Client: channeltest.Client()})
			provider := httptest.NewServer(s)
			t.Cleanup(provider.Close)
			t.Cleanup(s.Close)
			s.SetBase(provider.URL)
			shop, err := s.NewAccount(kind)
			if err != nil {
				t.Fatal(err)
			}
			shop.SetReceipts(sim.ReceiptsSent)
			tryChannel(t, shop)
		})
	}
}

func tryChannel(t *testing.T, shop *sim.Account) {
	t.Helper()
	connector, err := all.Connectors().Get(shop.Kind)
	if err != nil {
		t.Fatal(err)
	}
	a := filledIn(t, connector, shop)
	if v, ok := connector.(channel.Validator); ok {
		if err := v.Validate(a.Channel.Settings); err != nil {
			t.Fatalf("the form refuses what the console shows: %v", err)
		}
	}
	counter := channeltest.NewCounter(t, connector, channel.Endpoint{Channel: a.Channel, Secrets: a.Secrets, Received: time.Now()})
	a.Callback = counter.URL
	if subscriber, ok := connector.(channel.Subscriber); ok {
		if err := subscriber.Subscribe(t.Context(), a); err != nil {
			t.Fatalf("set up: %v", err)
		}
	}
	if shop.Console().Callback == "" { // it is typed in by hand there
		token := cmp.Or(a.Secrets["token"], a.Secrets["verify_token"])
		if err := shop.Configure(t.Context(), sim.Console{Callback: counter.URL, Token: token, AESKey: a.Secrets["aes_key"], Safe: true}); err != nil {
			t.Fatalf("typed into the console: %v", err)
		}
	}
	probed, err := connector.(channel.Prober).Probe(t.Context(), a)
	if err != nil || !probed.OK() || probed.Account == "" {
		t.Errorf("checked: %+v, %v", probed, err)
	}
	if _, err := shop.Write(shop.Customers()[0], "予約したい"); err != nil {
		t.Fatal(err)
	}
	said := counter.Next().Message
	if said == nil || said.Parts[0].Text != "予約したい" || said.Peer.ExternalID == "" {
		t.Fatalf("came in as %+v", said)
	}
	out := channel.Outgoing{To: said.Peer, Parts: []desk.Part{{Kind: desk.PartText, Text: "ご希望の日は?"}}, Key: "0b8c2bd6-8a1e-4b8b-9a53-1d2b7c9b0f11", Attempt: 1}
	if _, err := connector.Send(t.Context(), a, out); err != nil {
		t.Fatalf("answered: %v", err)
	}
	if taken := shop.Taken(); len(taken) != 1 || taken[0].Text != "ご希望の日は?" {
		t.Errorf("the provider took %+v", taken)
	}
	if _, exceeded := shop.Requests(); exceeded != 0 {
		t.Errorf("%d requests over a limit", exceeded)
	}
	shop.SetTrouble(sim.Trouble{TokenOff: true})
	_, err = connector.Send(t.Context(), a, out)
	if f := channel.AsFault(err); f == nil || f.Kind != channel.ActToken || !f.Certain {
		t.Errorf("with the token off: %v", err)
	}
	if probed, err := connector.(channel.Prober).Probe(t.Context(), a); err == nil && probed.OK() {
		t.Errorf("checked with the token off: %+v", probed)
	}
}

// filledIn is the channel's form filled in from the console: every setting that is required and has no default is there under
// its own name.
func filledIn(t *testing.T, connector channel.Connector, shop *sim.Account) channel.Account {
	t.Helper()
	spec := connector.Spec()
	settings, secrets := map[string]any{}, map[string]string{}
	for _, s := range spec.Settings {
		value := shop.Credential(s.Name)
		switch {
		case s.Type == "made":
			secrets[s.Name] = made[s.Name]
			if secrets[s.Name] == "" {
				t.Errorf("no value for the made setting %s", s.Name)
			}
			continue
		case value == "" && s.Required && s.Default == "":
			t.Errorf("the console does not show %s", s.Name)
		case value == "":
			continue
		case s.Pattern != "" && !regexp.MustCompile(s.Pattern).MatchString(value):
			t.Errorf("%s %q does not fit %s", s.Name, value, s.Pattern)
		}
		if s.Type == "secret" {
			secrets[s.Name] = value
		} else {
			settings[s.Name] = value
		}
	}
	for _, c := range shop.Credentials {
		if !slices.ContainsFunc(spec.Settings, func(s channel.Setting) bool { return s.Name == c.Name }) && c.Name != "account_id" { // Instagram's own id is found by asking
			t.Errorf("the form has no place for %s", c.Name)
		}
	}
	raw, err := json.Marshal(settings)
	if err != nil {
		t.Fatal(err)
	}
	account := ""
	if namer, ok := connector.(channel.AccountNamer); ok {
		account = namer.AccountOf(raw, secrets)
	}
	return channel.Account{
		Channel: desk.Channel{Kind: spec.Kind, Account: account, Settings: raw}, Secrets: secrets, BaseURL: shop.BaseURL(), Client: channeltest.Client(), Now: time.Now,
	}
}
