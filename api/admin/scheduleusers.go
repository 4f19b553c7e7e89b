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
)

// ScheduleUser is something that goes by a schedule (0.10).
type ScheduleUser struct {
	Kind string  `json:"kind" enum:"channel,sla_policy,routing_rule,trigger"`
	ID   desk.ID `json:"id"`
	Name string  `json:"name"`
}

type deleteSchedule struct {
	rest.ByID
	Replacement int64 `query:"replacement" minimum:"0" doc:"The schedule that takes its place where it is used"`
	AlwaysOpen  bool  `query:"always_open" doc:"Without a replacement: what goes by it is always open from then on"`
}

func (a *API) scheduleUsers(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-schedule-users", Method: http.MethodGet, Path: "/schedules/{id}/users", Tag: "Schedules",
		Summary: "What goes by these opening hours", Can: auth.AutomationManage}, a.listScheduleUsers)
	rest.Add(api, rest.Op{ID: "delete-schedule", Method: http.MethodDelete, Path: "/schedules/{id}", Tag: "Schedules",
		Summary: "Delete opening hours", Can: auth.AutomationManage,
		Description: "409 schedule_in_use while something goes by them and neither a replacement nor always_open is named (list-schedule-users tells what)."}, a.deleteSchedule)
}

func (a *API) listScheduleUsers(ctx context.Context, in *rest.ByID) (rest.Items[ScheduleUser], error) {
	return listed(ctx, a, func(r store.Reader) ([]store.ScheduleUser, error) {
		if _, err := r.Schedules().Get(in.ID); err != nil {
			return nil, err
		}
		return store.ScheduleUsers(r, in.ID)
	}, func(u store.ScheduleUser) ScheduleUser { return ScheduleUser{Kind: u.Kind, ID: u.ID, Name: u.Name} })
}

// deleteSchedule puts the replacement in its place first, wherever it is used (0.10).
func (a *API) deleteSchedule(ctx context.Context, in *deleteSchedule) (rest.None, error) {
	return rest.None{}, a.write(ctx, func(tx store.Tx, c *rest.Caller) error {
		if _, err := tx.Schedules().Get(in.ID); err != nil {
			return err
		}
		users, err := store.ScheduleUsers(tx, in.ID)
		if err != nil {
			return err
		}
		if to := desk.ID(in.Replacement); len(users) > 0 {
			if to == 0 && !in.AlwaysOpen || to == in.ID {
				return desk.Errorf(desk.KindConflict, "schedule_in_use", "%d go by schedule %s", len(users), in.ID)
			}
			if to != 0 {
				if _, err := tx.Schedules().Get(to); err != nil {
					return err
				}
			}
			for _, u := range users {
				if err := u.Replace(tx, in.ID, to); err != nil {
					return err
				}
				changed(tx, c, u.Event, u.ID)
			}
			if slices.ContainsFunc(users, func(u store.ScheduleUser) bool { return u.Event == desk.EventSLAPolicyChanged }) {
				if err := tx.WriteSLA().Recheck(); err != nil {
					return err
				}
			}
		}
		changed(tx, c, desk.EventScheduleChanged, in.ID)
		return tx.WriteSchedules().Delete(in.ID)
	})
}
