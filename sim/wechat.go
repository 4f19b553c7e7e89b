package sim

// WeChat Official Accounts, https://developers.weixin.qq.com/doc/offiaccount/: api.weixin.qq.com is the root.

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// wechat is WeChat.
type wechat struct{ sim *Simulator }

// wechatAccount is what only WeChat knows of an account.
type wechatAccount struct {
	original string // gh_…
	token    string // the access token, stable until it ends
	until    time.Time
	media    map[string]string // names of files by media id
}

// What WeChat allows: so many messages so long after the customer's, and fewer for less after a menu or a follow.
const (
	wechatToken       = 2 * time.Hour
	wechatWindow      = 48 * time.Hour
	wechatCount       = 5
	wechatShortWindow = time.Minute
	wechatShortCount  = 3
	wechatText        = 2048 // bytes
)

func (x *wechat) open(a *Account) {
	a.state = &wechatAccount{original: "gh_" + a.hex(12, "original"), media: map[string]string{}}
	a.Credentials = []Credential{
		{"app_id", "AppID", "wx" + a.hex(16, "app")},
		{"app_secret", "AppSecret", a.hex(32, "secret")},
	}
}

func (x *wechat) customer(a *Account, n int) *Person {
	return &Person{ID: "o" + a.hex(27, "customer"+strconv.Itoa(n))}
}

func (x *wechat) acts() []string {
	return []string{DoText, DoFile, DoPlace, DoTap, DoBlock, DoUnblock, DoStart, DoStrange}
}

// rates: WeChat counts by the day.
func (x *wechat) rates() []Rate { return nil }

func (x *wechat) refuse(_ *Account, why refusal) answer {
	if code, err := strconv.Atoi(why.code); err == nil {
		return wechatError(code)
	}
	switch why.status {
	case http.StatusUnauthorized:
		return wechatError(40001)
	case http.StatusTooManyRequests:
		return wechatError(45011)
	}
	return wechatError(-1)
}

// wechatWords are the messages of codes.
var wechatWords = map[int]string{
	-1: "system error", 40001: "invalid credential, access_token is invalid or not latest", 40003: "invalid openid", 40007: "invalid media_id", 40013: "invalid appid",
	40125: "invalid appsecret", 40164: "invalid ip 203.0.113.9, not in whitelist", 41001: "access_token missing", 42001: "access_token expired", 43004: "require subscribe",
	45002: "content size out of limit", 45009: "reach max api daily quota limit", 45011: "api minute-quota reach limit, must slower",
	45015: "response out of time limit or subscription is canceled", 45047: "out of response count limit", 45080: "client typing is too early or too late", 47001: "data format error", 48001: "api unauthorized",
	40004: "invalid media type", 40008: "invalid message type",
}

// wechatError is a refusal; it comes with status 200.
func wechatError(code int) answer {
	return answer{body: object{"errcode": code, "errmsg": wechatWords[code] + " rid: 0000-test"}}
}

func wechatOK() answer { return answer{body: object{"errcode": 0, "errmsg": "ok"}} }

func (x *wechat) handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/cgi-bin/stable_token", x.issue)
	mux.HandleFunc("/cgi-bin/token", x.issue)
	mux.HandleFunc("POST /cgi-bin/message/custom/send", x.known(x.message))
	mux.HandleFunc("POST /cgi-bin/media/upload", x.known(x.upload))
	mux.HandleFunc("GET /cgi-bin/media/get", x.known(x.download))
	mux.HandleFunc("GET /cgi-bin/media/get/jssdk", x.known(x.download))
	mux.HandleFunc("POST /cgi-bin/message/custom/typing", x.known(x.typing))
	mux.HandleFunc("GET /cgi-bin/user/info", x.known(x.info))
	mux.HandleFunc("GET /cgi-bin/get_api_domain_ip", x.known(func(w http.ResponseWriter, _ *http.Request, _ *Account) {
		answer{body: object{"ip_list": []string{"203.0.113.1"}}}.write(w)
	}))
	mux.HandleFunc("POST /cgi-bin/openapi/quota/get", x.known(func(w http.ResponseWriter, _ *http.Request, a *Account) {
		used, _ := a.Requests()
		answer{body: object{"errcode": 0, "errmsg": "ok", "quota": object{"daily_limit": 500_000, "used": used, "remain": 500_000 - used}}}.write(w)
	}))
	return mux
}

// known finds the account of the access token.
func (x *wechat) known(serve func(http.ResponseWriter, *http.Request, *Account)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		token := r.URL.Query().Get("access_token")
		if token == "" {
			wechatError(41001).write(w)
			return
		}
		a := x.sim.find(func(a *Account) bool {
			own, ok := a.state.(*wechatAccount)
			return ok && own.token == token && x.sim.now().Before(own.until) && !a.trouble.TokenOff
		})
		if a == nil {
			wechatError(40001).write(w)
			return
		}
		serve(w, r, a)
	}
}

// issue gives out the access token, the same one until it ends.
func (x *wechat) issue(w http.ResponseWriter, r *http.Request) {
	q, _ := read(r)
	a := x.sim.find(func(a *Account) bool { return a.Kind == "wechat" && a.Credential("app_id") == q.text("appid") })
	x.sim.mu.Lock()
	defer x.sim.mu.Unlock()
	switch {
	case a == nil:
		wechatError(40013).write(w)
		return
	case q.text("secret") != a.Credential("app_secret") || a.trouble.TokenOff:
		wechatError(40125).write(w)
		return
	}
	own, now := a.state.(*wechatAccount), x.sim.now()
	if !now.Before(own.until) || q.text("force_refresh") == "true" {
		own.token, own.until = x.sim.hex(64, "token", strconv.FormatInt(x.sim.next(), 10)), now.Add(wechatToken)
	}
	answer{body: object{"access_token": own.token, "expires_in": int(own.until.Sub(now) / time.Second)}}.write(w)
}

// configure asks the callback for the echo, as WeChat does when the address is typed in.
func (x *wechat) configure(ctx context.Context, _ *Account, c Console) error {
	if err := checkCallback(c.Callback); err != nil {
		return err
	}
	if len(c.Token) < 3 || len(c.Token) > 32 || c.Safe && len(c.AESKey) != 43 {
		return fmt.Errorf("%w: the Token has 3 to 32 characters, the EncodingAESKey 43", ErrRefused)
	}
	echo := digits(x.sim.hex(16, "echo", c.Callback))
	query := x.stamped(c.Token)
	query.Set("echostr", echo)
	if status, body := x.sim.ask(ctx, c.Callback, query); status != http.StatusOK || body != echo {
		return fmt.Errorf("%w: the callback answered the check with %d", ErrRefused, status)
	}
	return nil
}

// upload keeps a file for three days in reality.
func (x *wechat) upload(w http.ResponseWriter, r *http.Request, a *Account) {
	kind := r.URL.Query().Get("type")
	q, ok := read(r)
	f := q.upload["media"]
	if !ok || f == nil || !slices.Contains([]string{"image", "voice", "video", "thumb"}, kind) {
		wechatError(40004).write(w)
		return
	}
	x.sim.mu.Lock()
	defer x.sim.mu.Unlock()
	id := x.mediaID(a, x.sim.keep(f))
	name := "media_id"
	if kind == "thumb" {
		name = "thumb_media_id"
	}
	answer{body: object{"type": kind, name: id, "media_id": id, "created_at": x.sim.now().Unix()}}.write(w)
}

func (x *wechat) mediaID(a *Account, name string) string {
	id := "MEDIA" + x.sim.hex(40, "media", name)
	a.state.(*wechatAccount).media[id] = name
	return id
}

// download gives out a file, for a video its address.
func (x *wechat) download(w http.ResponseWriter, r *http.Request, a *Account) {
	x.sim.mu.Lock()
	name := a.state.(*wechatAccount).media[r.URL.Query().Get("media_id")]
	f := x.sim.files[name]
	base := x.sim.Base
	x.sim.mu.Unlock()
	switch {
	case f == nil:
		wechatError(40007).write(w)
	case strings.HasPrefix(f.mime, "video/"):
		answer{body: object{"video_url": base + "/files/" + name}}.write(w)
	default:
		w.Header().Set("Content-Disposition", "attachment; filename="+strconv.Quote(f.name))
		x.sim.writeFile(w, name)
	}
}

func (x *wechat) typing(w http.ResponseWriter, r *http.Request, a *Account) {
	q, _ := read(r)
	x.sim.mu.Lock()
	defer x.sim.mu.Unlock()
	p := a.person(q.text("touser"))
	switch {
	case p == nil:
		wechatError(40003).write(w)
	case x.sim.now().Sub(p.Wrote) > 30*time.Second:
		wechatError(45080).write(w)
	case q.text("command") == "Typing":
		p.typing = time.Now().Add(15 * time.Second)
		wechatOK().write(w)
	default:
		p.typing = time.Time{}
		wechatOK().write(w)
	}
}

func (x *wechat) info(w http.ResponseWriter, r *http.Request, a *Account) {
	x.sim.mu.Lock()
	defer x.sim.mu.Unlock()
	p := a.person(r.URL.Query().Get("openid"))
	switch {
	case p == nil:
		wechatError(40003).write(w)
	case p.Blocked:
		answer{body: object{"subscribe": 0, "openid": p.ID}}.write(w)
	default:
		answer{body: object{
			"subscribe": 1, "openid": p.ID, "language": "zh_CN", "subscribe_time": x.sim.now().Unix(), "remark": "", "groupid": 0, "tagid_list": []int{},
			"subscribe_scene": "ADD_SCENE_QR_CODE", "qr_scene": 0, "qr_scene_str": "",
		}}.write(w)
	}
}

// message answers a request to send. Escapes in its JSON arrive as they are written: WeChat wants plain UTF-8.
func (x *wechat) message(w http.ResponseWriter, r *http.Request, a *Account) {
	q, ok := read(r)
	if !ok || json.Unmarshal(bytes.ReplaceAll(q.body, []byte(`\u`), []byte(`\\u`)), &q.json) != nil {
		wechatError(47001).write(w)
		return
	}
	var text struct{ Content string }
	q.into("text", &text)
	a.send(w, r, Attempt{To: q.text("touser"), Text: text.Content}, func() answer { return x.send(a, q) })
}

// stamped is the signed part of a callback's address.
func (x *wechat) stamped(token string) url.Values {
	stamp, nonce := strconv.FormatInt(x.sim.Now().Unix(), 10), digits(x.sim.hex(10, "nonce", strconv.FormatInt(time.Now().UnixNano(), 10)))
	return url.Values{"timestamp": {stamp}, "nonce": {nonce}, "signature": {sortedSum(token, stamp, nonce)}}
}
