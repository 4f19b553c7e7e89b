package admin

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/account"
	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// SavedView is a list that members keep under a name (G1.3).
type SavedView struct {
	ID       desk.ID         `json:"id"`
	Audience desk.Audience   `json:"audience" enum:"personal,team,workspace"`
	TeamID   desk.ID         `json:"team_id" doc:"With audience team, else 0"`
	Name     string          `json:"name"`
	Icon     string          `json:"icon"`
	Color    string          `json:"color"`
	Filter   desk.ListFilter `json:"filter" doc:"As in list-conversations; every viewer's own scope holds all the same"`
	Sort     string          `json:"sort" enum:"activity,waiting,priority,window,sla"`
	Mine     bool            `json:"mine" doc:"The caller may change it"`
	Version  int64           `json:"version"`
}

// SavedViewBody is a saved view as its writer gives it.
type SavedViewBody struct {
	Audience desk.Audience   `json:"audience" enum:"personal,team,workspace"`
	TeamID   desk.ID         `json:"team_id,omitempty" minimum:"0"`
	Name     string          `json:"name" minLength:"1" maxLength:"200"`
	Icon     string          `json:"icon,omitempty" maxLength:"40" doc:"bookmark, star, flag, clock, alert, globe, tag, user, team or mail"`
	Color    string          `json:"color,omitempty" maxLength:"20" doc:"As a tag's"`
	Filter   desk.ListFilter `json:"filter"`
	Sort     string          `json:"sort,omitempty" enum:"activity,waiting,priority,window,sla"`
}

type postSavedView struct{ Body SavedViewBody }

type putSavedView struct {
	rest.ByID
	Body struct {
		SavedViewBody
		Version int64 `json:"version" minimum:"1" doc:"The version that was seen; 409 edited_meanwhile if it is older than the record"`
	}
}

type orderSavedViews struct {
	Body struct {
		IDs []desk.ID `json:"ids" minItems:"1" maxItems:"200" doc:"Views that I may change, in their new order"`
	}
}

func (a *API) savedViews(api huma.API) {
	op := func(id, method, path, summary string) rest.Op {
		return rest.Op{ID: id, Method: method, Path: "/saved-views" + path, Tag: "Saved views", Summary: summary, Can: auth.ConversationRead, PersonOnly: true}
	}
	rest.Add(api, op("list-saved-views", http.MethodGet, "", "Mine, my teams' and everybody's, in order"), a.listSavedViews)
	post := op("post-saved-view", http.MethodPost, "", "Keep a view")
	post.Status, post.Idempotent = http.StatusCreated, true
	post.Description = "One's own needs nothing further; a team's ticket.assign_others and to be in it; everybody's ticket.assign_others or workspace.manage."
	rest.Add(api, post, a.postSavedView)
	rest.Add(api, op("put-saved-view", http.MethodPut, "/{id}", "Change a view"), a.putSavedView)
	rest.Add(api, op("delete-saved-view", http.MethodDelete, "/{id}", "Delete a view"), a.deleteSavedView)
	rest.Add(api, op("order-saved-views", http.MethodPost, "/order", "Put views in another order"), a.orderSavedViews)
}

func (k keeper) mayView(v desk.SavedView) error {
	return auth.MayKeepSavedView(v, k.User(), k.teams, k.Can)
}

// seesView reports whether the view is for the caller, or theirs to look after.
func (k keeper) seesView(v desk.SavedView) bool {
	return v.For(k.User(), k.teams) || k.mayView(v) == nil
}

func (k keeper) savedView(v desk.SavedView) SavedView {
	out := SavedView{ID: v.ID, Audience: v.Audience, TeamID: v.TeamID, Name: v.Name, Icon: v.Icon, Color: v.Color, Filter: v.Filter, Sort: v.Sort,
		Mine: k.mayView(v) == nil, Version: v.Version}
	if out.Sort == "" {
		out.Sort = string(store.SortActivity)
	}
	return out
}

// view is what the body asks to be kept, of a view as it was.
func (b SavedViewBody) view(k keeper, was desk.SavedView) (desk.SavedView, error) {
	v := was
	v.Audience, v.TeamID, v.Owner = b.Audience, b.TeamID, 0
	if b.Audience == desk.AudiencePersonal {
		v.Owner = k.User()
	}
	v.Name, v.Icon, v.Color, v.Filter, v.Sort = desk.CleanName(b.Name), b.Icon, b.Color, b.Filter, b.Sort
	if v.Icon == "" {
		v.Icon = desk.SavedViewIcons()[0]
	}
	if err := v.Check(); err != nil {
		return v, err
	}
	return v, k.mayView(v)
}

func (a *API) listSavedViews(ctx context.Context, _ *struct{}) (list rest.Items[SavedView], err error) {
	err = a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		k, err := keeperOf(r, c)
		if err != nil {
			return err
		}
		all, err := r.SavedViews().List()
		all = slices.DeleteFunc(all, func(v desk.SavedView) bool { return !k.seesView(v) })
		list = rest.NewItems(rest.Views(all, k.savedView))
		return err
	})
	return list, err
}

func (a *API) postSavedView(ctx context.Context, in *postSavedView) (SavedView, error) {
	repeat := rest.From(ctx).Repeat
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (out SavedView, err error) {
		k, err := keeperOf(tx, c)
		if err != nil {
			return out, err
		}
		id := tx.NewID()
		v, err := in.Body.view(k, desk.SavedView{ID: id, Place: int64(id), CreatedAt: tx.Now()}) // ids grow: it goes to the end
		if err != nil {
			return out, err
		}
		before, seen, err := account.Once(tx, c.Account(), "saved_view", repeat, v.ID)
		if err != nil {
			return out, err
		}
		if seen {
			v, err = tx.SavedViews().Get(before)
			return k.savedView(v), err
		}
		if err := hasRoom(tx, v); err != nil {
			return out, err
		}
		return keepSavedView(tx, k, v)
	})
}

// hasRoom refuses one view too many: of a member's own, or of those that are shared.
func hasRoom(tx store.Tx, v desk.SavedView) error {
	all, err := tx.SavedViews().List()
	if err != nil {
		return err
	}
	beside := 0
	for _, other := range all {
		if other.Owner == v.Owner && other.ID != v.ID {
			beside++
		}
	}
	if beside >= desk.MaxSavedViews {
		return desk.Errorf(desk.KindConflict, "saved_views_full", "there are %d views already", beside)
	}
	return nil
}

func keepSavedView(tx store.Tx, k keeper, v desk.SavedView) (SavedView, error) {
	if v.TeamID != 0 {
		if _, err := tx.Teams().Get(v.TeamID); err != nil {
			return SavedView{}, err
		}
	}
	v.UpdatedAt = tx.Now()
	v.Version++
	savedViewChanged(tx, k.Caller, v)
	return k.savedView(v), tx.WriteSavedViews().Put(v)
}

func savedViewChanged(tx store.Tx, c *rest.Caller, v desk.SavedView) {
	tx.Emit(desk.Event{Kind: desk.EventSavedViewChanged, At: tx.Now(), Actor: c.Account().By, SubjectID: v.ID, UserID: v.Owner})
}

// savedViewOf reads a view that the caller may change; one that is not even theirs to see is not there.
func savedViewOf(tx store.Tx, k keeper, id desk.ID) (desk.SavedView, error) {
	v, err := tx.SavedViews().Get(id)
	if err != nil {
		return v, err
	}
	if !k.seesView(v) {
		return v, desk.NotFound("saved_view")
	}
	return v, k.mayView(v)
}

func (a *API) putSavedView(ctx context.Context, in *putSavedView) (SavedView, error) {
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (out SavedView, err error) {
		k, err := keeperOf(tx, c)
		if err != nil {
			return out, err
		}
		was, err := savedViewOf(tx, k, in.ID)
		if err != nil {
			return out, err
		}
		if was.Version != in.Body.Version {
			conflict := desk.Errorf(desk.KindConflict, "edited_meanwhile", "the view is at version %d, not %d", was.Version, in.Body.Version)
			return out, rest.WithCurrent(conflict, k.savedView(was))
		}
		v, err := in.Body.view(k, was)
		if err != nil {
			return out, err
		}
		if was.Owner != v.Owner { // it becomes its changer's own, or everybody's: others hear of it too
			if err := hasRoom(tx, v); err != nil {
				return out, err
			}
			savedViewChanged(tx, c, was)
		}
		return keepSavedView(tx, k, v)
	})
}

func (a *API) deleteSavedView(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return rest.None{}, a.write(ctx, func(tx store.Tx, c *rest.Caller) error {
		k, err := keeperOf(tx, c)
		if err != nil {
			return err
		}
		v, err := savedViewOf(tx, k, in.ID)
		if err != nil {
			return err
		}
		savedViewChanged(tx, c, v)
		return tx.WriteSavedViews().Delete(in.ID)
	})
}

func (a *API) orderSavedViews(ctx context.Context, in *orderSavedViews) (rest.None, error) {
	return rest.None{}, a.write(ctx, func(tx store.Tx, c *rest.Caller) error {
		k, err := keeperOf(tx, c)
		if err != nil {
			return err
		}
		views := make([]desk.SavedView, len(in.Body.IDs))
		places := make([]int64, len(views))
		for i, id := range in.Body.IDs {
			if views[i], err = savedViewOf(tx, k, id); err != nil {
				return err
			}
			places[i] = views[i].Place
		}
		slices.Sort(places) // they share out the places they have
		for i, v := range views {
			if v.Place == places[i] {
				continue
			}
			v.Place = places[i]
			savedViewChanged(tx, c, v)
			if err := tx.WriteSavedViews().Put(v); err != nil {
				return err
			}
		}
		return nil
	})
}
