// Package app builds the whole program from a Config. The command line, the end-to-end tests and the benchmarks use it;
// it is the only package that knows every other.
package app

import (
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"madoguchi/auth"
	"madoguchi/desk"
)

// Config is everything an operator can choose.
type Config struct {
	Data        string // folder of the database, the files and the key
	DatabaseURL string // postgres://…; "" = SQLite in Data

	// Where files lie when not in Data: an S3-compatible service's address and a bucket there. Without keys the usual AWS
	// variables or the machine's role count.
	S3Endpoint, S3Bucket, S3Region, S3AccessKey, S3SecretKey string
	SharedData                                               bool   // all nodes have the same folder as Data
	NATSURL                                                  string // nats://…; "" = this is the only node, or nodes look for each other's news
	NATSCredentials                                          string // file with NATS credentials
	Adopt                                                    bool   // take this node's key file and files as the database's from now on

	Listen         string // host:port
	PublicURL      string // what browsers use; "" = http:// and the listening address
	TLSCert        string // PEM files of our own certificate and its key; "" = plain HTTP
	TLSKey         string
	AllowPlainHTTP bool     // plain HTTP on a network, although nothing protects it there
	TrustedTargets []string // hosts, addresses and networks inside that requests of ours may reach, beside the public internet
	ProviderURLs   []string // "kind=URL": what is called instead of that kind's provider: a gateway, a Bot API server, a test double
	Sim            bool     // pretend providers for every kind, with a page, below /sim/
	TrustedProxies []string // addresses and networks whose X-Forwarded-* and request ids are believed
	MetricsToken   string   // bearer token for /metrics; "" = this machine alone, and nobody at a public address
	TraceEndpoint  string   // OTLP over HTTP, "http://collector:4318"; "" = no tracing
	TraceShare     float64  // of requests that are traced, 0 to 1
	// The mail server that takes our mails; SMTPHost "" = no mail is sent.
	SMTPHost         string
	SMTPPort         int    // 0 = the usual one
	SMTPUser         string // "" = it asks for nothing
	SMTPPasswordFile string
	SMTPFrom         string // who our mails are from: an address, or "Name <address>"
	SMTPTLS          string // starttls, tls or none; see smtp.TLS

	LogFormat      string // text or json
	LogLevel       string // debug, info, warn, error
	LogTo          io.Writer
	MaxUploadBytes int64
	VisitorSockets int // of one address that a node keeps open, see live.Config; 0 = any number
	ShutdownGrace  time.Duration
	Version        string
	// SetupAt hears, once the desk is open, the address at which it is to be set up, where that is more than opening it: a
	// network reaches it, and nobody owns it yet. nil = nobody is told.
	SetupAt   func(address string)
	Now       desk.Clock      // nil = time.Now
	Unlimited bool            // no rate limits: for measurements on loopback only
	Passwords *auth.Passwords // nil = made here, one at a time for each core
}

func (c Config) passwords() *auth.Passwords {
	if c.Passwords != nil {
		return c.Passwords
	}
	return auth.NewPasswords(runtime.NumCPU())
}

// logger makes the program's log; "log_invalid" (invalid) for an unknown format or level.
func (c Config) logger() (*slog.Logger, error) {
	to := c.LogTo
	if to == nil {
		to = os.Stderr
	}
	var level slog.Level
	if c.LogLevel != "" {
		if err := level.UnmarshalText([]byte(c.LogLevel)); err != nil {
			return nil, desk.Invalid("log-level", "log_level_unknown", "%q is not debug, info, warn or error", c.LogLevel)
		}
	}
	options := &slog.HandlerOptions{Level: level}
	switch c.LogFormat {
	case "", "text":
		return slog.New(slog.NewTextHandler(to, options)), nil
	case "json":
		return slog.New(slog.NewJSONHandler(to, options)), nil
	}
	return nil, desk.Invalid("log-format", "log_format_unknown", "%q is not text or json", c.LogFormat)
}

func (c Config) clock() desk.Clock {
	if c.Now == nil {
		return time.Now
	}
	return c.Now
}

func (c Config) path(name string) string { return filepath.Join(c.Data, name) }
