package locale_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/locale"
)

func TestSpansAndMomentsAsPeopleSayThem(t *testing.T) {
	t.Parallel()
	for minutes, want := range map[int][2]string{
		1: {"1 minute", "1分"}, 30: {"30 minutes", "30分"}, 60: {"1 hour", "1時間"}, 90: {"90 minutes", "90分"}, 120: {"2 hours", "2時間"},
		1440: {"24 hours", "24時間"}, 2880: {"2 days", "2日"},
	} {
		if en, ja := locale.Span(desk.LocaleEN, minutes), locale.Span(desk.LocaleJA, minutes); en != want[0] || ja != want[1] {
			t.Errorf("%d: %q, %q", minutes, en, ja)
		}
	}
	at := time.Date(2026, 11, 24, 9, 5, 0, 0, time.UTC)
	for l, want := range map[desk.Locale]string{desk.LocaleEN: "Tue, Nov 24, 09:05", desk.LocaleJA: "11月24日(火) 09:05"} {
		if got := locale.Moment(l, at); got != want {
			t.Errorf("%s: %q", l, got)
		}
	}
	for month := range 12 { // every name is there
		for day := range 7 {
			for _, l := range locale.Locales() {
				if got := locale.Moment(l, time.Date(2026, time.Month(month+1), day+1, 0, 0, 0, 0, time.UTC)); len(got) < 10 {
					t.Errorf("%s: %q", l, got)
				}
			}
		}
	}
}
