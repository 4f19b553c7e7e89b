package security_test

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"madoguchi/app"
)

func limited(c *app.Config) { c.Unlimited = false }

// forged are the ways to claim to be somebody else, each time another.
func forged(i int) func(*http.Request) {
	return func(r *http.Request) {
		address := fmt.Sprintf("203.0.%d.%d", i/250, i%250+1)
		for _, name := range []string{"X-Forwarded-For", "X-Real-Ip", "X-Client-Ip", "True-Client-Ip", "Cf-Connecting-Ip"} {
			r.Header.Set(name, address)
		}
		r.Header.Set("Forwarded", "for="+address)
	}
}

func guess(c *caller, email string, i int) answer {
	return c.do("POST", "/api/v1/session", map[string]any{"email": email, "password": fmt.Sprint("wrong password ", i)}, forged(i))
}

// TestGuessingOnePersonsPasswordEnds also for who claims to be somebody else every time.
func TestGuessingOnePersonsPasswordEnds(t *testing.T) {
	t.Parallel()
	d := open(t, limited)
	for i := range 10 {
		guess(d.stranger(), owner, i).wantCode(401, "credentials_wrong")
	}
	for i, spelling := range []string{owner, "OWNER@example.test", " owner@example.test "} {
		refused := guess(d.stranger(), spelling, 100+i).wantCode(429, "signin_limited")
		if refused.Header.Get("Retry-After") == "" {
			t.Error("no Retry-After")
		}
	}
}

// TestGuessingManyPeoplesPasswordsEnds: one password tried on everybody is counted by address, and no header makes another
// address of it.
func TestGuessingManyPeoplesPasswordsEnds(t *testing.T) {
	t.Parallel()
	d := open(t, limited)
	for i := range 200 {
		if a := guess(d.stranger(), fmt.Sprintf("nobody%d@example.test", i), i); a.StatusCode == 429 {
			if i < 20 {
				t.Errorf("an office behind one address is locked out after %d slips", i)
			}
			return
		}
	}
	t.Error("200 accounts tried from one address")
}

// TestATrustedProxyTellsAddressesApart: behind a proxy, one caller's guessing does not lock the others out, and what a
// caller wrote ahead of the proxy's word makes nobody else of them.
func TestATrustedProxyTellsAddressesApart(t *testing.T) {
	t.Parallel()
	d := open(t, limited, func(c *app.Config) { c.TrustedProxies = []string{"127.0.0.1"} })
	ask := func(i int, chain string) answer {
		return d.stranger().do("POST", "/api/v1/session", map[string]any{"email": fmt.Sprintf("n%d@example.test", i), "password": "wrong password"}, with("X-Forwarded-For", chain))
	}
	i := 0
	for ; i < 200; i++ {
		if ask(i, fmt.Sprintf("203.0.113.%d, 198.51.100.7", i)).StatusCode == 429 {
			break
		}
	}
	if i == 200 {
		t.Fatal("what the caller wrote ahead of the proxy was believed")
	}
	ask(i, "198.51.100.7").wantCode(429, "signin_limited")
	ask(i, "198.51.100.8").wantCode(401, "credentials_wrong")
	// IPv6 callers own whole networks.
	for i = range 200 {
		if ask(1000+i, fmt.Sprintf("2606:4700:1:2::%x", i+1)).StatusCode == 429 {
			return
		}
	}
	t.Error("every address of one IPv6 network counts anew")
}

// TestGuessingAtOnceIsCountedToo: attempts that arrive together do not all pass before the first one has failed.
func TestGuessingAtOnceIsCountedToo(t *testing.T) {
	t.Parallel()
	d := open(t, limited)
	var heard atomic.Int32
	var guesses sync.WaitGroup
	for i := range 40 {
		guesses.Go(func() {
			if guess(d.stranger(), owner, i).StatusCode != 429 {
				heard.Add(1)
			}
		})
	}
	guesses.Wait()
	if n := heard.Load(); n != 10 {
		t.Errorf("%d of 40 guesses at once were looked at, want 10", n)
	}
	d.signInRefused()
}

// signInRefused: the right password does not help whoever guesses.
func (d *desk) signInRefused() {
	d.t.Helper()
	d.stranger().do("POST", "/api/v1/session", map[string]any{"email": owner, "password": password}).wantCode(429, "signin_limited")
}

// TestSigningInCostsNothing: only failures count.
func TestSigningInCostsNothing(t *testing.T) {
	t.Parallel()
	d := open(t, limited)
	for range 15 {
		d.signIn(owner)
	}
}

// TestTheTimeTellsNobodyWhoHasAnAccount: hashing takes nearly all the time of a sign-in, so it is counted: a password is
// hashed once, whether or not somebody has the account.
func TestTheTimeTellsNobodyWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	d := open(t)
	for _, email := range []string{owner, "nobody@example.test", "no address"} {
		before := d.figure("madoguchi_password_hashes_total")
		guess(d.stranger(), email, 1).want(401)
		if n := d.figure("madoguchi_password_hashes_total") - before; n != 1 {
			t.Errorf("%s: %v passwords were hashed, want 1", email, n)
		}
	}
}

// figure is a value at /metrics.
func (d *desk) figure(name string) float64 {
	d.t.Helper()
	for line := range strings.Lines(string(d.stranger().do("GET", "/metrics", nil).want(200).body)) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			if err != nil {
				d.t.Fatal(err)
			}
			return n
		}
	}
	d.t.Fatalf("/metrics has no %s", name)
	return 0
}

// TestADeskThatANetworkReachesIsSetUpWithItsCode, which only who started it has seen: not by whoever finds its page first.
func TestADeskThatANetworkReachesIsSetUpWithItsCode(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*app.Config){
		"a network":          func(c *app.Config) { c.Listen, c.AllowPlainHTTP = "0.0.0.0:0", true },
		"a public address":   func(c *app.Config) { c.PublicURL = "https://desk.example.test" },
		"a proxy":            func(c *app.Config) { c.TrustedProxies = []string{"10.0.0.1"} },
		"this machine alone": func(*app.Config) {},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			told := make(chan string, 1)
			d := &desk{t: t, log: &logbook{}, client: &http.Client{Transport: &http.Transport{}}}
			d.config = app.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", LogTo: d.log, Version: "test", SetupAt: func(address string) { told <- address }}
			change(&d.config)
			d.start()
			form := map[string]any{"workspace": "w", "name": "n", "email": owner, "password": password, "locale": "en", "zone": "Asia/Tokyo"}
			setUp := func() answer { return d.stranger().do("POST", "/api/v1/setup", form, with("Origin", "")) }
			if name == "this machine alone" {
				setUp().want(201)
				return
			}
			setUp().wantCode(403, "setup_code_wrong")
			form["code"] = "aaaaaaaaaaaaaaaa"
			setUp().wantCode(403, "setup_code_wrong")
			_, code, _ := strings.Cut(<-told, "/setup#")
			if len(code) != 16 || strings.Contains(d.log.String(), code) {
				t.Errorf("the code is %q, or in the log", code)
			}
			form["code"] = code
			setUp().want(201)
			setUp().wantCode(409, "setup_done")
		})
	}
}

// TestNobodyLearnsWhoHasAnAccount: sign-in and invitations answer the same for everybody.
func TestNobodyLearnsWhoHasAnAccount(t *testing.T) {
	t.Parallel()
	d := open(t)
	strip := func(a answer) string {
		a.want(401)
		a.Header.Del("Date")
		a.Header.Del("X-Request-Id")
		problem := a.json.(map[string]any)
		delete(problem, "request_id")
		return fmt.Sprint(problem, a.Header)
	}
	known := strip(d.stranger().do("POST", "/api/v1/session", map[string]any{"email": owner, "password": "wrong password"}))
	for _, email := range []string{"nobody@example.test", "owner@example.tes", "x@y"} {
		if unknown := strip(d.stranger().do("POST", "/api/v1/session", map[string]any{"email": email, "password": "wrong password"})); unknown != known {
			t.Errorf("%s:\n%s\n%s", email, unknown, known)
		}
	}
	// Invitations: an unknown token, an expired one and a used one are told alike.
	var codes []string
	for _, token := range []string{"mdi_x", "mdi_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "x"} {
		a := d.stranger().do("GET", "/api/v1/invitations/"+token, nil)
		codes = append(codes, fmt.Sprint(a.StatusCode, a.str("code")))
	}
	if slices.Sort(codes); len(slices.Compact(codes)) != 1 {
		t.Errorf("invitations: %v", codes)
	}
}

// TestVisitorsAreCountedByAddress: a program that makes new visitors does not get round the limit of one.
func TestVisitorsAreCountedByAddress(t *testing.T) {
	t.Parallel()
	d := open(t, limited)
	for i := range 1000 {
		if a := d.stranger().do("POST", "/widget/v1/boot", map[string]any{"account": d.setup.ChannelAccount}, forged(i)); a.StatusCode == 429 {
			return
		}
	}
	t.Error("1000 visitors made from one address")
}

// tries are enough to meet a limit that refills 50 a second, on a machine that manages few more.
const tries = 20_000

// TestTokensCannotBeTriedWithoutEnd: keys and sessions are too long to guess, and trying is limited all the same.
func TestTokensCannotBeTriedWithoutEnd(t *testing.T) {
	t.Parallel()
	d := open(t, limited)
	refused := map[string]bool{}
	for i := range tries {
		c := d.program(fmt.Sprintf("mdg_%043d", i))
		if a := c.do("GET", "/api/v1/tags", nil, forged(i)); a.StatusCode == 429 {
			refused["API key"] = true
			break
		}
	}
	for i := range tries {
		c := d.program(fmt.Sprintf("mdv_%043d", i))
		if a := c.do("GET", "/widget/v1/state", nil, forged(i)); a.StatusCode == 429 {
			refused["visitor token"] = true
			break
		}
	}
	if len(refused) != 2 {
		t.Errorf("limited: %v", refused)
	}
}
