package app_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"madoguchi/app"
	"madoguchi/auth/authtest"
)

// TestEveryChannelConversesThroughTheWholeProgram connects a channel of each kind to the simulator over the API as an admin does,
// lets a customer write and a member answer, and looks at the customer's phone.
func TestEveryChannelConversesThroughTheWholeProgram(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	var state struct {
		Accounts []account `json:"accounts"`
	}
	d.ask("GET", "/sim/control/state", nil, &state)
	if len(state.Accounts) != 7 {
		t.Fatalf("%d accounts in the simulator", len(state.Accounts))
	}
	for _, a := range state.Accounts {
		var kind struct{ Simulated bool }
		if d.ask("GET", "/api/v1/channel-kinds/"+a.Kind, nil, &kind); !kind.Simulated {
			t.Errorf("admins are not offered the simulator's %s", a.Kind)
		}
		d.connect(a)
		d.ask("POST", a.path("acts"), map[string]any{"customer": a.Customers[0].ID, "do": "text", "text": "hello from " + a.Kind}, nil)
	}
	for range state.Accounts {
		d.answerNext()
	}
	for _, a := range state.Accounts {
		last := message{}
		d.until(a.Kind+": the answer is on the phone", func() bool {
			var chat struct {
				Messages []message `json:"messages"`
			}
			d.ask("GET", a.path("chat?customer="+url.QueryEscape(a.Customers[0].ID)), nil, &chat)
			last = chat.Messages[len(chat.Messages)-1]
			return !last.Mine
		})
		if !strings.HasPrefix(last.Text, "answer to hello from "+a.Kind) {
			t.Errorf("%s: the phone shows %q", a.Kind, last.Text)
		}
	}
}

type account struct {
	ID, Kind    string
	Credentials []struct{ Name, Value string }
	Customers   []struct{ ID string }
	Console     struct{ Callback string }
}

func (a account) path(rest string) string { return "/sim/control/accounts/" + a.ID + "/" + rest }

type message struct {
	Mine bool
	Text string
}

// runningDesk is a whole program with the simulator.
type runningDesk struct {
	t        *testing.T
	url, key string
	answered map[int64]bool
}

func openDesk(t *testing.T) *runningDesk {
	t.Helper()
	c := app.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", LogTo: io.Discard, MaxUploadBytes: 1 << 20, Version: "test", Unlimited: true, Sim: true, Passwords: authtest.Passwords()}
	made, err := app.Setup(t.Context(), c, app.SetupParams{Workspace: "Sakura", Email: "owner@example.test", Locale: "ja", Zone: "Asia/Tokyo"})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	opened, ended := make(chan string, 1), make(chan error, 1)
	go func() { ended <- app.Serve(ctx, c, func(address string) { opened <- address }) }()
	t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			t.Errorf("the desk ended with %v", err)
		}
	})
	d := &runningDesk{t: t, key: made.APIKey, answered: map[int64]bool{}}
	select {
	case d.url = <-opened:
	case err := <-ended:
		ended <- nil
		t.Fatal(err)
	}
	if got := d.status(http.MethodGet, "/readyz"); got != http.StatusOK {
		t.Errorf("opened, it answers %d to who asks whether it is ready", got)
	}
	return d
}

// ask makes a request that must succeed.
func (d *runningDesk) ask(method, path string, body, into any) {
	d.t.Helper()
	if err := d.try(method, path, body, into); err != nil {
		d.t.Fatal(err)
	}
}

// try makes a request.
func (d *runningDesk) try(method, path string, body, into any) error {
	raw, err := json.Marshal(body)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(d.t.Context(), method, d.url+path, bytes.NewReader(raw))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+d.key)
	response, err := (&http.Client{Transport: &http.Transport{DisableKeepAlives: true}}).Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= 300 {
		return fmt.Errorf("%s %s: %d %s", method, path, response.StatusCode, answer)
	}
	if into == nil {
		return nil
	}
	if err := json.Unmarshal(answer, into); err != nil {
		return fmt.Errorf("%s %s: %w in %s", method, path, err, answer)
	}
	return nil
}

// connect fills a channel's form in from the simulator's console, has it checked, and types into the console what the desk made.
func (d *runningDesk) connect(a account) {
	d.t.Helper()
	channel, copied := d.create(a.Kind, func(name string) string {
		for _, c := range a.Credentials {
			if c.Name == name {
				return c.Value
			}
		}
		return ""
	})
	var state struct {
		Accounts []account `json:"accounts"`
	}
	d.ask("GET", "/sim/control/state", nil, &state)
	for _, now := range state.Accounts {
		if now.ID == a.ID && now.Console.Callback == "" {
			token := copied["token"] + copied["verify_token"]
			d.ask("PUT", a.path("console"), map[string]any{"callback": copied["callback"], "token": token, "aes_key": copied["aes_key"], "safe": true}, nil)
		}
	}
	d.probe(a.Kind, channel)
}

// create fills a channel's form in and saves it; copied is what belongs into the provider's console.
func (d *runningDesk) create(of string, credential func(name string) string) (channel string, copied map[string]string) {
	d.t.Helper()
	settings, secrets := map[string]string{}, map[string]string{}
	var kind struct {
		Settings []struct{ Name, Type string }
	}
	d.ask("GET", "/api/v1/channel-kinds/"+of, nil, &kind)
	for _, s := range kind.Settings {
		if value := credential(s.Name); value != "" && s.Type == "secret" {
			secrets[s.Name] = value
		} else if value != "" {
			settings[s.Name] = value
		}
	}
	var made struct {
		ID     int64
		Copied map[string]string
	}
	d.ask("POST", "/api/v1/channels", map[string]any{"kind": of, "name": "Shop", "settings": settings, "secrets": secrets}, &made)
	channel = "/api/v1/channels/" + strconv.FormatInt(made.ID, 10)
	if of != "wechat" { // which is told our address in its console alone
		d.ask("POST", channel+"/subscription", struct{}{}, nil)
	}
	return channel, made.Copied
}

// probe has a channel checked at its provider.
func (d *runningDesk) probe(of, channel string) {
	d.t.Helper()
	var probed struct {
		Health struct {
			Checks []struct{ Code, State string }
		}
	}
	d.ask("POST", channel+"/probe", struct{}{}, &probed)
	for _, c := range probed.Health.Checks {
		if c.State == "failed" || c.State == "skipped" {
			d.t.Errorf("%s: the check %s is %s", of, c.Code, c.State)
		}
	}
}

// answerNext waits for a conversation that nobody has answered and answers it with its own words.
func (d *runningDesk) answerNext() {
	d.t.Helper()
	type conversation struct {
		ID      int64
		Preview struct{ Text string }
	}
	var found conversation
	d.until("a message comes in", func() bool {
		var list struct{ Items []conversation }
		d.ask("GET", "/api/v1/conversations", nil, &list)
		for _, c := range list.Items {
			if !d.answered[c.ID] {
				found = c
				return true
			}
		}
		return false
	})
	d.answered[found.ID] = true
	path := "/api/v1/conversations/" + strconv.FormatInt(found.ID, 10) + "/messages"
	parts := []any{map[string]any{"kind": "text", "text": "answer to " + found.Preview.Text}}
	d.ask("POST", path, map[string]any{"mode": "reply", "client_id": "answer", "parts": parts}, nil)
}

// until looks again and again, for at most five minutes: a bound, not an expectation.
func (d *runningDesk) until(what string, is func() bool) {
	d.t.Helper()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	late := time.After(5 * time.Minute)
	for !is() {
		select {
		case <-tick.C:
		case <-late:
			d.t.Fatalf("never: %s", what)
		}
	}
}
