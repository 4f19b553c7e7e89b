package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"
)

// sizes are bytes: the binary, and what browsers load.
func sizes(_ context.Context, b *bench) error {
	info, err := os.Stat(b.binary)
	if err != nil {
		return fmt.Errorf("build first: %w", err)
	}
	b.report.add("binary", fmt.Sprintf("%.1f MB", float64(info.Size())/1e6), "")
	gz := func(pattern string) (total int64) {
		files, _ := filepath.Glob(pattern)
		for _, f := range files {
			if i, err := os.Stat(f + ".gz"); err == nil {
				total += i.Size()
			} else if i, err := os.Stat(f); err == nil {
				total += i.Size()
			}
		}
		return total
	}
	b.report.add("widget loader, gzip", kb(gz("web/dist/widget/loader.js")), "2.5 kB")
	b.report.add("widget panel (script and style), gzip", kb(gz("web/dist/widget/assets/*.js")+gz("web/dist/widget/assets/*.css")), "18 kB")
	script, style, err := critical("web/dist/inbox")
	if err != nil {
		return err
	}
	b.report.add("inbox critical script, gzip", kb(script), "200 kB")
	b.report.add("inbox style, gzip", kb(style), "12 kB")
	return nil
}

func kb(n int64) string { return fmt.Sprintf("%.1f kB", float64(n)/1000) }

// critical adds up what the inbox's first page names in its HTML and what those scripts import statically.
func critical(dist string) (script, style int64, err error) {
	raw, err := os.ReadFile(filepath.Join(dist, "manifest.json"))
	if err != nil {
		return 0, 0, err
	}
	var manifest map[string]struct {
		File    string   `json:"file"`
		IsEntry bool     `json:"isEntry"`
		Imports []string `json:"imports"`
		CSS     []string `json:"css"`
	}
	if err := json.Unmarshal(raw, &manifest); err != nil {
		return 0, 0, err
	}
	seen := map[string]bool{}
	size := func(file string) int64 {
		if seen[file] {
			return 0
		}
		seen[file] = true
		if i, err := os.Stat(filepath.Join(dist, file+".gz")); err == nil {
			return i.Size()
		}
		if i, err := os.Stat(filepath.Join(dist, file)); err == nil {
			return i.Size()
		}
		return 0
	}
	var follow func(key string)
	follow = func(key string) {
		chunk := manifest[key]
		if chunk.File == "" || seen[chunk.File] {
			return
		}
		script += size(chunk.File)
		for _, css := range chunk.CSS {
			style += size(css)
		}
		for _, next := range chunk.Imports {
			follow(next)
		}
	}
	for key, chunk := range manifest {
		if chunk.IsEntry {
			follow(key)
		}
	}
	return script, style, nil
}

// start is cold start and idle memory, on a desk that was set up before.
func start(ctx context.Context, b *bench) error {
	for _, database := range b.databases() {
		s, err := b.install(ctx, database)
		if err != nil {
			return err
		}
		var took []time.Duration
		var memory int64
		for range b.size(5, 20) {
			d, err := b.serve(ctx, s)
			if err != nil {
				return err
			}
			took = append(took, d)
			memory = resident(s.process.Process.Pid)
			s.stop()
		}
		slices.Sort(took)
		b.report.add(database+": cold start to open, median", ms(quantile(took, 0.5)), "300 ms")
		b.report.add(database+": memory just after the start", mb(memory), "60 MB")
	}
	return nil
}

func mb(n int64) string { return fmt.Sprintf("%.1f MB", float64(n)/(1<<20)) }

// inboundRate is durable customers' messages over HTTP, against the rate of the same transactions in large batches.
func inboundRate(ctx context.Context, b *bench) error {
	for _, database := range b.databases() {
		s, err := b.install(ctx, database)
		if err != nil {
			return err
		}
		limit, err := b.batchLimit(ctx, database)
		if err != nil {
			return err
		}
		if _, err := b.serve(ctx, s); err != nil {
			return err
		}
		var warm, r timed
		if err := b.load(ctx, s, &warm, "-what", "inbound", "-seconds", "2"); err != nil {
			return err
		}
		before := s.cpu()
		if err := b.load(ctx, s, &r, "-what", "inbound", "-seconds", strconv.Itoa(b.size(5, 20))); err != nil {
			return err
		}
		perMessage := (s.cpu() - before) / time.Duration(max(r.Count, 1))
		s.stop()
		b.report.add(database+": durable inbound over HTTP, 64 callers", fmt.Sprintf("%.0f/s, p50 %s, p99 %s, %d failed", r.rate(), ms(r.P50), ms(r.P99), r.Failed), "")
		b.report.add(database+": the same transactions in batches of 256, no HTTP (limit)", fmt.Sprintf("%.0f/s", limit), "")
		b.report.add(database+": rate against that limit", fmt.Sprintf("%.2f", r.rate()/limit), "0.50")
		b.report.add(database+": CPU of the whole stack per message (booting visitors included)", ms(perMessage), "1 ms")
	}
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
		var r timed
		if err := b.load(ctx, s, &r, "-what", "latency", "-seconds", strconv.Itoa(b.size(3, 10))); err != nil {
			return err
		}
		s.stop()
		b.report.add(database+": post to the other browser", fmt.Sprintf("p50 %s, p99 %s (%d posts)", ms(r.P50), ms(r.P99), r.Count), "")
	}
	return nil
}

// listPages is one page of the inbox at two sizes, one caller, over HTTP.
func listPages(ctx context.Context, b *bench) error {
	small, large := 10_000, b.size(100_000, 1_000_000)
	lists := []string{"view=all", "view=unassigned", "view=waiting&sort=waiting", "view=resolved", "view=all&sort=priority"}
	for _, database := range b.databases() {
		p99 := map[string][2]time.Duration{}
		for i, size := range []int{small, large} {
			s, err := b.install(ctx, database)
			if err != nil {
				return err
			}
			out, err := exec.CommandContext(ctx, b.binary, append([]string{"seed", "--conversations", strconv.Itoa(size), "--messages", "1"}, s.args()...)...).Output()
			if err != nil {
				return fmt.Errorf("seed: %w", explain(err))
			}
			b.report.note(fmt.Sprintf("%s: %s", database, strings.TrimSpace(string(out))))
			if _, err := b.serve(ctx, s); err != nil {
				return err
			}
			for _, list := range lists {
				var warm, r timed
				if err := b.load(ctx, s, &warm, "-what", "list", "-callers", "1", "-seconds", "1", "-query", list); err != nil {
					return err
				}
				before := s.cpu()
				if err := b.load(ctx, s, &r, "-what", "list", "-callers", "1", "-seconds", strconv.Itoa(b.size(2, 5)), "-query", list); err != nil {
					return err
				}
				pair := p99[list]
				pair[i] = r.P99
				p99[list] = pair
				b.report.add(fmt.Sprintf("%s: list %s at %d", database, list, size),
					fmt.Sprintf("p50 %s, p99 %s, CPU %s", ms(r.P50), ms(r.P99), ms((s.cpu()-before)/time.Duration(max(r.Count, 1)))), "p99 10 ms")
			}
			s.stop()
		}
		for _, list := range lists {
			b.report.add(fmt.Sprintf("%s: list %s, p99 at %d against %d", database, list, large, small),
				fmt.Sprintf("%.2f", float64(p99[list][1])/float64(max(p99[list][0], 1))), "below 1.5")
		}
	}
	return nil
}

// fanOut is one event to 1,000 sockets, and what an idle socket costs.
func fanOut(ctx context.Context, b *bench) error {
	s, err := b.install(ctx, "SQLite")
	if err != nil {
		return err
	}
	if _, err := b.serve(ctx, s); err != nil {
		return err
	}
	defer s.stop()
	idle := resident(s.process.Process.Pid)
	if err := b.withSockets(ctx, s, 1000, func(post func() (timed, error)) error {
		var p50s, p99s []time.Duration
		for range b.size(20, 100) {
			r, err := post()
			if err != nil {
				return err
			}
			p50s, p99s = append(p50s, r.P50), append(p99s, r.P99)
		}
		p50, _ := spread(p50s)
		p99, worst := spread(p99s)
		b.report.add("one message to 1,000 sockets, from the post's start", fmt.Sprintf("p50 %s, p99 %s (median of the rounds), worst p99 %s", ms(p50), ms(p99), ms(worst)), "")
		return nil
	}); err != nil {
		return err
	}
	many := b.size(1000, 5000)
	return b.withSockets(ctx, s, many, func(func() (timed, error)) error {
		perSocket := (resident(s.process.Process.Pid) - idle) / int64(many)
		b.report.add(fmt.Sprintf("memory per idle socket at %d", many), fmt.Sprintf("%.1f KB", float64(perSocket)/1024), "16 KB")
		return nil
	})
}

func (b *bench) withSockets(ctx context.Context, s *served, count int, use func(post func() (timed, error)) error) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, self, "client", "-address", s.address, "-account", s.setup.ChannelAccount, "-key", s.setup.APIKey, "-what", "sockets", "-callers", strconv.Itoa(count))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() || lines.Text() != "open" {
		return fmt.Errorf("%d sockets did not open: %w", count, cmd.Wait())
	}
	err = use(func() (timed, error) {
		var r timed
		if _, err := fmt.Fprintln(in, "post"); err != nil {
			return r, err
		}
		if !lines.Scan() {
			return r, fmt.Errorf("the sockets ended: %w", cmd.Wait())
		}
		return r, json.Unmarshal(lines.Bytes(), &r)
	})
	if err != nil {
		return err
	}
	if err := in.Close(); err != nil {
		return err
	}
	return cmd.Wait()
}
