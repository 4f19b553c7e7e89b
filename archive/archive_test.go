package archive_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"madoguchi/account"
	"madoguchi/archive"
	"madoguchi/attachment"
	"madoguchi/auth/authtest"
	"madoguchi/blob"
	"madoguchi/blob/diskblob"
	"madoguchi/channel"
	"madoguchi/demo"
	"madoguchi/desk"
	"madoguchi/media"
	"madoguchi/seal"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// place is a desk of the test's own.
type place struct {
	archive.Place
	config sqlstore.Config
	keys   *seal.Keyring
}

func newPlace(t *testing.T, c sqlstore.Config) *place {
	t.Helper()
	blobs, err := diskblob.Open(filepath.Join(t.TempDir(), "files"))
	if err != nil {
		t.Fatal(err)
	}
	secret := make([]byte, seal.KeySize)
	_, _ = rand.Read(secret)
	keys, err := seal.NewKeyring(secret)
	if err != nil {
		t.Fatal(err)
	}
	c.Log = slog.New(slog.DiscardHandler)
	return &place{config: c, keys: keys, Place: archive.Place{
		Blobs: blobs, Secrets: archive.Secrets{Sealer: keys},
		Snapshot: func(ctx context.Context, fn func(store.Snapshot) error) error { return sqlstore.Snapshot(ctx, c, fn) },
		Fill: func(ctx context.Context, schema int64, fn func(store.Filler) error) error {
			return sqlstore.Fill(ctx, c, schema, fn)
		},
	}}
}

func sqlitePlace(t *testing.T) *place {
	return newPlace(t, sqlstore.Config{Path: filepath.Join(t.TempDir(), "madoguchi.db")})
}

// eachPair runs a test for a desk on each database, and another place on each.
func eachPair(t *testing.T, test func(t *testing.T, from, to *place)) {
	t.Helper()
	storetest.EachBare(t, func(t *testing.T, kind sqlstore.Config) {
		storetest.EachBare(t, func(t *testing.T, to sqlstore.Config) {
			from := sqlstore.Config{Path: filepath.Join(t.TempDir(), "from.db")}
			if kind.URL != "" {
				from = sqlstore.Config{URL: storetest.NewDatabase(t)}
			}
			test(t, newPlace(t, from), newPlace(t, to))
		})
	})
}

func (p *place) open(t *testing.T) *sqlstore.Store { return storetest.Open(t, p.config) }

const password = "correct horse battery"

func accounts(s store.Store) *account.Service {
	return account.New(account.Config{Store: s, Passwords: authtest.Passwords(), Log: slog.New(slog.DiscardHandler)})
}

// live makes a desk with a bit of everything; each further call on a place adds a workspace.
func (p *place) live(t *testing.T, email string) desk.ID {
	t.Helper()
	s, err := sqlstore.Open(t.Context(), p.config)
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	people := accounts(s)
	needed, err := people.SetupNeeded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	made, err := people.Setup(t.Context(), account.SetupParams{
		Workspace: "窓口 \"quoted\" \\ <b>", Email: email, Password: password, Locale: desk.LocaleJA, Zone: "Asia/Tokyo", Further: !needed, APIKey: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	keeper := &attachment.Keeper{Blobs: p.Blobs, Thumbnails: media.NewThumbnailer(1), MaxBytes: 1 << 20, Log: slog.New(slog.DiscardHandler)}
	if err := demo.Load(t.Context(), s, demo.Params{Workspace: made.WorkspaceID, By: made.User.ID, Locale: desk.LocaleJA, Keep: keeper.Keep}); err != nil {
		t.Fatal(err)
	}
	if err := demo.Seed(t.Context(), s, made.WorkspaceID, demo.SeedParams{Conversations: 30, Messages: 5}, func(int) {}); err != nil {
		t.Fatal(err)
	}
	err = s.Update(t.Context(), made.WorkspaceID, func(tx store.Tx) error {
		c, err := tx.Channels().Get(made.ChannelID)
		if err != nil {
			return err
		}
		if c.Secrets, err = channel.SealSecrets(p.keys, made.WorkspaceID, c.ID, map[string]string{channel.SecretIdentify: "しーっ"}); err != nil {
			return err
		}
		return tx.WriteChannels().Put(c)
	})
	if err != nil {
		t.Fatal(err)
	}
	p.audit(t, made.WorkspaceID)
	return made.WorkspaceID
}

// audit adds an entry to the audit log, which triggers guard.
func (p *place) audit(t *testing.T, workspace desk.ID) {
	t.Helper()
	err := p.Fill(t.Context(), 0, func(f store.Filler) error {
		for _, table := range f.Tables() {
			if table.Name != "audit_entries" {
				continue
			}
			entry := make(store.Row, len(table.Columns))
			for i, c := range table.Columns {
				entry[i] = map[store.ColumnKind]any{store.ColumnInteger: int64(1), store.ColumnText: "x", store.ColumnBytes: []byte{0, 0xff}}[c.Kind]
			}
			entry[table.Column("workspace_id")], entry[table.Column("seq")] = int64(workspace), int64(1<<40)
			return f.Put(table, []store.Row{entry})
		}
		return errors.New("there is no audit log")
	})
	if err != nil {
		t.Fatal(err)
	}
}

// dump is everything a place holds of a workspace (0 = of all) as text: what must not change on the way.
func (p *place) dump(t *testing.T, workspace desk.ID) string {
	t.Helper()
	var all strings.Builder
	err := p.Snapshot(t.Context(), func(s store.Snapshot) error {
		for _, table := range s.Tables() {
			err := s.Rows(table.Name, workspace, func(r store.Row) error {
				fmt.Fprintf(&all, "%s %q\n", table.Name, r)
				return nil
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	err = p.Blobs.Walk(t.Context(), func(i blob.Info) error {
		if workspace != 0 && i.Workspace != workspace {
			return nil
		}
		f, _, err := p.Blobs.Open(t.Context(), i.Workspace, i.Key)
		if err != nil {
			return err
		}
		defer f.Close()
		content, err := io.ReadAll(f)
		fmt.Fprintf(&all, "file %d/%s %x\n", i.Workspace, i.Key, content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

// lock and key of the tests' archives; a passphrase takes a second each time.
func pair(t *testing.T) (archive.Lock, func() archive.Key) {
	t.Helper()
	identity, recipient, err := archive.NewIdentity()
	if err != nil {
		t.Fatal(err)
	}
	return archive.Lock{Recipients: []string{recipient}}, func() archive.Key { return archive.Key{Identities: strings.NewReader(identity)} }
}

func params(l archive.Lock) archive.BackupParams {
	return archive.BackupParams{Lock: l, Program: "test", Now: time.Now}
}

func TestABackupRestoresOnEitherDatabase(t *testing.T) {
	t.Parallel()
	eachPair(t, func(t *testing.T, from, to *place) {
		from.live(t, "a@example.com")
		from.live(t, "b@example.com")
		lock, key := pair(t)
		var file bytes.Buffer
		wrote, err := archive.Backup(t.Context(), from.Place, &file, params(lock))
		if err != nil {
			t.Fatal(err)
		}
		if wrote.Rows() < 1000 || wrote.Files.Count == 0 || len(wrote.Positions) != 2 || len(wrote.Missing) > 0 {
			t.Errorf("%d rows, %d files, positions %v, missing %v", wrote.Rows(), wrote.Files.Count, wrote.Positions, wrote.Missing)
		}
		for what, do := range map[string]func(*archive.Reader) (archive.Sums, error){
			"verify": func(r *archive.Reader) (archive.Sums, error) { return archive.Verify(t.Context(), r, nil) },
			"restore": func(r *archive.Reader) (archive.Sums, error) {
				to.Secrets = from.Secrets
				return archive.Restore(t.Context(), r, to.Place, nil)
			},
		} {
			r, err := archive.Open(t.Context(), bytes.NewReader(file.Bytes()), key())
			if err != nil {
				t.Fatal(err)
			}
			read, err := do(r)
			r.Close()
			if err != nil {
				t.Fatalf("%s: %v", what, err)
			}
			if fmt.Sprint(read) != fmt.Sprint(wrote) {
				t.Errorf("%s: %v, not %v", what, read, wrote)
			}
		}
		if a, b := from.dump(t, 0), to.dump(t, 0); a != b {
			t.Errorf("the copy differs: %s", difference(a, b))
		}
		s := to.open(t)
		if _, _, err := accounts(s).SignIn(t.Context(), "a@example.com", password, 0, account.Browser{IP: netip.MustParseAddr("127.0.0.1")}); err != nil {
			t.Errorf("sign in: %v", err)
		}
		r, err := archive.Open(t.Context(), bytes.NewReader(file.Bytes()), key())
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		if _, err := archive.Restore(t.Context(), r, to.Place, nil); desk.CodeOf(err) != "place_taken" {
			t.Errorf("a second restore: %v", err)
		}
	})
}

// difference is the first line in which two dumps differ.
func difference(a, b string) string {
	x, y := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(x), len(y)) {
		if x[i] != y[i] {
			return fmt.Sprintf("line %d:\n%.400s\n%.400s", i, x[i], y[i])
		}
	}
	return fmt.Sprintf("%d lines, %d lines", len(x), len(y))
}

// restore puts an archive into a new SQLite place.
func restore(t *testing.T, file []byte, k archive.Key, to *place) error {
	t.Helper()
	r, err := archive.Open(t.Context(), bytes.NewReader(file), k)
	if err != nil {
		return err
	}
	defer r.Close()
	_, err = archive.Restore(t.Context(), r, to.Place, nil)
	return err
}

func TestADamagedArchiveIsRefusedAndLeavesNothing(t *testing.T) {
	t.Parallel()
	from := sqlitePlace(t)
	from.live(t, "a@example.com")
	lock, key := pair(t)
	var file bytes.Buffer
	if _, err := archive.Backup(t.Context(), from.Place, &file, params(lock)); err != nil {
		t.Fatal(err)
	}
	whole := file.Bytes()
	to := sqlitePlace(t)
	to.Secrets = from.Secrets
	refuse := func(what string, damaged []byte, k archive.Key, codes string) {
		t.Helper()
		err := restore(t, damaged, k, to)
		if err == nil || !strings.Contains(codes, desk.CodeOf(err)) || desk.KindOf(err) != desk.KindInvalid {
			t.Fatalf("%s: %v", what, err)
		}
		if err := to.Snapshot(t.Context(), func(store.Snapshot) error { return nil }); desk.CodeOf(err) != "database_missing" {
			t.Fatalf("%s: there is a database now: %v", what, err)
		}
	}
	for i := range 40 {
		at := i * len(whole) / 40
		flipped := bytes.Clone(whole)
		flipped[at] ^= 1
		refuse(fmt.Sprintf("byte %d of %d changed", at, len(whole)), flipped, key(), "archive_damaged archive_foreign archive_locked")
		refuse(fmt.Sprintf("cut to %d of %d bytes", at, len(whole)), whole[:at], key(), "archive_damaged archive_foreign")
	}
	refuse("the last byte is missing", whole[:len(whole)-1], key(), "archive_damaged")
	refuse("a byte too many", append(bytes.Clone(whole), 0), key(), "archive_damaged")
	_, other := pair(t)
	refuse("somebody else's key", whole, other(), "archive_locked")
	refuse("no key", whole, archive.Key{}, "key_missing")
	refuse("nonsense for a key", whole, archive.Key{Identities: strings.NewReader("AGE-SECRET-KEY-1NONSENSE")}, "identity_invalid")
	to.Secrets = sqlitePlace(t).Secrets
	refuse("another key file", whole, key(), "key_file_wrong")
	to.Secrets = from.Secrets
	if err := restore(t, whole, key(), to); err != nil {
		t.Errorf("the archive itself: %v", err)
	}
}

func TestALockIsAsked(t *testing.T) {
	t.Parallel()
	for code, l := range map[string]archive.Lock{
		"lock_missing":      {},
		"passphrase_short":  {Passphrase: "short"},
		"recipient_invalid": {Recipients: []string{"age1nonsense"}},
		"lock_ambiguous":    {Passphrase: "long enough for anybody", Recipients: []string{"age1"}},
	} {
		var file bytes.Buffer
		if _, err := archive.Backup(t.Context(), archive.Place{}, &file, params(l)); desk.CodeOf(err) != code || file.Len() > 0 {
			t.Errorf("%v, not %s, and %d bytes", err, code, file.Len())
		}
	}
}

func TestAPassphraseOpens(t *testing.T) {
	t.Parallel()
	from, to := sqlitePlace(t), sqlitePlace(t)
	from.live(t, "a@example.com")
	to.Secrets = from.Secrets
	var file bytes.Buffer
	if _, err := archive.Backup(t.Context(), from.Place, &file, params(archive.Lock{Passphrase: password}.Quickly())); err != nil {
		t.Fatal(err)
	}
	if bytes.Contains(file.Bytes(), []byte("example.com")) {
		t.Error("the archive can be read")
	}
	if err := restore(t, file.Bytes(), archive.Key{Passphrase: password + "!"}, to); desk.CodeOf(err) != "archive_locked" {
		t.Errorf("a wrong passphrase: %v", err)
	}
	if err := restore(t, file.Bytes(), archive.Key{Passphrase: password}, to); err != nil {
		t.Error(err)
	}
}

var errFull = errors.New("no space left")

// full takes some bytes.
type full struct{ left int }

func (f *full) Write(p []byte) (int, error) {
	if f.left -= len(p); f.left < 0 {
		return 0, errFull
	}
	return len(p), nil
}

func TestABackupThatFailsSaysSo(t *testing.T) {
	t.Parallel()
	from := sqlitePlace(t)
	from.live(t, "a@example.com")
	lock, _ := pair(t)
	for _, room := range []int{0, 100, 5000, 50_000} {
		if _, err := archive.Backup(t.Context(), from.Place, &full{room}, params(lock)); !errors.Is(err, errFull) {
			t.Errorf("with room for %d bytes: %v", room, err)
		}
	}
	ctx, stop := context.WithCancel(t.Context())
	p := params(lock)
	p.Tell = func(archive.Step) { stop() }
	if _, err := archive.Backup(ctx, from.Place, io.Discard, p); !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}
	if _, err := archive.Backup(t.Context(), sqlitePlace(t).Place, io.Discard, params(lock)); desk.CodeOf(err) != "database_missing" {
		t.Errorf("nothing there: %v", err)
	}
}

// A file that rows name and that is gone is damage that was there before: the rest is kept, and the report says so.
func TestAMissingFileIsReported(t *testing.T) {
	t.Parallel()
	from, to := sqlitePlace(t), sqlitePlace(t)
	workspace := from.live(t, "a@example.com")
	to.Secrets = from.Secrets
	var gone string
	err := from.Blobs.Walk(t.Context(), func(i blob.Info) error {
		gone = i.Key
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if err := from.Blobs.Delete(t.Context(), workspace, gone); err != nil {
		t.Fatal(err)
	}
	lock, key := pair(t)
	var file bytes.Buffer
	sums, err := archive.Backup(t.Context(), from.Place, &file, params(lock))
	if err != nil {
		t.Fatal(err)
	}
	if len(sums.Missing) != 1 || sums.Missing[0] != (archive.File{Workspace: workspace, Key: gone}) {
		t.Errorf("missing: %v", sums.Missing)
	}
	if err := restore(t, file.Bytes(), key(), to); err != nil {
		t.Error(err)
	}
}
