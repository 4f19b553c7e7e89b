package trigger

import (
	"slices"
	"strconv"
	"time"

	"madoguchi/automate"
	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
)

var system = store.Hand{By: desk.Actor{Kind: desk.ActorSystem}}

// markClosing sets the timers of a channel that closes cases by itself: a case that rests is counted from the last that was said in
// it, and no more once it does not rest (0.6).
func (v *visit) markClosing(e desk.Event, author desk.AuthorKind) error {
	spoken := author == desk.AuthorHuman || author == desk.AuthorCustomer
	if !moved(e) && !spoken && e.Kind != desk.EventTicketCreated {
		return nil
	}
	ch, err := v.tx.Channels().Get(v.row.ChannelID)
	if err != nil || !ch.Automation.AutoClose.On() {
		return err
	}
	after := ch.Automation.AutoClose.After(v.ticket.Status)
	if after == 0 {
		return v.tx.WriteTriggers().StopTimer(ch.ID, v.ticket.ID)
	}
	for _, t := range closingTimers(ch, v.ticket, e.At) {
		if err := v.timer(t); err != nil {
			return err
		}
	}
	return nil
}

// closingTimers are those of a case that rests since an instant; none where it does not.
func closingTimers(ch desk.Channel, k desk.Ticket, since time.Time) (all []desk.TriggerTimer) {
	closes := ch.Automation.AutoClose
	for step, after := range map[string]time.Duration{desk.TimerClose: closes.After(k.Status), desk.TimerNotice: closes.NoticeAfter(k.Status)} {
		if after > 0 {
			all = append(all, desk.TriggerTimer{Owner: ch.ID, Step: step, TicketID: k.ID, ConversationID: k.ConversationID, MarkedAt: since, DueAt: since.Add(after)})
		}
	}
	return all
}

// SavedClosing prepares what follows when a channel begins to close cases by itself, in the same transaction: those that rest already
// are counted from then, so that nobody's case is closed by surprise (0.6).
func SavedClosing(tx store.Tx, was, is desk.Channel) error {
	before, now := was.Automation.AutoClose, is.Automation.AutoClose
	if (before.AgentMinutes > 0 || now.AgentMinutes == 0) && (before.BotMinutes > 0 || now.BotMinutes == 0) {
		return nil
	}
	return tx.WriteTriggers().PutCatchUp(desk.TriggerCatchUp{TriggerID: is.ID, Version: is.Version, SavedAt: tx.Now()})
}

// resting reads what the next step sets where it is a channel that was saved; of what is gone, the timers go.
func (st *stretch) resting(r store.Reader) error {
	ch, err := r.Channels().Get(st.was.TriggerID)
	if st.ends = desk.KindOf(err) == desk.KindNotFound; st.ends || err != nil {
		return unlessGone(err)
	}
	tickets, err := r.Tickets().Unresolved(st.was.After, stoodAtOnce)
	if err != nil {
		return err
	}
	for _, k := range tickets {
		st.next.ID = k.ConversationID
		if k.ChannelID == ch.ID {
			st.timers = append(st.timers, closingTimers(ch, k, st.was.SavedAt)...)
		}
	}
	st.more = len(tickets) == stoodAtOnce
	return nil
}

// moved reports whether a case changed its status; a message has one too.
func moved(e desk.Event) bool {
	return e.Kind == desk.EventTicketChanged && slices.ContainsFunc(e.Changes, func(c desk.Change) bool { return c.Field == "status" })
}

// closing tells the customer that a case will be closed, or closes it.
func (v *visit) closing(t desk.TriggerTimer) error {
	ch, err := v.tx.Channels().Get(v.row.ChannelID)
	if err != nil {
		return err
	}
	after := ch.Automation.AutoClose.After(v.ticket.Status)
	if t.Step == desk.TimerNotice {
		after = ch.Automation.AutoClose.NoticeAfter(v.ticket.Status)
	}
	if after == 0 {
		return nil // it was turned off, or the case goes on
	}
	if due := t.MarkedAt.Add(after); due.After(v.tx.Now()) { // it waits longer since it was set
		return v.timer(desk.TriggerTimer{Owner: ch.ID, Step: t.Step, MarkedAt: t.MarkedAt, DueAt: due})
	}
	if last := v.row.Preview; last.Author == desk.AuthorHuman && last.Failed { // the answer did not arrive: the silence is not the customer's
		for _, again := range closingTimers(ch, v.ticket, v.tx.Now()) {
			if err := v.timer(again); err != nil {
				return err
			}
		}
		return nil
	}
	if t.Step == desk.TimerNotice {
		return v.notice(ch, t)
	}
	if err := v.ticket.Resolve(desk.ReasonAutoClosed, v.tx.Now()); err != nil {
		return err
	}
	return v.keep(system)
}

func (v *visit) notice(ch desk.Channel, t desk.TriggerTimer) error {
	l, err := automate.LanguageOf(v.tx, &v.row)
	if err != nil {
		return err
	}
	text := desk.OwnText(ch.Automation.AutoClose.NoticeTexts, l)
	if text == "" {
		text = locale.Text(l, locale.CloseNotice, nil)
	}
	key := v.ticket.ID.String() + "/" + strconv.FormatInt(t.MarkedAt.UnixMilli(), 10)
	words := automate.Words{Purpose: desk.PurposeClosing, Key: key, Parts: []desk.Part{{Kind: desk.PartText, Text: text}}}
	said, err := v.service.voice.Update(v.tx, &v.row, v.ticket, words, ch.Automation.AutoClose.NoticeTemplates)
	_, err = v.heard(words.Purpose, said, err)
	return err
}
