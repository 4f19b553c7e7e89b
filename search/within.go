package search

import (
	"madoguchi/desk"
	"madoguchi/store"
)

const (
	// withinLook is how many messages of a conversation one page looks at, withinHits how many hits it gives at most.
	withinLook = 4000
	withinHits = 500
	withinRead = 200
)

// Within is one page of what was found in one conversation.
type Within struct {
	Hits []Hit // newest first
	Next int64 // the seq to go on below, 0 at the end
}

// FindWithin goes through one conversation from below a seq (0 = its end) towards its beginning. It reads the messages
// themselves instead of the index: one character is enough, and what was said this moment is found. Whether the caller may
// read the conversation is decided before.
func FindWithin(r store.Reader, conversation desk.ID, text string, below int64) (page Within, err error) {
	f := &finder{query: ParseQuery(text)}
	if f.query.Empty() {
		return page, nil
	}
	for looked := 0; looked < withinLook; looked += withinRead {
		said, err := r.Messages().Before(conversation, below, withinRead)
		if err != nil {
			return page, err
		}
		for _, m := range said {
			below = m.Seq
			if h, ok := f.match(m); ok {
				page.Hits = append(page.Hits, h)
			}
			if len(page.Hits) == withinHits {
				page.Next = below
				return page, nil
			}
		}
		if len(said) < withinRead {
			return page, nil
		}
	}
	page.Next = below
	return page, nil
}
