// Command bench prints the product's figures beside the machine's own limits, as ratios, and saves them in this folder.
//
//	go run ./bench                 every figure, sizes for a quick look
//	go run ./bench -full           the sizes that the figures are stated for (1,000,000 conversations, 5,000 sockets)
//	go run ./bench -only inbound   one of them
//
// Load comes from processes of its own, whose CPU is left out. Machines are noisy: the CPU milliseconds per operation of
// the whole stack (program and database) are the steady figure. Nothing here asserts anything.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// figure is one thing measured.
type figure struct {
	name string
	run  func(context.Context, *bench) error
}

var figures = []figure{
	{"disk", disk},
	{"sizes", sizes},
	{"start", start},
	{"inbound", inboundRate},
	{"webhooks", webhookRates},
	{"deliveries", deliveryRates},
	{"latency", latency},
	{"list", listPages},
	{"views", savedViews},
	{"floor", floorReads},
	{"office", offices},
	{"fanout", fanOut},
	{"scroll", scroll},
	{"key", keyPress},
	{"nodes", nodes},
	{"search", searches},
	{"backup", backups},
	{"audit", audits},
}

// bench is one run.
type bench struct {
	binary   string
	full     bool
	postgres string // URL of a server where databases may be made, "" = SQLite only
	report   *report
	scratch  string
	keep     string // folder for seeded desks, "" = made anew
}

func main() {
	if len(os.Args) > 1 && os.Args[1] == "client" {
		if err := client(os.Args[2:]); err != nil {
			fmt.Fprintln(os.Stderr, "bench client:", err)
			os.Exit(1)
		}
		return
	}
	full := flag.Bool("full", false, "the sizes that the figures are stated for")
	only := flag.String("only", "", "comma-separated figures: "+names())
	binary := flag.String("binary", "bin/madoguchi", "the program to measure")
	save := flag.String("save", "bench/RESULTS.md", "where to save, \"\" = nowhere")
	keep := flag.String("keep", "", "folder where seeded desks stay for the next run (PostgreSQL: on a server that stays)")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *full, *only, *binary, *save, *keep); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, full bool, only, binary, save, keep string) error {
	scratch, err := os.MkdirTemp("", "madoguchi-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(scratch)
	binary, err = filepath.Abs(binary)
	if err != nil {
		return err
	}
	b := &bench{binary: binary, full: full, postgres: os.Getenv("MADOGUCHI_TEST_POSTGRES"), scratch: scratch, keep: keep, report: newReport(full)}
	if b.postgres == "" {
		b.report.note("PostgreSQL was not measured: run through `make bench`, which starts one.")
	}
	began, busy := time.Now(), load()
	for _, f := range figures {
		if only != "" && !strings.Contains(","+only+",", ","+f.name+",") {
			continue
		}
		fmt.Printf("\n%s\n", f.name)
		if err := f.run(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", f.name, err)
		}
	}
	b.report.note(fmt.Sprintf("The run took %s. Load average before it %s, after it %s, on %d cores: where the first is not near 0, others used the machine too, and rates and p99 tell of them.",
		time.Since(began).Round(time.Second), busy, load(), runtime.NumCPU()))
	if save == "" {
		return nil
	}
	return os.WriteFile(save, []byte(b.report.markdown()), 0o644)
}

// names lists the figures.
func names() string {
	all := make([]string, len(figures))
	for i, f := range figures {
		all[i] = f.name
	}
	return strings.Join(all, ", ")
}

// databases yields the databases to measure on.
func (b *bench) databases() []string {
	if b.postgres == "" {
		return []string{"SQLite"}
	}
	return []string{"SQLite", "PostgreSQL"}
}

// size picks a quick or a full size.
func (b *bench) size(quick, full int) int {
	if b.full {
		return full
	}
	return quick
}
