package storetest_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// When the database drops every connection under load, each caller hears whether its update happened or that nobody
// knows; what was acknowledged is there once, what was refused is not, and the store goes on.
func TestALostConnectionIsNeverAWrongAnswer(t *testing.T) {
	t.Parallel()
	storetest.OnPostgres(t, func(t *testing.T, c config) { // SQLite has no connection to lose
		w := newWorld(t, storetest.Open(t, c))
		const writers, rounds = 16, 40
		var mu sync.Mutex
		answers := map[string]error{}
		together(writers, func(i int) error {
			for round := range rounds {
				name := fmt.Sprint(i, "-", round)
				err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error {
					return tx.WriteTags().Put(desk.Tag{ID: tx.NewID(), Name: name})
				})
				mu.Lock()
				answers[name] = err
				mu.Unlock()
				if round%10 == 5 && i == 0 {
					dropConnections(t, c.URL)
				}
			}
			return nil
		})
		stored := map[string]bool{}
		view(t, w.s, w.workspace, func(r store.Reader) error {
			tags, err := r.Tags().List()
			for _, tag := range tags {
				stored[tag.Name] = true
			}
			return err
		})
		refused := 0
		for name, err := range answers {
			switch desk.KindOf(err) {
			case "":
				equal(t, stored[name], true)
			case desk.KindUnavailable:
				equal(t, stored[name], false)
				refused++
			case desk.KindUncertain:
				refused++
			default:
				t.Errorf("update %s: %v", name, err)
			}
		}
		t.Logf("%d of %d updates were refused or uncertain", refused, len(answers))
	})
}

func dropConnections(t *testing.T, url string) {
	conn, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Errorf("connect: %v", err)
		return
	}
	defer conn.Close(t.Context())
	_, err = conn.Exec(t.Context(), `SELECT pg_terminate_backend(a.pid) FROM pg_stat_activity a JOIN pg_locks l ON l.pid = a.pid
		JOIN pg_class c ON c.oid = l.relation JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE a.pid <> pg_backend_pid() AND n.nspname = current_schema()`)
	if err != nil {
		t.Errorf("drop connections: %v", err)
	}
}
