package main

import (
	"context"
	"fmt"
	"time"
)

// inboundRate is durable customers' messages over HTTP, against the rate of the same rows in large batches.
func inboundRate(ctx context.Context, b *bench) error {
	for _, database := range b.databases() {
		s, err := b.install(ctx, database)
		if err != nil {
			return err
		}
		limit, raw, err := b.batchLimit(ctx, s)
		if err != nil {
			return err
		}
		b.report.add(database+": the rows of inbound messages in batches of 256, no HTTP (limit)", fmt.Sprintf("%.0f/s, CPU %s each", limit, ms(raw)), "")
		for _, follow := range []bool{false, true} {
			// A desk of its own for each: the second must not pay for the first one's rows.
			if s, err = b.install(ctx, database); err != nil {
				return err
			}
			if err := b.inboundOnce(ctx, s, database, follow, limit); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *bench) inboundOnce(ctx context.Context, s *served, database string, follow bool, limit float64) error {
	if _, err := b.serve(ctx, s); err != nil {
		return err
	}
	defer s.stop()
	args := []string{"-what", "inbound", "-callers", "64", "-span", fmt.Sprintf("%ds", b.size(4, 20))}
	name := database + ": durable inbound over HTTP, 64 callers"
	if follow {
		args = append(args, "-follow")
		name += ", an inbox following"
	}
	r, cpu, err := b.load(ctx, s, args...)
	if err != nil {
		return err
	}
	b.report.add(name, fmt.Sprintf("%.0f/s, p50 %s, p99 %s", r.rate(), ms(r.P50), ms(r.P99)), "")
	b.report.add("… CPU of the whole stack per message", ms(each(cpu, r.Count)), "1 ms")
	b.report.add("… against the limit", fmt.Sprintf("%.2f", r.rate()/limit), "0.50")
	kept := fmt.Sprintf("%d, %d failed; the desk has %d", r.Count, r.Failed, r.Sum)
	if follow {
		kept += fmt.Sprintf(", the inbox got %d", r.Heard)
	}
	b.report.add("… acknowledged", kept, "")
	return nil
}

// latency is from the start of a customer's post to its arrival in an agent's browser.
func latency(ctx context.Context, b *bench) error {
	for _, database := range b.databases() {
		s, err := b.install(ctx, database)
		if err != nil {
			return err
		}
		if _, err := b.serve(ctx, s); err != nil {
			return err
		}
		r, cpu, err := b.load(ctx, s, "-what", "latency", "-span", fmt.Sprintf("%ds", b.size(2, 10)))
		s.stop()
		if err != nil {
			return err
		}
		b.report.add(database+": post to the other browser, one at a time", fmt.Sprintf("p50 %s, p99 %s, CPU %s (%d posts)", ms(r.P50), ms(r.P99), ms(each(cpu, r.Count)), r.Count), "")
	}
	return nil
}

// fanOut is one message to 1,000 sockets, and what an idle socket costs.
func fanOut(ctx context.Context, b *bench) error {
	s, err := b.install(ctx, "SQLite")
	if err != nil {
		return err
	}
	if _, err := b.serve(ctx, s); err != nil {
		return err
	}
	defer s.stop()
	const few = 1000
	before, err := b.fanOutTo(ctx, s, few, b.size(20, 100))
	if err != nil {
		return err
	}
	many := b.size(3000, 5000)
	l, err := b.start(ctx, s, "-what", "sockets", "-callers", fmt.Sprint(many))
	if err != nil {
		return err
	}
	time.Sleep(idleFor)
	_, after := memory(s.process.Process.Pid)
	b.report.add(fmt.Sprintf("memory per idle socket at %d", many), fmt.Sprintf("%.1f KB", float64(after-before)/float64(many)/1024), "16 KB")
	return l.end()
}

// fanOutTo measures rounds to so many sockets and gives the private memory of the program before they opened.
func (b *bench) fanOutTo(ctx context.Context, s *served, count, rounds int) (private int64, err error) {
	_, private = memory(s.process.Process.Pid)
	l, err := b.start(ctx, s, "-what", "sockets", "-callers", fmt.Sprint(count))
	if err != nil {
		return 0, err
	}
	if _, err := l.tell("post"); err != nil { // the first one makes the conversation
		return 0, err
	}
	before := s.cpu()
	var p50s, p99s []time.Duration
	for range rounds {
		r, err := l.tell("post")
		if err != nil {
			return 0, err
		}
		p50s, p99s = append(p50s, r.P50), append(p99s, r.P99)
	}
	cpu := each(s.cpu()-before, rounds)
	p50, _ := spread(p50s)
	p99, worst := spread(p99s)
	b.report.add(fmt.Sprintf("one message to %d sockets, from the post's start", count),
		fmt.Sprintf("p50 %s, p99 %s (medians of the rounds), worst p99 %s, CPU %s", ms(p50), ms(p99), ms(worst), ms(cpu)), "")
	return private, l.end()
}
