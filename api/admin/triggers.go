package admin

import (
	"context"
	"net/http"
	"slices"
	"strconv"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/trigger"
	"madoguchi/view"
)

// Trigger does something by itself when something happens, or time has passed, and conditions hold (E28).
type Trigger struct {
	ID         desk.ID         `json:"id"`
	Name       string          `json:"name"`
	Enabled    bool            `json:"enabled"`
	On         desk.TriggerOn  `json:"on"`
	Minutes    int             `json:"minutes" doc:"Since the mark, where on is one (since_…); else 0"`
	Conditions desk.Conditions `json:"conditions"`
	Actions    []desk.Action   `json:"actions"`
	UpdatedAt  view.Time       `json:"updated_at" format:"date-time"`
	Version    int64           `json:"version"`
}

// TriggerBody is a trigger as its maker gives it.
type TriggerBody struct {
	Name       string          `json:"name" minLength:"1" maxLength:"200"`
	Enabled    bool            `json:"enabled"`
	On         desk.TriggerOn  `json:"on" enum:"ticket_created,ticket_reopened,status_changed,assigned,customer_wrote,member_replied,tag_added,sla_warned,sla_breached,rated,since_created,since_customer,since_reply,since_pending,since_waiting,since_snoozed,since_resolved"`
	Minutes    int             `json:"minutes,omitempty" minimum:"0"`
	Conditions desk.Conditions `json:"conditions,omitzero"`
	Actions    []desk.Action   `json:"actions" maxItems:"50"`
	Overdue    bool            `json:"overdue,omitempty" doc:"On time: it runs for the tickets too whose time is over already. Those whose time is still to come are counted from their mark in any case"`
}

// TriggerRun is one time that a trigger's conditions held, and what became of it.
type TriggerRun struct {
	ID             desk.ID        `json:"id"`
	At             view.Time      `json:"at" format:"date-time"`
	ConversationID desk.ID        `json:"conversation_id"`
	TicketID       desk.ID        `json:"ticket_id"`
	TicketNumber   int64          `json:"ticket_number" doc:"0 for one that was deleted"`
	Depth          int            `json:"depth" doc:"1 = started by people, customers or time; one more for each trigger before it in the chain"`
	Code           string         `json:"code,omitempty" doc:"automation_loop: the chain was stopped here, nothing was done"`
	Matched        []desk.Finding `json:"matched"`
	Steps          []RunStep      `json:"steps"`
}

// RunStep is what became of one action.
type RunStep struct {
	Action desk.ActionKind `json:"action"`
	Code   string          `json:"code,omitempty" doc:"Why it was not done: an error's code, or why an automation kept silent"`
	Detail string          `json:"detail,omitempty" doc:"The code in words, in the caller's language"`
	Same   bool            `json:"same,omitempty" doc:"It was so already"`
	// Changes are those of the ticket.
	Changes []desk.Change `json:"changes,omitempty" nullable:"false"`
}

type postTrigger struct{ Body TriggerBody }

type putTrigger struct {
	rest.ByID
	Body struct {
		TriggerBody
		Version int64 `json:"version" minimum:"1" doc:"The version that was seen; 409 edited_meanwhile if it is older than the record"`
	}
}

type orderTriggers struct {
	Body struct {
		IDs []desk.ID `json:"ids" maxItems:"200" doc:"All of them, in their new order"`
	}
}

type listRuns struct {
	rest.ByID
	Below   desk.ID `query:"below" minimum:"0" doc:"Only runs with a lower id, for the next page"`
	Refused bool    `query:"refused" doc:"Only runs of which something was not done"`
	Ticket  int64   `query:"ticket" minimum:"0" doc:"Only runs for the ticket of this number"`
	Limit   int     `query:"limit" minimum:"1" maximum:"100" default:"50"`
}

// ActionSecret signs the requests that actions make.
type ActionSecret struct {
	Secret string `json:"secret" doc:"Key of the HMAC-SHA256 in Madoguchi-Signature, over Madoguchi-Timestamp, a full stop and the body"`
}

func (a *API) triggers(api huma.API) {
	op := func(id, method, path, summary string) rest.Op {
		return rest.Op{ID: id, Method: method, Path: "/triggers" + path, Tag: "Triggers", Summary: summary, Can: auth.AutomationManage}
	}
	rest.Add(api, op("list-triggers", http.MethodGet, "", "All triggers, in their order"), a.listTriggers)
	post := op("post-trigger", http.MethodPost, "", "Make a trigger, after the others")
	post.Status, post.Idempotent = http.StatusCreated, true
	rest.Add(api, post, a.postTrigger)
	a.triggerTrial(api)
	rest.Add(api, op("order-triggers", http.MethodPut, "/order", "Put triggers in another order"), a.orderTriggers)
	rest.Add(api, op("put-trigger", http.MethodPut, "/{id}", "Change a trigger"), a.putTrigger)
	rest.Add(api, op("delete-trigger", http.MethodDelete, "/{id}", "Delete a trigger; what it did stays readable in the threads"), a.deleteTrigger)
	rest.Add(api, op("list-trigger-runs", http.MethodGet, "/{id}/runs", "What a trigger did in the last 30 days, newest first"), a.listRuns)
	rest.Add(api, rest.Op{ID: "get-action-secret", Method: http.MethodGet, Path: "/action-secret", Tag: "Triggers",
		Summary: "What signs the requests that actions make", Can: auth.SecretManage}, a.actionSecret)
}

func triggerOf(t desk.Trigger) Trigger {
	return Trigger{
		ID: t.ID, Name: t.Name, Enabled: t.Enabled, On: t.On, Minutes: t.Minutes, Conditions: t.Conditions, Actions: t.Actions,
		UpdatedAt: view.At(t.UpdatedAt), Version: t.Version,
	}
}

// keepTrigger puts what a request says in a trigger's place.
func keepTrigger(tx store.Tx, c *rest.Caller, t desk.Trigger, b TriggerBody) (desk.Trigger, error) {
	was := t
	t.Name, t.Enabled, t.On, t.Minutes, t.Conditions, t.Actions = desk.CleanName(b.Name), b.Enabled, b.On, b.Minutes, b.Conditions, b.Actions
	fields, err := tx.Fields().List()
	if err != nil {
		return t, err
	}
	if err := t.Check(fields); err != nil {
		return t, err
	}
	if err := auth.MayKeepActions(t.Actions, c.Can); err != nil {
		return t, err
	}
	if err := store.CheckActions(tx, t.Actions); err != nil {
		return t, err
	}
	t.UpdatedAt = tx.Now()
	t.Version++
	if err := trigger.Saved(tx, was, t, b.Overdue); err != nil {
		return t, err
	}
	changed(tx, c, desk.EventTriggerChanged, t.ID)
	return t, tx.WriteTriggers().Put(t)
}

func (a *API) listTriggers(ctx context.Context, _ *struct{}) (rest.Items[Trigger], error) {
	return listed(ctx, a, func(r store.Reader) ([]desk.Trigger, error) { return r.Triggers().List() }, triggerOf)
}

func getTrigger(tx store.Tx, id desk.ID) (desk.Trigger, error) { return tx.Triggers().Get(id) }

func (a *API) postTrigger(ctx context.Context, in *postTrigger) (Trigger, error) {
	return once(ctx, a, "trigger", getTrigger, triggerOf, func(tx store.Tx, c *rest.Caller, id desk.ID) (desk.Trigger, error) {
		all, err := tx.Triggers().List()
		if err != nil {
			return desk.Trigger{}, err
		}
		if len(all) >= desk.MaxTriggers {
			e := desk.Errorf(desk.KindConflict, "triggers_too_many", "there are %d triggers", len(all))
			e.Params = map[string]string{"max": strconv.Itoa(desk.MaxTriggers)}
			return desk.Trigger{}, e
		}
		t := desk.Trigger{ID: id, CreatedAt: tx.Now()}
		if len(all) > 0 {
			t.Position = all[len(all)-1].Position + 1
		}
		return keepTrigger(tx, c, t, in.Body)
	})
}

func (a *API) putTrigger(ctx context.Context, in *putTrigger) (Trigger, error) {
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (Trigger, error) {
		was, err := tx.Triggers().Get(in.ID)
		if err != nil {
			return Trigger{}, err
		}
		if was.Version != in.Body.Version {
			conflict := desk.Errorf(desk.KindConflict, "edited_meanwhile", "the trigger is at version %d, not %d", was.Version, in.Body.Version)
			return Trigger{}, rest.WithCurrent(conflict, triggerOf(was))
		}
		t, err := keepTrigger(tx, c, was, in.Body.TriggerBody)
		return triggerOf(t), err
	})
}

func (a *API) orderTriggers(ctx context.Context, in *orderTriggers) (rest.None, error) {
	return rest.None{}, a.write(ctx, func(tx store.Tx, c *rest.Caller) error {
		all, err := tx.Triggers().List()
		if err != nil {
			return err
		}
		for _, t := range all {
			place := slices.Index(in.Body.IDs, t.ID)
			if place < 0 || len(in.Body.IDs) != len(all) {
				return desk.Errorf(desk.KindConflict, "edited_meanwhile", "the list is not the one that was seen")
			}
			if t.Position == place {
				continue
			}
			t.Position = place
			changed(tx, c, desk.EventTriggerChanged, t.ID)
			if err := tx.WriteTriggers().Put(t); err != nil {
				return err
			}
		}
		return nil
	})
}

func (a *API) deleteTrigger(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return rest.None{}, a.write(ctx, func(tx store.Tx, c *rest.Caller) error {
		t, err := tx.Triggers().Get(in.ID)
		if err != nil {
			return err
		}
		changed(tx, c, desk.EventTriggerChanged, in.ID)
		return trigger.Delete(tx, t)
	})
}

// listRuns leaves out what the caller's scope hides (J2).
func (a *API) listRuns(ctx context.Context, in *listRuns) (list rest.Items[TriggerRun], err error) {
	err = a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		if _, err := r.Triggers().Get(in.ID); err != nil {
			return err
		}
		q := store.RunQuery{Trigger: in.ID, Below: in.Below, Refused: in.Refused, Limit: in.Limit}
		if in.Ticket > 0 {
			t, err := r.Tickets().ByNumber(in.Ticket)
			if desk.KindOf(err) == desk.KindNotFound {
				list = rest.NewItems([]TriggerRun{})
				return nil
			}
			if err != nil {
				return err
			}
			q.Ticket = t.ID
		}
		runs, err := r.Triggers().Runs(q)
		if err != nil {
			return err
		}
		var tickets, conversations []desk.ID
		for _, run := range runs {
			tickets, conversations = append(tickets, run.TicketID), append(conversations, run.ConversationID)
		}
		numbers, err := r.Tickets().Many(tickets)
		if err != nil {
			return err
		}
		rows, err := r.Conversations().Many(conversations)
		if err != nil {
			return err
		}
		teams, err := r.Teams().Of(c.User())
		if err != nil {
			return err
		}
		runs = slices.DeleteFunc(runs, func(run desk.TriggerRun) bool {
			return c.Scope() != "" && !c.Scope().Sees(c.User(), teams, rows[run.ConversationID])
		})
		list = rest.NewItems(rest.Views(runs, func(run desk.TriggerRun) TriggerRun {
			return TriggerRun{
				ID: run.ID, At: view.At(run.At), ConversationID: run.ConversationID, TicketID: run.TicketID, TicketNumber: numbers[run.TicketID].Number,
				Depth: run.Depth, Code: run.Code, Matched: append([]desk.Finding{}, run.Matched...), Steps: rest.Views(run.Steps, func(s desk.RunStep) RunStep { return runStepOf(ctx, s) }),
			}
		}))
		return nil
	})
	return list, err
}

func runStepOf(ctx context.Context, s desk.RunStep) RunStep {
	step := RunStep{Action: s.Action, Code: s.Code, Same: s.Same, Changes: s.Changes}
	if s.Code != "" {
		step.Detail = rest.ProblemOf(rest.From(ctx), &desk.Error{Kind: desk.KindConflict, Code: s.Code, Params: s.Params}).Detail
	}
	return step
}

func (a *API) actionSecret(ctx context.Context, _ *struct{}) (ActionSecret, error) {
	return ActionSecret{Secret: string(a.CallSecret(rest.CallerOf(ctx).Workspace().ID))}, nil
}
