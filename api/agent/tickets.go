package agent

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/desk"
	"madoguchi/view"
)

type editTicket struct {
	byID
	Body struct {
		AssigneeID *desk.ID       `json:"assignee_id,omitempty" minimum:"0" doc:"0 = nobody"`
		TeamID     *desk.ID       `json:"team_id,omitempty" minimum:"0" doc:"0 = no team"`
		Priority   *desk.Priority `json:"priority,omitempty" enum:"low,normal,high,urgent"`
		TagIDs     *[]desk.ID     `json:"tag_ids,omitempty" maxItems:"50"`
		Version    int64          `json:"version,omitempty" doc:"The version that was seen; 409 edited_meanwhile if it is older than the record"`
	}
}

type assignTicket struct {
	byID
	Body struct {
		AssigneeID desk.ID `json:"assignee_id" minimum:"1"`
	}
}

type transferTicket struct {
	byID
	Body struct {
		TeamID     desk.ID `json:"team_id,omitempty" minimum:"0"`
		AssigneeID desk.ID `json:"assignee_id,omitempty" minimum:"0"`
		Note       string  `json:"note,omitempty" maxLength:"10000"`
	}
}

type snoozeTicket struct {
	byID
	Body struct {
		Until view.Time `json:"until" format:"date-time"`
	}
}

func (a *API) tickets(api huma.API) {
	command := func(verb, summary string, can rest.Permission) rest.Op {
		return rest.Op{ID: verb + "-ticket", Method: http.MethodPost, Path: "/tickets/{id}/" + verb, Tag: "Tickets", Summary: summary, Can: can,
			Description: "409 invalid_transition where the ticket's status forbids it."}
	}
	rest.Add[editTicket, view.Row](api, rest.Op{ID: "edit-ticket", Method: http.MethodPatch, Path: "/tickets/{id}", Tag: "Tickets",
		Summary: "Change assignee, team, priority or tags", Can: "ticket.take"}, nil)
	rest.Add[byID, view.Row](api, command("take", "Make it mine", "ticket.take"), nil)
	rest.Add[assignTicket, view.Row](api, command("assign", "Give it to somebody", "ticket.take"), nil)
	rest.Add[transferTicket, view.Row](api, command("transfer", "Hand it to a team or a person, with a note", "ticket.take"), nil)
	rest.Add[snoozeTicket, view.Row](api, command("snooze", "Put it to sleep", "conversation.reply"), nil)
	rest.Add[byID, view.Row](api, command("wake", "End its sleep", "conversation.reply"), nil)
	rest.Add[byID, view.Row](api, command("resolve", "Close the case", "conversation.reply"), nil)
	rest.Add[byID, view.Row](api, command("reopen", "Take it up again", "conversation.reply"), nil)
	rest.Add[byID, view.Row](api, command("pending", "It is the customer's turn", "conversation.reply"), nil)
	rest.Add[byID, view.Row](api, command("open", "It is our turn", "conversation.reply"), nil)
}
