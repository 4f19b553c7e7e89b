package sqlstore

import (
	"strings"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

type accounts struct{ t *tx }

const (
	userColumns    = `id, email, name, password_hash, locale, zone, created_at`
	sessionColumns = `token_hash, id, csrf, user_id, workspace_id, created_at, last_seen_at, expires_at, ip, user_agent`
	apiKeyColumns  = `workspace_id, id, name, hash, role, created_by, created_at, last_used_at, revoked_at, permissions, expires_at, custom_role_id`
	apiKeyHeld     = `k.workspace_id, k.id, k.name, k.hash, k.role, k.created_by, k.created_at, k.last_used_at, k.revoked_at, k.permissions, k.expires_at, ` + roleHeldColumns
	inviteColumns  = `workspace_id, id, email, role, token_hash, invited_by, created_at, expires_at, accepted_at, custom_role_id`
	inviteHeld     = `i.workspace_id, i.id, i.email, i.role, i.token_hash, i.invited_by, i.created_at, i.expires_at, i.accepted_at, ` + roleHeldColumns

	sqlUserGet     = `SELECT ` + userColumns + ` FROM users WHERE id = $1`
	sqlUserByEmail = `SELECT ` + userColumns + ` FROM users WHERE email = $1`
	sqlUserAny     = `SELECT id FROM users LIMIT 1`
	sqlUserPut     = `INSERT INTO users (` + userColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (id) DO UPDATE SET email = excluded.email, name = excluded.name, password_hash = excluded.password_hash,
		locale = excluded.locale, zone = excluded.zone`

	sqlSessionGet  = `SELECT ` + sessionColumns + ` FROM sessions WHERE token_hash = $1`
	sqlSessionList = `SELECT ` + sessionColumns + ` FROM sessions WHERE user_id = $1 ORDER BY last_seen_at DESC, id DESC`
	sqlSessionMany = `SELECT ` + sessionColumns + ` FROM sessions WHERE expires_at > $1 AND user_id IN (` + inList2 + `)`
	sqlSessionPut  = `INSERT INTO sessions (` + sessionColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (token_hash) DO UPDATE SET csrf = excluded.csrf, workspace_id = excluded.workspace_id,
		last_seen_at = excluded.last_seen_at, expires_at = excluded.expires_at, ip = excluded.ip, user_agent = excluded.user_agent`
	sqlSessionMove     = `UPDATE sessions SET workspace_id = $2 WHERE token_hash = $1`
	sqlSessionDelete   = `DELETE FROM sessions WHERE token_hash = $1`
	sqlSessionDeleteOf = `DELETE FROM sessions WHERE user_id = $1 AND token_hash <> $2`
	sqlSessionTouch    = `UPDATE sessions SET last_seen_at = $2 WHERE token_hash = $1`

	apiKeyTables    = `api_keys k LEFT JOIN custom_roles c ON c.workspace_id = k.workspace_id AND c.id = k.custom_role_id AND c.base = k.role`
	sqlAPIKeyByHash = `SELECT ` + apiKeyHeld + ` FROM ` + apiKeyTables + ` WHERE k.hash = $1`
	sqlAPIKeyList   = `SELECT ` + apiKeyHeld + ` FROM ` + apiKeyTables + ` WHERE k.workspace_id = $1 ORDER BY k.id`
	sqlAPIKeyPut    = `INSERT INTO api_keys (` + apiKeyColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
		ON CONFLICT (workspace_id, id) DO UPDATE SET name = excluded.name, role = excluded.role,
		last_used_at = excluded.last_used_at, revoked_at = excluded.revoked_at, permissions = excluded.permissions,
		expires_at = excluded.expires_at, custom_role_id = excluded.custom_role_id`
	sqlAPIKeyTouch = `UPDATE api_keys SET last_used_at = $3 WHERE workspace_id = $1 AND id = $2`

	inviteTables     = `invites i LEFT JOIN custom_roles c ON c.workspace_id = i.workspace_id AND c.id = i.custom_role_id AND c.base = i.role`
	sqlInviteByToken = `SELECT ` + inviteHeld + ` FROM ` + inviteTables + ` WHERE i.token_hash = $1`
	sqlInviteList    = `SELECT ` + inviteHeld + ` FROM ` + inviteTables + ` WHERE i.workspace_id = $1 ORDER BY i.id DESC`
	sqlInvitePut     = `INSERT INTO invites (` + inviteColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
		ON CONFLICT (workspace_id, id) DO UPDATE SET email = excluded.email, role = excluded.role,
		token_hash = excluded.token_hash, expires_at = excluded.expires_at, accepted_at = excluded.accepted_at,
		custom_role_id = excluded.custom_role_id`
	sqlInviteDelete = `DELETE FROM invites WHERE workspace_id = $1 AND id = $2`

	sqlMembershipList = `SELECT w.id, w.name, w.locale, w.zone, w.reopen_days, w.created_at, w.role_grants, w.files, w.opt_out_words,
		w.capacity, w.idle_minutes, w.requeue_minutes, w.hide_monitoring, w.external_links, ` + memberColumns + `
		FROM ` + memberTables + ` JOIN workspaces w ON w.id = m.workspace_id
		WHERE m.user_id = $1 ORDER BY w.id`
)

func readUser(r row, u *desk.User) error {
	return scan(r, &u.ID, &u.Email, &u.Name, &u.PasswordHash, &u.Locale, &u.Zone, &u.CreatedAt)
}

func readSession(r row, s *desk.Session) error {
	return scan(r, &s.TokenHash, &s.ID, &s.CSRF, &s.UserID, &s.WorkspaceID, &s.CreatedAt, &s.LastSeenAt, &s.ExpiresAt, &s.IP, &s.UserAgent)
}

// inWorkspace is a record found across workspaces.
type inWorkspace[T any] struct {
	workspace desk.ID
	v         T
}

func readAPIKey(r row, k *inWorkspace[desk.APIKey]) error {
	v := &k.v
	var c desk.CustomRole
	err := scan(r, append([]any{&k.workspace, &v.ID, &v.Name, &v.Hash, &v.Role, &v.CreatedBy, &v.CreatedAt, &v.LastUsedAt, &v.RevokedAt,
		asJSON(&v.Permissions), &v.ExpiresAt}, roleDest(&c)...)...)
	v.Custom = roleHeld(c)
	return err
}

func readInvite(r row, i *inWorkspace[desk.Invite]) error {
	v := &i.v
	var c desk.CustomRole
	err := scan(r, append([]any{&i.workspace, &v.ID, &v.Email, &v.Role, &v.TokenHash, &v.InvitedBy, &v.CreatedAt, &v.ExpiresAt, &v.AcceptedAt}, roleDest(&c)...)...)
	v.Custom = roleHeld(c)
	return err
}

func (s accounts) User(id desk.ID) (desk.User, error) {
	return get(s.t, "user", readUser, sqlUserGet, id)
}

func (s accounts) UserByEmail(email string) (desk.User, error) {
	return get(s.t, "user", readUser, sqlUserByEmail, strings.ToLower(email))
}

func (s accounts) AnyUser() (bool, error) {
	var id desk.ID
	return s.t.value(sqlUserAny, nil, &id)
}

func (s accounts) Session(tokenHash string) (desk.Session, error) {
	return get(s.t, "session", readSession, sqlSessionGet, tokenHash)
}

func (s accounts) SessionsOf(user desk.ID) ([]desk.Session, error) {
	return list(s.t, readSession, sqlSessionList, user)
}

func (s accounts) SessionsOfMany(users []desk.ID) (map[string]desk.Session, error) {
	all := make(map[string]desk.Session, len(users))
	err := in(users, []any{s.t.at}, func(args []any) error {
		return s.t.each(sqlSessionMany, args, func(r row) error {
			var v desk.Session
			err := readSession(r, &v)
			all[v.TokenHash] = v
			return err
		})
	})
	return all, err
}

func (s accounts) APIKey(hash string) (desk.ID, desk.APIKey, error) {
	k, err := get(s.t, "api_key", readAPIKey, sqlAPIKeyByHash, hash)
	return k.workspace, k.v, err
}

func (s accounts) APIKeys() ([]desk.APIKey, error) {
	return values(list(s.t, readAPIKey, sqlAPIKeyList, s.t.workspace))
}

func (s accounts) Invite(tokenHash string) (desk.ID, desk.Invite, error) {
	i, err := get(s.t, "invite", readInvite, sqlInviteByToken, tokenHash)
	return i.workspace, i.v, err
}

func (s accounts) Invites() ([]desk.Invite, error) {
	return values(list(s.t, readInvite, sqlInviteList, s.t.workspace))
}

// values leaves out the workspace, where it is known.
func values[T any](rows []inWorkspace[T], err error) ([]T, error) {
	all := make([]T, len(rows))
	for i, r := range rows {
		all[i] = r.v
	}
	return all, err
}

func (s accounts) Memberships(user desk.ID) ([]store.Membership, error) {
	return list(s.t, func(r row, m *store.Membership) error {
		var c desk.CustomRole
		err := scan(r, append(workspaceDest(&m.Workspace), memberDest(&m.Member, &c)...)...)
		m.Member.Custom = roleHeld(c)
		return err
	}, sqlMembershipList, user)
}

func (s accounts) PutUser(u desk.User) error {
	_, err := s.t.exec(sqlUserPut, u.ID, strings.ToLower(u.Email), u.Name, u.PasswordHash, u.Locale, u.Zone, u.CreatedAt)
	return err
}

func (s accounts) PutSession(v desk.Session) error {
	return s.t.write(sqlSessionPut, v.TokenHash, v.ID, v.CSRF, v.UserID, v.WorkspaceID, v.CreatedAt, v.LastSeenAt, v.ExpiresAt, v.IP, v.UserAgent)
}

func (s accounts) MoveSession(tokenHash string, workspace desk.ID) error {
	n, err := s.t.exec(sqlSessionMove, tokenHash, workspace)
	if err == nil && n == 0 {
		err = desk.NotFound("session")
	}
	return err
}

func (s accounts) DeleteSession(tokenHash string) error {
	return s.t.write(sqlSessionDelete, tokenHash)
}

func (s accounts) DeleteSessionsOf(user desk.ID, except string) error {
	return s.t.write(sqlSessionDeleteOf, user, except)
}

func (s accounts) TouchSession(tokenHash string, at time.Time) error {
	return s.t.write(sqlSessionTouch, tokenHash, at)
}

func (s accounts) PutAPIKey(k desk.APIKey) error {
	return s.t.write(sqlAPIKeyPut, s.t.workspace, k.ID, k.Name, k.Hash, k.Role, k.CreatedBy, k.CreatedAt, k.LastUsedAt, k.RevokedAt,
		asJSON(k.Permissions), k.ExpiresAt, roleHeldID(k.Custom))
}

func (s accounts) TouchAPIKey(id desk.ID, at time.Time) error {
	return s.t.write(sqlAPIKeyTouch, s.t.workspace, id, at)
}

func (s accounts) PutInvite(i desk.Invite) error {
	return s.t.write(sqlInvitePut, s.t.workspace, i.ID, strings.ToLower(i.Email), i.Role, i.TokenHash, i.InvitedBy, i.CreatedAt, i.ExpiresAt, i.AcceptedAt, roleHeldID(i.Custom))
}

func (s accounts) DeleteInvite(id desk.ID) error {
	return s.t.write(sqlInviteDelete, s.t.workspace, id)
}
