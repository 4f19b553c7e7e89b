package channeltest

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http/httptest"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/sim"
)

// Exchange is a business account at the simulator, one customer of it, and the counter that its webhooks come to: what a
// connector's conversation with its provider needs.
type Exchange struct {
	Sim       *sim.Simulator
	Shop      *sim.Account
	Customer  string
	To        channel.Peer // whom Send sends to: the customer by the id that the phone knows
	Connector channel.Connector
	Account   channel.Account
	Counter   *Counter

	t testing.TB
}

// Form is how a channel's form is filled in beyond what the simulator's console shows.
type Form struct {
	Settings map[string]any
	Made     map[string]string // secrets that the desk makes
	Account  string            // the credential that names the account, where the connector has to ask for it
}

// NewExchange opens an account of the connector's kind, filled in as an admin does; it ends with the test. Nothing is set up yet
// at the provider.
func NewExchange(t testing.TB, c channel.Connector, form Form) *Exchange {
	t.Helper()
	s := sim.New(sim.Config{Seed: t.Name(), Client: Client()})
	provider := httptest.NewServer(s)
	t.Cleanup(provider.Close)
	t.Cleanup(s.Close)
	s.SetBase(provider.URL)
	shop, err := s.NewAccount(c.Spec().Kind)
	if err != nil {
		t.Fatal(err)
	}
	x := &Exchange{t: t, Sim: s, Shop: shop, Customer: shop.Customers()[0], Connector: c}
	x.To = channel.Peer{ExternalID: x.Customer}
	x.fill(form)
	x.Counter = NewCounter(t, c, channel.Endpoint{Channel: x.Account.Channel, Secrets: x.Account.Secrets, Received: time.Now()})
	x.Account.Callback = x.Counter.URL
	return x
}

// fill makes the channel's account from the console.
func (x *Exchange) fill(form Form) {
	x.t.Helper()
	settings, secrets := map[string]any{}, map[string]string{}
	for _, s := range x.Connector.Spec().Settings {
		switch value := x.Shop.Credential(s.Name); {
		case value == "":
		case s.Type == "secret":
			secrets[s.Name] = value
		default:
			settings[s.Name] = value
		}
	}
	for name, value := range form.Settings {
		settings[name] = value
	}
	for name, value := range form.Made {
		secrets[name] = value
	}
	raw, err := json.Marshal(settings)
	if err != nil {
		x.t.Fatal(err)
	}
	if v, ok := x.Connector.(channel.Validator); ok {
		if err := v.Validate(raw); err != nil {
			x.t.Fatalf("the form refuses what the console shows: %v", err)
		}
	}
	account := x.Shop.Credential(form.Account)
	if namer, ok := x.Connector.(channel.AccountNamer); ok && account == "" {
		account = namer.AccountOf(raw, secrets)
	}
	x.Account = channel.Account{
		Channel: desk.Channel{ID: 7, Kind: x.Connector.Spec().Kind, Account: account, Settings: raw}, Secrets: secrets,
		BaseURL: x.Shop.BaseURL(), Client: Client(), Now: time.Now,
	}
}

// Do lets the customer do something.
func (x *Exchange) Do(act sim.Act) {
	x.t.Helper()
	if _, err := x.Shop.Act(x.Customer, act); err != nil {
		x.t.Fatalf("%s: %v", act.Do, err)
	}
}

// Act lets the customer do something, and waits for what comes in.
func (x *Exchange) Act(act sim.Act) channel.Result {
	x.t.Helper()
	x.Do(act)
	return x.Counter.Next()
}

// Key is what Send calls a message that has no other name.
const Key = "81-0"

// Send sends a message to the customer.
func (x *Exchange) Send(m channel.Outgoing) (desk.ExternalID, *channel.Fault) {
	m.To, m.Key, m.Attempt = x.To, cmp.Or(m.Key, Key), max(m.Attempt, 1)
	id, err := x.Connector.Send(x.t.Context(), x.Account, m)
	return id, channel.AsFault(err)
}

// Refuses expects that the provider takes no message, for certain and for a reason.
func (x *Exchange) Refuses(why string, m channel.Outgoing, kind channel.Action) {
	x.t.Helper()
	if _, f := x.Send(m); f == nil || f.Kind != kind || !f.Certain {
		x.t.Errorf("%s: %+v", why, f)
	}
}

// Last is what the customer's phone shows last.
func (x *Exchange) Last() sim.Message {
	x.t.Helper()
	chat, err := x.Shop.Chat(x.Customer)
	if err != nil || len(chat) == 0 {
		x.t.Fatalf("the phone shows nothing: %v", err)
	}
	return chat[len(chat)-1]
}

// Picture lets the customer send a picture, with a text if there is one, and gets it from the provider as the desk does.
func (x *Exchange) Picture(text string) *channel.Incoming {
	x.t.Helper()
	const picture = "\x89PNG\r\n\x1a\n and so on"
	m := x.Act(sim.Act{Do: sim.DoFile, Text: text, Files: []sim.Upload{{Name: "a.png", Data: []byte(picture)}}}).Message
	if m == nil {
		x.t.Fatal("a picture is no message")
	}
	for _, p := range m.Parts {
		if p.Kind != desk.PartImage {
			continue
		}
		media, err := x.Connector.(channel.MediaSource).Fetch(x.t.Context(), x.Account, p.MediaRef)
		if err != nil {
			x.t.Fatal(err)
		}
		raw, err := io.ReadAll(media.Body)
		_ = media.Body.Close()
		if err != nil || string(raw) != picture {
			x.t.Errorf("picture %q, %v", raw, err)
		}
		return m
	}
	x.t.Fatalf("message %+v has no picture", m)
	return nil
}

// Revoked switches the channel's credentials off at the provider; nothing goes out any more.
func (x *Exchange) Revoked(m channel.Outgoing) {
	x.t.Helper()
	x.Shop.SetTrouble(sim.Trouble{TokenOff: true})
	x.Refuses("with revoked credentials", m, channel.ActToken)
}
