package desk

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Automation is what a channel says by itself: everything is off until somebody turns it on, but for the answer to HELP
// and what customers see of reading and writing.
// A text that is missing in a language, or blank, is our own.
type Automation struct {
	Acknowledge   bool              `json:"acknowledge,omitempty"`     // new tickets are acknowledged (B2.2)
	AckTexts      map[Locale]string `json:"ack_texts,omitempty"`       // see AnswerTimeMark
	AnswerMinutes int               `json:"answer_minutes,omitempty"`  // how soon people answer inside opening hours, 0 = nobody says
	TellWait      bool              `json:"tell_wait,omitempty"`       // inside opening hours, the estimated wait instead, where one is known (E26)
	HelpTexts     map[Locale]string `json:"help_texts,omitempty"`      // what HELP is answered with (B3.16)
	ConfirmOptOut bool              `json:"confirm_opt_out,omitempty"` // the provider does not confirm opt-outs: we do (B3.11)
	Survey        bool              `json:"survey,omitempty"`          // ask for a rating when a ticket is resolved (B4)
	SurveyDesign  SurveyDesign      `json:"survey_design,omitzero"`    // how it asks
	HideReading   bool              `json:"hide_reading,omitempty"`    // customers are not told that theirs were read (G2.8)
	HideTyping    bool              `json:"hide_typing,omitempty"`     // nor that somebody writes
	AutoClose     AutoClose         `json:"auto_close,omitzero"`       // cases that nobody goes on with are resolved (0.6)
	MailMinutes   int               `json:"mail_minutes,omitempty"`    // web chat: after how long unread replies go by e-mail to who gave an address, 0 = never
}

// AnswerTimeMark is where an acknowledgement of one's own says when people answer; without it that comes at its end.
const AnswerTimeMark = "{{answer_time}}"

// Limits of an Automation.
const (
	MaxAutomationText = 1000         // runes
	MaxAnswerMinutes  = 14 * 24 * 60 // beyond two weeks nobody expects an answer
	MaxMailMinutes    = 7 * 24 * 60
)

// Validate refuses texts that are too long or hold a mark that nothing fills, and minutes out of range.
func (a Automation) Validate() error {
	if a.AnswerMinutes < 0 || a.AnswerMinutes > MaxAnswerMinutes {
		e := Invalid("automation.answer_minutes", "answer_minutes_invalid", "%d minutes are not in 0..%d", a.AnswerMinutes, MaxAnswerMinutes)
		e.Params = map[string]string{"max": strconv.Itoa(MaxAnswerMinutes)}
		return e
	}
	if a.MailMinutes < 0 || a.MailMinutes > MaxMailMinutes {
		e := Invalid("automation.mail_minutes", "mail_minutes_invalid", "%d minutes are not in 0..%d", a.MailMinutes, MaxMailMinutes)
		e.Params = map[string]string{"max": strconv.Itoa(MaxMailMinutes)}
		return e
	}
	if err := a.AutoClose.validate(); err != nil {
		return err
	}
	if err := checkTexts("automation.ack_texts", a.AckTexts, AnswerTimeMark); err != nil {
		return err
	}
	if err := a.SurveyDesign.validate(); err != nil {
		return err
	}
	return checkTexts("automation.help_texts", a.HelpTexts, "")
}

func checkTexts(field string, texts map[Locale]string, mark string) error {
	for _, l := range slices.Sorted(maps.Keys(texts)) {
		if err := checkText(field+"."+string(l), l, texts[l], mark); err != nil {
			return err
		}
	}
	return nil
}

func checkText(at string, l Locale, text, mark string) error {
	if l != LocaleEN && l != LocaleJA {
		return Invalid(at, "locale_unknown", "%q is not a language of this server", l)
	}
	if n := utf8.RuneCountInString(text); n > MaxAutomationText {
		e := Invalid(at, "text_too_long", "%d characters are more than %d", n, MaxAutomationText)
		e.Params = map[string]string{"max": strconv.Itoa(MaxAutomationText)}
		return e
	}
	if mark != "" {
		text = strings.ReplaceAll(text, mark, "")
	}
	if strings.Contains(text, "{{") {
		return Invalid(at, "mark_unknown", "nothing fills the marks of %q", text)
	}
	return nil
}

// OwnText is the text of somebody's own in a language, "" where ours is meant.
func OwnText(texts map[Locale]string, l Locale) string { return strings.TrimSpace(texts[l]) }

// Purpose is why an automation speaks.
type Purpose string

// The purposes.
const (
	PurposeAck    Purpose = "acknowledgement"      // B2.2
	PurposeOptOut Purpose = "opt_out_confirmation" // B3.11: the one message that goes to whoever opted out
	PurposeHelp   Purpose = "help"                 // B3.16
	PurposeSurvey Purpose = "survey"               // B4: the question, the hint and the thank-you
	// PurposeTrigger is what a trigger says (E28), PurposeClosing the notice before a case is closed (0.6).
	PurposeTrigger Purpose = "trigger"
	PurposeClosing Purpose = "closing_notice"
)

// AckEvery is how long nobody is sent a second acknowledgement (B2.2).
const AckEvery = 24 * time.Hour

// Why an automation keeps silent, besides the codes of Standing.Leave.
const (
	SilentBlocked  = "blocked"        // F12
	SilentMuted    = "muted"          // LoopGuard spoke less than LoopPause ago
	SilentLoop     = "loop_guard"     // it does now (B6.2)
	SilentMachine  = "machine_sender" // B6.1
	SilentEcho     = "echo"           // B6.1
	SilentFlood    = "flooding"       // B6.3
	SilentQuiet    = "answered"       // the provider, or another program of the account, answers
	SilentChannel  = "channel_closed" // H2
	SilentInvolved = "human_replied"  // a person was faster
)

// AutoClose is when a channel closes cases that nobody goes on with: minutes since the last that was said, 0 = never (0.6).
type AutoClose struct {
	AgentMinutes  int               `json:"agent_minutes,omitempty"`  // of cases that wait for the customer
	BotMinutes    int               `json:"bot_minutes,omitempty"`    // of cases that a bot has
	NoticeMinutes int               `json:"notice_minutes,omitempty"` // how long before it the customer is told, 0 = not
	NoticeTexts   map[Locale]string `json:"notice_texts,omitempty"`   // instead of ours
	// NoticeTemplates tell it where the notice may not go as a text.
	NoticeTemplates ChosenTemplates `json:"notice_templates,omitempty"`
}

// MaxCloseMinutes is how long a case rests at most before it is closed.
const MaxCloseMinutes = 365 * 24 * 60

// On reports whether any case is closed.
func (a AutoClose) On() bool { return a.AgentMinutes > 0 || a.BotMinutes > 0 }

// After is how long a case in a status rests before it is closed, 0 = it is not.
func (a AutoClose) After(s TicketStatus) time.Duration {
	switch s {
	case StatusPending:
		return time.Duration(a.AgentMinutes) * time.Minute
	case StatusBot:
		return time.Duration(a.BotMinutes) * time.Minute
	}
	return 0
}

// NoticeAfter is how long it rests before the customer is told, 0 = they are not.
func (a AutoClose) NoticeAfter(s TicketStatus) time.Duration {
	before := time.Duration(a.NoticeMinutes) * time.Minute
	if before == 0 {
		return 0
	}
	return max(a.After(s)-before, 0)
}

func (a AutoClose) validate() error {
	for field, minutes := range map[string]int{"agent_minutes": a.AgentMinutes, "bot_minutes": a.BotMinutes, "notice_minutes": a.NoticeMinutes} {
		if minutes < 0 || minutes > MaxCloseMinutes {
			e := Invalid("automation.auto_close."+field, "close_minutes_invalid", "%d minutes are not in 0..%d", minutes, MaxCloseMinutes)
			e.Params = map[string]string{"max": strconv.Itoa(MaxCloseMinutes)}
			return e
		}
	}
	if err := a.NoticeTemplates.validate("automation.auto_close.notice_templates"); err != nil {
		return err
	}
	return checkTexts("automation.auto_close.notice_texts", a.NoticeTexts, "")
}
