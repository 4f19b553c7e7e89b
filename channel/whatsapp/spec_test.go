//go:build spec

package whatsapp_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/whatsapp"
	"madoguchi/desk"
)

// described holds requests against Meta's description, without what that leaves out: the proof that every call of the Graph
// API may carry, and the questions about tokens.
type described struct {
	provider channeltest.Provider
	answers  map[string]string
}

func (d described) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, "/debug_token") {
		recorder := httptest.NewRecorder()
		_, err := recorder.WriteString(d.answers["GET /debug_token"])
		return recorder.Result(), err
	}
	query := r.URL.Query()
	query.Del("appsecret_proof")
	r.URL.RawQuery = query.Encode()
	return d.provider.RoundTrip(r)
}

// describedAccount calls the real address. The paths left out differ from others only in the names of their placeholders.
func describedAccount(t *testing.T, answers map[string]string, without ...string) channel.Account {
	t.Helper()
	contract := channeltest.ReadContract(t, "whatsapp/business-messaging-api_v23.0.reduced.json")
	for _, path := range without {
		delete(contract.Paths, path)
	}
	provider := channeltest.Provider{T: t, Contracts: []*channeltest.Contract{contract}, Answer: func(r *http.Request, _ []byte) (int, string) {
		if answer := answers[r.Method+" "+strings.TrimPrefix(r.URL.Path, "/v25.0")]; answer != "" {
			return 200, answer
		}
		return 200, string(read(t, "send_200.json"))
	}}
	a := account(t, "")
	a.Client = &http.Client{Transport: described{provider, answers}}
	return a
}

const (
	mediaPath    = "/{Version}/{Media-ID}"
	filePath     = "/{Version}/{Media-URL}"
	businessPath = "/{Version}/{WABA-ID}"
	numberPath   = "/{Version}/{Phone-Number-ID}"
	kindPath     = "/{Version}/{TEMPLATE_ID}"
)

// TestRequestsFollowTheDescription holds what the connector asks of WhatsApp against its published description, which is
// older than what we speak: it knows nobody without a number, no read receipts, coordinates only as
// texts (the API takes numbers), no positions of a template's buttons below 2, and no places above a template's text.
func TestRequestsFollowTheDescription(t *testing.T) {
	t.Parallel()
	answers := healthy()
	answers["POST /"+numberID+"/media"] = `{"id":"7700000000000001"}`
	answers["POST "+templatePath] = `{"id":"99","status":"PENDING"}`
	answers["GET "+templatePath] = `{"data":[]}`
	for _, path := range []string{"POST /" + businessID + "/subscribed_apps", "DELETE /" + businessID + "/subscribed_apps", "DELETE " + templatePath} {
		answers[path] = `{"success":true}`
	}
	a, c := describedAccount(t, answers, mediaPath, filePath, businessPath, kindPath), whatsapp.New()
	newer := []string{"to somebody without a number", "template", "template with a place", "place"}
	for _, s := range sendings() {
		if slices.Contains(newer, s.Name) {
			continue
		}
		if _, err := c.Send(t.Context(), a, s.Outgoing); err != nil {
			t.Errorf("%s: %v", s.Name, err)
		}
	}
	_, probed := c.Probe(t.Context(), a)
	_, created := c.CreateTemplate(t.Context(), a, orderTemplate())
	for name, err := range map[string]error{
		"react":     c.React(t.Context(), a, channel.Peer{ExternalID: user, Alias: phone}, "wamid.IN1", "👍"),
		"subscribe": c.Subscribe(t.Context(), a), "unsubscribe": c.Unsubscribe(t.Context(), a), "probe": probed, "create a template": created,
		"delete a template": c.DeleteTemplate(t.Context(), a, desk.Template{Name: "promo", ExternalID: "99"}),
	} {
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	files := describedAccount(t, map[string]string{"GET /77": `{"url":"https://graph.facebook.com/v25.0/file"}`}, numberPath, businessPath, kindPath, filePath)
	if _, err := c.Fetch(t.Context(), files, "77"); err != nil {
		t.Error(err)
	}
}
