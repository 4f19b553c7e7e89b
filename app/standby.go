package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"madoguchi/api"
	"madoguchi/api/hooks"
	"madoguchi/api/rest"
	"madoguchi/channel"
	"madoguchi/channel/all"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/inbound/journal"
	"madoguchi/locale"
	"madoguchi/seal"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
)

const (
	reachFirst = time.Second // between looks for a database that is away
	reachMax   = 10 * time.Second
)

// errStopped ends a node that was told to while it waited.
var errStopped = errors.New("stopped while the database was away")

// reach opens the database. One that is away is waited for where this node has noted its channels before: until it is back, what
// providers send is kept in the journal and everything else is refused. Any other node ends with the error, as with every mistake
// in its settings.
func (c Config) reach(ctx context.Context, door traffic, onCommit func(desk.ID, int64, bool), log *slog.Logger) (*sqlstore.Store, error) {
	opened, _, err := c.openStore(ctx, onCommit)
	if c.DatabaseURL == "" || desk.CodeOf(err) != "database_unavailable" {
		return opened, err
	}
	waiting, cannot := c.standBy(ctx, door, log)
	if waiting == nil {
		return nil, errors.Join(err, cannot)
	}
	for wait := reachFirst; desk.CodeOf(err) == "database_unavailable"; wait = min(2*wait, reachMax) {
		log.WarnContext(ctx, "the database cannot be reached: what providers send is kept here meanwhile", "channels", waiting.channels, "again_in", wait, "err", err)
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-ctx.Done():
		}
		timer.Stop()
		if ctx.Err() != nil {
			return nil, errors.Join(errStopped, waiting.end())
		}
		opened, _, err = c.openStore(ctx, onCommit)
	}
	if ended := waiting.end(); ended != nil && err == nil {
		return nil, errors.Join(ended, opened.Close())
	}
	return opened, err
}

// standby is a node that waits for its database.
type standby struct {
	server   *http.Server
	journal  *journal.Journal
	channels int
	grace    time.Duration
	log      *slog.Logger
	serving  sync.WaitGroup
}

// standBy serves what can be served without a database; nil if this node knows no channel.
func (c Config) standBy(ctx context.Context, door traffic, log *slog.Logger) (w *standby, err error) {
	keys, err := seal.LoadKeyring(c.path(keyFile))
	if err != nil {
		return nil, err
	}
	w = &standby{grace: c.ShutdownGrace, log: log}
	if w.journal, err = journal.Open(c.path(journalFolder), journalBytes); err != nil {
		return nil, err
	}
	connectors := all.Connectors()
	taker := inbound.New(inbound.Config{
		Store: nowhere{}, Channels: connectors, Sealer: keys, Journal: w.journal, NoteFolder: c.path(journalFolder), PublicURL: c.PublicURL, Now: c.clock(), Log: log,
		Secrets: func(workspace desk.ID, ch desk.Channel) (map[string]string, error) {
			return channel.OpenSecrets(keys, workspace, ch)
		},
	})
	if w.channels, err = taker.Recall(ctx); err != nil || w.channels == 0 {
		return nil, errors.Join(err, w.journal.Close())
	}
	if door.listener, err = twin(door.listener); err != nil {
		return nil, errors.Join(err, w.journal.Close())
	}
	w.server = api.NewHTTPServer(waitingHandler((&hooks.API{Take: taker.Hook, Channels: connectors, Log: log}).Handler()), log)
	w.serving.Go(func() {
		if err := door.serve(w.server); err != nil {
			log.ErrorContext(ctx, "serve while the database is away", "err", err)
		}
	})
	return w, nil
}

// end lets the requests in flight finish, and gives the journal back.
func (w *standby) end() error {
	end(w.server, w.grace, w.log)
	w.serving.Wait()
	return w.journal.Close()
}

// twin is a second listener at the same address: closing it closes nothing for the first, which takes what comes after.
func twin(l net.Listener) (net.Listener, error) {
	tcp, ok := l.(*net.TCPListener)
	if !ok {
		return nil, fmt.Errorf("a listener at %s has no twin", l.Addr())
	}
	f, err := tcp.File()
	if err != nil {
		return nil, err
	}
	second, err := net.FileListener(f)
	return second, errors.Join(err, f.Close())
}

// waitingHandler takes what providers send; everybody else is told to come again.
func waitingHandler(providers http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/hooks/", providers)
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("ok\n")) })
	mux.HandleFunc("/", comeAgain)
	return mux
}

// comeAgain tells programs as the API does, and people in a sentence that their browser looks after.
func comeAgain(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Retry-After", strconv.Itoa(int(reachMax/time.Second)))
	w.Header().Set("Cache-Control", "no-store")
	spoken := locale.Choose(r.Header.Get("Accept-Language"))
	if !strings.Contains(r.Header.Get("Accept"), "text/html") {
		x := &rest.Exchange{Locale: spoken, Log: slog.New(slog.DiscardHandler), Request: r}
		rest.WriteProblem(w, r.WithContext(rest.With(r.Context(), x)), errNowhere)
		return
	}
	w.Header().Set("Refresh", w.Header().Get("Retry-After"))
	http.Error(w, locale.Error(spoken, errNowhere), http.StatusServiceUnavailable)
}

// nowhere is the store of a node that has none yet.
type nowhere struct{ store.Store }

var errNowhere = &desk.Error{Kind: desk.KindUnavailable, Code: "database_awaited", Message: "the database has not been reached yet"}

// View and Update are all that taking a request asks for.
func (nowhere) View(context.Context, desk.ID, func(store.Reader) error) error { return errNowhere }

// Update writes nothing.
func (nowhere) Update(context.Context, desk.ID, func(store.Tx) error) error { return errNowhere }
