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
	Cut      bool             `json:"cut,omitempty" doc:"It ends here because it would take too long, not because there is no more"`
}

// TriggerExample is an occasion on which a trigger would have run.
type TriggerExample struct {
	At             view.Time      `json:"at" format:"date-time"`
	ConversationID desk.ID        `json:"conversation_id"`
	Number         int64          `json:"number"`
	ContactName    string         `json:"contact_name"`
	Found          []desk.Finding `json:"found" doc:"What held"`
}

func (a *API) triggerTrial(api huma.API) {
	rest.Add(api, rest.Op{ID: "try-trigger", Method: http.MethodPost, Path: "/triggers/trial", Tag: "Triggers", Can: auth.AutomationManage, Status: http.StatusOK,
		Summary: "What a trigger would have done in the last 30 days",
		Description: "Nothing is changed, and the trigger need not be kept. One call looks at a stretch of what happened, oldest first; add the answers up. " +
			"Of tickets and contacts, what is known today counts, but for what an event itself changed."}, a.tryTrigger)
}

func (a *API) tryTrigger(ctx context.Context, in *tryTrigger) (TriggerTrial, error) {
	c, d := rest.CallerOf(ctx), in.Body.Trigger
	var teams []desk.ID
	err := a.read(ctx, func(r store.Reader, c *rest.Caller) (err error) {
		teams, err = r.Teams().Of(c.User())
		return err
	})
	if err != nil {
		return TriggerTrial{}, err
	}
	tried, err := trigger.Try(ctx, a.Store, c.Workspace().ID, a.now(), trigger.Trial{
		Trigger: desk.Trigger{On: d.On, Minutes: d.Minutes, Conditions: d.Conditions, Actions: d.Actions}, After: in.Body.After,
		Sees: func(v desk.Conversation) bool { return c.Scope().Sees(c.User(), teams, v) },
	})
	if err != nil {
		return TriggerTrial{}, err
	}
	return TriggerTrial{
		Events: tried.Events, Runs: tried.Runs, Reached: view.At(tried.Reached), Next: tried.Next, Cut: tried.Cut,
		Examples: rest.Views(tried.Examples, func(e trigger.Example) TriggerExample {
			return TriggerExample{
				At: view.At(e.At), ConversationID: e.Ticket.ConversationID, Number: e.Ticket.Number, ContactName: e.Contact.Name,
				Found: append([]desk.Finding{}, e.Found...),
			}
		}),
	}, nil
}
