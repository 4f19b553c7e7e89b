package app

import (
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"time"

	"madoguchi/desk"
	"madoguchi/guard"
)

// traffic is how browsers and programs reach the server (J17): over TLS with a certificate of our own, through named
// proxies that take TLS off, or on this machine alone.
type traffic struct {
	listener    net.Listener
	certificate *certificate // nil = plain HTTP
	refusePlain bool         // plain HTTP is for the trusted proxies and this machine
	targets     guard.AllowList
}

// listen opens the door. Plain HTTP on a network is refused ("plain_http", invalid) unless proxies are named or it is
// asked for.
func (c Config) listen(log *slog.Logger) (t traffic, err error) {
	if (c.TLSCert == "") != (c.TLSKey == "") {
		return t, desk.Invalid("tls-cert", "tls_incomplete", "--tls-cert and --tls-key belong together: give both, or neither")
	}
	if t.targets, err = guard.ParseAllowList(c.TrustedTargets); err != nil {
		return t, desk.Invalid("trusted-targets", "targets_invalid", "%w", err)
	}
	if c.TLSCert != "" {
		if t.certificate, err = openCertificate(c.TLSCert, c.TLSKey, log); err != nil {
			return t, err
		}
	}
	if t.listener, err = net.Listen("tcp", c.Listen); err != nil {
		return t, unlistenable(c.Listen, err)
	}
	if t.certificate != nil || onThisMachine(t.listener.Addr()) || c.AllowPlainHTTP {
		return t, nil
	}
	if len(c.TrustedProxies) == 0 {
		return t, errors.Join(desk.Invalid("listen", "plain_http", "%s is open to the network, where passwords and messages would travel readable: "+
			"give --tls-cert and --tls-key, name the proxy that speaks TLS for us with --trusted-proxies, or say --allow-plain-http", t.listener.Addr()),
			t.listener.Close())
	}
	t.refusePlain = true
	return t, nil
}

func onThisMachine(a net.Addr) bool {
	tcp, ok := a.(*net.TCPAddr)
	return !ok || tcp.IP.IsLoopback()
}

// onThisMachine reports whether nothing but this machine reaches the door.
func (t traffic) onThisMachine() bool { return t.listener != nil && onThisMachine(t.listener.Addr()) }

// address is where a browser on this machine finds the server.
func (t traffic) address() string {
	if t.certificate != nil {
		return "https://" + browsable(t.listener.Addr())
	}
	return "http://" + browsable(t.listener.Addr())
}

// browsable writes an address as a browser can open it: a wildcard becomes the loopback address.
func browsable(a net.Addr) string {
	tcp, ok := a.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return a.String()
	}
	return net.JoinHostPort("127.0.0.1", fmt.Sprint(tcp.Port))
}

// fetcher makes the client for requests of ours: guarded, whole exchanges in the given time.
func (t traffic) fetcher(within time.Duration) *http.Client {
	return guard.NewClient(guard.Config{Allow: t.targets, Timeout: within})
}

// serve answers requests until the server is shut down.
func (t traffic) serve(server *http.Server) (err error) {
	if t.certificate == nil {
		err = server.Serve(t.listener)
	} else {
		server.TLSConfig = &tls.Config{MinVersion: tls.VersionTLS12, GetCertificate: t.certificate.get}
		err = server.ServeTLS(t.listener, "", "")
	}
	if errors.Is(err, http.ErrServerClosed) {
		return nil
	}
	return fmt.Errorf("serve http: %w", err)
}

// lookAtFiles is how often, at most, the certificate's files are looked at.
const lookAtFiles = 10 * time.Second

// certificate is our own one, read again when its files change: renewals need no restart.
type certificate struct {
	certFile, keyFile string
	log               *slog.Logger
	now               desk.Clock

	mu     sync.Mutex
	kept   *tls.Certificate
	state  string // of the files when they were read
	looked time.Time
}

// openCertificate reads both files; "tls_unreadable" (invalid) says what is wrong with them.
func openCertificate(certFile, keyFile string, log *slog.Logger) (*certificate, error) {
	c := &certificate{certFile: certFile, keyFile: keyFile, log: log, now: time.Now}
	if err := c.read(); err != nil {
		return nil, desk.Invalid("tls-cert", "tls_unreadable", "cannot use the certificate %s with the key %s: %w", certFile, keyFile, err)
	}
	c.looked = c.now()
	return c, nil
}

// get is what every handshake asks. New files that cannot be used are reported once, and the old ones go on.
func (c *certificate) get(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now := c.now(); now.Sub(c.looked) >= lookAtFiles || now.Before(c.looked) {
		c.looked = now
		if state := c.stat(); state != c.state {
			if err := c.read(); err != nil {
				c.state = state
				c.log.Error("the new certificate cannot be used, the one before stays", "cert", c.certFile, "key", c.keyFile, "err", err)
			} else {
				c.log.Info("certificate read again", "cert", c.certFile, "until", c.kept.Leaf.NotAfter)
			}
		}
	}
	return c.kept, nil
}

// expires is when the certificate in use ends, Unix time.
func (c *certificate) expires() float64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	return float64(c.kept.Leaf.NotAfter.Unix())
}

func (c *certificate) read() error {
	state := c.stat() // before reading: a change meanwhile is seen next time
	pair, err := tls.LoadX509KeyPair(c.certFile, c.keyFile)
	if err != nil {
		return err
	}
	if c.now().After(pair.Leaf.NotAfter) {
		c.log.Warn("the certificate is out of date", "cert", c.certFile, "until", pair.Leaf.NotAfter)
	}
	c.kept, c.state = &pair, state
	return nil
}

// stat tells one version of the files from another, through symbolic links.
func (c *certificate) stat() string {
	var b strings.Builder
	for _, name := range []string{c.certFile, c.keyFile} {
		info, err := os.Stat(name)
		if err != nil {
			fmt.Fprintf(&b, "%v;", err)
			continue
		}
		fmt.Fprintf(&b, "%d %d;", info.ModTime().UnixNano(), info.Size())
	}
	return b.String()
}
