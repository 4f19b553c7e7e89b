package channel_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"madoguchi/channel"
)

// TestAPaceNeverExceedsItsRate takes turns as fast as they come and uses each as late as it may be used: whatever span is
// counted, the provider's limit holds. Where there is demand, most of the limit is used.
func TestAPaceNeverExceedsItsRate(t *testing.T) {
	t.Parallel()
	for _, r := range []channel.Rate{
		{Count: 1, Per: time.Second}, {Count: 30, Per: time.Second}, {Count: 80, Per: time.Second}, {Count: 300, Per: time.Second},
		{Count: 20, Per: time.Minute}, {Count: 15, Per: 30 * time.Second, Burst: 5}, {Count: 1, Per: 6 * time.Second, Burst: 45}, {Count: 1000, Per: time.Second},
	} {
		pace := r.Pace()
		if pace.Burst < 1 || pace.Every <= 0 {
			t.Fatalf("%+v: %+v", r, pace)
		}
		start := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
		now, arrival := start, start
		var used []time.Time
		random := rand.New(rand.NewPCG(1, uint64(r.Count)))
		for now.Sub(start) < 5*r.Per+10*time.Second {
			if free := pace.Free(arrival); free.After(now) {
				now = free
			}
			arrival = pace.After(arrival, now, 1)
			used = append(used, now.Add(time.Duration(random.Int64N(int64(r.Slack())+1))))
			if random.IntN(2*r.Count+10) == 0 { // a pause, so that a burst follows
				now = now.Add(time.Duration(random.Int64N(int64(2 * r.Per))))
			}
		}
		bound := func(span time.Duration) int {
			if r.Burst > r.Count {
				return r.Burst + int(int64(span)*int64(r.Count)/int64(r.Per))
			}
			return r.Count
		}
		if most := mostWithin(used, r.Per); most > bound(r.Per) {
			t.Errorf("%+v: %d within %s", r, most, r.Per)
		}
		evenly := float64(r.Per) / float64(pace.Every) / float64(r.Count)
		if r.Burst == 0 && evenly < 0.75 {
			t.Errorf("%+v: only %.2f of the limit is used", r, evenly)
		}
	}
}

// mostWithin counts the fullest span, wherever it begins.
func mostWithin(at []time.Time, span time.Duration) int {
	most := 0
	for _, from := range at {
		n := 0
		for _, x := range at {
			if !x.Before(from) && x.Before(from.Add(span)) {
				n++
			}
		}
		most = max(most, n)
	}
	return most
}
