// Package trace shows where the time goes: spans of transactions and sends, beneath those of requests (package api).
//
// It stands around the store, so that nothing inside knows of it and nothing is paid while tracing is off. A span holds
// ids, counts and codes, never what people said.
package trace

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"madoguchi/desk"
	"madoguchi/store"
)

// Store makes every transaction a span, and every send one beneath the transaction that promised it, as long as
// this node remembers which that was.
func Store(inner store.Store, tracer trace.Tracer) store.Store {
	return &traced{Store: inner, tracer: tracer, promises: newPromises(maxPromises)}
}

type traced struct {
	store.Store
	tracer   trace.Tracer
	promises *promises
}

// begin opens a span beneath whatever the context is in.
func (s *traced) begin(ctx context.Context, name string, workspace desk.ID) (context.Context, trace.Span) {
	return s.tracer.Start(ctx, name, trace.WithAttributes(attribute.Int64("madoguchi.workspace", int64(workspace))))
}

// end closes a span; of an error it tells the code alone, for its text may hold what somebody wrote.
func end(span trace.Span, err error) {
	if err != nil {
		span.SetStatus(codes.Error, code(err))
	}
	span.End()
}

func code(err error) string {
	if c := desk.CodeOf(err); c != "" {
		return c
	}
	return string(desk.KindOf(err))
}

// View implements store.Store.
func (s *traced) View(ctx context.Context, workspace desk.ID, fn func(store.Reader) error) error {
	ctx, span := s.begin(ctx, "view", workspace)
	err := s.Store.View(ctx, workspace, fn)
	end(span, err)
	return err
}

// Update implements store.Store.
func (s *traced) Update(ctx context.Context, workspace desk.ID, fn func(store.Tx) error) error {
	ctx, span := s.begin(ctx, "transaction", workspace)
	var runs atomic.Int64 // one that failed counts too, and may run on
	seen, err := store.Result(ctx, s.Store, workspace, func(tx store.Tx) (*watched, error) {
		runs.Add(1)
		seen := &watched{Tx: tx}
		return seen, fn(seen)
	})
	span.SetAttributes(attribute.Int64("madoguchi.runs", runs.Load()))
	if err == nil {
		span.SetAttributes(attribute.Int("madoguchi.events", seen.events), attribute.Int("madoguchi.deliveries", len(seen.promised)))
		s.promises.keep(seen.promised, span.SpanContext())
	}
	end(span, err)
	return err
}

// watched counts what a transaction promises.
type watched struct {
	store.Tx
	promised []desk.ID
	events   int
}

// Enqueue implements store.Tx.
func (w *watched) Enqueue(d *desk.Delivery) error {
	err := w.Tx.Enqueue(d)
	if err == nil {
		w.promised = append(w.promised, d.ID)
	}
	return err
}

// Emit implements store.Tx.
func (w *watched) Emit(e desk.Event) {
	w.events++
	w.Tx.Emit(e)
}

// Queue implements store.Store.
func (s *traced) Queue() store.Queue { return queue{s.Store.Queue(), s} }

type queue struct {
	store.Queue
	s *traced
}

// MarkSending implements store.Queue: the send begins.
func (q queue) MarkSending(ctx context.Context, l store.Leased, last func(store.Tx) error) error {
	err := q.Queue.MarkSending(ctx, l, last)
	if err == nil {
		q.s.promises.sending(l, q.s.tracer)
	}
	return err
}

// Settle implements store.Queue: the send ends.
func (q queue) Settle(ctx context.Context, l store.Leased, o store.Outcome) error {
	err := q.Queue.Settle(ctx, l, o)
	q.s.promises.settled(l, o, err)
	return err
}

// maxPromises bounds what is remembered of deliveries; beyond it the oldest are forgotten, and a send begins a trace of its own.
const maxPromises = 10_000

// promises remembers which transaction promised a delivery, and the span of each send in the air.
type promises struct {
	most int

	mu    sync.Mutex
	by    map[desk.ID]trace.SpanContext
	order []desk.ID
	air   map[string]trace.Span // by lease
}

func newPromises(most int) *promises {
	return &promises{most: most, by: map[desk.ID]trace.SpanContext{}, air: map[string]trace.Span{}}
}

func (p *promises) keep(deliveries []desk.ID, by trace.SpanContext) {
	if len(deliveries) == 0 || !by.IsSampled() {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, id := range deliveries {
		p.by[id] = by
		p.order = append(p.order, id)
	}
	for len(p.order) > p.most {
		delete(p.by, p.order[0])
		p.order = p.order[1:]
	}
}

func (p *promises) sending(l store.Leased, tracer trace.Tracer) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.air) >= p.most { // leases that were never settled: lost to another node
		for token, span := range p.air {
			span.End()
			delete(p.air, token)
		}
	}
	options := []trace.SpanStartOption{trace.WithSpanKind(trace.SpanKindClient), trace.WithNewRoot(), trace.WithAttributes(
		attribute.Int64("madoguchi.workspace", int64(l.WorkspaceID)), attribute.Int64("madoguchi.delivery", int64(l.Delivery.ID)),
		attribute.Int64("madoguchi.channel", int64(l.Delivery.ChannelID)), attribute.Int("madoguchi.attempt", l.Delivery.Attempts),
		attribute.Int64("madoguchi.waited_ms", time.Since(l.Delivery.CreatedAt).Milliseconds()),
	)}
	ctx := context.Background()
	if by, known := p.by[l.Delivery.ID]; known { // the same trace, as far as this node knows: one story from click to provider
		ctx = trace.ContextWithRemoteSpanContext(ctx, by)
		options = append(options[:1], options[2:]...)
	}
	_, p.air[l.Token] = tracer.Start(ctx, "send", options...)
}

func (p *promises) settled(l store.Leased, o store.Outcome, err error) {
	p.mu.Lock()
	span := p.air[l.Token]
	delete(p.air, l.Token)
	p.mu.Unlock()
	if span == nil {
		return
	}
	span.SetAttributes(attribute.String("madoguchi.outcome", string(o.Status)))
	if o.Fault != nil {
		span.SetAttributes(attribute.String("madoguchi.fault", o.Fault.Code))
	}
	if o.Status == desk.DeliveryFailed || o.Status == desk.DeliveryUnknown {
		span.SetStatus(codes.Error, string(o.Status))
	}
	end(span, err)
}
