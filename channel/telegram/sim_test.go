package telegram_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/telegram"
	"madoguchi/desk"
	"madoguchi/sim"
)

// exchange is a bot at the simulator and a desk that it calls.
type exchange struct {
	t        *testing.T
	bot      *sim.Account
	customer string
	account  channel.Account
	results  chan channel.Result
}

func newExchange(t *testing.T) *exchange {
	x := &exchange{t: t, results: make(chan channel.Result, 100)}
	counter := httptest.NewTLSServer(http.HandlerFunc(x.receive)) // Telegram calls no other
	t.Cleanup(counter.Close)
	s := sim.New(sim.Config{Seed: "telegram", Client: counter.Client()})
	provider := httptest.NewServer(s)
	t.Cleanup(provider.Close)
	t.Cleanup(s.Close)
	s.SetBase(provider.URL)
	bot, err := s.NewAccount(telegram.Kind)
	if err != nil {
		t.Fatal(err)
	}
	x.bot, x.customer = bot, bot.Customers()[0]
	x.account = account(t, bot.BaseURL())
	x.account.Secrets = map[string]string{"token": bot.Credential("token"), "hook_secret": secret}
	x.account.Callback, x.account.Now = counter.URL+"/hooks/telegram/ch_3", time.Now
	return x
}

func (x *exchange) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		x.t.Error(err)
	}
	reply, err := telegram.New().Receive(r.Context(), channel.Endpoint{Channel: x.account.Channel, Secrets: x.account.Secrets, URL: x.account.Callback, Received: now},
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

// act lets the customer do something, and waits for what came in.
func (x *exchange) act(a sim.Act) channel.Result {
	x.t.Helper()
	if _, err := x.bot.Act(x.customer, a); err != nil {
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

// send sends, as often as the bot's one message per second asks for.
func (x *exchange) send(m channel.Outgoing) (desk.ExternalID, *channel.Fault) {
	m.To.ExternalID = x.customer
	for {
		id, err := telegram.New().Send(x.t.Context(), x.account, m)
		f := channel.AsFault(err)
		if f == nil || f.Kind != channel.ActThrottle {
			return id, f
		}
		select {
		case <-time.After(f.After):
		case <-x.t.Context().Done():
			return "", f
		}
	}
}

// TestConversation goes through a conversation with the simulator, from the set-up to a revoked token.
func TestConversation(t *testing.T) {
	t.Parallel()
	x := newExchange(t)
	if err := telegram.New().Subscribe(t.Context(), x.account); err != nil {
		t.Fatal(err)
	}
	if p, err := telegram.New().Probe(t.Context(), x.account); err != nil || !p.OK() || p.Checks[1].State != channel.CheckPassed || p.Account != telegram.New().AccountOf(nil, x.account.Secrets) {
		t.Fatalf("probe %+v, %v", p, err)
	}

	if s := x.act(sim.Act{Do: sim.DoStart, Text: "ref_abc"}).Standing; s == nil || s.Referral == nil || s.Referral.ID != "ref_abc" {
		t.Errorf("start %+v", s)
	}
	asked := x.act(sim.Act{Do: sim.DoText, Text: "予約したい"})
	if asked.Message == nil || asked.Message.Peer.ExternalID != x.customer || asked.Message.Parts[0].Text != "予約したい" {
		t.Fatalf("message %+v", asked)
	}
	x.fetches()

	menu := outgoing(desk.Part{Kind: desk.PartChoices, Text: "どれ", Choices: []desk.Choice{{ID: "opt_a", Label: "予約"}, {ID: "opt_b", Label: "返金"}}})
	menu.ReplyTo = asked.Message.ExternalID
	id, f := x.send(menu)
	if f != nil {
		t.Fatal(f)
	}
	if m := x.act(sim.Act{Do: sim.DoTap, Button: "返金"}).Message; m == nil || m.Choice != "opt_b" || m.Parts[0].Text != "返金" || m.ReplyTo != id {
		t.Errorf("press %+v", m)
	}
	if _, f := x.send(outgoing(textPart("写真"), desk.Part{Kind: desk.PartImage, AttachmentID: 1})); f != nil {
		t.Error(f)
	}
	chat, err := x.bot.Chat(x.customer)
	if last := chat[len(chat)-1]; err != nil || last.Text != "写真" || len(last.Files) != 1 {
		t.Errorf("the phone shows %+v, %v", last, err)
	}

	if s := x.act(sim.Act{Do: sim.DoBlock}).Standing; s == nil || s.Is != channel.StandingBlocked {
		t.Errorf("block %+v", s)
	}
	if _, f := x.send(outgoing(textPart("x"))); f == nil || f.Kind != channel.ActBlocked {
		t.Errorf("to somebody who blocked the bot: %+v", f)
	}
	if s := x.act(sim.Act{Do: sim.DoUnblock}).Standing; s == nil || s.Is != channel.StandingUnblocked {
		t.Errorf("unblock %+v", s)
	}
	x.bot.SetTrouble(sim.Trouble{Cut: true, Times: 1})
	if _, f := x.send(outgoing(textPart("lost?"))); f == nil || f.Certain {
		t.Errorf("nobody knows: %+v", f)
	}
	x.bot.SetTrouble(sim.Trouble{TokenOff: true})
	if _, f := x.send(outgoing(textPart("x"))); f == nil || f.Kind != channel.ActToken {
		t.Errorf("with a revoked token: %+v", f)
	}
}

// fetches gets a picture that the customer sends.
func (x *exchange) fetches() {
	x.t.Helper()
	const picture = "\x89PNG\r\n\x1a\n and so on"
	m := x.act(sim.Act{Do: sim.DoFile, Text: "これです", Files: []sim.Upload{{Name: "a.png", Data: []byte(picture)}}}).Message
	if m == nil || len(m.Parts) != 2 || m.Parts[0].Kind != desk.PartImage {
		x.t.Fatalf("message %+v", m)
	}
	media, err := telegram.New().Fetch(x.t.Context(), x.account, m.Parts[0].MediaRef)
	if err != nil {
		x.t.Fatal(err)
	}
	raw, err := io.ReadAll(media.Body)
	_ = media.Body.Close()
	if err != nil || string(raw) != picture {
		x.t.Errorf("picture %q, %v", raw, err)
	}
}
