package admin

import (
	"cmp"
	"context"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

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

func cannedShelf() shelf[desk.CannedReply, CannedReply] {
	s := shelf[desk.CannedReply, CannedReply]{
		kind:    "canned_reply",
		records: func(r store.Reader) records[desk.CannedReply] { return r.Canned() },
		order:   func(x, y desk.CannedReply) int { return cmp.Or(cmp.Compare(x.Name, y.Name), cmp.Compare(x.ID, y.ID)) },
		rule:    auth.MayKeepCannedReply,
		version: func(c desk.CannedReply) int64 { return c.Version },
	}
	s.view = func(r store.Reader, k keeper, c desk.CannedReply) (CannedReply, error) {
		files, err := cannedFiles(r, c)
		return CannedReply{
			ID: c.ID, Audience: c.Audience, TeamID: c.TeamID, Name: c.Name, Reading: c.Reading, Folder: c.Folder, Texts: c.Texts, Uses: c.Uses,
			Files:      rest.Views(files, func(f desk.Attachment) view.Attachment { return view.AttachmentOf(f, view.MemberLinks()) }),
			LastUsedAt: view.At(c.LastUsedAt), Mine: s.may(k, c) == nil, Version: c.Version,
		}, err
	}
	return s
}

// cleanTexts are the texts that say something, each in a language that is known.
func (b CannedBody) cleanTexts() (map[desk.Locale]string, error) {
	texts := map[desk.Locale]string{}
	for l, text := range b.Texts {
		if err := locale.Check("texts", l); err != nil {
			return nil, err
		}
		if text = strings.TrimSpace(text); text != "" {
			texts[l] = text
		}
	}
	return texts, nil
}

// keepCanned puts what a request says in a canned reply's place.
func keepCanned(tx store.Tx, k keeper, was desk.CannedReply, b CannedBody) (c desk.CannedReply, err error) {
	c = was
	c.Ownership, c.Name, c.Reading, c.Folder = k.ownership(b.Audience, b.TeamID), desk.CleanName(b.Name), desk.CleanName(b.Reading), desk.CleanName(b.Folder)
	c.Files = b.Files
	if c.Texts, err = b.cleanTexts(); err != nil {
		return c, err
	}
	if err := c.Check(); err != nil {
		return c, err
	}
	if err := cannedShelf().may(k, c); err != nil {
		return c, err
	}
	if err := hasTeam(tx, c.Ownership); err != nil {
		return c, err
	}
	if err := keepCannedFiles(tx, k, was, c); err != nil {
		return c, err
	}
	c.UpdatedAt = tx.Now()
	c.Version++
	changed(tx, k.Caller, desk.EventCannedReplyChanged, c.ID)
	return c, tx.WriteCanned().Put(c)
}

func (a *API) listCanned(ctx context.Context, _ *struct{}) (rest.Items[CannedReply], error) {
	return cannedShelf().list(ctx, a)
}

func (a *API) postCanned(ctx context.Context, in *postCanned) (CannedReply, error) {
	return cannedShelf().add(ctx, a, func(tx store.Tx, k keeper, id desk.ID) (desk.CannedReply, error) {
		return keepCanned(tx, k, desk.CannedReply{ID: id, CreatedAt: tx.Now()}, in.Body)
	})
}

func (a *API) putCanned(ctx context.Context, in *putCanned) (CannedReply, error) {
	return cannedShelf().replace(ctx, a, in.ID, in.Body.Version, func(tx store.Tx, k keeper, was desk.CannedReply) (desk.CannedReply, error) {
		return keepCanned(tx, k, was, in.Body.CannedBody)
	})
}

func (a *API) deleteCanned(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return cannedShelf().remove(ctx, a, in.ID, func(tx store.Tx, k keeper, c desk.CannedReply) error {
		changed(tx, k.Caller, desk.EventCannedReplyChanged, c.ID)
		if err := tx.WriteMessages().DeleteAttachmentsOf(c.ID); err != nil {
			return err
		}
		return tx.WriteCanned().Delete(c.ID)
	})
}
