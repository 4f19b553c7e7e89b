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

type listConversations struct {
	View       string    `query:"view" enum:"mine,unassigned,all,waiting,replied,snoozed,resolved,team,mentions,failed,blocked" default:"all"`
	TeamID     int64     `query:"team_id" minimum:"0" doc:"With view=team"`
	Channels   []int64   `query:"channel" maxItems:"50"`
	Statuses   []string  `query:"status" maxItems:"6" enum:"bot,queued,open,pending,snoozed,resolved"`
	Assignees  []int64   `query:"assignee" maxItems:"50" doc:"0 = nobody"`
	Teams      []int64   `query:"team" maxItems:"50"`
	Tags       []int64   `query:"tag" maxItems:"50"`
	Priorities []string  `query:"priority" maxItems:"4" enum:"low,normal,high,urgent"`
	Windows    []string  `query:"window" maxItems:"3" enum:"open,closing,closed" doc:"closing = within the hour"`
	SLA        []string  `query:"sla" maxItems:"4" enum:"ok,warning,breached,paused" doc:"How what is promised stands"`
	Languages  []string  `query:"language" maxItems:"20" doc:"The customer's, as in ja"`
	Contacts   []string  `query:"contact" maxItems:"2" enum:"new,existing" doc:"existing = had a case before this one"`
	Attachment bool      `query:"attachment" doc:"Only where a file was sent"`
	Unread     bool      `query:"unread" doc:"Only what is unread for me: mine, in my queues, or where a note named me"`
	Since      view.Time `query:"since" format:"date-time" doc:"Last activity at or after"`
	Until      view.Time `query:"until" format:"date-time" doc:"Last activity before"`
	Within     int       `query:"within" minimum:"0" maximum:"3660" doc:"Last activity at most so many days ago"`
	Sort       string    `query:"sort" enum:"activity,waiting,priority,window,sla" default:"activity"`
	Paged
}

type putRead struct {
	rest.ByID
	Body struct {
		Seq int64 `json:"seq" minimum:"0" doc:"May go back: that makes it unread again"`
	}
}

type putDraft struct {
	rest.ByID
	Body struct {
		Mode      string      `json:"mode" enum:"reply,note"`
		Parts     []view.Part `json:"parts" maxItems:"20" doc:"Empty deletes the draft"`
		ReplyToID desk.ID     `json:"reply_to_id,omitempty" minimum:"0" doc:"The customer's message that it answers"`
	}
}

func (a *API) conversations(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-conversations", Method: http.MethodGet, Path: "/conversations",
		Tag: "Conversations", Summary: "One page of a view", Can: auth.ConversationRead,
		Description: "Filters: AND between kinds, OR inside one; several values are separated by commas."}, a.listConversations)
	rest.Add(api, rest.Op{ID: "count-conversations", Method: http.MethodGet, Path: "/conversations/counts",
		Tag: "Conversations", Summary: "The sizes of the views", Can: auth.ConversationRead}, a.countConversations)
	rest.Add(api, rest.Op{ID: "get-conversation", Method: http.MethodGet, Path: "/conversations/{id}",
		Tag: "Conversations", Summary: "One conversation", Can: auth.ConversationRead}, a.getConversation)
	rest.Add(api, rest.Op{ID: "put-read", Method: http.MethodPut, Path: "/conversations/{id}/read",
		Tag: "Conversations", Summary: "Say how far I have read", Can: auth.ConversationRead, PersonOnly: true}, a.putRead)
	rest.Add(api, rest.Op{ID: "put-draft", Method: http.MethodPut, Path: "/conversations/{id}/draft",
		Tag: "Conversations", Summary: "Keep my unsent text", Can: auth.ConversationReply, PersonOnly: true}, a.putDraft)
	rest.Add(api, rest.Op{ID: "list-drafts", Method: http.MethodGet, Path: "/conversations/{id}/drafts",
		Tag: "Conversations", Summary: "My unsent texts", Can: auth.ConversationRead, PersonOnly: true}, a.listDrafts)
}

func (a *API) listConversations(ctx context.Context, in *listConversations) (page rest.Page[view.Row], err error) {
	err = a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		teams, err := r.Teams().Of(c.User())
		if err != nil {
			return err
		}
		found, next, err := r.Conversations().List(in.query(c.User(), teams))
		if err != nil {
			return err
		}
		rows, err := view.Rows(r, c.User(), found)
		page = rest.NewPage(rows, next)
		return err
	})
	return page, err
}

func (in *listConversations) query(user desk.ID, teams []desk.ID) store.ConversationQuery {
	return store.ConversationQuery{
		ListFilter: desk.ListFilter{
			View: desk.View(in.View), TeamID: desk.ID(in.TeamID), Channels: ids(in.Channels), Statuses: texts[desk.TicketStatus](in.Statuses),
			Assignees: ids(in.Assignees), Teams: ids(in.Teams), Tags: ids(in.Tags), Priorities: texts[desk.Priority](in.Priorities),
			Windows: texts[desk.WindowState](in.Windows), SLA: texts[desk.SLAState](in.SLA), Languages: in.Languages, Acquaintances: texts[desk.Acquaintance](in.Contacts),
			Attachment: in.Attachment, Unread: in.Unread, Since: in.Since.Time, Until: in.Until.Time, WithinDays: in.Within,
		},
		User: user, UserTeams: teams, Sort: store.ConversationSort(in.Sort), Page: in.page(),
	}
}

func (a *API) countConversations(ctx context.Context, _ *struct{}) (counts view.Counts, err error) {
	err = a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		teams, err := r.Teams().Of(c.User())
		if err != nil {
			return err
		}
		found, err := r.Conversations().Counts(c.User(), teams)
		counts = view.CountsOf(found)
		return err
	})
	return counts, err
}

func (a *API) getConversation(ctx context.Context, in *rest.ByID) (view.Row, error) {
	var row view.Row
	err := a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		found, err := r.Conversations().Get(in.ID)
		if err != nil {
			return err
		}
		row, err = rowOf(r, c, found)
		return err
	})
	return row, err
}

func (a *API) putRead(ctx context.Context, in *putRead) (view.Row, error) {
	by := rest.CallerOf(ctx).Inbox()
	if err := a.Inbox.MarkRead(ctx, by, in.ID, in.Body.Seq); err != nil {
		return view.Row{}, err
	}
	if a.MemberRead != nil {
		a.MemberRead(by.Workspace, in.ID, by.User, in.Body.Seq)
	}
	return a.row(ctx, in.ID)
}

func (a *API) putDraft(ctx context.Context, in *putDraft) (rest.None, error) {
	return rest.None{}, a.Inbox.Draft(ctx, rest.CallerOf(ctx).Inbox(), in.ID,
		inbox.Unsent{Mode: inbox.Mode(in.Body.Mode), Parts: view.DeskParts(in.Body.Parts), ReplyToID: in.Body.ReplyToID})
}

func (a *API) listDrafts(ctx context.Context, in *rest.ByID) (list rest.Items[view.Draft], err error) {
	err = a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		if _, err := r.Conversations().Get(in.ID); err != nil {
			return err
		}
		drafts, err := r.Drafts().Of(c.User(), in.ID)
		list = rest.NewItems(rest.Views(drafts, func(d desk.Draft) view.Draft { return view.DraftOf(d, view.MemberLinks()) }))
		return err
	})
	return list, err
}
