// Package agent is the REST API of people at the desk: conversations, tickets, contacts, files and their own session.
package agent

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/account"
	"madoguchi/api/rest"
	"madoguchi/assign"
	"madoguchi/attachment"
	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/linkpreview"
	"madoguchi/notify"
	"madoguchi/outbox"
	"madoguchi/store"
	"madoguchi/view"
)

// API serves the operations. Its fields are what they stand on; the document needs none of them.
type API struct {
	Store    store.Store
	Accounts *account.Service
	Inbox    *inbox.Service
	Notify   *notify.Service
	Mails    bool // e-mails are sent to members
	Assign   *assign.Service
	Files    *attachment.Keeper
	Now      desk.Clock
	Version  string
	// MemberRead hears how far a member read, so that the customer may be told (G2.8); nil = nobody is.
	MemberRead func(workspace, conversation, user desk.ID, seq int64)
	// React sets an emoji on a customer's message at the provider; nil = no channel can.
	React func(ctx context.Context, workspace desk.ID, m desk.Message, emoji string) error
	// Preview tells how a message would look at the customer's.
	Preview func(ctx context.Context, workspace desk.ID, m desk.Message) (outbox.Preview, error)
	// Links tells what pages say of themselves.
	Links *linkpreview.Service
	// SessionEnded tells the live sockets that a session or membership ended.
	SessionEnded func(ctx context.Context, workspace, user desk.ID)
}

// Register declares every operation of this package.
func (a *API) Register(api huma.API) {
	a.session(api)
	a.availability(api)
	a.conversations(api)
	a.bulk(api)
	a.board(api)
	a.waits(api)
	a.messages(api)
	a.linkPreviews(api)
	a.macros(api)
	a.tickets(api)
	a.contacts(api)
	a.blocks(api)
	a.optOuts(api)
	a.timeline(api)
	a.files(api)
	a.search(api)
	a.notifications(api)
	a.scheduled(api)
	a.reminders(api)
	a.push(api)
}

// Paged are the parameters of a list.
type Paged struct {
	After string `query:"after" maxLength:"500" doc:"The cursor of the page before"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

func (p Paged) page() store.Page { return store.Page{After: p.After, Limit: p.Limit} }

// read runs fn on a snapshot of what the caller sees of their workspace (J2).
func (a *API) read(ctx context.Context, fn func(r store.Reader, c *rest.Caller) error) error {
	return a.readAll(ctx, func(r store.Reader, c *rest.Caller) error {
		seen, err := view.Within(r, c.User(), c.Scope())
		if err != nil {
			return err
		}
		return fn(seen, c)
	})
}

// readAll runs fn on a snapshot of the caller's whole workspace: for what the caller has just done, or may never see.
func (a *API) readAll(ctx context.Context, fn func(r store.Reader, c *rest.Caller) error) error {
	c := rest.CallerOf(ctx)
	return a.Store.View(ctx, c.Workspace().ID, func(r store.Reader) error { return fn(r, c) })
}

// row reads a conversation as the caller left it: also one that is out of their sight now.
func (a *API) row(ctx context.Context, id desk.ID) (row view.Row, err error) {
	err = a.readAll(ctx, func(r store.Reader, c *rest.Caller) error {
		found, err := r.Conversations().Get(id)
		if err != nil {
			return err
		}
		row, err = rowOf(r, c, found)
		return err
	})
	return row, err
}

// rowOf is one row as the caller sees it.
func rowOf(r store.Reader, c *rest.Caller, found desk.Conversation) (view.Row, error) {
	rows, err := view.Rows(r, c.User(), []desk.Conversation{found})
	if err != nil {
		return view.Row{}, err
	}
	return rows[0], nil
}

func (a *API) now() time.Time { return a.Now().UTC() }

// people are the workspace's members, for the faces beside what they wrote.
func people(r store.Reader) (view.People, error) {
	members, err := r.Members().List()
	return view.PeopleOf(members), err
}

func ids(numbers []int64) []desk.ID {
	if len(numbers) == 0 {
		return nil
	}
	all := make([]desk.ID, len(numbers))
	for i, n := range numbers {
		all[i] = desk.ID(n)
	}
	return all
}

func texts[T ~string](values []string) []T {
	if len(values) == 0 {
		return nil
	}
	all := make([]T, len(values))
	for i, v := range values {
		all[i] = T(v)
	}
	return all
}
