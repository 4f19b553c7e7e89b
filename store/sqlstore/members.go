package sqlstore

import (
	"cmp"
	"time"

	"madoguchi/desk"
)

type members struct{ t *tx }

// maxPreferences bounds a member's screen settings, in bytes.
const maxPreferences = 64 << 10

const (
	memberColumns = `m.user_id, m.role, m.grants, m.display_name, m.avatar_key, m.active, m.created_at, m.updated_at, m.scope, m.capacity, m.channel_ids, u.name, u.email, ` + roleHeldColumns
	memberTables  = `members m JOIN users u ON u.id = m.user_id LEFT JOIN custom_roles c ON c.workspace_id = m.workspace_id AND c.id = m.custom_role_id AND c.base = m.role`

	sqlMemberGet = `SELECT ` + memberColumns + ` FROM ` + memberTables + `
		WHERE m.workspace_id = $1 AND m.user_id = $2`
	sqlMemberHold = `SELECT user_id FROM members WHERE workspace_id = $1 AND user_id = $2 FOR NO KEY UPDATE`
	sqlMemberList = `SELECT ` + memberColumns + ` FROM ` + memberTables + `
		WHERE m.workspace_id = $1 ORDER BY m.user_id`
	// Read at each decision, of everybody: no more than it takes.
	sqlMemberAgents = `SELECT m.user_id, m.role, m.capacity, m.channel_ids, COALESCE(c.id, 0), COALESCE(c.permissions, '') FROM members m
		LEFT JOIN custom_roles c ON c.workspace_id = m.workspace_id AND c.id = m.custom_role_id AND c.base = m.role
		WHERE m.workspace_id = $1 AND m.active = $2`
	sqlMemberPut = `INSERT INTO members (workspace_id, user_id, role, grants, display_name, avatar_key, active, created_at, updated_at, scope, capacity, channel_ids, custom_role_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
		ON CONFLICT (workspace_id, user_id) DO UPDATE SET role = excluded.role, grants = excluded.grants,
		display_name = excluded.display_name, avatar_key = excluded.avatar_key, active = excluded.active, updated_at = excluded.updated_at,
		scope = excluded.scope, capacity = excluded.capacity, channel_ids = excluded.channel_ids, custom_role_id = excluded.custom_role_id`

	sqlPreferencesGet = `SELECT preferences FROM members WHERE workspace_id = $1 AND user_id = $2`
	sqlPreferencesPut = `UPDATE members SET preferences = $3 WHERE workspace_id = $1 AND user_id = $2`

	sqlPresenceGet  = `SELECT user_id, chosen, idle, lease_until, custom_id, since FROM presences WHERE workspace_id = $1 AND user_id = $2`
	sqlPresenceList = `SELECT user_id, chosen, idle, lease_until, custom_id, since FROM presences WHERE workspace_id = $1 ORDER BY user_id`
	sqlPresencePut  = `INSERT INTO presences (workspace_id, user_id, chosen, idle, lease_until, custom_id, since) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (workspace_id, user_id) DO UPDATE SET chosen = excluded.chosen, idle = excluded.idle, lease_until = excluded.lease_until,
		custom_id = excluded.custom_id,
		since = CASE WHEN presences.since > 0 AND presences.chosen = excluded.chosen AND presences.custom_id = excluded.custom_id
			AND presences.idle = excluded.idle AND (presences.lease_until = 0) = (excluded.lease_until = 0) THEN presences.since ELSE excluded.since END`
	sqlPresenceRenew = `UPDATE presences SET lease_until = $2 WHERE workspace_id = $1 AND lease_until > 0 AND lease_until < $2
		AND user_id IN (` + inList3 + `)`
)

func memberDest(m *desk.Member, c *desk.CustomRole) []any {
	return append([]any{&m.UserID, &m.Role, asJSON(&m.Grants), &m.DisplayName, &m.AvatarKey, &m.Active, &m.CreatedAt, &m.UpdatedAt, &m.Scope, &m.Capacity, asJSON(&m.ChannelIDs), &m.Name, &m.Email}, roleDest(c)...)
}

func readMember(r row, m *desk.Member) error {
	var c desk.CustomRole
	err := scan(r, memberDest(m, &c)...)
	m.Custom = roleHeld(c)
	return err
}

func presenceDest(p *desk.Presence) []any {
	return []any{&p.UserID, &p.Chosen, &p.Idle, &p.LeaseUntil, &p.CustomID, &p.Since}
}

func readPresence(r row, p *desk.Presence) error {
	return scan(r, presenceDest(p)...)
}

func (s members) Get(user desk.ID) (desk.Member, error) {
	return get(s.t, "member", readMember, sqlMemberGet, s.t.workspace, user)
}

func (s members) List() ([]desk.Member, error) {
	return list(s.t, readMember, sqlMemberList, s.t.workspace)
}

func (s members) Agents() (map[desk.ID]desk.Agent, error) {
	all := map[desk.ID]desk.Agent{}
	err := s.t.each(sqlMemberAgents, []any{s.t.workspace, true}, func(r row) error {
		m := desk.Member{Active: true}
		var c desk.CustomRole
		err := scan(r, &m.UserID, &m.Role, &m.Capacity, asJSON(&m.ChannelIDs), &c.ID, asJSON(&c.Permissions))
		m.Custom = roleHeld(c)
		if m.Answers() {
			all[m.UserID] = desk.Agent{ID: m.UserID, Capacity: m.Capacity, Channels: m.ChannelIDs}
		}
		return err
	})
	return all, err
}

func (s members) Hold(user desk.ID) error {
	if err := s.t.fail(s.t.run.hold(s.t.workspace, user)); err != nil {
		return err
	}
	var id desk.ID
	_, err := s.t.value(sqlMemberHold, []any{s.t.workspace, user}, &id)
	return err
}

func (s members) Put(m desk.Member) error {
	return s.t.write(sqlMemberPut, s.t.workspace, m.UserID, m.Role, asJSON(m.Grants), m.DisplayName, m.AvatarKey, m.Active, m.CreatedAt, m.UpdatedAt,
		cmp.Or(m.Scope, desk.ScopeAll), m.Capacity, asJSON(m.ChannelIDs), roleHeldID(m.Custom))
}

func (s members) Presence(user desk.ID) (desk.Presence, error) {
	var p desk.Presence
	_, err := s.t.value(sqlPresenceGet, []any{s.t.workspace, user}, presenceDest(&p)...)
	return p, err
}

func (s members) Presences() ([]desk.Presence, error) {
	return list(s.t, readPresence, sqlPresenceList, s.t.workspace)
}

func (s members) PutPresence(p desk.Presence) error {
	return s.t.write(sqlPresencePut, s.t.workspace, p.UserID, p.Chosen, p.Idle, p.LeaseUntil, p.CustomID, s.t.at)
}

func (s members) RenewPresence(users []desk.ID, until time.Time) error {
	return in(users, []any{s.t.workspace, until}, func(args []any) error { return s.t.write(sqlPresenceRenew, args...) })
}

func (s members) Preferences(user desk.ID) ([]byte, error) {
	var b []byte
	_, err := s.t.value(sqlPreferencesGet, []any{s.t.workspace, user}, &b)
	return b, err
}

func (s members) PutPreferences(user desk.ID, preferences []byte) error {
	if len(preferences) > maxPreferences {
		return desk.Invalid("preferences", "too_long", "%d bytes of preferences", len(preferences))
	}
	n, err := s.t.exec(sqlPreferencesPut, s.t.workspace, user, preferences)
	if err == nil && n == 0 {
		err = desk.NotFound("member")
	}
	return err
}
