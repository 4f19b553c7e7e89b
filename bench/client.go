package main

import (
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

// client is a load client: a process of its own, so that its CPU does not count.
func client(args []string) error {
	fs := flag.NewFlagSet("client", flag.ContinueOnError)
	var t target
	fs.StringVar(&t.address, "address", "", "host:port")
	fs.StringVar(&t.account, "account", "", "web chat account")
	fs.StringVar(&t.key, "key", "", "API key")
	what := fs.String("what", "", "inbound, latency, list, sockets")
	callers := fs.Int("callers", 64, "how many at once")
	seconds := fs.Int("seconds", 10, "how long")
	query := fs.String("query", "", "with list: the query string")
	if err := fs.Parse(args); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), time.Duration(*seconds+120)*time.Second)
	defer cancel()
	span := time.Duration(*seconds) * time.Second
	var result any
	var err error
	switch *what {
	case "inbound":
		result, err = t.inbound(ctx, *callers, span)
	case "latency":
		result, err = t.latency(ctx, span)
	case "list":
		result, err = t.list(ctx, *callers, span, *query)
	case "sockets":
		return t.sockets(ctx, *callers)
	default:
		err = fmt.Errorf("unknown load %q", *what)
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(result)
}

// timed is what a load client measured.
type timed struct {
	Count  int           `json:"count"`
	Failed int           `json:"failed"`
	Span   time.Duration `json:"span"`
	P50    time.Duration `json:"p50"`
	P99    time.Duration `json:"p99"`
}

func (t timed) rate() float64 { return float64(t.Count) / t.Span.Seconds() }

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

// inbound posts customers' messages from so many callers, each on one connection, each waiting for its answer.
func (t target) inbound(ctx context.Context, callers int, span time.Duration) (timed, error) {
	h := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers, DisableCompression: true}}
	tokens := make([][]string, callers)
	for i := range tokens {
		for range visitorsPerCaller {
			token, err := t.boot(ctx, h)
			if err != nil {
				return timed{}, err
			}
			tokens[i] = append(tokens[i], token)
		}
	}
	var failed atomic.Int64
	took := make([][]time.Duration, callers)
	began := time.Now()
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			for n := 0; time.Since(began) < span; n++ {
				sent := time.Now()
				token := tokens[i][n%visitorsPerCaller]
				err := t.call(ctx, h, http.MethodPost, "/widget/v1/messages", token, write(fmt.Sprintf("%d-%d", i, n), "商品がまだ届きません。配送状況を教えてください。"), nil)
				if err != nil {
					if failed.Add(1) == 1 {
						fmt.Fprintln(os.Stderr, "bench client:", err)
					}
					continue
				}
				took[i] = append(took[i], time.Since(sent))
			}
		})
	}
	all.Wait()
	return collect(took, time.Since(began), int(failed.Load())), nil
}

// list reads the first page of a list again and again.
func (t target) list(ctx context.Context, callers int, span time.Duration, query string) (timed, error) {
	h := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: callers, DisableCompression: true}}
	var failed atomic.Int64
	took := make([][]time.Duration, callers)
	began := time.Now()
	var all sync.WaitGroup
	for i := range callers {
		all.Go(func() {
			for time.Since(began) < span {
				sent := time.Now()
				if err := t.call(ctx, h, http.MethodGet, "/api/v1/conversations?limit=50&"+query, t.key, nil, nil); err != nil {
					if failed.Add(1) == 1 {
						fmt.Fprintln(os.Stderr, "bench client:", err)
					}
					continue
				}
				took[i] = append(took[i], time.Since(sent))
			}
		})
	}
	all.Wait()
	return collect(took, time.Since(began), int(failed.Load())), nil
}

func collect(took [][]time.Duration, span time.Duration, failed int) timed {
	var all []time.Duration
	for _, d := range took {
		all = append(all, d...)
	}
	p50, p99 := spread(all)
	return timed{Count: len(all), Failed: failed, Span: span, P50: p50, P99: p99}
}
