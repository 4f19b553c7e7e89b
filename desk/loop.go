package desk

import (
	"slices"
	"strings"
	"time"
	"unicode"
)

// Limits against machines that answer each other without end (B6).
const (
	LoopWithin    = 10 * time.Minute // how far back is looked
	LoopPause     = time.Hour        // how long automations keep silent towards an identity after LoopGuard said so
	FloodWithin   = time.Minute
	maxIdentical  = 3
	maxAutomated  = 10
	maxInbound    = 30
	maxShortCode  = 8 // digits
	minPhoneDigit = 7
)

// Said is a text and when it was said.
type Said struct {
	Text string
	At   time.Time
}

// MachineSender reports whether nobody reads answers to a sender of SMS: a name, a short code, or a number of our own
// channels (B6.1).
func MachineSender(number string, own []string) bool {
	digits, plus := strings.CutPrefix(number, "+")
	if digits == "" || strings.ContainsFunc(digits, func(r rune) bool { return !unicode.IsDigit(r) }) {
		return true
	}
	return !plus && len(digits) <= maxShortCode || len(digits) < minPhoneDigit || slices.Contains(own, number)
}

// Echoes reports whether somebody sends back what we sent them less than LoopWithin ago: a machine (B6.1). sent is what we
// wrote, in any order.
func Echoes(text string, sent []Said, now time.Time) bool { return identical(text, sent, now) > 0 }

// LoopGuard reports whether one more automated message to an identity would be the fourth identical or the eleventh at all
// within LoopWithin (B6.2). automated is what automations sent it, in any order.
func LoopGuard(next string, automated []Said, now time.Time) bool {
	recent := 0
	for _, s := range automated {
		if within(s.At, now, LoopWithin) {
			recent++
		}
	}
	return recent >= maxAutomated || identical(next, automated, now) >= maxIdentical
}

// Flooding reports whether an identity wrote more within FloodWithin than a person does (B6.3): automations skip it.
func Flooding(received []time.Time, now time.Time) bool {
	recent := 0
	for _, at := range received {
		if within(at, now, FloodWithin) {
			recent++
		}
	}
	return recent > maxInbound
}

func identical(text string, said []Said, now time.Time) int {
	n := 0
	for _, s := range said {
		if within(s.At, now, LoopWithin) && strings.TrimSpace(s.Text) == strings.TrimSpace(text) {
			n++
		}
	}
	return n
}

// within reports whether an instant is less than the span ago; clocks of two nodes may put it a little ahead.
func within(at, now time.Time, span time.Duration) bool { return now.Sub(at) < span }
