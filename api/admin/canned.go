package admin

import (
	"cmp"
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/account"
	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
	"madoguchi/view"
)

// CannedReply is a text kept to be used again (G4.5).
type CannedReply struct {
	ID         desk.ID                `json:"id"`
	Audience   desk.Audience          `json:"audience" enum:"personal,team,workspace"`
	TeamID     desk.ID                `json:"team_id" doc:"With audience team, else 0"`
	Name       string                 `json:"name"`
	Reading    string                 `json:"reading" doc:"よみ: kana find it by this"`
	Texts      map[desk.Locale]string `json:"texts" doc:"By language; {{contact.name}} and the like are filled in by the composer"`
	Uses       int64                  `json:"uses"`
	LastUsedAt view.Time              `json:"last_used_at,omitzero" format:"date-time"`
	Mine       bool                   `json:"mine" doc:"The caller may change it"`
	Version    int64                  `json:"version"`
}

// CannedBody is a canned reply as its writer gives it.
type CannedBody struct {
	Audience desk.Audience          `json:"audience" enum:"personal,team,workspace"`
	TeamID   desk.ID                `json:"team_id,omitempty" minimum:"0"`
	Name     string                 `json:"name" minLength:"1" maxLength:"200"`
	Reading  string                 `json:"reading,omitempty" maxLength:"200"`
	Texts    map[desk.Locale]string `json:"texts"`
}

type postCanned struct{ Body CannedBody }

type putCanned struct {
	rest.ByID
	Body struct {
		CannedBody
		Version int64 `json:"version" minimum:"1" doc:"The version that was seen; 409 edited_meanwhile if it is older than the record"`
	}
}

func (a *API) canned(api huma.API) {
	op := func(id, method, path, summary string) rest.Op {
		return rest.Op{ID: id, Method: method, Path: "/canned-replies" + path, Tag: "Canned replies", Summary: summary, Can: auth.ConversationReply}
	}
	rest.Add(api, op("list-canned-replies", http.MethodGet, "", "Those that I may use"), a.listCanned)
	post := op("post-canned-reply", http.MethodPost, "", "Keep a reply")
	post.Status, post.Idempotent = http.StatusCreated, true
	rest.Add(api, post, a.postCanned)
	rest.Add(api, op("put-canned-reply", http.MethodPut, "/{id}", "Change a reply"), a.putCanned)
	rest.Add(api, op("delete-canned-reply", http.MethodDelete, "/{id}", "Delete a reply"), a.deleteCanned)
	rest.Add(api, op("use-canned-reply", http.MethodPost, "/{id}/uses", "Count a use"), a.useCanned)
}

// keeper is a caller with the teams they are in.
type keeper struct {
	*rest.Caller
	teams []desk.ID
}

func keeperOf(r store.Reader, c *rest.Caller) (keeper, error) {
	teams, err := r.Teams().Of(c.User())
	return keeper{c, teams}, err
}

func (k keeper) may(c desk.CannedReply) error {
	return auth.MayKeepCannedReply(c, k.User(), k.teams, k.Can)
}

// sees reports whether the reply is for the caller, or theirs to look after.
func (k keeper) sees(c desk.CannedReply) bool { return c.For(k.User(), k.teams) || k.may(c) == nil }

func (k keeper) viewOf(c desk.CannedReply) CannedReply {
	return CannedReply{
		ID: c.ID, Audience: c.Audience, TeamID: c.TeamID, Name: c.Name, Reading: c.Reading, Texts: c.Texts, Uses: c.Uses,
		LastUsedAt: view.At(c.LastUsedAt), Mine: k.may(c) == nil, Version: c.Version,
	}
}

func (b CannedBody) reply(k keeper, id desk.ID) (desk.CannedReply, error) {
	c := desk.CannedReply{ID: id, Audience: b.Audience, Name: cleanName(b.Name), Reading: cleanName(b.Reading), TeamID: b.TeamID, Texts: map[desk.Locale]string{}}
	if b.Audience == desk.AudiencePersonal {
		c.Owner = k.User()
	}
	for l, text := range b.Texts {
		if err := locale.Check("texts", l); err != nil {
			return c, err
		}
		if text = strings.TrimSpace(text); text != "" {
			c.Texts[l] = text
		}
	}
	if err := c.Check(); err != nil {
		return c, err
	}
	return c, k.may(c)
}

func (a *API) listCanned(ctx context.Context, _ *struct{}) (list rest.Items[CannedReply], err error) {
	err = a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		k, err := keeperOf(r, c)
		if err != nil {
			return err
		}
		all, err := r.Canned().List()
		all = slices.DeleteFunc(all, func(c desk.CannedReply) bool { return !k.sees(c) })
		slices.SortFunc(all, func(x, y desk.CannedReply) int { return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID)) })
		list = rest.NewItems(rest.Views(all, k.viewOf))
		return err
	})
	return list, err
}

func (a *API) postCanned(ctx context.Context, in *postCanned) (CannedReply, error) {
	repeat := rest.From(ctx).Repeat
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (out CannedReply, err error) {
		k, err := keeperOf(tx, c)
		if err != nil {
			return out, err
		}
		reply, err := in.Body.reply(k, tx.NewID())
		if err != nil {
			return out, err
		}
		before, seen, err := account.Once(tx, c.Account(), "canned_reply", repeat, reply.ID)
		if err != nil {
			return out, err
		}
		if seen {
			reply, err = tx.Canned().Get(before)
			return k.viewOf(reply), err
		}
		reply.CreatedAt = tx.Now()
		return keepCanned(tx, k, reply)
	})
}

func keepCanned(tx store.Tx, k keeper, reply desk.CannedReply) (CannedReply, error) {
	if reply.TeamID != 0 {
		if _, err := tx.Teams().Get(reply.TeamID); err != nil {
			return CannedReply{}, err
		}
	}
	reply.UpdatedAt = tx.Now()
	reply.Version++
	changed(tx, k.Caller, desk.EventCannedReplyChanged, reply.ID)
	return k.viewOf(reply), tx.WriteCanned().Put(reply)
}

// mine reads a reply that the caller may change; one that is not even theirs to see is not there.
func mineCanned(tx store.Tx, k keeper, id desk.ID) (desk.CannedReply, error) {
	c, err := tx.Canned().Get(id)
	if err != nil {
		return c, err
	}
	if !k.sees(c) {
		return c, desk.NotFound("canned_reply")
	}
	return c, k.may(c)
}

func (a *API) putCanned(ctx context.Context, in *putCanned) (CannedReply, error) {
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (out CannedReply, err error) {
		k, err := keeperOf(tx, c)
		if err != nil {
			return out, err
		}
		was, err := mineCanned(tx, k, in.ID)
		if err != nil {
			return out, err
		}
		if was.Version != in.Body.Version {
			conflict := desk.Errorf(desk.KindConflict, "edited_meanwhile", "the reply is at version %d, not %d", was.Version, in.Body.Version)
			return out, rest.WithCurrent(conflict, k.viewOf(was))
		}
		reply, err := in.Body.reply(k, in.ID)
		if err != nil {
			return out, err
		}
		reply.Uses, reply.LastUsedAt, reply.CreatedAt, reply.Version = was.Uses, was.LastUsedAt, was.CreatedAt, was.Version
		return keepCanned(tx, k, reply)
	})
}

func (a *API) deleteCanned(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return rest.None{}, a.write(ctx, func(tx store.Tx, c *rest.Caller) error {
		k, err := keeperOf(tx, c)
		if err != nil {
			return err
		}
		if _, err := mineCanned(tx, k, in.ID); err != nil {
			return err
		}
		changed(tx, c, desk.EventCannedReplyChanged, in.ID)
		return tx.WriteCanned().Delete(in.ID)
	})
}

func (a *API) useCanned(ctx context.Context, in *rest.ByID) (rest.None, error) {
	c := rest.CallerOf(ctx)
	return rest.None{}, a.Store.Update(ctx, c.Workspace().ID, func(tx store.Tx) error {
		k, err := keeperOf(tx, c)
		if err != nil {
			return err
		}
		reply, err := tx.Canned().Get(in.ID)
		if err == nil && !k.sees(reply) {
			err = desk.NotFound("canned_reply")
		}
		if err != nil {
			return err
		}
		return tx.WriteCanned().Used(in.ID, tx.Now())
	})
}

func joined(names []string) string { return strings.Join(names, ",") }
