package desk_test

import (
	"strings"
	"testing"

	"madoguchi/desk"
)

func TestACannedReplyIsChecked(t *testing.T) {
	t.Parallel()
	good := func() desk.CannedReply {
		return desk.CannedReply{Ownership: desk.Ownership{Audience: desk.AudienceWorkspace}, Name: "営業時間", Texts: map[desk.Locale]string{"ja": "{{contact.name|お客様}} 様、{{ member.name }}です。"}}
	}
	if err := good().Check(); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		code, field string
		spoil       func(*desk.CannedReply)
	}{
		{"canned_audience_invalid", "audience", func(c *desk.CannedReply) { c.Audience = "x" }},
		{"canned_audience_invalid", "team_id", func(c *desk.CannedReply) { c.Audience = desk.AudienceTeam }},
		{"canned_audience_invalid", "team_id", func(c *desk.CannedReply) { c.Owner = 4 }},
		{"name_missing", "name", func(c *desk.CannedReply) { c.Name = "" }},
		{"name_too_long", "name", func(c *desk.CannedReply) { c.Name = strings.Repeat("あ", 61) }},
		{"too_long", "reading", func(c *desk.CannedReply) { c.Reading = strings.Repeat("あ", 61) }},
		{"text_missing", "texts", func(c *desk.CannedReply) { c.Texts = nil }},
		{"text_missing", "texts.en", func(c *desk.CannedReply) { c.Texts["en"] = "" }},
		{"too_long", "texts.ja", func(c *desk.CannedReply) { c.Texts["ja"] = strings.Repeat("あ", 10_001) }},
		{"canned_variable_unknown", "texts.ja", func(c *desk.CannedReply) { c.Texts["ja"] = "{{contact.secret}}" }},
		{"canned_variable_unknown", "texts.ja", func(c *desk.CannedReply) { c.Texts["ja"] = "{{}}" }},
	} {
		r := good()
		c.spoil(&r)
		err := r.Check()
		var e *desk.Error
		if desk.CodeOf(err) != c.code || !asDesk(err, &e) || e.Field != c.field {
			t.Errorf("want %s at %s: %v", c.code, c.field, err)
		}
	}
}
