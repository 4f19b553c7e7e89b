package sqlstore_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

func TestANewerSchemaIsRefused(t *testing.T) {
	t.Parallel()
	storetest.EachBare(t, func(t *testing.T, c sqlstore.Config) {
		s := storetest.Open(t, c)
		if err := s.SetSchema(t.Context(), 9999); err != nil {
			t.Fatal(err)
		}
		for name, err := range map[string]error{"migrate": sqlstore.Migrate(t.Context(), c), "open": openOnly(t, c)} {
			if desk.CodeOf(err) != "schema_newer" {
				t.Errorf("%s: got %v, want schema_newer", name, err)
			}
		}
	})
}

func openOnly(t *testing.T, c sqlstore.Config) error {
	s, err := sqlstore.Open(t.Context(), c)
	if err == nil {
		err = errors.Join(errors.New("it opened"), s.Close())
	}
	return err
}

// While an upgrade goes through the nodes, the release before works on the new schema, and may even start on it; until a
// migration takes away what it needs.
func TestAnOlderProgramWorksOnANewerSchemaUntilItSaysNo(t *testing.T) {
	t.Parallel()
	storetest.EachBare(t, func(t *testing.T, c sqlstore.Config) {
		putWorkspace(t, storetest.Open(t, c), 5)
		if err := sqlstore.MigrateWith(t.Context(), c, 0, "CREATE TABLE later (id BIGINT);"); err != nil {
			t.Fatal(err)
		}
		if all := workspaces(t, storetest.Open(t, c)); len(all) != 1 {
			t.Errorf("the older program finds %v", all)
		}
		if err := sqlstore.MigrateWith(t.Context(), c, 0, "not run twice"); err != nil {
			t.Errorf("the newer program starts again: %v", err)
		}
	})
	storetest.EachBare(t, func(t *testing.T, c sqlstore.Config) {
		if err := sqlstore.MigrateWith(t.Context(), c, 9999, "CREATE TABLE later (id BIGINT);"); err != nil {
			t.Fatal(err)
		}
		if err := openOnly(t, c); desk.CodeOf(err) != "schema_newer" {
			t.Errorf("got %v, want schema_newer", err)
		}
	})
}

func TestManyNodesMayMigrateAtOnce(t *testing.T) {
	t.Parallel()
	storetest.EachBare(t, func(t *testing.T, c sqlstore.Config) {
		errs := make(chan error, 4)
		for range cap(errs) {
			go func() { errs <- sqlstore.Migrate(t.Context(), c) }()
		}
		for range cap(errs) {
			if err := <-errs; err != nil {
				t.Error(err)
			}
		}
	})
}

// A large desk is migrated for minutes: another program that is started meanwhile waits, as long as it may.
func TestWhoFindsTheFileTakenWaits(t *testing.T) {
	t.Parallel()
	c := sqlstore.Config{Path: filepath.Join(t.TempDir(), "desk.db")}
	release := sqlstore.HoldFile(t, c)
	migrate := func(ctx context.Context) (waits <-chan struct{}, ended <-chan error) {
		told, end := make(chan struct{}, 1), make(chan error, 1)
		c := c
		c.Log = slog.New(slog.NewTextHandler(signal(told), nil))
		go func() { end <- sqlstore.Migrate(ctx, c) }()
		return told, end
	}
	ctx, cancel := context.WithCancel(t.Context())
	waits, ended := migrate(ctx)
	<-waits
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Errorf("told to stop, it ends with %v", err)
	}
	waits, ended = migrate(t.Context())
	<-waits
	release()
	if err := <-ended; err != nil {
		t.Errorf("once the file is free: %v", err)
	}
}

// signal is told of every line that is logged.
type signal chan<- struct{}

func (s signal) Write(line []byte) (int, error) {
	select {
	case s <- struct{}{}:
	default:
	}
	return len(line), nil
}

func TestAFileIsCopiedBeforeItIsMigrated(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "desk's.db")
	c := sqlstore.Config{Path: path}
	s := storetest.Open(t, c)
	putWorkspace(t, s, 5)
	if copies, err := filepath.Glob(path + ".before-*"); err != nil || len(copies) > 0 {
		t.Errorf("a new file was copied: %v %v", copies, err)
	}
	if err := sqlstore.MigrateWith(t.Context(), c, 0, "CREATE TABLE later (id BIGINT);"); err != nil {
		t.Fatal(err)
	}
	copies, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*.before-*"))
	if err != nil || len(copies) == 0 {
		t.Fatalf("no copy was made: %v", err)
	}
	old := storetest.Open(t, sqlstore.Config{Path: copies[0]})
	if names := workspaces(t, old); len(names) != 1 {
		t.Errorf("the copy has %v", names)
	}
}

func putWorkspace(t *testing.T, s store.Store, id desk.ID) {
	t.Helper()
	err := s.Update(t.Context(), 0, func(tx store.Tx) error {
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: id, Name: "窓口", CreatedAt: tx.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
}

func workspaces(t *testing.T, s store.Store) (all []desk.Workspace) {
	t.Helper()
	err := s.View(t.Context(), 0, func(r store.Reader) (err error) {
		all, err = r.Workspaces().All()
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestWhatWasWrittenIsThereAfterReopening(t *testing.T) {
	t.Parallel()
	storetest.EachBare(t, func(t *testing.T, c sqlstore.Config) {
		s, err := sqlstore.Open(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		putWorkspace(t, s, 5)
		if err := s.Ready(t.Context()); err != nil {
			t.Error(err)
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		err = s.Update(t.Context(), 0, func(store.Tx) error { return nil })
		if desk.KindOf(err) != desk.KindUnavailable {
			t.Errorf("an update of a closed store: %v", err)
		}
		if all := workspaces(t, storetest.Open(t, c)); len(all) != 1 {
			t.Errorf("got %v", all)
		}
	})
}

func TestNodesDoNotShareASlot(t *testing.T) {
	t.Parallel()
	storetest.EachBare(t, func(t *testing.T, c sqlstore.Config) {
		now := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
		c.Clock = func() time.Time { return now }
		taken := map[int]bool{}
		for range 5 { // none of them is closed: they might have crashed
			slot := storetest.Open(t, c).Slot()
			if taken[slot] {
				t.Errorf("slot %d twice", slot)
			}
			taken[slot] = true
		}
		later := c
		later.Clock = func() time.Time { return now.Add(time.Minute) }
		if slot := storetest.Open(t, later).Slot(); !taken[slot] {
			t.Errorf("slot %d, though the leases of lower ones have ended", slot)
		}
	})
}

func TestASlotThatWasLostIsReplaced(t *testing.T) {
	t.Parallel()
	storetest.EachBare(t, func(t *testing.T, c sqlstore.Config) {
		now := time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC)
		hand := make(chan time.Time, 1)
		hand <- now
		c.Clock = func() time.Time { v := <-hand; hand <- v; return v }
		asleep := storetest.Open(t, c)
		was := asleep.Slot()
		<-hand
		hand <- now.Add(time.Hour) // it slept; another node starts
		thief := storetest.Open(t, c)
		if thief.Slot() != was {
			t.Fatalf("the other node has slot %d, want %d", thief.Slot(), was)
		}
		putWorkspace(t, asleep, 7)
		if asleep.Slot() == was {
			t.Error("it goes on making ids in a slot that another node has")
		}
	})
}

// TestNobodyElseReadsTheDatabase: also where everybody on the machine may look into the folder.
func TestNobodyElseReadsTheDatabase(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	if err := os.Chmod(folder, 0o755); err != nil { //nolint:gosec // that is the point
		t.Fatal(err)
	}
	served := sqlstore.Config{Path: filepath.Join(folder, "served.db")}
	putWorkspace(t, storetest.Open(t, served), 5)
	filled := sqlstore.Config{Path: filepath.Join(folder, "filled.db")}
	if err := sqlstore.Fill(t.Context(), filled, 0, func(store.Filler) error { return nil }); err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(folder, "*"))
	if err != nil || len(files) < 3 { // two databases and a -wal at least
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		if stat, err := os.Stat(file); err != nil || stat.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", file, stat.Mode(), err)
		}
	}
}
