package visitor

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"unicode/utf8"

	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/store"
)

// Wrote follows a message of the visitor's that was just filed, in its transaction: the visitor learns its identity, and
// where nobody is there to answer, the customer hears so, once per case (0.1) and again when it is reopened. say adds a
// system line to the thread.
func (s *Service) Wrote(tx store.Tx, session Session, f Written, say func(code string, params map[string]string) error) error {
	v, err := tx.Visitors().Get(session.Visitor.ID)
	if err != nil {
		return fmt.Errorf("read visitor: %w", err)
	}
	if !v.EndedAt.IsZero() {
		return desk.Errorf(desk.KindUnauthentic, "token_ended", "visitor %d logged out", v.ID)
	}
	if v.IdentityID != 0 && v.IdentityID != f.Identity.ID {
		// Identified between reading who it is and this transaction: the next attempt reads it right.
		return desk.Errorf(desk.KindUnavailable, "visitor_changed", "visitor %d was identified meanwhile", v.ID)
	}
	if v.IdentityID == 0 {
		if err := bind(tx, &v, f.Identity); err != nil {
			return err
		}
		if err := tx.WriteVisitors().Put(v); err != nil {
			return fmt.Errorf("put visitor: %w", err)
		}
		if err := learnLocale(tx, f.Contact, v.Locale); err != nil {
			return err
		}
	}
	return s.excuse(tx, session, f.Ticket, say)
}

// Written is where a message came to lie.
type Written struct {
	Identity desk.Identity
	Contact  desk.Contact
	Ticket   desk.Ticket
}

func learnLocale(tx store.Tx, c desk.Contact, locale string) error {
	if c.Locale != "" || locale == "" {
		return nil
	}
	c.Locale = locale
	c.Version++
	c.UpdatedAt = tx.Now()
	if err := tx.WriteContacts().Put(c); err != nil {
		return fmt.Errorf("put contact's language: %w", err)
	}
	return nil
}

// excuse says that nobody is there.
func (s *Service) excuse(tx store.Tx, session Session, t desk.Ticket, say func(code string, params map[string]string) error) error {
	there, err := s.openNow(tx, session.Channel, tx.Now())
	if err != nil || there.open {
		return err
	}
	_, said, err := tx.Seen("offline_notice", fmt.Sprintf("%d/%d", t.ID, t.ReopenedCount), t.ID)
	if err != nil || said {
		return err
	}
	params := map[string]string{}
	if !there.next.IsZero() {
		params["next_open_at"] = there.next.UTC().Format("2006-01-02T15:04:05.000Z")
	}
	return say("offline_notice", params)
}

// Form is what a customer leaves before the chat or when nobody is there. It is unverified: it links to nobody (F4) and
// never replaces what a signature vouched for.
type Form struct {
	Name  string `json:"name"`
	Email string `json:"email"`
}

// Leave keeps a form with the visitor's contact, making one if need be, and tells the thread. Errors: desk.KindInvalid
// for "name" and "email".
func (s *Service) Leave(ctx context.Context, session Session, f Form) (Contact, error) {
	name, email, err := webchat.CheckForm(f.Name, f.Email)
	if err != nil {
		return Contact{}, err
	}
	if name == "" && email == "" {
		return Contact{}, desk.Invalid("name", "form_empty", "a name or an address is needed")
	}
	left, err := result(ctx, s, session.Workspace.ID, func(tx store.Tx) (left Contact, err error) {
		v, err := tx.Visitors().Get(session.Visitor.ID)
		if err != nil {
			return left, err
		}
		c, created, err := ownContact(tx, &v)
		if err != nil {
			return left, err
		}
		if shut, err := blocked(tx, v); err != nil || shut {
			return Contact{Name: orElse(name, c.Name), Email: orElse(email, c.Email)}, err
		}
		was := c
		if c.ExternalID == "" {
			c.Name, c.Email = orElse(name, c.Name), orElse(email, c.Email)
		} else {
			c.Name, c.Email = orElse(c.Name, name), orElse(c.Email, email)
		}
		left = Contact{Name: c.Name, Email: c.Email}
		if !created && was.Name == c.Name && was.Email == c.Email {
			return left, nil
		}
		if err := keepContact(tx, c, created); err != nil {
			return left, err
		}
		if created {
			if err := newIdentity(tx, &v, c); err != nil {
				return left, err
			}
			return left, tx.WriteVisitors().Put(v)
		}
		return left, line(tx, v, "contact_form", map[string]string{"fields": fields(name, email), "name": name, "email": email})
	})
	if err != nil {
		return Contact{}, fmt.Errorf("keep contact form: %w", err)
	}
	return left, nil
}

func ownContact(tx store.Tx, v *desk.Visitor) (c desk.Contact, created bool, err error) {
	if v.ContactID == 0 {
		return desk.Contact{ID: tx.NewID(), Locale: v.Locale, CreatedAt: tx.Now()}, true, nil
	}
	c, err = tx.Contacts().Get(v.ContactID)
	return c, false, err
}

func keepContact(tx store.Tx, c desk.Contact, created bool) error {
	c.Version++
	c.UpdatedAt = tx.Now()
	if err := tx.WriteContacts().Put(c); err != nil {
		return fmt.Errorf("put contact: %w", err)
	}
	e := desk.Event{Kind: desk.EventContactChanged, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorCustomer, ID: c.ID}, SubjectID: c.ID}
	if created {
		e.Kind = desk.EventContactCreated
	}
	tx.Emit(e)
	return nil
}

func fields(name, email string) string {
	var list []string
	if name != "" {
		list = append(list, "name")
	}
	if email != "" {
		list = append(list, "email")
	}
	return strings.Join(list, ", ")
}

// Visit notes where the visitor is on the site.
func (s *Service) Visit(ctx context.Context, session Session, p desk.Page) error {
	p = CleanPage(p)
	if p.URL == "" {
		return desk.Invalid("url", "url_invalid", "not a web address")
	}
	err := s.store.Update(ctx, session.Workspace.ID, func(tx store.Tx) error {
		return tx.WriteVisitors().Touch(session.Visitor.ID, tx.Now(), p.URL, p.Title)
	})
	if err != nil {
		return fmt.Errorf("note page: %w", err)
	}
	return nil
}

const (
	maxTrackName  = 100     // runes
	maxTrackProps = 4 << 10 // bytes of JSON
)

// Track keeps what the host page says the visitor did, as an event.
func (s *Service) Track(ctx context.Context, session Session, name string, props json.RawMessage) error {
	name = strings.TrimSpace(webchat.Clean(name))
	if name == "" || utf8.RuneCountInString(name) > maxTrackName {
		return desk.Invalid("name", "track_name_invalid", "an event's name has 1 to %d characters", maxTrackName)
	}
	var object map[string]any
	if len(props) > maxTrackProps || len(props) > 0 && json.Unmarshal(props, &object) != nil {
		return desk.Invalid("props", "track_props_invalid", "properties are a JSON object of at most %d bytes", maxTrackProps)
	}
	text, err := json.Marshal(object) // written anew: no invalid UTF-8, no repeated keys
	if err != nil {
		return desk.Invalid("props", "track_props_invalid", "encode properties: %w", err)
	}
	err = s.store.Update(ctx, session.Workspace.ID, func(tx store.Tx) error {
		if shut, err := blocked(tx, session.Visitor); err != nil || shut {
			return err
		}
		tx.Emit(desk.Event{
			Kind: desk.EventVisitorTracked, At: tx.Now(), Actor: desk.Actor{Kind: desk.ActorCustomer, ID: session.Visitor.ContactID},
			SubjectID: session.Visitor.ID, Changes: []desk.Change{{Field: name, To: string(text)}},
		})
		return nil
	})
	if err != nil {
		return fmt.Errorf("keep tracked event: %w", err)
	}
	return nil
}

// Typing hints to the agents that the customer types.
func (s *Service) Typing(ctx context.Context, session Session) error {
	if session.Visitor.IdentityID == 0 {
		return nil
	}
	var c desk.Conversation
	shut := false
	err := s.store.View(ctx, session.Workspace.ID, func(r store.Reader) (err error) {
		if shut, err = blocked(r, session.Visitor); err != nil || shut {
			return err
		}
		c, err = r.Conversations().ByIdentity(session.Visitor.IdentityID)
		return err
	})
	if shut {
		return nil
	}
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("find conversation: %w", err)
	}
	s.news.CustomerTyping(ctx, session.Workspace.ID, c.ID)
	return nil
}

// Uploaded writes the row of a file that the visitor has uploaded.
func (s *Service) Uploaded(ctx context.Context, session Session, a desk.Attachment) (desk.Attachment, error) {
	kept, err := store.Result(ctx, s.store, session.Workspace.ID, func(tx store.Tx) (desk.Attachment, error) {
		kept := a
		kept.ID, kept.CreatedAt, kept.UploadedBy = tx.NewID(), tx.Now(), session.Visitor.ID
		return kept, tx.WriteMessages().PutAttachment(kept)
	})
	if err != nil {
		return desk.Attachment{}, fmt.Errorf("keep upload's row: %w", err)
	}
	return kept, nil
}

// TakesFiles refuses uploads where the channel takes none.
func (session Session) TakesFiles() error {
	if !session.Settings.Attachments {
		return desk.Errorf(desk.KindForbidden, "attachments_off", "channel %d takes no files", session.Channel.ID)
	}
	return nil
}
