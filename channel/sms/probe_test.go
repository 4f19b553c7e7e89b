package sms_test

import (
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/sms"
)

// answers are what a pretended Twilio says.
type answers = map[string]channeltest.Answer

// forms are the forms of the requests that a provider got.
func forms(t *testing.T, p *channeltest.Pretend) []url.Values {
	t.Helper()
	var all []url.Values
	for _, sent := range p.Sent() {
		form, err := url.ParseQuery(string(sent.Body))
		if err != nil {
			t.Error(err)
		}
		all = append(all, form)
	}
	return all
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
	good := answers{accountPath: {Body: fixture(t, "account_200.json")}, servicePath: {Body: ours}, numbersPath: {Body: number}}
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
				says[c.change] = channeltest.Answer{Status: c.status, Body: c.body}
			}
			settings := config
			if c.settings != "" {
				settings = c.settings
			}
			found, err := sms.New().Probe(t.Context(), calling(channeltest.NewPretend(t, says).URL, settings))
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
	provider := channeltest.NewPretend(t, answers{
		accountPath: {Body: fixture(t, "account_200.json")}, servicePath: {Body: ours},
		numbersPath: {Body: `{"phone_numbers":[{"phone_number":"+815000000000","capabilities":["SMS"]}],"meta":{"next_page_url":"https://messaging.twilio.com/v1/Services/x/PhoneNumbers?PageSize=100&Page=1"}}`},
		"GET /messaging/v1/Services/" + service + "/PhoneNumbers?PageSize=100&Page=1": {Body: number},
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
	provider := channeltest.NewPretend(t, answers{accountPath: {Status: 500, Body: fixture(t, "error_20500.json")}})
	if _, err := sms.New().Probe(t.Context(), calling(provider.URL, config)); channel.AsFault(err).Kind != channel.ActRetry {
		t.Errorf("%v", err)
	}
}

func TestSubscribe(t *testing.T) {
	t.Parallel()
	provider := channeltest.NewPretend(t, answers{"POST /messaging/v1/Services/" + service: {Body: ours}})
	if err := sms.New().Subscribe(t.Context(), calling(provider.URL, config)); err != nil {
		t.Fatal(err)
	}
	want := url.Values{
		"InboundRequestUrl": {callback + "#rc=5&rp=all"}, "InboundMethod": {"POST"}, "StatusCallback": {callback}, "UseInboundWebhookOnNumber": {"false"},
	}
	if got := forms(t, provider)[0]; got.Encode() != want.Encode() {
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
		provider := channeltest.NewPretend(t, answers{servicePath: {Body: c.service}, "POST /messaging/v1/Services/" + service: {Body: ours}})
		if err := sms.New().Unsubscribe(t.Context(), calling(provider.URL, config)); err != nil {
			t.Fatal(err)
		}
		if got := forms(t, provider); (len(got) == 2) != c.changes || c.changes && got[1].Get("InboundRequestUrl") != "" {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func TestFetch(t *testing.T) {
	t.Parallel()
	lies := channeltest.NewPretend(t, answers{"GET /cdn": {Body: "bytes"}})
	const path = "/2010-04-01/Accounts/" + account + "/Messages/MM1/Media/ME1"
	provider := channeltest.NewPretend(t, answers{
		"GET " + path: {Status: 307, Header: http.Header{"Location": {strings.Replace(lies.URL, "127.0.0.1", "localhost", 1) + "/cdn"}}},
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
	for _, sent := range provider.Sent() {
		if sent.Header.Get("Authorization") != basic {
			t.Error("Twilio asks for the credentials")
		}
	}
	stranger := channeltest.NewPretend(t, answers{"GET /x": {Body: "y"}})
	if _, err := sms.New().Fetch(t.Context(), calling(provider.URL, config), stranger.URL+"/x"); err != nil {
		t.Fatal(err)
	}
	for _, sent := range append(lies.Sent(), stranger.Sent()...) {
		if auth := sent.Header.Get("Authorization"); auth != "" {
			t.Errorf("somebody else heard the credentials: %q", auth)
		}
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
