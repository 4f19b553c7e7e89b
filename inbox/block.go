package inbox

import (
	"context"
	"fmt"
	"unicode/utf8"

	"madoguchi/desk"
	"madoguchi/store"
)

// maxBlockReason is how long a reason may be, in runes.
const maxBlockReason = 500

// Block shuts an identity out (F12): what it writes from now on is held back, makes no case and tells nobody. A reason
// is required. spam also closes its open case as spam. Blocking again replaces the reason.
func (s *Service) Block(ctx context.Context, a Actor, identity desk.ID, reason string, spam bool) (desk.Identity, error) {
	reason = desk.CleanText(reason)
	if reason == "" {
		return desk.Identity{}, desk.Invalid("reason", "block_reason_missing", "a block needs a reason")
	}
	if utf8.RuneCountInString(reason) > maxBlockReason {
		return desk.Identity{}, desk.Invalid("reason", "text_too_long", "a reason has at most %d characters", maxBlockReason)
	}
	return store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (desk.Identity, error) {
		i, err := tx.Contacts().Identity(identity)
		if err != nil {
			return i, err
		}
		if i.BlockedAt.IsZero() {
			i.BlockedAt = tx.Now()
		}
		i.BlockedBy, i.BlockReason = a.User, reason
		if err := tx.WriteContacts().PutIdentity(i); err != nil {
			return i, fmt.Errorf("put identity: %w", err)
		}
		emitIdentity(tx, a, desk.EventIdentityBlocked, i, reason)
		if !spam {
			return i, nil
		}
		return i, closeAsSpam(tx, a, i)
	})
}

// closeAsSpam ends the identity's case, if one is open.
func closeAsSpam(tx store.Tx, a Actor, i desk.Identity) error {
	c, err := tx.Conversations().ByIdentity(i.ID)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	v, err := openVisit(tx, a, c.ID)
	if err != nil || v.ticket.Status.Resolved() {
		return err
	}
	if err := v.ticket.Resolve(desk.ReasonSpam, v.now); err != nil {
		return err
	}
	return v.close()
}

// Unblock lets an identity in again, from now on: what was held back meanwhile stays where it is (F12).
func (s *Service) Unblock(ctx context.Context, a Actor, identity desk.ID) (desk.Identity, error) {
	return store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (desk.Identity, error) {
		i, err := tx.Contacts().Identity(identity)
		if err != nil || i.BlockedAt.IsZero() {
			return i, err
		}
		none := desk.Identity{}
		i.BlockedAt, i.BlockedBy, i.BlockReason = none.BlockedAt, 0, ""
		if err := tx.WriteContacts().PutIdentity(i); err != nil {
			return i, fmt.Errorf("put identity: %w", err)
		}
		emitIdentity(tx, a, desk.EventIdentityUnblocked, i, "")
		return i, nil
	})
}

func emitIdentity(tx store.Tx, a Actor, kind desk.EventKind, i desk.Identity, reason string) {
	changes := []desk.Change{{Field: "identity_id", To: i.ID.String()}}
	if reason != "" {
		changes = append(changes, desk.Change{Field: "reason", To: reason})
	}
	tx.Emit(desk.Event{Kind: kind, At: tx.Now(), Actor: a.By, SubjectID: i.ContactID, Changes: changes})
}
