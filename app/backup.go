package app

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"madoguchi/archive"
	"madoguchi/blob"
	"madoguchi/desk"
)

// What the command line shows of backup, restore and move.
type (
	// Step is how far they have come.
	Step = archive.Step
	// Sums are what a desk holds, in numbers.
	Sums = archive.Sums
)

// BackupParams say where an archive goes and who may open it.
type BackupParams struct {
	To         string    // a file that does not exist yet; "-" = Out
	Out        io.Writer // standard output
	Passphrase string    // or
	Recipients []string  // age1…
	Tell       func(Step)
}

// Backed is what a backup wrote.
type Backed struct {
	Sums
	Bytes   int64  `json:"bytes"`    // of the archive
	KeyFile string `json:"key_file"` // fingerprint of the key file, which is not in it
}

// Backup writes the desk to one encrypted file while it serves. The file gets its name only when it is whole and flushed.
func Backup(ctx context.Context, c Config, p BackupParams) (b Backed, err error) {
	place, keys, err := c.place()
	if err != nil {
		return b, err
	}
	if keys != nil {
		b.KeyFile = keys.Fingerprint()
	}
	write := func(to io.Writer) error {
		counted := &counter{to: to}
		b.Sums, err = archive.Backup(ctx, place, counted, archive.BackupParams{
			Lock:    archive.Lock{Passphrase: p.Passphrase, Recipients: p.Recipients},
			Program: c.Version, KeyFile: b.KeyFile, Now: time.Now, Tell: p.Tell,
		})
		b.Bytes = counted.n
		return err
	}
	switch p.To {
	case "":
		err = desk.Invalid("to", "to_missing", "name the file to write, for example --to backup-2026-11-21.madoguchi; - is standard output")
	case "-":
		err = write(p.Out)
	default:
		err = writeWhole(p.To, write)
	}
	return b, err
}

// counter counts what goes through.
type counter struct {
	to io.Writer
	n  int64
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.to.Write(p)
	c.n += int64(n)
	return n, err
}

// leftoverAge is how long an unfinished file was not written to when its writer must have been killed.
const leftoverAge = time.Hour

// writeWhole writes a file that nobody but its owner may read, and gives it its name when it is whole and flushed; otherwise there is no
// file.
func writeWhole(path string, write func(io.Writer) error) (err error) {
	folder, name := filepath.Split(path)
	if folder == "" {
		folder = "."
	}
	if _, err := os.Lstat(path); err == nil {
		return desk.Invalid("to", "file_exists", "%s exists: name a new file, nothing is overwritten", path)
	}
	unfinished := "." + name + ".unfinished-"
	forgetLeftovers(folder, unfinished)
	f, err := os.CreateTemp(folder, unfinished+"*") // mode 0600
	if err != nil {
		return desk.Invalid("to", "file_unwritable", "%s cannot be written: %w", path, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(roomless(path, err), os.Remove(f.Name()))
		}
	}()
	err = write(f)
	if err == nil {
		err = f.Sync()
	}
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	return flushFolder(folder)
}

// roomless says of a full disk what to do.
func roomless(path string, err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) || desk.CodeOf(err) == blob.CodeDiskFull {
		return desk.Errorf(desk.KindUnavailable, "disk_full", "there is no room for %s: make room or write it elsewhere: %w", path, err)
	}
	return err
}

// forgetLeftovers removes what killed backups to the same name left.
func forgetLeftovers(folder, prefix string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return // the file's own creation will tell
	}
	for _, e := range entries {
		if info, err := e.Info(); err == nil && strings.HasPrefix(e.Name(), prefix) && time.Since(info.ModTime()) > leftoverAge {
			_ = os.Remove(filepath.Join(folder, e.Name()))
		}
	}
}

func flushFolder(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
