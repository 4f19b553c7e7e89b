package sim_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"madoguchi/sim"
)

// metaSigned reports whether a webhook carries the signature of its raw bytes.
func metaSigned(a *sim.Account, got received) bool {
	mac := hmac.New(sha256.New, []byte(a.Credential("app_secret")))
	mac.Write([]byte(got.Body))
	return got.Header.Get("X-Hub-Signature-256") == "sha256="+hex.EncodeToString(mac.Sum(nil))
}

// whatsappAccount opens a WhatsApp account whose callback is set.
func whatsappAccount(w *world) (a *sim.Account, base, auth string) {
	a = w.account("whatsapp")
	a.SetReceipts(sim.ReceiptsSent)
	base, auth = "/whatsapp/v25.0/", "Bearer "+a.Credential("token")
	out := w.do("POST", base+a.Credential("waba_id")+"/subscribed_apps", auth, map[string]any{"override_callback_uri": callback, "verify_token": "vt"})
	if out.status != http.StatusOK {
		w.t.Fatal(out)
	}
	if got := w.hook(); got.Method != http.MethodGet || !strings.Contains(got.URL, "hub.verify_token=vt") {
		w.t.Fatalf("the callback was asked %v", got)
	}
	return a, base, auth
}

func TestWhatsAppTellsWhatCustomersDo(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, base, auth := whatsappAccount(w)
		text := w.act(a, sim.Act{Do: sim.DoText, Text: "こんにちは"})
		got := w.hook()
		sameShape(t, got.Body, "whatsapp/in_text.json")
		if !metaSigned(a, got) || !strings.Contains(got.Body, `\u3053\u3093`) {
			t.Errorf("signature or escapes of %v", got)
		}
		upload := func(name, kind string) []sim.Upload {
			return []sim.Upload{{Name: name, Type: kind, Data: []byte("data")}}
		}
		const message = "entry.0.changes.0.value.messages.0."
		w.act(a, sim.Act{Do: sim.DoFile, Text: "壊れた部品", Files: []sim.Upload{picture}})
		image := w.hook().Body
		sameShape(t, image, "whatsapp/in_image.json")
		w.act(a, sim.Act{Do: sim.DoFile, Files: upload("a.ogg", "audio/ogg; codecs=opus")})
		sameShape(t, w.hook().Body, "whatsapp/in_voice.json")
		w.act(a, sim.Act{Do: sim.DoFile, Files: upload("a.mp4", "video/mp4")})
		sameShape(t, w.hook().Body, "whatsapp/in_video.json")
		w.act(a, sim.Act{Do: sim.DoFile, Files: upload("a.pdf", "application/pdf")})
		if got := w.hook().Body; at(t, got, message+"document.filename") != "a.pdf" {
			t.Errorf("document: %s", got)
		}
		w.act(a, sim.Act{Do: sim.DoSticker})
		sameShape(t, w.hook().Body, "whatsapp/in_sticker.json")
		w.act(a, sim.Act{Do: sim.DoPlace, Place: place})
		sameShape(t, w.hook().Body, "whatsapp/in_location.json")
		w.act(a, sim.Act{Do: sim.DoContact})
		if got := w.hook().Body; at(t, got, message+"contacts.0.phones.0.phone") == nil {
			t.Errorf("contact: %s", got)
		}
		w.act(a, sim.Act{Do: sim.DoOrder})
		sameShape(t, w.hook().Body, "whatsapp/in_order.json")
		w.act(a, sim.Act{Do: sim.DoProduct})
		if got := w.hook().Body; at(t, got, message+"context.referred_product.product_retailer_id") != "sku-1" {
			t.Errorf("from a product's page: %s", got)
		}
		w.act(a, sim.Act{Do: sim.DoText, Text: "はい", Message: text})
		sameShape(t, w.hook().Body, "whatsapp/in_text_reply.json")
		w.act(a, sim.Act{Do: sim.DoText, Text: "広告を見ました", Ad: "120200000000001"})
		sameShape(t, w.hook().Body, "whatsapp/in_referral_ctwa.json", "entry[].changes[].value.messages[].referral")
		w.act(a, sim.Act{Do: sim.DoReact, Message: text, Emoji: "👍"})
		sameShape(t, w.hook().Body, "whatsapp/in_reaction.json")
		w.act(a, sim.Act{Do: sim.DoReact, Message: text})
		sameShape(t, w.hook().Body, "whatsapp/in_reaction_removed.json")
		w.act(a, sim.Act{Do: sim.DoEdit, Message: text, Text: "こんにちは!"})
		sameShape(t, w.hook().Body, "whatsapp/in_edit.json")
		w.act(a, sim.Act{Do: sim.DoUnsend, Message: text})
		sameShape(t, w.hook().Body, "whatsapp/in_revoke.json")
		w.act(a, sim.Act{Do: sim.DoStrange})
		sameShape(t, w.hook().Body, "whatsapp/in_unsupported.json")
		w.act(a, sim.Act{Do: sim.DoStop})
		sameShape(t, w.hook().Body, "whatsapp/user_preferences_stop.json")
		if _, err := a.Write(a.NewCustomer(), "名前だけ"); err != nil {
			t.Fatal(err)
		}
		sameShape(t, w.hook().Body, "whatsapp/in_username_only.json")

		id, _ := at(t, image, message+"image.id").(string)
		media := w.do("GET", base+id+"?phone_number_id="+a.Credential("phone_number_id"), auth, nil)
		sameShape(t, media.body, "whatsapp/media_200.json")
		link, _ := media.json(t, "url").(string)
		if out := w.do("GET", link, auth, nil); out.body != string(picture.Data) {
			t.Errorf("media: %+v", out)
		}
		if out := w.do("GET", link, "", nil); out.status != http.StatusUnauthorized {
			t.Errorf("media without a token: %+v", out)
		}
	})
}

func TestWhatsAppTakesWhatBusinessesSend(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, base, auth := whatsappAccount(w)
		to := a.Customers()[0]
		send := func(kind string, content any) reply {
			return w.do("POST", base+a.Credential("phone_number_id")+"/messages", auth, map[string]any{
				"messaging_product": "whatsapp", "recipient_type": "individual", "to": to, "type": kind, kind: content, "biz_opaque_callback_data": "msg_1",
			})
		}
		text := map[string]any{"body": "ok"}
		sameText(t, send("text", text), 400, "whatsapp/error_131047.json")
		template := map[string]any{"name": "order_update", "language": map[string]any{"code": "en_US"}, "components": []any{map[string]any{
			"type": "body", "parameters": []any{map[string]any{"type": "text", "text": "Aki"}, map[string]any{"type": "text", "text": "A-42"}},
		}}}
		sameShape(t, send("template", template).body, "whatsapp/send_200.json")
		status := w.hook()
		sameShape(t, status.Body, "whatsapp/status_sent.json")
		if chat, _ := a.Chat(to); chat[0].Text != "Hi Aki, your order A-42 is on its way." {
			t.Errorf("the phone shows %+v", chat[0])
		}
		template["language"] = map[string]any{"code": "fr"}
		sameText(t, send("template", template), 404, "whatsapp/error_132001.json")

		w.act(a, sim.Act{Do: sim.DoText, Text: "hello"})
		w.hooks()
		a.SetReceipts(sim.ReceiptsDelivered)
		send("text", text)
		if got := w.hooks(); len(got) != 2 {
			t.Errorf("%d receipts", len(got))
		} else {
			sameShape(t, got[1].Body, "whatsapp/status_delivered.json")
		}
		w.act(a, sim.Act{Do: sim.DoRead})
		if got := w.hooks(); len(got) != 2 || at(t, got[1].Body, "entry.0.changes.0.value.statuses.0.status") != "read" {
			t.Errorf("read: %v", got)
		}
		reply := func(id, title string) any {
			return map[string]any{"type": "reply", "reply": map[string]any{"id": id, "title": title}}
		}
		buttons := func(all ...any) any {
			return map[string]any{"type": "button", "body": map[string]any{"text": "B"}, "action": map[string]any{"buttons": all}}
		}
		send("interactive", buttons(reply("flow:7:yes", "はい")))
		w.hooks()
		w.act(a, sim.Act{Do: sim.DoTap, Button: "はい"})
		sameShape(t, w.hook().Body, "whatsapp/in_button_reply.json")
		if out := send("interactive", buttons(reply("1", "1"), reply("2", "2"), reply("3", "3"), reply("4", "4"))); out.status != http.StatusBadRequest {
			t.Errorf("four buttons: %+v", out)
		}
		rows := []any{map[string]any{"id": "menu:billing", "title": "請求", "description": "請求書の再発行"}}
		send("interactive", map[string]any{"type": "list", "body": map[string]any{"text": "B"}, "action": map[string]any{"button": "Menu", "sections": []any{map[string]any{"title": "S", "rows": rows}}}})
		w.hooks()
		w.act(a, sim.Act{Do: sim.DoTap, Button: "menu:billing"})
		sameShape(t, w.hook().Body, "whatsapp/in_list_reply.json")

		media := w.do("POST", base+a.Credential("phone_number_id")+"/media", auth, form{map[string]string{"messaging_product": "whatsapp", "type": "image/png"}, "file", "a.png", "image/png", "\x89PNG"})
		if out := send("image", map[string]any{"id": media.json(t, "id"), "caption": "c"}); out.status != http.StatusOK {
			t.Errorf("image: %+v", out)
		}
		if out := send("text", map[string]any{"body": strings.Repeat("あ", 4097)}); out.status != http.StatusBadRequest {
			t.Errorf("a long text: %+v", out)
		}
		w.sim.Advance(24*time.Hour + time.Second)
		sameText(t, send("text", text), 400, "whatsapp/error_131047.json")

		w.act(a, sim.Act{Do: sim.DoText, Text: "hello"})
		w.act(a, sim.Act{Do: sim.DoBlock})
		w.hooks()
		if out := send("text", text); out.status != http.StatusOK {
			t.Errorf("to somebody who blocked us: %+v", out)
		}
		if got := w.hook(); at(t, got.Body, "entry.0.changes.0.value.statuses.0.errors.0.code") != 131026.0 {
			t.Errorf("blocked: %s", got.Body)
		}
		a.SetTrouble(sim.Trouble{PerSecond: 1})
		send("text", text)
		sameText(t, send("text", text), 429, "whatsapp/error_130429.json")
		a.SetTrouble(sim.Trouble{Status: 503})
		sameText(t, send("text", text), 503, "whatsapp/error_131016.json")
		a.SetTrouble(sim.Trouble{TokenOff: true})
		sameText(t, send("text", text), 401, "whatsapp/error_190.json")
	})
}

func TestWhatsAppTemplatesAreReviewed(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, base, auth := whatsappAccount(w)
		path := base + a.Credential("waba_id") + "/message_templates"
		made := w.do("POST", path, auth, map[string]any{
			"name": "hello", "language": "ja", "category": "UTILITY", "components": []any{map[string]any{"type": "BODY", "text": "こんにちは"}},
		})
		id, _ := made.json(t, "id").(string)
		if made.json(t, "status") != "PENDING" {
			t.Errorf("made: %+v", made)
		}
		if out := w.do("POST", path, auth, map[string]any{"name": "Hello!", "language": "ja", "components": []any{map[string]any{"type": "BODY", "text": "x"}}}); out.status != http.StatusBadRequest {
			t.Errorf("a bad name: %+v", out)
		}
		if err := a.ReviewTemplate(id, "APPROVED", ""); err != nil {
			t.Fatal(err)
		}
		sameShape(t, w.hook().Body, "whatsapp/template_approved.json")
		if err := a.ReviewTemplate(id, "REJECTED", "INVALID_FORMAT"); err != nil {
			t.Fatal(err)
		}
		sameShape(t, w.hook().Body, "whatsapp/template_rejected.json")
		seen, after := 0, ""
		for range 9 {
			page := w.do("GET", path+"?limit=2&after="+after, auth, nil)
			list, _ := page.json(t, "data").([]any)
			seen += len(list)
			after, _ = page.json(t, "paging.cursors.after").(string)
			if page.json(t, "paging.next") == nil {
				break
			}
		}
		if seen != len(a.Templates()) || seen != 5 {
			t.Errorf("%d templates listed of %d", seen, len(a.Templates()))
		}
		w.do("DELETE", path+"?name=hello&hsm_id="+id, auth, nil)
		if slices.ContainsFunc(a.Templates(), func(x sim.Template) bool { return x.ID == id }) {
			t.Error("deleted, and still there")
		}
	})
}

func TestWhatsAppProbes(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, base, auth := whatsappAccount(w)
		if out := w.do("GET", base+a.Credential("phone_number_id")+"?fields=display_phone_number", auth, nil); out.json(t, "platform_type") != "CLOUD_API" {
			t.Errorf("number: %+v", out)
		}
		app := a.Credential("app_id") + "|" + a.Credential("app_secret")
		out := w.do("GET", base+"debug_token?input_token="+a.Credential("token")+"&access_token="+strings.ReplaceAll(app, "|", "%7C"), "", nil)
		if out.json(t, "data.is_valid") != true || out.json(t, "data.app_id") != a.Credential("app_id") {
			t.Errorf("debug_token: %+v", out)
		}
		if out := w.do("GET", base+"debug_token?input_token=x&access_token="+a.Credential("app_id")+"%7Cwrong", "", nil); out.json(t, "error.code") != 190.0 {
			t.Errorf("a wrong app secret: %+v", out)
		}
		w.answer = func(received) int { return http.StatusForbidden }
		if out := w.do("POST", base+a.Credential("waba_id")+"/subscribed_apps", auth, map[string]any{"override_callback_uri": callback, "verify_token": "no"}); out.json(t, "error.code") != 2200.0 {
			t.Errorf("a callback that refuses: %+v", out)
		}
	})
}
