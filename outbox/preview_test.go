package outbox_test

import (
	"strings"
	"testing"

	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/outbox"
)

// TestAPreviewIsWhatIsSent: cut, completed and counted as on its way out, the first time and later; and nothing is sent.
func TestAPreviewIsWhatIsSent(t *testing.T) {
	t.Parallel()
	c := &shaped{shape: func(s *channel.Spec) { s.Capabilities.OptOut, s.Capabilities.Segments = true, true }}
	w := newWorld(t, c)
	thread := w.thread(t, 1)
	runner := outbox.New(w.config)
	text := strings.Repeat("あ", 99) + "い" + strings.Repeat("う", 20)
	m := desk.Message{ConversationID: thread, Author: desk.Author{Kind: desk.AuthorHuman, ID: 7}, Parts: []desk.Part{{Kind: desk.PartText, Text: text}}}
	first, err := runner.Preview(t.Context(), workspace, m)
	must(t, err)
	if first.Notice == "" || len(first.Pieces) < 2 || !strings.HasSuffix(first.Pieces[0].Parts[0].Text, "\n"+first.Notice) {
		t.Fatalf("the first message: %+v", first)
	}
	if n := len(c.outgoing()); n != 0 {
		t.Fatalf("%d messages were sent", n)
	}
	w.start(t)
	w.await(t, w.utter(t, c, thread, func(m *desk.Message) { m.Parts[0].Text = text }), desk.DeliverySent)
	sent := c.outgoing()
	if len(sent) != len(first.Pieces) {
		t.Fatalf("%d messages, %d were shown", len(sent), len(first.Pieces))
	}
	for i, piece := range first.Pieces {
		written := sent[i].Parts[0].Text
		if piece.Parts[0].Text != written || piece.Segments == nil || *piece.Segments != desk.CountSegments(written) {
			t.Errorf("piece %d: %+v, sent as %q", i, piece, written)
		}
	}
	later, err := runner.Preview(t.Context(), workspace, m)
	must(t, err)
	if later.Notice != "" || strings.Contains(later.Pieces[0].Parts[0].Text, first.Notice) {
		t.Errorf("told again: %+v", later)
	}
}

func TestNothingToPreview(t *testing.T) {
	t.Parallel()
	w := newWorld(t, testchannel.Connector{})
	if _, err := outbox.New(w.config).Preview(t.Context(), workspace, desk.Message{ConversationID: 404}); desk.KindOf(err) != desk.KindNotFound {
		t.Error(err)
	}
}
