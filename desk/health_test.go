package desk_test

import (
	"testing"
	"time"

	"madoguchi/desk"
)

func TestAilingAndWorking(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	until := now.Add(time.Hour)
	failing := desk.ChannelHealth{FailingSince: now.Add(-3 * time.Minute)}
	for name, test := range map[string]struct {
		before desk.Channel
		a      desk.Ailment
		want   desk.ChannelState
		told   bool
	}{
		"credentials":                     {desk.Channel{State: desk.ChannelActive}, desk.AilmentCredentials, desk.ChannelAuthExpired, true},
		"credentials of a limited one":    {desk.Channel{State: desk.ChannelRateLimited}, desk.AilmentCredentials, desk.ChannelAuthExpired, true},
		"limited":                         {desk.Channel{State: desk.ChannelActive}, desk.AilmentLimited, desk.ChannelRateLimited, true},
		"trouble, at first":               {desk.Channel{State: desk.ChannelActive}, desk.AilmentTrouble, desk.ChannelActive, false},
		"trouble for three minutes":       {desk.Channel{State: desk.ChannelActive, Health: failing}, desk.AilmentTrouble, desk.ChannelDegraded, true},
		"trouble does not hide a limit":   {desk.Channel{State: desk.ChannelRateLimited, Health: failing}, desk.AilmentTrouble, desk.ChannelRateLimited, false},
		"a limit hides no dead token":     {desk.Channel{State: desk.ChannelAuthExpired}, desk.AilmentLimited, desk.ChannelAuthExpired, false},
		"a stopped account":               {desk.Channel{State: desk.ChannelRateLimited}, desk.AilmentSuspended, desk.ChannelSuspended, true},
		"settings":                        {desk.Channel{State: desk.ChannelActive}, desk.AilmentSettings, desk.ChannelActive, true},
		"one that was disabled meanwhile": {desk.Channel{State: desk.ChannelDisabled}, desk.AilmentCredentials, desk.ChannelDisabled, false},
		"one that is suspended":           {desk.Channel{State: desk.ChannelSuspended}, desk.AilmentLimited, desk.ChannelSuspended, false},
	} {
		after, told := test.before.Ailing(test.a, "131", "words", until, now)
		if after.State != test.want || (len(told) == 1) != test.told || after.Health.FailedCode != "131" || !after.Health.FailedAt.Equal(now) {
			t.Errorf("%s: told %v, %+v", name, told, after)
		}
		if after.State != test.before.State && (after.Health.Reason != "131" || !after.Health.Since.Equal(now)) {
			t.Errorf("%s: %+v", name, after.Health)
		}
	}
	limited, _ := desk.Channel{State: desk.ChannelActive}.Ailing(desk.AilmentLimited, "80007", "", until, now)
	if !limited.Health.Until.Equal(until) {
		t.Errorf("%+v", limited.Health)
	}
	well := limited.Working(now.Add(time.Minute), false)
	if h := well.Health; well.State != desk.ChannelActive || h.Reason != "" || !h.Until.IsZero() || !h.FailingSince.IsZero() || !h.SentAt.Equal(now.Add(time.Minute)) {
		t.Errorf("%+v", well)
	}
	if still := limited.Working(now, true); still.State != desk.ChannelRateLimited || !still.Health.SentAt.Equal(now) {
		t.Errorf("a free answer ended a quota: %+v", still)
	}
	if dead := (desk.Channel{State: desk.ChannelAuthExpired}).Working(now, false); dead.State != desk.ChannelAuthExpired {
		t.Error("a message that went before the token died made it live")
	}
}

func TestACauseIsToldOnceAnHour(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	first := desk.ChannelHealth{}
	h := first
	for i, test := range []struct {
		cause string
		at    time.Time
		want  bool
	}{
		{"190", now, true}, {"190", now.Add(59 * time.Minute), false}, {"368", now.Add(59 * time.Minute), true}, {"190", now.Add(time.Hour), true},
		{"190", now.Add(2*time.Hour - time.Millisecond), false},
	} {
		if got := h.Tell(test.cause, test.at); got != test.want {
			t.Errorf("%d: %v", i, got)
		}
	}
	if first.Told != nil {
		t.Error("the one before was changed")
	}
	h.Tell("190", now.Add(100*time.Hour))
	if len(h.Told) != 1 {
		t.Errorf("what is long over is kept: %v", h.Told)
	}
}
