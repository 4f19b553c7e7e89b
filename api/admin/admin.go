// Package admin is the REST API of the desk's administration: set-up, people, teams, tags, opening hours, channels, keys.
package admin

import (
	"github.com/danielgtaylor/huma/v2"

	"madoguchi/desk"
)

// API serves the operations. Its fields are what they stand on.
type API struct{}

// Register declares every operation of this package.
func (a *API) Register(api huma.API) {
	a.setup(api)
	a.members(api)
	a.workspace(api)
	a.teams(api)
	a.tags(api)
	a.schedules(api)
	a.channels(api)
	a.apiKeys(api)
	a.demo(api)
}

// byID is the input of an operation on one record.
type byID struct {
	ID desk.ID `path:"id" minimum:"1"`
}
