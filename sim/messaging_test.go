package sim_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"madoguchi/sim"
)

// page opens a Messenger or Instagram account whose callback is set and subscribed.
func page(w *world, kind string) (a *sim.Account, base, auth string) {
	a = w.account(kind)
	base, auth = "/"+kind+"/v25.0/", "Bearer "+a.Credential("access_token")
	app := a.Credential("app_id")
	out := w.do("POST", base+app+"/subscriptions", "Bearer "+app+"|"+a.Credential("app_secret"), map[string]any{
		"object": "page", "callback_url": callback, "verify_token": "vt", "fields": "messages",
	})
	if out.status != http.StatusOK {
		w.t.Fatal(out)
	}
	fields := "messages,messaging_postbacks,message_deliveries,message_reads,message_echoes,message_reactions,message_edits,message_edit,messaging_seen"
	if out := w.do("POST", base+"me/subscribed_apps?subscribed_fields="+fields, auth, nil); out.status != http.StatusOK {
		w.t.Fatal(out)
	}
	w.hooks()
	return a, base, auth
}

func TestMessengerTellsWhatCustomersDo(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, base, auth := page(w, "messenger")
		text := w.act(a, sim.Act{Do: sim.DoText, Text: "こんにちは"})
		got := w.hook()
		sameShape(t, got.Body, "messenger/in_text.json")
		if !metaSigned(a, got) {
			t.Errorf("signature of %v", got)
		}
		w.act(a, sim.Act{Do: sim.DoFile, Files: []sim.Upload{picture}})
		image := w.hook().Body
		sameShape(t, image, "messenger/in_image.json")
		link, _ := at(t, image, "entry.0.messaging.0.message.attachments.0.payload.url").(string)
		if out := w.do("GET", link, "", nil); out.body != string(picture.Data) {
			t.Errorf("the picture: %+v", out)
		}
		w.act(a, sim.Act{Do: sim.DoPlace, Place: place})
		sameShape(t, w.hook().Body, "messenger/in_location.json")
		w.act(a, sim.Act{Do: sim.DoSticker})
		sameShape(t, w.hook().Body, "messenger/in_sticker.json")
		w.act(a, sim.Act{Do: sim.DoText, Text: "はい", Message: text})
		sameShape(t, w.hook().Body, "messenger/in_reply.json")
		w.act(a, sim.Act{Do: sim.DoReact, Message: text, Emoji: "❤"})
		sameShape(t, w.hook().Body, "messenger/reaction.json")
		if out := w.do("GET", base+a.Customers()[0]+"?fields=name", auth, nil); out.json(t, "first_name") == "" {
			t.Errorf("profile: %+v", out)
		}
		if out := w.do("GET", base+"me?fields=id,name", auth, nil); out.json(t, "id") != a.Credential("page_id") {
			t.Errorf("page: %+v", out)
		}
	})
}

func TestMessengerTakesWhatPagesSend(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, base, auth := page(w, "messenger")
		send := func(tag string, message map[string]any) reply {
			body := map[string]any{"recipient": map[string]any{"id": a.Customers()[0]}, "messaging_type": "RESPONSE", "message": message}
			if tag != "" {
				body["messaging_type"], body["tag"] = "MESSAGE_TAG", tag
			}
			return w.do("POST", base+a.Credential("page_id")+"/messages", auth, body)
		}
		hello := map[string]any{"text": "お待ちください", "metadata": "msg_1"}
		sameText(t, send("", hello), 400, "messenger/error_10_2018278.json")
		w.act(a, sim.Act{Do: sim.DoText, Text: "hello"})
		w.hooks()
		sameShape(t, send("", hello).body, "messenger/send_200.json")
		got := w.hooks()
		if len(got) != 2 {
			t.Fatalf("%d webhooks after a send", len(got))
		}
		sameShape(t, got[0].Body, "messenger/echo.json")
		sameShape(t, got[1].Body, "messenger/delivery.json")
		w.act(a, sim.Act{Do: sim.DoRead})
		if read := w.hook(); at(t, read.Body, "entry.0.messaging.0.read.watermark") == nil {
			t.Errorf("read: %s", read.Body)
		}
		send("", map[string]any{"text": "Pick", "quick_replies": []any{map[string]any{"content_type": "text", "title": "A", "payload": "flow:7:a"}}})
		w.hooks()
		w.act(a, sim.Act{Do: sim.DoTap, Button: "A"})
		sameShape(t, w.hook().Body, "messenger/in_quick_reply.json")
		buttons := []any{map[string]any{"type": "postback", "title": "Yes", "payload": "y"}}
		send("", map[string]any{"attachment": map[string]any{"type": "template", "payload": map[string]any{"template_type": "button", "text": "T", "buttons": buttons}}})
		w.hooks()
		w.act(a, sim.Act{Do: sim.DoTap, Button: "y"})
		if tap := w.hook(); at(t, tap.Body, "entry.0.messaging.0.postback.payload") != "y" {
			t.Errorf("postback: %s", tap.Body)
		}
		if out := send("", map[string]any{"attachment": map[string]any{"type": "image", "payload": map[string]any{"url": "https://files.example.test/a.png"}}}); out.status != http.StatusOK {
			t.Errorf("a picture: %+v", out)
		}
		if out := send("", map[string]any{"text": strings.Repeat("あ", 2001)}); out.status != http.StatusBadRequest {
			t.Errorf("a long text: %+v", out)
		}
		w.sim.Advance(25 * time.Hour)
		sameText(t, send("", hello), 400, "messenger/error_10_2018278.json")
		if out := send("HUMAN_AGENT", hello); out.status != http.StatusOK {
			t.Errorf("tagged: %+v", out)
		}
		sameText(t, send("ACCOUNT_UPDATE", hello), 400, "messenger/error_100_1893061.json")
		a.SetHumanAgent(false)
		sameText(t, send("HUMAN_AGENT", hello), 400, "messenger/error_100_2018276.json")
		w.act(a, sim.Act{Do: sim.DoText, Text: "by an ad", Ad: "ad7"})
		w.sim.Advance(48 * time.Hour)
		if out := send("", hello); out.status != http.StatusOK {
			t.Errorf("after an advertisement: %+v", out)
		}
		a.SetTrouble(sim.Trouble{PerChat: 1})
		send("", hello)
		sameText(t, send("", hello), 400, "messenger/error_613.json")
		a.SetTrouble(sim.Trouble{Status: 500})
		sameText(t, send("", hello), 500, "messenger/error_2.json")
	})
}

func TestInstagram(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, base, auth := page(w, "instagram")
		text := w.act(a, sim.Act{Do: sim.DoText, Text: "在庫ありますか"})
		sameShape(t, w.hook().Body, "instagram/in_text.json")
		w.act(a, sim.Act{Do: sim.DoReact, Message: text, Emoji: "❤"})
		sameShape(t, w.hook().Body, "instagram/reaction.json")
		w.act(a, sim.Act{Do: sim.DoUnsend, Message: text})
		sameShape(t, w.hook().Body, "instagram/in_deleted.json")
		w.act(a, sim.Act{Do: sim.DoSticker})
		sameShape(t, w.hook().Body, "instagram/in_like_heart.json")
		w.act(a, sim.Act{Do: sim.DoStart})
		sameShape(t, w.hook().Body, "instagram/postback_icebreaker.json")
		send := func(text string) reply {
			return w.do("POST", base+"me/messages", auth, map[string]any{"recipient": map[string]any{"id": a.Customers()[0]}, "message": map[string]any{"text": text}})
		}
		sameShape(t, send("はい").body, "instagram/send_200.json")
		sameShape(t, w.hook().Body, "instagram/echo.json")
		w.act(a, sim.Act{Do: sim.DoRead})
		sameShape(t, w.hook().Body, "instagram/read.json")
		if out := send(strings.Repeat("あ", 334)); out.status != http.StatusBadRequest {
			t.Errorf("1002 bytes: %+v", out)
		}
		if out := send(strings.Repeat("あ", 333)); out.status != http.StatusOK {
			t.Errorf("999 bytes: %+v", out)
		}
		w.sim.Advance(25 * time.Hour)
		if out := send("late"); out.json(t, "error.error_subcode") != 2534022.0 {
			t.Errorf("outside the window: %+v", out)
		}
		w.act(a, sim.Act{Do: sim.DoBlock})
		sameText(t, send("x"), 400, "instagram/error_551.json")
	})
}
