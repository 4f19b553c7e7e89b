package sim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// The windows: how long after a customer's act the business may write, how long a human may under the tag, and how long
// after one that followed an advertisement.
const (
	messagingWindow = 24 * time.Hour
	messagingHuman  = 7 * 24 * time.Hour
)

// messagingSend is a request to send.
type messagingSend struct {
	Recipient struct{ ID string }
	Type      string `json:"messaging_type"`
	Tag       string
	Action    string `json:"sender_action"`
	Payload   struct {
		ID       string `json:"message_id"`
		Reaction string
	}
	ReplyTo struct{ MID string } `json:"reply_to"`
	Message struct {
		Text, Metadata string
		ReplyTo        struct{ MID string } `json:"reply_to"`
		QuickReplies   []struct {
			Kind           string `json:"content_type"`
			Title, Payload string
		} `json:"quick_replies"`
		Attachment *messagingAttachment
	}
}

type messagingAttachment struct {
	Type    string
	Payload struct {
		URL      string
		ID       string `json:"attachment_id"`
		Template string `json:"template_type"`
		Text     string
		Buttons  []messagingButton
		Elements []struct {
			Title, Subtitle string
			Buttons         []messagingButton
		}
	}
}

type messagingButton struct{ Type, Title, Payload, URL string }

// readSend reads a request, JSON or form.
func readSend(q request) messagingSend {
	var s messagingSend
	if q.json != nil {
		_ = json.Unmarshal(q.body, &s) // what does not fit stays empty and is refused for that
		return s
	}
	q.into("recipient", &s.Recipient)
	q.into("message", &s.Message)
	s.Type, s.Tag, s.Action = q.text("messaging_type"), q.text("tag"), q.text("sender_action")
	return s
}

func (x *messaging) fetchLinked(r *http.Request, s messagingSend) *file {
	if s.Message.Attachment == nil || s.Message.Attachment.Payload.URL == "" {
		return nil
	}
	f, ok := x.sim.fetch(r, s.Message.Attachment.Payload.URL)
	if !ok {
		return &file{}
	}
	return f
}

// action shows that somebody writes, marks as read, or reacts. Under mu.
func (x *messaging) action(a *Account, s messagingSend) answer {
	p := a.person(s.Recipient.ID)
	if p == nil {
		return x.nobody()
	}
	switch s.Action {
	case "typing_on":
		p.typing = time.Now().Add(20 * time.Second)
	case "typing_off":
		p.typing = time.Time{}
	case "mark_seen":
		for _, m := range p.chat {
			if m.Mine {
				m.Status = "read"
			}
		}
	case "react", "unreact":
		m := p.message(s.Payload.ID)
		if m == nil {
			return graphError(http.StatusBadRequest, 100, 0, "(#100) Invalid parameter")
		}
		m.ShopReaction = ""
		if s.Action == "react" {
			m.ShopReaction = "❤"
		}
	default:
		return graphError(http.StatusBadRequest, 100, 0, "(#100) Param sender_action must be one of {MARK_SEEN, TYPING_ON, TYPING_OFF, REACT, UNREACT}")
	}
	return answer{body: object{"recipient_id": p.ID}}
}

func (x *messaging) nobody() answer {
	if x.insta {
		return graphError(http.StatusBadRequest, 100, 2534014, "(#100) The requested user cannot be found.")
	}
	return graphError(http.StatusBadRequest, 100, 2018001, "(#100) No matching user found")
}

// send takes one message. Under mu.
func (x *messaging) send(a *Account, s messagingSend, linked *file) answer {
	p := a.person(s.Recipient.ID)
	switch {
	case p == nil:
		return x.nobody()
	case p.Blocked:
		return graphError(http.StatusBadRequest, 551, 0, "This person isn't available right now.")
	}
	if refused := x.permitted(a, p, s); refused != nil {
		return *refused
	}
	m := &Message{ID: x.mid("out"), Text: s.Message.Text, key: s.Message.Metadata}
	if refused := x.fill(a, m, s, linked); refused != nil {
		return *refused
	}
	for _, id := range []string{s.ReplyTo.MID, s.Message.ReplyTo.MID} {
		if p.message(id) != nil {
			m.ReplyTo = id
		}
	}
	a.arrive(p, m)
	p.typing = time.Time{}
	x.echo(p, m)
	if a.receipts != ReceiptsSent && !x.insta {
		m.Status = "delivered"
		x.delivered(p, m)
	}
	if a.receipts == ReceiptsRead {
		x.read(p)
	}
	return answer{body: object{"recipient_id": p.ID, "message_id": m.ID}}
}

// permitted decides by the window and the tag.
func (x *messaging) permitted(a *Account, p *Person, s messagingSend) *answer {
	refuse := func(code, subcode int, message string) *answer {
		refused := graphError(http.StatusBadRequest, code, subcode, message)
		return &refused
	}
	outside := refuse(10, 2018278, "(#10) This message is sent outside of allowed window.")
	if x.insta {
		outside = refuse(10, 2534022, "(#10) This message is sent outside of allowed window.")
	}
	since := x.sim.now().Sub(p.Wrote)
	switch {
	case s.Tag != "" && s.Tag != "HUMAN_AGENT":
		return refuse(100, 1893061, "(#100) Invalid parameter")
	case s.Tag != "" && !a.state.(*messagingPage).HumanAgent:
		return refuse(100, 2018276, "(#100) Cannot tag messages with 'HUMAN_AGENT' without prior approval.")
	case s.Tag != "" && since > messagingHuman, s.Tag == "" && since > messagingWindow && x.sim.now().After(p.AdUntil):
		return outside
	}
	return nil
}

// fill reads a message's content and holds it against the limits.
func (x *messaging) fill(a *Account, m *Message, s messagingSend, linked *file) *answer {
	bad := func() *answer {
		refused := graphError(http.StatusBadRequest, 100, 0, "(#100) Invalid parameter")
		return &refused
	}
	attachment := s.Message.Attachment
	switch {
	case attachment == nil && m.Text == "", attachment != nil && m.Text != "":
		return bad()
	case x.insta && len(m.Text) > 1000, !x.insta && len([]rune(m.Text)) > 2000, len(m.key) > 1000, len(s.Message.QuickReplies) > 13:
		return bad()
	}
	for _, reply := range s.Message.QuickReplies {
		if reply.Kind == "text" && (reply.Title == "" || !fits(reply.Title, 20) || !fits(reply.Payload, 1000)) {
			return bad()
		}
		m.Buttons = append(m.Buttons, Button{ID: reply.Payload, Label: reply.Title, kind: "quick"})
	}
	if attachment == nil {
		return nil
	}
	if attachment.Type == "template" {
		if !template(m, attachment) {
			return bad()
		}
		return nil
	}
	return x.attach(a, m, attachment, linked)
}

// template reads button and generic templates; false if a limit is broken.
func template(m *Message, x *messagingAttachment) bool {
	m.Text = x.Payload.Text
	ok := fits(m.Text, 640) && len(x.Payload.Buttons) <= 3 && len(x.Payload.Elements) <= 10
	buttons := x.Payload.Buttons
	for _, e := range x.Payload.Elements {
		ok = ok && fits(e.Title, 80) && fits(e.Subtitle, 80) && len(e.Buttons) <= 3
		m.Text += e.Title + "\n" + e.Subtitle
		buttons = append(buttons, e.Buttons...)
	}
	for _, b := range buttons {
		ok = ok && b.Title != "" && fits(b.Title, 20) && fits(b.Payload, 1000) && slices.Contains([]string{"postback", "web_url"}, b.Type)
		m.Buttons = append(m.Buttons, Button{ID: b.Payload, Label: b.Title, URL: b.URL, kind: "postback"})
	}
	return ok && m.Text != "" && len(m.Buttons) > 0
}

// attach puts an uploaded or linked file on a message.
func (x *messaging) attach(a *Account, m *Message, from *messagingAttachment, linked *file) *answer {
	if from.Type == "like_heart" && x.insta {
		m.Sticker = "❤"
		return nil
	}
	name := a.state.(*messagingPage).attachments[from.Payload.ID]
	if linked != nil && linked.mime != "" {
		name = x.sim.keep(linked)
	}
	if x.sim.files[name] == nil || !slices.Contains([]string{"image", "audio", "video", "file"}, from.Type) {
		refused := graphError(http.StatusBadRequest, 100, 2018047, "(#100) Upload attachment failure.")
		return &refused
	}
	m.Files = []Shown{x.sim.shown(name, from.Type)}
	return nil
}

// mid makes up a message's id.
func (x *messaging) mid(name string) string {
	id := x.sim.hex(32, name, strconv.FormatInt(x.sim.next(), 10))
	if x.insta {
		return "aWdf" + id
	}
	return "m_" + id
}
