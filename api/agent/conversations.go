package agent

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/view"
)

type listConversations struct {
	View       string    `query:"view" enum:"mine,unassigned,all,waiting,replied,snoozed,resolved,team" default:"all"`
	TeamID     int64     `query:"team_id" minimum:"0" doc:"With view=team"`
	Channels   []int64   `query:"channel" maxItems:"50"`
	Statuses   []string  `query:"status" maxItems:"6" enum:"bot,queued,open,pending,snoozed,resolved"`
	Assignees  []int64   `query:"assignee" maxItems:"50" doc:"0 = nobody"`
	Teams      []int64   `query:"team" maxItems:"50"`
	Tags       []int64   `query:"tag" maxItems:"50"`
	Priorities []string  `query:"priority" maxItems:"4" enum:"low,normal,high,urgent"`
	Unread     bool      `query:"unread" doc:"Only what has customer messages I have not read"`
	Since      view.Time `query:"since" format:"date-time" doc:"Last activity at or after"`
	Until      view.Time `query:"until" format:"date-time" doc:"Last activity before"`
	Sort       string    `query:"sort" enum:"activity,waiting,priority" default:"activity"`
	paged
}

type putRead struct {
	byID
	Body struct {
		Seq int64 `json:"seq" minimum:"0" doc:"May go back: that makes it unread again"`
	}
}

type putDraft struct {
	byID
	Body struct {
		Mode  string      `json:"mode" enum:"reply,note"`
		Parts []view.Part `json:"parts" maxItems:"20" doc:"Empty deletes the draft"`
	}
}

func (a *API) conversations(api huma.API) {
	rest.Add[listConversations, rest.Page[view.Row]](api, rest.Op{ID: "list-conversations", Method: http.MethodGet, Path: "/conversations",
		Tag: "Conversations", Summary: "One page of a view", Can: "conversation.read",
		Description: "Filters: AND between kinds, OR inside one; several values are separated by commas."}, nil)
	rest.Add[struct{}, view.Counts](api, rest.Op{ID: "count-conversations", Method: http.MethodGet, Path: "/conversations/counts",
		Tag: "Conversations", Summary: "The sizes of the views", Can: "conversation.read"}, nil)
	rest.Add[byID, view.Row](api, rest.Op{ID: "get-conversation", Method: http.MethodGet, Path: "/conversations/{id}",
		Tag: "Conversations", Summary: "One conversation", Can: "conversation.read"}, nil)
	rest.Add[putRead, view.Row](api, rest.Op{ID: "put-read", Method: http.MethodPut, Path: "/conversations/{id}/read",
		Tag: "Conversations", Summary: "Say how far I have read", Can: "conversation.read", PersonOnly: true}, nil)
	rest.Add[putDraft, rest.None](api, rest.Op{ID: "put-draft", Method: http.MethodPut, Path: "/conversations/{id}/draft",
		Tag: "Conversations", Summary: "Keep my unsent text", Can: "conversation.reply", PersonOnly: true}, nil)
	rest.Add[byID, rest.Items[view.Draft]](api, rest.Op{ID: "list-drafts", Method: http.MethodGet, Path: "/conversations/{id}/drafts",
		Tag: "Conversations", Summary: "My unsent texts", Can: "conversation.read", PersonOnly: true}, nil)
}
