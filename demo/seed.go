package demo

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// SeedParams is the size of what Seed makes.
type SeedParams struct {
	Conversations int
	Messages      int // about how many per conversation, at least 1
}

// seedBatch is how many conversations share a transaction: large enough that commits cost little, small enough that a
// desk in use waits for none of them.
const seedBatch = 200

// What a seeded desk has at least.
const (
	seedMembers = 12
	seedTeams   = 4
)

// Seed adds so many made-up conversations to a workspace, spread over two years, statuses, members, teams and tags as
// they are in life. progress, if not nil, hears how many are done. Nothing is remembered: seeded data stays. Running
// desks do not hear of it before they read their lists again.
func Seed(ctx context.Context, s store.Store, workspace desk.ID, p SeedParams, progress func(done int)) error {
	f, err := store.Result(ctx, s, workspace, prepare)
	if err != nil {
		return fmt.Errorf("prepare seeding: %w", err)
	}
	f.messages = max(p.Messages, 1)
	for done := 0; done < p.Conversations; {
		n := min(seedBatch, p.Conversations-done)
		err := s.Update(ctx, workspace, func(tx store.Tx) error {
			r := rand.New(rand.NewPCG(uint64(workspace), uint64(done))) // anew in every run of the closure
			number, err := tx.WriteWorkspaces().NextTicketNumbers(n)
			if err != nil {
				return err
			}
			for i := range n {
				if err := f.sow(tx, r, done+i, number+int64(i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("seed conversations %d to %d: %w", done, done+n, err)
		}
		done += n
		if progress != nil {
			progress(done)
		}
	}
	return nil
}

// field is what seeding chooses from.
type field struct {
	channel  desk.Channel
	words    seedWords
	messages int
	members  []desk.Member
	teams    []desk.ID
	tags     []desk.ID
}

// prepare reads the desk and adds colleagues, teams and tags where it has too few of them to be lifelike.
func prepare(tx store.Tx) (*field, error) {
	w, err := tx.Workspaces().Current()
	if err != nil {
		return nil, err
	}
	texts, err := textsIn(w.Locale)
	if err != nil {
		return nil, err
	}
	f := &field{words: texts.Seed}
	if f.channel, err = pickChannel(tx, 0); err != nil {
		return nil, err
	}
	for _, step := range []func(store.Tx) error{f.findMembers, f.findTeams, f.findTags} {
		if err := step(tx); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *field) findMembers(tx store.Tx) (err error) {
	if f.members, err = tx.Members().List(); err != nil {
		return err
	}
	f.members = slices.DeleteFunc(f.members, func(m desk.Member) bool { return !m.Active || m.Role == desk.RoleViewer })
	for n := len(f.members); n < seedMembers; n++ {
		name := f.words.Family[n%len(f.words.Family)]
		u := desk.User{ID: tx.NewID(), Name: name, CreatedAt: tx.Now()}
		u.Email = u.ID.String() + "@seed.example"
		m := desk.Member{UserID: u.ID, Role: desk.RoleAgent, DisplayName: name, Active: true, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		if err := tx.WriteAccounts().PutUser(u); err != nil {
			return fmt.Errorf("put user: %w", err)
		}
		if err := tx.WriteMembers().Put(m); err != nil {
			return fmt.Errorf("put member: %w", err)
		}
		if err := tx.WriteMembers().PutPresence(atTheDesk(u.ID, tx.Now())); err != nil {
			return fmt.Errorf("put presence: %w", err)
		}
		f.members = append(f.members, m)
	}
	return nil
}

func (f *field) findTeams(tx store.Tx) error {
	teams, err := tx.Teams().List()
	if err != nil {
		return err
	}
	for n := len(teams); n < seedTeams; n++ {
		t := desk.Team{ID: tx.NewID(), Name: f.words.Teams[n%len(f.words.Teams)], CreatedAt: tx.Now()}
		for i := n; i < len(f.members); i += seedTeams {
			t.MemberIDs = append(t.MemberIDs, f.members[i].UserID)
		}
		if err := tx.WriteTeams().Put(t); err != nil {
			return fmt.Errorf("put team: %w", err)
		}
		teams = append(teams, t)
	}
	f.teams = nil
	for _, t := range teams {
		f.teams = append(f.teams, t.ID)
	}
	return nil
}

func (f *field) findTags(tx store.Tx) error {
	tags, err := tx.Tags().List()
	if err != nil {
		return err
	}
	f.tags = nil
	for _, t := range tags {
		f.tags = append(f.tags, t.ID)
	}
	for _, t := range f.words.Tags {
		if slices.ContainsFunc(tags, func(known desk.Tag) bool { return known.Name == t.Name }) {
			continue
		}
		tag := desk.Tag{ID: tx.NewID(), Name: t.Name, Color: t.Color, CreatedAt: tx.Now()}
		if err := tx.WriteTags().Put(tag); err != nil {
			return fmt.Errorf("put tag: %w", err)
		}
		f.tags = append(f.tags, tag.ID)
	}
	return nil
}

// sow makes one conversation with its contact, ticket and messages.
func (f *field) sow(tx store.Tx, r *rand.Rand, n int, number int64) error {
	seed := f.draw(tx, r, n)
	seed.ticket.Number = number
	seed.row.Follow(seed.ticket)
	for _, step := range []func() error{
		func() error { return tx.WriteContacts().Put(seed.contact) },
		func() error { return tx.WriteContacts().PutIdentity(seed.identity) },
		func() error { return tx.WriteConversations().Put(seed.row) },
		func() error { return tx.WriteTickets().Put(seed.ticket) },
		func() error { return seed.speak(tx) },
		func() error { return tx.WriteConversations().Put(seed.row) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// seed is one conversation on its way into the desk.
type seed struct {
	contact  desk.Contact
	identity desk.Identity
	row      desk.Conversation
	ticket   desk.Ticket
	messages []desk.Message
}

// draw makes up a conversation. Most are resolved and old; what is open is of the last weeks.
func (f *field) draw(tx store.Tx, r *rand.Rand, n int) *seed {
	status := pickStatus(r)
	age := time.Duration(r.Int64N(int64(2 * 365 * 24 * time.Hour)))
	if !status.Resolved() {
		age = time.Duration(r.ExpFloat64() * float64(4*24*time.Hour)).Truncate(time.Millisecond)
	}
	end := tx.Now().Add(-age).Truncate(time.Millisecond)
	name := f.words.name(r)
	s := &seed{contact: desk.Contact{
		ID: tx.NewID(), Name: name, Email: "customer" + strconv.Itoa(n) + "@example.com", Locale: f.words.Locale,
		CreatedAt: end, UpdatedAt: end, Version: 1,
	}}
	s.identity = desk.Identity{
		ID: tx.NewID(), ContactID: s.contact.ID, ChannelID: f.channel.ID, Kind: f.channel.Kind, Scope: f.channel.ID.String(),
		ExternalID: "seed-" + s.contact.ID.String(), Name: name, CreatedAt: end,
	}
	s.row = desk.Conversation{
		ID: tx.NewID(), ChannelID: f.channel.ID, IdentityID: s.identity.ID, ContactID: s.contact.ID,
		Status: status, Priority: desk.PriorityNormal, CreatedAt: end, LastActivityAt: end, Version: 1,
	}
	f.drawTicket(tx, r, s, status, end)
	f.drawMessages(tx, r, s, end)
	return s
}

// pickStatus draws a status: 85 of 100 cases are closed.
func pickStatus(r *rand.Rand) desk.TicketStatus {
	switch n := r.IntN(1000); {
	case n < 850:
		return desk.StatusResolved
	case n < 890:
		return desk.StatusQueued
	case n < 940:
		return desk.StatusOpen
	case n < 985:
		return desk.StatusPending
	case n < 995:
		return desk.StatusSnoozed
	default:
		return desk.StatusBot
	}
}

func (f *field) drawTicket(tx store.Tx, r *rand.Rand, s *seed, status desk.TicketStatus, end time.Time) {
	t := desk.OpenTicket(tx.NewID(), 0, s.row, 0, end)
	t.Status, t.Version = status, 1
	t.Priority = []desk.Priority{desk.PriorityLow, desk.PriorityHigh, desk.PriorityUrgent, desk.PriorityNormal}[min(r.IntN(20), 3)]
	if r.IntN(3) > 0 {
		t.TeamID = f.teams[skewed(r, len(f.teams))]
	}
	for range max(r.IntN(5)-1, 0) { // none for two of five, up to three
		if tag := f.tags[skewed(r, len(f.tags))]; !slices.Contains(t.TagIDs, tag) {
			t.TagIDs = append(t.TagIDs, tag)
		}
	}
	if status != desk.StatusQueued && status != desk.StatusBot {
		t.Assignee = f.members[skewed(r, len(f.members))].UserID
		t.AssignedAt = end
	}
	switch status {
	case desk.StatusResolved:
		t.Reason, t.ResolvedAt, t.RepliedAt, t.WaitSince = desk.ReasonManual, end, end, time.Time{}
	case desk.StatusPending:
		t.RepliedAt, t.WaitSince = end, time.Time{}
	case desk.StatusSnoozed:
		t.SnoozedUntil, t.RepliedAt, t.WaitSince = tx.Now().Add(time.Duration(1+r.IntN(240))*time.Hour), end, time.Time{}
	case desk.StatusOpen:
		if r.IntN(3) == 0 {
			t.RepliedAt, t.WaitSince = end, time.Time{}
		}
	}
	s.ticket = t
}

// skewed draws an index of n, low ones more often: some members, teams and tags have much, some little.
func skewed(r *rand.Rand, n int) int { return min(r.IntN(n), r.IntN(n)) }

// drawMessages lets customer and member speak in turns. The last word is the customer's exactly if they wait.
func (f *field) drawMessages(tx store.Tx, r *rand.Rand, s *seed, end time.Time) {
	count := f.messages
	if count > 1 {
		count = 1 + r.IntN(2*count-1)
	}
	waits := !s.ticket.WaitSince.IsZero()
	for i := range count {
		back := count - 1 - i
		at := end.Add(-time.Duration(back) * 7 * time.Minute)
		m := desk.Message{ID: tx.NewID(), ConversationID: s.row.ID, TicketID: s.ticket.ID, At: at, ReceivedAt: at}
		if customers := back%2 == 0; customers == waits || count == 1 || s.ticket.Assignee == 0 {
			m.Author = desk.Author{Kind: desk.AuthorCustomer, ID: s.contact.ID, Name: s.contact.Name}
			m.Parts = []desk.Part{{Kind: desk.PartText, Text: pick(r, f.words.Asks)}}
			m.ClientID = m.ID.String()
		} else {
			m.Author = desk.Author{Kind: desk.AuthorHuman, ID: s.ticket.Assignee, Name: f.nameOf(s.ticket.Assignee)}
			m.Parts = []desk.Part{{Kind: desk.PartText, Text: pick(r, f.words.Answers)}}
			m.Status, m.ClientID = desk.DeliverySent, m.ID.String()
		}
		s.messages = append(s.messages, m)
	}
}

func (f *field) nameOf(user desk.ID) string {
	for _, m := range f.members {
		if m.UserID == user {
			return m.DisplayName
		}
	}
	return ""
}

func pick[T any](r *rand.Rand, all []T) T { return all[r.IntN(len(all))] }

func (s *seed) speak(tx store.Tx) error {
	for _, m := range s.messages {
		if err := tx.WriteMessages().Add(&m); err != nil {
			return err
		}
		s.row.Said(m)
	}
	s.row.Version++
	return nil
}
