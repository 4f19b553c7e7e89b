package main

import (
	"context"
	"fmt"
	"strconv"
)

// keyPress is from pressing j to the painted frames in which the next row is chosen and its conversation open, and from Enter to one's own
// reply, in a real browser, whose CPU is on this machine too.
func keyPress(ctx context.Context, b *bench) error {
	size := b.size(10_000, 100_000)
	type painted struct {
		Presses int     `json:"presses"`
		P50     float64 `json:"p50"`
		P95     float64 `json:"p95"`
		Longest float64 `json:"longest"`
	}
	var r struct {
		Row, Thread, Echo painted
		CPU               float64 `json:"cpu"`
	}
	if err := b.inBrowser(ctx, size, &r, "bench/key.mjs", strconv.Itoa(b.size(40, 200))); err != nil {
		return err
	}
	const frame = 1000.0 / 60
	tell := func(what string, p painted, aim string) {
		b.report.add(fmt.Sprintf("%s painted, at %d conversations", what, size), fmt.Sprintf("p50 %.1f ms, p95 %.1f ms, the longest %.1f ms (%d presses); p50 is %.1f frames of a 60 Hz screen, the limit",
			p.P50, p.P95, p.Longest, p.Presses, p.P50/frame), aim)
	}
	tell("one press of j to the row", r.Row, "p95 50 ms")
	tell("one press of j to the conversation", r.Thread, "p95 100 ms")
	b.report.add("… CPU of the page's thread for a press", fmt.Sprintf("%.1f ms", r.CPU), "")
	tell("Enter to one's own reply", r.Echo, "p95 50 ms")
	return nil
}
