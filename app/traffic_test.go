package app

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"madoguchi/desk"
)

// issue writes a certificate of its own authority and its key; serial tells one from another.
func issue(t *testing.T, folder string, serial int64) (certFile, keyFile string) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)}, KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	certFile, keyFile = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	for name, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return certFile, keyFile
}

func TestPlainHTTPIsForThisMachine(t *testing.T) {
	t.Parallel()
	certFile, keyFile := issue(t, t.TempDir(), 1)
	for _, c := range []struct {
		name    string
		config  Config
		code    string
		refuses bool
		scheme  string
	}{
		{"this machine", Config{Listen: "127.0.0.1:0"}, "", false, "http://"},
		{"this machine, IPv6", Config{Listen: "[::1]:0"}, "", false, "http://"},
		{"the network", Config{Listen: "0.0.0.0:0"}, "plain_http", false, ""},
		{"the network, by habit", Config{Listen: ":0"}, "plain_http", false, ""},
		{"the network, on purpose", Config{Listen: "0.0.0.0:0", AllowPlainHTTP: true}, "", false, "http://"},
		{"behind a proxy", Config{Listen: "0.0.0.0:0", TrustedProxies: []string{"10.0.0.1"}}, "", true, "http://"},
		{"own certificate", Config{Listen: "0.0.0.0:0", TLSCert: certFile, TLSKey: keyFile}, "", false, "https://"},
		{"no key", Config{Listen: "127.0.0.1:0", TLSCert: certFile}, "tls_incomplete", false, ""},
		{"no certificate", Config{Listen: "127.0.0.1:0", TLSKey: keyFile}, "tls_incomplete", false, ""},
		{"a target that is none", Config{Listen: "127.0.0.1:0", TrustedTargets: []string{"http://inside/"}}, "targets_invalid", false, ""},
		{"mixed up", Config{Listen: "127.0.0.1:0", TLSCert: keyFile, TLSKey: certFile}, "tls_unreadable", false, ""},
	} {
		door, err := c.config.listen(slog.New(slog.DiscardHandler))
		if desk.CodeOf(err) != c.code {
			t.Errorf("%s: %v, want %q", c.name, err, c.code)
		}
		if err != nil {
			continue
		}
		if door.refusePlain != c.refuses || !strings.HasPrefix(door.address(), c.scheme) {
			t.Errorf("%s: refuses plain %v at %s", c.name, door.refusePlain, door.address())
		}
		_ = door.listener.Close()
	}
}

func TestTheCertificateIsReadAgain(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	certFile, keyFile := issue(t, folder, 1)
	c, err := openCertificate(certFile, keyFile, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	now := time.Now()
	c.now = func() time.Time { return now }
	serial := func() int64 {
		t.Helper()
		pair, err := c.get(nil)
		if err != nil {
			t.Fatal(err)
		}
		return pair.Leaf.SerialNumber.Int64()
	}
	renew := func(serial int64) {
		t.Helper()
		issue(t, folder, serial)
		changed := now.Add(time.Duration(serial) * time.Minute) // the file system's clock may be coarse
		if err := os.Chtimes(certFile, changed, changed); err != nil {
			t.Fatal(err)
		}
	}
	renew(2)
	if got := serial(); got != 1 {
		t.Errorf("at once: %d; the files are not looked at for every handshake", got)
	}
	now = now.Add(lookAtFiles)
	if got := serial(); got != 2 {
		t.Errorf("renewed: %d", got)
	}
	if err := os.WriteFile(certFile, []byte("half written"), 0o600); err != nil {
		t.Fatal(err)
	}
	now = now.Add(lookAtFiles)
	if got := serial(); got != 2 {
		t.Errorf("a broken file: %d", got)
	}
	renew(3)
	now = now.Add(lookAtFiles)
	if got := serial(); got != 3 {
		t.Errorf("mended: %d", got)
	}
}
