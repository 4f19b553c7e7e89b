package inbound

import (
	"madoguchi/channel"
	"madoguchi/desk"
)

// scoped names the channel in the keys of people whose ids are the world's (a phone number, a Telegram user): who writes to two
// accounts of ours has a conversation with each (0.1), and is one person in both (worldwide, see findContact).
func scoped(ch desk.Channel, r channel.Result) channel.Result {
	fill := func(p channel.Peer) channel.Peer {
		if p.Scope == "" {
			p.Scope = worldwide(ch)
		}
		return p
	}
	switch {
	case r.Message != nil:
		m := *r.Message
		m.Peer, r.Message = fill(m.Peer), &m
	case r.Echo != nil:
		e := *r.Echo
		e.Peer, r.Echo = fill(e.Peer), &e
	case r.Receipt != nil && r.Receipt.Peer != nil:
		n, p := *r.Receipt, fill(*r.Receipt.Peer)
		n.Peer, r.Receipt = &p, &n
	case r.Reaction != nil:
		n := *r.Reaction
		n.Peer, r.Reaction = fill(n.Peer), &n
	case r.Edit != nil:
		n := *r.Edit
		n.Peer, r.Edit = fill(n.Peer), &n
	case r.Unsend != nil:
		n := *r.Unsend
		n.Peer, r.Unsend = fill(n.Peer), &n
	case r.Standing != nil:
		n := *r.Standing
		if n.Peer = fill(n.Peer); n.To != nil {
			to := fill(*n.To)
			n.To = &to
		}
		r.Standing = &n
	}
	return r
}

// worldwide is the scope of such people on a channel.
func worldwide(ch desk.Channel) string { return "channel:" + ch.ID.String() }
