package trigger

import (
	"errors"
	"reflect"
	"strconv"
	"time"

	"madoguchi/automate"
	"madoguchi/desk"
	"madoguchi/store"
)

// act does a trigger's actions in their order. One that cannot be done is noted and holds up no other: nobody sits before it who
// could say what to do.
func (v *visit) act(t desk.Trigger, run desk.TriggerRun) (steps []desk.RunStep, err error) {
	by := store.Hand{By: desk.Actor{Kind: desk.ActorSystem, ID: run.ID}, Name: t.Name}
	for i, a := range t.Actions {
		step := desk.RunStep{Action: a.Kind}
		before := v.ticket
		if a.OfTicket() {
			err = v.edit(a)
			step.Same = err == nil && reflect.DeepEqual(before, v.ticket)
		} else if err = v.keep(by); err == nil { // what was done before it comes before it
			step.Code, err = v.deed(a, t, by, run.ID.String()+"/"+strconv.Itoa(i))
		}
		if err == nil {
			step.Changes = v.ticket.ChangesFrom(before)
		}
		if err != nil {
			if step.Code, step.Params, err = refusal(err); err != nil {
				return nil, err
			}
			v.ticket = before
		}
		steps = append(steps, step)
	}
	unasked(steps, v.ticket)
	return steps, v.keep(by)
}

// unasked marks what asked for a rating of a case that is not resolved after all actions: nobody is asked about that (B4).
func unasked(steps []desk.RunStep, t desk.Ticket) {
	for i := range steps {
		if steps[i].Action == desk.ActionSurvey && !t.Status.Resolved() {
			steps[i].Code = desk.CodeSurveyUnresolved
		}
	}
}

// refusal is the code of an error that says no, which is no failure, and what fills its sentence.
func refusal(err error) (code string, params map[string]string, failure error) {
	var e *desk.Error
	if errors.As(err, &e) {
		switch e.Kind {
		case desk.KindConflict, desk.KindInvalid, desk.KindNotFound:
			return e.Code, e.Params, nil
		}
	}
	return "", nil, err
}

// edit makes an edit of the ticket. Who is to have it is held, so that they still answer when it is theirs (E16); a case that was with
// somebody who does not is taken up again for the queue (E11).
func (v *visit) edit(a desk.Action) error {
	if to := a.GivesTo(v.ticket, 0); to != 0 {
		answers, err := store.StillAnswers(v.tx, to)
		if err == nil && !answers && a.Kind == desk.ActionStatus {
			err = v.ticket.Reopen(0, v.tx.Now())
		}
		if err != nil {
			return err
		}
	}
	if err := store.CheckActions(v.tx, []desk.Action{a}); err != nil {
		return err
	}
	return a.Apply(&v.ticket, 0, v.tx.Now())
}

// deed does an action that is more than an edit of the ticket. silent is why an automation did not speak.
func (v *visit) deed(a desk.Action, t desk.Trigger, by store.Hand, key string) (silent string, err error) {
	switch a.Kind {
	case desk.ActionSnooze:
		return "", v.snooze(a, by)
	case desk.ActionWebhook:
		v.service.called.Ring()
		return "", store.PromiseCall(v.tx, v.row, v.ticket, a.URL, store.CallBy{Kind: "trigger", ID: t.ID, Name: t.Name})
	case desk.ActionSurvey:
		v.tx.Emit(desk.Event{Kind: desk.EventSurveyWanted, At: v.tx.Now(), Actor: by.By, ConversationID: v.row.ID, TicketID: v.ticket.ID})
		return "", nil
	}
	words, err := wordsOf(v.tx, a, v.row, v.ticket)
	if err != nil {
		return "", err
	}
	if a.Kind == desk.ActionNote {
		return "", v.note(words.Parts, by)
	}
	words.Key = key
	return v.say(words)
}

// wordsOf are what an action says in a conversation, its variables filled.
func wordsOf(r store.Reader, a desk.Action, row desk.Conversation, t desk.Ticket) (w automate.Words, err error) {
	w.Purpose = desk.PurposeTrigger
	values, err := store.CannedValues(r, row, t, "")
	if err != nil {
		return w, err
	}
	text := a.Text
	switch a.Kind {
	case desk.ActionTemplate:
		w.Parts, w.Template, err = automate.Template(r, row, a.TemplateID, a.Variables, values)
		return w, err
	case desk.ActionReply:
		l, err := automate.LanguageOf(r, &row)
		if err != nil {
			return w, err
		}
		text = a.TextFor(l)
	}
	filled, err := store.FillCanned(text, values)
	w.Parts = []desk.Part{{Kind: desk.PartText, Text: filled}}
	return w, err
}

func (v *visit) snooze(a desk.Action, by store.Hand) error {
	until := v.tx.Now().Add(time.Duration(a.Minutes) * time.Minute)
	if a.Minutes == 0 {
		opens, err := store.NextOpening(v.tx, v.row.ChannelID, v.tx.Now())
		if err != nil {
			return err
		}
		until = opens
	}
	if err := v.ticket.Snooze(until, v.tx.Now()); err != nil {
		return err
	}
	return v.keep(by)
}

func (v *visit) note(parts []desk.Part, by store.Hand) error {
	m := desk.Message{TicketID: v.ticket.ID, Author: desk.Author{Kind: desk.AuthorNote, Name: by.Name}, Parts: parts}
	v.spoke = true
	return store.AddMessage(v.tx, &v.row, &m, by.By)
}
