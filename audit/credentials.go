package audit

import (
	"fmt"
	"strings"

	"madoguchi/desk"
	"madoguchi/store"
)

func (t *tx) WriteAccounts() store.AccountWriter { return accounts{t.Tx.WriteAccounts(), t} }

// accounts notes what becomes of people's records, invitations and API keys. Sessions and passwords are told by package
// account: a session that is written may be a sign-in or a heartbeat, and a new hash of an old password is no deed.
type accounts struct {
	store.AccountWriter
	t *tx
}

func userFields(u desk.User) []field {
	return []field{{"email", u.Email}, {"name", u.Name}, {"locale", string(u.Locale)}, {"zone", u.Zone}}
}

func (w accounts) PutUser(u desk.User) error {
	before, present, err := was(w.t.Accounts().User(u.ID))
	if err != nil {
		return err
	}
	if w.t.workspace != 0 { // across workspaces only passwords change
		w.t.becomes(u.ID)
		if err := w.t.put(desk.AuditObject{Kind: "user", ID: u.ID, Name: u.Email}, present, userFields(before), userFields(u)); err != nil {
			return err
		}
	}
	return w.AccountWriter.PutUser(u)
}

func (w accounts) DeleteUser(id desk.ID) error {
	before, present, err := was(w.t.Accounts().User(id))
	if err != nil {
		return err
	}
	if err := w.t.deleted(desk.AuditObject{Kind: "user", ID: id, Name: before.Email}, present, userFields(before)); err != nil {
		return err
	}
	return w.AccountWriter.DeleteUser(id)
}

func (w accounts) PutAPIKey(k desk.APIKey) error {
	all, err := w.t.Accounts().APIKeys()
	if err != nil {
		return err
	}
	before, present := desk.APIKey{}, false
	for _, known := range all {
		if known.ID == k.ID {
			before, present = known, true
		}
	}
	happened := ""
	if before.RevokedAt.IsZero() && !k.RevokedAt.IsZero() {
		happened = "revoked"
	}
	err = w.t.putAs(desk.AuditObject{Kind: "api_key", ID: k.ID, Name: k.Name}, happened, present, apiKeyFields(before), apiKeyFields(k))
	if err != nil {
		return err
	}
	return w.AccountWriter.PutAPIKey(k)
}

func apiKeyFields(k desk.APIKey) []field {
	return []field{{"name", k.Name}, {"role", string(k.Role)}, {"custom_role", roleName(k.Custom)}, {"permissions", strings.Join(k.Permissions, ", ")}, {"expires_at", desk.Instant(k.ExpiresAt)}, {"created_by", k.CreatedBy.String()}, {"revoked_at", desk.Instant(k.RevokedAt)}}
}

func (w accounts) invite(id desk.ID) (i desk.Invite, present bool, err error) {
	all, err := w.t.Accounts().Invites()
	for _, known := range all {
		if known.ID == id {
			return known, true, err
		}
	}
	return i, false, err
}

func inviteFields(i desk.Invite) []field {
	return []field{{"email", i.Email}, {"role", string(i.Role)}, {"custom_role", roleName(i.Custom)}, {"expires_at", desk.Instant(i.ExpiresAt)}, {"accepted_at", desk.Instant(i.AcceptedAt)}}
}

func (w accounts) PutInvite(i desk.Invite) error {
	before, present, err := w.invite(i.ID)
	if err != nil {
		return err
	}
	happened := ""
	if before.AcceptedAt.IsZero() && !i.AcceptedAt.IsZero() {
		happened = "accepted"
	}
	err = w.t.putAs(desk.AuditObject{Kind: "invite", ID: i.ID, Name: i.Email}, happened, present, inviteFields(before), inviteFields(i))
	if err != nil {
		return err
	}
	return w.AccountWriter.PutInvite(i)
}

func (w accounts) DeleteInvite(id desk.ID) error {
	before, present, err := w.invite(id)
	if err != nil {
		return fmt.Errorf("read invitation: %w", err)
	}
	if err := w.t.deleted(desk.AuditObject{Kind: "invite", ID: id, Name: before.Email}, present, inviteFields(before)); err != nil {
		return err
	}
	return w.AccountWriter.DeleteInvite(id)
}
