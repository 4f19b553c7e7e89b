package visitor

import (
	"fmt"
	"slices"
	"sync"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// presence says whether somebody answers on a channel now.
type presence struct {
	open     bool
	next     time.Time // when hours begin, zero while inside them or where there are none
	schedule *desk.Schedule
}

// Open reports whether somebody answers on a channel now: inside its hours (none = always) and a member of its team
// (none = anybody) who serves it is online (E4, E8).
func Open(r store.Reader, channel desk.ID, now time.Time) (bool, error) {
	ch, err := r.Channels().Get(channel)
	if err != nil {
		return false, fmt.Errorf("read channel: %w", err)
	}
	p, err := presenceOf(r, ch, now)
	return p.open, err
}

func presenceOf(r store.Reader, ch desk.Channel, now time.Time) (p presence, err error) {
	inside := true
	if ch.ScheduleID != 0 {
		schedule, err := r.Schedules().Get(ch.ScheduleID)
		if err != nil {
			return p, fmt.Errorf("read schedule: %w", err)
		}
		p.schedule = &schedule
		if inside, err = schedule.OpenAt(now); err != nil {
			return p, err
		}
		if !inside {
			if p.next, _, err = schedule.NextOpen(now); err != nil {
				return p, err
			}
		}
	}
	if !inside {
		return p, nil
	}
	p.open, err = anybodyOnline(r, ch, now)
	return p, err
}

func anybodyOnline(r store.Reader, ch desk.Channel, now time.Time) (bool, error) {
	online, err := onlineFor(r, ch.ID, now)
	if err != nil || len(online) == 0 || ch.TeamID == 0 {
		return len(online) > 0, err
	}
	t, err := r.Teams().Get(ch.TeamID)
	if desk.KindOf(err) == desk.KindNotFound {
		return true, nil // a team that is gone is everybody
	}
	if err != nil {
		return false, fmt.Errorf("read team: %w", err)
	}
	return slices.ContainsFunc(t.MemberIDs, func(id desk.ID) bool { return slices.Contains(online, id) }), nil
}

// onlineFor are the members who are online and serve a channel.
func onlineFor(r store.Reader, channel desk.ID, now time.Time) (online []desk.ID, err error) {
	presences, err := r.Members().Presences()
	if err != nil {
		return nil, fmt.Errorf("read presences: %w", err)
	}
	presences = slices.DeleteFunc(presences, func(p desk.Presence) bool { return p.At(now) != desk.Online })
	if len(presences) == 0 {
		return nil, nil
	}
	members, err := r.Members().List()
	if err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	for _, m := range members {
		if m.Serves(channel) && slices.ContainsFunc(presences, func(p desk.Presence) bool { return p.UserID == m.UserID }) {
			online = append(online, m.UserID)
		}
	}
	return online, nil
}

// openFor is how long an answer is good: people come and go more slowly, and messages come faster.
const openFor = 5 * time.Second

// openness remembers presenceOf for a moment, by channel.
type openness struct {
	mu    sync.Mutex
	known map[desk.ID]remembered
}

type remembered struct {
	presence
	version int64
	until   time.Time
}

func (s *Service) openNow(r store.Reader, ch desk.Channel, now time.Time) (presence, error) {
	s.open.mu.Lock()
	known, ok := s.open.known[ch.ID]
	s.open.mu.Unlock()
	if ok && known.version == ch.Version && now.Before(known.until) {
		return known.presence, nil
	}
	p, err := presenceOf(r, ch, now)
	if err != nil {
		return p, err
	}
	s.open.mu.Lock()
	defer s.open.mu.Unlock()
	if s.open.known == nil || len(s.open.known) > 10_000 {
		s.open.known = map[desk.ID]remembered{}
	}
	s.open.known[ch.ID] = remembered{presence: p, version: ch.Version, until: now.Add(openFor)}
	return p, nil
}
