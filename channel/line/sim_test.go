package line_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/line"
	"madoguchi/desk"
	"madoguchi/sim"
)

// exchange is an official account at the simulator and a desk that it calls.
type exchange struct {
	t        *testing.T
	shop     *sim.Account
	customer string
	account  channel.Account
	line     line.Connector
	results  chan channel.Result
}

func newExchange(t *testing.T) *exchange {
	x := &exchange{t: t, line: connector(), results: make(chan channel.Result, 100)}
	counter := httptest.NewTLSServer(http.HandlerFunc(x.receive)) // LINE calls no other
	t.Cleanup(counter.Close)
	s := sim.New(sim.Config{Seed: "line", Client: counter.Client()})
	provider := httptest.NewServer(s)
	t.Cleanup(provider.Close)
	t.Cleanup(s.Close)
	s.SetBase(provider.URL)
	shop, err := s.NewAccount(line.Kind)
	if err != nil {
		t.Fatal(err)
	}
	x.shop, x.customer = shop, shop.Customers()[0]
	x.account = account(t, shop.BaseURL())
	if x.account.Channel.Settings, err = json.Marshal(map[string]string{"channel_id": shop.Credential("channel_id")}); err != nil {
		t.Fatal(err)
	}
	x.account.Secrets = map[string]string{"channel_secret": shop.Credential("channel_secret")}
	x.account.Callback, x.account.Now = counter.URL+"/hooks/line/ch_5", time.Now
	return x
}

func (x *exchange) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		x.t.Error(err)
	}
	reply, err := x.line.Receive(r.Context(), channel.Endpoint{Channel: x.account.Channel, Secrets: x.account.Secrets, URL: x.account.Callback, Received: time.Now()},
		channel.Request{Method: r.Method, URL: r.URL.RequestURI(), Header: r.Header, Body: body})
	if err != nil {
		x.t.Errorf("%s: %v", body, err)
	}
	w.WriteHeader(http.StatusOK)
	for _, result := range reply.Results {
		x.results <- result
	}
}

// act lets the customer do something, and waits for what came in.
func (x *exchange) act(a sim.Act) channel.Result {
	x.t.Helper()
	if _, err := x.shop.Act(x.customer, a); err != nil {
		x.t.Fatalf("%s: %v", a.Do, err)
	}
	select {
	case result := <-x.results:
		return result
	case <-time.After(10 * time.Second):
	}
	x.t.Fatalf("%s: nothing came in", a.Do)
	return channel.Result{}
}

func (x *exchange) send(key string, m channel.Outgoing) (desk.ExternalID, *channel.Fault) {
	m.To.ExternalID, m.Key = x.customer, key
	id, err := x.line.Send(x.t.Context(), x.account, m)
	return id, channel.AsFault(err)
}

// used is how many of the month's messages are gone.
func (x *exchange) used() string {
	x.t.Helper()
	p, err := x.line.Probe(x.t.Context(), x.account)
	if err != nil || !p.OK() {
		x.t.Fatalf("probe %+v, %v", p, err)
	}
	for _, f := range p.Facts {
		if f.Name == "used" {
			return f.Value
		}
	}
	return ""
}

// TestConversation goes through a conversation with the simulator, from the set-up to a revoked token.
func TestConversation(t *testing.T) {
	t.Parallel()
	x := newExchange(t)
	if err := x.line.Subscribe(t.Context(), x.account); err != nil {
		t.Fatal(err)
	}
	if s := x.act(sim.Act{Do: sim.DoStart}).Standing; s == nil || s.Is != channel.StandingFollowed || s.Token == "" || s.TokenUntil.IsZero() {
		t.Errorf("follow %+v", s)
	}
	asked := x.act(sim.Act{Do: sim.DoText, Text: "予約したい"}).Message
	if asked == nil || asked.Peer.ExternalID != x.customer || asked.Parts[0].Text != "予約したい" {
		t.Fatalf("message %+v", asked)
	}
	answer := outgoing(textPart("はい"))
	answer.Token, answer.ReplyTo, answer.QuoteRef = asked.Token, asked.ExternalID, asked.QuoteRef
	if _, f := x.send("1", answer); f != nil || x.used() != "0" {
		t.Errorf("a reply is free: %v, %s used", f, x.used())
	}
	if _, f := x.send("2", answer); f != nil || x.used() != "1" {
		t.Errorf("a used token makes a push: %v, %s used", f, x.used())
	}
	chat, err := x.shop.Chat(x.customer)
	if last := chat[len(chat)-1]; err != nil || last.Text != "はい" || last.ReplyTo != string(asked.ExternalID) {
		t.Errorf("the phone shows %+v, %v", last, err)
	}
	x.fetches()

	x.shop.SetTrouble(sim.Trouble{Cut: true, Times: 1})
	menu := outgoing(desk.Part{Kind: desk.PartChoices, Text: "どれ", Choices: []desk.Choice{{ID: "opt_a", Label: "予約"}, {ID: "opt_b", Label: "返金"}}})
	if _, f := x.send("3", menu); f == nil || f.Certain || f.Once {
		t.Errorf("nobody knows, and the key does: %+v", f)
	}
	first, f := x.send("3", menu)
	again, same := x.send("3", menu)
	if f != nil || same != nil || first != again || x.used() != "2" {
		t.Errorf("one menu for three attempts: %s (%v), %s (%v), %s used", first, f, again, same, x.used())
	}
	if m := x.act(sim.Act{Do: sim.DoTap, Button: "返金"}).Message; m == nil || m.Choice != "opt_b" || m.Parts[0].Text != "返金" || m.Token == "" {
		t.Errorf("press %+v", m)
	}

	if s := x.act(sim.Act{Do: sim.DoBlock}).Standing; s == nil || s.Is != channel.StandingBlocked {
		t.Errorf("block %+v", s)
	}
	x.shop.SetTrouble(sim.Trouble{Quota: -1})
	if _, f := x.send("4", outgoing(textPart("x"))); f == nil || f.Kind != channel.ActCap {
		t.Errorf("with nothing left this month: %+v", f)
	}
	x.shop.SetTrouble(sim.Trouble{TokenOff: true})
	if _, f := x.send("5", outgoing(textPart("x"))); f == nil || f.Kind != channel.ActToken {
		t.Errorf("with revoked credentials: %+v", f)
	}
}

// fetches gets a picture that the customer sends.
func (x *exchange) fetches() {
	x.t.Helper()
	const picture = "\x89PNG\r\n\x1a\n and so on"
	m := x.act(sim.Act{Do: sim.DoFile, Files: []sim.Upload{{Name: "a.png", Data: []byte(picture)}}}).Message
	if m == nil || m.Parts[0].Kind != desk.PartImage {
		x.t.Fatalf("message %+v", m)
	}
	media, err := x.line.Fetch(x.t.Context(), x.account, m.Parts[0].MediaRef)
	if err != nil {
		x.t.Fatal(err)
	}
	raw, err := io.ReadAll(media.Body)
	_ = media.Body.Close()
	if err != nil || string(raw) != picture {
		x.t.Errorf("picture %q, %v", raw, err)
	}
}
