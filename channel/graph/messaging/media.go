package messaging

import (
	"context"
	"net/http"

	"madoguchi/channel"
)

// Fetch gets a customer's file from the address in its event. The address itself is the permission and runs out within days, so no
// token goes along.
func Fetch(ctx context.Context, a channel.Account, ref string) (channel.Media, error) {
	if !fileAt(ref) {
		return channel.Media{}, refuse(channel.ActFail, channel.CodeMediaGone, "not an address of a file")
	}
	r, f := channel.JSONRequest(ctx, http.MethodGet, ref, nil)
	if f != nil {
		return channel.Media{}, f
	}
	m, f := channel.Download(a.Client, r, a.Now())
	if f == nil {
		return m, nil
	}
	if f.Kind == channel.ActToken { // their 403 is about the address, not about our credentials
		f.Kind, f.Code = channel.ActFail, channel.CodeMediaGone
	}
	return channel.Media{}, f
}
