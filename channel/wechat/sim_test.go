package wechat_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/wechat"
	"madoguchi/desk"
	"madoguchi/sim"
)

// counter is an account at the simulator and a desk that it calls.
type counter struct {
	t         *testing.T
	sim       *sim.Simulator
	shop      *sim.Account
	customer  string
	connector wechat.Connector
	account   channel.Account
	results   chan channel.Result
}

func newCounter(t *testing.T, safe bool) *counter {
	t.Helper()
	c := &counter{t: t, sim: sim.New(sim.Config{Seed: "wechat", Client: channeltest.Client()}), connector: connector(), results: make(chan channel.Result, 100)}
	provider := httptest.NewServer(c.sim)
	t.Cleanup(provider.Close)
	t.Cleanup(c.sim.Close)
	c.sim.SetBase(provider.URL)
	shop, err := c.sim.NewAccount(wechat.Kind)
	if err != nil {
		t.Fatal(err)
	}
	c.shop, c.customer = shop, shop.Customers()[0]
	mode := map[bool]string{true: "safe", false: "plain"}[safe]
	settings, err := json.Marshal(map[string]string{"app_id": shop.Credential("app_id"), "mode": mode})
	if err != nil {
		t.Fatal(err)
	}
	c.account = channel.Account{
		Channel: desk.Channel{ID: 7, Kind: wechat.Kind, Account: shop.Credential("app_id"), Settings: settings}, Secrets: map[string]string{"app_secret": shop.Credential("app_secret"), "token": token, "aes_key": aesKey},
		BaseURL: shop.BaseURL(), Client: channeltest.Client(), Now: time.Now,
	}
	callback := httptest.NewServer(http.HandlerFunc(c.receive))
	t.Cleanup(callback.Close)
	if err := shop.Configure(t.Context(), sim.Console{Callback: callback.URL + "/hooks/wechat/x", Token: token, AESKey: aesKey, Safe: safe}); err != nil {
		t.Fatal(err)
	}
	return c
}

func (c *counter) receive(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		c.t.Error(err)
	}
	e := channel.Endpoint{Channel: c.account.Channel, Secrets: c.account.Secrets, Received: time.Now()}
	answer := c.connector.Verify
	if r.Method == http.MethodPost {
		answer = func(e channel.Endpoint, r channel.Request) (channel.Reply, error) {
			return c.connector.Receive(c.t.Context(), e, r)
		}
	}
	reply, err := answer(e, channel.Request{Method: r.Method, URL: r.URL.RequestURI(), Header: r.Header, Body: body})
	if err != nil {
		c.t.Errorf("%s: %v", body, err)
	}
	_, _ = w.Write(reply.Body)
	for _, result := range reply.Results {
		c.results <- result
	}
}

// does lets the customer do something, and waits for what comes of it.
func (c *counter) does(act sim.Act) channel.Result {
	c.t.Helper()
	if _, err := c.shop.Act(c.customer, act); err != nil {
		c.t.Fatal(err)
	}
	select {
	case result := <-c.results:
		return result
	case <-time.After(10 * time.Second):
	}
	c.t.Fatal("nothing came in")
	return channel.Result{}
}

func (c *counter) send(m channel.Outgoing) *channel.Fault {
	m.To.ExternalID = c.customer
	_, err := c.connector.Send(c.t.Context(), c.account, m)
	return channel.AsFault(err)
}

// refuses expects a refusal of the next text.
func (c *counter) refuses(why, code string, kind channel.Action) {
	c.t.Helper()
	if f := c.send(textOf("もう一度")); f == nil || f.Code != code || f.Kind != kind || !f.Certain {
		c.t.Errorf("%s: %v", why, f)
	}
}

// TestConversation goes through a conversation with the simulator, in both modes, from the set-up to a revoked secret.
func TestConversation(t *testing.T) {
	t.Parallel()
	for name, safe := range map[string]bool{"plain": false, "safe": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newCounter(t, safe)
			if p, err := c.connector.Probe(t.Context(), c.account); err != nil || !p.OK() || len(p.Facts) != 2 {
				t.Fatalf("%+v, %v", p, err)
			}
			if r := c.does(sim.Act{Do: sim.DoStart, Text: "shop"}); r.Standing == nil || r.Standing.Is != channel.StandingFollowed || r.Standing.Referral.ID != "shop" {
				t.Errorf("%+v", r.Standing)
			}
			if m := c.does(sim.Act{Do: sim.DoText, Text: "在吗?"}).Message; m == nil || m.Parts[0].Text != "在吗?" || m.Peer.ExternalID != c.customer {
				t.Fatalf("%+v", m)
			}
			if err := c.connector.Typing(t.Context(), c.account, channel.Peer{ExternalID: c.customer}, ""); err != nil {
				t.Error(err)
			}
			c.picture()
			c.menu()
			c.limits()
		})
	}
}

// picture goes both ways.
func (c *counter) picture() {
	c.t.Helper()
	const png = "\x89PNG\r\n\x1a\n and so on"
	m := c.does(sim.Act{Do: sim.DoFile, Files: []sim.Upload{{Name: "a.png", Data: []byte(png)}}}).Message
	if m == nil || m.Parts[0].Kind != desk.PartImage {
		c.t.Fatalf("%+v", m)
	}
	media, err := c.connector.Fetch(c.t.Context(), c.account, m.Parts[0].MediaRef)
	if err != nil {
		c.t.Fatal(err)
	}
	raw, err := io.ReadAll(media.Body)
	_ = media.Body.Close()
	if err != nil || string(raw) != png {
		c.t.Errorf("%q, %v", raw, err)
	}
	for _, m := range []channel.Outgoing{fileOf(desk.PartImage, "image/png", png), fileOf(desk.PartVideo, "video/mp4", "mp4")} {
		if f := c.send(m); f != nil {
			c.t.Error(f)
		}
	}
}

// menu offers options, of which the customer taps one.
func (c *counter) menu() {
	c.t.Helper()
	if f := c.send(outgoing(desk.Part{Kind: desk.PartChoices, Text: "ご用件は?", Choices: []desk.Choice{{ID: "o1", Label: "予約"}, {ID: "o2", Label: "変更"}}})); f != nil {
		c.t.Fatal(f)
	}
	chat, err := c.shop.Chat(c.customer)
	if err != nil {
		c.t.Fatal(err)
	}
	offered := chat[slices.IndexFunc(chat, func(m sim.Message) bool { return len(m.Buttons) > 0 })]
	if r := c.does(sim.Act{Do: sim.DoTap, Button: "o2", Message: offered.ID}); r.Message == nil || r.Message.Choice != "o2" || !strings.Contains(r.Message.Parts[0].Text, "変更") {
		c.t.Errorf("%+v", r.Message)
	}
}

// limits goes past what the provider allows, one thing after the other.
func (c *counter) limits() {
	c.t.Helper()
	c.does(sim.Act{Do: sim.DoText, Text: "急いでいます"})
	for range 5 {
		if f := c.send(textOf("はい")); f != nil {
			c.t.Error(f)
		}
	}
	c.refuses("the sixth", "45047", channel.ActWindow)
	c.sim.Advance(49 * time.Hour)
	c.refuses("two days later, with an old token", "45015", channel.ActWindow)
	if s := c.does(sim.Act{Do: sim.DoBlock}).Standing; s == nil || s.Is != channel.StandingBlocked {
		c.t.Errorf("%+v", s)
	}
	c.refuses("unsubscribed", "43004", channel.ActBlocked)
	c.shop.SetTrouble(sim.Trouble{TokenOff: true})
	c.refuses("with a revoked secret", "40125", channel.ActToken)
}
