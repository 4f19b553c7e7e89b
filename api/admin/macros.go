package admin

import (
	"cmp"
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

// Macro is a list of actions that people run at once (E29).
type Macro struct {
	ID         desk.ID       `json:"id"`
	Audience   desk.Audience `json:"audience" enum:"personal,team,workspace"`
	TeamID     desk.ID       `json:"team_id" doc:"With audience team, else 0"`
	Name       string        `json:"name"`
	Reading    string        `json:"reading" doc:"よみ: kana find it by this"`
	Actions    []desk.Action `json:"actions" doc:"Done in this order, all or none"`
	Uses       int64         `json:"uses"`
	LastUsedAt view.Time     `json:"last_used_at,omitzero" format:"date-time"`
	ForMe      bool          `json:"for_me" doc:"The caller may run it"`
	Mine       bool          `json:"mine" doc:"The caller may change it"`
	Version    int64         `json:"version"`
}

// MacroBody is a macro as its maker gives it.
type MacroBody struct {
	Audience desk.Audience `json:"audience" enum:"personal,team,workspace"`
	TeamID   desk.ID       `json:"team_id,omitempty" minimum:"0"`
	Name     string        `json:"name" minLength:"1" maxLength:"200"`
	Reading  string        `json:"reading,omitempty" maxLength:"200"`
	Actions  []desk.Action `json:"actions" maxItems:"50"`
}

type postMacro struct{ Body MacroBody }

type putMacro struct {
	rest.ByID
	Body struct {
		MacroBody
		Version int64 `json:"version" minimum:"1" doc:"The version that was seen; 409 edited_meanwhile if it is older than the record"`
	}
}

func (a *API) macros(api huma.API) {
	op := func(id, method, path, summary string) rest.Op {
		return rest.Op{ID: id, Method: method, Path: "/macros" + path, Tag: "Macros", Summary: summary, Can: auth.ConversationReply}
	}
	rest.Add(api, op("list-macros", http.MethodGet, "", "Those that I may run or look after"), a.listMacros)
	post := op("post-macro", http.MethodPost, "", "Make a macro")
	post.Status, post.Idempotent = http.StatusCreated, true
	rest.Add(api, post, a.postMacro)
	rest.Add(api, op("put-macro", http.MethodPut, "/{id}", "Change a macro"), a.putMacro)
	rest.Add(api, op("delete-macro", http.MethodDelete, "/{id}", "Delete a macro"), a.deleteMacro)
}

func macroShelf() shelf[desk.Macro, Macro] {
	s := shelf[desk.Macro, Macro]{
		kind:    "macro",
		records: func(r store.Reader) records[desk.Macro] { return r.Macros() },
		order:   func(x, y desk.Macro) int { return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID)) },
		rule:    auth.MayKeepMacro,
		version: func(m desk.Macro) int64 { return m.Version },
	}
	s.view = func(_ store.Reader, k keeper, m desk.Macro) (Macro, error) {
		return Macro{
			ID: m.ID, Audience: m.Audience, TeamID: m.TeamID, Name: m.Name, Reading: m.Reading, Actions: m.Actions, Uses: m.Uses,
			LastUsedAt: view.At(m.LastUsedAt), ForMe: m.For(k.User(), k.teams), Mine: s.may(k, m) == nil, Version: m.Version,
		}, nil
	}
	return s
}

// keepMacro puts what a request says in a macro's place.
func keepMacro(tx store.Tx, k keeper, m desk.Macro, b MacroBody) (desk.Macro, error) {
	m.Ownership, m.Name, m.Reading, m.Actions = k.ownership(b.Audience, b.TeamID), desk.CleanName(b.Name), desk.CleanName(b.Reading), b.Actions
	if err := m.Check(); err != nil {
		return m, err
	}
	if err := macroShelf().may(k, m); err != nil {
		return m, err
	}
	if err := hasTeam(tx, m.Ownership); err != nil {
		return m, err
	}
	if err := store.CheckActions(tx, m.Actions); err != nil {
		return m, err
	}
	m.UpdatedAt = tx.Now()
	m.Version++
	changed(tx, k.Caller, desk.EventMacroChanged, m.ID)
	return m, tx.WriteMacros().Put(m)
}

func (a *API) listMacros(ctx context.Context, _ *struct{}) (rest.Items[Macro], error) {
	return macroShelf().list(ctx, a)
}

func (a *API) postMacro(ctx context.Context, in *postMacro) (Macro, error) {
	return macroShelf().add(ctx, a, func(tx store.Tx, k keeper, id desk.ID) (desk.Macro, error) {
		return keepMacro(tx, k, desk.Macro{ID: id, CreatedAt: tx.Now()}, in.Body)
	})
}

func (a *API) putMacro(ctx context.Context, in *putMacro) (Macro, error) {
	return macroShelf().replace(ctx, a, in.ID, in.Body.Version, func(tx store.Tx, k keeper, was desk.Macro) (desk.Macro, error) {
		return keepMacro(tx, k, was, in.Body.MacroBody)
	})
}

func (a *API) deleteMacro(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return macroShelf().remove(ctx, a, in.ID, func(tx store.Tx, k keeper, m desk.Macro) error {
		changed(tx, k.Caller, desk.EventMacroChanged, m.ID)
		return tx.WriteMacros().Delete(m.ID)
	})
}
