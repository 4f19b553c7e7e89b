package store

import (
	"fmt"

	"madoguchi/desk"
)

// ChangeChannel keeps a channel whose state or health changed, and tells admins the alerts that they are to hear of (H7). The
// event has the state, if that changed, and the alerts' causes; without either there is none.
func ChangeChannel(tx Tx, before, after desk.Channel, by desk.Actor, told ...desk.Alert) error {
	if after.State == before.State && len(told) == 0 {
		return tx.WriteChannels().SetHealth(after.ID, after.Health)
	}
	after.UpdatedAt = tx.Now()
	after.Version++
	return PutChannel(tx, before, after, by, told...)
}

// PutChannel is ChangeChannel for a change that people made or asked for: its version has climbed, and the event comes always.
func PutChannel(tx Tx, before, after desk.Channel, by desk.Actor, told ...desk.Alert) error {
	var changes []desk.Change
	if after.State != before.State {
		changes = append(changes, desk.Change{Field: "state", From: string(before.State), To: string(after.State)})
	}
	for _, alert := range told {
		changes = append(changes, desk.Change{Field: "cause", From: alert.Code, To: alert.Cause()})
	}
	if err := tx.WriteChannels().Put(after); err != nil {
		return fmt.Errorf("put channel: %w", err)
	}
	tx.Emit(desk.Event{Kind: desk.EventChannelChanged, At: tx.Now(), Actor: by, SubjectID: after.ID, Changes: changes})
	for _, alert := range told {
		if err := Notify(tx, desk.NotifyOf(after.ID, alert)); err != nil {
			return err
		}
	}
	return nil
}

// Notify keeps a notification, with an id and the transaction's instant, and says so.
func Notify(tx Tx, n desk.Notification) error {
	n.ID, n.At = tx.NewID(), tx.Now()
	if err := tx.WriteNotifications().Put(n); err != nil {
		return fmt.Errorf("put notification: %w", err)
	}
	tx.Emit(desk.Event{Kind: desk.EventNotified, At: n.At, Actor: desk.Actor{Kind: desk.ActorSystem}, SubjectID: n.ID, UserID: n.UserID})
	return nil
}

// ChangeTemplate keeps what became of a template and tells it to whom it concerns (C3.7, C3.8).
func ChangeTemplate(tx Tx, before, after desk.Template) error {
	after.UpdatedAt = tx.Now()
	if err := tx.WriteTemplates().Put(after); err != nil {
		return fmt.Errorf("put template %s: %w", after.Name, err)
	}
	for _, n := range before.Became(after) {
		if err := Notify(tx, n); err != nil {
			return err
		}
	}
	return nil
}

// RefuseTemplate keeps how a template stands that a provider refused to send (C3.3); use is nil where none was sent.
func RefuseTemplate(tx Tx, use *desk.TemplateUse, status desk.TemplateStatus) error {
	if use == nil || use.TemplateID == 0 || status == "" {
		return nil
	}
	before, err := tx.Templates().Get(use.TemplateID)
	if err != nil || before.Status == status || before.Status == desk.TemplateDeleted {
		return err
	}
	after := before
	after.Status, after.Reason = status, ""
	return ChangeTemplate(tx, before, after)
}
