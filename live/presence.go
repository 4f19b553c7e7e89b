package live

import (
	"context"
	"fmt"
	"slices"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// Times of presence (E8, E27).
const (
	presenceLease = 60 * time.Second // after the last sign of life a member is offline
	renewEvery    = 20 * time.Second // leases of all members here, in a few statements
	renewGrain    = 5 * time.Second  // leases of members whose signs of life are this close end together
	expireEvery   = 5 * time.Second
)

// presence is who is at the desk, as this node's sockets say. The room's lock guards it.
type presence struct {
	beats   map[desk.ID]*beat
	renewed time.Time // the keeper's own: leases of signs of life before it are written
}

// beat is one member's signs of life.
type beat struct {
	sockets int
	awake   int       // sockets at which somebody is
	at      time.Time // the last sign of life (a beat or a pong), zero before the first beat
	leased  bool      // the row says so
	idle    bool      // what the row says
}

func (p *presence) come(a *agent) {
	if a.session.KeyHash != "" {
		return
	}
	b := p.beats[a.session.User]
	if b == nil {
		b = &beat{}
		p.beats[a.session.User] = b
	}
	b.sockets++
	b.awake++
}

// part takes a socket's end and reports whether it was the last one here, with somebody at it.
func (p *presence) part(a *agent) (lastAwake bool) {
	b := p.beats[a.session.User]
	if b == nil || a.session.KeyHash != "" {
		return false
	}
	b.sockets--
	if !a.idle {
		b.awake--
	}
	if b.sockets == 0 && !b.leased {
		delete(p.beats, a.session.User)
	}
	return b.sockets == 0 && !a.idle && a.beaten
}

// lives takes a pong: a browser answers pings even in a hidden tab, whose beats it throttles to one a minute. It says
// nothing about the keyboard, and nothing before a first beat. The answer is hear's.
func (p *presence) lives(a *agent, now time.Time) bool {
	return a.beaten && p.hear(a, a.idle, now)
}

// hear takes a beat and reports whether the member's row is to be written now: they came, or went idle, or came back.
func (p *presence) hear(a *agent, idle bool, now time.Time) bool {
	b := p.beats[a.session.User]
	if b == nil || a.session.KeyHash != "" {
		return false
	}
	if a.idle != idle {
		a.idle = idle
		if idle {
			b.awake--
		} else {
			b.awake++
		}
	}
	if now.Sub(b.at) >= presenceLease {
		b.leased = false
	}
	b.at = now
	return b.stale(now)
}

// stale reports whether the row does not say what the last minute's signs of life do.
func (b *beat) stale(now time.Time) bool {
	return now.Sub(b.at) < presenceLease && (!b.leased || b.idle != (b.awake == 0)) && b.sockets > 0
}

// gone takes from the log that a member was told to be gone: one who is here all the same (this node could not renew the
// lease for a while) is written anew with the next sign of life.
func (p *presence) gone(e desk.Event) {
	b := p.beats[e.SubjectID]
	offline := func(c desk.Change) bool { return c.To == string(desk.Offline) }
	if b == nil || !slices.ContainsFunc(e.Changes, offline) {
		return
	}
	b.leased = false
	if b.sockets == 0 {
		delete(p.beats, e.SubjectID)
	}
}

// Nodes know of their own sockets only, and a member's tabs may be on several. Awake counts: a node with a tab at which
// somebody is takes the row back when another wrote idle, and a node whose last such tab went asks the others, of which
// one that has idle tabs writes so.

// contradicted takes from the log that another node wrote idle, and reports whether the row is to be written now.
func (p *presence) contradicted(e desk.Event, now time.Time) bool {
	b := p.beats[e.SubjectID]
	away := func(c desk.Change) bool { return c.To == string(desk.Away) }
	if b == nil || b.awake == 0 || !slices.ContainsFunc(e.Changes, away) {
		return false
	}
	b.idle = true
	return b.stale(now)
}

// parted takes another node's word that its last tab with somebody at it went: the next round writes what holds here.
func (r *room) parted(user desk.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if b := r.presence.beats[user]; b != nil && b.awake == 0 {
		b.idle = false
	}
}

// awaitsDepartures reports whether a member's lease, written here, has not run out yet.
func (r *room) awaitsDepartures() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.presence.beats) > 0
}

// keepPresence writes what changed: who came or went idle at once, everybody's lease every 20 s, who is gone.
func (r *room) keepPresence(ctx context.Context, now time.Time) error {
	if err := r.writePresence(ctx); err != nil {
		return err
	}
	due := now.Sub(r.presence.renewed) >= renewEvery
	if due {
		if err := r.renewPresence(ctx, r.presence.renewed); err != nil {
			return err
		}
		r.presence.renewed = now
	}
	if err := r.expirePresence(ctx, due); err != nil {
		return err
	}
	r.hub.retire(r)
	return nil
}

// writePresence puts the rows of members who came, went idle or came back, in one transaction.
func (r *room) writePresence(ctx context.Context) error {
	type wanted struct {
		user desk.ID
		idle bool
		at   time.Time
	}
	var changed []wanted
	now := r.hub.now()
	r.mu.Lock()
	for user, b := range r.presence.beats {
		if b.stale(now) {
			changed = append(changed, wanted{user, b.awake == 0, b.at})
		}
	}
	r.mu.Unlock()
	if len(changed) == 0 {
		return nil
	}
	err := r.hub.store.Update(ctx, r.workspace, func(tx store.Tx) error {
		for _, w := range changed {
			p, err := tx.Members().Presence(w.user)
			if err != nil {
				return err
			}
			was := p.At(tx.Now())
			p.UserID, p.Idle = w.user, w.idle
			if p.Chosen == "" {
				p.Chosen = desk.Online
			}
			if until := w.at.Add(presenceLease); until.After(p.LeaseUntil) {
				p.LeaseUntil = until
			}
			if err := putPresence(tx, p, was); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("write presence: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, w := range changed {
		if b := r.presence.beats[w.user]; b != nil {
			b.leased, b.idle = true, w.idle
		}
	}
	return nil
}

// putPresence writes a row and says so if what is in force changed.
func putPresence(tx store.Tx, p desk.Presence, was desk.Availability) error {
	if err := tx.WriteMembers().PutPresence(p); err != nil {
		return err
	}
	is := p.At(tx.Now())
	if is == was {
		return nil
	}
	tx.Emit(desk.Event{
		Kind: desk.EventAvailabilityChanged, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorSystem}, SubjectID: p.UserID,
		Changes: []desk.Change{{Field: "availability", From: string(was), To: string(is)}},
	})
	return nil
}

// renewPresence prolongs the leases of everybody who showed a sign of life since the last time, to 60 s after it (less up
// to renewGrain), so that nobody is online longer than 60 s after their last.
func (r *room) renewPresence(ctx context.Context, since time.Time) error {
	users, oldest := map[int64][]desk.ID{}, map[int64]time.Time{}
	r.mu.Lock()
	for user, b := range r.presence.beats {
		if !b.leased || b.at.Before(since) {
			continue
		}
		together := b.at.UnixNano() / int64(renewGrain)
		users[together] = append(users[together], user)
		if first, ok := oldest[together]; !ok || b.at.Before(first) {
			oldest[together] = b.at
		}
	}
	r.mu.Unlock()
	if len(users) == 0 {
		return nil
	}
	err := r.hub.store.Update(ctx, r.workspace, func(tx store.Tx) error {
		for together, these := range users {
			if err := tx.WriteMembers().RenewPresence(these, oldest[together].Add(presenceLease)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("renew presence: %w", err)
	}
	return nil
}

// expirePresence tells everybody that members are gone: those whose last sign of life here was 60 s ago and, with all, those
// whose node is gone too. A lease of zero says that it was told.
func (r *room) expirePresence(ctx context.Context, all bool) error {
	now := r.hub.now()
	var gone []desk.ID
	r.mu.Lock()
	for user, b := range r.presence.beats {
		if b.leased && now.Sub(b.at) >= presenceLease {
			gone = append(gone, user)
		}
	}
	r.mu.Unlock()
	if all {
		err := r.hub.store.View(ctx, r.workspace, func(reader store.Reader) error {
			rows, err := reader.Members().Presences()
			for _, p := range rows {
				if !p.LeaseUntil.IsZero() && !now.Before(p.LeaseUntil) {
					gone = append(gone, p.UserID)
				}
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("read presences: %w", err)
		}
	}
	if len(gone) == 0 {
		return nil
	}
	if err := r.hub.store.Update(ctx, r.workspace, func(tx store.Tx) error { return expire(tx, gone) }); err != nil {
		return fmt.Errorf("expire presence: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, user := range gone {
		b := r.presence.beats[user]
		if b == nil || now.Sub(b.at) < presenceLease {
			continue // came back meanwhile
		}
		b.leased = false
		if b.sockets == 0 {
			delete(r.presence.beats, user)
		}
	}
	return nil
}

func expire(tx store.Tx, users []desk.ID) error {
	for _, user := range users {
		p, err := tx.Members().Presence(user)
		if err != nil {
			return err
		}
		if p.LeaseUntil.IsZero() || tx.Now().Before(p.LeaseUntil) {
			continue // told already, or renewed by another node
		}
		was := p.At(p.LeaseUntil.Add(-time.Millisecond))
		p.LeaseUntil = time.Time{}
		if err := putPresence(tx, p, was); err != nil {
			return err
		}
	}
	return nil
}
