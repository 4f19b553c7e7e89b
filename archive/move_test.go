package archive_test

import (
	"context"
	"errors"
	"testing"

	"madoguchi/archive"
	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

func (p *place) secrets(t *testing.T, workspace desk.ID) map[string]string {
	t.Helper()
	opened := map[string]string{}
	err := p.open(t).View(t.Context(), workspace, func(r store.Reader) error {
		all, err := r.Channels().List()
		if err != nil {
			return err
		}
		opened, err = channel.OpenSecrets(p.keys, workspace, all[0])
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return opened
}

func TestAWorkspaceMovesThereAndBack(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, here, there *place) {
		stays, goes := here.live(t, "a@example.com"), here.live(t, "b@example.com")
		there.Secrets, there.keys = here.Secrets, here.keys // so that not one byte differs
		p := archive.MoveParams{Workspaces: []desk.ID{goes}, SameKey: true}
		before, other := here.dump(t, goes), here.dump(t, stays)
		moved, err := archive.Move(t.Context(), here.Place, there.Place, p)
		if err != nil {
			t.Fatal(err)
		}
		if len(moved) != 1 || moved[0].From.Rows() < 500 || moved[0].Files.Count == 0 || moved[0].From.Positions[goes] == 0 {
			t.Errorf("%+v", moved)
		}
		if after := there.dump(t, goes); after != before {
			t.Errorf("it changed on the way: %s", difference(before, after))
		}
		if after := here.dump(t, stays); after != other {
			t.Errorf("the other workspace changed: %s", difference(other, after))
		}
		if n := count(t, here, "messages", goes); n > 0 {
			t.Errorf("%d messages are still where they were", n)
		}
		if _, err := archive.Move(t.Context(), there.Place, here.Place, p); err != nil {
			t.Fatal(err)
		}
		if after := here.dump(t, goes); after != before {
			t.Errorf("it came back changed: %s", difference(before, after))
		}
	})
}

func count(t *testing.T, p *place, table string, workspace desk.ID) (n int64) {
	t.Helper()
	err := p.Snapshot(t.Context(), func(s store.Snapshot) (err error) {
		n, err = s.Count(table, workspace)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func TestAMoveSealsAnew(t *testing.T) {
	t.Parallel()
	here, there := sqlitePlace(t), sqlitePlace(t)
	w := here.live(t, "a@example.com")
	if _, err := archive.Move(t.Context(), here.Place, there.Place, archive.MoveParams{}); err != nil {
		t.Fatal(err)
	}
	if got := there.secrets(t, w)[channel.SecretIdentify]; got != "しーっ" {
		t.Errorf("the secret reads %q", got)
	}
}

// A move that ended after the other place had everything, and before the source was emptied, goes on from there.
func TestAMoveMayBeRepeated(t *testing.T) {
	t.Parallel()
	here, there := sqlitePlace(t), sqlitePlace(t)
	w := here.live(t, "a@example.com")
	if _, err := archive.Move(t.Context(), here.Place, there.Place, archive.MoveParams{Keep: true}); err != nil {
		t.Fatal(err)
	}
	before := there.dump(t, w)
	moved, err := archive.Move(t.Context(), here.Place, there.Place, archive.MoveParams{})
	if err != nil || !moved[0].Already {
		t.Fatalf("%+v, %v", moved, err)
	}
	if after := there.dump(t, w); after != before {
		t.Error(difference(before, after))
	}
	if n := count(t, here, "workspaces", 0); n > 0 {
		t.Errorf("%d workspaces are still where they were", n)
	}
}

func TestAMoveIsRefused(t *testing.T) {
	t.Parallel()
	here, there := sqlitePlace(t), sqlitePlace(t)
	first, second := here.live(t, "a@example.com"), here.live(t, "b@example.com")
	there.live(t, "b@example.com") // set up on its own: the same person, and the id of the first workspace
	before, target := here.dump(t, 0), there.dump(t, 0)
	for code, ids := range map[string][]desk.ID{
		"workspace_there": {first}, "email_there": {second}, "workspace_not_found": {first, 4711},
	} {
		_, err := archive.Move(t.Context(), here.Place, there.Place, archive.MoveParams{Workspaces: ids})
		if desk.CodeOf(err) != code {
			t.Errorf("%v, not %s", err, code)
		}
		if here.dump(t, 0) != before || there.dump(t, 0) != target {
			t.Errorf("%s: something changed", code)
		}
	}
}

func TestAMoveThatIsStoppedChangesNothing(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, here, there *place) {
		here.live(t, "a@example.com")
		before := here.dump(t, 0)
		for range 2 { // and leaves nothing in the way of the next
			ctx, stop := context.WithCancel(t.Context())
			_, err := archive.Move(ctx, here.Place, there.Place, archive.MoveParams{Tell: func(s archive.Step) {
				if s.Doing == "files" {
					stop()
				}
			}})
			if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
			if err := there.Snapshot(t.Context(), func(store.Snapshot) error { return nil }); desk.CodeOf(err) != "database_missing" {
				t.Errorf("the other place: %v", err)
			}
			if here.dump(t, 0) != before {
				t.Error("something changed")
			}
		}
	})
}

// Somebody who writes to the source meanwhile keeps what they wrote.
func TestAMoveNoticesWriters(t *testing.T) {
	t.Parallel()
	here, there := sqlitePlace(t), sqlitePlace(t)
	w := here.live(t, "a@example.com")
	s := storetest.Open(t, here.config)
	written := false
	_, err := archive.Move(t.Context(), here.Place, there.Place, archive.MoveParams{Tell: func(archive.Step) {
		if written {
			return
		}
		written = true
		err := s.Update(t.Context(), w, func(tx store.Tx) error {
			return tx.WriteTags().Put(desk.Tag{ID: tx.NewID(), Name: "meanwhile", CreatedAt: tx.Now()})
		})
		if err != nil {
			t.Error(err)
		}
	}})
	if desk.CodeOf(err) != "source_changed" {
		t.Errorf("got %v", err)
	}
	if n := count(t, here, "workspaces", 0); n != 1 {
		t.Error("the source was emptied")
	}
}
