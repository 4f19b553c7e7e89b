package admin

import (
	"cmp"
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

type postTeam struct {
	Body struct {
		Name      string          `json:"name" minLength:"1" maxLength:"60"`
		MemberIDs []desk.ID       `json:"member_ids,omitempty" maxItems:"1000" doc:"In the order in which equals get work"`
		Mode      desk.TeamMode   `json:"mode,omitempty" enum:"manual,round_robin,spare" doc:"How tickets find somebody (E3); round_robin if absent"`
		Accept    desk.AcceptMode `json:"accept,omitempty" enum:"automatic,offer" doc:"Whether a member is asked first (E12); automatic if absent"`
		Ageing    bool            `json:"ageing,omitempty" doc:"A ticket climbs one priority per hour in the queue (E10)"`
	}
}

type editTeam struct {
	rest.ByID
	Body struct {
		Name      *string          `json:"name,omitempty" minLength:"1" maxLength:"60"`
		MemberIDs *[]desk.ID       `json:"member_ids,omitempty" maxItems:"1000" doc:"In the order in which equals get work"`
		Mode      *desk.TeamMode   `json:"mode,omitempty" enum:"manual,round_robin,spare"`
		Accept    *desk.AcceptMode `json:"accept,omitempty" enum:"automatic,offer"`
		Ageing    *bool            `json:"ageing,omitempty"`
	}
}

func (a *API) teams(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-teams", Method: http.MethodGet, Path: "/teams", Tag: "Teams",
		Summary: "All teams", Can: rest.SignedIn}, a.listTeams)
	rest.Add(api, rest.Op{ID: "post-team", Method: http.MethodPost, Path: "/teams", Tag: "Teams",
		Summary: "Make a team", Can: auth.MemberManage, Status: http.StatusCreated, Idempotent: true}, a.postTeam)
	rest.Add(api, rest.Op{ID: "edit-team", Method: http.MethodPatch, Path: "/teams/{id}", Tag: "Teams",
		Summary: "Change a team", Can: auth.MemberManage}, a.editTeam)
	rest.Add(api, rest.Op{ID: "delete-team", Method: http.MethodDelete, Path: "/teams/{id}", Tag: "Teams",
		Summary: "Delete a team", Can: auth.MemberManage}, a.deleteTeam)
}

func (a *API) listTeams(ctx context.Context, _ *struct{}) (rest.Items[view.Team], error) {
	return listed(ctx, a, func(r store.Reader) ([]desk.Team, error) { return r.Teams().List() }, view.TeamOf)
}

func getTeam(tx store.Tx, id desk.ID) (desk.Team, error) { return tx.Teams().Get(id) }

func (a *API) postTeam(ctx context.Context, in *postTeam) (view.Team, error) {
	return once(ctx, a, "team", getTeam, view.TeamOf, func(tx store.Tx, c *rest.Caller, id desk.ID) (desk.Team, error) {
		b := in.Body
		return putTeam(tx, c, desk.Team{
			ID: id, Name: b.Name, MemberIDs: slices.Clone(b.MemberIDs), CreatedAt: tx.Now(),
			Mode: cmp.Or(b.Mode, desk.ModeRoundRobin), Accept: cmp.Or(b.Accept, desk.AcceptAutomatic), Ageing: b.Ageing,
		})
	})
}

func putTeam(tx store.Tx, c *rest.Caller, t desk.Team) (desk.Team, error) {
	if t.Name = desk.CleanName(t.Name); t.Name == "" {
		return t, desk.Invalid("name", "name_missing", "a team has a name")
	}
	t.MemberIDs = eachOnce(t.MemberIDs)
	for _, user := range t.MemberIDs {
		if _, err := tx.Members().Get(user); err != nil {
			return t, err
		}
	}
	changed(tx, c, desk.EventTeamChanged, t.ID)
	return t, tx.WriteTeams().Put(t)
}

// eachOnce drops what is named again: the first place counts.
func eachOnce(ids []desk.ID) []desk.ID {
	var kept []desk.ID
	for _, id := range ids {
		if !slices.Contains(kept, id) {
			kept = append(kept, id)
		}
	}
	return kept
}

func (a *API) editTeam(ctx context.Context, in *editTeam) (view.Team, error) {
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (view.Team, error) {
		t, err := tx.Teams().Get(in.ID)
		if err != nil {
			return view.Team{}, err
		}
		if in.Body.Name != nil {
			t.Name = *in.Body.Name
		}
		if in.Body.MemberIDs != nil {
			t.MemberIDs = slices.Clone(*in.Body.MemberIDs)
		}
		if in.Body.Mode != nil {
			t.Mode = *in.Body.Mode
		}
		if in.Body.Accept != nil {
			t.Accept = *in.Body.Accept
		}
		if in.Body.Ageing != nil {
			t.Ageing = *in.Body.Ageing
		}
		t, err = putTeam(tx, c, t)
		return view.TeamOf(t), err
	})
}

func (a *API) deleteTeam(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return rest.None{}, a.write(ctx, func(tx store.Tx, c *rest.Caller) error {
		if _, err := tx.Teams().Get(in.ID); err != nil {
			return err
		}
		if err := store.Unused(tx, desk.Reference{Kind: desk.ReferredTeam, ID: in.ID}); err != nil {
			return err
		}
		if err := withoutWork(tx, in.ID); err != nil {
			return err
		}
		channels, err := tx.Channels().List()
		if err != nil {
			return err
		}
		for _, ch := range channels { // a channel whose team is gone is everybody's
			if ch.TeamID != in.ID {
				continue
			}
			ch.TeamID, ch.UpdatedAt = 0, tx.Now()
			ch.Version++
			if err := tx.WriteChannels().Put(ch); err != nil {
				return err
			}
			changed(tx, c, desk.EventChannelChanged, ch.ID)
		}
		changed(tx, c, desk.EventTeamChanged, in.ID)
		return tx.WriteTeams().Delete(in.ID)
	})
}

// withoutWork refuses to delete a team that has cases: "team_has_cases" (conflict). They would wait in a queue that is handed to
// nobody (E9).
func withoutWork(r store.Reader, team desk.ID) error {
	for _, its := range []desk.ListFilter{{View: desk.ViewTeam, TeamID: team}, {View: desk.ViewSnoozed, Teams: []desk.ID{team}}} {
		rows, _, err := r.Conversations().List(store.ConversationQuery{ListFilter: its, Page: store.Page{Limit: 1}})
		if err != nil {
			return err
		}
		if len(rows) > 0 {
			return desk.Errorf(desk.KindConflict, "team_has_cases", "team %s has cases that are not resolved", team)
		}
	}
	return nil
}
