package sim

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/sha1"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// send takes one message. Under mu.
func (x *wechat) send(a *Account, q request) answer {
	p := a.person(q.text("touser"))
	switch {
	case p == nil:
		return wechatError(40003)
	case p.Blocked:
		return wechatError(43004)
	case a.trouble.Quota < 0:
		return wechatError(45009)
	case p.Wrote.IsZero() || x.sim.now().After(p.Until):
		return wechatError(45015)
	case p.Left == 0:
		return wechatError(45047)
	}
	m := &Message{ID: "sim-" + strconv.FormatInt(x.sim.next(), 10)}
	if code := x.fill(a, m, q); code != 0 {
		return wechatError(code)
	}
	p.Left--
	p.typing = time.Time{}
	if a.trouble.Quota > 0 {
		if a.trouble.Quota--; a.trouble.Quota == 0 {
			a.trouble.Quota = -1
		}
	}
	a.arrive(p, m)
	return wechatOK()
}

// fill reads a message's content; 0 is fine.
func (x *wechat) fill(a *Account, m *Message, q request) int {
	var content struct {
		Content string
		MediaID string `json:"media_id"`
		Title   string
		Head    string `json:"head_content"`
		Tail    string `json:"tail_content"`
		List    []struct{ ID, Content string }
	}
	kind := q.text("msgtype")
	if !q.into(kind, &content) {
		return 47001
	}
	switch kind {
	case "text":
		if len(content.Content) > wechatText || content.Content == "" {
			return 45002
		}
		m.Text = content.Content
	case "msgmenu":
		m.Text = strings.Trim(content.Head+"\n"+content.Tail, "\n")
		for _, item := range content.List {
			m.Buttons = append(m.Buttons, Button{ID: item.ID, Label: item.Content})
		}
	case "image", "voice", "video":
		name := a.state.(*wechatAccount).media[content.MediaID]
		if x.sim.files[name] == nil {
			return 40007
		}
		m.Files = []Shown{x.sim.shown(name, map[string]string{"image": "image", "voice": "audio", "video": "video"}[kind])}
	case "news", "music", "mpnews", "miniprogrampage", "wxcard":
		m.Text = content.Title
	default:
		return 40008
	}
	return 0
}

// cdata is a text element as WeChat writes it.
type cdata struct {
	Text string `xml:",cdata"`
}

// wechatXML is a message or event on its way to the business.
type wechatXML struct {
	XMLName  xml.Name `xml:"xml"`
	To       cdata    `xml:"ToUserName"`
	From     cdata    `xml:"FromUserName"`
	At       int64    `xml:"CreateTime"`
	Kind     cdata    `xml:"MsgType"`
	Event    *cdata   `xml:"Event"`
	EventKey *cdata   `xml:"EventKey"`
	Ticket   *cdata   `xml:"Ticket"`
	Content  *cdata   `xml:"Content"`
	Menu     string   `xml:"bizmsgmenuid,omitempty"`
	PicURL   *cdata   `xml:"PicUrl"`
	Media    *cdata   `xml:"MediaId"`
	Thumb    *cdata   `xml:"ThumbMediaId"`
	Format   *cdata   `xml:"Format"`
	Lat      string   `xml:"Location_X,omitempty"`
	Lon      string   `xml:"Location_Y,omitempty"`
	Scale    string   `xml:"Scale,omitempty"`
	Label    *cdata   `xml:"Label"`
	ID       string   `xml:"MsgId,omitempty"`
}

func text(s string) *cdata { return &cdata{s} }

// act tells the business what a customer did.
func (x *wechat) act(p *Person, did Act, m *Message) error {
	a := p.account
	e := wechatXML{To: cdata{a.state.(*wechatAccount).original}, From: cdata{p.ID}, At: x.sim.now().Unix(), Kind: cdata{"text"}}
	allowed, within := wechatCount, wechatWindow
	switch did.Do {
	case DoBlock:
		e.Kind, e.Event, e.EventKey = cdata{"event"}, text("unsubscribe"), text("")
		x.tell(p, e)
		return nil
	case DoUnblock, DoStart:
		e.Kind, e.Event, e.EventKey = cdata{"event"}, text("subscribe"), text("")
		if did.Text != "" {
			e.EventKey, e.Ticket = text("qrscene_"+did.Text), text("TICKET1")
		}
		p.Wrote, p.Blocked, p.Left, p.Until = x.sim.now(), false, wechatShortCount, x.sim.now().Add(wechatShortWindow)
		x.tell(p, e)
		return nil
	case DoTap:
		e.Content, e.Menu = text(m.Text), did.Button
	default:
		if err := x.content(a, &e, did, m); err != nil {
			return err
		}
	}
	e.ID = strconv.FormatInt(24_000_000_000_000_000+x.sim.next(), 10)
	m.ID = e.ID
	p.Left, p.Until = allowed, x.sim.now().Add(within)
	x.tell(p, e)
	return nil
}

// content fills a message in.
func (x *wechat) content(a *Account, e *wechatXML, did Act, m *Message) error {
	switch {
	case did.Do == DoStrange:
		m.Text, e.Kind = "?", cdata{"hologram"}
	case m.Place != nil:
		e.Kind, e.Scale, e.Label = cdata{"location"}, "16", text(m.Place.Title)
		e.Lat, e.Lon = strconv.FormatFloat(m.Place.Lat, 'f', 6, 64), strconv.FormatFloat(m.Place.Lon, 'f', 6, 64)
	case len(m.Files) > 0:
		f := m.Files[0]
		e.Media = text(x.mediaID(a, f.file))
		switch f.Kind {
		case "image":
			e.Kind, e.PicURL = cdata{"image"}, text(f.URL)
		case "audio":
			e.Kind, e.Format = cdata{"voice"}, text("amr")
		case "video":
			e.Kind, e.Thumb = cdata{"video"}, e.Media
		default:
			return fmt.Errorf("%w: WeChat carries pictures, sound and film here", ErrRefused)
		}
		m.Files = m.Files[:1]
	default:
		e.Content = text(m.Text)
	}
	return nil
}

// wechatTries is how often a webhook is delivered, each time with five seconds to answer.
const wechatTries = 3

// tell queues one message, signed, and sealed where the account is in safe mode. Under mu.
func (x *wechat) tell(p *Person, e wechatXML) {
	a := p.account
	body, err := xml.Marshal(e)
	if err != nil || a.console.Callback == "" {
		return
	}
	query := x.stamped(a.console.Token)
	query.Set("openid", p.ID)
	if a.console.Safe {
		sealed, ok := wechatSeal(a.console.AESKey, a.Credential("app_id"), x.sim.hex(16, "random", strconv.FormatInt(x.sim.next(), 10)), body)
		if !ok {
			return
		}
		query.Set("encrypt_type", "aes")
		query.Set("msg_signature", sortedSum(a.console.Token, query.Get("timestamp"), query.Get("nonce"), sealed))
		body = []byte("<xml><ToUserName><![CDATA[" + e.To.Text + "]]></ToUserName><Encrypt><![CDATA[" + sealed + "]]></Encrypt></xml>")
	}
	join := "?"
	if strings.Contains(a.console.Callback, "?") {
		join = "&"
	}
	a.tell(p.ID, hook{
		url: a.console.Callback + join + query.Encode(), body: body, tries: wechatTries, within: 5 * time.Second,
		header: map[string]string{"Content-Type": "text/xml"}, again: func(status int) bool { return status != http.StatusOK },
	})
}

// sortedSum is WeChat's signature: the SHA-1 of the values in order.
func sortedSum(values ...string) string {
	slices.Sort(values)
	sum := sha1.Sum([]byte(strings.Join(values, "")))
	return hex.EncodeToString(sum[:])
}

// wechatSeal encrypts a message for safe mode: AES-256-CBC over 16 random bytes, the length, the message and the AppID,
// padded to 32. False if the key is none.
func wechatSeal(encodingKey, appID, random string, message []byte) (string, bool) {
	key, err := base64.StdEncoding.DecodeString(encodingKey + "=")
	if err != nil || len(key) != 32 {
		return "", false
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return "", false
	}
	plain := append([]byte(random), binary.BigEndian.AppendUint32(nil, uint32(len(message)))...)
	plain = append(append(plain, message...), appID...)
	pad := 32 - len(plain)%32
	plain = append(plain, bytes.Repeat([]byte{byte(pad)}, pad)...)
	cipher.NewCBCEncrypter(block, key[:aes.BlockSize]).CryptBlocks(plain, plain)
	return base64.StdEncoding.EncodeToString(plain), true
}
