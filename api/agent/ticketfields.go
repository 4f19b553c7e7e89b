package agent

import (
	"context"

	"madoguchi/api/rest"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

type editTicketFields struct {
	rest.ByID
	Body struct {
		Fields  map[string]*string `json:"fields" maxProperties:"100" doc:"Only the fields named change; null deletes one"`
		Version int64              `json:"version" minimum:"1" doc:"The ticket's version that was seen"`
	}
}

func (a *API) getTicket(ctx context.Context, in *rest.ByID) (out view.Ticket, err error) {
	err = a.read(ctx, func(r store.Reader, _ *rest.Caller) error {
		t, err := r.Tickets().Get(in.ID)
		if err != nil {
			return err
		}
		out, err = view.TicketWhole(r, t)
		return err
	})
	return out, err
}

func (a *API) editTicketFields(ctx context.Context, in *editTicketFields) (view.Ticket, error) {
	_, err := a.Inbox.EditTicketFields(ctx, rest.CallerOf(ctx).Inbox(), in.ID, in.Body.Fields, in.Body.Version)
	if desk.CodeOf(err) == "edited_meanwhile" {
		current, readErr := a.getTicket(ctx, &in.ByID)
		if readErr != nil {
			return view.Ticket{}, readErr
		}
		return view.Ticket{}, rest.WithCurrent(err, current)
	}
	if err != nil {
		return view.Ticket{}, err
	}
	return a.getTicket(ctx, &in.ByID)
}

func (a *API) deleteTicket(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return rest.None{}, a.Inbox.DeleteTicket(ctx, rest.CallerOf(ctx).Inbox(), in.ID)
}
