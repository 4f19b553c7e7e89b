package store

import (
	"strconv"
	"time"

	"madoguchi/desk"
)

// CannedValues are what desk.CannedVariables stand for in a case; member is who speaks, "" = nobody does.
func CannedValues(r Reader, row desk.Conversation, t desk.Ticket, member string) (map[string]string, error) {
	contact, err := r.Contacts().Get(t.ContactID)
	if err != nil {
		return nil, err
	}
	workspace, err := r.Workspaces().Current()
	if err != nil {
		return nil, err
	}
	channel, err := r.Channels().Get(row.ChannelID)
	if err != nil {
		return nil, err
	}
	return map[string]string{
		"contact.name": contact.Name, "contact.email": contact.Email, "contact.phone": contact.Phone,
		"ticket.number": strconv.FormatInt(t.Number, 10), "member.name": member, "workspace.name": workspace.Name, "channel.name": channel.Name,
	}, nil
}

// FillCanned fills the variables of a text. "variable_unfilled" (conflict) with the name of one that nothing fills.
func FillCanned(text string, values map[string]string) (string, error) {
	filled, missing := desk.FillCanned(text, values)
	if len(missing) == 0 {
		return filled, nil
	}
	e := desk.Errorf(desk.KindConflict, "variable_unfilled", "nothing fills {{%s}}", missing[0])
	e.Params = map[string]string{"name": missing[0]}
	return "", e
}

// NextOpening is when a channel's opening hours begin next after an instant. "opening_unknown" (conflict) where there are none, or none
// begin within a year.
func NextOpening(r Reader, channel desk.ID, after time.Time) (opens time.Time, err error) {
	ch, err := r.Channels().Get(channel)
	if err != nil {
		return opens, err
	}
	unknown := desk.Errorf(desk.KindConflict, "opening_unknown", "channel %d has no opening hours that begin", channel)
	if ch.ScheduleID == 0 {
		return opens, unknown
	}
	s, err := r.Schedules().Get(ch.ScheduleID)
	if err != nil {
		return opens, err
	}
	at, found, err := s.NextOpening(after)
	if err == nil && !found {
		err = unknown
	}
	return at, err
}
