package desk_test

import (
	"testing"
	"time"
	_ "time/tzdata" // the test must not depend on the machine's zone files

	"madoguchi/desk"
)

func tokyo() desk.Schedule {
	office := []desk.Interval{{Start: 9 * 60, End: 18 * 60}}
	return desk.Schedule{
		Zone:   "Asia/Tokyo",
		Week:   [7][]desk.Interval{1: office, 2: office, 3: office, 4: office, 5: office},
		Closed: []desk.Date{"2026-11-23"},
	}
}

func always(zone string) desk.Schedule {
	s := desk.Schedule{Zone: zone}
	for i := range s.Week {
		s.Week[i] = []desk.Interval{{Start: 0, End: 24 * 60}}
	}
	return s
}

func at(t *testing.T, s string) time.Time {
	t.Helper()
	v, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestScheduleOpenAt(t *testing.T) {
	t.Parallel()
	special := tokyo()
	special.Special = map[desk.Date][]desk.Interval{
		"2026-11-21": {{Start: 10 * 60, End: 12 * 60}}, // a Saturday
		"2026-11-23": {{Start: 10 * 60, End: 12 * 60}}, // closed wins
		"2026-11-24": {},                               // an ordinary Tuesday without hours
	}
	for _, tt := range []struct {
		name string
		s    desk.Schedule
		at   string
		want bool
	}{
		{"0.8 last second of Friday", tokyo(), "2026-11-20T08:59:59Z", true},
		{"0.8 the end instant is outside", tokyo(), "2026-11-20T09:00:00Z", false},
		{"the start instant is inside", tokyo(), "2026-11-20T00:00:00Z", true},
		{"before opening", tokyo(), "2026-11-19T23:59:59Z", false},
		{"0.8 closed date, morning", tokyo(), "2026-11-23T00:00:00Z", false},
		{"0.8 closed date, noon", tokyo(), "2026-11-23T03:00:00Z", false},
		{"weekend", tokyo(), "2026-11-21T03:00:00Z", false},
		{"0.7 special date opens a Saturday", special, "2026-11-21T01:30:00Z", true},
		{"0.7 closed beats special", special, "2026-11-23T01:30:00Z", false},
		{"0.7 special beats week", special, "2026-11-24T01:30:00Z", false},
		{"24:00 is allowed", always("Asia/Tokyo"), "2026-11-20T14:59:59Z", true},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.s.OpenAt(at(t, tt.at))
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("OpenAt(%s) = %v, want %v", tt.at, got, tt.want)
			}
		})
	}
}

func TestScheduleElapsed(t *testing.T) {
	t.Parallel()
	night := desk.Schedule{Zone: "America/New_York"} // 01:30–02:30 every day
	for i := range night.Week {
		night.Week[i] = []desk.Interval{{Start: 90, End: 150}}
	}
	for _, tt := range []struct {
		name     string
		s        desk.Schedule
		from, to string
		want     time.Duration
	}{
		{"0.9 autumn day has 25 h", always("America/New_York"), "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", 90_000 * time.Second},
		{"0.9 spring day has 23 h", always("America/New_York"), "2027-03-14T05:00:00Z", "2027-03-15T04:00:00Z", 82_800 * time.Second},
		{"a repeated half hour counts twice", night, "2026-11-01T04:00:00Z", "2026-11-02T05:00:00Z", 90 * time.Minute},
		{"a skipped half hour does not count", night, "2027-03-14T05:00:00Z", "2027-03-15T04:00:00Z", 30 * time.Minute},
		{"I2.13 FRT over the holiday", tokyo(), "2026-11-20T08:52:00Z", "2026-11-24T00:05:00Z", 780 * time.Second},
		{"nothing at night", tokyo(), "2026-11-20T10:00:00Z", "2026-11-20T20:00:00Z", 0},
		{"backwards is nothing", tokyo(), "2026-11-20T05:00:00Z", "2026-11-20T04:00:00Z", 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := tt.s.Elapsed(at(t, tt.from), at(t, tt.to))
			if err != nil {
				t.Fatal(err)
			}
			if got != tt.want {
				t.Errorf("Elapsed = %v, want %v", got, tt.want)
			}
		})
	}
}

func TestScheduleNextOpenAndAfter(t *testing.T) {
	t.Parallel()
	next, ok, err := tokyo().NextOpen(at(t, "2026-11-20T09:00:00Z"))
	if err != nil || !ok || !next.Equal(at(t, "2026-11-24T00:00:00Z")) {
		t.Errorf("NextOpen over weekend and holiday = %v %v %v", next, ok, err)
	}
	inside := at(t, "2026-11-20T05:00:00Z")
	if next, ok, _ := tokyo().NextOpen(inside); !ok || !next.Equal(inside) {
		t.Errorf("NextOpen while open = %v %v, want the instant itself", next, ok)
	}
	if _, ok, err := (desk.Schedule{Zone: "UTC"}).NextOpen(inside); ok || err != nil {
		t.Errorf("NextOpen of a schedule without hours = %v %v", ok, err)
	}
	due, ok, err := tokyo().After(at(t, "2026-11-20T08:50:00Z"), time.Hour) // E18
	if err != nil || !ok || !due.Equal(at(t, "2026-11-24T00:50:00Z")) {
		t.Errorf("E18: due %v %v %v, want Tuesday 09:50 in Tokyo", due, ok, err)
	}
}

func TestScheduleLocated(t *testing.T) {
	t.Parallel()
	inside := at(t, "2026-11-20T05:00:00Z")
	s, err := tokyo().Located()
	if err != nil {
		t.Fatal(err)
	}
	if open, err := s.OpenAt(inside); !open || err != nil {
		t.Errorf("open %v %v in Tokyo's afternoon", open, err)
	}
	s.Zone = "America/New_York" // the zone in hand is another's now
	if open, err := s.OpenAt(inside); open || err != nil {
		t.Errorf("open %v %v at midnight in New York", open, err)
	}
	if _, err := (desk.Schedule{Zone: "Mars/Olympus"}).Located(); desk.CodeOf(err) != "zone_unknown" {
		t.Errorf("a zone that is none: %v", err)
	}
}

func TestScheduleValidate(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name string
		edit func(*desk.Schedule)
		code string
	}{
		{"good", func(*desk.Schedule) {}, ""},
		{"no zone", func(s *desk.Schedule) { s.Zone = "" }, "zone_unknown"},
		{"unknown zone", func(s *desk.Schedule) { s.Zone = "Asia/Edo" }, "zone_unknown"},
		{"past midnight", func(s *desk.Schedule) { s.Week[1] = []desk.Interval{{Start: 60, End: 1441}} }, "interval_invalid"},
		{"empty", func(s *desk.Schedule) { s.Week[1] = []desk.Interval{{Start: 60, End: 60}} }, "interval_invalid"},
		{"overlap", func(s *desk.Schedule) { s.Week[1] = []desk.Interval{{Start: 60, End: 120}, {Start: 119, End: 130}} }, "interval_overlaps"},
		{"touching is fine", func(s *desk.Schedule) { s.Week[1] = []desk.Interval{{Start: 60, End: 120}, {Start: 120, End: 130}} }, ""},
		{"bad date", func(s *desk.Schedule) { s.Closed = []desk.Date{"23.11.2026"} }, "date_invalid"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := tokyo()
			tt.edit(&s)
			err := s.Validate()
			if got := desk.CodeOf(err); got != tt.code {
				t.Errorf("Validate = %v, want code %q", err, tt.code)
			}
		})
	}
}

// FuzzScheduleSpans holds Elapsed against a walk over every minute by the wall clock.
func FuzzScheduleSpans(f *testing.F) {
	f.Add(int64(1793505600), uint16(1440), uint8(0))
	f.Add(int64(1804999200), uint16(2000), uint8(1))
	f.Fuzz(func(t *testing.T, start int64, minutes uint16, zone uint8) {
		zones := []string{"America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "Europe/Berlin", "America/Sao_Paulo"}
		s := tokyo()
		s.Zone = zones[int(zone)%len(zones)]
		s.Week[0] = []desk.Interval{{Start: 30, End: 150}, {Start: 170, End: 1440}}
		from := time.Unix((start%4_000_000_000)/60*60, 0)
		if from.Year() < 1990 { // older offsets are not whole minutes
			return
		}
		want := time.Duration(0)
		for i := range int(minutes) {
			if open, err := s.OpenAt(from.Add(time.Duration(i) * time.Minute)); err != nil {
				t.Fatal(err)
			} else if open {
				want += time.Minute
			}
		}
		got, err := s.Elapsed(from, from.Add(time.Duration(minutes)*time.Minute))
		if err != nil || got != want {
			t.Errorf("%s from %s for %d min: Elapsed = %v (%v), minute by minute %v", s.Zone, from.UTC(), minutes, got, err, want)
		}
	})
}
