package mail_test

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/mail"
	"madoguchi/store"
)

// One mail has all that the customer has not read, and nothing else.
func TestACustomerIsMailedWhatTheyHaveNotRead(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		row := w.writes(t, "k1", hanako, "まだ届きません")
		w.answers(t, row, inbox.ModeReply, "お調べします <b>")
		w.advance(2 * time.Minute)
		w.answers(t, row, inbox.ModeNote, "倉庫に電話した")
		last := w.answers(t, row, inbox.ModeReply, "明日 届きます")
		if mails := w.works(t); len(mails) != 0 {
			t.Fatalf("too early: %+v", mails)
		}
		w.advance(3 * time.Minute)
		mails := w.works(t)
		if len(mails) != 1 {
			t.Fatalf("%d mails", len(mails))
		}
		m := mails[0]
		if m.To != hanako || m.From != "みどり商店" || m.Subject != "みどり商店から返信があります" || !strings.Contains(m.Text, "Aoi\nお調べします <b>") || !strings.Contains(m.Text, "明日 届きます") ||
			!strings.Contains(m.Text, shop) || !strings.Contains(m.HTML, "お調べします &lt;b&gt;") || !strings.Contains(m.HTML, `href="`+shop) || m.Unsubscribe == "" {
			t.Errorf("%+v", m)
		}
		for _, secret := range []string{"倉庫", "まだ届きません"} {
			if strings.Contains(m.Text+m.HTML, secret) {
				t.Errorf("it says %q", secret)
			}
		}
		if s := w.standing(t, row); s.MailedSeq != last.Seq || !slices.Equal(w.lines(t, row), []string{"mail_sent"}) {
			t.Errorf("mailed up to %d, want %d; %v", s.MailedSeq, last.Seq, w.lines(t, row))
		}
		w.advance(time.Hour)
		if again := w.works(t); len(again) != 0 {
			t.Errorf("mailed again: %+v", again)
		}
		w.answers(t, row, inbox.ModeReply, "届きましたか")
		w.works(t)
		w.advance(5 * time.Minute)
		if next := w.works(t); len(next) != 1 || !strings.Contains(next[0].Text, "届きましたか") || strings.Contains(next[0].Text, "明日") {
			t.Errorf("the next: %+v", next)
		}
	})
}

// A mail shows no marks: where a link leads, and that lines are a list, is written out; text from right to left begins at the right.
func TestAMailKeepsWhatMarksMean(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		row := w.writes(t, "k1", hanako, "まだ届きません")
		actor := inbox.Actor{Workspace: workspace, User: aoi, Name: "Aoi", By: desk.Actor{Kind: desk.ActorUser, ID: aoi}, Scope: desk.ScopeAll, AssignsOthers: true}
		text := desk.Part{Kind: desk.PartText, Text: "追跡はこちら\n伝票\nمرحبا", Marks: []desk.Mark{
			{Kind: desk.MarkLink, Start: 3, End: 6, Href: "https://track.example.test/7"}, {Kind: desk.MarkItem, Start: 7, End: 9},
		}}
		_, _, err := w.members.Write(t.Context(), actor, row.ID, inbox.NewMessage{ClientID: "marked", Mode: inbox.ModeReply, Parts: []desk.Part{text}})
		must(t, err)
		w.advance(5 * time.Minute)
		mails := w.works(t)
		if len(mails) != 1 {
			t.Fatalf("%d mails", len(mails))
		}
		for _, want := range []string{"追跡はこちら (https://track.example.test/7)", "• 伝票", "مرحبا"} {
			if !strings.Contains(mails[0].Text, want) || !strings.Contains(mails[0].HTML, want) {
				t.Errorf("%q is not in it: %s", want, mails[0].Text)
			}
		}
		if !strings.Contains(mails[0].HTML, `<p dir="auto"`) {
			t.Errorf("every line begins at the left: %s", mails[0].HTML)
		}
	})
}

func TestWhoIsNotMailed(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		cases := map[string]struct {
			address string
			do      func(row desk.Conversation, reply desk.Message)
		}{
			"read in time": {hanako, func(row desk.Conversation, reply desk.Message) {
				w.update(t, func(tx store.Tx) error {
					return tx.WriteConversations().PutCustomerRead(desk.CustomerRead{ConversationID: row.ID, Seq: reply.Seq, At: tx.Now()})
				})
			}},
			"wrote since":       {hanako, func(desk.Conversation, desk.Message) { w.writes(t, "wrote since", hanako, "ありがとう") }},
			"no address":        {"", func(desk.Conversation, desk.Message) {}},
			"no address at all": {"hanako", func(desk.Conversation, desk.Message) {}},
			"blocked": {hanako, func(row desk.Conversation, _ desk.Message) {
				w.stands(t, row, func(i *desk.Identity) { i.BlockedAt = w.Now() })
			}},
			"opted out": {hanako, func(row desk.Conversation, _ desk.Message) {
				w.stands(t, row, func(i *desk.Identity) { i.Standing = i.Standing.OptOut(w.Now(), desk.OptOutByMember) })
			}},
			"stopped": {hanako, func(row desk.Conversation, _ desk.Message) {
				w.stands(t, row, func(i *desk.Identity) { i.Standing.MailStoppedAt = w.Now() })
			}},
			"bounced": {hanako, func(row desk.Conversation, _ desk.Message) {
				w.stands(t, row, func(i *desk.Identity) { i.Standing.MailRefused = hanako })
			}},
			"taken back": {hanako, func(_ desk.Conversation, reply desk.Message) {
				w.update(t, func(tx store.Tx) error {
					m, err := tx.Messages().Get(reply.ID)
					if err != nil {
						return err
					}
					m.DeletedAt, m.Parts = tx.Now(), nil
					return tx.WriteMessages().Update(&m)
				})
			}},
		}
		for name, c := range cases {
			row := w.writes(t, name, c.address, "こんにちは")
			reply := w.answers(t, row, inbox.ModeReply, name)
			w.works(t)
			c.do(row, reply)
		}
		off := w.writes(t, "switched off", hanako, "こんにちは")
		w.advance(5 * time.Minute)
		for _, m := range w.works(t) {
			t.Errorf("mailed: %s", m.Text)
		}
		w.answers(t, off, inbox.ModeReply, "はい")
		w.works(t)
		w.update(t, func(tx store.Tx) error {
			ch, err := tx.Channels().Get(chat)
			if err != nil {
				return err
			}
			ch.Automation.MailMinutes = 0
			return tx.WriteChannels().Put(ch)
		})
		w.advance(5 * time.Minute)
		if mails := w.works(t); len(mails) != 0 {
			t.Errorf("mailed from a channel that does not: %+v", mails)
		}
	})
}

func TestWhatServersRefuse(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		row := w.writes(t, "k1", "refused@example.test", "もしもし")
		w.answers(t, row, inbox.ModeReply, "はい")
		w.works(t)
		w.advance(5 * time.Minute)
		w.works(t)
		if s := w.standing(t, row); s.MailRefused != "refused@example.test" || !slices.Equal(w.lines(t, row), []string{"mail_refused"}) {
			t.Errorf("a bounce: %+v, %v", s, w.lines(t, row))
		}
		for i, address := range []string{"later@example.test", "late@example.test"} {
			row := w.writes(t, address, address, "もしもし")
			w.answers(t, row, inbox.ModeReply, "はい")
			w.works(t)
			w.advance(5 * time.Minute)
			if mails := w.works(t); len(mails) != 0 {
				t.Errorf("%s took it at once: %+v", address, mails)
			}
			w.advance(time.Minute)
			if mails := w.works(t); len(mails) != 1 || len(w.lines(t, row)) != 1 {
				t.Errorf("%d: %s, a minute later: %+v, %v", i, address, mails, w.lines(t, row))
			}
		}
		// Nobody knows whether a mail arrived whose server said nothing: it is not sent twice.
		silent := w.writes(t, "silent", "silent@example.test", "もしもし")
		w.answers(t, silent, inbox.ModeReply, "はい")
		w.works(t)
		w.advance(5 * time.Minute)
		first := len(w.works(t))
		w.advance(3 * time.Hour)
		if again := len(w.works(t)); first != 1 || again != 0 {
			t.Errorf("sent %d and %d times", first, again)
		}
	})
}

func TestAMailIsGivenUpAfterADay(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		reachable := *w.mail.Server
		w.mail.Server.Port = 1 // nobody there
		row := w.writes(t, "k1", hanako, "もしもし")
		w.answers(t, row, inbox.ModeReply, "はい")
		w.works(t)
		for range 30 {
			w.advance(time.Hour)
			w.works(t)
		}
		*w.mail.Server = reachable
		w.advance(time.Hour)
		if mails := w.works(t); len(mails) != 0 || len(w.lines(t, row)) != 0 {
			t.Errorf("after 30 hours: %+v, %v", mails, w.lines(t, row))
		}
	})
}

// A node that dies before the text goes out leaves the mail to the others; one that dies after it, to nobody.
func TestNodesThatDieWhileTheySend(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for name, c := range map[string]struct {
			handed bool
			mails  int
		}{"before": {false, 1}, "after": {true, 0}} {
			row := w.writes(t, name, hanako, "もしもし")
			w.answers(t, row, inbox.ModeReply, name)
			w.works(t)
			w.advance(5 * time.Minute)
			var due []desk.Mail
			must(t, w.store.View(t.Context(), 0, func(r store.Reader) (err error) {
				due, err = r.Mails().Due(10)
				return err
			}))
			w.update(t, func(tx store.Tx) error {
				m := due[0]
				if _, err := tx.WriteMails().Claim(&m, tx.Now().Add(time.Minute)); err != nil || !c.handed {
					return err
				}
				_, err := tx.WriteMails().Hand(&m, row.LastSeq+1)
				return err
			})
			if mails := w.works(t); len(mails) != 0 {
				t.Errorf("%s: two have it in hand: %+v", name, mails)
			}
			w.advance(time.Minute)
			if mails := w.works(t); len(mails) != c.mails {
				t.Errorf("died %s the text: %d mails, want %d", name, len(mails), c.mails)
			}
			if got := w.lines(t, row); !slices.Equal(got, []string{"mail_sent"}) {
				t.Errorf("died %s: %v", name, got)
			}
		}
	})
}

func TestFourNodesSendOneMail(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		row := w.writes(t, "k1", hanako, "もしもし")
		w.answers(t, row, inbox.ModeReply, "はい")
		nodes := []*mail.Service{w.node(), w.node(), w.node(), w.node()}
		together := func(do func(*mail.Service) error) {
			var all sync.WaitGroup
			for _, n := range nodes {
				all.Go(func() {
					if err := do(n); err != nil {
						t.Error(err)
					}
				})
			}
			all.Wait()
		}
		together(func(n *mail.Service) error { return n.Round(t.Context()) })
		w.advance(5 * time.Minute)
		together(func(n *mail.Service) error {
			_, err := n.Deliver(t.Context())
			return err
		})
		if mails := w.arrived(t); len(mails) != 1 {
			t.Errorf("%d mails", len(mails))
		}
	})
}

func TestOneClickEndsMails(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		row := w.writes(t, "k1", hanako, "もしもし")
		w.answers(t, row, inbox.ModeReply, "はい")
		w.works(t)
		w.advance(5 * time.Minute)
		link := w.works(t)[0].Unsubscribe
		token := link[strings.LastIndex(link, "/")+1:]
		to, err := w.mail.Recipient(t.Context(), token)
		must(t, err)
		if to.From != "みどり商店" || to.Language != desk.LocaleJA || to.Stopped {
			t.Errorf("before: %+v", to)
		}
		for range 2 {
			must(t, w.mail.Stop(t.Context(), token))
		}
		if to, err = w.mail.Recipient(t.Context(), token); err != nil || !to.Stopped {
			t.Errorf("after: %+v, %v", to, err)
		}
		if got := w.lines(t, row); !slices.Equal(got, []string{"mail_sent", "mail_stopped"}) {
			t.Errorf("in the thread: %v", got)
		}
		for _, forged := range []string{"", "1", "1.c2.x", strings.Replace(token, ".c", ".d", 1), strings.Replace(token, "1.c", "2.c", 1)} {
			if err := w.mail.Stop(t.Context(), forged); desk.KindOf(err) != desk.KindForbidden {
				t.Errorf("%q: %v", forged, err)
			}
		}
	})
}
