package storetest_test

import (
	"errors"
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// 0.10: a record that a setting names is not deleted, and the setting is told, kind by kind.
func TestWhatSettingsName(t *testing.T) {
	t.Parallel()
	const id desk.ID = 700
	team, tag := desk.Reference{Kind: desk.ReferredTeam, ID: id}, desk.Reference{Kind: desk.ReferredTag, ID: id}
	policy, template := desk.Reference{Kind: desk.ReferredPolicy, ID: id}, desk.Reference{Kind: desk.ReferredTemplate, ID: id}
	asks := func(f desk.Fact) desk.Conditions {
		return desk.Conditions{Groups: []desk.ConditionGroup{{Conditions: []desk.Condition{{Fact: f, Op: desk.OpIs, Values: []string{"5", id.String()}}}}}}
	}
	does := []desk.Action{{Kind: desk.ActionTeam, TeamID: id}, {Kind: desk.ActionAddTag, TagID: id}, {Kind: desk.ActionSLA, PolicyID: id}, {Kind: desk.ActionTemplate, TemplateID: id}}
	all4 := []desk.Reference{team, tag, policy, template}
	undone := errors.New("undone")
	s := storetest.SQLite(t)
	w := newWorld(t, s)
	says := w.channel
	says.Name = "n"
	says.Automation.AutoClose.NoticeTemplates = desk.ChosenTemplates{desk.LocaleJA: {ID: id}}
	asked := w.channel
	asked.Name = "n"
	asked.Automation.SurveyDesign.Templates = desk.ChosenTemplates{desk.LocaleEN: {ID: id}}
	for name, test := range map[string]struct {
		names []desk.Reference
		put   func(tx store.Tx) error
	}{
		"notice before closing": {[]desk.Reference{template}, func(tx store.Tx) error { return tx.WriteChannels().Put(says) }},
		"survey":                {[]desk.Reference{template}, func(tx store.Tx) error { return tx.WriteChannels().Put(asked) }},
		"policy": {[]desk.Reference{team}, func(tx store.Tx) error {
			return tx.WriteSLA().PutPolicy(desk.SLAPolicy{ID: 1, Name: "n", TeamIDs: []desk.ID{id}, CreatedAt: at(1), UpdatedAt: at(1)})
		}},
		"rule": {all4, func(tx store.Tx) error {
			return tx.WriteRoutingRules().Put(desk.RoutingRule{ID: 1, Name: "n", Actions: does, CreatedAt: at(1), UpdatedAt: at(1), Version: 1})
		}},
		"trigger's condition": {[]desk.Reference{tag}, func(tx store.Tx) error {
			return tx.WriteTriggers().Put(desk.Trigger{ID: 1, Name: "n", Conditions: asks(desk.FactEarlierTag), CreatedAt: at(1), UpdatedAt: at(1), Version: 1})
		}},
		"rule's condition": {[]desk.Reference{team}, func(tx store.Tx) error {
			return tx.WriteRoutingRules().Put(desk.RoutingRule{ID: 1, Name: "n", Conditions: asks(desk.FactTeam), CreatedAt: at(1), UpdatedAt: at(1), Version: 1})
		}},
		"trigger": {all4, func(tx store.Tx) error {
			return tx.WriteTriggers().Put(desk.Trigger{ID: 1, Name: "n", Actions: does, CreatedAt: at(1), UpdatedAt: at(1), Version: 1})
		}},
		"macro": {all4, func(tx store.Tx) error {
			return tx.WriteMacros().Put(desk.Macro{ID: 1, Ownership: desk.Ownership{Audience: desk.AudienceWorkspace}, Name: "n", Actions: does, CreatedAt: at(1), UpdatedAt: at(1), Version: 1})
		}},
		"personal macro": {nil, func(tx store.Tx) error {
			return tx.WriteMacros().Put(desk.Macro{ID: 1, Ownership: desk.Ownership{Audience: desk.AudiencePersonal, Owner: w.user}, Name: "n", Actions: does, CreatedAt: at(1), UpdatedAt: at(1), Version: 1})
		}},
		"team's macro": {[]desk.Reference{team}, func(tx store.Tx) error {
			return tx.WriteMacros().Put(desk.Macro{ID: 1, Ownership: desk.Ownership{Audience: desk.AudienceTeam, TeamID: id}, Name: "n", CreatedAt: at(1), UpdatedAt: at(1), Version: 1})
		}},
		"view": {[]desk.Reference{team, tag}, func(tx store.Tx) error {
			return tx.WriteSavedViews().Put(desk.SavedView{ID: 1, Ownership: desk.Ownership{Audience: desk.AudienceWorkspace}, Name: "n", Icon: "star", CreatedAt: at(1), UpdatedAt: at(1), Version: 1,
				Filter: desk.ListFilter{Teams: []desk.ID{5, id}, Tags: []desk.ID{id}}})
		}},
		"canned reply": {[]desk.Reference{team}, func(tx store.Tx) error {
			return tx.WriteCanned().Put(desk.CannedReply{ID: 1, Ownership: desk.Ownership{Audience: desk.AudienceTeam, TeamID: id}, Name: "n", CreatedAt: at(1), UpdatedAt: at(1), Version: 1})
		}},
	} {
		err := s.Update(t.Context(), w.workspace, func(tx store.Tx) error {
			if err := test.put(tx); err != nil {
				return err
			}
			for _, ref := range all4 {
				want := ""
				for _, named := range test.names {
					if named == ref {
						want = "n"
					}
				}
				err, names := store.Unused(tx, ref), ""
				var e *desk.Error
				if errors.As(err, &e) {
					names = e.Params["names"]
				}
				if (want != "") != (desk.CodeOf(err) == "record_in_use") || names != want {
					t.Errorf("%s names %s %q, want %q: %v", name, ref.Kind, names, want, err)
				}
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Errorf("%s: %v", name, err)
		}
	}
}
