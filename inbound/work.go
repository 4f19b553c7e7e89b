package inbound

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// work is a stored request that was read: what is in it, and whom it is about.
type work struct {
	raw     store.RawRequest
	request *request
	results []channel.Result
	people  map[person]bool
}

// readItem claims a request, unless this node has it in hand, and reads what is in it. false means that there is nothing to
// file: another node has it, or it failed and is tried again.
func (s *Service) readItem(ctx context.Context, i item) (work, bool) {
	w := work{raw: store.RawRequest{Workspace: i.workspace, ID: i.id, ChannelID: i.channel, Attempts: 1}}
	e := i.live
	if e == nil {
		claimed, found, err := s.claim(ctx, i)
		if err != nil || !found {
			if err != nil && ctx.Err() == nil {
				s.log.ErrorContext(ctx, "claim request", "request", i.id, "err", err)
			}
			return w, false
		}
		w.raw = claimed
		opened, err := s.opened(claimed)
		if err != nil {
			s.settle(ctx, claimed, err)
			return w, false
		}
		e = &opened
	}
	w.raw.ReceivedAt = e.Received
	if err := s.understand(ctx, &w, *e); err != nil {
		s.settle(ctx, w.raw, err)
		return w, false
	}
	return w, true
}

// understand reads a request's results.
func (s *Service) understand(ctx context.Context, w *work, e envelope) (err error) {
	defer s.survive(ctx, w.raw.ChannelID, &err)
	endpoint := channel.Endpoint{Secrets: e.Secrets, URL: e.Callback, Received: e.Received}
	err = s.store.View(ctx, w.raw.Workspace, func(r store.Reader) (err error) {
		endpoint.Channel, err = r.Channels().Get(w.raw.ChannelID)
		return err
	})
	if err != nil {
		return err
	}
	connector, err := s.channels.Get(endpoint.Channel.Kind)
	if err != nil {
		return err
	}
	reply, err := connector.Receive(ctx, endpoint, e.request())
	if err != nil {
		return err
	}
	w.results, w.people = reply.Results, peopleIn(reply.Results)
	w.request = &request{
		call: Call{Workspace: w.raw.Workspace, Channel: w.raw.ChannelID, Request: e.request()}, endpoint: endpoint, connector: connector,
	}
	return nil
}

// fileWork files one request, whole, and settles what came of it.
func (s *Service) fileWork(ctx context.Context, w work) { s.settle(ctx, w.raw, s.fileAll(ctx, w)) }

// fileAll files every result of a request: one that waits for what it names, or fails, holds up none after it.
func (s *Service) fileAll(ctx context.Context, w work) (err error) {
	defer s.survive(ctx, w.raw.ChannelID, &err)
	if err := s.heardFrom(ctx, w.raw.Workspace, w.request.endpoint.Channel, w.raw.ReceivedAt); err != nil {
		return err
	}
	final := !s.now().Before(w.raw.ReceivedAt.Add(earlyFor))
	var waits, failed error
	for _, result := range w.results {
		_, err := s.result(ctx, w.request, result, final)
		switch {
		case errors.Is(err, errEarly), errors.Is(err, errInHand):
			waits = err
		case err != nil:
			failed = err
		}
	}
	if failed != nil {
		return failed
	}
	return waits
}

// survive makes a connector's panic the failure of its own request only. It is deferred.
func (s *Service) survive(ctx context.Context, ch desk.ID, err *error) {
	if p := recover(); p != nil {
		s.log.ErrorContext(ctx, "connector panicked", "channel", ch, "panic", p, "stack", string(debug.Stack()))
		*err = fmt.Errorf("panic: %v", p)
	}
}
