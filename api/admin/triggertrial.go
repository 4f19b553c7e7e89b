package admin

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/trigger"
	"madoguchi/view"
)

type tryTrigger struct {
	Body struct {
		Trigger TriggerDraft `json:"trigger"`
		After   string       `json:"after,omitempty" maxLength:"40" doc:"next of the answer before, to go on"`
	}
}

// TriggerDraft is a trigger that need not be kept, nor have a name.
type TriggerDraft struct {
	On         desk.TriggerOn  `json:"on"`
	Minutes    int             `json:"minutes,omitempty" minimum:"0"`
	Conditions desk.Conditions `json:"conditions,omitzero"`
	Actions    []desk.Action   `json:"actions" maxItems:"50"`
}

// TriggerTrial is what a trigger would have done on one stretch of the log.
type TriggerTrial struct {
	Events   int              `json:"events" doc:"Looked at in this stretch"`
	Runs     int              `json:"runs"`
	Examples []TriggerExample `json:"examples" doc:"The newest of the stretch last"`
	Reached  view.Time        `json:"reached,omitzero" format:"date-time" doc:"When the last of the events was"`
	Next     string           `json:"next" doc:"Ask for the next stretch with it; empty at the end"`
	Today    []desk.Fact      `json:"today" nullable:"false" doc:"What its conditions ask that is judged by what is known today: how it was is not kept"`
	Cut      bool             `json:"cut,omitempty" doc:"It ends here because it would take too long, not because there is no more"`
}

// TriggerExample is an occasion on which a trigger would have run.
type TriggerExample struct {
	At             view.Time      `json:"at" format:"date-time"`
	ConversationID desk.ID        `json:"conversation_id"`
	Number         int64          `json:"number"`
	ContactName    string         `json:"contact_name"`
	Found          []desk.Finding `json:"found" doc:"What held"`
	Steps          []TriedStep    `json:"steps" nullable:"false" doc:"What each action would do"`
}

// TriedStep is what would become of one action.
type TriedStep struct {
	RunStep
	Text string `json:"text,omitempty" doc:"What it would write"`
}

type countStanding struct {
	Body struct {
		Trigger TriggerDraft `json:"trigger"`
		ID      desk.ID      `json:"id,omitempty" doc:"The kept trigger that is changed: tickets that it ran for already are left out"`
	}
}

// StandingTickets is what a trigger on time finds that stands already.
type StandingTickets struct {
	Waiting int  `json:"waiting" doc:"Their time is still to come: it will run for them"`
	Overdue int  `json:"overdue" doc:"Their time is over: it runs for them only if it is saved with overdue"`
	More    bool `json:"more,omitempty" doc:"There are more tickets than were looked at"`
}

func (a *API) triggerTrial(api huma.API) {
	rest.Add(api, rest.Op{ID: "try-trigger", Method: http.MethodPost, Path: "/triggers/trial", Tag: "Triggers", Can: auth.AutomationManage, Status: http.StatusOK,
		Summary: "What a trigger would have done in the last 30 days",
		Description: "Nothing is changed, and the trigger need not be kept. One call looks at a stretch of what happened, oldest first; add the answers up. " +
			"Tickets are judged as they were then; of contacts, opening hours, pages and whether words would arrive, what is known today counts."}, a.tryTrigger)
	rest.Add(api, rest.Op{ID: "count-standing-tickets", Method: http.MethodPost, Path: "/triggers/standing", Tag: "Triggers", Can: auth.AutomationManage, Status: http.StatusOK,
		Summary:     "On how many tickets the time of a trigger runs, or is over, already",
		Description: "For triggers on time. Nothing is changed, and the trigger need not be kept. Its conditions are asked as they hold now."}, a.countStanding)
}

func (d TriggerDraft) trigger() desk.Trigger {
	return desk.Trigger{On: d.On, Minutes: d.Minutes, Conditions: d.Conditions, Actions: d.Actions}
}

func (a *API) countStanding(ctx context.Context, in *countStanding) (found StandingTickets, err error) {
	err = a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		teams, err := r.Teams().Of(c.User())
		if err != nil {
			return err
		}
		t := in.Body.Trigger.trigger()
		t.ID = in.Body.ID
		n, err := trigger.CountStanding(r, t, a.now(), func(v desk.Conversation) bool { return c.Scope().Sees(c.User(), teams, v) })
		found = StandingTickets{Waiting: n.Waiting, Overdue: n.Overdue, More: n.More}
		return err
	})
	return found, err
}

func (a *API) tryTrigger(ctx context.Context, in *tryTrigger) (TriggerTrial, error) {
	c := rest.CallerOf(ctx)
	var teams []desk.ID
	err := a.read(ctx, func(r store.Reader, c *rest.Caller) (err error) {
		teams, err = r.Teams().Of(c.User())
		return err
	})
	if err != nil {
		return TriggerTrial{}, err
	}
	tried, err := trigger.Try(ctx, a.Store, c.Workspace().ID, a.now(), trigger.Trial{
		Trigger: in.Body.Trigger.trigger(), After: in.Body.After, Channels: a.Channels,
		Sees: func(v desk.Conversation) bool { return c.Scope().Sees(c.User(), teams, v) },
	})
	if err != nil {
		return TriggerTrial{}, err
	}
	return TriggerTrial{
		Events: tried.Events, Runs: tried.Runs, Reached: view.At(tried.Reached), Next: tried.Next, Cut: tried.Cut,
		Today: rest.Views(in.Body.Trigger.Conditions.OfToday(), func(f desk.Fact) desk.Fact { return f }),
		Examples: rest.Views(tried.Examples, func(e trigger.Example) TriggerExample {
			return TriggerExample{
				At: view.At(e.At), ConversationID: e.Ticket.ConversationID, Number: e.Ticket.Number, ContactName: e.Contact.Name,
				Found: append([]desk.Finding{}, e.Found...), Steps: rest.Views(e.Steps, func(s trigger.TriedStep) TriedStep {
					return TriedStep{RunStep: runStepOf(ctx, s.RunStep), Text: s.Text}
				}),
			}
		}),
	}, nil
}
