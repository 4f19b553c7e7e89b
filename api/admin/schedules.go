package admin

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// Schedule is opening hours: precedence closed date, special date, week (0.7). Times are minutes since midnight, 0–1440.
type Schedule struct {
	ID      desk.ID                       `json:"id"`
	Name    string                        `json:"name"`
	Zone    string                        `json:"zone" doc:"IANA"`
	Week    [][]desk.Interval             `json:"week" minItems:"7" maxItems:"7" doc:"Sunday first"`
	Closed  []desk.Date                   `json:"closed" doc:"Closed all day, 2026-11-23"`
	Special map[desk.Date][]desk.Interval `json:"special" doc:"Other hours on a date"`
}

type scheduleBody struct {
	Name    string                        `json:"name" minLength:"1" maxLength:"60"`
	Zone    string                        `json:"zone" minLength:"1" maxLength:"64" doc:"IANA"`
	Week    [][]desk.Interval             `json:"week" minItems:"7" maxItems:"7" doc:"Sunday first; minutes since midnight, 0–1440"`
	Closed  []desk.Date                   `json:"closed,omitempty" maxItems:"1000"`
	Special map[desk.Date][]desk.Interval `json:"special,omitempty" maxProperties:"1000"`
}

type postSchedule struct {
	Body scheduleBody
}

type putSchedule struct {
	rest.ByID
	Body scheduleBody
}

func (a *API) schedules(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-schedules", Method: http.MethodGet, Path: "/schedules", Tag: "Schedules",
		Summary: "All opening hours", Can: rest.SignedIn}, a.listSchedules)
	rest.Add(api, rest.Op{ID: "post-schedule", Method: http.MethodPost, Path: "/schedules", Tag: "Schedules",
		Summary: "Make opening hours", Can: auth.AutomationManage, Status: http.StatusCreated, Idempotent: true}, a.postSchedule)
	rest.Add(api, rest.Op{ID: "put-schedule", Method: http.MethodPut, Path: "/schedules/{id}", Tag: "Schedules",
		Summary: "Replace opening hours", Can: auth.AutomationManage}, a.putSchedule)
	a.scheduleUsers(api)
}

func scheduleOf(s desk.Schedule) Schedule {
	out := Schedule{ID: s.ID, Name: s.Name, Zone: s.Zone, Week: make([][]desk.Interval, 7), Closed: []desk.Date{}, Special: map[desk.Date][]desk.Interval{}}
	for day, intervals := range s.Week {
		out.Week[day] = append([]desk.Interval{}, intervals...)
	}
	out.Closed = append(out.Closed, s.Closed...)
	for date, intervals := range s.Special {
		out.Special[date] = append([]desk.Interval{}, intervals...)
	}
	return out
}

// apply fills a schedule from a request and checks it (0.7, 0.8).
func (b scheduleBody) apply(s *desk.Schedule) error {
	s.Name, s.Zone, s.Closed, s.Special = desk.CleanName(b.Name), b.Zone, b.Closed, b.Special
	if s.Name == "" {
		return desk.Invalid("name", "name_missing", "opening hours have a name")
	}
	for day := range s.Week {
		s.Week[day] = b.Week[day]
	}
	return s.Validate()
}

func (a *API) listSchedules(ctx context.Context, _ *struct{}) (rest.Items[Schedule], error) {
	return listed(ctx, a, func(r store.Reader) ([]desk.Schedule, error) { return r.Schedules().List() }, scheduleOf)
}

func getSchedule(tx store.Tx, id desk.ID) (desk.Schedule, error) { return tx.Schedules().Get(id) }

// replaceSchedule puts what a request says in a schedule's place.
func replaceSchedule(tx store.Tx, c *rest.Caller, s desk.Schedule, b scheduleBody) (desk.Schedule, error) {
	if err := b.apply(&s); err != nil {
		return s, err
	}
	s.UpdatedAt = tx.Now()
	changed(tx, c, desk.EventScheduleChanged, s.ID)
	return s, tx.WriteSchedules().Put(s)
}

func (a *API) postSchedule(ctx context.Context, in *postSchedule) (Schedule, error) {
	return once(ctx, a, "schedule", getSchedule, scheduleOf, func(tx store.Tx, c *rest.Caller, id desk.ID) (desk.Schedule, error) {
		return replaceSchedule(tx, c, desk.Schedule{ID: id, CreatedAt: tx.Now()}, in.Body)
	})
}

func (a *API) putSchedule(ctx context.Context, in *putSchedule) (Schedule, error) {
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (Schedule, error) {
		s, err := tx.Schedules().Get(in.ID)
		if err != nil {
			return Schedule{}, err
		}
		if s, err = replaceSchedule(tx, c, s, in.Body); err != nil {
			return Schedule{}, err
		}
		return scheduleOf(s), tx.WriteSLA().Recheck() // a policy may count in them
	})
}
