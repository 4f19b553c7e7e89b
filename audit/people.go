package audit

import (
	"fmt"
	"strings"

	"madoguchi/desk"
	"madoguchi/store"
)

type members struct {
	store.MemberWriter
	t *tx
}

func memberFields(m desk.Member) []field {
	return []field{
		{"role", string(m.Role)}, {"custom_role", roleName(m.Custom)}, {"grants", strings.Join(m.Grants, ", ")}, {"active", fmt.Sprint(m.Active)},
		{"scope", string(m.Scope)}, {"display_name", m.DisplayName}, {"avatar", m.AvatarKey}, {"capacity", fmt.Sprint(m.Capacity)}, {"channel_ids", ids(m.ChannelIDs)},
	}
}

// roleName is a custom role as entries name it.
func roleName(c *desk.CustomRole) string {
	if c == nil {
		return ""
	}
	return c.Label.In(desk.LocaleJA)
}

func (w members) object(m desk.Member) desk.AuditObject {
	name := m.Name
	if user, err := w.t.Accounts().User(m.UserID); err == nil {
		name = user.Name
	}
	return desk.AuditObject{Kind: "member", ID: m.UserID, Name: name}
}

func (w members) Put(m desk.Member) error {
	before, present, err := was(w.t.Members().Get(m.UserID))
	if err != nil {
		return err
	}
	w.t.becomes(m.UserID)
	if err := w.t.put(w.object(m), present, memberFields(before), memberFields(m)); err != nil {
		return err
	}
	return w.MemberWriter.Put(m)
}

func (w members) Delete(user desk.ID) error {
	before, present, err := was(w.t.Members().Get(user))
	if err != nil {
		return err
	}
	if err := w.t.deleted(w.object(before), present, memberFields(before)); err != nil {
		return err
	}
	return w.MemberWriter.Delete(user)
}

func availabilityFields(v desk.CustomAvailability) []field {
	return []field{{"name", v.Name}, {"means", string(v.Means)}, {"reassigns", fmt.Sprint(v.Reassigns)}, {"position", fmt.Sprint(v.Position)}}
}

func (w members) PutCustomAvailability(v desk.CustomAvailability) error {
	before, present, err := was(w.t.Members().CustomAvailability(v.ID))
	if err != nil {
		return err
	}
	if err := w.t.put(desk.AuditObject{Kind: "availability", ID: v.ID, Name: v.Name}, present, availabilityFields(before), availabilityFields(v)); err != nil {
		return err
	}
	return w.MemberWriter.PutCustomAvailability(v)
}

func (w members) DeleteCustomAvailability(id desk.ID) error {
	before, present, err := was(w.t.Members().CustomAvailability(id))
	if err != nil {
		return err
	}
	if err := w.t.deleted(desk.AuditObject{Kind: "availability", ID: id, Name: before.Name}, present, availabilityFields(before)); err != nil {
		return err
	}
	return w.MemberWriter.DeleteCustomAvailability(id)
}

func roleFields(c desk.CustomRole) []field {
	return []field{{"label", asJSON(c.Label)}, {"base", string(c.Base)}, {"permissions", strings.Join(c.Permissions, ", ")}}
}

func (w members) PutCustomRole(c desk.CustomRole) error {
	before, present, err := was(w.t.Members().CustomRole(c.ID))
	if err != nil {
		return err
	}
	if err := w.t.put(desk.AuditObject{Kind: "role", ID: c.ID, Name: roleName(&c)}, present, roleFields(before), roleFields(c)); err != nil {
		return err
	}
	return w.MemberWriter.PutCustomRole(c)
}

func (w members) DeleteCustomRole(id desk.ID) error {
	before, present, err := was(w.t.Members().CustomRole(id))
	if err != nil {
		return err
	}
	if err := w.t.deleted(desk.AuditObject{Kind: "role", ID: id, Name: roleName(&before)}, present, roleFields(before)); err != nil {
		return err
	}
	return w.MemberWriter.DeleteCustomRole(id)
}

type teams struct {
	store.TeamWriter
	t *tx
}

func teamFields(v desk.Team) []field {
	return []field{{"name", v.Name}, {"member_ids", ids(v.MemberIDs)}, // their order counts (E5)
		{"mode", string(v.Mode)}, {"accept", string(v.Accept)}, {"ageing", fmt.Sprint(v.Ageing)}}
}

func (w teams) Put(v desk.Team) error {
	before, present, err := was(w.t.Teams().Get(v.ID))
	if err != nil {
		return err
	}
	if err := w.t.put(desk.AuditObject{Kind: "team", ID: v.ID, Name: v.Name}, present, teamFields(before), teamFields(v)); err != nil {
		return err
	}
	return w.TeamWriter.Put(v)
}

func (w teams) Delete(id desk.ID) error {
	before, present, err := was(w.t.Teams().Get(id))
	if err != nil {
		return err
	}
	if err := w.t.deleted(desk.AuditObject{Kind: "team", ID: id, Name: before.Name}, present, teamFields(before)); err != nil {
		return err
	}
	return w.TeamWriter.Delete(id)
}
