package agent

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

func (a *API) notifications(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-notifications", Method: http.MethodGet, Path: "/notifications", Tag: "Session", Can: rest.SignedIn, PersonOnly: true,
		Summary: "What I was told in the last 30 days: what ails a channel, what became of a template, which conversations were given to me or mention me"}, a.listNotifications)
}

// maxNotifications are shown, the newest; older ones help nobody.
const maxNotifications = 50

// listNotifications leaves out those of channels that are gone, where there is nothing to mend, and of conversations that the
// member does not see (J2).
func (a *API) listNotifications(ctx context.Context, _ *struct{}) (list rest.Items[view.Notification], err error) {
	err = a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		found, err := r.Notifications().Newest(c.User(), c.Can(auth.ChannelManage), maxNotifications)
		if err != nil {
			return err
		}
		channels, err := r.Channels().List()
		if err != nil {
			return err
		}
		rows, err := rowsOf(r, found)
		if err != nil {
			return err
		}
		contacts, err := contactsOf(r, rows)
		if err != nil {
			return err
		}
		byID := map[desk.ID]desk.Channel{}
		for _, ch := range channels {
			if ch.State != desk.ChannelDeleted {
				byID[ch.ID] = ch
			}
		}
		all := []view.Notification{}
		for _, n := range found {
			ch, works := byID[n.ChannelID]
			row, seen := rows[n.ConversationID]
			if n.ConversationID == 0 && works || seen {
				v := view.NotificationOf(n, ch, row, a.now())
				v.ContactName = contacts[row.ContactID].Name
				all = append(all, v)
			}
		}
		list = rest.NewItems(all)
		return nil
	})
	return list, err
}

// rowsOf are the conversations that notifications are about, those that the member sees.
func rowsOf(r store.Reader, told []desk.Notification) (map[desk.ID]desk.Conversation, error) {
	var about []desk.ID
	for _, n := range told {
		if n.ConversationID != 0 {
			about = append(about, n.ConversationID)
		}
	}
	return r.Conversations().Many(about)
}

func contactsOf(r store.Reader, rows map[desk.ID]desk.Conversation) (map[desk.ID]desk.Contact, error) {
	var people []desk.ID
	for _, row := range rows {
		people = append(people, row.ContactID)
	}
	return r.Contacts().Many(people)
}
