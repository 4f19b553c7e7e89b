package app

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"madoguchi/account"
	"madoguchi/api"
	"madoguchi/api/hooks"
	"madoguchi/api/rest"
	"madoguchi/api/static"
	"madoguchi/api/widget"
	"madoguchi/assign"
	"madoguchi/attachment"
	"madoguchi/audit"
	"madoguchi/auth"
	"madoguchi/automate"
	"madoguchi/bus"
	"madoguchi/bus/membus"
	"madoguchi/bus/natsbus"
	"madoguchi/channel"
	"madoguchi/channel/all"
	"madoguchi/channel/webchat"
	"madoguchi/connect"
	"madoguchi/desk"
	"madoguchi/export"
	"madoguchi/fetch"
	"madoguchi/guard"
	"madoguchi/health"
	"madoguchi/inbound"
	"madoguchi/inbound/journal"
	"madoguchi/inbox"
	"madoguchi/linkpreview"
	"madoguchi/live"
	"madoguchi/mail"
	"madoguchi/media"
	"madoguchi/notify"
	"madoguchi/outbox"
	"madoguchi/profile"
	"madoguchi/seal"
	"madoguchi/search"
	"madoguchi/signal"
	"madoguchi/sim"
	"madoguchi/sla"
	"madoguchi/store"
	"madoguchi/survey"
	"madoguchi/trace"
	"madoguchi/trigger"
	"madoguchi/visitor"
	"madoguchi/wait"
	"madoguchi/web"
)

// program is everything that runs.
type program struct {
	log      *slog.Logger
	now      desk.Clock
	store    store.Store
	bus      bus.Bus
	nodes    *natsbus.Bus // nil without NATS
	hub      *live.Hub
	channels channel.Registry
	inbox    *inbox.Service
	exports  *export.Service
	inbound  *inbound.Service
	journal  *journal.Journal
	fetches  *fetch.Runner
	outbox   *outbox.Runner
	search   *search.Indexer
	surveys  *survey.Service
	sla      *sla.Service
	assign   *assign.Service
	automate *automate.Service
	triggers *trigger.Service
	waits    *wait.Service
	signals  *signal.Service
	profiles *profile.Service
	notify   *notify.Service
	mail     *mail.Service
	sweeper  *sweeper
	connect  *connect.Service
	chainer  *audit.Chainer
	sim      *sim.Simulator // nil unless asked for
	handler  http.Handler

	accounts  *account.Service
	setupCode string // see Config.setupCode

	flush func() // sends the last spans
}

// build makes the program from the inside out: storage, then services, then the HTTP server.
func build(ctx context.Context, c Config, door traffic, log *slog.Logger) (p *program, err error) {
	p = &program{log: log, now: c.clock(), bus: membus.New()}
	c.PublicURL = strings.TrimSuffix(c.PublicURL, "/")
	opened, err := c.reach(ctx, door, p.hint, log)
	if err != nil {
		return nil, err
	}
	begun := p
	figures := prometheus.NewRegistry()
	if p.store, err = timeStore(opened, figures); err != nil {
		return nil, errors.Join(err, opened.Close())
	}
	defer func() {
		if err != nil {
			_ = begun.close()
		}
	}()
	tracer, stopTracing, err := c.tracing(ctx, log)
	if err != nil {
		return nil, err
	}
	if p.flush = stopTracing; tracer != nil {
		p.store = trace.Store(p.store, tracer)
	}
	blobs, err := c.openBlobs()
	if err != nil {
		return nil, err
	}
	if err := c.checkFiles(ctx, opened, blobs, log); err != nil {
		return nil, err
	}
	keys, err := c.openKeys(ctx, p.store)
	if err != nil {
		return nil, err
	}
	p.chainer = audit.NewChainer(p.store, keys, log)
	p.store = audit.Watch(p.store, p.chainer.Noted)
	if err := p.joinNodes(ctx, c); err != nil {
		return nil, err
	}
	now := p.now
	p.sweeper = &sweeper{store: p.store, blobs: blobs, worker: worker(), now: now, log: log}
	files := &attachment.Keeper{Blobs: blobs, Thumbnails: media.NewThumbnailer(1), MaxBytes: c.MaxUploadBytes, Log: log}
	channels := all.Connectors()
	p.channels = channels
	providers, err := c.providers(channels, door)
	if err != nil {
		return nil, err
	}
	if err := door.trust(c, providers); err != nil {
		return nil, err
	}
	if p.sim, err = c.simulator(door, keys, log); err != nil {
		return nil, err
	}
	secrets := func(workspace desk.ID, ch desk.Channel) (map[string]string, error) {
		return channel.OpenSecrets(keys, workspace, ch)
	}
	p.inbox = inbox.New(inbox.Config{Store: p.store, Channels: channels, Language: automate.LanguageOf, Now: now, Log: log})
	p.exports = export.New(export.Config{Store: p.store, Blobs: blobs, Now: now, Log: log})
	out, err := keys.Derive("files out")
	if err != nil {
		return nil, err
	}
	p.outbox = outbox.New(outbox.Config{
		Store: p.store, Bus: p.bus, Channels: channels, Worker: worker(), Secrets: secrets, Client: door.fetcher(outbox.DefaultSendTimeout), Now: now, Log: log,
		Blobs: blobs, Link: c.fileLinks(out, providers.url), BaseURL: providers.url,
	})
	p.assign = assign.New(assign.Config{Store: p.store, Bus: p.bus, Log: log, Now: now})
	p.surveys = survey.New(survey.Config{Store: p.store, Bus: p.bus, Channels: channels, Worker: worker(), Log: log, Now: now})
	p.sla = sla.New(sla.Config{Store: p.store, Bus: p.bus, Now: now, Log: log})
	p.automate = automate.New(automate.Config{Store: p.store, Bus: p.bus, Channels: channels, Now: now, Log: log})
	server, err := c.mailServer()
	if err != nil {
		return nil, err
	}
	p.notify = notify.New(notify.Config{
		Store: p.store, Bus: p.bus, Sealer: keys, Client: door.fetcher(notify.SendWithin), Trusted: door.targets.Covers, PublicURL: c.PublicURL, Worker: worker(), Now: now, Log: log,
		Mails: server != nil,
	})
	if p.mail, err = p.mails(c, keys, server); err != nil {
		return nil, err
	}
	p.waits = wait.New(wait.Config{Store: p.store, Bus: p.bus, Now: now, Log: log})
	calls, err := callSecret(keys)
	if err != nil {
		return nil, err
	}
	p.triggers = trigger.New(trigger.Config{
		Store: p.store, Bus: p.bus, Channels: channels, Client: door.fetcher(trigger.CallWithin), Secret: calls, Now: now, Log: log,
	})
	p.search = search.New(search.Config{Store: p.store, Bus: p.bus, Now: now, Log: log})
	if p.journal, err = journal.Open(c.path(journalFolder), journalBytes); err != nil {
		return nil, err
	}
	taker := inbound.New(inbound.Config{
		Store: p.store, Channels: channels, Secrets: secrets, Sealer: keys, Journal: p.journal, NoteFolder: c.path(journalFolder), Bus: p.bus, PublicURL: c.PublicURL, Now: now, Log: log,
		Met: func(workspace, identity desk.ID) { p.profiles.Met(workspace, identity) },
	})
	p.inbound = taker
	p.fetches = fetch.New(fetch.Config{
		Store: p.store, Bus: p.bus, Channels: channels, Files: files, Secrets: secrets, BaseURL: providers.url, Client: door.fetcher(fetch.Within), Now: now, Log: log,
	})
	p.connect = connect.New(connect.Config{
		Store: p.store, Channels: channels, Sealer: keys, PublicURL: c.PublicURL, BaseURL: providers.url, Client: door.fetcher(outbox.DefaultSendTimeout), Now: now, Log: log,
	})
	p.signals = signal.New(signal.Config{Store: p.store, Account: p.connect.Account, Now: now, Log: log})
	counter, err := p.widget(c, keys, files, taker, secrets, now)
	if err != nil {
		return nil, err
	}
	passwords := c.passwords()
	if err := errors.Join(
		p.watch(figures, c, door), countWork(figures, taker.Counts, p.outbox.Counts), countSearch(figures, p.search), countHashes(figures, passwords), p.countNodes(figures),
	); err != nil {
		return nil, err
	}
	if p.setupCode, err = c.setupCode(keys, door); err != nil {
		return nil, err
	}
	p.profiles = profile.New(profile.Config{Store: p.store, Account: p.connect.Account, Now: now, Log: log})
	p.accounts = account.New(account.Config{Store: p.store, Passwords: passwords, Log: log})
	p.handler, err = api.New(api.Deps{
		Store: p.store, Assign: p.assign, Inbox: p.inbox, Notify: p.notify, Mail: p.mail, Exports: p.exports, Hub: p.hub, Files: files, Channels: channels, Connect: p.connect, Sealer: keys,
		CallSecret: calls, Accounts: p.accounts, SetupCode: p.setupCode, LinkSecret: out, MemberRead: p.signals.MemberRead, React: p.signals.React, Preview: p.outbox.Preview, Links: linkpreview.New(p.store, linkpreview.NewClient(guard.Config{Allow: door.targets}), now), Simulator: simulatorHandler(p.sim), Simulated: providers.simulated(p.sim),
		Hooks:  (&hooks.API{Take: taker.Hook, Channels: channels, Log: log}).Handler(),
		Widget: counter, Web: web.Dist(), Now: now, Log: log, Metrics: figures,
		MetricsToken: c.MetricsToken, Tracer: tracer, Ready: p.ready, Lacking: p.lacking,
		PublicURL: c.PublicURL, TrustedProxies: c.TrustedProxies, RefusePlain: door.refusePlain, Version: c.Version, Limits: c.limits(),
	})
	return p, err
}

// widget makes the hub and everything that visitors meet.
func (p *program) widget(
	c Config, keys *seal.Keyring, files *attachment.Keeper, taker *inbound.Service,
	secrets func(desk.ID, desk.Channel) (map[string]string, error), now desk.Clock,
) (http.Handler, error) {
	links, err := keys.Derive("links")
	if err != nil {
		return nil, err
	}
	texts, err := webchat.LoadTexts()
	if err != nil {
		return nil, err
	}
	// The hub asks the visitors who a token is; they tell the hub what the event log does not.
	var visitors *visitor.Service
	linksOf := widget.Links(links, now)
	p.hub = live.New(live.Config{
		Store: p.store, Bus: p.bus, Log: p.log, CustomerLinks: linksOf, Channels: p.channels, ChannelOpen: visitor.Open, MemberTypes: p.signals.MemberTypes, VisitorsFromOne: c.visitorSockets(),
		VisitorByToken: func(ctx context.Context, token string) (desk.ID, desk.Visitor, error) {
			return visitors.ByToken(ctx, token)
		},
	})
	visitors = visitor.New(visitor.Config{
		Store: p.store, Secrets: secrets, Texts: texts, Origin: rest.OriginOf(c.PublicURL), News: p.hub, Links: linksOf, MaxFile: c.MaxUploadBytes, Now: now, Log: p.log, Unlimited: c.Unlimited,
	})
	counter := &widget.API{
		Store: p.store, Visitors: visitors, Inbound: taker, Files: files, Live: p.hub, Links: linksOf, Secret: links, Now: now, Log: p.log,
	}
	pages := &widget.Pages{Store: p.store, Dist: static.New(web.Dist()), PublicURL: c.PublicURL, Secret: links, Seen: visitors.SeenOn, Now: now, Log: p.log}
	return widgetHandler(counter.Handler(), pages), nil
}

// callSecret makes each workspace's secret that signs the requests of its actions, the same on every node.
func callSecret(keys *seal.Keyring) (func(desk.ID) []byte, error) {
	root, err := keys.Derive("action requests")
	if err != nil {
		return nil, err
	}
	return func(workspace desk.ID) []byte {
		mac := hmac.New(sha256.New, root)
		_, _ = mac.Write([]byte(workspace.String()))
		return []byte(hex.EncodeToString(mac.Sum(nil)))
	}, nil
}

// widgetHandler joins the widget's API with the pages and files around it.
func widgetHandler(api, pages http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/widget/v1/", api)
	mux.Handle("/", pages)
	return mux
}

// worker names this process in leases.
func worker() string {
	host, err := os.Hostname()
	if err != nil {
		host = "node"
	}
	return host + "/" + strconv.Itoa(os.Getpid())
}

// visitorSockets is how many one address may have open.
func (c Config) visitorSockets() int {
	if c.Unlimited {
		return 0
	}
	return c.VisitorSockets
}

// limits bound what one caller may ask.
func (c Config) limits() api.Limits {
	if c.Unlimited {
		return api.Limits{Requests: auth.Limit{Burst: 1 << 30, Every: time.Nanosecond}}
	}
	return api.Limits{}
}

// ready reports whether sockets are taken, as every page needs one.
func (p *program) ready(context.Context) error {
	select {
	case <-p.hub.Ready():
		return nil
	default:
		return errors.New("sockets are not taken yet")
	}
}

// hint tells the bus what a commit brought. A hint that is lost costs latency only.
func (p *program) hint(workspace desk.ID, seq int64, deliveries bool) {
	ctx := context.Background()
	if seq > 0 {
		_ = p.bus.Publish(ctx, bus.Hint{Topic: bus.TopicEvents, Workspace: workspace, Seq: seq})
	}
	if deliveries {
		_ = p.bus.Publish(ctx, bus.Hint{Topic: bus.TopicOutbox, Workspace: workspace})
	}
}

// runners are what works beside the HTTP server, until its context ends.
func (p *program) runners() map[string]func(context.Context) error {
	return map[string]func(context.Context) error{
		"live":     p.hub.Run,
		"inbound":  p.inbound.Run,
		"fetches":  p.fetches.Run,
		"outbox":   p.outbox.Run,
		"signals":  p.signals.Run,
		"profiles": p.profiles.Run,
		"wakes":    p.inbox.RunWakes,
		"exports":  p.exports.Run,
		"search":   p.search.Run,
		"automate": p.automate.Run,
		"triggers": p.triggers.Run,
		"audit":    p.chainer.Run,
		"notify":   p.notify.Run,
		"mail":     p.mail.Run,
		"sla":      p.sla.Run,
		"connect": func(ctx context.Context) error {
			p.connect.Run(ctx, worker())
			return nil
		},
		"health":  health.New(health.Config{Store: p.store, Worker: worker(), Probe: p.probe, Now: p.now, Log: p.log}).Run,
		"surveys": p.surveys.Run,
		"assign":  p.assign.Run,
		"waits":   p.waits.Run,
		"sweep": func(ctx context.Context) error {
			p.sweeper.run(ctx)
			return nil
		},
	}
}

// probe asks a channel's provider about its account; a channel that cannot be asked is left alone.
func (p *program) probe(ctx context.Context, workspace, channel desk.ID) error {
	_, err := p.connect.Probe(ctx, workspace, channel, connect.By{Actor: desk.Actor{Kind: desk.ActorSystem}})
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	return err
}

func (p *program) close() error {
	_ = p.bus.Close()
	if p.sim != nil {
		p.sim.Close()
	}
	if p.flush != nil {
		p.flush()
	}
	var kept error
	if p.journal != nil {
		kept = p.journal.Close()
	}
	return errors.Join(kept, p.store.Close())
}
