package app

import (
	"net"
	"strings"
	"testing"

	"madoguchi/channel/all"
	"madoguchi/desk"
)

func TestProviderURLsAreChecked(t *testing.T) {
	t.Parallel()
	for _, entry := range []string{"", "telegram", "=http://127.0.0.1", "pigeon=http://127.0.0.1", "webchat=http://127.0.0.1", "telegram=127.0.0.1:8081", "telegram=ftp://127.0.0.1", "telegram=http://u:p@127.0.0.1", "telegram=http://127.0.0.1?x=1"} {
		_, err := Config{ProviderURLs: []string{entry}}.providers(all.Connectors(), traffic{})
		if desk.CodeOf(err) != "provider_url_invalid" {
			t.Errorf("%q: %v", entry, err)
		}
	}
	found, err := Config{ProviderURLs: []string{"telegram=http://bots.internal:8081/", "line=https://line.example.com/x"}}.providers(all.Connectors(), traffic{})
	if err != nil || found.url("telegram") != "http://bots.internal:8081" || found.url("line") != "https://line.example.com/x" || found.url("sms") != "" {
		t.Errorf("%v, %v", found, err)
	}
	if hosts := strings.Join(found.hosts(), " "); hosts != "bots.internal:8081 line.example.com:443" {
		t.Errorf("trusted: %s", hosts)
	}
}

func TestTheSimulatorStandsInForEveryProvider(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	door := traffic{listener: listener}
	found, err := Config{Sim: true, ProviderURLs: []string{"telegram=http://127.0.0.1:1"}}.providers(all.Connectors(), door)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := found.url("whatsapp"), "http://"+listener.Addr().String()+"/sim/whatsapp"; got != want {
		t.Errorf("WhatsApp lies at %s, want %s", got, want)
	}
	if got := found.url("telegram"); got != "http://127.0.0.1:1" {
		t.Errorf("the operator's own address gave way to %s", got)
	}
	if none, err := (Config{}).providers(all.Connectors(), door); err != nil || len(none) != 0 {
		t.Errorf("not asked for: %v, %v", none, err)
	}
}
