package inbound

import (
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

// standing notes how somebody stands towards us from now on. Who can be written to from now on, or says what they want,
// becomes known by it; who leaves without ever having been here does not.
func (f *filing) standing(n channel.Standing) error {
	switch n.Is {
	case channel.StandingBlocked, channel.StandingUnblocked, channel.StandingMoved:
		identity, err := identityOf(f.tx, f.channel.Kind, n.Peer)
		if desk.KindOf(err) == desk.KindNotFound {
			return nil
		}
		if f.Identity = identity; err != nil {
			return err
		}
	default:
		if err := f.findIdentity(n.Peer); err != nil {
			return err
		}
	}
	if err := f.joinThread(); err != nil {
		return err
	}
	if n.Is == channel.StandingMoved {
		return f.moved(n)
	}
	was := f.Identity.Standing
	is := f.stands(was, n)
	if err := f.stand(is); err != nil {
		return err
	}
	if n.Is == channel.StandingOptedOut {
		return f.leave(was.OptedOutAt.IsZero())
	}
	return f.tell(standingLines[n.Is], nil)
}

// joinThread holds the person's conversation, if they have one.
func (f *filing) joinThread() error {
	c, err := f.tx.Conversations().ByIdentity(f.Identity.ID)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	return f.lock(c.ID)
}

// stands is how they stand after the news.
func (f *filing) stands(s desk.Standing, n channel.Standing) desk.Standing {
	at := f.stamp(n.At)
	s = f.opened(s, at, false)
	if n.Referral != nil {
		s.CameBy = n.Referral
	}
	switch n.Is {
	case channel.StandingBlocked:
		s.Unreachable = at
		s.Token, s.TokenUntil = "", time.Time{}
	case channel.StandingFollowed, channel.StandingUnblocked, channel.StandingStarted:
		s = s.Reached()
		if n.Token != "" {
			s.Token, s.TokenUntil = n.Token, n.TokenUntil
		}
	case channel.StandingOptedOut:
		s = s.OptOut(at, desk.OptOutByProvider)
	case channel.StandingOptedIn:
		s = s.OptIn()
	case channel.StandingMarketingStopped:
		s.Marketing = desk.MarketingStopped
	case channel.StandingMarketingResumed:
		s.Marketing = ""
	}
	return s
}

// standingLines are what the thread says of it.
var standingLines = map[channel.StandingKind]string{
	channel.StandingFollowed:         "customer_followed",
	channel.StandingBlocked:          "customer_blocked_us",
	channel.StandingUnblocked:        "customer_unblocked_us",
	channel.StandingStarted:          "customer_started",
	channel.StandingOptedIn:          "opted_in",
	channel.StandingMarketingStopped: "marketing_stopped",
	channel.StandingMarketingResumed: "marketing_resumed",
}

// tell adds a quiet line to the thread, where there is one.
func (f *filing) tell(code string, params map[string]string) error {
	if f.Conversation.ID == 0 || code == "" {
		return nil
	}
	f.Ticket.ID = f.Conversation.TicketID
	if err := f.line(code, params); err != nil {
		return err
	}
	return f.keepRow()
}

// moved gives somebody their new id, unless another person has it here already: then the two stay two (F3).
func (f *filing) moved(n channel.Standing) error {
	if n.To == nil {
		return nil
	}
	known, err := f.tx.Contacts().IdentityByKey(f.channel.Kind, n.To.Scope, n.To.ExternalID)
	switch {
	case err == nil && known.ID == f.Identity.ID: // only another id of theirs is new
	case err == nil:
		return f.tell("customer_moved", map[string]string{"to": n.To.ExternalID})
	case desk.KindOf(err) != desk.KindNotFound:
		return err
	}
	f.Identity.Scope, f.Identity.ExternalID = n.To.Scope, n.To.ExternalID
	if n.To.Alias != "" {
		f.Identity.Alias = n.To.Alias
	}
	if err := f.tx.WriteContacts().PutIdentity(f.Identity); err != nil {
		return err
	}
	return f.tell("customer_moved", map[string]string{"to": n.To.ExternalID})
}
