package trigger

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"madoguchi/automate"
	"madoguchi/desk"
	"madoguchi/store"
)

// visit is one conversation with its case, under its lock in one transaction.
type visit struct {
	service *Service
	tx      store.Tx
	row     desk.Conversation
	ticket  desk.Ticket
	kept    desk.Ticket // as the database has it
	spoke   bool
}

// open holds a conversation; nil where it, or the case as its latest, is gone: older cases are history.
func (s *Service) open(tx store.Tx, conversation, ticket desk.ID) (*visit, error) {
	row, err := tx.WriteConversations().Lock(conversation)
	if desk.KindOf(err) == desk.KindNotFound || err == nil && row.TicketID != ticket {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	v := &visit{service: s, tx: tx, row: row}
	return v, v.read()
}

func (v *visit) read() error {
	t, err := v.tx.Tickets().Get(v.row.TicketID)
	if err != nil {
		return fmt.Errorf("read ticket: %w", err)
	}
	v.ticket, v.kept = t, t
	return nil
}

// keep writes what changed so far, as a hand's.
func (v *visit) keep(by store.Hand) error {
	spoke, err := store.TellTicket(v.tx, &v.row, v.kept, v.ticket, by, false)
	if err != nil {
		return err
	}
	changed, err := store.KeepTicket(v.tx, &v.row, v.kept, &v.ticket, by)
	v.kept = v.ticket
	v.spoke = v.spoke || spoke || changed
	return err
}

// close puts the row, if anything came of the visit.
func (v *visit) close() error {
	if !v.spoke {
		return nil
	}
	v.row.Version++
	if err := v.tx.WriteConversations().Put(v.row); err != nil {
		return fmt.Errorf("put conversation: %w", err)
	}
	return nil
}

// occasion is what a trigger starts on.
type occasion struct {
	key     string // one run for each
	depth   int
	message *desk.Message // in hand, nil = none
}

func occurrenceOf(e desk.Event) string { return "e" + strconv.FormatInt(e.Seq, 10) }

// start runs a trigger whose conditions hold, once for each occasion.
func (v *visit) start(t desk.Trigger, o occasion) error {
	facts, err := v.facts(t, o.message)
	if err != nil {
		return err
	}
	holds, found := t.Conditions.Match(facts)
	if !holds {
		return nil
	}
	run := desk.TriggerRun{
		ID: v.tx.NewID(), TriggerID: t.ID, TicketID: v.ticket.ID, ConversationID: v.row.ID, Occurrence: o.key, Depth: o.depth, Matched: found, At: v.tx.Now(),
	}
	lately, err := v.tx.Triggers().RunsSince(t.ID, v.ticket.ID, desk.FirstID(v.tx.Now().Add(-desk.LoopWithin)), desk.MaxTriggerRuns)
	if err != nil {
		return err
	}
	if o.depth > desk.MaxTriggerDepth || lately >= desk.MaxTriggerRuns {
		run.Code = desk.CodeAutomationLoop
		v.service.log.Warn("a chain of triggers was stopped", "code", run.Code, "trigger", t.ID, "ticket", v.ticket.ID)
	}
	fresh, err := v.tx.WriteTriggers().AddRun(run)
	if err != nil || !fresh || run.Code != "" {
		return err
	}
	if run.Steps, err = v.act(t, run); err != nil {
		return err
	}
	return v.tx.WriteTriggers().EndRun(run)
}

// facts are what the conditions ask about the case as it is now.
func (v *visit) facts(t desk.Trigger, message *desk.Message) (desk.Facts, error) {
	return factsOf(v.tx, v.row, v.ticket, t.Conditions, message, v.tx.Now())
}

// factsOf are what conditions ask about a case at an instant; message is the one in hand, nil = none.
func factsOf(r store.Reader, row desk.Conversation, t desk.Ticket, asked desk.Conditions, message *desk.Message, at time.Time) (f desk.Facts, err error) {
	f = desk.Facts{Now: at, Ticket: t}
	if f.Channel, err = r.Channels().Get(row.ChannelID); err != nil {
		return f, fmt.Errorf("read channel: %w", err)
	}
	if f.Contact, err = r.Contacts().Get(t.ContactID); err != nil {
		return f, fmt.Errorf("read contact: %w", err)
	}
	if asked.Asks(desk.FactLastAuthor) && at.Before(row.LastActivityAt) { // else the row knows
		if f.LastAuthor, err = lastSpoken(r, row.ID, at); err != nil {
			return f, err
		}
	}
	if message == nil && asked.Asks(desk.FactMessage) {
		if message, err = lastOfCustomer(r, t, at); err != nil {
			return f, err
		}
	}
	if message != nil && message.Author.Kind.Inbound() {
		f.Message = message.Words()
		if message.Referral != nil {
			f.Referral = *message.Referral
		}
	}
	return f, store.FillFacts(r, &f, []desk.Conditions{asked})
}

// lastOfCustomer is the newest message that the customer had written in the case by an instant, nil if none is found.
func lastOfCustomer(r store.Reader, t desk.Ticket, at time.Time) (*desk.Message, error) {
	return newest(r, t.ConversationID, func(m desk.Message) bool {
		return m.Author.Kind.Inbound() && m.TicketID == t.ID && !m.ReceivedAt.After(at)
	})
}

// lastSpoken is who had spoken last in a conversation by an instant, "" where that is not found.
func lastSpoken(r store.Reader, conversation desk.ID, at time.Time) (desk.AuthorKind, error) {
	m, err := newest(r, conversation, func(m desk.Message) bool { return m.Author.Kind.Spoken() && !m.ReceivedAt.After(at) })
	return authorOf(m), err
}

// newest is the last message of a thread that is wanted, nil if the last threadMost have none.
func newest(r store.Reader, conversation desk.ID, wanted func(desk.Message) bool) (*desk.Message, error) {
	for before, looked := int64(0), 0; looked < threadMost; looked += threadPage {
		page, err := r.Messages().Before(conversation, before, threadPage)
		if err != nil {
			return nil, fmt.Errorf("read the thread: %w", err)
		}
		if i := slices.IndexFunc(page, wanted); i >= 0 {
			return &page[i], nil
		}
		if len(page) < threadPage {
			break
		}
		before = page[len(page)-1].Seq
	}
	return nil, nil
}

// mark sets and stops the timers of what an event begins and ends.
func (v *visit) mark(e desk.Event, author desk.AuthorKind, triggers []desk.Trigger) error {
	set, ended := desk.Marks(e, author)
	for _, t := range triggers {
		switch {
		case slices.Contains(set, t.On):
			due := e.At.Add(time.Duration(t.Minutes) * time.Minute)
			if err := v.timer(desk.TriggerTimer{Owner: t.ID, MarkedAt: e.At, DueAt: due}); err != nil {
				return err
			}
		case slices.Contains(ended, t.On):
			if err := v.tx.WriteTriggers().StopTimer(t.ID, v.ticket.ID); err != nil {
				return err
			}
		}
	}
	return v.markClosing(e, author)
}

func (v *visit) timer(t desk.TriggerTimer) error {
	t.TicketID, t.ConversationID = v.ticket.ID, v.row.ID
	v.service.timed.Ring()
	return v.tx.WriteTriggers().PutTimer(t)
}

// say speaks through the one door of whatever speaks by itself, and reads the case anew: the door may have given it to people (B6.2).
func (v *visit) say(w automate.Words) (silent string, err error) {
	said, err := v.service.voice.Say(v.tx, &v.row, w)
	return v.heard(w.Purpose, said, err)
}

// heard lets the thread tell why nothing was said (G7.2).
func (v *visit) heard(p desk.Purpose, said automate.Said, err error) (silent string, _ error) {
	if err != nil {
		return "", err
	}
	told, err := automate.TellSilence(v.tx, &v.row, p, said.Silent)
	if err != nil {
		return "", err
	}
	v.spoke = v.spoke || told
	return said.Silent, v.read()
}
