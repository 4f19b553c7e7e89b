package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// roomForAll is a capacity that the measurements do not reach.
const roomForAll = 1_000_000

// offices is a desk whose team takes tickets in turn, with all of its agents there: decisions alone, then a customer's
// words until they are on the screen of whoever got the ticket and on the board, and what so many screens cost.
func offices(ctx context.Context, b *bench) error {
	people := b.size(100, 500)
	for _, database := range b.databases() {
		s, err := b.install(ctx, database)
		if err != nil {
			return err
		}
		sessions, err := b.staff(ctx, s, people)
		if err != nil {
			return fmt.Errorf("staff the desk: %w", err)
		}
		title := fmt.Sprintf("%s, %d agents online", database, people)
		if err := b.decisions(ctx, s, title); err != nil {
			return err
		}
		if err := b.officeLive(ctx, s, title, sessions); err != nil {
			return err
		}
	}
	return b.screens(ctx, b.size(200, 2000))
}

// staff gives the desk's channel a team of so many agents, online and signed in, and the path of a file of their sessions:
// a line "member token" each, the owner's first.
func (b *bench) staff(ctx context.Context, s *served, people int) (string, error) {
	opened, err := s.open(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = opened.Close() }()
	workspace := desk.ID(s.setup.WorkspaceID)
	agents, err := store.Result(ctx, opened, 0, func(tx store.Tx) ([]desk.ID, error) {
		ids := make([]desk.ID, people)
		for i := range ids {
			ids[i] = tx.NewID()
			u := desk.User{ID: ids[i], Email: fmt.Sprintf("agent%d@example.com", i), Name: fmt.Sprintf("Agent %d", i), CreatedAt: tx.Now()}
			if err := tx.WriteAccounts().PutUser(u); err != nil {
				return nil, err
			}
		}
		return ids, nil
	})
	if err != nil {
		return "", err
	}
	owner, err := store.Result(ctx, opened, workspace, func(tx store.Tx) (desk.ID, error) { return hire(tx, agents) })
	if err != nil {
		return "", err
	}
	sessions, err := store.Result(ctx, opened, 0, func(tx store.Tx) (string, error) {
		var lines strings.Builder
		for _, user := range append([]desk.ID{owner}, agents...) {
			token, session := auth.NewSession(tx.Now())
			session.ID, session.UserID, session.WorkspaceID = tx.NewID(), user, workspace
			if err := tx.WriteAccounts().PutSession(session); err != nil {
				return "", err
			}
			fmt.Fprintf(&lines, "%d %s\n", user, token)
		}
		return lines.String(), nil
	})
	if err != nil {
		return "", err
	}
	path := filepath.Join(s.data, "sessions")
	return path, os.WriteFile(path, []byte(sessions), 0o600)
}

// hire makes members of users and a team of the members, and says who owns the workspace.
func hire(tx store.Tx, agents []desk.ID) (owner desk.ID, err error) {
	members, err := tx.Members().List()
	if err != nil {
		return 0, err
	}
	for _, id := range agents {
		m := desk.Member{UserID: id, Role: desk.RoleAgent, Active: true, CreatedAt: tx.Now()}
		p := desk.Presence{UserID: id, Chosen: desk.Online, LeaseUntil: tx.Now().Add(12 * time.Hour)}
		if err := tx.WriteMembers().Put(m); err != nil {
			return 0, err
		}
		if err := tx.WriteMembers().PutPresence(p); err != nil {
			return 0, err
		}
	}
	team := desk.Team{ID: tx.NewID(), Name: "Bench", MemberIDs: agents, Mode: desk.ModeRoundRobin, CreatedAt: tx.Now()}
	if err := tx.WriteTeams().Put(team); err != nil {
		return 0, err
	}
	w, err := tx.Workspaces().Current()
	if err != nil {
		return 0, err
	}
	w.Capacity = roomForAll
	if err := tx.WriteWorkspaces().Put(w); err != nil {
		return 0, err
	}
	channels, err := tx.Channels().List()
	if err != nil {
		return 0, err
	}
	for _, c := range channels {
		c.TeamID = team.ID
		if err := tx.WriteChannels().Put(c); err != nil {
			return 0, err
		}
	}
	i := slices.IndexFunc(members, func(m desk.Member) bool { return m.Role == desk.RoleOwner })
	return members[max(i, 0)].UserID, nil
}

// officeLive is the whole way, with every agent's browser open and the owner's on the board.
func (b *bench) officeLive(ctx context.Context, s *served, title, sessions string) error {
	if _, err := b.serve(ctx, s); err != nil {
		return err
	}
	defer s.stop()
	r, cpu, err := b.load(ctx, s, "-what", "office", "-sessions", sessions, "-span", fmt.Sprintf("%ds", b.size(3, 15)))
	if err != nil {
		return err
	}
	b.report.add(title+": a new customer's words to the screen of whoever got the ticket", fmt.Sprintf("p50 %s, p99 %s, CPU %s (%d customers, one at a time)",
		ms(r.P50), ms(r.P99), ms(each(cpu.total(), r.Count)), r.Count), "")
	b.report.add("… and to the board, told once a second at most", fmt.Sprintf("p50 %s, p99 %s", ms(r.Board50), ms(r.Board99)), "2000 ms")
	return nil
}

// screens is the memory of a desk with many agents connected.
func (b *bench) screens(ctx context.Context, people int) error {
	s, err := b.install(ctx, "SQLite")
	if err != nil {
		return err
	}
	sessions, err := b.staff(ctx, s, people)
	if err != nil {
		return err
	}
	if _, err := b.serve(ctx, s); err != nil {
		return err
	}
	defer s.stop()
	time.Sleep(idleFor)
	before, _ := memory(s.process.Process.Pid)
	l, err := b.start(ctx, s, "-what", "office", "-sessions", sessions)
	if err != nil {
		return err
	}
	time.Sleep(idleFor)
	after, _ := memory(s.process.Process.Pid)
	b.report.add(fmt.Sprintf("memory with %d agents connected", people), fmt.Sprintf("%s, before %s: ratio %.2f, %.1f kB each",
		mb(after), mb(before), float64(after)/float64(before), float64(after-before)/float64(people)/1024), "")
	return l.end()
}

// quiet is for services of this process: what they have to say is not measured.
func quiet() *slog.Logger { return slog.New(slog.DiscardHandler) }
