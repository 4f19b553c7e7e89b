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
// are there. "availability_missing" (invalid) when nothing is chosen.
func (s *Service) SetAvailability(ctx context.Context, workspace desk.ID, by desk.Actor, user desk.ID, choice Choice) error {
	return s.store.Update(ctx, workspace, func(tx store.Tx) error {
		if _, err := tx.Members().Get(user); err != nil {
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
		was := p.At(tx.Now())
		p.UserID, p.Chosen, p.CustomID = user, chosen, choice.CustomID
		if by.Kind == desk.ActorUser && by.ID == user {
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
