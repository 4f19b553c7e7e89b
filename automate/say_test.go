package automate_test

import (
	"slices"
	"strconv"
	"testing"
	"time"

	"madoguchi/automate"
	"madoguchi/desk"
	"madoguchi/store"
)

// TestAnAutomationSpeaks: a message with its delivery, once however often it is asked for; it is nobody's response (0.15, B2.4).
func TestAnAutomationSpeaks(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.receive(t, customer, "こんにちは")
		words := automate.Words{Purpose: desk.PurposeAck, Key: "1", Parts: text("承りました")}
		for range 2 {
			if silent := w.say(t, w.thread(t, customer), words); silent != "" {
				t.Fatalf("silent: %s", silent)
			}
		}
		th := w.thread(t, customer)
		if got := th.said(); !slices.Equal(got, []string{"承りました"}) {
			t.Errorf("said %q", got)
		}
		m := th.messages[len(th.messages)-1]
		if m.Status != desk.DeliveryQueued || m.Purpose != desk.PurposeAck || m.TicketID != th.TicketID || th.Preview.Text != "承りました" {
			t.Errorf("%+v, row %+v", m, th.Conversation)
		}
		w.view(t, func(r store.Reader) error {
			ticket, err := r.Tickets().Get(th.TicketID)
			if err != nil {
				return err
			}
			if !ticket.RepliedAt.IsZero() || ticket.WaitSince.IsZero() || ticket.Status != desk.StatusQueued || ticket.Assignee != 0 {
				t.Errorf("it took the ticket: %+v", ticket)
			}
			deliveries, err := r.Messages().DeliveriesOf(m.ID)
			if len(deliveries) != 1 || !deliveries[0].ExpiresAt.Equal(w.Now().Add(desk.SendWithin)) {
				t.Errorf("deliveries %+v", deliveries)
			}
			return err
		})
	})
}

func TestWhereAnAutomationKeepsSilent(t *testing.T) { // B3.6, B3.13, B6.1, F12, H2, H5
	each(t, func(t *testing.T, w *world) {
		words := func(key string) automate.Words {
			return automate.Words{Purpose: desk.PurposeAck, Key: key, Parts: text("hello " + key)}
		}
		for why, stands := range map[string]func(*desk.Standing){
			desk.CodeOptedOut:    func(s *desk.Standing) { s.OptedOutAt = w.Now() },
			desk.CodeSuspected:   func(s *desk.Standing) { s.SuspectedAt = w.Now() },
			desk.CodeUnreachable: func(s *desk.Standing) { s.Unreachable = w.Now() },
			desk.SilentMuted:     func(s *desk.Standing) { s.MutedUntil = w.Now().Add(time.Millisecond) },
			"":                   func(s *desk.Standing) { s.MutedUntil = w.Now() },
		} {
			from := customer + strconv.Itoa(len(why)%10)
			w.receive(t, from, "hi")
			th := w.thread(t, from)
			w.stand(t, th, stands)
			if got := w.say(t, th, words("x")); got != why {
				t.Errorf("silent: %q, want %q", got, why)
			}
			if got := len(w.thread(t, from).said()); (got == 1) != (why == "") {
				t.Errorf("%s: said %d", why, got)
			}
		}
		for _, from := range []string{"Amazon", "12345", ours} {
			w.receive(t, from, "hi")
			if got := w.say(t, w.thread(t, from), words("x")); got != desk.SilentMachine {
				t.Errorf("%s: %q", from, got)
			}
		}
		w.receive(t, customer, "hi")
		th := w.thread(t, customer)
		answered := th.messages[len(th.messages)-1]
		answered.Quiet = true
		if got := w.say(t, th, automate.Words{Purpose: desk.PurposeAck, Key: "q", Parts: text("q"), Answers: &answered}); got != desk.SilentQuiet {
			t.Errorf("another program answers: %q", got)
		}
		w.update(t, func(tx store.Tx) error {
			i, err := tx.Contacts().Identity(th.IdentityID)
			i.BlockedAt = w.Now()
			if err != nil {
				return err
			}
			return tx.WriteContacts().PutIdentity(i)
		})
		if got := w.say(t, th, words("b")); got != desk.SilentBlocked {
			t.Errorf("blocked: %q", got)
		}
		w.update(t, func(tx store.Tx) error {
			c, err := tx.Channels().Get(number)
			c.State = desk.ChannelAuthExpired
			if err != nil {
				return err
			}
			return tx.WriteChannels().Put(c)
		})
		if got := w.say(t, th, words("c")); got != desk.SilentChannel {
			t.Errorf("a channel that sends nothing: %q", got)
		}
	})
}

// TestOnlyTheConfirmationReachesWhoOptedOut is B3.11.
func TestOnlyTheConfirmationReachesWhoOptedOut(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		w.receive(t, customer, "hi")
		th := w.thread(t, customer)
		w.stand(t, th, func(s *desk.Standing) { s.OptedOutAt = w.Now() })
		for _, p := range []desk.Purpose{desk.PurposeAck, desk.PurposeHelp, desk.PurposeSurvey} {
			if got := w.say(t, th, automate.Words{Purpose: p, Key: "1", Parts: text("x")}); got != desk.CodeOptedOut {
				t.Errorf("%s: %q", p, got)
			}
		}
		if got := w.say(t, th, automate.Words{Purpose: desk.PurposeOptOut, Key: "1", Parts: text("x")}); got != "" {
			t.Errorf("the confirmation: %q", got)
		}
	})
}

func TestNobodyAnswersAnEcho(t *testing.T) { // B6.1
	each(t, func(t *testing.T, w *world) {
		w.receive(t, customer, "hi")
		th := w.thread(t, customer)
		w.say(t, th, automate.Words{Purpose: desk.PurposeAck, Key: "1", Parts: text("承りました")})
		w.receive(t, customer, " 承りました")
		th = w.thread(t, customer)
		echo := th.messages[len(th.messages)-1]
		words := automate.Words{Purpose: desk.PurposeHelp, Key: "2", Parts: text("help"), Answers: &echo}
		if got := w.say(t, th, words); got != desk.SilentEcho {
			t.Errorf("an echo: %q", got)
		}
		w.advance(desk.LoopWithin)
		if got := w.say(t, th, words); got != "" {
			t.Errorf("ten minutes later: %q", got)
		}
	})
}

// TestTheLoopGuardSpeaksOnce: three identical ones and ten of any kind are said, the next is not; automations keep silent for an
// hour, people have the case and hear of it (B6.2).
func TestTheLoopGuardSpeaksOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for name, test := range map[string]struct {
			from    string
			passes  int
			textFor func(int) string
		}{
			"identical": {customer, 3, func(int) string { return "same" }},
			"any":       {customer + "1", 10, func(n int) string { return "text " + strconv.Itoa(n) }},
		} {
			w.receive(t, test.from, "hi")
			th := w.thread(t, test.from)
			w.update(t, func(tx store.Tx) error { // machines have the case
				ticket, err := tx.Tickets().Get(th.TicketID)
				if err != nil {
					return err
				}
				ticket.Status = desk.StatusBot
				row := th.Conversation
				row.Follow(ticket)
				if err := tx.WriteTickets().Put(ticket); err != nil {
					return err
				}
				return tx.WriteConversations().Put(row)
			})
			say := func(n int) string {
				return w.say(t, th, automate.Words{Purpose: desk.PurposeHelp, Key: strconv.Itoa(n), Parts: text(test.textFor(n))})
			}
			for n := range test.passes {
				if got := say(n); got != "" {
					t.Fatalf("%s %d: %q", name, n, got)
				}
			}
			if got := say(90); got != desk.SilentLoop {
				t.Errorf("%s: %q", name, got)
			}
			w.advance(desk.LoopPause - time.Second)
			if got := say(91); got != desk.SilentMuted {
				t.Errorf("%s within the hour: %q", name, got)
			}
			w.advance(time.Second)
			if got := say(92); got != "" {
				t.Errorf("%s after it: %q", name, got)
			}
			after := w.thread(t, test.from)
			if after.Status != desk.StatusQueued || len(after.said()) != test.passes+1 || !slices.Equal(after.lines(), []string{"ticket_opened", "loop_guard"}) {
				t.Errorf("%s: %s, said %d, lines %v", name, after.Status, len(after.said()), after.lines())
			}
		}
		if got := w.told(t); !slices.Equal(got, []string{"loop_guard", "loop_guard"}) { // an hour apart
			t.Errorf("admins heard of %v", got)
		}
	})
}

// told are the causes that admins heard of.
func (w *world) told(t *testing.T) (causes []string) {
	t.Helper()
	for _, e := range w.events(t) {
		for _, c := range e.Changes {
			if e.Kind == desk.EventChannelChanged && c.Field == "cause" {
				causes = append(causes, c.To)
			}
		}
	}
	return causes
}

// TestAFloodIsToldOnce is B6.3.
func TestAFloodIsToldOnce(t *testing.T) {
	each(t, func(t *testing.T, w *world) {
		for range 30 {
			w.receive(t, customer, "hi")
		}
		th := w.thread(t, customer)
		if got := w.say(t, th, automate.Words{Purpose: desk.PurposeHelp, Key: "30", Parts: text("30")}); got != "" {
			t.Errorf("thirty a minute: %q", got)
		}
		w.receive(t, customer, "hi")
		for n := range 2 {
			if got := w.say(t, th, automate.Words{Purpose: desk.PurposeHelp, Key: strconv.Itoa(n), Parts: text("more")}); got != desk.SilentFlood {
				t.Errorf("one more: %q", got)
			}
		}
		th = w.thread(t, customer)
		if got := th.lines(); !slices.Equal(got, []string{"ticket_opened", "flooding"}) || !slices.Equal(w.told(t), []string{"flooding"}) {
			t.Errorf("lines %v, told %v", got, w.told(t))
		}
		w.advance(desk.FloodWithin)
		if got := w.say(t, th, automate.Words{Purpose: desk.PurposeHelp, Key: "later", Parts: text("later")}); got != "" {
			t.Errorf("a minute later: %q", got)
		}
	})
}
