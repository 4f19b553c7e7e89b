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

func viewShelf() shelf[desk.SavedView, SavedView] {
	s := shelf[desk.SavedView, SavedView]{
		kind:    "saved_view",
		records: func(r store.Reader) records[desk.SavedView] { return r.SavedViews() },
		rule:    auth.MayKeepSavedView,
		version: func(v desk.SavedView) int64 { return v.Version },
	}
	s.view = func(_ store.Reader, k keeper, v desk.SavedView) (SavedView, error) {
		return SavedView{
			ID: v.ID, Audience: v.Audience, TeamID: v.TeamID, Name: v.Name, Icon: v.Icon, Color: v.Color, Filter: v.Filter,
			Sort: cmp.Or(v.Sort, string(store.SortActivity)), Mine: s.may(k, v) == nil, Version: v.Version,
		}, nil
	}
	return s
}

// keepSavedView puts what a request says in a view's place.
func keepSavedView(tx store.Tx, k keeper, was desk.SavedView, b SavedViewBody) (desk.SavedView, error) {
	v := was
	v.Ownership, v.Name, v.Icon, v.Color = k.ownership(b.Audience, b.TeamID), desk.CleanName(b.Name), cmp.Or(b.Icon, desk.SavedViewIcons()[0]), b.Color
	v.Filter, v.Sort = b.Filter, b.Sort
	if err := v.Check(); err != nil {
		return v, err
	}
	if err := viewShelf().may(k, v); err != nil {
		return v, err
	}
	if isNew, moved := was.Version == 0, was.Owner != v.Owner; isNew || moved {
		if err := hasRoom(tx, v); err != nil {
			return v, err
		}
		if !isNew { // it becomes its changer's own, or everybody's: others hear of it too
			savedViewChanged(tx, k.Caller, was)
		}
	}
	if err := hasTeam(tx, v.Ownership); err != nil {
		return v, err
	}
	v.UpdatedAt = tx.Now()
	v.Version++
	savedViewChanged(tx, k.Caller, v)
	return v, tx.WriteSavedViews().Put(v)
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

func savedViewChanged(tx store.Tx, c *rest.Caller, v desk.SavedView) {
	tx.Emit(desk.Event{Kind: desk.EventSavedViewChanged, At: tx.Now(), Actor: c.Account().By, SubjectID: v.ID, UserID: v.Owner})
}

func (a *API) listSavedViews(ctx context.Context, _ *struct{}) (rest.Items[SavedView], error) {
	return viewShelf().list(ctx, a)
}

func (a *API) postSavedView(ctx context.Context, in *postSavedView) (SavedView, error) {
	return viewShelf().add(ctx, a, func(tx store.Tx, k keeper, id desk.ID) (desk.SavedView, error) {
		v := desk.SavedView{ID: id, Place: int64(id), CreatedAt: tx.Now()} // ids grow: it goes to the end
		return keepSavedView(tx, k, v, in.Body)
	})
}

func (a *API) putSavedView(ctx context.Context, in *putSavedView) (SavedView, error) {
	return viewShelf().replace(ctx, a, in.ID, in.Body.Version, func(tx store.Tx, k keeper, was desk.SavedView) (desk.SavedView, error) {
		return keepSavedView(tx, k, was, in.Body.SavedViewBody)
	})
}

func (a *API) deleteSavedView(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return viewShelf().remove(ctx, a, in.ID, func(tx store.Tx, k keeper, v desk.SavedView) error {
		savedViewChanged(tx, k.Caller, v)
		return tx.WriteSavedViews().Delete(v.ID)
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
			if views[i], err = viewShelf().mine(tx, k, id); err != nil {
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
