package automate

import (
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
