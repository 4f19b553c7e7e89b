package admin

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

type postField struct {
	Body struct {
		Subject  string             `json:"subject" enum:"contact,ticket"`
		Key      string             `json:"key" minLength:"1" maxLength:"40" doc:"a–z, digits and _; never changes"`
		Kind     string             `json:"kind" enum:"text,number,date,choice,choices,checkbox,link"`
		Label    desk.Labels        `json:"label"`
		Options  []desk.FieldOption `json:"options,omitempty" maxItems:"100"`
		Required bool               `json:"required,omitempty"`
	}
}

type editField struct {
	rest.ByID
	Body struct {
		Label    *desk.Labels        `json:"label,omitempty"`
		Options  *[]desk.FieldOption `json:"options,omitempty" maxItems:"100" doc:"A choice left out stays in the records that have it"`
		Required *bool               `json:"required,omitempty"`
		Version  int64               `json:"version" minimum:"1" doc:"The version that was seen; 409 edited_meanwhile if it is older"`
	}
}

type orderFields struct {
	Body struct {
		Subject string    `json:"subject" enum:"contact,ticket"`
		IDs     []desk.ID `json:"ids" maxItems:"100" doc:"In the order wanted; those left out come after"`
	}
}

func (a *API) fields(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-fields", Method: http.MethodGet, Path: "/fields", Tag: "Fields",
		Summary: "The workspace's own fields, deleted ones too", Can: rest.SignedIn}, a.listFields)
	rest.Add(api, rest.Op{ID: "post-field", Method: http.MethodPost, Path: "/fields", Tag: "Fields",
		Summary: "Make a field", Can: auth.WorkspaceManage, Status: http.StatusCreated, Idempotent: true}, a.postField)
	rest.Add(api, rest.Op{ID: "edit-field", Method: http.MethodPatch, Path: "/fields/{id}", Tag: "Fields",
		Summary: "Change a field", Can: auth.WorkspaceManage}, a.editField)
	rest.Add(api, rest.Op{ID: "order-fields", Method: http.MethodPut, Path: "/fields/order", Tag: "Fields",
		Summary: "Put fields in order", Can: auth.WorkspaceManage}, a.orderFields)
	rest.Add(api, rest.Op{ID: "delete-field", Method: http.MethodDelete, Path: "/fields/{id}", Tag: "Fields",
		Summary: "Take a field off the screens; its values are kept", Can: auth.WorkspaceManage}, a.deleteField)
	rest.Add(api, rest.Op{ID: "restore-field", Method: http.MethodPost, Path: "/fields/{id}/restore", Tag: "Fields",
		Summary: "Bring a deleted field back with its values", Can: auth.WorkspaceManage, Status: http.StatusOK}, a.restoreField)
	rest.Add(api, rest.Op{ID: "erase-field", Method: http.MethodDelete, Path: "/fields/{id}/values", Tag: "Fields",
		Summary: "Erase a deleted field's values from every record, for good", Can: auth.WorkspaceManage,
		Description: "409 field_in_use for a field that was not deleted first. Takes a while on a big desk; cut short, the next call goes on."}, a.eraseField)
}

func (a *API) listFields(ctx context.Context, _ *struct{}) (rest.Items[view.Field], error) {
	return listed(ctx, a, func(r store.Reader) ([]desk.Field, error) { return r.Fields().List() }, view.FieldOf)
}

func cleanLabels(l desk.Labels) desk.Labels {
	return desk.Labels{JA: desk.CleanName(l.JA), EN: desk.CleanName(l.EN)}
}

func cleanOptions(options []desk.FieldOption) []desk.FieldOption {
	options = slices.Clone(options)
	for i := range options {
		options[i].Label = cleanLabels(options[i].Label)
	}
	return options
}

func (a *API) postField(ctx context.Context, in *postField) (out view.Field, err error) {
	b := in.Body
	f := desk.Field{
		Subject: desk.FieldSubject(b.Subject), Key: strings.TrimSpace(b.Key), Kind: desk.FieldKind(b.Kind), Label: cleanLabels(b.Label),
		Options: cleanOptions(b.Options), Required: b.Required, Version: 1,
	}
	if err := f.Check(); err != nil {
		return out, err
	}
	get := func(tx store.Tx, id desk.ID) (desk.Field, error) { return tx.Fields().Get(id) }
	return once(ctx, a, "field", get, view.FieldOf, func(tx store.Tx, c *rest.Caller, id desk.ID) (desk.Field, error) {
		f := f
		f.ID, f.CreatedAt, f.UpdatedAt = id, tx.Now(), tx.Now()
		all, err := tx.Fields().List()
		if err != nil {
			return f, err
		}
		count := 0
		for _, other := range all {
			if other.Subject == f.Subject {
				count++
				f.Position = max(f.Position, other.Position+1)
			}
		}
		if count >= desk.MaxFields {
			return f, desk.Invalid("key", "fields_too_many", "%d fields are enough", desk.MaxFields)
		}
		changed(tx, c, desk.EventFieldChanged, f.ID)
		return f, tx.WriteFields().Put(f)
	})
}

// changeField edits one definition.
func (a *API) changeField(ctx context.Context, id desk.ID, change func(tx store.Tx, f *desk.Field) error) (view.Field, error) {
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (out view.Field, err error) {
		f, err := tx.Fields().Get(id)
		if err != nil {
			return out, err
		}
		if err := change(tx, &f); err != nil {
			return out, err
		}
		if err := f.Check(); err != nil {
			return out, err
		}
		f.UpdatedAt = tx.Now()
		f.Version++
		changed(tx, c, desk.EventFieldChanged, f.ID)
		return view.FieldOf(f), tx.WriteFields().Put(f)
	})
}

func (a *API) editField(ctx context.Context, in *editField) (view.Field, error) {
	b := in.Body
	return a.changeField(ctx, in.ID, func(_ store.Tx, f *desk.Field) error {
		if b.Version != f.Version {
			return desk.Errorf(desk.KindConflict, "edited_meanwhile", "field %q is at version %d, not %d", f.Key, f.Version, b.Version)
		}
		if b.Label != nil {
			f.Label = cleanLabels(*b.Label)
		}
		if b.Options != nil {
			f.Options = cleanOptions(*b.Options)
		}
		if b.Required != nil {
			f.Required = *b.Required
		}
		return nil
	})
}

func (a *API) deleteField(ctx context.Context, in *rest.ByID) (rest.None, error) {
	_, err := a.changeField(ctx, in.ID, func(tx store.Tx, f *desk.Field) error {
		if f.RetiredAt.IsZero() {
			f.RetiredAt = tx.Now()
		}
		return nil
	})
	return rest.None{}, err
}

func (a *API) restoreField(ctx context.Context, in *rest.ByID) (view.Field, error) {
	return a.changeField(ctx, in.ID, func(_ store.Tx, f *desk.Field) error {
		f.RetiredAt = time.Time{}
		return nil
	})
}

func (a *API) eraseField(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return rest.None{}, a.Inbox.EraseField(ctx, rest.CallerOf(ctx).Inbox(), in.ID)
}

func (a *API) orderFields(ctx context.Context, in *orderFields) (rest.Items[view.Field], error) {
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (list rest.Items[view.Field], err error) {
		all, err := tx.Fields().List()
		if err != nil {
			return list, err
		}
		place := func(f desk.Field) int {
			if i := slices.Index(in.Body.IDs, f.ID); i >= 0 {
				return i
			}
			return len(in.Body.IDs) + f.Position
		}
		for i, f := range all {
			if f.Subject != desk.FieldSubject(in.Body.Subject) || f.Position == place(f) {
				continue
			}
			all[i].Position = place(f)
			if err := tx.WriteFields().Put(all[i]); err != nil {
				return list, err
			}
			changed(tx, c, desk.EventFieldChanged, f.ID)
		}
		all, err = tx.Fields().List()
		return rest.NewItems(rest.Views(all, view.FieldOf)), err
	})
}
