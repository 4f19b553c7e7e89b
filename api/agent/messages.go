package agent

import (
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/view"
)

type listMessages struct {
	rest.ByID
	Before int64   `query:"before" minimum:"0" doc:"Messages with a lower seq, the nearest ones; absent = the newest"`
	After  int64   `query:"after" minimum:"0" doc:"Messages with a higher seq, the nearest ones"`
	From   desk.ID `query:"from_ticket" minimum:"0" doc:"Messages from where this ticket of the conversation begins"`
	Limit  int     `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// messagePage is a piece of a thread.
type messagePage struct {
	Items []view.Message `json:"items" doc:"Oldest first"`
	More  bool           `json:"more" doc:"There are more in the direction asked for"`
}

type postMessage struct {
	rest.ByID
	Body struct {
		ClientID    string      `json:"client_id,omitempty" maxLength:"128" doc:"Minted by the client; the same one again gives the same message. Idempotency-Key serves as well."`
		Mode        string      `json:"mode" enum:"reply,note"`
		Whisper     bool        `json:"whisper,omitempty" doc:"With a note: it is for who has the case, and they are told at once; needs conversation.monitor. 409 nobody_to_whisper where nobody else has it."`
		Parts       []view.Part `json:"parts" minItems:"1" maxItems:"20"`
		AndThen     string      `json:"and_then,omitempty" enum:"resolve,snooze"`
		SnoozeUntil view.Time   `json:"snooze_until,omitzero" format:"date-time"`
		ReplyToID   desk.ID     `json:"reply_to_id,omitempty" minimum:"0" doc:"The customer's message of this conversation that a reply answers; it goes out where the channel can quote"`
	}
}

type postTemplateMessage struct {
	rest.ByID
	Body struct {
		ClientID    string              `json:"client_id,omitempty" maxLength:"128" doc:"As for a reply"`
		TemplateID  desk.ID             `json:"template_id" minimum:"1"`
		Variables   map[string]string   `json:"variables,omitempty" doc:"Of the header (header.1), the body (1 or a name) and the buttons (button.0)"`
		HeaderFile  desk.ID             `json:"header_file,omitempty" minimum:"0" doc:"An upload, where the header is an image, video or document"`
		HeaderPlace *desk.TemplatePlace `json:"header_place,omitempty" doc:"Where the header is a location"`
	}
}

func (a *API) messages(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-messages", Method: http.MethodGet, Path: "/conversations/{id}/messages",
		Tag: "Messages", Summary: "A piece of a thread", Can: auth.ConversationRead}, a.listMessages)
	rest.Add(api, rest.Op{ID: "get-message", Method: http.MethodGet, Path: "/messages/{id}", Tag: "Messages",
		Summary: "One message, wherever it stands in its thread", Can: auth.ConversationRead}, a.getMessage)
	rest.AddStatus(api, rest.Op{ID: "post-message", Method: http.MethodPost, Path: "/conversations/{id}/messages",
		Tag: "Messages", Summary: "Reply or note", Can: auth.ConversationReply, Status: http.StatusCreated, Idempotent: true,
		Description: "201 for a new message, 200 with the same message when client_id (or Idempotency-Key) was used before."}, a.postMessage)
	rest.Add(api, rest.Op{ID: "preview-message", Method: http.MethodPost, Path: "/conversations/{id}/preview",
		Tag: "Messages", Summary: "How a reply will look at the customer's", Can: auth.ConversationReply,
		Description: "Nothing is sent or kept. The reply is cut, written and completed as it would be on its way out."}, a.previewMessage)
	rest.AddStatus(api, rest.Op{ID: "post-template-message", Method: http.MethodPost, Path: "/conversations/{id}/template-messages",
		Tag: "Messages", Summary: "Send a template", Can: auth.TemplateSend, Status: http.StatusCreated, Idempotent: true,
		Description: "It goes where the window is closed, too. 201 for a new message, 200 with the same one when client_id was used before."}, a.postTemplateMessage)
	rest.Add(api, rest.Op{ID: "retry-message", Method: http.MethodPost, Path: "/messages/{id}/retry",
		Tag: "Messages", Summary: "Send a failed message again", Can: auth.ConversationReply}, a.messageCommand((*inbox.Service).Retry))
	rest.Add(api, rest.Op{ID: "message-arrived", Method: http.MethodPost, Path: "/messages/{id}/arrived",
		Tag: "Messages", Summary: "Say that a message whose fate is unknown arrived", Can: auth.ConversationReply,
		Description: "It counts as sent. 409 fate_known for any other, 403 ticket_of_colleague where somebody else has the case."}, a.messageCommand((*inbox.Service).Arrived))
	rest.Add(api, rest.Op{ID: "fetch-files", Method: http.MethodPost, Path: "/messages/{id}/fetch", Tag: "Messages",
		Summary: "Ask the provider again for a message's files that did not come", Can: auth.ConversationReply, Status: http.StatusOK,
		Description: "409 not_fetchable where none may still come."}, a.messageCommand((*inbox.Service).FetchAgain))
	rest.Add(api, rest.Op{ID: "put-reaction", Method: http.MethodPut, Path: "/messages/{id}/reaction",
		Tag: "Messages", Summary: "React to a customer's message", Can: auth.ConversationReply,
		Description: "The desk has one emoji on each; an empty one takes it back. 409 reaction_not_possible where the channel carries none."}, a.putReaction)
	rest.Add(api, rest.Op{ID: "delete-message", Method: http.MethodDelete, Path: "/messages/{id}", Tag: "Messages",
		Summary: "Take a message's words and files away", Can: auth.MessageDelete, Status: http.StatusOK,
		Description: "The message keeps its place. 409 message_on_its_way while it is being sent, message_immutable for a system line."}, a.messageCommand((*inbox.Service).DeleteMessage))
}

func (a *API) listMessages(ctx context.Context, in *listMessages) (page messagePage, err error) {
	if in.Before > 0 && in.After > 0 || in.From > 0 && in.Before+in.After > 0 {
		return page, desk.Invalid("after", "field_invalid", "before, after and from_ticket exclude each other")
	}
	err = a.watching(ctx, func(r store.Reader) (conversation desk.ID, err error) {
		found, err := in.read(r)
		if err != nil {
			return in.ID, err
		}
		if page.More = len(found) > in.Limit; page.More {
			found = found[:in.Limit]
		}
		if in.After == 0 && in.From == 0 {
			slices.Reverse(found)
		}
		page.Items, err = messageViews(r, found)
		return in.ID, err
	})
	return page, err
}

// read gives one message more than was asked for, if there is one, the nearest first. A ticket whose messages were all filed under
// another has no beginning.
func (in *listMessages) read(r store.Reader) ([]desk.Message, error) {
	switch {
	case in.From > 0:
		first, err := r.Messages().First(in.From)
		if desk.KindOf(err) == desk.KindNotFound || err == nil && first.ConversationID != in.ID {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		return r.Messages().After(in.ID, first.Seq-1, in.Limit+1)
	case in.After > 0:
		return r.Messages().After(in.ID, in.After, in.Limit+1)
	}
	return r.Messages().Before(in.ID, in.Before, in.Limit+1)
}

// watching reads what was said in a conversation, and notes it where that is reading along: nobody does so without a trace (J6).
func (a *API) watching(ctx context.Context, read func(store.Reader) (conversation desk.ID, err error)) error {
	var row desk.Conversation
	watches := false
	err := a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		conversation, err := read(r)
		if err != nil {
			return err
		}
		row, err = r.Conversations().Get(conversation)
		watches = c.Can(auth.ConversationMonitor) && row.Monitored(c.User())
		return err
	})
	if err != nil || !watches {
		return err
	}
	return a.Inbox.Monitored(ctx, rest.CallerOf(ctx).Inbox(), row.ID)
}

func messageViews(r store.Reader, messages []desk.Message) ([]view.Message, error) {
	faces, err := people(r)
	if err != nil {
		return nil, err
	}
	return rest.Views(messages, func(m desk.Message) view.Message { return view.MessageOf(m, faces, view.MemberLinks()) }), nil
}

// message answers a message as it is kept, attachments filled in.
func (a *API) message(ctx context.Context, id desk.ID) (m view.Message, err error) {
	err = a.readAll(ctx, func(r store.Reader, _ *rest.Caller) (err error) {
		m, err = messageView(r, id)
		return err
	})
	return m, err
}

func (a *API) getMessage(ctx context.Context, in *rest.ByID) (m view.Message, err error) {
	err = a.watching(ctx, func(r store.Reader) (conversation desk.ID, err error) {
		m, err = messageView(r, in.ID)
		return m.ConversationID, err
	})
	return m, err
}

func messageView(r store.Reader, id desk.ID) (view.Message, error) {
	found, err := r.Messages().Get(id)
	if err != nil {
		return view.Message{}, err
	}
	all, err := messageViews(r, []desk.Message{found})
	if err != nil {
		return view.Message{}, err
	}
	return all[0], nil
}

func (a *API) postMessage(ctx context.Context, in *postMessage) (view.Message, int, error) {
	client := in.Body.ClientID
	if client == "" {
		client = rest.From(ctx).Repeat
	}
	if err := mayWhisper(rest.CallerOf(ctx), in); err != nil {
		return view.Message{}, 0, err
	}
	m, created, err := a.Inbox.Write(ctx, rest.CallerOf(ctx).Inbox(), in.ID, inbox.NewMessage{
		ClientID: client, Mode: inbox.Mode(in.Body.Mode), Parts: view.DeskParts(in.Body.Parts), ReplyToID: in.Body.ReplyToID,
		Then: inbox.Then(in.Body.AndThen), SnoozeUntil: in.Body.SnoozeUntil.Time, Whisper: in.Body.Whisper,
	})
	return a.written(ctx, m, created, err)
}

// mayWhisper says whether the caller may write what is a whisper (J3); only notes are.
func mayWhisper(c *rest.Caller, in *postMessage) error {
	switch {
	case !in.Body.Whisper:
		return nil
	case in.Body.Mode != string(inbox.ModeNote):
		return desk.Invalid("whisper", "field_invalid", "a whisper is a note")
	case !c.Can(auth.ConversationMonitor):
		err := desk.Errorf(desk.KindForbidden, "forbidden", "whispering needs %s", auth.ConversationMonitor)
		err.Params = map[string]string{"permission": string(auth.ConversationMonitor)}
		return err
	}
	return nil
}

func (a *API) postTemplateMessage(ctx context.Context, in *postTemplateMessage) (view.Message, int, error) {
	b := in.Body
	if b.ClientID == "" {
		b.ClientID = rest.From(ctx).Repeat
	}
	m, created, err := a.Inbox.SendTemplate(ctx, rest.CallerOf(ctx).Inbox(), in.ID, inbox.TemplateMessage{
		ClientID: b.ClientID, Template: b.TemplateID, Variables: b.Variables, HeaderFile: b.HeaderFile, Place: b.HeaderPlace,
	})
	return a.written(ctx, m, created, err)
}

// written answers with a message of ours: 201 for a new one, 200 for one that was written before.
func (a *API) written(ctx context.Context, m desk.Message, created bool, err error) (view.Message, int, error) {
	if err != nil {
		return view.Message{}, 0, err
	}
	status := http.StatusCreated
	if !created {
		status = http.StatusOK
	}
	out, err := a.message(ctx, m.ID)
	return out, status, err
}

type putReaction struct {
	ID   desk.ID `path:"id"`
	Body struct {
		Emoji string `json:"emoji" maxLength:"64" doc:"One emoji, or empty"`
	}
}

func (a *API) putReaction(ctx context.Context, in *putReaction) (view.Message, error) {
	by := rest.CallerOf(ctx).Inbox()
	err := a.Inbox.React(ctx, by, in.ID, in.Body.Emoji, func(ctx context.Context, m desk.Message) error {
		if a.React == nil {
			return desk.Errorf(desk.KindConflict, "reaction_not_possible", "no provider can be asked")
		}
		return a.React(ctx, by.Workspace, m, in.Body.Emoji)
	})
	if err != nil {
		return view.Message{}, err
	}
	return a.message(ctx, in.ID)
}

// messageCommand is one that needs nothing but the message, and answers it as it is afterwards.
func (a *API) messageCommand(do func(s *inbox.Service, ctx context.Context, a inbox.Actor, id desk.ID) (desk.Message, error)) func(context.Context, *rest.ByID) (view.Message, error) {
	return func(ctx context.Context, in *rest.ByID) (view.Message, error) {
		m, err := do(a.Inbox, ctx, rest.CallerOf(ctx).Inbox(), in.ID)
		if err != nil {
			return view.Message{}, err
		}
		return a.message(ctx, m.ID)
	}
}
