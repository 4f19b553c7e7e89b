package sim_test

import (
	"net/http"
	"path/filepath"
	"testing"
	"testing/synctest"

	"madoguchi/sim"
)

// What was set up before a restart works after it, with the same credentials: a desk that is connected stays so.
func TestARestartKeepsWhatWasSetUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t}
		config := sim.Config{Seed: "test", Client: &http.Client{Transport: w}, Keep: filepath.Join(t.TempDir(), "simulator.json")}
		w.sim = sim.New(config)
		before, base := bot(w)
		shop, _, _ := page(w, "messenger")
		number, _, _ := whatsappAccount(w)
		w.act(before, sim.Act{Do: sim.DoText, Text: "before"})
		w.act(shop, sim.Act{Do: sim.DoBlock})
		templates := number.Templates()
		if err := number.ReviewTemplate(templates[0].ID, "PAUSED", ""); err != nil {
			t.Fatal(err)
		}
		w.hooks()
		w.sim.Close()

		w.sim = sim.New(config)
		if n := len(w.sim.Accounts()); n != 3 {
			t.Fatalf("%d accounts", n)
		}
		after := w.sim.Account(before.ID)
		w.act(after, sim.Act{Do: sim.DoReact, Message: w.act(after, sim.Act{Do: sim.DoText, Text: "after"}), Emoji: "👍"})
		if got := w.hooks(); len(got) != 2 || got[0].URL != callback || got[0].Header.Get("X-Telegram-Bot-Api-Secret-Token") != "Mdg-7_secret" {
			t.Errorf("told: %v", got)
		}
		if out := w.do("POST", base+"/sendMessage", "", map[string]any{"chat_id": after.Customers()[0], "text": "hello"}); out.status != http.StatusOK {
			t.Errorf("sent: %+v", out)
		}
		out := w.do("POST", "/messenger/me/messages", "Bearer "+shop.Credential("access_token"), map[string]any{"recipient": map[string]any{"id": shop.Customers()[0]}, "message": map[string]any{"text": "x"}})
		if out.json(t, "error.code") != 551.0 {
			t.Errorf("to somebody who blocked us: %+v", out)
		}
		if again := w.sim.Account(number.ID).Templates(); len(again) != len(templates) || again[0].Status != "PAUSED" {
			t.Errorf("templates: %+v", again)
		}
		w.sim.Close()
	})
}
