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

// BulkEdit is what becomes of conversations, and what leads back.
type BulkEdit struct {
	AssigneeID   *desk.ID          `json:"assignee_id,omitempty" minimum:"0" doc:"0 = nobody: back to the queue. A resolved case is not reopened by it."`
	TeamID       *desk.ID          `json:"team_id,omitempty" minimum:"0" doc:"0 = no team; with assignee_id 0 it is handed to the team's queue"`
	Priority     *desk.Priority    `json:"priority,omitempty" enum:"low,normal,high,urgent"`
	AddTagIDs    []desk.ID         `json:"add_tag_ids,omitempty" maxItems:"50"`
	RemoveTagIDs []desk.ID         `json:"remove_tag_ids,omitempty" maxItems:"50"`
	Status       desk.TicketStatus `json:"status,omitempty" enum:"queued,open,pending,snoozed,resolved" doc:"open reopens and wakes; a case that nobody has waits in the queue then"`
	SnoozedUntil view.Time         `json:"snoozed_until,omitzero" format:"date-time" doc:"With status snoozed"`
	WaitAgain    bool              `json:"wait_again,omitempty" doc:"Takes back that a resolution ended the customer's wait"`
	Read         *bool             `json:"read,omitempty" doc:"For me: all read, or unread from the customer's newest message"`
	ReadSeq      *int64            `json:"read_seq,omitempty" minimum:"0" doc:"For me: read exactly so far"`
}

type bulkChange struct {
	ConversationIDs []desk.ID `json:"conversation_ids" minItems:"1" maxItems:"200"`
	BulkEdit
}

type editConversations struct {
	Body struct {
		Changes []bulkChange `json:"changes" minItems:"1" maxItems:"200" doc:"At most 200 conversations in all, each once"`
	}
}

// bulkResult is what became of one conversation.
type bulkResult struct {
	ConversationID desk.ID           `json:"conversation_id"`
	Outcome        inbox.BulkOutcome `json:"outcome" enum:"changed,unchanged,repeated,failed" doc:"unchanged: it was so already; repeated: done before under the same Idempotency-Key"`
	Before         *BulkEdit         `json:"before,omitempty" doc:"With changed: the change that leads back"`
	Row            *view.Row         `json:"row,omitempty" doc:"As it is now; absent where the caller does not see it any more"`
	Problem        *rest.Problem     `json:"problem,omitempty" doc:"With failed"`
}

func (a *API) bulk(api huma.API) {
	rest.Add(api, rest.Op{ID: "edit-conversations", Method: http.MethodPost, Path: "/conversations/bulk", Tag: "Conversations",
		Summary: "Change many conversations at once", Can: auth.TicketAssignOthers, Idempotent: true,
		Description: "Each conversation by itself: what fails is told with it and stops no other. What is wanted already is no failure. " +
			"Sending every before again, with its conversation_id, takes all of it back. Besides ticket.assign_others it needs what each " +
			"change needs by itself: ticket.take for assignee, team, priority and tags, conversation.reply for a status; reading is for people only."}, a.editConversations)
}

func (a *API) editConversations(ctx context.Context, in *editConversations) (list rest.Items[bulkResult], err error) {
	x := rest.From(ctx)
	edits := make([]inbox.BulkEdit, len(in.Body.Changes))
	for i, change := range in.Body.Changes {
		edits[i] = inbox.BulkEdit{Conversations: change.ConversationIDs, Edit: change.edit()}
		if err := mayEdit(x.Caller, edits[i].Edit); err != nil {
			return list, err
		}
	}
	results, err := a.Inbox.Bulk(ctx, x.Caller.Inbox(), x.Repeat, edits)
	if err != nil {
		return list, err
	}
	rows, err := a.rowsAfter(ctx, results)
	if err != nil {
		return list, err
	}
	return rest.NewItems(rest.Views(results, func(r inbox.BulkResult) bulkResult {
		out := bulkResult{ConversationID: r.Conversation, Outcome: r.Outcome, Row: rows[r.Conversation]}
		switch r.Outcome {
		case inbox.BulkChanged:
			out.Before = editOf(r.Before)
		case inbox.BulkFailed:
			out.Problem = rest.ProblemOf(x, r.Err)
		}
		return out
	})), nil
}

// mayEdit says whether the caller may change by itself what a bulk action changes (J3).
func mayEdit(c *rest.Caller, e inbox.Edit) error {
	needs := map[auth.Permission]bool{auth.TicketTake: e.OfTicket(), auth.ConversationReply: e.Status != "", auth.ConversationRead: e.OfReading()}
	for _, p := range auth.All() {
		if needs[p] && !c.Can(p) {
			err := desk.Errorf(desk.KindForbidden, "forbidden", "the change needs %s", p)
			err.Params = map[string]string{"permission": string(p)}
			return err
		}
	}
	if e.OfReading() && c.Key != nil {
		return desk.Errorf(desk.KindForbidden, "person_needed", "reading is for people")
	}
	return nil
}

// rowsAfter are the conversations that did not fail, as the caller sees them now.
func (a *API) rowsAfter(ctx context.Context, results []inbox.BulkResult) (map[desk.ID]*view.Row, error) {
	var done []desk.ID
	for _, r := range results {
		if r.Outcome != inbox.BulkFailed {
			done = append(done, r.Conversation)
		}
	}
	rows := map[desk.ID]*view.Row{}
	err := a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		found, err := r.Conversations().Many(done)
		if err != nil {
			return err
		}
		var all []desk.Conversation
		for _, id := range done {
			if row, ok := found[id]; ok {
				all = append(all, row)
			}
		}
		views, err := view.Rows(r, c.User(), all)
		for i := range views {
			rows[views[i].ID] = &views[i]
		}
		return err
	})
	return rows, err
}

func (e BulkEdit) edit() inbox.Edit {
	return inbox.Edit{
		Assignee: e.AssigneeID, Team: e.TeamID, Priority: e.Priority, AddTags: e.AddTagIDs, RemoveTags: e.RemoveTagIDs,
		Status: e.Status, SnoozeUntil: e.SnoozedUntil.Time, WaitAgain: e.WaitAgain, Read: e.Read, ReadSeq: e.ReadSeq,
	}
}

func editOf(e inbox.Edit) *BulkEdit {
	return &BulkEdit{
		AssigneeID: e.Assignee, TeamID: e.Team, Priority: e.Priority, AddTagIDs: e.AddTags, RemoveTagIDs: e.RemoveTags,
		Status: e.Status, SnoozedUntil: view.At(e.SnoozeUntil), WaitAgain: e.WaitAgain, Read: e.Read, ReadSeq: e.ReadSeq,
	}
}
