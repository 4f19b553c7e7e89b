package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"madoguchi/testserver"
)

// ground lets testserver run servers for a measurement as it does for a test.
type ground struct {
	context context.Context
	folder  string
	ends    []func()
}

// failed is how a server that cannot be started ends the measurement.
type failed struct{ error }

func (g *ground) Helper()                   {}
func (g *ground) Fatal(args ...any)         { panic(failed{errors.New(fmt.Sprint(args...))}) }
func (g *ground) Fatalf(f string, a ...any) { panic(failed{fmt.Errorf(f, a...)}) }
func (g *ground) Cleanup(end func())        { g.ends = append(g.ends, end) }
func (g *ground) Context() context.Context  { return g.context }

func (g *ground) TempDir() string {
	folder, err := os.MkdirTemp(g.folder, "server-")
	if err != nil {
		g.Fatal(err)
	}
	return folder
}

func (g *ground) end() {
	for i := len(g.ends) - 1; i >= 0; i-- {
		g.ends[i]()
	}
}

// nodes is one node and two on one PostgreSQL and one NATS: the rate of durable inbound messages, the share of the database
// in what they cost, and how late a message on one node is in a browser on the other.
func nodes(ctx context.Context, b *bench) (err error) {
	if b.postgres == "" {
		return nil
	}
	g := &ground{context: ctx, folder: b.scratch}
	defer g.end()
	defer func() {
		if f, ok := recover().(failed); ok {
			err = f.error
		}
	}()
	nats := testserver.NATS(g)
	best := map[int]nodesRun{}
	for range rounds { // in turn, so that what else the machine does hits both
		for count := 1; count <= 2; count++ {
			run, err := b.nodesRun(ctx, count, nats)
			if err != nil {
				return err
			}
			if run.rate > best[count].rate {
				best[count] = run
			}
		}
	}
	for count := 1; count <= 2; count++ {
		run := best[count]
		b.report.add(fmt.Sprintf("PostgreSQL and NATS, %d nodes: durable inbound over HTTP, 64 callers in all", count),
			fmt.Sprintf("%.0f/s, CPU of the whole stack %s per message, of it the database's %.0f %%; %d acknowledged, %d failed",
				run.rate, ms(each(run.cpu.total(), run.count)), 100*run.cpu.database.Seconds()/run.cpu.total().Seconds(), run.count, run.failed), "")
	}
	b.report.add("… two nodes against one", fmt.Sprintf("%.2f (both, the database and the callers share %d cores)", best[2].rate/best[1].rate, runtime.NumCPU()), "")
	return b.hintLatency(ctx, nats)
}

type nodesRun struct {
	rate          float64
	count, failed int
	cpu           spent
}

// nodesRun measures one round on an installation of its own.
func (b *bench) nodesRun(ctx context.Context, count int, nats string) (run nodesRun, err error) {
	all, err := b.installNodes(ctx, count, nats)
	if err != nil {
		return run, err
	}
	defer stopAll(all)
	clients := make([]*loader, count)
	for i, s := range all {
		clients[i], err = b.start(ctx, s, "-what", "inbound", "-callers", fmt.Sprint(64/count), "-span", fmt.Sprintf("%ds", b.size(3, 15)))
		if err != nil {
			return run, err
		}
	}
	before := cpuOf(all)
	results, errs := make([]timed, count), make([]error, count)
	var group sync.WaitGroup
	for i, c := range clients {
		group.Go(func() { results[i], errs[i] = c.tell("go") })
	}
	group.Wait()
	run.cpu = cpuOf(all).since(before)
	for i, r := range results {
		run.rate += r.rate()
		run.count += r.Count
		run.failed += r.Failed
		errs[i] = errors.Join(errs[i], clients[i].end())
	}
	return run, errors.Join(errs...)
}

// installNodes sets an installation up and starts its nodes.
func (b *bench) installNodes(ctx context.Context, count int, nats string) ([]*served, error) {
	first, err := b.install(ctx, "PostgreSQL")
	if err != nil {
		return nil, err
	}
	all := []*served{first}
	for len(all) < count {
		node := *first // the same folder: the files are the nodes' in common
		all = append(all, &node)
	}
	for _, s := range all {
		if _, err := b.serve(ctx, s, "--nats-url", "nats://"+nats, "--shared-data"); err != nil {
			stopAll(all)
			return nil, fmt.Errorf("node in %s: %w", filepath.Base(s.data), err)
		}
	}
	return all, nil
}

func stopAll(all []*served) {
	for _, s := range all {
		s.stop()
	}
}

func cpuOf(all []*served) (sum spent) {
	for _, s := range all {
		sum.program += s.cpu().program
	}
	sum.database = all[0].server.cpu()
	return sum
}

// hintLatency is from the start of a post on one node to the arrival in a browser on another, and on the same one.
func (b *bench) hintLatency(ctx context.Context, nats string) error {
	all, err := b.installNodes(ctx, 2, nats)
	if err != nil {
		return err
	}
	defer stopAll(all)
	var p50 [2]time.Duration
	for i, name := range []string{"on the same node", "on the other node, over NATS"} {
		r, _, err := b.load(ctx, all[0], "-what", "latency", "-span", fmt.Sprintf("%ds", b.size(2, 10)), "-listen-at", all[i].address)
		if err != nil {
			return err
		}
		p50[i] = r.P50
		b.report.add("PostgreSQL, two nodes: post to a browser "+name, fmt.Sprintf("p50 %s, p99 %s (%d posts)", ms(r.P50), ms(r.P99), r.Count), "")
	}
	b.report.add("… the way to the other node adds", fmt.Sprintf("%s (medians)", ms(p50[1]-p50[0])), "")
	return nil
}
