package live

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"

	"madoguchi/desk"
	"madoguchi/view"
)

// patch is one event, read and encoded once for everybody.
type patch struct {
	seq  int64
	only desk.ID // the one member it concerns, 0 = all; a patch nobody may have has only = nobody
	// Without a row, head is the whole frame. With one, head and tail are the JSON around the member's own part of it.
	head, tail []byte
	row        *ownership
	bare       []byte // the frame without the row, for those who do not see it; nil = it is nothing to them

	seen  []customerNews // what it means to the customer's browsers
	quiet bool           // somebody wrote: whoever typed there has stopped
	event desk.Event
}

const nobody desk.ID = -1

// ownership is what a member's part of a row is computed from.
type ownership struct {
	conversation desk.ID
	shown        desk.Conversation
	inbound      []int64   // the newest customer messages' Seqs, newest first
	queue        []desk.ID // members of its team while nobody has it
	reads        map[desk.ID]int64
}

// own is one member's part of a row.
type own struct {
	read     int64
	unread   int
	concerns bool
	draft    bool
}

func (o *ownership) of(user desk.ID, draft bool) own {
	mine := own{read: o.reads[user], concerns: o.concerns(user), draft: draft}
	if !mine.concerns {
		return mine
	}
	for _, seq := range o.inbound {
		if seq <= mine.read {
			break
		}
		mine.unread++
	}
	mine.unread = min(mine.unread, view.MaxUnread)
	return mine
}

// concerns reports whether what the customer writes is news to a member (G2.7).
func (o *ownership) concerns(user desk.ID) bool {
	var team []desk.ID
	if slices.Contains(o.queue, user) {
		team = []desk.ID{o.shown.TeamID}
	}
	return o.shown.Concerns(user, team)
}

// ownMark is where a row that is nobody's in particular has its member's part. In JSON it cannot occur inside a string:
// its quotes would be escaped.
var ownMark = []byte(`"read_seq":0,"unread":0,"concerns":false,"draft":false`)

// frame is the patch as one member gets it.
func (p *patch) frame(mine own) []byte {
	if p.row == nil {
		return p.head
	}
	part := make([]byte, 0, 64)
	part = append(part, `"read_seq":`...)
	part = strconv.AppendInt(part, mine.read, 10)
	part = append(part, `,"unread":`...)
	part = strconv.AppendInt(part, int64(mine.unread), 10)
	part = append(part, `,"concerns":`...)
	part = strconv.AppendBool(part, mine.concerns)
	part = append(part, `,"draft":`...)
	part = strconv.AppendBool(part, mine.draft)
	return textFrame(p.head, part, p.tail)
}

// customerNews is a frame for the browsers of one conversation's customer.
type customerNews struct {
	at           int64 // the event's position
	conversation desk.ID
	message      desk.ID // 0 for what is no message
	seq, version int64   // of the message
	frame        []byte
	born         *desk.Identity // the conversation is new: whose it is
}

// Wire shapes.
type (
	patchJSON struct {
		Type         string          `json:"type"`
		Seq          int64           `json:"seq"`
		Kind         desk.EventKind  `json:"kind"`
		SubjectID    desk.ID         `json:"subject_id,omitempty"`
		Message      *view.Message   `json:"message,omitempty"`
		Contact      *view.Contact   `json:"contact,omitempty"`
		Member       *view.Member    `json:"member,omitempty"`
		Team         *view.Team      `json:"team,omitempty"`
		Tag          *view.Tag       `json:"tag,omitempty"`
		Channel      *view.Channel   `json:"channel,omitempty"`
		Field        *view.Field     `json:"field,omitempty"`
		Read         *readJSON       `json:"read,omitempty"`
		Seen         *seenJSON       `json:"seen,omitempty"`
		Draft        *draftJSON      `json:"draft,omitempty"`
		Offer        *view.Offer     `json:"offer,omitempty"`
		Counts       *view.Counts    `json:"counts,omitempty"`
		Conversation json.RawMessage `json:"conversation,omitempty"`
	}
	readJSON struct {
		ConversationID desk.ID `json:"conversation_id"`
		UserID         desk.ID `json:"user_id"`
		Seq            int64   `json:"seq"`
	}
	seenJSON struct {
		ConversationID desk.ID `json:"conversation_id"`
		Seq            int64   `json:"seq"`
	}
	draftJSON struct {
		ConversationID desk.ID `json:"conversation_id"`
		Mode           string  `json:"mode"`
	}
	customerMessageJSON struct {
		Type    string        `json:"type"`
		Message view.WMessage `json:"message"`
	}
)

// encode writes the JSON, split around the member's own part if there is a row.
func (p *patch) encode(v patchJSON) error {
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode patch: %w", err)
	}
	if p.row == nil {
		p.head = textFrame(text)
		return nil
	}
	at := bytes.Index(text, ownMark)
	if at < 0 {
		return fmt.Errorf("encode patch: the row has no %s", ownMark)
	}
	p.head, p.tail = text[:at], text[at+len(ownMark):]
	return p.encodeBare(v)
}

// encodeBare makes what is left of a patch for those whose scope the row is outside of (J2): a contact without it, and for
// a case that may have left their scope that its row is to go.
func (p *patch) encodeBare(v patchJSON) error {
	switch {
	case isContact(p.event.Kind):
		v.Conversation = nil
	case p.event.Kind == desk.EventTicketChanged, p.event.Kind == desk.EventTicketCreated:
		v = patchJSON{Type: v.Type, Seq: v.Seq, Kind: desk.EventConversationDeleted, SubjectID: p.row.conversation}
	default:
		return nil
	}
	text, err := json.Marshal(v)
	if err != nil {
		return fmt.Errorf("encode patch: %w", err)
	}
	p.bare = textFrame(text)
	return nil
}

func encodeFrame(v any) ([]byte, error) {
	text, err := json.Marshal(v)
	if err != nil {
		return nil, fmt.Errorf("encode frame: %w", err)
	}
	return textFrame(text), nil
}
