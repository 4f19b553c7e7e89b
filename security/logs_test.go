package security_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"madoguchi/app"
)

// TestLogsHoldNoSecrets: a busy run with everything that is secret going through it, at the most talkative level, and the
// log read afterwards. It may name people by id and what they did; never a password, token, cookie, key, or what was said.
func TestLogsHoldNoSecrets(t *testing.T) {
	t.Parallel()
	const metricsToken, spoken, noted, secretName = "metrics-token-of-this-run", "返金の口座番号は 1234567 です", "a note on 7654321", "診断書.png"
	d := open(t, func(c *app.Config) { c.MetricsToken = metricsToken })
	secrets := map[string]string{
		"password": password, "API key of setup": d.setup.APIKey, "metrics token": metricsToken, "customer's message": spoken, "note": noted, "file name": secretName,
	}
	boss := d.signIn(owner)
	secrets["session cookie"], secrets["CSRF token"] = boss.cookie().Value, boss.csrf
	wrong := "almost the right password"
	secrets["wrong password"], secrets["e-mail of who tried"] = wrong, "victim@example.test"
	d.stranger().do("POST", "/api/v1/session", map[string]any{"email": "victim@example.test", "password": wrong}).want(401)
	d.stranger().do("POST", "/api/v1/session", `{"email":"victim@example.test","password":"`+wrong+`"`).want(400) // broken off

	made := boss.do("POST", "/api/v1/api-keys", map[string]any{"name": "k", "role": "admin"}).want(201)
	secrets["API key"] = made.str("secret")
	d.program(secrets["API key"]).do("GET", "/api/v1/tags?access_token="+secrets["API key"], nil).want(200)
	d.program(secrets["API key"]+"x").do("GET", "/api/v1/tags", nil).want(401)

	link := boss.do("POST", "/api/v1/invites", map[string]any{"email": "new@example.test", "role": "agent"}).want(201).str("link")
	secrets["invitation"] = link[strings.LastIndexByte(link, '/')+1:]
	d.stranger().do("GET", "/invitations/"+secrets["invitation"], nil)
	d.stranger().do("GET", "/api/v1/invitations/"+secrets["invitation"], nil).want(200)
	d.stranger().do("POST", "/api/v1/invitations/"+secrets["invitation"], map[string]any{"name": "New", "password": "p"}).want(422)

	channel := number(boss.do("GET", "/api/v1/channels", nil).want(200).at("items.0.id"))
	secrets["identify secret"] = boss.do("POST", "/api/v1/channels/"+channel+"/identify-secret", nil).want(201).str("secret")
	customer := d.visitor()
	secrets["visitor token"] = customer.bearer
	jwt := "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJ1MSJ9.c2lnbmF0dXJl"
	secrets["signed identity"] = jwt
	if a := customer.do("POST", "/widget/v1/identify", map[string]any{"jwt": jwt}); a.StatusCode/100 != 4 {
		t.Errorf("a forged identity: %d", a.StatusCode)
	}
	customer.do("POST", "/widget/v1/messages", message("c1", spoken)).want(201)
	customer.do("POST", "/widget/v1/messages", message("c2", strings.Repeat(spoken, 20_000)))
	customer.do("POST", "/widget/v1/track", map[string]any{"name": "x", "props": map[string]any{"note": noted}})
	picture := customer.do("POST", "/widget/v1/uploads", form{secretName, picture(t)}).want(201)
	_, secrets["signed link"], _ = strings.Cut(picture.str("url"), "?t=")
	customer.do("GET", picture.str("url"), nil).want(200)
	customer.do("GET", picture.str("url")+"x", nil)
	conversation := number(boss.do("GET", "/api/v1/conversations?view=all", nil).want(200).at("items.0.id"))
	boss.do("POST", "/api/v1/conversations/"+conversation+"/messages", map[string]any{"client_id": "n", "mode": "note", "parts": []any{map[string]any{"kind": "text", "text": noted}}}).want(201)
	boss.do("POST", "/api/v1/conversations/"+conversation+"/messages", map[string]any{"client_id": "n", "mode": "shout", "parts": []any{map[string]any{"kind": "text", "text": noted}}}).want(422)
	boss.do("PATCH", "/api/v1/tickets/0", `{"note":"`+noted+`"`)
	boss.do("GET", "/api/v1/conversations?q="+strings.ReplaceAll(noted, " ", "+"), nil)
	d.stranger().do("GET", "/metrics", nil, with("Authorization", "Bearer "+metricsToken)).want(200)
	d.stranger().do("GET", "/metrics", nil, with("Authorization", "Bearer "+metricsToken+"x")).want(401)
	boss.live()
	customer.do("POST", "/widget/v1/logout", nil).want(204)
	boss.do("POST", "/api/v1/session/password", map[string]any{"current": password, "new": wrong}).want(204)
	boss.do("DELETE", "/api/v1/session", nil).want(204)

	log := d.log.String()
	if lines := strings.Count(log, "\n"); lines < 25 || !strings.Contains(log, "/api/v1/invitations/{token}") {
		t.Fatalf("only %d lines: %s", lines, log)
	}
	for name, secret := range secrets {
		if secret == "" {
			t.Errorf("no %s was made: the test looks for nothing", name)
		} else if i := strings.Index(log, secret); i >= 0 {
			t.Errorf("the %s is in the log: %s", name, log[max(i-300, 0):min(i+len(secret)+50, len(log))])
		}
	}
}

// TestAddressesOfServersKeepTheirPasswords: a database, NATS or S3 that cannot be reached is named without its password.
func TestAddressesOfServersKeepTheirPasswords(t *testing.T) {
	t.Parallel()
	const secret = "pa55word-of-the-database"
	log := &logbook{}
	for _, url := range []string{
		"postgres://desk:" + secret + "@127.0.0.1:1/desk?sslmode=disable&connect_timeout=1", "postgres://desk:" + secret + "@127.0.0.1:1:2/desk", "postgres://desk:" + secret + "@/desk?sslmode=wrong",
		"mysql://desk:" + secret + "@127.0.0.1/desk",
	} {
		err := app.Serve(t.Context(), app.Config{Data: t.TempDir(), DatabaseURL: url, Listen: "127.0.0.1:0", LogLevel: "debug", LogTo: log}, func(string) { t.Error("it opened") })
		if err == nil || strings.Contains(err.Error()+app.Explain(err), secret) {
			t.Errorf("%s: %v", strings.SplitN(url, ":", 2)[0], err)
		}
	}
	for name, change := range map[string]func(*app.Config){
		"NATS":           func(c *app.Config) { c.NATSURL = "nats://desk:" + secret + "@127.0.0.1:1" },
		"NATS, misspelt": func(c *app.Config) { c.NATSURL = "natz://desk:" + secret + "@127.0.0.1:1" },
		"S3": func(c *app.Config) {
			c.S3Endpoint, c.S3Bucket, c.S3AccessKey, c.S3SecretKey = "http://127.0.0.1:1", "b", "a", secret
		},
		"S3, in the address":  func(c *app.Config) { c.S3Endpoint, c.S3Bucket = "http://a:"+secret+"@127.0.0.1:1", "b" },
		"traces, unreachable": func(c *app.Config) { c.TraceEndpoint, c.Listen = "ftp://a:"+secret+"@127.0.0.1:1", "127.0.0.1:0" },
	} {
		c := app.Config{Data: t.TempDir(), Listen: "127.0.0.1:0", LogLevel: "debug", LogTo: log}
		change(&c)
		ctx, stop := context.WithCancel(t.Context())
		err := app.Serve(ctx, c, func(string) { stop() }) // some open all the same, and try on
		stop()
		if err != nil && strings.Contains(err.Error()+app.Explain(err), secret) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if strings.Contains(log.String(), secret) {
		t.Errorf("logged: %s", log)
	}
}

// TestAnswersHoldNoSecretsOfOthers: what is shown once is not shown again, to nobody.
func TestAnswersHoldNoSecretsOfOthers(t *testing.T) {
	t.Parallel()
	d := open(t)
	boss := d.signIn(owner)
	key := boss.do("POST", "/api/v1/api-keys", map[string]any{"name": "k", "role": "admin"}).want(201).str("secret")
	channel := number(boss.do("GET", "/api/v1/channels", nil).want(200).at("items.0.id"))
	identify := boss.do("POST", "/api/v1/channels/"+channel+"/identify-secret", nil).want(201).str("secret")
	for _, path := range []string{"/api/v1/api-keys", "/api/v1/channels", "/api/v1/channels/" + channel, "/api/v1/members", "/api/v1/session", "/api/v1/workspace", "/api/v1/invites"} {
		a := boss.do("GET", path, nil).want(http.StatusOK)
		if i := slices.IndexFunc([]string{key, identify, "$argon2id", boss.cookie().Value}, func(s string) bool { return strings.Contains(string(a.body), s) }); i >= 0 {
			t.Errorf("%s tells secret %d: %s", path, i, a.body)
		}
	}
}
