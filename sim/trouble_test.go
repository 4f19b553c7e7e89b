package sim_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"madoguchi/sim"
)

func TestTroubleMeetsSends(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, base := bot(w)
		w.act(a, sim.Act{Do: sim.DoStart})
		send := func(text string) reply {
			return w.do("POST", base+"/sendMessage", "", map[string]any{"chat_id": a.Customers()[0], "text": text})
		}
		a.SetTrouble(sim.Trouble{Status: 502, Times: 1})
		if out := send("refused"); out.status != http.StatusBadGateway || len(a.Taken()) != 0 {
			t.Errorf("502: %+v", out)
		}
		if out := send("one"); out.status != http.StatusOK {
			t.Errorf("after the trouble: %+v", out)
		}
		a.SetTrouble(sim.Trouble{Status: 500, Take: true, Times: 1})
		if out := send("two"); out.status != http.StatusInternalServerError {
			t.Errorf("500 after taking: %+v", out)
		}
		a.SetTrouble(sim.Trouble{Cut: true, Times: 1})
		if out := send("three"); !out.cut {
			t.Errorf("cut: %+v", out)
		}
		a.SetTrouble(sim.Trouble{DelayMS: 5000, Times: 1})
		begun := time.Now()
		if out := send("four"); out.status != http.StatusOK || time.Since(begun) != 5*time.Second {
			t.Errorf("late: %+v after %s", out, time.Since(begun))
		}
		a.Decide(func(x sim.Attempt) sim.Outcome {
			if x.Text == "decided" {
				return sim.Outcome{Throttle: 7 * time.Second}
			}
			return sim.Outcome{}
		})
		if out := send("decided"); out.json(t, "parameters.retry_after") != 7.0 {
			t.Errorf("decided: %+v", out)
		}
		var texts []string
		for _, m := range a.Taken() {
			texts = append(texts, m.Text)
		}
		if got := strings.Join(texts, " "); got != "one two three four" {
			t.Errorf("taken: %s", got)
		}
	})
}

func TestWebhooksComeAsTroubleWants(t *testing.T) {
	t.Parallel()
	inWorld(t, func(w *world) {
		a, _ := bot(w)
		texts := func() string {
			var all []string
			for _, got := range w.hooks() {
				text, _ := at(t, got.Body, "message.text").(string)
				all = append(all, text)
			}
			return strings.Join(all, " ")
		}
		a.SetTrouble(sim.Trouble{Duplicate: true})
		w.act(a, sim.Act{Do: sim.DoText, Text: "1"})
		if got := texts(); got != "1 1" {
			t.Errorf("twice: %s", got)
		}
		a.SetTrouble(sim.Trouble{Reorder: true})
		w.act(a, sim.Act{Do: sim.DoText, Text: "2"})
		w.act(a, sim.Act{Do: sim.DoText, Text: "3"})
		time.Sleep(time.Minute)
		if got := texts(); got != "3 2" {
			t.Errorf("out of order: %s", got)
		}
		a.SetTrouble(sim.Trouble{HookDelayMS: 3000})
		w.act(a, sim.Act{Do: sim.DoText, Text: "4"})
		if got := texts(); got != "" || w.sim.Pending() != 1 {
			t.Errorf("at once: %s", got)
		}
		time.Sleep(3 * time.Second)
		if got := texts(); got != "4" {
			t.Errorf("late: %s", got)
		}
		a.SetTrouble(sim.Trouble{})
		w.answer = func(got received) int {
			if strings.Contains(got.Body, `"5"`) && len(w.got) == 1 {
				return 0
			}
			return http.StatusOK
		}
		w.act(a, sim.Act{Do: sim.DoText, Text: "5"})
		w.act(a, sim.Act{Do: sim.DoText, Text: "6"})
		time.Sleep(time.Minute)
		if got := texts(); got != "5 6 5" {
			t.Errorf("again after no answer: %s", got)
		}
		if len(a.Hooks()) != 8 {
			t.Errorf("%d deliveries remembered", len(a.Hooks()))
		}
	})
}
