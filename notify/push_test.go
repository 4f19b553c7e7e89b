package notify_test

import (
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"
	_ "time/tzdata" // quiet hours are on a clock in Tokyo

	"madoguchi/desk"
	"madoguchi/notify"
	"madoguchi/store"
	"madoguchi/webpush"
)

func TestAMessageIsPushedToItsAssignee(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "u1", "届きません")
		w.assigns(t, ken, f, ken)
		w.round(t) // before anybody has a device
		a, k := w.browser(t, aoi), w.browser(t, ken)
		w.hears(t, "u1", "まだですか")
		w.hears(t, "u1", "急いでいます")
		got := w.pushes(t, k)
		want := said{Title: "山田", Body: "急いでいます", Tag: "c" + f.Conversation.ID.String(), URL: got[0].URL, Badge: 1}
		if len(got) != 1 || got[0] != want { // both in one, the newest text
			t.Errorf("heard %+v, want %+v", got, want)
		}
		if got := w.pushes(t, a); len(got) != 0 {
			t.Errorf("a colleague heard %+v", got)
		}
	})
}

func TestWhatNobodyHasIsPushedToWhomeverIsOnline(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, k := w.browser(t, aoi), w.browser(t, ken)
		w.update(t, func(tx store.Tx) error {
			return tx.WriteMembers().PutPresence(desk.Presence{UserID: ken, Chosen: desk.Away, LeaseUntil: tx.Now().Add(time.Hour)})
		})
		w.hears(t, "u1", "届きません")
		if got := w.pushes(t, a); len(got) != 1 {
			t.Errorf("heard %+v", got)
		}
		if got := k.Got(); len(got) != 0 {
			t.Errorf("who is away heard %+v", got)
		}
	})
}

func TestWhatWasReadOrTakenMeanwhileIsNotPushed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.browser(t, aoi)
		f := w.hears(t, "u1", "届きません")
		w.round(t)
		w.update(t, func(tx store.Tx) error {
			return tx.WriteConversations().PutRead(desk.Read{UserID: aoi, ConversationID: f.Conversation.ID, Seq: f.Message.Seq, At: tx.Now()})
		})
		if got := w.pushes(t, a); len(got) != 0 {
			t.Errorf("read, and heard %+v", got)
		}
		f = w.hears(t, "u2", "もしもし")
		w.round(t)
		w.assigns(t, ken, f, ken)
		if got := w.pushes(t, a); len(got) != 0 {
			t.Errorf("a colleague's, and heard %+v", got)
		}
	})
}

func TestAMentionThatWasReadMeanwhileIsNotPushed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		k := w.browser(t, ken)
		f := w.hears(t, "u1", "届きません")
		w.assigns(t, aoi, f, aoi)
		w.notes(t, aoi, f.Conversation.ID, ken)
		w.round(t)
		if got := w.pushes(t, k); len(got) != 1 {
			t.Errorf("of a note that names them %s heard %+v", ken, got)
		}
		w.notes(t, aoi, f.Conversation.ID, ken)
		w.round(t)
		w.update(t, func(tx store.Tx) error {
			row, err := tx.Conversations().Get(f.Conversation.ID)
			if err != nil {
				return err
			}
			return tx.WriteConversations().PutRead(desk.Read{UserID: ken, ConversationID: row.ID, Seq: row.LastSeq, At: tx.Now()})
		})
		if got := w.pushes(t, k); len(got) != 0 {
			t.Errorf("of one that was read meanwhile %s heard %+v", ken, got)
		}
	})
}

func TestAnAssignmentIsPushedUnlessItIsTakenBack(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "u1", "届きません")
		w.round(t)
		k := w.browser(t, ken)
		w.assigns(t, aoi, f, ken)
		w.round(t)
		if got := w.pushes(t, k); len(got) != 1 || got[0].Body != "会話があなたに割り当てられました。" || got[0].Title != "山田" {
			t.Errorf("heard %+v", got)
		}
		w.assigns(t, aoi, f, 0)
		w.assigns(t, aoi, f, ken)
		w.round(t) // the notification
		w.round(t) // its push waits
		w.assigns(t, aoi, f, 0)
		if got := w.pushes(t, k); len(got) != 0 {
			t.Errorf("heard %+v", got)
		}
	})
}

func TestWhatAMemberChose(t *testing.T) {
	for name, test := range map[string]struct {
		telling desk.Telling
		at      time.Duration // after 18:00 in Tokyo
		heard   []said
	}{
		"without content":       {telling: desk.Telling{HideContent: true}, heard: []said{{Title: "Madoguchi", Body: "新しいメッセージ"}}},
		"no messages":           {telling: desk.Telling{NotOnDevices: []desk.NoticeKind{desk.NoticeMessage}}},
		"other kinds":           {telling: desk.Telling{NotOnDevices: []desk.NoticeKind{desk.NoticeAssigned, desk.NoticeSLA}}, heard: []said{{Title: "山田", Body: "届きません"}}},
		"before quiet hours":    {telling: desk.Telling{Quiet: desk.QuietHours{On: true, From: 22 * 60, Until: 7 * 60}}, heard: []said{{Title: "山田", Body: "届きません"}}},
		"in quiet hours":        {telling: desk.Telling{Quiet: desk.QuietHours{On: true, From: 22 * 60, Until: 7 * 60}}, at: 5 * time.Hour},
		"after midnight":        {telling: desk.Telling{Quiet: desk.QuietHours{On: true, From: 22 * 60, Until: 7 * 60}}, at: 12 * time.Hour},
		"in the morning":        {telling: desk.Telling{Quiet: desk.QuietHours{On: true, From: 22 * 60, Until: 7 * 60}}, at: 13 * time.Hour, heard: []said{{Title: "山田", Body: "届きません"}}},
		"quiet hours, but off":  {telling: desk.Telling{Quiet: desk.QuietHours{From: 22 * 60, Until: 7 * 60}}, at: 5 * time.Hour, heard: []said{{Title: "山田", Body: "届きません"}}},
		"quiet within one day":  {telling: desk.Telling{Quiet: desk.QuietHours{On: true, From: 17 * 60, Until: 19 * 60}}},
		"off screen, on device": {telling: desk.Telling{NotOnScreen: []desk.NoticeKind{desk.NoticeMessage}}, heard: []said{{Title: "山田", Body: "届きません"}}},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				w.advance(test.at)
				a := w.browser(t, aoi)
				w.chooses(t, aoi, test.telling)
				w.hears(t, "u1", "届きません")
				got := w.pushes(t, a)
				for i := range got {
					got[i] = said{Title: got[i].Title, Body: got[i].Body}
				}
				if !slices.Equal(got, test.heard) {
					t.Errorf("heard %+v, want %+v", got, test.heard)
				}
			})
		})
	}
}

func TestSightIsLookedAtWhenItGoes(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "u1", "届きません")
		w.round(t)
		k := w.browser(t, ken)
		w.assigns(t, aoi, f, aoi)
		w.notes(t, aoi, f.Conversation.ID, ken)
		w.round(t)
		w.round(t)
		w.update(t, func(tx store.Tx) error { // meanwhile (J2)
			m, err := tx.Members().Get(ken)
			m.Scope = desk.ScopeOwn
			if err != nil {
				return err
			}
			return tx.WriteMembers().Put(m)
		})
		if got := w.pushes(t, k); len(got) != 0 {
			t.Errorf("heard %+v", got)
		}
	})
}

func TestADeviceEndsWithItsSession(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.browser(t, aoi)
		w.hears(t, "u1", "届きません")
		w.round(t)
		w.update(t, func(tx store.Tx) error { return tx.WriteAccounts().DeleteSession(a.session.TokenHash) })
		if got := w.pushes(t, a); len(got) != 0 {
			t.Errorf("signed out, and heard %+v", got)
		}
	})
}

func TestWhatAServiceAnswers(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.browser(t, aoi)
		a.Answer(http.StatusServiceUnavailable, http.StatusTooManyRequests)
		w.hears(t, "u1", "届きません")
		var heard []said
		for range 3 {
			heard = append(heard, w.pushes(t, a)...)
			w.advance(15 * time.Second)
		}
		if len(heard) != 1 {
			t.Errorf("tried again, and heard %+v", heard)
		}
		a.Answer(http.StatusGone)
		w.hears(t, "u1", "もしもし")
		w.pushes(t, a)
		if err := w.notify.Try(t.Context(), workspace, aoi, a.id); desk.KindOf(err) != desk.KindNotFound {
			t.Errorf("a subscription that ended is kept: %v", err)
		}
	})
}

func TestManyNodesPushOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.browser(t, aoi)
		for _, from := range []string{"u1", "u2", "u3", "u4", "u5", "u6"} {
			w.hears(t, from, "こんにちは")
		}
		w.round(t)
		w.advance(4 * time.Second)
		var nodes sync.WaitGroup
		for range 4 {
			nodes.Go(func() {
				if _, err := w.node().Push(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		if got := a.Got(); len(got) != 6 {
			t.Errorf("heard %d of 6", len(got))
		}
	})
}

func TestSigningUp(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a, k := w.browser(t, aoi), w.browser(t, ken)
		keys := webpush.Subscription{P256DH: a.P256DH, Auth: a.Auth}
		for _, endpoint := range []string{"", "ftp://push.example.test/1", "https://user@push.example.test/1", "push.example.test", "http://push.example.test/1"} {
			keys.Endpoint = endpoint
			if _, err := w.notify.SignUp(t.Context(), a.session, keys); desk.KindOf(err) != desk.KindInvalid {
				t.Errorf("%q: %v", endpoint, err)
			}
		}
		must(t, w.notify.Try(t.Context(), workspace, aoi, a.id))
		if got := w.pushes(t, a); len(got) != 1 || got[0].Body != "この端末にプッシュ通知が届きました。" {
			t.Errorf("heard %+v", got)
		}
		for _, err := range []error{w.notify.Try(t.Context(), workspace, aoi, k.id), w.notify.SignOff(t.Context(), workspace, aoi, k.id)} {
			if desk.KindOf(err) != desk.KindNotFound {
				t.Errorf("a colleague's device: %v", err)
			}
		}
		must(t, w.notify.SignOff(t.Context(), workspace, aoi, a.id))
		w.hears(t, "u1", "届きません")
		if got := w.pushes(t, a); len(got) != 0 {
			t.Errorf("signed off, and heard %+v", got)
		}
	})
}

// E8: only who chose so, and only while a push reaches them.
func TestWhoAPushReachesStaysOnline(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.browser(t, aoi)
		w.browser(t, ken)
		w.chooses(t, aoi, desk.Telling{StayOnline: true})
		w.advance(time.Hour - time.Second)
		must(t, w.notify.RenewOnline(t.Context()))
		w.advance(2 * time.Second)
		online := map[desk.ID]bool{}
		must(t, w.store.View(t.Context(), workspace, func(r store.Reader) error {
			rows, err := r.Members().Presences()
			for _, p := range rows {
				online[p.UserID] = p.At(w.Now()) == desk.Online
			}
			return err
		}))
		if !online[aoi] || online[ken] {
			t.Errorf("online: %v", online)
		}
	})
}

func TestKeysAreSealedAnew(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		a := w.browser(t, aoi)
		n := 0
		all := func([]byte) bool { return true }
		done, err := notify.Reseal(t.Context(), w.store, w.keys, []desk.ID{0, workspace}, all)
		must(t, err)
		must(t, notify.EachSealed(t.Context(), w.store, []desk.ID{0, workspace}, func(string, []byte) error { n++; return nil }))
		if done != 2 || n != 2 {
			t.Errorf("%d values sealed anew of %d", done, n)
		}
		must(t, w.node().Try(t.Context(), workspace, aoi, a.id))
		if got := w.pushes(t, a); len(got) != 1 {
			t.Errorf("heard %+v", got)
		}
	})
}
