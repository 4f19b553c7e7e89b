package main

import "context"

// batchLimit is the rate of inbound transactions committed 256 at a time by one writer, on the same disk and database:
// what is left when neither HTTP nor waiting for the disk costs anything.
func (b *bench) batchLimit(ctx context.Context, database string) (float64, error) {
	_, _ = ctx, database
	return 0, nil
}
