package app

import (
	"strings"
	"testing"
	"time"

	"madoguchi/desk"
)

func TestOnlyAReachableDeskGivesLinks(t *testing.T) {
	t.Parallel()
	beside := func(kind string) string { return map[string]string{"sim": "http://127.0.0.1:1"}[kind] }
	for address, want := range map[string]bool{
		"https://desk.example.com": true, "https://203.0.113.9:8443": true, "http://[2001:db8::1]": true,
		"http://127.0.0.1:8080": false, "http://localhost:8080": false, "http://10.1.2.3": false, "http://[::1]:80": false, "http://desk": false, "http://0.0.0.0": false, "": false,
	} {
		link := Config{PublicURL: address}.fileLinks([]byte("secret"), beside)
		got, _ := link("line", 7, desk.Attachment{ID: 42}, time.Unix(1_800_000_000, 0))
		if (got != "") != want || want && !strings.HasPrefix(got, address+"/f/7.42.") {
			t.Errorf("%q: %q", address, got)
		}
		small, preview := link("sim", 7, desk.Attachment{ID: 42, ThumbKey: "t"}, time.Unix(1_800_000_000, 0))
		if small == "" || preview != small+"?thumbnail" {
			t.Errorf("%q: a provider beside the desk gets no links: %q, %q", address, small, preview)
		}
	}
}
