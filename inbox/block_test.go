package inbox_test

import (
	"testing"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

func TestBlockAndUnblock(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "pest", "buy now")
	_, err := c.service.Block(c.ctx(), c.aoi, row.IdentityID, " \n", false)
	c.refused(err, desk.KindInvalid, "block_reason_missing")
	before := c.head()
	i, err := c.service.Block(c.ctx(), c.aoi, row.IdentityID, " 迷惑 ", true)
	if err != nil || i.BlockedAt.IsZero() || i.BlockedBy != c.aoi.User || i.BlockReason != "迷惑" {
		t.Fatalf("%+v, %v", i, err)
	}
	var kinds []desk.EventKind
	for _, e := range c.events(before) {
		kinds = append(kinds, e.Kind)
	}
	if len(kinds) != 3 || kinds[0] != desk.EventIdentityBlocked || kinds[2] != desk.EventTicketChanged {
		t.Errorf("events %v", kinds)
	}
	must(t, c.store.View(c.ctx(), c.workspace, func(r store.Reader) error {
		ticket, err := r.Tickets().Get(row.TicketID)
		if ticket.Reason != desk.ReasonSpam {
			t.Errorf("the case: %+v", ticket)
		}
		return err
	}))
	_, _, err = c.service.Write(c.ctx(), c.ken, row.ID, inbox.NewMessage{ClientID: "x", Mode: inbox.ModeReply, Parts: []desk.Part{{Kind: desk.PartText, Text: "hi"}}})
	c.refused(err, desk.KindConflict, "reply_to_blocked")
	for range 2 { // again is no error
		if i, err = c.service.Unblock(c.ctx(), c.ken, row.IdentityID); err != nil || !i.BlockedAt.IsZero() || i.BlockReason != "" {
			t.Fatalf("%+v, %v", i, err)
		}
	}
	if again := c.writes(c.chat, "pest", "sorry"); again.TicketID == row.TicketID {
		t.Error("a case closed as spam was taken up again")
	}
}

func TestDeleteMessage(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "first")
	row = c.writes(c.chat, "visitor", "秘密の番号")
	must(t, c.store.Update(c.ctx(), c.workspace, func(tx store.Tx) error {
		m, err := tx.Messages().Before(row.ID, 0, 1)
		must(t, err)
		return tx.WriteMessages().PutAttachment(desk.Attachment{ID: 900, MessageID: m[0].ID, ConversationID: row.ID, Kind: desk.PartFile, Name: "f", MIME: "x", Key: "k"})
	}))
	var secret, line desk.Message
	must(t, c.store.View(c.ctx(), c.workspace, func(r store.Reader) error {
		all, err := r.Messages().After(row.ID, 0, 10)
		for _, m := range all {
			if m.Text() == "秘密の番号" {
				secret = m
			}
			if m.System != nil {
				line = m
			}
		}
		return err
	}))
	gone, err := c.service.DeleteMessage(c.ctx(), c.aoi, secret.ID)
	if err != nil || len(gone.Parts) != 0 || gone.DeletedBy != c.aoi.User || gone.Version != 2 {
		t.Fatalf("%+v, %v", gone, err)
	}
	if again, err := c.service.DeleteMessage(c.ctx(), c.aoi, secret.ID); err != nil || again.Version != 2 {
		t.Errorf("twice: %+v, %v", again, err)
	}
	_, err = c.service.DeleteMessage(c.ctx(), c.aoi, line.ID)
	c.refused(err, desk.KindConflict, "message_immutable")
	must(t, c.store.View(c.ctx(), c.workspace, func(r store.Reader) error {
		after, err := r.Conversations().Get(row.ID)
		if after.Preview.Text != "first" || after.LastSeq != row.LastSeq {
			t.Errorf("the row shows %+v", after.Preview)
		}
		_, missing := r.Messages().Attachment(900)
		c.refused(missing, desk.KindNotFound, "attachment_not_found")
		return err
	}))
}

func TestDeleteTicketAndContact(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	first := c.writes(c.chat, "tanaka", "one")
	_, err := c.service.Resolve(c.ctx(), c.aoi, first.TicketID, desk.ReasonSpam)
	must(t, err)
	second := c.writes(c.chat, "tanaka", "two")
	if second.TicketID == first.TicketID {
		t.Fatal("no second case")
	}
	must(t, c.service.DeleteTicket(c.ctx(), c.aoi, second.TicketID))
	must(t, c.store.View(c.ctx(), c.workspace, func(r store.Reader) error {
		row, err := r.Conversations().Get(first.ID)
		must(t, err)
		all, err := r.Messages().Before(first.ID, 0, 50)
		for _, m := range all {
			if m.TicketID == second.TicketID {
				t.Errorf("still there: %+v", m)
			}
		}
		counts, err2 := r.Conversations().Counts(c.aoi.User, nil)
		if row.TicketID != first.TicketID || !row.Status.Resolved() || row.Preview.Text != "one" || counts.All != 0 || counts.Resolved != 1 {
			t.Errorf("row %+v, counts %+v", row, counts)
		}
		must(t, err2)
		return err
	}))
	third := c.writes(c.chat, "tanaka", "three")
	err = c.service.DeleteContact(c.ctx(), c.aoi, third.ContactID, false)
	c.refused(err, desk.KindConflict, "contact_has_open_tickets")
	must(t, c.service.DeleteContact(c.ctx(), c.aoi, third.ContactID, true))
	must(t, c.store.View(c.ctx(), c.workspace, func(r store.Reader) error {
		_, err := r.Contacts().Get(third.ContactID)
		c.refused(err, desk.KindNotFound, "contact_not_found")
		counts, err := r.Conversations().Counts(c.aoi.User, nil)
		if counts.All+counts.Resolved != 0 {
			t.Errorf("counts %+v", counts)
		}
		return err
	}))
	if fresh := c.writes(c.chat, "tanaka", "who am I"); fresh.ContactID == third.ContactID {
		t.Error("a deleted contact came back")
	}
}

func TestFieldsAreTyped(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "hi")
	of := desk.Field{Kind: desk.FieldNumber, Label: desk.Labels{EN: "Size"}, CreatedAt: c.now(), UpdatedAt: c.now(), Version: 1}
	must(t, c.store.Update(c.ctx(), c.workspace, func(tx store.Tx) error {
		for i, subject := range []desk.FieldSubject{desk.FieldOfContact, desk.FieldOfTicket} {
			of.ID, of.Subject, of.Key = desk.ID(700+i), subject, "size"
			must(t, tx.WriteFields().Put(of))
		}
		return nil
	}))
	_, err := c.service.EditContact(c.ctx(), c.aoi, row.ContactID, inbox.ContactEdit{Fields: map[string]*string{"size": p("big")}, Version: 1})
	c.refused(err, desk.KindInvalid, "field_number_invalid")
	_, err = c.service.EditContact(c.ctx(), c.aoi, row.ContactID, inbox.ContactEdit{Fields: map[string]*string{"size": p("１０.50")}, Version: 1})
	must(t, err)
	var ticket desk.Ticket
	must(t, c.store.View(c.ctx(), c.workspace, func(r store.Reader) (err error) {
		ticket, err = r.Tickets().Get(row.TicketID)
		return err
	}))
	_, err = c.service.EditTicketFields(c.ctx(), c.aoi, ticket.ID, map[string]*string{"size": p("7")}, ticket.Version+1)
	c.refused(err, desk.KindConflict, "edited_meanwhile")
	edited, err := c.service.EditTicketFields(c.ctx(), c.aoi, ticket.ID, map[string]*string{"size": p("7")}, ticket.Version)
	if err != nil || edited.Fields["size"] != "7" || edited.Version != ticket.Version+1 {
		t.Fatalf("%+v, %v", edited, err)
	}
	err = c.service.EraseField(c.ctx(), c.aoi, 700)
	c.refused(err, desk.KindConflict, "field_in_use")
	must(t, c.store.Update(c.ctx(), c.workspace, func(tx store.Tx) error {
		for i := range 2 {
			f, err := tx.Fields().Get(desk.ID(700 + i))
			must(t, err)
			f.RetiredAt = tx.Now()
			must(t, tx.WriteFields().Put(f))
		}
		return nil
	}))
	must(t, c.service.EraseField(c.ctx(), c.aoi, 700))
	must(t, c.service.EraseField(c.ctx(), c.aoi, 701))
	must(t, c.store.View(c.ctx(), c.workspace, func(r store.Reader) error {
		contact, err := r.Contacts().Get(row.ContactID)
		must(t, err)
		after, err := r.Tickets().Get(row.TicketID)
		must(t, err)
		defined, err := r.Fields().List()
		if len(contact.Fields)+len(after.Fields)+len(defined) != 0 {
			t.Errorf("left: %v %v %v", contact.Fields, after.Fields, defined)
		}
		return err
	}))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
