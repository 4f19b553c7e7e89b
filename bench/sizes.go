package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// sizes are bytes: the binary, and what browsers load from the running program.
func sizes(ctx context.Context, b *bench) error {
	info, err := os.Stat(b.binary)
	if err != nil {
		return fmt.Errorf("build first: %w", err)
	}
	b.report.add("binary", fmt.Sprintf("%.1f MB", float64(info.Size())/1e6), "")
	s, err := b.install(ctx, "SQLite")
	if err != nil {
		return err
	}
	if _, err := b.serve(ctx, s); err != nil {
		return err
	}
	defer s.stop()
	if err := widgetSizes(b, s); err != nil {
		return fmt.Errorf("widget: %w", err)
	}
	if err := inboxSizes(b, s); err != nil {
		return fmt.Errorf("inbox: %w", err)
	}
	return reloadSize(b, s)
}

func kb(n int64) string { return fmt.Sprintf("%.1f kB", float64(n)/1000) }

// answer is what a browser gets for one address.
type answer struct {
	size      int64 // bytes of the body as sent
	immutable bool
	body      []byte
}

// fetch asks for an address compressed with gzip (browsers take Brotli, which is smaller) and takes the bytes as they come.
func (s *served) fetch(address string, header ...string) (a answer, err error) {
	request, err := http.NewRequest(http.MethodGet, "http://"+s.address+address, nil)
	if err != nil {
		return a, err
	}
	request.Header.Set("Accept-Encoding", "gzip") // set by hand: the transport leaves the body alone
	for i := 0; i+1 < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return a, err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return a, fmt.Errorf("GET %s: %s", address, response.Status)
	}
	a.body, err = io.ReadAll(response.Body)
	a.size = int64(len(a.body))
	a.immutable = strings.Contains(response.Header.Get("Cache-Control"), "immutable")
	return a, err
}

func widgetSizes(b *bench, s *served) error {
	loader, err := s.fetch("/widget/" + s.setup.ChannelAccount + ".js")
	if err != nil {
		return err
	}
	b.report.add("widget loader with its settings, gzip", kb(loader.size), "2.5 kB")
	frame, err := s.fetch("/widget/"+s.setup.ChannelAccount+"/frame", "Accept-Encoding", "identity")
	if err != nil {
		return err
	}
	panel := int64(0)
	for _, asset := range named(frame.body) {
		a, err := s.fetch(asset)
		if err != nil {
			return err
		}
		panel += a.size
	}
	b.report.add("widget chat (script and style that its page names), gzip", kb(panel), "18 kB")
	return nil
}

var assetName = regexp.MustCompile(`(?:src|href)="([^"]*/assets/[^"]+)"`)

// named are the assets that a page's HTML names.
func named(page []byte) (all []string) {
	seen := map[string]bool{}
	for _, m := range assetName.FindAllSubmatch(page, -1) {
		if address := string(m[1]); !seen[address] {
			seen[address] = true
			all = append(all, address)
		}
	}
	return all
}

// chunk is one entry of the bundler's manifest.
type chunk struct {
	File    string   `json:"file"`
	IsEntry bool     `json:"isEntry"`
	Imports []string `json:"imports"`
	CSS     []string `json:"css"`
}

// bundle adds up what screens load, each file once.
type bundle struct {
	served   *served
	manifest map[string]chunk
	seen     map[string]bool
}

// load adds a chunk with all it imports statically and gives the bytes that were not counted yet.
func (b *bundle) load(key string) (script, style int64, err error) {
	c, ok := b.manifest[key]
	if !ok {
		return 0, 0, fmt.Errorf("the manifest has no %s", key)
	}
	count := func(file string) (int64, error) {
		if b.seen[file] {
			return 0, nil
		}
		b.seen[file] = true
		a, err := b.served.fetch("/" + file)
		return a.size, err
	}
	if b.seen[c.File] {
		return 0, 0, nil
	}
	if script, err = count(c.File); err != nil {
		return 0, 0, err
	}
	for _, css := range c.CSS {
		n, err := count(css)
		if err != nil {
			return 0, 0, err
		}
		style += n
	}
	for _, next := range c.Imports {
		js, css, err := b.load(next)
		if err != nil {
			return 0, 0, err
		}
		script, style = script+js, style+css
	}
	return script, style, nil
}

// inboxSizes are what the inbox loads until its list shows, what an open conversation adds, and what the composer does.
func inboxSizes(b *bench, s *served) error {
	raw, err := os.ReadFile(filepath.Join("web", "dist", "inbox", "manifest.json"))
	if err != nil {
		return err
	}
	load := &bundle{served: s, seen: map[string]bool{}}
	if err := json.Unmarshal(raw, &load.manifest); err != nil {
		return err
	}
	entry := ""
	for key, c := range load.manifest {
		if c.IsEntry && path.Ext(key) == ".html" { // the service worker is one of its own
			entry = key
		}
	}
	total := func(keys ...string) (script, style int64, err error) {
		for _, key := range keys {
			js, css, err := load.load(key)
			if err != nil {
				return 0, 0, err
			}
			script, style = script+js, style+css
		}
		return script, style, nil
	}
	script, style, err := total(entry, "src/locale/ja.ts", "src/inbox/page.tsx")
	if err != nil {
		return err
	}
	b.report.add("inbox critical script, Japanese, until the list shows, gzip", kb(script), "200 kB")
	b.report.add("inbox style, gzip", kb(style), "")
	if script, _, err = total("src/thread/pane.tsx", "src/customer/pane.tsx"); err != nil {
		return err
	}
	b.report.add("… an open conversation adds", kb(script), "")
	if script, _, err = total("src/composer/composer.tsx", "src/composer/editor.ts"); err != nil {
		return err
	}
	b.report.add("… the composer with its editor adds", kb(script), "105 kB")
	return nil
}

// reloadSize is what a reload transfers of static bytes: the page itself, and whatever it names that is not immutable.
func reloadSize(b *bench, s *served) error {
	page, err := s.fetch("/")
	if err != nil {
		return err
	}
	plain, err := s.fetch("/", "Accept-Encoding", "identity")
	if err != nil {
		return err
	}
	size, again := page.size, 0
	for _, asset := range named(plain.body) {
		a, err := s.fetch(asset)
		if err != nil {
			return err
		}
		if !a.immutable {
			size += a.size
			again++
			b.report.note("a reload asks again for " + path.Base(asset))
		}
	}
	b.report.add("static bytes of a reload, gzip", fmt.Sprintf("%s (%d assets asked for again)", kb(size), again), "10 kB")
	return nil
}
