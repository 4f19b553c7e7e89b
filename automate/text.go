package automate

import (
	"fmt"
	"strings"
	"time"

	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
)

// Texts are what a channel says by itself in one language, as a customer gets it.
type Texts struct {
	Acknowledgement, Help, OptOut string
	Notice                        string // the line that whatever comes first ends with where it does not tell how to opt out (B2.3)
}

// TextsOf are a channel's texts at an instant, whether it is to say them or not.
func TextsOf(r store.Reader, c desk.Channel, l desk.Locale, now time.Time) (t Texts, err error) {
	t.Notice = locale.Text(l, locale.OptOutNotice, nil)
	if t.Acknowledgement, err = ackText(r, c, l, now, desk.Wait{}); err != nil {
		return t, err
	}
	if t.Help, err = helpText(r, c, l); err != nil {
		return t, err
	}
	t.OptOut, err = optOutText(r, c, l)
	return t, err
}

// ackText is the acknowledgement, with when people answer, or how long the queue is where that is known.
func ackText(r store.Reader, c desk.Channel, l desk.Locale, now time.Time, w desk.Wait) (string, error) {
	when, err := answerTime(r, c, l, now)
	if w.Known {
		when = locale.Wait(l, w)
	}
	if err != nil {
		return "", err
	}
	own := desk.OwnText(c.Automation.AckTexts, l)
	switch {
	case own == "":
		return locale.Text(l, locale.Acknowledgement, map[string]string{"answer_time": when}), nil
	case strings.Contains(own, desk.AnswerTimeMark):
		return strings.ReplaceAll(own, desk.AnswerTimeMark, when), nil
	}
	return own + "\n" + when, nil
}

func helpText(r store.Reader, c desk.Channel, l desk.Locale) (string, error) {
	if own := desk.OwnText(c.Automation.HelpTexts, l); own != "" {
		return own, nil
	}
	return branded(r, c, l, locale.HelpAnswer)
}

func optOutText(r store.Reader, c desk.Channel, l desk.Locale) (string, error) {
	return branded(r, c, l, locale.OptOutDone)
}

// branded is a text of ours that names the public face.
func branded(r store.Reader, c desk.Channel, l desk.Locale, key locale.Key) (string, error) {
	b, err := r.Workspaces().Brand(c.BrandID)
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return "", fmt.Errorf("read brand: %w", err)
	}
	if b.Name == "" {
		w, err := r.Workspaces().Current()
		if err != nil {
			return "", fmt.Errorf("read workspace: %w", err)
		}
		b.Name = w.Name
	}
	return locale.Text(l, key, map[string]string{"brand": b.Name}), nil
}

// answerTime says when people answer: inside opening hours as soon as the channel promises, outside when the counter opens next, on
// its own clock.
func answerTime(r store.Reader, c desk.Channel, l desk.Locale, now time.Time) (string, error) {
	open, opens, err := hours(r, c, now)
	minutes := c.Automation.AnswerMinutes
	switch {
	case err != nil:
		return "", err
	case !open && opens.IsZero():
		return locale.Text(l, locale.AnswerLater, nil), nil
	case !open:
		return locale.Text(l, locale.AnswerFrom, map[string]string{"time": locale.Moment(l, opens)}), nil
	case minutes == 0:
		return locale.Text(l, locale.AnswerSoon, nil), nil
	}
	return locale.Text(l, locale.AnswerWithin, map[string]string{"time": locale.Span(l, minutes)}), nil
}

// hours tells whether the counter is open, and else when it opens next, zero if no day is known.
func hours(r store.Reader, c desk.Channel, now time.Time) (open bool, opens time.Time, err error) {
	if c.ScheduleID == 0 {
		return true, opens, nil
	}
	s, err := r.Schedules().Get(c.ScheduleID)
	if desk.KindOf(err) == desk.KindNotFound {
		return true, opens, nil
	}
	if err != nil {
		return false, opens, fmt.Errorf("read schedule: %w", err)
	}
	if open, err = s.OpenAt(now); err != nil || open {
		return open, opens, err
	}
	next, found, err := s.NextOpen(now)
	if err != nil || !found {
		return false, opens, err
	}
	zone, err := time.LoadLocation(s.Zone)
	if err != nil {
		return false, opens, err
	}
	return false, next.In(zone), nil
}
