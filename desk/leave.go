package desk

import "time"

// Sending is a message of ours that wants to go out.
type Sending struct {
	Author   AuthorKind
	Template bool
	Windowed bool          // the channel has a window
	Guard    time.Duration // see Standing.Window
	// ConfirmsOptOut lets it pass to whoever opted out: the one message that tells them so (B3.11).
	ConfirmsOptOut bool
}

// The codes of Standing.Leave.
const (
	CodeOptedOut    = "recipient_opted_out"   // B3.13
	CodeSuspected   = "opt_out_suspected"     // B3.6: a person decides first, machines keep silent
	CodeUnreachable = "recipient_unreachable" // H5: a person may try once more, a machine does not
	CodeWindow      = "window_closed"         // C2.4
	CodeMarketing   = "marketing_stopped"     // C4.4, only as a provider's refusal
	CodeUndelivered = "recipient_undelivered" // H5, only as a provider's refusal: it did not arrive, for one of many causes
)

// Leave decides whether a message may go to them now, and whether only under the channel's tag for members. Its refusals are
// conflicts with the codes above.
func (s Standing) Leave(m Sending, now time.Time) (tagged bool, err error) {
	machine := m.Author == AuthorBot || m.Author == AuthorAutomation
	switch {
	case !s.OptedOutAt.IsZero() && !m.ConfirmsOptOut:
		e := Errorf(KindConflict, CodeOptedOut, "they opted out on %s", s.OptedOutAt.Format(time.RFC3339))
		e.Params = map[string]string{"at": s.OptedOutAt.Format(time.RFC3339)}
		return false, e
	case !s.SuspectedAt.IsZero() && machine:
		return false, Errorf(KindConflict, CodeSuspected, "they seem to opt out, and nobody has decided yet")
	case !s.Unreachable.IsZero() && m.Author != AuthorHuman:
		return false, Errorf(KindConflict, CodeUnreachable, "nothing has reached them since %s", s.Unreachable.Format(time.RFC3339))
	case !m.Windowed || m.Template:
		return false, nil
	}
	may, tagged := s.MayWrite(m.Author, now, m.Guard)
	if !may {
		return false, Errorf(KindConflict, CodeWindow, "the window closed at %s", s.WindowUntil.Format(time.RFC3339))
	}
	return tagged, nil
}

// FreshToken is the reply token that a message may use now, "" if there is none.
func (s Standing) FreshToken(now time.Time) string {
	if !now.Before(s.TokenUntil) {
		return ""
	}
	return s.Token
}

// Refused is how they stand after the provider refused a message of ours for what they did, or did not do: by is
// CodeUnreachable, CodeUndelivered, CodeOptedOut, CodeMarketing or CodeWindow.
func (s Standing) Refused(by string, at time.Time) Standing {
	switch by {
	case CodeUnreachable:
		s.Unreachable = at
	case CodeUndelivered:
		s = s.undelivered(at)
	case CodeOptedOut:
		s = s.OptOut(at, OptOutByProvider)
	case CodeMarketing:
		s.Marketing = MarketingStopped
	case CodeWindow:
		if s.WindowUntil.After(at) {
			s.WindowUntil = at
		} else if s.HumanUntil.After(at) { // it went under the tag
			s.HumanUntil = at
		}
	}
	return s
}

const (
	undeliveredMost   = 3
	undeliveredWithin = 7 * 24 * time.Hour
)

// undelivered counts what did not arrive: three in seven days with nothing between, and nothing reaches them (H5).
func (s Standing) undelivered(at time.Time) Standing {
	if at.Sub(s.UndeliveredAt) >= undeliveredWithin {
		s.Undelivered, s.UndeliveredAt = 0, at
	}
	if s.Undelivered++; s.Undelivered >= undeliveredMost && s.Unreachable.IsZero() {
		s.Unreachable = at
	}
	return s
}

// Reached is how they stand after a message of ours arrived, or one of theirs: something reaches them.
func (s Standing) Reached() Standing {
	s.Unreachable, s.Undelivered, s.UndeliveredAt = time.Time{}, 0, time.Time{}
	return s
}
