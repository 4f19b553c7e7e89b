package locale

import (
	"strconv"
	"strings"
	"time"

	"madoguchi/desk"
)

// What channels say by themselves, where nobody wrote words of their own.
const (
	Acknowledgement Key = "automation.ack"        // {answer_time} is one of the next three
	AnswerSoon      Key = "automation.soon"       // nobody says how soon
	AnswerWithin    Key = "automation.within"     // {time} as Span
	AnswerFrom      Key = "automation.from"       // {time} as Moment: the counter is closed
	WaitSoon        Key = "automation.wait_soon"  // a slot is free (E24)
	WaitAbout       Key = "automation.wait_about" // {time} as Span
	WaitHour        Key = "automation.wait_hour"  // an hour and more
	WaitPlace       Key = "automation.wait_place" // {position} in the queue (E30), {wait} one of these three
	AnswerLater     Key = "automation.later"      // closed, and no day is known on which it opens
	OptOutDone      Key = "automation.opt_out"    // the confirmation of an opt-out (B3.11)
	HelpAnswer      Key = "automation.help"       // what HELP is answered with (B3.16)

	keyMinute   Key = "automation.minute"
	keyMinutes  Key = "automation.minutes"
	keyHour     Key = "automation.hour"
	keyHours    Key = "automation.hours"
	keyDay      Key = "automation.day"
	keyDays     Key = "automation.days"
	keyMoment   Key = "automation.moment"
	keyWeekdays Key = "automation.weekdays"
	keyMonths   Key = "automation.months"
)

// AutomationTexts are the keys of this room.
func AutomationTexts() []Key {
	return []Key{
		Acknowledgement, AnswerSoon, WaitSoon, WaitAbout, WaitHour, WaitPlace, AnswerWithin, AnswerFrom, AnswerLater, OptOutDone, HelpAnswer,
		keyMinute, keyMinutes, keyHour, keyHours, keyDay, keyDays, keyMoment, keyWeekdays, keyMonths,
	}
}

// Span is a number of minutes as people say it, in the largest unit that it fills.
func Span(l desk.Locale, minutes int) string {
	n, one, more := minutes, keyMinute, keyMinutes
	switch {
	case minutes >= 2*24*60 && minutes%(24*60) == 0:
		n, one, more = minutes/(24*60), keyDay, keyDays
	case minutes >= 60 && minutes%60 == 0:
		n, one, more = minutes/60, keyHour, keyHours
	}
	key := more
	if n == 1 {
		key = one
	}
	return Text(l, key, map[string]string{"n": strconv.Itoa(n)})
}

// Wait is how long somebody in a queue will probably wait, as they are told (E26); "" where nothing is known.
func Wait(l desk.Locale, w desk.Wait) string {
	switch minutes, over := w.Minutes(); {
	case !w.Known:
		return ""
	case w.Soon:
		return Text(l, WaitSoon, nil)
	case over:
		return Text(l, WaitHour, nil)
	default:
		return Text(l, WaitAbout, map[string]string{"time": Span(l, minutes)})
	}
}

// Place is where somebody stands in a queue (E30) and how long they will probably wait, as far as that is known; "" where neither is told.
func Place(l desk.Locale, position int, w desk.Wait) string {
	wait := Wait(l, w)
	if position == 0 {
		return wait
	}
	return strings.TrimSpace(Text(l, WaitPlace, map[string]string{"position": strconv.Itoa(position), "wait": wait}))
}

// Moment is an instant as people write it, on the clock of its location.
func Moment(l desk.Locale, t time.Time) string {
	weekdays := strings.Fields(Text(l, keyWeekdays, nil))
	months := strings.Fields(Text(l, keyMonths, nil))
	return Text(l, keyMoment, map[string]string{
		"month": months[t.Month()-1], "day": strconv.Itoa(t.Day()), "weekday": weekdays[t.Weekday()], "time": t.Format("15:04"),
	})
}
