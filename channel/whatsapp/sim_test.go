package whatsapp_test

import (
	"encoding/json"
	"io"
	"net/http/httptest"
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

// talk is a shop at the simulator, a customer of it and the counter that its webhooks come to.
type talk struct {
	t        *testing.T
	sim      *sim.Simulator
	shop     *sim.Account
	customer string
	account  channel.Account
	counter  *channeltest.Counter
}

func begin(t *testing.T) *talk {
	t.Helper()
	s := sim.New(sim.Config{Seed: "whatsapp", Client: channeltest.Client()})
	provider := httptest.NewServer(s)
	t.Cleanup(provider.Close)
	t.Cleanup(s.Close)
	s.SetBase(provider.URL)
	shop, err := s.NewAccount(whatsapp.Kind)
	if err != nil {
		t.Fatal(err)
	}
	a := account(t, shop.BaseURL())
	a.Now = time.Now
	a.Secrets["app_secret"], a.Secrets["token"] = shop.Credential("app_secret"), shop.Credential("token")
	a.Channel.Account = shop.Credential("phone_number_id")
	a.Channel.Settings, err = json.Marshal(map[string]string{
		"phone_number_id": a.Channel.Account, "waba_id": shop.Credential("waba_id"), "app_id": shop.Credential("app_id"),
	})
	if err != nil {
		t.Fatal(err)
	}
	k := &talk{t: t, sim: s, shop: shop, customer: shop.Customers()[0], account: a}
	k.counter = channeltest.NewCounter(t, whatsapp.New(), channel.Endpoint{Channel: a.Channel, Secrets: a.Secrets, Received: time.Now()})
	k.account.Callback = k.counter.URL
	return k
}

func (k *talk) act(did sim.Act) channel.Result {
	k.t.Helper()
	if _, err := k.shop.Act(k.customer, did); err != nil {
		k.t.Fatal(err)
	}
	return k.counter.Next()
}

func (k *talk) send(to channel.Peer, m channel.Outgoing) (desk.ExternalID, *channel.Fault) {
	m.To, m.Key, m.Attempt = to, "81-0", 1
	id, err := whatsapp.New().Send(k.t.Context(), k.account, m)
	return id, channel.AsFault(err)
}

// proven waits for the receipts of a message that went out.
func (k *talk) proven(id desk.ExternalID, f *channel.Fault) {
	k.t.Helper()
	if f != nil {
		k.t.Fatal(f)
	}
	for _, status := range []desk.DeliveryStatus{desk.DeliverySent, desk.DeliveryDelivered, desk.DeliveryRead} {
		if r := k.counter.Next().Receipt; r == nil || r.ExternalID != id || r.Key != "81-0" || r.Status != status {
			k.t.Fatalf("%s of %s: %+v", status, id, r)
		}
	}
}

// TestConversation goes through a conversation with the simulator, from the set-up to a revoked token.
func TestConversation(t *testing.T) {
	t.Parallel()
	k, c := begin(t), whatsapp.New()
	k.shop.SetReceipts(sim.ReceiptsRead)
	if err := c.Subscribe(t.Context(), k.account); err != nil {
		t.Fatal(err)
	}
	probed, err := c.Probe(t.Context(), k.account)
	if err != nil || slices.ContainsFunc(probed.Checks, func(c channel.Check) bool { return c.State != channel.CheckPassed }) {
		t.Fatalf("probe %+v, %v", probed, err)
	}

	said := k.act(sim.Act{Do: sim.DoText, Text: "在庫は?"})
	if said.Message == nil || said.Account != k.account.Channel.Account || said.Message.Parts[0].Text != "在庫は?" {
		t.Fatalf("message %+v", said)
	}
	customer := said.Message.Peer
	picture := k.act(sim.Act{Do: sim.DoFile, Files: []sim.Upload{{Name: "a.png", Data: []byte("\x89PNG\r\n\x1a\n and so on")}}}).Message
	media, err := c.Fetch(t.Context(), k.account, picture.Parts[0].MediaRef)
	if err != nil {
		t.Fatal(err)
	}
	if raw, err := io.ReadAll(media.Body); err != nil || media.Body.Close() != nil || !strings.HasSuffix(string(raw), " and so on") {
		t.Errorf("picture %q, %v", raw, err)
	}
	k.proven(k.send(customer, channel.Outgoing{ReplyTo: said.Message.ExternalID, Parts: []desk.Part{text("あります")}}))
	k.proven(k.send(customer, offer("どちら?", "A", "B")))
	if m := k.act(sim.Act{Do: sim.DoTap, Button: "o1"}).Message; m == nil || m.Choice != "o1" || m.Parts[0].Text != "A" {
		t.Errorf("tapped %+v", m)
	}
	k.proven(k.send(customer, offer("どれ?", "1", "2", "3", "4")))
	if m := k.act(sim.Act{Do: sim.DoTap, Button: "o4"}).Message; m == nil || m.Choice != "o4" {
		t.Errorf("tapped %+v", m)
	}
	k.proven(k.send(customer, channel.Outgoing{Parts: []desk.Part{{Kind: desk.PartLocation, Location: &desk.Location{Lat: 35.5, Lng: 139.25}}}}))
	k.proven(k.send(customer, attached(desk.PartImage, "a.png", "image/png", "見て")))
	if err := c.React(t.Context(), k.account, customer, said.Message.ExternalID, "👍"); err != nil {
		t.Error(err)
	}
	if err := c.Typing(t.Context(), k.account, customer, said.Message.ExternalID); err != nil {
		t.Error(err)
	}
	for do, is := range map[string]channel.StandingKind{sim.DoStop: channel.StandingMarketingStopped, sim.DoResume: channel.StandingMarketingResumed} {
		if s := k.act(sim.Act{Do: do}).Standing; s == nil || s.Is != is || s.Peer.ExternalID != customer.ExternalID {
			t.Errorf("%s: %+v", do, s)
		}
	}

	k.sim.Advance(25 * time.Hour)
	if _, f := k.send(customer, out(text("late"))); f == nil || f.Kind != channel.ActWindow || !f.Certain {
		t.Errorf("after 24 hours: %v", f)
	}
	k.useTemplates(customer)
	k.shop.SetTrouble(sim.Trouble{TokenOff: true})
	if _, f := k.send(customer, out(text("x"))); f == nil || f.Kind != channel.ActToken {
		t.Errorf("with a revoked token: %v", f)
	}
}

// useTemplates makes a template, has it approved, sends it and takes it away.
func (k *talk) useTemplates(customer channel.Peer) {
	k.t.Helper()
	c := whatsapp.New()
	written := orderTemplate()
	_, err := c.CreateTemplate(k.t.Context(), k.account, written)
	if f := channel.AsFault(err); f == nil || f.Code != "100_2388024" {
		k.t.Errorf("a name that is taken: %v", err)
	}
	written.Name = "order_shipped"
	made, err := c.CreateTemplate(k.t.Context(), k.account, written)
	if err == nil {
		err = k.shop.ReviewTemplate(made.ExternalID, "APPROVED", "")
	}
	if err != nil {
		k.t.Fatal(err)
	}
	if n := k.counter.Next().Notice; n == nil || n.Is != channel.NoticeTemplate || n.Template.ExternalID != made.ExternalID || n.Template.Status != "approved" {
		k.t.Errorf("notice %+v", n)
	}
	all, err := c.Templates(k.t.Context(), k.account)
	i := slices.IndexFunc(all, func(t desk.Template) bool { return t.ExternalID == made.ExternalID })
	if err != nil || i < 0 || !all[i].Status.Sendable() || all[i].Body != made.Body {
		k.t.Fatalf("templates %+v, %v", all, err)
	}
	use := all[i].Use(map[string]string{"1": "秋子", "2": "発送済み", "header.1": "A-2", "button.1": "2"})
	k.proven(k.send(customer, channel.Outgoing{Template: &use}))
	chat, err := k.shop.Chat(k.customer)
	if last := chat[len(chat)-1]; err != nil || !strings.Contains(last.Text, "秋子 様、発送済み") {
		k.t.Errorf("on the phone: %+v, %v", last, err)
	}
	if err := c.DeleteTemplate(k.t.Context(), k.account, made); err != nil {
		k.t.Error(err)
	}
	if _, f := k.send(customer, channel.Outgoing{Template: &use}); f == nil || f.Code != "132001" {
		k.t.Errorf("a template that is gone: %v", f)
	}
}

// TestOddActs: everything else that customers do arrives as something.
func TestOddActs(t *testing.T) {
	t.Parallel()
	k := begin(t)
	if err := whatsapp.New().Subscribe(t.Context(), k.account); err != nil {
		t.Fatal(err)
	}
	first := k.act(sim.Act{Do: sim.DoText, Text: "1", Ad: "ad1"})
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
		if got := channeltest.Kind(k.act(try.did)); got != try.want {
			t.Errorf("%s: %s", name, got)
		}
	}
	if u := k.act(sim.Act{Do: sim.DoUnsend, Message: id}).Unsend; u == nil || string(u.ExternalID) != id {
		t.Errorf("unsent: %+v", u)
	}
	k.act(sim.Act{Do: sim.DoText, Text: "x"})
	if _, err := k.shop.Act(k.customer, sim.Act{Do: sim.DoBlock}); err != nil {
		t.Fatal(err)
	}
	id2, f := k.send(first.Message.Peer, out(text("x")))
	if r := k.counter.Next().Receipt; f != nil || r == nil || r.ExternalID != id2 || r.Status != desk.DeliveryFailed || r.Fault.Code != "131026" {
		t.Errorf("to somebody who blocked us: %v, %+v", f, r)
	}
}

// TestSomebodyWithoutANumber is written to by their user id.
func TestSomebodyWithoutANumber(t *testing.T) {
	t.Parallel()
	k := begin(t)
	if err := whatsapp.New().Subscribe(t.Context(), k.account); err != nil {
		t.Fatal(err)
	}
	hidden := k.shop.NewCustomer()
	if _, err := k.shop.Write(hidden, "ひみつ"); err != nil {
		t.Fatal(err)
	}
	m := k.counter.Next().Message
	if m == nil || m.Peer.Phone != "" || m.Peer.Alias != "" {
		t.Fatalf("message %+v", m)
	}
	if id, f := k.send(m.Peer, out(text("はい"))); f != nil || id == "" {
		t.Errorf("%q, %v", id, f)
	}
	if chat, err := k.shop.Chat(hidden); err != nil || chat[len(chat)-1].Text != "はい" {
		t.Errorf("on the phone: %+v, %v", chat, err)
	}
}
