package search

import (
	"encoding/base64"
	"slices"
	"strconv"
	"strings"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// Kind is what was found.
type Kind string

// The kinds.
const (
	KindMessage Kind = "message"
	KindNote    Kind = "note"
	KindFile    Kind = "file"
	KindTicket  Kind = "ticket"
	KindContact Kind = "contact" // a contact's fields, or what the team wrote about them
)

// Viewer is who asks: only what they may see is found (J2).
type Viewer struct {
	Member desk.ID
	Teams  []desk.ID
	Scope  desk.Scope
}

func (v Viewer) sees(c desk.Conversation) bool { return v.Scope.Sees(v.Member, v.Teams, c) }

// Request is one question.
type Request struct {
	Text     string
	Kinds    []Kind    // none = all
	Channels []desk.ID // none = all, deleted ones too (G1.8)
	Since    time.Time // messages at or after, zero = all
	Until    time.Time // messages before, zero = all
	Page     store.Page
}

func (r Request) wants(k Kind) bool { return len(r.Kinds) == 0 || slices.Contains(r.Kinds, k) }

// timed reports that only messages of some time are wanted; names have none.
func (r Request) timed() bool { return !r.Since.IsZero() || !r.Until.IsZero() }

// Result is one page of what was found, newest first. A page may be short, even empty, and yet have a next one: a page
// looks at a bounded number of candidates.
type Result struct {
	Contacts      []Contact      // on the first page; with only KindContact asked for, every page
	Conversations []Conversation // one whose hits lie far apart may come again on a later page
	Next          string         // "" at the end
}

// Conversation is a conversation with what was found in it.
type Conversation struct {
	Conversation desk.Conversation
	Hits         []Hit // newest first, at most maxHits
	More         bool  // there are others on this page's stretch
}

// Hit is one place.
type Hit struct {
	Kind    Kind
	Message desk.Message // zero with KindTicket
	Text    string       // an excerpt around the first place, on one line
	Ranges  []Range      // where in Text
}

// Contact is a person who was found.
type Contact struct {
	Contact      desk.Contact
	Field        string // name, email, phone, external_id, or note
	Text         string
	Ranges       []Range
	Conversation desk.Conversation // the latest one that the viewer sees; zero if there is none
}

const (
	maxHits = 3
	// firstLook and maxLook are how many candidates are looked at first and in all for one page.
	firstLook = 50
	maxLook   = 1000
	// fewContacts is how many contacts stand above the conversations.
	fewContacts = 5
	defaultPage = 20
	maxPage     = 50
)

// finder answers one request.
type finder struct {
	r      store.Reader
	viewer Viewer
	ask    Request
	query  Query
	limit  int
	below  desk.ID // ids from here on are done, 0 on the first page

	found []Conversation
	place map[desk.ID]int               // conversation → found
	rows  map[desk.ID]desk.Conversation // seen by the viewer and of the channels asked for
}

// Find answers a request. Invalid: "cursor_invalid".
func Find(r store.Reader, viewer Viewer, ask Request) (Result, error) {
	f := &finder{r: r, viewer: viewer, ask: ask, query: ParseQuery(ask.Text), limit: ask.Page.Limit, place: map[desk.ID]int{}, rows: map[desk.ID]desk.Conversation{}}
	if f.limit <= 0 {
		f.limit = defaultPage
	}
	f.limit = min(f.limit, maxPage)
	var err error
	if f.below, err = parseCursor(ask.Page.After); err != nil {
		return Result{}, err
	}
	if f.query.Empty() {
		return Result{}, nil
	}
	people := len(ask.Kinds) == 1 && ask.Kinds[0] == KindContact
	if people || f.query.Short() {
		return f.people()
	}
	return f.everything()
}

// people are contacts alone, page by page.
func (f *finder) people() (result Result, err error) {
	if f.below == 0 {
		if err := f.ticket(); err != nil {
			return result, err
		}
	}
	if f.ask.wants(KindContact) && !f.ask.timed() {
		var next desk.ID
		if result.Contacts, next, err = f.contacts(f.limit); err != nil {
			return result, err
		}
		result.Next = formatCursor(next)
	}
	result.Conversations = f.found
	return result, nil
}

func (f *finder) everything() (result Result, err error) {
	if f.below == 0 {
		if err := f.ticket(); err != nil {
			return result, err
		}
		if f.ask.wants(KindContact) && !f.ask.timed() {
			if result.Contacts, _, err = f.contacts(fewContacts); err != nil {
				return result, err
			}
		}
	}
	next, err := f.messages()
	result.Conversations, result.Next = f.found, formatCursor(next)
	return result, err
}

// ticket finds a case by its number.
func (f *finder) ticket() error {
	if f.query.Number() == 0 || !f.ask.wants(KindTicket) || f.ask.timed() {
		return nil
	}
	t, err := f.r.Tickets().ByNumber(f.query.Number())
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	if err != nil {
		return err
	}
	if err := f.load([]desk.ID{t.ConversationID}); err != nil {
		return err
	}
	if _, ok := f.rows[t.ConversationID]; ok {
		text := "#" + strconv.FormatInt(t.Number, 10)
		f.hit(t.ConversationID, Hit{Kind: KindTicket, Text: text, Ranges: []Range{{0, len(text)}}})
	}
	return nil
}

// messages goes through candidates until the page is full; next is the id to go on below, 0 at the end.
func (f *finder) messages() (next desk.ID, err error) {
	var sets [][]store.Token
	for _, m := range []struct {
		kind Kind
		mark mark
	}{{KindMessage, inMessage}, {KindNote, inNote}, {KindFile, inFile}} {
		if f.ask.wants(m.kind) {
			sets = append(sets, f.query.lookup(m.mark))
		}
	}
	looked, below, look := 0, f.below, firstLook
	for looked < maxLook {
		ids, err := f.r.Search().Find(store.SearchQuery{Sets: sets, Below: below, From: f.from(), Limit: look})
		if err != nil {
			return 0, err
		}
		for part := range slices.Chunk(ids, firstLook) {
			full, err := f.judge(part)
			if err != nil || full != 0 {
				return full, err
			}
		}
		if len(ids) < look {
			return 0, nil
		}
		below = ids[len(ids)-1]
		looked += len(ids)
		look = min(look*4, 200)
	}
	return below, nil
}

// clockSlack is by how much a message's time may be after its id's (a provider's clock, G2.2).
const clockSlack = 10 * time.Minute

// from is the lowest id that may be of the time asked for: ids are drawn after the message's time, or little before it.
func (f *finder) from() desk.ID {
	if f.ask.Since.IsZero() {
		return 0
	}
	return desk.FirstID(f.ask.Since.Add(-clockSlack))
}

// judge looks at candidates themselves, newest first. When a hit needs one conversation more than the page has, it gives
// the id below which the next page starts.
func (f *finder) judge(ids []desk.ID) (full desk.ID, err error) {
	said, err := f.r.Messages().Many(ids)
	if err != nil {
		return 0, err
	}
	var candidates []desk.Message
	var hits []Hit
	var rows []desk.ID
	for _, m := range said {
		if h, ok := f.match(m); ok {
			candidates, hits, rows = append(candidates, m), append(hits, h), append(rows, m.ConversationID)
		}
	}
	if err := f.load(rows); err != nil {
		return 0, err
	}
	for i, m := range candidates {
		if _, ok := f.rows[m.ConversationID]; !ok {
			continue
		}
		if _, known := f.place[m.ConversationID]; !known && len(f.found) == f.limit {
			return m.ID + 1, nil
		}
		f.hit(m.ConversationID, hits[i])
	}
	return 0, nil
}

// match decides whether a message is what was asked for, by its words as they are now.
func (f *finder) match(m desk.Message) (Hit, bool) {
	if m.Author.Kind == desk.AuthorSystem || m.At.Before(f.ask.Since) || !f.ask.Until.IsZero() && !m.At.Before(f.ask.Until) {
		return Hit{}, false
	}
	kind := KindMessage
	if m.Author.Kind == desk.AuthorNote {
		kind = KindNote
	}
	if f.ask.wants(kind) {
		if text := m.Words(); f.query.Matches(text) {
			return f.excerpt(kind, m, text), true
		}
	}
	if f.ask.wants(KindFile) {
		for _, name := range fileNames(m) {
			if f.query.Matches(name) {
				return f.excerpt(KindFile, m, name), true
			}
		}
	}
	return Hit{}, false
}

func (f *finder) excerpt(kind Kind, m desk.Message, text string) Hit {
	h := Hit{Kind: kind, Message: m}
	h.Text, h.Ranges = excerpt(text, f.query.Ranges(text))
	return h
}

func (f *finder) hit(conversation desk.ID, h Hit) {
	i, ok := f.place[conversation]
	if !ok {
		i = len(f.found)
		f.place[conversation] = i
		f.found = append(f.found, Conversation{Conversation: f.rows[conversation]})
	}
	if len(f.found[i].Hits) == maxHits {
		f.found[i].More = true
		return
	}
	f.found[i].Hits = append(f.found[i].Hits, h)
}

// load reads the conversations that the viewer sees and that were asked for.
func (f *finder) load(ids []desk.ID) error {
	var unknown []desk.ID
	for _, id := range ids {
		if _, ok := f.rows[id]; !ok && !slices.Contains(unknown, id) {
			unknown = append(unknown, id)
		}
	}
	rows, err := f.r.Conversations().Many(unknown)
	for id, c := range rows {
		if f.shown(c) {
			f.rows[id] = c
		}
	}
	return err
}

func (f *finder) shown(c desk.Conversation) bool {
	return f.viewer.sees(c) && (len(f.ask.Channels) == 0 || slices.Contains(f.ask.Channels, c.ChannelID))
}

var errCursor = &desk.Error{Kind: desk.KindInvalid, Code: "cursor_invalid", Field: "after", Message: "the cursor is not one of ours"}

func formatCursor(below desk.ID) string {
	if below == 0 {
		return ""
	}
	return base64.RawURLEncoding.EncodeToString([]byte("found." + strconv.FormatInt(int64(below), 36)))
}

func parseCursor(cursor string) (desk.ID, error) {
	if cursor == "" {
		return 0, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return 0, errCursor
	}
	number, ok := strings.CutPrefix(string(text), "found.")
	if !ok {
		return 0, errCursor
	}
	below, err := strconv.ParseInt(number, 36, 64)
	if err != nil || below <= 0 || below > 1<<53 {
		return 0, errCursor
	}
	return desk.ID(below), nil
}
