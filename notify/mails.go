package notify

import (
	"fmt"
	"slices"

	"madoguchi/desk"
	"madoguchi/store"
)

// mail lets a member who wants it hear by mail of a kind of notice, if they are away by then. What follows goes with it.
func (s *Service) mail(tx store.Tx, user desk.ID, kind desk.NoticeKind) error {
	if !s.Mails {
		return nil
	}
	telling, err := tx.Pushes().Telling(user)
	if err != nil || !slices.Contains(telling.ByMail, kind) {
		return none(err)
	}
	due := tx.Now().Add(telling.Away())
	m := desk.Mail{ID: tx.NewID(), Tag: "n" + user.String(), Code: desk.MailNotices, UserID: user, Since: tx.Now(), DueAt: due, ExpiresAt: due.Add(desk.MailKept)}
	if err := tx.WriteMails().Add(m); err != nil {
		return fmt.Errorf("let a mail wait: %w", err)
	}
	return nil
}

// mailNotification lets whom a notification is for hear of it by mail: one member, or those who manage channels.
func (s *Service) mailNotification(tx store.Tx, n desk.Notification) error {
	kind := desk.NoticeOf(n.Code, n.ConversationID)
	if !s.Mails || n.UserID != 0 {
		return s.mail(tx, n.UserID, kind)
	}
	members, err := tx.Members().List()
	if err != nil {
		return fmt.Errorf("list members: %w", err)
	}
	for _, m := range members {
		manages, err := managesChannels(tx, m.UserID)
		if err != nil {
			return err
		}
		if !manages {
			continue
		}
		if err := s.mail(tx, m.UserID, kind); err != nil {
			return err
		}
	}
	return nil
}
