package admin

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/desk"
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
	byID
	Body scheduleBody
}

func (a *API) schedules(api huma.API) {
	rest.Add[struct{}, rest.Items[Schedule]](api, rest.Op{ID: "list-schedules", Method: http.MethodGet, Path: "/schedules", Tag: "Schedules",
		Summary: "All opening hours", Can: rest.SignedIn}, nil)
	rest.Add[postSchedule, Schedule](api, rest.Op{ID: "post-schedule", Method: http.MethodPost, Path: "/schedules", Tag: "Schedules",
		Summary: "Make opening hours", Can: "schedule.manage", Status: http.StatusCreated, Idempotent: true}, nil)
	rest.Add[putSchedule, Schedule](api, rest.Op{ID: "put-schedule", Method: http.MethodPut, Path: "/schedules/{id}", Tag: "Schedules",
		Summary: "Replace opening hours", Can: "schedule.manage"}, nil)
	rest.Add[byID, rest.None](api, rest.Op{ID: "delete-schedule", Method: http.MethodDelete, Path: "/schedules/{id}", Tag: "Schedules",
		Summary: "Delete opening hours (409 schedule_in_use while a channel has them)", Can: "schedule.manage"}, nil)
}
