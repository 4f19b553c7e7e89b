package app

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"madoguchi/desk"
)

func TestTheDoctorSpeaksOfEveryChannelsAilment(t *testing.T) {
	t.Parallel()
	now := time.Now()
	old := now.Add(-48 * time.Hour)
	ill := map[string]desk.Channel{
		"channel_ok":             {State: desk.ChannelActive},
		"channel_auth_expired":   {State: desk.ChannelAuthExpired},
		"channel_suspended":      {State: desk.ChannelSuspended},
		"channel_setup_failed":   {State: desk.ChannelSetupFailed},
		"channel_rate_limited":   {State: desk.ChannelRateLimited},
		"channel_degraded":       {State: desk.ChannelDegraded},
		"channel_check_failed":   {State: desk.ChannelActive, Health: desk.ChannelHealth{Checks: []desk.HealthCheck{{Code: "scope", State: "failed"}}}},
		"channel_token_expires":  {State: desk.ChannelActive, Health: desk.ChannelHealth{TokenExpires: now.Add(time.Hour)}},
		"channel_misconfigured":  {State: desk.ChannelActive, Health: desk.ChannelHealth{Misfit: "133010"}},
		"channel_webhook_silent": {State: desk.ChannelActive, Hook: "ch_x", CreatedAt: old, Health: desk.ChannelHealth{SentAt: now}},
		"channel_webhook_forged": {State: desk.ChannelActive, Health: desk.ChannelHealth{HookAt: old, ForgedAt: now}},
	}
	marks := regexp.MustCompile(`\{[a-z]+\}`)
	for _, l := range []desk.Locale{desk.LocaleJA, desk.LocaleEN} {
		for code, c := range ill {
			d := &doctor{params: DoctorParams{Locale: l}}
			c.Name, c.Kind = "窓口LINE", "line"
			d.channel(c)
			if len(d.Findings) != 1 || d.Findings[0].Code != code {
				t.Errorf("%s: %+v", code, d.Findings)
				continue
			}
			f := d.Findings[0]
			if said := f.Text + f.Fix; strings.Contains(said, "doctor.") || marks.MatchString(said) || !strings.Contains(f.Text, c.Name) || (f.Severity == SeverityOK) != (code == "channel_ok") {
				t.Errorf("%s, %s: %+v", l, code, f)
			}
		}
	}
}

// TestRefusalsAreCountedByTheirCode as the channel's page counts them.
func TestRefusalsAreCountedByTheirCode(t *testing.T) {
	t.Parallel()
	if got := refusals([]desk.FaultCount{{Code: "190", N: 1}, {Code: "131026", N: 2}, {Code: "131026", N: 1}, {Code: "100", N: 1}}); got != "131026 ×3, 100 ×1, 190 ×1" {
		t.Error(got)
	}
	if got := refusals(nil); got != "–" {
		t.Error(got)
	}
}
