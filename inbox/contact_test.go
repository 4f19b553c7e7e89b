package inbox_test

import (
	"strings"
	"sync"
	"testing"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

func p(s string) *string { return &s }

func TestEditContact(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	id := c.writes(c.chat, "visitor", "hi").ContactID
	before := c.head()
	edited, err := c.service.EditContact(c.ctx(), c.aoi, id, inbox.ContactEdit{
		Name: p(" 田中 "), Email: p("tanaka@example.com"), Phone: p("+81 3-1234-5678"), Locale: p("ja"), Zone: p("Asia/Tokyo"),
		Fields: map[string]*string{"会員番号": p("42")}, Version: 1,
	})
	if err != nil || edited.Version != 2 || edited.Name != "田中" || edited.Phone != "+81312345678" || edited.Fields["会員番号"] != "42" {
		t.Fatalf("%+v, %v", edited, err)
	}
	events := c.events(before)
	if len(events) != 1 || events[0].Kind != desk.EventContactChanged || events[0].SubjectID != id || len(events[0].Changes) != 6 {
		t.Errorf("events %+v", events)
	}
	_, err = c.service.EditContact(c.ctx(), c.ken, id, inbox.ContactEdit{Name: p("鈴木"), Version: 1})
	c.refused(err, desk.KindConflict, "edited_meanwhile")
	same, err := c.service.EditContact(c.ctx(), c.ken, id, inbox.ContactEdit{Name: p("田中"), Version: 2})
	if err != nil || same.Version != 2 {
		t.Errorf("nothing changed, yet %+v, %v", same, err)
	}
	edited, err = c.service.EditContact(c.ctx(), c.ken, id, inbox.ContactEdit{Email: p(""), Fields: map[string]*string{"会員番号": nil}, Version: 2})
	if err != nil || edited.Email != "" || len(edited.Fields) != 0 || edited.Name != "田中" {
		t.Errorf("%+v, %v", edited, err)
	}
	for code, e := range map[string]inbox.ContactEdit{
		"email_invalid":      {Email: p("Tanaka <tanaka@example.com>")},
		"phone_invalid":      {Phone: p("090-1234-56789012")},
		"zone_invalid":       {Zone: p("Asia/Edo")},
		"text_too_long":      {Name: p(strings.Repeat("あ", 201))},
		"field_name_invalid": {Fields: map[string]*string{"": p("x")}},
	} {
		e.Version = 3
		_, err := c.service.EditContact(c.ctx(), c.aoi, id, e)
		c.refused(err, desk.KindInvalid, code)
	}
	_, err = c.service.EditContact(c.ctx(), c.aoi, 77, inbox.ContactEdit{})
	c.refused(err, desk.KindNotFound, "contact_not_found")
}

// A number without a country code is one of the workspace's country; it is kept as E.164 (D7.1, F13).
func TestPhoneNumbersOfTheWorkspacesCountry(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	id := c.writes(c.chat, "visitor", "hi").ContactID
	settle := func(locale desk.Locale, zone string) {
		t.Helper()
		err := c.store.Update(c.ctx(), c.workspace, func(tx store.Tx) error {
			w, err := tx.Workspaces().Current()
			w.Locale, w.Zone = locale, zone
			if err == nil {
				err = tx.WriteWorkspaces().Put(w)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	version := int64(1)
	for _, in := range []struct {
		locale desk.Locale
		zone   string
	}{{desk.LocaleJA, "Europe/Paris"}, {desk.LocaleEN, "Asia/Tokyo"}} {
		settle(in.locale, in.zone)
		for written, want := range map[string]string{"03-1234-5678": "+81312345678", "090 1234 5678": "+819012345678", "+1 415-555-0100": "+14155550100"} {
			edited, err := c.service.EditContact(c.ctx(), c.aoi, id, inbox.ContactEdit{Phone: p(written), Version: version})
			if err != nil || edited.Phone != want {
				t.Fatalf("%v, %q: %q, %v", in, written, edited.Phone, err)
			}
			version = edited.Version
		}
	}
	settle(desk.LocaleEN, "Europe/Paris")
	_, err := c.service.EditContact(c.ctx(), c.aoi, id, inbox.ContactEdit{Phone: p("03-1234-5678"), Version: version})
	c.refused(err, desk.KindInvalid, "phone_invalid")
}

// Of two edits that saw the same version one wins and the other hears of it (G3.3).
func TestEditsOfOneVersion(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	id := c.writes(c.chat, "visitor", "hi").ContactID
	const editors = 8
	errs := make([]error, editors)
	var group sync.WaitGroup
	for i := range editors {
		group.Go(func() {
			_, errs[i] = c.service.EditContact(c.ctx(), c.aoi, id, inbox.ContactEdit{Name: p(strings.Repeat("x", i+1)), Version: 1})
		})
	}
	group.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		c.refused(err, desk.KindConflict, "edited_meanwhile")
	}
	if won != 1 {
		t.Errorf("%d edits won", won)
	}
}

func TestContactNotes(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	id := c.writes(c.chat, "visitor", "hi").ContactID
	n, err := c.service.AddContactNote(c.ctx(), c.aoi, id, " 丁寧な方 ", "")
	if err != nil || n.Body != "丁寧な方" || n.AuthorID != c.aoi.User {
		t.Fatalf("%+v, %v", n, err)
	}
	_, err = c.service.EditContactNote(c.ctx(), c.ken, n.ID, "x")
	c.refused(err, desk.KindForbidden, "not_author")
	c.refused(c.service.DeleteContactNote(c.ctx(), c.ken, n.ID), desk.KindForbidden, "not_author")
	if n, err = c.service.EditContactNote(c.ctx(), c.aoi, n.ID, "とても丁寧な方"); err != nil || n.Body != "とても丁寧な方" {
		t.Errorf("%+v, %v", n, err)
	}
	_, err = c.service.AddContactNote(c.ctx(), c.aoi, id, " \x00 ", "")
	c.refused(err, desk.KindInvalid, "message_empty")
	_, err = c.service.AddContactNote(c.ctx(), c.aoi, 88, "x", "")
	c.refused(err, desk.KindNotFound, "contact_not_found")
	if err := c.service.DeleteContactNote(c.ctx(), c.aoi, n.ID); err != nil {
		t.Error(err)
	}
	c.view(func(r store.Reader) error {
		notes, err := r.Contacts().Notes(id)
		if len(notes) != 0 {
			t.Errorf("notes %+v", notes)
		}
		return err
	})
}
