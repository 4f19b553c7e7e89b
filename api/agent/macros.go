package agent

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/view"
)

type runMacro struct {
	ID    desk.ID `path:"id"`
	Macro desk.ID `path:"macro_id"`
	Body  struct {
		ClientID string `json:"client_id,omitempty" maxLength:"64" doc:"Minted by the client; the same one again is done once. Idempotency-Key serves as well."`
	}
}

type previewMacro struct {
	ID    desk.ID `path:"id"`
	Macro desk.ID `path:"macro_id"`
}

// macroStep is one action as a macro would do it.
type macroStep struct {
	Kind    desk.ActionKind `json:"kind"`
	Action  desk.Action     `json:"action"`
	Text    string          `json:"text,omitempty" doc:"What it writes, variables filled"`
	Refused *rest.Problem   `json:"refused,omitempty" doc:"Why it cannot be done now, and so nothing is: the last step then"`
}

func (a *API) macros(api huma.API) {
	rest.Add(api, rest.Op{ID: "run-macro", Method: http.MethodPost, Path: "/conversations/{id}/macros/{macro_id}", Tag: "Macros",
		Summary: "Do everything that a macro says, or nothing", Can: auth.ConversationReply, Status: http.StatusOK, Idempotent: true,
		Description: "The problem's field is actions.<n>: the one that could not be done."}, a.runMacro)
	rest.Add(api, rest.Op{ID: "preview-macro", Method: http.MethodPost, Path: "/conversations/{id}/macros/{macro_id}/preview", Tag: "Macros",
		Summary: "What a macro would do now; nothing is kept", Can: auth.ConversationReply, Status: http.StatusOK}, a.previewMacro)
}

// macroRun is a macro as the caller may run it.
func macroRun(c *rest.Caller, macro desk.ID, key string) inbox.MacroRun {
	return inbox.MacroRun{Macro: macro, Key: key, May: func(action desk.Action, t desk.Ticket) error {
		return auth.MayAct(action, t, c.User(), c.Can)
	}}
}

func (a *API) runMacro(ctx context.Context, in *runMacro) (view.Row, error) {
	key := in.Body.ClientID
	if key == "" {
		key = rest.From(ctx).Repeat
	}
	c := rest.CallerOf(ctx)
	row, err := a.Inbox.RunMacro(ctx, c.Inbox(), in.ID, macroRun(c, in.Macro, key))
	return a.rowAfter(ctx, row, err)
}

func (a *API) previewMacro(ctx context.Context, in *previewMacro) (list rest.Items[macroStep], err error) {
	c := rest.CallerOf(ctx)
	steps, err := a.Inbox.PreviewMacro(ctx, c.Inbox(), in.ID, macroRun(c, in.Macro, ""))
	if err != nil {
		return list, err
	}
	return rest.NewItems(rest.Views(steps, func(s inbox.MacroStep) macroStep {
		out := macroStep{Kind: s.Action.Kind, Action: s.Action, Text: s.Text}
		if s.Err != nil {
			out.Refused = rest.ProblemOf(rest.From(ctx), s.Err)
		}
		return out
	})), nil
}
