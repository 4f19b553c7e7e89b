package inbox

import (
	"context"
	"fmt"
	"strconv"

	"madoguchi/desk"
	"madoguchi/store"
)

// fieldsOf are the definitions for one kind of record.
func fieldsOf(r store.Reader, subject desk.FieldSubject) ([]desk.Field, error) {
	all, err := r.Fields().List()
	if err != nil {
		return nil, fmt.Errorf("read fields: %w", err)
	}
	var of []desk.Field
	for _, f := range all {
		if f.Subject == subject {
			of = append(of, f)
		}
	}
	return of, nil
}

// EditTicketFields changes a case's own fields, closed ones too (G3.2). version is the ticket's that the editor saw; an
// older one is refused with "edited_meanwhile" (conflict) and params.current_version.
func (s *Service) EditTicketFields(ctx context.Context, a Actor, ticket desk.ID, changes map[string]*string, version int64) (desk.Ticket, error) {
	return store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (desk.Ticket, error) {
		t, err := tx.Tickets().Get(ticket)
		if err != nil {
			return t, err
		}
		row, err := tx.WriteConversations().Lock(t.ConversationID) // what follows reads and writes alone
		if err != nil {
			return t, err
		}
		if err := a.sees(tx, row); err != nil {
			return t, err
		}
		if t, err = tx.Tickets().Get(ticket); err != nil {
			return t, err
		}
		if version != t.Version {
			conflict := desk.Errorf(desk.KindConflict, "edited_meanwhile", "the ticket is at version %d, not %d", t.Version, version)
			conflict.Params = map[string]string{"current_version": strconv.FormatInt(t.Version, 10)}
			return t, conflict
		}
		fields, err := fieldsOf(tx, desk.FieldOfTicket)
		if err != nil {
			return t, err
		}
		was := t
		if t.Fields, err = desk.EditFields(fields, t.Fields, changes); err != nil {
			return t, err
		}
		changed := t.ChangesFrom(was)
		if len(changed) == 0 {
			return t, nil
		}
		t.Version++
		t.UpdatedAt = tx.Now()
		if err := tx.WriteTickets().Put(t); err != nil {
			return t, fmt.Errorf("put ticket: %w", err)
		}
		tx.Emit(desk.Event{Kind: desk.EventTicketChanged, At: tx.Now(), Actor: a.By, ConversationID: row.ID, TicketID: t.ID, Changes: changed})
		return t, nil
	})
}

// eraseBatch is how many records one transaction looks through for values that go.
const eraseBatch = 500

// EraseField takes a retired field's values from every record and then the definition itself. It works in batches: cut
// short, it goes on where it is called again. "field_in_use" (conflict) for one that was not deleted first.
func (s *Service) EraseField(ctx context.Context, a Actor, field desk.ID) error {
	var f desk.Field
	err := s.store.View(ctx, a.Workspace, func(r store.Reader) (err error) {
		f, err = r.Fields().Get(field)
		return err
	})
	if err != nil {
		return err
	}
	if f.RetiredAt.IsZero() {
		return desk.Errorf(desk.KindConflict, "field_in_use", "field %q was not deleted", f.Key)
	}
	erase := eraseFromContacts
	if f.Subject == desk.FieldOfTicket {
		erase = eraseFromTickets
	}
	for after, more := desk.ID(0), true; more; {
		err := s.store.Update(ctx, a.Workspace, func(tx store.Tx) error {
			last, full, err := erase(tx, f.Key, after)
			if err == nil {
				after, more = last, full
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("erase values of field %q: %w", f.Key, err)
		}
	}
	return s.store.Update(ctx, a.Workspace, func(tx store.Tx) error {
		tx.Emit(desk.Event{Kind: desk.EventFieldChanged, At: tx.Now(), Actor: a.By, SubjectID: f.ID, Changes: []desk.Change{{Field: "key", From: f.Key}}})
		return tx.WriteFields().Delete(f.ID)
	})
}

func eraseFromContacts(tx store.Tx, key string, after desk.ID) (last desk.ID, full bool, err error) {
	batch, err := tx.Contacts().Walk(after, eraseBatch)
	for _, c := range batch {
		last = c.ID
		if _, has := c.Fields[key]; !has {
			continue
		}
		if c.Fields, err = desk.EditFields(nil, c.Fields, map[string]*string{key: nil}); err != nil {
			return last, false, err
		}
		c.Version++
		c.UpdatedAt = tx.Now()
		if err := tx.WriteContacts().Put(c); err != nil {
			return last, false, err
		}
	}
	return last, len(batch) == eraseBatch, err
}

func eraseFromTickets(tx store.Tx, key string, after desk.ID) (last desk.ID, full bool, err error) {
	batch, err := tx.Conversations().Walk(after, eraseBatch)
	for _, c := range batch {
		last = c.ID
		tickets, err := tx.Tickets().OfConversation(c.ID)
		if err != nil {
			return last, false, err
		}
		for _, t := range tickets {
			if _, has := t.Fields[key]; !has {
				continue
			}
			if t.Fields, err = desk.EditFields(nil, t.Fields, map[string]*string{key: nil}); err != nil {
				return last, false, err
			}
			t.Version++
			if err := tx.WriteTickets().Put(t); err != nil {
				return last, false, err
			}
		}
	}
	return last, len(batch) == eraseBatch, err
}
