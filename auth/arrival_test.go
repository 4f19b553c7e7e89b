package auth_test

import (
	"crypto/tls"
	"net/http"
	"strings"
	"testing"

	"madoguchi/auth"
)

func TestArrivalBelievesTrustedProxiesOnly(t *testing.T) {
	t.Parallel()
	proxies, err := auth.ParseProxies([]string{"10.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	said := http.Header{
		"X-Forwarded-For": {"1.1.1.1", "203.0.113.9"}, "X-Forwarded-Proto": {"http", "https"}, "X-Forwarded-Host": {"evil.example, desk.example.com"},
		"X-Request-Id": {"abc-1"}, "Traceparent": {"00-1-2-01"}, "Forwarded": {"for=1.1.1.1"}, "X-Real-Ip": {"1.1.1.1"}, "Via": {"x"}, "Tracestate": {"a"}, "Baggage": {"b"},
	}
	for _, c := range []struct {
		name, remote string
		tls          bool
		want         auth.Arrival
		ip           string
	}{
		{"a trusted proxy", "10.0.0.1:5", false, auth.Arrival{HTTPS: true, Host: "desk.example.com", RequestID: "abc-1", Trace: "00-1-2-01", Relayed: true}, "203.0.113.9"},
		{"a stranger", "198.51.100.1:5", false, auth.Arrival{Plain: true, Host: "own", Relayed: true}, "198.51.100.1"},
		{"a stranger over TLS", "198.51.100.1:5", true, auth.Arrival{HTTPS: true, Host: "own", Relayed: true}, "198.51.100.1"},
		{"this machine, not named", "127.0.0.1:5", false, auth.Arrival{Host: "own", Relayed: true}, "127.0.0.1"},
	} {
		r := &http.Request{RemoteAddr: c.remote, Host: "own", Header: said.Clone()}
		if c.tls {
			r.TLS = &tls.ConnectionState{}
		}
		got := proxies.Arrive(r)
		if got.IP.String() != c.ip {
			t.Errorf("%s: address %s, want %s", c.name, got.IP, c.ip)
		}
		c.want.IP = got.IP
		if got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
		if len(r.Header) != 0 {
			t.Errorf("%s: left for others to believe: %v", c.name, r.Header)
		}
	}
	for proto, plain := range map[string]bool{"": false, "https": false, "http": true, "https, http": true, "http, https": false} {
		r := &http.Request{RemoteAddr: "10.0.0.1:1", Header: http.Header{}}
		if proto != "" {
			r.Header.Set("X-Forwarded-Proto", proto)
		}
		if got := proxies.Arrive(r); got.Plain != plain {
			t.Errorf("proxy says %q: plain %v", proto, got.Plain)
		}
	}
}

func TestRequestIDsAreTakenOnlyIfTheyAreSome(t *testing.T) {
	t.Parallel()
	proxies, err := auth.ParseProxies([]string{"10.0.0.1"})
	if err != nil {
		t.Fatal(err)
	}
	for id, want := range map[string]string{
		"abc-123_X": "abc-123_X", "a b": "", strings.Repeat("x", 64): strings.Repeat("x", 64), strings.Repeat("x", 65): "", "<script>": "", "日本": "", "": "", "a\r\nb": "",
	} {
		r := &http.Request{RemoteAddr: "10.0.0.1:1", Header: http.Header{"X-Request-Id": {id}}}
		if got := proxies.Arrive(r).RequestID; got != want {
			t.Errorf("%q: %q", id, got)
		}
	}
}
