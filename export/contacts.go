package export

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

const contactPage = 500

// source reads an export's records, a page at a time.
type source interface {
	columns() []string
	total(store.Reader) (int64, error)
	// next gives the records of the next page and how many things of total they are.
	next(store.Reader) (page []record, done int64, more bool, err error)
}

// contacts are a line per contact.
type contacts struct {
	options  desk.ExportOptions
	fields   []desk.Field
	channels map[desk.ID]string
	after    desk.ID
}

// contactLine is a contact as JSON.
type contactLine struct {
	ID         desk.ID           `json:"id"`
	Name       string            `json:"name"`
	Email      string            `json:"email"`
	Phone      string            `json:"phone"`
	Locale     string            `json:"locale"`
	Zone       string            `json:"zone"`
	ExternalID string            `json:"external_id"`
	Channels   []string          `json:"channels"`
	Blocked    bool              `json:"blocked"`
	CreatedAt  string            `json:"created_at"`
	UpdatedAt  string            `json:"updated_at"`
	Fields     map[string]string `json:"fields"`
}

func newContacts(r store.Reader, e desk.Export) (*contacts, error) {
	c := &contacts{options: e.Options}
	all, err := r.Fields().List()
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		if f.Subject == desk.FieldOfContact && f.RetiredAt.IsZero() {
			c.fields = append(c.fields, f)
		}
	}
	c.channels, err = channelNames(r)
	return c, err
}

func channelNames(r store.Reader) (map[desk.ID]string, error) {
	all, err := r.Channels().List()
	names := make(map[desk.ID]string, len(all))
	for _, ch := range all {
		names[ch.ID] = ch.Name
	}
	return names, err
}

func (c *contacts) columns() []string {
	names := []string{"id", "name", "email", "phone", "locale", "zone", "external_id", "channels", "blocked", "created_at", "updated_at"}
	for _, f := range c.fields {
		names = append(names, "fields."+f.Key)
	}
	return names
}

func (c *contacts) total(r store.Reader) (int64, error) { return r.Contacts().Count() }

func (c *contacts) next(r store.Reader) (page []record, done int64, more bool, err error) {
	found, err := r.Contacts().Walk(c.after, contactPage)
	if err != nil {
		return nil, 0, false, err
	}
	ids := make([]desk.ID, len(found))
	for i, one := range found {
		ids[i] = one.ID
	}
	identities, err := r.Contacts().IdentitiesOf(ids)
	if err != nil {
		return nil, 0, false, err
	}
	for _, one := range found {
		c.after = one.ID
		if !within(c.options, one.CreatedAt) {
			continue
		}
		page = append(page, c.record(one, identities[one.ID]))
	}
	return page, int64(len(found)), len(found) == contactPage, nil
}

func (c *contacts) record(one desk.Contact, identities []desk.Identity) record {
	line := contactLine{
		ID: one.ID, Name: one.Name, Email: one.Email, Phone: one.Phone, Locale: one.Locale, Zone: one.Zone, ExternalID: one.ExternalID,
		Channels: []string{}, CreatedAt: desk.Instant(one.CreatedAt), UpdatedAt: desk.Instant(one.UpdatedAt), Fields: one.Fields,
	}
	for _, i := range identities {
		line.Blocked = line.Blocked || !i.BlockedAt.IsZero()
		if name := c.channels[i.ChannelID]; name != "" && !slices.Contains(line.Channels, name) {
			line.Channels = append(line.Channels, name)
		}
	}
	if line.Fields == nil {
		line.Fields = map[string]string{}
	}
	cells := []string{
		line.ID.String(), line.Name, line.Email, line.Phone, line.Locale, line.Zone, line.ExternalID, strings.Join(line.Channels, ", "),
		strconv.FormatBool(line.Blocked), line.CreatedAt, line.UpdatedAt,
	}
	for _, f := range c.fields {
		cells = append(cells, f.Show(one.Fields[f.Key], c.options.Locale))
	}
	return record{object: line, cells: cells}
}

func within(o desk.ExportOptions, at time.Time) bool {
	return !at.Before(o.Since) && (o.Until.IsZero() || at.Before(o.Until))
}
