package channel

import (
	"time"

	"madoguchi/desk"
)

// maxSlack bounds Slack.
const maxSlack = time.Second

// Slack is how long after its instant a turn of the rate may still be used: between the decision and the bytes lies a
// commit. The pace is so much slower that the limit holds all the same.
func (r Rate) Slack() time.Duration { return min(r.Per/10, maxSlack) }

// Pace is how fast messages go so that the provider never counts more than it permits. Where a burst over Count is
// permitted the provider counts with a bucket, and so do we; else no span of Per has more than Count, wherever it begins.
func (r Rate) Pace() desk.Pace {
	slack := r.Slack()
	if r.Burst > r.Count {
		every := r.Per / time.Duration(r.Count)
		return desk.Pace{Every: every, Burst: max(1, r.Burst-int((slack+every-1)/every))}
	}
	burst := r.Burst
	if burst == 0 {
		burst = r.Count / 10 // more at once is slower afterwards
	}
	burst = max(1, burst)
	rest := time.Duration(r.Count - burst + 1)
	return desk.Pace{Every: (r.Per + slack + rest - 1) / rest, Burst: burst}
}
