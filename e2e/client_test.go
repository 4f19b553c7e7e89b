package e2e_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"sync/atomic"
	"time"
)

// caller speaks HTTP with the desk as one of its users would. Several goroutines may use it.
type caller struct {
	node   atomic.Pointer[desk] // the node that it asks
	http   *http.Client
	bearer string
}

func (d *desk) agent() *caller {
	c := d.caller(patience)
	c.bearer = d.setup.APIKey
	return c
}

func (d *desk) caller(patience time.Duration) *caller {
	c := &caller{http: newHTTP(patience)}
	c.node.Store(d)
	return c
}

// status is an answer that was not 2xx.
type status struct {
	status int
	body   string
}

func (s *status) Error() string { return fmt.Sprintf("%d: %s", s.status, s.body) }

// code is the stable code of the problem.
func (s *status) code() string {
	var problem struct {
		Code string `json:"code"`
	}
	_ = json.Unmarshal([]byte(s.body), &problem)
	return problem.Code
}

// do sends one request; into may be nil. After a failure that is the node's, the next request goes to the next one.
func (c *caller) do(ctx context.Context, method, path string, body, into any) error {
	node := c.node.Load()
	err := c.ask(ctx, node, method, path, body, into)
	if refusal, answered := err.(*status); err != nil && (!answered || refusal.status >= http.StatusInternalServerError) {
		c.node.CompareAndSwap(node, node.next())
	}
	return err
}

func (c *caller) ask(ctx context.Context, node *desk, method, path string, body, into any) error {
	var reader io.Reader
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return err
		}
		reader = bytes.NewReader(encoded)
	}
	request, err := http.NewRequestWithContext(ctx, method, node.url(path), reader)
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set("Origin", "http://"+node.listen)
	if c.bearer != "" {
		request.Header.Set("Authorization", "Bearer "+c.bearer)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode/100 != 2 {
		return &status{response.StatusCode, string(answer)}
	}
	if into == nil || len(answer) == 0 {
		return nil
	}
	return json.Unmarshal(answer, into)
}

// text reads a plain answer.
func (c *caller) text(ctx context.Context, path string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, c.node.Load().url(path), nil)
	if err != nil {
		return "", err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	return string(text), err
}

// The shapes of the API that the tests look at.
type (
	part struct {
		Kind string `json:"kind"`
		Text string `json:"text"`
	}
	author struct {
		Kind string `json:"kind"`
	}
	message struct {
		ID             int64  `json:"id"`
		ConversationID int64  `json:"conversation_id"`
		Seq            int64  `json:"seq"`
		Author         author `json:"author"`
		Parts          []part `json:"parts"`
		ClientID       string `json:"client_id"`
		Status         string `json:"status"`
		Version        int64  `json:"version"`
	}
	row struct {
		ID      int64 `json:"id"`
		LastSeq int64 `json:"last_seq"`
		Version int64 `json:"version"`
		Ticket  struct {
			ID     int64  `json:"id"`
			Number int64  `json:"number"`
			Status string `json:"status"`
		} `json:"ticket"`
	}
	page[T any] struct {
		Items []T    `json:"items"`
		Next  string `json:"next"`
		More  bool   `json:"more"`
	}
)

func (m message) text() string {
	if len(m.Parts) == 0 {
		return ""
	}
	return m.Parts[0].Text
}

// visitor boots a new browser on the widget's API.
func (d *desk) visitor(ctx context.Context) (*caller, error) {
	c := d.caller(impatience)
	var booted struct {
		Token string `json:"token"`
	}
	err := c.do(ctx, http.MethodPost, "/widget/v1/boot", map[string]any{
		"account": d.setup.ChannelAccount, "locale": "ja",
		"page": map[string]string{"url": d.url("/try"), "title": "e2e"},
	}, &booted)
	c.bearer = booted.Token
	return c, err
}

// write posts a customer's message.
func (c *caller) write(ctx context.Context, clientID, text string) (message, error) {
	var m message
	err := c.do(ctx, http.MethodPost, "/widget/v1/messages",
		map[string]any{"client_id": clientID, "parts": []part{{Kind: "text", Text: text}}}, &m)
	return m, err
}

// reply posts a member's message.
func (c *caller) reply(ctx context.Context, conversation int64, clientID, text string) (message, error) {
	var m message
	err := c.do(ctx, http.MethodPost, fmt.Sprintf("/api/v1/conversations/%d/messages", conversation),
		map[string]any{"client_id": clientID, "mode": "reply", "parts": []part{{Kind: "text", Text: text}}}, &m)
	return m, err
}

// conversations reads the whole list.
func (c *caller) conversations(ctx context.Context) ([]row, error) {
	var all []row
	for after := ""; ; {
		var p page[row]
		if err := c.do(ctx, http.MethodGet, "/api/v1/conversations?view=all&limit=200&after="+after, nil, &p); err != nil {
			return nil, err
		}
		all = append(all, p.Items...)
		if after = p.Next; after == "" {
			return all, nil
		}
	}
}

// thread reads a whole conversation, oldest first; pages come from the end.
func (c *caller) thread(ctx context.Context, conversation int64) ([]message, error) {
	var all []message
	for before := ""; ; {
		var p page[message]
		path := fmt.Sprintf("/api/v1/conversations/%d/messages?limit=200%s", conversation, before)
		if err := c.do(ctx, http.MethodGet, path, nil, &p); err != nil {
			return nil, err
		}
		all = append(p.Items, all...)
		if !p.More || len(p.Items) == 0 {
			return all, nil
		}
		before = fmt.Sprintf("&before=%d", p.Items[0].Seq)
	}
}

// How long clients wait for an answer: those who only look, and those who write and try again with the same id. The
// latter give up while a frozen database may still commit.
const (
	patience   = 30 * time.Second
	impatience = 2 * time.Second
)

// newHTTP makes a client of its own, so that visitors do not share connections. Answers stay uncompressed, so that a
// trace of the program can be read.
func newHTTP(timeout time.Duration) *http.Client {
	return &http.Client{Timeout: timeout, Transport: &http.Transport{DisableCompression: true}}
}
