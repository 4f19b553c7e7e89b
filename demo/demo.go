// Package demo fills a desk with believable made-up support conversations, in Japanese or English, so that a new
// workspace can be tried at once, and takes them away again without a trace. It also fills a desk fast with any number
// of conversations, for measuring (Seed).
//
// Where it sits: api/admin loads and removes, the command line and bench seed. It writes through store alone; what it
// made is remembered there (store.DemoRecord).
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

// Loaded reports whether the workspace holds demo data.
func Loaded(ctx context.Context, s store.Store, workspace desk.ID) (loaded bool, err error) {
	err = s.View(ctx, workspace, func(r store.Reader) error {
		records, err := r.Demo().Records()
		loaded = len(records) > 0
		return err
	})
	return loaded, err
}

// pickChannel finds the channel where demo customers write; 0 is the oldest.
func pickChannel(r store.Reader, id desk.ID) (desk.Channel, error) {
	if id != 0 {
		return r.Channels().Get(id)
	}
	all, err := r.Channels().List()
	if err != nil {
		return desk.Channel{}, err
	}
	if len(all) == 0 {
		return desk.Channel{}, desk.NotFound("channel")
	}
	return all[0], nil
}
