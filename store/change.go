package store

import (
	"fmt"

	"madoguchi/desk"
)

// ChangeChannel keeps a channel whose state or health changed. The event tells the state, if that changed, and the causes that
// admins are to hear of; without either there is none.
func ChangeChannel(tx Tx, before, after desk.Channel, by desk.Actor, causes ...string) error {
	var changes []desk.Change
	if after.State != before.State {
		changes = append(changes, desk.Change{Field: "state", From: string(before.State), To: string(after.State)})
	}
	for _, cause := range causes {
		changes = append(changes, desk.Change{Field: "cause", To: cause})
	}
	if changes == nil {
		return tx.WriteChannels().SetHealth(after.ID, after.Health)
	}
	after.UpdatedAt = tx.Now()
	after.Version++
	if err := tx.WriteChannels().Put(after); err != nil {
		return fmt.Errorf("put channel: %w", err)
	}
	tx.Emit(desk.Event{Kind: desk.EventChannelChanged, At: tx.Now(), Actor: by, SubjectID: after.ID, Changes: changes})
	return nil
}
