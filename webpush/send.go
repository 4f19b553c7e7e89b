package webpush

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

// Sender delivers messages to browsers.
type Sender struct {
	Identity Identity
	Subject  string       // whom a push service may turn to: mailto: or https:
	Client   *http.Client // guarded: endpoints come from browsers
	Now      func() time.Time
}

// Message is what one browser is to get.
type Message struct {
	Body   []byte
	Topic  string        // a later one of the same topic replaces it while it waits; at most 32 characters of base64url
	TTL    time.Duration // how long the service keeps it for a browser that is away
	Urgent bool          // also wakes a device that saves power
}

// ErrGone says that the browser's subscription has ended.
var ErrGone = errors.New("push subscription has ended")

// Refusal is a push service's answer that is neither success nor the end of the subscription.
type Refusal struct {
	Status     int
	RetryAfter time.Duration // as the service asks, zero unless
}

// Error names the status.
func (r Refusal) Error() string { return "push service answered " + strconv.Itoa(r.Status) }

// Passing reports whether the same may succeed later.
func (r Refusal) Passing() bool {
	return r.Status == http.StatusTooManyRequests || r.Status >= http.StatusInternalServerError
}

// Send hands one message to the browser's push service: nil, ErrGone, a Refusal, or that it was not reached.
func (s Sender) Send(ctx context.Context, to Subscription, m Message) error {
	endpoint, err := url.Parse(to.Endpoint)
	if err != nil {
		return ErrGone
	}
	body, err := Encrypt(m.Body, to)
	if err != nil {
		return err
	}
	authorization, err := s.Identity.authorization(endpoint, s.Subject, s.Now())
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to.Endpoint, bytes.NewReader(body))
	if err != nil {
		return ErrGone
	}
	h := req.Header
	h.Set("Authorization", authorization)
	h.Set("Content-Encoding", "aes128gcm")
	h.Set("Content-Type", "application/octet-stream")
	h.Set("TTL", strconv.Itoa(int(m.TTL.Seconds())))
	if m.Topic != "" {
		h.Set("Topic", m.Topic)
	}
	if m.Urgent {
		h.Set("Urgency", "high")
	}
	resp, err := s.Client.Do(req)
	if err != nil {
		return fmt.Errorf("reach the push service: %w", err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, 4096)) // the connection is used again
	switch {
	case resp.StatusCode/100 == 2:
		return nil
	case resp.StatusCode == http.StatusNotFound || resp.StatusCode == http.StatusGone:
		return ErrGone
	}
	seconds, _ := strconv.Atoi(resp.Header.Get("Retry-After"))
	return Refusal{Status: resp.StatusCode, RetryAfter: time.Duration(max(seconds, 0)) * time.Second}
}
