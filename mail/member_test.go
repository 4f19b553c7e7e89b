package mail_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/mail"
	"madoguchi/store"
)

func (w *world) chooses(t *testing.T, user desk.ID, telling desk.Telling) {
	t.Helper()
	must(t, w.notify.Choose(t.Context(), workspace, user, telling))
}

// gives a case to a member.
func (w *world) gives(t *testing.T, row desk.Conversation, to desk.ID) {
	t.Helper()
	by := inbox.Actor{Workspace: workspace, User: aoi, Name: "Aoi", By: desk.Actor{Kind: desk.ActorUser, ID: aoi}, Scope: desk.ScopeAll, AssignsOthers: true}
	_, err := w.members.Assign(t.Context(), by, row.TicketID, to)
	must(t, err)
}

func (w *world) present(t *testing.T, user desk.ID, p desk.Presence) {
	t.Helper()
	p.UserID, p.Chosen = user, desk.Online
	w.update(t, func(tx store.Tx) error { return tx.WriteMembers().PutPresence(p) })
}

// silenced is a desk whose web chat mails no customers.
func (w *world) silenced(t *testing.T) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		ch, err := tx.Channels().Get(chat)
		if err != nil {
			return err
		}
		ch.Automation.MailMinutes = 0
		return tx.WriteChannels().Put(ch)
	})
}

func TestADigestComesAtTheMembersHour(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.silenced(t)
		w.chooses(t, ken, desk.Telling{Digest: desk.Digest{Every: desk.DigestDaily, At: 19 * 60}}) // it is 18:00
		row := w.writes(t, "k1", hanako, "まだ届きません")
		w.gives(t, row, ken)
		w.writes(t, "k2", "taro@example.test", "こんにちは") // nobody's
		if mails := w.works(t); len(mails) != 0 {
			t.Fatalf("too early: %+v", mails)
		}
		w.advance(time.Hour)
		mails := w.works(t)
		if len(mails) != 1 {
			t.Fatalf("%d mails", len(mails))
		}
		m := mails[0]
		if m.To != "ken@example.test" || m.Subject != "【窓口】返信待ち1件・未読1件" || !strings.Contains(m.Text, "花子 #1") || !strings.Contains(m.Text, "まだ届きません") ||
			!strings.Contains(m.Text, "2026-11-20 18:00から返信待ち") || !strings.Contains(m.Text, "https://desk.example.test/?c="+row.ID.String()) || strings.Contains(m.Text, "こんにちは") || m.Unsubscribe == "" {
			t.Errorf("%+v", m)
		}
		if again := w.works(t); len(again) != 0 {
			t.Errorf("twice: %+v", again)
		}
		w.chooses(t, ken, desk.Telling{HideContent: true, Digest: desk.Digest{Every: desk.DigestDaily, At: 19 * 60}})
		w.advance(24 * time.Hour)
		if mails = w.works(t); len(mails) != 1 || !strings.Contains(mails[0].Text, "#1") || strings.Contains(mails[0].Text+mails[0].HTML, "届きません") || strings.Contains(mails[0].Text+mails[0].HTML, "花子") {
			t.Fatalf("with hidden content: %+v", mails)
		}
		w.answers(t, row, inbox.ModeReply, "調べます")
		w.update(t, func(tx store.Tx) error {
			return tx.WriteConversations().PutRead(desk.Read{UserID: ken, ConversationID: row.ID, Seq: 99, At: tx.Now()})
		})
		w.advance(24 * time.Hour)
		if mails = w.works(t); len(mails) != 0 {
			t.Errorf("nothing to tell: %+v", mails)
		}
	})
}

func TestAWeeklyDigestIsLateAndStopped(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.silenced(t)
		w.gives(t, w.writes(t, "k1", hanako, "もしもし"), ken)
		w.chooses(t, ken, desk.Telling{Digest: desk.Digest{Every: desk.DigestWeekly, At: 9 * 60, Weekday: time.Monday}})
		w.advance(2*24*time.Hour + 15*time.Hour) // Monday, 9:00
		mails := w.works(t)
		if len(mails) != 1 {
			t.Fatalf("on Monday: %+v", mails)
		}
		w.advance(7*24*time.Hour + 13*time.Hour) // nobody worked then: it says how things stood
		if mails := w.works(t); len(mails) != 0 {
			t.Errorf("half a day late: %+v", mails)
		}
		token := mails[0].Unsubscribe[strings.LastIndex(mails[0].Unsubscribe, "/")+1:]
		must(t, w.mail.Stop(t.Context(), token))
		if to, err := w.mail.Recipient(t.Context(), token); err != nil || !to.Stopped || to.From != "窓口" {
			t.Errorf("stopped: %+v, %v", to, err)
		}
		w.advance(14 * 24 * time.Hour)
		if mails := w.works(t); len(mails) != 0 {
			t.Errorf("after it was stopped: %+v", mails)
		}
	})
}

func TestMembersWhoAreAwayAreMailedOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.silenced(t)
		w.chooses(t, ken, desk.Telling{ByMail: []desk.NoticeKind{desk.NoticeAssigned, desk.NoticeMessage}, AwayMinutes: 10})
		w.present(t, ken, desk.Presence{LeaseUntil: w.Now().Add(time.Minute)}) // until 18:00
		w.advance(2 * time.Minute)
		row := w.writes(t, "k1", hanako, "もしもし")
		w.gives(t, row, ken)
		w.works(t)
		w.advance(2 * time.Minute)
		w.writes(t, "k1", hanako, "いますか")
		w.works(t)
		w.advance(8 * time.Minute)
		mails := w.works(t)
		if len(mails) != 1 || mails[0].To != "ken@example.test" || mails[0].Subject != "【窓口】離席中のお知らせ（1件）" || !strings.Contains(mails[0].Text, "会話があなたに割り当てられました。") ||
			!strings.Contains(mails[0].Text, "いますか") || strings.Count(mails[0].Text, "花子") != 1 {
			t.Fatalf("%+v", mails)
		}
		w.advance(time.Hour)
		if again := w.works(t); len(again) != 0 {
			t.Errorf("again: %+v", again)
		}
		// Who is here hears nothing by mail; who has just gone, when they have been away for long enough.
		w.present(t, ken, desk.Presence{LeaseUntil: w.Now().Add(11 * time.Minute)})
		w.writes(t, "k1", hanako, "もう一度")
		w.works(t)
		w.advance(10 * time.Minute)
		if here := w.works(t); len(here) != 0 {
			t.Errorf("at the desk: %+v", here)
		}
		w.writes(t, "k1", hanako, "それから")
		w.works(t)
		w.advance(10 * time.Minute)
		if mails = w.works(t); len(mails) != 1 || !strings.Contains(mails[0].Text, "それから") {
			t.Errorf("gone: %+v", mails)
		}
		w.chooses(t, ken, desk.Telling{})
		w.writes(t, "k1", hanako, "まだですか")
		w.works(t)
		w.advance(time.Hour)
		if off := w.works(t); len(off) != 0 {
			t.Errorf("switched off: %+v", off)
		}
	})
}

func TestWhatGoesWhileSomebodyWaits(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		must(t, w.mail.Try(t.Context(), workspace, aoi))
		until := w.Now().Add(7 * 24 * time.Hour)
		must(t, w.mail.Invite(t.Context(), workspace, mail.Invitation{By: aoi, Email: "new@example.test", Link: "https://desk.example.test/invitations/x", Until: until}))
		mails := w.arrived(t)
		if len(mails) != 2 || mails[0].To != "aoi@example.test" || mails[1].To != "new@example.test" || mails[1].Subject != "Aoiさんから窓口への招待" || !strings.Contains(mails[1].Text, "https://desk.example.test/invitations/x") {
			t.Fatalf("%+v", mails)
		}
		fault := func() (f *mail.Fault) {
			must(t, w.store.View(t.Context(), 0, func(r store.Reader) (err error) {
				f, err = mail.FaultOf(r)
				return err
			}))
			return f
		}
		kinds := []desk.Kind{}
		try := func() { kinds = append(kinds, desk.KindOf(w.mail.Try(t.Context(), workspace, aoi))) }
		good := *w.mail.Server
		w.mail.Server.Password = "another"
		try()
		if f := fault(); f == nil || f.Code != 535 {
			t.Errorf("a wrong password: %+v", f)
		}
		*w.mail.Server = good
		w.mail.Server.Port = 1
		try()
		if f := fault(); f == nil || f.Code != 0 {
			t.Errorf("nobody there: %+v", f)
		}
		*w.mail.Server = good
		try()
		if f := fault(); f != nil {
			t.Errorf("it goes again: %+v", f)
		}
		w.mail.Server = nil
		try()
		if want := []desk.Kind{desk.KindConflict, desk.KindUnavailable, "", desk.KindConflict}; !slices.Equal(kinds, want) {
			t.Errorf("%v, want %v", kinds, want)
		}
	})
}
