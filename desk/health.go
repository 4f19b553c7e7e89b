package desk

import "time"

// Ailment is what a provider's refusal says about the whole channel (H2).
type Ailment string

// The ailments. "" is a refusal that is about one message or person alone.
const (
	AilmentTrouble     Ailment = "trouble"     // the provider fails or does not answer
	AilmentLimited     Ailment = "limited"     // a quota is used up, or it asks for a long pause
	AilmentCredentials Ailment = "credentials" // dead until somebody reconnects
	AilmentSuspended   Ailment = "suspended"   // the provider stopped the account, until somebody settles it there
	AilmentSettings    Ailment = "settings"    // refused for how it is set up; other messages may go
)

const (
	degradedAfter = 3 * time.Minute // of trouble without a success (H2)
	tellEvery     = time.Hour       // a cause is told at most so often (H7)
)

// ailmentRank orders states by what they keep from happening: trouble does not hide a limit, nor a limit dead credentials or
// a stopped account.
var ailmentRank = map[ChannelState]int{
	ChannelActive: 0, ChannelAwaitingTest: 0, ChannelDegraded: 1, ChannelRateLimited: 2, ChannelSuspended: 3, ChannelAuthExpired: 4,
}

// Ailing is the channel after the provider refused something: its state, why, and until when as far as known. told is what
// admins are to hear of now: at most once an hour of each cause (H7).
func (c Channel) Ailing(a Ailment, code, detail string, until, now time.Time) (after Channel, told []Alert) {
	h := &c.Health
	h.FailedAt, h.FailedCode = now, code
	if h.FailingSince.IsZero() {
		h.FailingSince = now
	}
	to := c.State
	switch {
	case a == AilmentCredentials:
		to = ChannelAuthExpired
	case a == AilmentSuspended:
		to = ChannelSuspended
	case a == AilmentLimited:
		to, h.Until = ChannelRateLimited, until
	case a == AilmentTrouble && now.Sub(h.FailingSince) >= degradedAfter:
		to = ChannelDegraded
	case a == AilmentSettings:
		if h.Misfit, h.Detail = code, detail; !h.Tell(code, now) {
			return c, nil
		}
		return c, []Alert{{AlertMisconfigured, SeverityError, map[string]string{"reason": code}}}
	}
	before, live := ailmentRank[c.State]
	if !live || to == c.State || ailmentRank[to] < before {
		return c, nil
	}
	c.State = to
	h.Since, h.Reason, h.Detail = now, code, detail
	return c, c.TellState(now)
}

// Working is the channel after the provider took a message. One that went for free says nothing of a quota.
func (c Channel) Working(now time.Time, free bool) Channel {
	c.Health.SentAt, c.Health.FailingSince, c.Health.Misfit = now, time.Time{}, ""
	if c.State == ChannelDegraded || c.State == ChannelRateLimited && !free {
		return c.Recovered(now)
	}
	return c
}

// Recovered is the channel when what ailed it is over.
func (c Channel) Recovered(now time.Time) Channel {
	c.State = ChannelActive
	h := &c.Health
	h.Since, h.Reason, h.Detail, h.Until, h.FailingSince, h.Misfit = now, "", "", time.Time{}, time.Time{}, ""
	return c
}

// Tell reports whether admins are to hear of a cause now, and notes that they do.
func (h *ChannelHealth) Tell(cause string, now time.Time) bool {
	return h.TellEvery(cause, tellEvery, now)
}

// TellEvery is Tell for a cause that is told less often.
func (h *ChannelHealth) TellEvery(cause string, every time.Duration, now time.Time) bool {
	if at, known := h.Told[cause]; known && now.Sub(at) < every {
		return false
	}
	told := map[string]time.Time{cause: now} // a new one: the channel that this one was copied from keeps its own
	for other, at := range h.Told {
		if other != cause && now.Sub(at) < toldKept {
			told[other] = at
		}
	}
	h.Told = told
	return true
}

// toldKept is how long it is remembered that a cause was told; longer than any is told anew.
const toldKept = 48 * time.Hour

// FaultCount is how often a provider refused for one reason within an hour.
type FaultCount struct {
	Hour time.Time
	Code string
	N    int64
}
