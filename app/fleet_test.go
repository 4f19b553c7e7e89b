package app_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/sim"
)

// fleet is the nodes of a desk behind one address, as a load balancer has it.
type fleet struct {
	processes []*process
	front     *httptest.Server
}

// newFleet prepares one node, or two if there is a database for both.
func newFleet(t *testing.T, database, provider string) fleet {
	t.Helper()
	f := fleet{processes: make([]*process, 1)}
	if database != "" {
		f.processes = make([]*process, 2)
	}
	f.front = httptest.NewServer(f.balancer())
	t.Cleanup(f.front.Close)
	data := t.TempDir()
	for i := range f.processes {
		p := &process{processConfig: processConfig{Data: data, Database: database, Public: f.front.URL, Listen: freeAddress(t)}}
		for _, kind := range sim.Kinds() {
			p.Providers = append(p.Providers, kind+"="+provider+"/"+kind)
		}
		f.processes[i] = p
		t.Cleanup(p.kill)
	}
	return f
}

func (f fleet) first() *process { return f.processes[0] }

func (f fleet) url() string { return f.front.URL }

// balancer hands each request to a node in turn, to the next where that one does not listen. A request that a node died over is not
// handed to another.
func (f fleet) balancer() http.Handler {
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	var turn atomic.Int64
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			return // the caller died
		}
		first := int(turn.Add(1))
		for i := range f.processes {
			node := f.processes[(first+i)%len(f.processes)]
			if node.cmd.Load() == nil || node.struck.Load() {
				continue
			}
			out := r.Clone(r.Context())
			out.RequestURI, out.URL.Scheme, out.URL.Host, out.Body = "", "http", node.Listen, io.NopCloser(bytes.NewReader(body))
			answer, err := client.Do(out)
			if err != nil {
				break
			}
			defer answer.Body.Close()
			for name, values := range answer.Header {
				w.Header()[name] = values
			}
			w.WriteHeader(answer.StatusCode)
			_, _ = io.Copy(w, answer.Body)
			return
		}
		w.WriteHeader(http.StatusBadGateway)
	})
}

func (f fleet) start(t *testing.T) {
	t.Helper()
	for _, p := range f.processes {
		p.start(t)
	}
}

// strike is kill -9 of one node; the others go on.
func (f fleet) strike(i int) { f.processes[i].strike() }

// kill is the end of all nodes.
func (f fleet) kill() {
	for _, p := range f.processes {
		p.strike()
	}
	for _, p := range f.processes {
		p.kill()
	}
}

// later puts the clocks of nodes that do not run forward, and says how far ahead they are.
func (f fleet) later(by time.Duration) time.Duration {
	for _, p := range f.processes {
		p.Ahead += by
	}
	return f.first().Ahead
}
