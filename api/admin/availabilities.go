package admin

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

type customAvailabilityBody struct {
	Name      string            `json:"name" minLength:"1" maxLength:"40"`
	Means     desk.Availability `json:"means" enum:"online,transfer_only,away,offline"`
	Reassigns bool              `json:"reassigns,omitempty" doc:"Whoever chooses it gives back at once what customers wait for (E15)"`
	Position  int               `json:"position,omitempty" minimum:"0" maximum:"1000"`
}

type postCustomAvailability struct {
	Body customAvailabilityBody
}

type putCustomAvailability struct {
	rest.ByID
	Body customAvailabilityBody
}

func (a *API) availabilities(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-availabilities", Method: http.MethodGet, Path: "/availabilities", Tag: "Workspace",
		Summary: "The workspace's own statuses, each of which means one of the four (E8)", Can: rest.SignedIn}, a.listAvailabilities)
	rest.Add(api, rest.Op{ID: "post-availability", Method: http.MethodPost, Path: "/availabilities", Tag: "Workspace",
		Summary: "Make a status", Can: auth.WorkspaceManage, Status: http.StatusCreated, Idempotent: true}, a.postAvailability)
	rest.Add(api, rest.Op{ID: "put-custom-availability", Method: http.MethodPut, Path: "/availabilities/{id}", Tag: "Workspace",
		Summary: "Replace a status", Can: auth.WorkspaceManage}, a.putAvailability)
	rest.Add(api, rest.Op{ID: "delete-availability", Method: http.MethodDelete, Path: "/availabilities/{id}", Tag: "Workspace",
		Summary: "Delete a status; who chose it goes on with what it meant", Can: auth.WorkspaceManage}, a.deleteAvailability)
}

func (a *API) listAvailabilities(ctx context.Context, _ *struct{}) (rest.Items[view.CustomAvailability], error) {
	return listed(ctx, a, func(r store.Reader) ([]desk.CustomAvailability, error) { return r.Members().CustomAvailabilities() }, view.CustomAvailabilityOf)
}

func getAvailability(tx store.Tx, id desk.ID) (desk.CustomAvailability, error) {
	return tx.Members().CustomAvailability(id)
}

// replaceAvailability puts what a request says in a status's place. What it means for those who chose it before stays until they choose
// again.
func replaceAvailability(tx store.Tx, c *rest.Caller, v desk.CustomAvailability, b customAvailabilityBody) (desk.CustomAvailability, error) {
	v.Name, v.Means, v.Reassigns, v.Position = desk.CleanName(b.Name), b.Means, b.Reassigns, b.Position
	if v.Name == "" {
		return v, desk.Invalid("name", "name_missing", "a status has a name")
	}
	if v.Reassigns && v.Means == desk.Online {
		return v, desk.Invalid("reassigns", "reassigns_while_online", "whoever is online keeps their tickets")
	}
	changed(tx, c, desk.EventCustomAvailability, v.ID)
	return v, tx.WriteMembers().PutCustomAvailability(v)
}

func (a *API) postAvailability(ctx context.Context, in *postCustomAvailability) (view.CustomAvailability, error) {
	return once(ctx, a, "availability", getAvailability, view.CustomAvailabilityOf, func(tx store.Tx, c *rest.Caller, id desk.ID) (desk.CustomAvailability, error) {
		return replaceAvailability(tx, c, desk.CustomAvailability{ID: id, CreatedAt: tx.Now()}, in.Body)
	})
}

func (a *API) putAvailability(ctx context.Context, in *putCustomAvailability) (view.CustomAvailability, error) {
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (view.CustomAvailability, error) {
		v, err := tx.Members().CustomAvailability(in.ID)
		if err != nil {
			return view.CustomAvailability{}, err
		}
		v, err = replaceAvailability(tx, c, v, in.Body)
		return view.CustomAvailabilityOf(v), err
	})
}

func (a *API) deleteAvailability(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return rest.None{}, a.write(ctx, func(tx store.Tx, c *rest.Caller) error {
		if _, err := tx.Members().CustomAvailability(in.ID); err != nil {
			return err
		}
		changed(tx, c, desk.EventCustomAvailability, in.ID)
		return tx.WriteMembers().DeleteCustomAvailability(in.ID)
	})
}
