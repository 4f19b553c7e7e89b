package main

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"madoguchi/bus/membus"
	"madoguchi/desk"
	"madoguchi/search"
	"madoguchi/store"
)

// messagesEach is how many messages a conversation of the searched desk has.
const messagesEach = 10

// searches is what it costs to keep messages findable, and how long finding takes, against reading every message.
func searches(ctx context.Context, b *bench) error {
	size := b.size(20_000, 1_000_000)
	for _, database := range b.databases() {
		if err := b.searchesOn(ctx, database, size); err != nil {
			return fmt.Errorf("%s: %w", database, err)
		}
	}
	return nil
}

func (b *bench) searchesOn(ctx context.Context, database string, size int) error {
	s, err := b.install(ctx, database)
	if err != nil {
		return err
	}
	opened, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = opened.Close() }()
	d := searchedDesk{store: opened, workspace: desk.ID(s.setup.WorkspaceID), words: newSpeech()}
	if err := d.write(ctx, size); err != nil {
		return fmt.Errorf("write messages: %w", err)
	}
	before, err := s.diskUse(ctx)
	if err != nil {
		return err
	}
	cpu, began := selfCPU()+s.server.cpu(), time.Now()
	x := search.New(search.Config{Store: opened, Bus: membus.New(), Log: slog.New(slog.DiscardHandler)})
	for more := true; more; {
		if more, err = x.Round(ctx); err != nil {
			return fmt.Errorf("index: %w", err)
		}
	}
	took := time.Since(began)
	cpu = selfCPU() + s.server.cpu() - cpu
	if s.postgres != "" {
		if err := settle(ctx, s.postgres); err != nil {
			return err
		}
	}
	after, err := s.diskUse(ctx)
	if err != nil {
		return err
	}
	b.report.add(fmt.Sprintf("%s: indexing %d messages", database, size),
		fmt.Sprintf("%.0f/s, CPU %s each; %d bytes each on disk", float64(size)/took.Seconds(), ms(each(cpu, size)), (after-before)/int64(size)), "")
	return d.measure(ctx, b, fmt.Sprintf("%s: search among %d, ", database, size))
}

// measure asks for words of every kind, the whole way but HTTP: candidates, the texts themselves, the rows.
func (d *searchedDesk) measure(ctx context.Context, b *bench, title string) error {
	rounds := b.size(100, 400)
	for _, kind := range []struct {
		name string
		word func() string
	}{
		{"1 character (names)", func() string { return string([]rune(d.words.name())[:1]) }},
		{"2 characters", func() string { return d.words.piece(2) }},
		{"3 characters", func() string { return d.words.piece(3) }},
		{"an English word", d.words.englishWord},
		{"the beginning of one", func() string { w := d.words.englishWord(); return w[:min(len(w), 2+d.words.random.IntN(3))] }},
		{"two words", func() string { return d.words.piece(2) + " " + d.words.piece(2) }},
		{"a word nobody said", func() string { return "龘靐齉" + d.words.piece(2) }},
	} {
		var times []time.Duration
		hits := 0
		before := selfCPU()
		for i := range rounds + rounds/10 {
			began := time.Now()
			found, err := d.find(ctx, kind.word())
			if err != nil {
				return err
			}
			if i >= rounds/10 { // the first ones warm up
				times = append(times, time.Since(began))
				hits += len(found.Conversations) + len(found.Contacts)
			}
		}
		slices.Sort(times)
		b.report.add(title+kind.name, fmt.Sprintf("p99 %s, p50 %s, worst %s, CPU %s, %.1f found on a page", ms(times[len(times)*99/100]), ms(times[len(times)/2]),
			ms(times[len(times)-1]), ms(each(selfCPU()-before, rounds+rounds/10)), float64(hits)/float64(rounds)), "50 ms")
	}
	began := time.Now()
	if _, err := d.scan(ctx, d.words.piece(2)); err != nil {
		return err
	}
	b.report.add(title+"the same by reading every message", time.Since(began).Round(time.Millisecond).String(), "")
	return nil
}

// searchedDesk is a workspace full of made-up talk.
type searchedDesk struct {
	store     store.Store
	workspace desk.ID
	words     *speech
}

func (d *searchedDesk) find(ctx context.Context, word string) (found search.Result, err error) {
	err = d.store.View(ctx, d.workspace, func(r store.Reader) error {
		found, err = search.Find(r, search.Viewer{}, search.Request{Text: word})
		return err
	})
	return found, err
}

// scan is a search without an index.
func (d *searchedDesk) scan(ctx context.Context, word string) (hits int, err error) {
	q := search.ParseQuery(word)
	err = d.store.View(ctx, d.workspace, func(r store.Reader) error {
		for below := desk.ID(1 << 53); ; {
			page, err := r.Search().MessagesBelow(below, 1000)
			if err != nil || len(page) == 0 {
				return err
			}
			for _, m := range page {
				if q.Matches(m.Words()) {
					hits++
				}
			}
			below = page[len(page)-1].ID
		}
	})
	return hits, err
}

// write fills the desk, a few conversations at a time.
func (d *searchedDesk) write(ctx context.Context, messages int) error {
	for done := 0; done < messages; {
		err := d.store.Update(ctx, d.workspace, func(tx store.Tx) error {
			channels, err := tx.Channels().List()
			if err != nil {
				return err
			}
			for range 25 {
				if err := d.talk(tx, channels[0]); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
		done += 25 * messagesEach
	}
	return nil
}

func (d *searchedDesk) talk(tx store.Tx, ch desk.Channel) error {
	now := tx.Now()
	contact := desk.Contact{ID: tx.NewID(), Name: d.words.name() + " " + d.words.name(), CreatedAt: now, UpdatedAt: now, Version: 1}
	identity := desk.Identity{ID: tx.NewID(), ContactID: contact.ID, ChannelID: ch.ID, Kind: ch.Kind, Scope: "search", ExternalID: contact.ID.String(), CreatedAt: now}
	c := desk.Conversation{ID: tx.NewID(), ChannelID: ch.ID, IdentityID: identity.ID, ContactID: contact.ID, CreatedAt: now, LastActivityAt: now, Version: 1}
	number, err := tx.WriteWorkspaces().NextTicketNumber()
	if err != nil {
		return err
	}
	ticket := desk.OpenTicket(tx.NewID(), number, c, 0, now)
	ticket.Version = 1
	c.Follow(ticket)
	for _, step := range []func() error{
		func() error { return tx.WriteContacts().Put(contact) }, func() error { return tx.WriteContacts().PutIdentity(identity) },
		func() error { return tx.WriteConversations().Put(c) }, func() error { return tx.WriteTickets().Put(ticket) },
	} {
		if err := step(); err != nil {
			return err
		}
	}
	for range messagesEach {
		m := desk.Message{
			ID: tx.NewID(), ConversationID: c.ID, TicketID: c.TicketID, Author: desk.Author{Kind: desk.AuthorCustomer, ID: contact.ID},
			Parts: []desk.Part{{Kind: desk.PartText, Text: d.words.sentence()}}, At: now, ReceivedAt: now,
		}
		if err := tx.WriteMessages().Add(&m); err != nil {
			return err
		}
	}
	return nil
}

// speech makes sentences whose words are as unevenly common as in life (Zipf): two thirds Japanese, one third English.
type speech struct {
	random            *rand.Rand
	common            *rand.Zipf
	japanese, english []string
	names             []string
}

const vocabulary = 8000

func newSpeech() *speech {
	s := &speech{random: rand.New(rand.NewPCG(3, 4))}
	s.common = rand.NewZipf(s.random, 1.1, 3, vocabulary-1)
	s.japanese = strings.Fields("です ます を は が に の お願いします ください ありません でしょうか 商品 注文 返金 配送 届き 確認 いたします")
	s.english = strings.Fields("the to my a is order please refund delivery not it for of and")
	const kana, kanji, letters = "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほまみむめもやゆよらりるれろわんがぎぐげござじずぜぞ", 2000, "etaoinshrdlucmfwypvbgkjqxz"
	for len(s.japanese) < vocabulary {
		word := make([]rune, 0, 5)
		for range 1 + s.random.IntN(3) {
			word = append(word, 0x4e00+rune(s.random.IntN(kanji)*8))
		}
		for range s.random.IntN(3) {
			word = append(word, []rune(kana)[s.random.IntN(len([]rune(kana)))])
		}
		s.japanese = append(s.japanese, string(word))
	}
	for len(s.english) < vocabulary {
		word := make([]byte, 2+s.random.IntN(9))
		for i := range word {
			word[i] = letters[min(s.random.IntN(len(letters)), s.random.IntN(len(letters)))]
		}
		s.english = append(s.english, string(word))
	}
	for range 500 {
		s.names = append(s.names, string([]rune{0x4e00 + rune(s.random.IntN(300)*60), 0x4e00 + rune(s.random.IntN(300)*60)}))
	}
	return s
}

func (s *speech) name() string        { return s.names[s.random.IntN(len(s.names))] }
func (s *speech) englishWord() string { return s.english[s.common.Uint64()] }

func (s *speech) sentence() string {
	var text strings.Builder
	if s.random.IntN(3) == 0 {
		for range 4 + s.random.IntN(14) {
			text.WriteString(s.englishWord() + " ")
		}
		return text.String()
	}
	for i := range 5 + s.random.IntN(14) {
		if i%6 == 5 {
			text.WriteString("、")
		}
		text.WriteString(s.japanese[s.common.Uint64()])
	}
	return text.String() + "。"
}

// piece is so many characters in a row of what somebody may have said.
func (s *speech) piece(n int) string {
	text := []rune(strings.ReplaceAll(s.japanese[s.common.Uint64()]+s.japanese[s.common.Uint64()]+s.japanese[s.common.Uint64()], "、", ""))
	from := s.random.IntN(max(len(text)-n, 0) + 1)
	return string(text[from:min(from+n, len(text))])
}
