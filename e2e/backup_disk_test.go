package e2e_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestDiskFullDuringBackupAndRestore lets the disk run out under both: one sentence says so, nothing half is left, and with room the
// same command succeeds.
func TestDiskFullDuringBackupAndRestore(t *testing.T) {
	t.Parallel()
	identity, recipient := lock(t)
	d := newDesk(t)
	must(t, append([]string{"seed", "--conversations", "2000", "--messages", "8", "--log-level", "error"}, d.args...)...)
	file := filepath.Join(t.TempDir(), "backup")
	must(t, append([]string{"backup", "--to", file, "--recipient", recipient}, d.args...)...)
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	mount := t.TempDir()
	for what, args := range map[string][]string{
		"backup":  append([]string{"backup", "--to", filepath.Join(mount, "backup"), "--recipient", recipient}, d.args...),
		"restore": {"restore", "--from", file, "--identity-file", identity, "--data", filepath.Join(mount, "data")},
	} {
		script := fmt.Sprintf(`mount -t tmpfs -o size=128k tmpfs '%[1]s' && { "$0" "$@" 2>&1 | grep '^madoguchi: '; find '%[1]s' -type f -size +0; } &&
			mount -o remount,size=64m '%[1]s' && "$0" "$@" >/dev/null 2>&1 && echo DONE`, mount)
		argv := []string{"--mount", "--propagation", "private", "--", "sh", "-c", script, path}
		if os.Geteuid() != 0 {
			argv = append([]string{"--map-root-user"}, argv...)
		}
		out, err := exec.CommandContext(t.Context(), "unshare", append(argv, args...)...).CombinedOutput()
		lines := strings.Split(strings.TrimSpace(string(out)), "\n")
		if err != nil || len(lines) != 2 || lines[1] != "DONE" {
			t.Errorf("%s: %v, want one sentence, no file, and success with room:\n%s", what, err, out)
			continue
		}
		for _, word := range []string{"no room", mount, "make room"} {
			if !strings.Contains(lines[0], word) {
				t.Errorf("%s: %q does not say %q", what, lines[0], word)
			}
		}
	}
}
