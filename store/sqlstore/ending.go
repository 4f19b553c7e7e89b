package sqlstore

import (
	"cmp"
	"fmt"
	"maps"
	"slices"

	"madoguchi/desk"
)

// news is what one workspace hears of a commit.
type news struct {
	workspace  desk.ID
	events     []desk.Event
	seq        int64
	deliveries bool
}

// end writes what transactions that commit together put off to their end: the views' counters, then the log. Both are
// hot rows, so they are held briefly, and always taken in the same order.
func end(run runner, done []*tx) ([]*news, error) {
	var all []*news
	sizes := map[counter]int64{}
	for _, t := range done {
		for c, by := range t.sizes {
			sizes[c] += by
		}
		if len(t.events) == 0 && !t.outgoing {
			continue
		}
		i := slices.IndexFunc(all, func(n *news) bool { return n.workspace == t.workspace })
		if i < 0 {
			i = len(all)
			all = append(all, &news{workspace: t.workspace})
		}
		all[i].events = append(all[i].events, t.events...)
		all[i].deliveries = all[i].deliveries || t.outgoing
	}
	if err := writeSizes(run, sizes); err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b *news) int { return cmp.Compare(a.workspace, b.workspace) })
	for _, n := range all {
		if err := n.write(run); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func writeSizes(run runner, sizes map[counter]int64) error {
	keys := slices.SortedFunc(maps.Keys(sizes), func(a, b counter) int {
		return cmp.Or(cmp.Compare(a.workspace, b.workspace), cmp.Compare(a.name, b.name), cmp.Compare(a.subject, b.subject))
	})
	for _, k := range keys {
		if sizes[k] == 0 {
			continue
		}
		args, err := bind([]any{k.workspace, k.name, k.subject, sizes[k]})
		if err != nil {
			return err
		}
		if err := run.later(sqlCounterAdd, args); err != nil {
			return fmt.Errorf("count: %w", err)
		}
	}
	return nil
}

// write appends the events to the log, as the last act before the commit.
func (n *news) write(run runner) error {
	if len(n.events) == 0 {
		return nil
	}
	args, err := bind([]any{n.workspace, len(n.events)})
	if err != nil {
		return err
	}
	if err := run.query(sqlEventAdvance, args, func(r row) error { return scan(r, &n.seq) }); err != nil {
		return fmt.Errorf("advance the log: %w", err)
	}
	for i, e := range n.events {
		args, err := bind(eventArgs(n.workspace, e, len(n.events)-1-i))
		if err != nil {
			return err
		}
		if err := run.later(sqlEventInsert, args); err != nil {
			return fmt.Errorf("append to the log: %w", err)
		}
	}
	return nil
}

func (s *Store) announce(all []*news) {
	if s.config.OnCommit == nil {
		return
	}
	for _, n := range all {
		s.config.OnCommit(n.workspace, n.seq, n.deliveries)
	}
}
