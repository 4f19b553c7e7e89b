package main

import (
	"context"
	"fmt"
	"time"

	"github.com/peterbourgon/ff/v3/ffcli"

	"madoguchi/app"
	"madoguchi/desk"
)

func serveCommand(t terminal) *ffcli.Command {
	var c app.Config
	fs := flags(t, "serve", &c)
	fs.StringVar(&c.Listen, "listen", "127.0.0.1:8080", "address to listen on; port 0 takes a free one")
	fs.StringVar(&c.NATSURL, "nats-url", "", "nats://[user:password@]host:port of the NATS server that carries hints between nodes, several comma-separated")
	fs.StringVar(&c.NATSCredentials, "nats-credentials", "", "file with NATS credentials")
	fs.BoolVar(&c.SharedData, "shared-data", false, "the data folder is one that all nodes share (with --database-url and without a bucket)")
	fs.BoolVar(&c.Adopt, "adopt", false, "take this node's key file and files as the database's from now on: once, after they were lost or moved")
	fs.StringVar(&c.PublicURL, "public-url", "", "address that browsers use, e.g. https://desk.example.com (default: the listening address)")
	fs.StringVar(&c.TLSCert, "tls-cert", "", "PEM file of the server's certificate and its chain, to serve HTTPS; read again when it changes")
	fs.StringVar(&c.TLSKey, "tls-key", "", "PEM file of the certificate's key")
	fs.Var((*list)(&c.TrustedProxies), "trusted-proxies", "addresses or networks of proxies that speak TLS for the desk and whose X-Forwarded-For, -Proto, -Host and X-Request-Id are believed, comma-separated")
	fs.Var((*list)(&c.TrustedTargets), "trusted-targets", "hosts, host:port or networks inside that the desk's own requests may reach beside the public internet, comma-separated")
	fs.Var((*repeated)(&c.ProviderURLs), "provider-url", "kind=URL to call instead of that kind of channel's provider, e.g. telegram=http://127.0.0.1:8081 (a gateway, a Bot API server of one's own, a test double); may be given several times")
	fs.BoolVar(&c.Sim, "sim", false, "pretend providers for every kind of channel, with a page like a customer's phone at /sim/: to try the desk without an account anywhere")
	fs.BoolVar(&c.AllowPlainHTTP, "allow-plain-http", false, "serve plain HTTP on a network, where everybody on the way can read it")
	fs.StringVar(&c.MetricsToken, "metrics-token", "", "bearer token that /metrics asks for; without one it answers this machine only, and not at all at a public address or behind a proxy")
	fs.StringVar(&c.TraceEndpoint, "trace-endpoint", "", "OpenTelemetry collector that takes traces by OTLP over HTTP, e.g. http://127.0.0.1:4318 (default: no tracing)")
	fs.Float64Var(&c.TraceShare, "trace-share", 1, "share of requests that are traced, 0 to 1; a trusted proxy's decision goes first")
	fs.Int64Var(&c.MaxUploadBytes, "max-upload-bytes", 25<<20, "largest file taken, in bytes")
	fs.IntVar(&c.VisitorSockets, "visitor-sockets", 1000, "live sockets of chat visitors that this node keeps open for one address (an IPv6 /64 is one), 0 = any number; behind a proxy, name it with --trusted-proxies")
	fs.DurationVar(&c.ShutdownGrace, "shutdown-grace", 10*time.Second, "how long work in flight may take to finish at the end")
	mailFlags(fs, &c)
	rateLimits := fs.String("rate-limits", "on", "on, or off for measurements on this machine")
	return &ffcli.Command{
		Name: "serve", ShortUsage: "madoguchi serve [flags]", ShortHelp: "run the desk", FlagSet: fs, Options: options(),
		Exec: func(ctx context.Context, _ []string) error {
			if *rateLimits != "on" && *rateLimits != "off" {
				return desk.Invalid("rate-limits", "setting_invalid", "%q is not on or off", *rateLimits)
			}
			c.Unlimited = *rateLimits == "off"
			c.SetupAt = func(address string) { fmt.Fprintf(t.out, "Set it up at %s\n", address) }
			return app.Serve(ctx, c, func(address string) {
				fmt.Fprintf(t.out, "Madoguchi is open at %s\n", address)
			})
		},
	}
}

func migrateCommand(t terminal) *ffcli.Command {
	var c app.Config
	fs := flags(t, "migrate", &c)
	return &ffcli.Command{
		Name: "migrate", ShortUsage: "madoguchi migrate [flags]", ShortHelp: "bring the database to this version's schema, then stop",
		FlagSet: fs, Options: options(),
		Exec: func(ctx context.Context, _ []string) error {
			if err := app.Migrate(ctx, c); err != nil {
				return err
			}
			_, err := fmt.Fprintln(t.out, "the database is up to date")
			return err
		},
	}
}

func seedCommand(t terminal) *ffcli.Command {
	var c app.Config
	fs := flags(t, "seed", &c)
	conversations := fs.Int("conversations", 1000, "how many conversations to make")
	messages := fs.Int("messages", 8, "about how many messages each")
	return &ffcli.Command{
		Name: "seed", ShortUsage: "madoguchi seed [flags]", ShortHelp: "fill the first workspace with made-up conversations",
		FlagSet: fs, Options: options(),
		Exec: func(ctx context.Context, _ []string) error {
			started := time.Now()
			err := app.Seed(ctx, c, *conversations, *messages, func(done int) {
				fmt.Fprintf(t.err, "\r%d of %d conversations", done, *conversations)
			})
			fmt.Fprintln(t.err)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(t.out, "made %d conversations in %s\n", *conversations, time.Since(started).Round(time.Millisecond))
			return err
		},
	}
}
