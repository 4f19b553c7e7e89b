package sim

// Messenger and Instagram Direct, https://developers.facebook.com/docs/messenger-platform: they differ in ids, limits and
// receipts.

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// messaging is Messenger or Instagram.
type messaging struct {
	*graph
	insta bool
}

// messagingPage is what only these two know of an account.
type messagingPage struct {
	Fields      []string // subscribed ones, nil = not subscribed
	AppFields   []string // of the app itself: they count for Instagram accounts that are linked to a page
	attachments map[string]string
	HumanAgent  bool // the feature is approved
}

func newMessaging(s *Simulator, kind string) *messaging {
	x := &messaging{&graph{sim: s, kind: kind}, kind == "instagram"}
	x.product = x
	return x
}

func (x *messaging) open(a *Account) {
	a.Credentials = openApp(a)
	a.Credentials = append(a.Credentials, Credential{"page_id", "Page ID", "100" + digits(a.hex(12, "page"))})
	if x.insta {
		a.Credentials = append(a.Credentials, Credential{"account_id", "Instagram account ID", "1784" + digits(a.hex(13, "instagram"))})
	}
	a.Credentials = append(a.Credentials, Credential{"access_token", "Page access token", "EAAB" + a.hex(60, "token")})
	a.state = &messagingPage{attachments: map[string]string{}, HumanAgent: true}
}

func (x *messaging) customer(a *Account, n int) *Person {
	if x.insta {
		return &Person{ID: "91" + digits(a.hex(12, "customer"+strconv.Itoa(n))) + "00"}
	}
	return &Person{ID: "77" + digits(a.hex(12, "customer"+strconv.Itoa(n)))}
}

func (x *messaging) acts() []string {
	acts := []string{DoText, DoFile, DoTap, DoReact, DoEdit, DoBlock, DoUnblock, DoRead, DoStart, DoSticker, DoProduct, DoStrange}
	if x.insta {
		return append(acts, DoUnsend)
	}
	return append(acts, DoPlace)
}

func (x *messaging) scopes() []string {
	if x.insta {
		return []string{"instagram_basic", "instagram_manage_messages", "pages_manage_metadata", "pages_messaging", "pages_show_list"}
	}
	return []string{"pages_messaging", "pages_manage_metadata", "pages_read_engagement", "pages_show_list", "business_management"}
}

// SetHumanAgent says whether the app may write under the human agent tag.
func (a *Account) SetHumanAgent(approved bool) {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	if page, ok := a.state.(*messagingPage); ok {
		page.HumanAgent = approved
	}
}

// own is the account's id in webhooks.
func (x *messaging) own(a *Account) string {
	if x.insta {
		return a.Credential("account_id")
	}
	return a.Credential("page_id")
}

// ours reports whether an id of a path is the account itself.
func (x *messaging) ours(a *Account, id string) bool {
	return id == "me" || id == a.Credential("page_id") || id == a.Credential("account_id")
}

func (x *messaging) call(w http.ResponseWriter, r *http.Request, a *Account, path []string) {
	q, ok := read(r)
	edge := ""
	if len(path) > 1 {
		edge = path[1]
	}
	switch {
	case !ok:
		graphError(http.StatusBadRequest, 100, 0, "(#100) Invalid parameter").write(w)
	case path[0] == "files":
		x.sim.writeFile(w, edge)
	case x.ours(a, path[0]) && edge == "messages" && r.Method == http.MethodPost:
		s := readSend(q)
		if s.Action != "" {
			x.locked(func() answer { return x.action(a, s) }).write(w)
			return
		}
		fetched := x.fetchLinked(r, s)
		a.send(w, r, Attempt{To: s.Recipient.ID, Text: s.Message.Text, Key: s.Message.Metadata}, func() answer { return x.send(a, s, fetched) })
	default:
		x.locked(func() answer { return x.manage(r, a, q, path[0], edge) }).write(w)
	}
}

// locked makes an answer under the lock.
func (x *messaging) locked(make func() answer) answer {
	x.sim.mu.Lock()
	defer x.sim.mu.Unlock()
	return make()
}

// manage answers everything but sends. Under mu.
func (x *messaging) manage(r *http.Request, a *Account, q request, id, edge string) answer {
	page := a.state.(*messagingPage)
	success := answer{body: object{"success": true}}
	switch {
	case id == "refresh_access_token" || id == "access_token":
		return answer{body: object{"access_token": a.token(), "token_type": "bearer", "expires_in": int((60 * 24 * time.Hour).Seconds())}}
	case x.ours(a, id) && edge == "":
		return answer{body: x.card(a)}
	case x.ours(a, id) && edge == "subscribed_apps":
		return x.subscribed(r, a, q)
	case x.ours(a, id) && edge == "message_attachments":
		return x.upload(page, q)
	case x.ours(a, id) && edge == "conversations":
		return x.conversations(a, q)
	case x.ours(a, id) && edge == "thread_owner":
		return answer{body: object{"data": []any{object{"thread_owner": object{"app_id": a.Credential("app_id")}}}}}
	case x.ours(a, id) && (edge == "messenger_profile" || strings.HasSuffix(edge, "thread_control")):
		return success
	}
	p := a.person(id)
	switch {
	case p == nil || edge != "":
		return unknownPath(r)
	case p.Wrote.IsZero() && x.insta:
		return graphError(http.StatusForbidden, 230, 0, "(#230) User consent is required to access user profile")
	case x.insta:
		return answer{body: object{"id": p.ID, "name": p.Name, "username": "user_" + p.ID[len(p.ID)-4:], "follower_count": 12, "is_verified_user": false}}
	}
	first, last, _ := strings.Cut(p.Name, " ")
	return answer{body: object{"id": p.ID, "name": p.Name, "first_name": first, "last_name": last}}
}

// card is what the account tells about itself.
func (x *messaging) card(a *Account) object {
	card := object{"id": a.Credential("page_id"), "name": a.Title, "category": "Shop"}
	if x.insta {
		card["instagram_business_account"] = object{"id": a.Credential("account_id"), "username": "shop"}
		card["user_id"], card["username"], card["account_type"] = a.Credential("account_id"), "shop", "BUSINESS"
	}
	return card
}

func (x *messaging) subscribed(r *http.Request, a *Account, q request) answer {
	page := a.state.(*messagingPage)
	switch r.Method {
	case http.MethodPost:
		fields := q.text("subscribed_fields")
		if fields == "" {
			return graphError(http.StatusBadRequest, 100, 0, "(#100) The parameter subscribed_fields is required.")
		}
		page.Fields = strings.Split(fields, ",")
		return answer{body: object{"success": true}}
	case http.MethodDelete:
		page.Fields = nil
		return answer{body: object{"success": true}}
	}
	apps := []any{}
	if page.Fields != nil {
		apps = append(apps, object{"id": a.Credential("app_id"), "name": a.Title, "subscribed_fields": page.Fields})
	}
	return answer{body: object{"data": apps}}
}

// upload keeps a file for later messages.
func (x *messaging) upload(page *messagingPage, q request) answer {
	f := q.upload["filedata"]
	if f == nil {
		return graphError(http.StatusBadRequest, 100, 2018047, "(#100) Upload attachment failure.")
	}
	if len(f.data) > 25<<20 {
		return graphError(http.StatusBadRequest, 100, 2018109, "(#100) Attachment size exceeds allowable limit")
	}
	id := strconv.FormatInt(1_857_777_000_000_000+x.sim.next(), 10)
	page.attachments[id] = x.sim.keep(f)
	return answer{body: object{"attachment_id": id}}
}

// conversations shows who a person is, or what was sent to them last.
func (x *messaging) conversations(a *Account, q request) answer {
	p := a.person(q.text("user_id"))
	if p == nil {
		return answer{body: object{"data": []any{}}}
	}
	messages := []any{}
	for i := len(p.chat) - 1; i >= 0 && len(messages) < 20; i-- {
		m := p.chat[i]
		from := p.ID
		if !m.Mine {
			from = x.own(a)
		}
		messages = append(messages, object{"id": m.ID, "message": m.Text, "from": object{"id": from}, "created_time": m.At.UTC().Format("2006-01-02T15:04:05-0700")})
	}
	return answer{body: object{"data": []any{object{
		"id": "t_" + p.ID, "participants": object{"data": []any{object{"name": p.Name, "id": p.ID}, object{"name": a.Title, "id": x.own(a)}}},
		"messages": object{"data": messages},
	}}}}
}
