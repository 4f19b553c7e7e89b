package desk

import "time"

// LinkPreview is what a page on the web says of itself: what a link in a message leads to (G7.4).
type LinkPreview struct {
	URL       string
	Title     string // "" if nothing came
	Text      string // "" if the page says nothing more
	Failure   LinkFailure
	FetchedAt time.Time
}

// LinkFailure is why a page has no preview.
type LinkFailure string

// The failures; none is that there is a preview.
const (
	LinkNone        LinkFailure = ""
	LinkForbidden   LinkFailure = "forbidden"   // it leads to no address of the public internet
	LinkUnreachable LinkFailure = "unreachable" // nothing, too late, or an error
	LinkNoPage      LinkFailure = "no_page"     // a file, or a page without a title
)

// How long a preview holds; a failure is tried again sooner.
const (
	linkPreviewHolds = 24 * time.Hour
	linkFailureHolds = 10 * time.Minute
)

// Holds reports whether a preview need not be fetched again.
func (p LinkPreview) Holds(now time.Time) bool {
	if p.Failure != LinkNone {
		return now.Sub(p.FetchedAt) < linkFailureHolds
	}
	return now.Sub(p.FetchedAt) < linkPreviewHolds
}
