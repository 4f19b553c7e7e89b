package desk

import "time"

const (
	// DefaultWaitAlert is how many minutes of business time somebody may wait for a team before its supervisors hear of it (E19).
	DefaultWaitAlert = 5
	maxWaitAlert     = 24 * 60

	waitAlertEvery = 5 * time.Minute
	waitAlertTimes = 3
)

// WaitAlert is what supervisors of a team hear of those who wait for it (E19), and what they heard already.
type WaitAlert struct {
	TeamID  ID // 0 = those who wait for no team
	Minutes int

	ConversationID ID        // who waited longest when they were told last
	Since          time.Time // since when
	Told           int       // how often they were told of that
	ToldAt         time.Time // when they were told last, of whomever
}

// Validate refuses a threshold out of range.
func (a WaitAlert) Validate() error {
	if a.Minutes < 0 || a.Minutes > maxWaitAlert {
		return Invalid("minutes", "wait_alert_invalid", "%d is not between 0 and %d minutes", a.Minutes, maxWaitAlert)
	}
	return nil
}

// Due is when supervisors are to be told, for the next time, of the one who waits longest now: when they have waited too long by the
// hours that hold for them (nil = every hour), and again, three times in all. Never sooner after the last time than the pause, whoever it
// was of: a queue that moves on is not told of at each step. Zero if they are not to be told.
func (a WaitAlert) Due(longest Conversation, hours *Schedule) (time.Time, error) {
	if a.Minutes == 0 || longest.WaitSince.IsZero() {
		return time.Time{}, nil
	}
	if a.of(longest) && a.Told >= waitAlertTimes {
		return time.Time{}, nil
	}
	due, err := SLATerms{Schedule: hours}.after(longest.WaitSince, time.Duration(a.Minutes)*time.Minute)
	if err != nil || due.IsZero() || a.ToldAt.IsZero() {
		return due, err
	}
	return later(due, a.ToldAt.Add(waitAlertEvery)), nil
}

func (a WaitAlert) of(c Conversation) bool {
	return a.ConversationID == c.ID && a.Since.Equal(c.WaitSince)
}

// Tell notes that supervisors were told of a conversation.
func (a *WaitAlert) Tell(c Conversation, now time.Time) {
	if !a.of(c) {
		a.ConversationID, a.Since, a.Told = c.ID, c.WaitSince, 0
	}
	a.Told, a.ToldAt = a.Told+1, now
}
