package inbound

import (
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

func TestWhatOpensAWindow(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	window := &channel.Window{For: 24 * time.Hour, Count: 5, HumanFor: 7 * 24 * time.Hour, HumanTag: "tag"}
	for name, c := range map[string]struct {
		window  *channel.Window
		own     *channel.Opening
		message bool
		want    desk.Opening
	}{
		"no window":           {nil, nil, true, desk.Opening{}},
		"a message":           {window, nil, true, desk.Opening{At: at, For: 24 * time.Hour, Count: 5, HumanFor: 7 * 24 * time.Hour}},
		"something else":      {window, nil, false, desk.Opening{}},
		"a button":            {window, &channel.Opening{For: time.Minute, Count: 3}, false, desk.Opening{At: at, For: time.Minute, Count: 3, HumanFor: 7 * 24 * time.Hour}},
		"from an ad":          {window, &channel.Opening{FreeFor: time.Hour}, true, desk.Opening{At: at, For: 24 * time.Hour, Count: 5, HumanFor: 7 * 24 * time.Hour, FreeFor: time.Hour}},
		"with its own moment": {nil, &channel.Opening{At: at.Add(1), For: time.Hour}, false, desk.Opening{At: at.Add(1), For: time.Hour}},
	} {
		if got, opens := openingOf(c.window, c.own, at, c.message); got != c.want || opens != (c.want != desk.Opening{}) {
			t.Errorf("%s: %+v, %v", name, got, opens)
		}
	}
}
