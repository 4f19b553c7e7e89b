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
	ID             desk.ID                  `json:"id"`
	Name           string                   `json:"name"`
	Locale         desk.Locale              `json:"locale" enum:"ja,en"`
	Zone           string                   `json:"zone"`
	ReopenDays     int                      `json:"reopen_days"`
	Capacity       int                      `json:"capacity" doc:"How many slots of work a member has at once (E7)"`
	IdleMinutes    int                      `json:"idle_minutes" doc:"Without input until somebody online counts as away, 0 = never (E8)"`
	RequeueMinutes int                      `json:"requeue_minutes" doc:"How long a customer waits for an assignee who is offline, 0 = for ever (E15)"`
	ShowMonitoring bool                     `json:"show_monitoring" doc:"Who has a case sees that a supervisor watches it"`
	Files          FilePolicy               `json:"files" doc:"Which files are taken"`
	OptOutKeywords map[desk.Locale][]string `json:"opt_out_keywords" doc:"The workspace's own words that opt out beside STOP and the like, by language"`
	ExternalLinks  []desk.ExternalLink      `json:"external_links" doc:"Where a customer is found in other systems: https addresses with variables such as {{contact.email}}, whose values go in percent-encoded"`
}

// FilePolicy is which files a workspace takes, beside what server and channel take.
type FilePolicy struct {
	Kinds []FileRule `json:"kinds" maxItems:"4"`
	Types []string   `json:"types" maxItems:"100" doc:"Endings that other files may have, lower case; none = all"`
}

// FileRule is what holds for one kind of file.
type FileRule struct {
	Kind     desk.PartKind `json:"kind" enum:"image,audio,video,file"`
	Taken    bool          `json:"taken"`
	MaxBytes int64         `json:"max_bytes" minimum:"0" doc:"0 = as large as the server takes"`
}

// FilePolicyOf maps a policy; every kind is named.
func FilePolicyOf(p desk.FilePolicy) FilePolicy {
	v := FilePolicy{Types: append([]string{}, p.Types...)}
	for _, kind := range desk.FileKinds() {
		v.Kinds = append(v.Kinds, FileRule{Kind: kind, Taken: !p.Kinds[kind].Refused, MaxBytes: p.Kinds[kind].MaxBytes})
	}
	return v
}

// Policy is the reverse of FilePolicyOf.
func (v FilePolicy) Policy() desk.FilePolicy {
	p := desk.FilePolicy{Kinds: map[desk.PartKind]desk.FileRule{}, Types: v.Types}
	for _, rule := range v.Kinds {
		if !rule.Taken || rule.MaxBytes > 0 {
			p.Kinds[rule.Kind] = desk.FileRule{Refused: !rule.Taken, MaxBytes: rule.MaxBytes}
		}
	}
	return p
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
