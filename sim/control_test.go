package sim_test

import (
	"encoding/json"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"

	"madoguchi/sim"
)

func TestControls(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		made := w.do("POST", "/control/accounts", "", map[string]any{"kind": "line"})
		if made.status != http.StatusCreated || made.json(t, "credentials.0.name") != "channel_id" {
			t.Fatalf("made: %+v", made)
		}
		id, _ := made.json(t, "id").(string)
		of := "/control/accounts/" + id
		someone, _ := w.do("POST", of+"/customers", "", map[string]any{}).json(t, "id").(string)
		if out := w.do("PUT", of+"/console", "", map[string]any{"callback": "nowhere"}); out.status != http.StatusBadRequest {
			t.Errorf("a callback that is none: %+v", out)
		}
		w.do("PUT", of+"/console", "", map[string]any{"callback": callback, "redeliver": true})
		if out := w.do("POST", of+"/acts", "", map[string]any{"customer": someone, "do": "text", "text": "hello"}); out.status != http.StatusOK {
			t.Errorf("written: %+v", out)
		}
		if got := w.hook(); !strings.Contains(got.Body, "hello") {
			t.Errorf("told: %v", got)
		}
		w.do("POST", of+"/acts", "", map[string]any{"customer": someone, "do": "file", "files": []any{map[string]any{"name": "a.png", "type": "image/png", "data": []byte("\x89PNG")}}})
		chat := w.do("GET", of+"/chat?customer="+someone, "", nil)
		link, _ := chat.json(t, "messages.1.files.0.url").(string)
		if chat.json(t, "messages.0.text") != "hello" || w.do("GET", "/"+link, "", nil).body != "\x89PNG" {
			t.Errorf("the phone shows %s", chat.body)
		}
		w.do("PUT", of+"/trouble", "", map[string]any{"token_off": true})
		if out := w.do("GET", "/control/state", "", nil); out.json(t, "accounts.0.trouble.token_off") != true {
			t.Errorf("state: %+v", out)
		}
		if out := w.do("POST", of+"/acts", "", map[string]any{"customer": someone, "do": "edit"}); out.status != http.StatusBadRequest {
			t.Errorf("LINE has no edits: %+v", out)
		}
		if out := w.do("POST", of+"/acts", "", map[string]any{"customer": "nobody", "do": "text", "text": "x"}); out.status != http.StatusNotFound {
			t.Errorf("nobody wrote: %+v", out)
		}
		w.hooks()
		if out := w.do("GET", of+"/record", "", nil); out.json(t, "hooks.0.status") != 200.0 {
			t.Errorf("record: %+v", out)
		}
	})
}

// Another site's page in the same browser must not steer the simulator: browsers send it no JSON unasked.
func TestControlsTakeJSONAlone(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a := w.account("sms")
		for _, path := range []string{"/control/accounts", "/control/advance", "/control/accounts/" + a.ID + "/acts", "/control/accounts/" + a.ID + "/customers"} {
			if out := w.doWith("POST", path, map[string]string{"Content-Type": "text/plain"}, nil); out.status != http.StatusUnsupportedMediaType {
				t.Errorf("%s: %+v", path, out)
			}
		}
	})
}

func TestThePageSpeaksBothLanguages(t *testing.T) {
	t.Parallel()
	texts := map[string]map[string]string{}
	for _, locale := range []string{"ja", "en"} {
		raw, err := os.ReadFile("page/" + locale + ".json")
		if err != nil {
			t.Fatal(err)
		}
		all := map[string]string{}
		if err := json.Unmarshal(raw, &all); err != nil {
			t.Fatal(err)
		}
		texts[locale] = all
	}
	page, err := os.ReadFile("page/index.html")
	if err != nil {
		t.Fatal(err)
	}
	used := regexp.MustCompile(`data-(?:text|label)="([a-z_]+)"`).FindAllStringSubmatch(string(page), -1)
	if len(used) < 40 {
		t.Errorf("only %d texts are used: the search is broken", len(used))
	}
	for _, found := range used {
		if texts["en"][found[1]] == "" {
			t.Errorf("there is no text %q", found[1])
		}
	}
	for key := range texts["en"] {
		if texts["ja"][key] == "" {
			t.Errorf("%q has no Japanese", key)
		}
	}
	if len(texts["ja"]) != len(texts["en"]) {
		t.Error("ja and en have not the same keys")
	}
	for _, kind := range sim.Kinds() {
		if texts["ja"]["kind_"+kind] == "" {
			t.Errorf("%s has no name", kind)
		}
	}
	if regexp.MustCompile(`<script>|<script [^>]*>[^<]|style="|onclick=`).Match(page) {
		t.Error("the page has inline script or style, which its policy forbids")
	}
}

func TestThePageIsServedWithItsPolicy(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		for path, kind := range map[string]string{"/": "text/html", "/page/page.js": "text/javascript", "/page/page.css": "text/css", "/page/ja.json": "application/json"} {
			out := w.do("GET", path, "", nil)
			if out.status != http.StatusOK || !strings.HasPrefix(out.header.Get("Content-Type"), kind) || !strings.Contains(out.header.Get("Content-Security-Policy"), "script-src 'self';") {
				t.Errorf("%s: %d %v", path, out.status, out.header)
			}
		}
		if out := w.do("GET", "/page/nothing.js", "", nil); out.status != http.StatusNotFound {
			t.Errorf("nothing: %+v", out)
		}
	})
}
