package agent

import (
	"context"

	"madoguchi/api/rest"
	"madoguchi/desk"
	"madoguchi/view"
)

type previewMessage struct {
	rest.ByID
	Body struct {
		Parts []view.Part `json:"parts" minItems:"1" maxItems:"20" doc:"As of a reply"`
	}
}

// messagePreview is a reply as the customer will see it.
type messagePreview struct {
	Pieces []messagePiece `json:"pieces" doc:"In order; each is one message of the provider's"`
	Notice string         `json:"notice,omitempty" doc:"The line that tells how to opt out, where the first piece gets it"`
}

// messagePiece is one message of the provider's.
type messagePiece struct {
	Parts    []view.Part    `json:"parts" doc:"With the texts as they are written for the channel and the formatting that shows there"`
	Segments *desk.Segments `json:"segments,omitempty" doc:"Where the channel is billed by them"`
}

func (a *API) previewMessage(ctx context.Context, in *previewMessage) (p messagePreview, err error) {
	by := rest.CallerOf(ctx).Inbox()
	m, err := a.Inbox.Compose(ctx, by, in.ID, view.DeskParts(in.Body.Parts))
	if err != nil {
		return p, err
	}
	shown, err := a.Preview(ctx, by.Workspace, m)
	if err != nil {
		return p, err
	}
	p.Notice, p.Pieces = shown.Notice, make([]messagePiece, 0, len(shown.Pieces))
	for _, piece := range shown.Pieces {
		p.Pieces = append(p.Pieces, messagePiece{Parts: view.PartsOf(piece.Parts, view.MemberLinks()), Segments: piece.Segments})
	}
	return p, nil
}
