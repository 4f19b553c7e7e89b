package desk

import (
	"slices"
	"time"
)

// NoticeKind is a kind of thing that members are told, and may wish not to be (G6.1).
type NoticeKind string

// The kinds of notices.
const (
	NoticeMessage   NoticeKind = "message"  // of a customer, in my conversation or in one that nobody has
	NoticeAssigned  NoticeKind = "assigned" // or offered (E12)
	NoticeMentioned NoticeKind = "mentioned"
	NoticeReminder  NoticeKind = "reminder"
	NoticeSLA       NoticeKind = "sla"
	NoticeWait      NoticeKind = "wait"
	NoticeChannel   NoticeKind = "channel" // what ails a channel, what became of a template
	NoticeOther     NoticeKind = "other"
)

// NoticeKinds are all of them, in the order in which people choose.
func NoticeKinds() []NoticeKind {
	return []NoticeKind{NoticeMessage, NoticeAssigned, NoticeMentioned, NoticeReminder, NoticeSLA, NoticeWait, NoticeChannel, NoticeOther}
}

// noticeCodes sorts notifications of conversations; the codes are stable.
var noticeCodes = map[string]NoticeKind{
	PushMessage: NoticeMessage, NotifyAssigned: NoticeAssigned, PushOffered: NoticeAssigned, NotifyMentioned: NoticeMentioned, "reminder": NoticeReminder,
	"sla_warning": NoticeSLA, "sla_breached": NoticeSLA, "wait_alert": NoticeWait, NotifyAllDeclined: NoticeWait,
}

// NoticeOf is the kind of a code.
func NoticeOf(code string, conversation ID) NoticeKind {
	if kind, known := noticeCodes[code]; known {
		return kind
	}
	if conversation == 0 {
		return NoticeChannel
	}
	return NoticeOther
}

// NoticeWord names the sentence for a code; one that is not known is said in general.
func NoticeWord(code string, conversation ID) string {
	switch kind := NoticeOf(code, conversation); {
	case code == PushTest:
		return code
	case kind == NoticeChannel || kind == NoticeOther:
		return string(kind)
	}
	return code
}

// Telling is how a member wants to be told (G6.1). The zero value tells everything, everywhere, with its content.
type Telling struct {
	NotOnScreen  []NoticeKind `json:"not_on_screen,omitempty"`
	NotOnDevices []NoticeKind `json:"not_on_devices,omitempty"` // as push
	Quiet        QuietHours   `json:"quiet,omitzero"`
	HideContent  bool         `json:"hide_content,omitempty"` // a push says neither who wrote nor what
	StayOnline   bool         `json:"stay_online,omitempty"`  // with a device that a push reaches (E8)
	ByMail       []NoticeKind `json:"by_mail,omitempty"`      // while they are away, none unless chosen
	AwayMinutes  int          `json:"away_minutes,omitempty"` // for how long before a mail goes, 0 = DefaultAwayMinutes
	Digest       Digest       `json:"digest,omitzero"`
}

// How long a member is away before mails tell them, in minutes.
const (
	DefaultAwayMinutes = 15
	MaxAwayMinutes     = 24 * 60
)

// Away is how long the member is away before a mail tells them.
func (t Telling) Away() time.Duration {
	if t.AwayMinutes == 0 {
		return DefaultAwayMinutes * time.Minute
	}
	return time.Duration(t.AwayMinutes) * time.Minute
}

// QuietHours are when nothing is pushed, on the member's clock. From after Until goes over midnight.
type QuietHours struct {
	On    bool   `json:"on"`
	From  Minute `json:"from"`  // of the day
	Until Minute `json:"until"` // of the day
}

const minutesOfDay = 24 * 60

// Check refuses what cannot be meant: an unknown kind, or hours that are none.
func (t Telling) Check() error {
	for _, kind := range slices.Concat(t.NotOnScreen, t.NotOnDevices, t.ByMail) {
		if !slices.Contains(NoticeKinds(), kind) {
			return Invalid("kinds", "notice_kind_unknown", "there is no kind of notice %q", kind)
		}
	}
	q := t.Quiet
	if q.From < 0 || q.From >= minutesOfDay || q.Until < 0 || q.Until >= minutesOfDay || q.On && q.From == q.Until {
		return Invalid("quiet", "quiet_hours_invalid", "quiet from minute %d until %d", q.From, q.Until)
	}
	if t.AwayMinutes < 0 || t.AwayMinutes > MaxAwayMinutes {
		return Invalid("away_minutes", "away_minutes_invalid", "%d minutes are not in 0..%d", t.AwayMinutes, MaxAwayMinutes)
	}
	return t.Digest.check()
}

// Pushes reports whether a notice goes to the member's devices at an instant, which is given on the member's clock.
func (t Telling) Pushes(kind NoticeKind, local time.Time) bool {
	return !slices.Contains(t.NotOnDevices, kind) && !t.Quiet.At(local)
}

// At reports whether an instant on the member's clock is a quiet one.
func (q QuietHours) At(local time.Time) bool {
	m := Minute(local.Hour()*60 + local.Minute())
	switch {
	case !q.On:
		return false
	case q.From < q.Until:
		return q.From <= m && m < q.Until
	}
	return m >= q.From || m < q.Until
}

// PushDevice is a browser that a push service reaches.
type PushDevice struct {
	ID           ID
	UserID       ID
	SessionHash  string // the session that it was signed up in; it ends with it
	EndpointHash string // SHA-256 of the endpoint: a browser has one subscription
	Sealed       []byte // webpush.Subscription as JSON
	CreatedAt    time.Time
	// Of the session, filled by readers:
	UserAgent  string
	LastSeenAt time.Time
}

// Codes of pushes that no notification stands behind.
const (
	PushMessage = "message"
	PushOffered = "offered" // a case, while the offer can be answered (E12)
	PushTest    = "test"    // a member looks whether it works
)

// Push waits to be sent to one device. It says what it is about, not what it will say: that is read when it goes.
type Push struct {
	Workspace      ID // given by readers across workspaces
	DeviceID       ID
	Tag            string // a device has one of each: a later one takes its place
	UserID         ID
	Code           string
	ConversationID ID
	MessageID      ID
	NotificationID ID
	DueAt          time.Time
	ExpiresAt      time.Time
	Attempts       int
}
