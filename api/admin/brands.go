package admin

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
	"madoguchi/view"
)

// Brand is a public face of the workspace.
type Brand struct {
	ID         desk.ID     `json:"id"`
	Name       string      `json:"name"`
	SenderName string      `json:"sender_name" doc:"Who speaks before a person answered, where the channel names nobody"`
	Locale     desk.Locale `json:"locale" enum:"ja,en," doc:"Of texts to customers, where neither they nor the channel say one; empty = the workspace's"`
	LogoURL    string      `json:"logo_url,omitempty"`
	ChannelIDs []desk.ID   `json:"channel_ids" doc:"The channels that wear this face"`
}

type brandBody struct {
	Name       *string      `json:"name,omitempty" maxLength:"100"`
	SenderName *string      `json:"sender_name,omitempty" maxLength:"100"`
	Locale     *desk.Locale `json:"locale,omitempty" enum:"ja,en,"`
	// Logo can only be taken away here; a new one is uploaded.
	RemoveLogo bool       `json:"remove_logo,omitempty"`
	ChannelIDs *[]desk.ID `json:"channel_ids,omitempty" maxItems:"500" doc:"Channels to wear this face from now on; those left out keep the face they have"`
}

type postBrand struct{ Body brandBody }

type editBrand struct {
	rest.ByID
	Body brandBody
}

func (a *API) brands(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-brands", Method: http.MethodGet, Path: "/brands", Tag: "Brands",
		Summary: "All brands", Can: rest.SignedIn}, a.listBrands)
	rest.Add(api, rest.Op{ID: "post-brand", Method: http.MethodPost, Path: "/brands", Tag: "Brands",
		Summary: "Make a brand", Can: auth.WorkspaceManage, Status: http.StatusCreated, Idempotent: true}, a.postBrand)
	rest.Add(api, rest.Op{ID: "edit-brand", Method: http.MethodPatch, Path: "/brands/{id}", Tag: "Brands",
		Summary: "Change a brand", Can: auth.WorkspaceManage}, a.editBrand)
	rest.Add(api, rest.Op{ID: "delete-brand", Method: http.MethodDelete, Path: "/brands/{id}", Tag: "Brands",
		Summary: "Delete a brand that no channel wears", Can: auth.WorkspaceManage}, a.deleteBrand)
	rest.AddRaw(api, rest.Op{ID: "post-brand-logo", Method: http.MethodPost, Path: "/brands/{id}/logo", Tag: "Brands",
		Summary: "Change a brand's logo", Can: auth.WorkspaceManage}, map[string]*huma.MediaType{"multipart/form-data": {Schema: &huma.Schema{
		Type: huma.TypeObject, Required: []string{"file"}, Properties: map[string]*huma.Schema{"file": {Type: huma.TypeString, Format: "binary"}},
	}}}, &huma.Response{Description: "The brand", Content: map[string]*huma.MediaType{"application/json": {Schema: rest.SchemaOf[Brand](api)}}}, a.postLogo)
	rest.AddRaw(api, rest.Op{ID: "get-brand-logo", Method: http.MethodGet, Path: "/brands/{id}/logo", Tag: "Brands",
		Summary: "A brand's logo", Can: rest.SignedIn}, nil, &huma.Response{Description: "The picture", Content: map[string]*huma.MediaType{
		"image/jpeg": {Schema: &huma.Schema{Type: huma.TypeString, Format: "binary"}},
	}}, a.getLogo)
}

func brandOf(b desk.Brand, channels []desk.Channel) Brand {
	v := Brand{ID: b.ID, Name: b.Name, SenderName: b.SenderName, Locale: b.Locale, LogoURL: view.MemberLinks().Logo(b), ChannelIDs: []desk.ID{}}
	for _, ch := range channels {
		if ch.BrandID == b.ID {
			v.ChannelIDs = append(v.ChannelIDs, ch.ID)
		}
	}
	return v
}

func (a *API) listBrands(ctx context.Context, _ *struct{}) (list rest.Items[Brand], err error) {
	err = a.read(ctx, func(r store.Reader, _ *rest.Caller) error {
		all, err := r.Workspaces().Brands()
		if err != nil {
			return err
		}
		channels, err := r.Channels().List()
		list = rest.NewItems(rest.Views(all, func(b desk.Brand) Brand { return brandOf(b, channels) }))
		return err
	})
	return list, err
}

func (b brandBody) apply(to *desk.Brand) error {
	if b.Name != nil {
		to.Name = desk.CleanName(*b.Name)
	}
	if to.Name == "" {
		return desk.Invalid("name", "name_missing", "a brand has a name")
	}
	if b.SenderName != nil {
		to.SenderName = desk.CleanName(*b.SenderName)
	}
	if b.Locale != nil {
		if *b.Locale != "" {
			if err := locale.Check("locale", *b.Locale); err != nil {
				return err
			}
		}
		to.Locale = *b.Locale
	}
	if b.RemoveLogo {
		to.LogoKey = "" // the bytes are an orphan now, and swept
	}
	return nil
}

// keepBrand writes the brand and puts its face on channels.
func (a *API) keepBrand(tx store.Tx, c *rest.Caller, b desk.Brand, wear *[]desk.ID) (v Brand, err error) {
	if err := tx.WriteWorkspaces().PutBrand(b); err != nil {
		return v, err
	}
	changed(tx, c, desk.EventBrandChanged, b.ID)
	if wear != nil {
		for _, id := range *wear {
			ch, err := present(tx, id)
			if err != nil {
				return v, err
			}
			if ch.BrandID == b.ID {
				continue
			}
			ch.BrandID = b.ID
			if _, err := a.putChannel(tx, c, ch); err != nil {
				return v, err
			}
		}
	}
	channels, err := tx.Channels().List()
	return brandOf(b, channels), err
}

func (a *API) postBrand(ctx context.Context, in *postBrand) (Brand, error) {

	return once(ctx, a, "brand", func(tx store.Tx, id desk.ID) (Brand, error) {
		b, err := tx.Workspaces().Brand(id)
		if err != nil {
			return Brand{}, err
		}
		channels, err := tx.Channels().List()
		return brandOf(b, channels), err
	}, func(b Brand) Brand { return b }, func(tx store.Tx, c *rest.Caller, id desk.ID) (Brand, error) {
		b := desk.Brand{ID: id, CreatedAt: tx.Now()}
		if err := in.Body.apply(&b); err != nil {
			return Brand{}, err
		}
		return a.keepBrand(tx, c, b, in.Body.ChannelIDs)
	})
}

func (a *API) editBrand(ctx context.Context, in *editBrand) (Brand, error) {
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (Brand, error) {
		b, err := tx.Workspaces().Brand(in.ID)
		if err != nil {
			return Brand{}, err
		}
		if err := in.Body.apply(&b); err != nil {
			return Brand{}, err
		}
		return a.keepBrand(tx, c, b, in.Body.ChannelIDs)
	})
}

func (a *API) deleteBrand(ctx context.Context, in *rest.ByID) (rest.None, error) {
	return rest.None{}, a.write(ctx, func(tx store.Tx, c *rest.Caller) error {
		b, err := tx.Workspaces().Brand(in.ID)
		if err != nil {
			return err
		}
		channels, err := tx.Channels().List()
		if err != nil {
			return err
		}
		if v := brandOf(b, channels); len(v.ChannelIDs) > 0 {
			return desk.Errorf(desk.KindConflict, "brand_in_use", "%d channels wear the brand", len(v.ChannelIDs))
		}
		all, err := tx.Workspaces().Brands()
		if err != nil {
			return err
		}
		if len(all) == 1 {
			return desk.Errorf(desk.KindConflict, "last_brand", "one brand remains")
		}
		changed(tx, c, desk.EventBrandChanged, b.ID)
		return tx.WriteWorkspaces().DeleteBrand(b.ID)
	})
}

func (a *API) postLogo(w http.ResponseWriter, r *http.Request) {
	brand, err := a.takeLogo(w, r)
	writeTaken(w, r, brand, err)
}

func (a *API) takeLogo(w http.ResponseWriter, r *http.Request) (v Brand, err error) {
	id, err := desk.ParseID(r.PathValue("id"))
	if err != nil {
		return v, err
	}
	if err := a.read(r.Context(), func(reader store.Reader, _ *rest.Caller) error { _, err := reader.Workspaces().Brand(id); return err }); err != nil {
		return v, err // before a body is read
	}
	return takePicture(a, w, r, func(key string) (Brand, error) {
		return result(r.Context(), a, func(tx store.Tx, c *rest.Caller) (Brand, error) {
			b, err := tx.Workspaces().Brand(id)
			if err != nil {
				return Brand{}, err
			}
			b.LogoKey = key
			return a.keepBrand(tx, c, b, nil)
		})
	})
}

func (a *API) getLogo(w http.ResponseWriter, r *http.Request) {
	var b desk.Brand
	id, err := desk.ParseID(r.PathValue("id"))
	if err == nil {
		err = a.read(r.Context(), func(reader store.Reader, _ *rest.Caller) error {
			b, err = reader.Workspaces().Brand(id)
			return err
		})
	}
	a.servePicture(w, r, "logo", id, b.LogoKey, err)
}
