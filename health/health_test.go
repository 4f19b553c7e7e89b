package health

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

var noon = time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)

func TestAlertsNameTheOneThingToFix(t *testing.T) {
	t.Parallel()
	day := 24 * time.Hour
	healthy := desk.ChannelHealth{HookAt: noon.Add(-time.Hour), SentAt: noon.Add(-time.Hour)}
	with := func(change func(*desk.ChannelHealth)) desk.ChannelHealth {
		h := healthy
		change(&h)
		return h
	}
	for name, test := range map[string]struct {
		state desk.ChannelState
		h     desk.ChannelHealth
		want  []string
	}{
		"well":                     {desk.ChannelActive, healthy, nil},
		"dead token":               {desk.ChannelAuthExpired, with(func(h *desk.ChannelHealth) { h.TokenExpires = noon }), []string{AuthExpired}},
		"limited":                  {desk.ChannelRateLimited, healthy, []string{RateLimited}},
		"degraded":                 {desk.ChannelDegraded, healthy, []string{Degraded}},
		"disabled":                 {desk.ChannelDisabled, desk.ChannelHealth{SentAt: noon}, nil},
		"a check failed":           {desk.ChannelActive, with(func(h *desk.ChannelHealth) { h.Checks = []desk.HealthCheck{{Code: "scope", State: "failed"}} }), []string{CheckFailed}},
		"token ends in 14 days":    {desk.ChannelActive, with(func(h *desk.ChannelHealth) { h.TokenExpires = noon.Add(14 * day) }), []string{TokenExpires}},
		"token ends in 15 days":    {desk.ChannelActive, with(func(h *desk.ChannelHealth) { h.TokenExpires = noon.Add(15 * day) }), nil},
		"silent while we send":     {desk.ChannelActive, with(func(h *desk.ChannelHealth) { h.HookAt = noon.Add(-day) }), []string{WebhookSilent}},
		"silent, and so are we":    {desk.ChannelActive, desk.ChannelHealth{HookAt: noon.Add(-3 * day), SentAt: noon.Add(-2 * day)}, nil},
		"forged, and nothing else": {desk.ChannelActive, with(func(h *desk.ChannelHealth) { h.ForgedAt = noon.Add(-time.Minute) }), []string{WebhookForged}},
		"forged some time ago":     {desk.ChannelActive, with(func(h *desk.ChannelHealth) { h.ForgedAt = noon.Add(-2 * time.Hour) }), nil},
	} {
		var got []string
		for _, a := range Alerts(desk.Channel{State: test.state, Health: test.h, Hook: "ch_x", CreatedAt: noon.Add(-30 * day)}, noon) {
			got = append(got, a.Code)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}

// TestATokensEndIsWarnedOfThreeTimes is H6: 14, 7 and 1 days ahead, once each, and again for the next token.
func TestATokensEndIsWarnedOfThreeTimes(t *testing.T) {
	t.Parallel()
	c := desk.Channel{State: desk.ChannelActive, Hook: "ch_x", Health: desk.ChannelHealth{TokenExpires: noon.Add(20 * 24 * time.Hour)}}
	warned := map[int][]string{}
	for day := range 42 {
		if day == 20 { // a new token
			c.Health.TokenExpires = noon.Add(40 * 24 * time.Hour)
		}
		for range 2 {
			var causes []string
			c, causes = examine(c, noon.Add(time.Duration(day)*24*time.Hour))
			warned[day] = append(warned[day], causes...)
		}
	}
	for day, want := range map[int]string{6: "token_expires_14", 13: "token_expires_7", 19: "token_expires_1", 26: "token_expires_14", 33: "token_expires_7", 39: "token_expires_1"} {
		if !slices.Equal(warned[day], []string{want}) {
			t.Errorf("day %d: %q, want %q", day, warned[day], want)
		}
		delete(warned, day)
	}
	for day, causes := range warned {
		if len(causes) > 0 {
			t.Errorf("day %d: %q", day, causes)
		}
	}
}

func TestOneNodeWatches(t *testing.T) {
	t.Parallel()
	now := noon
	s := storetest.SQLite(t, func(c *sqlstore.Config) { c.Clock = func() time.Time { return now } })
	must(t, s.Update(t.Context(), 0, func(tx store.Tx) error {
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: 1, Name: "w", Locale: desk.LocaleJA, Zone: "UTC", CreatedAt: tx.Now()})
	}))
	put := func(id desk.ID, state desk.ChannelState, h desk.ChannelHealth) {
		t.Helper()
		must(t, s.Update(t.Context(), 1, func(tx store.Tx) error {
			return tx.WriteChannels().Put(desk.Channel{ID: id, Kind: "line", Account: id.String(), Hook: "ch_" + id.String(), Name: "c", State: state,
				Settings: json.RawMessage(`{}`), Health: h, CreatedAt: noon, UpdatedAt: noon, Version: 1})
		}))
	}
	put(10, desk.ChannelActive, desk.ChannelHealth{ProbedAt: noon})
	put(11, desk.ChannelActive, desk.ChannelHealth{ProbedAt: noon.Add(-6 * time.Hour)})
	put(12, desk.ChannelRateLimited, desk.ChannelHealth{ProbedAt: noon.Add(-time.Hour), Since: noon.Add(-time.Hour), Until: noon.Add(time.Hour)})
	put(13, desk.ChannelDisabled, desk.ChannelHealth{})
	var probed []desk.ID
	watch := New(Config{Store: s, Worker: "a", Now: func() time.Time { return now }, Probe: func(_ context.Context, _, c desk.ID) error {
		probed = append(probed, c)
		return errors.New("silent")
	}})
	turn := func(want bool) {
		t.Helper()
		ours, err := watch.Turn(t.Context())
		must(t, err)
		if ours != want {
			t.Errorf("ours %v", ours)
		}
	}
	turn(true)
	turn(false) // somebody did it just now
	if !slices.Equal(probed, []desk.ID{11, 12}) {
		t.Errorf("probed %v", probed)
	}
	state := func() (c desk.Channel) {
		must(t, s.View(t.Context(), 1, func(r store.Reader) (err error) { c, err = r.Channels().Get(12); return err }))
		return c
	}
	if c := state(); c.State != desk.ChannelRateLimited {
		t.Errorf("before its time: %s", c.State)
	}
	now = noon.Add(time.Hour)
	turn(true)
	if c := state(); c.State != desk.ChannelActive || !c.Health.Until.IsZero() || c.Version != 2 {
		t.Errorf("its time is over: %+v", c)
	}
	must(t, s.View(t.Context(), 1, func(r store.Reader) error {
		report, err := Of(r, 12, now)
		if len(report.Alerts) != 0 || report.Channel.ID != 12 {
			t.Errorf("%+v", report)
		}
		return err
	}))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
