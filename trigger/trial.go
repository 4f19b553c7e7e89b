package trigger

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// Bounds of a trial.
const (
	TrialDays   = 30
	MaxTried    = 200_000 // events in all
	triedAtOnce = 2_000   // events of one call
	maxExamples = 20      // of a call
	aheadAtOnce = 500
	// maxAhead is how many events after a stretch are read to see whether its marks still stood when their time was over; one whose
	// time lies further is taken to stand.
	maxAhead = 20_000
)

// Trial asks what a trigger would have done on the events of the last TrialDays, oldest first, a stretch at a time.
type Trial struct {
	Trigger desk.Trigger // kept or only drafted; a draft needs no name yet
	After   string       // Tried.Next of the stretch before, "" to begin
	// Sees tells which conversations the asker sees (J2): the others are not counted.
	Sees     func(desk.Conversation) bool
	Channels channel.Registry
}

// Tried is what it would have done on one stretch.
type Tried struct {
	Events   int // of this stretch
	Runs     int
	Examples []Example // the newest of the stretch last
	Reached  time.Time // when the last of the events was
	Next     string    // "" at the end
	Cut      bool      // the end is MaxTried, not the last of the events
}

// Example is an occasion on which it would have run.
type Example struct {
	At      time.Time
	Ticket  desk.Ticket
	Contact desk.Contact
	Found   []desk.Finding
	Steps   []TriedStep // what each action would do

	row  desk.Conversation
	then desk.Ticket // as it was
}

// Try looks at one stretch and changes nothing. Tickets are judged as they were then: the log keeps what became of them since, and the
// thread who spoke. Of contacts, hours and pages what is known today counts (desk.Fact.OfToday).
func Try(ctx context.Context, s store.Store, workspace desk.ID, now time.Time, q Trial) (Tried, error) {
	if err := s.View(ctx, workspace, func(r store.Reader) error { return checkDraft(r, q.Trigger) }); err != nil {
		return Tried{}, err
	}
	after, count, err := q.position(ctx, s, workspace, now)
	if err != nil {
		return Tried{}, err
	}
	limit := min(triedAtOnce, MaxTried-count)
	events, err := s.Events(ctx, workspace, after, limit)
	if err != nil {
		return Tried{}, fmt.Errorf("read events: %w", err)
	}
	tried := Tried{Events: len(events)}
	if len(events) == 0 {
		return tried, nil
	}
	last := events[len(events)-1]
	tried.Reached = last.At
	occasions, err := q.occasions(ctx, s, workspace, now, events)
	if err != nil {
		return tried, err
	}
	err = s.View(ctx, workspace, func(r store.Reader) error {
		t := trying{reader: r, trial: q, tried: &tried}
		for _, o := range occasions {
			if err := t.one(o); err != nil {
				return err
			}
		}
		return q.rehearse(r, q.Channels, now, tried.Examples)
	})
	count += len(events)
	switch {
	case err != nil || len(events) < limit:
	case count >= MaxTried:
		tried.Cut = true
	default:
		tried.Next = strconv.FormatInt(last.Seq, 10) + "-" + strconv.Itoa(count)
	}
	return tried, err
}

// checkDraft refuses a trigger that could not be kept. A draft needs no name yet.
func checkDraft(r store.Reader, t desk.Trigger) error {
	fields, err := r.Fields().List()
	if err != nil {
		return err
	}
	t.Name = "draft"
	if err := t.Check(fields); err != nil {
		return err
	}
	return store.CheckActions(r, t.Actions)
}

// position reads where the last stretch ended and how many events there were by then; the first begins TrialDays ago.
func (q Trial) position(ctx context.Context, s store.Store, workspace desk.ID, now time.Time) (after int64, count int, err error) {
	if q.After == "" {
		after, err = since(ctx, s, workspace, now.AddDate(0, 0, -TrialDays))
		return after, 0, err
	}
	seq, seen, _ := strings.Cut(q.After, "-")
	after, err = strconv.ParseInt(seq, 10, 64)
	if err == nil {
		count, err = strconv.Atoi(seen)
	}
	if err != nil || after < 0 || count < 0 || count >= MaxTried {
		return 0, 0, desk.Invalid("after", "cursor_invalid", "%.40q is no place in a trial", q.After)
	}
	return after, count, nil
}

// since finds the position in the log before the first event that is as new as an instant: the log is in the order of time, and has
// no index on it.
func since(ctx context.Context, s store.Store, workspace desk.ID, at time.Time) (int64, error) {
	head, err := s.Head(ctx, workspace)
	if err != nil {
		return 0, fmt.Errorf("read the log's head: %w", err)
	}
	low, high := int64(0), head
	for low < high {
		middle := low + (high-low)/2
		next, err := s.Events(ctx, workspace, middle, 1)
		if err != nil {
			return 0, fmt.Errorf("read events: %w", err)
		}
		if len(next) > 0 && next[0].At.Before(at) {
			low = max(next[0].Seq, middle+1)
		} else {
			high = middle
		}
	}
	return low, nil
}

// moment is an event on which the trigger may start, and when it would.
type moment struct {
	event desk.Event
	at    time.Time
}

// occasions are those of a stretch: the events themselves, or the ends of the time since marks that they set.
func (q Trial) occasions(ctx context.Context, s store.Store, workspace desk.ID, now time.Time, events []desk.Event) ([]moment, error) {
	if q.Trigger.On.Timed() {
		return q.rings(ctx, s, workspace, now, events)
	}
	var found []moment
	for _, e := range events {
		if slices.Contains(desk.Starts(e, authorBy(e)), q.Trigger.On) {
			found = append(found, moment{e, e.At})
		}
	}
	return found, nil
}

// rings follows the marks that a stretch sets until their time is over, they end, or are set anew.
func (q Trial) rings(ctx context.Context, s store.Store, workspace desk.ID, now time.Time, events []desk.Event) (rung []moment, err error) {
	wait := time.Duration(q.Trigger.Minutes) * time.Minute
	marks := map[desk.ID]desk.Event{} // by ticket
	pass := func(until time.Time) {
		for ticket, e := range marks {
			if due := e.At.Add(wait); !due.After(until) {
				rung = append(rung, moment{e, due})
				delete(marks, ticket)
			}
		}
	}
	follow := func(e desk.Event, sets bool) {
		set, ended := desk.Marks(e, authorBy(e))
		if m, marked := marks[e.TicketID]; marked && !m.At.Add(wait).After(e.At) {
			rung = append(rung, moment{m, m.At.Add(wait)})
			delete(marks, e.TicketID)
		}
		switch {
		case slices.Contains(set, q.Trigger.On):
			delete(marks, e.TicketID)
			if sets {
				marks[e.TicketID] = e
			}
		case slices.Contains(ended, q.Trigger.On):
			delete(marks, e.TicketID)
		}
	}
	for _, e := range events {
		follow(e, true)
	}
	last := events[len(events)-1]
	for ahead := 0; len(marks) > 0 && ahead < maxAhead; {
		next, err := s.Events(ctx, workspace, last.Seq, aheadAtOnce)
		if err != nil {
			return nil, fmt.Errorf("read events: %w", err)
		}
		if len(next) == 0 {
			break
		}
		for _, e := range next {
			follow(e, false)
		}
		last, ahead = next[len(next)-1], ahead+len(next)
		pass(last.At)
	}
	pass(now)
	slices.SortFunc(rung, func(a, b moment) int { return a.at.Compare(b.at) })
	return rung, nil
}

// trying is one stretch in hand.
type trying struct {
	reader store.Reader
	trial  Trial
	tried  *Tried
}

func (t *trying) one(o moment) error {
	row, err := t.reader.Conversations().Get(o.event.ConversationID)
	if err != nil || !t.trial.Sees(row) {
		return unlessGone(err)
	}
	ticket, err := t.reader.Tickets().Get(o.event.TicketID)
	if err != nil {
		return unlessGone(err)
	}
	message, counts, err := t.message(o.event)
	if err != nil || !counts {
		return unlessGone(err)
	}
	then, err := asOf(t.reader, ticket, o)
	if err != nil {
		return err
	}
	facts, err := factsOf(t.reader, row, then, t.trial.Trigger.Conditions, message, o.at)
	if err != nil {
		return unlessGone(err)
	}
	holds, found := t.trial.Trigger.Conditions.Match(facts)
	if !holds {
		return nil
	}
	t.tried.Runs++
	t.tried.Examples = append(t.tried.Examples, Example{At: o.at, Ticket: ticket, Contact: facts.Contact, Found: found, row: row, then: then})
	if over := len(t.tried.Examples) - maxExamples; over > 0 {
		t.tried.Examples = t.tried.Examples[over:]
	}
	return nil
}

// unlessGone passes over what was deleted since.
func unlessGone(err error) error {
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	return err
}

// message is the event's message as a trigger has it in hand, and whether the event counts: a note starts nothing. What time
// brings about has no message in hand, but for the customer's that the time is counted from.
func (t *trying) message(e desk.Event) (m *desk.Message, counts bool, err error) {
	if e.Kind != desk.EventMessageCreated {
		return nil, true, nil
	}
	read, err := t.reader.Messages().Get(e.MessageID)
	if err != nil {
		return nil, false, err
	}
	if t.trial.Trigger.On.Timed() && read.Author.Kind == desk.AuthorHuman {
		return nil, true, nil
	}
	return &read, read.Author.Kind == authorBy(e), nil
}

// changesMost is how many changes of a ticket are taken back to find how it was.
const changesMost = 1000

// asOf is a ticket as it was at an occasion: with what the event's own transaction did, without what came later.
func asOf(r store.Reader, t desk.Ticket, o moment) (desk.Ticket, error) {
	later, err := r.Tickets().Changes(t.ID, o.event.Seq, changesMost) // newest first
	if err != nil {
		return t, fmt.Errorf("read the changes of ticket %s: %w", t.ID, err)
	}
	for _, e := range later {
		if e.At.After(o.at) {
			t = t.Undone(e.Changes)
		}
	}
	return t, nil
}
