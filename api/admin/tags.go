package admin

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/view"
)

type postTag struct {
	Body struct {
		Name  string `json:"name" minLength:"1" maxLength:"100" doc:"1–40 characters after normalisation (NFKC, lower case)"`
		Color string `json:"color,omitempty" maxLength:"20"`
	}
}

type editTag struct {
	byID
	Body struct {
		Name  *string `json:"name,omitempty" minLength:"1" maxLength:"100"`
		Color *string `json:"color,omitempty" maxLength:"20"`
	}
}

func (a *API) tags(api huma.API) {
	rest.Add[struct{}, rest.Items[view.Tag]](api, rest.Op{ID: "list-tags", Method: http.MethodGet, Path: "/tags", Tag: "Tags",
		Summary: "All tags", Can: rest.SignedIn}, nil)
	rest.Add[postTag, view.Tag](api, rest.Op{ID: "post-tag", Method: http.MethodPost, Path: "/tags", Tag: "Tags",
		Summary: "Make a tag", Can: "conversation.reply", Status: http.StatusCreated, Idempotent: true}, nil)
	rest.Add[editTag, view.Tag](api, rest.Op{ID: "edit-tag", Method: http.MethodPatch, Path: "/tags/{id}", Tag: "Tags",
		Summary: "Change a tag", Can: "tag.manage"}, nil)
	rest.Add[byID, rest.None](api, rest.Op{ID: "delete-tag", Method: http.MethodDelete, Path: "/tags/{id}", Tag: "Tags",
		Summary: "Delete a tag", Can: "tag.manage"}, nil)
}
