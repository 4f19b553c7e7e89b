package sms_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/sms"
	"madoguchi/desk"
	"madoguchi/sim"
)

// exchange is an account at the simulator and a desk that it calls.
type exchange struct {
	t        *testing.T
	shop     *sim.Account
	customer string
	account  channel.Account
	results  chan channel.Result
}

func newExchange(t *testing.T) *exchange {
	x := &exchange{t: t, results: make(chan channel.Result, 100)}
	s := sim.New(sim.Config{Seed: "sms", Client: channeltest.Client()})
	provider := httptest.NewServer(s)
	t.Cleanup(provider.Close)
	t.Cleanup(s.Close)
	s.SetBase(provider.URL)
	shop, err := s.NewAccount(sms.Kind)
	if err != nil {
		t.Fatal(err)
	}
	x.shop, x.customer = shop, shop.Customers()[0]
	settings, err := json.Marshal(map[string]any{
		"account_sid": shop.Credential("account_sid"), "service_sid": shop.Credential("service_sid"), "number": shop.Credential("number"), "mms": true,
	})
	if err != nil {
		t.Fatal(err)
	}
	counter := httptest.NewServer(http.HandlerFunc(x.receive))
	t.Cleanup(counter.Close)
	x.account = calling(shop.BaseURL(), string(settings))
	x.account.Secrets = map[string]string{"auth_token": shop.Credential("auth_token")}
	x.account.Callback, x.account.Now = counter.URL+"/hooks/sms/ch_7", time.Now
	return x
}

func (x *exchange) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		x.t.Error(err)
	}
	reply, err := sms.New().Receive(r.Context(), channel.Endpoint{Channel: x.account.Channel, Secrets: x.account.Secrets, URL: x.account.Callback, Received: received},
		channel.Request{Method: r.Method, URL: r.URL.RequestURI(), Header: r.Header, Body: body})
	if err != nil {
		x.t.Errorf("%s: %v", body, err)
	}
	w.Header().Set("Content-Type", reply.Type)
	_, _ = w.Write(reply.Body)
	for _, result := range reply.Results {
		x.results <- result
	}
}

// next waits for what came in.
func (x *exchange) next() channel.Result {
	x.t.Helper()
	select {
	case result := <-x.results:
		return result
	case <-time.After(10 * time.Second):
	}
	x.t.Fatal("nothing came in")
	return channel.Result{}
}

func (x *exchange) writes(text string) {
	x.t.Helper()
	if _, err := x.shop.Write(x.customer, text); err != nil {
		x.t.Fatal(err)
	}
}

func (x *exchange) send(text string) (desk.ExternalID, *channel.Fault) {
	m := channel.Outgoing{To: channel.Peer{ExternalID: x.customer}, Key: "12-0", Parts: []desk.Part{{Kind: desk.PartText, Text: text}}}
	id, err := sms.New().Send(x.t.Context(), x.account, m)
	return id, channel.AsFault(err)
}

// TestConversation goes through a conversation with the simulator, from the set-up to a revoked token.
func TestConversation(t *testing.T) {
	t.Parallel()
	x := newExchange(t)
	x.connect()

	x.writes("注文番号 A-42 はどこ?")
	if m := x.next().Message; m == nil || m.Peer.Phone != x.customer || m.Parts[0].Text != "注文番号 A-42 はどこ?" {
		t.Fatalf("message %+v", m)
	}
	x.fetches()

	id, f := x.send("本日発送します")
	if f != nil {
		t.Fatal(f)
	}
	for _, want := range []desk.DeliveryStatus{desk.DeliverySent, desk.DeliverySent, desk.DeliveryDelivered} {
		if r := x.next().Receipt; r == nil || r.ExternalID != id || r.Key != "12-0" || r.Status != want {
			t.Fatalf("receipt %+v, want %s of %s", r, want, id)
		}
	}

	x.writes("STOP")
	if m := x.next().Message; m == nil || m.Keyword != "" {
		t.Fatalf("message %+v", m)
	}
	if _, f := x.send("one more"); f == nil || f.Kind != channel.ActOptOut || f.Code != "21610" || !f.Certain {
		t.Errorf("to somebody who opted out: %+v", f)
	}
	x.shop.SetAdvancedOptOut(true)
	x.writes("START")
	if s, m := x.next().Standing, x.next().Message; s == nil || s.Is != channel.StandingOptedIn || m == nil || m.Keyword != desk.KeywordOptIn {
		t.Errorf("standing %+v, message %+v", s, m)
	}

	x.shop.SetTrouble(sim.Trouble{Cut: true, Times: 1})
	if _, f := x.send("lost?"); f == nil || f.Certain {
		t.Errorf("nobody knows: %+v", f)
	}
	if r := x.next().Receipt; r == nil || r.Key != "12-0" || r.ExternalID == "" {
		t.Errorf("the callback proves it: %+v", r)
	}

	x.shop.SetTrouble(sim.Trouble{TokenOff: true})
	if _, f := x.send("x"); f == nil || f.Kind != channel.ActToken {
		t.Errorf("with a revoked token: %+v", f)
	}
}

// connect checks the account, has the callback set and checks again.
func (x *exchange) connect() {
	x.t.Helper()
	state := func() channel.CheckState {
		found, err := sms.New().Probe(x.t.Context(), x.account)
		if err != nil || !found.OK() {
			x.t.Fatalf("probe %+v, %v", found, err)
		}
		i := slices.IndexFunc(found.Checks, func(c channel.Check) bool { return c.Code == "callback" })
		return found.Checks[i].State
	}
	if s := state(); s != channel.CheckWarning {
		x.t.Errorf("callback %s before it is set", s)
	}
	if err := sms.New().Subscribe(x.t.Context(), x.account); err != nil {
		x.t.Fatal(err)
	}
	if s := state(); s != channel.CheckPassed {
		x.t.Errorf("callback %s after it was set", s)
	}
}

// fetches gets a picture that the customer sends.
func (x *exchange) fetches() {
	x.t.Helper()
	const picture = "\x89PNG\r\n\x1a\n and so on"
	if _, err := x.shop.Act(x.customer, sim.Act{Do: sim.DoFile, Text: "これです", Files: []sim.Upload{{Name: "a.png", Data: []byte(picture)}}}); err != nil {
		x.t.Fatal(err)
	}
	m := x.next().Message
	if m == nil || len(m.Parts) != 2 || m.Parts[1].Kind != desk.PartImage {
		x.t.Fatalf("message %+v", m)
	}
	media, err := sms.New().Fetch(x.t.Context(), x.account, m.Parts[1].MediaRef)
	if err != nil {
		x.t.Fatal(err)
	}
	raw, err := io.ReadAll(media.Body)
	_ = media.Body.Close()
	if err != nil || string(raw) != picture {
		x.t.Errorf("picture %q, %v", raw, err)
	}
}
