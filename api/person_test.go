package api_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"testing"
	"time"

	"madoguchi/account"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

type person struct {
	t      *testing.T
	c      *counter
	client *http.Client
	csrf   string
	cookie *http.Cookie
	bearer string
	id     desk.ID
	space  desk.ID
}

func (c *counter) stranger(t *testing.T) *person { return &person{t: t, c: c, client: c.Client()} }

func (c *counter) owner(t *testing.T, email string) *person {
	t.Helper()
	needed, err := c.accounts.SetupNeeded(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	made, err := c.accounts.Setup(t.Context(), account.SetupParams{
		Workspace: "Sakura", Name: "Owner", Email: email, Password: password, Locale: "en", Zone: "Asia/Tokyo", Further: !needed, APIKey: true,
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.session(t, made.User.ID, made.WorkspaceID)
}

func (c *counter) session(t *testing.T, user, workspace desk.ID) *person {
	t.Helper()
	token, session := auth.NewSession(time.Now().UTC().Truncate(time.Millisecond))
	session.UserID, session.WorkspaceID = user, workspace
	err := c.store.Update(t.Context(), 0, func(tx store.Tx) error {
		session.ID = tx.NewID()
		return tx.WriteAccounts().PutSession(session)
	})
	if err != nil {
		t.Fatal(err)
	}
	p := c.stranger(t)
	p.cookie, p.csrf, p.id, p.space = auth.SessionCookie(token, session, false), session.CSRF, user, workspace
	return p
}

func (c *counter) member(t *testing.T, workspace desk.ID, role desk.Role) *person {
	t.Helper()
	var user desk.User
	err := c.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		user = desk.User{ID: tx.NewID(), Name: string(role), Locale: "en", CreatedAt: tx.Now()}
		user.Email = user.ID.String() + "@example.test"
		if err := tx.WriteAccounts().PutUser(user); err != nil {
			return err
		}
		return tx.WriteMembers().Put(desk.Member{UserID: user.ID, Role: role, DisplayName: user.Name, Active: true, CreatedAt: tx.Now(), UpdatedAt: tx.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	return c.session(t, user.ID, workspace)
}

func (c *counter) signIn(t *testing.T, email string) *person {
	t.Helper()
	p := c.stranger(t)
	r := p.do("POST", "/api/v1/session", map[string]any{"email": email, "password": password})
	p.become(r)
	return p
}

func (p *person) become(r answer) {
	p.t.Helper()
	r.want(p.t, http.StatusCreated)
	for _, cookie := range r.Cookies() {
		if strings.HasSuffix(cookie.Name, auth.SessionCookieName) {
			p.cookie = cookie
		}
	}
	if p.cookie == nil {
		p.t.Fatal("no session cookie")
	}
	p.csrf = r.str("csrf")
	p.id = desk.ID(r.num("user.id"))
}

type answer struct {
	*http.Response
	body []byte
	json any
}

func (a answer) want(t *testing.T, status int) answer {
	t.Helper()
	if a.StatusCode != status {
		t.Fatalf("%s %s: %d, want %d: %s", a.Request.Method, a.Request.URL.Path, a.StatusCode, status, a.body)
	}
	return a
}

func (a answer) wantCode(t *testing.T, status int, code string) answer {
	t.Helper()
	a.want(t, status)
	if got := a.str("code"); got != code {
		t.Fatalf("%s %s: code %q, want %q: %s", a.Request.Method, a.Request.URL.Path, got, code, a.body)
	}
	return a
}

func (a answer) at(path string) any {
	v := a.json
	for name := range strings.SplitSeq(path, ".") {
		switch in := v.(type) {
		case map[string]any:
			v = in[name]
		case []any:
			i := int(name[0] - '0')
			if i >= len(in) {
				return nil
			}
			v = in[i]
		default:
			return nil
		}
	}
	return v
}

func (a answer) str(path string) string { s, _ := a.at(path).(string); return s }

func (a answer) num(path string) int64 { n, _ := a.at(path).(float64); return int64(n) }

func (a answer) list(path string) []any { l, _ := a.at(path).([]any); return l }

func (p *person) do(method, path string, body any, change ...func(*http.Request)) answer {
	p.t.Helper()
	var reader io.Reader
	kind := ""
	switch b := body.(type) {
	case nil:
	case string:
		reader, kind = strings.NewReader(b), "application/json"
	case form:
		var buf bytes.Buffer
		kind = b.write(p.t, &buf)
		reader = &buf
	default:
		encoded, err := json.Marshal(b)
		if err != nil {
			p.t.Fatal(err)
		}
		reader, kind = bytes.NewReader(encoded), "application/json"
	}
	r, err := http.NewRequestWithContext(p.t.Context(), method, p.c.URL+path, reader)
	if err != nil {
		p.t.Fatal(err)
	}
	if kind != "" {
		r.Header.Set("Content-Type", kind)
	}
	if p.bearer != "" {
		r.Header.Set("Authorization", "Bearer "+p.bearer)
	} else if p.cookie != nil {
		r.AddCookie(p.cookie)
		r.Header.Set("X-CSRF-Token", p.csrf)
		r.Header.Set("Origin", p.c.URL)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for _, fn := range change {
		fn(r)
	}
	response, err := p.client.Do(r)
	if err != nil {
		p.t.Fatal(err)
	}
	defer response.Body.Close()
	a := answer{Response: response}
	if a.body, err = io.ReadAll(response.Body); err != nil {
		p.t.Fatal(err)
	}
	if strings.Contains(response.Header.Get("Content-Type"), "json") && !strings.Contains(response.Header.Get("Content-Type"), "ndjson") && len(a.body) > 0 && response.Header.Get("Content-Encoding") == "" {
		if err := json.Unmarshal(a.body, &a.json); err != nil {
			p.t.Fatalf("%s %s: %v: %s", method, path, err, a.body)
		}
	}
	return a
}

type form struct {
	name, mime string
	content    []byte
	fields     map[string]string
}

func (f form) write(t *testing.T, to io.Writer) string {
	t.Helper()
	w := multipart.NewWriter(to)
	for name, value := range f.fields {
		if err := w.WriteField(name, value); err != nil {
			t.Fatal(err)
		}
	}
	if f.content != nil {
		part, err := w.CreateFormFile("file", f.name)
		if err == nil {
			_, err = part.Write(f.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return w.FormDataContentType()
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) {
		if value == "" {
			r.Header.Del(name)
			return
		}
		r.Header.Set(name, value)
	}
}
