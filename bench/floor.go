package main

import (
	"context"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/view"
)

// floorReads is what the desk reads to hand a ticket out, to draw the board and to estimate a wait, at two sizes. Three in
// twenty of the seeded cases are not resolved: far more work than anybody has, and nobody takes any of it.
func floorReads(ctx context.Context, b *bench) error {
	sizes := []int{10_000, b.size(50_000, 1_000_000)}
	for _, database := range b.databases() {
		at := make([]map[string]time.Duration, len(sizes))
		for i, size := range sizes {
			s, err := b.seeded(ctx, database, size)
			if err != nil {
				return err
			}
			if at[i], err = b.floorAt(ctx, s); err != nil {
				return fmt.Errorf("%s: %w", database, err)
			}
		}
		for _, r := range floorParts(desk.Ticket{}, time.Time{}) {
			small, large := at[0][r.name], at[1][r.name]
			b.report.add(fmt.Sprintf("%s: %s, p50 at %d", database, r.name, sizes[1]),
				fmt.Sprintf("%s; at %d %s: ratio %.2f, as many rows are %.0f", ms(large), sizes[0], ms(small),
					float64(large)/float64(max(small, 1)), float64(sizes[1])/float64(sizes[0])), "")
		}
	}
	return nil
}

// floorPart is one thing that is read.
type floorPart struct {
	name string
	read func(store.Reader) error
}

func floorParts(queued desk.Ticket, now time.Time) []floorPart {
	return []floorPart{
		{"the limit: one ticket by its id", func(r store.Reader) error {
			_, err := r.Tickets().Get(queued.ID)
			return err
		}},
		{"what everybody has (each decision)", func(r store.Reader) error {
			_, err := r.Tickets().Loads()
			return err
		}},
		{"a team's queue (each decision)", func(r store.Reader) error {
			_, err := r.Routing().Queued([]desk.ID{queued.TeamID})
			return err
		}},
		{"the board (once a second at most)", func(r store.Reader) error {
			_, err := view.ReadFloor(r)
			return err
		}},
		{"an estimated wait (each new ticket)", func(r store.Reader) error {
			_, err := store.QueueOf(r, queued, now)
			return err
		}},
	}
}

func (b *bench) floorAt(ctx context.Context, s *served) (map[string]time.Duration, error) {
	opened, err := s.open(ctx)
	if err != nil {
		return nil, err
	}
	defer func() { _ = opened.Close() }()
	workspace := desk.ID(s.setup.WorkspaceID)
	var queued desk.Ticket
	err = opened.View(ctx, workspace, func(r store.Reader) error {
		teams, err := r.Teams().List()
		if err != nil || len(teams) == 0 {
			return fmt.Errorf("no team was seeded: %w", err)
		}
		all, err := r.Routing().Queued([]desk.ID{teams[0].ID})
		if err != nil || len(all) == 0 {
			return fmt.Errorf("nothing was seeded into a queue: %w", err)
		}
		queued, err = r.Tickets().Get(all[0].TicketID)
		return err
	})
	if err != nil {
		return nil, err
	}
	found := map[string]time.Duration{}
	for _, part := range floorParts(queued, time.Now()) {
		var took []time.Duration
		for began := time.Now(); len(took) < 3 || len(took) < 200 && time.Since(began) < time.Second; {
			sent := time.Now()
			if err := opened.View(ctx, workspace, part.read); err != nil {
				return nil, fmt.Errorf("%s: %w", part.name, err)
			}
			took = append(took, time.Since(sent))
		}
		found[part.name], _ = spread(took)
	}
	return found, nil
}

// open opens the desk's store in this process: the program does not run meanwhile.
func (s *served) open(ctx context.Context) (*sqlstore.Store, error) {
	return sqlstore.Open(ctx, sqlstore.Config{URL: s.postgres, Path: filepath.Join(s.data, "madoguchi.db"), Log: slog.New(slog.DiscardHandler)})
}
