package main

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strings"
	"time"
)

// report collects what was measured.
type report struct {
	full  bool
	rows  []measured
	notes []string
}

type measured struct{ what, value, aim string }

func newReport(full bool) *report { return &report{full: full} }

// add keeps and prints one line; aim is "" where none was set.
func (r *report) add(what, value, aim string) {
	r.rows = append(r.rows, measured{what, value, aim})
	if aim != "" {
		aim = "   (aim " + aim + ")"
	}
	fmt.Printf("  %-62s %s%s\n", what, value, aim)
}

func (r *report) note(s string) {
	r.notes = append(r.notes, s)
	fmt.Println("  " + s)
}

func (r *report) markdown() string {
	var s strings.Builder
	size := "quick sizes"
	if r.full {
		size = "full sizes"
	}
	fmt.Fprintf(&s, "# Figures\n\n`make bench` wrote this on %s (%s): %d cores, %s, %s.\n", time.Now().UTC().Format("2006-01-02 15:04 UTC"), size, runtime.NumCPU(), cpuModel(), kernel())
	s.WriteString("Machines are noisy: read the ratios and the CPU milliseconds, not the rates.\n\n| figure | measured | aim |\n|---|---|---|\n")
	for _, m := range r.rows {
		fmt.Fprintf(&s, "| %s | %s | %s |\n", m.what, m.value, m.aim)
	}
	s.WriteString("\n")
	for _, n := range r.notes {
		fmt.Fprintf(&s, "- %s\n", n)
	}
	return s.String()
}

func cpuModel() string {
	info, err := os.ReadFile("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	for line := range strings.Lines(string(info)) {
		if name, value, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return "unknown processor"
}

// load is how many processes wanted a processor, on average of the last minute.
func load() string {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return "unknown"
	}
	one, _, _ := strings.Cut(string(text), " ")
	return one
}

func kernel() string {
	out, err := exec.Command("uname", "-sr").Output()
	if err != nil {
		return runtime.GOOS
	}
	return strings.TrimSpace(string(out))
}

// quantile is the q-th quantile of sorted durations.
func quantile(sorted []time.Duration, q float64) time.Duration {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[min(int(q*float64(len(sorted))), len(sorted)-1)]
}

func spread(d []time.Duration) (p50, p99 time.Duration) {
	slices.Sort(d)
	return quantile(d, 0.5), quantile(d, 0.99)
}

func ms(d time.Duration) string { return fmt.Sprintf("%.2f ms", float64(d.Microseconds())/1000) }
