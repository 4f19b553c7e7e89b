package sim_test

import (
	"encoding/base64"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"madoguchi/sim"
)

// sms opens a Twilio account whose service calls the desk.
func sms(w *world, overrides string) (a *sim.Account, base, auth string) {
	a = w.account("sms")
	base = "/sms/2010-04-01/Accounts/" + a.Credential("account_sid")
	auth = "Basic " + base64.StdEncoding.EncodeToString([]byte(a.Credential("account_sid")+":"+a.Credential("auth_token")))
	out := w.do("POST", "/sms/messaging/v1/Services/"+a.Credential("service_sid"), auth, url.Values{
		"InboundRequestUrl": {callback + overrides}, "StatusCallback": {callback + "?status=1"}, "UseInboundWebhookOnNumber": {"false"},
	})
	if out.json(w.t, "inbound_request_url") != callback+overrides {
		w.t.Fatal(out)
	}
	return a, base, auth
}

// sameFields holds a form's names against a fixture's.
func sameFields(t *testing.T, got received, name string) url.Values {
	t.Helper()
	have, err := url.ParseQuery(got.Body)
	if err != nil {
		t.Fatal(err)
	}
	want, err := url.ParseQuery(fixture(t, name))
	if err != nil {
		t.Fatal(err)
	}
	for field := range want {
		if !have.Has(field) {
			t.Errorf("%s: %s is missing", name, field)
		}
	}
	for field := range have {
		if !want.Has(field) {
			t.Errorf("%s: %s is not in the fixture", name, field)
		}
	}
	return have
}

func TestTwilio(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, base, auth := sms(w, "")
		someone := a.Customers()[0]
		w.act(a, sim.Act{Do: sim.DoText, Text: "注文番号 A-42 はどこ?"})
		got := w.hook()
		sameFields(t, got, "twilio/inbound_text.form")
		if got.URL != callback || got.Header.Get("X-Twilio-Signature") == "" {
			t.Errorf("called %v", got)
		}
		w.act(a, sim.Act{Do: sim.DoFile, Files: []sim.Upload{picture, {Name: "a.pdf", Type: "application/pdf", Data: []byte("%PDF")}}})
		mms := sameFields(t, w.hook(), "twilio/inbound_mms.form")
		media := w.do("GET", mms.Get("MediaUrl0"), auth, nil)
		if media.status != http.StatusTemporaryRedirect {
			t.Fatalf("media: %+v", media)
		}
		if out := w.do("GET", media.header.Get("Location"), "", nil); out.body != string(picture.Data) {
			t.Errorf("media: %+v", out)
		}

		send := func(values url.Values) reply {
			all := url.Values{"To": {someone}, "From": {a.Credential("number")}, "MessagingServiceSid": {a.Credential("service_sid")}, "StatusCallback": {callback + "?m=1"}}
			for name, value := range values {
				all[name] = value
			}
			return w.do("POST", base+"/Messages.json", auth, all)
		}
		sent := send(url.Values{"Body": {"ok"}})
		sameShape(t, sent.body, "twilio/send_201.json", "from")
		steps := w.hooks()
		if len(steps) != 3 || sent.status != http.StatusCreated {
			t.Fatalf("%d steps after %+v", len(steps), sent)
		}
		sameFields(t, steps[0], "twilio/status_queued.form")
		sameFields(t, steps[1], "twilio/status_sent.form")
		sameFields(t, steps[2], "twilio/status_delivered.form")
		if steps[0].URL != callback+"?m=1" {
			t.Errorf("status went to %s", steps[0].URL)
		}
		if out := w.do("GET", base+"/Messages.json?To="+url.QueryEscape(someone)+"&DateSent%3E=1999-12-31", auth, nil); out.json(t, "messages.0.sid") != sent.json(t, "sid") {
			t.Errorf("found %+v", out)
		}
		sameText(t, send(url.Values{"Body": {strings.Repeat("x", 1601)}}), 400, "twilio/error_21617.json")
		sameText(t, send(url.Values{"Body": {"x"}, "To": {"12"}}), 400, "twilio/error_21211.json")
		if out := send(url.Values{"MediaUrl": {"https://files.example.test/a.png"}}); out.json(t, "num_media") != "1" {
			t.Errorf("a picture: %+v", out)
		}
		w.hooks()
		send(url.Values{"Body": {"x"}, "To": {"+819099999999"}})
		undelivered := w.hooks()
		sameFields(t, undelivered[len(undelivered)-1], "twilio/status_undelivered_30003.form")

		a.SetAdvancedOptOut(true)
		w.act(a, sim.Act{Do: sim.DoText, Text: " Stop "})
		if form := sameFields(t, w.hook(), "twilio/inbound_stop_advanced.form"); form.Get("OptOutType") != "STOP" {
			t.Errorf("STOP: %v", form)
		}
		if out := send(url.Values{"Body": {"x"}}); out.json(t, "code") != 21610.0 {
			t.Errorf("after STOP: %+v", out)
		}
		chat, _ := a.Chat(someone)
		if last := chat[len(chat)-1]; last.Mine || !strings.Contains(last.Text, "unsubscribed") {
			t.Errorf("the confirmation: %+v", last)
		}
		w.act(a, sim.Act{Do: sim.DoText, Text: "START"})
		w.hooks()
		for range 31 {
			send(url.Values{"Body": {"x"}})
		}
		loop := w.hooks()
		sameFields(t, loop[len(loop)-1], "twilio/status_failed_14107.form")

		sameShape(t, w.do("GET", base+".json", auth, nil).body, "twilio/account_200.json")
		if out := w.do("GET", "/sms/messaging/v1/Services/"+a.Credential("service_sid")+"/PhoneNumbers?PageSize=100", auth, nil); out.json(t, "phone_numbers.0.phone_number") != a.Credential("number") {
			t.Errorf("numbers: %+v", out)
		}
		sameText(t, w.do("GET", "/sms/messaging/v1/Services/MGother", auth, nil), 404, "twilio/error_20404.json")
		a.SetTrouble(sim.Trouble{Status: 500})
		sameText(t, send(url.Values{"Body": {"x"}}), 500, "twilio/error_20500.json")
		a.SetTrouble(sim.Trouble{TokenOff: true})
		sameText(t, send(url.Values{"Body": {"x"}}), 401, "twilio/error_20003.json")
	})
}

func TestTwilioCallsAgainAsTheAddressSays(t *testing.T) {
	t.Parallel()
	for overrides, want := range map[string]int{"": 1, "#rc=5&rp=all": 6, "#rc=2&rp=4xx": 1} {
		t.Run(overrides, func(t *testing.T) {
			t.Parallel()
			inWorld(t, func(w *world) {
				a, _, _ := sms(w, overrides)
				w.answer = func(received) int { return http.StatusServiceUnavailable }
				w.act(a, sim.Act{Do: sim.DoText, Text: "hello"})
				time.Sleep(time.Hour)
				got := w.hooks()
				if len(got) != want || got[0].URL != callback {
					t.Errorf("called %d times, want %d", len(got), want)
				}
				for _, again := range got {
					if again.Header.Get("I-Twilio-Idempotency-Token") != got[0].Header.Get("I-Twilio-Idempotency-Token") {
						t.Error("a retry has a token of its own")
					}
				}
			})
		})
	}
}
