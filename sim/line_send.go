package sim

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
)

// lineMessage is what the simulator understands of a message object.
type lineMessage struct {
	Type       string          `json:"type"`
	Text       string          `json:"text"`
	AltText    string          `json:"altText"`
	Original   string          `json:"originalContentUrl"`
	Preview    string          `json:"previewImageUrl"`
	Title      string          `json:"title"`
	Address    string          `json:"address"`
	Latitude   float64         `json:"latitude"`
	Longitude  float64         `json:"longitude"`
	PackageID  string          `json:"packageId"`
	Quote      string          `json:"quoteToken"`
	Template   json.RawMessage `json:"template"`
	Contents   json.RawMessage `json:"contents"`
	QuickReply *struct {
		Items []struct{ Action lineAction }
	} `json:"quickReply"`
}

// lineAction is what a button does.
type lineAction struct {
	Type, Label, Text, Data, URI, DisplayText string
}

// message answers reply and push.
func (l *line) message(w http.ResponseWriter, r *http.Request, a *Account) {
	q, ok := read(r)
	how, key := r.PathValue("how"), r.Header.Get("X-Line-Retry-Key")
	if !ok || how != "reply" && how != "push" {
		lineError(http.StatusBadRequest, "The request body could not be parsed as JSON").write(w)
		return
	}
	var messages []lineMessage
	q.into("messages", &messages)
	attempt := Attempt{To: q.text("to"), Key: key}
	if how == "reply" {
		attempt.To = q.text("replyToken")
	}
	if len(messages) > 0 {
		attempt.Text = messages[0].Text
	}
	a.send(w, r, attempt, func() answer {
		if how == "reply" {
			return l.reply(a, q, messages)
		}
		return l.push(a, q, messages, key)
	})
}

// validate looks at messages without sending them.
func (l *line) validate(a *Account, _ *http.Request, q request) answer {
	var messages []lineMessage
	q.into("messages", &messages)
	if refused := l.check(messages); refused != nil {
		return *refused
	}
	return answer{body: object{}}
}

// reply answers one event, once and within a minute. It is free.
func (l *line) reply(a *Account, q request, messages []lineMessage) answer {
	channel := a.state.(*lineChannel)
	if refused := l.check(messages); refused != nil {
		return *refused
	}
	token, ok := channel.replies[q.text("replyToken")]
	if !ok || l.sim.now().Sub(token.at) > lineReply {
		return lineError(http.StatusBadRequest, "Invalid reply token")
	}
	delete(channel.replies, q.text("replyToken"))
	return answer{body: object{"sentMessages": l.take(a, token.person, messages, "")}}
}

// push writes to somebody. The same retry key again is refused with what came of the first (409).
func (l *line) push(a *Account, q request, messages []lineMessage, key string) answer {
	channel := a.state.(*lineChannel)
	if done, again := channel.accepted[key]; again && key != "" {
		return answer{
			status: http.StatusConflict, header: map[string]string{"X-Line-Accepted-Request-Id": done.request},
			body: object{"message": "The retry key is already accepted", "sentMessages": done.sent},
		}
	}
	p := a.person(q.text("to"))
	if p == nil {
		return lineError(http.StatusBadRequest, "The property, 'to', in the request body is invalid (line: -, column: -)")
	}
	if refused := l.check(messages); refused != nil {
		return *refused
	}
	if channel.used >= l.month(a) {
		return l.refuse(a, refusal{code: "quota"})
	}
	channel.used++
	sent := l.take(a, p, messages, key)
	if key != "" {
		channel.accepted[key] = acceptedPush{request: l.sim.hex(32, "request", key), sent: sent}
	}
	return answer{body: object{"sentMessages": sent}}
}

// take records the messages. Somebody who blocked the account gets nothing, which nobody is told.
func (l *line) take(a *Account, p *Person, messages []lineMessage, key string) []any {
	var sent []any
	for _, x := range messages {
		m := &Message{ID: strconv.FormatInt(461_230_966_000_000_000+l.sim.next(), 10), key: key}
		l.fill(p, m, x)
		a.arrive(p, m)
		sent = append(sent, object{"id": m.ID, "quoteToken": "q" + m.ID})
	}
	p.typing = time.Time{}
	return sent
}

// fill shows a message object as the phone does.
func (l *line) fill(p *Person, m *Message, x lineMessage) {
	m.Text = x.Text
	if quoted := p.message(strings.TrimPrefix(x.Quote, "q")); quoted != nil {
		m.ReplyTo = quoted.ID
	}
	switch x.Type {
	case "image", "video", "audio":
		m.Files = []Shown{{Kind: x.Type, URL: x.Original}}
	case "location":
		m.Place = &Place{Lat: x.Latitude, Lon: x.Longitude, Title: x.Title, Address: x.Address}
	case "sticker":
		m.Sticker = "🙂"
	case "template", "flex", "imagemap":
		m.Text = x.AltText
		var inner struct{ Text string }
		if json.Unmarshal(x.Template, &inner) == nil && inner.Text != "" {
			m.Text = inner.Text
		}
	}
	for _, action := range x.actions() {
		m.Buttons = append(m.Buttons, action.button())
	}
}

// actions are a message's buttons: below the template, inside the flex bubble, and the quick replies.
func (x lineMessage) actions() []lineAction {
	var found []lineAction
	for _, raw := range []json.RawMessage{x.Template, x.Contents} {
		var v any
		if json.Unmarshal(raw, &v) == nil {
			found = append(found, actionsIn(v)...)
		}
	}
	if x.QuickReply != nil {
		for _, item := range x.QuickReply.Items {
			found = append(found, item.Action)
		}
	}
	return found
}

// actionsIn collects the actions of a template or bubble, in order: they lie in "actions" and "action".
func actionsIn(v any) []lineAction {
	var found []lineAction
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			found = append(found, actionsIn(one)...)
		}
	case map[string]any:
		var action lineAction
		if kind, _ := v["type"].(string); strings.Contains(" postback message uri ", " "+kind+" ") && json.Unmarshal(encode(v), &action) == nil {
			return []lineAction{action}
		}
		for _, name := range []string{"header", "hero", "body", "contents", "columns", "actions", "action", "footer"} {
			found = append(found, actionsIn(v[name])...)
		}
	}
	return found
}

func (x lineAction) button() Button {
	switch x.Type {
	case "postback":
		return Button{ID: x.Data, Label: x.Label}
	case "message":
		return Button{ID: "text:" + x.Text, Label: x.Label}
	}
	return Button{ID: x.URI, Label: x.Label, URL: x.URI}
}

// check holds messages against the reference's limits.
func (l *line) check(messages []lineMessage) *answer {
	if len(messages) == 0 || len(messages) > 5 {
		return lineInvalid("messages", "Size must be between 1 and 5")
	}
	for i, x := range messages {
		at := "messages[" + strconv.Itoa(i) + "]"
		switch x.Type {
		case "text", "textV2":
			if strings.TrimSpace(x.Text) == "" {
				return lineInvalid(at+".text", "May not be empty")
			}
			if units(x.Text) > 5000 {
				return lineInvalid(at+".text", "Length must be between 0 and 5000")
			}
		case "image", "video", "audio":
			if checkLink(x.Original) != nil || x.Type != "audio" && checkLink(x.Preview) != nil {
				return lineInvalid(at+".originalContentUrl", "Must be a valid HTTPS URL")
			}
		case "location", "sticker":
		case "template", "flex", "imagemap":
			if x.AltText == "" || units(x.AltText) > 1500 {
				return lineInvalid(at+".altText", "Length must be between 1 and 1500")
			}
		default:
			return lineInvalid(at+".type", "Must be one of the following values: [text, sticker, image, video, audio, location, imagemap, template, flex]")
		}
		if x.QuickReply != nil && len(x.QuickReply.Items) > 13 {
			return lineInvalid(at+".quickReply.items", "Size must be between 1 and 13")
		}
		for _, action := range x.actions() {
			if len([]rune(action.Label)) > 20 || len([]rune(action.Data)) > 300 || len([]rune(action.Text)) > 300 {
				return lineInvalid(at+".action", "Length of label, data or text is over its limit")
			}
		}
	}
	return nil
}

// checkLink refuses an address that a provider would not fetch from: it wants https. On this machine plain http will do,
// or nothing could be tried without a certificate.
func checkLink(link string) error {
	u, err := url.Parse(link)
	if err != nil || u.Host == "" || u.Scheme != "https" && (u.Scheme != "http" || !loopback(u.Hostname())) {
		return ErrRefused
	}
	return nil
}
