package outbox

import (
	"context"
	"fmt"
	"io"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
)

// dispatch is everything about one leased delivery.
type dispatch struct {
	store.Leased
	connector channel.Connector
	spec      channel.Spec
	account   channel.Account
	identity  desk.Identity
	message   desk.Message
	replyTo   desk.ExternalID
	quoteRef  string // of the same message
	notice    string // tells how to opt out, "" where nothing has to (B2.3)
	out       channel.Outgoing
	fault     *channel.Fault // the provider's, of this attempt
}

// prepare reads what a send needs. The fault says that there is nothing to send any more.
func (r *Runner) prepare(ctx context.Context, l store.Leased) (*dispatch, *channel.Fault, error) {
	d := &dispatch{Leased: l}
	var refusal *channel.Fault
	err := r.Store.View(ctx, l.WorkspaceID, func(reader store.Reader) (err error) {
		if d.message, err = reader.Messages().Get(l.Delivery.MessageID); err != nil {
			return fmt.Errorf("read message: %w", err)
		}
		refusal, err = r.read(reader, d)
		return err
	})
	if err != nil || refusal != nil {
		return d, refusal, err
	}
	if d.account.Secrets, err = r.Secrets(l.WorkspaceID, d.account.Channel); err != nil {
		return d, refuse(channel.ActConfig, "secrets_unreadable", err), nil
	}
	d.account.Client, d.account.Now = r.Client, r.Now
	if r.BaseURL != nil {
		d.account.BaseURL = r.BaseURL(d.spec.Kind)
	}
	return d, r.compose(d), nil
}

// read fills in what lies in the store about where the message goes.
func (r *Runner) read(reader store.Reader, d *dispatch) (*channel.Fault, error) {
	c, err := reader.Conversations().Get(d.Delivery.ConversationID)
	if err != nil {
		return nil, fmt.Errorf("read conversation: %w", err)
	}
	if d.identity, err = reader.Contacts().Identity(c.IdentityID); err != nil {
		return nil, fmt.Errorf("read identity: %w", err)
	}
	if d.account.Channel, err = reader.Channels().Get(d.Delivery.ChannelID); err != nil {
		return nil, fmt.Errorf("read channel: %w", err)
	}
	if d.connector, err = r.Channels.Get(d.account.Channel.Kind); err != nil {
		return refuse(channel.ActConfig, "channel_kind_unknown", err), nil
	}
	d.spec = d.connector.Spec()
	if err := d.readReplyTo(reader); err != nil {
		return nil, err
	}
	return nil, d.readNotice(reader, c.ContactID)
}

// readReplyTo finds the customer's message that this one answers; one that is gone is not answered by name.
func (d *dispatch) readReplyTo(reader store.Reader) error {
	if !d.spec.Capabilities.ReplyTo || d.message.ReplyToID == 0 || d.Delivery.Part > 0 {
		return nil
	}
	answered, err := reader.Messages().Get(d.message.ReplyToID)
	switch {
	case desk.KindOf(err) == desk.KindNotFound:
		return nil
	case err != nil:
		return fmt.Errorf("read the message that is answered: %w", err)
	}
	if answered.Author.Kind.Inbound() && answered.DeletedAt.IsZero() {
		d.replyTo, d.quoteRef = desk.ExternalID(answered.ExternalID), answered.QuoteRef
	}
	return nil
}

// readNotice chooses the line that tells how to opt out, in the contact's language, where a first message lacks it.
func (d *dispatch) readNotice(reader store.Reader, contact desk.ID) error {
	first := d.identity.Standing.FirstOutAt.IsZero() && d.Delivery.Part == 0
	if !d.spec.Capabilities.OptOut || !first || d.message.Purpose == desk.PurposeOptOut {
		return nil
	}
	w, err := reader.Workspaces().Current()
	if err != nil {
		return fmt.Errorf("read workspace: %w", err)
	}
	if desk.TellsOptOut(d.message.Text(), w.Keywords()) {
		return nil
	}
	language := w.Locale
	if c, err := reader.Contacts().Get(contact); err == nil && c.Locale != "" {
		language = locale.Choose(c.Locale)
	}
	d.notice = locale.Text(language, locale.OptOutNotice, nil)
	return nil
}

// compose makes the message as its connector gets it.
func (r *Runner) compose(d *dispatch) *channel.Fault {
	return r.composeOf(d, channel.PiecesOf(d.spec.Capabilities, d.message))
}

func (r *Runner) composeOf(d *dispatch, pieces [][]desk.Part) *channel.Fault {
	if d.Delivery.Part >= len(pieces) {
		return refuse(channel.ActFail, "part_missing", fmt.Errorf("part %d of %d", d.Delivery.Part, len(pieces)))
	}
	key := d.Delivery.Key
	if key == "" {
		key = desk.DeliveryKey(d.Delivery.ID, d.Delivery.Part)
	}
	parts, fault := r.withLinks(d, pieces[d.Delivery.Part])
	if fault != nil {
		return fault
	}
	if d.notice != "" && d.Delivery.Part == 0 {
		parts = withNotice(parts, d.notice)
	}
	d.out = channel.Outgoing{
		To: channel.Peer{
			Scope: d.identity.Scope, ExternalID: d.identity.ExternalID, Alias: d.identity.Alias, Name: d.identity.Name,
		},
		Parts: parts, Key: key, Delivery: d.Delivery.ID, Attempt: d.Delivery.Attempts, ReplyTo: d.replyTo, QuoteRef: d.quoteRef, Files: r.files(d, parts),
	}
	if d.message.Template != nil {
		d.out.Template, d.out.Parts = d.message.Template, nil
	}
	return nil
}

// linkOpensFor is how long customers may open a file that went as a link (B5.1).
const linkOpensFor = 7 * 24 * time.Hour

// withLinks writes the addresses of the files that go as links into a piece.
func (r *Runner) withLinks(d *dispatch, piece []desk.Part) ([]desk.Part, *channel.Fault) {
	var fault *channel.Fault
	parts := channel.WithLinks(piece, func(a desk.Attachment) string {
		link := ""
		if r.Link != nil {
			link, _ = r.Link(d.spec.Kind, d.WorkspaceID, a, r.Now().Add(linkOpensFor))
		}
		if link == "" {
			fault = refuse(channel.ActConfig, "no_public_address", desk.Errorf(desk.KindConflict, "no_public_address", "a file goes as a link, and the server has no public address"))
		}
		return link
	})
	return parts, fault
}

// withNotice appends a line to a piece's text, or puts it before a piece of files; Split left room for it.
func withNotice(parts []desk.Part, line string) []desk.Part {
	first := parts[0]
	if first.Kind != desk.PartText && first.Kind != desk.PartChoices {
		return append([]desk.Part{{Kind: desk.PartText, Text: line}}, parts...)
	}
	first.Text += "\n" + line
	return append([]desk.Part{first}, parts[1:]...)
}

// defaultLinkFor is how long a link to a file opens where the channel does not say.
const defaultLinkFor = 24 * time.Hour

// files are the attachments of some parts on their way out.
func (r *Runner) files(d *dispatch, parts []desk.Part) map[desk.ID]channel.File {
	var files map[desk.ID]channel.File
	for _, p := range parts {
		if p.Attachment == nil {
			continue
		}
		if files == nil {
			files = map[desk.ID]channel.File{}
		}
		files[p.AttachmentID] = r.file(d, *p.Attachment)
	}
	return files
}

func (r *Runner) file(d *dispatch, a desk.Attachment) channel.File {
	f := channel.File{Attachment: a, Open: func(ctx context.Context) (io.ReadCloser, error) {
		content, _, err := r.Blobs.Open(ctx, d.WorkspaceID, a.Key)
		return content, err
	}}
	if r.Link != nil {
		life := d.spec.LinkFor
		if life <= 0 {
			life = defaultLinkFor
		}
		f.Link, f.Preview = r.Link(d.spec.Kind, d.WorkspaceID, a, r.Now().Add(life))
	}
	return f
}
