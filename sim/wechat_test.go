package sim_test

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"madoguchi/sim"
)

// wechat opens a WeChat account whose callback is set, and a token.
func wechat(w *world, safe bool) (a *sim.Account, token string) {
	a = w.account("wechat")
	console := sim.Console{Callback: callback, Token: "madoguchi_token", AESKey: "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG", Safe: safe}
	if err := a.Configure(w.t.Context(), console); err != nil {
		w.t.Fatal(err)
	}
	if got := w.hook(); got.Method != http.MethodGet || !strings.Contains(got.URL, "signature=") {
		w.t.Fatalf("the callback was asked %v", got)
	}
	out := w.do("POST", "/wechat/cgi-bin/stable_token", "", map[string]any{
		"grant_type": "client_credential", "appid": a.Credential("app_id"), "secret": a.Credential("app_secret"), "force_refresh": false,
	})
	sameShape(w.t, out.body, "wechat/token_200.json")
	token, _ = out.json(w.t, "access_token").(string)
	return a, "?access_token=" + token
}

// sameElements holds an XML message's elements against a fixture's.
func sameElements(t *testing.T, got received, name string) {
	t.Helper()
	have, want := elements(t, got.Body), elements(t, fixture(t, name))
	if fmt.Sprint(have) != fmt.Sprint(want) {
		t.Errorf("%s: elements %v, want %v", name, have, want)
	}
}

func elements(t *testing.T, text string) map[string]int {
	t.Helper()
	found := map[string]int{}
	d := xml.NewDecoder(strings.NewReader(text))
	for {
		token, err := d.Token()
		if err != nil {
			return found
		}
		if start, ok := token.(xml.StartElement); ok {
			found[start.Name.Local]++
		}
	}
}

func TestWeChat(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, token := wechat(w, false)
		someone := a.Customers()[0]
		send := func(text string) reply {
			return w.do("POST", "/wechat/cgi-bin/message/custom/send"+token, "", map[string]any{"touser": someone, "msgtype": "text", "text": map[string]any{"content": text}})
		}
		code := func(out reply) any { return out.json(t, "errcode") }
		if out := send("x"); code(out) != 45015.0 {
			t.Errorf("before they wrote: %+v", out)
		}
		w.act(a, sim.Act{Do: sim.DoStart, Text: "42"})
		sameElements(t, w.hook(), "wechat/ev_subscribe.xml")
		for i := range 4 {
			if out := send("x"); i < 3 && code(out) != 0.0 || i == 3 && code(out) != 45047.0 {
				t.Errorf("after following, message %d: %+v", i+1, out)
			}
		}
		w.act(a, sim.Act{Do: sim.DoText, Text: "你好"})
		sameElements(t, w.hook(), "wechat/in_text.xml")
		for i := range 6 {
			out := send("好")
			if i < 5 && code(out) != 0.0 || i == 5 && code(out) != 45047.0 {
				t.Errorf("after a message, message %d: %+v", i+1, out)
			}
		}
		w.act(a, sim.Act{Do: sim.DoFile, Files: []sim.Upload{picture}})
		image := w.hook()
		sameElements(t, image, "wechat/in_image.xml")
		_, id, _ := strings.Cut(image.Body, "<MediaId><![CDATA[")
		id, _, _ = strings.Cut(id, "]]>")
		if out := w.do("GET", "/wechat/cgi-bin/media/get"+token+"&media_id="+id, "", nil); out.body != string(picture.Data) {
			t.Errorf("media: %+v", out)
		}
		w.act(a, sim.Act{Do: sim.DoFile, Files: []sim.Upload{{Name: "a.amr", Type: "audio/amr", Data: []byte("#!AMR")}}})
		sameElements(t, w.hook(), "wechat/in_voice.xml")
		w.act(a, sim.Act{Do: sim.DoPlace, Place: place})
		sameElements(t, w.hook(), "wechat/in_location.xml")
		menu := map[string]any{"head_content": "?", "list": []any{map[string]any{"id": "101", "content": "满意"}}}
		w.do("POST", "/wechat/cgi-bin/message/custom/send"+token, "", map[string]any{"touser": someone, "msgtype": "msgmenu", "msgmenu": menu})
		w.act(a, sim.Act{Do: sim.DoTap, Button: "101"})
		sameElements(t, w.hook(), "wechat/in_menu_text.xml")

		upload := w.do("POST", "/wechat/cgi-bin/media/upload"+token+"&type=image", "", form{nil, "media", "a.png", "image/png", "\x89PNG"})
		out := w.do("POST", "/wechat/cgi-bin/message/custom/send"+token, "", map[string]any{"touser": someone, "msgtype": "image", "image": map[string]any{"media_id": upload.json(t, "media_id")}})
		sameText(t, out, 200, "wechat/send_ok.json")
		if out := send(strings.Repeat("好", 683)); code(out) != 45002.0 {
			t.Errorf("2049 bytes: %+v", out)
		}
		if out := send("<&>"); code(out) != 0.0 { // Go escapes these
			t.Errorf("escapes: %+v", out)
		}
		chat, _ := a.Chat(someone)
		if last := chat[len(chat)-1].Text; last != `\u003c\u0026\u003e` {
			t.Errorf("escapes are shown as %q", last)
		}
		w.sim.Advance(48*time.Hour + time.Second)
		out = w.do("POST", "/wechat/cgi-bin/message/custom/send"+token, "", map[string]any{"touser": someone, "msgtype": "text"})
		sameText(t, out, 200, "wechat/err_40001.json") // the token ended meanwhile
		a.SetTrouble(sim.Trouble{TokenOff: true})
		refused := w.do("GET", "/wechat/cgi-bin/token?grant_type=client_credential&appid="+a.Credential("app_id")+"&secret="+a.Credential("app_secret"), "", nil)
		if code(refused) != 40125.0 {
			t.Errorf("token: %+v", refused)
		}
	})
}

func TestWeChatRefuses(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, token := wechat(w, false)
		send := func(to string) reply {
			return w.do("POST", "/wechat/cgi-bin/message/custom/send"+token, "", map[string]any{"touser": to, "msgtype": "text", "text": map[string]any{"content": "x"}})
		}
		w.act(a, sim.Act{Do: sim.DoText, Text: "你好"})
		sameText(t, send("onobody"), 200, "wechat/err_40003.json")
		a.SetTrouble(sim.Trouble{PerSecond: 1})
		send(a.Customers()[0])
		sameText(t, send(a.Customers()[0]), 200, "wechat/err_45011.json")
		a.SetTrouble(sim.Trouble{Quota: -1})
		sameText(t, send(a.Customers()[0]), 200, "wechat/err_45009.json")
		a.SetTrouble(sim.Trouble{Status: 500})
		sameText(t, send(a.Customers()[0]), 200, "wechat/err_m1.json")
		a.SetTrouble(sim.Trouble{})
		w.act(a, sim.Act{Do: sim.DoBlock})
		sameElements(t, w.hooks()[1], "wechat/ev_unsubscribe.xml")
		sameText(t, send(a.Customers()[0]), 200, "wechat/err_43004.json")
		w.answer = func(received) int { return http.StatusInternalServerError }
		w.act(a, sim.Act{Do: sim.DoText, Text: "again"})
		time.Sleep(time.Minute)
		if got := w.hooks(); len(got) != 3 {
			t.Errorf("delivered %d times, want 3", len(got))
		}
		if err := a.Configure(w.t.Context(), sim.Console{Callback: callback, Token: "madoguchi_token"}); err == nil {
			t.Error("a callback that does not answer the check was taken")
		}
	})
}

func TestWeChatSealsMessagesInSafeMode(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, _ := wechat(w, true)
		w.act(a, sim.Act{Do: sim.DoText, Text: "你好"})
		got := w.hook()
		u, err := url.Parse(got.URL)
		if err != nil {
			t.Fatal(err)
		}
		if q := u.Query(); q.Get("encrypt_type") != "aes" || q.Get("msg_signature") == "" || strings.Contains(got.Body, "你好") || elements(t, got.Body)["Encrypt"] != 1 {
			t.Errorf("sealed: %v", got)
		}
	})
}
