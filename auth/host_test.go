package auth_test

import (
	"testing"

	"madoguchi/auth"
)

func TestHostsThatNobodyCanRebind(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]struct{ loopback, unbound bool }{
		"localhost":                 {true, true},
		"LocalHost.:8080":           {true, true},
		"desk.localhost:8080":       {true, true},
		"127.0.0.1:8080":            {true, true},
		"127.9.9.9":                 {true, true},
		"[::1]:8080":                {true, true},
		"[::1]":                     {true, true},
		"[::ffff:127.0.0.1]:80":     {true, true},
		"192.168.1.5:8080":          {false, true},
		"[2001:db8::1]":             {false, true},
		"desk.example.test":         {false, true},
		"DESK.example.test.:443":    {false, true},
		"evil.example":              {false, false},
		"evil.example:8080":         {false, false},
		"localhost.evil.example":    {false, false},
		"notlocalhost":              {false, false},
		"127.0.0.1.evil.example":    {false, false},
		"desk.example.test.evil.co": {false, false},
		"":                          {false, false},
	} {
		if got := auth.LoopbackHost(host); got != want.loopback {
			t.Errorf("LoopbackHost(%q) = %v", host, got)
		}
		if got := auth.UnboundHost(host, "desk.example.test:8443"); got != want.unbound {
			t.Errorf("UnboundHost(%q) = %v", host, got)
		}
	}
	if auth.UnboundHost("", "") {
		t.Error("no name at all is nobody's")
	}
}
