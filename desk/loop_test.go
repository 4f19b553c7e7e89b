package desk_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"madoguchi/desk"
)

var loopNow = time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)

func TestMachineSender(t *testing.T) {
	t.Parallel()
	own := []string{"+815012345678"}
	for number, want := range map[string]bool{
		"+819012345678": false, "+14155550100": false, "+6831234": false,
		"AMAZON": true, "Bank-JP": true, "+1 415": true, "": true, "+": true, // names
		"12345": true, "50901": true, "+12345": true, // short codes
		"+815012345678": true, // ourselves
	} {
		if got := desk.MachineSender(number, own); got != want {
			t.Errorf("%q: %v, want %v", number, got, want)
		}
	}
}

func TestEchoes(t *testing.T) {
	t.Parallel()
	sent := []desk.Said{{Text: "受け付けました", At: loopNow.Add(-9 * time.Minute)}, {Text: "old", At: loopNow.Add(-10 * time.Minute)}}
	for text, want := range map[string]bool{"受け付けました": true, " 受け付けました\n": true, "old": false, "受け付けました?": false} {
		if got := desk.Echoes(text, sent, loopNow); got != want {
			t.Errorf("%q: %v, want %v", text, got, want)
		}
	}
}

func TestLoopGuard(t *testing.T) {
	t.Parallel()
	same := func(n int, ago time.Duration) []desk.Said {
		return slices.Repeat([]desk.Said{{Text: "ack", At: loopNow.Add(-ago)}}, n)
	}
	different := func(n int) (said []desk.Said) {
		for i := range n {
			said = append(said, desk.Said{Text: strconv.Itoa(i), At: loopNow.Add(-time.Minute)})
		}
		return said
	}
	for name, c := range map[string]struct {
		sent []desk.Said
		want bool
	}{
		"nothing yet":                {nil, false},
		"the third identical":        {same(2, time.Minute), false},
		"the fourth identical":       {same(3, time.Minute), true},
		"three long ago":             {same(3, 10*time.Minute), false},
		"the tenth of any":           {different(9), false},
		"the eleventh of any":        {different(10), true},
		"a clock a little ahead":     {same(3, -time.Second), true},
		"identical and others mixed": {append(same(2, time.Minute), different(7)...), false},
	} {
		if got := desk.LoopGuard("ack", c.sent, loopNow); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestFlooding(t *testing.T) {
	t.Parallel()
	at := slices.Repeat([]time.Time{loopNow.Add(-30 * time.Second)}, 30)
	if desk.Flooding(at, loopNow) {
		t.Error("thirty a minute are a person in a hurry")
	}
	if !desk.Flooding(append(at, loopNow), loopNow) {
		t.Error("thirty-one are none")
	}
	if desk.Flooding(append(at, loopNow.Add(-time.Minute)), loopNow) {
		t.Error("what came a minute ago does not count")
	}
}
