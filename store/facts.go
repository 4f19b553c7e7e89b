package store

import (
	"fmt"
	"slices"
	"time"

	"madoguchi/desk"
)

// FillFacts reads what conditions ask about a ticket and the caller does not know already, and nothing else: a condition that nobody
// asks costs no statement. The caller gives the ticket, its channel and contact, the message in hand and the referral.
func FillFacts(r Reader, f *desk.Facts, asked []desk.Conditions) error {
	for _, fill := range []struct {
		facts []desk.Fact
		read  func(Reader, *desk.Facts, []desk.Conditions) error
	}{
		{[]desk.Fact{desk.FactHours}, fillSchedules},
		{[]desk.Fact{desk.FactDay, desk.FactTime}, fillZone},
		{[]desk.Fact{desk.FactContactIs}, fillNew},
		{[]desk.Fact{desk.FactEarlierTag}, fillEarlier},
		{[]desk.Fact{desk.FactEntryPage}, fillPage},
		{[]desk.Fact{desk.FactLastAuthor}, fillAuthor},
	} {
		wanted := slices.ContainsFunc(fill.facts, func(fact desk.Fact) bool {
			return slices.ContainsFunc(asked, func(c desk.Conditions) bool { return c.Asks(fact) })
		})
		if !wanted {
			continue
		}
		if err := fill.read(r, f, asked); err != nil {
			return fmt.Errorf("read %s: %w", fill.facts[0], err)
		}
	}
	return nil
}

func fillSchedules(r Reader, f *desk.Facts, asked []desk.Conditions) error {
	named := []desk.ID{f.Channel.ScheduleID}
	for _, c := range asked {
		for _, v := range c.Values(desk.FactHours) {
			if id, err := desk.ParseID(v); err == nil {
				named = append(named, id)
			}
		}
	}
	known := map[desk.ID]desk.Schedule{}
	for _, id := range named {
		if _, read := f.Schedules[id]; id == 0 || read {
			continue
		}
		s, err := r.Schedules().Get(id)
		if err != nil && desk.KindOf(err) != desk.KindNotFound {
			return err
		}
		if err == nil {
			known[id] = s
		}
	}
	for id, s := range f.Schedules {
		known[id] = s
	}
	f.Schedules = known
	return nil
}

func fillZone(r Reader, f *desk.Facts, _ []desk.Conditions) error {
	if f.Zone != nil {
		return nil
	}
	w, err := r.Workspaces().Current()
	if err != nil {
		return err
	}
	if f.Zone, err = time.LoadLocation(w.Zone); err != nil {
		f.Zone = time.UTC // a zone that this server does not know
	}
	return nil
}

func fillNew(r Reader, f *desk.Facts, _ []desk.Conditions) error {
	tickets, err := r.Tickets().OfContact(f.Ticket.ContactID)
	f.NewContact = !slices.ContainsFunc(tickets, f.Ticket.Follows)
	return err
}

func fillEarlier(r Reader, f *desk.Facts, _ []desk.Conditions) error {
	tickets, err := r.Tickets().OfConversation(f.Ticket.ConversationID) // newest first
	if i := slices.IndexFunc(tickets, f.Ticket.Follows); i >= 0 {
		f.EarlierTags = tickets[i].TagIDs
	}
	return err
}

func fillPage(r Reader, f *desk.Facts, _ []desk.Conditions) error {
	if f.Page.URL != "" {
		return nil
	}
	visitors, err := r.Visitors().ByContact(f.Ticket.ContactID) // who was here last first
	if err != nil {
		return err
	}
	i := slices.IndexFunc(visitors, func(v desk.Visitor) bool { return v.ChannelID == f.Channel.ID })
	if i >= 0 {
		f.Page = desk.Page{URL: visitors[i].PageURL, Title: visitors[i].PageTitle}
	}
	return nil
}

func fillAuthor(r Reader, f *desk.Facts, _ []desk.Conditions) error {
	if f.LastAuthor != "" {
		return nil
	}
	c, err := r.Conversations().Get(f.Ticket.ConversationID)
	f.LastAuthor = c.Preview.Author
	return err
}

// CheckNamed is KindNotFound for conditions that name a record which is not there.
func CheckNamed(r Reader, c desk.Conditions) error {
	for fact, read := range map[desk.Fact]func(desk.ID) error{
		desk.FactChannel:    func(id desk.ID) error { _, err := r.Channels().Get(id); return err },
		desk.FactHours:      func(id desk.ID) error { _, err := r.Schedules().Get(id); return err },
		desk.FactTag:        func(id desk.ID) error { _, err := r.Tags().Get(id); return err },
		desk.FactEarlierTag: func(id desk.ID) error { _, err := r.Tags().Get(id); return err },
		desk.FactTeam:       func(id desk.ID) error { _, err := r.Teams().Get(id); return err },
		desk.FactAssignee:   func(id desk.ID) error { _, err := r.Members().Get(id); return err },
	} {
		for _, v := range c.Values(fact) {
			if id, err := desk.ParseID(v); err == nil { // HoursOfChannel and HoursAlways are none
				if err := read(id); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
