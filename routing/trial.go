package routing

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// Bounds of a trial.
const (
	TrialDays   = 30
	MaxTried    = 10_000 // tickets in all
	triedAtOnce = 200    // tickets of one call: the database is held for no longer
	maxExamples = 5      // of a rule and a call
)

// Trial asks what a list of rules would have done with the tickets of the last TrialDays, newest first, a stretch at a time.
type Trial struct {
	Rules []desk.RoutingRule // kept or only drafted; the position in the list names a rule
	After string             // Tried.Next of the stretch before, "" to begin
	// Sees tells which conversations the asker sees (J2): the others are not counted.
	Sees func(desk.Conversation) bool
}

// Tried is what the rules would have done with one stretch.
type Tried struct {
	Rules   []TriedRule
	None    int       // tickets that no rule would have taken
	Tickets int       // of this stretch
	Reached time.Time // when the last of them began
	Next    string    // "" at the end
	Cut     bool      // the end is MaxTried, not the last of the tickets
}

// TriedRule is one rule's share.
type TriedRule struct {
	Taken    int
	Later    int // it applies too, but a rule before it was first
	Examples []Example
}

// Example is a ticket that a rule would have taken.
type Example struct {
	Ticket  desk.Ticket
	Contact desk.Contact
	Found   []desk.Finding // what held
}

// Try looks at one stretch of tickets. Each is asked about as it began; of the contact, their tags and fields, only today's are known.
func Try(ctx context.Context, s store.Store, workspace desk.ID, now time.Time, q Trial) (Tried, error) {
	tried := Tried{Rules: make([]TriedRule, len(q.Rules))}
	before, count, err := q.position(now)
	if err != nil {
		return tried, err
	}
	err = s.View(ctx, workspace, func(r store.Reader) error {
		if err := checkDraft(r, q.Rules); err != nil {
			return err
		}
		t := trying{r: r, asked: desk.RoutingConditions(q.Rules), rules: q.Rules, sees: q.Sees, tried: &tried, channels: map[desk.ID]desk.Channel{}}
		limit := min(triedAtOnce, MaxTried-count)
		tickets, err := r.Tickets().Made(before, desk.FirstID(now.AddDate(0, 0, -TrialDays)), limit)
		if err != nil {
			return fmt.Errorf("read tickets: %w", err)
		}
		if err := t.all(tickets); err != nil || len(tickets) < limit {
			return err
		}
		last := tickets[len(tickets)-1]
		if count += len(tickets); count >= MaxTried {
			tried.Cut = true
			return nil
		}
		tried.Next = last.ID.String() + "-" + strconv.Itoa(count)
		return nil
	})
	return tried, err
}

// checkDraft refuses rules that could not be kept. A draft needs no name yet.
func checkDraft(r store.Reader, rules []desk.RoutingRule) error {
	fields, err := r.Fields().List()
	if err != nil {
		return err
	}
	draft := slices.Clone(rules)
	for i := range draft {
		draft[i].Name = "draft"
	}
	return desk.CheckRoutingRules(draft, fields)
}

// position reads where the last stretch ended and how many tickets there were by then.
func (q Trial) position(now time.Time) (before desk.ID, count int, err error) {
	if q.After == "" {
		return desk.FirstID(now.Add(time.Second)), 0, nil
	}
	id, seen, _ := strings.Cut(q.After, "-")
	before, err = desk.ParseID(id)
	if err == nil {
		count, err = strconv.Atoi(seen)
	}
	if err != nil || count < 0 || count >= MaxTried {
		return 0, 0, desk.Invalid("after", "cursor_invalid", "%.40q is no place in a trial", q.After)
	}
	return before, count, nil
}

// trying is one stretch in hand.
type trying struct {
	r        store.Reader
	asked    []desk.Conditions
	rules    []desk.RoutingRule
	sees     func(desk.Conversation) bool
	tried    *Tried
	zone     *time.Location
	channels map[desk.ID]desk.Channel
}

func (t *trying) all(tickets []desk.Ticket) error {
	conversations, err := t.r.Conversations().Many(idsOf(tickets, func(t desk.Ticket) desk.ID { return t.ConversationID }))
	if err != nil {
		return fmt.Errorf("read conversations: %w", err)
	}
	contacts, err := t.r.Contacts().Many(idsOf(tickets, func(t desk.Ticket) desk.ID { return t.ContactID }))
	if err != nil {
		return fmt.Errorf("read contacts: %w", err)
	}
	for _, ticket := range tickets {
		t.tried.Reached = ticket.CreatedAt
		c, there := conversations[ticket.ConversationID]
		if !there || !t.sees(c) {
			continue
		}
		first, err := t.r.Messages().FirstInbound(ticket.ID)
		if desk.KindOf(err) == desk.KindNotFound {
			continue // a member began it
		}
		if err != nil {
			return fmt.Errorf("read first message: %w", err)
		}
		if err := t.one(ticket, contacts[ticket.ContactID], first); err != nil {
			return err
		}
	}
	return nil
}

func (t *trying) one(ticket desk.Ticket, contact desk.Contact, first desk.Message) error {
	ch, err := t.channel(ticket.ChannelID)
	if err != nil {
		return err
	}
	f := desk.Facts{
		Now: ticket.CreatedAt, Zone: t.zone, Channel: ch, Contact: contact, Ticket: ticket, Message: first.Words(), LastAuthor: desk.AuthorCustomer,
	}
	if first.Referral != nil {
		f.Referral = *first.Referral
	}
	if err := store.FillFacts(t.r, &f, t.asked); err != nil {
		return err
	}
	t.zone = f.Zone // the same for all
	t.count(f)
	return nil
}

func (t *trying) count(f desk.Facts) {
	t.tried.Tickets++
	taken := false
	for i, r := range t.rules {
		if !r.Active {
			continue
		}
		held, found := r.Conditions.Match(f)
		share := &t.tried.Rules[i]
		switch {
		case !held:
		case taken:
			share.Later++
		default:
			taken = true
			share.Taken++
			if len(share.Examples) < maxExamples {
				share.Examples = append(share.Examples, Example{Ticket: f.Ticket, Contact: f.Contact, Found: found})
			}
		}
	}
	if !taken {
		t.tried.None++
	}
}

func (t *trying) channel(id desk.ID) (desk.Channel, error) {
	if ch, known := t.channels[id]; known {
		return ch, nil
	}
	ch, err := t.r.Channels().Get(id)
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return ch, fmt.Errorf("read channel: %w", err)
	}
	t.channels[id] = ch
	return ch, nil
}

func idsOf[T any](of []T, id func(T) desk.ID) []desk.ID {
	all := make([]desk.ID, len(of))
	for i, one := range of {
		all[i] = id(one)
	}
	slices.Sort(all)
	return slices.Compact(all)
}
