package audit

import (
	"fmt"

	"madoguchi/desk"
	"madoguchi/store"
)

func (t *tx) WriteMacros() store.MacroWriter     { return macros{t.Tx.WriteMacros(), t} }
func (t *tx) WriteTriggers() store.TriggerWriter { return triggers{t.Tx.WriteTriggers(), t} }

type macros struct {
	store.MacroWriter
	t *tx
}

func macroFields(v desk.Macro) []field {
	return []field{{"name", v.Name}, {"audience", string(v.Audience)}, {"team_id", ref(v.TeamID)}, {"reading", v.Reading}, {"actions", asJSON(v.Actions)}}
}

func (w macros) Put(v desk.Macro) error {
	before, present, err := was(w.t.Macros().Get(v.ID))
	if err != nil {
		return err
	}
	if err := w.t.put(desk.AuditObject{Kind: "macro", ID: v.ID, Name: v.Name}, present, macroFields(before), macroFields(v)); err != nil {
		return err
	}
	return w.MacroWriter.Put(v)
}

func (w macros) Delete(id desk.ID) error {
	before, present, err := was(w.t.Macros().Get(id))
	if err != nil {
		return err
	}
	if err := w.t.deleted(desk.AuditObject{Kind: "macro", ID: id, Name: before.Name}, present, macroFields(before)); err != nil {
		return err
	}
	return w.MacroWriter.Delete(id)
}

type triggers struct {
	store.TriggerWriter
	t *tx
}

func triggerFields(v desk.Trigger) []field {
	return []field{
		{"name", v.Name}, {"enabled", fmt.Sprint(v.Enabled)}, {"position", fmt.Sprint(v.Position)}, {"on", string(v.On)}, {"minutes", fmt.Sprint(v.Minutes)},
		{"conditions", asJSON(v.Conditions)}, {"actions", asJSON(v.Actions)},
	}
}

func (w triggers) Put(v desk.Trigger) error {
	before, present, err := was(w.t.Triggers().Get(v.ID))
	if err != nil {
		return err
	}
	if err := w.t.put(desk.AuditObject{Kind: "trigger", ID: v.ID, Name: v.Name}, present, triggerFields(before), triggerFields(v)); err != nil {
		return err
	}
	return w.TriggerWriter.Put(v)
}

func (w triggers) Delete(id desk.ID) error {
	before, present, err := was(w.t.Triggers().Get(id))
	if err != nil {
		return err
	}
	if err := w.t.deleted(desk.AuditObject{Kind: "trigger", ID: id, Name: before.Name}, present, triggerFields(before)); err != nil {
		return err
	}
	return w.TriggerWriter.Delete(id)
}
