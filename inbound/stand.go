package inbound

import (
	"fmt"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// openingOf is the permission to write that something the customer did gives, and whether it gives one (C1.1): every
// message opens the channel's window, and a result may say that it opens another.
func openingOf(w *channel.Window, own *channel.Opening, at time.Time, message bool) (o desk.Opening, opens bool) {
	if w == nil && own == nil || own == nil && !message {
		return o, false
	}
	o.At = at
	if w != nil {
		o.For, o.Count, o.HumanFor = w.For, w.Count, w.HumanFor
	}
	if own == nil {
		return o, true
	}
	if !own.At.IsZero() {
		o.At = own.At
	}
	if own.For > 0 {
		o.For, o.Count = own.For, own.Count
	}
	o.FreeFor = own.FreeFor
	o.FreeOpens = w != nil && w.FreeOpens
	return o, true
}

// opened applies what the result opens to how they stand.
func (f *filing) opened(s desk.Standing, at time.Time, message bool) desk.Standing {
	if o, opens := openingOf(f.spec.Window.Of(f.channel.Settings), f.opens, at, message); opens {
		return s.Opened(o, f.now)
	}
	return s
}

// heard is how they stand after a message of theirs: a sign of life (H5), their newest id, a token to answer it with.
func (f *filing) heard(s desk.Standing) desk.Standing {
	at := f.in.At
	if at.IsZero() {
		at = f.now
	}
	s = f.opened(s, at, true)
	s = s.Reached()
	s.CameBy = nil
	if f.suspicious(s) {
		s.SuspectedAt = f.now
	}
	if at.Before(s.LastInAt) {
		return s
	}
	s.LastInAt = at
	if f.in.ExternalID != "" {
		s.LastIn = string(f.in.ExternalID)
	}
	if f.in.Token != "" {
		s.Token, s.TokenUntil = f.in.Token, f.in.TokenUntil
	}
	return s
}

// suspicious reports whether the message in hand may be an opt-out in other words than a keyword (B3.6).
func (f *filing) suspicious(s desk.Standing) bool {
	return f.spec.Capabilities.OptOut && s.OptedOutAt.IsZero() && s.SuspectedAt.IsZero() &&
		desk.SuspectsOptOut(desk.Message{Parts: f.in.Parts}.Text(), f.ownWords)
}

// stand keeps how they stand, if that changed.
func (f *filing) stand(s desk.Standing) error {
	if s == f.Identity.Standing {
		return nil
	}
	f.Identity.Standing = s
	if err := f.tx.WriteContacts().SetStanding(f.Identity.ID, s); err != nil {
		return fmt.Errorf("set standing: %w", err)
	}
	return nil
}

// proveChannel makes a channel that waits for its test message an active one (B1.7).
func (f *filing) proveChannel() error {
	if f.channel.State != desk.ChannelAwaitingTest {
		return nil
	}
	return f.setChannel(func(c *desk.Channel) {
		if c.State == desk.ChannelAwaitingTest {
			c.State = desk.ChannelActive
			c.Health.Since, c.Health.Reason, c.Health.Detail = f.now, "", ""
		}
	})
}

// setChannel changes the channel's state or health; a state that ails it is told to its admins (H2, H7).
func (f *filing) setChannel(change func(*desk.Channel)) error {
	before, err := f.tx.Channels().Get(f.channel.ID) // ours may be a while old
	if err != nil {
		return err
	}
	after := before
	change(&after)
	var told []desk.Alert
	if after.State != before.State {
		told = after.TellState(f.now)
		f.channel = after
	}
	return store.ChangeChannel(f.tx, before, after, desk.Actor{Kind: desk.ActorSystem}, told...)
}
