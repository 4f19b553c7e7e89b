// Package api is the HTTP server: the REST API, its documentation, the built web apps, files and the sockets' doors.
package api

import (
	"context"
	"io/fs"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"go.opentelemetry.io/otel/trace"

	"madoguchi/account"
	"madoguchi/api/admin"
	"madoguchi/api/agent"
	"madoguchi/api/file"
	"madoguchi/api/rest"
	"madoguchi/api/stopmail"
	"madoguchi/assign"
	"madoguchi/attachment"
	"madoguchi/audit"
	"madoguchi/auth"
	"madoguchi/channel"
	"madoguchi/connect"
	"madoguchi/desk"
	"madoguchi/export"
	"madoguchi/guard"
	"madoguchi/inbox"
	"madoguchi/linkpreview"
	"madoguchi/live"
	"madoguchi/mail"
	"madoguchi/notify"
	"madoguchi/outbox"
	"madoguchi/seal"
	"madoguchi/store"
)

// Deps are what the server stands on. All are needed unless it says otherwise.
type Deps struct {
	Store    store.Store
	Accounts *account.Service
	Inbox    *inbox.Service
	Notify   *notify.Service
	Mail     *mail.Service // nil = no mail is sent
	Assign   *assign.Service
	Exports  *export.Service
	Hub      *live.Hub
	Files    *attachment.Keeper
	Channels channel.Registry
	Connect  *connect.Service // nil = one that reaches the public internet only
	Sealer   *seal.Keyring
	Widget   http.Handler // everything below /widget/, and /try; see api/widget
	Hooks    http.Handler // everything below /hooks/; see api/hooks; nil = no provider is heard
	Web      fs.FS        // web.Dist()
	// Simulator answers everything below /sim/: pretend providers, and their page. nil = there is none.
	Simulator  http.Handler
	CallSecret func(workspace desk.ID) []byte // signs the requests that actions make
	Simulated  func(kind string) bool         // whether it plays a kind's provider; nil = of none
	Now        desk.Clock                     // nil = time.Now
	Log        *slog.Logger                   // nil = slog.Default()
	Metrics    *prometheus.Registry
	Tracer     trace.Tracer // nil = no tracing
	// MetricsToken is the bearer token that /metrics asks for; "" = open to this machine alone, see metricsPage.
	MetricsToken string

	PublicURL      string                                                                               // "https://desk.example.com", as browsers call us
	MemberRead     func(workspace, conversation, user desk.ID, seq int64)                               // see agent.API
	React          func(ctx context.Context, workspace desk.ID, m desk.Message, emoji string) error     // see agent.API
	Preview        func(ctx context.Context, workspace desk.ID, m desk.Message) (outbox.Preview, error) // see agent.API
	Links          *linkpreview.Service                                                                 // nil = one without addresses that it trusts
	LinkSecret     []byte                                                                               // signs the links by which providers fetch files (package file)
	SetupCode      string                                                                               // asked of who sets up over the web; "" = nobody else could
	TrustedProxies []string
	RefusePlain    bool // the listener is open to a network without TLS: what a trusted proxy did not bring is refused (J17)
	Version        string
	Limits         Limits
	// Ready reports whether everything that must run does, beside the store; nil = it does.
	Ready func(ctx context.Context) error
	// Lacking says in a sentence what the program does without for now, as a remark of /readyz; nil or "" = nothing.
	Lacking func() string
}

// Limits bound what one caller may ask. Zero fields take the defaults.
type Limits struct {
	Requests     auth.Limit // per person, key or (signed out) address; default 600 at once and 20 each second
	RememberKeys int        // callers counted at a time, default 50,000
}

func (l *Limits) defaults() {
	if l.Requests.Burst == 0 {
		l.Requests = auth.Limit{Burst: 600, Every: 50 * time.Millisecond}
	}
	if l.RememberKeys == 0 {
		l.RememberKeys = 50_000
	}
}

// Server answers every HTTP request of the program.
type Server struct {
	deps    Deps
	proxies auth.Proxies
	gate    *rest.Gate
	mux     *http.ServeMux
	metrics *metrics
	web     *inboxApp
	handler http.Handler
}

// New builds the server; an error says which dependency is wrong.
func New(d Deps) (*Server, error) {
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Log == nil {
		d.Log = slog.Default()
	}
	if d.Metrics == nil {
		d.Metrics = prometheus.NewRegistry()
	}
	d.PublicURL = strings.TrimSuffix(d.PublicURL, "/")
	d.Limits.defaults()
	own := rest.OriginOf(d.PublicURL)
	if own == "" {
		return nil, desk.Invalid("public-url", "url_invalid", "%q is not an http(s) address", d.PublicURL)
	}
	proxies, err := auth.ParseProxies(d.TrustedProxies)
	if err != nil {
		return nil, err
	}
	if d.Mail == nil {
		d.Mail = mail.New(mail.Config{Store: d.Store, Channels: d.Channels, PublicURL: d.PublicURL, Now: d.Now, Log: d.Log})
	}
	if d.Connect == nil {
		d.Connect = connect.New(connect.Config{
			Store: d.Store, Channels: d.Channels, Sealer: d.Sealer, PublicURL: d.PublicURL,
			Client: guard.NewClient(guard.Config{}), Now: d.Now, Log: d.Log,
		})
	}
	if d.Links == nil {
		d.Links = linkpreview.New(d.Store, linkpreview.NewClient(guard.Config{}), d.Now)
	}
	s := &Server{
		deps: d, proxies: proxies, mux: http.NewServeMux(),
		gate: &rest.Gate{Accounts: d.Accounts, Own: own, Limiter: auth.NewLimiter(d.Limits.Requests, d.Limits.RememberKeys, d.Now)},
	}
	if s.metrics, err = newMetrics(d.Metrics); err != nil {
		return nil, err
	}
	if s.web, err = newInboxApp(d.Web); err != nil {
		return nil, err
	}
	s.routes()
	s.handler = s.around(s.mux)
	return s, nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

func (s *Server) routes() {
	routes := newRoutes(s.mux, s.deps.Version)
	routes.UseMiddleware(s.gate.Middleware)
	(&agent.API{
		Store: s.deps.Store, Assign: s.deps.Assign, Accounts: s.deps.Accounts, Inbox: s.deps.Inbox, Notify: s.deps.Notify, Mails: s.deps.Mail.On(), Files: s.deps.Files, Now: s.deps.Now,
		Version: s.deps.Version, MemberRead: s.deps.MemberRead, React: s.deps.React, Preview: s.deps.Preview, Links: s.deps.Links, SessionEnded: s.deps.Hub.SessionEnded,
	}).Register(routes)
	(&admin.API{
		Store: s.deps.Store, Accounts: s.deps.Accounts, Inbox: s.deps.Inbox, Exports: s.deps.Exports, Mail: s.deps.Mail, Channels: s.deps.Channels, Connect: s.deps.Connect, Sealer: s.deps.Sealer, Files: s.deps.Files,
		Now: s.deps.Now, Version: s.deps.Version, PublicURL: s.deps.PublicURL, SetupCode: s.deps.SetupCode, SessionEnded: s.deps.Hub.SessionEnded, Simulated: s.deps.Simulated, CallSecret: s.callSecret,
	}).Register(routes)
	finish(routes)
	s.mux.HandleFunc("GET /api/openapi.json", s.documentPage(routes.OpenAPI()))
	s.mux.HandleFunc("GET /api/docs", s.docsPage(routes.OpenAPI()))
	s.mux.HandleFunc("GET /api/docs.css", docsCSS)
	s.mux.HandleFunc("GET "+rest.Prefix+"/live", s.live)
	s.mux.HandleFunc("/api/", s.noRoute)
	s.mux.Handle("/widget/", s.deps.Widget)
	s.mux.Handle("GET /f/{token}", &file.Handler{Store: s.deps.Store, Files: s.deps.Files, Secret: s.deps.LinkSecret, Now: s.deps.Now})
	stop := &stopmail.Handler{Mail: s.deps.Mail}
	s.mux.Handle("GET "+mail.StopPath+"{token}", stop)
	s.mux.Handle("POST "+mail.StopPath+"{token}", stop)
	s.mux.Handle("GET /try", s.deps.Widget)
	if s.deps.Simulator != nil {
		s.mux.Handle("/sim/", s.deps.Simulator)
	}
	if s.deps.Hooks != nil {
		s.mux.Handle("/hooks/", s.deps.Hooks)
	}
	s.mux.HandleFunc("GET /healthz", s.healthz)
	s.mux.HandleFunc("GET /readyz", s.readyz)
	s.mux.Handle("GET /metrics", s.metricsPage())
	s.mux.Handle("/", s.web)
}

// noRoute tells an address that is not there from one that is there for another method.
func (s *Server) noRoute(w http.ResponseWriter, r *http.Request) {
	var allowed []string
	for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete} {
		other := *r
		other.Method = method
		if _, pattern := s.mux.Handler(&other); method != r.Method && pattern != "" && pattern != "/api/" {
			allowed = append(allowed, method)
		}
	}
	if len(allowed) > 0 {
		w.Header().Set("Allow", strings.Join(allowed, ", "))
		rest.WriteProblem(w, r, desk.Invalid("", "method_not_allowed", "%s is not for %s", r.Method, r.URL.Path))
		return
	}
	rest.WriteProblem(w, r, desk.NotFound("route"))
}

// live opens the socket of the inbox for who may read conversations.
func (s *Server) live(w http.ResponseWriter, r *http.Request) {
	x := rest.From(r.Context())
	op := rest.Op{ID: "live", Can: auth.ConversationRead}
	if err := s.gate.Admit(w, r, x, op); err != nil {
		rest.WriteProblem(w, r, err)
		return
	}
	session := live.Session{Workspace: x.Caller.Workspace().ID, User: x.Caller.User(), Name: x.Caller.Inbox().Name}
	session.Monitors = x.Caller.Can(auth.ConversationMonitor)
	session.Monitored = s.monitored(x)
	session.Silent = !x.Caller.Can(auth.ConversationReply)
	if x.Caller.Key != nil {
		session.KeyHash = x.Caller.Key.Key.Hash
	} else {
		session.TokenHash = x.Caller.Signed.Session.TokenHash
	}
	session.Scope = x.Caller.Scope()
	if err := s.deps.Store.View(r.Context(), session.Workspace, func(reader store.Reader) (err error) {
		session.Teams, err = reader.Teams().Of(session.User)
		return err
	}); err != nil {
		rest.WriteProblem(w, r, err)
		return
	}
	if err := s.deps.Hub.ServeAgent(w, r, session); err != nil {
		rest.WriteProblem(w, r, err)
	}
}

// monitored writes down that a socket's member watches somebody else's conversation, as coming from where the socket was asked for.
func (s *Server) monitored(x *rest.Exchange) func(context.Context, desk.ID) error {
	who, from := x.Caller.Inbox(), origin(x.AuditOrigin())
	return func(ctx context.Context, conversation desk.ID) error {
		return s.deps.Inbox.Monitored(audit.With(ctx, from), who, conversation)
	}
}

// origin is where a deed comes from once its request is over.
type origin audit.Origin

// AuditOrigin is audit.Source's.
func (o origin) AuditOrigin() audit.Origin { return audit.Origin(o) }

// NewHTTPServer wraps a handler with the times that slow and silent clients get. Uploads, downloads and sockets set
// their own as they go on.
func NewHTTPServer(handler http.Handler, log *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    32 << 10,
		ErrorLog:          slog.NewLogLogger(log.Handler(), slog.LevelDebug), // TLS scans and the like
	}
}

// callSecret is nothing where the server was given none.
func (s *Server) callSecret(workspace desk.ID) []byte {
	if s.deps.CallSecret == nil {
		return nil
	}
	return s.deps.CallSecret(workspace)
}
