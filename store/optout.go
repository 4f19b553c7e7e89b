package store

import (
	"fmt"

	"madoguchi/desk"
)

// OptOutElsewhere lets a person's opt-out on one channel hold where it has to (B3.10): advertisements stop on all of theirs,
// everything stops to the same id on the brand's other channels of the kind.
func OptOutElsewhere(tx Tx, out desk.Identity) error {
	return everyIdentity(tx, out, func(i desk.Identity, alike bool) desk.Standing {
		s := i.Standing
		if alike {
			s = s.OptOut(out.Standing.OptedOutAt, out.Standing.OptOutBy)
		}
		s.Marketing = desk.MarketingStopped
		return s
	})
}

// OptInElsewhere takes back what OptOutElsewhere did for a member's entry that was wrong. Advertisements stay stopped: nobody
// knows what stopped them.
func OptInElsewhere(tx Tx, in desk.Identity) error {
	return everyIdentity(tx, in, func(i desk.Identity, alike bool) desk.Standing {
		if alike && i.Standing.OptOutBy == desk.OptOutByMember {
			return i.Standing.OptIn()
		}
		return i.Standing
	})
}

// everyIdentity changes how a person stands on each of their channels. alike are the other identities with the same id on a
// channel of the same kind and brand.
func everyIdentity(tx Tx, one desk.Identity, stands func(i desk.Identity, alike bool) desk.Standing) error {
	all, err := tx.Contacts().Identities(one.ContactID)
	if err != nil {
		return err
	}
	own, err := tx.Channels().Get(one.ChannelID)
	if err != nil {
		return fmt.Errorf("read channel: %w", err)
	}
	for _, i := range all {
		alike := i.ID != one.ID && i.Kind == one.Kind && i.ExternalID == one.ExternalID
		if alike {
			ch, err := tx.Channels().Get(i.ChannelID)
			if err != nil {
				return fmt.Errorf("read channel: %w", err)
			}
			alike = ch.BrandID == own.BrandID
		}
		s := stands(i, alike)
		if s == i.Standing {
			continue
		}
		if err := tx.WriteContacts().SetStanding(i.ID, s); err != nil {
			return fmt.Errorf("set standing: %w", err)
		}
	}
	return nil
}
