package sim

import (
	"embed"
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"strconv"
	"strings"
	"time"
)

//go:embed page
var pages embed.FS

// maxControl is the largest request to a control: a customer's files, coded as text.
const maxControl = 96 << 20

// controls are the page and what steers the simulator.
func (s *Simulator) controls(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", s.page)
	mux.HandleFunc("GET /page/{name}", s.page)
	mux.HandleFunc("GET /control/state", s.state)
	mux.HandleFunc("GET /control/accounts/{id}/record", s.of(s.record))
	mux.HandleFunc("GET /control/accounts/{id}/chat", s.of(s.chat))
	for pattern, serve := range map[string]func(*http.Request, *Account) (any, error){
		"POST /control/accounts/{id}/customers": func(_ *http.Request, a *Account) (any, error) { return object{"id": a.NewCustomer()}, nil },
		"POST /control/accounts/{id}/acts":      act,
		"PUT /control/accounts/{id}/trouble": func(r *http.Request, a *Account) (any, error) {
			var t Trouble
			err := decode(r, &t)
			if err == nil {
				a.SetTrouble(t)
			}
			return object{}, err
		},
		"PUT /control/accounts/{id}/console": func(r *http.Request, a *Account) (any, error) {
			c := a.Console()
			if err := decode(r, &c); err != nil {
				return nil, err
			}
			return object{}, a.Configure(r.Context(), c)
		},
		"POST /control/accounts/{id}/templates/{template}": func(r *http.Request, a *Account) (any, error) {
			var review struct{ Status, Reason string }
			if err := decode(r, &review); err != nil {
				return nil, err
			}
			return object{}, a.ReviewTemplate(r.PathValue("template"), review.Status, review.Reason)
		},
	} {
		mux.HandleFunc(pattern, ours(s.of(serve)))
	}
	mux.HandleFunc("POST /control/accounts", ours(s.newAccount))
	mux.HandleFunc("POST /control/advance", ours(s.advance))
}

// ours refuses requests that another site's page could make in a browser: a JSON body is asked for before it is sent there.
func ours(serve http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if kind, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";"); strings.TrimSpace(kind) != "application/json" {
			answer{status: http.StatusUnsupportedMediaType, body: object{"error": "application/json is needed"}}.write(w)
			return
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxControl)
		serve(w, r)
	}
}

// of finds the account of the path and writes what is answered.
func (s *Simulator) of(serve func(*http.Request, *Account) (any, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		a := s.Account(r.PathValue("id"))
		if a == nil {
			complain(w, ErrNotThere)
			return
		}
		w.Header().Set("Cache-Control", "no-store")
		body, err := serve(r, a)
		if err != nil {
			complain(w, err)
			return
		}
		answer{body: body}.write(w)
	}
}

func complain(w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	if errors.Is(err, ErrNotThere) {
		status = http.StatusNotFound
	}
	answer{status: status, body: object{"error": err.Error()}}.write(w)
}

func decode(r *http.Request, v any) error { return json.NewDecoder(r.Body).Decode(v) }

func (s *Simulator) newAccount(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Kind string }
	if err := decode(r, &asked); err != nil {
		complain(w, err)
		return
	}
	a, err := s.NewAccount(asked.Kind)
	if err != nil {
		complain(w, err)
		return
	}
	answer{status: http.StatusCreated, body: object{"id": a.ID, "base_url": a.BaseURL(), "credentials": a.Credentials}}.write(w)
}

func (s *Simulator) advance(w http.ResponseWriter, r *http.Request) {
	var asked struct{ Seconds int64 }
	if err := decode(r, &asked); err != nil || asked.Seconds < 0 {
		complain(w, ErrRefused)
		return
	}
	s.Advance(time.Duration(asked.Seconds) * time.Second)
	answer{body: object{}}.write(w)
}

func act(r *http.Request, a *Account) (any, error) {
	var asked struct {
		Customer string
		Act
	}
	if err := decode(r, &asked); err != nil {
		return nil, err
	}
	id, err := a.Act(asked.Customer, asked.Act)
	return object{"id": id}, err
}

// accountView is an account as the page shows it.
type accountView struct {
	ID          string         `json:"id"`
	Kind        string         `json:"kind"`
	Title       string         `json:"title"`
	Acts        []string       `json:"acts"`
	Credentials []Credential   `json:"credentials"`
	Console     Console        `json:"console"`
	Trouble     Trouble        `json:"trouble"`
	Customers   []customerView `json:"customers"`
	Templates   []*Template    `json:"templates,omitempty"`
	Requests    int            `json:"requests"`
	Exceeded    int            `json:"exceeded"`
	Taken       int            `json:"taken"`
}

type customerView struct {
	ID      string `json:"id"`
	Name    string `json:"name"`
	Blocked bool   `json:"blocked"`
	Stopped bool   `json:"stopped"`
}

// state is everything but the chats.
func (s *Simulator) state(w http.ResponseWriter, _ *http.Request) {
	s.mu.Lock()
	views := []accountView{}
	for _, a := range s.accounts {
		v := accountView{
			ID: a.ID, Kind: a.Kind, Title: a.Title, Acts: a.provider.acts(), Credentials: a.Credentials, Console: a.console, Trouble: a.trouble,
			Requests: a.requests, Exceeded: a.exceeded, Taken: len(a.taken),
		}
		for _, p := range a.people {
			v.Customers = append(v.Customers, customerView{p.ID, p.Name, p.Blocked, p.Stopped})
		}
		if number, ok := a.state.(*whatsappNumber); ok {
			v.Templates = number.Templates
		}
		views = append(views, v)
	}
	body := encode(object{"kinds": Kinds(), "accounts": views, "ahead_seconds": int64(s.ahead / time.Second)})
	s.mu.Unlock()
	w.Header().Set("Cache-Control", "no-store")
	answer{raw: body, header: map[string]string{"Content-Type": "application/json"}}.write(w)
}

// chat is one phone's screen. Files of ours are named relative to the page, which may be open at another address.
func (s *Simulator) chat(r *http.Request, a *Account) (any, error) {
	customer := r.URL.Query().Get("customer")
	messages, err := a.Chat(customer)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, m := range messages {
		files := append([]Shown(nil), m.Files...)
		for j, f := range files {
			if f.file != "" {
				files[j].URL = "files/" + f.file
			}
		}
		messages[i].Files = files
	}
	p := a.person(customer)
	return object{"messages": messages, "typing": time.Now().Before(p.typing), "blocked": p.Blocked, "stopped": p.Stopped}, nil
}

// record is what the provider took and told, the newest hundred of each, or as many as are asked for.
func (s *Simulator) record(r *http.Request, a *Account) (any, error) {
	limit, err := strconv.Atoi(r.URL.Query().Get("limit"))
	if err != nil || limit <= 0 {
		limit = 100
	}
	taken, hooks := a.Taken(), a.Hooks()
	requests, exceeded := a.Requests()
	return object{
		"taken": taken[max(0, len(taken)-limit):], "hooks": hooks[max(0, len(hooks)-limit):],
		"requests": requests, "exceeded": exceeded, "pending": s.Pending(),
	}, nil
}

// page gives out the phone and what belongs to it.
func (s *Simulator) page(w http.ResponseWriter, r *http.Request) {
	name := r.PathValue("name")
	if name == "" {
		name = "index.html"
	}
	body, err := fs.ReadFile(pages, "page/"+name)
	if err != nil {
		http.NotFound(w, r)
		return
	}
	kinds := map[string]string{"html": "text/html", "css": "text/css", "js": "text/javascript", "json": "application/json", "svg": "image/svg+xml"}
	h := w.Header()
	h.Set("Content-Type", kinds[name[strings.LastIndexByte(name, '.')+1:]]+"; charset=utf-8")
	h.Set("Cache-Control", "no-cache")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "+
		"img-src 'self' http: https:; media-src 'self' http: https:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	_, _ = w.Write(body)
}
