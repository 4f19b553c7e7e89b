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
			var told []desk.Alert
			c, told = examine(c, noon.Add(time.Duration(day)*24*time.Hour))
			for _, a := range told {
				warned[day] = append(warned[day], a.Code+" "+a.Params["days"])
			}
		}
	}
	for day, want := range map[int]string{6: "token_expires 14", 13: "token_expires 7", 19: "token_expires 1", 26: "token_expires 14", 33: "token_expires 7", 39: "token_expires 1"} {
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
