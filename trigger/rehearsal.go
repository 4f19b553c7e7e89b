package trigger

import (
	"reflect"
	"time"

	"madoguchi/automate"
	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// TriedStep is what would become of one action. Of the ticket, the customer, the channel and the words, what is known today counts,
// but for what the event itself changed.
type TriedStep struct {
	desk.RunStep
	Text string // what it would write
}

// rehearsal goes through a trigger's actions without doing them.
type rehearsal struct {
	reader store.Reader
	voice  automate.Voice
	row    desk.Conversation
	ticket desk.Ticket // as the actions before leave it
	at     time.Time   // of the occasion
	now    time.Time   // whether words would arrive is known of today only
}

func (r *rehearsal) act(actions []desk.Action) (tried []TriedStep, err error) {
	var steps []desk.RunStep
	for _, a := range actions {
		step, text, before := desk.RunStep{Action: a.Kind}, "", r.ticket
		if a.OfTicket() {
			err = r.edit(a)
			step.Same = err == nil && reflect.DeepEqual(before, r.ticket)
		} else {
			step.Code, text, err = r.deed(a)
		}
		if err == nil {
			step.Changes = r.ticket.ChangesFrom(before)
		} else if step.Code, step.Params, err = refusal(err); err != nil {
			return nil, err
		} else {
			r.ticket = before
		}
		steps, tried = append(steps, step), append(tried, TriedStep{Text: text})
	}
	unasked(steps, r.ticket)
	for i := range tried {
		tried[i].RunStep = steps[i]
	}
	return tried, nil
}

func (r *rehearsal) edit(a desk.Action) error {
	if err := store.CheckActions(r.reader, []desk.Action{a}); err != nil {
		return err
	}
	return a.Apply(&r.ticket, 0, r.at)
}

func (r *rehearsal) deed(a desk.Action) (silent, text string, err error) {
	switch a.Kind {
	case desk.ActionWebhook, desk.ActionSurvey:
		return "", "", nil
	case desk.ActionSnooze:
		return "", "", r.snooze(a)
	}
	words, err := wordsOf(r.reader, a, r.row, r.ticket)
	if err != nil {
		return "", "", err
	}
	text = desk.Message{Parts: words.Parts}.Text()
	if a.Kind == desk.ActionNote {
		return "", text, nil
	}
	silent, err = r.voice.Silence(r.reader, r.row, words, r.now)
	return silent, text, err
}

func (r *rehearsal) snooze(a desk.Action) error {
	until := r.at.Add(time.Duration(a.Minutes) * time.Minute)
	if a.Minutes == 0 {
		opens, err := store.NextOpening(r.reader, r.row.ChannelID, r.at)
		if err != nil {
			return err
		}
		until = opens
	}
	return r.ticket.Snooze(until, r.at)
}

// rehearse adds to examples what each action would do.
func (q Trial) rehearse(r store.Reader, channels channel.Registry, now time.Time, examples []Example) error {
	for i, e := range examples {
		one := rehearsal{reader: r, voice: automate.Voice{Channels: channels}, row: e.row, ticket: e.then, at: e.At, now: now}
		steps, err := one.act(q.Trigger.Actions)
		if err != nil {
			return err
		}
		examples[i].Steps = steps
	}
	return nil
}
