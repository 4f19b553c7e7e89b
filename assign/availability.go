package assign

import (
	"context"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// Choice is what somebody chooses of whether they take work (E8).
type Choice struct {
	Availability desk.Availability // what the workspace's own status means, where one is named
	CustomID     desk.ID           // 0 = none
}

// firstLease is how long a choice of one's own counts until the socket's first heartbeat renews it (E8).
const firstLease = 60 * time.Second

// SetAvailability says whether a member takes work: themselves, or a supervisor (E23). Who is chosen for stays offline until they
// are there. "availability_missing" (invalid) when nothing is chosen. may says, in the transaction that writes it (E27), whether the actor
// may choose for the member; nil = they may.
func (s *Service) SetAvailability(ctx context.Context, workspace desk.ID, by desk.Actor, user desk.ID, choice Choice, may func(store.Reader) error) error {
	return s.store.Update(ctx, workspace, func(tx store.Tx) error {
		if may != nil {
			if err := may(tx); err != nil {
				return err
			}
		}
		m, err := tx.Members().Get(user)
		if err != nil {
			return err
		}
		chosen := choice.Availability
		if choice.CustomID != 0 {
			custom, err := tx.Members().CustomAvailability(choice.CustomID)
			if err != nil {
				return err
			}
			chosen = custom.Means
		}
		if chosen == "" {
			return desk.Invalid("availability", "availability_missing", "choose an availability or a custom one")
		}
		p, err := tx.Members().Presence(user)
		if err != nil {
			return err
		}
		before, was := p, p.At(tx.Now())
		p.UserID, p.Chosen, p.CustomID = user, chosen, choice.CustomID
		if own := by.Kind == desk.ActorUser && by.ID == user; !own {
			deed, err := chosenFor(tx, by, m, before, p)
			if err != nil {
				return err
			}
			if err := tx.WriteAudit().Intend(workspace, deed); err != nil {
				return err
			}
		} else {
			p.Idle = false
			if until := tx.Now().Add(firstLease); p.LeaseUntil.Before(until) {
				p.LeaseUntil = until
			}
		}
		if err := tx.WriteMembers().PutPresence(p); err != nil {
			return err
		}
		tx.Emit(desk.Event{
			Kind: desk.EventAvailabilityChanged, At: tx.Now(), Actor: by, SubjectID: user, UserID: user,
			Changes: []desk.Change{{Field: "availability", From: string(was), To: string(p.At(tx.Now()))}},
		})
		return nil
	})
}

// chosenFor notes that somebody decides for another whether they take work (J6). What it was is what that member chose, in force or not;
// the workspace's own status stands beside what it means, by its name.
func chosenFor(r store.Reader, by desk.Actor, m desk.Member, was, is desk.Presence) (desk.AuditEntry, error) {
	e := desk.AuditEntry{
		Actor: by, Action: "member.availability_set", Object: desk.AuditObject{Kind: "member", ID: m.UserID, Name: m.Name},
		Changes: []desk.Change{{Field: "availability", From: string(was.Chosen), To: string(is.Chosen)}},
	}
	var names [2]string
	for i, p := range []desk.Presence{was, is} {
		if p.CustomID == 0 {
			continue
		}
		custom, err := r.Members().CustomAvailability(p.CustomID)
		if err != nil && desk.KindOf(err) != desk.KindNotFound {
			return e, err
		}
		names[i] = custom.Name
	}
	if names[0] != names[1] {
		e.Changes = append(e.Changes, desk.Change{Field: "custom_availability", From: names[0], To: names[1]})
	}
	return e, nil
}
