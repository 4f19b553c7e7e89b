package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
)

// batchSize is how many messages share a commit at the limit.
const batchSize = 256

// batchLimit is the rate of the rows of inbound messages committed 256 at a time, on the same disk and database: what
// is left when neither HTTP nor waiting for the disk costs anything. One writer on SQLite, several on PostgreSQL, each
// with conversations of its own; they do what package inbound does for a message in a conversation that is open.
func (b *bench) batchLimit(ctx context.Context, s *served) (rate float64, cpu time.Duration, err error) {
	opened, err := sqlstore.Open(ctx, sqlstore.Config{
		URL: s.postgres, Path: filepath.Join(s.data, "madoguchi.db"), Log: slog.New(slog.DiscardHandler), // batches are slow updates
	})
	if err != nil {
		return 0, 0, err
	}
	defer func() { _ = opened.Close() }()
	writers := 1
	if s.postgres != "" {
		writers = 4
	}
	workspace := desk.ID(s.setup.WorkspaceID)
	batches := make([]batch, writers)
	for i := range batches {
		batches[i] = batch{store: opened, workspace: workspace, writer: i}
		if err := batches[i].prepare(ctx); err != nil {
			return 0, 0, fmt.Errorf("prepare batches: %w", err)
		}
	}
	span := time.Duration(b.size(2, 5)) * time.Second
	var count atomic.Int64
	var all sync.WaitGroup
	errs := make([]error, writers)
	before, began := selfCPU()+s.server.cpu(), time.Now()
	for i := range batches {
		all.Go(func() {
			for time.Since(began) < span && errs[i] == nil {
				errs[i] = batches[i].commit(ctx)
				count.Add(batchSize)
			}
		})
	}
	all.Wait()
	took := time.Since(began)
	for _, err := range errs {
		if err != nil {
			return 0, 0, err
		}
	}
	return float64(count.Load()) / took.Seconds(), each(selfCPU()+s.server.cpu()-before, int(count.Load())), nil
}

// batch is one writer.
type batch struct {
	store     store.Store
	workspace desk.ID
	writer    int
	rows      []desk.Conversation
	n         int
}

// prepare makes as many waiting conversations as a caller of the HTTP measurement has, times eight.
func (b *batch) prepare(ctx context.Context) error {
	rows, err := store.Result(ctx, b.store, b.workspace, func(tx store.Tx) (rows []desk.Conversation, err error) {
		channels, err := tx.Channels().List()
		if err != nil {
			return nil, err
		}
		for i := range 64 * visitorsPerCaller {
			c, err := b.begin(tx, channels[0], i)
			if err != nil {
				return nil, err
			}
			rows = append(rows, c)
		}
		return rows, nil
	})
	if err == nil {
		b.rows = rows
	}
	return err
}

func (b *batch) begin(tx store.Tx, ch desk.Channel, i int) (desk.Conversation, error) {
	now := tx.Now()
	contact := desk.Contact{ID: tx.NewID(), CreatedAt: now, UpdatedAt: now, Version: 1}
	identity := desk.Identity{
		ID: tx.NewID(), ContactID: contact.ID, ChannelID: ch.ID, Kind: ch.Kind, Scope: "batch", ExternalID: fmt.Sprintf("%d-%d", b.writer, i), CreatedAt: now,
	}
	c := desk.Conversation{ID: tx.NewID(), ChannelID: ch.ID, IdentityID: identity.ID, ContactID: contact.ID, CreatedAt: now, LastActivityAt: now, Version: 1}
	number, err := tx.WriteWorkspaces().NextTicketNumber()
	if err != nil {
		return c, err
	}
	ticket := desk.OpenTicket(tx.NewID(), number, c, ch.TeamID, now)
	ticket.Version = 1
	c.Follow(ticket)
	for _, step := range []func() error{
		func() error { return tx.WriteContacts().Put(contact) },
		func() error { return tx.WriteContacts().PutIdentity(identity) },
		func() error { return tx.WriteConversations().Put(c) },
		func() error { return tx.WriteTickets().Put(ticket) },
	} {
		if err := step(); err != nil {
			return c, err
		}
	}
	return c, nil
}

// commit writes batchSize messages in one transaction.
func (b *batch) commit(ctx context.Context) error {
	err := b.store.Update(ctx, b.workspace, func(tx store.Tx) error {
		for i := range batchSize {
			if err := b.file(tx, b.n+i); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil {
		b.n += batchSize
	}
	return err
}

func (b *batch) file(tx store.Tx, n int) error {
	c := b.rows[n%len(b.rows)]
	id, key := tx.NewID(), fmt.Sprintf("message/%d/%d", b.writer, n)
	if _, _, err := tx.Seen("in/"+c.ChannelID.String(), key, id); err != nil {
		return err
	}
	row, err := tx.WriteConversations().Lock(c.ID)
	if err != nil {
		return err
	}
	m := desk.Message{
		ID: id, ConversationID: c.ID, TicketID: c.TicketID, Author: desk.Author{Kind: desk.AuthorCustomer, ID: c.ContactID},
		Parts:    []desk.Part{{Kind: desk.PartText, Text: "商品がまだ届きません。配送状況を教えてください。"}},
		ClientID: key, At: tx.Now(), ReceivedAt: tx.Now(),
	}
	if err := tx.WriteMessages().Add(&m); err != nil {
		return err
	}
	row.Said(m)
	row.Version++
	tx.Emit(desk.Event{
		Kind: desk.EventMessageCreated, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorCustomer, ID: c.ContactID},
		ConversationID: c.ID, TicketID: c.TicketID, MessageID: m.ID, MessageSeq: m.Seq,
	})
	return tx.WriteConversations().Put(row)
}
