package security_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"madoguchi/app"
)

// certificate writes one for this machine and its key, and trusts it.
func certificate(t *testing.T) (certFile, keyFile string, trust *x509.CertPool) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	certFile, keyFile = filepath.Join(folder, "cert.pem"), filepath.Join(folder, "key.pem")
	for name, block := range map[string]*pem.Block{certFile: {Type: "CERTIFICATE", Bytes: der}, keyFile: {Type: "PRIVATE KEY", Bytes: private}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	trust = x509.NewCertPool()
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	trust.AddCert(parsed)
	return certFile, keyFile, trust
}

// TestTheDeskServesTLSItself: HTTP/1.1, HTTP/2 and sockets, with cookies that never leave TLS; nothing older than TLS 1.2.
func TestTheDeskServesTLSItself(t *testing.T) {
	t.Parallel()
	certFile, keyFile, trust := certificate(t)
	d := prepare(t, func(c *app.Config) { c.Listen, c.TLSCert, c.TLSKey = "0.0.0.0:0", certFile, keyFile })
	d.client.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: trust}, ForceAttemptHTTP2: true}
	d.start()
	if !strings.HasPrefix(d.url, "https://") {
		t.Fatalf("served at %s", d.url)
	}
	a := d.stranger().do("POST", "/api/v1/session", map[string]any{"email": owner, "password": password}).want(201)
	if a.ProtoMajor != 2 || !strings.Contains(a.Header.Get("Set-Cookie"), "; Secure") || a.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("HTTP/%d: %v", a.ProtoMajor, a.Header)
	}
	// What a neighbour under the same domain could plant is not looked at.
	token := a.Header.Get("Set-Cookie")
	token = token[strings.IndexByte(token, '=')+1 : strings.IndexByte(token, ';')]
	d.stranger().do("GET", "/api/v1/session", nil, with("Cookie", "madoguchi_session="+token)).wantCode(401, "not_signed_in")
	d.stranger().do("GET", "/api/v1/session", nil, with("Cookie", "__Host-madoguchi_session="+token)).want(200)
	if conn, err := tls.Dial("tcp", d.address(), &tls.Config{RootCAs: trust, MinVersion: tls.VersionTLS10, MaxVersion: tls.VersionTLS11}); err == nil { //nolint:gosec // that is the point
		_ = conn.Close()
		t.Error("TLS 1.1 is spoken")
	}
	plain, err := http.Get("http://" + d.address() + "/api/v1/setup") //nolint:noctx // short
	if err != nil {
		t.Fatal(err)
	}
	_ = plain.Body.Close()
	if plain.StatusCode != http.StatusBadRequest {
		t.Errorf("plain HTTP at the TLS door: %d", plain.StatusCode)
	}
	conn, err := tls.Dial("tcp", d.address(), &tls.Config{RootCAs: trust, NextProtos: []string{"http/1.1"}})
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if got := handshake(t, conn, d.address(), "Authorization: Bearer "+d.setup.APIKey+"\r\n"); !strings.Contains(got, "101") {
		t.Errorf("a socket over TLS: %s", got)
	}
}

// TestPlainHTTPOnANetworkIsForTheProxy: a door without TLS that faces a network lets nobody in by what the proxy says was
// unencrypted, and tells machines that ask after its health only that.
func TestPlainHTTPOnANetworkIsForTheProxy(t *testing.T) {
	t.Parallel()
	d := open(t, func(c *app.Config) { c.Listen, c.TrustedProxies = "0.0.0.0:0", []string{"127.0.0.1"} })
	p := d.stranger()
	p.do("GET", "/api/v1/setup", nil, with("X-Forwarded-Proto", "https")).want(200)
	for _, path := range []string{"/api/v1/setup", "/", "/try", "/metrics", "/widget/x.js"} {
		p.do("GET", path, nil, with("X-Forwarded-Proto", "http")).wantCode(403, "plain_http")
	}
	p.do("POST", "/api/v1/session", map[string]any{"email": owner, "password": password}, with("X-Forwarded-Proto", "http")).wantCode(403, "plain_http")
	p.do("GET", "/healthz", nil, with("X-Forwarded-Proto", "http")).want(200)
	a := p.do("POST", "/api/v1/session", map[string]any{"email": owner, "password": password}, with("X-Forwarded-Proto", "https"), with("Origin", "https://"+d.address())).want(201)
	if !strings.Contains(a.Header.Get("Set-Cookie"), "; Secure") {
		t.Errorf("a cookie that leaves TLS: %s", a.Header.Get("Set-Cookie"))
	}
}
