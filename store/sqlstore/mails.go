package sqlstore

import (
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

type mails struct{ t *tx }

const (
	mailColumns = `workspace_id, id, tag, code, user_id, conversation_id, since, due_at, expires_at, news, attempts, handed_at, up_to`
	mailAttempt = ` WHERE workspace_id = $1 AND id = $2 AND attempts = $3`

	sqlMailDue  = `SELECT ` + mailColumns + ` FROM mails WHERE due_at <= $1 ORDER BY due_at, workspace_id, id LIMIT $2`
	sqlMailNext = `SELECT due_at FROM mails WHERE due_at > 0 ORDER BY due_at LIMIT 1`
	sqlMailAdd  = `INSERT INTO mails (` + mailColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, 0, 0, 0)
		ON CONFLICT (workspace_id, tag) DO UPDATE SET news = mails.news + 1, expires_at = excluded.expires_at`
	sqlMailClaim  = `UPDATE mails SET attempts = attempts + 1, due_at = $4` + mailAttempt + ` AND due_at = $5`
	sqlMailHand   = `UPDATE mails SET handed_at = $4, up_to = $5` + mailAttempt
	sqlMailReturn = `UPDATE mails SET handed_at = 0, due_at = $4` + mailAttempt
	sqlMailEnd    = `DELETE FROM mails` + mailAttempt + ` AND news = $4`
	sqlMailAgain  = `UPDATE mails SET since = $4, due_at = $5, news = news - $6, attempts = 0, handed_at = 0, up_to = 0` + mailAttempt

	sqlDigestDue  = `SELECT workspace_id, user_id, digest_at FROM members WHERE digest_at > 0 AND digest_at <= $1 ORDER BY digest_at LIMIT $2`
	sqlDigestNext = `SELECT digest_at FROM members WHERE digest_at > 0 ORDER BY digest_at LIMIT 1`
	sqlDigestPut  = `UPDATE members SET digest_at = $3 WHERE workspace_id = $1 AND user_id = $2`
	sqlDigestMove = `UPDATE members SET digest_at = $4 WHERE workspace_id = $1 AND user_id = $2 AND digest_at = $3`
)

func readMail(r row, m *desk.Mail) error {
	return scan(r, &m.Workspace, &m.ID, &m.Tag, &m.Code, &m.UserID, &m.ConversationID, &m.Since, &m.DueAt, &m.ExpiresAt, &m.News, &m.Attempts, &m.HandedAt, &m.UpTo)
}

func readDigest(r row, d *store.DueDigest) error { return scan(r, &d.Workspace, &d.User, &d.At) }

func (s mails) Due(limit int) ([]desk.Mail, error) {
	return list(s.t, readMail, sqlMailDue, s.t.at, limit)
}

func (s mails) NextDue() (due time.Time, err error) {
	_, err = s.t.value(sqlMailNext, nil, &due)
	return due, err
}

func (s mails) Digests(limit int) ([]store.DueDigest, error) {
	return list(s.t, readDigest, sqlDigestDue, s.t.at, limit)
}

func (s mails) NextDigest() (due time.Time, err error) {
	_, err = s.t.value(sqlDigestNext, nil, &due)
	return due, err
}

func (s mails) Add(m desk.Mail) error {
	return s.t.write(sqlMailAdd, s.t.workspace, m.ID, m.Tag, m.Code, m.UserID, m.ConversationID, m.Since, m.DueAt, m.ExpiresAt)
}

func (s mails) Claim(m *desk.Mail, until time.Time) (bool, error) {
	n, err := s.t.exec(sqlMailClaim, s.t.workspace, m.ID, m.Attempts, until, m.DueAt)
	if err == nil && n == 1 {
		m.Attempts++
		m.DueAt = until
	}
	return n == 1, err
}

func (s mails) Hand(m *desk.Mail, upTo int64) (bool, error) {
	n, err := s.t.exec(sqlMailHand, s.t.workspace, m.ID, m.Attempts, s.t.at, upTo)
	if err == nil && n == 1 {
		m.HandedAt, m.UpTo = s.t.at, upTo
	}
	return n == 1, err
}

func (s mails) Return(m desk.Mail) error {
	return s.t.write(sqlMailReturn, s.t.workspace, m.ID, m.Attempts, m.DueAt)
}

func (s mails) End(m desk.Mail, since, again time.Time) error {
	n, err := s.t.exec(sqlMailEnd, s.t.workspace, m.ID, m.Attempts, m.News)
	if err != nil || n == 1 {
		return err
	}
	return s.t.write(sqlMailAgain, s.t.workspace, m.ID, m.Attempts, since, again, m.News)
}

func (s mails) PutDigest(user desk.ID, at time.Time) error {
	return s.t.write(sqlDigestPut, s.t.workspace, user, at)
}

func (s mails) MoveDigest(d store.DueDigest, next time.Time) (bool, error) {
	n, err := s.t.exec(sqlDigestMove, s.t.workspace, d.User, d.At, next)
	return n == 1, err
}

func (t *tx) Mails() store.MailReader      { return mails{t} }
func (t *tx) WriteMails() store.MailWriter { return mails{t} }
