package store

import (
	"fmt"
	"time"

	"madoguchi/desk"
)

// ScheduledReader reads replies that wait for their instant.
type ScheduledReader interface {
	Get(id desk.ID) (desk.Scheduled, error)
	ByClientID(conversation, user desk.ID, clientID string) (desk.Scheduled, error)
	OfConversation(conversation desk.ID) ([]desk.Scheduled, error) // the next one first, what came back last
	// Next are the first to be sent, due or not, whosever they are.
	Next(limit int) ([]desk.Scheduled, error)
	// ReturnedTo are the conversations in which replies of a member's came back, one of them several times perhaps.
	ReturnedTo(user desk.ID) ([]desk.ID, error)
}

// ScheduledWriter changes replies that wait; their files are named by attachments whose MessageID is the reply's id.
type ScheduledWriter interface {
	Put(desk.Scheduled) error // "client_id_taken" (conflict)
	Delete(id desk.ID) error
}

// ReminderReader reads reminders.
type ReminderReader interface {
	Get(id desk.ID) (desk.Reminder, error)
	Of(user, conversation desk.ID) (desk.Reminder, error)
	OfMember(user desk.ID) ([]desk.Reminder, error) // the next one first
	Due(before time.Time, limit int) ([]desk.Reminder, error)
}

// ReminderWriter changes reminders.
type ReminderWriter interface {
	Put(desk.Reminder) error // "reminder_exists" (conflict) for a second one of a member in a conversation
	Delete(id desk.ID) error
}

// FillFiles looks up the attachments that parts name.
func FillFiles(r Reader, parts []desk.Part) error {
	for i, p := range parts {
		if p.AttachmentID == 0 {
			continue
		}
		a, err := r.Messages().Attachment(p.AttachmentID)
		if err != nil {
			return fmt.Errorf("read attachment %d: %w", p.AttachmentID, err)
		}
		parts[i].Attachment = &a
	}
	return nil
}
