package admin

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

// SLAPolicy is what is promised to customers (E17).
type SLAPolicy struct {
	ID desk.ID `json:"id"`
	SLAPolicyBody
}

// SLAPolicyBody is a policy as its writer gives it.
type SLAPolicyBody struct {
	Name       string                            `json:"name" minLength:"1" maxLength:"60"`
	TeamIDs    []desk.ID                         `json:"team_ids,omitempty" maxItems:"200" doc:"Whose tickets it is for, none = everybody's"`
	ScheduleID desk.ID                           `json:"schedule_id" minimum:"0" doc:"Whose hours count, 0 = every hour of every day"`
	Targets    map[desk.Priority]desk.SLATargets `json:"targets" doc:"Minutes by priority; 0 or absent = nothing is promised"`
}

type postSLAPolicy struct{ Body SLAPolicyBody }

type putSLAPolicy struct {
	rest.ByID
	Body SLAPolicyBody
}

type orderSLAPolicies struct {
	Body struct {
		IDs []desk.ID `json:"ids" maxItems:"200" doc:"In the order wanted; those left out come after"`
	}
}

type slaExample struct {
	ScheduleID int64 `query:"schedule_id" minimum:"0"`
	Minutes    int   `query:"minutes" minimum:"1" maximum:"43200"`
}

// SLAExample is when a promise would run out.
type SLAExample struct {
	From view.Time `json:"from" format:"date-time" doc:"Shortly before closing time on a Friday, or what day is open last in the week"`
	Due  view.Time `json:"due,omitzero" format:"date-time" doc:"None where the schedule has too few hours"`
	Zone string    `json:"zone"`
}

func (a *API) sla(api huma.API) {
	op := func(id, method, path, summary string) rest.Op {
		return rest.Op{ID: id, Method: method, Path: path, Tag: "SLA", Summary: summary, Can: auth.AutomationManage}
	}
	list := op("list-sla-policies", http.MethodGet, "/sla-policies", "All SLA policies in their order")
	list.Can = rest.SignedIn
	rest.Add(api, list, a.listSLAPolicies)
	post := op("post-sla-policy", http.MethodPost, "/sla-policies", "Make an SLA policy")
	post.Status, post.Idempotent = http.StatusCreated, true
	post.Description = "It holds for tickets from their next change on; what was promised later than a ticket began counts from then."
	rest.Add(api, post, a.postSLAPolicy)
	rest.Add(api, op("put-sla-policy", http.MethodPut, "/sla-policies/{id}", "Replace an SLA policy; running clocks follow at once"), a.putSLAPolicy)
	rest.Add(api, op("order-sla-policies", http.MethodPut, "/sla-policies/order", "Put SLA policies in order: the first that fits a ticket governs it"), a.orderSLAPolicies)
	rest.Add(api, op("delete-sla-policy", http.MethodDelete, "/sla-policies/{id}", "Delete an SLA policy"), a.deleteSLAPolicy)
	rest.Add(api, op("get-sla-example", http.MethodGet, "/sla-example", "When a promise to somebody who writes shortly before closing time runs out"), a.slaExample)
	rest.Add(api, op("list-wait-alerts", http.MethodGet, "/wait-alerts", "How long somebody may wait for each team before its supervisors hear of it"), a.listWaitAlerts)
	rest.Add(api, op("put-wait-alerts", http.MethodPut, "/wait-alerts", "Set that for teams"), a.putWaitAlerts)
}

func slaPolicyOf(p desk.SLAPolicy) SLAPolicy {
	return SLAPolicy{ID: p.ID, SLAPolicyBody: SLAPolicyBody{Name: p.Name, TeamIDs: p.TeamIDs, ScheduleID: p.ScheduleID, Targets: p.Targets}}
}

func (a *API) listSLAPolicies(ctx context.Context, _ *struct{}) (rest.Items[SLAPolicy], error) {
	return listed(ctx, a, func(r store.Reader) ([]desk.SLAPolicy, error) { return r.SLA().Policies() }, slaPolicyOf)
}

// keepSLAPolicy puts what a request says in a policy's place; the running clocks look at it again.
func keepSLAPolicy(tx store.Tx, c *rest.Caller, p desk.SLAPolicy, b SLAPolicyBody) (desk.SLAPolicy, error) {
	p.Name, p.TeamIDs, p.ScheduleID, p.Targets, p.UpdatedAt = desk.CleanName(b.Name), b.TeamIDs, b.ScheduleID, b.Targets, tx.Now()
	if err := p.Validate(); err != nil {
		return p, err
	}
	for _, team := range p.TeamIDs {
		if _, err := tx.Teams().Get(team); err != nil {
			return p, err
		}
	}
	if p.ScheduleID != 0 {
		if _, err := tx.Schedules().Get(p.ScheduleID); err != nil {
			return p, err
		}
	}
	if err := tx.WriteSLA().PutPolicy(p); err != nil {
		return p, err
	}
	return p, slaChanged(tx, c, p.ID)
}

func slaChanged(tx store.Tx, c *rest.Caller, id desk.ID) error {
	changed(tx, c, desk.EventSLAPolicyChanged, id)
	return tx.WriteSLA().Recheck()
}

func getSLAPolicy(tx store.Tx, id desk.ID) (desk.SLAPolicy, error) { return tx.SLA().Policy(id) }

func (a *API) postSLAPolicy(ctx context.Context, in *postSLAPolicy) (SLAPolicy, error) {
	return once(ctx, a, "sla_policy", getSLAPolicy, slaPolicyOf, func(tx store.Tx, c *rest.Caller, id desk.ID) (desk.SLAPolicy, error) {
		all, err := tx.SLA().Policies()
		if err != nil {
			return desk.SLAPolicy{}, err
		}
		p := desk.SLAPolicy{ID: id, CreatedAt: tx.Now()}
		if len(all) > 0 {
			p.Position = all[len(all)-1].Position + 1
		}
		return keepSLAPolicy(tx, c, p, in.Body)
	})
}

func (a *API) putSLAPolicy(ctx context.Context, in *putSLAPolicy) (SLAPolicy, error) {
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (SLAPolicy, error) {
		p, err := tx.SLA().Policy(in.ID)
		if err != nil {
			return SLAPolicy{}, err
		}
		p, err = keepSLAPolicy(tx, c, p, in.Body)
		return slaPolicyOf(p), err
	})
}

func (a *API) orderSLAPolicies(ctx context.Context, in *orderSLAPolicies) (rest.Items[SLAPolicy], error) {
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (list rest.Items[SLAPolicy], err error) {
		all, err := tx.SLA().Policies()
		if err != nil {
			return list, err
		}
		place := func(p desk.SLAPolicy) int {
			if i := slices.Index(in.Body.IDs, p.ID); i >= 0 {
				return i
			}
			return len(in.Body.IDs)
		}
		slices.SortStableFunc(all, func(x, y desk.SLAPolicy) int { return place(x) - place(y) })
		for i := range all {
			if all[i].Position == int64(i) {
				continue
			}
			all[i].Position, all[i].UpdatedAt = int64(i), tx.Now()
			if err := tx.WriteSLA().PutPolicy(all[i]); err != nil {
				return list, err
			}
		}
		return rest.NewItems(rest.Views(all, slaPolicyOf)), slaChanged(tx, c, 0)
	})
}

func (a *API) deleteSLAPolicy(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return rest.None{}, a.write(ctx, func(tx store.Tx, c *rest.Caller) error {
		if _, err := tx.SLA().Policy(in.ID); err != nil {
			return err
		}
		if err := store.Unused(tx, desk.Reference{Kind: desk.ReferredPolicy, ID: in.ID}); err != nil {
			return err
		}
		if err := tx.WriteSLA().DeletePolicy(in.ID); err != nil {
			return err
		}
		return slaChanged(tx, c, in.ID)
	})
}

func (a *API) slaExample(ctx context.Context, in *slaExample) (out SLAExample, err error) {
	err = a.read(ctx, func(r store.Reader, _ *rest.Caller) error {
		w, err := r.Workspaces().Current()
		if err != nil {
			return err
		}
		hours := desk.OfficeHours(w.Zone)
		terms := desk.SLATerms{Targets: desk.SLATargets{First: in.Minutes}}
		if in.ScheduleID != 0 {
			if hours, err = r.Schedules().Get(desk.ID(in.ScheduleID)); err != nil {
				return err
			}
			terms.Schedule = &hours
		}
		from, err := hours.BeforeClosing(a.now())
		if err != nil {
			return err
		}
		_, due, err := terms.Due(desk.SLAFirst, from, 0)
		out = SLAExample{From: view.At(from), Due: view.At(due), Zone: hours.Zone}
		return err
	})
	return out, err
}
