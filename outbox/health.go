package outbox

import (
	"fmt"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// noteEvery is how often it is written down that sends succeed.
const noteEvery = time.Minute

// examine keeps what an attempt showed of the channel's health (H1), in the transaction that settles the attempt.
func (d *dispatch) examine(tx store.Tx, o store.Outcome) error {
	switch {
	case d.fault != nil && o.Status != desk.DeliverySent:
		return d.ail(tx)
	case o.Status == desk.DeliverySent && d.worthNoting(tx.Now()):
		return d.works(tx)
	}
	return nil
}

func (d *dispatch) worthNoting(now time.Time) bool {
	c := d.account.Channel
	return c.State != desk.ChannelActive || !c.Health.FailingSince.IsZero() || now.Sub(c.Health.SentAt) >= noteEvery
}

func (d *dispatch) ail(tx store.Tx) error {
	f := d.fault
	if err := store.RefuseTemplate(tx, d.message.Template, f.Template); err != nil {
		return err
	}
	until := time.Time{}
	if f.After > 0 {
		until = tx.Now().Add(f.After)
	}
	return store.Ail(tx, d.account.Channel.ID, f.Ailment(), f.OnMessage(), until)
}

// works keeps that the provider took a message.
func (d *dispatch) works(tx store.Tx) error {
	before, err := tx.Channels().Get(d.account.Channel.ID)
	if err != nil {
		return fmt.Errorf("read channel: %w", err)
	}
	return store.ChangeChannel(tx, before, before.Working(tx.Now(), d.out.Token != ""), desk.Actor{Kind: desk.ActorSystem})
}
