package sim_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"madoguchi/sim"
)

// bot opens a Telegram account whose webhook is set.
func bot(w *world) (*sim.Account, string) {
	a := w.account("telegram")
	base := "/telegram/bot" + a.Credential("token")
	out := w.do("POST", base+"/setWebhook", "", map[string]any{
		"url": callback, "secret_token": "Mdg-7_secret", "allowed_updates": []string{"message", "edited_message", "callback_query", "my_chat_member", "message_reaction"},
	})
	if out.status != http.StatusOK {
		w.t.Fatal(out)
	}
	return a, base
}

func TestTelegramTellsWhatCustomersDo(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, base := bot(w)
		w.act(a, sim.Act{Do: sim.DoStart, Text: "ref_abc"})
		sameShape(t, w.hook().Body, "telegram/start_payload.json")
		text := w.act(a, sim.Act{Do: sim.DoText, Text: "予約したい"})
		got := w.hook()
		sameShape(t, got.Body, "telegram/in_text.json", "message.entities")
		if got.Header.Get("X-Telegram-Bot-Api-Secret-Token") != "Mdg-7_secret" || got.URL != callback {
			t.Errorf("not as it was set: %v", got)
		}
		w.act(a, sim.Act{Do: sim.DoFile, Text: "写真", Files: []sim.Upload{picture}})
		photo := w.hook().Body
		sameShape(t, photo, "telegram/in_photo.json")
		w.act(a, sim.Act{Do: sim.DoFile, Files: []sim.Upload{{Name: "a.pdf", Type: "application/pdf", Data: []byte("%PDF")}}})
		sameShape(t, w.hook().Body, "telegram/in_document.json")
		w.act(a, sim.Act{Do: sim.DoFile, Files: []sim.Upload{picture, picture}})
		if album := w.hooks(); len(album) != 2 {
			t.Errorf("an album of two came as %d updates", len(album))
		} else {
			sameShape(t, album[0].Body, "telegram/in_album_1.json")
		}
		w.act(a, sim.Act{Do: sim.DoPlace, Place: &sim.Place{Lat: 1, Lon: 2}})
		sameShape(t, w.hook().Body, "telegram/in_location.json")
		w.act(a, sim.Act{Do: sim.DoSticker})
		sameShape(t, w.hook().Body, "telegram/in_sticker.json")
		w.act(a, sim.Act{Do: sim.DoContact})
		sameShape(t, w.hook().Body, "telegram/in_contact.json")
		w.act(a, sim.Act{Do: sim.DoEdit, Message: text, Text: "予約したいです"})
		sameShape(t, w.hook().Body, "telegram/edited.json")
		w.act(a, sim.Act{Do: sim.DoReact, Message: text, Emoji: "👍"})
		sameShape(t, w.hook().Body, "telegram/reaction.json")
		sent := w.do("POST", base+"/sendMessage", "", map[string]any{"chat_id": a.Customers()[0], "text": "よろしいですか?"})
		chat, _ := a.Chat(a.Customers()[0])
		w.act(a, sim.Act{Do: sim.DoText, Text: "はい", Message: chat[len(chat)-1].ID})
		sameShape(t, w.hook().Body, "telegram/in_reply.json")
		sameShape(t, sent.body, "telegram/send_200.json")
		w.act(a, sim.Act{Do: sim.DoBlock})
		sameShape(t, w.hook().Body, "telegram/blocked.json")
		sameText(t, w.do("POST", base+"/sendMessage", "", map[string]any{"chat_id": a.Customers()[0], "text": "x"}), 403, "telegram/error_403_blocked.json")
		w.act(a, sim.Act{Do: sim.DoUnblock})
		sameShape(t, w.hook().Body, "telegram/unblocked.json")

		file := w.do("POST", base+"/getFile", "", map[string]any{"file_id": at(t, photo, "message.photo.1.file_id")})
		path, _ := file.json(t, "result.file_path").(string)
		if data := w.do("GET", strings.Replace(base, "/bot", "/file/bot", 1)+"/"+path, "", nil); data.body != string(picture.Data) || data.header.Get("Content-Type") != "image/jpeg" {
			t.Errorf("the photo came as %q", data.body)
		}
	})
}

func TestTelegramTakesWhatBotsSend(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, base := bot(w)
		someone := a.Customers()[0]
		send := func(body map[string]any) reply {
			body["chat_id"] = someone
			return w.do("POST", base+"/sendMessage", "", body)
		}
		if out := send(map[string]any{"text": "x"}); out.status != http.StatusForbidden || !strings.Contains(out.body, "can't initiate") {
			t.Errorf("a bot wrote first: %+v", out)
		}
		w.act(a, sim.Act{Do: sim.DoText, Text: "hello"})
		keyboard := map[string]any{"inline_keyboard": [][]any{{map[string]any{"text": "Yes", "callback_data": "flow:7:y"}}}}
		send(map[string]any{"text": "<b>1 &lt; 2</b>", "parse_mode": "HTML", "reply_markup": keyboard})
		w.hooks()
		w.act(a, sim.Act{Do: sim.DoTap, Button: "Yes"})
		if tap := w.hook(); at(t, tap.Body, "callback_query.data") != "flow:7:y" || at(t, tap.Body, "callback_query.message.reply_markup.inline_keyboard.0.0.text") != "Yes" {
			t.Errorf("tapped %s", tap.Body)
		}
		if chat, _ := a.Chat(someone); chat[1].Text != "1 < 2" {
			t.Errorf("the phone shows %+v", chat[1])
		}
		sameText(t, send(map[string]any{"text": strings.Repeat("😀", 2049)}), 400, "telegram/error_400_long.json")
		if out := send(map[string]any{"text": strings.Repeat("😀", 2048)}); out.status != http.StatusOK {
			t.Errorf("a text at the limit: %+v", out)
		}
		if out := send(map[string]any{"text": "<b>x", "parse_mode": "HTML"}); !strings.Contains(out.body, "can't parse entities") {
			t.Errorf("broken formatting: %+v", out)
		}
		long := map[string]any{"inline_keyboard": [][]any{{map[string]any{"text": "Yes", "callback_data": strings.Repeat("x", 65)}}}}
		if out := send(map[string]any{"text": "x", "reply_markup": long}); !strings.Contains(out.body, "BUTTON_DATA_INVALID") {
			t.Errorf("65 bytes behind a button: %+v", out)
		}
		photo := w.do("POST", base+"/sendPhoto", "", form{map[string]string{"chat_id": someone, "caption": "c"}, "photo", "a.png", "image/png", "\x89PNG"})
		if photo.status != http.StatusOK || photo.json(t, "result.caption") != "c" {
			t.Errorf("photo: %+v", photo)
		}
		if out := w.do("POST", base+"/sendPhoto", "", map[string]any{"chat_id": someone, "photo": "https://files.example.test/a.png"}); out.status != http.StatusOK {
			t.Errorf("photo by address: %+v", out)
		}
		someone = "1"
		sameText(t, send(map[string]any{"text": "x"}), 400, "telegram/error_400_chat.json")
		sameShape(t, w.do("GET", base+"/getMe", "", nil).body, "telegram/getme_200.json")
		if taken := a.Taken(); len(taken) != 4 || taken[0].Text != "1 < 2" {
			t.Errorf("taken: %+v", taken)
		}
		a.SetTrouble(sim.Trouble{TokenOff: true})
		sameText(t, w.do("GET", base+"/getMe", "", nil), 401, "telegram/error_401.json")
	})
}

func TestTelegramKeepsItsRates(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, base := bot(w)
		w.act(a, sim.Act{Do: sim.DoStart})
		a.SetTrouble(sim.Trouble{PerChat: 1})
		send := func() reply {
			return w.do("POST", base+"/sendMessage", "", map[string]any{"chat_id": a.Customers()[0], "text": "x"})
		}
		if out := send(); out.status != http.StatusOK {
			t.Fatal(out)
		}
		out := send()
		if out.status != http.StatusTooManyRequests || out.json(t, "parameters.retry_after") != 1.0 {
			t.Errorf("the second in a second: %+v", out)
		}
		time.Sleep(time.Second) // of the bubble
		if out := send(); out.status != http.StatusOK {
			t.Errorf("a second later: %+v", out)
		}
		if all, exceeded := a.Requests(); all != 3 || exceeded != 1 {
			t.Errorf("%d requests, %d too many", all, exceeded)
		}
	})
}
