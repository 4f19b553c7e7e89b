package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// served is a running desk.
type served struct {
	process *exec.Cmd
	address string
	data    string
	setup   struct {
		ChannelAccount string `json:"channel_account"`
		APIKey         string `json:"api_key"`
		WorkspaceID    int64  `json:"workspace_id"`
	}
	postgres string // URL of its database, "" on SQLite
	server   *server
}

// install sets up a desk on the named database; args go to setup and serve alike.
func (b *bench) install(ctx context.Context, database string) (*served, error) {
	return b.installIn(ctx, database, b.scratch)
}

func (b *bench) installIn(ctx context.Context, database, folder string) (*served, error) {
	data, err := os.MkdirTemp(folder, "data-")
	if err != nil {
		return nil, err
	}
	s := &served{data: data}
	if database == "PostgreSQL" {
		if s.postgres, s.server, err = b.newDatabase(ctx); err != nil {
			return nil, err
		}
	}
	out, err := exec.CommandContext(ctx, b.binary, append([]string{"setup", "--json", "--workspace", "Bench", "--email", "bench@example.com"}, s.args()...)...).Output()
	if err != nil {
		return nil, fmt.Errorf("setup: %w", explain(err))
	}
	return s, json.Unmarshal(out, &s.setup)
}

func explain(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return fmt.Errorf("%w: %s", err, exit.Stderr)
	}
	return err
}

func (s *served) args() []string {
	args := []string{"--data", s.data, "--log-level", "error"}
	if s.postgres != "" {
		args = append(args, "--database-url", s.postgres)
	}
	return args
}

// serve starts the desk and returns when it is open, with how long that took.
func (b *bench) serve(ctx context.Context, s *served, extra ...string) (time.Duration, error) {
	args := append([]string{"serve", "--listen", "127.0.0.1:0", "--rate-limits=off"}, s.args()...)
	s.process = exec.CommandContext(ctx, b.binary, append(args, extra...)...)
	s.process.Stderr = os.Stderr
	s.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := s.process.StdoutPipe()
	if err != nil {
		return 0, err
	}
	began := time.Now()
	if err := s.process.Start(); err != nil {
		return 0, err
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, address, ok := strings.Cut(lines.Text(), "http://"); ok {
			s.address = strings.TrimRight(strings.Fields(address)[0], "/")
			go func() {
				for lines.Scan() {
				}
			}()
			return time.Since(began), nil
		}
	}
	return 0, fmt.Errorf("the program ended while starting: %w", s.process.Wait())
}

func (s *served) stop() {
	if s.process != nil {
		_ = s.process.Process.Signal(syscall.SIGTERM)
		_ = s.process.Wait()
		s.process = nil
	}
}

// spent is processor time of the whole stack: the program and, on PostgreSQL, the server's processes.
type spent struct{ program, database time.Duration }

func (s spent) total() time.Duration { return s.program + s.database }

func (s spent) since(before spent) spent {
	return spent{s.program - before.program, s.database - before.database}
}

// rest waits until the desk has done what it found to do when it was started: three seconds in a row in which it uses less than a
// tenth of a core and its search index does not grow. (On a busy machine a desk that gets no processor only looks idle.)
func (s *served) rest(ctx context.Context) error {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	before, indexed := s.cpu(), ""
	for calm := 0; calm < 3; {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return ctx.Err()
		}
		now := s.cpu()
		entries, err := s.indexed()
		if err != nil {
			return err
		}
		if calm++; now.since(before).total() >= time.Second/10 || entries != indexed {
			calm = 0
		}
		before, indexed = now, entries
	}
	return nil
}

// indexed is how much the desk has put into its search index since it was started, as it says itself.
func (s *served) indexed() (string, error) {
	answer, err := s.fetch("/metrics", "Accept-Encoding", "identity")
	if err != nil {
		return "", err
	}
	for line := range strings.Lines(string(answer.body)) {
		if entries, found := strings.CutPrefix(line, "madoguchi_search_entries_total "); found {
			return strings.TrimSpace(entries), nil
		}
	}
	return "", errors.New("the desk does not say how far its search index is")
}

func (s *served) cpu() spent {
	return spent{program: processCPU(s.process.Process.Pid).own, database: s.server.cpu()}
}

// usage is the processor time of a process, and of its children that have ended.
type usage struct{ own, ended time.Duration }

// processCPU reads user and system time of a process; of one that is gone it is zero.
func processCPU(pid int) (u usage) {
	fields := stat(pid)
	if len(fields) < 15 {
		return u
	}
	ticks := func(i int) time.Duration {
		n, _ := strconv.ParseInt(fields[i], 10, 64)
		const perSecond = 100 // USER_HZ, fixed on Linux
		return time.Duration(n) * time.Second / perSecond
	}
	return usage{own: ticks(11) + ticks(12), ended: ticks(13) + ticks(14)}
}

// stat are the fields of /proc/<pid>/stat after the name: state, parent, …
func stat(pid int) []string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return nil
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	return strings.Fields(rest)
}

// memory is what a process holds, in bytes: all of it as `ps` tells (resident), and what no file backs (private).
func memory(pid int) (resident, private int64) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(status)) {
		name, value, _ := strings.Cut(line, ":")
		if name != "VmRSS" && name != "RssAnon" {
			continue
		}
		kb, _ := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
		if name == "VmRSS" {
			resident = kb << 10
		} else {
			private = kb << 10
		}
	}
	return resident, private
}

// selfCPU is the processor time of this process.
func selfCPU() time.Duration { return processCPU(os.Getpid()).own }
