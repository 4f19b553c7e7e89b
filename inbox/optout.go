package inbox

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"madoguchi/desk"
	"madoguchi/store"
)

// maxOptInReason is how long a reason may be, in runes.
const maxOptInReason = 500

// OptOut writes down that a customer wants no more messages: said in other words than a keyword (B3.6), or elsewhere. It does what
// their own word does (B3.8, B3.10); again changes nothing. "opt_out_unsupported" (conflict) on channels that know no opt-out.
func (s *Service) OptOut(ctx context.Context, a Actor, conversation desk.ID) (desk.Conversation, error) {
	return s.standing(ctx, a, conversation, func(v *visit, i desk.Identity) error {
		if !i.Standing.OptedOutAt.IsZero() {
			return nil
		}
		i.Standing = i.Standing.OptOut(v.now, desk.OptOutByMember)
		if err := v.stand(i, desk.EventIdentityOptedOut, ""); err != nil {
			return err
		}
		if err := store.OptOutElsewhere(v.tx, i); err != nil {
			return err
		}
		if err := v.line("opted_out", map[string]string{"by": v.actor.Name}); err != nil {
			return err
		}
		if err := v.interruptSurvey(); err != nil || v.ticket.Status.Resolved() {
			return err
		}
		return v.ticket.Resolve(desk.ReasonOptOut, v.now)
	})
}

// DismissOptOut decides that a suspected opt-out was none (B3.6): automations may write again. Where nothing is suspected,
// nothing changes.
func (s *Service) DismissOptOut(ctx context.Context, a Actor, conversation desk.ID) (desk.Conversation, error) {
	return s.standing(ctx, a, conversation, func(v *visit, i desk.Identity) error {
		if i.Standing.SuspectedAt.IsZero() {
			return nil
		}
		i.Standing.SuspectedAt = time.Time{}
		if err := v.stand(i, desk.EventOptOutDismissed, ""); err != nil {
			return err
		}
		return v.line("opt_out_dismissed", map[string]string{"by": v.actor.Name})
	})
}

// OptIn takes back an opt-out that a member wrote down by mistake, or a stop of mails that was none (whoever a mail was passed on to
// may have followed its link), for a reason. "opt_out_theirs" (conflict) for an opt-out that the customer said or their provider
// told: only they take that back (B3.14).
func (s *Service) OptIn(ctx context.Context, a Actor, conversation desk.ID, reason string) (desk.Conversation, error) {
	reason = desk.CleanText(reason)
	if reason == "" {
		return desk.Conversation{}, desk.Invalid("reason", "opt_in_reason_missing", "taking an opt-out back needs a reason")
	}
	if utf8.RuneCountInString(reason) > maxOptInReason {
		return desk.Conversation{}, desk.Invalid("reason", "text_too_long", "a reason has at most %d characters", maxOptInReason)
	}
	return s.stands(ctx, a, conversation, func(v *visit, i desk.Identity) error {
		if !i.Standing.MailStoppedAt.IsZero() {
			return v.resumeMails(i, reason)
		}
		if err := s.knowsOptOut(i); err != nil {
			return err
		}
		switch {
		case i.Standing.OptedOutAt.IsZero():
			return nil
		case i.Standing.OptOutBy != desk.OptOutByMember:
			return desk.Errorf(desk.KindConflict, "opt_out_theirs", "they opted out themselves: %s", i.Standing.OptOutBy)
		}
		i.Standing = i.Standing.OptIn()
		if err := v.stand(i, desk.EventIdentityOptedIn, reason); err != nil {
			return err
		}
		if err := store.OptInElsewhere(v.tx, i); err != nil {
			return err
		}
		return v.line("opted_in", map[string]string{"by": v.actor.Name})
	})
}

// resumeMails lets unread replies be mailed again to somebody who writes on a web chat.
func (v *visit) resumeMails(i desk.Identity, reason string) error {
	i.Standing.MailStoppedAt = time.Time{}
	if err := v.stand(i, desk.EventIdentityOptedIn, reason); err != nil {
		return err
	}
	return v.line("opted_in", map[string]string{"by": v.actor.Name})
}

// standing is stands on the channels whose customers can opt out.
func (s *Service) standing(ctx context.Context, a Actor, conversation desk.ID, decide func(*visit, desk.Identity) error) (desk.Conversation, error) {
	return s.stands(ctx, a, conversation, func(v *visit, i desk.Identity) error {
		if err := s.knowsOptOut(i); err != nil {
			return err
		}
		return decide(v, i)
	})
}

func (s *Service) knowsOptOut(i desk.Identity) error {
	kind, err := s.channels.Get(i.Kind)
	if err != nil {
		return err
	}
	if !kind.Spec().Capabilities.OptOut {
		return desk.Errorf(desk.KindConflict, "opt_out_unsupported", "a %s channel knows no opt-out", i.Kind)
	}
	return nil
}

// stands runs a decision about how a conversation's customer stands.
func (s *Service) stands(ctx context.Context, a Actor, conversation desk.ID, decide func(*visit, desk.Identity) error) (desk.Conversation, error) {
	return store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (row desk.Conversation, err error) {
		v, err := openVisit(tx, a, conversation)
		if err != nil {
			return row, err
		}
		i, err := tx.Contacts().Identity(v.row.IdentityID)
		if err != nil {
			return row, fmt.Errorf("read identity: %w", err)
		}
		if err := decide(v, i); err != nil {
			return row, err
		}
		err = v.close()
		return v.row, err
	})
}

// stand keeps how an identity stands, and says who decided it.
func (v *visit) stand(i desk.Identity, kind desk.EventKind, reason string) error {
	if err := v.tx.WriteContacts().SetStanding(i.ID, i.Standing); err != nil {
		return fmt.Errorf("set standing: %w", err)
	}
	emitIdentity(v.tx, v.actor, kind, i, reason)
	return nil
}
