package api_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"madoguchi/api"
	"madoguchi/channel"
	"madoguchi/channel/sms"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/outbox"
)

// TestAReplyIsShownAsTheCustomerWillSeeIt: a first SMS loses its formatting, gains the line that tells how to opt out, and is
// counted with it (B2.3, B5.6).
func TestAReplyIsShownAsTheCustomerWillSeeIt(t *testing.T) {
	t.Parallel()
	c := open(t, func(d *api.Deps) { // the workspace's channel is an SMS channel to whoever sends
		d.Preview = outbox.New(outbox.Config{Store: d.Store, Channels: channel.Registry{webchat.Kind: sms.New()}, Now: time.Now}).Preview
	})
	owner := c.owner(t, "owner@example.test")
	talk := c.talk(t, owner.space)
	path := fmt.Sprintf("/api/v1/conversations/%d/preview", talk.conversation)
	body := func(text string) map[string]any {
		return map[string]any{"parts": []any{map[string]any{"kind": "text", "text": text, "marks": []any{map[string]any{"kind": "bold", "start": 0, "end": 2}}}}}
	}
	shown := owner.do("POST", path, body("重要です")).want(t, 200)
	pieces := shown.list("pieces")
	if len(pieces) != 1 || shown.str("notice") == "" {
		t.Fatalf("shown: %s", shown.body)
	}
	piece := pieces[0].(map[string]any)
	part := piece["parts"].([]any)[0].(map[string]any)
	text := "重要です\n" + shown.str("notice")
	if part["text"] != text || part["marks"] != nil {
		t.Errorf("the text is %q with %v, want %q", part["text"], part["marks"], text)
	}
	if count := piece["segments"].(map[string]any); count["encoding"] != string(desk.EncodingUCS2) || fmt.Sprint(count["count"]) != "1" {
		t.Errorf("counted as %v", count)
	}
	if n := len(owner.do("GET", strings.TrimSuffix(path, "preview")+"messages", nil).want(t, 200).list("items")); n != 1 {
		t.Errorf("%d messages after a preview", n)
	}
	owner.do("POST", path, body(" ")).wantCode(t, 422, "message_empty")
	owner.do("POST", path, map[string]any{"parts": []any{map[string]any{"kind": "file", "attachment_id": 404}}}).wantCode(t, 422, "attachment_not_yours")
	c.member(t, owner.space, desk.RoleViewer).do("POST", path, body("x")).wantCode(t, 403, "forbidden")
}
