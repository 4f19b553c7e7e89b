package agent

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

type blockIdentity struct {
	rest.ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
		Spam   bool   `json:"spam,omitempty" doc:"Also close the open case as spam"`
	}
}

func (a *API) blocks(api huma.API) {
	rest.Add(api, rest.Op{ID: "block-identity", Method: http.MethodPost, Path: "/identities/{id}/block", Tag: "Contacts",
		Summary: "Shut somebody out", Can: auth.IdentityBlock, Status: http.StatusOK,
		Description: "What they write from now on is kept hidden for 30 days, makes no case and tells nobody. They notice nothing."}, a.blockIdentity)
	rest.Add(api, rest.Op{ID: "unblock-identity", Method: http.MethodPost, Path: "/identities/{id}/unblock", Tag: "Contacts",
		Summary: "Let somebody in again, from now on", Can: auth.IdentityBlock, Status: http.StatusOK}, a.unblockIdentity)
	rest.Add(api, rest.Op{ID: "list-held-messages", Method: http.MethodGet, Path: "/contacts/{id}/held-messages", Tag: "Contacts",
		Summary: "What a blocked customer wrote, newest first", Can: auth.IdentityBlock}, a.listHeld)
}

func (a *API) blockIdentity(ctx context.Context, in *blockIdentity) (view.Contact, error) {
	i, err := a.Inbox.Block(ctx, rest.CallerOf(ctx).Inbox(), in.ID, in.Body.Reason, in.Body.Spam)
	if err != nil {
		return view.Contact{}, err
	}
	return a.contact(ctx, i.ContactID)
}

func (a *API) unblockIdentity(ctx context.Context, in *rest.ByID) (view.Contact, error) {
	i, err := a.Inbox.Unblock(ctx, rest.CallerOf(ctx).Inbox(), in.ID)
	if err != nil {
		return view.Contact{}, err
	}
	return a.contact(ctx, i.ContactID)
}

func (a *API) listHeld(ctx context.Context, in *rest.ByID) (rest.Items[view.HeldMessage], error) {
	return ofContact(ctx, a, in.ID, func(r store.Reader, _ *rest.Caller) (rest.Items[view.HeldMessage], error) {
		held, err := r.Contacts().HeldOfContact(in.ID, desk.MaxHeldShown)
		links := view.MemberLinks()
		return rest.NewItems(rest.Views(held, func(m desk.HeldMessage) view.HeldMessage { return view.HeldMessageOf(m, links) })), err
	})
}
