package view

import (
	"time"

	"madoguchi/desk"
)

// Telling is how a member wants to be told.
type Telling struct {
	NotOnScreen  []desk.NoticeKind `json:"not_on_screen" nullable:"false" enum:"message,assigned,mentioned,reminder,sla,wait,channel,other" doc:"Kinds that make no sound and show no notification of the browser"`
	NotOnDevices []desk.NoticeKind `json:"not_on_devices" nullable:"false" enum:"message,assigned,mentioned,reminder,sla,wait,channel,other" doc:"Kinds that are not pushed"`
	Quiet        QuietHours        `json:"quiet"`
	HideContent  bool              `json:"hide_content" doc:"A push says neither who wrote nor what"`
	StayOnline   bool              `json:"stay_online" doc:"I am online as long as a push reaches me, for at most twelve hours"`
	ByMail       []desk.NoticeKind `json:"by_mail" required:"false" enum:"message,assigned,mentioned,reminder,sla,wait,channel,other" doc:"Kinds that I am e-mailed while I am away"`
	AwayMinutes  int               `json:"away_minutes" required:"false" minimum:"0" maximum:"1440" doc:"For how long before an e-mail goes; 0 = 15"`
	Digest       Digest            `json:"digest" required:"false"`
}

// Digest is when a member is e-mailed what they have unread and waiting.
type Digest struct {
	Every   desk.DigestEvery `json:"every" enum:",daily,weekly" doc:"Empty = never"`
	At      desk.Minute      `json:"at" minimum:"0" maximum:"1439" doc:"Of the day, on my clock"`
	Weekday time.Weekday     `json:"weekday" minimum:"0" maximum:"6" doc:"Of the weekly one, 0 = Sunday"`
}

// QuietHours are when nothing is pushed.
type QuietHours struct {
	On    bool        `json:"on"`
	From  desk.Minute `json:"from" minimum:"0" maximum:"1439" doc:"Of the day, on my clock"`
	Until desk.Minute `json:"until" minimum:"0" maximum:"1439" doc:"Before from = of the next day"`
}

// TellingOf maps how a member wants to be told.
func TellingOf(t desk.Telling) Telling {
	return Telling{
		NotOnScreen: append([]desk.NoticeKind{}, t.NotOnScreen...), NotOnDevices: append([]desk.NoticeKind{}, t.NotOnDevices...),
		Quiet: QuietHours(t.Quiet), HideContent: t.HideContent, StayOnline: t.StayOnline,
		ByMail: append([]desk.NoticeKind{}, t.ByMail...), AwayMinutes: int(t.Away() / time.Minute), Digest: Digest(t.Digest),
	}
}

// Telling maps back.
func (t Telling) Telling() desk.Telling {
	return desk.Telling{
		NotOnScreen: t.NotOnScreen, NotOnDevices: t.NotOnDevices, Quiet: desk.QuietHours(t.Quiet), HideContent: t.HideContent, StayOnline: t.StayOnline,
		ByMail: t.ByMail, AwayMinutes: t.AwayMinutes, Digest: desk.Digest(t.Digest),
	}
}
