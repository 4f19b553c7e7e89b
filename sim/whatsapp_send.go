package sim

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// whatsappWindow is how long after a customer's message anything may be sent.
const whatsappWindow = 24 * time.Hour

// whatsappMedia are the types that carry a file.
var whatsappMedia = map[string]string{"image": "image", "video": "video", "audio": "audio", "document": "file", "sticker": "image"}

// whatsappInteractive is an interactive message.
type whatsappInteractive struct {
	Type   string
	Header struct{ Text string }
	Body   struct{ Text string }
	Footer struct{ Text string }
	Action struct {
		Name, Button string
		Buttons      []struct{ Reply struct{ ID, Title string } }
		Sections     []struct {
			Title string
			Rows  []struct{ ID, Title, Description string }
		}
		Parameters struct {
			Text string `json:"display_text"`
			URL  string
		}
	}
}

func whatsappText(q request) string {
	var text struct{ Body string }
	var interactive whatsappInteractive
	if q.into("text", &text) && text.Body != "" {
		return text.Body
	}
	q.into("interactive", &interactive)
	return interactive.Body.Text
}

// linked fetches a file that is given by address.
func (x *whatsapp) linked(r *http.Request, q request) *file {
	var media struct{ Link string }
	if kind := q.text("type"); whatsappMedia[kind] == "" || !q.into(kind, &media) || media.Link == "" {
		return nil
	}
	f, ok := x.sim.fetch(r, media.Link)
	if !ok {
		return &file{} // without a type: could not be fetched
	}
	return f
}

// invalid is the refusal of a parameter.
func invalid(code int, message string) answer {
	return withDetails(graphError(http.StatusBadRequest, code, 0, "(#"+strconv.Itoa(code)+") "+message))
}

// send takes one message. Under mu.
func (x *whatsapp) send(a *Account, q request, linked *file) answer {
	if q.text("messaging_product") != "whatsapp" {
		return graphError(http.StatusBadRequest, 100, 0, "(#100) The parameter messaging_product is required.")
	}
	to := strings.TrimPrefix(q.text("to"), "+")
	if to == "" {
		to = q.text("recipient")
	}
	if to == "" {
		return invalid(131008, "Required parameter is missing")
	}
	p := a.person(to)
	kind := q.text("type")
	if p != nil && kind == "reaction" {
		return x.react(a, p, q)
	}
	m := &Message{ID: "wamid." + x.sim.hex(24, "out", strconv.FormatInt(x.sim.next(), 10)), key: q.text("biz_opaque_callback_data")}
	if len(m.key) > 512 {
		return invalid(131009, "Parameter value is not valid")
	}
	if kind != "template" && p != nil && x.sim.now().Sub(p.Wrote) > whatsappWindow {
		return withDetails(graphError(http.StatusBadRequest, 131047, 0, "(#131047) Re-engagement message"))
	}
	if refused := x.fill(a, m, kind, q, linked); refused != nil {
		return *refused
	}
	if p == nil || p.Blocked { // nobody is told that they were blocked
		nobody := &Person{ID: to, account: a, Blocked: true}
		a.arrive(nobody, m)
		x.status(nobody, m, "failed", 131026)
		return x.accepted(nobody, to, m)
	}
	if quoted := (struct {
		ID string `json:"message_id"`
	}{}); q.into("context", &quoted) && p.message(quoted.ID) != nil {
		m.ReplyTo = quoted.ID
	}
	a.arrive(p, m)
	p.typing = time.Time{}
	x.status(p, m, "sent", 0)
	if a.receipts != ReceiptsSent {
		m.Status = "delivered"
		x.status(p, m, "delivered", 0)
	}
	if a.receipts == ReceiptsRead {
		m.Status = "read"
		x.status(p, m, "read", 0)
	}
	return x.accepted(p, to, m)
}

func (x *whatsapp) accepted(p *Person, to string, m *Message) answer {
	contact := object{"input": to}
	if !p.Hidden {
		contact["wa_id"] = p.ID
	}
	if user := p.user(); user != "" {
		contact["user_id"] = user
	}
	return answer{body: object{
		"messaging_product": "whatsapp", "contacts": []any{contact}, "messages": []any{object{"id": m.ID, "message_status": "accepted"}},
	}}
}

func (x *whatsapp) react(a *Account, p *Person, q request) answer {
	var reaction struct {
		ID    string `json:"message_id"`
		Emoji string
	}
	q.into("reaction", &reaction)
	target := p.message(reaction.ID)
	if target == nil {
		return invalid(131009, "Parameter value is not valid")
	}
	target.ShopReaction = reaction.Emoji
	return x.accepted(p, p.ID, &Message{ID: "wamid." + x.sim.hex(24, "out", strconv.FormatInt(x.sim.next(), 10))})
}

// fill reads a message's content and holds it against the limits.
func (x *whatsapp) fill(a *Account, m *Message, kind string, q request, linked *file) *answer {
	bad := func(code int, message string) *answer { refused := invalid(code, message); return &refused }
	switch {
	case kind == "text" || kind == "":
		m.Text = whatsappText(q)
		if m.Text == "" || len([]rune(m.Text)) > 4096 {
			return bad(100, "Invalid parameter")
		}
	case kind == "interactive":
		var i whatsappInteractive
		if !q.into("interactive", &i) || !x.interactive(m, i) {
			return bad(131009, "Parameter value is not valid")
		}
	case kind == "location":
		var place struct {
			Latitude, Longitude float64
			Name, Address       string
		}
		if !q.into("location", &place) {
			return bad(131009, "Parameter value is not valid")
		}
		m.Place = &Place{Lat: place.Latitude, Lon: place.Longitude, Title: place.Name, Address: place.Address}
	case kind == "template":
		return x.useTemplate(a, m, q)
	case kind == "contacts":
		m.Text = "📇"
	case whatsappMedia[kind] != "":
		return x.attach(a, m, kind, q, linked)
	default:
		return bad(131051, "Unsupported message type")
	}
	return nil
}

// attach puts an uploaded or linked file on a message.
func (x *whatsapp) attach(a *Account, m *Message, kind string, q request, linked *file) *answer {
	var media struct {
		ID, Caption, Filename string
		Voice                 bool
	}
	q.into(kind, &media)
	name := a.state.(*whatsappNumber).uploads[media.ID]
	if linked != nil && linked.mime != "" {
		name = x.sim.keep(linked)
	}
	if x.sim.files[name] == nil {
		refused := invalid(131053, "Media upload error")
		return &refused
	}
	if len([]rune(media.Caption)) > 1024 || media.Caption != "" && (kind == "audio" || kind == "sticker") {
		refused := invalid(131009, "Parameter value is not valid")
		return &refused
	}
	if media.Voice && (kind != "audio" || x.sim.files[name].mime != "audio/ogg") {
		refused := invalid(131053, "Media upload error")
		return &refused
	}
	shown := x.sim.shown(name, whatsappMedia[kind])
	if media.Filename != "" {
		shown.Name = media.Filename
	}
	m.Text, m.Files = media.Caption, []Shown{shown}
	return nil
}

// interactive reads buttons and lists; false if a limit is broken.
func (x *whatsapp) interactive(m *Message, i whatsappInteractive) bool {
	m.Text = strings.Trim(i.Header.Text+"\n"+i.Body.Text+"\n"+i.Footer.Text, "\n")
	ok := i.Body.Text != "" && fits(i.Body.Text, 1024) && fits(i.Header.Text, 60) && fits(i.Footer.Text, 60)
	switch i.Type {
	case "button":
		ok = ok && len(i.Action.Buttons) >= 1 && len(i.Action.Buttons) <= 3
		for _, b := range i.Action.Buttons {
			ok = ok && b.Reply.ID != "" && b.Reply.Title != "" && fits(b.Reply.Title, 20) && fits(b.Reply.ID, 256)
			m.Buttons = append(m.Buttons, Button{ID: b.Reply.ID, Label: b.Reply.Title, kind: "button"})
		}
	case "list":
		m.Menu = i.Action.Button
		ok = ok && m.Menu != "" && fits(m.Menu, 20)
		for _, section := range i.Action.Sections {
			ok = ok && fits(section.Title, 24)
			for _, row := range section.Rows {
				ok = ok && row.ID != "" && row.Title != "" && fits(row.ID, 200) && fits(row.Title, 24) && fits(row.Description, 72)
				m.Buttons = append(m.Buttons, Button{ID: row.ID, Label: row.Title, Detail: row.Description, kind: "list"})
			}
		}
		ok = ok && len(m.Buttons) >= 1 && len(m.Buttons) <= 10
	case "cta_url":
		ok = ok && fits(i.Action.Parameters.Text, 20)
		m.Buttons = []Button{{ID: i.Action.Parameters.URL, Label: i.Action.Parameters.Text, URL: i.Action.Parameters.URL}}
	case "location_request_message", "flow", "product", "product_list", "catalog_message":
	default:
		return false
	}
	return ok && distinct(m.Buttons)
}

// fits counts characters.
func fits(text string, limit int) bool { return len([]rune(text)) <= limit }

// distinct reports whether no two buttons have the same id or label.
func distinct(buttons []Button) bool {
	seen := map[string]bool{}
	for _, b := range buttons {
		if seen["id"+b.ID] || seen["label"+b.Label] {
			return false
		}
		seen["id"+b.ID], seen["label"+b.Label] = true, true
	}
	return true
}
