package admin

import (
	"context"

	"madoguchi/api/rest"
	"madoguchi/desk"
	"madoguchi/store"
)

// WaitAlert is when supervisors of a team hear that somebody waits for it (E19).
type WaitAlert struct {
	TeamID  desk.ID `json:"team_id" minimum:"0" doc:"0 = those who wait for no team"`
	Minutes int     `json:"minutes" minimum:"0" maximum:"1440" doc:"In the channel's opening hours; 0 = never"`
}

type putWaitAlerts struct {
	Body struct {
		Items []WaitAlert `json:"items" maxItems:"500"`
	}
}

func waitAlertOf(a desk.WaitAlert) WaitAlert { return WaitAlert{TeamID: a.TeamID, Minutes: a.Minutes} }

// waitAlerts are those of all teams, and first of those who wait for none.
func waitAlerts(r store.Reader) ([]desk.WaitAlert, error) {
	teams, err := r.Teams().List()
	if err != nil {
		return nil, err
	}
	var all []desk.WaitAlert
	for _, team := range append([]desk.Team{{}}, teams...) {
		one, err := r.SLA().WaitAlert(team.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

func (a *API) listWaitAlerts(ctx context.Context, _ *struct{}) (rest.Items[WaitAlert], error) {
	return listed(ctx, a, waitAlerts, waitAlertOf)
}

func (a *API) putWaitAlerts(ctx context.Context, in *putWaitAlerts) (rest.Items[WaitAlert], error) {
	return result(ctx, a, func(tx store.Tx, _ *rest.Caller) (list rest.Items[WaitAlert], err error) {
		for _, item := range in.Body.Items {
			if item.TeamID != 0 {
				if _, err := tx.Teams().Get(item.TeamID); err != nil {
					return list, err
				}
			}
			one, err := tx.SLA().WaitAlert(item.TeamID)
			if err != nil {
				return list, err
			}
			if one.Minutes = item.Minutes; one.Validate() != nil {
				return list, one.Validate()
			}
			if err := tx.WriteSLA().PutWaitAlert(one); err != nil {
				return list, err
			}
		}
		all, err := waitAlerts(tx)
		return rest.NewItems(rest.Views(all, waitAlertOf)), err
	})
}
