package inbound

import (
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// newsSlack is how far a provider's stamp of its news may lie before our own last word on the template: clocks differ.
const newsSlack = time.Minute

// template keeps what a provider says became of a template (C3.2), on every channel that has it: a business may have several
// numbers. One that we do not know comes with the next look at the provider (C3.1).
func (f *filing) template(news desk.Template, at time.Time) error {
	channels, err := f.tx.Channels().List()
	if err != nil {
		return err
	}
	for _, c := range channels {
		if c.Kind != f.channel.Kind {
			continue
		}
		t, err := f.tx.Templates().ByName(c.ID, news.Name, news.Language)
		switch {
		case desk.KindOf(err) == desk.KindNotFound:
			continue
		case err != nil:
			return err
		case c.ID != f.channel.ID && t.ExternalID != news.ExternalID, at.Add(newsSlack).Before(t.UpdatedAt):
			continue // another business's of the same name; or older than what we know
		}
		if err := store.ChangeTemplate(f.tx, t, t.Told(news)); err != nil {
			return err
		}
	}
	return nil
}

// templateRefused keeps how a template stands that the provider took and then did not deliver (C3.3).
func (f *filing) templateRefused(message desk.ID, fault *channel.Fault) error {
	if fault == nil || fault.Template == "" {
		return nil
	}
	m, err := f.tx.Messages().Get(message)
	if err != nil {
		return err
	}
	return store.RefuseTemplate(f.tx, m.Template, fault.Template)
}
