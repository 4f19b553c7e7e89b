package webchat

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"path"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Written is the body of POST …/messages.
type Written struct {
	ClientID string        `json:"client_id"`
	Parts    []WrittenPart `json:"parts"`
}

// WrittenPart is a piece that a customer may write: text, or a file that they uploaded before.
type WrittenPart struct {
	Kind         desk.PartKind `json:"kind"`
	Text         string        `json:"text,omitempty"`
	AttachmentID desk.ID       `json:"attachment_id,omitempty"`
}

// Seen is the body of PUT …/read: the customer has read up to Seq.
type Seen struct {
	Seq int64 `json:"seq"`
}

// Receive reads what the widget sent for an authenticated visitor: the address tells what it is, ".../messages" or
// ".../read"; another one is unknown. What is over a limit or makes no sense is desk.KindInvalid with its field. A
// request without a visitor is channel.ErrForged.
func (Connector) Receive(_ context.Context, e channel.Endpoint, r channel.Request) (channel.Reply, error) {
	if r.Peer == "" {
		return channel.Reply{}, channel.ErrForged
	}
	if len(r.Body) > MaxBody {
		return channel.Reply{}, desk.Invalid("body", "body_too_large", "%d bytes are over the limit of %d", len(r.Body), MaxBody)
	}
	action := ""
	if u, err := url.Parse(r.URL); err == nil {
		action = path.Base(u.Path)
	}
	var result channel.Result
	var err error
	switch {
	case action == "messages" && r.Method == http.MethodPost:
		result, err = message(e, r)
	case action == "read" && r.Method == http.MethodPut:
		result, err = seen(e, r)
	default:
		result = channel.Result{Key: "unknown/" + r.Peer, Unknown: "request"}
	}
	if err != nil {
		return channel.Reply{}, err
	}
	result.Account = e.Channel.Account
	return channel.Reply{Results: []channel.Result{result}}, nil
}

func message(e channel.Endpoint, r channel.Request) (channel.Result, error) {
	var body Written
	if err := decode(r.Body, &body); err != nil {
		return channel.Result{}, err
	}
	if err := checkClientID(body.ClientID); err != nil {
		return channel.Result{}, err
	}
	parts, err := customerParts(body.Parts)
	if err != nil {
		return channel.Result{}, err
	}
	return channel.Result{
		Key:     "message/" + r.Peer + "/" + body.ClientID,
		Message: &channel.Incoming{Peer: Peer(e.Channel.ID, r.Peer), ClientID: body.ClientID, Parts: parts},
	}, nil
}

func seen(e channel.Endpoint, r channel.Request) (channel.Result, error) {
	var body Seen
	if err := decode(r.Body, &body); err != nil {
		return channel.Result{}, err
	}
	if body.Seq < 0 || body.Seq >= 1<<53 {
		return channel.Result{}, desk.Invalid("seq", "seq_invalid", "%d is not a position", body.Seq)
	}
	peer := Peer(e.Channel.ID, r.Peer)
	return channel.Result{
		Key:     "read/" + r.Peer + "/" + strconv.FormatInt(body.Seq, 10),
		Receipt: &channel.Receipt{Peer: &peer, UpTo: body.Seq, Status: desk.DeliveryRead, At: received(e)},
	}, nil
}

// decode reads one JSON value; unknown fields are ignored, so that a newer widget may say more.
func decode(raw []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(raw))
	if err := d.Decode(into); err != nil {
		return desk.Invalid("body", "body_invalid", "read JSON: %w", err)
	}
	if d.More() {
		return desk.Invalid("body", "body_invalid", "more than one JSON value")
	}
	return nil
}

func checkClientID(id string) error {
	if id == "" || len(id) > MaxClientID || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return desk.Invalid("client_id", "client_id_invalid", "a client id is 1 to %d visible ASCII characters", MaxClientID)
	}
	return nil
}

func customerParts(written []WrittenPart) ([]desk.Part, error) {
	if len(written) > MaxParts {
		return nil, desk.Invalid("parts", "too_many_parts", "%d parts, at most %d", len(written), MaxParts)
	}
	var parts []desk.Part
	runes := 0
	files := map[desk.ID]bool{}
	for _, w := range written {
		switch w.Kind {
		case desk.PartText:
			text := Clean(w.Text)
			runes += utf8.RuneCountInString(text)
			if strings.TrimSpace(text) != "" {
				parts = append(parts, desk.Part{Kind: desk.PartText, Text: text})
			}
		case desk.PartImage, desk.PartAudio, desk.PartVideo, desk.PartFile:
			if w.AttachmentID <= 0 || files[w.AttachmentID] {
				return nil, desk.Invalid("parts", "attachment_missing", "a file part names its own upload")
			}
			files[w.AttachmentID] = true
			parts = append(parts, desk.Part{Kind: w.Kind, AttachmentID: w.AttachmentID})
		default:
			return nil, desk.Invalid("parts", "part_kind_invalid", "customers do not write %q", w.Kind)
		}
	}
	if runes > MaxText {
		e := desk.Invalid("parts", "text_too_long", "%d characters, at most %d", runes, MaxText)
		e.Params = map[string]string{"limit": strconv.Itoa(MaxText)}
		return nil, e
	}
	if len(parts) == 0 {
		return nil, desk.Invalid("parts", "message_empty", "a message says something")
	}
	return parts, nil
}

// Clean drops what no person types and databases refuse (invalid UTF-8, control characters but tab and line feed) and
// makes line ends one kind. Bidirectional marks stay: the screens isolate them (F13).
func Clean(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	s = strings.ReplaceAll(s, "\r\n", "\n")
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\r':
			return '\n'
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r):
			return -1
		}
		return r
	}, s)
}
