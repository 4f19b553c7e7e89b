package automate

import (
	"maps"
	"slices"

	"madoguchi/desk"
	"madoguchi/store"
)

// Template is a template as what an automation says: words alone, for a header's file has nobody to choose it. Its refusals are
// those of whoever sends one by hand: "template_not_found", "template_unsendable", "attachment_missing", "template_variable_missing".
// variables are texts that values fill.
func Template(r store.Reader, row desk.Conversation, template desk.ID, variables, values map[string]string) ([]desk.Part, *desk.TemplateUse, error) {
	t, err := r.Templates().Get(template)
	if err == nil && t.ChannelID != row.ChannelID {
		err = desk.NotFound("template")
	}
	if err != nil {
		return nil, nil, err
	}
	if err := Sendable(t); err != nil {
		return nil, nil, err
	}
	filled := map[string]string{}
	for _, name := range t.Variables() {
		if filled[name], err = store.FillCanned(variables[name], values); err != nil {
			return nil, nil, err
		}
		if filled[name] == "" {
			e := desk.Errorf(desk.KindConflict, "template_variable_missing", "{{%s}} is empty", name)
			e.Params = map[string]string{"name": name}
			return nil, nil, e
		}
	}
	use := t.Use(filled)
	return []desk.Part{{Kind: desk.PartText, Text: t.Reads(filled)}}, &use, nil
}

// Update says words about a case, or, where a text may not go any more, by the template that the channel has for them (G7.2).
func (v Voice) Update(tx store.Tx, row *desk.Conversation, t desk.Ticket, w Words, templates desk.ChosenTemplates) (Said, error) {
	said, err := v.Say(tx, row, w)
	if err != nil || said.Silent != desk.CodeWindow {
		return said, err
	}
	l, err := LanguageOf(tx, row)
	if err != nil {
		return Said{}, err
	}
	chosen, any := templates.For(l)
	if !any {
		return said, nil
	}
	values, err := store.CannedValues(tx, *row, t, "")
	if err != nil {
		return Said{}, err
	}
	w.Parts, w.Template, err = Template(tx, *row, chosen.ID, chosen.Variables, values)
	switch desk.KindOf(err) {
	case desk.KindConflict, desk.KindInvalid, desk.KindNotFound:
		return Said{Silent: desk.CodeOf(err)}, nil
	}
	if err != nil {
		return Said{}, err
	}
	return v.Say(tx, row, w)
}

// CheckTemplates refuses templates that a channel cannot send by itself, or that have something left open. One that was chosen before
// was checked then: what became of it since is no fault of this change.
func CheckTemplates(r store.Reader, ch desk.Channel, field string, chosen, was desk.ChosenTemplates) error {
	for _, l := range slices.Sorted(maps.Keys(chosen)) {
		if was[l].ID == chosen[l].ID {
			continue
		}
		if err := checkTemplate(r, ch, field+"."+string(l), chosen[l]); err != nil {
			return err
		}
	}
	return nil
}

func checkTemplate(r store.Reader, ch desk.Channel, field string, chosen desk.ChosenTemplate) error {
	t, err := r.Templates().Get(chosen.ID)
	if err == nil && t.ChannelID != ch.ID {
		err = desk.NotFound("template")
	}
	if err != nil {
		return err
	}
	if err := Sendable(t); err != nil {
		return err
	}
	for _, name := range t.Variables() {
		if chosen.Variables[name] == "" {
			e := desk.Invalid(field+".variables."+name, "template_variable_missing", "{{%s}} is empty", name)
			e.Params = map[string]string{"name": name}
			return e
		}
	}
	return nil
}

// Sendable refuses a template that no automation can send.
func Sendable(t desk.Template) error {
	if !t.Status.Sendable() {
		e := desk.Errorf(desk.KindConflict, "template_unsendable", "template %s is %s", t.Name, t.Status)
		e.Params = map[string]string{"status": string(t.Status)}
		return e
	}
	if t.Header != nil && t.Header.Kind != "text" {
		return desk.Errorf(desk.KindConflict, "attachment_missing", "the header of template %s is a %s", t.Name, t.Header.Kind)
	}
	return nil
}
