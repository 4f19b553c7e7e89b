package app_test

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"madoguchi/desk"
)

// TestEveryChannelAsksForARating closes a case on every channel and answers, on the customer's phone, what it is asked then
// (B4, G7.1).
func TestEveryChannelAsksForARating(t *testing.T) {
	t.Parallel()
	d := openDesk(t)
	var state struct {
		Accounts []account `json:"accounts"`
	}
	d.ask("GET", "/sim/control/state", nil, &state)
	for _, a := range state.Accounts {
		d.connect(a)
	}
	var channels struct {
		Items []struct {
			ID, Version int64
			Kind        string
		}
	}
	d.ask("GET", "/api/v1/channels", nil, &channels)
	for _, c := range channels.Items {
		if c.Kind != "webchat" {
			d.ask("PATCH", fmt.Sprintf("/api/v1/channels/%d", c.ID), map[string]any{"version": c.Version, "automation": map[string]any{
				"survey": true, "acknowledge": false, "answer_minutes": 0, "ack_texts": map[string]string{}, "help_texts": map[string]string{}, "confirm_opt_out": false,
			}}, nil)
		}
	}
	for _, a := range state.Accounts {
		d.ask("POST", a.path("acts"), map[string]any{"customer": a.Customers[0].ID, "do": "text", "text": "hello from " + a.Kind}, nil)
	}
	for range state.Accounts {
		d.answerNext()
	}
	tapped := 0
	for _, a := range state.Accounts {
		k := d.caseOf(a)
		d.ask("POST", fmt.Sprintf("/api/v1/tickets/%d/resolve", k), nil, nil)
		act := func(x map[string]any) {
			t.Helper()
			x["customer"] = a.Customers[0].ID
			d.ask("POST", a.path("acts"), x, nil)
		}
		if asked := d.phoneShows(a, "1(不満)〜5(満足)"); len(asked.Buttons) > 0 {
			act(map[string]any{"do": "tap", "message": asked.ID, "button": asked.Buttons[desk.MaxScore-1].Label})
			d.phoneShows(a, "ご意見")
			act(map[string]any{"do": "text", "text": "助かりました"})
			tapped++
		} else {
			act(map[string]any{"do": "text", "text": "5です。助かりました"})
			d.phoneShows(a, "ありがとうございました。")
		}
		var ticket struct {
			Status string
			Survey struct {
				State   string
				Score   int
				Comment string
			}
		}
		d.until(a.Kind+": the rating is there", func() bool {
			d.ask("GET", fmt.Sprintf("/api/v1/tickets/%d", k), nil, &ticket)
			return ticket.Survey.Comment != ""
		})
		if s := ticket.Survey; ticket.Status != "resolved" || s.State != "answered" || s.Score != 5 || s.Comment != "助かりました" {
			t.Errorf("%s: %+v", a.Kind, ticket)
		}
	}
	if tapped < 3 {
		t.Errorf("%d channels offer buttons", tapped)
	}
}

// caseOf is the ticket of an account's first customer.
func (d *runningDesk) caseOf(a account) (ticket int64) {
	d.t.Helper()
	var list struct {
		Items []struct {
			ChannelKind string `json:"channel_kind"`
			Ticket      struct{ ID int64 }
		}
	}
	d.ask("GET", "/api/v1/conversations?view=all", nil, &list)
	for _, c := range list.Items {
		if c.ChannelKind == a.Kind {
			ticket = c.Ticket.ID
		}
	}
	return ticket
}

// phoneMessage is what the phone shows.
type phoneMessage struct {
	ID      string
	Mine    bool
	Text    string
	Buttons []struct{ Label string }
}

// phoneShows waits until the last thing on the first customer's phone is from us and contains some words.
func (d *runningDesk) phoneShows(a account, words string) (last phoneMessage) {
	d.t.Helper()
	d.until(a.Kind+": the phone shows "+words, func() bool {
		var chat struct {
			Messages []phoneMessage `json:"messages"`
		}
		d.ask("GET", a.path("chat?customer="+url.QueryEscape(a.Customers[0].ID)), nil, &chat)
		last = chat.Messages[len(chat.Messages)-1]
		return !last.Mine && strings.Contains(last.Text, words)
	})
	return last
}
