package webchat_test

import (
	"maps"
	"slices"
	"testing"

	"madoguchi/channel/webchat"
	"madoguchi/desk"
)

func TestTextsHaveEqualKeys(t *testing.T) {
	t.Parallel()
	c, err := webchat.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	ja := slices.Sorted(maps.Keys(c[desk.LocaleJA]))
	en := slices.Sorted(maps.Keys(c[desk.LocaleEN]))
	if !slices.Equal(ja, en) {
		t.Errorf("ja has %v, en has %v", ja, en)
	}
	for locale, texts := range c {
		for key, text := range texts {
			if text == "" {
				t.Errorf("%s has no text for %s", locale, key)
			}
		}
	}
}

func TestHoursInOneLine(t *testing.T) {
	t.Parallel()
	c, err := webchat.LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	day := []desk.Interval{{Start: 9 * 60, End: 18 * 60}}
	weekdays := desk.Schedule{Zone: "Asia/Tokyo", Week: [7][]desk.Interval{nil, day, day, day, day, day, nil}}
	always := desk.Schedule{Zone: "UTC"}
	for i := range always.Week {
		always.Week[i] = []desk.Interval{{Start: 0, End: 720}, {Start: 780, End: 1440}}
	}
	odd := desk.Schedule{Zone: "UTC", Week: [7][]desk.Interval{nil, day, nil, day, nil, nil, nil}}
	for _, test := range []struct {
		locale desk.Locale
		s      desk.Schedule
		want   string
	}{
		{desk.LocaleJA, weekdays, "月〜金 09:00〜18:00 / 土、日 休み (Asia/Tokyo)"},
		{desk.LocaleEN, weekdays, "Mon–Fri 09:00–18:00 / Sat, Sun closed (Asia/Tokyo)"},
		{desk.LocaleEN, always, "Every day 00:00–12:00, 13:00–24:00 (UTC)"},
		{desk.LocaleEN, odd, "Mon, Wed 09:00–18:00 / Tue, Thu–Sun closed (UTC)"},
	} {
		if got := c.Hours(test.locale, test.s); got != test.want {
			t.Errorf("got %q, want %q", got, test.want)
		}
	}
}
