package inbound

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"madoguchi/desk"
)

// TestATurnFilesPeopleAbreastAndEachInOrder lets the first two people's requests wait for each other, and looks at the order of
// everybody's.
func TestATurnFilesPeopleAbreastAndEachInOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, filesAbreast)
}

func filesAbreast(t *testing.T) {
	about := [][]string{{"aki"}, {"ben"}, {"aki"}, {"ben", "chika"}, {"chika"}, {}, {"aki"}, {}}
	var mu sync.Mutex
	var filed []desk.ID
	busy := map[person]bool{}
	var both sync.WaitGroup
	both.Add(2)
	f := filer{
		read: func(_ context.Context, i item) (work, bool) {
			people := map[person]bool{}
			for _, name := range about[i.id] {
				people[person{id: name}] = true
			}
			if len(people) == 0 {
				people[person{}] = true
			}
			w := work{people: people}
			w.raw.ID = i.id
			return w, i.id != 7
		},
		file: func(_ context.Context, w work) {
			mu.Lock()
			filed = append(filed, w.raw.ID)
			for p := range w.people {
				if busy[p] {
					t.Errorf("%v is in hand twice", p)
				}
				busy[p] = true
			}
			mu.Unlock()
			if w.raw.ID < 2 {
				both.Done()
				both.Wait()
			}
			mu.Lock()
			defer mu.Unlock()
			for p := range w.people {
				delete(busy, p)
			}
		},
	}
	var items []item
	for id := range about {
		items = append(items, item{id: desk.ID(id)})
	}
	f.turn(t.Context(), items)
	for _, of := range [][]desk.ID{{0, 2, 6}, {1, 3}, {3, 4}, {5}} {
		seen := slices.DeleteFunc(slices.Clone(filed), func(id desk.ID) bool { return !slices.Contains(of, id) })
		if fmt.Sprint(seen) != fmt.Sprint(of) {
			t.Errorf("%v was filed as %v", of, seen)
		}
	}
	if len(filed) != 7 {
		t.Errorf("filed %v", filed)
	}
}
