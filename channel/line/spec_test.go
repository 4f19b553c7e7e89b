//go:build spec

package line_test

import (
	"net/http"
	"strings"
	"testing"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
)

// TestRequestsFollowTheDescription holds everything that the connector asks of LINE against its published descriptions.
func TestRequestsFollowTheDescription(t *testing.T) {
	t.Parallel()
	files := channeltest.ReadContract(t, "line/messaging-api.yml")
	files.Servers[0].URL = "https://api-data.line.me" // which it says of single paths only
	answers := map[string]string{
		"/oauth2/v3/token": testdata(t, "token_200"), "/v2/oauth/verify": `{"client_id":"1650000000"}`, "/v2/bot/info": `{"userId":"U1","basicId":"@a","displayName":"Shop","chatMode":"bot"}`,
		"/v2/bot/channel/webhook/endpoint": `{"endpoint":"` + endpoint.URL + `","active":true}`, "/v2/bot/channel/webhook/test": `{"success":true}`,
		"/v2/bot/message/quota": testdata(t, "quota_200"), "/v2/bot/message/push": testdata(t, "send_200"), "/v2/bot/message/reply": testdata(t, "send_200"),
	}
	provider := channeltest.Provider{
		T:         t,
		Contracts: []*channeltest.Contract{channeltest.ReadContract(t, "line/channel-access-token.yml"), channeltest.ReadContract(t, "line/messaging-api.yml"), files},
		Answer: func(r *http.Request, _ []byte) (int, string) {
			if answer := answers[r.URL.Path]; answer != "" {
				return http.StatusOK, answer
			}
			return http.StatusOK, "{}"
		},
	}
	for _, a := range []channel.Account{account(t, ""), pasted(t, "")} {
		a.Client = &http.Client{Transport: provider}
		c := connector()
		for _, s := range append(sendings(), channeltest.Sending{Outgoing: outgoing(textPart("ok"))}) {
			for _, s.Outgoing.Token = range []string{"", "rt"} {
				if _, err := c.Send(t.Context(), a, s.Outgoing); err != nil && !strings.HasPrefix(s.Name, "accepted before") {
					t.Errorf("%s: %v", s.Name, err)
				}
			}
		}
		if p, err := c.Probe(t.Context(), a); err != nil || !p.OK() {
			t.Errorf("%+v, %v", p, err)
		}
		_, profile := c.Profile(t.Context(), a, aki)
		media, fetch := c.Fetch(t.Context(), a, "message/468789")
		for _, err := range []error{profile, fetch, media.Body.Close(), c.Subscribe(t.Context(), a), c.Typing(t.Context(), a, aki, "")} {
			if err != nil {
				t.Error(err)
			}
		}
	}
}
