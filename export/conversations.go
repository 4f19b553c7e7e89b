package export

import (
	"strconv"
	"strings"

	"madoguchi/desk"
	"madoguchi/store"
)

// How much one page reads: conversations looked through, and messages taken.
const (
	threadPage  = 100
	messagePage = 500
)

// conversations are a line per message, conversation by conversation, of those that the member sees.
type conversations struct {
	options  desk.ExportOptions
	channels map[desk.ID]string
	user     desk.ID // whose scope it is (J2)

	after   desk.ID // the last conversation begun
	current desk.Conversation
	seq     int64 // the last message of it that was read
	contact desk.Contact
	numbers map[desk.ID]int64 // of its tickets
}

// messageLine is a message as JSON.
type messageLine struct {
	ConversationID desk.ID  `json:"conversation_id"`
	Ticket         int64    `json:"ticket"`
	Channel        string   `json:"channel"`
	ContactID      desk.ID  `json:"contact_id"`
	Contact        string   `json:"contact"`
	Seq            int64    `json:"seq"`
	At             string   `json:"at"`
	Author         string   `json:"author"`
	AuthorName     string   `json:"author_name"`
	Status         string   `json:"status"`
	Text           string   `json:"text"`
	Files          []string `json:"files"`
	Deleted        bool     `json:"deleted"`
}

func newConversations(r store.Reader, e desk.Export) (*conversations, error) {
	channels, err := channelNames(r)
	return &conversations{options: e.Options, channels: channels, user: e.RequestedBy}, err
}

func (c *conversations) columns() []string {
	return []string{
		"conversation_id", "ticket", "channel", "contact_id", "contact", "seq", "at", "author", "author_name", "status", "text", "files", "deleted",
	}
}

func (c *conversations) total(r store.Reader) (int64, error) {
	counts, err := r.Conversations().Counts(0, nil)
	return counts.All + counts.Resolved, err
}

func (c *conversations) next(r store.Reader) (page []record, done int64, more bool, err error) {
	member, err := r.Members().Get(c.user)
	if err != nil {
		return nil, 0, false, err
	}
	teams, err := r.Teams().Of(c.user)
	if err != nil {
		return nil, 0, false, err
	}
	for looked := 0; len(page) < messagePage && looked < threadPage; {
		if c.current.ID == 0 {
			found, err := c.begin(r)
			if err != nil || !found {
				return page, done, false, err
			}
			looked++
			if c.current.LastActivityAt.Before(c.options.Since) || !member.Scope.Sees(c.user, teams, c.current) {
				c.current, done = desk.Conversation{}, done+1
				continue
			}
		}
		messages, err := r.Messages().After(c.current.ID, c.seq, 200)
		if err != nil {
			return nil, 0, false, err
		}
		for _, m := range messages {
			c.seq = m.Seq
			if c.wanted(m) {
				page = append(page, c.record(m))
			}
		}
		if len(messages) < 200 {
			c.current, done = desk.Conversation{}, done+1
		}
	}
	return page, done, true, nil
}

// begin turns to the next conversation.
func (c *conversations) begin(r store.Reader) (bool, error) {
	found, err := r.Conversations().Walk(c.after, 1)
	if err != nil || len(found) == 0 {
		return false, err
	}
	c.current, c.seq, c.after = found[0], 0, found[0].ID
	if c.contact, err = r.Contacts().Get(c.current.ContactID); err != nil && desk.KindOf(err) != desk.KindNotFound {
		return false, err
	}
	tickets, err := r.Tickets().OfConversation(c.current.ID)
	c.numbers = make(map[desk.ID]int64, len(tickets))
	for _, t := range tickets {
		c.numbers[t.ID] = t.Number
	}
	return true, err
}

// wanted leaves out system lines, and internal notes unless they were asked for.
func (c *conversations) wanted(m desk.Message) bool {
	return within(c.options, m.At) && (m.Author.Kind.Spoken() || c.options.Notes && m.Author.Kind == desk.AuthorNote)
}

func (c *conversations) record(m desk.Message) record {
	line := messageLine{
		ConversationID: m.ConversationID, Ticket: c.numbers[m.TicketID], Channel: c.channels[c.current.ChannelID], ContactID: c.current.ContactID,
		Contact: c.contact.Name, Seq: m.Seq, At: desk.Instant(m.At), Author: string(m.Author.Kind), AuthorName: m.Author.Name,
		Status: string(m.Status), Text: m.Words(), Files: []string{}, Deleted: !m.DeletedAt.IsZero(),
	}
	for _, p := range m.Parts {
		if p.Attachment != nil {
			line.Files = append(line.Files, p.Attachment.Name)
		}
	}
	return record{object: line, cells: []string{
		line.ConversationID.String(), strconv.FormatInt(line.Ticket, 10), line.Channel, line.ContactID.String(), line.Contact,
		strconv.FormatInt(line.Seq, 10), line.At, line.Author, line.AuthorName, line.Status, line.Text, strings.Join(line.Files, ", "),
		strconv.FormatBool(line.Deleted),
	}}
}
