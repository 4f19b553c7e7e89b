// Package health watches over the channels of providers: it asks after their accounts now and then, tells admins what ails
// one and when a token is about to end, and says what is the one thing to fix (H1, H6, H7, H9).
package health

import (
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// Report is the health of one channel for its page (H9).
type Report struct {
	Channel desk.Channel
	Faults  []desk.FaultCount // of the last day, newest first
	Alerts  []desk.Alert      // the first is the one thing to fix
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
	return Report{Channel: c, Faults: faults, Alerts: c.Alerts(now)}, nil
}
