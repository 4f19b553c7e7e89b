package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// target is the desk that a load client talks to.
type target struct{ address, account, key string }

// order is one line on standard input; what it measured is answered on standard output.
type order func(ctx context.Context) (timed, error)

// client is a load client: a process of its own, so that its CPU does not count. It prepares, prints "ready", and then
// measures once for each line it reads.
func client(args []string) error {
	fs := flag.NewFlagSet("client", flag.ContinueOnError)
	var t target
	fs.StringVar(&t.address, "address", "", "host:port")
	fs.StringVar(&t.account, "account", "", "web chat account")
	fs.StringVar(&t.key, "key", "", "API key")
	what := fs.String("what", "", "inbound, latency, list, office, unwatched, watched, busy, sockets, hooks, deliver")
	sessions := fs.String("sessions", "", "with office, unwatched, watched and busy: a file of who is signed in, the owner first")
	callers := fs.Int("callers", 1, "how many at once")
	span := fs.Duration("span", time.Second, "how long")
	query := fs.String("query", "", "with list: the path and query")
	listenAt := fs.String("listen-at", "", "with latency: the node that the other browser is on, default the same")
	var side otherSide
	fs.StringVar(&side.kind, "kind", "", "with hooks and deliver: of the channels")
	fs.StringVar(&side.address, "providers", "", "with hooks and deliver: where the desk looks for providers")
	fs.IntVar(&side.accounts, "accounts", 1, "with hooks and deliver: how many are connected")
	fs.IntVar(&side.people, "people", 512, "with hooks and deliver: how many write to them in all")
	fs.IntVar(&side.count, "count", 0, "with hooks and deliver: how many messages")
	follow := fs.Bool("follow", false, "with inbound: an inbox follows and must get every message")
	if err := fs.Parse(args); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), *span+10*time.Minute)
	defer cancel()
	var run order
	var err error
	switch *what {
	case "inbound":
		run, err = t.inbound(ctx, *callers, *span, *follow)
	case "latency":
		run, err = t.latency(ctx, *span, *listenAt)
	case "list":
		run, err = t.list(ctx, *span, *query)
	case "office":
		run, err = t.office(ctx, *span, *sessions)
	case "unwatched", "watched", "busy":
		run, err = t.watched(ctx, *span, *sessions, *what != "unwatched", *what == "busy")
	case "sockets":
		run, err = t.sockets(ctx, *callers)
	case "hooks":
		run, err = t.hooks(ctx, side, *callers, *span)
	case "deliver":
		run, err = t.deliver(ctx, side, *callers)
	default:
		err = fmt.Errorf("unknown load %q", *what)
	}
	if err != nil {
		return err
	}
	fmt.Println("ready")
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		result, err := run(ctx)
		if err != nil {
			return err
		}
		if err := json.NewEncoder(os.Stdout).Encode(result); err != nil {
			return err
		}
	}
	return nil
}

// timed is what a load client measured.
type timed struct {
	Count  int           `json:"count"`
	Failed int           `json:"failed"`
	Span   time.Duration `json:"span"`
	P50    time.Duration `json:"p50"`
	P99    time.Duration `json:"p99"`
	Heard  int           `json:"heard"`  // with a follower: the messages that reached it
	Sum    int64         `json:"sum"`    // with inbound and hooks: how many messages the desk says it has of these customers
	Behind time.Duration `json:"behind"` // with hooks: how long after the last answer the last of them was there

	Board50 time.Duration `json:"board_50"` // with office: until it was on the board
	Board99 time.Duration `json:"board_99"`
	First   time.Duration `json:"first"`   // with watched: until every view had its size
	List50  time.Duration `json:"list_50"` // with busy: a page of a list
	List99  time.Duration `json:"list_99"`
	Find50  time.Duration `json:"find_50"` // and of what a search found
	Find99  time.Duration `json:"find_99"`
}

func (t timed) rate() float64 { return float64(t.Count) / max(t.Span.Seconds(), 1e-9) }

func (t target) call(ctx context.Context, h *http.Client, method, path, bearer string, body, into any) error {
	var reader io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		reader = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, "http://"+t.address+path, reader)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Origin", "http://"+t.address)
	request.Header.Set("Authorization", "Bearer "+bearer)
	response, err := h.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: %d %s", method, path, response.StatusCode, answer)
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer, into)
}

func (t target) boot(ctx context.Context, h *http.Client) (token string, err error) {
	var booted struct {
		Token string `json:"token"`
	}
	err = t.call(ctx, h, http.MethodPost, "/widget/v1/boot", "", map[string]any{
		"account": t.account, "locale": "ja", "page": map[string]string{"url": "http://" + t.address + "/try", "title": "bench"},
	}, &booted)
	return booted.Token, err
}

func write(id, text string) map[string]any {
	return map[string]any{"client_id": id, "parts": []map[string]string{{"kind": "text", "text": text}}}
}

// visitorsPerCaller spreads the load over conversations, as it is in life.
const visitorsPerCaller = 8

// inbound posts customers' messages from so many callers, each on one connection, each waiting for its answer. Every
// customer has written once before the measurement begins. At the end the desk is asked what it has.
func (t target) inbound(ctx context.Context, callers int, span time.Duration, follow bool) (order, error) {
	h := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers, DisableCompression: true}}
	tokens := make([][]string, callers)
	errs := make([]error, callers)
	var all sync.WaitGroup
	for i := range tokens {
		all.Go(func() {
			for n := range visitorsPerCaller {
				token, err := t.boot(ctx, h)
				if err == nil {
					err = t.call(ctx, h, http.MethodPost, "/widget/v1/messages", token, write(fmt.Sprintf("first-%d-%d", i, n), "こんにちは"), nil)
				}
				if err != nil {
					errs[i] = err
					return
				}
				tokens[i] = append(tokens[i], token)
			}
		})
	}
	all.Wait()
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	lines, err := t.dialAll(ctx, callers)
	if err != nil {
		return nil, err
	}
	before, err := t.messagesThere(ctx, h)
	if err != nil {
		return nil, err
	}
	var heard atomic.Int64
	if follow {
		if _, err := t.connect(ctx, func(string) { heard.Add(1) }); err != nil {
			return nil, err
		}
	}
	return func(ctx context.Context) (timed, error) {
		r := together(span, lines, func(c *caller, i, n int) error {
			return c.post(tokens[i][n%visitorsPerCaller], fmt.Sprintf("%d-%d", i, n), question)
		})
		if follow {
			r.Heard = t.awaitHeard(&heard, r.Count)
		}
		after, err := t.messagesThere(ctx, h)
		r.Sum = after - before
		return r, err
	}, nil
}

// together lets callers ask again and again until the span is over, or until they have no more (io.EOF).
func together(span time.Duration, lines []*caller, ask func(c *caller, i, n int) error) timed {
	var failed atomic.Int64
	var all sync.WaitGroup
	took := make([][]time.Duration, len(lines))
	began := time.Now()
	for i, line := range lines {
		all.Go(func() {
			for n := 0; time.Since(began) < span; n++ {
				sent := time.Now()
				err := ask(line, i, n)
				if err == io.EOF {
					return
				}
				if err != nil {
					if failed.Add(1) == 1 {
						fmt.Fprintln(os.Stderr, "bench client:", err)
					}
					return // its connection is in doubt
				}
				took[i] = append(took[i], time.Since(sent))
			}
		})
	}
	all.Wait()
	return collect(took, time.Since(began), int(failed.Load()))
}

// awaitHeard gives the follower a moment to get what was posted last.
func (t target) awaitHeard(heard *atomic.Int64, want int) int {
	for end := time.Now().Add(10 * time.Second); heard.Load() < int64(want) && time.Now().Before(end); {
		time.Sleep(time.Millisecond)
	}
	return int(heard.Load())
}

// conversation is one as the API lists it.
type conversation struct {
	ID      int64 `json:"id"`
	LastSeq int64 `json:"last_seq"`
}

// conversations are all that the desk has.
func (t target) conversations(ctx context.Context, h *http.Client) (all []conversation, err error) {
	for after := ""; ; {
		var page struct {
			Items []conversation `json:"items"`
			Next  string         `json:"next"`
		}
		if err := t.call(ctx, h, http.MethodGet, "/api/v1/conversations?view=all&limit=200&after="+after, t.key, nil, &page); err != nil {
			return nil, err
		}
		all = append(all, page.Items...)
		if page.Next == "" {
			return all, nil
		}
		after = page.Next
	}
}

// messagesThere adds up how many messages the customers' conversations have, as the API tells it.
func (t target) messagesThere(ctx context.Context, h *http.Client) (sum int64, err error) {
	all, err := t.conversations(ctx, h)
	for _, c := range all {
		sum += c.LastSeq
	}
	return sum, err
}

// list reads the first page of a list again and again.
func (t target) list(ctx context.Context, span time.Duration, query string) (order, error) {
	line, err := t.dial(ctx)
	if err != nil {
		return nil, err
	}
	read := func(span time.Duration) (timed, error) {
		var took []time.Duration
		began := time.Now()
		for time.Since(began) < span {
			sent := time.Now()
			if err := line.ask(http.MethodGet, query, t.key, nil); err != nil {
				return timed{}, fmt.Errorf("read %s: %w", query, err)
			}
			took = append(took, time.Since(sent))
		}
		return collect([][]time.Duration{took}, time.Since(began), 0), nil
	}
	if _, err := read(300 * time.Millisecond); err != nil { // warm
		return nil, err
	}
	return func(context.Context) (timed, error) { return read(span) }, nil
}

func collect(took [][]time.Duration, span time.Duration, failed int) timed {
	var all []time.Duration
	for _, d := range took {
		all = append(all, d...)
	}
	p50, p99 := spread(all)
	return timed{Count: len(all), Failed: failed, Span: span, P50: p50, P99: p99}
}
