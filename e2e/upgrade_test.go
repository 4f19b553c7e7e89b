package e2e_test

import (
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
	_ "modernc.org/sqlite"
)

// TestUpgradeFromTheFirstRelease takes a desk as the first release left it (testdata/first: its own set-up, seed and demo data, and a
// customer who wrote), and starts today's program on it: it copies an SQLite file first, migrates, and serves. Everybody's password, key
// and token go on, and every conversation reads as before.
func TestUpgradeFromTheFirstRelease(t *testing.T) {
	t.Parallel()
	t.Run("SQLite", func(t *testing.T) {
		t.Parallel()
		d, dump, token := firstRelease(t, "sqlite")
		path := filepath.Join(d.data(), "madoguchi.db")
		db, err := sql.Open("sqlite", path)
		if err != nil {
			t.Fatal(err)
		}
		_, err = db.ExecContext(t.Context(), dump)
		if closed := db.Close(); err != nil || closed != nil {
			t.Fatal(err, closed)
		}
		upgrade(t, d, token)
		copies, err := filepath.Glob(path + ".before-*")
		if err != nil || len(copies) != 1 {
			t.Fatalf("copies of the file as it was: %v, %v", copies, err)
		}
		// The copy is what the older program would go on with: the newer one upgrades it just the same.
		again := d.elsewhere(t)
		if err := os.Rename(copies[0], filepath.Join(again.data(), "madoguchi.db")); err != nil {
			t.Fatal(err)
		}
		upgrade(t, again, token)
	})
	t.Run("PostgreSQL", func(t *testing.T) {
		t.Parallel()
		p := newPostgres(t)
		d, dump, token := firstRelease(t, "postgres")
		d.args = append(d.args, "--database-url", p.url())
		conn, err := pgx.Connect(t.Context(), p.url())
		if err != nil {
			t.Fatal(err)
		}
		_, err = conn.PgConn().Exec(t.Context(), dump).ReadAll()
		if closed := conn.Close(t.Context()); err != nil || closed != nil {
			t.Fatal(err, closed)
		}
		upgrade(t, d, token)
	})
}

// firstRelease is a desk that is not there yet, the dump of its database, and a visitor's token.
func firstRelease(t *testing.T, database string) (d *desk, dump, token string) {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", "first", database+".sql.gz"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	unpacked, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(unpacked)
	if err != nil {
		t.Fatal(err)
	}
	people, err := os.ReadFile(filepath.Join("testdata", "first", database+".json"))
	if err != nil {
		t.Fatal(err)
	}
	d = &desk{t: t, listen: freeAddress(t), args: []string{"--data", t.TempDir()}}
	t.Cleanup(d.cleanUp)
	var visitor struct {
		Token string `json:"visitor_token"`
	}
	if err := json.Unmarshal(people, &d.setup); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(people, &visitor); err != nil {
		t.Fatal(err)
	}
	return d, string(text), visitor.Token
}

// upgrade starts the program, twice, and looks at everything.
func upgrade(t *testing.T, d *desk, token string) {
	t.Helper()
	d.start()
	customer := d.caller(patience)
	customer.bearer = token
	var before []message
	all := threads(t, d)
	for _, thread := range all {
		for _, m := range thread {
			if m.ClientID == "before-the-upgrade" && m.text() == "更新前のメッセージ" {
				before = thread
			}
		}
	}
	if len(all) < 20 || len(before) == 0 {
		t.Fatalf("%d conversations; the customer's reads %+v", len(all), before)
	}
	signIn := map[string]string{"email": "owner@example.com", "password": d.setup.Password}
	if err := (d.caller(patience)).do(t.Context(), http.MethodPost, "/api/v1/session", signIn, nil); err != nil {
		t.Errorf("sign in: %v", err)
	}
	m, err := customer.write(t.Context(), "after-the-upgrade", "更新後のメッセージ")
	if err != nil {
		t.Fatal(err)
	}
	if last := before[len(before)-1].Seq; m.Seq <= last {
		t.Errorf("the new message has seq %d after %d", m.Seq, last)
	}
	if _, err := d.agent().reply(t.Context(), before[0].ConversationID, fmt.Sprintf("reply-%d", m.ID), "はい"); err != nil {
		t.Errorf("reply: %v", err)
	}
	d.kill(syscall.SIGTERM)
	d.start() // migrated already
	if got, err := d.agent().thread(context.WithoutCancel(t.Context()), before[0].ConversationID); err != nil || len(got) < len(before)+2 {
		t.Errorf("%d messages after the restart, %d before the upgrade, %v", len(got), len(before), err)
	}
	d.kill(syscall.SIGTERM)
}
