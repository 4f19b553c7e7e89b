package sqlstore

import (
	"cmp"
	"encoding/base64"
	"slices"
	"strconv"
	"strings"

	"madoguchi/desk"
	"madoguchi/store"
)

// contactWindow is how many contacts one page of a search looks at; contactScan how many rows other filters are checked on.
const (
	contactWindow = 20_000
	contactScan   = 2_000
)

const (
	sqlContactWindow = `SELECT id FROM contacts WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT 1 OFFSET $3`
	sqlContactList   = `SELECT ` + contactColumns + ` FROM contacts WHERE workspace_id = $1 AND id < $2 AND id >= $3
		AND folded LIKE $4 ESCAPE '\' ORDER BY id DESC LIMIT $5`
	sqlContactNewest = `SELECT ` + contactColumns + ` FROM contacts WHERE workspace_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3`
	// By name: the rest of those with the last one's name, then the names after it, then those without.
	sqlContactNamesake = `SELECT ` + contactColumns + `, substr(folded, 1, 60) FROM contacts WHERE workspace_id = $1
		AND substr(folded, 1, 60) COLLATE BINARY = $2 AND id > $3 AND name <> '' ORDER BY id LIMIT $4`
	sqlContactNamed = `SELECT ` + contactColumns + `, substr(folded, 1, 60) FROM contacts WHERE workspace_id = $1
		AND substr(folded, 1, 60) COLLATE BINARY > $2 AND name <> '' ORDER BY substr(folded, 1, 60) COLLATE BINARY, id LIMIT $3`
	sqlContactUnnamed = `SELECT ` + contactColumns + ` FROM contacts WHERE workspace_id = $1 AND id < $2 AND name = '' ORDER BY id DESC LIMIT $3`
	// Whom a filter leaves, newest first; a contact may come more than once.
	sqlContactBlocked   = `SELECT contact_id FROM identities WHERE workspace_id = $1 AND contact_id < $2 AND blocked_at > 0 ORDER BY contact_id DESC LIMIT $3`
	sqlContactOpen      = `SELECT contact_id FROM conversations WHERE workspace_id = $1 AND contact_id < $2 AND unresolved = 1 ORDER BY contact_id DESC LIMIT $3`
	sqlContactOnChannel = `SELECT contact_id FROM identities WHERE workspace_id = $1 AND contact_id < $2 AND channel_id = $4 ORDER BY contact_id DESC LIMIT $3`
	sqlContactOpenMany  = `SELECT contact_id FROM conversations WHERE workspace_id = $1 AND unresolved = 1 AND contact_id IN (` + inList2 + `)`
	sqlContactWalk      = `SELECT ` + contactColumns + ` FROM contacts WHERE workspace_id = $1 AND id > $2 ORDER BY id LIMIT $3`
	sqlContactCount     = `SELECT count(*) FROM contacts WHERE workspace_id = $1`
)

func (s contacts) List(q store.ContactQuery) ([]desk.Contact, string, error) {
	filtered := q.Blocked || q.Open || len(q.Channels) > 0
	switch {
	case q.Sort != "" && q.Sort != store.ContactsNewest && q.Sort != store.ContactsByName:
		return nil, "", desk.Invalid("sort", "sort_invalid", "no sort %q", q.Sort)
	case q.Sort == store.ContactsByName && !q.Blocked && q.Text == "":
		return s.byName(q)
	case filtered:
		return s.filtered(q)
	case q.Text != "":
		return s.containing(q)
	}
	below, err := newestFirst(q.Page.After, "contacts")
	if err != nil {
		return nil, "", err
	}
	n := limit(q.Page)
	rows, err := list(s.t, readContact, sqlContactNewest, s.t.workspace, below, n+1)
	if err != nil {
		return nil, "", err
	}
	page, next := pageOf(rows, n, "contacts", func(c desk.Contact) desk.ID { return c.ID })
	return page, next, nil
}

// containing looks at contactWindow contacts at a time: a rare text may give short pages with a next one.
func (s contacts) containing(q store.ContactQuery) ([]desk.Contact, string, error) {
	below, err := newestFirst(q.Page.After, "contacts")
	if err != nil {
		return nil, "", err
	}
	var floor int64
	if _, err := s.t.value(sqlContactWindow, []any{s.t.workspace, below, contactWindow - 1}, &floor); err != nil {
		return nil, "", err
	}
	n := limit(q.Page)
	rows, err := list(s.t, readContact, sqlContactList, s.t.workspace, below, floor, contains(searched(q.Text)), n+1)
	if err != nil {
		return nil, "", err
	}
	page, next := pageOf(rows, n, "contacts", func(c desk.Contact) desk.ID { return c.ID })
	if next == "" && floor > 0 {
		next = encodeCursor("contacts", floor)
	}
	return page, next, nil
}

// searched is what a text looks for: a number as it is stored, whichever way people write it.
func searched(text string) string {
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9' || r == '+':
			return r
		case strings.ContainsRune(" -().", r):
			return -1
		}
		return 'x'
	}, fold(text))
	if len(digits) < 4 || strings.Contains(digits, "x") {
		return text
	}
	return strings.TrimLeft(digits, "0") // 090… is stored as +8190…
}

func foldedOf(c desk.Contact) string { return fold(c.Name + "\n" + c.Email + "\n" + c.Phone) }

// contactFilter says of each contact whether it passes the filters that did not drive the list.
func (s contacts) passing(q store.ContactQuery, rows []desk.Contact) ([]bool, error) {
	fits := make([]bool, len(rows))
	ids := make([]desk.ID, len(rows))
	text := fold(searched(q.Text))
	for i, c := range rows {
		ids[i], fits[i] = c.ID, text == "" || strings.Contains(foldedOf(c), text)
	}
	if q.Blocked || len(q.Channels) > 0 {
		identities, err := s.IdentitiesOf(ids)
		if err != nil {
			return nil, err
		}
		for i, id := range ids {
			fits[i] = fits[i] && (!q.Blocked || slices.ContainsFunc(identities[id], func(d desk.Identity) bool { return !d.BlockedAt.IsZero() })) &&
				(len(q.Channels) == 0 || slices.ContainsFunc(identities[id], func(d desk.Identity) bool { return slices.Contains(q.Channels, d.ChannelID) }))
		}
	}
	if !q.Open {
		return fits, nil
	}
	open, err := s.WithOpenCase(ids)
	for i, id := range ids {
		fits[i] = fits[i] && open[id]
	}
	return fits, err
}

func (s contacts) WithOpenCase(ids []desk.ID) (map[desk.ID]bool, error) {
	open := make(map[desk.ID]bool, len(ids))
	err := in(ids, []any{s.t.workspace}, func(args []any) error {
		return s.t.each(sqlContactOpenMany, args, func(r row) error {
			var id desk.ID
			err := scan(r, &id)
			open[id] = true
			return err
		})
	})
	return open, err
}

// filtered walks the index of the narrowest filter, newest contact first, and checks the others on what it gives.
func (s contacts) filtered(q store.ContactQuery) ([]desk.Contact, string, error) {
	below, err := newestFirst(q.Page.After, "contacts")
	if err != nil {
		return nil, "", err
	}
	n, page := limit(q.Page), []desk.Contact{}
	for scanned := 0; scanned < contactScan; {
		ids, full, err := s.driven(q, below, 200)
		if err != nil {
			return nil, "", err
		}
		found, err := s.Many(ids)
		if err != nil {
			return nil, "", err
		}
		rows := make([]desk.Contact, 0, len(ids))
		for _, id := range ids {
			if c, ok := found[id]; ok {
				rows = append(rows, c)
			}
		}
		fits, err := s.passing(q, rows)
		if err != nil {
			return nil, "", err
		}
		for i, c := range rows {
			if !fits[i] {
				continue
			}
			if len(page) == n {
				return page, encodeCursor("contacts", int64(page[n-1].ID)), nil
			}
			page = append(page, c)
		}
		if !full {
			return page, "", nil
		}
		scanned += len(ids)
		below = int64(ids[len(ids)-1])
	}
	return page, encodeCursor("contacts", below), nil
}

// driven gives at most n different contacts below an id; full means that there may be more.
func (s contacts) driven(q store.ContactQuery, below int64, n int) (ids []desk.ID, full bool, err error) {
	streams := []statementArgs{{sqlContactOpen, nil}}
	switch {
	case q.Blocked:
		streams = []statementArgs{{sqlContactBlocked, nil}}
	case len(q.Channels) > 0:
		streams = nil
		for _, channel := range q.Channels {
			streams = append(streams, statementArgs{sqlContactOnChannel, []any{channel}})
		}
	}
	var upTo desk.ID // beyond the last of a full stream, others may have what it has too
	for _, stream := range streams {
		part, err := list(s.t, func(r row, id *desk.ID) error { return scan(r, id) }, stream.sql, append([]any{s.t.workspace, below, n}, stream.args...)...)
		if err != nil {
			return nil, false, err
		}
		if len(part) == n {
			full, upTo = true, max(upTo, part[n-1])
		}
		ids = append(ids, part...)
	}
	slices.SortFunc(ids, func(a, b desk.ID) int { return cmp.Compare(b, a) })
	ids = slices.Compact(ids)
	if full {
		ids = slices.DeleteFunc(ids, func(id desk.ID) bool { return id < upTo })
	}
	return ids, full, nil
}

type statementArgs struct {
	sql  string
	args []any
}

// namePlace is where a list by name stands: after a name and id, or among those without a name.
type namePlace struct {
	unnamed bool
	key     string
	id      int64
}

const namedList = "contacts-name"

func (p namePlace) encode() string {
	group := "0"
	if p.unnamed {
		group = "1"
	}
	return base64.RawURLEncoding.EncodeToString([]byte(namedList + "." + group + "." + strconv.FormatInt(p.id, 36) + "." + p.key))
}

func decodeNamePlace(cursor string) (p namePlace, err error) {
	if cursor == "" {
		return p, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return p, errCursor
	}
	parts := strings.SplitN(string(text), ".", 4)
	if len(parts) != 4 || parts[0] != namedList {
		return p, errCursor
	}
	p.unnamed, p.key = parts[1] == "1", parts[3]
	if p.id, err = strconv.ParseInt(parts[2], 36, 64); err != nil {
		return p, errCursor
	}
	return p, nil
}

type namedContact struct {
	desk.Contact
	key string
}

func readNamed(r row, c *namedContact) error {
	return scan(r, append(contactDest(&c.Contact), &c.key)...)
}

func (s contacts) byName(q store.ContactQuery) ([]desk.Contact, string, error) {
	place, err := decodeNamePlace(q.Page.After)
	if err != nil {
		return nil, "", err
	}
	n, page := limit(q.Page), []desk.Contact{}
	for scanned := 0; scanned < contactScan; {
		rows, more, err := s.afterName(place, 200)
		if err != nil {
			return nil, "", err
		}
		plain := make([]desk.Contact, len(rows))
		for i, r := range rows {
			plain[i] = r.Contact
		}
		fits, err := s.passing(q, plain)
		if err != nil {
			return nil, "", err
		}
		for i, r := range rows {
			if len(page) == n {
				return page, place.encode(), nil
			}
			place = namePlace{unnamed: r.Name == "", key: r.key, id: int64(r.ID)}
			if fits[i] {
				page = append(page, r.Contact)
			}
		}
		if !more {
			if place.unnamed {
				return page, "", nil
			}
			place = namePlace{unnamed: true, id: maxKey}
		}
		scanned += len(rows)
	}
	return page, place.encode(), nil
}

// afterName reads the next contacts of one group; more says that the group has not ended.
func (s contacts) afterName(p namePlace, n int) (rows []namedContact, more bool, err error) {
	if p.unnamed {
		plain, err := list(s.t, readContact, sqlContactUnnamed, s.t.workspace, p.id, n)
		for _, c := range plain {
			rows = append(rows, namedContact{Contact: c})
		}
		return rows, len(plain) == n, err
	}
	if p.key != "" {
		if rows, err = list(s.t, readNamed, sqlContactNamesake, s.t.workspace, p.key, p.id, n); err != nil || len(rows) == n {
			return rows, true, err
		}
	}
	named, err := list(s.t, readNamed, sqlContactNamed, s.t.workspace, p.key, n-len(rows))
	return append(rows, named...), len(rows)+len(named) == n, err
}

func (s contacts) Walk(after desk.ID, n int) ([]desk.Contact, error) {
	return list(s.t, readContact, sqlContactWalk, s.t.workspace, after, n)
}

func (s contacts) Count() (n int64, err error) {
	_, err = s.t.value(sqlContactCount, []any{s.t.workspace}, &n)
	return n, err
}
