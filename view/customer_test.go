package view_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/view"
)

var links = view.Links{
	File:   func(a desk.Attachment) (string, string) { return "/f/" + a.ID.String(), "" },
	Avatar: func(m desk.Member) string { return "/a/" + m.UserID.String() },
}

// Whatever kind of author or system line is added later, the customer sees none of it until somebody says so here.
func TestCustomerSeesOnlyWhatIsMeantForThem(t *testing.T) {
	t.Parallel()
	shown := map[desk.AuthorKind]bool{desk.AuthorCustomer: true, desk.AuthorHuman: true, desk.AuthorBot: true, desk.AuthorAutomation: true}
	for _, kind := range []desk.AuthorKind{
		desk.AuthorCustomer, desk.AuthorHuman, desk.AuthorBot, desk.AuthorAutomation, desk.AuthorNote, desk.AuthorSystem, "later",
	} {
		m := desk.Message{ID: 1, Author: desk.Author{Kind: kind, ID: 77, Name: "鈴木"}, Parts: []desk.Part{{Kind: desk.PartText, Text: "secret"}}}
		v, ok := view.WMessageOf(m, nil, links)
		if ok != shown[kind] {
			t.Errorf("%s: shown = %v", kind, ok)
		}
		if text := encode(t, v); !ok && strings.Contains(text, "secret") {
			t.Errorf("%s: hidden text in %s", kind, text)
		} else if strings.Contains(text, "77") {
			t.Errorf("%s: our id in %s", kind, text)
		}
	}
}

func TestCustomerSystemLines(t *testing.T) {
	t.Parallel()
	params := map[string]string{"name": "Aoi", "by": "boss", "reason": "spam", "assignee_id": "9", "number": "12"}
	for code, want := range map[string]string{
		"ticket_opened": "ticket_opened", "reopened": "ticket_opened", "resolved": "ticket_closed", "assigned": "agent_joined",
		"offline_notice": "offline_notice",
		"unassigned":     "", "transferred": "", "status": "", "snoozed": "", "woke": "", "priority": "", "tags": "",
		"identified": "", "contact_form": "", "later": "",
	} {
		m := desk.Message{ID: 1, Author: desk.Author{Kind: desk.AuthorSystem}, System: &desk.SystemLine{Code: code, Params: params}}
		v, ok := view.WMessageOf(m, nil, links)
		if ok != (want != "") {
			t.Errorf("%s: shown = %v", code, ok)
			continue
		}
		if ok && v.System.Code != want {
			t.Errorf("%s becomes %s, want %s", code, v.System.Code, want)
		}
		for _, secret := range []string{"boss", "spam", `"9"`, `"12"`} {
			if text := encode(t, v); ok && strings.Contains(text, secret) {
				t.Errorf("%s tells the customer %s: %s", code, secret, text)
			}
		}
	}
}

func TestCustomerMessage(t *testing.T) {
	t.Parallel()
	m := desk.Message{
		ID: 1, Seq: 3, Author: desk.Author{Kind: desk.AuthorHuman, ID: 5, Name: "Aoi"}, ClientID: "agent-device", Status: desk.DeliverySent,
		At: time.Date(2026, 11, 21, 2, 30, 0, 120e6, time.UTC),
		Parts: []desk.Part{
			{Kind: desk.PartText, Text: "hi", Marks: []desk.Mark{{Kind: desk.MarkBold, Start: 0, End: 2}}},
			{Kind: desk.PartImage, AttachmentID: 8, Attachment: &desk.Attachment{ID: 8, Kind: desk.PartImage, Name: "a.png", Key: "blob-key", UploadedBy: 5}},
		},
	}
	people := view.PeopleOf([]desk.Member{{UserID: 5, Name: "青井"}})
	v, ok := view.WMessageOf(m, people, links)
	text := encode(t, v)
	if !ok || v.Mine || v.ClientID != "" || v.Author.AvatarURL != "/a/5" {
		t.Errorf("%+v", v)
	}
	for _, want := range []string{`"at":"2026-11-21T02:30:00.120Z"`, `"url":"/f/8"`, `"mine":false`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	for _, secret := range []string{"blob-key", "青井", "agent-device"} {
		if strings.Contains(text, secret) {
			t.Errorf("%s in %s", secret, text)
		}
	}
	m.Author, m.ClientID, m.Status = desk.Author{Kind: desk.AuthorCustomer, ID: 6}, "phone-1", ""
	if v, _ := view.WMessageOf(m, people, links); !v.Mine || v.ClientID != "phone-1" || v.Status != desk.DeliverySent {
		t.Errorf("own message: %+v", v)
	}
}

func TestMemberMessage(t *testing.T) {
	t.Parallel()
	m := desk.Message{
		ID: 1, Author: desk.Author{Kind: desk.AuthorNote, ID: 5, Name: "Aoi"}, Status: desk.DeliveryFailed,
		Fault: &desk.MessageFault{Kind: "fail", Code: "131026", Last: &desk.MessageFault{Kind: "cap", Code: "quota", Detail: "words"}},
		Parts: []desk.Part{{Kind: desk.PartText, Text: "@Ken", Marks: []desk.Mark{{Kind: desk.MarkUser, End: 4, UserID: 6}}}},
	}
	text := encode(t, view.MessageOf(m, view.PeopleOf([]desk.Member{{UserID: 5}}), links))
	for _, want := range []string{`"kind":"note"`, `"avatar_url":"/a/5"`, `"user_id":6`, `"code":"131026","last":{"kind":"cap","code":"quota"}`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in %s", want, text)
		}
	}
	system := desk.Message{Author: desk.Author{Kind: desk.AuthorSystem}, System: &desk.SystemLine{Code: "assigned", Params: map[string]string{"name": "Aoi"}}}
	if text := encode(t, view.MessageOf(system, nil, links)); !strings.Contains(text, `"parts":[]`) || !strings.Contains(text, `"code":"assigned"`) {
		t.Error(text)
	}
}

func encode(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
