package sim

// The Bot API as https://core.telegram.org/bots/api tells it: /bot<token>/<method> and /file/bot<token>/<path>.

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// telegram is Telegram.
type telegram struct{ sim *Simulator }

// telegramBot is what only Telegram knows of an account.
type telegramBot struct {
	id      int64
	Updates []string // allowed_updates
	Single  bool     // max_connections is 1: the order of updates is kept across chats
	failed  time.Time
	failure string
}

func (t *telegram) open(a *Account) {
	id, err := strconv.ParseInt(a.hex(7, "bot"), 16, 64)
	if err != nil {
		id = 0
	}
	bot := &telegramBot{id: 7_000_000_000 + id}
	a.state = bot
	a.Credentials = []Credential{{"token", "API token (@BotFather)", fmt.Sprintf("%d:%s", bot.id, a.hex(35, "token"))}}
}

func (t *telegram) customer(_ *Account, n int) *Person {
	return &Person{ID: strconv.Itoa(5_000_000_000 + n)}
}

func (t *telegram) acts() []string {
	return []string{DoText, DoFile, DoPlace, DoSticker, DoContact, DoTap, DoReact, DoEdit, DoBlock, DoUnblock, DoStart, DoStrange}
}

// rates are those of the Bots FAQ; a chat bears short bursts.
func (t *telegram) rates() []Rate {
	return []Rate{{Count: 30, Per: time.Second, Burst: 60}, {Chat: true, Count: 1, Per: time.Second, Burst: 20}}
}

func (t *telegram) configure(context.Context, *Account, Console) error {
	return fmt.Errorf("%w: a bot's program sets its webhook itself (setWebhook)", ErrRefused)
}

func (t *telegram) refuse(_ *Account, why refusal) answer {
	switch {
	case why.status == http.StatusUnauthorized:
		return telegramError(http.StatusUnauthorized, "Unauthorized", nil)
	case why.status == http.StatusTooManyRequests:
		seconds := int((why.after + time.Second - 1) / time.Second)
		return telegramError(http.StatusTooManyRequests, fmt.Sprintf("Too Many Requests: retry after %d", seconds), object{"retry_after": seconds})
	case why.code == "deactivated":
		return telegramError(http.StatusForbidden, "Forbidden: user is deactivated", nil)
	case why.status == http.StatusConflict:
		return telegramError(http.StatusConflict, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running", nil)
	case why.status == 0:
		return telegramError(http.StatusBadRequest, "Bad Request: "+why.code, nil)
	}
	return telegramError(why.status, http.StatusText(why.status), nil)
}

func telegramError(status int, description string, parameters object) answer {
	body := object{"ok": false, "error_code": status, "description": description}
	if parameters != nil {
		body["parameters"] = parameters
	}
	return answer{status: status, body: body}
}

func telegramOK(result any) answer { return answer{body: object{"ok": true, "result": result}} }

func (t *telegram) handler() http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		path, isFile := strings.CutPrefix(r.URL.Path, "/file")
		path, ok := strings.CutPrefix(path, "/bot")
		token, method, _ := strings.Cut(path, "/")
		a := t.sim.find(func(a *Account) bool { return a.Kind == "telegram" && a.Credential("token") == token })
		switch {
		case !ok || !strings.Contains(token, ":"):
			telegramError(http.StatusNotFound, "Not Found", nil).write(w)
		case a == nil || a.Trouble().TokenOff:
			telegramError(http.StatusUnauthorized, "Unauthorized", nil).write(w)
		case isFile:
			name, _, _ := strings.Cut(method[strings.LastIndex(method, "/")+1:], ".")
			t.sim.writeFile(w, name)
		default:
			t.call(w, r, a, strings.ToLower(method))
		}
	})
}

// call answers one method. Names of methods are read without regard to case.
func (t *telegram) call(w http.ResponseWriter, r *http.Request, a *Account, method string) {
	q, ok := read(r)
	if !ok {
		telegramError(http.StatusBadRequest, "Bad Request: can't parse JSON object", nil).write(w)
		return
	}
	if strings.HasPrefix(method, "send") && method != "sendchataction" {
		attempt := Attempt{To: q.text("chat_id"), Text: q.text("text") + q.text("caption")}
		linked := t.linked(r, q)
		a.send(w, r, attempt, func() answer { return t.send(a, method, q, linked) })
		return
	}
	t.sim.mu.Lock()
	defer t.sim.mu.Unlock()
	t.manage(a, method, q).write(w)
}

// linked fetches the files that are given by address.
func (t *telegram) linked(r *http.Request, q request) map[string]*file {
	found := map[string]*file{}
	for _, name := range telegramMedia {
		if link := q.text(name); strings.HasPrefix(link, "http://") || strings.HasPrefix(link, "https://") {
			found[name], _ = t.sim.fetch(r, link)
		}
	}
	return found
}

// secretToken is what a webhook's secret may be made of.
var secretToken = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// manage answers everything but sends. Under mu.
func (t *telegram) manage(a *Account, method string, q request) answer {
	bot := a.state.(*telegramBot)
	switch method {
	case "getme":
		return telegramOK(merge(t.bot(a), object{"can_join_groups": true, "can_read_all_group_messages": false, "supports_inline_queries": false}))
	case "setwebhook":
		return t.setWebhook(a, bot, q)
	case "deletewebhook":
		a.console = Console{}
		return telegramOK(true)
	case "getwebhookinfo":
		return telegramOK(t.webhookInfo(a, bot))
	case "getfile":
		id := q.text("file_id")
		f := t.sim.files[strings.TrimPrefix(id, "tg-")]
		if f == nil {
			return telegramError(http.StatusBadRequest, "Bad Request: wrong file_id or the file is temporarily unavailable", nil)
		}
		if len(f.data) > 20<<20 {
			return telegramError(http.StatusBadRequest, "Bad Request: file is too big", nil)
		}
		return telegramOK(object{"file_id": id, "file_unique_id": "u" + id, "file_size": len(f.data), "file_path": "files/" + strings.TrimPrefix(id, "tg-") + ".bin"})
	case "getuserprofilephotos":
		return telegramOK(object{"total_count": 0, "photos": []any{}})
	case "setmessagereaction":
		return t.react(a, q)
	case "sendchataction":
		if p := a.person(q.text("chat_id")); p != nil {
			p.typing = time.Now().Add(5 * time.Second)
		}
		return telegramOK(true)
	case "answercallbackquery", "setmycommands", "setmydescription":
		return telegramOK(true)
	case "editmessagetext", "editmessagereplymarkup", "deletemessage":
		return t.change(a, method, q)
	case "getchat":
		if p := a.person(q.text("chat_id")); p != nil {
			return telegramOK(t.chat(p))
		}
		return telegramError(http.StatusBadRequest, "Bad Request: chat not found", nil)
	}
	return telegramError(http.StatusNotFound, "Not Found", nil)
}

func (t *telegram) setWebhook(a *Account, bot *telegramBot, q request) answer {
	url, secret := q.text("url"), q.text("secret_token")
	if secret != "" && !secretToken.MatchString(secret) {
		return telegramError(http.StatusBadRequest, "Bad Request: secret token contains unallowed characters", nil)
	}
	if url != "" && !strings.HasPrefix(url, "https://") && !strings.HasPrefix(url, "http://") { // the real one wants https; tests and demos are on this machine
		return telegramError(http.StatusBadRequest, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook", nil)
	}
	bot.Updates = nil
	q.into("allowed_updates", &bot.Updates)
	bot.Single = q.text("max_connections") == "1"
	bot.failed, bot.failure = time.Time{}, ""
	a.console = Console{Callback: url, Token: secret}
	return answer{body: object{"ok": true, "result": true, "description": "Webhook was set"}}
}

func (t *telegram) webhookInfo(a *Account, bot *telegramBot) object {
	pending := 0
	for key, l := range t.sim.lanes {
		if key.account == a.ID {
			pending += len(l.queue) + l.busy
		}
	}
	info := object{"url": a.console.Callback, "has_custom_certificate": false, "pending_update_count": pending, "max_connections": 40}
	if bot.Updates != nil {
		info["allowed_updates"] = bot.Updates
	}
	if bot.failure != "" {
		info["last_error_date"], info["last_error_message"] = bot.failed.Unix(), bot.failure
	}
	return info
}

func (t *telegram) react(a *Account, q request) answer {
	p := a.person(q.text("chat_id"))
	if p == nil {
		return telegramError(http.StatusBadRequest, "Bad Request: chat not found", nil)
	}
	m := p.message(q.text("message_id"))
	if m == nil {
		return telegramError(http.StatusBadRequest, "Bad Request: message to react not found", nil)
	}
	var reactions []struct{ Emoji string }
	q.into("reaction", &reactions)
	m.ShopReaction = ""
	if len(reactions) > 0 {
		m.ShopReaction = reactions[0].Emoji
	}
	return telegramOK(true)
}

// change edits or deletes a message of the bot's.
func (t *telegram) change(a *Account, method string, q request) answer {
	p := a.person(q.text("chat_id"))
	if p == nil {
		return telegramError(http.StatusBadRequest, "Bad Request: chat not found", nil)
	}
	m := p.message(q.text("message_id"))
	switch {
	case m == nil || m.Mine:
		return telegramError(http.StatusBadRequest, "Bad Request: message to edit not found", nil)
	case method == "deletemessage":
		p.chat = slices.DeleteFunc(p.chat, func(x *Message) bool { return x == m })
		return telegramOK(true)
	case method == "editmessagetext":
		if m.Text == q.text("text") {
			return telegramError(http.StatusBadRequest, "Bad Request: message is not modified", nil)
		}
		m.Text, m.Edited = q.text("text"), true
	}
	if buttons, ok := t.buttons(q); ok {
		m.Buttons = buttons
	}
	return telegramOK(t.message(p, m))
}
