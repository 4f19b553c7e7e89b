package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// lists are the pages measured: the views, sorts and filters that drive different indexes.
var lists = []string{
	"view=all", "view=mine", "view=unassigned", "view=waiting", "view=waiting&sort=waiting", "view=replied", "view=snoozed",
	"view=resolved", "view=all&sort=priority", "view=all&unread=true", "view=all&tag=TAG", "view=all&priority=urgent",
}

const counts = "/api/v1/conversations/counts"

// measuredList is one list at one size.
type measuredList struct {
	timed
	cpu time.Duration
}

// listPages is one page of the inbox at two sizes, one caller, over HTTP, answers packed as browsers ask for them.
func listPages(ctx context.Context, b *bench) error {
	sizes := []int{10_000, b.size(50_000, 1_000_000)}
	for _, database := range b.databases() {
		at := make([]map[string]measuredList, len(sizes))
		for i, size := range sizes {
			var err error
			if at[i], err = b.listsAt(ctx, database, size); err != nil {
				return err
			}
		}
		for _, list := range append(lists[:len(lists):len(lists)], counts) {
			small, large := at[0][list], at[1][list]
			b.report.add(fmt.Sprintf("%s: %s, p99 at %d", database, strings.TrimPrefix(list, "/api/v1/"), sizes[1]),
				fmt.Sprintf("%s (p50 %s, CPU %s); at %d %s: ratio %.2f", ms(large.P99), ms(large.P50), ms(large.cpu),
					sizes[0], ms(small.P99), float64(large.P99)/float64(max(small.P99, 1))), "10 ms, 1.5")
		}
	}
	return nil
}

func (b *bench) listsAt(ctx context.Context, database string, size int) (map[string]measuredList, error) {
	s, err := b.seeded(ctx, database, size)
	if err != nil {
		return nil, err
	}
	if _, err := b.serve(ctx, s); err != nil {
		return nil, err
	}
	defer s.stop()
	tag, err := s.firstTag(ctx)
	if err != nil {
		return nil, err
	}
	found := map[string]measuredList{}
	for _, list := range append(lists[:len(lists):len(lists)], counts) {
		path := list
		if list != counts {
			path = "/api/v1/conversations?limit=50&" + strings.ReplaceAll(list, "TAG", tag)
		}
		r, cpu, err := b.load(ctx, s, "-what", "list", "-span", fmt.Sprintf("%dms", b.size(700, 4000)), "-query", path)
		if err != nil {
			return nil, err
		}
		found[list] = measuredList{r, each(cpu.total(), r.Count)}
	}
	return found, nil
}

// kept is a seeded desk as it lies between two runs (-keep).
type kept struct {
	Data, Postgres string
	Setup          json.RawMessage
	Took           time.Duration `json:"-"`
}

// seeded is a desk of so many conversations: one kept from an earlier run, or made now.
func (b *bench) seeded(ctx context.Context, database string, size int) (s *served, err error) {
	file := filepath.Join(b.keep, fmt.Sprintf("%s-%d.json", database, size))
	var k kept
	if raw, err := os.ReadFile(file); b.keep != "" && err == nil {
		s = &served{}
		if err := errors.Join(json.Unmarshal(raw, &k), json.Unmarshal(k.Setup, &s.setup)); err != nil {
			return nil, err
		}
		s.data, s.postgres = k.Data, k.Postgres
		if s.postgres != "" {
			if s.server, err = findServer(ctx, s.postgres); err != nil {
				return nil, err
			}
		}
	} else if s, k.Took, err = b.seed(ctx, database, size); err != nil {
		return nil, err
	} else if b.keep != "" {
		k.Data, k.Postgres = s.data, s.postgres
		k.Setup, _ = json.Marshal(s.setup)
		raw, _ := json.Marshal(k)
		if err := os.WriteFile(file, raw, 0o600); err != nil {
			return nil, err
		}
	}
	use, err := s.diskUse(ctx)
	took := "kept from an earlier run"
	if k.Took > 0 {
		took = k.Took.Round(100 * time.Millisecond).String()
	}
	b.report.add(fmt.Sprintf("%s: seeding %d conversations", database, size), fmt.Sprintf("%s; %s on disk", took, mb(use)), "")
	return s, err
}

func (b *bench) seed(ctx context.Context, database string, size int) (*served, time.Duration, error) {
	folder := b.scratch
	if b.keep != "" {
		folder = b.keep
	}
	s, err := b.installIn(ctx, database, folder)
	if err != nil {
		return nil, 0, err
	}
	began := time.Now()
	seed := append([]string{"seed", "--conversations", strconv.Itoa(size), "--messages", "1"}, s.args()...)
	if _, err := exec.CommandContext(ctx, b.binary, seed...).Output(); err != nil {
		return nil, 0, fmt.Errorf("seed: %w", explain(err))
	}
	took := time.Since(began)
	if s.postgres != "" {
		err = settle(ctx, s.postgres)
	}
	return s, took, err
}

func (s *served) firstTag(ctx context.Context) (string, error) {
	var tags struct {
		Items []struct {
			ID json.Number `json:"id"`
		} `json:"items"`
	}
	t := target{address: s.address, key: s.setup.APIKey}
	if err := t.call(ctx, http.DefaultClient, http.MethodGet, "/api/v1/tags", s.setup.APIKey, nil, &tags); err != nil {
		return "", err
	}
	if len(tags.Items) == 0 {
		return "0", nil
	}
	return tags.Items[0].ID.String(), nil
}
