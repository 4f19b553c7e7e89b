package widget

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"madoguchi/api/rest"
	"madoguchi/api/static"
	"madoguchi/auth"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
)

// sandbox is what the chat's frame may do. Without allow-same-origin it has no origin: no cookie, no storage, no way to
// act as a member who is signed in on the same server.
const sandbox = "allow-scripts allow-forms allow-popups allow-popups-to-escape-sandbox allow-downloads"

// kind is the channel kind that these pages serve.
const kind = "webchat"

// passLife is how long a frame page proves that it was shown inside the allow-list.
const passLife = 10 * time.Minute

// Pages gives out what a browser loads: the loader, the frame, their files, and the page to try it on.
type Pages struct {
	Store     store.Store
	Dist      *static.Files // of the web build
	PublicURL string        // what browsers use, without a slash at the end
	Secret    []byte        // signs frame passes
	// Seen hears on which site the loader was asked for; nil = nobody wants to know.
	Seen func(ctx context.Context, workspace desk.ID, c desk.Channel, origin string) error
	Now  desk.Clock
	Log  *slog.Logger
}

// ServeHTTP answers below /widget/ (but not /widget/v1/) and /try.
func (p *Pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "", http.StatusMethodNotAllowed)
		return
	}
	if r.URL.Path == "/try" {
		p.try(w, r)
		return
	}
	below := strings.TrimPrefix(r.URL.Path, "/widget/")
	if file, ok := strings.CutPrefix(below, "assets/"); ok {
		// The frame has no origin: to it every file comes from elsewhere.
		w.Header().Set("Access-Control-Allow-Origin", "*")
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
		if p.Dist.Serve(rest.Patient(w), r, "widget/assets/"+file, static.Immutable) != nil {
			http.NotFound(w, r)
		}
		return
	}
	if account, ok := strings.CutSuffix(below, "/frame"); ok && !strings.Contains(account, "/") {
		p.frame(w, r, account)
		return
	}
	if account, ok := strings.CutSuffix(below, ".js"); ok && !strings.Contains(account, "/") {
		p.loader(w, r, account)
		return
	}
	http.NotFound(w, r)
}

func (p *Pages) channel(ctx context.Context, account string) (workspace desk.ID, c desk.Channel, settings webchat.Settings, err error) {
	err = p.Store.View(ctx, 0, func(r store.Reader) error {
		workspace, c, err = r.Channels().ByAccount(kind, account)
		return err
	})
	if err != nil {
		return 0, c, settings, err
	}
	settings, err = webchat.ReadSettings(c.Settings)
	return workspace, c, settings, err
}

// refuse answers for a channel that is not there or cannot be read.
func (p *Pages) refuse(w http.ResponseWriter, r *http.Request, err error) {
	if desk.KindOf(err) == desk.KindNotFound {
		http.NotFound(w, r)
		return
	}
	p.Log.ErrorContext(r.Context(), "read widget channel", "err", err)
	http.Error(w, "", http.StatusServiceUnavailable)
}

// launcherWord stands in the built loader where the launcher's settings belong.
const launcherWord = "madoguchiLauncher"

// launcher is what the loader knows from the start.
type launcher struct {
	Account  string `json:"account"`
	Name     string `json:"name"`
	Color    string `json:"color"`
	Theme    string `json:"theme,omitempty"`    // "auto" goes without saying, as do the other two's defaults
	Position string `json:"position,omitempty"` // "right"
	Locale   string `json:"locale,omitempty"`   // "auto"
	Teaser   any    `json:"teaser,omitempty"`
}

// loader is the one script on a customer's page: the program with the launcher's settings in it. A disabled channel's
// loader does nothing, so that the page it stands on stays whole.
func (p *Pages) loader(w http.ResponseWriter, r *http.Request, account string) {
	workspace, c, settings, err := p.channel(r.Context(), account)
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	var script bytes.Buffer
	if c.State == desk.ChannelDisabled {
		script.WriteString("/* this chat is switched off */\n")
	} else if err := p.writeLoader(&script, c, settings, r); err != nil {
		p.refuse(w, r, err)
		return
	}
	header := w.Header()
	content := script.Bytes()
	if static.Accepted(r.Header.Get("Accept-Encoding"), "gzip") {
		content = zipped(content)
		header.Set("Content-Encoding", "gzip")
	}
	header.Add("Vary", "Accept-Encoding")
	sum := sha256.Sum256(content) // each form has a tag of its own
	header.Set("Content-Type", "text/javascript; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "public, max-age=300")
	header.Set("Cross-Origin-Resource-Policy", "cross-origin")
	header.Set("Access-Control-Allow-Origin", "*")
	header.Set("ETag", `"`+base64.RawURLEncoding.EncodeToString(sum[:12])+`"`)
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(content))
	p.note(w, r, workspace, c)
}

// note tells where the loader stands, after the browser has it. The Referer of another site is its origin by default.
func (p *Pages) note(w http.ResponseWriter, r *http.Request, workspace desk.ID, c desk.Channel) {
	if p.Seen == nil || r.Referer() == "" {
		return
	}
	_ = http.NewResponseController(w).Flush()
	if err := p.Seen(r.Context(), workspace, c, originOf(r.Referer())); err != nil {
		p.Log.WarnContext(r.Context(), "note where the widget was seen", "err", err)
	}
}

// zipped is the loader as browsers take it: small enough to be packed anew for each, and each keeps it for minutes.
func zipped(script []byte) []byte {
	var packed bytes.Buffer
	to, _ := gzip.NewWriterLevel(&packed, gzip.BestCompression) // the level is right, and memory takes every byte
	_, _ = to.Write(script)
	_ = to.Close()
	return packed.Bytes()
}

func (p *Pages) writeLoader(to *bytes.Buffer, c desk.Channel, s webchat.Settings, r *http.Request) error {
	program, err := p.Dist.Read("widget/loader.js")
	if err != nil {
		return err
	}
	start := launcher{
		Account: c.Account, Name: c.Name, Color: s.Color,
		Theme: unless(s.Theme, "auto"), Position: unless(s.Position, "right"), Locale: unless(s.Locale, "auto"),
	}
	if len(s.Teaser) > 0 {
		start.Teaser = s.Teaser // by locale: the page's language decides, and this answer is cached for everybody
	}
	inline, err := json.Marshal(start) // escapes <, >, & and U+2028/9
	if err != nil {
		return err
	}
	before, after, found := bytes.Cut(program, []byte(launcherWord))
	if !found {
		return fmt.Errorf("write loader: the build has no %s", launcherWord)
	}
	to.Write(before)
	to.Write(inline)
	to.Write(after)
	return nil
}

// unless is a value that is worth its bytes.
func unless(value, usual string) string {
	if value == usual {
		return ""
	}
	return value
}

// localeOf is the language to speak to this browser in.
func (p *Pages) localeOf(r *http.Request, s webchat.Settings) desk.Locale {
	if s.Locale != "" && s.Locale != "auto" {
		return desk.Locale(s.Locale)
	}
	return locale.Choose(r.Header.Get("Accept-Language"))
}

var framePage = template.Must(template.New("frame").Parse(`<!doctype html><html lang="{{.Lang}}"><head><meta charset="utf-8">` +
	`<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover,interactive-widget=resizes-content">` +
	`<meta name="madoguchi-pass" content="{{.Pass}}"><title>{{.Title}}</title>` +
	`{{with .Style}}<link rel="stylesheet" href="/widget/{{.}}">{{end}}</head><body><script src="/widget/{{.Script}}"></script></body></html>`))

// frame is the page that the chat lives in.
func (p *Pages) frame(w http.ResponseWriter, r *http.Request, account string) {
	_, c, settings, err := p.channel(r.Context(), account)
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	build, err := p.build()
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	lang := p.localeOf(r, settings)
	pass := auth.SignLink(p.Secret, PassResource(account), p.Now().Add(passLife))
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	header.Set("Referrer-Policy", "no-referrer")
	header.Set("Content-Security-Policy", p.framePolicy(settings))
	page := struct{ Lang, Pass, Title, Style, Script string }{string(lang), pass, c.Name, build.Style, build.Script}
	if err := framePage.Execute(w, page); err != nil {
		p.Log.WarnContext(r.Context(), "write frame page", "err", err)
	}
}

// PassResource is what a frame pass is signed for; boot takes such a pass in place of an Origin.
func PassResource(account string) string { return "widget-frame:" + account }

// framePolicy writes our origin out: in a sandboxed frame 'self' is not the same everywhere.
func (p *Pages) framePolicy(s webchat.Settings) string {
	own := p.PublicURL
	socket := "ws" + strings.TrimPrefix(own, "http")
	return "default-src 'none'; script-src " + own + "/widget/assets/; style-src " + own + "/widget/assets/; connect-src " + own + "/widget/v1/ " + own + "/widget/assets/ " + socket +
		"/widget/v1/; img-src " + own + "/widget/v1/ " + own + "/api/ blob: data: https:; media-src " + own + "/widget/v1/ blob:; base-uri 'none'; form-action 'none'; " +
		"require-trusted-types-for 'script'; frame-ancestors " + strings.Join(s.FrameAncestors(originOf(own)), " ") + "; sandbox " + sandbox
}

func originOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return address
	}
	return u.Scheme + "://" + u.Host
}

// panel names the files of the built panel.
type panel struct{ Script, Style string }

// build reads the manifest of the web build.
func (p *Pages) build() (panel, error) {
	raw, err := p.Dist.Read("widget/manifest.json")
	if err != nil {
		return panel{}, err
	}
	var manifest map[string]struct {
		File string `json:"file"`
	}
	if err := json.Unmarshal(raw, &manifest); err != nil {
		return panel{}, err
	}
	return panel{Script: manifest["src/panel.tsx"].File, Style: manifest["style.css"].File}, nil
}
