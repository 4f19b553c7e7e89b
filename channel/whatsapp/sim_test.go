package whatsapp_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/channeltest"
	"madoguchi/channel/whatsapp"
	"madoguchi/desk"
	"madoguchi/sim"
)

// begin opens a number whose webhooks come here.
func begin(t *testing.T) *channeltest.Exchange {
	t.Helper()
	x := channeltest.NewExchange(t, whatsapp.New(), channeltest.Form{Made: map[string]string{"verify_token": verifyToken}})
	if err := whatsapp.New().Subscribe(t.Context(), x.Account); err != nil {
		t.Fatal(err)
	}
	return x
}

// proven sends a message, and waits for its receipts.
func proven(t *testing.T, x *channeltest.Exchange, m channel.Outgoing) {
	t.Helper()
	m.Key = channeltest.Key
	id, f := x.Send(m)
	if f != nil {
		t.Fatal(f)
	}
	for _, status := range []desk.DeliveryStatus{desk.DeliverySent, desk.DeliveryDelivered, desk.DeliveryRead} {
		if r := x.Counter.Next().Receipt; r == nil || r.ExternalID != id || r.Key != channeltest.Key || r.Status != status {
			t.Fatalf("%s of %s: %+v", status, id, r)
		}
	}
}

// TestConversation goes through a conversation with the simulator, from the set-up to a revoked token.
func TestConversation(t *testing.T) {
	t.Parallel()
	x, c := begin(t), whatsapp.New()
	x.Shop.SetReceipts(sim.ReceiptsRead)
	probed, err := c.Probe(t.Context(), x.Account)
	if err != nil || slices.ContainsFunc(probed.Checks, func(c channel.Check) bool { return c.State != channel.CheckPassed }) {
		t.Fatalf("probe %+v, %v", probed, err)
	}

	said := x.Act(sim.Act{Do: sim.DoText, Text: "在庫は?"})
	if said.Message == nil || said.Account != x.Account.Channel.Account || said.Message.Parts[0].Text != "在庫は?" {
		t.Fatalf("message %+v", said)
	}
	x.To = said.Message.Peer
	x.Picture("")
	proven(t, x, channel.Outgoing{ReplyTo: said.Message.ExternalID, Parts: []desk.Part{text("あります")}})
	proven(t, x, offer("どちら?", "A", "B"))
	if m := x.Act(sim.Act{Do: sim.DoTap, Button: "o1"}).Message; m == nil || m.Choice != "o1" || m.Parts[0].Text != "A" {
		t.Errorf("tapped %+v", m)
	}
	proven(t, x, offer("どれ?", "1", "2", "3", "4"))
	if m := x.Act(sim.Act{Do: sim.DoTap, Button: "o4"}).Message; m == nil || m.Choice != "o4" {
		t.Errorf("tapped %+v", m)
	}
	if m := x.Act(sim.Act{Do: sim.DoOrder, Text: "急ぎで"}).Message; m == nil || m.Parts[0].Kind != desk.PartOrder || m.Parts[0].Items[1].Line() != "sku-2 × 1, JPY 380" || m.Parts[1].Text != "急ぎで" {
		t.Errorf("ordered %+v", m)
	}
	if m := x.Act(sim.Act{Do: sim.DoProduct, Text: "在庫は?"}).Message; m == nil || m.Parts[0].Text != "在庫は?" || m.Parts[1].Kind != desk.PartProduct || m.Parts[1].Items[0].ID != "sku-1" {
		t.Errorf("about a product %+v", m)
	}
	proven(t, x, channel.Outgoing{Parts: []desk.Part{{Kind: desk.PartLocation, Location: &desk.Location{Lat: 35.5, Lng: 139.25}}}})
	proven(t, x, attached(desk.PartImage, "a.png", "image/png", "見て"))
	if err := c.React(t.Context(), x.Account, x.To, said.Message.ExternalID, "👍"); err != nil {
		t.Error(err)
	}
	if err := c.Typing(t.Context(), x.Account, x.To, said.Message.ExternalID); err != nil {
		t.Error(err)
	}
	for do, is := range map[string]channel.StandingKind{sim.DoStop: channel.StandingMarketingStopped, sim.DoResume: channel.StandingMarketingResumed} {
		if s := x.Act(sim.Act{Do: do}).Standing; s == nil || s.Is != is || s.Peer.ExternalID != x.To.ExternalID {
			t.Errorf("%s: %+v", do, s)
		}
	}

	x.Sim.Advance(25 * time.Hour)
	x.Refuses("after 24 hours", out(text("late")), channel.ActWindow)
	useTemplates(t, x)
	x.Revoked(out(text("x")))
}

// useTemplates makes a template, has it approved, sends it and takes it away.
func useTemplates(t *testing.T, x *channeltest.Exchange) {
	t.Helper()
	c := whatsapp.New()
	written := orderTemplate()
	_, err := c.CreateTemplate(t.Context(), x.Account, written)
	if f := channel.AsFault(err); f == nil || f.Code != "100_2388024" {
		t.Errorf("a name that is taken: %v", err)
	}
	written.Name = "order_shipped"
	made, err := c.CreateTemplate(t.Context(), x.Account, written)
	if err == nil {
		err = x.Shop.ReviewTemplate(made.ExternalID, "APPROVED", "")
	}
	if err != nil {
		t.Fatal(err)
	}
	if n := x.Counter.Next().Notice; n == nil || n.Is != channel.NoticeTemplate || n.Template.ExternalID != made.ExternalID || n.Template.Status != "approved" {
		t.Errorf("notice %+v", n)
	}
	all, err := c.Templates(t.Context(), x.Account)
	i := slices.IndexFunc(all, func(t desk.Template) bool { return t.ExternalID == made.ExternalID })
	if err != nil || i < 0 || !all[i].Status.Sendable() || all[i].Body != made.Body {
		t.Fatalf("templates %+v, %v", all, err)
	}
	use := all[i].Use(map[string]string{"1": "秋子", "2": "発送済み", "header.1": "A-2", "button.1": "2"})
	proven(t, x, channel.Outgoing{Template: &use})
	if last := x.Last(); !strings.Contains(last.Text, "秋子 様、発送済み") || last.Buttons[1].URL != "https://example.test/2" {
		t.Errorf("on the phone: %+v", last)
	}
	usePlace(t, x)
	if err := x.Shop.ReviewTemplate(made.ExternalID, "PAUSED", ""); err != nil {
		t.Fatal(err)
	}
	x.Counter.Next()
	if _, f := x.Send(channel.Outgoing{Template: &use}); f == nil || f.Code != "132015" || f.Template != desk.TemplatePaused {
		t.Errorf("a paused template: %+v", f)
	}
	if err := c.DeleteTemplate(t.Context(), x.Account, made); err != nil {
		t.Error(err)
	}
	if _, f := x.Send(channel.Outgoing{Template: &use}); f == nil || f.Code != "132001" {
		t.Errorf("a template that is gone: %v", f)
	}
}

// TestATemplateWithAPicture: its sample is uploaded, it is approved, and goes out with a picture of its own (C3.4, C3.5).
func TestATemplateWithAPicture(t *testing.T) {
	t.Parallel()
	x := begin(t)
	x.Shop.SetReceipts(sim.ReceiptsRead)
	x.Act(sim.Act{Do: sim.DoText, Text: "1"})
	c, files := whatsapp.New(), files("shop.png", "image/png")
	written := orderTemplate()
	written.Name, written.Header = "picture", &desk.TemplateHeader{Kind: "image"}
	delete(written.Samples, "header.1")
	written.Samples[desk.SampleHeader] = "4::nobody"
	if _, err := c.CreateTemplate(t.Context(), x.Account, written); err == nil {
		t.Error("a sample that nobody uploaded")
	}
	handle, err := c.TemplateSample(t.Context(), x.Account, files[5])
	if err != nil {
		t.Fatal(err)
	}
	written.Samples[desk.SampleHeader] = handle
	made, err := c.CreateTemplate(t.Context(), x.Account, written)
	if err == nil {
		err = x.Shop.ReviewTemplate(made.ExternalID, "APPROVED", "")
	}
	if err != nil {
		t.Fatal(err)
	}
	x.Counter.Next()
	use := made.Use(map[string]string{"1": "秋子", "2": "発送済み", "button.1": "2"})
	if _, f := x.Send(channel.Outgoing{Template: &use}); f == nil || f.Code != "132012" {
		t.Errorf("without its picture: %v", f)
	}
	use.HeaderFile = 5
	proven(t, x, channel.Outgoing{Template: &use, Files: files})
	if last := x.Last(); len(last.Files) != 1 || last.Files[0].Kind != "image" || !strings.Contains(last.Text, "秋子") {
		t.Errorf("on the phone: %+v", last)
	}
}

// TestOddActs: everything else that customers do arrives as something.
func TestOddActs(t *testing.T) {
	t.Parallel()
	x := begin(t)
	first := x.Act(sim.Act{Do: sim.DoText, Text: "1", Ad: "ad1"})
	if first.Opens == nil || first.Opens.FreeFor != 72*time.Hour || first.Message.Referral == nil {
		t.Errorf("by an advertisement: %+v", first)
	}
	id := string(first.Message.ExternalID)
	for name, try := range map[string]struct {
		did  sim.Act
		want string
	}{
		"place":    {sim.Act{Do: sim.DoPlace, Place: &sim.Place{Lat: 1, Lon: 2, Title: "x"}}, "message"},
		"sticker":  {sim.Act{Do: sim.DoSticker}, "message"},
		"contact":  {sim.Act{Do: sim.DoContact}, "message"},
		"reaction": {sim.Act{Do: sim.DoReact, Message: id, Emoji: "👍"}, "reaction"},
		"edit":     {sim.Act{Do: sim.DoEdit, Message: id, Text: "2"}, "edit"},
		"strange":  {sim.Act{Do: sim.DoStrange}, "message"},
	} {
		if got := channeltest.Kind(x.Act(try.did)); got != try.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if u := x.Act(sim.Act{Do: sim.DoUnsend, Message: id}).Unsend; u == nil || string(u.ExternalID) != id {
		t.Errorf("unsent: %+v", u)
	}
	x.Act(sim.Act{Do: sim.DoText, Text: "x"})
	x.Do(sim.Act{Do: sim.DoBlock})
	x.To = first.Message.Peer
	id2, f := x.Send(out(text("x")))
	if r := x.Counter.Next().Receipt; f != nil || r == nil || r.ExternalID != id2 || r.Status != desk.DeliveryFailed || r.Fault.Code != "131026" {
		t.Errorf("to somebody who blocked us: %v, %+v", f, r)
	}
}

// TestSomebodyWithoutANumber is written to by their user id.
func TestSomebodyWithoutANumber(t *testing.T) {
	t.Parallel()
	x := begin(t)
	hidden := x.Shop.NewCustomer()
	if _, err := x.Shop.Write(hidden, "ひみつ"); err != nil {
		t.Fatal(err)
	}
	m := x.Counter.Next().Message
	if m == nil || m.Peer.Phone != "" || m.Peer.Alias != "" {
		t.Fatalf("message %+v", m)
	}
	x.To = m.Peer
	if id, f := x.Send(out(text("はい"))); f != nil || id == "" {
		t.Errorf("%q, %v", id, f)
	}
	if chat, err := x.Shop.Chat(hidden); err != nil || chat[len(chat)-1].Text != "はい" {
		t.Errorf("on the phone: %+v, %v", chat, err)
	}
}

// usePlace makes a template with a place above it and a code below it, has it approved and sends it.
func usePlace(t *testing.T, x *channeltest.Exchange) {
	t.Helper()
	c := whatsapp.New()
	made, err := c.CreateTemplate(t.Context(), x.Account, desk.Template{
		Name: "shop", Language: "ja", Category: "marketing", Body: "お店はこちらです。", Header: &desk.TemplateHeader{Kind: "location"},
		Buttons: []desk.TemplateButton{{Kind: "copy_code", Value: "SALE"}},
	})
	if err == nil {
		err = x.Shop.ReviewTemplate(made.ExternalID, "APPROVED", "")
	}
	if err != nil {
		t.Fatal(err)
	}
	x.Counter.Next()
	all, err := c.Templates(t.Context(), x.Account)
	i := slices.IndexFunc(all, func(t desk.Template) bool { return t.ExternalID == made.ExternalID })
	if err != nil || i < 0 {
		t.Fatalf("templates %+v, %v", all, err)
	}
	use := all[i].Use(nil)
	if _, f := x.Send(channel.Outgoing{Template: &use}); f == nil || f.Code != "132012" {
		t.Errorf("without the place: %+v", f)
	}
	use.HeaderPlace = &desk.TemplatePlace{Lat: 35.5, Lng: 139.25, Name: "店", Address: "東京都"}
	proven(t, x, channel.Outgoing{Template: &use})
	if last := x.Last(); last.Place == nil || last.Place.Title != "店" || last.Place.Address != "東京都" || last.Buttons[0].Label != "SALE" {
		t.Errorf("on the phone: %+v", last)
	}
	use.Variables = nil
	if _, f := x.Send(channel.Outgoing{Template: &use}); f == nil || f.Code != "131008" {
		t.Errorf("without the code: %+v", f)
	}
}
