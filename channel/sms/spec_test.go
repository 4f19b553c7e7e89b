//go:build spec

package sms_test

import (
	"net/http"
	"strings"
	"testing"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/sms"
)

// TestRequestsFollowTheDescription holds everything that the connector asks of Twilio against its published descriptions.
func TestRequestsFollowTheDescription(t *testing.T) {
	t.Parallel()
	provider := channeltest.Provider{
		T: t,
		Contracts: []*channeltest.Contract{
			channeltest.ReadContract(t, "twilio/twilio_api_v2010.messages.json"), channeltest.ReadContract(t, "twilio/twilio_messaging_v1.services.json"),
		},
		Answer: func(r *http.Request, _ []byte) (int, string) {
			switch path := r.URL.Path; {
			case strings.HasSuffix(path, "/Messages.json"):
				return 201, fixture(t, "send_201.json")
			case strings.HasSuffix(path, "/PhoneNumbers"):
				return 200, number
			case strings.Contains(path, "/Services/"):
				return 200, ours
			}
			return 200, fixture(t, "account_200.json")
		},
	}
	for name, settings := range map[string]string{"links": config, "MMS": withMMS} {
		a := calling("", settings)
		a.Client = &http.Client{Transport: provider}
		outgoing := []channel.Outgoing{suite(t).Outgoing, withFiles("", 3), withFiles("写真", 10)}
		for _, s := range sendings() {
			outgoing = append(outgoing, s.Outgoing)
		}
		for _, m := range outgoing {
			if _, err := sms.New().Send(t.Context(), a, m); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
		if _, err := sms.New().Probe(t.Context(), a); err != nil {
			t.Error(err)
		}
		if err := sms.New().Subscribe(t.Context(), a); err != nil {
			t.Error(err)
		}
		if err := sms.New().Unsubscribe(t.Context(), a); err != nil {
			t.Error(err)
		}
	}
}
