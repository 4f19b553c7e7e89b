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
		Summary: "What I was told in the last 30 days beside conversations: what ails a channel, what became of a template"}, a.listNotifications)
}

// maxNotifications are shown, the newest; older ones help nobody.
const maxNotifications = 50

// listNotifications leaves out those of channels that are gone: there is nothing to mend.
func (a *API) listNotifications(ctx context.Context, _ *struct{}) (list rest.Items[view.Notification], err error) {
	err = a.readAll(ctx, func(r store.Reader, c *rest.Caller) error {
		found, err := r.Notifications().Newest(c.User(), c.Can(auth.ChannelManage), maxNotifications)
		if err != nil {
			return err
		}
		channels, err := r.Channels().List()
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
			if ch, there := byID[n.ChannelID]; there {
				all = append(all, view.NotificationOf(n, ch, a.now()))
			}
		}
		list = rest.NewItems(all)
		return nil
	})
	return list, err
}
