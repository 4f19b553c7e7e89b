package view

import "madoguchi/desk"

// MessageOf maps a message for members.
func MessageOf(m desk.Message, people People, links Links) Message {
	v := Message{
		ID: m.ID, ConversationID: m.ConversationID, TicketID: m.TicketID, Seq: m.Seq,
		Author: Author{Kind: m.Author.Kind, ID: m.Author.ID, Name: m.Author.Name},
		Parts:  PartsOf(m.Parts, links), ClientID: m.ClientID, Status: m.Status,
		At: At(m.At), ReceivedAt: At(m.ReceivedAt), Late: m.Late, ReplyToID: m.ReplyToID, Version: m.Version,
		DeletedAt: At(m.DeletedAt), DeletedBy: m.DeletedBy,
		Choice: m.Choice, Referral: m.Referral, Reactions: m.Reactions, EditedAt: At(m.EditedAt), Elsewhere: m.Elsewhere, WhisperTo: m.WhisperTo,
	}
	for _, e := range m.Editions {
		v.Editions = append(v.Editions, Edition{Parts: PartsOf(e.Parts, links), Until: At(e.Until)})
	}
	if m.Template != nil {
		v.Template = m.Template.Name
	}
	if m.Author.Kind == desk.AuthorHuman || m.Author.Kind == desk.AuthorNote {
		if member, ok := people[m.Author.ID]; ok {
			v.Author.AvatarURL = links.avatar(member)
		}
	}
	if m.System != nil {
		v.System = &System{Code: m.System.Code, Params: m.System.Params}
	}
	if m.Fault != nil {
		v.Fault = faultOf(*m.Fault)
	}
	return v
}

func faultOf(f desk.MessageFault) *Fault {
	v := &Fault{Kind: f.Kind, Code: f.Code, Detail: f.Detail}
	if f.Last != nil {
		v.Last = &Last{Kind: f.Last.Kind, Code: f.Last.Code}
	}
	return v
}

// PartsOf maps parts; never nil.
func PartsOf(parts []desk.Part, links Links) []Part {
	views := make([]Part, 0, len(parts))
	for _, p := range parts {
		v := Part{Kind: p.Kind, Text: p.Text, AttachmentID: p.AttachmentID, AsLink: p.AsLink}
		for _, m := range p.Marks {
			v.Marks = append(v.Marks, Mark(m))
		}
		v.Choices = p.Choices
		v.Location = p.Location
		v.Cards, v.Items = p.Cards, p.Items
		v.Sticker, v.Voice, v.Media, v.MediaName = p.Sticker, p.Voice, string(p.Media), p.MediaName
		if p.Attachment != nil {
			a := AttachmentOf(*p.Attachment, links)
			v.Attachment = &a
		}
		views = append(views, v)
	}
	return views
}

// DeskParts maps parts that came in as JSON back to the desk's; attachments are named by id alone.
func DeskParts(parts []Part) []desk.Part {
	out := make([]desk.Part, 0, len(parts))
	for _, p := range parts {
		d := desk.Part{Kind: p.Kind, Text: p.Text, AttachmentID: p.AttachmentID, AsLink: p.AsLink, Voice: p.Voice}
		for _, m := range p.Marks {
			d.Marks = append(d.Marks, desk.Mark(m))
		}
		d.Choices = p.Choices
		d.Location = p.Location
		out = append(out, d)
	}
	return out
}

// AttachmentOf maps a file.
func AttachmentOf(a desk.Attachment, links Links) Attachment {
	url, thumb := links.file(a)
	return Attachment{
		ID: a.ID, Kind: a.Kind, Name: a.Name, MIME: a.MIME, Size: a.Size, Width: a.Width, Height: a.Height,
		URL: url, ThumbURL: thumb, MessageID: a.MessageID, ConversationID: a.ConversationID, CreatedAt: At(a.CreatedAt),
	}
}
