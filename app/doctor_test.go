package app

import (
	"database/sql"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	_ "modernc.org/sqlite"

	"madoguchi/blob/diskblob"
	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
)

// TestTheDoctorSaysTheOneThingToMend breaks one thing at a time.
func TestTheDoctorSaysTheOneThingToMend(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		want  string // the code of the first finding, "" = healthy
		harm  func(t *testing.T, c *Config)
		sound bool // only a warning
	}{
		"nothing":        {"", func(*testing.T, *Config) {}, true},
		"no data":        {"configuration_broken", func(_ *testing.T, c *Config) { c.Data = filepath.Join(c.Data, "nowhere") }, false},
		"wrong database": {"configuration_broken", func(_ *testing.T, c *Config) { c.DatabaseURL = "mysql://x" }, false},
		"no database":    {"database_unreachable", func(_ *testing.T, c *Config) { c.DatabaseURL = "postgres://127.0.0.1:1/x?connect_timeout=1" }, false},
		"no key":         {"keys_missing", func(t *testing.T, c *Config) { must(t, os.Remove(c.path(keyFile))) }, false},
		"other key": {"keys_wrong", func(t *testing.T, c *Config) {
			must(t, os.WriteFile(c.path(keyFile), []byte(strings.Repeat("A", 43)+"=\n"), 0o600))
		}, false},
		"open key": {"keys_unreadable", func(t *testing.T, c *Config) { must(t, os.Chmod(c.path(keyFile), 0o644)) }, false},
		"audit": {"audit_changed", func(t *testing.T, c *Config) {
			onFile(t, c, "DROP TRIGGER audit_entries_stay", "UPDATE audit_entries SET action = 'x' WHERE seq = 2")
		}, false},
		"audit cut": {"audit_cut_off", func(t *testing.T, c *Config) {
			onFile(t, c, "DROP TRIGGER audit_entries_remain", "DELETE FROM audit_entries WHERE seq > 2")
		}, false},
		"secret": {"keys_shut", func(t *testing.T, c *Config) {
			onFile(t, c, "UPDATE channels SET secrets = x'0102' WHERE length(secrets) > 0")
		}, false},
		"stale":        {"keys_stale", func(t *testing.T, c *Config) { stale(t, c) }, true},
		"missing file": {"files_missing", func(t *testing.T, c *Config) { must(t, os.RemoveAll(c.path(blobFolder))) }, false},
		"damage":       {"database_damaged", damage, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			config := &Config{Data: t.TempDir(), LogLevel: "error"}
			t.Run("prepare", func(t *testing.T) { wellDesk(t, *config) }) // closed again when it ends
			c.harm(t, config)
			d, err := Doctor(t.Context(), *config, DoctorParams{Locale: desk.LocaleJA, Thorough: true})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if d.First != nil {
				got = d.First.Code
			}
			if got != c.want || d.Healthy() != c.sound {
				t.Errorf("first %q, healthy %v: %+v", got, d.Healthy(), d.Findings)
			}
			for _, f := range d.Findings {
				if strings.Contains(f.Text+f.Fix, "doctor.") || regexp.MustCompile(`\{[a-z]+\}`).MatchString(f.Text+f.Fix) || f.Severity != SeverityOK && f.Fix == "" {
					t.Errorf("no words for %+v", f)
				}
			}
		})
	}
}

// wellDesk is a desk with secrets, an audit chain and a file.
func wellDesk(t *testing.T, c Config) {
	s, _, workspace := sealedDesk(t, c)
	blobs, err := diskblob.Open(c.path(blobFolder))
	must(t, err)
	ref, err := blobs.Put(t.Context(), workspace, strings.NewReader("bytes"), 100)
	must(t, err)
	must(t, s.Update(t.Context(), workspace, func(tx store.Tx) error {
		members, err := tx.Members().List()
		if err != nil {
			return err
		}
		members[0].AvatarKey = ref.Key
		return tx.WriteMembers().Put(members[0])
	}))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func onFile(t *testing.T, c *Config, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite", c.path(databaseFile))
	must(t, err)
	defer db.Close()
	for _, s := range statements {
		_, err := db.Exec(s)
		must(t, err)
	}
}

// stale leaves a rotation that was cut short after the key file changed.
func stale(t *testing.T, c *Config) {
	t.Helper()
	fingerprint, err := AddKey(*c)
	must(t, err)
	text, err := os.ReadFile(c.path(keyFile))
	must(t, err)
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	must(t, os.WriteFile(c.path(keyFile), []byte(lines[1]+"\n"+lines[0]+"\n"), 0o600))
	if all, err := KeyFingerprints(*c); err != nil || all[0] != fingerprint {
		t.Fatalf("%v, %v", all, err)
	}
}

// damage overwrites the middle of the file.
func damage(t *testing.T, c *Config) {
	t.Helper()
	onFile(t, c, "PRAGMA wal_checkpoint(TRUNCATE)")
	f, err := os.OpenFile(c.path(databaseFile), os.O_RDWR, 0)
	must(t, err)
	defer f.Close()
	for page := int64(20); page < 60; page++ {
		_, err = f.WriteAt([]byte(strings.Repeat("x", 2000)), page*4096)
		must(t, err)
	}
}

func TestTheDoctorSpeaksBothLanguages(t *testing.T) {
	t.Parallel()
	c := Config{Data: t.TempDir(), LogLevel: "error"}
	t.Run("prepare", func(t *testing.T) { wellDesk(t, c) })
	seen := map[string]bool{}
	for _, l := range locale.Locales() {
		d, err := Doctor(t.Context(), c, DoctorParams{Locale: l})
		if err != nil || len(d.Findings) < 7 {
			t.Fatalf("%+v, %v", d, err)
		}
		seen[d.Findings[0].Text] = true
	}
	if len(seen) != 2 {
		t.Errorf("%v", seen)
	}
}
