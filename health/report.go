// Package health watches over the channels of providers: it asks after their accounts now and then, tells admins what ails
// one and when a token is about to end, and says what is the one thing to fix (H1, H6, H7, H9).
package health

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// Severity is how much an alert keeps from working.
type Severity string

// The severities.
const (
	Error   Severity = "error"   // messages are not sent or not received
	Warning Severity = "warning" // it works, and somebody should look
)

// Alert is one thing that ails a channel. Code is stable, and the last part of a cause that admins are told.
type Alert struct {
	Code     string            `json:"code"`
	Severity Severity          `json:"severity"`
	Params   map[string]string `json:"params,omitempty"`
}

// The alerts.
const (
	AuthExpired   = "auth_expired"
	Suspended     = "suspended"
	SetupFailed   = "setup_failed"
	RateLimited   = "rate_limited"
	Degraded      = "degraded"
	CheckFailed   = "check_failed"
	TokenExpires  = "token_expires"
	WebhookSilent = "webhook_silent"
	WebhookForged = "webhook_forged"
)

// Report is the health of one channel for its page (H9).
type Report struct {
	Channel desk.Channel
	Faults  []desk.FaultCount // of the last day, newest first
	Alerts  []Alert           // the first is the one thing to fix
}

// reportSpan is how far back a report counts refusals.
const reportSpan = 24 * time.Hour

// Of reports on a channel; KindNotFound "channel_not_found".
func Of(r store.Reader, channel desk.ID, now time.Time) (Report, error) {
	c, err := r.Channels().Get(channel)
	if err != nil {
		return Report{}, err
	}
	faults, err := r.Channels().Faults(channel, now.Add(-reportSpan))
	if err != nil {
		return Report{}, fmt.Errorf("count refusals: %w", err)
	}
	return Report{Channel: c, Faults: faults, Alerts: Alerts(c, now)}, nil
}

const (
	silentAfter  = 24 * time.Hour // without a webhook while sends succeed (H2)
	forgedRecent = time.Hour
	warnFrom     = 14 * 24 * time.Hour
)

// Alerts are what ails a channel now, the most urgent first.
func Alerts(c desk.Channel, now time.Time) []Alert {
	var all []Alert
	h := c.Health
	add := func(code string, severity Severity, params map[string]string) {
		all = append(all, Alert{code, severity, params})
	}
	switch c.State {
	case desk.ChannelAuthExpired, desk.ChannelSuspended, desk.ChannelSetupFailed, desk.ChannelRateLimited:
		params := map[string]string{"reason": h.Reason}
		if !h.Until.IsZero() {
			params["until"] = h.Until.Format(time.RFC3339)
		}
		add(string(c.State), Error, params)
	case desk.ChannelDegraded:
		add(Degraded, Warning, map[string]string{"reason": h.Reason})
	case desk.ChannelDisabled, desk.ChannelDeleted, desk.ChannelSetupIncomplete:
		return nil
	}
	if i := slices.IndexFunc(h.Checks, func(x desk.HealthCheck) bool { return x.State == "failed" }); i >= 0 {
		add(CheckFailed, Error, map[string]string{"check": h.Checks[i].Code})
	}
	if left := h.TokenExpires.Sub(now); !h.TokenExpires.IsZero() && left <= warnFrom && c.State != desk.ChannelAuthExpired {
		add(TokenExpires, Warning, map[string]string{"at": h.TokenExpires.Format(time.RFC3339), "days": strconv.Itoa(max(0, int(left.Hours()/24)))})
	}
	heard := h.HookAt
	if heard.IsZero() {
		heard = c.CreatedAt
	}
	if c.Hook != "" && now.Sub(h.SentAt) < silentAfter && now.Sub(heard) >= silentAfter {
		add(WebhookSilent, Warning, map[string]string{"since": heard.Format(time.RFC3339)})
	}
	if h.ForgedAt.After(h.HookAt) && now.Sub(h.ForgedAt) < forgedRecent {
		add(WebhookForged, Warning, map[string]string{"at": h.ForgedAt.Format(time.RFC3339)})
	}
	return all
}
