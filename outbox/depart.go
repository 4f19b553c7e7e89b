package outbox

import (
	"context"
	"errors"
	"fmt"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

func refuse(kind channel.Action, code string, err error) *channel.Fault {
	return &channel.Fault{Kind: kind, Code: code, Certain: true, Err: err}
}

// CodeExpired is the fault code of a reply that waited too long for its provider (G7.7).
const CodeExpired = "expired"

// lastCheck looks once more whether this should still be sent, as far as the channel and the promise say.
func (r *Runner) lastCheck(d *dispatch) *channel.Fault {
	now := r.Now()
	switch state := d.account.Channel.State; {
	case !d.Delivery.ExpiresAt.IsZero() && !now.Before(d.Delivery.ExpiresAt):
		return refuse(channel.ActFail, CodeExpired, fmt.Errorf("waited since %s", d.Delivery.CreatedAt.Format(time.RFC3339)))
	case d.spec.Local:
		return refuse(channel.ActConfig, "local_channel", errors.New("a local channel delivers by itself"))
	case state == desk.ChannelAuthExpired: // H2: fails at once, kept as unsent
		return refuse(channel.ActToken, "channel_"+string(state), errors.New("the channel must be reconnected"))
	case state == desk.ChannelDisabled, state == desk.ChannelDeleted, state == desk.ChannelSuspended, state == desk.ChannelSetupIncomplete, state == desk.ChannelSetupFailed:
		return refuse(channel.ActConfig, "channel_"+string(state), errors.New("the channel cannot send"))
	case d.message.Status == desk.DeliveryFailed && d.Delivery.Part > 0:
		return refuse(channel.ActFail, "earlier_part_failed", errors.New("a piece before this one failed"))
	}
	return nil
}

// codeBlocked is the fault code of what was to go to somebody whom a member blocked meanwhile (F12).
const codeBlocked = "reply_to_blocked"

// refusals are what a refusal of grant comes to.
var refusals = map[string]channel.Action{
	desk.CodeOptedOut: channel.ActOptOut, desk.CodeSuspected: channel.ActOptOut,
	desk.CodeUnreachable: channel.ActBlocked, desk.CodeWindow: channel.ActWindow, codeBlocked: channel.ActFail,
}

// pass is what a message goes out with.
type pass struct{ token, tag string }

// depart marks the delivery as sending, unless how the recipient stands forbids it by now (B3.13, C2.4). A first attempt uses
// up the reply token: whatever becomes of it, no second one takes it.
func (r *Runner) depart(ctx context.Context, d *dispatch) (*channel.Fault, error) {
	var granted pass
	err := r.Store.Queue().MarkSending(ctx, d.Leased, func(tx store.Tx) (err error) {
		if err := d.takePeer(tx); err != nil {
			return err
		}
		granted, err = d.grant(tx)
		return err
	})
	var refused *desk.Error
	if errors.As(err, &refused) && refusals[refused.Code] != "" {
		return refuse(refusals[refused.Code], refused.Code, refused), nil
	}
	if err == nil {
		d.out.Token, d.out.Tag = granted.token, granted.tag
	}
	return nil, err
}

func (d *dispatch) grant(tx store.Tx) (pass, error) {
	identity, err := tx.Contacts().Identity(d.identity.ID)
	if err != nil {
		return pass{}, fmt.Errorf("read identity: %w", err)
	}
	if !identity.BlockedAt.IsZero() {
		return pass{}, desk.Errorf(desk.KindConflict, codeBlocked, "identity %d is blocked", identity.ID)
	}
	s := identity.Standing
	tagged, err := s.Leave(d.spec.Sending(d.message), tx.Now())
	if err != nil {
		return pass{}, err
	}
	p := pass{}
	if d.Delivery.Attempts <= 1 { // a later one repeats the first with its key: by a token it could arrive a second time
		p.token = s.FreshToken(tx.Now())
	}
	if tagged {
		p.tag = d.spec.Window.HumanTag
	}
	switch {
	case p.token != "":
		s.Token, s.TokenUntil, s.TokenFor = "", time.Time{}, d.Delivery.ID
	case s.TokenFor == d.Delivery.ID: // the attempt before was refused; this one has its key
		s.TokenFor = 0
	default:
		return p, nil
	}
	return p, tx.WriteContacts().SetStanding(identity.ID, s)
}

// afterwards keeps what an attempt showed, beside what became of it: of the channel, and of the recipient. nil = nothing.
func (d *dispatch) afterwards(o store.Outcome) func(store.Tx) error {
	by, stands := d.showed(o)
	healthy := o.Status == desk.DeliverySent
	if !stands && !healthy && d.fault == nil {
		return nil
	}
	return func(tx store.Tx) error {
		if err := d.examine(tx, o); err != nil || !stands {
			return err
		}
		return d.stand(tx, by)
	}
}

// showed says what an outcome tells about the recipient: by is "" for a message that went out, or may have.
func (d *dispatch) showed(o store.Outcome) (by string, stands bool) {
	switch o.Status {
	case desk.DeliverySent, desk.DeliveryUnknown:
		return "", true
	case desk.DeliveryFailed:
		if d.fault != nil { // a refusal of our own tells nothing new
			by = d.fault.Recipient()
		}
		return by, by != ""
	}
	return "", false
}

// stand keeps how the recipient stands: what went out counts (C1.5, C1.6, C1.9); a refusal for what they did tells about them
// (B3.13, C2.4, H5).
func (d *dispatch) stand(tx store.Tx, by string) error {
	identity, err := tx.Contacts().Identity(d.identity.ID)
	if err != nil {
		return fmt.Errorf("read identity: %w", err)
	}
	s := identity.Standing
	if by == "" {
		s = s.Wrote(tx.Now(), d.message.Template != nil)
	} else {
		s = s.Refused(by, tx.Now())
	}
	if s == identity.Standing {
		return nil
	}
	return tx.WriteContacts().SetStanding(identity.ID, s)
}
