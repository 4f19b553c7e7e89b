package inbox_test

import (
	"encoding/json"
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
