package sms_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"

	"madoguchi/channel"
	"madoguchi/channel/sms"
)

// answers are what a pretended Twilio says, by method and path with its query.
type answers map[string]struct {
	status int
	body   string
}

// twilio remembers the requests.
type twilio struct {
	*httptest.Server
	mu   sync.Mutex
	sent []url.Values
	auth []string
}

func newTwilio(t *testing.T, says answers) *twilio {
	p := &twilio{}
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		form, _ := url.ParseQuery(string(body))
		p.mu.Lock()
		p.sent = append(p.sent, form)
		p.auth = append(p.auth, r.Header.Get("Authorization"))
		p.mu.Unlock()
		a, ok := says[r.Method+" "+r.URL.RequestURI()]
		if !ok {
			a.status, a.body = 404, `{"code":20404,"message":"not found","status":404}`
		}
		if to, redirects := strings.CutPrefix(a.body, "to "); redirects {
			w.Header().Set("Location", to)
		}
		w.WriteHeader(a.status)
		_, _ = io.WriteString(w, a.body)
	}))
	t.Cleanup(p.Close)
	return p
}

func (p *twilio) forms() []url.Values {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.sent)
}

func (p *twilio) authorizations() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return slices.Clone(p.auth)
}

const (
	accountPath = "GET /2010-04-01/Accounts/" + account + ".json"
	servicePath = "GET /messaging/v1/Services/" + service
	numbersPath = "GET /messaging/v1/Services/" + service + "/PhoneNumbers?PageSize=100"
	ours        = `{"sid":"` + service + `","account_sid":"` + account + `","friendly_name":"Support","inbound_request_url":"` + callback + `#rc=5&rp=all","inbound_method":"POST","use_inbound_webhook_on_number":false}`
	number      = `{"phone_numbers":[{"phone_number":"+815000000000","capabilities":["Voice"]},{"phone_number":"+815012345678","capabilities":["SMS","Voice"]}],"meta":{"next_page_url":null}}`
)

func TestProbe(t *testing.T) {
	t.Parallel()
	good := answers{accountPath: {200, fixture(t, "account_200.json")}, servicePath: {200, ours}, numbersPath: {200, number}}
	for name, c := range map[string]struct {
		change   string // which answer
		status   int
		body     string
		settings string
		want     string // state of each check in order
	}{
		"all good":            {want: "credentials+ active+ service+ number+ sms+ mms+ callback+"},
		"a wrong token":       {accountPath, 401, fixture(t, "error_20003.json"), "", "credentials- active. service. number. sms. mms. callback."},
		"suspended":           {accountPath, 200, `{"status":"suspended","type":"Full"}`, "", "credentials+ active- service. number. sms. mms. callback."},
		"an inactive account": {accountPath, 403, `{"code":20005,"message":"Account not active","status":403}`, "", "credentials+ active- service. number. sms. mms. callback."},
		"a trial":             {accountPath, 200, `{"status":"active","type":"Trial"}`, "", "credentials+ active+ trial! service+ number+ sms+ mms+ callback+"},
		"no such service":     {servicePath, 404, fixture(t, "error_20404.json"), "", "credentials+ active+ service- number. sms. mms. callback."},
		"another's service":   {servicePath, 200, strings.Replace(ours, account, "AC2", 1), "", "credentials+ active+ service- number. sms. mms. callback."},
		"number elsewhere":    {numbersPath, 200, `{"phone_numbers":[]}`, "", "credentials+ active+ service+ number- sms. mms. callback."},
		"no SMS":              {numbersPath, 200, strings.Replace(number, `"SMS",`, "", 1), "", "credentials+ active+ service+ number+ sms- mms. callback."},
		"no MMS":              {"", 0, "", withMMS, "credentials+ active+ service+ number+ sms+ mms- callback."},
		"calls another":       {servicePath, 200, strings.Replace(ours, callback, "https://other.example.test/x", 1), "", "credentials+ active+ service+ number+ sms+ mms+ callback!"},
		"calls with GET":      {servicePath, 200, strings.Replace(ours, "POST", "GET", 1), "", "credentials+ active+ service+ number+ sms+ mms+ callback!"},
		"numbers call":        {servicePath, 200, strings.Replace(ours, "false", "true", 1), "", "credentials+ active+ service+ number+ sms+ mms+ callback!"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			says := answers{}
			for path, a := range good {
				says[path] = a
			}
			if c.change != "" {
				a := says[c.change]
				a.status, a.body = c.status, c.body
				says[c.change] = a
			}
			settings := config
			if c.settings != "" {
				settings = c.settings
			}
			found, err := sms.New().Probe(t.Context(), calling(newTwilio(t, says).URL, settings))
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, check := range found.Checks {
				sign := map[channel.CheckState]string{channel.CheckPassed: "+", channel.CheckFailed: "-", channel.CheckWarning: "!", channel.CheckSkipped: "."}
				got = append(got, check.Code+sign[check.State])
			}
			if strings.Join(got, " ") != c.want {
				t.Errorf("got  %s\nwant %s", strings.Join(got, " "), c.want)
			}
			if found.Account != service || found.Title != "+815012345678" {
				t.Errorf("account %q, title %q", found.Account, found.Title)
			}
		})
	}
}

func TestProbeReadsEveryPage(t *testing.T) {
	t.Parallel()
	provider := newTwilio(t, answers{
		accountPath: {200, fixture(t, "account_200.json")}, servicePath: {200, ours},
		numbersPath: {200, `{"phone_numbers":[{"phone_number":"+815000000000","capabilities":["SMS"]}],"meta":{"next_page_url":"https://messaging.twilio.com/v1/Services/x/PhoneNumbers?PageSize=100&Page=1"}}`},
		"GET /messaging/v1/Services/" + service + "/PhoneNumbers?PageSize=100&Page=1": {200, number},
	})
	found, err := sms.New().Probe(t.Context(), calling(provider.URL, config))
	if err != nil || !found.OK() || !slices.Contains(found.Facts, channel.Fact{Name: "numbers", Value: "3"}) {
		t.Errorf("%+v, %v", found, err)
	}
	texts := sms.New().Texts("en")
	for _, fact := range found.Facts {
		if texts["fact."+fact.Name] == "" {
			t.Errorf("no text for fact %s", fact.Name)
		}
	}
}

func TestProbeSaysWhenTwilioCannotBeAsked(t *testing.T) {
	t.Parallel()
	provider := newTwilio(t, answers{accountPath: {500, fixture(t, "error_20500.json")}})
	if _, err := sms.New().Probe(t.Context(), calling(provider.URL, config)); channel.AsFault(err).Kind != channel.ActRetry {
		t.Errorf("%v", err)
	}
}

func TestSubscribe(t *testing.T) {
	t.Parallel()
	provider := newTwilio(t, answers{"POST /messaging/v1/Services/" + service: {200, ours}})
	if err := sms.New().Subscribe(t.Context(), calling(provider.URL, config)); err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"InboundRequestUrl": {callback + "#rc=5&rp=all"}, "InboundMethod": {"POST"}, "StatusCallback": {callback}, "UseInboundWebhookOnNumber": {"false"},
	}
	if got := provider.forms()[0]; got.Encode() != want.Encode() {
		t.Errorf("form %v", got)
	}
	hidden := calling(provider.URL, config)
	hidden.Callback = ""
	if err := sms.New().Subscribe(t.Context(), hidden); channel.AsFault(err).Code != "no_public_address" {
		t.Errorf("without an address: %v", err)
	}
}

func TestUnsubscribeLeavesOthersAlone(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		service string
		changes bool
	}{"ours": {ours, true}, "another's": {strings.Replace(ours, callback, "https://other.example.test/x", 1), false}} {
		provider := newTwilio(t, answers{servicePath: {200, c.service}, "POST /messaging/v1/Services/" + service: {200, ours}})
		if err := sms.New().Unsubscribe(t.Context(), calling(provider.URL, config)); err != nil {
			t.Fatal(err)
		}
		if forms := provider.forms(); (len(forms) == 2) != c.changes || c.changes && forms[1].Get("InboundRequestUrl") != "" {
			t.Errorf("%s: %v", name, forms)
		}
	}
}

func TestFetch(t *testing.T) {
	t.Parallel()
	lies := newTwilio(t, answers{"GET /cdn": {200, "bytes"}})
	const path = "/2010-04-01/Accounts/" + account + "/Messages/MM1/Media/ME1"
	provider := newTwilio(t, answers{
		"GET " + path: {307, "to " + strings.Replace(lies.URL, "127.0.0.1", "localhost", 1) + "/cdn"}, "GET /gone": {404, "{}"},
	})
	for name, ref := range map[string]string{"as Twilio names it": "https://api.twilio.com" + path, "below the other address": provider.URL + path} {
		m, err := sms.New().Fetch(t.Context(), calling(provider.URL+"/", config), ref)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		raw, err := io.ReadAll(m.Body)
		_ = m.Body.Close()
		if err != nil || string(raw) != "bytes" {
			t.Errorf("%s: %q, %v", name, raw, err)
		}
	}
	for _, auth := range provider.authorizations() {
		if !strings.HasPrefix(auth, "Basic ") {
			t.Error("Twilio asks for the credentials")
		}
	}
	stranger := newTwilio(t, answers{"GET /x": {200, "y"}})
	if _, err := sms.New().Fetch(t.Context(), calling(provider.URL, config), stranger.URL+"/x"); err != nil {
		t.Fatal(err)
	}
	if got := append(lies.authorizations(), stranger.authorizations()...); slices.ContainsFunc(got, func(s string) bool { return s != "" }) {
		t.Errorf("somebody else heard the credentials: %v", got)
	}
	if _, err := sms.New().Fetch(t.Context(), calling(provider.URL, config), provider.URL+"/gone"); channel.AsFault(err).Code != "media_gone" {
		t.Errorf("gone: %v", err)
	}
}

// TestCredentialsGoToTwilioOnly looks at the addresses that are asked without an override.
func TestCredentialsGoToTwilioOnly(t *testing.T) {
	t.Parallel()
	for ref, want := range map[string]bool{
		"https://api.twilio.com/2010-04-01/x": true, "https://api.de1.twilio.com/x": true, "http://api.twilio.com/x": false, "https://api.twilio.com.evil.test/x": false,
		"https://api.evil.test/.twilio.com": false, "https://api.twilio.com@evil.test/x": false,
	} {
		heard := ""
		a := calling("", config)
		a.Client = &http.Client{Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			heard = r.Header.Get("Authorization")
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: http.NoBody}, nil
		})}
		if _, err := sms.New().Fetch(t.Context(), a, ref); err != nil {
			t.Fatal(err)
		}
		if (heard == basic) != want {
			t.Errorf("%s: heard %q", ref, heard)
		}
	}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestAccountOf(t *testing.T) {
	t.Parallel()
	for settings, want := range map[string]string{config: service, "": "", "{": ""} {
		if got := sms.New().AccountOf([]byte(settings), nil); got != want {
			t.Errorf("%q: %q", settings, got)
		}
	}
}
