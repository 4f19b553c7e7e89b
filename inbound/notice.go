package inbound

import (
	"madoguchi/channel"
	"madoguchi/desk"
)

// notice keeps news about the account on the channel (H1, H2).
func (f *filing) notice(n channel.Notice) error {
	if n.Template != nil {
		return f.template(*n.Template, f.stamp(n.At))
	}
	return f.setChannel(func(c *desk.Channel) {
		h := &c.Health
		at := f.stamp(n.At)
		to := c.State
		switch n.Is {
		case channel.NoticeSuspended:
			to = desk.ChannelSuspended
		case channel.NoticeRestored:
			if c.State == desk.ChannelSuspended || c.State == desk.ChannelDegraded {
				to = desk.ChannelActive
			}
		case channel.NoticeRestricted:
			if c.State == desk.ChannelActive {
				to = desk.ChannelDegraded
			}
		case channel.NoticeError:
			h.FailedAt, h.FailedCode, h.Detail = at, n.Code, n.Detail
			return
		default:
			return
		}
		if at.Before(h.Since) {
			return // what happened since counts
		}
		if h.Reason, h.Detail = n.Code, n.Detail; to == desk.ChannelActive {
			h.Reason, h.Detail = "", ""
		}
		if to != c.State {
			c.State, h.Since = to, at
		}
	})
}
