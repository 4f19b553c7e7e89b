package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
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
}

// install sets up a desk on the named database; args go to setup and serve alike.
func (b *bench) install(ctx context.Context, database string) (*served, error) {
	data, err := os.MkdirTemp(b.scratch, "data-")
	if err != nil {
		return nil, err
	}
	s := &served{data: data}
	if database == "PostgreSQL" {
		if s.postgres, err = b.newDatabase(ctx); err != nil {
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
	args := []string{"--data", s.data, "--log-level", "warn"}
	if s.postgres != "" {
		args = append(args, "--database-url", s.postgres)
	}
	return args
}

// newDatabase makes a database on the server that `make bench` started.
func (b *bench) newDatabase(ctx context.Context) (string, error) {
	conn, err := pgx.Connect(ctx, b.postgres)
	if err != nil {
		return "", err
	}
	defer conn.Close(ctx)
	name := fmt.Sprintf("bench_%d", time.Now().UnixNano())
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+name); err != nil {
		return "", err
	}
	config := conn.Config()
	host := config.Host
	if strings.HasPrefix(host, "/") {
		return fmt.Sprintf("postgres://%s:%s@/%s?host=%s&port=%d", config.User, config.Password, name, host, config.Port), nil
	}
	return fmt.Sprintf("postgres://%s:%s@%s/%s?sslmode=disable", config.User, config.Password, net.JoinHostPort(host, strconv.Itoa(int(config.Port))), name), nil
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

// cpu is the processor time the whole stack has used: the program and, on PostgreSQL, every process of the server.
func (s *served) cpu() time.Duration {
	total := processCPU(s.process.Process.Pid)
	if s.postgres == "" {
		return total
	}
	entries, _ := filepath.Glob("/proc/[0-9]*/comm")
	for _, comm := range entries {
		if name, err := os.ReadFile(comm); err == nil && strings.TrimSpace(string(name)) == "postgres" {
			if pid, err := strconv.Atoi(filepath.Base(filepath.Dir(comm))); err == nil {
				total += processCPU(pid)
			}
		}
	}
	return total
}

// processCPU reads user and system time of a process.
func processCPU(pid int) time.Duration {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(stat), ") ")
	fields := strings.Fields(rest)
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(fields[11], 10, 64)
	system, _ := strconv.ParseInt(fields[12], 10, 64)
	const ticksPerSecond = 100 // USER_HZ, fixed on Linux
	return time.Duration(user+system) * time.Second / ticksPerSecond
}

// resident is the memory a process holds, in bytes, without what it shares with files.
func resident(pid int) int64 {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	for line := range strings.Lines(string(status)) {
		if value, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			kb, _ := strconv.ParseInt(strings.Fields(value)[0], 10, 64)
			return kb << 10
		}
	}
	return 0
}

// load runs a load client in a process of its own and reads its result.
func (b *bench) load(ctx context.Context, s *served, into any, args ...string) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self, append([]string{"client", "-address", s.address, "-account", s.setup.ChannelAccount, "-key", s.setup.APIKey}, args...)...)
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return fmt.Errorf("load client: %w", explain(err))
	}
	return json.Unmarshal(out, into)
}
