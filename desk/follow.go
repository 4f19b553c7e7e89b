package desk

import "slices"

// Follow copies the state of the conversation's latest ticket into the row (0.1). The caller counts Version.
func (c *Conversation) Follow(t Ticket) {
	if c.TicketID != t.ID || t.Status.Resolved() {
		c.SLA = SLASummary{} // nothing is promised of a case that is over, nor yet of one that begins
	}
	c.TicketID, c.TicketNo = t.ID, t.Number
	c.Status, c.Assignee, c.TeamID = t.Status, t.Assignee, t.TeamID
	c.Priority, c.TagIDs, c.JoinedIDs, c.WaitSince = t.Priority, t.TagIDs, t.JoinedIDs, t.WaitSince
}

// Said notes a message that joined the conversation with its Seq drawn. Only what people and bots said moves the row
// and changes its preview; a late message (G2.2) does neither, but counts as unread like any other. The caller counts
// Version.
func (c *Conversation) Said(m Message) {
	c.LastSeq = max(c.LastSeq, m.Seq)
	c.noteParts(m)
	if m.Author.Kind.Inbound() {
		c.LastInboundSeq = max(c.LastInboundSeq, m.Seq)
	}
	if m.Author.Kind.Spoken() && !m.At.Before(c.LastActivityAt) {
		c.LastActivityAt = m.At
		c.Preview = PreviewOf(m)
	}
}

// noteParts notes files, and whom a note names.
func (c *Conversation) noteParts(m Message) {
	for _, part := range m.Parts {
		c.Attached = c.Attached || part.Kind.File()
		if m.Author.Kind != AuthorNote {
			continue
		}
		for _, mark := range part.Marks {
			if mark.Kind == MarkUser && !slices.Contains(c.MentionedIDs, mark.UserID) {
				c.MentionedIDs = append(slices.Clone(c.MentionedIDs), mark.UserID)
			}
		}
	}
}

// Settled notes that a message's delivery status changed, so that the row shows when the last thing said did not arrive.
// It reports whether the row changed; the caller then counts Version.
func (c *Conversation) Settled(m Message) bool {
	if m.Seq == 0 || m.Seq != c.Preview.Seq {
		return false
	}
	failed := m.Status == DeliveryFailed || m.Status == DeliveryUnknown
	changed := c.Preview.Failed != failed
	c.Preview.Failed = failed
	return changed
}
