package agent

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/search"
	"madoguchi/store"
	"madoguchi/view"
)

type searchFor struct {
	Text     string    `query:"q" minLength:"1" maxLength:"200" required:"true" doc:"Words that must all occur; the last one may go on. One character searches names only."`
	Kinds    []string  `query:"kind" maxItems:"5" enum:"message,note,file,ticket,contact" doc:"None = all"`
	Channels []int64   `query:"channel" maxItems:"50"`
	Since    view.Time `query:"since" format:"date-time" doc:"Said at or after"`
	Until    view.Time `query:"until" format:"date-time" doc:"Said before"`
	After    string    `query:"after" maxLength:"100" doc:"The cursor of the page before"`
	Limit    int       `query:"limit" minimum:"1" maximum:"50" default:"20" doc:"Conversations of a page"`
}

// Found is one page of what a search found, newest first.
type Found struct {
	Contacts      []FoundContact      `json:"contacts" doc:"On the first page; with kind=contact, and for one character, on every page"`
	Conversations []FoundConversation `json:"conversations" doc:"A conversation whose hits lie far apart may come again on a later page"`
	Next          string              `json:"next" doc:"The next page's cursor, empty at the end. A page may be short, even empty, and have a next one."`
}

// FoundConversation is a conversation with what was found in it.
type FoundConversation struct {
	Row  view.Row `json:"row"`
	Hits []Hit    `json:"hits" doc:"Newest first, at most three"`
	More bool     `json:"more" doc:"There are more hits in it"`
}

// Hit is one place that was found.
type Hit struct {
	Kind      search.Kind `json:"kind" enum:"message,note,file,ticket"`
	MessageID desk.ID     `json:"message_id,omitempty"`
	Seq       int64       `json:"seq,omitempty" doc:"The message's, to open the conversation at"`
	Author    view.Author `json:"author"`
	At        view.Time   `json:"at,omitzero" format:"date-time"`
	Excerpt
}

// Excerpt is a line of text with what was looked for marked.
type Excerpt struct {
	Text   string     `json:"text"`
	Ranges []TextSpan `json:"ranges"`
}

// TextSpan is a piece of a text in UTF-16 units.
type TextSpan struct {
	Start int `json:"start"`
	End   int `json:"end"`
}

// FoundContact is a person who was found.
type FoundContact struct {
	ID             desk.ID `json:"id"`
	Name           string  `json:"name"`
	Email          string  `json:"email"`
	Phone          string  `json:"phone"`
	Field          string  `json:"field" enum:",name,email,phone,external_id,note" doc:"Where it was found; empty if in several together"`
	ConversationID desk.ID `json:"conversation_id,omitempty" doc:"The latest that the caller sees"`
	Excerpt
}

type searchWithin struct {
	rest.ByID
	Text   string `query:"q" maxLength:"200" doc:"As for a search; one character is enough here"`
	Before int64  `query:"before" minimum:"0" doc:"The next of the page before; absent = from the end"`
}

// FoundWithin is one page of what was found in one conversation.
type FoundWithin struct {
	Items []Hit `json:"items" doc:"Newest first"`
	Next  int64 `json:"next" doc:"Where the next page begins, 0 at the beginning of the conversation. A page may be short, even empty, and have a next one."`
}

func (a *API) search(api huma.API) {
	rest.Add(api, rest.Op{ID: "search", Method: http.MethodGet, Path: "/search", Tag: "Search",
		Summary: "Find messages, notes, files, cases and customers", Can: auth.ConversationRead,
		Description: "Width, case and kana make no difference. Words of scripts without spaces are found anywhere, others from their beginning."}, a.find)
	rest.Add(api, rest.Op{ID: "search-conversation", Method: http.MethodGet, Path: "/conversations/{id}/search", Tag: "Search",
		Summary: "Find messages, notes and files in one conversation", Can: auth.ConversationRead}, a.findWithin)
}

func (a *API) findWithin(ctx context.Context, in *searchWithin) (out FoundWithin, err error) {
	err = a.read(ctx, func(r store.Reader, _ *rest.Caller) error {
		if _, err := r.Conversations().Get(in.ID); err != nil {
			return err
		}
		found, err := search.FindWithin(r, in.ID, in.Text, in.Before)
		out = FoundWithin{Items: rest.Views(found.Hits, hitOf), Next: found.Next}
		return err
	})
	return out, err
}

func (a *API) find(ctx context.Context, in *searchFor) (out Found, err error) {
	ask := search.Request{
		Text: in.Text, Kinds: texts[search.Kind](in.Kinds), Channels: ids(in.Channels), Since: in.Since.Time, Until: in.Until.Time,
		Page: store.Page{After: in.After, Limit: in.Limit},
	}
	err = a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		viewer, err := viewerOf(r, c)
		if err != nil {
			return err
		}
		found, err := search.Find(r, viewer, ask)
		if err != nil {
			return err
		}
		out, err = foundOf(r, c, found)
		return err
	})
	return out, err
}

// viewerOf is the caller with what they may see (J2).
func viewerOf(r store.Reader, c *rest.Caller) (v search.Viewer, err error) {
	v = search.Viewer{Member: c.User(), Scope: c.Scope()}
	v.Teams, err = r.Teams().Of(v.Member)
	return v, err
}

func foundOf(r store.Reader, c *rest.Caller, found search.Result) (Found, error) {
	out := Found{Contacts: make([]FoundContact, 0, len(found.Contacts)), Conversations: make([]FoundConversation, 0, len(found.Conversations)), Next: found.Next}
	for _, p := range found.Contacts {
		out.Contacts = append(out.Contacts, FoundContact{
			ID: p.Contact.ID, Name: p.Contact.Name, Email: p.Contact.Email, Phone: p.Contact.Phone, Field: p.Field,
			ConversationID: p.Conversation.ID, Excerpt: excerptOf(p.Text, p.Ranges),
		})
	}
	records := make([]desk.Conversation, 0, len(found.Conversations))
	for _, f := range found.Conversations {
		records = append(records, f.Conversation)
	}
	rows, err := view.Rows(r, c.User(), records)
	if err != nil {
		return out, err
	}
	for i, f := range found.Conversations {
		out.Conversations = append(out.Conversations, FoundConversation{Row: rows[i], Hits: rest.Views(f.Hits, hitOf), More: f.More})
	}
	return out, nil
}

func hitOf(h search.Hit) Hit {
	author := view.Author{Kind: h.Message.Author.Kind, ID: h.Message.Author.ID, Name: h.Message.Author.Name}
	if h.Kind == search.KindTicket {
		author.Kind = desk.AuthorSystem
	}
	return Hit{Kind: h.Kind, MessageID: h.Message.ID, Seq: h.Message.Seq, Author: author, At: view.At(h.Message.At), Excerpt: excerptOf(h.Text, h.Ranges)}
}

func excerptOf(text string, ranges []search.Range) Excerpt {
	e := Excerpt{Text: text, Ranges: make([]TextSpan, 0, len(ranges))}
	for _, r := range ranges {
		e.Ranges = append(e.Ranges, TextSpan(r))
	}
	return e
}
