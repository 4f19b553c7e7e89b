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
		if err != nil {
			if step.Code, step.Params, err = refusal(err); err != nil {
				return nil, err
			}
			v.ticket = before
		}
		steps = append(steps, step)
	}
	return steps, v.keep(by)
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

func (v *visit) edit(a desk.Action) error {
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
	values, err := store.CannedValues(v.tx, v.row, v.ticket, "")
	if err != nil {
		return "", err
	}
	switch a.Kind {
	case desk.ActionNote:
		return "", v.note(a, by, values)
	case desk.ActionTemplate:
		return v.template(a, key, values)
	}
	l, err := automate.LanguageOf(v.tx, &v.row)
	if err != nil {
		return "", err
	}
	text, err := store.FillCanned(a.TextFor(l), values)
	if err != nil {
		return "", err
	}
	return v.say(automate.Words{Purpose: desk.PurposeTrigger, Key: key, Parts: []desk.Part{{Kind: desk.PartText, Text: text}}})
}

func (v *visit) snooze(a desk.Action, by store.Hand) error {
	until := v.tx.Now().Add(time.Duration(a.Minutes) * time.Minute)
	if a.Minutes == 0 {
		opens, err := store.NextOpening(v.tx, v.row.ChannelID)
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

func (v *visit) note(a desk.Action, by store.Hand, values map[string]string) error {
	text, err := store.FillCanned(a.Text, values)
	if err != nil {
		return err
	}
	m := desk.Message{TicketID: v.ticket.ID, Author: desk.Author{Kind: desk.AuthorNote, Name: by.Name}, Parts: []desk.Part{{Kind: desk.PartText, Text: text}}}
	v.spoke = true
	return store.AddMessage(v.tx, &v.row, &m, by.By)
}

func (v *visit) template(a desk.Action, key string, values map[string]string) (silent string, err error) {
	parts, use, err := automate.Template(v.tx, v.row, a.TemplateID, a.Variables, values)
	if err != nil {
		return "", err
	}
	return v.say(automate.Words{Purpose: desk.PurposeTrigger, Key: key, Parts: parts, Template: use})
}
