package view

import (
	"time"

	"madoguchi/desk"
)

// StandingOf maps how a person stands towards us; nil where there is nothing to say.
func StandingOf(s desk.Standing) *Standing {
	v := Standing{
		WindowUntil: At(s.WindowUntil), WindowLeft: s.WindowLeft, Counted: s.Counted, HumanUntil: At(s.HumanUntil), FreeUntil: At(s.FreeUntil),
		TemplateAt: At(s.TemplateAt), Unreachable: At(s.Unreachable), OptedOutAt: At(s.OptedOutAt), OptOutBy: s.OptOutBy, SuspectedAt: At(s.SuspectedAt),
	}
	if v == (Standing{}) {
		return nil
	}
	return &v
}

// AutomationOf maps what a channel says by itself.
func AutomationOf(a desk.Automation) *Automation {
	v := Automation(a)
	if v.AckTexts == nil {
		v.AckTexts = map[desk.Locale]string{}
	}
	if v.HelpTexts == nil {
		v.HelpTexts = map[desk.Locale]string{}
	}
	return &v
}

// TemplateOf maps a template.
func TemplateOf(t desk.Template) Template {
	v := Template{
		ID: t.ID, ChannelID: t.ChannelID, Name: t.Name, Language: t.Language, Category: t.Category, Status: t.Status, Sendable: t.Status.Sendable(),
		Reason: t.Reason, Quality: t.Quality, Header: t.Header, Text: t.Body, Variables: append([]string{}, desk.Variables(t.Body)...),
		Footer: t.Footer, Buttons: t.Buttons, Samples: t.Samples, UpdatedAt: At(t.UpdatedAt),
	}
	if t.Header != nil {
		for _, name := range desk.Variables(t.Header.Text) {
			v.Variables = append(v.Variables, "header."+name)
		}
	}
	return v
}

// NotificationOf maps a notification of a channel as it is now.
func NotificationOf(n desk.Notification, c desk.Channel, now time.Time) Notification {
	v := Notification{
		ID: n.ID, ChannelID: n.ChannelID, ChannelName: c.Name, Code: n.Code, Severity: n.Severity, Params: n.Params, Stands: n.Stands(c, now), At: At(n.At),
	}
	if v.Params == nil {
		v.Params = map[string]string{}
	}
	return v
}
