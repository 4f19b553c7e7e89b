package automate_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"madoguchi/automate"
	"madoguchi/bus/membus"
	"madoguchi/channel"
	"madoguchi/channel/sms"
	"madoguchi/desk"
	"madoguchi/store"
)

// set changes what the channel says by itself.
func (w *world) set(t *testing.T, a desk.Automation) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		c, err := tx.Channels().Get(number)
		if err != nil {
			return err
		}
		c.Automation = a
		return tx.WriteChannels().Put(c)
	})
}

// hears takes a message and lets automations answer.
func (w *world) hears(t *testing.T, from, text string, more ...string) {
	t.Helper()
	w.receive(t, from, text, more...)
	must(t, w.service.Round(t.Context()))
}

const (
	ackSoon   = "お問い合わせありがとうございます。担当者より順次ご返信します。"
	ackWithin = "お問い合わせありがとうございます。通常30分以内に担当者よりご返信します。"
	optedOut  = "みどり商店からの配信を停止しました。今後はお送りしません。再開するにはSTARTと返信してください。"
)

func wantSaid(t *testing.T, what string, th thread, want ...string) {
	t.Helper()
	if got := th.said(); !slices.Equal(got, want) {
		t.Errorf("%s: said %q, want %q", what, got, want)
	}
}

func TestNothingIsSaidUnlessTurnedOn(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.hears(t, customer, "こんにちは")
		w.hears(t, customer, "STOP")
		wantSaid(t, "off", w.thread(t, customer))
	})
}

// TestNewTicketsAreAcknowledged is B2.2: once per ticket, not on reopen, once in 24 hours; and B2.4.
func TestNewTicketsAreAcknowledged(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.set(t, desk.Automation{Acknowledge: true, AnswerMinutes: 30})
		w.hears(t, customer, "こんにちは")
		w.hears(t, customer, "もう一つ")
		wantSaid(t, "one ticket", w.thread(t, customer), ackWithin)
		resolve := func() {
			w.update(t, func(tx store.Tx) error {
				row, err := tx.WriteConversations().Lock(w.thread(t, customer).Conversation.ID)
				if err != nil {
					return err
				}
				ticket, err := tx.Tickets().Get(row.TicketID)
				if err != nil {
					return err
				}
				if err := ticket.Resolve(desk.ReasonSpam, tx.Now()); err != nil { // the next message opens another
					return err
				}
				row.Follow(ticket)
				return errors.Join(tx.WriteTickets().Put(ticket), tx.WriteConversations().Put(row))
			})
		}
		first := w.thread(t, customer).TicketID
		resolve()
		w.advance(desk.AckEvery - time.Second)
		w.hears(t, customer, "within a day")
		if w.thread(t, customer).TicketID == first {
			t.Fatal("no other ticket")
		}
		wantSaid(t, "within a day", w.thread(t, customer), ackWithin)
		resolve()
		w.advance(time.Second)
		w.hears(t, customer, "a day later")
		wantSaid(t, "a day later", w.thread(t, customer), ackWithin, ackWithin)
		w.view(t, func(r store.Reader) error {
			ticket, err := r.Tickets().Get(w.thread(t, customer).TicketID)
			if !ticket.RepliedAt.IsZero() || ticket.WaitSince.IsZero() || ticket.Assignee != 0 {
				t.Errorf("it counts as a response: %+v", ticket)
			}
			return err
		})
	})
}

func TestAReopenedTicketIsNotAcknowledged(t *testing.T) { // B2.2
	each(t, func(t *testing.T, w *world) {
		w.hears(t, customer, "こんにちは")
		th := w.thread(t, customer)
		w.update(t, func(tx store.Tx) error {
			row, err := tx.WriteConversations().Lock(th.Conversation.ID)
			if err != nil {
				return err
			}
			ticket, err := tx.Tickets().Get(row.TicketID)
			if err != nil {
				return err
			}
			if err := ticket.Resolve(desk.ReasonManual, tx.Now()); err != nil {
				return err
			}
			row.Follow(ticket)
			return errors.Join(tx.WriteTickets().Put(ticket), tx.WriteConversations().Put(row))
		})
		w.set(t, desk.Automation{Acknowledge: true})
		w.advance(2 * desk.AckEvery)
		w.hears(t, customer, "まだです")
		if again := w.thread(t, customer); again.TicketID != th.TicketID || again.Status != desk.StatusQueued {
			t.Fatalf("not reopened: %+v", again.Conversation)
		}
		wantSaid(t, "reopened", w.thread(t, customer))
	})
}

// TestTheAnswerTimeFollowsTheCounter: inside opening hours the minutes, outside when it opens next, on its own clock.
func TestTheAnswerTimeFollowsTheCounter(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		day := []desk.Interval{{Start: 9 * 60, End: 18 * 60}}
		put := func(s desk.Schedule) {
			w.update(t, func(tx store.Tx) error {
				s.ID, s.Name, s.Zone, s.CreatedAt = schedule, "hours", "Asia/Tokyo", tx.Now()
				c, err := tx.Channels().Get(number)
				if err != nil {
					return err
				}
				c.ScheduleID = schedule
				return errors.Join(tx.WriteSchedules().Put(s), tx.WriteChannels().Put(c))
			})
		}
		set := func(minutes int, own string) {
			w.set(t, desk.Automation{Acknowledge: true, AnswerMinutes: minutes, AckTexts: map[desk.Locale]string{desk.LocaleJA: own}})
		}
		n := 0
		acked := func(want string) {
			t.Helper()
			n++
			from := customer + strconv.Itoa(n)
			w.hears(t, from, "hi")
			wantSaid(t, want, w.thread(t, from), want)
		}
		set(30, "")
		put(desk.Schedule{Week: [7][]desk.Interval{1: day, 2: day, 3: day, 4: day, 5: day}, Closed: []desk.Date{"2026-11-23"}})
		// Friday 18:00 in Tokyo: closed, and Monday is a holiday (0.8).
		acked("お問い合わせありがとうございます。ただいま営業時間外です。11月24日(火) 09:00以降に順次ご返信します。")
		w.advance(-time.Second)
		acked(ackWithin)
		set(0, "")
		acked(ackSoon)
		set(120, "受付番号をお待ちください。")
		acked("受付番号をお待ちください。\n通常2時間以内に担当者よりご返信します。")
		set(120, "{{answer_time}}よろしくお願いします。")
		acked("通常2時間以内に担当者よりご返信します。よろしくお願いします。")
		put(desk.Schedule{})
		set(30, "")
		acked("お問い合わせありがとうございます。ただいま営業時間外です。営業再開後に順次ご返信します。")
	})
}

// TestTheWaitIsToldWhereItIsKnown (E26): outside of hours no number, with nobody online none either.
func TestTheWaitIsToldWhereItIsKnown(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.set(t, desk.Automation{Acknowledge: true, AnswerMinutes: 30, TellWait: true})
		w.hears(t, customer+"1", "hi")
		wantSaid(t, ackWithin, w.thread(t, customer+"1"), ackWithin)
		const ken desk.ID = 991
		err := w.store.Update(t.Context(), 0, func(tx store.Tx) error {
			return tx.WriteAccounts().PutUser(desk.User{ID: ken, Email: "ken@example.test", Name: "Ken", CreatedAt: tx.Now()})
		})
		if err != nil {
			t.Fatal(err)
		}
		w.update(t, func(tx store.Tx) error {
			m := desk.Member{UserID: ken, Role: desk.RoleAgent, Active: true, Capacity: 1, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
			return errors.Join(tx.WriteMembers().Put(m), tx.WriteMembers().PutPresence(desk.Presence{UserID: ken, Chosen: desk.Online, LeaseUntil: tx.Now().Add(time.Hour)}))
		})
		// One slot of five minutes, and one before them already.
		w.hears(t, customer+"2", "hi")
		want := "お問い合わせありがとうございます。約5分でおつなぎします。"
		wantSaid(t, want, w.thread(t, customer+"2"), want)
	})
}

func TestTextsAreInTheContactsLanguage(t *testing.T) { // J18
	each(t, func(t *testing.T, w *world) {
		w.receive(t, customer, "hello")
		th := w.thread(t, customer)
		w.update(t, func(tx store.Tx) error {
			c, err := tx.Contacts().Get(th.ContactID)
			if err != nil {
				return err
			}
			c.Locale = "en-GB"
			c.Version++
			return tx.WriteContacts().Put(c)
		})
		w.hears(t, customer, "HELP")
		if got := w.thread(t, customer).said(); len(got) != 1 || !strings.HasPrefix(got[0], "みどり商店: write your question") {
			t.Errorf("said %q", got)
		}
		w.receive(t, customer+"1", "hello")
		w.update(t, func(tx store.Tx) error {
			return tx.WriteWorkspaces().PutBrand(desk.Brand{ID: brand, Name: "Midori", Locale: desk.LocaleEN, CreatedAt: tx.Now()})
		})
		w.hears(t, customer+"1", "HELP")
		if got := w.thread(t, customer+"1").said(); len(got) != 1 || !strings.HasPrefix(got[0], "Midori: ") {
			t.Errorf("the brand's language: %q", got)
		}
	})
}

// TestWhoOptedOutIsNotAcknowledged is B3.17: their text opens a ticket all the same.
func TestWhoOptedOutIsNotAcknowledged(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.set(t, desk.Automation{Acknowledge: true})
		w.hears(t, customer, "STOP")
		w.hears(t, customer, "one more question")
		th := w.thread(t, customer)
		if th.Status != desk.StatusQueued || th.TicketID == 0 || th.OptedOutAt.IsZero() {
			t.Errorf("row %+v", th.Conversation)
		}
		wantSaid(t, "opted out", th)
		w.hears(t, customer+"1", "STOP please") // B3.6
		th = w.thread(t, customer+"1")
		wantSaid(t, "suspected", th)
		if !slices.Contains(th.lines(), "automation_silent") {
			t.Errorf("why is not told: %v", th.lines())
		}
	})
}

// TestOneConfirmation is B3.11: exactly one, only where the provider sends none.
func TestOneConfirmation(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.set(t, desk.Automation{ConfirmOptOut: true})
		w.hears(t, customer, "hi")
		w.hears(t, customer, "STOP")
		w.hears(t, customer, "stop")
		th := w.thread(t, customer)
		wantSaid(t, "twice STOP", th, optedOut)
		if th.Status != desk.StatusResolved || th.OptedOutAt.IsZero() {
			t.Errorf("row %+v", th.Conversation)
		}
		w.advance(time.Minute)
		w.hears(t, customer, "START")
		w.hears(t, customer, "停止")
		wantSaid(t, "and again after START", w.thread(t, customer), optedOut, optedOut)
		w.hears(t, customer+"1", "hi")
		w.hears(t, customer+"1", "STOP", "OptOutType", "STOP")
		wantSaid(t, "the provider confirmed", w.thread(t, customer+"1"))
		w.hears(t, customer+"2", "STOP") // who never wrote before: a thread, and no ticket (B3.9)
		th = w.thread(t, customer+"2")
		wantSaid(t, "a stranger", th, optedOut)
		if th.TicketID != 0 || !slices.Equal(th.lines(), []string{"opted_out"}) {
			t.Errorf("row %+v, lines %v", th.Conversation, th.lines())
		}
	})
}

// TestHelpIsAnswered is B3.16: no ticket, nobody who opted out, never twice.
func TestHelpIsAnswered(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.hears(t, customer, "HELP")
		th := w.thread(t, customer)
		if got := th.said(); len(got) != 1 || !desk.TellsOptOut(got[0], nil) || !strings.Contains(got[0], "みどり商店") || !strings.Contains(got[0], "料金") {
			t.Errorf("said %q", got)
		}
		if th.TicketID != 0 || len(th.lines()) != 0 {
			t.Errorf("a ticket: %+v, lines %v", th.Conversation, th.lines())
		}
		w.view(t, func(r store.Reader) error { // no list has it, no count
			for _, v := range []desk.View{desk.ViewAll, desk.ViewUnassigned, desk.ViewReplied, desk.ViewResolved} {
				if rows, _, err := r.Conversations().List(store.ConversationQuery{ListFilter: desk.ListFilter{View: v}, User: 1}); err != nil || len(rows) != 0 {
					t.Errorf("%s: %d rows, %v", v, len(rows), err)
				}
			}
			counts, err := r.Conversations().Counts(1, nil)
			if counts.All+counts.Unassigned+counts.Replied+counts.Waiting+counts.Resolved != 0 {
				t.Errorf("counts %+v", counts)
			}
			return err
		})
		w.hears(t, customer, "質問があります") // the first case
		th = w.thread(t, customer)
		w.view(t, func(r store.Reader) error {
			rows, _, err := r.Conversations().List(store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewAll}})
			counts, _ := r.Conversations().Counts(1, nil)
			if len(rows) != 1 || rows[0].TicketID == 0 || counts.All != 1 || counts.Waiting != 1 {
				t.Errorf("rows %+v, counts %+v", rows, counts)
			}
			return err
		})
		w.set(t, desk.Automation{HelpTexts: map[desk.Locale]string{desk.LocaleJA: "お電話ください"}})
		w.hears(t, customer, "ヘルプ")
		if got := w.thread(t, customer).said(); len(got) != 2 || got[1] != "お電話ください" {
			t.Errorf("own words: %q", got)
		}
		w.hears(t, customer, "HELP", "OptOutType", "HELP")
		w.hears(t, customer, "STOP")
		w.hears(t, customer, "HELP")
		if got := w.thread(t, customer).said(); len(got) != 2 {
			t.Errorf("the provider answered, or they opted out: %q", got)
		}
	})
}

// TestOwnKeywordsOptOut is B3.3.
func TestOwnKeywordsOptOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.update(t, func(tx store.Tx) error {
			ws, err := tx.Workspaces().Current()
			ws.OptOutWords = map[desk.Locale][]string{desk.LocaleJA: {"もう結構です"}}
			if err != nil {
				return err
			}
			return tx.WriteWorkspaces().Put(ws)
		})
		w.hears(t, customer, "hi")
		w.hears(t, customer, "「もう結構です」")
		if th := w.thread(t, customer); th.OptedOutAt.IsZero() || th.Status != desk.StatusResolved || th.OptOutBy != "もう結構です" {
			t.Errorf("%+v, %+v", th.Conversation, th.Standing)
		}
	})
}

// TestNobodyIsAnsweredTwiceOrLate: several nodes and restarts say a thing once; what happened long ago is not answered.
func TestNobodyIsAnsweredTwiceOrLate(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.set(t, desk.Automation{Acknowledge: true})
		w.receive(t, customer, "hi")
		var nodes sync.WaitGroup
		for range 4 {
			nodes.Go(func() {
				node := automate.New(automate.Config{Store: w.store, Bus: membus.New(), Channels: channel.Registry{sms.Kind: sms.New()}, Now: w.Now})
				if err := node.Round(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		nodes.Wait()
		wantSaid(t, "four nodes", w.thread(t, customer), ackSoon)
		w.receive(t, customer+"1", "hi")
		w.advance(15 * time.Minute)
		must(t, w.service.Round(t.Context()))
		wantSaid(t, "a quarter of an hour later", w.thread(t, customer+"1"))
	})
}

// TestAMachineThatAnswersEverythingIsLeftAlone: two desks' worth of machines would go on for ever; the guard ends it, people have the
// case, and hear why (B6.2).
func TestAMachineThatAnswersEverythingIsLeftAlone(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.hears(t, customer, "HELP")
		for answered := 1; answered < 50; answered++ {
			if len(w.thread(t, customer).said()) < answered {
				break // it has nothing to answer any more
			}
			w.advance(time.Second)
			w.hears(t, customer, "INFO") // its automatic reply
		}
		th := w.thread(t, customer)
		if got := len(th.said()); got != 3 {
			t.Errorf("said %d times", got)
		}
		if !slices.Contains(th.lines(), "loop_guard") || !slices.Equal(w.told(t), []string{"loop_guard"}) {
			t.Errorf("lines %v, told %v", th.lines(), w.told(t))
		}
	})
}

// TestAFloodIsNoticedUnasked is B6.3: also where no automation would have answered.
func TestAFloodIsNoticedUnasked(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 64 {
			w.hears(t, customer, "hi")
		}
		if th := w.thread(t, customer); !slices.Contains(th.lines(), "flooding") || !slices.Equal(w.told(t), []string{"flooding"}) {
			t.Errorf("lines %v, told %v", th.lines(), w.told(t))
		}
	})
}
