package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"mime/multipart"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// command runs a subcommand of the binary to its end.
func command(t testing.TB, args ...string) (output string, err error) {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), path, args...).CombinedOutput()
	return string(out), err
}

func must(t testing.TB, args ...string) string {
	t.Helper()
	out, err := command(t, args...)
	if err != nil {
		t.Fatalf("madoguchi %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// lock makes the two files that open and lock archives; a passphrase would take a second each time.
func lock(t testing.TB) (identity, recipient string) {
	t.Helper()
	text := must(t, "backup", "identity")
	identity = filepath.Join(t.TempDir(), "identity")
	if err := os.WriteFile(identity, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	for word := range strings.FieldsSeq(text) {
		if strings.HasPrefix(word, "age1") {
			recipient = word
		}
	}
	return identity, recipient
}

// elsewhere is a desk like d on another machine: another folder, another port, another process, nothing but the archive and the key file.
func (d *desk) elsewhere(t testing.TB, args ...string) *desk {
	t.Helper()
	e := &desk{t: t, listen: freeAddress(t), args: append([]string{"--data", t.TempDir()}, args...), setup: d.setup}
	t.Cleanup(e.cleanUp)
	return e
}

func (d *desk) data() string { return d.args[1] }

// sendFile writes a message with a file and gives the file's id.
func (c *caller) sendFile(ctx context.Context, content string) (id int64, err error) {
	var form bytes.Buffer
	parts := multipart.NewWriter(&form)
	file, err := parts.CreateFormFile("file", "receipt.txt")
	if err != nil {
		return 0, err
	}
	_, _ = io.WriteString(file, content)
	_ = parts.Close()
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.node.Load().url("/widget/v1/uploads"), &form)
	if err != nil {
		return 0, err
	}
	request.Header.Set("Authorization", "Bearer "+c.bearer)
	request.Header.Set("Content-Type", parts.FormDataContentType())
	response, err := c.http.Do(request)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	var kept struct {
		ID int64 `json:"id"`
	}
	if err := json.NewDecoder(response.Body).Decode(&kept); err != nil || response.StatusCode != http.StatusCreated {
		return 0, fmt.Errorf("upload: %s, %w", response.Status, err)
	}
	return kept.ID, c.do(ctx, http.MethodPost, "/widget/v1/messages",
		map[string]any{"client_id": "file", "parts": []any{map[string]any{"kind": "file", "attachment_id": kept.ID}}}, nil)
}

// file downloads what a member sees.
func (c *caller) file(ctx context.Context, id int64) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.node.Load().url(fmt.Sprintf("/api/v1/files/%d", id)), nil)
	if err != nil {
		return "", err
	}
	request.Header.Set("Authorization", "Bearer "+c.bearer)
	response, err := c.http.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	return string(content), err
}

// TestBackupUnderLoadRestoresElsewhere backs a desk up while 64 customers write, on each database, and restores it on "another
// machine" on the other one: everything acknowledged before the backup began is there, nothing dangles, every conversation is a
// whole beginning of the one here, and the restored desk serves.
func TestBackupUnderLoadRestoresElsewhere(t *testing.T) {
	t.Parallel()
	p := newPostgres(t)
	onPostgres := []string{"--database-url", p.url()}
	t.Run("from SQLite to PostgreSQL", func(t *testing.T) { backupUnderLoad(t, nil, onPostgres) })
	if out, err := p.command("createdb", "-h", "127.0.0.1", "-p", p.port, "-U", "madoguchi", "second").CombinedOutput(); err != nil {
		t.Fatalf("createdb: %v\n%s", err, out)
	}
	second := []string{"--database-url", strings.Replace(p.url(), "/postgres?", "/second?", 1)}
	t.Run("from PostgreSQL to SQLite", func(t *testing.T) { backupUnderLoad(t, second, nil) })
}

func backupUnderLoad(t *testing.T, from, to []string) {
	identity, recipient := lock(t)
	d := newDesk(t, from...)
	d.start()
	l := newLoad(t, d, 64)
	const receipt = "領収書 No. 4711"
	sent, err := l.visitors[0].sendFile(t.Context(), receipt)
	if err != nil {
		t.Fatal(err)
	}
	talking, hush := context.WithCancel(t.Context())
	done := make(chan struct{})
	go func() {
		l.run(talking, t.Context())
		close(done)
	}()
	heard := func(n int64) {
		until := l.acked.Load() + n
		settle(t.Context(), t, "customers are heard", func() (bool, string) { return l.acked.Load() > until, "no acknowledgement" })
	}
	heard(300)
	l.mu.Lock()
	before := maps.Clone(l.heard)
	l.mu.Unlock()
	file := filepath.Join(t.TempDir(), "backup")
	args := append([]string{"backup", "--to", file, "--recipient", recipient}, d.args...)
	t.Log(must(t, args...))
	heard(100)
	hush()
	finish(t, done)
	l.verify(t)
	must(t, "backup", "verify", "--from", file, "--identity-file", identity)

	e := d.elsewhere(t, to...)
	args = append([]string{"restore", "--from", file, "--identity-file", identity, "--key", filepath.Join(d.data(), "key")}, e.args...)
	t.Log(must(t, args...))
	e.start()
	here, there := threads(t, d), threads(t, e)
	arrived := map[int64]message{}
	for _, restored := range there {
		for _, m := range restored {
			arrived[m.ID] = m
		}
	}
	lost := 0
	for id, m := range before {
		if got := arrived[m.ID]; got.ClientID != id || got.Seq != m.Seq {
			lost++
		}
	}
	if lost > 0 {
		t.Errorf("%d of %d messages acknowledged before the backup are not in it", lost, len(before))
	}
	for id, restored := range there {
		for i, m := range restored {
			if i >= len(here[id]) || here[id][i].ID != m.ID || m.Seq != int64(i+1) {
				t.Errorf("conversation %d is no beginning of the one here, at message %d", id, i+1)
				break
			}
		}
	}
	if got, err := e.agent().file(t.Context(), sent); err != nil || got != receipt {
		t.Errorf("the file reads %q, %v", got, err)
	}
	signIn := map[string]string{"email": "owner@example.com", "password": d.setup.Password}
	if err := e.caller(patience).do(t.Context(), http.MethodPost, "/api/v1/session", signIn, nil); err != nil {
		t.Errorf("sign in: %v", err)
	}
	// It goes on: old customers with the tokens they have, new ones, and the member.
	customer := e.caller(impatience)
	customer.bearer = l.visitors[0].bearer
	fresh, err := e.visitor(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for who, c := range map[string]*caller{"an old customer": customer, "a new one": fresh} {
		m, err := c.write(t.Context(), "after-the-restore", "まだここにいます")
		if err != nil {
			t.Fatalf("%s: %v", who, err)
		}
		for id, all := range threads(t, e) {
			if all[len(all)-1].ID != m.ID {
				continue
			}
			if reply, err := e.agent().reply(t.Context(), id, fmt.Sprintf("answer-%d", m.ID), "はい"); err != nil || reply.Seq <= m.Seq {
				t.Errorf("%s gets the answer %+v, %v", who, reply, err)
			}
		}
	}
}

// threads reads every conversation of a desk.
func threads(t testing.TB, d *desk) map[int64][]message {
	t.Helper()
	agent := d.agent()
	rows, err := agent.conversations(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	all := map[int64][]message{}
	for _, r := range rows {
		if all[r.ID], err = agent.thread(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
	}
	return all
}

// said are the threads without their quiet lines: what a desk does by itself once it serves (E15, say) is that desk's own.
func said(threads map[int64][]message) map[int64][]message {
	for id, thread := range threads {
		threads[id] = slices.DeleteFunc(thread, func(m message) bool { return m.Author.Kind == "system" })
	}
	return threads
}

// TestCrashDuringBackupRestoreAndMove kills each at random moments: what is there afterwards is nothing or everything, never half, and
// the next attempt succeeds.
func TestCrashDuringBackupRestoreAndMove(t *testing.T) {
	t.Parallel()
	identity, recipient := lock(t)
	d := newDesk(t)
	must(t, append([]string{"seed", "--conversations", "300", "--messages", "5", "--log-level", "error"}, d.args...)...)
	d.start() // makes the key file
	d.kill(syscall.SIGTERM)
	folder := t.TempDir()
	file := filepath.Join(folder, "backup")
	killed := 0
	// run kills a command, later each time, until it gets through; check says whether it got through in spite of its kill.
	run := func(check func(out string) (through bool), args ...string) {
		path, err := binary()
		if err != nil {
			t.Fatal(err)
		}
		for moment := 1; ; moment++ {
			cmd := exec.Command("timeout", append([]string{"--signal=KILL", fmt.Sprintf("%.3f", float64(moment*moment)*0.01), path}, args...)...)
			out, err := cmd.CombinedOutput()
			if err == nil {
				return
			}
			var exit *exec.ExitError
			if check(string(out)) {
				return
			}
			if !errors.As(err, &exit) || exit.Exited() && exit.ExitCode() != 137 {
				t.Fatalf("%s: %v\n%s", args[0], err, out)
			}
			killed++
		}
	}
	run(func(string) bool {
		_, err := os.Stat(file)
		return err == nil // it has its name only when it is whole, which the next command verifies: the kill came after that
	}, append([]string{"backup", "--to", file, "--recipient", recipient}, d.args...)...)
	must(t, "backup", "verify", "--from", file, "--identity-file", identity)

	e := d.elsewhere(t)
	database := filepath.Join(e.data(), "madoguchi.db")
	run(func(string) bool {
		_, err := os.Stat(database)
		return err == nil // likewise: what moved from it is compared below
	}, append([]string{"restore", "--from", file, "--identity-file", identity, "--key", filepath.Join(d.data(), "key")}, e.args...)...)

	f := d.elsewhere(t)
	run(func(out string) bool {
		return strings.Contains(out, "there is no workspace to move") // the last kill came after everything had moved
	}, "move", "--workspace", "all", "--from", e.data(), "--to", f.data(), "--log-level", "error")
	d.start()
	f.start()
	here, there := said(threads(t, d)), said(threads(t, f))
	if len(here) < 20 || fmt.Sprint(here) != fmt.Sprint(there) {
		t.Errorf("%d conversations arrived of %d, or they changed", len(there), len(here))
	}
	t.Logf("killed %d times", killed)
	if killed < 3 {
		t.Errorf("killed %d times only: the test proves little", killed)
	}
}
