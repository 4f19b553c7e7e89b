package channel

import (
	"time"

	"madoguchi/desk"
)

// quietThrottle is a pause so short that it is nobody's news (H2).
const quietThrottle = time.Minute

// Ailment is what the refusal means for all of the channel (H2), "" = nothing.
func (f *Fault) Ailment() desk.Ailment {
	switch f.Kind {
	case ActToken:
		return desk.AilmentCredentials
	case ActCap:
		if f.Suspended {
			return desk.AilmentSuspended
		}
		return desk.AilmentLimited
	case ActThrottle:
		if f.Scope != RatePeer && f.After > quietThrottle {
			return desk.AilmentLimited
		}
	case ActRetry:
		return desk.AilmentTrouble
	case ActConfig:
		return desk.AilmentSettings
	}
	return ""
}

// refusedBy is what an action tells about the recipient.
var refusedBy = map[Action]string{
	ActBlocked: desk.CodeUnreachable, ActOptOut: desk.CodeOptedOut, ActWindow: desk.CodeWindow, ActMarketing: desk.CodeMarketing,
}

// Recipient is what the refusal tells about who was written to: what desk.Standing.Refused takes, "" = nothing.
func (f *Fault) Recipient() string {
	if f.Undelivered {
		return desk.CodeUndelivered
	}
	return refusedBy[f.Kind]
}
