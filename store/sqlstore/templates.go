package sqlstore

import "madoguchi/desk"

type templates struct{ t *tx }

const (
	templateColumns = `id, channel_id, name, language, status, body, updated_at`

	sqlTemplateGet  = `SELECT ` + templateColumns + ` FROM templates WHERE workspace_id = $1 AND id = $2`
	sqlTemplateFind = `SELECT ` + templateColumns + ` FROM templates WHERE workspace_id = $1 AND channel_id = $2 AND name = $3 AND language = $4`
	sqlTemplateList = `SELECT ` + templateColumns + ` FROM templates WHERE workspace_id = $1 AND channel_id = $2 ORDER BY name, language`
	sqlTemplatePut  = `INSERT INTO templates (workspace_id, ` + templateColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (workspace_id, id) DO UPDATE SET status = excluded.status, body = excluded.body, updated_at = excluded.updated_at`
)

func readTemplate(r row, v *desk.Template) error {
	var updated = &v.UpdatedAt
	id, channel, name, language, status := new(desk.ID), new(desk.ID), new(string), new(string), new(desk.TemplateStatus)
	if err := scan(r, id, channel, name, language, status, asJSON(v), updated); err != nil {
		return err
	}
	v.ID, v.ChannelID, v.Name, v.Language, v.Status = *id, *channel, *name, *language, *status
	return nil
}

func (s templates) Get(id desk.ID) (desk.Template, error) {
	return get(s.t, "template", readTemplate, sqlTemplateGet, s.t.workspace, id)
}

func (s templates) ByName(channel desk.ID, name, language string) (desk.Template, error) {
	return get(s.t, "template", readTemplate, sqlTemplateFind, s.t.workspace, channel, name, language)
}

func (s templates) Of(channel desk.ID) ([]desk.Template, error) {
	return list(s.t, readTemplate, sqlTemplateList, s.t.workspace, channel)
}

func (s templates) Put(v desk.Template) error {
	return s.t.write(sqlTemplatePut, s.t.workspace, v.ID, v.ChannelID, v.Name, v.Language, v.Status, asJSON(v), v.UpdatedAt)
}
