package storetest_test

import (
	"encoding/json"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// What is put comes back as it was, twice put is replaced, and another workspace does not see it.
func TestRecordsComeBackWhole(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w, other := newWorld(t, s), newWorld(t, s)
		for name, check := range map[string]func(*testing.T, *world, *world){
			"schedule": checkSchedule, "team": checkTeam, "channel": checkChannel, "contact": checkContact, "visitor": checkVisitor,
			"ticket": checkTicket, "message": checkMessage, "draft": checkDraft, "scheduled": checkScheduled, "reminder": checkReminder,
			"link preview": checkLinkPreview, "member": checkMember, "account": checkAccount,
			"brand": checkBrand, "canned reply": checkCanned, "saved view": checkSavedView, "cursor": checkCursor, "field": checkField, "read": checkReads,
			"notification": checkNotification, "routing rule": checkRoutingRule, "push": checkPush, "mail": checkMail,
			"macro": checkMacro, "trigger": checkTrigger, "run": checkRuns, "timer": checkTimers, "catch-up": checkCatchUps, "call": checkCalls,
		} {
			t.Run(name, func(t *testing.T) { check(t, w, other) })
		}
	})
}

// stored puts a record, reads it back, and looks for it in another workspace.
func stored[T any](t *testing.T, w, other *world, what string, put func(store.Tx) error, get func(store.Reader) (T, error), want T) {
	t.Helper()
	update(t, w.s, w.workspace, put)
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := get(r)
		equal(t, got, want)
		return err
	})
	view(t, w.s, other.workspace, func(r store.Reader) error {
		got, err := get(r)
		var none T
		equal(t, got, none)
		wantKind(t, err, desk.KindNotFound, what+"_not_found")
		return nil
	})
}

func checkSchedule(t *testing.T, w, other *world) {
	v := desk.Schedule{ID: 71, Name: "平日", Zone: "Asia/Tokyo", Closed: []desk.Date{"2026-12-31"}, CreatedAt: at(1), UpdatedAt: at(2)}
	v.Week[time.Monday] = []desk.Interval{{Start: 540, End: 1080}}
	v.Special = map[desk.Date][]desk.Interval{"2026-12-30": {{Start: 600, End: 720}}}
	get := func(r store.Reader) (desk.Schedule, error) { return r.Schedules().Get(v.ID) }
	put := func(tx store.Tx) error { return tx.WriteSchedules().Put(v) }
	stored(t, w, other, "schedule", put, get, v)
	v.Name, v.Closed = "土日も", nil
	stored(t, w, other, "schedule", put, get, v)
	used := w.channel
	used.ScheduleID = v.ID
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteChannels().Put(used) })
	err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteSchedules().Delete(v.ID) })
	wantKind(t, err, desk.KindConflict, "schedule_in_use") // 0.10
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		return all(tx.WriteChannels().Put(w.channel), tx.WriteSchedules().Delete(v.ID))
	})
}

func checkTeam(t *testing.T, w, other *world) {
	v := desk.Team{ID: 72, Name: "返品", MemberIDs: []desk.ID{w.user}, Mode: desk.ModeRoundRobin, Accept: desk.AcceptOffer, Ageing: true, CreatedAt: at(1)}
	put := func(tx store.Tx) error { return tx.WriteTeams().Put(v) }
	get := func(r store.Reader) (desk.Team, error) { return r.Teams().Get(v.ID) }
	stored(t, w, other, "team", put, get, v)
	view(t, w.s, w.workspace, func(r store.Reader) error {
		of, err := r.Teams().Of(w.user)
		equal(t, of, []desk.ID{v.ID})
		list, err2 := r.Teams().List()
		equal(t, list, []desk.Team{v})
		return all(err, err2)
	})
	v.MemberIDs = []desk.ID{}
	stored(t, w, other, "team", put, get, v)
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteTeams().Delete(v.ID) })
}

func checkChannel(t *testing.T, w, other *world) {
	v := desk.Channel{ID: 73, BrandID: 1, Kind: "line", Name: "LINE", Account: "acc-" + w.workspace.String(), State: desk.ChannelActive,
		Settings: json.RawMessage(`{"greeting":"こんにちは"}`), Secrets: []byte{0, 1, 255}, TeamID: 2, ScheduleID: 3,
		Automation: desk.Automation{Acknowledge: true, AckTexts: map[desk.Locale]string{"ja": "お待ちください"}, AnswerMinutes: 30, ConfirmOptOut: true}, CreatedAt: at(1), UpdatedAt: at(2), Version: 4}
	put := func(tx store.Tx) error { return tx.WriteChannels().Put(v) }
	get := func(r store.Reader) (desk.Channel, error) { return r.Channels().Get(v.ID) }
	stored(t, w, other, "channel", put, get, v)
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteChannels().Touch(v.ID, at(9), "https://shop.example") })
	v.LastSeenAt, v.LastSeenOn = at(9), "https://shop.example"
	view(t, w.s, 0, func(r store.Reader) error { // across workspaces
		workspace, c, err := r.Channels().ByAccount(v.Kind, v.Account)
		equal(t, workspace, w.workspace)
		equal(t, c, v)
		return err
	})
	v.State = desk.ChannelDeleted
	stored(t, w, other, "channel", put, get, v) // H3: still readable
	view(t, w.s, w.workspace, func(r store.Reader) error {
		list, err := r.Channels().List()
		equal(t, list, []desk.Channel{w.channel})
		_, _, gone := r.Channels().ByAccount(v.Kind, v.Account)
		wantKind(t, gone, desk.KindNotFound, "channel_not_found")
		return err
	})
	deleted := func(want ...desk.Channel) {
		t.Helper()
		view(t, w.s, w.workspace, func(r store.Reader) error {
			list, err := r.Channels().Deleted()
			if len(list)+len(want) > 0 {
				equal(t, list, want)
			}
			return err
		})
	}
	deleted()
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		_, err := w.conversation(tx, func(c *desk.Conversation) { c.ChannelID = v.ID })
		return err
	})
	deleted(v) // its history has a name
	again := v // the account is free again
	again.ID, again.State = 74, desk.ChannelActive
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteChannels().Put(again) })
}

func checkBrand(t *testing.T, w, other *world) {
	v := desk.Brand{ID: 82, Name: "本店", SenderName: "さくら", Locale: desk.LocaleEN, LogoKey: "k", CreatedAt: at(1)}
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteWorkspaces().PutBrand(v) })
	for workspace, want := range map[desk.ID][]desk.Brand{w.workspace: {v}, other.workspace: {}} {
		view(t, w.s, workspace, func(r store.Reader) error {
			got, err := r.Workspaces().Brands()
			equal(t, got, want)
			_, server := r.Workspaces().All()
			wantKind(t, server, desk.KindForbidden, "server_only")
			return err
		})
	}
	err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error {
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: other.workspace, Name: "taken over"})
	})
	wantKind(t, err, desk.KindNotFound, "workspace_not_found")
}

func checkCursor(t *testing.T, w, other *world) {
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		return all(tx.WriteCursors().SetPosition("search", 41), tx.WriteCursors().SetPosition("search", 42))
	})
	for workspace, want := range map[desk.ID]int64{w.workspace: 42, other.workspace: 0} {
		view(t, w.s, workspace, func(r store.Reader) error {
			got, err := r.Cursors().Position("search")
			equal(t, got, want)
			return err
		})
	}
}

func checkField(t *testing.T, w, other *world) {
	v := desk.Field{ID: 801, Subject: desk.FieldOfContact, Key: "rank", Kind: desk.FieldChoice, Label: desk.Labels{JA: "会員", EN: "Rank"},
		Options: []desk.FieldOption{{ID: "gold", Label: desk.Labels{JA: "金"}}}, Required: true, Position: 3, CreatedAt: at(1), UpdatedAt: at(2), Version: 1}
	put := func(tx store.Tx) error { return tx.WriteFields().Put(v) }
	get := func(r store.Reader) (desk.Field, error) { return r.Fields().Get(v.ID) }
	stored(t, w, other, "field", put, get, v)
	v.Label.JA, v.RetiredAt, v.Version = "会員ランク", at(3), 2
	stored(t, w, other, "field", put, get, v)
	twin := v
	twin.ID = 802
	err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteFields().Put(twin) })
	wantKind(t, err, desk.KindConflict, "field_taken")
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteFields().Delete(v.ID) })
}
