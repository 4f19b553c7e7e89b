package connect

import (
	"context"
	"fmt"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// Templates brings our copies of a channel's templates in step with the provider (C3.1): what it has is taken, what it has
// no more is marked deleted. Errors: desk.NotFound "templates" on a channel without them; "provider_refused",
// "provider_silent".
func (s *Service) Templates(ctx context.Context, workspace, id desk.ID) ([]desk.Template, error) {
	templater, account, err := s.templater(ctx, workspace, id)
	if err != nil {
		return nil, err
	}
	theirs, err := ask(ctx, func(ctx context.Context) ([]desk.Template, error) { return templater.Templates(ctx, account) })
	if err != nil {
		return nil, err
	}
	return store.Result(ctx, s.Store, workspace, func(tx store.Tx) ([]desk.Template, error) {
		if err := tx.WriteWorkspaces().Lock(); err != nil { // two who sync at once would make each template twice
			return nil, err
		}
		return inStep(tx, id, theirs)
	})
}

func inStep(tx store.Tx, channel desk.ID, theirs []desk.Template) ([]desk.Template, error) {
	ours, err := tx.Templates().Of(channel)
	if err != nil {
		return nil, err
	}
	known := map[[2]string]desk.Template{}
	for _, t := range ours {
		known[[2]string{t.Name, t.Language}] = t
	}
	for _, t := range theirs {
		key := [2]string{t.Name, t.Language}
		before, present := known[key]
		delete(known, key)
		if t.ID = before.ID; !present {
			t.ID = tx.NewID()
		}
		t.ChannelID, t.CreatedBy = channel, before.CreatedBy
		if !present {
			before = t // what was made elsewhere is no news
		}
		if err := store.ChangeTemplate(tx, before, t); err != nil {
			return nil, err
		}
	}
	for _, gone := range known {
		if gone.Status == desk.TemplateDeleted {
			continue
		}
		gone.Status, gone.UpdatedAt = desk.TemplateDeleted, tx.Now()
		if err := tx.WriteTemplates().Put(gone); err != nil {
			return nil, fmt.Errorf("put template %s: %w", gone.Name, err)
		}
	}
	return tx.Templates().Of(channel)
}

// CreateTemplate submits a template to the provider (C3.4, C3.7). Errors: desk.KindInvalid from desk.Template.Check;
// "template_taken" (conflict); "provider_refused", "provider_silent".
func (s *Service) CreateTemplate(ctx context.Context, workspace, id desk.ID, t desk.Template) (desk.Template, error) {
	if err := t.Check(); err != nil {
		return t, err
	}
	templater, account, err := s.templater(ctx, workspace, id)
	if err != nil {
		return t, err
	}
	err = s.Store.View(ctx, workspace, func(r store.Reader) error {
		before, err := r.Templates().ByName(id, t.Name, t.Language)
		if err == nil && before.Status != desk.TemplateDeleted {
			return desk.Errorf(desk.KindConflict, "template_taken", "there is a template %s in %s", t.Name, t.Language)
		}
		if desk.KindOf(err) == desk.KindNotFound {
			return nil
		}
		t.ID = before.ID
		return err
	})
	if err != nil {
		return t, err
	}
	made, err := ask(ctx, func(ctx context.Context) (desk.Template, error) { return templater.CreateTemplate(ctx, account, t) })
	if err != nil {
		return t, err
	}
	return store.Result(ctx, s.Store, workspace, func(tx store.Tx) (desk.Template, error) {
		kept := made
		kept.ID, kept.ChannelID, kept.CreatedBy, kept.UpdatedAt = t.ID, id, t.CreatedBy, tx.Now()
		if kept.ID == 0 {
			kept.ID = tx.NewID()
		}
		return kept, tx.WriteTemplates().Put(kept)
	})
}

// TemplateSample hands the provider a sample of a header that is a file (C3.5); what it calls it is desk.SampleHeader's sample of a
// template that is submitted then.
func (s *Service) TemplateSample(ctx context.Context, workspace, id desk.ID, file channel.File) (string, error) {
	templater, account, err := s.templater(ctx, workspace, id)
	if err != nil {
		return "", err
	}
	return ask(ctx, func(ctx context.Context) (string, error) { return templater.TemplateSample(ctx, account, file) })
}

// DeleteTemplate deletes a template at the provider and marks ours; what was sent from it stays. One that settings name stays too (store.Unused).
func (s *Service) DeleteTemplate(ctx context.Context, workspace, id, template desk.ID) error {
	templater, account, err := s.templater(ctx, workspace, id)
	if err != nil {
		return err
	}
	var t desk.Template
	err = s.Store.View(ctx, workspace, func(r store.Reader) (err error) {
		if t, err = r.Templates().Get(template); err == nil && t.ChannelID != id {
			err = desk.NotFound("template")
		}
		if err != nil {
			return err
		}
		return store.Unused(r, desk.Reference{Kind: desk.ReferredTemplate, ID: template})
	})
	if err != nil {
		return err
	}
	_, err = ask(ctx, func(ctx context.Context) (struct{}, error) {
		return struct{}{}, templater.DeleteTemplate(ctx, account, t)
	})
	if err != nil {
		return err
	}
	return s.Store.Update(ctx, workspace, func(tx store.Tx) error {
		gone, err := tx.Templates().Get(template)
		if err != nil {
			return err
		}
		gone.Status, gone.UpdatedAt = desk.TemplateDeleted, tx.Now()
		return tx.WriteTemplates().Put(gone)
	})
}

func (s *Service) templater(ctx context.Context, workspace, id desk.ID) (channel.Templater, channel.Account, error) {
	c, err := s.read(ctx, workspace, id)
	if err != nil {
		return nil, channel.Account{}, err
	}
	connector, account, err := s.Account(workspace, c)
	if err != nil {
		return nil, account, err
	}
	templater, ok := connector.(channel.Templater)
	if !ok {
		return nil, account, desk.NotFound("templates")
	}
	return templater, account, nil
}
