// Package demo fills a desk with believable made-up support conversations, in Japanese or English, so that a new
// workspace can be tried at once, and takes them away again without a trace. It also fills a desk fast with any number
// of conversations, for measuring (Seed).
//
// Where it sits: api/admin loads and removes, the command line and bench seed. It writes through store alone; what it
// made is remembered there (store.DemoRecords).
package demo

import (
	"context"

	"madoguchi/attachment"
	"madoguchi/desk"
	"madoguchi/store"
)

// Params says whose demo data to load.
type Params struct {
	Workspace desk.ID
	By        desk.ID     // the member who asked for it: some of the conversations are theirs
	Locale    desk.Locale // language of the texts; "" = the workspace's, unknown ones = English
	Channel   desk.ID     // where the customers wrote, 0 = the workspace's oldest channel

	// Keep stores a picture that a customer sent (attachment.Keeper.Keep); nil = no pictures.
	Keep func(context.Context, attachment.Upload) (desk.Attachment, error)
}

// SeedParams is the size of what Seed makes.
type SeedParams struct {
	Conversations int
	Messages      int // about how many per conversation, at least 1
}

// Load writes the demo data in one transaction and emits its events. Loading what is loaded does nothing, also when two
// load at once. Errors: "channel_not_found" when the workspace has no channel.
func Load(ctx context.Context, s store.Store, p Params) error {
	return desk.Errorf(desk.KindUnavailable, "demo_unavailable", "not yet")
}

// Remove deletes what Load made and what was added to it since, and nothing else. Without demo data it does nothing.
func Remove(ctx context.Context, s store.Store, workspace, by desk.ID) error {
	return desk.Errorf(desk.KindUnavailable, "demo_unavailable", "not yet")
}

// Loaded reports whether the workspace holds demo data.
func Loaded(ctx context.Context, s store.Store, workspace desk.ID) (bool, error) {
	return false, nil
}

// Seed adds so many made-up conversations to a workspace, spread over two years, statuses, members, teams and tags as
// they are in life. progress, if not nil, hears how many are done. Nothing is remembered: seeded data stays.
func Seed(ctx context.Context, s store.Store, workspace desk.ID, p SeedParams, progress func(done int)) error {
	return desk.Errorf(desk.KindUnavailable, "demo_unavailable", "not yet")
}
