package agent

import (
	"context"

	"madoguchi/api/rest"
	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/view"
)

type mergeTicket struct {
	rest.ByID
	Body struct {
		IntoID desk.ID `json:"into_id" minimum:"1" doc:"The case that goes on"`
	}
}

type splitTicket struct {
	rest.ByID
	Body struct {
		FromSeq int64 `json:"from_seq" minimum:"1" doc:"The first message that goes"`
		ToSeq   int64 `json:"to_seq,omitempty" minimum:"0" doc:"The last one, 0 = to the end"`
	}
}

func (a *API) mergeTicket(ctx context.Context, in *mergeTicket) (view.Row, error) {
	c, err := a.Inbox.Merge(ctx, rest.CallerOf(ctx).Inbox(), in.ID, in.Body.IntoID)
	return a.rowAfter(ctx, c, err)
}

func (a *API) splitTicket(ctx context.Context, in *splitTicket) (view.Row, error) {
	c, err := a.Inbox.Split(ctx, rest.CallerOf(ctx).Inbox(), in.ID, inbox.Range{From: in.Body.FromSeq, To: in.Body.ToSeq})
	return a.rowAfter(ctx, c, err)
}
