package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// loader is a load client at work, in a process of its own. It answers one line to each line it is told.
type loader struct {
	process *exec.Cmd
	in      io.WriteCloser
	lines   *bufio.Scanner
}

// start runs a load client and returns when it is ready: its visitors booted, its lists warm, its sockets open. What
// that costs is not measured.
func (b *bench) start(ctx context.Context, s *served, args ...string) (*loader, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	l := &loader{process: exec.CommandContext(ctx, self, append([]string{"client", "-address", s.address, "-account", s.setup.ChannelAccount, "-key", s.setup.APIKey}, args...)...)}
	l.process.Stderr = os.Stderr
	l.process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if l.in, err = l.process.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := l.process.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := l.process.Start(); err != nil {
		return nil, err
	}
	l.lines = bufio.NewScanner(out)
	if !l.lines.Scan() || l.lines.Text() != "ready" {
		return nil, fmt.Errorf("the load client did not get ready: %w", l.process.Wait())
	}
	return l, nil
}

// tell gives the client its next order and reads what it measured.
func (l *loader) tell(order string) (r timed, err error) {
	if _, err := fmt.Fprintln(l.in, order); err != nil {
		return r, fmt.Errorf("tell the load client: %w", err)
	}
	if !l.lines.Scan() {
		return r, fmt.Errorf("the load client ended: %w", l.process.Wait())
	}
	return r, json.Unmarshal(l.lines.Bytes(), &r)
}

func (l *loader) end() error {
	if err := l.in.Close(); err != nil {
		return err
	}
	return l.process.Wait()
}

// load runs one measurement and says how much processor time the stack spent on it.
func (b *bench) load(ctx context.Context, s *served, args ...string) (r timed, cpu spent, err error) {
	l, err := b.start(ctx, s, args...)
	if err != nil {
		return r, cpu, err
	}
	before := s.cpu()
	r, err = l.tell("go")
	cpu = s.cpu().since(before)
	if err != nil {
		return r, cpu, err
	}
	return r, cpu, l.end()
}

// each is a duration shared out.
func each(total time.Duration, count int) time.Duration { return total / time.Duration(max(count, 1)) }
