package app

import (
	"context"
	"log/slog"
	"net/url"
	"time"

	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"madoguchi/desk"
)

// flushTime is how long the last spans may take to leave at the end.
const flushTime = 3 * time.Second

// tracing makes the tracer that --trace-endpoint asks for, nil without one. Spans leave in the background; what a collector
// does not take in time is dropped, never waited for. stop sends what is left.
func (c Config) tracing(ctx context.Context, log *slog.Logger) (tracer trace.Tracer, stop func(), err error) {
	if c.TraceEndpoint == "" {
		return nil, func() {}, nil
	}
	if c.TraceShare < 0 || c.TraceShare > 1 {
		return nil, nil, desk.Invalid("trace-share", "trace_share_invalid", "%v is not between 0 and 1", c.TraceShare)
	}
	if u, err := url.Parse(c.TraceEndpoint); err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" {
		return nil, nil, desk.Invalid("trace-endpoint", "trace_endpoint_invalid", "it is no address of a collector, such as http://127.0.0.1:4318")
	}
	exporter, err := otlptracehttp.New(ctx, otlptracehttp.WithEndpointURL(c.TraceEndpoint))
	if err != nil {
		return nil, nil, desk.Invalid("trace-endpoint", "trace_endpoint_invalid", "%w", err)
	}
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn("send spans", "err", err) })) // the library knows no other way
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithBatcher(exporter),
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.TraceIDRatioBased(c.TraceShare))),
		sdktrace.WithResource(resource.NewSchemaless(
			attribute.String("service.name", "madoguchi"), attribute.String("service.version", c.Version), attribute.String("service.instance.id", worker()),
		)),
	)
	stop = func() {
		ctx, cancel := context.WithTimeout(context.Background(), flushTime)
		defer cancel()
		if err := provider.Shutdown(ctx); err != nil {
			log.Warn("send the last spans", "err", err)
		}
	}
	return provider.Tracer("madoguchi"), stop, nil
}
