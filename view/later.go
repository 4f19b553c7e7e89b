package view

import "madoguchi/desk"

// Scheduled is a reply that waits for its instant, or came back.
type Scheduled struct {
	ID             desk.ID `json:"id" doc:"0 = it has gone out"`
	ConversationID desk.ID `json:"conversation_id"`
	UserID         desk.ID `json:"user_id" doc:"Whose it is"`
	ClientID       string  `json:"client_id" doc:"Of the message that it becomes"`
	Undo           bool    `json:"undo" doc:"It waits only so that it can be taken back"`
	Parts          []Part  `json:"parts"`
	ReplyToID      desk.ID `json:"reply_to_id,omitempty"`
	AndThen        string  `json:"and_then,omitempty" enum:"resolve,snooze"`
	SnoozeUntil    Time    `json:"snooze_until,omitzero" format:"date-time"`
	DueAt          Time    `json:"due_at" format:"date-time" doc:"When it goes out, or was to go"`
	UnlessAnswered bool    `json:"unless_answered"`
	Answered       bool    `json:"answered" doc:"The customer has written, and it will not be sent"`
	ReturnedAt     Time    `json:"returned_at,omitzero" format:"date-time" doc:"It could not go out, or a colleague took it back: its writer decides"`
	Reason         string  `json:"reason,omitempty" doc:"Why it came back: scheduled_answered, scheduled_resolved, scheduled_member_gone, scheduled_taken_back, or the code with which a reply would be refused"`
	Orphaned       bool    `json:"orphaned,omitempty" doc:"It came back to somebody who does not answer here any more: whoever does may take it over"`
	CreatedAt      Time    `json:"created_at" format:"date-time"`
	Version        int64   `json:"version"`
}

// ScheduledOf maps a reply that waits or came back, its files filled in.
func ScheduledOf(d desk.Scheduled, answered bool, links Links) Scheduled {
	return Scheduled{
		ID: d.ID, ConversationID: d.ConversationID, UserID: d.UserID, ClientID: d.ClientID, Undo: d.Undo, Parts: PartsOf(d.Parts, links),
		ReplyToID: d.ReplyToID, AndThen: d.Then, SnoozeUntil: At(d.SnoozeUntil), DueAt: At(d.DueAt), UnlessAnswered: d.UnlessAnswered,
		Answered: answered, ReturnedAt: At(d.ReturnedAt), Reason: d.Reason, CreatedAt: At(d.CreatedAt), Version: d.Version,
	}
}

// Reminder brings a conversation back before one member's eyes.
type Reminder struct {
	ConversationID desk.ID `json:"conversation_id"`
	Note           string  `json:"note"`
	DueAt          Time    `json:"due_at" format:"date-time"`
	UnlessAnswered bool    `json:"unless_answered" doc:"It lapses when the customer writes before"`
	FiredAt        Time    `json:"fired_at,omitzero" format:"date-time" doc:"It has come"`
}

// ReminderOf maps a reminder.
func ReminderOf(r desk.Reminder) Reminder {
	return Reminder{ConversationID: r.ConversationID, Note: r.Note, DueAt: At(r.DueAt), UnlessAnswered: r.UnlessAnswered, FiredAt: At(r.FiredAt)}
}
