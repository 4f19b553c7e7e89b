package wechat_test

import (
	"net/http"
	"net/http/httptest"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"madoguchi/channel"
)

// probe looks at an account whose provider answers a token's request and the quota's.
func probe(t *testing.T, token, quota, callback string) (channel.Probed, error) {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := quota
		if r.URL.Path == "/cgi-bin/stable_token" {
			answer = token
		}
		_, _ = w.Write([]byte(answer))
	}))
	t.Cleanup(server.Close)
	a := account(t, server.URL)
	a.Callback = callback
	return connector().Probe(t.Context(), a)
}

func states(p channel.Probed) string {
	var all []string
	for _, c := range p.Checks {
		all = append(all, c.Code+"="+string(c.State))
	}
	return strings.Join(all, " ")
}

func TestProbe(t *testing.T) {
	t.Parallel()
	const good = `{"access_token":"T","expires_in":7200}`
	refused := func(code string) string { return `{"errcode":` + code + `,"errmsg":"no rid: 1"}` }
	const skipped = " app_id=skipped app_secret=skipped ip_allowed=skipped ip_confirmed=skipped account=skipped customer_service=skipped"
	failed := func(code string) string {
		return "address=passed " + code + "=failed" + strings.Replace(skipped, " "+code+"=skipped", "", 1)
	}
	for name, try := range map[string]struct{ token, quota, callback, want string }{
		"good":         {good, `{"errcode":0,"quota":{"daily_limit":500,"used":1,"remain":499}}`, "https://desk.example.test/hooks/x", "address=passed app_id=passed app_secret=passed ip_allowed=passed ip_confirmed=passed account=passed customer_service=passed"},
		"unverified":   {good, refused("48001"), "https://desk.example.test/hooks/x", "address=passed app_id=passed app_secret=passed ip_allowed=passed ip_confirmed=passed account=passed customer_service=failed"},
		"odd port":     {refused("40013"), "", "https://desk.example.test:8443/hooks/x", strings.Replace(failed("app_id"), "passed", "warning", 1)},
		"app id":       {refused("40013"), "", "https://desk.example.test/hooks/x", failed("app_id")},
		"secret":       {refused("40125"), "", "https://desk.example.test/hooks/x", failed("app_secret")},
		"frozen":       {refused("40243"), "", "https://desk.example.test/hooks/x", failed("app_secret")},
		"ip":           {string(read(t, "err_40164.json")), "", "https://desk.example.test/hooks/x", failed("ip_allowed")},
		"ip confirmed": {refused("89503"), "", "https://desk.example.test/hooks/x", failed("ip_confirmed")},
		"account":      {refused("50007"), "", "https://desk.example.test/hooks/x", failed("account")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p, err := probe(t, try.token, try.quota, try.callback)
			if err != nil || states(p) != try.want || p.Account != appID {
				t.Errorf("%v\n got %s\nwant %s", err, states(p), try.want)
			}
			for _, c := range p.Checks {
				for _, locale := range []string{"ja", "en"} {
					texts := connector().Texts(locale)
					if texts["check."+c.Code] == "" || texts["check."+c.Code+".fix"] == "" {
						t.Errorf("no %s text for %s", locale, c.Code)
					}
				}
				if c.Code == "ip_allowed" && name == "ip" && c.Params["ip"] != "203.0.113.9" {
					t.Errorf("the address to allow: %v", c.Params)
				}
			}
		})
	}
	p, err := probe(t, good, `{"errcode":0,"quota":{"daily_limit":500,"used":1,"remain":499}}`, "")
	if want := []channel.Fact{{Name: "daily_limit", Value: "500"}, {Name: "daily_left", Value: "499"}}; err != nil || !reflect.DeepEqual(p.Facts, want) {
		t.Errorf("%v, %v", p.Facts, err)
	}
	if _, err := probe(t, refused("-1"), "", ""); faultOf(t, err) == nil {
		t.Error("a busy provider says nothing about the account")
	}
}

// Every refusal that people may see has a sentence of its own, but one that nobody knows.
func TestRefusalsAreExplained(t *testing.T) {
	t.Parallel()
	generic := map[int]bool{65407: true, 99999: true, 45072: true, 45080: true, 45081: true} // of a range; unknown; of typing
	for code := range refusals {
		for _, locale := range []string{"ja", "en"} {
			key := "fault." + strconv.Itoa(code)
			texts := connector().Texts(locale)
			if !generic[code] && (texts[key] == "" || texts[key+".fix"] == "") || texts["fault.other"] == "" {
				t.Errorf("no %s text for %s", locale, key)
			}
		}
	}
}
