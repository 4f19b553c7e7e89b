package desk_test

import (
	"sync"
	"testing"
	"time"

	"madoguchi/desk"
)

// IDs grow and never repeat, whatever the clock does.
func TestIDSource(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	source := desk.NewIDSource(63, func() time.Time { return now })
	if !source.Last().IsZero() {
		t.Errorf("before the first, the last was made at %v", source.Last())
	}
	var last desk.ID
	next := func(when string) desk.ID {
		t.Helper()
		id := source.Next()
		if id <= last || id >= 1<<53 {
			t.Fatalf("%s: %d after %d", when, id, last)
		}
		last = id
		return id
	}
	if id := next("first"); !id.Time().Equal(now) {
		t.Errorf("made at %v", id.Time())
	}
	for range 1000 { // more than a millisecond holds
		next("the same millisecond")
	}
	was := now
	now = now.Add(-time.Hour)
	next("a clock that steps back")
	if source.Last().Before(was) {
		t.Errorf("the last was made at %v, before the clock stepped back from %v", source.Last(), was)
	}
	now = now.Add(2 * time.Hour)
	if id := next("a clock that goes on"); !id.Time().Equal(now) {
		t.Errorf("made at %v, not %v", id.Time(), now)
	}
	now = time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC)
	next("before the epoch")
}

// Two nodes never make the same ID, nor do callers of one node.
func TestIDSourcesDoNotMeet(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	clock := func() time.Time { return now }
	const nodes, callers, each = 4, 4, 500
	made := make(chan desk.ID, nodes*callers*each)
	var group sync.WaitGroup
	for node := range nodes {
		source := desk.NewIDSource(node, clock)
		for range callers {
			group.Go(func() {
				for range each {
					made <- source.Next()
				}
			})
		}
	}
	group.Wait()
	close(made)
	seen := map[desk.ID]bool{}
	for id := range made {
		if seen[id] {
			t.Fatalf("%d twice", id)
		}
		seen[id] = true
	}
}

func TestParseID(t *testing.T) {
	t.Parallel()
	for text, ok := range map[string]bool{
		"1": true, "9007199254740991": true, "9007199254740992": false, "0": false, "-1": false, "": false, "1.5": false, "0x10": false, "１": false,
	} {
		id, err := desk.ParseID(text)
		if (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
		if ok && id.String() != text {
			t.Errorf("%q became %s", text, id)
		}
		if !ok && (desk.KindOf(err) != desk.KindInvalid || id != 0) {
			t.Errorf("%q: %d, %v", text, id, err)
		}
	}
}

func TestAvailability(t *testing.T) {
	t.Parallel()
	lease := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC)
	before := lease.Add(-time.Millisecond)
	for _, c := range []struct {
		p    desk.Presence
		at   time.Time
		want desk.Availability
	}{
		{desk.Presence{Chosen: desk.Online, LeaseUntil: lease}, before, desk.Online},
		{desk.Presence{Chosen: desk.Online, LeaseUntil: lease}, lease, desk.Offline},
		{desk.Presence{Chosen: desk.Online, Idle: true, LeaseUntil: lease}, before, desk.Away},
		{desk.Presence{Chosen: desk.TransferOnly, Idle: true, LeaseUntil: lease}, before, desk.TransferOnly},
		{desk.Presence{Chosen: desk.Away, LeaseUntil: lease}, before, desk.Away},
		{desk.Presence{Chosen: desk.Offline, LeaseUntil: lease}, before, desk.Offline},
		{desk.Presence{LeaseUntil: lease}, before, desk.Offline},
		{desk.Presence{}, before, desk.Offline},
	} {
		if got := c.p.At(c.at); got != c.want {
			t.Errorf("%+v at %v: %s, want %s", c.p, c.at, got, c.want)
		}
	}
}
