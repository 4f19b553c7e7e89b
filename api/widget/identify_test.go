package widget_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
	"madoguchi/visitor"
)

func TestIdentify(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	phone, laptop := c.browser(t), c.browser(t)
	phone.boot()
	phone.say("c1", "from the phone")
	anonymous := c.rows(t)[0].ContactID

	// Forged, expired and unsigned ones are refused; the visitor stays what it was.
	none, err := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"sub": "u1", "exp": c.now().Add(time.Hour).Unix()}).SignedString(jwt.UnsafeAllowNoneSignatureType)
	if err != nil {
		t.Fatal(err)
	}
	forged := c.jwt(t, auth.NewIdentifySecret(), "u1", "Mallory")
	phone.refused(403, auth.IdentifyForged, "POST", "identify", map[string]string{"jwt": forged})
	phone.refused(403, auth.IdentifyForged, "POST", "identify", map[string]string{"jwt": none})
	phone.refused(403, auth.IdentifyForged, "POST", "boot", map[string]string{"account": account, "identity_jwt": forged})
	if len(c.news.changed) != 0 || c.rows(t)[0].ContactID != anonymous {
		t.Error("a forged identity changed something")
	}

	// The anonymous contact becomes the person.
	var state visitor.Boot
	phone.want(200, "POST", "identify", map[string]string{"jwt": c.jwt(t, c.secret, "u1", "鈴木")}, &state)
	if state.Contact == nil || state.Contact.Name != "鈴木" || state.Contact.Email != "u1@example.com" || state.Conversation == nil {
		t.Errorf("identified: %+v", state)
	}
	if row := c.rows(t)[0]; row.ContactID != anonymous || len(c.news.changed) != 1 {
		t.Errorf("row %+v, changed %v", row, c.news.changed)
	}

	// A second browser of the same person goes on with the thread.
	boot := laptop.boot("identity_jwt", c.jwt(t, c.secret, "u1", "鈴木"))
	if boot.Conversation == nil || boot.Conversation.ID != state.Conversation.ID {
		t.Errorf("laptop: %+v", boot)
	}
	laptop.say("l1", "from the laptop")
	if got := codes(phone.thread()); !strings.HasSuffix(got, "customer:from the laptop") {
		t.Errorf("on the phone: %s", got)
	}

	// A third wrote first; its thread becomes the person's, its anonymous contact goes.
	other := c.browser(t)
	other.boot()
	other.say("c1", "from work")
	other.want(200, "POST", "identify", map[string]string{"jwt": c.jwt(t, c.secret, "u1", "鈴木")}, nil)
	rows := c.rows(t)
	if len(rows) != 2 || rows[0].ContactID != anonymous || rows[1].ContactID != anonymous {
		t.Errorf("rows: %+v", rows)
	}
	contacts := c.contacts(t)
	if len(contacts) != 1 || contacts[0].ExternalID != "u1" || contacts[0].Phone != "+81312345678" {
		t.Errorf("contacts: %+v", contacts)
	}

	// Somebody else signs in: first log out.
	other.refused(409, "identified_as_other", "POST", "identify", map[string]string{"jwt": c.jwt(t, c.secret, "u2", "佐藤")})
	old := other.token
	other.want(204, "POST", "logout", nil, nil)
	other.refused(401, "token_ended", "GET", "state", nil)
	fresh := other.boot("identity_jwt", c.jwt(t, c.secret, "u2", "佐藤"))
	if other.token == old || fresh.Conversation != nil || fresh.Contact.Name != "佐藤" {
		t.Errorf("after the log-out: %+v", fresh)
	}
	if got := other.thread(); len(got) != 0 {
		t.Errorf("the next person reads %s", codes(got))
	}
	// A boot with another's identity and an old token begins a new visitor, too.
	swapped := laptop.boot("identity_jwt", c.jwt(t, c.secret, "u3", "田中"))
	if swapped.Token == "" || swapped.Conversation != nil {
		t.Errorf("another person at the laptop: %+v", swapped)
	}
}

func TestLogoutByBeacon(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	b := c.browser(t)
	b.boot()
	beacon := func(body string) int {
		r := httptest.NewRequest("POST", "/widget/v1/logout", strings.NewReader(body))
		r.Header.Set("Content-Type", "text/plain;charset=UTF-8")
		w := httptest.NewRecorder()
		c.ServeHTTP(w, r)
		return w.Code
	}
	if code := beacon("mdv_" + strings.Repeat("A", 43)); code != 401 {
		t.Errorf("with another token: %d", code)
	}
	if code := beacon(b.token + strings.Repeat(" ", 4096)); code != 401 {
		t.Errorf("with a long body: %d", code)
	}
	b.want(200, "GET", "state", nil, nil)
	if code := beacon(b.token); code != 204 {
		t.Errorf("with the token: %d", code)
	}
	b.refused(401, "token_ended", "GET", "state", nil)
}

func TestIdentifyWhileWriting(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, opened func(...storetest.Option) store.Store) {
		c := openOn(t, opened(), open2)
		for round := range 10 {
			b := c.browser(t)
			b.boot()
			var wg sync.WaitGroup
			until := func(method, path string, body any) {
				for range 20 { // as the SDK does with 503
					switch status := b.ask(method, path, body, nil).StatusCode; status {
					case 200, 201:
						return
					case 503:
					default:
						t.Errorf("round %d, %s: %d", round, path, status)
						return
					}
				}
				t.Errorf("round %d, %s: never", round, path)
			}
			wg.Go(func() { until("POST", "messages", text(fmt.Sprint("c", round), "hello")) })
			wg.Go(func() {
				until("POST", "identify", map[string]string{"jwt": c.jwt(t, c.secret, fmt.Sprint("u", round), "鈴木")})
			})
			wg.Wait()
			if got := codes(b.thread()); !strings.Contains(got, "customer:hello") {
				t.Errorf("round %d: the visitor reads %q", round, got)
			}
			contacts := c.contacts(t)
			if len(contacts) != round+1 || contacts[0].ExternalID != fmt.Sprint("u", round) {
				t.Errorf("round %d: %d contacts, the newest %+v", round, len(contacts), contacts[0])
			}
		}
	})
}

func (c *counter) contacts(t testing.TB) (list []desk.Contact) {
	t.Helper()
	err := c.store.View(t.Context(), 1, func(r store.Reader) (err error) {
		list, _, err = r.Contacts().List(store.ContactQuery{})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestContactFormLinksNobody(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	owner := c.browser(t)
	owner.boot("identity_jwt", c.jwt(t, c.secret, "u1", "鈴木"))
	owner.say("c1", "hello")
	stranger := c.browser(t)
	stranger.boot()
	stranger.want(200, "POST", "contact", map[string]string{"name": " 鈴木 ", "email": "u1@example.com"}, nil) // before the chat
	stranger.say("c1", "it is me, honestly")
	if contacts := c.contacts(t); len(contacts) != 2 {
		t.Errorf("%d contacts", len(contacts))
	}
	if got := codes(stranger.thread()); strings.Contains(got, "hello") {
		t.Errorf("the stranger reads %s", got)
	}
	// It does not replace what a signature vouched for.
	var left visitor.Contact
	owner.want(200, "POST", "contact", map[string]string{"name": "x", "email": "mallory@example.com"}, &left)
	if left.Name != "鈴木" || left.Email != "u1@example.com" {
		t.Errorf("the form replaced what was signed: %+v", left)
	}
	stranger.want(200, "POST", "contact", map[string]string{"email": "other@example.com"}, &left)
	if left.Email != "other@example.com" || left.Name != "鈴木" {
		t.Errorf("left: %+v", left)
	}
	stranger.refused(422, "email_invalid", "POST", "contact", map[string]string{"email": "nonsense"})
	stranger.refused(422, "form_empty", "POST", "contact", map[string]string{"name": " "})
}
