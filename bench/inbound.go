package main

import (
	"context"
	"fmt"
	"time"
)

// rounds is how often a rate is measured. The best counts: whatever else the machine does only lowers rates.
const rounds = 3

// inboundRate is durable customers' messages over HTTP, against the rate of the same rows in large batches.
func inboundRate(ctx context.Context, b *bench) error {
	for _, database := range b.databases() {
		var limit, raw float64
		var best inboundRun
		for range rounds {
			rate, cpu, err := b.limitRun(ctx, database)
			if err != nil {
				return err
			}
			if rate > limit {
				limit, raw = rate, float64(cpu.Microseconds())/1000
			}
			run, err := b.inboundRun(ctx, database)
			if err != nil {
				return err
			}
			best = best.orBetter(run)
		}
		b.report.add(database+": the rows of inbound messages in batches of 256, no HTTP (limit)", fmt.Sprintf("%.0f/s, CPU %.2f ms each", limit, raw), "")
		best.tell(b, database+": durable inbound over HTTP, 64 callers")
		b.report.add("… against the limit", fmt.Sprintf("%.2f", best.rate()/limit), "0.50")
		following, err := b.inboundRun(ctx, database, "-follow")
		if err != nil {
			return err
		}
		following.tell(b, database+": the same with an inbox that follows, one round")
	}
	return nil
}

func (b *bench) limitRun(ctx context.Context, database string) (float64, time.Duration, error) {
	s, err := b.install(ctx, database)
	if err != nil {
		return 0, 0, err
	}
	return b.batchLimit(ctx, s)
}

// inboundRun is one round.
type inboundRun struct {
	timed
	cpu    spent
	follow bool
}

// inboundRun measures on a desk of its own, which pays for no earlier round's rows.
func (b *bench) inboundRun(ctx context.Context, database string, extra ...string) (run inboundRun, err error) {
	s, err := b.install(ctx, database)
	if err != nil {
		return run, err
	}
	if _, err := b.serve(ctx, s); err != nil {
		return run, err
	}
	defer s.stop()
	args := []string{"-what", "inbound", "-callers", "64", "-span", fmt.Sprintf("%ds", b.size(3, 15))}
	run.follow = len(extra) > 0
	run.timed, run.cpu, err = b.load(ctx, s, append(args, extra...)...)
	return run, err
}

func (run inboundRun) orBetter(other inboundRun) inboundRun {
	if other.rate() > run.rate() {
		return other
	}
	return run
}

func (run inboundRun) tell(b *bench, name string) {
	b.report.add(name, fmt.Sprintf("%.0f/s, p50 %s, p99 %s", run.rate(), ms(run.P50), ms(run.P99)), "")
	cpu := ms(each(run.cpu.total(), run.Count))
	if run.cpu.database > 0 {
		cpu += fmt.Sprintf(" (the program's %s)", ms(each(run.cpu.program, run.Count)))
	}
	b.report.add("… CPU of the whole stack per message", cpu, "1 ms")
	kept := fmt.Sprintf("%d, %d failed; the desk has %d", run.Count, run.Failed, run.Sum)
	if run.follow {
		kept += fmt.Sprintf(", the inbox got %d", run.Heard)
	}
	b.report.add("… acknowledged", kept, "")
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
		b.report.add(database+": post to the other browser, one at a time", fmt.Sprintf("p50 %s, p99 %s, CPU %s (%d posts)", ms(r.P50), ms(r.P99), ms(each(cpu.total(), r.Count)), r.Count), "")
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
	cpu := each(s.cpu().since(before).total(), rounds)
	p50, _ := spread(p50s)
	p99, worst := spread(p99s)
	b.report.add(fmt.Sprintf("one message to %d sockets, from the post's start", count),
		fmt.Sprintf("p50 %s, p99 %s (medians of the rounds), worst p99 %s, CPU %s", ms(p50), ms(p99), ms(worst), ms(cpu)), "")
	return private, l.end()
}
