package outbox

import (
	"context"
	"strings"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// Preview is a message as the customer will see it.
type Preview struct {
	Pieces []Piece
	Notice string // the line that tells how to opt out, where it will be added to the first piece (B2.3)
}

// Piece is one provider message.
type Piece struct {
	Parts    []desk.Part
	Segments *desk.Segments // of its text, where the channel is billed by them (B5.6)
}

// Preview composes a message of a conversation as it would be sent now, and sends nothing.
func (r *Runner) Preview(ctx context.Context, workspace desk.ID, m desk.Message) (Preview, error) {
	d := &dispatch{message: m}
	d.WorkspaceID, d.Delivery.ConversationID = workspace, m.ConversationID
	err := r.Store.View(ctx, workspace, func(reader store.Reader) error {
		c, err := reader.Conversations().Get(m.ConversationID)
		if err != nil {
			return err
		}
		d.Delivery.ChannelID = c.ChannelID
		refusal, err := r.read(reader, d)
		if refusal != nil {
			return refusal.Err
		}
		return err
	})
	if err != nil {
		return Preview{}, err
	}
	pieces := channel.PiecesOf(d.spec.Capabilities, m)
	shown := Preview{Notice: d.notice}
	for i := range pieces {
		d.Delivery.Part = i
		if refusal := r.composeOf(d, pieces); refusal != nil {
			d.out = channel.Outgoing{Parts: pieces[i]} // it will be refused on its way out, and shown as it is
		}
		shown.Pieces = append(shown.Pieces, d.piece())
	}
	return shown, nil
}

// piece is what was composed as it will look.
func (d *dispatch) piece() Piece {
	p := Piece{Parts: channel.PreviewOf(d.connector, d.account, d.out)}
	if d.spec.Capabilities.Segments {
		var text strings.Builder
		for _, part := range p.Parts {
			text.WriteString(part.Text)
		}
		segments := desk.CountSegments(text.String())
		p.Segments = &segments
	}
	return p
}
