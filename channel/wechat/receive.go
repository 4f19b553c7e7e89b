package wechat

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"net/url"
	"strconv"
	"time"
	"unicode/utf8"

	"madoguchi/channel"
	"madoguchi/desk"
)

// stale is how old a signed query may be. The provider repeats within seconds; what was journalled keeps its arrival.
const stale = time.Hour

// Verify answers the provider's check of our address.
func (Connector) Verify(e channel.Endpoint, r channel.Request) (channel.Reply, error) {
	q, err := query(r.URL)
	if err != nil {
		return channel.Reply{}, err
	}
	if !signed(e.Secrets[secretToken], q) {
		return channel.Reply{}, channel.ErrForged
	}
	return channel.Reply{Body: []byte(q.Get("echostr"))}, nil
}

// Receive verifies and reads one message or event. The answer is at once and always the same; ours go by the customer
// service API.
func (Connector) Receive(_ context.Context, e channel.Endpoint, r channel.Request) (channel.Reply, error) {
	q, err := query(r.URL)
	if err != nil {
		return channel.Reply{}, err
	}
	s, err := readSettings(e.Channel.Settings)
	if err != nil {
		return channel.Reply{}, err
	}
	body, err := authentic(e, s, q, r.Body)
	if err != nil {
		return channel.Reply{}, err
	}
	m, err := parse(body)
	if err != nil {
		return channel.Reply{}, err
	}
	return channel.Reply{Results: results(s.AppID, m), Body: []byte("success")}, nil
}

func query(address string) (url.Values, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, desk.Invalid("url", "url_invalid", "the request's address is malformed")
	}
	return u.Query(), nil
}

func signed(token string, q url.Values) bool {
	return fits(q.Get("signature"), token, q.Get("timestamp"), q.Get("nonce"))
}

// authentic returns the XML of an authentic request. A plain request's signature covers only when it was made, so that an
// account in safe mode takes none.
func authentic(e channel.Endpoint, s settings, q url.Values, body []byte) ([]byte, error) {
	token := e.Secrets[secretToken]
	if !fresh(e.Received, q.Get("timestamp")) {
		return nil, channel.ErrForged
	}
	if q.Get("encrypt_type") != "aes" {
		if s.Mode == modeSafe || !signed(token, q) {
			return nil, channel.ErrForged
		}
		return body, nil
	}
	envelope, err := parse(body)
	if err != nil {
		return nil, err
	}
	if !fits(q.Get("msg_signature"), token, q.Get("timestamp"), q.Get("nonce"), envelope.Encrypt) {
		return nil, channel.ErrForged
	}
	opened, err := unseal(e.Secrets[secretAES], s.AppID, envelope.Encrypt)
	if err != nil {
		return nil, channel.ErrForged
	}
	return opened, nil
}

func fresh(received time.Time, stamp string) bool {
	seconds, err := strconv.ParseInt(stamp, 10, 64)
	return err == nil && received.Sub(time.Unix(seconds, 0)).Abs() <= stale
}

// message is what the provider pushes: a customer's message or an event.
type message struct {
	From     string `xml:"FromUserName"`
	Created  string `xml:"CreateTime"` // seconds
	Type     string `xml:"MsgType"`
	ID       string `xml:"MsgId"`
	Content  string `xml:"Content"`
	MenuID   string `xml:"bizmsgmenuid"` // of the msgmenu's entry that was tapped
	MediaID  string `xml:"MediaId"`
	PicURL   string `xml:"PicUrl"`
	Lat      string `xml:"Location_X"`
	Lng      string `xml:"Location_Y"`
	Label    string `xml:"Label"`
	Title    string `xml:"Title"`
	About    string `xml:"Description"`
	URL      string `xml:"Url"`
	Event    string `xml:"Event"`
	EventKey string `xml:"EventKey"`
	Scanned  string `xml:"ScanCodeInfo>ScanResult"`
	Encrypt  string `xml:"Encrypt"`
}

var errDocumentType = errors.New("a document type")

// parse reads the provider's XML. A document type is refused, and entities beyond XML's own five are never expanded.
func parse(body []byte) (message, error) {
	if !bytes.HasPrefix(bytes.TrimSpace(body), []byte("<")) {
		return message{}, desk.Invalid("body", "body_invalid", "read XML: no element")
	}
	d := xml.NewDecoder(bytes.NewReader(readable(body)))
	for {
		token, err := d.Token()
		if err != nil {
			return message{}, desk.Invalid("body", "body_invalid", "read XML: %w", err)
		}
		switch t := token.(type) {
		case xml.Directive:
			return message{}, desk.Invalid("body", "body_invalid", "read XML: %w", errDocumentType)
		case xml.StartElement:
			var m message
			if err := d.DecodeElement(&m, &t); err != nil {
				return message{}, desk.Invalid("body", "body_invalid", "read XML: %w", err)
			}
			return m, nil
		}
	}
}

// readable drops what XML 1.0 (2.2) forbids and people's keyboards send all the same: it must not cost the message.
func readable(body []byte) []byte {
	return bytes.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0xFFFE || r == 0xFFFF {
			return -1
		}
		return r
	}, bytes.ToValidUTF8(body, []byte(string(utf8.RuneError))))
}
