package testserver

import (
	"bufio"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// MailServer is a mail server of the test's own: with STARTTLS, unless it was started otherwise, and AUTH. It refuses whom it finds
// named "refused", asks to come again for "later" (at once) and "late" (after the text), and cuts the line on "silent".
type MailServer struct {
	Host           string
	Port           int
	User, Password string
	Roots          *x509.CertPool // who vouches for it
	Certificate    string         // the PEM file of that
	folder         string
}

// TakenMail is a mail that the server took.
type TakenMail struct {
	From string `json:"from"`
	To   string `json:"to"`
	User string `json:"user"` // who proved to be the sender
	TLS  bool   `json:"tls"`
	Data string `json:"data"` // as it came
}

// Mail starts a mail server; more arguments are those of testtools.
func Mail(t Needs, args ...string) MailServer {
	t.Helper()
	root := t.TempDir()
	s := MailServer{
		Host: "127.0.0.1", Port: freePort(t), User: "desk", Password: "not-a-secret-of-anybody",
		Certificate: filepath.Join(root, "cert.pem"), folder: filepath.Join(root, "mails"),
	}
	if err := os.Mkdir(s.folder, 0o700); err != nil {
		t.Fatal(err)
	}
	s.Roots = certify(t, s.Certificate, filepath.Join(root, "key.pem"))
	address := net.JoinHostPort(s.Host, fmt.Sprint(s.Port))
	process(t, "testtools", nil, append([]string{"-listen", address, "-cert", s.Certificate, "-key", filepath.Join(root, "key.pem"), "-folder", s.folder,
		"-user", s.User, "-password", s.Password}, args...)...)
	await(t, "the mail server", func(ctx context.Context) error {
		conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err != nil {
			return err
		}
		defer conn.Close()
		if len(args) > 0 {
			return nil // it may wait for us to begin with TLS
		}
		_, err = bufio.NewReader(conn).ReadString('\n')
		return err
	})
	return s
}

// Taken are the mails that the server took, in order.
func (s MailServer) Taken(t Needs) (all []TakenMail) {
	t.Helper()
	files, err := os.ReadDir(s.folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".json") {
			continue
		}
		text, err := os.ReadFile(filepath.Join(s.folder, f.Name()))
		if err != nil {
			t.Fatal(err)
		}
		var m TakenMail
		if err := json.Unmarshal(text, &m); err != nil {
			t.Fatal(err)
		}
		all = append(all, m)
	}
	return all
}

// certify makes a certificate for this machine that vouches for itself.
func certify(t Needs, cert, key string) *x509.CertPool {
	t.Helper()
	made, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail.example.test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &made.PublicKey, made)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(made)
	if err != nil {
		t.Fatal(err)
	}
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "EC PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return roots
}
