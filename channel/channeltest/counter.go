package channeltest

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"madoguchi/channel"
)

// Counter is a callback that a provider, or one that is pretended, calls: it answers with what a connector makes of the request and
// keeps the results in order.
type Counter struct {
	URL string

	t         testing.TB
	connector channel.Connector
	endpoint  channel.Endpoint
	results   chan channel.Result
}

// NewCounter opens a callback on a loopback port until the test ends. Requests that are not authentic are answered 403.
func NewCounter(t testing.TB, c channel.Connector, e channel.Endpoint) *Counter {
	counter := &Counter{t: t, connector: c, endpoint: e, results: make(chan channel.Result, 1000)}
	server := httptest.NewServer(counter)
	t.Cleanup(server.Close)
	counter.URL = server.URL + "/hooks/" + c.Spec().Kind
	counter.endpoint.URL = counter.URL
	return counter
}

// ServeHTTP takes one request, or answers the question whether the callback is ours.
func (c *Counter) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	request := channel.Request{Method: r.Method, URL: r.URL.RequestURI(), Header: r.Header, Body: body}
	reply, err := c.read(r, request)
	if err != nil {
		w.WriteHeader(http.StatusForbidden)
		return
	}
	for _, result := range reply.Results {
		c.results <- result
	}
	if reply.Type != "" {
		w.Header().Set("Content-Type", reply.Type)
	}
	w.WriteHeader(max(reply.Status, http.StatusOK))
	_, _ = w.Write(reply.Body)
}

func (c *Counter) read(r *http.Request, request channel.Request) (channel.Reply, error) {
	if v, ok := c.connector.(channel.Verifier); ok && r.Method == http.MethodGet {
		return v.Verify(c.endpoint, request)
	}
	return c.connector.Receive(r.Context(), c.endpoint, request)
}

// counterPatience is how long Next waits before a test has failed.
const counterPatience = 20 * time.Second

// Next waits for the next result and ends the test if there is none.
func (c *Counter) Next() channel.Result {
	c.t.Helper()
	select {
	case result := <-c.results:
		return result
	case <-time.After(counterPatience):
	}
	c.t.Fatal("nothing came in")
	return channel.Result{}
}
