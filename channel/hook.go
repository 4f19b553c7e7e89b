package channel

import "net/url"

// HookPath is the path of a callback at our public address; hook is desk.Channel.Hook.
func HookPath(kind, hook string) string {
	return "/hooks/" + url.PathEscape(kind) + "/" + url.PathEscape(hook)
}
