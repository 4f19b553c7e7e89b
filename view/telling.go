package view

import "madoguchi/desk"

// Telling is how a member wants to be told.
type Telling struct {
	NotOnScreen  []desk.NoticeKind `json:"not_on_screen" nullable:"false" enum:"message,assigned,mentioned,reminder,sla,wait,channel,other" doc:"Kinds that make no sound and show no notification of the browser"`
	NotOnDevices []desk.NoticeKind `json:"not_on_devices" nullable:"false" enum:"message,assigned,mentioned,reminder,sla,wait,channel,other" doc:"Kinds that are not pushed"`
	Quiet        QuietHours        `json:"quiet"`
	HideContent  bool              `json:"hide_content" doc:"A push says neither who wrote nor what"`
	StayOnline   bool              `json:"stay_online" doc:"I am online as long as a push reaches me, for at most twelve hours"`
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
	}
}

// Telling maps back.
func (t Telling) Telling() desk.Telling {
	return desk.Telling{NotOnScreen: t.NotOnScreen, NotOnDevices: t.NotOnDevices, Quiet: desk.QuietHours(t.Quiet), HideContent: t.HideContent, StayOnline: t.StayOnline}
}
