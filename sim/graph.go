package sim

// What WhatsApp, Messenger and Instagram share: the Graph API's tokens, errors, subscriptions and signed webhooks,
// https://developers.facebook.com/docs/graph-api. graph.facebook.com and graph.instagram.com are both the root.

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"
)

// graph is one of Meta's products.
type graph struct {
	sim     *Simulator
	kind    string
	product graphProduct
}

// graphProduct is what the products do each in their own way.
type graphProduct interface {
	// call answers a request of the account's token; path has no version: "{id}/messages". It takes the lock itself.
	call(w http.ResponseWriter, r *http.Request, a *Account, path []string)
	scopes() []string
}

// graphTries is how often a webhook is delivered: growing pauses for days.
const graphTries = 200

// version begins most paths.
var version = regexp.MustCompile(`^/v[0-9]+\.[0-9]+`)

// openApp makes the credentials of an app, which all products have.
func openApp(a *Account) []Credential {
	return []Credential{
		{"app_id", "App ID", "1" + digits(a.hex(14, "app"))},
		{"app_secret", "App secret", a.hex(32, "app secret")},
	}
}

func (g *graph) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path := strings.Split(strings.Trim(version.ReplaceAllString(r.URL.Path, ""), "/"), "/")
		scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
		if scheme != "Bearer" && scheme != "OAuth" {
			token = r.URL.Query().Get("access_token")
		}
		if app, secret, ok := strings.Cut(token, "|"); ok {
			g.asApp(w, r, app, secret, path)
			return
		}
		a := g.sim.find(func(a *Account) bool { return a.Kind == g.kind && token != "" && a.token() == token })
		proof := r.URL.Query().Get("appsecret_proof")
		switch {
		case a == nil || a.Trouble().TokenOff:
			g.expired().write(w)
		case proof != "" && proof != digest(a.Credential("app_secret"), token):
			graphError(http.StatusBadRequest, 100, 0, "Invalid appsecret_proof provided in the API argument").write(w)
		default:
			g.product.call(w, r, a, path)
		}
	})
}

// token is what calls are made with.
func (a *Account) token() string {
	if t := a.Credential("access_token"); t != "" {
		return t
	}
	return a.Credential("token")
}

// asApp answers what is asked with an app's own token: "id|secret".
func (g *graph) asApp(w http.ResponseWriter, r *http.Request, app, secret string, path []string) {
	a := g.sim.find(func(a *Account) bool {
		return a.Kind == g.kind && a.Credential("app_id") == app && a.Credential("app_secret") == secret
	})
	switch {
	case a == nil:
		graphError(http.StatusBadRequest, 190, 0, "Invalid OAuth access token - Cannot get application info due to a system error.").write(w)
	case path[0] == "debug_token":
		valid := r.URL.Query().Get("input_token") == a.token() && !a.Trouble().TokenOff
		kind := map[string]string{"whatsapp": "SYSTEM_USER", "messenger": "PAGE", "instagram": "PAGE"}[g.kind]
		answer{body: object{"data": object{
			"app_id": app, "type": kind, "application": a.Title, "is_valid": valid, "expires_at": 0, "data_access_expires_at": 0, "scopes": g.product.scopes(),
			"user_id": "1", "profile_id": a.Credential("page_id"),
		}}}.write(w)
	case len(path) > 1 && path[1] == "subscriptions" && r.Method == http.MethodPost:
		g.subscribe(w, r, a)
	case len(path) > 1 && path[1] == "subscriptions":
		console := a.Console()
		answer{body: object{"data": []any{object{"object": g.object(), "callback_url": console.Callback, "active": console.Callback != "", "fields": []any{}}}}}.write(w)
	default:
		unknownPath(r).write(w)
	}
}

// object is what the kind's webhooks are about.
func (g *graph) object() string {
	return map[string]string{"whatsapp": "whatsapp_business_account", "messenger": "page", "instagram": "instagram"}[g.kind]
}

// subscribe sets the app's callback, which is asked at once whether it is ours.
func (g *graph) subscribe(w http.ResponseWriter, r *http.Request, a *Account) {
	q, _ := read(r)
	console := a.Console()
	console.Callback, console.Token = q.text("callback_url"), q.text("verify_token")
	if err := a.Configure(r.Context(), console); err != nil {
		graphError(http.StatusBadRequest, 2200, 0, "(#2200) Callback verification failed").write(w)
		return
	}
	if page, ok := a.state.(*messagingPage); ok {
		g.sim.mu.Lock()
		page.AppFields = strings.Split(q.text("fields"), ",")
		g.sim.mu.Unlock()
	}
	answer{body: object{"success": true}}.write(w)
}

// configure asks a callback for the challenge, as Meta does before it believes in it.
func (g *graph) configure(ctx context.Context, _ *Account, c Console) error {
	if err := checkCallback(c.Callback); err != nil {
		return err
	}
	challenge := digits(g.sim.hex(10, "challenge", c.Callback))
	query := url.Values{"hub.mode": {"subscribe"}, "hub.challenge": {challenge}, "hub.verify_token": {c.Token}}
	if status, body := g.sim.ask(ctx, c.Callback, query); status != http.StatusOK || body != challenge {
		return fmt.Errorf("%w: the callback answered the challenge with %d", ErrRefused, status)
	}
	return nil
}

// ask makes a GET request of a callback.
func (s *Simulator) ask(ctx context.Context, address string, query url.Values) (int, string) {
	u, err := url.Parse(address)
	if err != nil {
		return 0, ""
	}
	merged := u.Query()
	for name, values := range query {
		merged[name] = values
	}
	u.RawQuery = merged.Encode()
	status, body := s.post(ctx, &hook{method: http.MethodGet, url: u.String()})
	return status, string(body)
}

func (g *graph) rates() []Rate { return []Rate{{Count: 300, Per: time.Second, Burst: 300}} }

func (g *graph) expired() answer {
	return graphError(http.StatusUnauthorized, 190, 463, "Error validating access token: Session has expired")
}

func (g *graph) refuse(_ *Account, why refusal) answer {
	if code, err := strconv.Atoi(why.code); err == nil {
		return graphError(http.StatusBadRequest, code, 0, fmt.Sprintf("(#%d) %s", code, graphWords[code]))
	}
	switch {
	case why.status == http.StatusUnauthorized:
		return g.expired()
	case why.status == http.StatusTooManyRequests && g.kind == "whatsapp":
		return withDetails(graphError(http.StatusTooManyRequests, 130429, 0, "(#130429) Rate limit hit"))
	case why.status == http.StatusTooManyRequests:
		return graphError(http.StatusBadRequest, 613, 0, "(#613) Calls to this api have exceeded the rate limit.")
	case g.kind == "whatsapp":
		return withDetails(graphError(why.status, 131016, 0, "(#131016) Service unavailable"))
	}
	return graphError(why.status, 2, 0, "(#2) Service temporarily unavailable")
}

// graphWords are the messages of codes that a test may ask for.
var graphWords = map[int]string{
	4: "Application request limit reached", 368: "Temporarily blocked for policies violations", 551: "This person isn't available right now.",
	80007: "Rate limit issues", 131026: "Message undeliverable", 131031: "Business Account locked", 131042: "Business eligibility payment issue",
	131048: "Spam rate limit hit", 131049: "This message was not delivered to maintain healthy ecosystem engagement.", 131056: "Pair rate limit hit",
	132015: "Template is paused", 133010: "Phone number not registered",
}

func graphError(status, code, subcode int, message string) answer {
	e := object{"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AXtest"}
	if subcode != 0 {
		e["error_subcode"] = subcode
	}
	return answer{status: status, body: object{"error": e}}
}

// withDetails adds what WhatsApp's errors have and the others' have not.
func withDetails(x answer) answer {
	if body, ok := x.body.(object); ok {
		if e, ok := body["error"].(object); ok {
			e["error_data"] = object{"messaging_product": "whatsapp", "details": e["message"]}
		}
	}
	return x
}

func unknownPath(r *http.Request) answer {
	return graphError(http.StatusBadRequest, 100, 33, "Unsupported "+strings.ToLower(r.Method)+" request. Object does not exist, cannot be loaded due to missing permissions, or does not support this operation.")
}

func digest(secret, text string) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(text))
	return hex.EncodeToString(mac.Sum(nil))
}

// news queues a webhook of one entry's content. Under mu.
func (g *graph) news(a *Account, person string, envelope object) {
	body := ascii(encode(envelope))
	a.tell(person, hook{url: a.console.Callback, body: body, tries: graphTries, header: map[string]string{
		"Content-Type": "application/json", "X-Hub-Signature-256": "sha256=" + digest(a.Credential("app_secret"), string(body)),
	}})
}

// ascii writes what is not ASCII as Meta does, \uXXXX: who verifies something other than the raw bytes fails.
func ascii(body []byte) []byte {
	var out bytes.Buffer
	for _, r := range string(body) {
		if r < 0x80 {
			out.WriteRune(r)
			continue
		}
		for _, unit := range utf16.Encode([]rune{r}) {
			fmt.Fprintf(&out, `\u%04x`, unit)
		}
	}
	return out.Bytes()
}
