package trigger_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/trigger"
)

// windowed is the test channel with a window of a day.
type windowed struct{ testchannel.Connector }

func (c windowed) Spec() channel.Spec {
	s := c.Connector.Spec()
	s.Window = &channel.Window{For: 24 * time.Hour}
	return s
}

func (w *world) closes(t *testing.T, c desk.AutoClose) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		ch, err := tx.Channels().Get(number)
		if err != nil {
			return err
		}
		was := ch
		ch.Automation.AutoClose = c
		if err := trigger.SavedClosing(tx, was, ch); err != nil {
			return err
		}
		return tx.WriteChannels().Put(ch)
	})
}

// becomes changes a case as the program does.
func (w *world) becomes(t *testing.T, id desk.ID, change func(k *desk.Ticket) error) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		k, err := tx.Tickets().Get(id)
		if err != nil {
			return err
		}
		row, err := tx.WriteConversations().Lock(k.ConversationID)
		if err != nil {
			return err
		}
		was := k
		if err := change(&k); err != nil {
			return err
		}
		if _, err := store.KeepTicket(tx, &row, was, &k, store.Hand{By: desk.Actor{Kind: desk.ActorSystem}}); err != nil {
			return err
		}
		row.Version++
		return tx.WriteConversations().Put(row)
	})
	w.round(t)
}

// silences are the reasons that the thread gives for what was not said.
func (w *world) silences(t *testing.T, conversation desk.ID) (why []string) {
	t.Helper()
	w.view(t, func(r store.Reader) error {
		all, err := r.Messages().After(conversation, 0, 200)
		for _, m := range all {
			if m.System != nil && m.System.Code == "automation_silent" {
				why = append(why, m.System.Params["purpose"]+": "+m.System.Params["reason"])
			}
		}
		return err
	})
	return why
}

func TestClosesWhatNobodyGoesOnWith(t *testing.T) { // 0.6
	each(t, func(t *testing.T, w *world) {
		w.closes(t, desk.AutoClose{AgentMinutes: 120, BotMinutes: 60, NoticeMinutes: 30})
		f := w.hears(t, "hi")
		w.later(t, 3*time.Hour)
		if got := w.ticket(t, f.Ticket.ID); got.Status != desk.StatusQueued {
			t.Fatalf("a case that waits for us is %s", got.Status)
		}
		w.replies(t, f.Conversation.ID, "はい")
		w.later(t, 89*time.Minute)
		if got := w.said(t, f.Conversation.ID); len(got) != 0 {
			t.Errorf("told too early: %q", got)
		}
		w.later(t, time.Minute)
		if got := w.said(t, f.Conversation.ID); len(got) != 1 || !strings.Contains(got[0], "終了") {
			t.Errorf("told %q", got)
		}
		w.hears(t, "まだです") // goes on: nothing is closed before we have answered
		w.later(t, 3*time.Hour)
		if got := w.ticket(t, f.Ticket.ID); got.Status != desk.StatusOpen {
			t.Errorf("after an answer to the notice it is %s", got.Status)
		}
		w.replies(t, f.Conversation.ID, "承知しました")
		w.later(t, 90*time.Minute)
		w.update(t, func(tx store.Tx) error { // that the notice arrived is no reason to wait longer
			tx.Emit(desk.Event{
				Kind: desk.EventMessageChanged, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorSystem}, ConversationID: f.Conversation.ID, TicketID: f.Ticket.ID,
				Changes: []desk.Change{{Field: "status", From: string(desk.DeliveryQueued), To: string(desk.DeliverySent)}},
			})
			return nil
		})
		w.later(t, 30*time.Minute)
		if got := w.ticket(t, f.Ticket.ID); got.Status != desk.StatusResolved || got.Reason != desk.ReasonAutoClosed || len(w.said(t, f.Conversation.ID)) != 2 {
			t.Errorf("%+v", got)
		}
	})
}

func TestWhatABotHasRestsForATimeOfItsOwn(t *testing.T) { // 0.6
	each(t, func(t *testing.T, w *world) {
		w.closes(t, desk.AutoClose{BotMinutes: 60})
		f := w.hears(t, "hi")
		w.replies(t, f.Conversation.ID, "はい")
		w.later(t, 24*time.Hour)
		if got := w.ticket(t, f.Ticket.ID); got.Status != desk.StatusPending {
			t.Fatalf("only those of bots close, this is %s", got.Status)
		}
		w.becomes(t, f.Ticket.ID, func(k *desk.Ticket) error { return k.Snooze(w.Now().Add(240*time.Hour), w.Now()) })
		w.later(t, 24*time.Hour)
		if got := w.ticket(t, f.Ticket.ID); got.Status != desk.StatusSnoozed {
			t.Fatalf("a snoozed one is %s", got.Status)
		}
		w.becomes(t, f.Ticket.ID, func(k *desk.Ticket) error {
			k.Status, k.Assignee, k.SnoozedUntil = desk.StatusBot, 0, time.Time{}
			return nil
		})
		w.later(t, 59*time.Minute)
		w.hears(t, "もう一つ") // a bot that answers has it still: the hour begins anew
		w.later(t, 59*time.Minute)
		if got := w.ticket(t, f.Ticket.ID); got.Status != desk.StatusBot {
			t.Fatalf("before the hour is over it is %s", got.Status)
		}
		w.later(t, time.Minute)
		if got := w.ticket(t, f.Ticket.ID); got.Status != desk.StatusResolved || got.Reason != desk.ReasonAutoClosed {
			t.Errorf("%+v", got)
		}
	})
}

// A reply that did not arrive leaves nobody who could go on: the case is closed, and told of, once an answer has arrived (0.6).
func TestNobodysCaseIsClosedWhoseAnswerDidNotArrive(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.closes(t, desk.AutoClose{AgentMinutes: 120, NoticeMinutes: 30})
		f := w.hears(t, "hi")
		w.replies(t, f.Conversation.ID, "はい")
		arrived := func(yes bool) {
			w.update(t, func(tx store.Tx) error {
				row, err := tx.WriteConversations().Lock(f.Conversation.ID)
				if err != nil {
					return err
				}
				row.Preview.Failed = !yes
				return tx.WriteConversations().Put(row)
			})
		}
		arrived(false)
		w.later(t, 90*time.Minute)
		w.later(t, 90*time.Minute)
		w.later(t, 24*time.Hour)
		if got, said := w.ticket(t, f.Ticket.ID), w.said(t, f.Conversation.ID); got.Status != desk.StatusPending || len(said) != 0 {
			t.Fatalf("%s, told %q", got.Status, said)
		}
		arrived(true)
		w.later(t, 90*time.Minute)
		if got := w.said(t, f.Conversation.ID); len(got) != 1 {
			t.Errorf("told %q", got)
		}
		w.later(t, 30*time.Minute)
		if got := w.ticket(t, f.Ticket.ID); got.Status != desk.StatusResolved {
			t.Errorf("%+v", got)
		}
	})
}

func TestATimeThatIsLongerNowHoldsForWhatRestsAlready(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.closes(t, desk.AutoClose{AgentMinutes: 60, NoticeMinutes: 30})
		f := w.hears(t, "hi")
		w.replies(t, f.Conversation.ID, "はい")
		w.closes(t, desk.AutoClose{AgentMinutes: 120, NoticeMinutes: 30})
		w.later(t, 60*time.Minute)
		if got := w.said(t, f.Conversation.ID); len(got) != 0 {
			t.Errorf("told an hour too early: %q", got)
		}
		w.later(t, 30*time.Minute)
		if got := w.said(t, f.Conversation.ID); len(got) != 1 {
			t.Errorf("told %q", got)
		}
		w.closes(t, desk.AutoClose{})
		w.later(t, 24*time.Hour)
		if got := w.ticket(t, f.Ticket.ID); got.Status != desk.StatusPending {
			t.Errorf("turned off, and yet it is %s", got.Status)
		}
	})
}

func TestWhatRestsAlreadyIsCountedFromWhenClosingBegins(t *testing.T) { // 0.6
	each(t, func(t *testing.T, w *world) {
		f := w.hears(t, "hi")
		w.replies(t, f.Conversation.ID, "はい")
		w.later(t, 100*time.Hour)
		w.closes(t, desk.AutoClose{AgentMinutes: 60, NoticeMinutes: 30})
		w.catchesUp(t)
		w.later(t, 30*time.Minute)
		if got := w.said(t, f.Conversation.ID); len(got) != 1 {
			t.Errorf("told %q", got)
		}
		w.later(t, 29*time.Minute)
		if got := w.ticket(t, f.Ticket.ID); got.Status != desk.StatusPending {
			t.Fatalf("closed by surprise: %s", got.Status)
		}
		w.later(t, time.Minute)
		if got := w.ticket(t, f.Ticket.ID); got.Status != desk.StatusResolved || len(w.timers(t)) != 0 {
			t.Errorf("%+v", got)
		}
	})
}

// TestTheNoticeGoesByTemplateOrTheThreadSaysWhyNot is G7.2.
func TestTheNoticeGoesByTemplateOrTheThreadSaysWhyNot(t *testing.T) {
	chosen := desk.ChosenTemplates{desk.LocaleEN: {ID: 70, Variables: map[string]string{"1": "{{contact.name}}"}}}
	for name, c := range map[string]struct {
		templates desk.ChosenTemplates
		status    desk.TemplateStatus
		said, why []string
	}{
		"it goes":             {chosen, desk.TemplateApproved, []string{"花子様、お問い合わせはまもなく終了します。"}, nil},
		"none was chosen":     {nil, desk.TemplateApproved, nil, []string{"closing_notice: window_closed"}},
		"the provider forbid": {chosen, desk.TemplateRejected, nil, []string{"closing_notice: template_unsendable"}},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *world) {
				w.channels[testchannel.Kind] = windowed{}
				w.update(t, func(tx store.Tx) error {
					return tx.WriteTemplates().Put(desk.Template{
						ID: 70, ChannelID: number, Name: "closing", Language: "ja", Status: c.status, Body: "{{1}}様、お問い合わせはまもなく終了します。", UpdatedAt: w.Now(),
					})
				})
				w.closes(t, desk.AutoClose{AgentMinutes: 48 * 60, NoticeMinutes: 60, NoticeTemplates: c.templates})
				f := w.hears(t, "hi")
				w.replies(t, f.Conversation.ID, "はい")
				w.later(t, 47*time.Hour)
				if got := w.said(t, f.Conversation.ID); !slices.Equal(got, c.said) {
					t.Errorf("said %q, want %q", got, c.said)
				}
				if got := w.silences(t, f.Conversation.ID); !slices.Equal(got, c.why) {
					t.Errorf("the thread says %q, want %q", got, c.why)
				}
				w.later(t, time.Hour)
				if got := w.ticket(t, f.Ticket.ID); got.Status != desk.StatusResolved {
					t.Errorf("it is closed all the same, not %s", got.Status)
				}
			})
		})
	}
}

// TestATriggersReplyOutsideTheWindowIsExplained is G7.2 for what triggers say.
func TestATriggersReplyOutsideTheWindowIsExplained(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.channels[testchannel.Kind] = windowed{}
		id := w.keeps(t, "お待たせ", desk.SincePending, 25*60, desk.Conditions{}, desk.Action{Kind: desk.ActionReply, Texts: map[desk.Locale]string{desk.LocaleJA: "いかがですか"}})
		f := w.hears(t, "hi")
		w.replies(t, f.Conversation.ID, "はい")
		w.later(t, 25*time.Hour)
		runs := w.runs(t, id)
		if len(runs) != 1 || len(runs[0].Steps) != 1 || runs[0].Steps[0].Code != desk.CodeWindow {
			t.Fatalf("runs %+v", runs)
		}
		if got := w.silences(t, f.Conversation.ID); !slices.Equal(got, []string{"trigger: window_closed"}) || len(w.said(t, f.Conversation.ID)) != 0 {
			t.Errorf("the thread says %q", got)
		}
	})
}
