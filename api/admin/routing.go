package admin

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/routing"
	"madoguchi/store"
	"madoguchi/view"
)

// RoutingRule says what becomes of a new ticket (E2).
type RoutingRule struct {
	ID         desk.ID         `json:"id,omitempty" minimum:"0" doc:"None for a rule that is new"`
	Name       string          `json:"name" maxLength:"200"`
	Active     bool            `json:"active"`
	Conditions desk.Conditions `json:"conditions" doc:"None at all is always so"`
	Actions    []desk.Action   `json:"actions" maxItems:"20" nullable:"false" doc:"Of the kinds team, assign (preferred, not forced), priority, add_tag and sla"`
}

// RoutingRules is the list in its order; the first rule that applies decides.
type RoutingRules struct {
	Items []RoutingRule `json:"items" maxItems:"100" nullable:"false"`
	State string        `json:"state" maxLength:"40" doc:"Names the list as it is; a change names the one that was seen, else 409 edited_meanwhile"`
}

// RoutingTrial is what a list would have done with a stretch of past tickets.
type RoutingTrial struct {
	Rules   []RoutingShare `json:"rules" nullable:"false" doc:"One for each rule, in order"`
	None    int            `json:"none" doc:"Tickets that no rule takes"`
	Tickets int            `json:"tickets" doc:"That were looked at in this stretch"`
	Reached view.Time      `json:"reached,omitzero" format:"date-time" doc:"How far back the stretch goes"`
	Next    string         `json:"next" doc:"Give it as after for the next stretch; empty at the end"`
	Today   []desk.Fact    `json:"today" nullable:"false" doc:"What the rules' conditions ask that is judged by what is known today: how it was is not kept"`
	Cut     bool           `json:"cut" doc:"There are more tickets than one trial looks at"`
}

// RoutingShare is what one rule would have taken.
type RoutingShare struct {
	Taken    int              `json:"taken"`
	Later    int              `json:"later" doc:"It applies too, but a rule before it takes them"`
	Examples []RoutingExample `json:"examples" nullable:"false" doc:"The newest, a few"`
}

// RoutingExample is a ticket that a rule would have taken.
type RoutingExample struct {
	ConversationID desk.ID        `json:"conversation_id"`
	Number         int64          `json:"number"`
	ContactName    string         `json:"contact_name"`
	CreatedAt      view.Time      `json:"created_at" format:"date-time"`
	Found          []desk.Finding `json:"found" nullable:"false" doc:"The conditions that held, and by which value"`
}

type putRouting struct {
	Body RoutingRules
}

type tryRouting struct {
	Body struct {
		Rules []RoutingRule `json:"rules" maxItems:"100" nullable:"false"`
		After string        `json:"after,omitempty" maxLength:"40"`
	}
}

func (a *API) routing(api huma.API) {
	op := func(id, method, path, summary string) rest.Op {
		return rest.Op{ID: id, Method: method, Path: "/routing-rules" + path, Tag: "Routing", Summary: summary, Can: auth.AutomationManage}
	}
	rest.Add(api, op("get-routing-rules", http.MethodGet, "", "The routing rules in their order"), a.getRouting)
	put := op("put-routing-rules", http.MethodPut, "", "Make the list of routing rules what it is to be")
	put.Description = "The whole list at once, because its order is what it means. Rules left out are deleted."
	rest.Add(api, put, a.putRouting)
	try := op("try-routing-rules", http.MethodPost, "/trial", "What a list of rules would have done with the last 30 days")
	try.Status = http.StatusOK
	try.Description = "Nothing is changed, and the list need not be kept. One call looks at a stretch of tickets, newest first; add the answers up. " +
		"Of contacts and their earlier tickets, what is known today counts."
	rest.Add(api, try, a.tryRouting)
}

func (r RoutingRule) rule() desk.RoutingRule {
	return desk.RoutingRule{ID: r.ID, Name: desk.CleanName(r.Name), Active: r.Active, Conditions: r.Conditions, Actions: r.Actions}
}

func routingRules(given []RoutingRule) []desk.RoutingRule { return rest.Views(given, RoutingRule.rule) }

func routingView(rules []desk.RoutingRule) RoutingRules {
	return RoutingRules{State: desk.RoutingState(rules), Items: rest.Views(rules, func(r desk.RoutingRule) RoutingRule {
		return RoutingRule{ID: r.ID, Name: r.Name, Active: r.Active, Conditions: r.Conditions, Actions: r.Actions}
	})}
}

func (a *API) getRouting(ctx context.Context, _ *struct{}) (out RoutingRules, err error) {
	err = a.read(ctx, func(r store.Reader, _ *rest.Caller) error {
		rules, err := r.RoutingRules().List()
		out = routingView(rules)
		return err
	})
	return out, err
}

func (a *API) putRouting(ctx context.Context, in *putRouting) (RoutingRules, error) {
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (RoutingRules, error) {
		rules, err := routing.Save(tx, c.Account().By, in.Body.State, routingRules(in.Body.Items))
		if desk.CodeOf(err) == "edited_meanwhile" {
			err = rest.WithCurrent(err, routingView(rules))
		}
		if err != nil {
			return RoutingRules{}, err
		}
		return routingView(rules), nil
	})
}

func (a *API) tryRouting(ctx context.Context, in *tryRouting) (RoutingTrial, error) {
	c := rest.CallerOf(ctx)
	var teams []desk.ID
	err := a.read(ctx, func(r store.Reader, c *rest.Caller) (err error) {
		teams, err = r.Teams().Of(c.User())
		return err
	})
	if err != nil {
		return RoutingTrial{}, err
	}
	tried, err := routing.Try(ctx, a.Store, c.Workspace().ID, a.now(), routing.Trial{
		Rules: routingRules(in.Body.Rules), After: in.Body.After,
		Sees: func(v desk.Conversation) bool { return c.Scope().Sees(c.User(), teams, v) },
	})
	if err != nil {
		return RoutingTrial{}, err
	}
	return RoutingTrial{
		Rules: rest.Views(tried.Rules, shareOf), None: tried.None, Tickets: tried.Tickets, Reached: view.At(tried.Reached), Next: tried.Next, Cut: tried.Cut,
		Today: ofToday(in.Body.Rules),
	}, nil
}

// ofToday are the facts that the conditions of rules ask and that are known of today alone.
func ofToday(rules []RoutingRule) []desk.Fact {
	facts := []desk.Fact{}
	for _, r := range rules {
		facts = append(facts, r.Conditions.OfToday()...)
	}
	slices.Sort(facts)
	return slices.Compact(facts)
}

func shareOf(r routing.TriedRule) RoutingShare {
	return RoutingShare{Taken: r.Taken, Later: r.Later, Examples: rest.Views(r.Examples, func(e routing.Example) RoutingExample {
		return RoutingExample{
			ConversationID: e.Ticket.ConversationID, Number: e.Ticket.Number, ContactName: e.Contact.Name, CreatedAt: view.At(e.Ticket.CreatedAt),
			Found: append([]desk.Finding{}, e.Found...),
		}
	})}
}
