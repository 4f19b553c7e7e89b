package sim

// Twilio's Programmable Messaging, https://www.twilio.com/docs/messaging/api. api.twilio.com is the root,
// messaging.twilio.com lies below /messaging.

import (
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// twilio is Twilio; the desk calls the channel "sms".
type twilio struct{ sim *Simulator }

// twilioService is what only Twilio knows of an account.
type twilioService struct {
	OnNumber string // UseInboundWebhookOnNumber
	Advanced bool   // Advanced Opt-Out is on: webhooks say what a keyword did
	sent     []*twilioMessage
}

// twilioMessage is a message of the business's as the REST API shows it.
type twilioMessage struct {
	*Message
	to, status string
	fault      int
}

const twilioAPI = "/2010-04-01/Accounts/"

func (t *twilio) open(a *Account) {
	a.state = &twilioService{OnNumber: "false"}
	a.Credentials = []Credential{
		{"account_sid", "Account SID", "AC" + a.hex(32, "account")},
		{"auth_token", "Auth Token", a.hex(32, "token")},
		{"service_sid", "Messaging Service SID", "MG" + a.hex(32, "service")},
		{"number", "Phone number", "+8150" + digits(a.hex(8, "number"))},
	}
}

func (t *twilio) customer(_ *Account, n int) *Person {
	return &Person{ID: fmt.Sprintf("+8190%08d", 12345670+n)}
}

func (t *twilio) acts() []string { return []string{DoText, DoFile, DoBlock, DoUnblock} }

// rates: Twilio publishes none, it queues.
func (t *twilio) rates() []Rate { return nil }

func (t *twilio) configure(_ context.Context, _ *Account, c Console) error {
	return checkCallback(c.Callback)
}

// SetAdvancedOptOut switches Twilio's Advanced Opt-Out on: webhooks say what a keyword did.
func (a *Account) SetAdvancedOptOut(on bool) {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	if service, ok := a.state.(*twilioService); ok {
		service.Advanced = on
	}
}

func (t *twilio) refuse(_ *Account, why refusal) answer {
	if code, err := strconv.Atoi(why.code); err == nil {
		return twilioError(http.StatusBadRequest, code)
	}
	switch {
	case why.status == http.StatusUnauthorized:
		return twilioError(why.status, 20003)
	case why.status == http.StatusTooManyRequests:
		x := twilioError(why.status, 20429)
		x.header = map[string]string{"Retry-After": strconv.Itoa(int((why.after + time.Second - 1) / time.Second))}
		return x
	case why.status == http.StatusServiceUnavailable:
		return twilioError(why.status, 20503)
	}
	return twilioError(why.status, 20500)
}

// twilioWords are the messages of codes.
var twilioWords = map[int]string{
	20003: "Authenticate", 20404: "The requested resource was not found", 20429: "Too Many Requests", 20500: "Internal Server Error", 20503: "Service Unavailable",
	21211: "Invalid 'To' Phone Number", 21408: "Permission to send an SMS has not been enabled for the region", 21602: "Message body is required.",
	21604: "A 'To' phone number is required.", 21606: "The From phone number is not a valid, SMS-capable inbound phone number for your account.",
	21610: "Attempt to send to unsubscribed recipient", 21611: "This 'From' number has exceeded the maximum number of queued messages",
	21617: "The concatenated message body exceeds the 1600 character limit", 21620: "Invalid media URL(s)", 21623: "Number of media files exceeds allowed limit",
	21701: "The Messaging Service resource does not exist",
}

func twilioError(status, code int) answer {
	return answer{status: status, body: object{
		"code": code, "message": twilioWords[code], "more_info": "https://www.twilio.com/docs/errors/" + strconv.Itoa(code), "status": status,
	}}
}

func (t *twilio) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+twilioAPI+"{account}", t.known(t.account))
	mux.HandleFunc("POST "+twilioAPI+"{account}/Messages.json", t.known(t.message))
	mux.HandleFunc("GET "+twilioAPI+"{account}/Messages.json", t.known(t.list))
	mux.HandleFunc("GET "+twilioAPI+"{account}/Messages/{sid}", t.known(t.list))
	mux.HandleFunc("GET "+twilioAPI+"{account}/Messages/{sid}/Media/{media}", t.known(t.media))
	mux.HandleFunc("DELETE "+twilioAPI+"{account}/Messages/{sid}/Media/{media}", t.known(func(w http.ResponseWriter, _ *http.Request, _ *Account) {
		w.WriteHeader(http.StatusNoContent)
	}))
	mux.HandleFunc("/messaging/v1/Services/{service}", t.known(t.service))
	mux.HandleFunc("GET /messaging/v1/Services/{service}/PhoneNumbers", t.known(t.numbers))
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { twilioError(http.StatusNotFound, 20404).write(w) })
	return mux
}

// known finds the account of the credentials, which must be that of the path.
func (t *twilio) known(serve func(http.ResponseWriter, *http.Request, *Account)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		user, token, _ := r.BasicAuth()
		a := t.sim.find(func(a *Account) bool {
			return a.Kind == "sms" && a.Credential("account_sid") == user && a.Credential("auth_token") == token
		})
		if a == nil || a.Trouble().TokenOff {
			t.refuse(nil, tokenOff).write(w)
			return
		}
		account, service := strings.TrimSuffix(r.PathValue("account"), ".json"), r.PathValue("service")
		if account != "" && account != user || service != "" && service != a.Credential("service_sid") {
			twilioError(http.StatusNotFound, 20404).write(w)
			return
		}
		serve(w, r, a)
	}
}

func (t *twilio) account(w http.ResponseWriter, _ *http.Request, a *Account) {
	answer{body: object{
		"sid": a.Credential("account_sid"), "friendly_name": a.Title, "status": "active", "type": "Full", "date_created": t.sim.Now().UTC().Format(time.RFC1123Z),
	}}.write(w)
}

// service shows the messaging service, or changes where it calls.
func (t *twilio) service(w http.ResponseWriter, r *http.Request, a *Account) {
	q, _ := read(r)
	t.sim.mu.Lock()
	defer t.sim.mu.Unlock()
	s := a.state.(*twilioService)
	if r.Method == http.MethodPost {
		for field, to := range map[string]*string{"InboundRequestUrl": &a.console.Callback, "StatusCallback": &a.console.Status, "UseInboundWebhookOnNumber": &s.OnNumber} {
			if q.has(field) {
				*to = q.text(field)
			}
		}
	}
	answer{body: object{
		"sid": a.Credential("service_sid"), "account_sid": a.Credential("account_sid"), "friendly_name": a.Title, "inbound_request_url": a.console.Callback,
		"inbound_method": "POST", "status_callback": a.console.Status, "use_inbound_webhook_on_number": s.OnNumber == "true",
	}}.write(w)
}

func (t *twilio) numbers(w http.ResponseWriter, _ *http.Request, a *Account) {
	answer{body: object{"phone_numbers": []any{object{
		"sid": "PN" + a.hex(32, "phone"), "phone_number": a.Credential("number"), "country_code": "JP", "capabilities": []string{"SMS", "MMS"},
	}}, "meta": object{"next_page_url": nil, "key": "phone_numbers"}}}.write(w)
}

// media sends on to where a file lies.
func (t *twilio) media(w http.ResponseWriter, r *http.Request, _ *Account) {
	name := "f" + strings.TrimLeft(strings.TrimPrefix(r.PathValue("media"), "ME"), "0")
	if t.sim.file(name) == nil {
		twilioError(http.StatusNotFound, 20404).write(w)
		return
	}
	t.sim.mu.Lock()
	base := t.sim.Base
	t.sim.mu.Unlock()
	w.Header().Set("Location", base+"/files/"+name)
	w.WriteHeader(http.StatusTemporaryRedirect)
}

// list shows messages of the business's, newest first, or one.
func (t *twilio) list(w http.ResponseWriter, r *http.Request, a *Account) {
	t.sim.mu.Lock()
	defer t.sim.mu.Unlock()
	sid, query := strings.TrimSuffix(r.PathValue("sid"), ".json"), r.URL.Query()
	found := []any{}
	for _, m := range slices.Backward(a.state.(*twilioService).sent) {
		switch {
		case sid == m.ID:
			answer{body: t.show(a, m)}.write(w)
			return
		case query.Get("To") != "" && query.Get("To") != m.to, m.At.UTC().Format(time.DateOnly) < query.Get("DateSent>"):
		default:
			found = append(found, t.show(a, m))
		}
	}
	if sid != "" {
		twilioError(http.StatusNotFound, 20404).write(w)
		return
	}
	answer{body: object{"messages": found, "page": 0, "page_size": 50, "next_page_uri": nil}}.write(w)
}

func (t *twilio) show(a *Account, m *twilioMessage) object {
	uri := twilioAPI + a.Credential("account_sid") + "/Messages/" + m.ID
	at := m.At.UTC().Format(time.RFC1123Z)
	o := object{
		"sid": m.ID, "status": m.status, "account_sid": a.Credential("account_sid"), "messaging_service_sid": a.Credential("service_sid"), "from": a.Credential("number"),
		"to": m.to, "body": m.Text, "num_segments": strconv.Itoa(segments(m.Text)), "num_media": strconv.Itoa(len(m.Files)), "direction": "outbound-api",
		"error_code": nil, "error_message": nil, "price": nil, "price_unit": nil, "api_version": "2010-04-01", "date_created": at, "date_updated": at, "date_sent": at,
		"uri": uri + ".json", "subresource_uris": object{"media": uri + "/Media.json"},
	}
	if m.fault != 0 {
		o["error_code"] = m.fault
	}
	return o
}

// segments is how many parts a text needs, by a rule of thumb.
func segments(text string) int {
	n, single, part := units(text), 160, 153
	if strings.ContainsFunc(text, func(r rune) bool { return r >= 0x80 }) {
		single, part = 70, 67
	}
	if n <= single {
		return 1
	}
	return (n + part - 1) / part
}

// override is the part of a callback's address that says how it is to be called; it is neither sent nor signed.
// https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
var override = regexp.MustCompile(`(rc|rp|tt)=([^&]*)`)

// call queues a signed request of parameters.
func (t *twilio) call(a *Account, person, address string, form url.Values) {
	address, fragment, _ := strings.Cut(address, "#")
	h := hook{url: address, tries: 2, within: 15 * time.Second, body: []byte(form.Encode())}
	again := "ct"
	for _, found := range override.FindAllStringSubmatch(fragment, -1) {
		switch n, _ := strconv.Atoi(found[2]); found[1] { // what is no number stays 0, as with Twilio
		case "rc":
			h.tries = 1 + min(n, 5)
		case "tt":
			h.within = time.Duration(n) * time.Millisecond
		case "rp":
			again = found[2]
		}
	}
	h.again = func(status int) bool {
		return strings.Contains(again, "all") || status == 0 || status >= 500 && strings.Contains(again, "5xx") || status >= 400 && status < 500 && strings.Contains(again, "4xx")
	}
	h.header = map[string]string{
		"Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "X-Twilio-Signature": signForm(a.Credential("auth_token"), address, form),
		"I-Twilio-Idempotency-Token": t.sim.hex(32, "token", strconv.FormatInt(t.sim.next(), 10)),
	}
	a.tell(person, h)
}

// signForm is the signature of a request: base64 of the HMAC-SHA1 of its address and its parameters in order of their names.
func signForm(token, address string, form url.Values) string {
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(address))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		for _, value := range form[name] {
			mac.Write([]byte(name + value))
		}
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
