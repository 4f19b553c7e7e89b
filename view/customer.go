package view

import "madoguchi/desk"

// WAuthor is who wrote, as the customer sees it: no ids of ours.
type WAuthor struct {
	Kind      desk.AuthorKind `json:"kind"`
	Name      string          `json:"name"`
	AvatarURL string          `json:"avatar_url"`
}

// WMessage is one message as the customer's widget sees it.
type WMessage struct {
	ID       desk.ID             `json:"id"`
	Seq      int64               `json:"seq"`
	TicketID desk.ID             `json:"ticket_id"`
	Author   WAuthor             `json:"author"`
	Mine     bool                `json:"mine"`
	Parts    []Part              `json:"parts"`
	System   *System             `json:"system,omitempty"`
	ClientID string              `json:"client_id,omitempty"`
	Status   desk.DeliveryStatus `json:"status"`
	At       Time                `json:"at" format:"date-time"`
	Version  int64               `json:"version"`
}

// WMessageOf maps a message for the customer. It answers false for what a customer never sees: notes, and the system
// lines that are the desk's own business.
func WMessageOf(m desk.Message, people People, links Links) (WMessage, bool) {
	v := WMessage{
		ID: m.ID, Seq: m.Seq, TicketID: m.TicketID,
		Author: WAuthor{Kind: m.Author.Kind, Name: m.Author.Name},
		Parts:  []Part{}, Status: m.Status, At: At(m.At), Version: m.Version,
	}
	switch m.Author.Kind {
	case desk.AuthorCustomer:
		v.Mine, v.ClientID, v.Status = true, m.ClientID, desk.DeliverySent
	case desk.AuthorHuman:
		if member, ok := people[m.Author.ID]; ok {
			v.Author.AvatarURL = links.avatar(member)
		}
	case desk.AuthorBot, desk.AuthorAutomation:
	case desk.AuthorSystem:
		v.System = customerLine(m.System)
		return v, v.System != nil
	default:
		return WMessage{}, false // notes, and whatever comes later: shown only when somebody decided so
	}
	if !m.DeletedAt.IsZero() {
		v.Parts = []Part{{Kind: desk.PartUnknown}} // said and taken away: shown as what cannot be shown
		return v, true
	}
	v.Parts = PartsOf(m.Parts, links)
	for i := range v.Parts {
		for j := range v.Parts[i].Marks {
			v.Parts[i].Marks[j].UserID = 0
		}
		if v.Parts[i].Attachment != nil {
			v.Parts[i].Attachment.ConversationID = 0
		}
	}
	return v, true
}

// customerLine translates a system line into the customer's few, nil for the rest.
func customerLine(l *desk.SystemLine) *System {
	if l == nil {
		return nil
	}
	switch l.Code {
	case "assigned", "joined", "taken_over":
		return &System{Code: "agent_joined", Params: map[string]string{"name": l.Params["name"]}}
	case "resolved":
		return &System{Code: "ticket_closed", Params: map[string]string{}}
	case "ticket_opened", "reopened":
		return &System{Code: "ticket_opened", Params: map[string]string{}}
	case "offline_notice":
		return &System{Code: "offline_notice", Params: map[string]string{}}
	}
	return nil
}
