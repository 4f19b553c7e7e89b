package sqlstore

import "madoguchi/desk"

// Deletions of records that others hang on: the same order on both databases, children first.
const (
	sqlEraseDeliveries = `DELETE FROM deliveries WHERE workspace_id = $1 AND message_id IN
		(SELECT id FROM messages WHERE workspace_id = $1 AND conversation_id = $2)`
	sqlEraseFetches       = `DELETE FROM media_fetches WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEraseSurveys       = `DELETE FROM surveys WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEraseSLA           = `DELETE FROM sla_clocks WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEraseRuns          = `DELETE FROM trigger_runs WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEraseTimers        = `DELETE FROM trigger_timers WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEraseCalls         = `DELETE FROM webhook_calls WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEraseLane          = `DELETE FROM lanes WHERE workspace_id = $1 AND lane_id = $2`
	sqlEraseAttachments   = `DELETE FROM attachments WHERE workspace_id = $1 AND conversation_id = $2 AND message_id > 0`
	sqlEraseMessages      = `DELETE FROM messages WHERE workspace_id = $1 AND conversation_id = $2 RETURNING id`
	sqlEraseTickets       = `DELETE FROM tickets WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEraseTags          = `DELETE FROM conversation_tags WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEraseMentions      = `DELETE FROM conversation_mentions WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEraseMemberReads   = `DELETE FROM member_reads WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEraseCustomerReads = `DELETE FROM customer_reads WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEraseDrafts        = `DELETE FROM drafts WHERE workspace_id = $1 AND conversation_id = $2`
	sqlEraseConversation  = `DELETE FROM conversations WHERE workspace_id = $1 AND id = $2`

	sqlEraseTicketDeliveries = `DELETE FROM deliveries WHERE workspace_id = $1 AND message_id IN
		(SELECT id FROM messages WHERE workspace_id = $1 AND ticket_id = $2 AND ticket_id > 0)`
	sqlEraseTicketAttachments = `DELETE FROM attachments WHERE workspace_id = $1 AND message_id > 0 AND message_id IN
		(SELECT id FROM messages WHERE workspace_id = $1 AND ticket_id = $2 AND ticket_id > 0)`
	sqlEraseTicketMessages = `DELETE FROM messages WHERE workspace_id = $1 AND ticket_id = $2 AND ticket_id > 0 RETURNING id`
	sqlEraseTicketSurvey   = `DELETE FROM surveys WHERE workspace_id = $1 AND ticket_id = $2`
	sqlEraseTicketSLA      = `DELETE FROM sla_clocks WHERE workspace_id = $1 AND ticket_id = $2`
	sqlEraseTicket         = `DELETE FROM tickets WHERE workspace_id = $1 AND id = $2`

	sqlEraseVisitors = `DELETE FROM visitors WHERE workspace_id = $1 AND identity_id = $2 AND identity_id > 0`
	sqlEraseIdentity = `DELETE FROM identities WHERE workspace_id = $1 AND id = $2`

	sqlEraseMemberDrafts   = `DELETE FROM drafts WHERE workspace_id = $1 AND user_id = $2`
	sqlEraseMemberReadings = `DELETE FROM member_reads WHERE workspace_id = $1 AND user_id = $2`
	sqlErasePresence       = `DELETE FROM presences WHERE workspace_id = $1 AND user_id = $2`
	sqlEraseTeamPlaces     = `DELETE FROM team_members WHERE workspace_id = $1 AND user_id = $2`
	sqlEraseMember         = `DELETE FROM members WHERE workspace_id = $1 AND user_id = $2`

	sqlUserUsed      = `SELECT workspace_id FROM members WHERE user_id = $1 LIMIT 1`
	sqlEraseSessions = `DELETE FROM sessions WHERE user_id = $1`
	sqlEraseUser     = `DELETE FROM users WHERE id = $1`
)

func (s conversations) Delete(id desk.ID) error {
	th, err := s.t.hold(id)
	if err != nil || !th.stored {
		return err
	}
	for _, sql := range []string{sqlEraseDeliveries, sqlEraseLane, sqlEraseAttachments, sqlEraseFetches, sqlEraseSurveys, sqlOffersOfThread, sqlEraseSLA} {
		if err := s.t.write(sql, s.t.workspace, id); err != nil {
			return err
		}
	}
	if err := s.t.unfindDeleted(sqlEraseMessages, s.t.workspace, id); err != nil {
		return err
	}
	for _, sql := range []string{
		sqlEraseTickets, sqlEraseTags, sqlEraseMentions, sqlEraseMemberReads, sqlEraseCustomerReads, sqlEraseDrafts,
		sqlEraseRuns, sqlEraseTimers, sqlEraseCalls, sqlEraseScheduledFiles, sqlEraseScheduled, sqlEraseReminders, sqlEraseConversation,
	} {
		if err := s.t.write(sql, s.t.workspace, id); err != nil {
			return err
		}
	}
	s.t.resize(th.row, -1)
	*th = thread{}
	return nil
}

// Delete leaves the conversation's row to the caller, who holds its lock.
func (s tickets) Delete(id desk.ID) error {
	for _, sql := range []string{sqlEraseTicketDeliveries, sqlEraseTicketAttachments} {
		if err := s.t.write(sql, s.t.workspace, id); err != nil {
			return err
		}
	}
	if err := s.t.unfindDeleted(sqlEraseTicketMessages, s.t.workspace, id); err != nil {
		return err
	}
	for _, sql := range []string{sqlEraseTicketSurvey, sqlEraseTicketSLA} {
		if err := s.t.write(sql, s.t.workspace, id); err != nil {
			return err
		}
	}
	if err := s.t.write(sqlOfferForget, s.t.workspace, id); err != nil {
		return err
	}
	return s.t.write(sqlEraseTicket, s.t.workspace, id)
}

func (s contacts) DeleteIdentity(id desk.ID) error {
	_, err := (conversations{s.t}).ByIdentity(id)
	if err == nil {
		return desk.Errorf(desk.KindConflict, "identity_in_use", "identity %s still has a conversation", id)
	}
	if desk.KindOf(err) != desk.KindNotFound {
		return err
	}
	if err := s.t.write(sqlEraseVisitors, s.t.workspace, id); err != nil {
		return err
	}
	return s.t.write(sqlEraseIdentity, s.t.workspace, id)
}

func (s members) Delete(user desk.ID) error {
	for _, sql := range []string{
		sqlEraseMemberDrafts, sqlEraseMemberScheduledFiles, sqlEraseMemberScheduled, sqlEraseMemberReminders, sqlEraseMemberReadings,
		sqlErasePresence, sqlEraseTeamPlaces, sqlTurnsOfMember, sqlSavedViewLeave, sqlEraseMember,
	} {
		if err := s.t.write(sql, s.t.workspace, user); err != nil {
			return err
		}
	}
	return nil
}

func (s accounts) DeleteUser(id desk.ID) error {
	var workspace desk.ID
	used, err := s.t.value(sqlUserUsed, []any{id}, &workspace)
	if err != nil {
		return err
	}
	if used {
		return desk.Errorf(desk.KindConflict, "user_in_use", "user %s is still a member of workspace %s", id, workspace)
	}
	if err := s.t.write(sqlEraseSessions, id); err != nil {
		return err
	}
	return s.t.write(sqlEraseUser, id)
}
