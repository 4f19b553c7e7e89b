// Package natsbus joins the buses of all nodes over an existing NATS cluster (core NATS: nothing is kept).
//
// Each node keeps a bus of its own for what happens on it, so that news from a node's own customers reaches its own agents
// whatever becomes of NATS. Between the nodes a hint takes NATS; while that cannot be reached it is lost, which costs
// latency only: whoever follows the event log looks again by itself.
package natsbus

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"

	"madoguchi/bus"
	"madoguchi/desk"
)

// Times of the connection: what is dead is found within seconds, because nothing is lost by calling it dead too early.
const (
	connectTime  = 3 * time.Second
	writeTime    = 2 * time.Second
	firstPause   = 100 * time.Millisecond // between tries; it doubles up to longestPause
	longestPause = 2 * time.Second
	pingEvery    = 5 * time.Second
	pingsUnheard = 1
	farewell     = 500 * time.Millisecond
)

// maxHint is the longest hint taken from other nodes, in bytes: 4 KB of Data and what goes around it.
const maxHint = 8 << 10

// topics are what travels between nodes.
var topics = []bus.Topic{bus.TopicEvents, bus.TopicOutbox, bus.TopicTyping, bus.TopicSessions}

// Config is what Join needs.
type Config struct {
	URL          string // nats://[user:password@]host:port, or tls://; several servers comma-separated
	Credentials  string // NATS credentials file (user JWT and seed), "" = none
	Installation string // nodes with the same one hear each other; letters and digits
	// Local hands hints out on this node, Outgoing keeps those that wait to leave it. The joined bus closes both.
	Local, Outgoing bus.Bus
	Log             *slog.Logger // nil = slog.Default()
}

// Bus is a bus over all nodes. It is safe for concurrent use.
type Bus struct {
	local, outgoing bus.Bus
	conn            *nats.Conn
	subject         string // followed by the topic
	log             *slog.Logger
	sent            chan struct{} // closed when nothing goes out any more
	lost            atomic.Int64
}

var _ bus.Bus = (*Bus)(nil)

// Join connects to NATS. Where the servers cannot be reached it goes on trying in the background, because a desk works
// without hints between its nodes. It fails with desk.KindInvalid (field "nats-url" or "nats-credentials") for what trying
// again does not mend: an address that is none, credentials that are refused, a certificate that is not trusted.
func Join(ctx context.Context, c Config) (*Bus, error) {
	if c.Log == nil {
		c.Log = slog.Default()
	}
	if err := checkURL(c.URL); err != nil {
		return nil, err
	}
	b := &Bus{local: c.Local, outgoing: c.Outgoing, subject: "madoguchi." + c.Installation + ".hint.", log: c.Log, sent: make(chan struct{})}
	if err := b.connect(c); err != nil {
		return nil, err
	}
	if _, err := b.conn.Subscribe(b.subject+"*", b.receive); err != nil {
		b.conn.Close()
		return nil, fmt.Errorf("subscribe at NATS: %w", err)
	}
	if b.conn.IsConnected() { // the server knows the subscription before anybody relies on it
		if err := b.conn.FlushTimeout(connectTime); err != nil {
			c.Log.Warn("NATS answers slowly", "err", err)
		}
	}
	waiting, err := c.Outgoing.Subscribe(context.WithoutCancel(ctx), topics...)
	if err != nil {
		b.conn.Close()
		return nil, fmt.Errorf("collect hints for other nodes: %w", err)
	}
	go b.send(waiting)
	return b, nil
}

func (b *Bus) connect(c Config) error {
	options := []nats.Option{
		nats.Name("madoguchi"), nats.NoEcho(), nats.Timeout(connectTime), nats.FlusherTimeout(writeTime),
		nats.PingInterval(pingEvery), nats.MaxPingsOutstanding(pingsUnheard),
		nats.MaxReconnects(-1), nats.CustomReconnectDelay(reconnectPause), nats.IgnoreAuthErrorAbort(), nats.NoCallbacksAfterClientClose(),
		nats.ReconnectBufSize(-1), // an old hint says that somebody types who stopped long ago
		nats.DisconnectErrHandler(func(_ *nats.Conn, err error) {
			b.log.Warn("NATS cannot be reached: hints from other nodes are lost, and their news comes up to two seconds late", "err", err)
		}),
		nats.ReconnectHandler(func(*nats.Conn) { b.log.Info("NATS is reached again") }),
		nats.ErrorHandler(func(_ *nats.Conn, _ *nats.Subscription, err error) { b.log.Warn("NATS", "err", err) }),
	}
	if c.Credentials != "" {
		options = append(options, nats.UserCredentials(c.Credentials))
	}
	conn, err := nats.Connect(c.URL, options...)
	if err == nil {
		b.conn = conn
		return nil
	}
	if !unreachable(err) {
		field := "nats-url"
		if c.Credentials != "" && errors.Is(err, nats.ErrAuthorization) {
			field = "nats-credentials"
		}
		return desk.Invalid(field, "nats_refused", "NATS at %s cannot be used: %w", servers(c.URL), err)
	}
	b.log.Warn("NATS cannot be reached yet: other nodes' news comes up to two seconds late until it can", "servers", servers(c.URL), "err", err)
	conn, err = nats.Connect(c.URL, append(options, nats.RetryOnFailedConnect(true))...)
	if err != nil {
		return desk.Invalid("nats-url", "nats_refused", "NATS at %s cannot be used: %w", servers(c.URL), err)
	}
	b.conn = conn
	return nil
}

// reconnectPause spreads the nodes, so that a server that starts again does not see them all at once.
func reconnectPause(tries int) time.Duration {
	pause := min(firstPause<<min(tries, 8), longestPause)
	return pause/2 + rand.N(pause/2)
}

// unreachable reports a failure that may be over at the next try.
func unreachable(err error) bool {
	var ne net.Error
	return errors.Is(err, nats.ErrNoServers) || errors.Is(err, nats.ErrTimeout) || errors.Is(err, io.EOF) || errors.As(err, &ne)
}

func checkURL(text string) error {
	for one := range strings.SplitSeq(text, ",") {
		u, err := url.Parse(strings.TrimSpace(one))
		if err != nil || u.Host == "" || (u.Scheme != "nats" && u.Scheme != "tls") { // err repeats the address, password included
			return desk.Invalid("nats-url", "nats_url_invalid", "write nats://host:port, or tls://host:port (several with commas)")
		}
	}
	return nil
}

// servers names them without user and password, for people.
func servers(text string) string {
	var hosts []string
	for one := range strings.SplitSeq(text, ",") {
		if u, err := url.Parse(strings.TrimSpace(one)); err == nil {
			hosts = append(hosts, u.Host)
		}
	}
	return strings.Join(hosts, ", ")
}

// Publish hands a hint to this node's subscribers at once and sends it to the other nodes in the background.
func (b *Bus) Publish(ctx context.Context, h bus.Hint) error {
	if err := b.local.Publish(ctx, h); err != nil {
		return err
	}
	return b.outgoing.Publish(ctx, h)
}

// Subscribe hands out the hints of all nodes.
func (b *Bus) Subscribe(ctx context.Context, topics ...bus.Topic) (<-chan bus.Hint, error) {
	return b.local.Subscribe(ctx, topics...)
}

// send publishes what waits; a server that takes nothing for a while holds up this goroutine alone, and hints of a
// workspace meanwhile wait as one.
func (b *Bus) send(waiting <-chan bus.Hint) {
	defer close(b.sent)
	for h := range waiting {
		encoded, err := json.Marshal(h)
		if err == nil {
			err = b.conn.Publish(b.subject+string(h.Topic), encoded)
		}
		if err != nil {
			b.lost.Add(1)
		}
	}
}

// receive takes a hint from another node.
func (b *Bus) receive(m *nats.Msg) {
	var h bus.Hint
	if len(m.Data) > maxHint || json.Unmarshal(m.Data, &h) != nil || m.Subject != b.subject+string(h.Topic) {
		b.log.Warn("a hint from another node that cannot be read", "bytes", len(m.Data))
		return
	}
	_ = b.local.Publish(context.Background(), h) // fails at the end only
}

// Connected reports whether hints travel between nodes now.
func (b *Bus) Connected() bool { return b.conn.IsConnected() }

// Lost is how many hints did not leave this node since the start, because NATS could not be reached.
func (b *Bus) Lost() int64 { return b.lost.Load() }

// Close leaves NATS and ends every subscription; publishing fails afterwards.
func (b *Bus) Close() error {
	err := errors.Join(b.outgoing.Close(), b.local.Close())
	<-b.sent
	if b.conn.IsConnected() {
		_ = b.conn.FlushTimeout(farewell)
	}
	b.conn.Close()
	return err
}
