package store

import (
	"fmt"
	"time"

	"madoguchi/desk"
)

// Ail keeps that a channel's provider refused something: it is counted (H9), and the channel stands as it must, which admins
// hear of (H1, H7). a is "" for a refusal that is about one message or person alone; until is when a limit ends, zero = nobody
// knows.
func Ail(tx Tx, channel desk.ID, a desk.Ailment, f *desk.MessageFault, until time.Time) error {
	if err := tx.WriteChannels().CountFault(channel, f.Code); err != nil {
		return fmt.Errorf("count fault: %w", err)
	}
	if a == "" {
		return nil
	}
	before, err := tx.Channels().Get(channel)
	if err != nil {
		return fmt.Errorf("read channel: %w", err)
	}
	after, told := before.Ailing(a, f.Code, f.Detail, until, tx.Now())
	return ChangeChannel(tx, before, after, desk.Actor{Kind: desk.ActorSystem}, told...)
}
