package view

import (
	"encoding/json"
	"time"

	"madoguchi/desk"
)

// Channel is one connected account, as administrators see it.
type Channel struct {
	ID           desk.ID                         `json:"id"`
	Kind         string                          `json:"kind"`
	Name         string                          `json:"name"`
	Account      string                          `json:"account" doc:"The provider's account id; for web chat the public key in the snippet"`
	State        desk.ChannelState               `json:"state" enum:"setup_incomplete,setup_failed,awaiting_test,active,degraded,rate_limited,auth_expired,suspended,disabled,deleted"`
	Settings     json.RawMessage                 `json:"settings" doc:"As channel-kinds describes them"`
	TeamID       desk.ID                         `json:"team_id" doc:"0 = everybody"`
	ScheduleID   desk.ID                         `json:"schedule_id" doc:"0 = always open"`
	Automation   *Automation                     `json:"automation,omitempty" doc:"What it says by itself; for those who manage channels"`
	Says         map[desk.Locale]AutomationTexts `json:"says,omitempty" doc:"What it would say by itself now, by language, as a customer gets it; of one channel alone"`
	FilesAsLinks bool                            `json:"files_as_links,omitempty" doc:"Every file goes as a link in the text"`
	LastSeenAt   Time                            `json:"last_seen_at,omitzero" format:"date-time"`
	LastSeenOn   string                          `json:"last_seen_on" doc:"For web chat the site it was last seen on"`
	Snippet      string                          `json:"snippet,omitempty" doc:"What to paste into the site, web chat only"`
	Copied       map[string]string               `json:"copied,omitempty" doc:"What to copy to the provider: callback, and the secrets that we made"`
	SecretsSet   []string                        `json:"secrets_set,omitempty" doc:"The secrets that are kept; they are never shown"`
	Health       ChannelHealth                   `json:"health"`
	Version      int64                           `json:"version"`
}

// AutomationTexts are what a channel says by itself in one language.
type AutomationTexts struct {
	Acknowledgement string `json:"acknowledgement"`
	Help            string `json:"help"`
	OptOut          string `json:"opt_out"`
	Notice          string `json:"notice" doc:"The line that whatever comes first ends with, where people can opt out and it does not tell how"`
}

// Automation is what a channel says by itself.
type Automation struct {
	Acknowledge   bool                   `json:"acknowledge" doc:"New tickets are acknowledged, with the time in which people answer"`
	AckTexts      map[desk.Locale]string `json:"ack_texts" doc:"By language; none = the server's own. {{answer_time}} is when people answer, else it comes at the end"`
	AnswerMinutes int                    `json:"answer_minutes" minimum:"0" maximum:"20160" doc:"How soon people answer inside opening hours; 0 = nobody says"`
	TellWait      bool                   `json:"tell_wait,omitempty" doc:"Inside opening hours the acknowledgement tells the estimated wait instead, where one is known"`
	HelpTexts     map[desk.Locale]string `json:"help_texts" doc:"What HELP is answered with, by language; none = the server's own"`
	ConfirmOptOut bool                   `json:"confirm_opt_out" doc:"The provider does not confirm opt-outs: we do"`
	Survey        bool                   `json:"survey" doc:"Ask for a rating when a ticket is resolved"`
	SurveyDesign  desk.SurveyDesign      `json:"survey_design,omitzero" doc:"How it asks; what is blank in a language is the server's own"`
	HideReading   bool                   `json:"hide_reading,omitempty" doc:"Customers are not told that theirs were read"`
	HideTyping    bool                   `json:"hide_typing,omitempty" doc:"Customers do not see that somebody writes"`
	AutoClose     desk.AutoClose         `json:"auto_close,omitzero" doc:"Minutes after the last that was said: cases that nobody goes on with are resolved; 0 = never"`
	MailMinutes   int                    `json:"mail_minutes,omitempty" minimum:"0" maximum:"10080" doc:"Web chat: after so many minutes a person's unread replies go by e-mail to who gave an address; 0 = never"`
}

// ChannelHealth is what was last seen of a channel and its provider; Title, Reason and Since are for everybody, the rest for those
// who manage channels.
type ChannelHealth struct {
	Title        string              `json:"title,omitempty" doc:"What the provider calls the account"`
	Reason       string              `json:"reason,omitempty" doc:"Why it is in its state: a code of the channel's texts"`
	Detail       string              `json:"detail,omitempty" doc:"In the provider's words"`
	Since        Time                `json:"since,omitzero" format:"date-time"`
	Until        Time                `json:"until,omitzero" format:"date-time" doc:"When a limit ends, as far as known"`
	HookAt       Time                `json:"hook_at,omitzero" format:"date-time" doc:"Last authentic webhook"`
	ForgedAt     Time                `json:"forged_at,omitzero" format:"date-time" doc:"Last webhook with a bad signature"`
	SentAt       Time                `json:"sent_at,omitzero" format:"date-time"`
	FailedAt     Time                `json:"failed_at,omitzero" format:"date-time"`
	FailedCode   string              `json:"failed_code,omitempty"`
	ProbedAt     Time                `json:"probed_at,omitzero" format:"date-time"`
	TokenExpires Time                `json:"token_expires,omitzero" format:"date-time"`
	Checks       []desk.HealthCheck  `json:"checks,omitempty"`
	Facts        []ChannelHealthFact `json:"facts,omitempty"`
}

// ChannelHealthFact is something worth showing about an account; its name is explained in the channel's texts.
type ChannelHealthFact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// StandingOf maps how a person stands towards us; nil where there is nothing to say.
func StandingOf(s desk.Standing) *Standing {
	v := Standing{
		WindowUntil: At(s.WindowUntil), WindowLeft: s.WindowLeft, Counted: s.Counted, HumanUntil: At(s.HumanUntil), FreeUntil: At(s.FreeUntil),
		TemplateAt: At(s.TemplateAt), Unreachable: At(s.Unreachable), OptedOutAt: At(s.OptedOutAt), OptOutBy: s.OptOutBy, SuspectedAt: At(s.SuspectedAt), MailStopped: At(s.MailStoppedAt),
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

// NotificationOf maps a notification of a channel, and of the conversation it is about if it is, as they are now.
func NotificationOf(n desk.Notification, c desk.Channel, about desk.Conversation, now time.Time) Notification {
	v := Notification{
		ID: n.ID, ChannelID: n.ChannelID, ChannelName: c.Name, ConversationID: n.ConversationID, Code: n.Code, Severity: n.Severity, Params: n.Params, Stands: n.Stands(c, about, now), At: At(n.At),
	}
	if v.Params == nil {
		v.Params = map[string]string{}
	}
	return v
}
