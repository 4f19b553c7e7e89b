package sim

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The words that Twilio acts on by itself where nothing else is configured.
var (
	twilioStop  = []string{"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}
	twilioStart = []string{"START", "YES", "UNSTOP"}
	twilioHelp  = []string{"HELP", "INFO"}
)

// twilioLoop: more replies than this between two numbers in so long a time are taken for a loop (error 14107).
const (
	twilioLoop     = 30
	twilioLoopTime = 30 * time.Second
)

var phoneNumber = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// message answers a request to send.
func (t *twilio) message(w http.ResponseWriter, r *http.Request, a *Account) {
	q, _ := read(r)
	var linked []*file
	for _, link := range q.form["MediaUrl"] {
		f, ok := t.sim.fetch(r, link)
		if !ok {
			f = nil
		}
		linked = append(linked, f)
	}
	attempt := Attempt{To: q.text("To"), Text: q.text("Body"), Key: q.text("StatusCallback")}
	a.send(w, r, attempt, func() answer { return t.send(a, q, linked) })
}

// send takes one message. Under mu.
func (t *twilio) send(a *Account, q request, linked []*file) answer {
	to, body := q.text("To"), q.text("Body")
	p := a.person(to)
	if code := t.check(a, q, linked, p); code != 0 {
		return twilioError(http.StatusBadRequest, code)
	}
	if p == nil { // nobody has that number
		p = &Person{ID: to, account: a, Blocked: true, nowhere: true}
	}
	m := &twilioMessage{Message: &Message{Text: body, key: q.text("StatusCallback"), callback: q.text("StatusCallback")}, to: to, status: "accepted"}
	kind := "SM"
	for _, f := range linked {
		kind = "MM"
		m.Files = append(m.Files, t.sim.shown(t.sim.keep(f), kindOf(f.mime)))
	}
	m.ID = kind + t.sim.hex(32, "message", strconv.FormatInt(t.sim.next(), 10))
	a.arrive(p, m.Message)
	service := a.state.(*twilioService)
	service.sent = append(service.sent, m)
	shown := merge(t.show(a, m), object{"num_segments": "0", "date_sent": nil})
	if q.text("MessagingServiceSid") != "" && q.text("From") == "" {
		shown["from"] = nil
	}
	t.deliver(a, p, m)
	return answer{status: http.StatusCreated, body: shown}
}

// check holds a request against the reference; 0 is fine.
func (t *twilio) check(a *Account, q request, linked []*file, p *Person) int {
	switch from, service := q.text("From"), q.text("MessagingServiceSid"); {
	case q.text("To") == "":
		return 21604
	case !phoneNumber.MatchString(q.text("To")):
		return 21211
	case from == "" && service == "" || from != "" && from != a.Credential("number"):
		return 21606
	case service != "" && service != a.Credential("service_sid"):
		return 21701
	case q.text("Body") == "" && len(linked) == 0:
		return 21602
	case len([]rune(q.text("Body"))) > 1600:
		return 21617
	case len(linked) > 10:
		return 21623
	case slices.Contains(linked, nil):
		return 21620
	case p != nil && p.Stopped:
		return 21610
	}
	return 0
}

// deliver tells how a message goes on, step by step.
func (t *twilio) deliver(a *Account, p *Person, m *twilioMessage) {
	fault := 0
	switch p.recent = append(p.recent, t.sim.Now()); {
	case len(p.recent) > twilioLoop && t.sim.Now().Sub(p.recent[len(p.recent)-1-twilioLoop]) < twilioLoopTime:
		fault = 14107
	case p.nowhere:
		fault = 30005
	case p.Blocked:
		fault = 30004
	}
	t.status(a, p, m, "queued", 0)
	switch {
	case fault == 14107:
		t.status(a, p, m, "failed", fault)
		return
	case fault != 0:
		t.status(a, p, m, "sent", 0)
		t.status(a, p, m, "undelivered", fault)
		return
	}
	t.status(a, p, m, "sent", 0)
	if a.receipts != ReceiptsSent {
		m.Status = "delivered"
		t.status(a, p, m, "delivered", 0)
	}
}

func (t *twilio) status(a *Account, p *Person, m *twilioMessage, status string, code int) {
	m.status, m.fault = status, code
	form := url.Values{
		"AccountSid": {a.Credential("account_sid")}, "ApiVersion": {"2010-04-01"}, "From": {a.Credential("number")}, "To": {m.to},
		"MessagingServiceSid": {a.Credential("service_sid")}, "MessageSid": {m.ID}, "SmsSid": {m.ID}, "MessageStatus": {status}, "SmsStatus": {status},
	}
	if code != 0 {
		form.Set("ErrorCode", strconv.Itoa(code))
	}
	if status == "delivered" {
		form.Set("RawDlrDoneDate", t.sim.now().UTC().Format("0601021504"))
	}
	address := m.callback
	if address == "" {
		address = a.console.Status
	}
	t.call(a, p.ID, address, form)
}

// act tells the business of a message. What a keyword does, Twilio does at once.
func (t *twilio) act(p *Person, x Act, m *Message) error {
	if x.Do == DoBlock || x.Do == DoUnblock {
		return nil
	}
	a := p.account
	kind := "SM"
	if len(m.Files) > 0 {
		kind = "MM"
	}
	m.ID = kind + t.sim.hex(32, "in", strconv.FormatInt(t.sim.next(), 10))
	form := url.Values{
		"AccountSid": {a.Credential("account_sid")}, "ApiVersion": {"2010-04-01"}, "From": {p.ID}, "FromCountry": {"JP"}, "To": {a.Credential("number")}, "ToCountry": {"JP"},
		"MessagingServiceSid": {a.Credential("service_sid")}, "SmsStatus": {"received"}, "NumSegments": {strconv.Itoa(segments(m.Text))},
		"MessageSid": {m.ID}, "SmsSid": {m.ID}, "SmsMessageSid": {m.ID}, "NumMedia": {strconv.Itoa(len(m.Files))}, "Body": {m.Text},
	}
	for _, side := range []string{"From", "To"} {
		for _, what := range []string{"City", "State", "Zip"} {
			form.Set(side+what, "")
		}
	}
	for i, f := range m.Files {
		media := a.base() + twilioAPI + a.Credential("account_sid") + "/Messages/" + m.ID + "/Media/" + fmt.Sprintf("ME%032s", strings.TrimPrefix(f.file, "f"))
		form.Set("MediaUrl"+strconv.Itoa(i), media)
		form.Set("MediaContentType"+strconv.Itoa(i), f.Type)
	}
	keyword := t.keyword(p, m)
	if keyword != "" && a.state.(*twilioService).Advanced {
		form.Set("OptOutType", keyword)
	}
	t.call(a, p.ID, a.console.Callback, form)
	return nil
}

// keyword does what Twilio does for a word like STOP, and says which sort it is.
func (t *twilio) keyword(p *Person, m *Message) string {
	word := strings.ToUpper(strings.TrimSpace(m.Text))
	sort, text := "", ""
	switch {
	case slices.Contains(twilioStop, word):
		sort, text, p.Stopped = "STOP", "You have successfully been unsubscribed. You will not receive any more messages from this number. Reply START to resubscribe.", true
	case slices.Contains(twilioStart, word):
		sort, text, p.Stopped = "START", "You have successfully been re-subscribed to messages from this number. Reply HELP for help. Reply STOP to unsubscribe.", false
	case slices.Contains(twilioHelp, word):
		sort, text = "HELP", "Reply STOP to unsubscribe. Msg&Data Rates May Apply."
	default:
		return ""
	}
	p.later = append(p.later, &Message{ID: m.ID + "-twilio", At: t.sim.now(), Text: text, Status: "delivered"})
	return sort
}
