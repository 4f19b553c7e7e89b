package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// savedViews is what it takes to show the sizes of 200 saved views, what each customer's message costs while they are shown (they
// follow the log, no message counts a view), and how long lists and searches take beside both.
func savedViews(ctx context.Context, b *bench) error {
	size := b.size(10_000, 1_000_000)
	for _, database := range b.databases() {
		s, err := b.seeded(ctx, database, size)
		if err != nil {
			return err
		}
		sessions, err := s.keepViews(ctx)
		if err != nil {
			return fmt.Errorf("%s: make the views: %w", database, err)
		}
		if _, err := b.serve(ctx, s); err != nil {
			return err
		}
		err = b.viewsOn(ctx, s, fmt.Sprintf("%s, %d conversations", database, size), sessions)
		s.stop()
		if err != nil {
			return fmt.Errorf("%s: %w", database, err)
		}
	}
	return nil
}

func (b *bench) viewsOn(ctx context.Context, s *served, title, sessions string) error {
	span := fmt.Sprintf("%ds", b.size(4, 15))
	perMessage := func(what string) (timed, time.Duration, error) {
		r, cpu, err := b.load(ctx, s, "-what", what, "-sessions", sessions, "-span", span)
		return r, each(cpu.total(), r.Count), err
	}
	if err := s.rest(ctx); err != nil {
		return err
	}
	bare, without, err := perMessage("unwatched")
	if err != nil {
		return err
	}
	shown, with, err := perMessage("watched")
	if err != nil {
		return err
	}
	busy, all, err := b.load(ctx, s, "-what", "busy", "-sessions", sessions, "-span", span)
	if err != nil {
		return err
	}
	b.report.add(title+fmt.Sprintf(": %d saved views on the screen until each has its size", desk.MaxSavedViews), ms(shown.First), "")
	b.report.add("… CPU of the whole stack per message while they are shown", fmt.Sprintf("%s (%d messages, ten a second), without them %s (%d): ratio %.2f",
		ms(with), shown.Count, ms(without), bare.Count, float64(with)/float64(max(without, 1))), "")
	b.report.add("… ten lists and five searches a second beside that", fmt.Sprintf("lists p50 %s, p99 %s; searches p50 %s, p99 %s; CPU of the whole stack %s a second",
		ms(busy.List50), ms(busy.List99), ms(busy.Find50), ms(busy.Find99), ms(time.Duration(float64(all.total())/busy.Span.Seconds()))), "10 ms, 50 ms")
	return nil
}

// keepViews gives the owner as many views as may be, each with a filter of its own, and the path of their session.
func (s *served) keepViews(ctx context.Context) (string, error) {
	opened, err := s.open(ctx)
	if err != nil {
		return "", err
	}
	defer func() { _ = opened.Close() }()
	workspace := desk.ID(s.setup.WorkspaceID)
	owner, err := store.Result(ctx, opened, workspace, func(tx store.Tx) (desk.ID, error) {
		members, err := tx.Members().List()
		if err != nil || len(members) == 0 {
			return 0, fmt.Errorf("no member: %w", err)
		}
		w, err := tx.Workspaces().Current()
		if err != nil {
			return 0, err
		}
		w.RequeueMinutes = 0 // the seeded members never come: what they have stays theirs, and the desk comes to rest
		if err := tx.WriteWorkspaces().Put(w); err != nil {
			return 0, err
		}
		there, err := tx.SavedViews().List()
		for n := len(there); n < desk.MaxSavedViews && err == nil; n++ {
			err = tx.WriteSavedViews().Put(desk.SavedView{
				ID: tx.NewID(), Ownership: desk.Ownership{Audience: desk.AudienceWorkspace}, Name: fmt.Sprintf("View %d", n), Icon: desk.SavedViewIcons()[0], Place: int64(n),
				Filter: aFilter(n), CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1,
			})
		}
		return members[0].UserID, err
	})
	if err != nil {
		return "", err
	}
	token, session := auth.NewSession(time.Now())
	err = opened.Update(ctx, 0, func(tx store.Tx) error {
		session.ID, session.UserID, session.WorkspaceID = tx.NewID(), owner, workspace
		return tx.WriteAccounts().PutSession(session)
	})
	if err != nil {
		return "", err
	}
	path := filepath.Join(s.data, "sessions")
	return path, os.WriteFile(path, fmt.Appendf(nil, "%d %s\n", owner, token), 0o600)
}

// aFilter is the n-th of many that differ.
func aFilter(n int) desk.ListFilter {
	views := []desk.View{desk.ViewAll, desk.ViewUnassigned, desk.ViewWaiting, desk.ViewReplied}
	priorities := []desk.Priority{desk.PriorityLow, desk.PriorityNormal, desk.PriorityHigh, desk.PriorityUrgent}
	return desk.ListFilter{View: views[n%4], Priorities: priorities[n/4%4 : n/4%4+1], Unread: n%3 == 0, WithinDays: n / 16 * 7}
}

// watched posts ten messages of one customer a second while a member's screen is open, with all saved views on it or none;
// busy: lists and searches are read meanwhile.
func (t target) watched(ctx context.Context, span time.Duration, path string, views, busy bool) (order, error) {
	people, err := readSessions(path)
	if err != nil {
		return nil, err
	}
	sized := newShownSizes()
	socket, err := t.watch(ctx, people[0], sized.hear)
	if err != nil {
		return nil, err
	}
	var first time.Duration
	if views {
		ids, err := t.viewIDs(ctx, people[0])
		if err != nil {
			return nil, err
		}
		began := time.Now()
		if err := socket.WriteString(`{"type":"views","views":[` + strings.Join(ids, ",") + `]}`); err != nil {
			return nil, err
		}
		if err := sized.await(ctx, len(ids)); err != nil {
			return nil, err
		}
		first = time.Since(began)
	}
	h := &http.Client{Transport: &http.Transport{DisableCompression: true}}
	token, err := t.boot(ctx, h)
	if err != nil {
		return nil, err
	}
	post := func(n int) error {
		text := fmt.Sprintf("message-%d", n)
		return t.call(ctx, h, http.MethodPost, "/widget/v1/messages", token, write(text, text), nil)
	}
	list, find, err := t.lookups(ctx)
	if err != nil {
		return nil, err
	}
	return func(context.Context) (timed, error) {
		var listed, found timed
		var listing, finding error
		var beside sync.WaitGroup
		if busy {
			beside.Go(func() { listed, listing = paced(span, time.Second/10, list) })
			beside.Go(func() { found, finding = paced(span, time.Second/5, find) })
		}
		r, posting := paced(span, time.Second/10, post)
		beside.Wait()
		r.First = first
		r.List50, r.List99, r.Find50, r.Find99 = listed.P50, listed.P99, found.P50, found.P99
		return r, errors.Join(posting, listing, finding)
	}, nil
}

// lookups are a page of the n-th list, and of what the n-th search finds, each on a connection of its own.
func (t target) lookups(ctx context.Context) (list, find func(n int) error, err error) {
	lines, err := t.dialAll(ctx, 2)
	if err != nil {
		return nil, nil, err
	}
	words := []string{"返金", "refund", "配送", "order", "佐藤", "jo", "領収書 会社", "invoice company"}
	queries := slices.DeleteFunc(slices.Clone(lists), func(list string) bool { return strings.Contains(list, "TAG") })
	list = func(n int) error {
		return lines[0].ask(http.MethodGet, "/api/v1/conversations?limit=50&"+queries[n%len(queries)], t.key, nil)
	}
	find = func(n int) error {
		return lines[1].ask(http.MethodGet, "/api/v1/search?q="+url.QueryEscape(words[n%len(words)]), t.key, nil)
	}
	return list, find, nil
}

// paced does something again and again, once in so long at most.
func paced(span, every time.Duration, do func(n int) error) (timed, error) {
	var took []time.Duration
	tick := time.NewTicker(every)
	defer tick.Stop()
	began := time.Now()
	for n := 0; time.Since(began) < span; n++ {
		sent := time.Now()
		if err := do(n); err != nil {
			return timed{}, err
		}
		took = append(took, time.Since(sent))
		<-tick.C
	}
	return collect([][]time.Duration{took}, time.Since(began), 0), nil
}

// viewIDs are the saved views that a member has.
func (t target) viewIDs(ctx context.Context, m signedIn) ([]string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+t.address+"/api/v1/saved-views", nil)
	if err != nil {
		return nil, err
	}
	request.AddCookie(&http.Cookie{Name: auth.SessionCookieName, Value: m.token})
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var views struct{ Items []struct{ ID int64 } }
	if err := json.NewDecoder(response.Body).Decode(&views); err != nil {
		return nil, err
	}
	ids := make([]string, len(views.Items))
	for i, v := range views.Items {
		ids[i] = strconv.FormatInt(v.ID, 10)
	}
	return ids, nil
}

// shownSizes are the views whose size a screen was told.
type shownSizes struct {
	mu    sync.Mutex
	known map[int64]bool
	more  chan struct{}
}

func newShownSizes() *shownSizes {
	return &shownSizes{known: map[int64]bool{}, more: make(chan struct{}, 1)}
}

func (s *shownSizes) hear(frame []byte) {
	var f struct{ Sizes []struct{ ID int64 } }
	if !bytes.HasPrefix(frame, []byte(`{"type":"saved"`)) || json.Unmarshal(frame, &f) != nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, size := range f.Sizes {
		s.known[size.ID] = true
	}
	select {
	case s.more <- struct{}{}:
	default:
	}
}

// await waits until so many views have their size.
func (s *shownSizes) await(ctx context.Context, n int) error {
	for {
		s.mu.Lock()
		known := len(s.known)
		s.mu.Unlock()
		if known >= n {
			return nil
		}
		select {
		case <-s.more:
		case <-time.After(time.Minute):
			return fmt.Errorf("%d of %d views were told their size", known, n)
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
