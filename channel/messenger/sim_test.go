package messenger_test

import (
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/messenger"
	"madoguchi/desk"
	"madoguchi/sim"
)

// TestConversation goes through a conversation with the simulator, from the set-up to a revoked token.
func TestConversation(t *testing.T) {
	t.Parallel()
	c := messenger.New()
	x := channeltest.NewExchange(t, c, channeltest.Form{Settings: map[string]any{"human_agent": true}, Made: map[string]string{"verify_token": "vt_test"}})
	if err := c.Subscribe(t.Context(), x.Account); err != nil {
		t.Fatal(err)
	}
	if probed, err := c.Probe(t.Context(), x.Account); err != nil || !allPassed(probed) || probed.Account != x.Account.Channel.Account {
		t.Fatalf("probe %+v, %v", probed, err)
	}

	said := x.Act(sim.Act{Do: sim.DoText, Text: "在庫は?"})
	if said.Message == nil || said.Account != x.Account.Channel.Account || said.Message.Peer.ExternalID != x.Customer || said.Message.Parts[0].Text != "在庫は?" {
		t.Fatalf("message %+v", said)
	}
	x.Picture("")
	if p, err := c.Profile(t.Context(), x.Account, said.Message.Peer); err != nil || p.Name == "" {
		t.Errorf("profile %+v, %v", p, err)
	}

	if m := x.Act(sim.Act{Do: sim.DoProduct}).Message; m == nil || m.Parts[0].Kind != desk.PartProduct || m.Parts[0].Items[0].Line() != "Mug (sku-1), ¥1,200" || m.Parts[1].Media != desk.MediaFetching {
		t.Errorf("shared a product %+v", m)
	}

	id, f := x.Send(channel.Outgoing{Parts: []desk.Part{{Kind: desk.PartChoices, Text: "どちら?", Choices: []desk.Choice{{ID: "flow:1:a", Label: "A"}}}}})
	if f != nil {
		t.Fatal(f)
	}
	if e := x.Counter.Next().Echo; e == nil || !e.Ours || e.Key != channeltest.Key || e.ExternalID != id {
		t.Errorf("echo %+v of %s", e, id)
	}
	if r := x.Counter.Next().Receipt; r == nil || r.ExternalID != id || r.Status != desk.DeliveryDelivered {
		t.Errorf("receipt %+v of %s", r, id)
	}
	if r := x.Counter.Next().Receipt; r == nil || r.Peer == nil || r.Until.IsZero() {
		t.Errorf("receipt up to an instant: %+v", r)
	}
	if m := x.Act(sim.Act{Do: sim.DoTap, Button: "flow:1:a"}).Message; m == nil || m.Choice != "flow:1:a" || m.Parts[0].Text != "A" {
		t.Errorf("tapped %+v", m)
	}
	file := desk.Attachment{ID: 5, Kind: desk.PartImage, Name: "a.png", MIME: "image/png", Size: 5}
	if _, f := x.Send(channel.Outgoing{Parts: []desk.Part{{Kind: desk.PartImage, AttachmentID: 5}}, Files: map[desk.ID]channel.File{5: {Attachment: file, Open: open}}}); f != nil {
		t.Errorf("a picture: %v", f)
	}
	if last := x.Last(); len(last.Files) != 1 {
		t.Errorf("on the phone: %+v", last)
	}

	x.Sim.Advance(25 * time.Hour)
	x.Refuses("after 24 hours", channel.Outgoing{Parts: text("late")}, channel.ActWindow)
	if _, f := x.Send(channel.Outgoing{Parts: text("late"), Tag: "human_agent"}); f != nil {
		t.Errorf("a member, after 24 hours: %v", f)
	}
	x.Shop.SetHumanAgent(false)
	x.Refuses("without the approval", channel.Outgoing{Parts: text("late"), Tag: "human_agent"}, channel.ActWindow)
	x.Do(sim.Act{Do: sim.DoBlock})
	x.Refuses("to somebody who blocked the page", channel.Outgoing{Parts: text("x")}, channel.ActBlocked)
	x.Revoked(channel.Outgoing{Parts: text("x")})
}

func allPassed(p channel.Probed) bool {
	for _, c := range p.Checks {
		if c.State != channel.CheckPassed {
			return false
		}
	}
	return len(p.Checks) > 0
}
