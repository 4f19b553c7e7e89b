package whatsapp_test

import (
	"net/url"
	"strings"
	"testing"

	"madoguchi/channel"
	"madoguchi/channel/whatsapp"
	"madoguchi/desk"
)

const templatePath = "/" + businessID + "/message_templates"

func TestTemplatesOfAllPages(t *testing.T) {
	t.Parallel()
	s := play(t, map[string]string{
		"GET " + templatePath: `{"data":[{"id":"1","name":"order_update","language":"ja","status":"APPROVED","category":"UTILITY","quality_score":{"score":"GREEN","date":1},"rejected_reason":"NONE","parameter_format":"POSITIONAL","components":[
			{"type":"HEADER","format":"TEXT","text":"注文 {{1}}","example":{"header_text":["A-1"]}},
			{"type":"BODY","text":"{{1}} 様、{{2}} です。","example":{"body_text":[["秋子","発送済み"]]}},
			{"type":"FOOTER","text":"見本商店"},
			{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"はい"},{"type":"URL","text":"見る","url":"https://example.test/{{1}}","example":["https://example.test/1"]},{"type":"PHONE_NUMBER","text":"電話","phone_number":"+815012345678"},{"type":"COPY_CODE","example":"CODE"},{"type":"FLOW","text":"F"}]}]}],
			"paging":{"cursors":{"before":"x","after":"NEXT"},"next":"https://graph.example.test/next?access_token=secret"}}`,
		"GET " + templatePath + "?after=NEXT": `{"data":[{"id":2,"name":"promo","language":"en_US","status":"REJECTED","category":"MARKETING","rejected_reason":"PROMOTIONAL","quality_score":{"score":"UNKNOWN"},"parameter_format":"NAMED","components":[
			{"type":"HEADER","format":"IMAGE","example":{"header_handle":["4::a"]}},{"type":"BODY","text":"Hi {{name}}!","example":{"body_text_named_params":[{"param_name":"name","example":"Aki"}]}}]}],"paging":{"cursors":{"after":"END"}}}`,
	})
	got, err := whatsapp.New().Templates(t.Context(), account(t, s.url))
	if err != nil {
		t.Fatal(err)
	}
	want := []desk.Template{
		{
			ExternalID: "1", Name: "order_update", Language: "ja", Category: "utility", Status: "approved", Quality: "GREEN",
			Header: &desk.TemplateHeader{Kind: "text", Text: "注文 {{1}}"}, Body: "{{1}} 様、{{2}} です。", Footer: "見本商店",
			Buttons: []desk.TemplateButton{
				{Kind: "quick_reply", Label: "はい"}, {Kind: "url", Label: "見る", Value: "https://example.test/{{1}}"},
				{Kind: "phone", Label: "電話", Value: "+815012345678"}, {Kind: "copy_code", Value: "CODE"}, {Kind: "flow", Label: "F"},
			},
			Samples: map[string]string{"header.1": "A-1", "1": "秋子", "2": "発送済み", "button.1": "1"},
		},
		{
			ExternalID: "2", Name: "promo", Language: "en_US", Category: "marketing", Status: "rejected", Reason: "PROMOTIONAL",
			Header: &desk.TemplateHeader{Kind: "image"}, Body: "Hi {{name}}!", Samples: map[string]string{"name": "Aki"},
		},
	}
	if toJSON(t, got) != toJSON(t, want) {
		t.Errorf("got  %s\nwant %s", toJSON(t, got), toJSON(t, want))
	}
	if n := len(s.requests()); n != 2 {
		t.Errorf("%d requests", n)
	}
}

// order is a template that the provider takes.
func orderTemplate() desk.Template {
	return desk.Template{
		Name: "order_update", Language: "ja", Category: "utility", Body: "こんにちは {{1}} 様、{{2}} です。", Footer: "見本商店",
		Header:  &desk.TemplateHeader{Kind: "text", Text: "注文 {{1}}"},
		Buttons: []desk.TemplateButton{{Kind: "quick_reply", Label: "はい"}, {Kind: "url", Label: "見る", Value: "https://example.test/{{1}}"}, {Kind: "phone", Label: "電話", Value: "+815012345678"}},
		Samples: map[string]string{"header.1": "A-1", "1": "秋子", "2": "発送済み", "button.1": "1"},
	}
}

func TestCreateTemplate(t *testing.T) {
	t.Parallel()
	named := desk.Template{Name: "hi", Language: "en_US", Category: "marketing", Body: "Hi {{name}}!", Samples: map[string]string{"name": "Aki"}}
	place := desk.Template{
		Name: "shop", Language: "ja", Category: "utility", Body: "お店はこちらです。", Header: &desk.TemplateHeader{Kind: "location"},
		Buttons: []desk.TemplateButton{{Kind: "copy_code", Value: "SALE"}, {Kind: "url", Label: "見る", Value: "https://example.test"}},
	}
	whole := desk.Template{ // the sample as a whole address, as Meta has it
		Name: "hi", Language: "ja", Category: "utility", Body: "はい", Samples: map[string]string{"button.0": "https://example.test/9"},
		Buttons: []desk.TemplateButton{{Kind: "url", Label: "見る", Value: "https://example.test/{{1}}"}},
	}
	for name, try := range map[string]struct {
		template desk.Template
		want     string
	}{
		"a place and a code": {place, `{"name":"shop","language":"ja","category":"UTILITY","parameter_format":"POSITIONAL","components":[` +
			`{"type":"HEADER","format":"LOCATION"},{"type":"BODY","text":"お店はこちらです。"},` +
			`{"type":"BUTTONS","buttons":[{"type":"COPY_CODE","example":["SALE"]},{"type":"URL","text":"見る","url":"https://example.test"}]}]}`},
		"a whole address": {whole, `{"name":"hi","language":"ja","category":"UTILITY","parameter_format":"POSITIONAL","components":[` +
			`{"type":"BODY","text":"はい"},{"type":"BUTTONS","buttons":[{"type":"URL","text":"見る","url":"https://example.test/{{1}}","example":["https://example.test/9"]}]}]}`},
		"numbered": {orderTemplate(), `{"name":"order_update","language":"ja","category":"UTILITY","parameter_format":"POSITIONAL","components":[` +
			`{"type":"HEADER","format":"TEXT","text":"注文 {{1}}","example":{"header_text":["A-1"]}},` +
			`{"type":"BODY","text":"こんにちは {{1}} 様、{{2}} です。","example":{"body_text":[["秋子","発送済み"]]}},` +
			`{"type":"FOOTER","text":"見本商店"},` +
			`{"type":"BUTTONS","buttons":[{"type":"QUICK_REPLY","text":"はい"},{"type":"URL","text":"見る","url":"https://example.test/{{1}}","example":["https://example.test/1"]},{"type":"PHONE_NUMBER","text":"電話","phone_number":"+815012345678"}]}]}`},
		"named": {named, `{"name":"hi","language":"en_US","category":"MARKETING","parameter_format":"NAMED","components":[` +
			`{"type":"BODY","text":"Hi {{name}}!","example":{"body_text_named_params":[{"param_name":"name","example":"Aki"}]}}]}`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := play(t, map[string]string{"POST " + templatePath: `{"id":"99","status":"PENDING","category":"MARKETING"}`})
			made, err := whatsapp.New().CreateTemplate(t.Context(), account(t, s.url), try.template)
			if err != nil || made.ExternalID != "99" || made.Status != "pending" || made.Category != "marketing" || made.Body != try.template.Body {
				t.Errorf("%+v, %v", made, err)
			}
			if got := string(s.requests()[0].Body); got != try.want {
				t.Errorf("sent %s\nwant %s", got, try.want)
			}
		})
	}
}

func TestTemplateWhoseHeaderNeedsASample(t *testing.T) {
	t.Parallel()
	s := play(t, map[string]string{"POST " + templatePath: `{"id":"99","status":"PENDING"}`})
	d := orderTemplate()
	d.Header = &desk.TemplateHeader{Kind: "image"}
	_, err := whatsapp.New().CreateTemplate(t.Context(), account(t, s.url), d)
	if f := channel.AsFault(err); f == nil || f.Kind != channel.ActFail || f.Code != "template_header_sample" || !f.Certain || len(s.requests()) != 0 {
		t.Errorf("%+v", f)
	}
	d.Samples["header"] = "4::a"
	if _, err := whatsapp.New().CreateTemplate(t.Context(), account(t, s.url), d); err != nil || !strings.Contains(string(s.requests()[0].Body), `{"type":"HEADER","format":"IMAGE","example":{"header_handle":["4::a"]}}`) {
		t.Errorf("%v, sent %s", err, s.requests())
	}
}

func TestTemplatesThatTheProviderRefuses(t *testing.T) {
	t.Parallel()
	s := play(t, map[string]string{"POST " + templatePath: `{"error":{"code":100,"error_subcode":2388023,"error_user_title":"Being deleted","error_user_msg":"Choose another name"}}`})
	_, err := whatsapp.New().CreateTemplate(t.Context(), account(t, s.url), orderTemplate())
	if f := channel.AsFault(err); f == nil || f.Code != "100_2388023" || !strings.Contains(f.Err.Error(), "Choose another name") {
		t.Errorf("%+v", f)
	}
}

func TestDeleteTemplate(t *testing.T) {
	t.Parallel()
	s := play(t, map[string]string{"DELETE " + templatePath: `{"success":true}`})
	if err := whatsapp.New().DeleteTemplate(t.Context(), account(t, s.url), desk.Template{Name: "promo", ExternalID: "99"}); err != nil {
		t.Fatal(err)
	}
	asked, err := url.Parse(s.requests()[0].Path)
	if err != nil || asked.Query().Get("name") != "promo" || asked.Query().Get("hsm_id") != "99" {
		t.Errorf("asked %s", asked)
	}
}
