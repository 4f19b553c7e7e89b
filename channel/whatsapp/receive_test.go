package whatsapp_test

import (
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

// meaning is what a fixture means: the kinds of its results, and what is in them.
type meaning struct {
	kinds string
	check func(*testing.T, channel.Reply)
}

// one checks the only result of a reply, or its first.
func one(check func(*testing.T, channel.Result)) func(*testing.T, channel.Reply) {
	return func(t *testing.T, r channel.Reply) {
		if len(r.Results) == 0 {
			t.Fatal("nothing")
		}
		check(t, r.Results[0])
	}
}

// says checks a message's parts, its choice and what it answers.
func says(part desk.Part, more ...desk.Part) func(*testing.T, channel.Reply) {
	return one(func(t *testing.T, r channel.Result) {
		sameParts(t, r.Message.Parts, append([]desk.Part{part}, more...))
	})
}

func sameParts(t *testing.T, got, want []desk.Part) {
	t.Helper()
	if toJSON(t, got) != toJSON(t, want) {
		t.Errorf("parts %s, want %s", toJSON(t, got), toJSON(t, want))
	}
}

func text(s string) desk.Part { return desk.Part{Kind: desk.PartText, Text: s} }

func unknown(s string) desk.Part { return desk.Part{Kind: desk.PartUnknown, Text: s} }

func picked(label, id string, answers desk.ExternalID) func(*testing.T, channel.Reply) {
	return one(func(t *testing.T, r channel.Result) {
		sameParts(t, r.Message.Parts, []desk.Part{text(label)})
		if r.Message.Choice != id || r.Message.ReplyTo != answers {
			t.Errorf("choice %q of %q", r.Message.Choice, r.Message.ReplyTo)
		}
	})
}

func received(status desk.DeliveryStatus, price desk.Price) func(*testing.T, channel.Reply) {
	return one(func(t *testing.T, r channel.Result) {
		p := r.Receipt
		if p.ExternalID != "wamid.OUT0001" || p.Key != "msg_01J0000000000000000000000A" || p.Status != status || p.At.IsZero() {
			t.Errorf("receipt %+v", p)
		}
		if (p.Price == nil) != (price == desk.Price{}) || p.Price != nil && *p.Price != price {
			t.Errorf("price %+v", p.Price)
		}
	})
}

func refused(kind channel.Action, code string) func(*testing.T, channel.Reply) {
	return one(func(t *testing.T, r channel.Result) {
		if f := r.Receipt.Fault; f.Kind != kind || f.Code != code || !f.Certain {
			t.Errorf("fault %+v", f)
		}
	})
}

func noted(account string, is channel.NoticeKind, code, detail string) func(*testing.T, channel.Reply) {
	return one(func(t *testing.T, r channel.Result) {
		if r.Account != account || r.Notice.Is != is || r.Notice.Code != code || r.Notice.Detail != detail {
			t.Errorf("account %q, notice %+v", r.Account, r.Notice)
		}
	})
}

func templated(want desk.Template) func(*testing.T, channel.Reply) {
	return one(func(t *testing.T, r channel.Result) {
		got := *r.Notice.Template
		got.UpdatedAt = time.Time{}
		if r.Notice.At.IsZero() || toJSON(t, got) != toJSON(t, want) {
			t.Errorf("template %s, want %s", toJSON(t, got), toJSON(t, want))
		}
	})
}

func stands(is channel.StandingKind, to *channel.Peer) func(*testing.T, channel.Reply) {
	return one(func(t *testing.T, r channel.Result) {
		if s := r.Standing; s.Is != is || s.Peer.ExternalID != user || s.At.IsZero() || toJSON(t, s.To) != toJSON(t, to) {
			t.Errorf("standing %s, to %s", toJSON(t, s), toJSON(t, to))
		}
	})
}

func checkText(t *testing.T, r channel.Result) {
	want := channel.Peer{ExternalID: user, Alias: phone, Name: "秋子", Phone: "+" + phone}
	if r.Message.Peer != want || r.Account != numberID || r.Key != "m/wamid.TEST0001" || r.Message.ExternalID != "wamid.TEST0001" {
		t.Errorf("result %+v of %+v", r, r.Message)
	}
	if !r.Message.At.Equal(time.Unix(1764000001, 0)) || r.Opens != nil {
		t.Errorf("at %s, opens %+v", r.Message.At, r.Opens)
	}
	sameParts(t, r.Message.Parts, []desk.Part{text("こんにちは")})
}

func checkReferral(t *testing.T, r channel.Result) {
	want := desk.Referral{Source: "ad", ID: "120200000000001", Title: "冬セール", URL: "https://fb.example.test/ad1"}
	if *r.Message.Referral != want {
		t.Errorf("referral %+v", r.Message.Referral)
	}
	if o := r.Opens; o == nil || o.For != 24*time.Hour || o.FreeFor != 72*time.Hour || !o.At.Equal(r.Message.At) {
		t.Errorf("opens %+v", o)
	}
}

func checkReaction(t *testing.T, r channel.Result) {
	if x := r.Reaction; x.ExternalID != "wamid.OUT0001" || x.Emoji != "👍" || x.Peer.ExternalID != user {
		t.Errorf("reaction %+v", x)
	}
	if r.Opens == nil || r.Opens.For != 24*time.Hour || !r.Opens.At.Equal(r.Reaction.At) {
		t.Errorf("a reaction opens the window (C1.2): %+v", r.Opens)
	}
}

func checkMixed(t *testing.T, r channel.Reply) {
	accounts := map[string]int{}
	for _, one := range r.Results {
		accounts[one.Account]++
	}
	if accounts[numberID] != 3 || accounts["880000000000002"] != 2 {
		t.Errorf("results by account: %v", accounts)
	}
}

func file(kind desk.PartKind, ref, name string) desk.Part {
	return desk.Part{Kind: kind, MediaRef: ref, MediaName: name, Media: desk.MediaFetching}
}

func voice(ref string) desk.Part {
	p := file(desk.PartAudio, ref, "")
	p.Voice = true
	return p
}

func sticker() desk.Part {
	p := file(desk.PartImage, "1003383421380007", "")
	p.Sticker = true
	return p
}

var service = desk.Price{Billable: true, Model: "PMP", Type: "regular", Category: "service"}

// meanings are what the fixtures mean, by name.
var meanings = map[string]meaning{
	"in_text":           {"message", one(checkText)},
	"in_text_reply":     {"message", picked("はい", "", "wamid.OUT0001")},
	"in_text_forwarded": {"message", picked("見て", "", "")},
	"in_image":          {"message", says(file(desk.PartImage, "1003383421380003", ""), text("壊れた部品"))},
	"in_voice":          {"message", says(voice("1003383421380004"))},
	"in_video":          {"message", says(file(desk.PartVideo, "1003383421380005", ""))},
	"in_sticker":        {"message", says(sticker())},
	"in_document":       {"message", says(file(desk.PartFile, "1003383421380009", "見積.pdf"), text("見積です"))},
	"in_old_voice":      {"message", says(voice("1003383421380010"))},
	"in_location": {"message", says(desk.Part{Kind: desk.PartLocation, Location: &desk.Location{
		Lat: 35.681236, Lng: 139.767125, Label: "東京駅, 千代田区丸の内1",
	}})},
	"in_contacts": {"message", says(desk.Part{Kind: desk.PartCards, Cards: []desk.Card{
		{Name: "山田 太郎", Phones: []string{"+81 90-0000-0001", "+819000000002"}, Emails: []string{"taro@example.test"}, Org: "見本商事"}, {Name: "Kei"},
	}})},
	"in_button_reply": {"message", picked("はい", "flow:7:yes", "wamid.OUT0002")},
	"in_list_reply":   {"message", picked("請求", "menu:billing", "wamid.OUT0003")},
	"in_button":       {"message", picked("はい", "p1", "wamid.OUT0009")},
	"in_nfm_reply":    {"message", says(text("Sent\nemail: aki@example.test"))},
	"in_order":        {"message", says(desk.Part{Kind: desk.PartOrder, Items: []desk.Item{{ID: "sku-1", Quantity: 2, Price: "1200", Currency: "JPY"}}})},
	"in_order_several": {"message", says(desk.Part{Kind: desk.PartOrder, Items: []desk.Item{
		{ID: "MUG-BLUE", Quantity: 3, Price: "12.50", Currency: "EUR"}, {ID: "4901234567894", Quantity: 1, Price: "0.5", Currency: "EUR"}, {ID: "no-price"},
	}}, text("急ぎでお願いします"))},
	"in_order_empty":   {"message", says(unknown("order"))},
	"in_product":       {"message", says(text("在庫はありますか"), desk.Part{Kind: desk.PartProduct, Items: []desk.Item{{ID: "sku-1"}}})},
	"in_referral_ctwa": {"message", one(checkReferral)},
	"in_reaction":      {"reaction", one(checkReaction)},
	"in_reaction_removed": {"reaction", one(func(t *testing.T, r channel.Result) {
		if r.Reaction.Emoji != "" || r.Opens != nil {
			t.Errorf("%+v opens %+v", r.Reaction, r.Opens)
		}
	})},
	"in_unsupported":       {"message", says(unknown("unsupported"))},
	"in_unknown_kind":      {"message", says(unknown("hologram"))},
	"in_interactive_empty": {"message", says(unknown("interactive"))},
	"in_strange_shape":     {"message", says(unknown("text"))},
	"in_milliseconds": {"message", one(func(t *testing.T, r channel.Result) {
		sameParts(t, r.Message.Parts, []desk.Part{text("ms")})
		if !r.Message.At.Equal(time.UnixMilli(1764001000123)) {
			t.Errorf("at %s", r.Message.At)
		}
	})},
	"in_username_only": {"message", one(func(t *testing.T, r channel.Result) {
		if want := (channel.Peer{ExternalID: "JP.200000000000000002", Name: "Kei"}); r.Message.Peer != want {
			t.Errorf("peer %+v", r.Message.Peer)
		}
	})},
	"in_system_number_change": {"standing", stands(channel.StandingMoved, &channel.Peer{ExternalID: user, Alias: "819099999999", Phone: "+819099999999"})},
	"in_user_id_change":       {"standing", stands(channel.StandingMoved, &channel.Peer{ExternalID: "JP.300000000000000003", Alias: phone, Phone: "+" + phone})},
	"in_identity_change":      {"unknown", nil},
	"in_request_welcome":      {"standing", stands(channel.StandingStarted, nil)},
	"in_group":                {"unknown", nil},
	"in_edit": {"edit", one(func(t *testing.T, r channel.Result) {
		sameParts(t, r.Edit.Parts, []desk.Part{text("こんにちは!")})
		if r.Edit.ExternalID != "wamid.TEST0001" || r.Opens != nil {
			t.Errorf("edit %+v, opens %+v", r.Edit, r.Opens)
		}
	})},
	"in_edit_caption": {"edit", one(func(t *testing.T, r channel.Result) {
		sameParts(t, r.Edit.Parts, []desk.Part{file(desk.PartImage, "1003383421380003", ""), text("直しました")})
	})},
	"in_revoke": {"unsend", one(func(t *testing.T, r channel.Result) {
		if r.Unsend.ExternalID != "wamid.TEST0001" || r.Unsend.Peer.ExternalID != user {
			t.Errorf("unsend %+v", r.Unsend)
		}
	})},
	"multi_batch": {"message message", nil},
	"mixed_batch": {"message unknown message unknown unknown unknown message receipt", checkMixed},
	"echo": {"echo unknown", one(func(t *testing.T, r channel.Result) {
		sameParts(t, r.Echo.Parts, []desk.Part{text("電話から")})
		if r.Echo.Ours || r.Echo.ExternalID != "wamid.ECHO1" || r.Echo.Peer.ExternalID != phone || r.Echo.Peer.Phone != "+"+phone {
			t.Errorf("echo %+v", r.Echo)
		}
	})},
	"status_sent":          {"receipt", received(desk.DeliverySent, service)},
	"status_delivered":     {"receipt", received(desk.DeliveryDelivered, service)},
	"status_played":        {"receipt", received(desk.DeliveryRead, desk.Price{})},
	"status_sent_fep":      {"receipt", received(desk.DeliverySent, desk.Price{Model: "PMP", Type: "free_entry_point", Category: "referral_conversion"})},
	"status_read_batch":    {"receipt receipt", nil},
	"status_old_deleted":   {"unknown", nil},
	"status_failed_131049": {"receipt", refused(channel.ActFail, "131049")},
	"status_failed_131050": {"receipt standing", func(t *testing.T, r channel.Reply) {
		refused(channel.ActMarketing, "131050")(t, r)
		if s := r.Results[1].Standing; s.Is != channel.StandingMarketingStopped || s.Peer.ExternalID != user {
			t.Errorf("standing %+v", s)
		}
	}},
	"status_failed_bare":    {"receipt", refused(channel.ActFail, "131026")},
	"user_preferences_stop": {"standing", stands(channel.StandingMarketingStopped, nil)},
	"preferences_resume":    {"standing unknown", stands(channel.StandingMarketingResumed, nil)},
	"account_error": {"notice", noted(numberID, channel.NoticeError, "130429",
		"Rate limit hit: Message failed to send because there were too many messages sent from this phone number in a short period of time")},
	"account_restriction": {"notice", noted("", channel.NoticeRestricted, "ACCOUNT_RESTRICTION", "RESTRICTED_BIZ_INITIATED_MESSAGING")},
	"account_disabled":    {"notice", noted("", channel.NoticeSuspended, "DISABLED_UPDATE", "DISABLE")},
	"account_reinstated":  {"notice", noted("", channel.NoticeRestored, "DISABLED_UPDATE", "REINSTATE")},
	"quality_flagged":     {"notice", noted("", channel.NoticeRestricted, "FLAGGED", "TIER_1K")},
	"name_update":         {"notice", noted("", channel.NoticeInfo, "REJECTED", "見本; NAME_X")},
	"other_business":      {"notice", noted("waba/111", channel.NoticeInfo, "OBA_APPROVED", "ok")},
	"unknown_field":       {"unknown", nil},
	"template_approved": {"notice", templated(desk.Template{
		ExternalID: "168955690812", Name: "order_update", Language: "ja", Category: "utility", Status: "approved",
	})},
	"template_rejected": {"notice", func(t *testing.T, r channel.Reply) {
		templated(desk.Template{ExternalID: "168955690813", Name: "promo", Language: "ja", Category: "marketing", Status: "rejected", Reason: "INVALID_FORMAT"})(t, r)
		noted("", channel.NoticeTemplate, "REJECTED", "Parameters are adjacent.\nAdd text between parameters.")(t, r)
	}},
	"template_quality":  {"notice", templated(desk.Template{ExternalID: "168955690812", Name: "order_update", Language: "ja", Quality: "YELLOW"})},
	"template_category": {"notice", templated(desk.Template{ExternalID: "168955690812", Name: "order_update", Language: "ja", Category: "marketing"})},
	"template_components": {"notice", templated(desk.Template{
		ExternalID: "168955690812", Name: "order_update", Language: "ja", Header: &desk.TemplateHeader{Kind: "text", Text: "ご注文"}, Body: "{{1}} 様", Footer: "見本",
	})},
}
