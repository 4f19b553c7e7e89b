package sim_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"

	"madoguchi/sim"
)

// lineAccount opens a LINE account whose webhook is registered; auth is its token's header.
func lineAccount(w *world) (a *sim.Account, auth string) {
	a = w.account("line")
	token := w.do("POST", "/line/oauth2/v3/token", "", url.Values{
		"grant_type": {"client_credentials"}, "client_id": {a.Credential("channel_id")}, "client_secret": {a.Credential("channel_secret")},
	})
	sameShape(w.t, token.body, "line/token_200.json")
	auth, _ = token.json(w.t, "access_token").(string)
	auth = "Bearer " + auth
	if out := w.do("PUT", "/line/v2/bot/channel/webhook/endpoint", auth, map[string]any{"endpoint": callback}); out.status != http.StatusOK {
		w.t.Fatal(out)
	}
	return a, auth
}

func lineSigned(a *sim.Account, got received) bool {
	mac := hmac.New(sha256.New, []byte(a.Credential("channel_secret")))
	mac.Write([]byte(got.Body))
	return got.Header.Get("X-Line-Signature") == base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

func TestLINETellsWhatCustomersDo(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, auth := lineAccount(w)
		upload := func(name, kind string) []sim.Upload {
			return []sim.Upload{{Name: name, Type: kind, Data: []byte("data")}}
		}
		w.act(a, sim.Act{Do: sim.DoStart})
		sameShape(t, w.hook().Body, "line/follow.json")
		text := w.act(a, sim.Act{Do: sim.DoText, Text: "予約を変更したい"})
		got := w.hook()
		sameShape(t, got.Body, "line/in_text.json")
		if !lineSigned(a, got) || at(t, got.Body, "destination") != w.do("GET", "/line/v2/bot/info", auth, nil).json(t, "userId") {
			t.Errorf("signature or destination of %v", got)
		}
		image := w.act(a, sim.Act{Do: sim.DoFile, Files: []sim.Upload{picture}})
		sameShape(t, w.hook().Body, "line/in_image.json", "events[].message.imageSet")
		w.act(a, sim.Act{Do: sim.DoFile, Files: []sim.Upload{picture, picture}})
		if album := w.hooks(); len(album) != 2 {
			t.Errorf("two pictures came as %d events", len(album))
		} else {
			sameShape(t, album[0].Body, "line/in_image.json")
		}
		w.act(a, sim.Act{Do: sim.DoFile, Files: upload("a.m4a", "audio/mp4")})
		sameShape(t, w.hook().Body, "line/in_audio.json")
		w.act(a, sim.Act{Do: sim.DoFile, Files: upload("a.mp4", "video/mp4")})
		sameShape(t, w.hook().Body, "line/in_video.json")
		w.act(a, sim.Act{Do: sim.DoFile, Files: upload("領収書.pdf", "application/pdf")})
		sameShape(t, w.hook().Body, "line/in_file.json")
		w.act(a, sim.Act{Do: sim.DoPlace, Place: place})
		sameShape(t, w.hook().Body, "line/in_location.json")
		w.act(a, sim.Act{Do: sim.DoSticker})
		sameShape(t, w.hook().Body, "line/in_sticker.json")

		content := "/line/data/v2/bot/message/" + image + "/content"
		if out := w.do("GET", content, auth, nil); out.body != string(picture.Data) {
			t.Errorf("content: %+v", out)
		}
		w.act(a, sim.Act{Do: sim.DoUnsend, Message: image})
		sameShape(t, w.hook().Body, "line/unsend.json")
		if out := w.do("GET", content, auth, nil); out.status != http.StatusNotFound {
			t.Errorf("content of an unsent message: %+v", out)
		}
		sameShape(t, w.do("GET", "/line/v2/bot/profile/"+a.Customers()[0], auth, nil).body, "line/profile_200.json")
		w.act(a, sim.Act{Do: sim.DoBlock})
		sameShape(t, w.hook().Body, "line/unfollow.json")
		w.act(a, sim.Act{Do: sim.DoUnblock})
		sameShape(t, w.hook().Body, "line/follow_unblocked.json")
		w.do("POST", "/line/v2/bot/chat/markAsRead", auth, map[string]any{"markAsReadToken": "mr" + text})
		if chat, _ := a.Chat(a.Customers()[0]); chat[0].Status != "read" {
			t.Errorf("marked as read: %+v", chat[0])
		}
		if out := w.do("POST", "/line/v2/bot/channel/webhook/test", auth, map[string]any{}); out.json(t, "success") != true {
			t.Errorf("test of the webhook: %+v", out)
		}
		sameShape(t, w.hook().Body, "line/verify_empty.json")
	})
}

func TestLINETakesPushesOnceAndRepliesOnce(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, auth := lineAccount(w)
		push := func(key string, message map[string]any) reply {
			return w.doWith("POST", "/line/v2/bot/message/push", map[string]string{"Authorization": auth, "X-Line-Retry-Key": key}, map[string]any{
				"to": a.Customers()[0], "messages": []any{message},
			})
		}
		yes := map[string]any{"type": "text", "text": "Pick", "quickReply": map[string]any{"items": []any{map[string]any{
			"type": "action", "action": map[string]any{"type": "postback", "label": "Agent", "data": "flow=7&opt=agent", "displayText": "Agent"},
		}}}}
		sameShape(t, push("k1", yes).body, "line/send_200.json")
		again := push("k1", yes)
		if again.status != http.StatusConflict || again.header.Get("X-Line-Accepted-Request-Id") == "" {
			t.Errorf("the same key again: %+v", again)
		}
		sameShape(t, again.body, "line/error_409.json", "sentMessages[].quoteToken")
		if taken := a.Taken(); len(taken) != 1 || taken[0].Key != "k1" {
			t.Errorf("taken: %+v", taken)
		}
		w.act(a, sim.Act{Do: sim.DoTap, Button: "flow=7&opt=agent"})
		tap := w.hook()
		sameShape(t, tap.Body, "line/postback.json")

		answer := map[string]any{"replyToken": at(t, tap.Body, "events.0.replyToken"), "messages": []any{map[string]any{"type": "text", "text": "ok"}}}
		if out := w.do("POST", "/line/v2/bot/message/reply", auth, answer); out.status != http.StatusOK {
			t.Errorf("reply: %+v", out)
		}
		sameText(t, w.do("POST", "/line/v2/bot/message/reply", auth, answer), 400, "line/error_400_reply_token.json")
		if out := w.do("GET", "/line/v2/bot/message/quota/consumption", auth, nil); out.json(t, "totalUsage") != 1.0 {
			t.Errorf("a reply is free: %+v", out)
		}
		w.act(a, sim.Act{Do: sim.DoText, Text: "hello"})
		answer["replyToken"] = at(t, w.hook().Body, "events.0.replyToken")
		w.sim.Advance(2 * time.Minute)
		sameText(t, w.do("POST", "/line/v2/bot/message/reply", auth, answer), 400, "line/error_400_reply_token.json")

		if out := push("k2", map[string]any{"type": "text", "text": strings.Repeat("あ", 5001)}); out.status != http.StatusBadRequest {
			t.Errorf("a long text: %+v", out)
		}
		if out := push("k3", map[string]any{"type": "image", "originalContentUrl": "http://files.example.test/a.png", "previewImageUrl": "https://files.example.test/a.png"}); out.status != http.StatusBadRequest {
			t.Errorf("a picture without TLS: %+v", out)
		}
		a.SetTrouble(sim.Trouble{Quota: -1})
		sameText(t, push("k4", yes), 429, "line/error_429_quota.json")
		a.SetTrouble(sim.Trouble{PerSecond: 1})
		push("k5", yes)
		sameText(t, push("k6", yes), 429, "line/error_429_rate.json")
		a.SetTrouble(sim.Trouble{})
		w.sim.Advance(time.Hour)
		sameText(t, push("k7", yes), 401, "line/error_401.json")
	})
}

func TestLINEDeliversAgainOnlyWhereItWasSwitchedOn(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, _ := lineAccount(w)
		failures := 2
		w.answer = func(received) int {
			if failures--; failures >= 0 {
				return http.StatusServiceUnavailable
			}
			return http.StatusOK
		}
		w.act(a, sim.Act{Do: sim.DoText, Text: "hello"})
		time.Sleep(time.Minute)
		got := w.hooks()
		if len(got) != 3 || at(t, got[0].Body, "events.0.deliveryContext.isRedelivery") != false || at(t, got[2].Body, "events.0.deliveryContext.isRedelivery") != true {
			t.Fatalf("deliveries: %v", got)
		}
		if !lineSigned(a, got[2]) || at(t, got[0].Body, "events.0.webhookEventId") != at(t, got[2].Body, "events.0.webhookEventId") {
			t.Errorf("the last one: %v", got[2])
		}
		off := a.Console()
		off.Redeliver = false
		if err := a.Configure(w.t.Context(), off); err != nil {
			t.Fatal(err)
		}
		failures = 1
		w.act(a, sim.Act{Do: sim.DoText, Text: "lost"})
		time.Sleep(time.Minute)
		if got := w.hooks(); len(got) != 1 {
			t.Errorf("delivered %d times", len(got))
		}
	})
}
