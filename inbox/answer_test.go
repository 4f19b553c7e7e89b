package inbox_test

import (
	"testing"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

// TestAReplyAnswersACustomersMessageOfItsConversation: another one's words must not leave with it.
func TestAReplyAnswersACustomersMessageOfItsConversation(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row, other := c.writes(c.chat, "visitor", "hi"), c.writes(c.chat, "somebody else", "secret")
	asked := c.saidBy(row, desk.AuthorCustomer)
	own := c.say(c.aoi, row.ID, inbox.ModeReply, "はい")
	for i, quoted := range []desk.ID{c.saidBy(other, desk.AuthorCustomer), own.ID, c.saidBy(row, desk.AuthorSystem), 987654321} {
		in := inbox.NewMessage{ClientID: "refused", Mode: inbox.ModeReply, Parts: text("x"), ReplyToID: quoted}
		if _, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, in); quoted == 0 || desk.CodeOf(err) != "reply_to_invalid" {
			t.Errorf("%d: message %d was quoted: %v", i, quoted, err)
		}
	}
	m, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, inbox.NewMessage{ClientID: "quotes", Mode: inbox.ModeReply, Parts: text("それです"), ReplyToID: asked})
	if err != nil || m.ReplyToID != asked {
		t.Errorf("answers %d, not %d: %v", m.ReplyToID, asked, err)
	}
	m, _, err = c.service.Write(c.ctx(), c.aoi, row.ID, inbox.NewMessage{ClientID: "notes", Mode: inbox.ModeNote, Parts: text("メモ"), ReplyToID: asked})
	if err != nil || m.ReplyToID != 0 {
		t.Errorf("a note answers %d: %v", m.ReplyToID, err)
	}
}

// saidBy is the message of an author's in a conversation.
func (c *counter) saidBy(row desk.Conversation, kind desk.AuthorKind) (found desk.ID) {
	c.view(func(r store.Reader) error {
		page, err := r.Messages().Before(row.ID, 0, 10)
		for _, m := range page {
			if m.Author.Kind == kind {
				found = m.ID
			}
		}
		return err
	})
	return found
}

func TestADraftKeepsWhatItAnswers(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row, other := c.writes(c.chat, "visitor", "hi"), c.writes(c.chat, "somebody else", "secret")
	keep := func(answered desk.ID) error {
		return c.service.Draft(c.ctx(), c.aoi, row.ID, inbox.Unsent{Mode: inbox.ModeReply, Parts: text("draft"), ReplyToID: answered})
	}
	asked := c.saidBy(row, desk.AuthorCustomer)
	if err := keep(asked); err != nil {
		t.Fatal(err)
	}
	if err := keep(c.saidBy(other, desk.AuthorCustomer)); desk.CodeOf(err) != "reply_to_invalid" {
		t.Errorf("another conversation's message: %v", err)
	}
	c.view(func(r store.Reader) error {
		drafts, err := r.Drafts().Of(c.aoi.User, row.ID)
		if len(drafts) != 1 || drafts[0].ReplyToID != asked {
			t.Errorf("drafts %+v", drafts)
		}
		return err
	})
}
