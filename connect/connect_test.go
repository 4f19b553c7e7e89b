package connect_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/connect"
	"madoguchi/desk"
	"madoguchi/seal"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// fake is a provider that is asked without a network.
type fake struct {
	channel.Connector
	found      *channel.Probed
	fault      *error
	subscribed *[]string
}

func (fake) Spec() channel.Spec {
	return channel.Spec{Kind: "fake", Icon: "fake", Settings: []channel.Setting{
		{Name: "number", Type: "text", Required: true, Pattern: `^\+[0-9]+$`, MaxRunes: 16},
		{Name: "token", Type: "secret", Required: true, Pattern: `^[a-f0-9]{8}$`},
		{Name: "verify", Type: "made", MaxRunes: 40},
	}}
}

func (f fake) Validate(settings []byte) error { return channel.CheckForm(f.Spec().Settings, settings) }

func (f fake) Probe(_ context.Context, a channel.Account) (channel.Probed, error) {
	if *f.fault != nil {
		return channel.Probed{}, *f.fault
	}
	if a.Secrets["token"] == "" || a.BaseURL != "http://provider.example" {
		return channel.Probed{}, errors.New("asked without what it takes")
	}
	return *f.found, nil
}

func (f fake) Subscribe(_ context.Context, a channel.Account) error {
	*f.subscribed = append(*f.subscribed, "+"+a.Callback)
	return nil
}

func (f fake) Unsubscribe(_ context.Context, a channel.Account) error {
	*f.subscribed = append(*f.subscribed, "-"+a.Callback)
	return nil
}

type world struct {
	store      store.Store
	service    *connect.Service
	found      channel.Probed
	fault      error
	subscribed []string
}

const (
	space  desk.ID = 5
	before desk.ID = 70
)

func newWorld(t *testing.T) *world {
	t.Helper()
	keys, err := seal.NewKeyring([]byte("0123456789abcdef0123456789abcdef"))
	if err != nil {
		t.Fatal(err)
	}
	w := &world{store: storetest.SQLite(t)}
	w.service = connect.New(connect.Config{
		Store: w.store, Sealer: keys, PublicURL: "https://desk.example", Now: time.Now, BaseURL: func(string) string { return "http://provider.example" },
		Channels: channel.Registry{"fake": fake{found: &w.found, fault: &w.fault, subscribed: &w.subscribed}},
	})
	err = w.store.Update(t.Context(), 0, func(tx store.Tx) error {
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: space, Name: "w", CreatedAt: tx.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// add makes a channel as the admin page does.
func (w *world) add(t *testing.T, id desk.ID) desk.Channel {
	t.Helper()
	c := desk.Channel{ID: id, Kind: "fake", Name: "Fake", Settings: json.RawMessage(`{}`), Version: 1, CreatedAt: time.Now(), UpdatedAt: time.Now()}
	if err := w.service.Prepare(space, &c); err != nil {
		t.Fatal(err)
	}
	w.put(t, c)
	return c
}

func (w *world) put(t *testing.T, c desk.Channel) {
	t.Helper()
	if err := w.store.Update(t.Context(), space, func(tx store.Tx) error { return tx.WriteChannels().Put(c) }); err != nil {
		t.Fatal(err)
	}
}

func (w *world) fill(t *testing.T, c desk.Channel) desk.Channel {
	t.Helper()
	if err := w.service.Change(space, &c, json.RawMessage(`{"number":"+81901"}`), map[string]string{"token": "0123abcd"}); err != nil {
		t.Fatal(err)
	}
	w.put(t, c)
	return c
}

func wantCode(t *testing.T, err error, code, field string) {
	t.Helper()
	var e *desk.Error
	if !errors.As(err, &e) || e.Code != code || e.Field != field {
		t.Errorf("%v, want %s at %q", err, code, field)
	}
}

func TestFormatsAreCheckedBeforeAnybodyIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.add(t, before)
	if c.State != desk.ChannelSetupIncomplete || c.Hook == "" {
		t.Errorf("a new channel: %+v", c)
	}
	for _, bad := range []struct {
		settings string
		secrets  map[string]string
		code     string
		field    string
	}{
		{`{"number":"090"}`, nil, "value_malformed", "number"},
		{`{"number":"+81901"}`, map[string]string{"token": "SECRET"}, "value_malformed", "token"},
		{`{"number":"+12345678901234567"}`, nil, "text_too_long", "number"},
		{`{"number":"+81901"}`, map[string]string{"verify": "x"}, "setting_unknown", "verify"},
		{`[]`, nil, "settings_invalid", "settings"},
	} {
		tried := c
		wantCode(t, w.service.Change(space, &tried, json.RawMessage(bad.settings), bad.secrets), bad.code, bad.field)
	}
	_, err := w.service.Probe(t.Context(), space, before, connect.By{})
	wantCode(t, err, "setting_missing", "number")
	copied, err := w.service.Copied(space, c)
	if err != nil || copied["callback"] != "https://desk.example/hooks/fake/"+c.Hook || len(copied["verify"]) != 40 {
		t.Errorf("what to copy: %v, %v", copied, err)
	}
	c = w.fill(t, c)
	again, err := w.service.Copied(space, c)
	if err != nil || again["verify"] != copied["verify"] {
		t.Errorf("a made secret changed: %v, %v", again, err)
	}
	if kept, err := w.service.Kept(space, c); err != nil || len(kept) != 1 || kept[0] != "token" {
		t.Errorf("kept %v, %v", kept, err)
	}
}

func TestTheProviderSaysWhetherItWorks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.fill(t, w.add(t, before))
	w.found = channel.Probed{Account: "acc1", Title: "Sakura", Checks: []channel.Check{{Code: "20003", State: channel.CheckFailed, Field: "secrets.token"}}}
	c, err := w.service.Probe(t.Context(), space, before, connect.By{})
	if err != nil || c.State != desk.ChannelSetupFailed || c.Health.Reason != "20003" || len(c.Health.Checks) != 1 {
		t.Errorf("refused (B1.6): %+v, %v", c, err)
	}
	w.found.Checks = []channel.Check{{Code: "account", State: channel.CheckPassed}}
	w.found.Facts = []channel.Fact{{Name: "quota", Value: "200"}}
	c, err = w.service.Probe(t.Context(), space, before, connect.By{})
	if err != nil || c.State != desk.ChannelAwaitingTest || c.Account != "acc1" || c.Health.Title != "Sakura" || c.Health.Reason != "" || c.Health.Facts[0] != [2]string{"quota", "200"} {
		t.Errorf("it works (B1.6): %+v, %v", c, err)
	}
	w.fault = &channel.Fault{Kind: channel.ActRetry, Code: "no_answer", Err: errors.New("nobody there")}
	_, err = w.service.Probe(t.Context(), space, before, connect.By{})
	wantCode(t, err, "provider_silent", "")
	w.fault = &channel.Fault{Kind: channel.ActToken, Code: "190", Err: errors.New("expired")}
	_, err = w.service.Probe(t.Context(), space, before, connect.By{})
	wantCode(t, err, "provider_refused", "")
}

func TestReconnectingKeepsTheAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.fill(t, w.add(t, before))
	w.found = channel.Probed{Account: "acc1"}
	c, err := w.service.Probe(t.Context(), space, c.ID, connect.By{})
	if err != nil {
		t.Fatal(err)
	}
	c.State = desk.ChannelAuthExpired
	w.put(t, c)
	w.found.Account = "acc2"
	_, err = w.service.Probe(t.Context(), space, c.ID, connect.By{}) // H8
	wantCode(t, err, "other_account", "")
	w.found.Account = "acc1"
	if c, err = w.service.Probe(t.Context(), space, c.ID, connect.By{}); err != nil || c.State != desk.ChannelActive {
		t.Errorf("reconnected: %+v, %v", c, err)
	}
	w.found.Account = "acc2"
	if c, err = w.service.Probe(t.Context(), space, c.ID, connect.By{Confirmed: true}); err != nil || c.Account != "acc2" {
		t.Errorf("confirmed: %+v, %v", c, err)
	}
	c.State = desk.ChannelSuspended
	w.put(t, c)
	if c, err = w.service.Probe(t.Context(), space, c.ID, connect.By{}); err != nil || c.State != desk.ChannelActive {
		t.Errorf("settled at the provider: %+v, %v", c, err)
	}
	w.fill(t, w.add(t, before+1))
	_, err = w.service.Probe(t.Context(), space, before+1, connect.By{}) // B1.5
	wantCode(t, err, "channel_taken", "")
}

func TestTheCallbackIsGivenAndTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.fill(t, w.add(t, before))
	w.service.Leave(t.Context(), space, c) // was never connected
	w.found = channel.Probed{Account: "acc1"}
	c, err := w.service.Probe(t.Context(), space, c.ID, connect.By{})
	if err != nil {
		t.Fatal(err)
	}
	if err := w.service.Subscribe(t.Context(), space, c.ID); err != nil {
		t.Fatal(err)
	}
	w.service.Leave(t.Context(), space, c)
	hook := "https://desk.example/hooks/fake/" + c.Hook
	if len(w.subscribed) != 2 || w.subscribed[0] != "+"+hook || w.subscribed[1] != "-"+hook {
		t.Errorf("the provider heard %v", w.subscribed)
	}
	w.service.PublicURL = ""
	wantCode(t, w.service.Subscribe(t.Context(), space, c.ID), "public_url_missing", "")
}

// TestADeadTokenIsFoundBeforeAnybodyWrites: a look at the account breaks and mends a working channel (H2), and admins hear of what
// it broke once an hour (H7), unless they asked themselves.
func TestADeadTokenIsFoundBeforeAnybodyWrites(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.fill(t, w.add(t, before))
	w.found = channel.Probed{Account: "acc1"}
	byItself := connect.By{Actor: desk.Actor{Kind: desk.ActorSystem}}
	look := func(by connect.By, want desk.ChannelState, told int) {
		t.Helper()
		after, err := w.service.Probe(t.Context(), space, c.ID, by)
		if err == nil && after.State != want {
			t.Errorf("state %s, want %s", after.State, want)
		}
		err = w.store.View(t.Context(), space, func(r store.Reader) error {
			now, err := r.Channels().Get(c.ID)
			if now.State != want {
				t.Errorf("kept %s, want %s", now.State, want)
			}
			if err != nil {
				return err
			}
			all, err := r.Notifications().Newest(9, true, 10)
			if len(all) != told {
				t.Errorf("told %+v, want %d", all, told)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	look(byItself, desk.ChannelAwaitingTest, 0)
	c.State = desk.ChannelActive
	c.Account = "acc1"
	w.put(t, c)
	dead := []channel.Check{{Code: "token", State: channel.CheckFailed, Field: "token"}}
	w.found.Checks = dead
	look(connect.By{}, desk.ChannelAuthExpired, 0) // who asked sees it
	w.found.Checks = nil
	look(byItself, desk.ChannelActive, 0)
	w.found.Checks = dead
	look(byItself, desk.ChannelAuthExpired, 1)
	w.found.Checks = nil
	look(byItself, desk.ChannelActive, 1)
	w.found.Checks = []channel.Check{{Code: "number", State: channel.CheckFailed, Field: "number"}}
	look(byItself, desk.ChannelActive, 1) // no new token would mend it
	w.found.Checks = nil
	w.fault = &channel.Fault{Kind: channel.ActToken, Code: "190", Err: errors.New("expired")}
	look(byItself, desk.ChannelAuthExpired, 2)
	w.fault = nil
	look(byItself, desk.ChannelActive, 2)
}
