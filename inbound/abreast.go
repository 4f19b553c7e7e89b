package inbound

import (
	"context"
	"sync"

	"madoguchi/channel"
)

// abreast is how many requests of a channel are filed side by side at most. They share commits.
const abreast = 32

// person is somebody as a provider's account knows them; the zero value stands for whatever names nobody.
type person struct{ account, scope, id string }

// turn files requests, oldest first; such as are about different people side by side.
func (f *filer) turn(ctx context.Context, items []item) {
	found := make([]*work, len(items))
	together(len(items), func(n int) {
		if w, ok := f.read(ctx, items[n]); ok {
			found[n] = &w
		}
	})
	var wave []work
	met := map[person]bool{}
	for _, w := range found {
		if w == nil {
			continue
		}
		if w.meets(met) {
			together(len(wave), func(n int) { f.file(ctx, wave[n]) })
			wave = nil
			clear(met)
		}
		for p := range w.people {
			met[p] = true
		}
		wave = append(wave, *w)
	}
	together(len(wave), func(n int) { f.file(ctx, wave[n]) })
}

// together does n things side by side and waits for them all.
func together(n int, do func(n int)) {
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() { do(i) })
	}
	all.Wait()
}

// meets reports whether somebody whom the request is about is among others.
func (w *work) meets(others map[person]bool) bool {
	for p := range w.people {
		if others[p] {
			return true
		}
	}
	return false
}

// peopleIn are those whom results are about.
func peopleIn(results []channel.Result) map[person]bool {
	people := map[person]bool{}
	for _, r := range results {
		named := peersOf(r)
		if len(named) == 0 {
			people[person{account: r.Account}] = true
		}
		for _, p := range named {
			people[person{r.Account, p.Scope, p.ExternalID}] = true
			if p.Alias != "" {
				people[person{r.Account, p.Scope, p.Alias}] = true
			}
		}
	}
	return people
}

// peersOf are whom one result names.
func peersOf(r channel.Result) []channel.Peer {
	switch {
	case r.Message != nil:
		return []channel.Peer{r.Message.Peer}
	case r.Echo != nil:
		return []channel.Peer{r.Echo.Peer}
	case r.Receipt != nil && r.Receipt.Peer != nil:
		return []channel.Peer{*r.Receipt.Peer}
	case r.Reaction != nil:
		return []channel.Peer{r.Reaction.Peer}
	case r.Edit != nil:
		return []channel.Peer{r.Edit.Peer}
	case r.Unsend != nil:
		return []channel.Peer{r.Unsend.Peer}
	case r.Standing != nil && r.Standing.To != nil:
		return []channel.Peer{r.Standing.Peer, *r.Standing.To}
	case r.Standing != nil:
		return []channel.Peer{r.Standing.Peer}
	}
	return nil
}
