package sqlstore

import (
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

type visitors struct{ t *tx }

const (
	visitorColumns = `workspace_id, id, channel_id, visitor_key, token_hash, identity_id, contact_id, locale, user_agent, page_url,
		page_title, created_at, seen_at, ended_at`

	sqlVisitorGet       = `SELECT ` + visitorColumns + ` FROM visitors WHERE workspace_id = $1 AND id = $2`
	sqlVisitorByToken   = `SELECT ` + visitorColumns + ` FROM visitors WHERE token_hash = $1`
	sqlVisitorByContact = `SELECT ` + visitorColumns + ` FROM visitors WHERE workspace_id = $1 AND contact_id = $2
		ORDER BY seen_at DESC, id DESC`
	sqlVisitorStandings = `SELECT v.id, v.identity_id, v.ended_at, COALESCE(i.blocked_at, 0), c.state FROM visitors v
		JOIN channels c ON c.workspace_id = v.workspace_id AND c.id = v.channel_id
		LEFT JOIN identities i ON i.workspace_id = v.workspace_id AND i.id = v.identity_id
		WHERE v.workspace_id = $1 AND v.id IN (` + inList2 + `)`
	sqlVisitorPut = `INSERT INTO visitors (` + visitorColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
		ON CONFLICT (workspace_id, id) DO UPDATE SET visitor_key = excluded.visitor_key, token_hash = excluded.token_hash,
		identity_id = excluded.identity_id, contact_id = excluded.contact_id, locale = excluded.locale, user_agent = excluded.user_agent,
		page_url = excluded.page_url, page_title = excluded.page_title, seen_at = excluded.seen_at, ended_at = excluded.ended_at`
	sqlVisitorTouch = `UPDATE visitors SET seen_at = $3, page_url = $4, page_title = $5 WHERE workspace_id = $1 AND id = $2`
)

func readVisitor(r row, v *inWorkspace[desk.Visitor]) error {
	w := &v.v
	return scan(r, &v.workspace, &w.ID, &w.ChannelID, &w.Key, &w.TokenHash, &w.IdentityID, &w.ContactID, &w.Locale, &w.UserAgent, &w.PageURL,
		&w.PageTitle, &w.CreatedAt, &w.SeenAt, &w.EndedAt)
}

func (s visitors) Get(id desk.ID) (desk.Visitor, error) {
	v, err := get(s.t, "visitor", readVisitor, sqlVisitorGet, s.t.workspace, id)
	return v.v, err
}

func (s visitors) ByToken(hash string) (desk.ID, desk.Visitor, error) {
	v, err := get(s.t, "visitor", readVisitor, sqlVisitorByToken, hash)
	return v.workspace, v.v, err
}

func (s visitors) ByContact(contact desk.ID) ([]desk.Visitor, error) {
	return values(list(s.t, readVisitor, sqlVisitorByContact, s.t.workspace, contact))
}

func (s visitors) Standings(ids []desk.ID) (map[desk.ID]store.VisitorStanding, error) {
	all := make(map[desk.ID]store.VisitorStanding, len(ids))
	err := in(ids, []any{s.t.workspace}, func(args []any) error {
		return s.t.each(sqlVisitorStandings, args, func(r row) error {
			var id desk.ID
			var v store.VisitorStanding
			err := scan(r, &id, &v.IdentityID, &v.EndedAt, &v.BlockedAt, &v.Channel)
			all[id] = v
			return err
		})
	})
	return all, err
}

func (s visitors) Put(v desk.Visitor) error {
	return s.t.write(sqlVisitorPut, s.t.workspace, v.ID, v.ChannelID, v.Key, v.TokenHash, v.IdentityID, v.ContactID, v.Locale, v.UserAgent, v.PageURL,
		v.PageTitle, v.CreatedAt, v.SeenAt, v.EndedAt)
}

func (s visitors) Touch(id desk.ID, at time.Time, url, title string) error {
	return s.t.write(sqlVisitorTouch, s.t.workspace, id, at, url, title)
}
