package agent

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/view"
)

type postScheduled struct {
	rest.ByID
	Body struct {
		ClientID       string      `json:"client_id,omitempty" maxLength:"128" doc:"As for a reply"`
		Parts          []view.Part `json:"parts" minItems:"1" maxItems:"20"`
		ReplyToID      desk.ID     `json:"reply_to_id,omitempty" minimum:"0"`
		AndThen        string      `json:"and_then,omitempty" enum:"resolve,snooze"`
		SnoozeUntil    view.Time   `json:"snooze_until,omitzero" format:"date-time"`
		SendAt         view.Time   `json:"send_at,omitzero" format:"date-time" doc:"At most a year ahead; absent with undo_seconds"`
		UndoSeconds    int         `json:"undo_seconds,omitempty" minimum:"1" maximum:"30" doc:"Held for so long, to be taken back"`
		UnlessAnswered bool        `json:"unless_answered,omitempty" doc:"It stays if the customer writes before"`
	}
}

type putScheduled struct {
	rest.ByID
	Body struct {
		Parts          []view.Part `json:"parts,omitempty" maxItems:"20" doc:"Absent = as they are"`
		SendAt         view.Time   `json:"send_at,omitzero" format:"date-time" doc:"Absent = as it is"`
		UnlessAnswered *bool       `json:"unless_answered,omitempty"`
		Version        int64       `json:"version" minimum:"1" doc:"The version that was seen; 409 edited_meanwhile if it is older than the record"`
	}
}

func (a *API) scheduled(api huma.API) {
	rest.AddStatus(api, rest.Op{ID: "post-scheduled-message", Method: http.MethodPost, Path: "/conversations/{id}/scheduled-messages",
		Tag: "Messages", Summary: "A reply that goes out later", Can: auth.ConversationReply, Status: http.StatusCreated, Idempotent: true,
		Description: "201 for a new one, 200 with the same one when client_id was used before; its id is 0 if it has gone out since."}, a.postScheduled)
	rest.Add(api, rest.Op{ID: "list-scheduled-messages", Method: http.MethodGet, Path: "/conversations/{id}/scheduled-messages",
		Tag: "Messages", Summary: "Replies that wait, the next one first, and those that came back", Can: auth.ConversationRead}, a.listScheduled)
	rest.Add(api, rest.Op{ID: "put-scheduled-message", Method: http.MethodPut, Path: "/scheduled-messages/{id}",
		Tag: "Messages", Summary: "Change my reply that waits or came back", Can: auth.ConversationReply,
		Description: "One that came back waits again once send_at says for what."}, a.putScheduled)
	rest.Add(api, rest.Op{ID: "delete-scheduled-message", Method: http.MethodDelete, Path: "/scheduled-messages/{id}",
		Tag: "Messages", Summary: "Take a reply back that waits or came back", Can: auth.ConversationReply, Status: http.StatusOK,
		Description: "Mine is my draft again. A colleague's that waits comes back to them (returned_at); one that came back to somebody who does not answer here " +
			"any more (orphaned) becomes my draft. 404 when it has gone out."}, a.deleteScheduled)
	rest.Add(api, rest.Op{ID: "send-scheduled-message", Method: http.MethodPost, Path: "/scheduled-messages/{id}/send",
		Tag: "Messages", Summary: "Send my reply now that waits or came back", Can: auth.ConversationReply}, a.messageCommand((*inbox.Service).SendScheduled))
	rest.Add(api, rest.Op{ID: "get-opening", Method: http.MethodGet, Path: "/conversations/{id}/opening",
		Tag: "Conversations", Summary: "When its channel opens next", Can: auth.ConversationRead}, a.getOpening)
}

func (a *API) postScheduled(ctx context.Context, in *postScheduled) (out view.Scheduled, status int, err error) {
	b := in.Body
	if b.ClientID == "" {
		b.ClientID = rest.From(ctx).Repeat
	}
	d, created, err := a.Inbox.Schedule(ctx, rest.CallerOf(ctx).Inbox(), in.ID, inbox.NewMessage{
		ClientID: b.ClientID, Mode: inbox.ModeReply, Parts: view.DeskParts(b.Parts), ReplyToID: b.ReplyToID,
		Then: inbox.Then(b.AndThen), SnoozeUntil: b.SnoozeUntil.Time,
	}, inbox.Later{At: b.SendAt.Time, Undo: time.Duration(b.UndoSeconds) * time.Second, UnlessAnswered: b.UnlessAnswered})
	if err != nil {
		return out, 0, err
	}
	status = http.StatusCreated
	if !created {
		status = http.StatusOK
	}
	return view.ScheduledOf(d, false, view.MemberLinks()), status, nil
}

func (a *API) listScheduled(ctx context.Context, in *rest.ByID) (list rest.Items[view.Scheduled], err error) {
	err = a.read(ctx, func(r store.Reader, _ *rest.Caller) error {
		row, err := r.Conversations().Get(in.ID)
		if err != nil {
			return err
		}
		waiting, err := r.Scheduled().OfConversation(in.ID)
		if err != nil {
			return err
		}
		all := make([]view.Scheduled, len(waiting))
		for i, d := range waiting {
			if err := store.FillFiles(r, d.Parts); err != nil {
				return err
			}
			all[i] = view.ScheduledOf(d, d.Answered(row), view.MemberLinks())
			if all[i].Orphaned, err = inbox.Orphaned(r, row, d); err != nil {
				return err
			}
		}
		list = rest.NewItems(all)
		return nil
	})
	return list, err
}

func (a *API) putScheduled(ctx context.Context, in *putScheduled) (out view.Scheduled, err error) {
	to := inbox.Rescheduled{UnlessAnswered: in.Body.UnlessAnswered, Version: in.Body.Version}
	if in.Body.Parts != nil {
		parts := view.DeskParts(in.Body.Parts)
		to.Parts = &parts
	}
	if at := in.Body.SendAt.Time; !at.IsZero() {
		to.At = &at
	}
	d, err := a.Inbox.Reschedule(ctx, rest.CallerOf(ctx).Inbox(), in.ID, to)
	if err != nil {
		return out, err
	}
	return view.ScheduledOf(d, false, view.MemberLinks()), nil
}

func (a *API) deleteScheduled(ctx context.Context, in *rest.ByID) (out view.Scheduled, err error) {
	d, err := a.Inbox.CancelScheduled(ctx, rest.CallerOf(ctx).Inbox(), in.ID)
	if err != nil {
		return out, err
	}
	return view.ScheduledOf(d, false, view.MemberLinks()), nil
}

// opening is when a channel is attended.
type opening struct {
	Open bool      `json:"open" doc:"It is now; so is one without hours"`
	At   view.Time `json:"at,omitzero" format:"date-time" doc:"When it opens next, absent where that is not known"`
}

func (a *API) getOpening(ctx context.Context, in *rest.ByID) (o opening, err error) {
	o.Open = true
	err = a.read(ctx, func(r store.Reader, _ *rest.Caller) error {
		row, err := r.Conversations().Get(in.ID)
		if err != nil {
			return err
		}
		ch, err := r.Channels().Get(row.ChannelID)
		if err != nil || ch.ScheduleID == 0 {
			return err
		}
		hours, err := r.Schedules().Get(ch.ScheduleID)
		if err != nil {
			return err
		}
		if o.Open, err = hours.OpenAt(a.now()); err != nil || o.Open {
			return err
		}
		next, _, err := hours.NextOpen(a.now())
		o.At = view.At(next)
		return err
	})
	return o, err
}
