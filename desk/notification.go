package desk

import "time"

// Notification tells members of something that is not in a conversation, also those who were away when it happened (G6, H7, C3.7).
type Notification struct {
	ID        ID
	UserID    ID // whom it is for, 0 = everybody who manages channels
	ChannelID ID
	Code      string // an Alert's, or one of those below
	Severity  Severity
	Params    map[string]string
	At        time.Time
}

// What is told of a template: Params have its name and language.
const (
	NotifyTemplateStatus   = "template_status"   // with "status" and "reason" (C3.7)
	NotifyTemplateCategory = "template_category" // the provider changed it, with "from" and "to" (C3.8)
)

// NotifyOf is what an alert of a channel tells its admins.
func NotifyOf(channel ID, a Alert) Notification {
	return Notification{ChannelID: channel, Code: a.Code, Severity: a.Severity, Params: a.Params}
}

// Stands reports whether what a notification told of is still so: an alert of the channel as it is now.
func (n Notification) Stands(c Channel, now time.Time) bool {
	for _, a := range c.Alerts(now) {
		if a.Code == n.Code {
			return true
		}
	}
	return false
}
