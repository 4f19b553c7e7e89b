package api_test

import (
	"strings"
	"testing"
)

func TestWhatAChannelSaysByItselfIsSetUp(t *testing.T) { // B2.2, B3.11, B3.16, B4.1
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	type object = map[string]any
	made := p.do("POST", "/api/v1/channels", object{"kind": "webchat", "name": "店舗"}).want(t, 201)
	path := "/api/v1/channels/" + jsonNumber(made, "id")
	if strings.Contains(string(made.body), `"acknowledge":true`) {
		t.Errorf("something is on: %s", made.body)
	}
	all := func(change object) object {
		a := object{"acknowledge": true, "ack_texts": object{"ja": "{{answer_time}}お待ちください"}, "answer_minutes": 30, "help_texts": object{}, "confirm_opt_out": true, "survey": false}
		for k, v := range change {
			a[k] = v
		}
		return object{"automation": a, "version": made.num("version")}
	}
	p.do("PATCH", path, all(object{"answer_minutes": 20_161})).want(t, 422)
	p.do("PATCH", path, all(object{"ack_texts": object{"fr": "Bonjour"}})).wantCode(t, 422, "locale_unknown")
	p.do("PATCH", path, all(object{"ack_texts": object{"en": "Hello {{contact.name}}"}})).wantCode(t, 422, "mark_unknown")
	p.do("PATCH", path, all(object{"help_texts": object{"en": strings.Repeat("x", 1001)}})).wantCode(t, 422, "text_too_long")
	p.do("PATCH", path, all(nil)).want(t, 200)
	got := p.do("GET", path, nil).want(t, 200)
	if got.str("automation.ack_texts.ja") != "{{answer_time}}お待ちください" || got.num("automation.answer_minutes") != 30 {
		t.Errorf("kept %s", got.body)
	}
	renamed := p.do("PATCH", path, object{"name": "本店", "version": got.num("version")}).want(t, 200)
	if renamed.num("automation.answer_minutes") != 30 {
		t.Errorf("another change took it away: %s", renamed.body)
	}
}

func TestOwnOptOutKeywords(t *testing.T) { // B3.3
	t.Parallel()
	c := open(t)
	p := c.owner(t, "owner@example.test")
	type object = map[string]any
	set := func(words object) answer {
		return p.do("PATCH", "/api/v1/workspace", object{"opt_out_keywords": words})
	}
	got := set(object{"ja": []any{" もう結構です ", "もう結構です"}, "en": []any{}}).want(t, 200)
	if words := got.list("opt_out_keywords.ja"); len(words) != 1 || words[0] != "もう結構です" || got.list("opt_out_keywords.en") != nil {
		t.Errorf("kept %s", got.body)
	}
	set(object{"ja": []any{"START"}}).wantCode(t, 422, "keyword_invalid")
	set(object{"en": []any{strings.Repeat("x", 31)}}).wantCode(t, 422, "keyword_invalid")
	set(object{"fr": []any{"assez"}}).wantCode(t, 422, "locale_unknown")
	p.do("PATCH", "/api/v1/workspace", object{"reopen_days": 3}).want(t, 200)
	if got := p.do("GET", "/api/v1/workspace", nil).want(t, 200); len(got.list("opt_out_keywords.ja")) != 1 {
		t.Errorf("another change took them away: %s", got.body)
	}
	if got := set(object{}).want(t, 200); got.list("opt_out_keywords.ja") != nil {
		t.Errorf("none: %s", got.body)
	}
}
