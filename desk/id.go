package desk

import (
	"strconv"
	"sync"
	"time"
)

// ID names a record. IDs grow with time and stay below 2^53, so JavaScript holds them exactly: 40 bits of milliseconds
// since 2026, 6 bits of node slot, 7 bits of sequence. No access ever rests on an ID being secret.
type ID int64

// String is the decimal form.
func (id ID) String() string { return strconv.FormatInt(int64(id), 10) }

// ParseID reads the decimal form; anything but a positive number below 2^53 is refused.
func ParseID(s string) (ID, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n <= 0 || n >= 1<<53 {
		return 0, Invalid("id", "id_invalid", "%q is not an id", s)
	}
	return ID(n), nil
}

const (
	idNodeBits = 6
	idSeqBits  = 7
	// MaxNodeSlot is the highest node slot an IDSource takes.
	MaxNodeSlot = 1<<idNodeBits - 1
)

var idEpoch = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)

// Time returns the millisecond in which the ID was made, UTC.
func (id ID) Time() time.Time {
	return idEpoch.Add(time.Duration(int64(id)>>(idNodeBits+idSeqBits)) * time.Millisecond)
}

// FirstID is the lowest ID made at or after an instant, 0 before 2026.
func FirstID(t time.Time) ID {
	ms := (t.Sub(idEpoch) + time.Millisecond - 1).Milliseconds()
	return ID(max(ms, 0) << (idNodeBits + idSeqBits))
}

// Clock tells the time; tests and simulations bring their own.
type Clock func() time.Time

// IDSource makes IDs for one node slot. It is safe for concurrent use and never repeats an ID while its slot is its
// own: when the clock steps back, or a millisecond is used up, it goes on counting from the last ID it gave.
type IDSource struct {
	node int64
	now  Clock

	mu   sync.Mutex
	last int64 // last millisecond<<seqBits | sequence given out
}

// NewIDSource makes a source for a node slot in 0..MaxNodeSlot.
func NewIDSource(node int, now Clock) *IDSource {
	return &IDSource{node: int64(node) & MaxNodeSlot, now: now}
}

// Next returns a new ID, greater than every ID this source gave before.
func (s *IDSource) Next() ID {
	ms := max(s.now().Sub(idEpoch).Milliseconds(), 0)
	s.mu.Lock()
	defer s.mu.Unlock()
	tick := ms << idSeqBits
	if tick <= s.last {
		tick = s.last + 1
	}
	s.last = tick
	return ID((tick>>idSeqBits)<<(idNodeBits+idSeqBits) | s.node<<idSeqBits | tick&(1<<idSeqBits-1))
}

// Last is the millisecond of the newest ID given, UTC; zero if none was. It is ahead of a clock that stepped back.
func (s *IDSource) Last() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last == 0 {
		return time.Time{}
	}
	return idEpoch.Add(time.Duration(s.last>>idSeqBits) * time.Millisecond)
}
