package sim

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// Template is a message template at WhatsApp.
type Template struct {
	ID         string              `json:"id"`
	Name       string              `json:"name"`
	Language   string              `json:"language"`
	Status     string              `json:"status"`
	Category   string              `json:"category"`
	Format     string              `json:"parameter_format"`
	Reason     string              `json:"rejected_reason,omitempty"`
	Components []TemplateComponent `json:"components"`
}

// TemplateComponent is a header, body, footer or the buttons of a template.
type TemplateComponent struct {
	Type    string           `json:"type"`
	Format  string           `json:"format,omitempty"`
	Text    string           `json:"text,omitempty"`
	Buttons []TemplateButton `json:"buttons,omitempty"`
	Example json.RawMessage  `json:"example,omitempty"`
}

// TemplateButton is one button of a template.
type TemplateButton struct {
	Type  string `json:"type"`
	Text  string `json:"text"`
	URL   string `json:"url,omitempty"`
	Phone string `json:"phone_number,omitempty"`
	// Example is the sample of an address, or the code to copy: a list or one text.
	Example json.RawMessage `json:"example,omitempty"`
}

// firstTemplates are what a new account has already.
func firstTemplates() []*Template {
	body := func(text string) []TemplateComponent { return []TemplateComponent{{Type: "BODY", Text: text}} }
	return []*Template{
		{ID: "168955690811", Name: "order_update", Language: "ja", Status: "APPROVED", Category: "UTILITY", Format: "POSITIONAL", Components: append(
			body("{{1}}様、ご注文 {{2}} を発送しました。"), TemplateComponent{Type: "FOOTER", Text: "Shop"},
			TemplateComponent{Type: "BUTTONS", Buttons: []TemplateButton{{Type: "QUICK_REPLY", Text: "問い合わせる"}}})},
		{ID: "168955690812", Name: "order_update", Language: "en_US", Status: "APPROVED", Category: "UTILITY", Format: "POSITIONAL", Components: body("Hi {{1}}, your order {{2}} is on its way.")},
		{ID: "168955690813", Name: "come_back", Language: "ja", Status: "APPROVED", Category: "MARKETING", Format: "POSITIONAL", Components: body("またのご来店をお待ちしています。")},
		{ID: "168955690814", Name: "promo", Language: "ja", Status: "REJECTED", Category: "MARKETING", Format: "POSITIONAL", Reason: "INVALID_FORMAT", Components: body("{{1}}{{2}}")},
	}
}

// templateName is what names may be.
var templateName = regexp.MustCompile(`^[a-z0-9_]{1,512}$`)

// templates lists, creates and deletes.
func (x *whatsapp) templates(r *http.Request, a *Account, q request) answer {
	number := a.state.(*whatsappNumber)
	switch r.Method {
	case http.MethodPost:
		return x.createTemplate(number, q)
	case http.MethodDelete:
		before := len(number.Templates)
		number.Templates = slices.DeleteFunc(number.Templates, func(t *Template) bool {
			id := q.text("hsm_id")
			return t.Name == q.text("name") && (id == "" || id == t.ID)
		})
		if len(number.Templates) == before {
			return graphError(http.StatusBadRequest, 100, 2593002, "(#100) Invalid parameter")
		}
		return answer{body: object{"success": true}}
	}
	return listTemplates(number.Templates, q)
}

// listTemplates gives out pages.
func listTemplates(all []*Template, q request) answer {
	limit, after := int(q.number("limit")), int(q.number("after"))
	if limit <= 0 {
		limit = 25
	}
	var found []*Template
	for _, t := range all {
		if (q.text("name") == "" || t.Name == q.text("name")) && (q.text("status") == "" || t.Status == q.text("status")) {
			found = append(found, t)
		}
	}
	end := min(after+limit, len(found))
	page := []any{}
	for _, t := range found[min(after, end):end] {
		page = append(page, struct {
			*Template
			Quality object `json:"quality_score"`
		}{t, object{"score": "GREEN"}})
	}
	paging := object{"cursors": object{"before": strconv.Itoa(after), "after": strconv.Itoa(end)}}
	if end < len(found) {
		paging["next"] = "more"
	}
	return answer{body: object{"data": page, "paging": paging}}
}

func (x *whatsapp) createTemplate(number *whatsappNumber, q request) answer {
	var t Template
	if json.Unmarshal(q.body, &t) != nil || !templateName.MatchString(t.Name) || t.Language == "" || len(t.Components) == 0 {
		return graphError(http.StatusBadRequest, 100, 0, "(#100) Invalid parameter")
	}
	for _, other := range number.Templates {
		if other.Name == t.Name && other.Language == t.Language {
			return graphError(http.StatusBadRequest, 100, 2388024, "Content in This Language Already Exists")
		}
	}
	for _, c := range t.Components {
		if c.Type == "HEADER" && mediaHeaders[c.Format] && !x.sampled(c.Example) {
			return graphError(http.StatusBadRequest, 100, 2388273, "Media header is missing its sample")
		}
		if slices.ContainsFunc(c.Buttons, TemplateButton.unsampled) {
			return graphError(http.StatusBadRequest, 100, 0, "(#100) Invalid parameter")
		}
	}
	t.ID, t.Status = strconv.FormatInt(168_955_000_000+x.sim.next(), 10), "PENDING"
	if t.Format == "" {
		t.Format = "POSITIONAL"
	}
	number.Templates = append(number.Templates, &t)
	return answer{body: object{"id": t.ID, "status": t.Status, "category": t.Category}}
}

// mediaHeaders are the formats of headers that are files.
var mediaHeaders = map[string]bool{"IMAGE": true, "VIDEO": true, "DOCUMENT": true}

// unsampled reports whether a button wants a sample and has none: whole addresses, codes.
func (b TemplateButton) unsampled() bool {
	address, _, open := strings.Cut(b.URL, "{{")
	return (open || b.Type == "COPY_CODE") && (len(b.Example) == 0 || !strings.Contains(string(b.Example), address))
}

// sampled reports whether an example names a file that was uploaded.
func (x *whatsapp) sampled(raw json.RawMessage) bool {
	var example struct {
		Handles []string `json:"header_handle"`
	}
	if json.Unmarshal(raw, &example) != nil || len(example.Handles) == 0 {
		return false
	}
	return x.sim.files[strings.TrimPrefix(example.Handles[0], "4::")] != nil
}

// Templates lists a WhatsApp account's templates.
func (a *Account) Templates() []Template {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	number, ok := a.state.(*whatsappNumber)
	if !ok {
		return nil
	}
	var all []Template
	for _, t := range number.Templates {
		all = append(all, *t)
	}
	return all
}

// ReviewTemplate decides on a template as Meta's reviewers do ("APPROVED", "REJECTED", "PAUSED") and tells the business.
func (a *Account) ReviewTemplate(id, status, reason string) error {
	a.sim.mu.Lock()
	defer a.sim.mu.Unlock()
	x, ok := a.provider.(*whatsapp)
	if !ok {
		return fmt.Errorf("%w: %s has no templates", ErrRefused, a.Kind)
	}
	for _, t := range a.state.(*whatsappNumber).Templates {
		if t.ID != id {
			continue
		}
		t.Status, t.Reason = status, reason
		number, err := strconv.ParseInt(t.ID, 10, 64)
		if err != nil {
			return err
		}
		value := object{
			"event": status, "message_template_id": number, "message_template_name": t.Name, "message_template_language": t.Language,
			"reason": "NONE", "message_template_category": t.Category,
		}
		if reason != "" {
			value["reason"] = reason
			value["rejection_info"] = object{"reason": reason, "recommendation": "Change it."}
		}
		entry := object{"id": a.Credential("waba_id"), "time": x.sim.now().Unix(), "changes": []any{object{"value": value, "field": "message_template_status_update"}}}
		x.news(a, "", object{"object": x.object(), "entry": []any{entry}})
		return nil
	}
	return fmt.Errorf("%w: the template %q", ErrNotThere, id)
}
