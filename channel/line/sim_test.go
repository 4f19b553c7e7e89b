package line_test

import (
	"context"
	"fmt"
	"testing"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/desk"
	"madoguchi/sim"
)

func keyed(key string, m channel.Outgoing) channel.Outgoing {
	m.Key = key
	return m
}

// used is how many of the month's messages are gone.
func used(x *channeltest.Exchange) string {
	p, err := connector().Probe(context.Background(), x.Account)
	if err != nil || !p.OK() {
		return fmt.Sprintf("probe %+v, %v", p, err)
	}
	for _, f := range p.Facts {
		if f.Name == "used" {
			return f.Value
		}
	}
	return ""
}

// TestConversation goes through a conversation with the simulator, from the set-up to a revoked token.
func TestConversation(t *testing.T) {
	t.Parallel()
	c := connector()
	x := channeltest.NewExchange(t, c, channeltest.Form{})
	if err := c.Subscribe(t.Context(), x.Account); err != nil {
		t.Fatal(err)
	}
	if s := x.Act(sim.Act{Do: sim.DoStart}).Standing; s == nil || s.Is != channel.StandingFollowed || s.Token == "" || s.TokenUntil.IsZero() {
		t.Errorf("follow %+v", s)
	}
	asked := x.Act(sim.Act{Do: sim.DoText, Text: "予約したい"}).Message
	if asked == nil || asked.Peer.ExternalID != x.Customer || asked.Parts[0].Text != "予約したい" {
		t.Fatalf("message %+v", asked)
	}
	answer := outgoing(textPart("はい"))
	answer.Token, answer.ReplyTo, answer.QuoteRef = asked.Token, asked.ExternalID, asked.QuoteRef
	if _, f := x.Send(keyed("1", answer)); f != nil || used(x) != "0" {
		t.Errorf("a reply is free: %v, %s used", f, used(x))
	}
	if _, f := x.Send(keyed("2", answer)); f != nil || used(x) != "1" {
		t.Errorf("a used token makes a push: %v, %s used", f, used(x))
	}
	if last := x.Last(); last.Text != "はい" || last.ReplyTo != string(asked.ExternalID) {
		t.Errorf("the phone shows %+v", last)
	}
	x.Picture("")

	x.Shop.SetTrouble(sim.Trouble{Cut: true, Times: 1})
	menu := outgoing(desk.Part{Kind: desk.PartChoices, Text: "どれ", Choices: []desk.Choice{{ID: "opt_a", Label: "予約"}, {ID: "opt_b", Label: "返金"}}})
	if _, f := x.Send(keyed("3", menu)); f == nil || f.Certain || f.Once {
		t.Errorf("nobody knows, and the key does: %+v", f)
	}
	first, f := x.Send(keyed("3", menu))
	again, same := x.Send(keyed("3", menu))
	if f != nil || same != nil || first != again || used(x) != "2" {
		t.Errorf("one menu for three attempts: %s (%v), %s (%v), %s used", first, f, again, same, used(x))
	}
	if m := x.Act(sim.Act{Do: sim.DoTap, Button: "返金"}).Message; m == nil || m.Choice != "opt_b" || m.Parts[0].Text != "返金" || m.Token == "" {
		t.Errorf("press %+v", m)
	}

	if s := x.Act(sim.Act{Do: sim.DoBlock}).Standing; s == nil || s.Is != channel.StandingBlocked {
		t.Errorf("block %+v", s)
	}
	x.Shop.SetTrouble(sim.Trouble{Quota: -1})
	x.Refuses("with nothing left this month", keyed("4", outgoing(textPart("x"))), channel.ActCap)
	x.Revoked(keyed("5", outgoing(textPart("x"))))
}
