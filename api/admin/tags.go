package admin

import (
	"context"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"golang.org/x/text/unicode/norm"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

type postTag struct {
	Body struct {
		Name  string `json:"name" minLength:"1" maxLength:"100" doc:"1–40 characters after normalisation (NFKC, lower case)"`
		Color string `json:"color,omitempty" maxLength:"20"`
	}
}

type editTag struct {
	rest.ByID
	Body struct {
		Name  *string `json:"name,omitempty" minLength:"1" maxLength:"100"`
		Color *string `json:"color,omitempty" maxLength:"20"`
	}
}

func (a *API) tags(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-tags", Method: http.MethodGet, Path: "/tags", Tag: "Tags",
		Summary: "All tags", Can: rest.SignedIn}, a.listTags)
	rest.Add(api, rest.Op{ID: "post-tag", Method: http.MethodPost, Path: "/tags", Tag: "Tags",
		Summary: "Make a tag", Can: auth.ConversationReply, Status: http.StatusCreated, Idempotent: true}, a.postTag)
	rest.Add(api, rest.Op{ID: "edit-tag", Method: http.MethodPatch, Path: "/tags/{id}", Tag: "Tags",
		Summary: "Change a tag", Can: auth.WorkspaceManage}, a.editTag)
	rest.Add(api, rest.Op{ID: "delete-tag", Method: http.MethodDelete, Path: "/tags/{id}", Tag: "Tags",
		Summary: "Delete a tag", Can: auth.WorkspaceManage}, a.deleteTag)
}

const maxTagName = 40 // runes (A4.8)

// tagName writes a tag's name as it is kept: NFKC, lower case, single spaces.
func tagName(name string) (string, error) {
	name = desk.CleanName(strings.ToLower(norm.NFKC.String(name)))
	if n := utf8.RuneCountInString(name); n == 0 || n > maxTagName {
		return "", desk.Invalid("name", "tag_name_invalid", "a tag's name has 1 to %d characters", maxTagName)
	}
	return name, nil
}

func (a *API) listTags(ctx context.Context, _ *struct{}) (rest.Items[view.Tag], error) {
	return listed(ctx, a, func(r store.Reader) ([]desk.Tag, error) { return r.Tags().List() }, view.TagOf)
}

func getTag(tx store.Tx, id desk.ID) (desk.Tag, error) { return tx.Tags().Get(id) }

func putTag(tx store.Tx, c *rest.Caller, t desk.Tag) (desk.Tag, error) {
	changed(tx, c, desk.EventTagChanged, t.ID)
	return t, tx.WriteTags().Put(t)
}

func (a *API) postTag(ctx context.Context, in *postTag) (out view.Tag, err error) {
	name, err := tagName(in.Body.Name)
	if err != nil {
		return out, err
	}
	return once(ctx, a, "tag", getTag, view.TagOf, func(tx store.Tx, c *rest.Caller, id desk.ID) (desk.Tag, error) {
		return putTag(tx, c, desk.Tag{ID: id, Name: name, Color: in.Body.Color, CreatedAt: tx.Now()})
	})
}

func (a *API) editTag(ctx context.Context, in *editTag) (view.Tag, error) {
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (out view.Tag, err error) {
		t, err := tx.Tags().Get(in.ID)
		if err != nil {
			return out, err
		}
		if in.Body.Name != nil {
			if t.Name, err = tagName(*in.Body.Name); err != nil {
				return out, err
			}
		}
		if in.Body.Color != nil {
			t.Color = *in.Body.Color
		}
		t, err = putTag(tx, c, t)
		return view.TagOf(t), err
	})
}

func (a *API) deleteTag(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return rest.None{}, a.write(ctx, func(tx store.Tx, c *rest.Caller) error {
		if _, err := tx.Tags().Get(in.ID); err != nil {
			return err
		}
		if err := store.Unused(tx, desk.Reference{Kind: desk.ReferredTag, ID: in.ID}); err != nil {
			return err
		}
		changed(tx, c, desk.EventTagChanged, in.ID)
		return tx.WriteTags().Delete(in.ID)
	})
}
