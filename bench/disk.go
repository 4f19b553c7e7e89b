package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// disk is what the machine itself can do: how long it takes until 4 KiB appended to a file would survive a power cut.
// No durable rate of one writer can beat it without sharing flushes.
func disk(_ context.Context, b *bench) error {
	f, err := os.Create(filepath.Join(b.scratch, "probe"))
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	page := make([]byte, 4096)
	var took []time.Duration
	for began := time.Now(); time.Since(began) < time.Second; {
		start := time.Now()
		if _, err := f.Write(page); err != nil {
			return err
		}
		if err := f.Sync(); err != nil {
			return err
		}
		took = append(took, time.Since(start))
	}
	p50, p99 := spread(took)
	b.report.add("the disk: append 4 KiB and fsync", fmt.Sprintf("p50 %s, p99 %s, %d/s one after the other", ms(p50), ms(p99), len(took)), "")
	return nil
}
