package desk_test

import (
	"slices"
	"testing"
	"time"

	"madoguchi/desk"
)

func TestAlertsNameTheOneThingToFix(t *testing.T) {
	t.Parallel()
	day, noon := 24*time.Hour, time.Date(2026, 11, 21, 12, 0, 0, 0, time.UTC)
	healthy := desk.ChannelHealth{HookAt: noon.Add(-time.Hour), SentAt: noon.Add(-time.Hour)}
	with := func(change func(*desk.ChannelHealth)) desk.ChannelHealth {
		h := healthy
		change(&h)
		return h
	}
	for name, test := range map[string]struct {
		state desk.ChannelState
		h     desk.ChannelHealth
		want  []string
	}{
		"well":                   {desk.ChannelActive, healthy, nil},
		"dead token":             {desk.ChannelAuthExpired, with(func(h *desk.ChannelHealth) { h.TokenExpires = noon }), []string{string(desk.ChannelAuthExpired)}},
		"limited":                {desk.ChannelRateLimited, healthy, []string{string(desk.ChannelRateLimited)}},
		"degraded":               {desk.ChannelDegraded, healthy, []string{string(desk.ChannelDegraded)}},
		"disabled":               {desk.ChannelDisabled, desk.ChannelHealth{SentAt: noon}, nil},
		"a check failed":         {desk.ChannelActive, with(func(h *desk.ChannelHealth) { h.Checks = []desk.HealthCheck{{Code: "scope", State: "failed"}} }), []string{desk.AlertCheckFailed}},
		"refused for its set-up": {desk.ChannelActive, with(func(h *desk.ChannelHealth) { h.Misfit = "133010" }), []string{desk.AlertMisconfigured}},
		"the state says it all": {desk.ChannelSetupFailed, with(func(h *desk.ChannelHealth) {
			h.Reason, h.Checks = "scope", []desk.HealthCheck{{Code: "scope", State: "failed"}}
		}), []string{string(desk.ChannelSetupFailed)}},
		"token ends in 14 days":    {desk.ChannelActive, with(func(h *desk.ChannelHealth) { h.TokenExpires = noon.Add(14 * day) }), []string{desk.AlertTokenExpires}},
		"token ends in 15 days":    {desk.ChannelActive, with(func(h *desk.ChannelHealth) { h.TokenExpires = noon.Add(15 * day) }), nil},
		"silent while we send":     {desk.ChannelActive, with(func(h *desk.ChannelHealth) { h.HookAt = noon.Add(-day) }), []string{desk.AlertWebhookSilent}},
		"silent, and so are we":    {desk.ChannelActive, desk.ChannelHealth{HookAt: noon.Add(-3 * day), SentAt: noon.Add(-2 * day)}, nil},
		"forged, and nothing else": {desk.ChannelActive, with(func(h *desk.ChannelHealth) { h.ForgedAt = noon.Add(-time.Minute) }), []string{desk.AlertWebhookForged}},
		"forged some time ago":     {desk.ChannelActive, with(func(h *desk.ChannelHealth) { h.ForgedAt = noon.Add(-2 * time.Hour) }), nil},
	} {
		var got []string
		for _, a := range (desk.Channel{State: test.state, Health: test.h, Hook: "ch_x", CreatedAt: noon.Add(-30 * day)}).Alerts(noon) {
			got = append(got, a.Code)
		}
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %q, want %q", name, got, test.want)
		}
	}
}
