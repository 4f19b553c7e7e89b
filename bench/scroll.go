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
	s, _, err := b.seed(ctx, "SQLite", size)
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
	out, err := exec.CommandContext(ctx, "node", "bench/scroll.mjs", s.address, email, password, strconv.Itoa(b.size(200, 600))).Output()
	if err != nil {
		return fmt.Errorf("scroll in a browser: %w", explain(err))
	}
	var r struct {
		Rows    int     `json:"rows"`
		Seen    int     `json:"seen"`
		Frames  int     `json:"frames"`
		P50     float64 `json:"p50"`
		P95     float64 `json:"p95"`
		Long    int     `json:"long"`
		Longest float64 `json:"longest"`
	}
	if err := json.Unmarshal(out, &r); err != nil {
		return errors.Join(fmt.Errorf("the browser said %q", out), err)
	}
	b.report.add(fmt.Sprintf("inbox scrolled at %d conversations: rows in the page at most", size), fmt.Sprintf("%d (%d different ones passed)", r.Rows, r.Seen), "40")
	b.report.add("… long tasks (over 50 ms)", fmt.Sprintf("%d in %d frames, the longest %.0f ms", r.Long, r.Frames, r.Longest), "")
	b.report.add("… frame", fmt.Sprintf("p50 %.0f ms, p95 %.0f ms", r.P50, r.P95), "")
	return nil
}
