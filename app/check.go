package app

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
	"syscall"

	"madoguchi/desk"
	"madoguchi/seal"
)

// check refuses values that could not work, before anything is opened.
func (c Config) check() error {
	switch {
	case c.MaxUploadBytes < 0:
		return desk.Invalid("max-upload-bytes", "setting_invalid", "%d is not a number of bytes, such as 26214400 (25 MiB)", c.MaxUploadBytes)
	case c.VisitorSockets < 0:
		return desk.Invalid("visitor-sockets", "setting_invalid", "%d is not a number of sockets, such as 1000; 0 = any number", c.VisitorSockets)
	case c.ShutdownGrace < 0:
		return desk.Invalid("shutdown-grace", "setting_invalid", "%s is not a length of time such as 10s", c.ShutdownGrace)
	}
	if _, err := c.mailServer(); err != nil {
		return err
	}
	return c.checkDatabase()
}

func (c Config) checkDatabase() error {
	if c.DatabaseURL != "" && !strings.HasPrefix(c.DatabaseURL, "postgres://") && !strings.HasPrefix(c.DatabaseURL, "postgresql://") {
		scheme, _, _ := strings.Cut(c.DatabaseURL, ":") // never the rest: it may hold a password
		return desk.Invalid("database-url", "database_url_invalid", "it begins with %q, not with postgres:// (as in postgres://user:password@host:5432/database); without it the desk keeps SQLite in the data folder", scheme)
	}
	return nil
}

// ready checks what every command that opens the desk needs.
func (c Config) ready() error {
	if err := c.checkDatabase(); err != nil {
		return err
	}
	return c.prepareData()
}

// unlistenable says what to write for an address that cannot be listened on.
func unlistenable(address string, err error) error {
	remedy := "an address is host:port, such as 127.0.0.1:8080 or :8080"
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		remedy = "another program listens there, perhaps another Madoguchi: stop it, or take another port"
	case errors.Is(err, syscall.EADDRNOTAVAIL):
		remedy = "this machine has no such address: take one of its own, or 0.0.0.0 for all of them"
	case errors.Is(err, fs.ErrPermission):
		remedy = "ports below 1024 need the right to take them (CAP_NET_BIND_SERVICE), or a proxy before the desk"
	}
	return desk.Invalid("listen", "listen_failed", "cannot listen on %q; %s: %w", address, remedy, err)
}

// prepareData makes the data folder and tries to write in it, so that a read-only or full disk is said at once.
func (c Config) prepareData() error {
	if c.Data == "" {
		return desk.Invalid("data", "data_missing", "name the folder of the database, the files and the key, for example --data data")
	}
	if err := os.MkdirAll(c.Data, 0o700); err != nil {
		return c.unwritable(err)
	}
	probe, err := os.CreateTemp(c.Data, ".probe-*")
	if err != nil {
		return c.unwritable(err)
	}
	defer os.Remove(probe.Name())
	_, err = probe.WriteString("probe")
	if err = errors.Join(err, probe.Close()); err != nil {
		return c.unwritable(err)
	}
	return nil
}

// unwritable says what to do about a data folder.
func (c Config) unwritable(err error) error {
	remedy := "name another folder"
	switch {
	case errors.Is(err, syscall.EROFS):
		remedy = "the disk is mounted read-only: mount it for writing (look for disk errors first), or name another folder"
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		remedy = "the disk is full: make room"
	case errors.Is(err, fs.ErrPermission):
		remedy = "give the folder to the user that the desk runs as, or name another"
	}
	return desk.Invalid("data", "data_unwritable", "cannot write in %s; %s: %w", c.Data, remedy, err)
}

// explainStorage says of a database that cannot be opened which setting it is about, and what to do.
func (c Config) explainStorage(err error) error {
	code := desk.CodeOf(err)
	switch {
	case err == nil || code == "schema_newer":
		return err
	case c.DatabaseURL != "" && (code == "database_unavailable" || code == "database_url_invalid"):
		return desk.Invalid("database-url", code, "the PostgreSQL server cannot be used; check that it runs, and the address, user, password and database: %w", err)
	case c.DatabaseURL != "":
		return err
	case strings.Contains(err.Error(), "file is not a database") || strings.Contains(err.Error(), "malformed"):
		return desk.Invalid("data", "database_damaged", "%s is damaged or no SQLite database: restore a backup into another folder: %w", c.path(databaseFile), err)
	case code == "database_unavailable" && strings.Contains(err.Error(), "readonly"):
		return desk.Invalid("data", "data_unwritable", "the database %s may not be written: give it to the user that the desk runs as: %w", c.path(databaseFile), err)
	}
	return err
}

// loadKeys reads the key file, which is made where there is none.
func (c Config) loadKeys() (*seal.Keyring, error) {
	keys, err := seal.LoadOrCreateKeyring(c.path(keyFile))
	return keys, c.explainKeys(err)
}

// explainKeys says what to do about a key file that cannot be used.
func (c Config) explainKeys(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, seal.ErrExposedKey):
		return desk.Invalid("data", "key_file_exposed", "others may read the key file: chmod 600 %s (and rotate the key if somebody has): %w", c.path(keyFile), err)
	}
	return desk.Invalid("data", "key_file_unreadable", "the key file cannot be used; bring back the copy that was kept apart: %w", err)
}

// Explain is an error as an operator should read it, on one line: what happened, and what to do where that is known. Where it
// is about a setting it begins with the flag.
func Explain(err error) string {
	if errors.Is(err, context.Canceled) {
		return "stopped before it was done"
	}
	text := err.Error()
	var e *desk.Error
	if errors.As(err, &e) && e.Field != "" {
		// What was being done comes before; the flag is what the reader looks for.
		if before, after, ok := strings.Cut(text, e.Field+": "); ok && (before == "" || strings.HasSuffix(before, ": ")) {
			text = "--" + e.Field + ": " + after
		} else {
			text = fmt.Sprintf("--%s: %s", e.Field, text)
		}
	}
	lines := strings.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' })
	for i, line := range lines {
		lines[i] = strings.TrimSpace(line)
	}
	return strings.Join(lines, "; ")
}
