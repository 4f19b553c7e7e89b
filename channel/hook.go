package channel

import (
	"net/url"

	"madoguchi/desk"
)

// HookURL is where a channel's provider calls us at our public address, which has no slash at the end; "" for channels of our own or
// where the server has no public address.
func HookURL(publicURL string, c desk.Channel) string {
	if publicURL == "" || c.Hook == "" {
		return ""
	}
	return publicURL + "/hooks/" + url.PathEscape(c.Kind) + "/" + url.PathEscape(c.Hook)
}
