package desk_test

import (
	"testing"
	"time"

	"madoguchi/desk"
)

// day is an instant of the week of Monday, 16 November 2026.
func day(weekday, hour, minute int) time.Time {
	return time.Date(2026, 11, 15+weekday, hour, minute, 0, 0, time.UTC)
}

const monday, tuesday, wednesday, thursday = 1, 2, 3, 4

func TestWindowEndsAsTheProviderCounts(t *testing.T) { // C1.3
	t.Parallel()
	s := desk.Standing{}.Opened(desk.Opening{At: day(monday, 10, 0), For: 24 * time.Hour}, day(monday, 10, 3))
	if !s.WindowUntil.Equal(day(tuesday, 10, 0)) {
		t.Fatalf("until %v", s.WindowUntil)
	}
	for _, c := range []struct {
		at    time.Time
		guard time.Duration
		want  desk.WindowState
	}{
		{day(monday, 11, 0), 0, desk.WindowOpen},
		{day(tuesday, 9, 0), 0, desk.WindowOpen},
		{day(tuesday, 9, 1), 0, desk.WindowClosing},
		{day(tuesday, 9, 59), 0, desk.WindowClosing},
		{day(tuesday, 9, 59), time.Minute, desk.WindowClosed},
		{day(tuesday, 10, 0), 0, desk.WindowClosed},
	} {
		if got := s.Window(c.at, c.guard); got != c.want {
			t.Errorf("at %v with guard %v: %s, want %s", c.at, c.guard, got, c.want)
		}
	}
	if got := (desk.Standing{}).Window(day(monday, 0, 0), 0); got != desk.WindowClosed {
		t.Errorf("never opened: %s", got)
	}
}

func TestWindowIsTheLatestOfAll(t *testing.T) {
	t.Parallel()
	late := desk.Opening{At: day(monday, 12, 0), For: 24 * time.Hour}
	early := desk.Opening{At: day(monday, 10, 0), For: 24 * time.Hour}
	now := day(monday, 13, 0)
	for name, s := range map[string]desk.Standing{
		"in order":     desk.Standing{}.Opened(early, now).Opened(late, now),
		"out of order": desk.Standing{}.Opened(late, now).Opened(early, now),
		"twice":        desk.Standing{}.Opened(late, now).Opened(late, now),
		"long before":  desk.Standing{}.Opened(desk.Opening{At: day(monday, 0, 0), For: 36 * time.Hour}, now).Opened(early, now),
	} {
		if !s.WindowUntil.Equal(day(tuesday, 12, 0)) {
			t.Errorf("%s: until %v", name, s.WindowUntil)
		}
	}
	for name, at := range map[string]time.Time{"no stamp": {}, "a stamp ahead of us": now.Add(time.Hour)} {
		s := desk.Standing{}.Opened(desk.Opening{At: at, For: time.Hour}, now)
		if !s.WindowUntil.Equal(now.Add(time.Hour)) {
			t.Errorf("%s: until %v", name, s.WindowUntil)
		}
	}
	if s := (desk.Standing{}).Opened(desk.Opening{At: now}, now); s != (desk.Standing{}) {
		t.Errorf("a channel without a window: %+v", s)
	}
}

func TestWindowCountsOurMessages(t *testing.T) { // C1.9
	t.Parallel()
	now := day(monday, 10, 0)
	message := desk.Opening{At: now, For: 48 * time.Hour, Count: 5}
	s := desk.Standing{}.Opened(message, now)
	for range 4 {
		s = s.Wrote(now, false)
	}
	button := desk.Opening{At: now.Add(time.Minute), For: time.Minute, Count: 3}
	if s = s.Opened(button, now.Add(time.Minute)); s.WindowLeft != 1 || !s.WindowUntil.Equal(now.Add(48*time.Hour)) {
		t.Errorf("a shorter permission took a longer one's place: %+v", s)
	}
	if s = s.Wrote(now, false); s.Window(now, 0) != desk.WindowClosed {
		t.Errorf("open though used up: %+v", s)
	}
	if s = s.Wrote(now, false); s.WindowLeft != 0 {
		t.Errorf("below nothing: %+v", s)
	}
	if s = s.Opened(button, now.Add(time.Minute)); s.WindowLeft != 3 || !s.WindowUntil.Equal(now.Add(2*time.Minute)) {
		t.Errorf("used up, then a button: %+v", s)
	}
	message.At = now.Add(time.Hour)
	if s = s.Opened(message, now.Add(time.Hour)); s.WindowLeft != 5 {
		t.Errorf("a message grants anew: %+v", s)
	}
	if s = s.Opened(desk.Opening{At: now.Add(2 * time.Hour), For: 48 * time.Hour}, now.Add(2*time.Hour)); s.Counted {
		t.Errorf("any number: %+v", s)
	}
}

func TestMembersWriteLongerThanMachines(t *testing.T) { // C1.9
	t.Parallel()
	s := desk.Standing{}.Opened(desk.Opening{At: day(monday, 10, 0), For: 24 * time.Hour, HumanFor: 7 * 24 * time.Hour}, day(monday, 10, 0))
	for _, c := range []struct {
		at          time.Time
		author      desk.AuthorKind
		may, tagged bool
	}{
		{day(monday, 11, 0), desk.AuthorBot, true, false},
		{day(monday, 11, 0), desk.AuthorHuman, true, false},
		{day(wednesday, 11, 0), desk.AuthorHuman, true, true},
		{day(wednesday, 11, 0), desk.AuthorAutomation, false, false},
		{day(monday+7, 10, 0), desk.AuthorHuman, false, false},
	} {
		if may, tagged := s.MayWrite(c.author, c.at, 0); may != c.may || tagged != c.tagged {
			t.Errorf("%s at %v: %v, tagged %v", c.author, c.at, may, tagged)
		}
	}
}

func TestFreeEntryPoint(t *testing.T) { // C1.6, C1.8
	t.Parallel()
	advertisement := desk.Opening{At: day(monday, 12, 0), For: 24 * time.Hour, FreeFor: 72 * time.Hour}
	came := desk.Standing{}.Opened(advertisement, day(monday, 12, 0))
	s := came.Wrote(day(monday, 15, 0), false)
	if !s.FreeUntil.Equal(day(thursday, 15, 0)) || s.Wrote(day(monday, 16, 0), false).FreeUntil != s.FreeUntil {
		t.Errorf("free until %v", s.FreeUntil)
	}
	if may, _ := s.MayWrite(desk.AuthorHuman, day(wednesday, 10, 0), 0); may || !s.Free(day(wednesday, 10, 0)) {
		t.Errorf("on Wednesday: may write %v, free %v", may, s.Free(day(wednesday, 10, 0)))
	}
	if s.Free(day(thursday, 16, 0)) {
		t.Error("free after its end")
	}
	if late := came.Wrote(day(tuesday, 12, 0), true); late.Free(day(tuesday, 12, 1)) || !late.FreePending.IsZero() {
		t.Errorf("answered too late: %+v", late)
	}
}

func TestFreeEntryPointOpensWhereTheProviderExtends(t *testing.T) { // C1.7
	t.Parallel()
	advertisement := desk.Opening{At: day(monday, 12, 0), For: 24 * time.Hour, FreeFor: 72 * time.Hour, FreeOpens: true}
	s := desk.Standing{}.Opened(advertisement, day(monday, 12, 0)).Wrote(day(monday, 15, 0), false)
	if may, _ := s.MayWrite(desk.AuthorHuman, day(wednesday, 10, 0), 0); !may || !s.WindowUntil.Equal(day(thursday, 15, 0)) {
		t.Errorf("until %v, on Wednesday: may write %v", s.WindowUntil, may)
	}
	later := s.Opened(desk.Opening{At: day(tuesday, 12, 0), For: 24 * time.Hour}, day(tuesday, 12, 0))
	if !later.WindowUntil.Equal(day(thursday, 15, 0)) {
		t.Errorf("an ordinary message shortened it to %v", later.WindowUntil)
	}
	if may, _ := s.MayWrite(desk.AuthorHuman, day(thursday, 15, 0), 0); may {
		t.Error("open at its end")
	}
}

func TestTemplateWaitsForItsAnswer(t *testing.T) { // C1.5
	t.Parallel()
	s := desk.Standing{}.Wrote(day(monday, 10, 0), true)
	if got := s.Window(day(monday, 11, 0), 0); got != desk.WindowTemplate {
		t.Errorf("after the template: %s", got)
	}
	if may, _ := s.MayWrite(desk.AuthorHuman, day(monday, 11, 0), 0); may {
		t.Error("a template opens nothing")
	}
	if s = s.Opened(desk.Opening{At: day(monday, 12, 0), For: 24 * time.Hour}, day(monday, 12, 0)); !s.TemplateAt.IsZero() || s.Window(day(monday, 12, 1), 0) != desk.WindowOpen {
		t.Errorf("answered: %+v", s)
	}
}

func TestTheEndThatListsKnow(t *testing.T) { // C2.3, C1.9
	t.Parallel()
	at := day(monday, 10, 0)
	opened := desk.Standing{}.Opened(desk.Opening{At: at, For: 48 * time.Hour, Count: 1}, at)
	for name, c := range map[string]struct {
		s    desk.Standing
		want time.Time
	}{
		"never opened":       {desk.Standing{TemplateAt: at}, time.Time{}},
		"open":               {opened, day(wednesday, 10, 0)},
		"used up":            {opened.Wrote(at.Add(time.Hour), false), at},
		"members have more":  {desk.Standing{WindowUntil: at, HumanUntil: day(thursday, 0, 0)}, day(thursday, 0, 0)},
		"the tag ends first": {desk.Standing{WindowUntil: day(thursday, 0, 0), HumanUntil: at}, day(thursday, 0, 0)},
	} {
		if got := c.s.ReplyUntil(); !got.Equal(c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	c := desk.Conversation{ReplyUntil: at}
	for before, want := range map[time.Duration]desk.WindowState{0: desk.WindowClosed, time.Minute: desk.WindowClosing, time.Hour: desk.WindowOpen} {
		if got := c.Window(at.Add(-before)); got != want {
			t.Errorf("%v before its end: %s, want %s", before, got, want)
		}
	}
	if got := (desk.Conversation{}).Window(at); got != "" {
		t.Errorf("without a window: %s", got)
	}
}
