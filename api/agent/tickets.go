package agent

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/view"
)

type editTicket struct {
	rest.ByID
	Body struct {
		AssigneeID *desk.ID       `json:"assignee_id,omitempty" minimum:"0" doc:"0 = nobody"`
		TeamID     *desk.ID       `json:"team_id,omitempty" minimum:"0" doc:"0 = no team"`
		Priority   *desk.Priority `json:"priority,omitempty" enum:"low,normal,high,urgent"`
		TagIDs     *[]desk.ID     `json:"tag_ids,omitempty" maxItems:"50"`
		Version    int64          `json:"version,omitempty" doc:"The version that was seen; 409 edited_meanwhile if it is older than the record"`
	}
}

type assignTicket struct {
	rest.ByID
	Body struct {
		AssigneeID desk.ID `json:"assignee_id" minimum:"1"`
	}
}

type transferTicket struct {
	rest.ByID
	Body struct {
		TeamID     desk.ID `json:"team_id,omitempty" minimum:"0"`
		AssigneeID desk.ID `json:"assignee_id,omitempty" minimum:"0"`
		Note       string  `json:"note,omitempty" maxLength:"10000"`
	}
}

type snoozeTicket struct {
	rest.ByID
	Body struct {
		Until view.Time `json:"until" format:"date-time"`
	}
}

func (a *API) tickets(api huma.API) {
	verb := func(name, summary string, can rest.Permission) rest.Op {
		return rest.Op{ID: name + "-ticket", Method: http.MethodPost, Path: "/tickets/{id}/" + name, Tag: "Tickets", Summary: summary, Can: can,
			Description: "409 invalid_transition where the ticket's status forbids it."}
	}
	rest.Add(api, rest.Op{ID: "edit-ticket", Method: http.MethodPatch, Path: "/tickets/{id}", Tag: "Tickets",
		Summary: "Change assignee, team, priority or tags", Can: auth.TicketTake}, a.editTicket)
	rest.Add(api, rest.Op{ID: "get-ticket", Method: http.MethodGet, Path: "/tickets/{id}", Tag: "Tickets",
		Summary: "One case", Can: auth.ConversationRead}, a.getTicket)
	rest.Add(api, rest.Op{ID: "edit-ticket-fields", Method: http.MethodPatch, Path: "/tickets/{id}/fields", Tag: "Tickets",
		Summary: "Change the workspace's own fields of a case", Can: auth.ConversationReply,
		Description: "409 edited_meanwhile with params.current when another edit was quicker."}, a.editTicketFields)
	rest.Add(api, rest.Op{ID: "delete-ticket", Method: http.MethodDelete, Path: "/tickets/{id}", Tag: "Tickets",
		Summary: "Delete a case with everything said in it", Can: auth.MessageDelete}, a.deleteTicket)
	rest.Add(api, verb("merge", "File it under another case of the same contact's", auth.TicketTake), a.mergeTicket)
	rest.Add(api, verb("split", "Make a case of its own of some of its messages", auth.TicketTake), a.splitTicket)
	rest.Add(api, verb("take", "Make it mine", auth.TicketTake), a.ticketCommand((*inbox.Service).Take))
	rest.Add(api, verb("join", "Take part in somebody else's case, by name for the customer", auth.ConversationMonitor), a.ticketCommand((*inbox.Service).Join))
	rest.Add(api, verb("leave", "End what join began", auth.ConversationMonitor), a.ticketCommand((*inbox.Service).Leave))
	rest.Add(api, verb("take-over", "Make somebody else's case mine", auth.ConversationMonitor), a.ticketCommand((*inbox.Service).TakeOver))
	rest.Add(api, verb("assign", "Give it to somebody", auth.TicketTake), a.assignTicket)
	rest.Add(api, verb("transfer", "Hand it to a team or a person, with a note", auth.TicketTake), a.transferTicket)
	rest.Add(api, verb("snooze", "Put it to sleep", auth.ConversationReply), a.snoozeTicket)
	rest.Add(api, verb("wake", "End its sleep", auth.ConversationReply), a.ticketCommand((*inbox.Service).Wake))
	rest.Add(api, verb("resolve", "Close the case", auth.ConversationReply), a.ticketCommand(resolve))
	rest.Add(api, verb("reopen", "Take it up again", auth.ConversationReply), a.ticketCommand((*inbox.Service).Reopen))
	rest.Add(api, verb("pending", "It is the customer's turn", auth.ConversationReply), a.ticketCommand((*inbox.Service).Pending))
	rest.Add(api, verb("open", "It is our turn", auth.ConversationReply), a.ticketCommand((*inbox.Service).Open))
}

// command is one that needs nothing but the ticket, or the conversation.
type command func(s *inbox.Service, ctx context.Context, a inbox.Actor, id desk.ID) (desk.Conversation, error)

func resolve(s *inbox.Service, ctx context.Context, a inbox.Actor, ticket desk.ID) (desk.Conversation, error) {
	return s.Resolve(ctx, a, ticket, desk.ReasonManual)
}

func (a *API) ticketCommand(do command) func(context.Context, *rest.ByID) (view.Row, error) {
	return func(ctx context.Context, in *rest.ByID) (view.Row, error) {
		c, err := do(a.Inbox, ctx, rest.CallerOf(ctx).Inbox(), in.ID)
		return a.rowAfter(ctx, c, err)
	}
}

// rowAfter answers the row that a command left, as the caller sees it.
func (a *API) rowAfter(ctx context.Context, c desk.Conversation, err error) (view.Row, error) {
	if err != nil {
		return view.Row{}, err
	}
	return a.row(ctx, c.ID)
}

func (a *API) editTicket(ctx context.Context, in *editTicket) (view.Row, error) {
	b := in.Body
	c, err := a.Inbox.Change(ctx, rest.CallerOf(ctx).Inbox(), in.ID, inbox.Change{
		Assignee: b.AssigneeID, Team: b.TeamID, Priority: b.Priority, Tags: b.TagIDs, Version: b.Version,
	})
	if desk.CodeOf(err) == "edited_meanwhile" {
		return view.Row{}, a.withRow(ctx, in.ID, err)
	}
	return a.rowAfter(ctx, c, err)
}

// withRow adds the row as it is now to a conflict.
func (a *API) withRow(ctx context.Context, ticket desk.ID, conflict error) error {
	err := a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		t, err := r.Tickets().Get(ticket)
		if err != nil {
			return err
		}
		found, err := r.Conversations().Get(t.ConversationID)
		if err != nil {
			return err
		}
		row, err := rowOf(r, c, found)
		conflict = rest.WithCurrent(conflict, row)
		return err
	})
	if err != nil {
		return err
	}
	return conflict
}

func (a *API) assignTicket(ctx context.Context, in *assignTicket) (view.Row, error) {
	c, err := a.Inbox.Assign(ctx, rest.CallerOf(ctx).Inbox(), in.ID, in.Body.AssigneeID)
	return a.rowAfter(ctx, c, err)
}

func (a *API) transferTicket(ctx context.Context, in *transferTicket) (view.Row, error) {
	c, err := a.Inbox.Transfer(ctx, rest.CallerOf(ctx).Inbox(), in.ID, inbox.Transfer{
		Team: in.Body.TeamID, Assignee: in.Body.AssigneeID, Note: in.Body.Note,
	})
	return a.rowAfter(ctx, c, err)
}

func (a *API) snoozeTicket(ctx context.Context, in *snoozeTicket) (view.Row, error) {
	c, err := a.Inbox.Snooze(ctx, rest.CallerOf(ctx).Inbox(), in.ID, in.Body.Until.Time)
	return a.rowAfter(ctx, c, err)
}
