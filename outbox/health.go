package outbox

import (
	"fmt"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

const (
	quietThrottle = time.Minute // a shorter pause is nobody's news (H2)
	noteEvery     = time.Minute // that sends succeed is written down so often
)

// ailmentOf is what a fault means for all of the channel (H2).
func ailmentOf(f *channel.Fault) desk.Ailment {
	switch f.Kind {
	case channel.ActToken:
		return desk.AilmentCredentials
	case channel.ActCap:
		if f.Suspended {
			return desk.AilmentSuspended
		}
		return desk.AilmentLimited
	case channel.ActThrottle:
		if f.Scope != channel.RatePeer && f.After > quietThrottle {
			return desk.AilmentLimited
		}
	case channel.ActRetry:
		return desk.AilmentTrouble
	case channel.ActConfig:
		return desk.AilmentSettings
	}
	return ""
}

// examine keeps what an attempt showed of the channel's health (H1), in the transaction that settles the attempt.
func (d *dispatch) examine(tx store.Tx, o store.Outcome) error {
	switch {
	case d.fault != nil && o.Status != desk.DeliverySent:
		return d.ail(tx)
	case o.Status == desk.DeliverySent && d.worthNoting(tx.Now()):
		return d.change(tx, func(c desk.Channel) (desk.Channel, []desk.Alert) { return c.Working(tx.Now(), d.out.Token != ""), nil })
	}
	return nil
}

func (d *dispatch) worthNoting(now time.Time) bool {
	c := d.account.Channel
	return c.State != desk.ChannelActive || !c.Health.FailingSince.IsZero() || now.Sub(c.Health.SentAt) >= noteEvery
}

func (d *dispatch) ail(tx store.Tx) error {
	f := d.fault
	if err := tx.WriteChannels().CountFault(d.account.Channel.ID, f.Code); err != nil {
		return fmt.Errorf("count fault: %w", err)
	}
	if err := store.RefuseTemplate(tx, d.message.Template, f.Template); err != nil {
		return err
	}
	a := ailmentOf(f)
	if a == "" {
		return nil
	}
	until := time.Time{}
	if f.After > 0 {
		until = tx.Now().Add(f.After)
	}
	return d.change(tx, func(c desk.Channel) (desk.Channel, []desk.Alert) {
		return c.Ailing(a, f.Code, f.OnMessage().Detail, until, tx.Now())
	})
}

// change keeps the channel as it is by now, and says so if its state changed or admins are to hear of a cause (H7).
func (d *dispatch) change(tx store.Tx, how func(desk.Channel) (after desk.Channel, told []desk.Alert)) error {
	before, err := tx.Channels().Get(d.account.Channel.ID)
	if err != nil {
		return fmt.Errorf("read channel: %w", err)
	}
	after, told := how(before)
	return store.ChangeChannel(tx, before, after, desk.Actor{Kind: desk.ActorSystem}, told...)
}
