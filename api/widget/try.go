package widget

import (
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"

	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
)

//go:embed try.html try.css locale/ja.json locale/en.json
var tryFiles embed.FS

var tryPage = template.Must(template.ParseFS(tryFiles, "try.html"))

// tryTexts reads the page's texts in a language.
func tryTexts(l desk.Locale) (map[string]string, error) {
	raw, err := tryFiles.ReadFile("locale/" + string(l) + ".json")
	if err != nil {
		return nil, fmt.Errorf("texts of the try page: %w", err)
	}
	texts := map[string]string{}
	return texts, json.Unmarshal(raw, &texts)
}

// try is a page as a customer of ours might have it, with the widget of the server's first web chat channel. Its policy
// is as strict as a host page's can be: the widget needs script-src and frame-src, and connect-src to boot early.
func (p *Pages) try(w http.ResponseWriter, r *http.Request) {
	account, err := p.firstAccount(r)
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	lang := locale.Choose(r.Header.Get("Accept-Language"))
	if asked := desk.Locale(r.URL.Query().Get("lang")); locale.Known(asked) {
		lang = asked
	}
	texts, err := tryTexts(lang)
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	style, err := tryFiles.ReadFile("try.css")
	if err != nil {
		p.refuse(w, r, err)
		return
	}
	sum := sha256.Sum256(style)
	header := w.Header()
	header.Set("Content-Type", "text/html; charset=utf-8")
	header.Set("X-Content-Type-Options", "nosniff")
	header.Set("Cache-Control", "no-store")
	header.Set("Content-Security-Policy", "default-src 'none'; script-src "+p.PublicURL+"/widget/; frame-src "+p.PublicURL+"/widget/; connect-src "+p.PublicURL+
		"/widget/v1/; style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'")
	page := struct {
		Lang, Other, Account string
		T                    func(string) string
		Style                template.CSS
	}{string(lang), other(lang), account, func(key string) string { return texts[key] }, template.CSS(style)}
	if err := tryPage.Execute(w, page); err != nil {
		p.Log.WarnContext(r.Context(), "write try page", "err", err)
	}
}

func other(l desk.Locale) string {
	if l == desk.LocaleJA {
		return string(desk.LocaleEN)
	}
	return string(desk.LocaleJA)
}

// firstAccount finds the web chat channel to try: the one named, else the first of the server, "" if there is none yet.
func (p *Pages) firstAccount(r *http.Request) (account string, err error) {
	if named := r.URL.Query().Get("account"); named != "" {
		_, c, _, err := p.channel(r.Context(), named)
		return c.Account, err
	}
	var workspaces []desk.Workspace
	err = p.Store.View(r.Context(), 0, func(reader store.Reader) error {
		workspaces, err = reader.Workspaces().All()
		return err
	})
	if err != nil {
		return "", err
	}
	for _, workspace := range workspaces {
		err = p.Store.View(r.Context(), workspace.ID, func(reader store.Reader) error {
			channels, err := reader.Channels().List()
			for _, c := range channels {
				if c.Kind == kind && c.State != desk.ChannelDisabled && account == "" {
					account = c.Account
				}
			}
			return err
		})
		if err != nil || account != "" {
			return account, err
		}
	}
	return "", nil
}
