package storetest_test

import (
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
)

func checkCanned(t *testing.T, w, other *world) {
	v := desk.CannedReply{ID: 83, Ownership: desk.Ownership{Audience: desk.AudienceTeam, TeamID: 4}, Name: "営業時間", Reading: "えいぎょうじかん", Folder: "案内", Files: []desk.ID{7, 8},
		Texts: map[desk.Locale]string{desk.LocaleJA: "9時からです", desk.LocaleEN: "From nine"}, CreatedAt: at(1), UpdatedAt: at(2), Version: 1}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteCanned().Put(v) })
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteCanned().Used(v.ID, at(9)) })
	v.Uses, v.LastUsedAt = 1, at(9)
	changed := v
	changed.Name, changed.Uses, changed.Version = "時間", 0, 2 // an edit that did not see the use does not undo it
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteCanned().Put(changed) })
	changed.Uses = 1
	for workspace, want := range map[desk.ID][]desk.CannedReply{w.workspace: {changed}, other.workspace: {}} {
		view(t, w.s, workspace, func(r store.Reader) error {
			got, err := r.Canned().List()
			equal(t, got, want)
			return err
		})
	}
	second := changed
	second.ID = 84
	err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteCanned().Put(second) })
	if desk.CodeOf(err) != "canned_name_taken" {
		t.Errorf("the same name again: %v", err)
	}
	second.Audience, second.TeamID, second.Owner = desk.AudiencePersonal, 0, 5
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteCanned().Put(second) })
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteCanned().Delete(second.ID) })
	err = w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteCanned().Used(second.ID, at(9)) })
	if desk.CodeOf(err) != "canned_reply_not_found" {
		t.Errorf("a use of what is gone: %v", err)
	}
}

func checkMacro(t *testing.T, w, other *world) {
	v := desk.Macro{ID: 201, Ownership: desk.Ownership{Audience: desk.AudienceTeam, TeamID: 4}, Name: "返金", Reading: "へんきん",
		Actions:   []desk.Action{{Kind: desk.ActionAddTag, TagID: 3}, {Kind: desk.ActionReply, Texts: map[desk.Locale]string{desk.LocaleJA: "承りました"}}},
		CreatedAt: at(1), UpdatedAt: at(2), Version: 1}
	get := func(r store.Reader) (desk.Macro, error) { return r.Macros().Get(v.ID) }
	put := func(tx store.Tx) error { return tx.WriteMacros().Put(v) }
	stored(t, w, other, "macro", put, get, v)
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteMacros().Used(v.ID, at(9)) })
	changed := v
	changed.Name, changed.Version = "払い戻し", 2 // an edit that did not see the use does not undo it
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteMacros().Put(changed) })
	changed.Uses, changed.LastUsedAt = 1, at(9)
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := r.Macros().List()
		equal(t, got, []desk.Macro{changed})
		return err
	})
	second := changed
	second.ID = 202
	err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteMacros().Put(second) })
	if desk.CodeOf(err) != "macro_name_taken" {
		t.Errorf("the same name again: %v", err)
	}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteMacros().Delete(v.ID) })
	err = w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteMacros().Used(v.ID, at(9)) })
	if desk.CodeOf(err) != "macro_not_found" {
		t.Errorf("a use of what is gone: %v", err)
	}
}

func checkSavedView(t *testing.T, w, other *world) {
	v := desk.SavedView{ID: 91, Ownership: desk.Ownership{Audience: desk.AudienceTeam, TeamID: 4}, Name: "返金", Icon: "star", Color: "red", Place: 2, Sort: string(store.SortWaiting),
		Filter:    desk.ListFilter{View: desk.ViewAll, Tags: []desk.ID{1, 2}, Languages: []string{"ja"}, Attachment: true, Until: at(7)},
		CreatedAt: at(1), UpdatedAt: at(2), Version: 1}
	first := desk.SavedView{ID: 92, Ownership: desk.Ownership{Audience: desk.AudiencePersonal, Owner: w.user}, Name: "急ぎ", Icon: "flag", Place: 1, CreatedAt: at(1), UpdatedAt: at(2), Version: 1}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return all(tx.WriteSavedViews().Put(v), tx.WriteSavedViews().Put(first)) })
	v.Name, v.Filter, v.Version = "返品", desk.ListFilter{WithinDays: 7}, 2
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteSavedViews().Put(v) })
	for workspace, want := range map[desk.ID][]desk.SavedView{w.workspace: {first, v}, other.workspace: {}} {
		view(t, w.s, workspace, func(r store.Reader) error {
			got, err := r.SavedViews().List()
			equal(t, got, want)
			return err
		})
	}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteSavedViews().Delete(first.ID) })
	view(t, w.s, w.workspace, func(r store.Reader) error {
		_, err := r.SavedViews().Get(first.ID)
		wantKind(t, err, desk.KindNotFound, "saved_view_not_found")
		got, err := r.SavedViews().Get(v.ID)
		equal(t, got, v)
		return err
	})
}
