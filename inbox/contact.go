package inbox

import (
	"context"
	"fmt"
	"net/mail"
	"strconv"
	"time"
	"unicode/utf8"

	"madoguchi/desk"
	"madoguchi/phone"
	"madoguchi/store"
)

// Limits of a contact's record.
const (
	maxContactText  = 200    // runes of a name or address
	maxContactNote  = 10_000 // runes
	maxLocaleLength = 35     // BCP 47
)

// EditContact changes a contact's fields. An edit that did not see the newest version is refused with the record as it
// is now (G3.3): params.current_version names it, and the API adds the record.
func (s *Service) EditContact(ctx context.Context, a Actor, contact desk.ID, e ContactEdit) (desk.Contact, error) {
	if err := e.normalise(); err != nil {
		return desk.Contact{}, err
	}
	return store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (desk.Contact, error) {
		c, err := tx.Contacts().Get(contact)
		if err != nil {
			return c, err
		}
		if e.Version != c.Version {
			conflict := desk.Errorf(desk.KindConflict, "edited_meanwhile", "the contact is at version %d, not %d", c.Version, e.Version)
			conflict.Params = map[string]string{"current_version": strconv.FormatInt(c.Version, 10)}
			return c, conflict
		}
		was, e := c, e
		if err := e.dial(tx); err != nil {
			return c, err
		}
		if err := e.apply(tx, &c); err != nil {
			return c, err
		}
		changes := contactChanges(was, c)
		if len(changes) == 0 {
			return c, nil
		}
		c.Version++
		c.UpdatedAt = tx.Now()
		if err := tx.WriteContacts().Put(c); err != nil {
			return c, err // edited_meanwhile when another edit was quicker
		}
		tx.Emit(desk.Event{Kind: desk.EventContactChanged, At: tx.Now(), Actor: a.By, SubjectID: c.ID, Changes: changes})
		return c, nil
	})
}

// normalise checks the fields and writes them as they are kept.
func (e *ContactEdit) normalise() error {
	short := func(field string, p **string) error {
		if *p == nil {
			return nil
		}
		text := desk.CleanName(**p) // each of them stands on one line
		*p = &text
		if utf8.RuneCountInString(text) > maxContactText {
			return desk.Invalid(field, "text_too_long", "%s is longer than %d characters", field, maxContactText)
		}
		return nil
	}
	for field, p := range map[string]**string{"name": &e.Name, "email": &e.Email, "phone": &e.Phone, "locale": &e.Locale, "zone": &e.Zone} {
		if err := short(field, p); err != nil {
			return err
		}
	}
	if e.Email != nil && *e.Email != "" {
		address, err := mail.ParseAddress(*e.Email)
		if err != nil || address.Address != *e.Email {
			return desk.Invalid("email", "email_invalid", "%q is no e-mail address", *e.Email)
		}
	}
	if e.Locale != nil && len(*e.Locale) > maxLocaleLength {
		return desk.Invalid("locale", "locale_invalid", "%q is no language tag", *e.Locale)
	}
	if e.Zone != nil && *e.Zone != "" {
		if _, err := time.LoadLocation(*e.Zone); err != nil {
			return desk.Invalid("zone", "zone_invalid", "%q is no time zone", *e.Zone)
		}
	}
	return nil
}

// dial writes the phone number as it is kept: without a country code it is one of the workspace's country.
func (e *ContactEdit) dial(r store.Reader) error {
	if e.Phone == nil || *e.Phone == "" {
		return nil
	}
	w, err := r.Workspaces().Current()
	if err != nil {
		return fmt.Errorf("read workspace: %w", err)
	}
	number, err := phone.E164(*e.Phone, w.Country())
	e.Phone = &number
	return err
}

func (e ContactEdit) apply(r store.Reader, c *desk.Contact) error {
	for _, f := range []struct{ to, from *string }{
		{&c.Name, e.Name}, {&c.Email, e.Email}, {&c.Phone, e.Phone}, {&c.Locale, e.Locale}, {&c.Zone, e.Zone},
	} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	if len(e.Fields) == 0 {
		return nil
	}
	fields, err := fieldsOf(r, desk.FieldOfContact)
	if err != nil {
		return err
	}
	c.Fields, err = desk.EditFields(fields, c.Fields, e.Fields)
	return err
}

func contactChanges(was, is desk.Contact) []desk.Change {
	var changes []desk.Change
	add := func(field, from, to string) {
		if from != to {
			changes = append(changes, desk.Change{Field: field, From: from, To: to})
		}
	}
	add("name", was.Name, is.Name)
	add("email", was.Email, is.Email)
	add("phone", was.Phone, is.Phone)
	add("locale", was.Locale, is.Locale)
	add("zone", was.Zone, is.Zone)
	return append(changes, desk.FieldChanges(was.Fields, is.Fields)...)
}

// AddContactNote writes a note about a contact (G3.1). key makes a retry harmless: the same one again, from the same
// actor, gives the same note; "" = none.
func (s *Service) AddContactNote(ctx context.Context, a Actor, contact desk.ID, body, key string) (desk.ContactNote, error) {
	body, err := noteBody(body)
	if err != nil {
		return desk.ContactNote{}, err
	}
	return store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (desk.ContactNote, error) {
		if _, err := tx.Contacts().Get(contact); err != nil {
			return desk.ContactNote{}, err
		}
		n := desk.ContactNote{ID: tx.NewID(), ContactID: contact, AuthorID: a.User, Body: body, CreatedAt: tx.Now(), UpdatedAt: tx.Now()}
		if key != "" {
			before, seen, err := tx.Seen("contact_note/"+string(a.By.Kind)+"/"+a.By.ID.String(), key, n.ID)
			if err != nil {
				return n, err
			}
			if seen {
				return tx.Contacts().Note(before)
			}
		}
		return n, putContactNote(tx, a, n)
	})
}

// EditContactNote rewrites a note; only its author does, "not_author" (forbidden) for others.
func (s *Service) EditContactNote(ctx context.Context, a Actor, note desk.ID, body string) (desk.ContactNote, error) {
	body, err := noteBody(body)
	if err != nil {
		return desk.ContactNote{}, err
	}
	return store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (desk.ContactNote, error) {
		n, err := ownNote(tx, a, note)
		if err != nil {
			return n, err
		}
		n.Body, n.UpdatedAt = body, tx.Now()
		return n, putContactNote(tx, a, n)
	})
}

// DeleteContactNote removes a note; only its author does, "not_author" (forbidden) for others.
func (s *Service) DeleteContactNote(ctx context.Context, a Actor, note desk.ID) error {
	return s.store.Update(ctx, a.Workspace, func(tx store.Tx) error {
		n, err := ownNote(tx, a, note)
		if err != nil {
			return err
		}
		if err := tx.WriteContacts().DeleteNote(note); err != nil {
			return fmt.Errorf("delete contact note: %w", err)
		}
		emitContactNote(tx, a, n)
		return nil
	})
}

func ownNote(tx store.Tx, a Actor, note desk.ID) (desk.ContactNote, error) {
	n, err := tx.Contacts().Note(note)
	if err != nil {
		return n, err
	}
	if n.AuthorID != a.User {
		return n, desk.Errorf(desk.KindForbidden, "not_author", "note %d is another member's", note)
	}
	return n, nil
}

func putContactNote(tx store.Tx, a Actor, n desk.ContactNote) error {
	if err := tx.WriteContacts().PutNote(n); err != nil {
		return fmt.Errorf("put contact note: %w", err)
	}
	emitContactNote(tx, a, n)
	return nil
}

func emitContactNote(tx store.Tx, a Actor, n desk.ContactNote) {
	tx.Emit(desk.Event{
		Kind: desk.EventContactNoteChanged, At: tx.Now(), Actor: a.By, SubjectID: n.ContactID,
		Changes: []desk.Change{{Field: "note_id", To: n.ID.String()}},
	})
}

func noteBody(body string) (string, error) {
	body = desk.CleanText(body)
	if body == "" {
		return "", desk.Invalid("body", "message_empty", "a note says something")
	}
	if utf8.RuneCountInString(body) > maxContactNote {
		return "", desk.Invalid("body", "text_too_long", "a note has at most %d characters", maxContactNote)
	}
	return body, nil
}
