package archive

import (
	"context"
	"fmt"
	"slices"

	"madoguchi/blob"
	"madoguchi/desk"
	"madoguchi/store"
)

// MoveParams describe a move.
type MoveParams struct {
	Workspaces []desk.ID // empty = all of them
	SharedBlob bool      // both places keep their files in the same store
	SameKey    bool      // both places seal under the same key file
	Keep       bool      // leave the records where they were, too
	Tell       Progress
}

// Moved is what a move did with one workspace: the sums of both sides, which agree.
type Moved struct {
	Workspace desk.ID
	From, To  Sums
	Files     FileSum // copied
	People    int64   // users who were in the other place already, and stayed as they were there
	Already   bool    // an earlier attempt had brought it

	known map[int64]bool // those people
}

// Move takes workspaces from one place to another: ids, event positions and files stay what they are, secrets are sealed anew
// where the key file is another. Everything is written in one transaction, read again and compared with the source; only
// then it is committed, and only then taken away from the source. It may be run again after any failure.
//
// Nobody may write to the source meanwhile. "workspace_there" (conflict) where the other place has a workspace already with other
// content, "email_there" (conflict) where it knows one of the people under another id.
func Move(ctx context.Context, from, to Place, p MoveParams) ([]Moved, error) {
	var all []Moved
	err := from.Snapshot(ctx, func(source store.Snapshot) error {
		workspaces, err := chosen(source, p.Workspaces)
		if err != nil {
			return err
		}
		return to.Fill(ctx, 0, func(target store.Filler) error {
			if source.Schema() != target.Schema() {
				return desk.Errorf(desk.KindConflict, "schema_differs", "the two places have schemas %d and %d: migrate both first", source.Schema(), target.Schema())
			}
			all = nil
			for _, w := range workspaces {
				m := &mover{ctx: ctx, from: from, to: to, source: source, target: target, p: p, moved: Moved{Workspace: w}}
				if err := m.move(); err != nil {
					return fmt.Errorf("workspace %d: %w", w, err)
				}
				all = append(all, m.moved)
			}
			return nil
		})
	})
	if err != nil {
		return nil, fmt.Errorf("move: %w", err)
	}
	if p.Keep {
		return all, nil
	}
	if err := takeAway(ctx, from, all, p); err != nil {
		return all, fmt.Errorf("the workspaces have arrived, but stay where they were as well: %w", err)
	}
	return all, nil
}

// chosen are the workspaces to move, all if none is named.
func chosen(s store.Snapshot, named []desk.ID) ([]desk.ID, error) {
	var all []desk.ID
	table := tableOf(s, "workspaces")
	err := s.Rows(table.Name, 0, func(r store.Row) error {
		id, _ := r[table.Column("id")].(int64)
		all = append(all, desk.ID(id))
		return nil
	})
	if err != nil {
		return nil, err
	}
	for _, w := range named {
		if !slices.Contains(all, w) {
			return nil, desk.Errorf(desk.KindNotFound, "workspace_not_found", "there is no workspace %d to move", w)
		}
	}
	if len(all) == 0 {
		return nil, desk.Errorf(desk.KindNotFound, "workspace_not_found", "there is no workspace to move")
	}
	if len(named) > 0 {
		return named, nil
	}
	return all, nil
}

func tableOf(s store.Snapshot, name string) store.Table {
	for _, t := range s.Tables() {
		if t.Name == name {
			return t
		}
	}
	return store.Table{Name: name}
}

// mover moves one workspace.
type mover struct {
	ctx            context.Context
	from, to       Place
	source         store.Snapshot
	target         store.Filler
	p              MoveParams
	moved          Moved
	known          map[int64]bool // = moved.known
	done, of, size int64
}

// batch is how many rows are written at a time.
const batch = 500

func (m *mover) move() error {
	there, err := m.target.Count("workspaces", m.moved.Workspace)
	if err != nil {
		return err
	}
	if err := m.people(); desk.CodeOf(err) == "email_there" && there > 0 {
		return workspaceThere(err)
	} else if err != nil {
		return err
	}
	for _, t := range m.source.Tables() {
		n, err := m.source.Count(t.Name, m.moved.Workspace)
		if err != nil {
			return err
		}
		m.of += n
	}
	m.moved.Already = there > 0
	if m.moved.From, err = m.copy(); err != nil {
		return err
	}
	if m.moved.To, err = m.sums(m.target, "checking"); err != nil {
		return err
	}
	err = m.moved.From.compare(m.moved.To)
	if err != nil && m.moved.Already {
		return workspaceThere(err)
	}
	if err != nil {
		return desk.Errorf(desk.KindInternal, "copy_differs", "what was written does not read as it was: %w", err)
	}
	return m.files()
}

func workspaceThere(err error) error {
	return desk.Errorf(desk.KindConflict, "workspace_there", "the other place has a workspace of this id already, and not as it is here: %w", err)
}

// people finds the users whom the other place knows already: members of other workspaces, or brought by an earlier attempt.
func (m *mover) people() error {
	m.known = map[int64]bool{}
	m.moved.known = m.known
	users := tableOf(m.target, "users")
	id, email := users.Column("id"), users.Column("email")
	ids := map[any]any{}
	err := m.target.Rows(users.Name, 0, func(r store.Row) error {
		ids[r[email]] = r[id]
		return nil
	})
	if err != nil {
		return err
	}
	return m.source.Rows(users.Name, m.moved.Workspace, func(r store.Row) error {
		there, ok := ids[r[email]]
		switch {
		case !ok:
			return nil
		case there != r[id]:
			return desk.Errorf(desk.KindConflict, "email_there", "%s is somebody else's in the other place (user %v there, %v here): change the address in one of them first",
				r[email], there, r[id])
		}
		n, _ := r[id].(int64)
		m.known[n] = true
		m.moved.People++
		return nil
	})
}

// skips reports that a row is not ours to bring: a person who is there.
func (m *mover) skips(t store.Table, r store.Row) bool {
	id, _ := r[max(t.Column("id"), 0)].(int64)
	return t.Name == "users" && m.known[id]
}

// tally leaves out what differs where secrets are sealed anew.
func (m *mover) tally() *tally {
	t := newTally()
	if !m.p.SameKey {
		t.without = sealedApart()
	}
	return t
}

// copy writes the rows, unless an earlier attempt did, and adds them up.
func (m *mover) copy() (Sums, error) {
	sums := m.tally()
	for _, t := range m.source.Tables() {
		sums.begin(t)
		var rows []store.Row
		put := func() error {
			if len(rows) == 0 || m.moved.Already {
				rows = rows[:0]
				return nil
			}
			if !m.p.SameKey {
				if err := m.to.Secrets.reseal(t, rows, m.from.Secrets); err != nil {
					return err
				}
			}
			err := m.target.Put(t, rows)
			rows = rows[:0]
			return err
		}
		err := m.source.Rows(t.Name, m.moved.Workspace, func(r store.Row) error {
			if err := m.step(t.Name); err != nil || m.skips(t, r) {
				return err
			}
			line, err := sums.add(t, r)
			if err != nil {
				return err
			}
			m.size += int64(len(line))
			if rows = append(rows, r); len(rows) == batch {
				return put()
			}
			return nil
		})
		if err == nil {
			err = put()
		}
		if err != nil {
			return Sums{}, err
		}
	}
	return sums.sums()
}

// sums adds up what one side has of the workspace.
func (m *mover) sums(s store.Snapshot, doing string) (Sums, error) {
	sums := m.tally()
	m.done = 0
	for _, t := range m.source.Tables() {
		sums.begin(t)
		err := s.Rows(t.Name, m.moved.Workspace, func(r store.Row) error {
			if err := m.step(doing); err != nil || m.skips(t, r) {
				return err
			}
			_, err := sums.add(t, r)
			return err
		})
		if err != nil {
			return Sums{}, err
		}
	}
	return sums.sums()
}

func (m *mover) step(doing string) error {
	if m.done++; m.done%1000 == 0 {
		m.p.Tell.step(doing, m.done, m.of, m.size)
	}
	return m.ctx.Err()
}

// files copies the workspace's files, before anything is committed.
func (m *mover) files() error {
	if m.p.SharedBlob {
		return nil
	}
	return m.from.Blobs.Walk(m.ctx, func(i blob.Info) error {
		if i.Workspace != m.moved.Workspace {
			return nil
		}
		opened, info, err := m.from.Blobs.Open(m.ctx, i.Workspace, i.Key)
		if desk.CodeOf(err) == blob.CodeNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		defer opened.Close()
		if err := importFile(m.ctx, m.to.Blobs, File{i.Workspace, i.Key}, info.Size, stopping{m.ctx, opened}); err != nil {
			return err
		}
		m.moved.Files.Count++
		m.moved.Files.Bytes += info.Size
		m.p.Tell.step("files", m.moved.Files.Count, 0, m.moved.Files.Bytes)
		return nil
	})
}

// takeAway removes from the source what has arrived, if it still is as it was copied. Its files become orphans, which the source's
// sweep removes.
func takeAway(ctx context.Context, from Place, all []Moved, p MoveParams) error {
	return from.Fill(ctx, 0, func(source store.Filler) error {
		for _, moved := range all {
			m := &mover{ctx: ctx, source: source, p: p, moved: moved, known: moved.known}
			now, err := m.sums(source, "checking")
			if err != nil {
				return err
			}
			if err := moved.From.compare(now); err != nil {
				return desk.Errorf(desk.KindConflict, "source_changed", "somebody wrote to workspace %d meanwhile: %w", moved.Workspace, err)
			}
			if err := source.Remove(moved.Workspace); err != nil {
				return err
			}
		}
		return nil
	})
}
