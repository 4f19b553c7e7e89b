package agent

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

// entry is one thing in a contact's timeline (F11). What is set depends on Kind.
type entry struct {
	ID     string            `json:"id" doc:"Unique within the timeline"`
	Kind   string            `json:"kind" enum:"ticket_opened,ticket_resolved,conversation,note,change,blocked,unblocked,visit,created"`
	At     view.Time         `json:"at" format:"date-time"`
	Actor  *desk.Actor       `json:"actor,omitempty"`
	Ticket *view.Ticket      `json:"ticket,omitempty"`
	Row    *view.Row         `json:"conversation,omitempty"`
	Note   *view.ContactNote `json:"note,omitempty"`
	// Changes are fields with their old and new values.
	Changes []desk.Change `json:"changes,omitempty"`
	Visitor *view.Visitor `json:"visitor,omitempty"`
}

type listTimeline struct {
	rest.ByID
	Before int64 `query:"before" minimum:"0" doc:"Milliseconds since 1970: what happened earlier; from next of the page before"`
	Limit  int   `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

// timelinePage is a piece of a timeline.
type timelinePage struct {
	Items []entry `json:"items" doc:"Newest first"`
	Next  int64   `json:"next" doc:"before of the next page, 0 at the end"`
}

func (a *API) timeline(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-contact-timeline", Method: http.MethodGet, Path: "/contacts/{id}/timeline", Tag: "Contacts",
		Summary: "What happened with this customer, newest first", Can: auth.ConversationRead}, a.listTimeline)
}

// listTimeline merges the records' own times. Things of one instant stay together, so that a page may be a little longer.
func (a *API) listTimeline(ctx context.Context, in *listTimeline) (timelinePage, error) {
	before := time.UnixMilli(1 << 52)
	if in.Before > 0 {
		before = time.UnixMilli(in.Before)
	}
	return ofContact(ctx, a, in.ID, func(r store.Reader, c *rest.Caller) (page timelinePage, err error) {
		var all []entry
		for _, source := range []func(store.Reader, *rest.Caller, desk.ID) ([]entry, error){ticketEntries, threadEntries, noteEntries, visitEntries} {
			some, err := source(r, c, in.ID)
			if err != nil {
				return page, err
			}
			all = append(all, some...)
		}
		changes, oldest, err := changeEntries(r, in.ID, before, in.Limit)
		if err != nil {
			return page, err
		}
		all = append(all, changes...)
		all = slices.DeleteFunc(all, func(e entry) bool { return !e.At.Before(before) || e.At.Before(oldest) })
		slices.SortStableFunc(all, func(x, y entry) int { return cmp.Or(y.At.Compare(x.At.Time), cmp.Compare(y.ID, x.ID)) })
		n := min(in.Limit, len(all))
		for n > 0 && n < len(all) && all[n].At.Equal(all[n-1].At.Time) {
			n++
		}
		page.Items = append([]entry{}, all[:n]...)
		if n > 0 && (n < len(all) || !oldest.IsZero()) {
			page.Next = all[n-1].At.UnixMilli()
		}
		return page, nil
	})
}

// seenThreads are a contact's conversations within the caller's scope (J2).
func seenThreads(r store.Reader, c *rest.Caller, contact desk.ID) ([]desk.Conversation, error) {
	threads, err := r.Conversations().OfContact(contact)
	if err != nil {
		return nil, err
	}
	v, err := viewerOf(r, c)
	return slices.DeleteFunc(threads, func(t desk.Conversation) bool { return t.TicketID == 0 || !v.Scope.Sees(v.Member, v.Teams, t) }), err
}

// seenTickets are a contact's cases within the caller's scope: those of conversations they see.
func seenTickets(r store.Reader, c *rest.Caller, contact desk.ID) ([]desk.Ticket, error) {
	threads, err := seenThreads(r, c, contact)
	if err != nil {
		return nil, err
	}
	tickets, err := r.Tickets().OfContact(contact)
	return slices.DeleteFunc(tickets, func(t desk.Ticket) bool {
		return !slices.ContainsFunc(threads, func(one desk.Conversation) bool { return one.ID == t.ConversationID })
	}), err
}

func ticketEntries(r store.Reader, c *rest.Caller, contact desk.ID) (all []entry, err error) {
	found, err := seenTickets(r, c, contact)
	if err != nil {
		return nil, err
	}
	tickets, err := view.Tickets(r, found...)
	for i := range tickets {
		v := &tickets[i]
		all = append(all, entry{ID: "o" + v.ID.String(), Kind: "ticket_opened", At: v.CreatedAt, Ticket: v})
		if v.Status.Resolved() {
			all = append(all, entry{ID: "r" + v.ID.String(), Kind: "ticket_resolved", At: v.ResolvedAt, Ticket: v})
		}
	}
	return all, err
}

func threadEntries(r store.Reader, c *rest.Caller, contact desk.ID) (all []entry, err error) {
	threads, err := seenThreads(r, c, contact)
	if err != nil {
		return nil, err
	}
	rows, err := view.Rows(r, c.User(), threads)
	for i := range rows {
		all = append(all, entry{ID: "c" + rows[i].ID.String(), Kind: "conversation", At: view.At(threads[i].CreatedAt), Row: &rows[i]})
	}
	return all, err
}

func noteEntries(r store.Reader, _ *rest.Caller, contact desk.ID) (all []entry, err error) {
	notes, err := r.Contacts().Notes(contact)
	for _, n := range notes {
		v := view.ContactNoteOf(n)
		all = append(all, entry{ID: "n" + n.ID.String(), Kind: "note", At: v.CreatedAt, Note: &v, Actor: &desk.Actor{Kind: desk.ActorUser, ID: n.AuthorID}})
	}
	return all, err
}

func visitEntries(r store.Reader, _ *rest.Caller, contact desk.ID) (all []entry, err error) {
	visitors, err := r.Visitors().ByContact(contact)
	for _, b := range visitors {
		shown := view.Visitor{PageURL: b.PageURL, PageTitle: b.PageTitle, UserAgent: b.UserAgent, SeenAt: view.At(b.SeenAt), Locale: b.Locale}
		all = append(all, entry{ID: "v" + b.ID.String(), Kind: "visit", At: shown.SeenAt, Visitor: &shown})
	}
	return all, err
}

// changeEntries reads the log; oldest is set when there is more of it before that instant.
func changeEntries(r store.Reader, contact desk.ID, before time.Time, limit int) (all []entry, oldest time.Time, err error) {
	kinds := map[desk.EventKind]string{
		desk.EventContactCreated: "created", desk.EventContactChanged: "change", desk.EventIdentityBlocked: "blocked", desk.EventIdentityUnblocked: "unblocked",
	}
	for below := int64(0); ; {
		events, err := r.Contacts().Events(contact, below, 200)
		if err != nil {
			return nil, oldest, err
		}
		for _, e := range events {
			below = e.Seq
			if !e.At.Before(before) || e.Kind == desk.EventContactChanged && len(e.Changes) == 0 {
				continue
			}
			if len(all) > limit {
				return all, all[len(all)-1].At.Time, nil
			}
			actor := e.Actor
			all = append(all, entry{ID: "e" + strconv.FormatInt(e.Seq, 10), Kind: kinds[e.Kind], At: view.At(e.At), Actor: &actor, Changes: e.Changes})
		}
		if len(events) < 200 {
			return all, oldest, nil
		}
	}
}
