package desk

import (
	"slices"
	"strconv"
	"time"
)

// Severity is how much an alert keeps from working.
type Severity string

// The severities.
const (
	SeverityError   Severity = "error"   // messages are not sent or not received
	SeverityWarning Severity = "warning" // it works, and somebody should look
	SeverityInfo    Severity = "info"    // nothing is wrong: somebody should know
)

// Alert is one thing that ails a channel. Code is stable.
type Alert struct {
	Code     string
	Severity Severity
	Params   map[string]string
}

// The alerts. Those of a state are called like it.
const (
	AlertMisconfigured = "misconfigured" // the provider refused a message for how the account is set up
	AlertCheckFailed   = "check_failed"
	AlertTokenExpires  = "token_expires"
	AlertWebhookSilent = "webhook_silent"
	AlertWebhookForged = "webhook_forged"
)

const (
	silentAfter  = 24 * time.Hour // without a webhook while sends succeed (H2)
	forgedRecent = time.Hour
	tokenWarned  = 14 * 24 * time.Hour // H6
)

// Cause names what admins are told of, so that each is told at most so often (H7): the provider's code where there is one.
func (a Alert) Cause() string {
	for _, param := range []string{"reason", "check"} {
		if value := a.Params[param]; value != "" {
			return value
		}
	}
	return a.Code
}

// Alerts are what ails a channel now, the most urgent first: the one thing to fix (H9).
func (c Channel) Alerts(now time.Time) []Alert {
	switch c.State {
	case ChannelDisabled, ChannelDeleted, ChannelSetupIncomplete:
		return nil
	}
	all := append(c.stateAlert(), c.setUpAlerts()...)
	return append(all, c.warnings(now)...)
}

// stateAlert is of the state that the channel is in.
func (c Channel) stateAlert() []Alert {
	h, severity := c.Health, SeverityError
	switch c.State {
	case ChannelDegraded:
		severity = SeverityWarning
	case ChannelAuthExpired, ChannelSuspended, ChannelSetupFailed, ChannelRateLimited:
	default:
		return nil
	}
	params := map[string]string{"reason": h.Reason}
	if !h.Until.IsZero() {
		params["until"] = h.Until.Format(time.RFC3339)
	}
	return []Alert{{string(c.State), severity, params}}
}

// setUpAlerts are of what an admin set up: refused messages and failed checks.
func (c Channel) setUpAlerts() (all []Alert) {
	if code := c.Health.Misfit; code != "" {
		all = append(all, Alert{AlertMisconfigured, SeverityError, map[string]string{"reason": code}})
	}
	i := slices.IndexFunc(c.Health.Checks, func(x HealthCheck) bool { return x.State == "failed" })
	if i >= 0 && c.Health.Checks[i].Code != c.Health.Reason { // else the state says so already
		all = append(all, Alert{AlertCheckFailed, SeverityError, map[string]string{"check": c.Health.Checks[i].Code}})
	}
	return all
}

// warnings are of what will stop working, or may have.
func (c Channel) warnings(now time.Time) (all []Alert) {
	h := c.Health
	if left := h.TokenExpires.Sub(now); !h.TokenExpires.IsZero() && left <= tokenWarned && c.State != ChannelAuthExpired {
		days := strconv.Itoa(max(0, int(left.Hours()/24)))
		all = append(all, Alert{AlertTokenExpires, SeverityWarning, map[string]string{"at": h.TokenExpires.Format(time.RFC3339), "days": days}})
	}
	heard := h.HookAt
	if heard.IsZero() {
		heard = c.CreatedAt
	}
	if c.Hook != "" && now.Sub(h.SentAt) < silentAfter && now.Sub(heard) >= silentAfter {
		all = append(all, Alert{AlertWebhookSilent, SeverityWarning, map[string]string{"since": heard.Format(time.RFC3339)}})
	}
	if h.ForgedAt.After(h.HookAt) && now.Sub(h.ForgedAt) < forgedRecent {
		all = append(all, Alert{AlertWebhookForged, SeverityWarning, map[string]string{"at": h.ForgedAt.Format(time.RFC3339)}})
	}
	return all
}

// TellState is the alert of the state that the channel came into, if admins are to hear of it now (H7).
func (c *Channel) TellState(now time.Time) []Alert {
	alerts := c.stateAlert()
	if len(alerts) == 0 || !c.Health.Tell(alerts[0].Cause(), now) {
		return nil
	}
	return alerts
}
