package desk_test

import (
	"testing"
	"time"

	"madoguchi/desk"
)

func TestLeave(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	hour := now.Add(time.Hour)
	past := now.Add(-time.Hour)
	open := desk.Standing{WindowUntil: hour}
	human := desk.Standing{WindowUntil: past, HumanUntil: hour}
	out := desk.Standing{WindowUntil: hour, OptedOutAt: past}
	for name, test := range map[string]struct {
		s      desk.Standing
		m      desk.Sending
		tagged bool
		code   string
	}{
		"no window":                         {desk.Standing{}, desk.Sending{Author: desk.AuthorBot}, false, ""},
		"open":                              {open, desk.Sending{Author: desk.AuthorBot, Windowed: true}, false, ""},
		"open, but within the guard":        {open, desk.Sending{Author: desk.AuthorBot, Windowed: true, Guard: 2 * time.Hour}, false, desk.CodeWindow},
		"at its very end":                   {desk.Standing{WindowUntil: now}, desk.Sending{Author: desk.AuthorHuman, Windowed: true}, false, desk.CodeWindow},
		"never opened":                      {desk.Standing{}, desk.Sending{Author: desk.AuthorHuman, Windowed: true}, false, desk.CodeWindow},
		"closed, a template":                {desk.Standing{}, desk.Sending{Author: desk.AuthorHuman, Windowed: true, Template: true}, false, ""},
		"all counted":                       {desk.Standing{WindowUntil: hour, Counted: true}, desk.Sending{Author: desk.AuthorHuman, Windowed: true}, false, desk.CodeWindow},
		"one left":                          {desk.Standing{WindowUntil: hour, Counted: true, WindowLeft: 1}, desk.Sending{Author: desk.AuthorHuman, Windowed: true}, false, ""},
		"longer for a member":               {human, desk.Sending{Author: desk.AuthorHuman, Windowed: true}, true, ""},
		"longer, but not for a machine":     {human, desk.Sending{Author: desk.AuthorBot, Windowed: true}, false, desk.CodeWindow},
		"opted out":                         {out, desk.Sending{Author: desk.AuthorHuman}, false, desk.CodeOptedOut},
		"opted out, a template":             {out, desk.Sending{Author: desk.AuthorHuman, Template: true, Windowed: true}, false, desk.CodeOptedOut},
		"opted out, the confirmation":       {out, desk.Sending{Author: desk.AuthorAutomation, ConfirmsOptOut: true}, false, ""},
		"suspected, a machine":              {desk.Standing{SuspectedAt: past}, desk.Sending{Author: desk.AuthorAutomation}, false, desk.CodeSuspected},
		"suspected, a member":               {desk.Standing{SuspectedAt: past}, desk.Sending{Author: desk.AuthorHuman}, false, ""},
		"unreachable, a machine":            {desk.Standing{Unreachable: past}, desk.Sending{Author: desk.AuthorBot}, false, desk.CodeUnreachable},
		"unreachable, a member tries again": {desk.Standing{Unreachable: past}, desk.Sending{Author: desk.AuthorHuman}, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tagged, err := test.s.Leave(test.m, now)
			if tagged != test.tagged || desk.CodeOf(err) != test.code || err != nil && desk.KindOf(err) != desk.KindConflict {
				t.Errorf("tagged %v, %v", tagged, err)
			}
		})
	}
}

func TestATokenIsFreshUntilItsEnd(t *testing.T) {
	t.Parallel()
	end := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	s := desk.Standing{Token: "t", TokenUntil: end}
	if got := s.FreshToken(end.Add(-time.Millisecond)) + "|" + s.FreshToken(end); got != "t|" {
		t.Errorf("got %q", got)
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	later, earlier := now.Add(time.Hour), now.Add(-time.Hour)
	for name, test := range map[string]struct {
		before desk.Standing
		by     string
		want   desk.Standing
	}{
		"blocked":            {desk.Standing{}, desk.CodeUnreachable, desk.Standing{Unreachable: now}},
		"opted out":          {desk.Standing{}, desk.CodeOptedOut, desk.Standing{OptedOutAt: now, OptOutBy: "provider"}},
		"opted out before":   {desk.Standing{OptedOutAt: earlier, OptOutBy: "stop"}, desk.CodeOptedOut, desk.Standing{OptedOutAt: earlier, OptOutBy: "stop"}},
		"window":             {desk.Standing{WindowUntil: later, HumanUntil: later}, desk.CodeWindow, desk.Standing{WindowUntil: now, HumanUntil: later}},
		"window for members": {desk.Standing{WindowUntil: earlier, HumanUntil: later}, desk.CodeWindow, desk.Standing{WindowUntil: earlier, HumanUntil: now}},
		"no advertisements":  {desk.Standing{}, desk.CodeMarketing, desk.Standing{Marketing: desk.MarketingStopped}},
		"did not arrive":     {desk.Standing{}, desk.CodeUndelivered, desk.Standing{Undelivered: 1, UndeliveredAt: now}},
		"nor the second":     {desk.Standing{Undelivered: 1, UndeliveredAt: earlier}, desk.CodeUndelivered, desk.Standing{Undelivered: 2, UndeliveredAt: earlier}},
		"nor the third": {
			desk.Standing{Undelivered: 2, UndeliveredAt: earlier}, desk.CodeUndelivered, desk.Standing{Undelivered: 3, UndeliveredAt: earlier, Unreachable: now},
		},
		"the last long ago": {
			desk.Standing{Undelivered: 2, UndeliveredAt: now.AddDate(0, 0, -7)}, desk.CodeUndelivered, desk.Standing{Undelivered: 1, UndeliveredAt: now},
		},
		"anything else": {desk.Standing{WindowUntil: later}, "131026", desk.Standing{WindowUntil: later}},
	} {
		if got := test.before.Refused(test.by, now); got != test.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestReached(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	if got := (desk.Standing{Undelivered: 3, UndeliveredAt: now, Unreachable: now, WindowUntil: now}).Reached(); got != (desk.Standing{WindowUntil: now}) {
		t.Errorf("%+v", got)
	}
}
