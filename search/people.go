package search

import (
	"slices"

	"madoguchi/desk"
	"madoguchi/store"
)

// contacts finds people by their fields, by a piece of their phone number, and by what the team wrote about them. next is
// the id to go on below, 0 at the end.
func (f *finder) contacts(limit int) (found []Contact, next desk.ID, err error) {
	sets := [][]store.Token{f.query.lookup(inContact), f.query.lookupPhone(), f.query.lookup(inContactNote)}
	if f.query.Short() {
		sets = [][]store.Token{f.query.lookupName()}
	}
	told, below := map[desk.ID]bool{}, f.below
	for looked := 0; looked < maxLook; looked += firstLook {
		ids, err := f.r.Search().Find(store.SearchQuery{Sets: sets, Below: below, Limit: firstLook})
		if err != nil {
			return nil, 0, err
		}
		known, err := f.r.Contacts().Many(ids)
		if err != nil {
			return nil, 0, err
		}
		for _, id := range ids {
			hit, ok, err := f.person(id, known)
			if err != nil {
				return nil, 0, err
			}
			if !ok || told[hit.Contact.ID] {
				continue
			}
			if len(found) == limit {
				return found, id + 1, nil
			}
			told[hit.Contact.ID] = true
			found = append(found, hit)
		}
		if len(ids) < firstLook {
			return found, 0, nil
		}
		below = ids[len(ids)-1]
	}
	return found, below, nil
}

// person is the contact of one candidate, which is the contact itself or a note about them.
func (f *finder) person(id desk.ID, known map[desk.ID]desk.Contact) (hit Contact, ok bool, err error) {
	if c, is := known[id]; is {
		hit, ok = f.matchContact(c)
	} else {
		hit, ok, err = f.matchNote(id)
	}
	if err != nil || !ok {
		return hit, false, err
	}
	ok, err = f.reach(&hit)
	return hit, ok, err
}

func (f *finder) matchContact(c desk.Contact) (Contact, bool) {
	hit := Contact{Contact: c}
	if f.query.matchesPhone(c.Phone) {
		hit.Field, hit.Text, hit.Ranges = "phone", c.Phone, []Range{{0, len(c.Phone)}}
		return hit, true
	}
	if f.query.Short() {
		c = desk.Contact{Name: c.Name}
	}
	fields := contactFields(c)
	texts := make([]string, len(fields))
	for i, field := range fields {
		texts[i] = field.text
	}
	if !f.query.Matches(texts...) {
		return hit, false
	}
	for _, field := range fields { // the first that says why, or the name
		text, ranges := excerpt(field.text, f.query.Ranges(field.text))
		if len(ranges) > 0 {
			hit.Field, hit.Text, hit.Ranges = field.name, text, ranges
			break
		}
	}
	return hit, true
}

func (f *finder) matchNote(id desk.ID) (hit Contact, ok bool, err error) {
	note, err := f.r.Contacts().Note(id)
	if err == nil && !f.query.Short() && f.query.Matches(note.Body) {
		hit.Field = "note"
		hit.Text, hit.Ranges = excerpt(note.Body, f.query.Ranges(note.Body))
		hit.Contact, err = f.r.Contacts().Get(note.ContactID)
		ok = err == nil
	}
	if desk.KindOf(err) == desk.KindNotFound {
		return hit, false, nil
	}
	return hit, ok, err
}

// reach finds the contact's latest conversation that the viewer sees, and hides a contact whose conversations are all
// hidden.
func (f *finder) reach(hit *Contact) (bool, error) {
	all, err := f.r.Conversations().OfContact(hit.Contact.ID)
	if err != nil {
		return false, err
	}
	i := slices.IndexFunc(all, f.shown)
	if i < 0 {
		return len(all) == 0 && len(f.ask.Channels) == 0, nil
	}
	hit.Conversation = all[i]
	return true, nil
}
