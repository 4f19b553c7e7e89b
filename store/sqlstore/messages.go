package sqlstore

import (
	"cmp"
	"slices"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

type messages struct{ t *tx }

const (
	messageColumns = `id, conversation_id, seq, ticket_id, author_kind, author_id, author_name, parts, system_line, client_id,
		external_id, reply_to_id, status, fault, at, provider_at, received_at, late, version, deleted_at, deleted_by, extras`

	sqlMessageGet        = `SELECT ` + messageColumns + ` FROM messages WHERE workspace_id = $1 AND id = $2`
	sqlMessageMany       = `SELECT ` + messageColumns + ` FROM messages WHERE workspace_id = $1 AND id IN (` + inList2 + `)`
	sqlMessageByClientID = `SELECT ` + messageColumns + ` FROM messages WHERE workspace_id = $1 AND conversation_id = $2
		AND author_kind = $3 AND author_id = $4 AND client_id = $5 AND client_id <> ''`
	sqlMessageByExternalID = `SELECT ` + messageColumns + ` FROM messages WHERE workspace_id = $1 AND conversation_id = $2 AND external_id = $3
		AND external_id <> '' ORDER BY id LIMIT 1`
	sqlMessageByPiece = `SELECT d.message_id FROM deliveries d JOIN conversations c ON c.workspace_id = d.workspace_id AND c.id = d.conversation_id
		WHERE d.workspace_id = $1 AND d.conversation_id = $2 AND d.channel_id = c.channel_id AND d.external_id = $3 AND d.external_id <> '' LIMIT 1`
	sqlMessageBefore = `SELECT ` + messageColumns + ` FROM messages WHERE workspace_id = $1 AND conversation_id = $2 AND seq < $3
		ORDER BY seq DESC LIMIT $4`
	sqlMessageAfter = `SELECT ` + messageColumns + ` FROM messages WHERE workspace_id = $1 AND conversation_id = $2 AND seq > $3
		ORDER BY seq LIMIT $4`
	sqlMessageFirstInbound = `SELECT ` + messageColumns + ` FROM messages WHERE workspace_id = $1 AND ticket_id = $2 AND ticket_id > 0
		AND author_kind = 'customer' ORDER BY id LIMIT 1`
	sqlMessageFirst  = `SELECT ` + messageColumns + ` FROM messages WHERE workspace_id = $1 AND ticket_id = $2 AND ticket_id > 0 ORDER BY id LIMIT 1`
	sqlMessageInsert = `INSERT INTO messages (workspace_id, ` + messageColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`
	sqlMessageUpdate = `UPDATE messages SET ticket_id = $3, parts = $4, external_id = $5, status = $6, fault = $7, late = $8,
		deleted_at = $9, deleted_by = $10, extras = $11, version = version + 1 WHERE workspace_id = $1 AND id = $2 RETURNING version`
)

// Messages that go to another ticket; those of people and bots are what a case is made of.
const (
	sqlMessageRefile        = `UPDATE messages SET ticket_id = $3, version = version + 1 WHERE workspace_id = $1 AND ticket_id = $2 AND ticket_id > 0`
	sqlMessageRefileStretch = `UPDATE messages SET ticket_id = $3, version = version + 1 WHERE workspace_id = $1 AND ticket_id = $2
		AND ticket_id > 0 AND conversation_id = $4 AND seq BETWEEN $5 AND $6`
	sqlMessageSpokenOutside = `SELECT id FROM messages WHERE workspace_id = $1 AND ticket_id = $2 AND ticket_id > 0
		AND author_kind NOT IN ('system', 'note') AND NOT seq BETWEEN $3 AND $4 LIMIT 1`
)

// extras are what few messages have.
type extras struct {
	Choice    string            `json:"choice,omitempty"`
	Referral  *desk.Referral    `json:"referral,omitempty"`
	Reactions []desk.Reaction   `json:"reactions,omitempty"`
	Editions  []desk.Edition    `json:"editions,omitempty"`
	EditedAt  time.Time         `json:"edited_at,omitzero"`
	Elsewhere bool              `json:"elsewhere,omitempty"`
	Template  *desk.TemplateUse `json:"template,omitempty"`
	QuoteRef  string            `json:"quote_ref,omitempty"`
	Purpose   desk.Purpose      `json:"purpose,omitempty"`
	Keyword   desk.Keyword      `json:"keyword,omitempty"`
	Quiet     bool              `json:"quiet,omitempty"`
	WhisperTo desk.ID           `json:"whisper_to,omitempty"`
}

func extrasOf(m *desk.Message) extras {
	return extras{m.Choice, m.Referral, m.Reactions, m.Editions, m.EditedAt, m.Elsewhere, m.Template, m.QuoteRef, m.Purpose, m.Keyword, m.Quiet, m.WhisperTo}
}

func readMessage(r row, m *desk.Message) error {
	var more extras
	err := scan(r, &m.ID, &m.ConversationID, &m.Seq, &m.TicketID, &m.Author.Kind, &m.Author.ID, &m.Author.Name, asJSON(&m.Parts), asJSON(&m.System), &m.ClientID,
		&m.ExternalID, &m.ReplyToID, &m.Status, asJSON(&m.Fault), &m.At, &m.ProviderAt, &m.ReceivedAt, &m.Late, &m.Version,
		&m.DeletedAt, &m.DeletedBy, asJSON(&more))
	m.Choice, m.Referral, m.Reactions, m.Editions = more.Choice, more.Referral, more.Reactions, more.Editions
	m.EditedAt, m.Elsewhere, m.Template, m.QuoteRef = more.EditedAt, more.Elsewhere, more.Template, more.QuoteRef
	m.Purpose, m.Keyword, m.Quiet, m.WhisperTo = more.Purpose, more.Keyword, more.Quiet, more.WhisperTo
	return err
}

func (s messages) Get(id desk.ID) (desk.Message, error) {
	return s.one(sqlMessageGet, s.t.workspace, id)
}

func (s messages) ByClientID(conversation desk.ID, author desk.AuthorKind, authorID desk.ID, clientID string) (desk.Message, error) {
	return s.one(sqlMessageByClientID, s.t.workspace, conversation, author, authorID, clientID)
}

func (s messages) ByExternalID(conversation desk.ID, external desk.ExternalID) (desk.Message, error) {
	m, err := s.one(sqlMessageByExternalID, s.t.workspace, conversation, external)
	if desk.KindOf(err) != desk.KindNotFound {
		return m, err
	}
	var id desk.ID
	found, err := s.t.value(sqlMessageByPiece, []any{s.t.workspace, conversation, external}, &id)
	if err == nil && !found {
		err = desk.NotFound("message")
	}
	if err != nil {
		return m, err
	}
	return s.Get(id)
}

func (s messages) one(sql string, args ...any) (desk.Message, error) {
	m, err := get(s.t, "message", readMessage, sql, args...)
	if err != nil {
		return m, err
	}
	all := []desk.Message{m}
	err = s.attach(all)
	return all[0], err
}

// Many reads messages in the order asked for, without those that are not there.
func (s messages) Many(ids []desk.ID) ([]desk.Message, error) {
	all := make([]desk.Message, 0, len(ids))
	place := make(map[desk.ID]int, len(ids))
	for i, id := range ids {
		place[id] = i
	}
	err := in(ids, []any{s.t.workspace}, func(args []any) error {
		part, err := list(s.t, readMessage, sqlMessageMany, args...)
		all = append(all, part...)
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(all, func(a, b desk.Message) int { return cmp.Compare(place[a.ID], place[b.ID]) })
	return all, s.attach(all)
}

func (s messages) FirstInbound(ticket desk.ID) (desk.Message, error) {
	return s.one(sqlMessageFirstInbound, s.t.workspace, ticket)
}

func (s messages) First(ticket desk.ID) (desk.Message, error) {
	return s.one(sqlMessageFirst, s.t.workspace, ticket)
}

func (s messages) Before(conversation desk.ID, before int64, limit int) ([]desk.Message, error) {
	if before == 0 {
		before = maxKey
	}
	return s.some(sqlMessageBefore, conversation, before, limit)
}

func (s messages) After(conversation desk.ID, after int64, limit int) ([]desk.Message, error) {
	return s.some(sqlMessageAfter, conversation, after, limit)
}

func (s messages) some(sql string, conversation desk.ID, seq int64, limit int) ([]desk.Message, error) {
	all, err := list(s.t, readMessage, sql, s.t.workspace, conversation, seq, limit)
	if err != nil {
		return nil, err
	}
	return all, s.attach(all)
}

// Add draws the Seq under the conversation's lock.
func (s messages) Add(m *desk.Message) error {
	th, err := s.t.held(m.ConversationID)
	if err != nil {
		return err
	}
	th.drawn++
	th.behind = true
	m.Seq, m.Version = th.drawn, 1
	return s.t.write(sqlMessageInsert, s.t.workspace, m.ID, m.ConversationID, m.Seq, m.TicketID, m.Author.Kind, m.Author.ID, m.Author.Name,
		asJSON(withoutFiles(m.Parts)), asJSON(m.System), m.ClientID, m.ExternalID, m.ReplyToID, m.Status, asJSON(m.Fault), m.At, m.ProviderAt, m.ReceivedAt, m.Late, m.Version,
		m.DeletedAt, m.DeletedBy, asJSON(extrasOf(m)))
}

func (s messages) Update(m *desk.Message) error {
	found, err := s.t.drawn(sqlMessageUpdate, []any{s.t.workspace, m.ID, m.TicketID, asJSON(withoutFiles(m.Parts)), m.ExternalID, m.Status,
		asJSON(m.Fault), m.Late, m.DeletedAt, m.DeletedBy, asJSON(extrasOf(m))}, &m.Version)
	if err == nil && !found {
		err = desk.NotFound("message")
	}
	if err == nil && len(m.Parts) == 0 { // unsent or deleted: it is not even found by the index's own words
		err = s.t.unfind(m.ID)
	}
	return err
}

func (s messages) Refile(r store.Refiling) error {
	if r.Conversation == 0 {
		return s.t.write(sqlMessageRefile, s.t.workspace, r.From, r.To)
	}
	return s.t.write(sqlMessageRefileStretch, s.t.workspace, r.From, r.To, r.Conversation, r.FromSeq, r.ToSeq)
}

func (s messages) SpokenOutside(ticket desk.ID, fromSeq, toSeq int64) (bool, error) {
	var id desk.ID
	return s.t.value(sqlMessageSpokenOutside, []any{s.t.workspace, ticket, fromSeq, toSeq}, &id)
}
