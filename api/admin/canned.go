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
	Folder     string                 `json:"folder"`
	Files      []view.Attachment      `json:"files" doc:"Given anew to each message: use-canned-reply hands them out"`
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
	Folder   string                 `json:"folder,omitempty" maxLength:"200"`
	Files    []desk.ID              `json:"files,omitempty" maxItems:"10" doc:"The reply's own, or uploads of the caller's"`
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
	rest.Add(api, op("use-canned-reply", http.MethodPost, "/{id}/uses", "Take a reply into a message: a count, and its files anew as uploads of the caller's"), a.useCanned)
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

func (k keeper) viewOf(r store.Reader, c desk.CannedReply) (CannedReply, error) {
	files, err := cannedFiles(r, c)
	return CannedReply{
		ID: c.ID, Audience: c.Audience, TeamID: c.TeamID, Name: c.Name, Reading: c.Reading, Folder: c.Folder, Texts: c.Texts, Uses: c.Uses,
		Files:      rest.Views(files, func(f desk.Attachment) view.Attachment { return view.AttachmentOf(f, view.MemberLinks()) }),
		LastUsedAt: view.At(c.LastUsedAt), Mine: k.may(c) == nil, Version: c.Version,
	}, err
}

func (b CannedBody) reply(k keeper, id desk.ID) (desk.CannedReply, error) {
	c := desk.CannedReply{ID: id, Audience: b.Audience, Name: desk.CleanName(b.Name), Reading: desk.CleanName(b.Reading), Folder: desk.CleanName(b.Folder), Files: b.Files, TeamID: b.TeamID, Texts: map[desk.Locale]string{}}
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
		shown := make([]CannedReply, 0, len(all))
		for _, reply := range all {
			one, err := k.viewOf(r, reply)
			if err != nil {
				return err
			}
			shown = append(shown, one)
		}
		list = rest.NewItems(shown)
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
			if reply, err = tx.Canned().Get(before); err != nil {
				return out, err
			}
			return k.viewOf(tx, reply)
		}
		reply.CreatedAt = tx.Now()
		return keepCanned(tx, k, desk.CannedReply{}, reply)
	})
}

func keepCanned(tx store.Tx, k keeper, was, reply desk.CannedReply) (CannedReply, error) {
	if reply.TeamID != 0 {
		if _, err := tx.Teams().Get(reply.TeamID); err != nil {
			return CannedReply{}, err
		}
	}
	if err := keepCannedFiles(tx, k, was, reply); err != nil {
		return CannedReply{}, err
	}
	reply.UpdatedAt = tx.Now()
	reply.Version++
	changed(tx, k.Caller, desk.EventCannedReplyChanged, reply.ID)
	if err := tx.WriteCanned().Put(reply); err != nil {
		return CannedReply{}, err
	}
	return k.viewOf(tx, reply)
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
			current, err := k.viewOf(tx, was)
			if err != nil {
				return out, err
			}
			return out, rest.WithCurrent(conflict, current)
		}
		reply, err := in.Body.reply(k, in.ID)
		if err != nil {
			return out, err
		}
		reply.Uses, reply.LastUsedAt, reply.CreatedAt, reply.Version = was.Uses, was.LastUsedAt, was.CreatedAt, was.Version
		return keepCanned(tx, k, was, reply)
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
		if err := tx.WriteMessages().DeleteAttachmentsOf(in.ID); err != nil {
			return err
		}
		return tx.WriteCanned().Delete(in.ID)
	})
}

func joined(names []string) string { return strings.Join(names, ",") }
