package api

import (
	"context"
	"log/slog"
	"net/http"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/trace"

	"madoguchi/api/rest"
	"madoguchi/auth"
)

// beginSpan opens a request's span beneath a trusted proxy's, if it named one. Without tracing, and for what machines ask
// all the time, the span is nil.
func (s *Server) beginSpan(r *http.Request, a auth.Arrival) (context.Context, trace.Span) {
	ctx := r.Context()
	if s.deps.Tracer == nil || quiet(r.URL.Path) {
		return ctx, nil
	}
	if a.Trace != "" {
		ctx = propagation.TraceContext{}.Extract(ctx, propagation.MapCarrier{"traceparent": a.Trace})
	}
	return s.deps.Tracer.Start(ctx, r.Method, trace.WithSpanKind(trace.SpanKindServer))
}

// endSpan says what the request was. Like the log it names the route, never the address, which may carry secrets.
func endSpan(span trace.Span, r *http.Request, x *rest.Exchange, status int, fault any) {
	if span == nil {
		return
	}
	span.SetName(x.Route())
	span.SetAttributes(
		attribute.String("http.request.method", r.Method), attribute.String("http.route", x.Route()), attribute.Int("http.response.status_code", status),
		attribute.String("madoguchi.request_id", x.ID),
	)
	if x.Caller != nil {
		span.SetAttributes(attribute.Int64("madoguchi.workspace", int64(x.Caller.Workspace().ID)))
	}
	if fault != nil || status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, http.StatusText(status))
	}
	span.End()
}

// traceOf lets a log line and its trace find each other.
func traceOf(ctx context.Context) slog.Attr {
	if c := trace.SpanContextFromContext(ctx); c.IsSampled() {
		return slog.String("trace_id", c.TraceID().String())
	}
	return slog.Attr{}
}
