package agent

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/view"
)

type listMessages struct {
	byID
	Before int64 `query:"before" minimum:"0" doc:"Messages with a lower seq, the nearest ones; absent = the newest"`
	After  int64 `query:"after" minimum:"0" doc:"Messages with a higher seq, the nearest ones"`
	Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// messagePage is a piece of a thread.
type messagePage struct {
	Items []view.Message `json:"items" doc:"Oldest first"`
	More  bool           `json:"more" doc:"There are more in the direction asked for"`
}

type postMessage struct {
	byID
	Body struct {
		ClientID    string      `json:"client_id,omitempty" maxLength:"128" doc:"Minted by the client; the same one again gives the same message. Idempotency-Key serves as well."`
		Mode        string      `json:"mode" enum:"reply,note"`
		Parts       []view.Part `json:"parts" minItems:"1" maxItems:"20"`
		AndThen     string      `json:"and_then,omitempty" enum:"resolve,snooze"`
		SnoozeUntil view.Time   `json:"snooze_until,omitzero" format:"date-time"`
	}
}

func (a *API) messages(api huma.API) {
	rest.Add[listMessages, messagePage](api, rest.Op{ID: "list-messages", Method: http.MethodGet, Path: "/conversations/{id}/messages",
		Tag: "Messages", Summary: "A piece of a thread", Can: "conversation.read"}, nil)
	rest.AddStatus[postMessage, view.Message](api, rest.Op{ID: "post-message", Method: http.MethodPost, Path: "/conversations/{id}/messages",
		Tag: "Messages", Summary: "Reply or note", Can: "conversation.reply", Status: http.StatusCreated, Idempotent: true,
		Description: "201 for a new message, 200 with the same message when client_id (or Idempotency-Key) was used before."}, nil)
	rest.Add[byID, view.Message](api, rest.Op{ID: "retry-message", Method: http.MethodPost, Path: "/messages/{id}/retry",
		Tag: "Messages", Summary: "Send a failed message again", Can: "conversation.reply"}, nil)
}
