package rest

import (
	"encoding/json"

	"madoguchi/desk"
	"madoguchi/view"
)

// Session is who is signed in, where, and what they may do there.
type Session struct {
	User        SessionUser     `json:"user"`
	Member      view.Member     `json:"member"`
	Workspace   Workspace       `json:"workspace"`
	Memberships []Membership    `json:"memberships" doc:"The workspaces that this person may enter"`
	Permissions []string        `json:"permissions"`
	CSRF        string          `json:"csrf" doc:"Goes into X-CSRF-Token on everything but GET"`
	Preferences json.RawMessage `json:"preferences" doc:"An object, as PUT /preferences left it"`
	Server      ServerInfo      `json:"server"`
}

// SessionUser is the person.
type SessionUser struct {
	ID     desk.ID     `json:"id"`
	Name   string      `json:"name"`
	Email  string      `json:"email"`
	Locale desk.Locale `json:"locale" enum:"ja,en"`
	Zone   string      `json:"zone" doc:"IANA zone, empty = the browser's"`
}

// Workspace is one company's desk.
type Workspace struct {
	ID         desk.ID     `json:"id"`
	Name       string      `json:"name"`
	Locale     desk.Locale `json:"locale" enum:"ja,en"`
	Zone       string      `json:"zone"`
	ReopenDays int         `json:"reopen_days"`
}

// Membership names a workspace that a person may enter.
type Membership struct {
	WorkspaceID desk.ID `json:"workspace_id"`
	Name        string  `json:"name"`
}

// ServerInfo is what the browser may know of the server.
type ServerInfo struct {
	Version string    `json:"version"`
	Time    view.Time `json:"time" format:"date-time"`
}
