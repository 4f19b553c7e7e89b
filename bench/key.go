package main

import (
	"context"
	"fmt"
	"strconv"
)

// keyPress is from pressing j to the painted frame in which the next conversation is open, in a real browser; the browser's CPU
// is on this machine too.
func keyPress(ctx context.Context, b *bench) error {
	size := b.size(10_000, 100_000)
	var r struct {
		Presses int     `json:"presses"`
		P50     float64 `json:"p50"`
		P95     float64 `json:"p95"`
		Longest float64 `json:"longest"`
	}
	if err := b.inBrowser(ctx, size, &r, "bench/key.mjs", strconv.Itoa(b.size(40, 200))); err != nil {
		return err
	}
	const frame = 1000.0 / 60
	b.report.add(fmt.Sprintf("one press of j to paint at %d conversations", size), fmt.Sprintf("p50 %.1f ms, p95 %.1f ms, the longest %.1f ms (%d presses); p50 is %.1f frames of a 60 Hz screen, the limit",
		r.P50, r.P95, r.Longest, r.Presses, r.P50/frame), "p95 50 ms")
	return nil
}
