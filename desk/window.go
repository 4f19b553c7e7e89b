package desk

import "time"

// Opening is a permission to write that follows from something the customer did (C1.1): a message, a button, a follow.
type Opening struct {
	At        time.Time     // of what the customer did, as the provider stamped it
	For       time.Duration // until At+For we may write; at that instant it is over (C1.3)
	Count     int           // how many messages of ours, 0 = any
	HumanFor  time.Duration // a member, but no machine, until At+HumanFor (C1.9); 0 = not at all
	FreeFor   time.Duration // messages cost nothing for this long after our first answer (C1.6); 0 = they do
	FreeOpens bool          // and for as long we may write: the provider extends its permission too (C1.7)
}

// FreePendingFor is how long our first answer may take to make what follows it free (C1.6).
const FreePendingFor = 24 * time.Hour

// Opened is how they stand after an opening. Openings may come late and in any order: the end is the latest of all (C1.3),
// and one that ends earlier counts only where the permission before it is used up. A stamp ahead of our clock is not
// believed beyond now.
func (s Standing) Opened(o Opening, now time.Time) Standing {
	if o.At.IsZero() || o.At.After(now) {
		o.At = now
	}
	if o.For > 0 {
		until := o.At.Add(o.For)
		spent := s.Counted && s.WindowLeft <= 0 && o.At.After(s.WindowAt)
		if until.After(s.WindowUntil) || spent {
			s.WindowUntil, s.WindowAt = until, o.At
			s.Counted, s.WindowLeft = o.Count > 0, o.Count
		}
	}
	if until := o.At.Add(o.HumanFor); o.HumanFor > 0 && until.After(s.HumanUntil) {
		s.HumanUntil = until
	}
	if until := o.At.Add(FreePendingFor); o.FreeFor > 0 && until.After(s.FreePending) && until.After(now) {
		s.FreePending, s.FreeFor, s.FreeOpens = until, o.FreeFor, o.FreeOpens
	}
	if !o.At.Before(s.TemplateAt) {
		s.TemplateAt = time.Time{}
	}
	return s
}

// Wrote is how they stand after a message of ours went out: one fewer is left where the channel counts (C1.9), the first
// answer to an advertisement makes what follows free (C1.6), and a template waits for its answer (C1.5).
func (s Standing) Wrote(at time.Time, template bool) Standing {
	if s.Counted && s.WindowLeft > 0 {
		s.WindowLeft--
	}
	if at.Before(s.FreePending) {
		if until := at.Add(s.FreeFor); until.After(s.FreeUntil) {
			s.FreeUntil = until
		}
		if s.FreeOpens && s.FreeUntil.After(s.WindowUntil) {
			s.WindowUntil = s.FreeUntil
		}
	}
	if !s.FreePending.IsZero() {
		s.FreePending, s.FreeFor, s.FreeOpens = time.Time{}, 0, false
	}
	if template {
		s.TemplateAt = at
	}
	if s.FirstOutAt.IsZero() {
		s.FirstOutAt = at
	}
	return s
}

// WindowState is what people see of a window (C1.10).
type WindowState string

// The window states.
const (
	WindowOpen     WindowState = "open"
	WindowClosing  WindowState = "closing"       // less than an hour
	WindowHuman    WindowState = "human"         // a member may still write, a machine may not
	WindowTemplate WindowState = "template_sent" // closed, and a template waits for its answer
	WindowClosed   WindowState = "closed"
)

const windowClosingFor = time.Hour

// Window is the state of the window at an instant. guard is how long before its end it counts as over, because the
// provider's clock is another. A channel without a window is not asked.
func (s Standing) Window(now time.Time, guard time.Duration) WindowState {
	left := s.WindowUntil.Add(-guard).Sub(now)
	switch {
	case !s.WindowUntil.IsZero() && left > 0 && !s.spent():
		if left < windowClosingFor {
			return WindowClosing
		}
		return WindowOpen
	case now.Before(s.HumanUntil.Add(-guard)):
		return WindowHuman
	case !s.TemplateAt.IsZero():
		return WindowTemplate
	}
	return WindowClosed
}

// ReplyUntil is when a member may write no more: the later of the window's end and of what the channel's tag allows beyond it
// (C1.9). A window that is used up ended when it began. Zero where there never was one.
func (s Standing) ReplyUntil() time.Time {
	until := s.WindowUntil
	if s.spent() {
		until = s.WindowAt
	}
	if s.HumanUntil.After(until) {
		return s.HumanUntil
	}
	return until
}

func (s Standing) spent() bool { return s.Counted && s.WindowLeft <= 0 }

// MayWrite reports whether a message that is no template may go out now, and whether only under the channel's tag for
// members (C1.4, C1.9).
func (s Standing) MayWrite(author AuthorKind, now time.Time, guard time.Duration) (may, tagged bool) {
	switch s.Window(now, guard) {
	case WindowOpen, WindowClosing:
		return true, false
	case WindowHuman:
		return author == AuthorHuman, author == AuthorHuman
	}
	return false, false
}

// Free reports whether messages cost nothing now because the customer came by an advertisement (C1.6, C1.7).
func (s Standing) Free(now time.Time) bool { return now.Before(s.FreeUntil) }
