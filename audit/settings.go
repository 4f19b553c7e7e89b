package audit

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"madoguchi/desk"
	"madoguchi/store"
)

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
	return []field{{"name", v.Name}, {"audience", string(v.Audience)}, {"team_id", ref(v.TeamID)}, {"reading", v.Reading}, {"folder", v.Folder}, {"files", ids(v.Files)}, {"texts", asJSON(v.Texts)}}
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

type savedViews struct {
	store.SavedViewWriter
	t *tx
}

func savedViewFields(v desk.SavedView) []field {
	return []field{{"name", v.Name}, {"audience", string(v.Audience)}, {"team_id", ref(v.TeamID)}, {"filter", asJSON(v.Filter)}, {"sort", v.Sort}}
}

// shared reports whether a view concerns others than its owner: what somebody keeps for themselves is nobody's business.
func shared(v desk.SavedView) bool { return v.Audience != desk.AudiencePersonal }

func (w savedViews) Put(v desk.SavedView) error {
	before, present, err := was(w.t.SavedViews().Get(v.ID))
	if err != nil {
		return err
	}
	if shared(v) || present && shared(before) {
		if err := w.t.put(desk.AuditObject{Kind: "saved_view", ID: v.ID, Name: v.Name}, present, savedViewFields(before), savedViewFields(v)); err != nil {
			return err
		}
	}
	return w.SavedViewWriter.Put(v)
}

func (w savedViews) Delete(id desk.ID) error {
	before, present, err := was(w.t.SavedViews().Get(id))
	if err != nil {
		return err
	}
	if shared(before) {
		if err := w.t.deleted(desk.AuditObject{Kind: "saved_view", ID: id, Name: before.Name}, present, savedViewFields(before)); err != nil {
			return err
		}
	}
	return w.SavedViewWriter.Delete(id)
}

type workspaces struct {
	store.WorkspaceWriter
	t *tx
}

func workspaceFields(v desk.Workspace) []field {
	all := []field{{"name", v.Name}, {"locale", string(v.Locale)}, {"zone", v.Zone}, {"reopen_days", fmt.Sprint(v.ReopenDays)}, {"files", asJSON(v.Files)},
		{"capacity", fmt.Sprint(v.Capacity)}, {"idle_minutes", fmt.Sprint(v.IdleMinutes)}, {"requeue_minutes", fmt.Sprint(v.RequeueMinutes)}, {"show_monitoring", fmt.Sprint(!v.HideMonitoring)}, {"opt_out_keywords", asJSON(v.OptOutWords)}, {"external_links", asJSON(v.ExternalLinks)}}
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
