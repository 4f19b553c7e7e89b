package main

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"time"

	"madoguchi/audit"
	"madoguchi/desk"
	"madoguchi/seal"
	"madoguchi/store"
)

// audits is what it costs to note deeds and link them into the chain, and how fast a chain is verified.
func audits(ctx context.Context, b *bench) error {
	size := b.size(20_000, 500_000)
	for _, database := range b.databases() {
		if err := b.auditsOn(ctx, database, size); err != nil {
			return fmt.Errorf("%s: %w", database, err)
		}
	}
	return nil
}

func (b *bench) auditsOn(ctx context.Context, database string, size int) error {
	s, err := b.install(ctx, database)
	if err != nil {
		return err
	}
	opened, err := s.open(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = opened.Close() }()
	keys, err := seal.NewKeyring(bytes.Repeat([]byte{7}, seal.KeySize))
	if err != nil {
		return err
	}
	m := auditedDesk{store: opened, keys: keys, workspace: desk.ID(s.setup.WorkspaceID), report: b.report, title: database, spent: func() time.Duration { return selfCPU() + s.server.cpu() }}
	before, err := s.diskUse(ctx)
	if err != nil {
		return err
	}
	if err := m.measure(ctx, size); err != nil {
		return err
	}
	if s.postgres != "" {
		if err := settle(ctx, s.postgres); err != nil {
			return err
		}
	}
	after, err := s.diskUse(ctx)
	if err != nil {
		return err
	}
	b.report.add(fmt.Sprintf("%s: an audit entry on disk", database), fmt.Sprintf("%d bytes", (after-before)/int64(size)), "")
	return nil
}

// auditedDesk measures one chain; the key is the bench's own.
type auditedDesk struct {
	store     store.Store
	keys      *seal.Keyring
	workspace desk.ID
	report    *report
	title     string
	spent     func() time.Duration
}

func (m *auditedDesk) measure(ctx context.Context, size int) error {
	const together = 500 // deeds per transaction, as nothing in life: only so that the filling takes no time
	at := time.Now().UTC().Truncate(time.Millisecond)
	for done := 0; done < size; done += together {
		err := m.store.Update(ctx, m.workspace, func(tx store.Tx) error {
			for i := range together {
				if err := tx.WriteAudit().Intend(m.workspace, aDeed(at, done+i)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("note deeds: %w", err)
		}
	}
	if err := m.rate("linking", size, func() error { return audit.NewChainer(m.store, m.keys, slog.New(slog.DiscardHandler)).LinkAll(ctx) }); err != nil {
		return err
	}
	return m.rate("verifying", size, func() error {
		v, err := audit.Verify(ctx, m.store, m.keys, m.workspace)
		if err == nil && (!v.Whole() || v.Entries < int64(size)) {
			err = fmt.Errorf("the chain is not whole: %+v", v)
		}
		return err
	})
}

func (m *auditedDesk) rate(what string, size int, work func() error) error {
	cpu, began := m.spent(), time.Now()
	if err := work(); err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	took := time.Since(began)
	m.report.add(fmt.Sprintf("%s: %s %d audit entries", m.title, what, size), fmt.Sprintf("%.0f/s, CPU %.1f µs each", float64(size)/took.Seconds(), float64((m.spent()-cpu).Microseconds())/float64(size)), "")
	return nil
}

// aDeed is an entry as most are: somebody gets a ticket.
func aDeed(at time.Time, n int) desk.AuditEntry {
	return desk.AuditEntry{
		At: at, Actor: desk.Actor{Kind: desk.ActorUser, ID: desk.ID(1000 + n%20)}, IP: "192.0.2.7", Action: "ticket.assigned", RequestID: "dx3kki52qwz5v6dp",
		Object:  desk.AuditObject{Kind: "ticket", ID: desk.ID(5_000_000 + n), Name: fmt.Sprintf("#%d", n)},
		Changes: []desk.Change{{Field: "assignee_id", From: "0", To: "1007"}, {Field: "team_id", From: "0", To: "12"}},
	}
}
