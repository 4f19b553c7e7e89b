package live

import (
	"context"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

const openEvery = 30 * time.Second

// keeper wakes the room's second goroutine, which does what is not the log: presence, sessions, hints that run out,
// counts, pings. The first is never kept waiting by it.
type keeper struct{ poked chan struct{} }

func (k keeper) poke() {
	select {
	case k.poked <- struct{}{}:
	default:
	}
}

// keep runs the room's regular duties until ctx ends. What fails is logged and tried again in its turn.
func (r *room) keep(ctx context.Context) {
	duties := []struct {
		name  string
		every time.Duration
		do    func(context.Context) error
	}{
		{"keep presence", expireEvery, func(ctx context.Context) error { return r.keepPresence(ctx, r.hub.now()) }},
		{"check sessions", checkEvery, r.checkSessions},
		{"count views", countEvery, r.keepCounts},
		{"count saved views", countEvery, r.keepSaved},
		{"tell boards", countEvery, r.keepBoards},
		{"tell whether the desk is open", openEvery, r.keepOpen},
		{"tell whether the desk is open", countEvery, r.keepOpenIfUnsure},
		{"tell who waits", countEvery, func(ctx context.Context) error { return r.keepWaiting(ctx, false) }},
		{"tell who waits", desk.WaitToldEvery, func(ctx context.Context) error { return r.keepWaiting(ctx, true) }},
		{"ping", pingEvery / pingShares, r.ping},
	}
	due := make([]time.Time, len(duties))
	start := time.Now()
	for i := range due {
		due[i] = start.Add(duties[i].every)
	}
	timer := time.NewTimer(countEvery)
	defer timer.Stop()
	report := func(name string, err error) {
		if err != nil && ctx.Err() == nil {
			r.hub.log.ErrorContext(ctx, name, "workspace", r.workspace, "error", err)
		}
	}
	for {
		select {
		case <-ctx.Done():
			return
		case w := <-r.checks:
			report("check a session", r.check(ctx, w))
			continue
		case <-r.keeper.poked:
			report("write presence", r.writePresence(ctx))
		case <-timer.C:
		}
		now := time.Now()
		next := now.Add(countEvery)
		for i, d := range duties {
			if !now.Before(due[i]) {
				report(d.name, d.do(ctx))
				due[i] = now.Add(d.every)
			}
			if due[i].Before(next) {
				next = due[i]
			}
		}
		if gone := r.expireViewing(r.hub.now()); !gone.IsZero() && gone.Before(next) {
			next = gone
		}
		timer.Reset(max(time.Until(next), 0))
	}
}

// pingShares is into how many rounds the pings of all sockets are spread.
const pingShares = 5

// ping asks a share of the sockets whether they live; each is asked in its turn.
func (r *room) ping(context.Context) error {
	frame := pingFrame()
	r.mu.Lock()
	defer r.mu.Unlock()
	r.pinged = (r.pinged + 1) % pingShares
	for v := range r.visitors {
		if v.number%pingShares == r.pinged {
			v.send(frame)
		}
	}
	for a := range r.agents {
		if a.number%pingShares == r.pinged {
			a.send(frame)
		}
	}
	return nil
}

// keepOpen tells visitors whether somebody answers, when that changed.
func (r *room) keepOpen(ctx context.Context) error {
	if r.hub.config.ChannelOpen == nil {
		return nil
	}
	channels := map[desk.ID]bool{}
	r.mu.Lock()
	for v := range r.visitors {
		if v.record.ChannelID != 0 {
			channels[v.record.ChannelID] = false
		}
	}
	r.unsure = false
	r.mu.Unlock()
	if len(channels) == 0 {
		return nil
	}
	err := r.hub.store.View(ctx, r.workspace, func(reader store.Reader) (err error) {
		for channel := range channels {
			if channels[channel], err = r.hub.config.ChannelOpen(reader, channel, r.hub.now()); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for v := range r.visitors {
		open, known := channels[v.record.ChannelID]
		if was, told := r.open[v.record.ChannelID]; known && told && was != open {
			v.send(openFrame(open))
		}
	}
	for channel, open := range channels {
		r.open[channel] = open
	}
	return nil
}

// keepOpenIfUnsure does it soon after somebody came or went.
func (r *room) keepOpenIfUnsure(ctx context.Context) error {
	r.mu.Lock()
	unsure := r.unsure
	r.mu.Unlock()
	if !unsure {
		return nil
	}
	return r.keepOpen(ctx)
}

func openFrame(open bool) []byte {
	if open {
		return textFrame([]byte(`{"type":"config","open":true}`))
	}
	return textFrame([]byte(`{"type":"config","open":false}`))
}
