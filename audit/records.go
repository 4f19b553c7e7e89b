package audit

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"madoguchi/desk"
	"madoguchi/store"
)

// What is administered is told by its records: each writer here reads what there was, notes the difference, and writes.
// Administration is rare, so the reading costs nothing that anybody would feel.

func (t *tx) WriteMembers() store.MemberWriter       { return members{t.Tx.WriteMembers(), t} }
func (t *tx) WriteTeams() store.TeamWriter           { return teams{t.Tx.WriteTeams(), t} }
func (t *tx) WriteTags() store.TagWriter             { return tags{t.Tx.WriteTags(), t} }
func (t *tx) WriteSchedules() store.ScheduleWriter   { return schedules{t.Tx.WriteSchedules(), t} }
func (t *tx) WriteFields() store.FieldWriter         { return fields{t.Tx.WriteFields(), t} }
func (t *tx) WriteCanned() store.CannedWriter        { return canned{t.Tx.WriteCanned(), t} }
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

type members struct {
	store.MemberWriter
	t *tx
}

func memberFields(m desk.Member) []field {
	return []field{
		{"role", string(m.Role)}, {"grants", strings.Join(m.Grants, ", ")}, {"active", fmt.Sprint(m.Active)},
		{"scope", string(m.Scope)}, {"display_name", m.DisplayName}, {"avatar", m.AvatarKey},
	}
}

func (w members) object(m desk.Member) desk.AuditObject {
	name := m.Name
	if user, err := w.t.Accounts().User(m.UserID); err == nil {
		name = user.Name
	}
	return desk.AuditObject{Kind: "member", ID: m.UserID, Name: name}
}

func (w members) Put(m desk.Member) error {
	before, present, err := was(w.t.Members().Get(m.UserID))
	if err != nil {
		return err
	}
	w.t.becomes(m.UserID)
	if err := w.t.put(w.object(m), present, memberFields(before), memberFields(m)); err != nil {
		return err
	}
	return w.MemberWriter.Put(m)
}

func (w members) Delete(user desk.ID) error {
	before, present, err := was(w.t.Members().Get(user))
	if err != nil {
		return err
	}
	if err := w.t.deleted(w.object(before), present, memberFields(before)); err != nil {
		return err
	}
	return w.MemberWriter.Delete(user)
}

type teams struct {
	store.TeamWriter
	t *tx
}

func teamFields(v desk.Team) []field {
	return []field{{"name", v.Name}, {"member_ids", ids(slices.Sorted(slices.Values(v.MemberIDs)))}}
}

func (w teams) Put(v desk.Team) error {
	before, present, err := was(w.t.Teams().Get(v.ID))
	if err != nil {
		return err
	}
	if err := w.t.put(desk.AuditObject{Kind: "team", ID: v.ID, Name: v.Name}, present, teamFields(before), teamFields(v)); err != nil {
		return err
	}
	return w.TeamWriter.Put(v)
}

func (w teams) Delete(id desk.ID) error {
	before, present, err := was(w.t.Teams().Get(id))
	if err != nil {
		return err
	}
	if err := w.t.deleted(desk.AuditObject{Kind: "team", ID: id, Name: before.Name}, present, teamFields(before)); err != nil {
		return err
	}
	return w.TeamWriter.Delete(id)
}

type tags struct {
	store.TagWriter
	t *tx
}

func tagFields(v desk.Tag) []field { return []field{{"name", v.Name}, {"color", v.Color}} }

func (w tags) Put(v desk.Tag) error {
	before, present, err := was(w.t.Tags().Get(v.ID))
	if err != nil {
		return err
	}
	if err := w.t.put(desk.AuditObject{Kind: "tag", ID: v.ID, Name: v.Name}, present, tagFields(before), tagFields(v)); err != nil {
		return err
	}
	return w.TagWriter.Put(v)
}

func (w tags) Delete(id desk.ID) error {
	before, present, err := was(w.t.Tags().Get(id))
	if err != nil {
		return err
	}
	if err := w.t.deleted(desk.AuditObject{Kind: "tag", ID: id, Name: before.Name}, present, tagFields(before)); err != nil {
		return err
	}
	return w.TagWriter.Delete(id)
}

type schedules struct {
	store.ScheduleWriter
	t *tx
}

func scheduleFields(v desk.Schedule) []field {
	return []field{{"name", v.Name}, {"zone", v.Zone}, {"week", asJSON(v.Week)}, {"closed", asJSON(v.Closed)}, {"special", asJSON(v.Special)}}
}

func (w schedules) Put(v desk.Schedule) error {
	before, present, err := was(w.t.Schedules().Get(v.ID))
	if err != nil {
		return err
	}
	if err := w.t.put(desk.AuditObject{Kind: "schedule", ID: v.ID, Name: v.Name}, present, scheduleFields(before), scheduleFields(v)); err != nil {
		return err
	}
	return w.ScheduleWriter.Put(v)
}

func (w schedules) Delete(id desk.ID) error {
	before, present, err := was(w.t.Schedules().Get(id))
	if err != nil {
		return err
	}
	if err := w.t.deleted(desk.AuditObject{Kind: "schedule", ID: id, Name: before.Name}, present, scheduleFields(before)); err != nil {
		return err
	}
	return w.ScheduleWriter.Delete(id)
}

type channels struct {
	store.ChannelWriter
	t *tx
}

// channelFields has a line for each setting, so that an entry shows the one that changed.
func channelFields(c desk.Channel, secrets string) []field {
	all := []field{
		{"kind", c.Kind}, {"name", c.Name}, {"state", string(c.State)}, {"account", c.Account}, {"secrets", secrets},
		{"team_id", ref(c.TeamID)}, {"schedule_id", ref(c.ScheduleID)}, {"brand_id", ref(c.BrandID)},
	}
	automation := c.Automation
	all = append(all,
		field{"automation.acknowledge", fmt.Sprint(automation.Acknowledge)}, field{"automation.ack_texts", asJSON(automation.AckTexts)},
		field{"automation.answer_minutes", fmt.Sprint(automation.AnswerMinutes)}, field{"automation.help_texts", asJSON(automation.HelpTexts)},
		field{"automation.confirm_opt_out", fmt.Sprint(automation.ConfirmOptOut)}, field{"automation.survey", fmt.Sprint(automation.Survey)})
	var settings map[string]json.RawMessage
	if json.Unmarshal(c.Settings, &settings) != nil {
		return all // a connector refuses what is no object
	}
	for _, name := range slices.Sorted(maps.Keys(settings)) {
		all = append(all, field{"settings." + name, string(settings[name])})
	}
	return all
}

func (w channels) Put(c desk.Channel) error {
	before, present, err := was(w.t.Channels().Get(c.ID))
	if err != nil {
		return err
	}
	happened := ""
	if before.State != c.State {
		switch {
		case c.State == desk.ChannelDeleted:
			happened = "deleted"
		case c.State == desk.ChannelDisabled:
			happened = "disabled"
		case before.State == desk.ChannelDisabled:
			happened = "enabled"
		}
	}
	hidden, shown := masked(before.Secrets, c.Secrets)
	err = w.t.putAs(desk.AuditObject{Kind: "channel", ID: c.ID, Name: c.Name}, happened, present, channelFields(before, hidden), channelFields(c, shown))
	if err != nil {
		return err
	}
	return w.ChannelWriter.Put(c)
}

type fields struct {
	store.FieldWriter
	t *tx
}

func fieldFields(v desk.Field) []field {
	return []field{
		{"subject", string(v.Subject)}, {"kind", string(v.Kind)}, {"label", asJSON(v.Label)}, {"options", asJSON(v.Options)},
		{"required", fmt.Sprint(v.Required)}, {"position", fmt.Sprint(v.Position)}, {"retired_at", desk.Instant(v.RetiredAt)},
	}
}

func (w fields) Put(v desk.Field) error {
	before, present, err := was(w.t.Fields().Get(v.ID))
	if err != nil {
		return err
	}
	if err := w.t.put(desk.AuditObject{Kind: "field", ID: v.ID, Name: v.Key}, present, fieldFields(before), fieldFields(v)); err != nil {
		return err
	}
	return w.FieldWriter.Put(v)
}

func (w fields) Delete(id desk.ID) error {
	before, present, err := was(w.t.Fields().Get(id))
	if err != nil {
		return err
	}
	if err := w.t.deleted(desk.AuditObject{Kind: "field", ID: id, Name: before.Key}, present, fieldFields(before)); err != nil {
		return err
	}
	return w.FieldWriter.Delete(id)
}

type canned struct {
	store.CannedWriter
	t *tx
}

func cannedFields(v desk.CannedReply) []field {
	return []field{{"name", v.Name}, {"audience", string(v.Audience)}, {"team_id", ref(v.TeamID)}, {"reading", v.Reading}, {"texts", asJSON(v.Texts)}}
}

func (w canned) Put(v desk.CannedReply) error {
	before, present, err := was(w.t.Canned().Get(v.ID))
	if err != nil {
		return err
	}
	if err := w.t.put(desk.AuditObject{Kind: "canned_reply", ID: v.ID, Name: v.Name}, present, cannedFields(before), cannedFields(v)); err != nil {
		return err
	}
	return w.CannedWriter.Put(v)
}

func (w canned) Delete(id desk.ID) error {
	before, present, err := was(w.t.Canned().Get(id))
	if err != nil {
		return err
	}
	if err := w.t.deleted(desk.AuditObject{Kind: "canned_reply", ID: id, Name: before.Name}, present, cannedFields(before)); err != nil {
		return err
	}
	return w.CannedWriter.Delete(id)
}

type workspaces struct {
	store.WorkspaceWriter
	t *tx
}

func workspaceFields(v desk.Workspace) []field {
	all := []field{{"name", v.Name}, {"locale", string(v.Locale)}, {"zone", v.Zone}, {"reopen_days", fmt.Sprint(v.ReopenDays)}, {"files", asJSON(v.Files)}, {"opt_out_keywords", asJSON(v.OptOutWords)}}
	for _, role := range slices.Sorted(maps.Keys(v.RoleGrants)) {
		all = append(all, field{"grants." + string(role), strings.Join(v.RoleGrants[role], ", ")})
	}
	return all
}

func (w workspaces) Put(v desk.Workspace) error {
	if w.t.workspace == v.ID { // the server itself (0) makes none
		before, present, err := was(w.t.Workspaces().Current())
		if err != nil {
			return err
		}
		if err := w.t.put(desk.AuditObject{Kind: "workspace", ID: v.ID, Name: v.Name}, present, workspaceFields(before), workspaceFields(v)); err != nil {
			return err
		}
	}
	return w.WorkspaceWriter.Put(v)
}

func brandFields(v desk.Brand) []field {
	return []field{{"name", v.Name}, {"sender_name", v.SenderName}, {"locale", string(v.Locale)}, {"logo", v.LogoKey}}
}

func (w workspaces) PutBrand(v desk.Brand) error {
	before, present, err := was(w.t.Workspaces().Brand(v.ID))
	if err != nil {
		return err
	}
	if err := w.t.put(desk.AuditObject{Kind: "brand", ID: v.ID, Name: v.Name}, present, brandFields(before), brandFields(v)); err != nil {
		return err
	}
	return w.WorkspaceWriter.PutBrand(v)
}

func (w workspaces) DeleteBrand(id desk.ID) error {
	before, present, err := was(w.t.Workspaces().Brand(id))
	if err != nil {
		return err
	}
	if err := w.t.deleted(desk.AuditObject{Kind: "brand", ID: id, Name: before.Name}, present, brandFields(before)); err != nil {
		return err
	}
	return w.WorkspaceWriter.DeleteBrand(id)
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

type templates struct {
	store.TemplateWriter
	t *tx
}

func templateFields(v desk.Template) []field {
	return []field{{"channel_id", ref(v.ChannelID)}, {"name", v.Name}, {"language", v.Language}, {"category", v.Category}, {"status", string(v.Status)}, {"body", v.Body}}
}

// Put notes what people submitted, and what became of a template; those found at the provider are no deeds of ours.
func (w templates) Put(v desk.Template) error {
	before, present, err := was(w.t.Templates().Get(v.ID))
	if err != nil {
		return err
	}
	happened := ""
	if v.Status == desk.TemplateDeleted && before.Status != v.Status {
		happened = "deleted"
	}
	if present || v.CreatedBy != 0 {
		err = w.t.putAs(desk.AuditObject{Kind: "template", ID: v.ID, Name: v.Name}, happened, present, templateFields(before), templateFields(v))
	}
	if err != nil {
		return err
	}
	return w.TemplateWriter.Put(v)
}
