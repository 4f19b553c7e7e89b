package sim

// The Messaging API as https://developers.line.biz/en/reference/messaging-api/ tells it. api.line.me is the root,
// api-data.line.me lies below /data.

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// line is LINE.
type line struct{ sim *Simulator }

// lineChannel is what only LINE knows of an account.
type lineChannel struct {
	user     string               // the bot's own id: "destination" of webhooks
	tokens   map[string]time.Time // issued ones, until when
	replies  map[string]replyToken
	accepted map[string]acceptedPush // by retry key
	used     int                     // of the month's messages
}

type replyToken struct {
	person *Person
	at     time.Time
}

type acceptedPush struct {
	request string
	sent    []any
}

// What LINE promises about tokens, and what a month holds on the plan that the simulator is on.
const (
	lineStateless = 15 * time.Minute
	lineReply     = time.Minute
	lineMonth     = 30_000
)

func (l *line) open(a *Account) {
	a.state = &lineChannel{
		user: "U" + a.hex(32, "user"), tokens: map[string]time.Time{}, replies: map[string]replyToken{}, accepted: map[string]acceptedPush{},
	}
	a.Credentials = []Credential{
		{"channel_id", "Channel ID", "20" + digits(a.hex(8, "id"))},
		{"channel_secret", "Channel secret", a.hex(32, "secret")},
		{"access_token", "Channel access token (long-lived)", a.hex(64, "token")},
	}
	a.console.Redeliver = true
}

// digits turns hexadecimal digits into decimal ones.
func digits(hexadecimal string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' {
			return r - 'a' + '0'
		}
		return r
	}, hexadecimal)
}

func (l *line) customer(a *Account, n int) *Person {
	return &Person{ID: "U" + a.hex(32, "customer"+strconv.Itoa(n))}
}

func (l *line) acts() []string {
	return []string{DoText, DoFile, DoPlace, DoSticker, DoTap, DoUnsend, DoBlock, DoUnblock, DoStart, DoStrange}
}

func (l *line) rates() []Rate { return []Rate{{Count: 2000, Per: time.Second, Burst: 2000}} }

func (l *line) configure(_ context.Context, _ *Account, c Console) error {
	return checkCallback(c.Callback)
}

func (l *line) refuse(_ *Account, why refusal) answer {
	switch {
	case why.status == http.StatusUnauthorized:
		return lineError(why.status, "Authentication failed due to the following reason: invalid token. Confirm that the access token in the authorization header is valid.")
	case why.code == "quota":
		return lineError(http.StatusTooManyRequests, "You have reached your monthly limit.")
	case why.status == http.StatusTooManyRequests:
		return lineError(why.status, "The API rate limit has been exceeded. Try again later.")
	case why.status == http.StatusForbidden:
		return lineError(why.status, "Access to this API is not available for your account")
	case why.status == 0:
		return lineError(http.StatusBadRequest, why.code)
	}
	return lineError(why.status, http.StatusText(why.status))
}

func lineError(status int, message string) answer {
	return answer{status: status, body: object{"message": message}}
}

// lineInvalid is the refusal of one property of a request's body.
func lineInvalid(property, message string) *answer {
	return &answer{status: http.StatusBadRequest, body: object{
		"message": "The request body has 1 error(s)", "details": []any{object{"message": message, "property": property}},
	}}
}

func (l *line) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /oauth2/v3/token", l.issue)
	mux.HandleFunc("POST /v2/oauth/accessToken", l.issue)
	mux.HandleFunc("POST /v2/oauth/verify", l.verifyToken)
	for pattern, serve := range map[string]func(*Account, *http.Request, request) answer{
		"GET /v2/bot/info":                                  l.info,
		"GET /v2/bot/channel/webhook/endpoint":              l.endpoint,
		"PUT /v2/bot/channel/webhook/endpoint":              l.setEndpoint,
		"GET /v2/bot/message/quota":                         l.quota,
		"GET /v2/bot/message/quota/consumption":             l.consumption,
		"GET /v2/bot/profile/{user}":                        l.profile,
		"POST /v2/bot/message/validate/{how}":               l.validate,
		"POST /v2/bot/chat/loading/start":                   l.loading,
		"POST /v2/bot/chat/markAsRead":                      l.markRead,
		"GET /v2/bot/message/{id}/content/transcoding":      l.transcoding,
		"GET /data/v2/bot/message/{id}/content/transcoding": l.transcoding,
	} {
		mux.HandleFunc(pattern, l.known(func(w http.ResponseWriter, r *http.Request, a *Account) {
			q, _ := read(r)
			l.sim.mu.Lock()
			out := serve(a, r, q)
			l.sim.mu.Unlock()
			out.write(w)
		}))
	}
	mux.HandleFunc("POST /v2/bot/channel/webhook/test", l.known(l.testEndpoint))
	mux.HandleFunc("POST /v2/bot/message/{how}", l.known(l.message))
	for _, path := range []string{"/v2/bot/message/{id}/content", "/v2/bot/message/{id}/content/preview"} {
		mux.HandleFunc("GET "+path, l.known(l.content))
		mux.HandleFunc("GET /data"+path, l.known(l.content))
	}
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { lineError(http.StatusNotFound, "Not found").write(w) })
	return mux
}

// known finds the account of the bearer token.
func (l *line) known(serve func(http.ResponseWriter, *http.Request, *Account)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token, _ := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
		a := l.sim.find(func(a *Account) bool { return a.Kind == "line" && l.accepts(a, token) })
		if a == nil {
			l.refuse(nil, tokenOff).write(w)
			return
		}
		w.Header().Set("X-Line-Request-Id", l.sim.hex(32, "request", strconv.FormatInt(time.Now().UnixNano(), 10)))
		serve(w, r, a)
	}
}

func (l *line) accepts(a *Account, token string) bool {
	if a.trouble.TokenOff || token == "" {
		return false
	}
	until, issued := a.state.(*lineChannel).tokens[token]
	return issued && l.sim.now().Before(until) || token == a.Credential("access_token")
}

// issue gives out a token for the channel's id and secret.
func (l *line) issue(w http.ResponseWriter, r *http.Request) {
	q, _ := read(r)
	a := l.sim.find(func(a *Account) bool { return a.Kind == "line" && a.Credential("channel_id") == q.text("client_id") })
	l.sim.mu.Lock()
	defer l.sim.mu.Unlock()
	if a == nil || a.trouble.TokenOff || q.text("client_secret") != a.Credential("channel_secret") {
		answer{status: http.StatusBadRequest, body: object{"error": "invalid_client", "error_description": "invalid client_id or client_secret"}}.write(w)
		return
	}
	token := l.sim.hex(48, "stateless", strconv.FormatInt(l.sim.next(), 10))
	a.state.(*lineChannel).tokens[token] = l.sim.now().Add(lineStateless)
	answer{body: object{"token_type": "Bearer", "access_token": token, "expires_in": int(lineStateless/time.Second) - 1}}.write(w)
}

func (l *line) verifyToken(w http.ResponseWriter, r *http.Request) {
	q, _ := read(r)
	token := q.text("access_token")
	a := l.sim.find(func(a *Account) bool { return a.Kind == "line" && l.accepts(a, token) })
	if a == nil {
		answer{status: http.StatusBadRequest, body: object{"error": "invalid_request", "error_description": "access token expired"}}.write(w)
		return
	}
	body := object{"client_id": a.Credential("channel_id"), "scope": "P CM"}
	if token != a.Credential("access_token") { // a long-lived one does not end
		body["expires_in"] = int(lineStateless / time.Second)
	}
	answer{body: body}.write(w)
}

func (l *line) info(a *Account, _ *http.Request, _ request) answer {
	return answer{body: object{
		"userId": a.state.(*lineChannel).user, "basicId": "@" + a.hex(8, "basic"), "displayName": a.Title, "chatMode": "bot", "markAsReadMode": "auto",
	}}
}

func (l *line) endpoint(a *Account, _ *http.Request, _ request) answer {
	if a.console.Callback == "" {
		return lineError(http.StatusNotFound, "Not found")
	}
	return answer{body: object{"endpoint": a.console.Callback, "active": !a.console.Off}}
}

func (l *line) setEndpoint(a *Account, _ *http.Request, q request) answer {
	if checkCallback(q.text("endpoint")) != nil || len(q.text("endpoint")) > 500 {
		return *lineInvalid("endpoint", "Invalid webhook endpoint URL")
	}
	a.console.Callback = q.text("endpoint")
	return answer{body: object{}}
}

// testEndpoint makes a request without events, and tells what came back.
func (l *line) testEndpoint(w http.ResponseWriter, r *http.Request, a *Account) {
	l.sim.mu.Lock()
	h := l.signed(a, nil)
	l.sim.mu.Unlock()
	if h.url == "" {
		lineError(http.StatusNotFound, "Not found").write(w)
		return
	}
	status, _ := l.sim.post(r.Context(), &h)
	out := object{"success": status == http.StatusOK, "timestamp": l.sim.Now().UTC().Format(time.RFC3339Nano), "statusCode": status, "reason": "OK", "detail": fmt.Sprint(status)}
	if status == 0 {
		out["reason"], out["detail"] = "COULD_NOT_CONNECT", "could not connect"
	} else if status != http.StatusOK {
		out["reason"] = "ERROR_STATUS_CODE"
	}
	answer{body: out}.write(w)
}

func (l *line) quota(a *Account, _ *http.Request, _ request) answer {
	return answer{body: object{"type": "limited", "value": l.month(a)}}
}

func (l *line) consumption(a *Account, _ *http.Request, _ request) answer {
	return answer{body: object{"totalUsage": a.state.(*lineChannel).used}}
}

// month is how many messages the month holds.
func (l *line) month(a *Account) int {
	switch used := a.state.(*lineChannel).used; {
	case a.trouble.Quota > 0:
		return a.trouble.Quota
	case a.trouble.Quota < 0:
		return used
	}
	return lineMonth
}

func (l *line) profile(a *Account, r *http.Request, _ request) answer {
	p := a.person(r.PathValue("user"))
	if p == nil || p.Blocked {
		return lineError(http.StatusNotFound, "Not found")
	}
	return answer{body: object{"displayName": p.Name, "userId": p.ID, "language": "ja"}}
}

func (l *line) loading(a *Account, _ *http.Request, q request) answer {
	p, seconds := a.person(q.text("chatId")), int(q.number("loadingSeconds"))
	if p == nil {
		return *lineInvalid("chatId", "Invalid chatId")
	}
	if seconds == 0 {
		seconds = 20
	}
	if seconds < 5 || seconds > 60 || seconds%5 != 0 {
		return *lineInvalid("loadingSeconds", "must be a multiple of 5 between 5 and 60")
	}
	p.typing = time.Now().Add(time.Duration(seconds) * time.Second)
	return answer{status: http.StatusAccepted, body: object{}}
}

func (l *line) markRead(a *Account, _ *http.Request, q request) answer {
	for _, p := range a.people {
		for i, m := range p.chat {
			if m.Mine && q.text("markAsReadToken") == "mr"+m.ID {
				for _, earlier := range p.chat[:i+1] {
					if earlier.Mine {
						earlier.Status = "read"
					}
				}
				return answer{body: object{}}
			}
		}
	}
	return *lineInvalid("markAsReadToken", "Invalid token")
}

func (l *line) transcoding(*Account, *http.Request, request) answer {
	return answer{body: object{"status": "succeeded"}}
}

func (l *line) content(w http.ResponseWriter, r *http.Request, a *Account) {
	l.sim.mu.Lock()
	name := ""
	for _, p := range a.people {
		if m := p.message(r.PathValue("id")); m != nil && len(m.Files) > 0 {
			name = m.Files[0].file
		}
	}
	l.sim.mu.Unlock()
	if name == "" {
		lineError(http.StatusNotFound, "Not found").write(w)
		return
	}
	l.sim.writeFile(w, name)
}

// sign is the signature of a webhook's body: base64 of its HMAC-SHA256 under the channel secret.
func sign(secret string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
