package agent

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/assign"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

type availabilityChoice struct {
	Availability desk.Availability `json:"availability,omitempty" enum:"online,transfer_only,away,offline" doc:"Required without custom_id"`
	CustomID     desk.ID           `json:"custom_id,omitempty" minimum:"0" doc:"A status of the workspace's own, which says what it means"`
}

type putAvailability struct {
	Body availabilityChoice
}

type putMemberAvailability struct {
	UserID desk.ID `path:"user_id" minimum:"1"`
	Body   availabilityChoice
}

func (a *API) availability(api huma.API) {
	rest.Add(api, rest.Op{ID: "put-availability", Method: http.MethodPut, Path: "/availability", Tag: "Session",
		Summary: "Say whether I take work", Can: rest.SignedIn, PersonOnly: true}, a.putAvailability)
	rest.Add(api, rest.Op{ID: "put-member-availability", Method: http.MethodPut, Path: "/members/{user_id}/availability", Tag: "Members",
		Summary: "Say whether a colleague takes work (E23)", Can: auth.ConversationMonitor}, a.putMemberAvailability)
	rest.Add(api, rest.Op{ID: "list-offers", Method: http.MethodGet, Path: "/offers", Tag: "Tickets",
		Summary: "Tickets that I am asked to take (E12)", Can: auth.TicketTake, PersonOnly: true}, a.listOffers)
	rest.Add(api, rest.Op{ID: "accept-offer", Method: http.MethodPost, Path: "/offers/{id}/accept", Tag: "Tickets",
		Summary: "Take a ticket that I was asked to (409 offer_over when it is too late)", Can: auth.TicketTake, PersonOnly: true}, a.acceptOffer)
	rest.Add(api, rest.Op{ID: "decline-offer", Method: http.MethodPost, Path: "/offers/{id}/decline", Tag: "Tickets",
		Summary: "Do not take it; I am not asked about it again", Can: auth.TicketTake, PersonOnly: true}, a.declineOffer)
}

func (a *API) putAvailability(ctx context.Context, in *putAvailability) (rest.None, error) {
	c := rest.CallerOf(ctx)
	return rest.None{}, a.Assign.SetAvailability(ctx, c.Workspace().ID, c.Account().By, c.User(), assign.Choice(in.Body), nil)
}

// oversees answers not_found for a member whom the caller's board does not show: with a scope, who shares no team with them (J2).
func oversees(r store.Reader, c *rest.Caller, member desk.ID) error {
	if c.Scope() == desk.ScopeAll || c.Scope() == "" || member == c.User() {
		return nil
	}
	mine, err := r.Teams().Of(c.User())
	if err != nil {
		return err
	}
	theirs, err := r.Teams().Of(member)
	if err == nil && !slices.ContainsFunc(theirs, func(team desk.ID) bool { return slices.Contains(mine, team) }) {
		err = desk.NotFound("member")
	}
	return err
}

func (a *API) putMemberAvailability(ctx context.Context, in *putMemberAvailability) (rest.None, error) {
	c := rest.CallerOf(ctx)
	may := func(r store.Reader) error { return oversees(r, c, in.UserID) }
	return rest.None{}, a.Assign.SetAvailability(ctx, c.Workspace().ID, c.Account().By, in.UserID, assign.Choice(in.Body), may)
}

func (a *API) listOffers(ctx context.Context, _ *struct{}) (list rest.Items[view.Offer], err error) {
	err = a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		all, err := r.Routing().Offers()
		if err != nil {
			return err
		}
		var mine []desk.Offer
		for _, o := range all {
			if o.UserID == c.User() && o.Open(a.now()) {
				mine = append(mine, o)
			}
		}
		list = rest.NewItems(rest.Views(mine, view.OfferOf))
		return nil
	})
	return list, err
}

func (a *API) acceptOffer(ctx context.Context, in *rest.ByID) (view.Row, error) {
	c := rest.CallerOf(ctx)
	conversation, err := a.Assign.Accept(ctx, c.Workspace().ID, c.Signed.Member, in.ID)
	if err != nil {
		return view.Row{}, err
	}
	return a.row(ctx, conversation)
}

func (a *API) declineOffer(ctx context.Context, in *rest.ByID) (rest.None, error) {
	c := rest.CallerOf(ctx)
	return rest.None{}, a.Assign.Decline(ctx, c.Workspace().ID, c.Signed.Member, in.ID)
}
