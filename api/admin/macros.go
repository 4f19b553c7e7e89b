package admin

import (
	"cmp"
	"context"
	"net/http"
	"slices"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/account"
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

func (k keeper) macroOf(m desk.Macro) Macro {
	return Macro{
		ID: m.ID, Audience: m.Audience, TeamID: m.TeamID, Name: m.Name, Reading: m.Reading, Actions: m.Actions, Uses: m.Uses,
		LastUsedAt: view.At(m.LastUsedAt), ForMe: m.For(k.User(), k.teams), Mine: k.mayMacro(m) == nil, Version: m.Version,
	}
}

func (k keeper) mayMacro(m desk.Macro) error {
	return auth.MayKeepMacro(m, k.User(), k.teams, k.Can)
}

func (k keeper) seesMacro(m desk.Macro) bool { return m.For(k.User(), k.teams) || k.mayMacro(m) == nil }

func (b MacroBody) macro(k keeper, id desk.ID) (desk.Macro, error) {
	m := desk.Macro{ID: id, Audience: b.Audience, Name: desk.CleanName(b.Name), Reading: desk.CleanName(b.Reading), TeamID: b.TeamID, Actions: b.Actions}
	if b.Audience == desk.AudiencePersonal {
		m.Owner = k.User()
	}
	if err := m.Check(); err != nil {
		return m, err
	}
	return m, k.mayMacro(m)
}

func (a *API) listMacros(ctx context.Context, _ *struct{}) (list rest.Items[Macro], err error) {
	err = a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		k, err := keeperOf(r, c)
		if err != nil {
			return err
		}
		all, err := r.Macros().List()
		all = slices.DeleteFunc(all, func(m desk.Macro) bool { return !k.seesMacro(m) })
		slices.SortFunc(all, func(x, y desk.Macro) int { return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID)) })
		list = rest.NewItems(rest.Views(all, k.macroOf))
		return err
	})
	return list, err
}

func (a *API) postMacro(ctx context.Context, in *postMacro) (Macro, error) {
	repeat := rest.From(ctx).Repeat
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (out Macro, err error) {
		k, err := keeperOf(tx, c)
		if err != nil {
			return out, err
		}
		m, err := in.Body.macro(k, tx.NewID())
		if err != nil {
			return out, err
		}
		before, seen, err := account.Once(tx, c.Account(), "macro", repeat, m.ID)
		if err != nil {
			return out, err
		}
		if seen {
			m, err = tx.Macros().Get(before)
			return k.macroOf(m), err
		}
		m.CreatedAt = tx.Now()
		return keepMacro(tx, k, m)
	})
}

func keepMacro(tx store.Tx, k keeper, m desk.Macro) (Macro, error) {
	if m.TeamID != 0 {
		if _, err := tx.Teams().Get(m.TeamID); err != nil {
			return Macro{}, err
		}
	}
	if err := store.CheckActions(tx, m.Actions); err != nil {
		return Macro{}, err
	}
	m.UpdatedAt = tx.Now()
	m.Version++
	changed(tx, k.Caller, desk.EventMacroChanged, m.ID)
	return k.macroOf(m), tx.WriteMacros().Put(m)
}

// mineMacro reads a macro that the caller may change; one that is not even theirs to see is not there.
func mineMacro(tx store.Tx, k keeper, id desk.ID) (desk.Macro, error) {
	m, err := tx.Macros().Get(id)
	if err != nil {
		return m, err
	}
	if !k.seesMacro(m) {
		return m, desk.NotFound("macro")
	}
	return m, k.mayMacro(m)
}

func (a *API) putMacro(ctx context.Context, in *putMacro) (Macro, error) {
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (out Macro, err error) {
		k, err := keeperOf(tx, c)
		if err != nil {
			return out, err
		}
		was, err := mineMacro(tx, k, in.ID)
		if err != nil {
			return out, err
		}
		if was.Version != in.Body.Version {
			conflict := desk.Errorf(desk.KindConflict, "edited_meanwhile", "the macro is at version %d, not %d", was.Version, in.Body.Version)
			return out, rest.WithCurrent(conflict, k.macroOf(was))
		}
		m, err := in.Body.macro(k, in.ID)
		if err != nil {
			return out, err
		}
		m.Uses, m.LastUsedAt, m.CreatedAt, m.Version = was.Uses, was.LastUsedAt, was.CreatedAt, was.Version
		return keepMacro(tx, k, m)
	})
}

func (a *API) deleteMacro(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return rest.None{}, a.write(ctx, func(tx store.Tx, c *rest.Caller) error {
		k, err := keeperOf(tx, c)
		if err != nil {
			return err
		}
		if _, err := mineMacro(tx, k, in.ID); err != nil {
			return err
		}
		changed(tx, c, desk.EventMacroChanged, in.ID)
		return tx.WriteMacros().Delete(in.ID)
	})
}
