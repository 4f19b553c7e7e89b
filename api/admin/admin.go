// Package admin is the REST API of the desk's administration: set-up, people, teams, tags, opening hours, channels, keys.
package admin

import (
	"context"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/account"
	"madoguchi/api/rest"
	"madoguchi/attachment"
	"madoguchi/channel"
	"madoguchi/connect"
	"madoguchi/desk"
	"madoguchi/export"
	"madoguchi/inbox"
	"madoguchi/mail"
	"madoguchi/seal"
	"madoguchi/store"
)

// API serves the operations. Its fields are what they stand on; the document needs none of them.
type API struct {
	Store     store.Store
	Accounts  *account.Service
	Inbox     *inbox.Service
	Exports   *export.Service
	Mail      *mail.Service
	Channels  channel.Registry
	Connect   *connect.Service
	Sealer    *seal.Keyring
	Files     *attachment.Keeper
	Now       desk.Clock
	Version   string
	PublicURL string // without a slash at the end
	SetupCode string // asked of who sets up; "" = not
	// SessionEnded tells the live sockets that a session or membership ended.
	SessionEnded func(ctx context.Context, workspace, user desk.ID)
	// CallSecret signs the requests that a workspace's actions make.
	CallSecret func(workspace desk.ID) []byte
	// Simulated reports whether the simulator plays a kind's provider; nil = of none.
	Simulated func(kind string) bool
}

// Register declares every operation of this package.
func (a *API) Register(api huma.API) {
	a.setup(api)
	a.members(api)
	a.roles(api)
	a.workspace(api)
	a.mails(api)
	a.brands(api)
	a.teams(api)
	a.availabilities(api)
	a.tags(api)
	a.canned(api)
	a.macros(api)
	a.triggers(api)
	a.savedViews(api)
	a.fields(api)
	a.exports(api)
	a.schedules(api)
	a.routing(api)
	a.sla(api)
	a.channels(api)
	a.surveys(api)
	a.channelHealth(api)
	a.templates(api)
	a.apiKeys(api)
	a.demoData(api)
	a.audit(api)
	a.sessions(api)
}

func (a *API) now() time.Time { return a.Now().UTC() }

// read runs fn on a snapshot of the caller's workspace.
func (a *API) read(ctx context.Context, fn func(r store.Reader, c *rest.Caller) error) error {
	c := rest.CallerOf(ctx)
	return a.Store.View(ctx, c.Workspace().ID, func(r store.Reader) error { return fn(r, c) })
}

// write runs fn in one transaction of the caller's workspace, one after another.
func (a *API) write(ctx context.Context, fn func(tx store.Tx, c *rest.Caller) error) error {
	c := rest.CallerOf(ctx)
	return a.Store.Update(ctx, c.Workspace().ID, func(tx store.Tx) error {
		if err := account.InOrder(tx); err != nil {
			return err
		}
		return fn(tx, c)
	})
}

// result is write for what makes something: what it made, or nothing with any error (store.Result).
func result[T any](ctx context.Context, a *API, fn func(tx store.Tx, c *rest.Caller) (T, error)) (T, error) {
	c := rest.CallerOf(ctx)
	return store.Result(ctx, a.Store, c.Workspace().ID, func(tx store.Tx) (T, error) {
		if err := account.InOrder(tx); err != nil {
			var none T
			return none, err
		}
		return fn(tx, c)
	})
}

// changed says in the log that a record of the administration changed.
func changed(tx store.Tx, c *rest.Caller, kind desk.EventKind, subject desk.ID) {
	tx.Emit(desk.Event{Kind: kind, At: tx.Now(), Actor: c.Account().By, SubjectID: subject})
}

// listed answers a list of records of the caller's workspace.
func listed[D, V any](ctx context.Context, a *API, all func(store.Reader) ([]D, error), of func(D) V) (list rest.Items[V], err error) {
	err = a.read(ctx, func(r store.Reader, _ *rest.Caller) error {
		records, err := all(r)
		list = rest.NewItems(rest.Views(records, of))
		return err
	})
	return list, err
}

// once makes a record of a kind, or for a request that is repeated (Idempotency-Key) answers the record that the first one
// made, as it is now.
func once[D, V any](ctx context.Context, a *API, kind string, get func(store.Tx, desk.ID) (D, error), of func(D) V,
	put func(tx store.Tx, c *rest.Caller, id desk.ID) (D, error),
) (V, error) {
	repeat := rest.From(ctx).Repeat
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (out V, err error) {
		id := tx.NewID()
		before, seen, err := account.Once(tx, c.Account(), kind, repeat, id)
		if err != nil {
			return out, err
		}
		var record D
		if seen {
			record, err = get(tx, before)
		} else {
			record, err = put(tx, c, id)
		}
		return of(record), err
	})
}
