// Package agent is the REST API of people at the desk: conversations, tickets, contacts, files and their own session.
package agent

import (
	"github.com/danielgtaylor/huma/v2"

	"madoguchi/desk"
)

// API serves the operations. Its fields are what they stand on.
type API struct{}

// Register declares every operation of this package.
func (a *API) Register(api huma.API) {
	a.session(api)
	a.conversations(api)
	a.messages(api)
	a.tickets(api)
	a.contacts(api)
	a.files(api)
}

// byID is the input of an operation on one record.
type byID struct {
	ID desk.ID `path:"id" minimum:"1"`
}

// paged are the parameters of a list.
type paged struct {
	After string `query:"after" maxLength:"500" doc:"The cursor of the page before"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}
