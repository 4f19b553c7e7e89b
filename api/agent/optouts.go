package agent

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/inbox"
	"madoguchi/view"
)

type optInConversation struct {
	rest.ByID
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"500"`
	}
}

func (a *API) optOuts(api huma.API) {
	rest.Add(api, rest.Op{ID: "opt-out-conversation", Method: http.MethodPost, Path: "/conversations/{id}/opt-out", Tag: "Conversations",
		Summary: "Write down that the customer wants no more messages", Can: auth.ConversationReply, Status: http.StatusOK,
		Description: "Said in other words than a keyword, or elsewhere. Closes the open case; 409 opt_out_unsupported on channels without opt-out."},
		a.ticketCommand((*inbox.Service).OptOut))
	rest.Add(api, rest.Op{ID: "dismiss-opt-out", Method: http.MethodPost, Path: "/conversations/{id}/opt-out/dismiss", Tag: "Conversations",
		Summary: "Decide that a suspected opt-out was none", Can: auth.ConversationReply, Status: http.StatusOK},
		a.ticketCommand((*inbox.Service).DismissOptOut))
	rest.Add(api, rest.Op{ID: "opt-in-conversation", Method: http.MethodPost, Path: "/conversations/{id}/opt-in", Tag: "Conversations",
		Summary: "Take back an opt-out that a member wrote down by mistake, or a stop of e-mails about unread replies", Can: auth.ConversationReply, Status: http.StatusOK, PersonOnly: true,
		Description: "409 opt_out_theirs for one that the customer said or their provider told: they take it back themselves."}, a.optIn)
}

func (a *API) optIn(ctx context.Context, in *optInConversation) (view.Row, error) {
	c, err := a.Inbox.OptIn(ctx, rest.CallerOf(ctx).Inbox(), in.ID, in.Body.Reason)
	return a.rowAfter(ctx, c, err)
}
