package desk

import (
	"strconv"
	"time"
)

// Notification tells members of something beside the messages themselves, also those who were away when it happened (G6, H7, C3.7).
type Notification struct {
	ID             ID
	UserID         ID // whom it is for, 0 = everybody who manages channels
	ChannelID      ID // of the conversation, where it is about one
	ConversationID ID // 0 = it is about the channel; who does not see the conversation is not told (J2)
	Code           string
	Severity       Severity
	Params         map[string]string // no names and nothing that customers said: those are read when it is shown
	At             time.Time
}

// What is told of a conversation: Params have "by", the member who did it, 0 if none.
const (
	NotifyAssigned  = "assigned"   // somebody else, or a rule, gave the member its case (G6.1)
	NotifyMentioned = "mentioned"  // in a note, with its "message"
	NotifyWhispered = "whispered"  // a supervisor's note to who has the case, with its "message" (E21)
	NotifyTakenOver = "taken_over" // somebody made the member's case their own (E21)
)

// What is told of promises to customers (E17, E19).
const (
	NotifySLAWarning  = "sla_warning"  // with the "metric", when it is "due", and the ticket's "number"
	NotifySLABreached = "sla_breached" // like it
	NotifyWaitAlert   = "wait_alert"   // somebody waits too long for a team: "since" when, the "team" (0 = none), the ticket's "number"
	NotifyAllDeclined = "all_declined" // like it: everybody of the team who is there declined the ticket (E12)
)

// NotifyWaiting tells one member of a conversation whose customer waits for a team: NotifyWaitAlert or NotifyAllDeclined.
func NotifyWaiting(c Conversation, user ID, code string) Notification {
	n := NotifyAbout(c, user, code, map[string]string{"since": Instant(c.WaitSince), "team": c.TeamID.String(), "number": strconv.FormatInt(c.TicketNo, 10)})
	n.Severity = SeverityWarning
	return n
}

// NotifyAbout is a notification to one member about a conversation.
func NotifyAbout(c Conversation, user ID, code string, params map[string]string) Notification {
	return Notification{UserID: user, ChannelID: c.ChannelID, ConversationID: c.ID, Code: code, Severity: SeverityInfo, Params: params}
}

// What is told of a template: Params have its name and language.
const (
	NotifyTemplateStatus   = "template_status"   // with "status" and "reason" (C3.7)
	NotifyTemplateCategory = "template_category" // the provider changed it, with "from" and "to" (C3.8)
)

// Became is what people are told when a template is another by now: its author what was decided (C3.7), or admins where nobody of
// ours submitted it and it is stopped; admins that its category changed, and with it its price (C3.8).
func (t Template) Became(now Template) (told []Notification) {
	n := Notification{ChannelID: t.ChannelID, Severity: SeverityWarning}
	about := func(more map[string]string) map[string]string {
		more["name"], more["language"] = t.Name, t.Language
		return more
	}
	stopped := now.Status == TemplatePaused || now.Status == TemplateDisabled
	if now.Status != t.Status && (stopped || t.CreatedBy != 0 && (now.Status == TemplateApproved || now.Status == TemplateRejected)) {
		status := n
		status.Code, status.UserID, status.Params = NotifyTemplateStatus, t.CreatedBy, about(map[string]string{"status": string(now.Status), "reason": now.Reason})
		if stopped || now.Status == TemplateRejected {
			status.Severity = SeverityError
		}
		told = append(told, status)
	}
	if t.Category != "" && now.Category != t.Category {
		category := n
		category.Code, category.Params = NotifyTemplateCategory, about(map[string]string{"from": t.Category, "to": now.Category})
		told = append(told, category)
	}
	return told
}

// NotifyOf is what an alert of a channel tells its admins.
func NotifyOf(channel ID, a Alert) Notification {
	return Notification{ChannelID: channel, Code: a.Code, Severity: a.Severity, Params: a.Params}
}

// Stands reports whether what a notification told of is still so: an alert of the channel as it is now, or a wait of the conversation
// it is about, until somebody has the case (E19).
func (n Notification) Stands(c Channel, about Conversation, now time.Time) bool {
	if n.Code == NotifyWaitAlert || n.Code == NotifyAllDeclined {
		return about.Status == StatusQueued && n.Params["since"] == Instant(about.WaitSince)
	}
	for _, a := range c.Alerts(now) {
		if a.Code == n.Code {
			return true
		}
	}
	return false
}
