package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os/exec"
	"strconv"
)

// scroll is a scripted scroll through the inbox's list in a real browser; the browser's CPU is on this machine too.
func scroll(ctx context.Context, b *bench) error {
	size := b.size(10_000, 100_000)
	var r struct {
		Rows    int     `json:"rows"`
		Seen    int     `json:"seen"`
		Frames  int     `json:"frames"`
		P50     float64 `json:"p50"`
		P95     float64 `json:"p95"`
		Long    int     `json:"long"`
		Longest float64 `json:"longest"`
	}
	if err := b.inBrowser(ctx, size, &r, "bench/scroll.mjs", strconv.Itoa(b.size(200, 600))); err != nil {
		return err
	}
	b.report.add(fmt.Sprintf("inbox scrolled at %d conversations: rows in the page at most", size), fmt.Sprintf("%d (%d different ones passed)", r.Rows, r.Seen), "40")
	b.report.add("… long tasks (over 50 ms)", fmt.Sprintf("%d in %d frames, the longest %.0f ms", r.Long, r.Frames, r.Longest), "")
	b.report.add("… frame", fmt.Sprintf("p50 %.0f ms, p95 %.0f ms", r.P50, r.P95), "")
	return nil
}

// inBrowser runs a script on a seeded desk with its owner signed in, and reads what it printed.
func (b *bench) inBrowser(ctx context.Context, size int, into any, script string, args ...string) error {
	s, err := b.seeded(ctx, "SQLite", size)
	if err != nil {
		return err
	}
	const email, password = "bench@example.com", "correct horse battery"
	reset := append([]string{"user", "reset-password", "--email", email, "--password", password}, s.args()...)
	if err := exec.CommandContext(ctx, b.binary, reset...).Run(); err != nil {
		return fmt.Errorf("reset the password: %w", explain(err))
	}
	if _, err := b.serve(ctx, s); err != nil {
		return err
	}
	defer s.stop()
	out, err := exec.CommandContext(ctx, "node", append([]string{script, s.address, email, password}, args...)...).Output()
	if err != nil {
		return fmt.Errorf("in a browser: %w", explain(err))
	}
	if err := json.Unmarshal(out, into); err != nil {
		return errors.Join(fmt.Errorf("the browser said %q", out), err)
	}
	return nil
}
