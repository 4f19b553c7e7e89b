package sim

// The WhatsApp Cloud API, https://developers.facebook.com/docs/whatsapp/cloud-api.

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// whatsapp is WhatsApp.
type whatsapp struct{ *graph }

// whatsappNumber is what only WhatsApp knows of an account.
type whatsappNumber struct {
	Templates []*Template
	Profile   map[string]string
	uploads   map[string]string // name of a file by the media id that the business got for it
}

func newWhatsApp(s *Simulator) *whatsapp {
	x := &whatsapp{&graph{sim: s, kind: "whatsapp"}}
	x.product = x
	return x
}

func (x *whatsapp) open(a *Account) {
	a.Credentials = append([]Credential{
		{"phone_number_id", "Phone number ID", "88" + digits(a.hex(13, "phone"))},
		{"waba_id", "WhatsApp Business Account ID", "99" + digits(a.hex(13, "waba"))},
	}, append(openApp(a), Credential{"token", "System user token", "EAAS" + a.hex(60, "token")})...)
	a.state = &whatsappNumber{Templates: firstTemplates(), Profile: map[string]string{"about": a.Title}, uploads: map[string]string{}}
}

// customer: every second person goes by a username and shows no phone number.
func (x *whatsapp) customer(_ *Account, n int) *Person {
	user := fmt.Sprintf("JP.1%017d", n)
	if n%2 == 0 {
		return &Person{ID: user, Hidden: true}
	}
	return &Person{ID: fmt.Sprintf("8190%08d", 12345670+n), Alias: user}
}

func (x *whatsapp) acts() []string {
	return []string{DoText, DoFile, DoPlace, DoSticker, DoContact, DoOrder, DoProduct, DoTap, DoReact, DoEdit, DoUnsend, DoBlock, DoUnblock, DoRead, DoStop, DoResume, DoStrange}
}

// rates are those of a standard number: 80 a second, and about one in six seconds to one person after a burst.
func (x *whatsapp) rates() []Rate {
	return []Rate{{Count: 80, Per: time.Second, Burst: 80}, {Chat: true, Count: 1, Per: 6 * time.Second, Burst: 45}}
}

func (x *whatsapp) scopes() []string {
	return []string{"whatsapp_business_management", "whatsapp_business_messaging"}
}

// number is the account's own phone number, without a plus.
func (x *whatsapp) number(a *Account) string { return "8150" + digits(a.hex(8, "number")) }

func (x *whatsapp) call(w http.ResponseWriter, r *http.Request, a *Account, path []string) {
	q, ok := read(r)
	if !ok {
		graphError(http.StatusBadRequest, 100, 0, "(#100) Invalid parameter").write(w)
		return
	}
	edge := ""
	if len(path) > 1 {
		edge = path[1]
	}
	switch {
	case path[0] == "lookaside":
		x.sim.writeFile(w, edge)
	case path[0] == a.Credential("phone_number_id") && edge == "messages" && q.text("status") == "":
		linked := x.linked(r, q)
		attempt := Attempt{To: q.text("to") + q.text("recipient"), Key: q.text("biz_opaque_callback_data")}
		attempt.Text = whatsappText(q)
		a.send(w, r, attempt, func() answer { return x.send(a, q, linked) })
	case edge == "subscribed_apps":
		x.subscribed(w, r, a, q)
	default:
		x.sim.mu.Lock()
		out := x.manage(r, a, q, path[0], edge)
		x.sim.mu.Unlock()
		out.write(w)
	}
}

// subscribed sets, shows or removes the account's own callback.
func (x *whatsapp) subscribed(w http.ResponseWriter, r *http.Request, a *Account, q request) {
	console := a.Console()
	switch r.Method {
	case http.MethodPost:
		if callback := q.text("override_callback_uri"); callback != "" {
			console.Callback, console.Token = callback, q.text("verify_token")
			if err := a.Configure(r.Context(), console); err != nil {
				graphError(http.StatusBadRequest, 2200, 0, "(#2200) Callback verification failed").write(w)
				return
			}
		}
		answer{body: object{"success": true}}.write(w)
	case http.MethodDelete:
		x.sim.mu.Lock()
		a.console = Console{}
		x.sim.mu.Unlock()
		answer{body: object{"success": true}}.write(w)
	default:
		apps := []any{}
		if console.Callback != "" {
			apps = append(apps, object{
				"whatsapp_business_api_data": object{"id": a.Credential("app_id"), "name": a.Title}, "override_callback_uri": console.Callback,
			})
		}
		answer{body: object{"data": apps}}.write(w)
	}
}

// manage answers everything but sends and callbacks. Under mu.
func (x *whatsapp) manage(r *http.Request, a *Account, q request, id, edge string) answer {
	number := a.state.(*whatsappNumber)
	switch {
	case id == a.Credential("phone_number_id") && edge == "messages":
		return x.markRead(a, q)
	case id == a.Credential("phone_number_id") && edge == "":
		return answer{body: x.phone(a)}
	case id == a.Credential("waba_id") && edge == "":
		return answer{body: object{"id": id, "name": a.Title, "currency": "JPY", "message_template_namespace": a.hex(8, "namespace")}}
	case id == a.Credential("waba_id") && edge == "phone_numbers":
		return answer{body: object{"data": []any{x.phone(a)}}}
	case edge == "message_templates":
		return x.templates(r, a, q)
	case edge == "whatsapp_business_profile" && r.Method == http.MethodPost:
		for name := range q.json {
			number.Profile[name] = q.text(name)
		}
		return answer{body: object{"success": true}}
	case edge == "whatsapp_business_profile":
		profile := object{"messaging_product": "whatsapp"}
		for name, value := range number.Profile {
			profile[name] = value
		}
		return answer{body: object{"data": []any{profile}}}
	case edge == "official_business_account":
		return answer{body: object{"oba_status": "NOT_STARTED"}}
	case edge == "media" && r.Method == http.MethodPost:
		f := q.upload["file"]
		if f == nil || q.text("messaging_product") != "whatsapp" {
			return graphError(http.StatusBadRequest, 100, 0, "(#100) Invalid parameter")
		}
		if t := q.text("type"); t != "" {
			f.mime = t
		}
		media := strconv.FormatInt(1_003_383_000_000_000+x.sim.next(), 10)
		number.uploads[media] = x.sim.keep(f)
		return answer{body: object{"id": media}}
	case edge == "uploads":
		return answer{body: object{"id": "upload:" + strconv.FormatInt(x.sim.next(), 10)}}
	case strings.HasPrefix(id, "upload:"):
		return answer{body: object{"h": "4::" + x.sim.keep(&file{mime: "application/octet-stream", data: q.body})}}
	}
	return x.media(r, a, id)
}

// phone is the number's card.
func (x *whatsapp) phone(a *Account) object {
	n := x.number(a)
	return object{
		"id": a.Credential("phone_number_id"), "display_phone_number": "+" + n[:2] + " " + n[2:4] + "-" + n[4:8] + "-" + n[8:], "verified_name": a.Title,
		"quality_rating": "GREEN", "name_status": "APPROVED", "status": "CONNECTED", "code_verification_status": "VERIFIED", "platform_type": "CLOUD_API",
		"throughput": object{"level": "STANDARD"}, "is_official_business_account": false, "account_mode": "LIVE",
		"whatsapp_business_manager_messaging_limit": "TIER_2K",
	}
}

// media shows where a file can be had, for five minutes in reality, or deletes it.
func (x *whatsapp) media(r *http.Request, a *Account, id string) answer {
	number := a.state.(*whatsappNumber)
	name := number.uploads[id]
	f := x.sim.files[name]
	if f == nil {
		return unknownPath(r)
	}
	if r.Method == http.MethodDelete {
		delete(number.uploads, id)
		return answer{body: object{"success": true}}
	}
	sum := sha256.Sum256(f.data)
	return answer{body: object{
		"messaging_product": "whatsapp", "url": a.base() + "/lookaside/" + name, "mime_type": f.mime, "sha256": hex.EncodeToString(sum[:]),
		"file_size": len(f.data), "id": id,
	}}
}

// markRead puts ticks on what the customer wrote, up to one message, and may show that somebody writes.
func (x *whatsapp) markRead(a *Account, q request) answer {
	for _, p := range a.people {
		m := p.message(q.text("message_id"))
		if m == nil {
			continue
		}
		for _, earlier := range p.chat {
			if earlier.Mine && !earlier.At.After(m.At) {
				earlier.Status = "read"
			}
		}
		if q.has("typing_indicator") {
			p.typing = time.Now().Add(25 * time.Second)
		}
		return answer{body: object{"success": true}}
	}
	return withDetails(graphError(http.StatusBadRequest, 131009, 0, "(#131009) Parameter value is not valid"))
}

// sha is a file's sum as webhooks write it.
func sha(f *file) string {
	sum := sha256.Sum256(f.data)
	return base64.StdEncoding.EncodeToString(sum[:])
}
