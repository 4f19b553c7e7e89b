package audit_test

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"madoguchi/audit"
	"madoguchi/desk"
	"madoguchi/seal"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

const workspace desk.ID = 7

func ring(t *testing.T, key byte) *seal.Keyring {
	t.Helper()
	r, err := seal.NewKeyring(bytes.Repeat([]byte{key}, seal.KeySize))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// kept is a store with an audit log, and the database behind it for who means harm.
type kept struct {
	store.Store
	chainer *audit.Chainer
	keys    *seal.Keyring
	db      *sql.DB
	sqlite  bool
}

func each(t *testing.T, test func(t *testing.T, k *kept)) {
	t.Helper()
	storetest.EachConfig(t, func(t *testing.T, c sqlstore.Config) {
		s := storetest.Open(t, c)
		k := &kept{keys: ring(t, 1), sqlite: c.URL == ""}
		k.chainer = audit.NewChainer(s, k.keys, slog.New(slog.DiscardHandler))
		k.Store = audit.Watch(s, k.chainer.Noted)
		driver, address := "sqlite", c.Path
		if c.URL != "" {
			driver, address = "pgx", c.URL
		}
		var err error
		if k.db, err = sql.Open(driver, address); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { k.db.Close() })
		k.update(t, func(tx store.Tx) error {
			return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "窓口", Locale: "ja", Zone: "Asia/Tokyo", CreatedAt: tx.Now()})
		})
		test(t, k)
	})
}

func (k *kept) update(t *testing.T, fn func(store.Tx) error) {
	t.Helper()
	if err := k.Update(t.Context(), workspace, fn); err != nil {
		t.Fatal(err)
	}
}

func (k *kept) tag(t *testing.T, name string) (id desk.ID) {
	t.Helper()
	k.update(t, func(tx store.Tx) error {
		id = tx.NewID()
		return tx.WriteTags().Put(desk.Tag{ID: id, Name: name, CreatedAt: tx.Now()})
	})
	return id
}

func (k *kept) link(t *testing.T) {
	t.Helper()
	if err := k.chainer.LinkAll(t.Context()); err != nil {
		t.Fatal(err)
	}
}

func (k *kept) list(t *testing.T, q store.AuditQuery) (entries []desk.AuditEntry) {
	t.Helper()
	k.link(t)
	err := k.View(t.Context(), workspace, func(r store.Reader) (err error) {
		entries, _, err = r.Audit().List(q)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return entries
}

func (k *kept) verify(t *testing.T) audit.Verdict {
	t.Helper()
	v, err := audit.Verify(t.Context(), k.Store, k.keys, workspace)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// harm changes the database behind our back, the triggers out of the way.
func (k *kept) harm(t *testing.T, statements ...string) {
	t.Helper()
	drop := []string{"DROP TRIGGER audit_entries_stay ON audit_entries"}
	if k.sqlite {
		drop = []string{"DROP TRIGGER audit_entries_stay", "DROP TRIGGER audit_entries_remain"}
	}
	for _, s := range append(drop, statements...) {
		if _, err := k.db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

type caller audit.Origin

func (c caller) AuditOrigin() audit.Origin { return audit.Origin(c) }

func TestADeedIsNotedWithWhoWhereAndWhat(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k *kept) {
		id := k.tag(t, "返金")
		who := desk.Actor{Kind: desk.ActorUser, ID: 5}
		ctx := audit.With(t.Context(), caller{Actor: who, IP: "192.0.2.9", RequestID: "r1"})
		err := k.Update(ctx, workspace, func(tx store.Tx) error {
			return tx.WriteTags().Put(desk.Tag{ID: id, Name: "refund", CreatedAt: tx.Now()})
		})
		if err != nil {
			t.Fatal(err)
		}
		e := k.list(t, store.AuditQuery{ObjectKind: "tag"})[0]
		want := desk.AuditEntry{
			ID: e.ID, Seq: 3, At: e.At, Actor: who, IP: "192.0.2.9", Action: "tag.changed", Object: desk.AuditObject{Kind: "tag", ID: id, Name: "refund"},
			Changes: []desk.Change{{Field: "name", From: "返金", To: "refund"}}, RequestID: "r1", Hash: e.Hash,
		}
		if fmt.Sprint(e) != fmt.Sprint(want) || e.At.IsZero() {
			t.Errorf("got  %+v\nwant %+v", e, want)
		}
	})
}

func TestWhatIsRolledBackIsNotNoted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k *kept) {
		_ = k.Update(t.Context(), workspace, func(tx store.Tx) error {
			if err := tx.WriteTags().Put(desk.Tag{ID: tx.NewID(), Name: "no", CreatedAt: tx.Now()}); err != nil {
				return err
			}
			return desk.NotFound("anything")
		})
		if got := k.list(t, store.AuditQuery{ObjectKind: "tag"}); len(got) != 0 {
			t.Errorf("noted %+v", got)
		}
		k.update(t, func(tx store.Tx) error { // nothing changed: nothing noted
			w, err := tx.Workspaces().Current()
			if err != nil {
				return err
			}
			return tx.WriteWorkspaces().Put(w)
		})
		if got := k.list(t, store.AuditQuery{}); len(got) != 1 {
			t.Errorf("noted %+v", got)
		}
	})
}

func TestSecretsAreMasked(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k *kept) {
		k.update(t, func(tx store.Tx) error {
			brand := desk.Brand{ID: tx.NewID(), Name: "b", CreatedAt: tx.Now()}
			if err := tx.WriteWorkspaces().PutBrand(brand); err != nil {
				return err
			}
			ch := desk.Channel{ID: 9, BrandID: brand.ID, Kind: "webchat", Name: "c", Account: "a", State: desk.ChannelActive, Settings: []byte(`{"color":"red"}`), CreatedAt: tx.Now()}
			if err := tx.WriteChannels().Put(ch); err != nil {
				return err
			}
			ch.Secrets, ch.Settings = []byte("sealed-secret"), []byte(`{"color":"blue"}`)
			if err := tx.WriteChannels().Put(ch); err != nil {
				return err
			}
			ch.State = desk.ChannelDisabled
			return tx.WriteChannels().Put(ch)
		})
		got := k.list(t, store.AuditQuery{ObjectKind: "channel"})
		if text := fmt.Sprint(got); strings.Contains(text, "sealed") || !strings.Contains(text, desk.Masked) || !strings.Contains(text, `{settings.color "red" "blue"}`) {
			t.Errorf("noted %s", text)
		}
		if got[0].Action != "channel.disabled" || got[2].Action != "channel.created" {
			t.Errorf("called %s, %s", got[0].Action, got[2].Action)
		}
	})
}

func TestTheLogIsOnlyAddedTo(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k *kept) {
		k.tag(t, "a")
		k.link(t)
		for _, s := range []string{"UPDATE audit_entries SET ip = 'x'", "DELETE FROM audit_entries"} {
			if _, err := k.db.Exec(s); err == nil {
				t.Errorf("%s was let through", s)
			}
		}
		if v := k.verify(t); !v.Whole() || v.Entries != 2 {
			t.Errorf("%+v", v)
		}
	})
}

func TestTamperingIsFound(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		fault audit.Fault
		seq   int64
		harm  []string
	}{
		"changed":    {audit.FaultChanged, 3, []string{"UPDATE audit_entries SET action = 'tag.deleted' WHERE seq = 3"}},
		"backdated":  {audit.FaultChanged, 2, []string{"UPDATE audit_entries SET at = at - 1 WHERE seq = 2"}},
		"removed":    {audit.FaultMissing, 4, []string{"DELETE FROM audit_entries WHERE seq = 3"}},
		"first gone": {audit.FaultMissing, 2, []string{"DELETE FROM audit_entries WHERE seq = 1"}},
		"closed up":  {audit.FaultChanged, 3, []string{"DELETE FROM audit_entries WHERE seq = 3", "UPDATE audit_entries SET seq = 3 WHERE seq = 4"}},
		"reordered": {audit.FaultChanged, 2, []string{
			"UPDATE audit_entries SET seq = 99 WHERE seq = 2", "UPDATE audit_entries SET seq = 2 WHERE seq = 3", "UPDATE audit_entries SET seq = 3 WHERE seq = 99",
		}},
		"cut off":          {audit.FaultCutOff, 4, []string{"DELETE FROM audit_entries WHERE seq >= 4"}},
		"cut off smoothly": {audit.FaultCutOff, 3, []string{"DELETE FROM audit_entries WHERE seq >= 4", "UPDATE audit_heads SET seq = 3, hash = (SELECT hash FROM audit_entries WHERE seq = 3)"}},
		"all gone":         {audit.FaultCutOff, 1, []string{"DELETE FROM audit_entries"}},
		"seal gone":        {audit.FaultHead, 5, []string{"UPDATE audit_heads SET sealed = NULL"}},
		"added": {audit.FaultCutOff, 6, []string{
			"INSERT INTO audit_entries SELECT workspace_id, 6, id, at, actor_kind, actor_id, ip, action, object_kind, object_id, object_name, changes, request_id, hash FROM audit_entries WHERE seq = 5",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			each(t, func(t *testing.T, k *kept) {
				for i := range 4 {
					k.tag(t, fmt.Sprint(i))
				}
				k.link(t)
				if v := k.verify(t); !v.Whole() || v.Entries != 5 {
					t.Fatalf("before: %+v", v)
				}
				k.harm(t, c.harm...)
				if v := k.verify(t); v.Fault != c.fault || v.Seq != c.seq {
					t.Errorf("found %q at %d, want %q at %d", v.Fault, v.Seq, c.fault, c.seq)
				}
			})
		})
	}
}

// Who can write to the database, but does not have the key file, cannot make a chain of their own.
func TestAChainNeedsTheKey(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k *kept) {
		k.tag(t, "a")
		if err := audit.NewChainer(k.Store, ring(t, 2), slog.New(slog.DiscardHandler)).LinkAll(t.Context()); err != nil {
			t.Fatal(err)
		}
		if v := k.verify(t); v.Fault != audit.FaultHead {
			t.Errorf("%+v", v)
		}
	})
}

// Many write, many link: every deed is in the chain once, and the chain is whole.
func TestOneChainFromManyHands(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k *kept) {
		const writers, deeds = 8, 12
		stop, cancel := context.WithCancel(t.Context())
		var linking, writing sync.WaitGroup
		for range 3 {
			linking.Go(func() { _ = k.chainer.Run(stop) })
		}
		for w := range writers {
			writing.Go(func() {
				for d := range deeds {
					if err := k.Update(t.Context(), workspace, func(tx store.Tx) error {
						return tx.WriteTags().Put(desk.Tag{ID: tx.NewID(), Name: fmt.Sprint(w, "/", d), CreatedAt: tx.Now()})
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		writing.Wait()
		cancel()
		linking.Wait()
		k.link(t)
		if v := k.verify(t); !v.Whole() || v.Entries != writers*deeds+1 {
			t.Errorf("%+v", v)
		}
	})
}

func TestHeadsAreSealedAnew(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k *kept) {
		k.tag(t, "a")
		k.link(t)
		both, err := seal.NewKeyring(bytes.Repeat([]byte{3}, seal.KeySize), bytes.Repeat([]byte{1}, seal.KeySize))
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []int{1, 0} {
			done, err := audit.Reseal(t.Context(), k.Store, both, workspace, both.Stale)
			if err != nil || done != want {
				t.Errorf("sealed %d anew, want %d: %v", done, want, err)
			}
		}
		k.keys = ring(t, 3)
		if v := k.verify(t); !v.Whole() || v.Entries != 2 {
			t.Errorf("%+v", v)
		}
	})
}

func TestTheLogIsFiltered(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k *kept) {
		a, b := k.tag(t, "a"), k.tag(t, "b")
		k.update(t, func(tx store.Tx) error { return tx.WriteTags().Delete(a) })
		all := k.list(t, store.AuditQuery{})
		count := func(want int, q store.AuditQuery) {
			t.Helper()
			if got := k.list(t, q); len(got) != want {
				t.Errorf("%+v gives %d, want %d", q, len(got), want)
			}
		}
		count(4, store.AuditQuery{})
		count(3, store.AuditQuery{ObjectKind: "tag"})
		count(2, store.AuditQuery{ObjectID: a})
		count(1, store.AuditQuery{ObjectID: b})
		count(1, store.AuditQuery{Action: "tag.deleted"})
		count(4, store.AuditQuery{Actor: desk.Actor{Kind: desk.ActorSystem}})
		count(0, store.AuditQuery{Actor: desk.Actor{Kind: desk.ActorUser, ID: 1}})
		count(4, store.AuditQuery{Since: all[3].At})
		count(0, store.AuditQuery{Until: all[3].At})
		count(0, store.AuditQuery{Since: all[0].At.Add(time.Millisecond)})
		var seen []int64
		for q := (store.AuditQuery{Page: store.Page{Limit: 3}}); ; {
			var entries []desk.AuditEntry
			err := k.View(t.Context(), workspace, func(r store.Reader) (err error) {
				entries, q.Page.After, err = r.Audit().List(q)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range entries {
				seen = append(seen, e.Seq)
			}
			if q.Page.After == "" {
				break
			}
		}
		if fmt.Sprint(seen) != "[4 3 2 1]" {
			t.Errorf("page by page: %v", seen)
		}
	})
}

func TestTemplatesAreNoted(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, k *kept) {
		k.update(t, func(tx store.Tx) error {
			brand := desk.Brand{ID: tx.NewID(), Name: "b", CreatedAt: tx.Now()}
			if err := tx.WriteWorkspaces().PutBrand(brand); err != nil {
				return err
			}
			ch := desk.Channel{ID: 9, BrandID: brand.ID, Kind: "x", Name: "c", Account: "a", State: desk.ChannelActive, CreatedAt: tx.Now()}
			if err := tx.WriteChannels().Put(ch); err != nil {
				return err
			}
			found := desk.Template{ID: tx.NewID(), ChannelID: 9, Name: "found", Language: "ja", Status: "approved", UpdatedAt: tx.Now()}
			ours := desk.Template{ID: tx.NewID(), ChannelID: 9, Name: "ours", Language: "ja", Status: "pending", CreatedBy: 5, UpdatedAt: tx.Now()}
			for _, v := range []desk.Template{found, ours} {
				if err := tx.WriteTemplates().Put(v); err != nil {
					return err
				}
			}
			ours.Status = desk.TemplateDeleted
			return tx.WriteTemplates().Put(ours)
		})
		var actions []string
		for _, e := range k.list(t, store.AuditQuery{ObjectKind: "template"}) {
			actions = append(actions, string(e.Action)+" "+e.Object.Name)
		}
		slices.Sort(actions)
		if got := strings.Join(actions, ", "); got != "template.created ours, template.deleted ours" {
			t.Errorf("noted %s", got)
		}
	})
}
