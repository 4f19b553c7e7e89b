package whatsapp_test

import (
	"maps"
	"net/url"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/whatsapp"
)

// healthy are the provider's answers about an account that works.
func healthy() map[string]string {
	return map[string]string{
		"GET /debug_token":                                `{"data":{"app_id":"` + appID + `","is_valid":true,"expires_at":1796000000,"scopes":["whatsapp_business_messaging","whatsapp_business_management"]}}`,
		"GET /" + numberID:                                `{"display_phone_number":"+81 50-1234-5678","verified_name":"見本商店","quality_rating":"GREEN","name_status":"APPROVED","status":"CONNECTED","code_verification_status":"VERIFIED","platform_type":"CLOUD_API","throughput":{"level":"STANDARD"},"is_official_business_account":false,"account_mode":"LIVE","whatsapp_business_manager_messaging_limit":"TIER_2K","id":"` + numberID + `"}`,
		"GET /" + businessID + "/phone_numbers":           `{"data":[{"id":"1"},{"id":"` + numberID + `"}]}`,
		"GET /" + businessID + "/subscribed_apps":         `{"data":[{"whatsapp_business_api_data":{"id":"` + appID + `"},"override_callback_uri":"https://desk.example.test/hooks/9"}]}`,
		"GET /" + numberID + "/whatsapp_business_profile": `{"data":[{"about":"営業中","websites":["https://example.test"],"vertical":"RETAIL"}]}`,
	}
}

// outcome writes the checks as "code:state code:state".
func outcome(p channel.Probed) string {
	var all []string
	for _, c := range p.Checks {
		all = append(all, c.Code+":"+string(c.State)+c.Field)
	}
	return strings.Join(all, " ")
}

func TestProbe(t *testing.T) {
	t.Parallel()
	const passed = "app:passed token:passed permissions:passed number:passed platform:passed number_state:passed number_verified:passed business:passed "
	debug, number := "GET /debug_token", "GET /"+numberID
	for name, try := range map[string]struct {
		change map[string]string
		want   string
	}{
		"healthy":         {nil, passed + "webhook:passed"},
		"not subscribed":  {map[string]string{"GET /" + businessID + "/subscribed_apps": `{"data":[]}`}, passed + "webhook:warning"},
		"wrong secret":    {map[string]string{debug: `{"error":{"message":"Error validating application","code":101}}`}, "app:failedapp_secret" + skipped(1)},
		"another app":     {map[string]string{debug: `{"data":{"app_id":"1","is_valid":true}}`}, "app:failedapp_id" + skipped(1)},
		"dead token":      {map[string]string{debug: `{"data":{"app_id":"` + appID + `","is_valid":false}}`}, "app:passed token:failedtoken" + skipped(2)},
		"few permissions": {map[string]string{debug: `{"data":{"app_id":"` + appID + `","is_valid":true,"scopes":["whatsapp_business_messaging"]}}`}, "app:passed token:passed permissions:failedtoken" + skipped(3)},
		"wrong number":    {map[string]string{number: ""}, "app:passed token:passed permissions:passed number:failedphone_number_id" + skipped(4)},
		"on premises":     {map[string]string{number: `{"platform_type":"ON_PREMISE"}`}, "app:passed token:passed permissions:passed number:passed platform:failedphone_number_id" + skipped(5)},
		"banned":          {map[string]string{number: `{"platform_type":"CLOUD_API","status":"BANNED"}`}, "app:passed token:passed permissions:passed number:passed platform:passed number_state:failedphone_number_id" + skipped(6)},
		"not verified":    {map[string]string{number: `{"status":"LINKED","code_verification_status":"EXPIRED"}`}, "app:passed token:passed permissions:passed number:passed platform:passed number_state:passed number_verified:failedphone_number_id" + skipped(7)},
		"another account": {map[string]string{"GET /" + businessID + "/phone_numbers": `{"data":[{"id":"1"}]}`}, strings.TrimSuffix(passed, "business:passed ") + "business:failedwaba_id" + skipped(8)},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			answers := healthy()
			maps.Copy(answers, try.change)
			maps.DeleteFunc(answers, func(_, answer string) bool { return answer == "" })
			found, err := whatsapp.New().Probe(t.Context(), account(t, play(t, answers).url))
			if err != nil || outcome(found) != try.want {
				t.Errorf("got  %s, %v\nwant %s", outcome(found), err, try.want)
			}
			if found.Account != numberID {
				t.Errorf("account %q", found.Account)
			}
		})
	}
}

var order = strings.Fields("app token permissions number platform number_state number_verified business webhook")

func skipped(from int) string {
	var all strings.Builder
	for _, code := range order[from:] {
		all.WriteString(" " + code + ":skipped")
	}
	return all.String()
}

func TestProbeTells(t *testing.T) {
	t.Parallel()
	s := play(t, healthy())
	found, err := whatsapp.New().Probe(t.Context(), account(t, s.url))
	if err != nil || found.Title != "見本商店 +81 50-1234-5678" || !found.TokenExpires.Equal(time.Unix(1796000000, 0)) {
		t.Errorf("%+v, %v", found, err)
	}
	facts, texts := map[string]string{}, whatsapp.New().Texts("ja")
	for _, f := range found.Facts {
		facts[f.Name] = f.Value
		if texts["fact."+f.Name] == "" {
			t.Errorf("no words for the fact %s", f.Name)
		}
	}
	if facts["quality"] != "GREEN" || facts["messaging_limit"] != "TIER_2K" || facts["about"] != "営業中" || facts["official"] != "" {
		t.Errorf("facts %v", facts)
	}
	for _, code := range order {
		if texts["check."+code] == "" || texts["check."+code+".fix"] == "" {
			t.Errorf("no words for the check %s", code)
		}
	}
	asked, err := url.Parse(s.requests()[0].Path)
	if err != nil || asked.Query().Get("input_token") != token || asked.Query().Get("access_token") != appID+"|"+appSecret || s.requests()[0].Header.Get("Authorization") != "" {
		t.Errorf("the token was asked for at %s", asked)
	}
}

func TestProbeThatCannotAsk(t *testing.T) {
	t.Parallel()
	_, err := whatsapp.New().Probe(t.Context(), account(t, answering(t, 503, "busy")))
	if f := channel.AsFault(err); f == nil || f.Kind != channel.ActRetry || strings.Contains(f.Error(), appSecret) {
		t.Errorf("%+v", f)
	}
}
