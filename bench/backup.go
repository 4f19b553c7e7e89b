package main

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"madoguchi/blob/diskblob"
	"madoguchi/desk"
)

// backups is how fast a desk is backed up, checked, restored and moved to the other database: its records first, then its files.
func backups(ctx context.Context, b *bench) error {
	identity, recipient, err := b.identity(ctx)
	if err != nil {
		return err
	}
	for _, database := range b.databases() {
		m := &carrier{bench: b, database: database, identity: identity, recipient: recipient}
		if err := m.measure(ctx); err != nil {
			return fmt.Errorf("%s: %w", database, err)
		}
	}
	return nil
}

// identity makes the two files that lock and open archives, so that no time goes into a passphrase.
func (b *bench) identity(ctx context.Context) (file, recipient string, err error) {
	text, err := exec.CommandContext(ctx, b.binary, "backup", "identity").Output()
	if err != nil {
		return "", "", explain(err)
	}
	for word := range strings.FieldsSeq(string(text)) {
		if strings.HasPrefix(word, "age1") {
			recipient = word
		}
	}
	file = filepath.Join(b.scratch, "identity")
	return file, recipient, os.WriteFile(file, text, 0o600)
}

// carrier measures on one database.
type carrier struct {
	*bench
	database            string
	identity, recipient string
	desk                *served
}

// backed is what `madoguchi backup --json` prints.
type backed struct {
	Tables []struct {
		Rows int64 `json:"rows"`
	} `json:"tables"`
	Bytes int64 `json:"bytes"`
}

func (m *carrier) measure(ctx context.Context) (err error) {
	size := m.size(10_000, 200_000)
	if m.desk, err = m.seeded(ctx, m.database, size); err != nil {
		return err
	}
	archive := filepath.Join(m.scratch, "records-"+m.database)
	made, took, err := m.backup(ctx, archive)
	if err != nil {
		return err
	}
	rows := 0
	for _, t := range made.Tables {
		rows += int(t.Rows)
	}
	m.rate("backup", rows, took, fmt.Sprintf(", %.1f bytes each in the archive", float64(made.Bytes)/float64(rows)))
	if took, err = m.run(ctx, nil, "backup", "verify", "--from", archive, "--identity-file", m.identity); err != nil {
		return err
	}
	m.rate("check of the archive", rows, took, "")
	args, err := m.place(ctx, m.database)
	if err != nil {
		return err
	}
	if took, err = m.run(ctx, nil, append([]string{"restore", "--from", archive, "--identity-file", m.identity, "--without-key"}, args...)...); err != nil {
		return err
	}
	m.rate("restore, read again and compared", rows, took, "")
	if err := m.files(ctx, archive+"-files", rows); err != nil {
		return err
	}
	return os.Remove(archive)
}

// ran is the time of a command and the processor time of the whole stack.
type ran struct{ time, cpu time.Duration }

func (m *carrier) rate(what string, rows int, r ran, more string) {
	m.report.add(fmt.Sprintf("%s: %s of %d records", m.database, what, rows),
		fmt.Sprintf("%.0f/s, CPU %.1f µs each%s", float64(rows)/r.time.Seconds(), float64(r.cpu.Microseconds())/float64(rows), more), "")
}

// run runs the program; into takes its output as JSON, nil = none.
func (m *carrier) run(ctx context.Context, into any, args ...string) (r ran, err error) {
	before, began := m.desk.server.cpu(), time.Now()
	cmd := exec.CommandContext(ctx, m.binary, args...)
	out, err := cmd.Output()
	if err != nil {
		return r, explain(err)
	}
	r = ran{time.Since(began), cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime() + m.desk.server.cpu() - before}
	if into != nil {
		err = json.Unmarshal(out, into)
	}
	return r, err
}

func (m *carrier) backup(ctx context.Context, to string) (made backed, r ran, err error) {
	r, err = m.run(ctx, &made, append([]string{"backup", "--json", "--to", to, "--recipient", m.recipient}, m.desk.args()...)...)
	return made, r, err
}

// place is an empty place on a database.
func (m *carrier) place(ctx context.Context, database string) (args []string, err error) {
	folder, err := os.MkdirTemp(m.scratch, "restored-")
	if err != nil {
		return nil, err
	}
	args = []string{"--data", folder, "--log-level", "error"}
	if database == "PostgreSQL" {
		url, _, err := m.newDatabase(ctx)
		if err != nil {
			return nil, err
		}
		args = append(args, "--database-url", url)
	}
	return args, nil
}

// files adds files that do not compress and measures how much longer both take.
func (m *carrier) files(ctx context.Context, archive string, rows int) error {
	const each = 1 << 20
	count := m.size(64, 512)
	blobs, err := diskblob.Open(filepath.Join(m.desk.data, "files"))
	if err != nil {
		return err
	}
	for range count {
		ref, err := blobs.Put(ctx, desk.ID(1), io.LimitReader(rand.Reader, each), each)
		if err != nil {
			return err
		}
		defer func() { _ = blobs.Delete(ctx, desk.ID(1), ref.Key) }() // a desk that is kept stays as it was
	}
	_, wrote, err := m.backup(ctx, archive)
	if err != nil {
		return err
	}
	args, err := m.place(ctx, m.database)
	if err != nil {
		return err
	}
	read, err := m.run(ctx, nil, append([]string{"restore", "--from", archive, "--identity-file", m.identity, "--without-key"}, args...)...)
	if err != nil {
		return err
	}
	whole := func(r ran) string {
		return fmt.Sprintf("%s, CPU %s", r.time.Round(time.Millisecond), r.cpu.Round(time.Millisecond))
	}
	m.report.add(fmt.Sprintf("%s: backup of these records and %d MB of files", m.database, count), whole(wrote), "")
	m.report.add(fmt.Sprintf("%s: restore of both", m.database), whole(read), "")
	return os.Remove(archive)
}
