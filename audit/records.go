package audit

import (
	"encoding/json"

	"madoguchi/desk"
	"madoguchi/store"
)

// What is administered is told by its records: each writer here reads what there was, notes the difference, and writes.
// Administration is rare, so the reading costs nothing that anybody would feel.

func (t *tx) WriteMembers() store.MemberWriter     { return members{t.Tx.WriteMembers(), t} }
func (t *tx) WriteTeams() store.TeamWriter         { return teams{t.Tx.WriteTeams(), t} }
func (t *tx) WriteTags() store.TagWriter           { return tags{t.Tx.WriteTags(), t} }
func (t *tx) WriteSchedules() store.ScheduleWriter { return schedules{t.Tx.WriteSchedules(), t} }
func (t *tx) WriteFields() store.FieldWriter       { return fields{t.Tx.WriteFields(), t} }
func (t *tx) WriteCanned() store.CannedWriter      { return canned{t.Tx.WriteCanned(), t} }
func (t *tx) WriteRoutingRules() store.RoutingRuleWriter {
	return routingRules{t.Tx.WriteRoutingRules(), t}
}
func (t *tx) WriteSLA() store.SLAWriter              { return promises{t.Tx.WriteSLA(), t} }
func (t *tx) WriteSavedViews() store.SavedViewWriter { return savedViews{t.Tx.WriteSavedViews(), t} }
func (t *tx) WriteTemplates() store.TemplateWriter   { return templates{t.Tx.WriteTemplates(), t} }
func (t *tx) WriteChannels() store.ChannelWriter     { return channels{t.Tx.WriteChannels(), t} }
func (t *tx) WriteWorkspaces() store.WorkspaceWriter { return workspaces{t.Tx.WriteWorkspaces(), t} }

// was reads a record as it is before a write; present is false where there is none.
func was[T any](v T, err error) (record T, present bool, _ error) {
	if desk.KindOf(err) == desk.KindNotFound {
		return record, false, nil
	}
	return v, err == nil, err
}

// put notes that a record is made or changed, before it is; nothing where nothing is different.
func (t *tx) put(object desk.AuditObject, present bool, before, after []field) error {
	return t.putAs(object, "", present, before, after)
}

// putAs is put with what a change is called, "" = changed.
func (t *tx) putAs(object desk.AuditObject, happened string, present bool, before, after []field) error {
	if t.quiet {
		return nil
	}
	if !present {
		before, happened = nil, "created"
	} else if happened == "" {
		happened = "changed"
	}
	changes := compare(before, after)
	if len(changes) == 0 {
		return nil
	}
	return t.Intend(t.workspace, desk.AuditEntry{Action: desk.AuditAction(object.Kind + "." + happened), Object: object, Changes: changes})
}

// deleted notes that a record goes.
func (t *tx) deleted(object desk.AuditObject, present bool, before []field) error {
	if t.quiet || !present {
		return nil
	}
	return t.Intend(t.workspace, desk.AuditEntry{Action: desk.AuditAction(object.Kind + ".deleted"), Object: object, Changes: compare(before, nil)})
}

// ref is a reference as text, "" for none.
func ref(id desk.ID) string {
	if id == 0 {
		return ""
	}
	return id.String()
}

// asJSON is a value of ours as text; what cannot be encoded is none of ours.
func asJSON(v any) string {
	text, err := json.Marshal(v)
	if err != nil || string(text) == "null" {
		return ""
	}
	return string(text)
}
