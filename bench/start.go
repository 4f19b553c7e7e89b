package main

import (
	"context"
	"fmt"
	"slices"
	"time"
)

func mb(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }

// idleFor is how long a desk is left alone before its memory is read.
const idleFor = 2 * time.Second

// start is cold start and idle memory, on a desk that was set up before.
func start(ctx context.Context, b *bench) error {
	for _, database := range b.databases() {
		s, err := b.install(ctx, database)
		if err != nil {
			return err
		}
		var took []time.Duration
		for range b.size(5, 20) {
			d, err := b.serve(ctx, s)
			if err != nil {
				return err
			}
			took = append(took, d)
			s.stop()
		}
		if _, err := b.serve(ctx, s); err != nil {
			return err
		}
		time.Sleep(idleFor)
		resident, private := memory(s.process.Process.Pid)
		s.stop()
		slices.Sort(took)
		b.report.add(database+": cold start to open, median", ms(quantile(took, 0.5)), "300 ms")
		b.report.add(database+": idle memory of the program", fmt.Sprintf("%s resident, %s of it private", mb(resident), mb(private)), "60 MB")
	}
	return nil
}
