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

type putReminder struct {
	rest.ByID
	Body struct {
		At             view.Time `json:"at" format:"date-time" doc:"At most a year ahead"`
		UnlessAnswered bool      `json:"unless_answered,omitempty" doc:"It lapses when the customer writes before"`
		Note           string    `json:"note,omitempty" maxLength:"1000" doc:"At most 200 characters"`
	}
}

func (a *API) reminders(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-reminders", Method: http.MethodGet, Path: "/reminders", Tag: "Session",
		Summary: "My reminders, the next one first", Can: auth.ConversationRead, PersonOnly: true}, a.listReminders)
	rest.Add(api, rest.Op{ID: "put-reminder", Method: http.MethodPut, Path: "/conversations/{id}/reminder", Tag: "Conversations",
		Summary: "Remind me of a conversation", Can: auth.ConversationRead, PersonOnly: true,
		Description: "In the place of my reminder there, if there is one."}, a.putReminder)
	rest.Add(api, rest.Op{ID: "delete-reminder", Method: http.MethodDelete, Path: "/conversations/{id}/reminder", Tag: "Conversations",
		Summary: "Do not remind me of a conversation any more", Can: auth.ConversationRead, PersonOnly: true}, a.deleteReminder)
}

// listReminders leaves out what has lapsed, and what is out of sight now.
func (a *API) listReminders(ctx context.Context, _ *struct{}) (list rest.Items[view.Reminder], err error) {
	err = a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		mine, err := r.Reminders().OfMember(c.User())
		if err != nil {
			return err
		}
		places := make([]desk.ID, len(mine))
		for i, one := range mine {
			places[i] = one.ConversationID
		}
		rows, err := r.Conversations().Many(places)
		all := []view.Reminder{}
		for _, one := range mine {
			if row, seen := rows[one.ConversationID]; seen && !one.Lapsed(row) {
				all = append(all, view.ReminderOf(one))
			}
		}
		list = rest.NewItems(all)
		return err
	})
	return list, err
}

func (a *API) putReminder(ctx context.Context, in *putReminder) (out view.Reminder, err error) {
	set, err := a.Inbox.Remind(ctx, rest.CallerOf(ctx).Inbox(), in.ID, inbox.Reminding{
		At: in.Body.At.Time, UnlessAnswered: in.Body.UnlessAnswered, Note: in.Body.Note,
	})
	if err != nil {
		return out, err
	}
	return view.ReminderOf(set), nil
}

func (a *API) deleteReminder(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return rest.None{}, a.Inbox.ForgetReminder(ctx, rest.CallerOf(ctx).Inbox(), in.ID)
}
