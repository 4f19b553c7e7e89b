package agent

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

type lookAtLink struct {
	rest.ByID
	Body struct {
		URL string `json:"url" minLength:"1" maxLength:"2048" doc:"A link of the message, as it stands there"`
	}
}

// LinkPreview is what a page says of itself.
type LinkPreview struct {
	URL     string           `json:"url"`
	Title   string           `json:"title" doc:"Plain text, at most 200 characters; empty with a failure"`
	Text    string           `json:"text" doc:"Plain text, at most 400 characters"`
	Failure desk.LinkFailure `json:"failure" enum:",forbidden,unreachable,no_page" doc:"Empty if there is a preview; forbidden: it leads to no address of the public internet"`
}

func (a *API) linkPreviews(api huma.API) {
	rest.Add(api, rest.Op{ID: "preview-link", Method: http.MethodPost, Path: "/messages/{id}/link-preview", Tag: "Messages",
		Summary: "Title and description of a page that a message links to", Can: auth.ConversationRead,
		Description: "The server fetches it: at most 512 KB in 5 seconds, from the public internet only, and remembers it for a day. 422 link_unknown for an address that is not in the message."}, a.previewLink)
}

func (a *API) previewLink(ctx context.Context, in *lookAtLink) (out LinkPreview, err error) {
	var message desk.Message
	err = a.read(ctx, func(r store.Reader, _ *rest.Caller) (err error) {
		message, err = r.Messages().Get(in.ID)
		return err
	})
	if err != nil {
		return out, err
	}
	v, err := a.Links.Look(ctx, rest.CallerOf(ctx).Workspace().ID, message, in.Body.URL)
	return LinkPreview{URL: v.URL, Title: v.Title, Text: v.Text, Failure: v.Failure}, err
}
