package telegram_test

import (
	"testing"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/telegram"
	"madoguchi/desk"
	"madoguchi/sim"
)

// TestConversation goes through a conversation with the simulator, from the set-up to a revoked token.
func TestConversation(t *testing.T) {
	t.Parallel()
	bot := telegram.New()
	x := channeltest.NewExchange(t, bot, channeltest.Form{Made: map[string]string{"hook_secret": secret}})
	if err := bot.Subscribe(t.Context(), x.Account); err != nil {
		t.Fatal(err)
	}
	if p, err := bot.Probe(t.Context(), x.Account); err != nil || !p.OK() || p.Checks[1].State != channel.CheckPassed || p.Account != x.Account.Channel.Account {
		t.Fatalf("probe %+v, %v", p, err)
	}

	if s := x.Act(sim.Act{Do: sim.DoStart, Text: "ref_abc"}).Standing; s == nil || s.Referral == nil || s.Referral.ID != "ref_abc" {
		t.Errorf("start %+v", s)
	}
	asked := x.Act(sim.Act{Do: sim.DoText, Text: "予約したい"})
	if asked.Message == nil || asked.Message.Peer.ExternalID != x.Customer || asked.Message.Parts[0].Text != "予約したい" {
		t.Fatalf("message %+v", asked)
	}
	if m := x.Picture("これです"); len(m.Parts) != 2 {
		t.Errorf("a picture with words: %+v", m.Parts)
	}

	menu := outgoing(desk.Part{Kind: desk.PartChoices, Text: "どれ", Choices: []desk.Choice{{ID: "opt_a", Label: "予約"}, {ID: "opt_b", Label: "返金"}}})
	menu.ReplyTo = asked.Message.ExternalID
	id, f := x.Send(menu)
	if f != nil {
		t.Fatal(f)
	}
	if m := x.Act(sim.Act{Do: sim.DoTap, Button: "返金"}).Message; m == nil || m.Choice != "opt_b" || m.Parts[0].Text != "返金" || m.ReplyTo != id {
		t.Errorf("press %+v", m)
	}
	if _, f := x.Send(outgoing(textPart("写真"), desk.Part{Kind: desk.PartImage, AttachmentID: 1})); f != nil {
		t.Error(f)
	}
	if last := x.Last(); last.Text != "写真" || len(last.Files) != 1 {
		t.Errorf("the phone shows %+v", last)
	}

	if s := x.Act(sim.Act{Do: sim.DoBlock}).Standing; s == nil || s.Is != channel.StandingBlocked {
		t.Errorf("block %+v", s)
	}
	x.Refuses("to somebody who blocked the bot", outgoing(textPart("x")), channel.ActBlocked)
	if s := x.Act(sim.Act{Do: sim.DoUnblock}).Standing; s == nil || s.Is != channel.StandingUnblocked {
		t.Errorf("unblock %+v", s)
	}
	x.Shop.SetTrouble(sim.Trouble{Cut: true, Times: 1})
	if _, f := x.Send(outgoing(textPart("lost?"))); f == nil || f.Certain {
		t.Errorf("nobody knows: %+v", f)
	}
	x.Revoked(outgoing(textPart("x")))
}
