package outbox

import (
	"context"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// ailing says on the channel what a fault means for all of it (H2): the credentials are dead, or the quota is used up.
func (r *Runner) ailing(ctx context.Context, d *dispatch, f *channel.Fault) {
	switch f.Kind {
	case channel.ActToken:
		r.setState(ctx, d, desk.ChannelAuthExpired)
	case channel.ActCap:
		r.setState(ctx, d, desk.ChannelRateLimited)
	}
}

// recovered takes a limit back after a send went through.
func (r *Runner) recovered(ctx context.Context, d *dispatch) {
	if d.account.Channel.State == desk.ChannelRateLimited {
		r.setState(ctx, d, desk.ChannelActive)
	}
}

func (r *Runner) setState(ctx context.Context, d *dispatch, to desk.ChannelState) {
	err := r.Store.Update(ctx, d.WorkspaceID, func(tx store.Tx) error {
		c, err := tx.Channels().Get(d.account.Channel.ID)
		if err != nil {
			return err
		}
		if c.State == to || c.State != d.account.Channel.State { // a person or another node changed it meanwhile
			return nil
		}
		change := desk.Change{Field: "state", From: string(c.State), To: string(to)}
		c.State, c.UpdatedAt = to, tx.Now()
		c.Version++
		if err := tx.WriteChannels().Put(c); err != nil {
			return err
		}
		tx.Emit(desk.Event{
			Kind: desk.EventChannelChanged, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorSystem}, SubjectID: c.ID,
			Changes: []desk.Change{change},
		})
		return nil
	})
	if err != nil {
		r.Log.ErrorContext(ctx, "set channel state", "channel", d.account.Channel.ID, "state", to, "err", err)
	}
}
