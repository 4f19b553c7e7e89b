package inbound

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

const (
	ackWithin = time.Second      // where a channel does not say
	fileFirst = 30 * time.Second // how long the node that took a request has it to itself
)

// envelope is what a stored request is, before it is sealed: the request, and what proved it. Secrets may be others by
// the time that it is filed again.
type envelope struct {
	Method   string            `json:"method"`
	URL      string            `json:"url"`
	Header   http.Header       `json:"header"`
	Body     []byte            `json:"body"`
	Received time.Time         `json:"received"`
	Callback string            `json:"callback"`
	Secrets  map[string]string `json:"secrets"`
}

func (e envelope) request() channel.Request {
	return channel.Request{Method: e.Method, URL: e.URL, Header: e.Header, Body: e.Body}
}

// rawPlace is where a request is sealed for: another channel's do not fit.
func rawPlace(workspace, channel desk.ID) string {
	return fmt.Sprintf("workspace/%d/channel/%d/raw", workspace, channel)
}

// Hook takes a request at a provider's callback: it is verified, kept durably, and answered; then it is filed. Errors:
// KindNotFound for an address that is nobody's; channel.ErrForged; desk.KindInvalid from the connector; the store's.
// Requests for a disabled channel are verified, counted, acknowledged and discarded (H2).
func (s *Service) Hook(ctx context.Context, kind, hook string, r channel.Request) (channel.Reply, error) {
	k, err := s.behind(ctx, hook)
	if err != nil {
		return channel.Reply{}, err
	}
	connector, err := s.channels.Get(kind)
	if err != nil || k.Channel.Kind != kind {
		return channel.Reply{}, desk.NotFound("channel")
	}
	e := s.callback(k, s.now().UTC())
	if r.Method == http.MethodGet || r.Method == http.MethodHead {
		reply, err := verify(connector, e, r)
		s.refusedHook(ctx, hook, k, err)
		return reply, err
	}
	reply, err := connector.Receive(ctx, e, r)
	if err != nil {
		s.refusedHook(ctx, hook, k, err)
		return channel.Reply{}, err
	}
	if k.Channel.State.Closed() != nil && ownResults(reply, k.Channel.Account) {
		s.counts.discarded.Add(int64(len(reply.Results)))
		return reply, nil
	}
	if len(reply.Results) == 0 {
		return reply, nil
	}
	taken := envelope{Method: r.Method, URL: r.URL, Header: r.Header, Body: r.Body, Received: e.Received, Callback: e.URL, Secrets: k.Secrets}
	return reply, s.keep(ctx, k, connector.Spec(), taken)
}

// verify answers the provider's question whether a callback is ours.
func verify(c channel.Connector, e channel.Endpoint, r channel.Request) (channel.Reply, error) {
	verifier, ok := c.(channel.Verifier)
	if !ok {
		return channel.Reply{}, desk.NotFound("channel")
	}
	return verifier.Verify(e, r)
}

// refusedHook counts a forged request and notes it on the channel, now and then (H9).
func (s *Service) refusedHook(ctx context.Context, hook string, k known, err error) {
	if !errors.Is(err, channel.ErrForged) {
		return
	}
	s.counts.forged.Add(1)
	now := s.now()
	if now.Sub(k.Channel.Health.ForgedAt) < heardEvery {
		return
	}
	k.Channel.Health.ForgedAt = now
	s.directory.put(hook, k)
	err = s.setHealth(ctx, k.Workspace, k.Channel.ID, func(h *desk.ChannelHealth) { h.ForgedAt = now })
	if err != nil {
		s.log.WarnContext(ctx, "note a forged request", "channel", k.Channel.ID, "err", err)
	}
}

// ownResults reports whether everything in a request is about one account.
func ownResults(reply channel.Reply, account string) bool {
	for _, r := range reply.Results {
		if r.Account != "" && r.Account != account {
			return false
		}
	}
	return true
}

// keep makes a request durable, and lets it be filed: in the store, or in the journal where the store does not take it in
// half the time that the provider gives.
func (s *Service) keep(ctx context.Context, k known, spec channel.Spec, e envelope) error {
	sealed, err := s.sealed(k, e)
	if err != nil {
		return err
	}
	q := kept{Workspace: k.Workspace, Channel: k.Channel.ID, Key: rand.Text(), Received: e.Received, Sealed: sealed}
	var full error
	if s.behindJournal() {
		if full = s.away(q); full == nil {
			return nil
		}
	}
	within := spec.AckWithin
	if within == 0 {
		within = ackWithin
	}
	storing, cancel := context.WithTimeout(context.WithoutCancel(ctx), within/2)
	defer cancel()
	ids, err := s.commit(storing, []kept{q})
	if err != nil {
		if full == nil {
			full = s.away(q)
		}
		if full == nil {
			return nil
		}
		return keptNowhere(err, full)
	}
	s.filer.push(item{workspace: k.Workspace, channel: k.Channel.ID, id: ids[0], live: &e})
	return nil
}

func (s *Service) sealed(k known, e envelope) ([]byte, error) {
	plain, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode request: %w", err)
	}
	sealed, err := s.sealer.Seal(plain, rawPlace(k.Workspace, k.Channel.ID))
	if err != nil {
		return nil, fmt.Errorf("seal request: %w", err)
	}
	return sealed, nil
}

// opened reads a stored request.
func (s *Service) opened(q store.RawRequest) (envelope, error) {
	var e envelope
	plain, err := s.sealer.Open(q.Sealed, rawPlace(q.Workspace, q.ChannelID))
	if err != nil {
		return e, fmt.Errorf("open request %d: %w", q.ID, err)
	}
	if err := json.Unmarshal(plain, &e); err != nil {
		return e, fmt.Errorf("read request %d: %w", q.ID, err)
	}
	return e, nil
}
