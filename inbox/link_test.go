package inbox_test

import (
	"encoding/json"
	"errors"
	"testing"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

// upload is a file of Aoi's that is not sent yet.
func (c *counter) upload(kind desk.PartKind, mime string, size int64) desk.Part {
	c.t.Helper()
	var id desk.ID
	c.update(func(tx store.Tx) error {
		id = tx.NewID()
		return tx.WriteMessages().PutAttachment(desk.Attachment{ID: id, Kind: kind, Name: "a", MIME: mime, Size: size, Key: id.String(), UploadedBy: c.aoi.User, CreatedAt: tx.Now()})
	})
	return desk.Part{Kind: kind, AttachmentID: id}
}

// addedTo is an upload that was made for a conversation.
func (c *counter) addedTo(row desk.Conversation, kind desk.PartKind, mime string) desk.Part {
	c.t.Helper()
	part := c.upload(kind, mime, 10)
	c.update(func(tx store.Tx) error {
		a, err := tx.Messages().Attachment(part.AttachmentID)
		a.ConversationID = row.ID
		return errors.Join(err, tx.WriteMessages().PutAttachment(a))
	})
	return part
}

// TestFilesComeAlongToAnotherChannel of the same customer, and to nobody else (G2.11).
func TestFilesComeAlongToAnotherChannel(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row, other := c.writes(c.chat, "x", "hello"), c.writes(c.chat, "y", "hello")
	identity := desk.Identity{ContactID: row.ContactID, ChannelID: c.post, Kind: "post", Scope: "post", ExternalID: "second"}
	c.update(func(tx store.Tx) error {
		identity.ID = tx.NewID()
		return tx.WriteContacts().PutIdentity(identity)
	})
	there, _, err := c.service.Start(c.ctx(), c.aoi, row.ContactID, identity.ID)
	if err != nil {
		t.Fatal(err)
	}
	in := inbox.NewMessage{ClientID: "1", Mode: inbox.ModeReply, Parts: []desk.Part{c.addedTo(row, desk.PartImage, "image/png")}}
	_, _, err = c.service.Write(c.ctx(), c.aoi, other.ID, in)
	c.refused(err, desk.KindInvalid, "attachment_not_yours")
	m, _, err := c.service.Write(c.ctx(), c.aoi, there.ID, in)
	if err != nil || m.Parts[0].Attachment.ConversationID != there.ID {
		t.Errorf("%+v, %v", m.Parts, err)
	}
}

// TestVoiceIsSaidOfSoundsAlone: what was recorded says so, a picture does not.
func TestVoiceIsSaidOfSoundsAlone(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "p", "hi")
	sound, picture := c.upload(desk.PartAudio, "audio/ogg", 10), c.upload(desk.PartImage, "image/png", 10)
	sound.Voice, picture.Voice = true, true
	m, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, inbox.NewMessage{ClientID: "1", Mode: inbox.ModeReply, Parts: []desk.Part{sound, picture}})
	if err != nil || !m.Parts[0].Voice || m.Parts[1].Voice {
		t.Errorf("%+v, %v", m.Parts, err)
	}
}

// TestWhatTheChannelDoesNotCarryGoesAsALink: where the writer says so (B5.1, B5.2).
func TestWhatTheChannelDoesNotCarryGoesAsALink(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.post, "p", "hi")
	write := func(id string, mode inbox.Mode, parts ...desk.Part) (desk.Message, error) {
		m, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, inbox.NewMessage{ClientID: id, Mode: mode, Parts: parts})
		return m, err
	}
	for code, parts := range map[string][]desk.Part{
		"attachment_too_large":    {c.upload(desk.PartImage, "image/png", 1001)},
		"attachment_kind_refused": {c.upload(desk.PartFile, "application/zip", 10)},
	} {
		_, err := write("no "+code, inbox.ModeReply, parts...)
		c.refused(err, desk.KindInvalid, code)
		parts[0].AsLink = true
		m, err := write("yes "+code, inbox.ModeReply, parts...)
		if err != nil || !m.Parts[0].AsLink {
			t.Errorf("%s: %+v, %v", code, m.Parts, err)
		}
	}
	one, other := c.upload(desk.PartImage, "image/png", 900), c.upload(desk.PartImage, "image/png", 601)
	_, err := write("together", inbox.ModeReply, one, other)
	c.refused(err, desk.KindInvalid, "attachment_too_large")
	one.AsLink = true
	m, err := write("apart", inbox.ModeReply, one, other)
	if err != nil || !m.Parts[0].AsLink || m.Parts[1].AsLink {
		t.Errorf("what goes as a link counts for nothing: %+v, %v", m.Parts, err)
	}
	note := c.upload(desk.PartFile, "application/zip", 10)
	note.AsLink = true
	if m, err := write("note", inbox.ModeNote, note); err != nil || m.Parts[0].AsLink {
		t.Errorf("a note's file: %+v, %v", m.Parts, err)
	}
}

// TestAChannelWithoutFilesSendsLinks: nobody has to say so (B5.3).
func TestAChannelWithoutFilesSendsLinks(t *testing.T) {
	t.Parallel()
	for settings, want := range map[string]bool{`{"files":true}`: false, `{"files":false}`: true, `{}`: true} {
		c := newCounter(t)
		var id desk.ID
		c.update(func(tx store.Tx) error {
			id = tx.NewID()
			return tx.WriteChannels().Put(desk.Channel{ID: id, Kind: "linking", Account: "linking", State: desk.ChannelActive, Settings: json.RawMessage(settings), Version: 1})
		})
		row := c.writes(id, "p", "hi")
		in := inbox.NewMessage{ClientID: "1", Mode: inbox.ModeReply, Parts: []desk.Part{c.upload(desk.PartImage, "image/png", 10)}}
		m, _, err := c.service.Write(c.ctx(), c.aoi, row.ID, in)
		if err != nil || m.Parts[0].AsLink != want {
			t.Errorf("%s: %+v, %v", settings, m.Parts, err)
		}
	}
}
