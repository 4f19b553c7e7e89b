package inbox_test

import (
	"testing"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

// TestTemplateIsKeptAsCustomersReadIt: the thread holds the place, the words and what is on the buttons (C3.10).
func TestTemplateIsKeptAsCustomersReadIt(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.post, "p", "hi")
	template := desk.Template{
		ChannelID: c.post, Name: "shop", Language: "ja", Category: "utility", Status: desk.TemplateApproved, Body: "お店で{{1}}様をお待ちします。", Footer: "見本商店",
		Header:  &desk.TemplateHeader{Kind: "location"},
		Buttons: []desk.TemplateButton{{Kind: "quick_reply", Label: "はい"}, {Kind: "copy_code", Value: "SALE"}},
	}
	c.update(func(tx store.Tx) error {
		template.ID, template.UpdatedAt = tx.NewID(), tx.Now()
		return tx.WriteTemplates().Put(template)
	})
	in := inbox.TemplateMessage{ClientID: "t1", Template: template.ID, Variables: map[string]string{"1": "秋子"}}
	_, _, err := c.service.SendTemplate(c.ctx(), c.aoi, row.ID, in)
	c.refused(err, desk.KindInvalid, "place_invalid")
	in.Place = &desk.TemplatePlace{Lat: 35.5, Lng: 139.25, Name: " "}
	_, _, err = c.service.SendTemplate(c.ctx(), c.aoi, row.ID, in)
	c.refused(err, desk.KindInvalid, "place_invalid")

	in.Place.Name, in.Place.Address = "店", "東京都"
	m, created, err := c.service.SendTemplate(c.ctx(), c.aoi, row.ID, in)
	if err != nil || !created || len(m.Parts) != 2 {
		t.Fatalf("%+v, created %v, %v", m, created, err)
	}
	if got := m.Parts[0].Location; got == nil || *got != (desk.Location{Lat: 35.5, Lng: 139.25, Label: "店, 東京都"}) {
		t.Errorf("place %+v", m.Parts[0])
	}
	if got, want := m.Parts[1].Text, "お店で秋子様をお待ちします。\n\n見本商店\n\n[はい]\n[SALE]"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
	if use := m.Template; use == nil || use.HeaderKind != "location" || *use.HeaderPlace != *in.Place || use.Variables["button.1"] != "SALE" {
		t.Errorf("%+v", use)
	}
}
