package inbound_test

import (
	"fmt"
	"net/http"
	"testing"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/store"
)

func TestFilesBelongToTheirUploader(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const visitor desk.ID = 77
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		return tx.WriteMessages().PutAttachment(desk.Attachment{ID: 500, Kind: desk.PartImage, Name: "a.png", MIME: "image/png", Size: 5, Key: "k", UploadedBy: visitor, CreatedAt: tx.Now()})
	}))
	call := func(id string, uploader desk.ID) inbound.Call {
		c := written("v1", id, "")
		c.Request.Body = []byte(`{"client_id":"` + id + `","parts":[{"kind":"file","attachment_id":500}]}`)
		c.Uploader = uploader
		return c
	}
	if _, err := w.service.Accept(t.Context(), call("c1", 78)); desk.CodeOf(err) != "attachment_not_found" {
		t.Errorf("another's upload: %v", err)
	}
	f := w.write(t, call("c2", visitor))
	if f.Message.Parts[0].Kind != desk.PartImage {
		t.Errorf("the bytes decide the kind: %+v", f.Message.Parts[0])
	}
	w.view(t, func(r store.Reader) error {
		a, err := r.Messages().Attachment(500)
		must(t, err)
		m, err := r.Messages().Get(f.Message.ID)
		must(t, err)
		if a.MessageID != f.Message.ID || a.ConversationID != f.Conversation.ID || m.Parts[0].Attachment == nil || m.Parts[0].Attachment.Name != "a.png" {
			t.Errorf("attachment: %+v in %+v", a, m.Parts)
		}
		return nil
	})
	if again := w.write(t, call("c2", visitor)); !again.Duplicate {
		t.Errorf("a retry with the file: %+v", again)
	}
	if _, err := w.service.Accept(t.Context(), call("c3", visitor)); desk.CodeOf(err) != "attachment_not_found" {
		t.Errorf("sent twice: %v", err)
	}
}

func TestAlsoRunsOnceAndCanRefuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := written("v1", "c1", "hello")
	c.Also = func(tx store.Tx, f *inbound.Filed) error { return f.Line(tx, "offline_notice", nil) }
	f := w.write(t, c)
	w.write(t, c)
	w.view(t, func(r store.Reader) error {
		messages, err := r.Messages().After(f.Conversation.ID, 0, 10)
		if len(messages) != 3 || messages[2].System.Code != "offline_notice" {
			t.Errorf("thread: %+v", messages)
		}
		return err
	})
	c = written("v9", "c1", "hello")
	c.Also = func(store.Tx, *inbound.Filed) error { return desk.NotFound("nothing") }
	if _, err := w.service.Accept(t.Context(), c); desk.CodeOf(err) != "nothing_not_found" {
		t.Errorf("refused: %v", err)
	}
	w.view(t, func(r store.Reader) error {
		rows, _, err := r.Conversations().List(store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewAll}})
		if len(rows) != 1 {
			t.Errorf("%d conversations: the refused message left something behind", len(rows))
		}
		return err
	})
}

func TestReadingClimbs(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	f := w.write(t, written("v1", "c1", "hello"))
	var replies [2]desk.Message
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		c, err := tx.WriteConversations().Lock(f.Conversation.ID)
		must(t, err)
		for i := range replies {
			replies[i] = desk.Message{ID: tx.NewID(), ConversationID: c.ID, TicketID: c.TicketID, Author: desk.Author{Kind: desk.AuthorHuman, ID: 7, Name: "A"},
				Parts: []desk.Part{{Kind: desk.PartText, Text: "hi"}}, Status: desk.DeliverySent, At: tx.Now(), ReceivedAt: tx.Now()}
			must(t, tx.WriteMessages().Add(&replies[i]))
			c.Said(replies[i])
		}
		c.Version++
		return tx.WriteConversations().Put(c)
	}))
	read := func(seq int64) {
		t.Helper()
		_, err := w.service.Accept(t.Context(), inbound.Call{Workspace: workspace, Channel: chat, Request: channel.Request{
			Method: http.MethodPut, URL: "/widget/v1/read", Body: fmt.Appendf(nil, `{"seq":%d}`, seq), Peer: "v1"}})
		must(t, err)
	}
	statuses := func() string {
		var list []desk.DeliveryStatus
		w.view(t, func(r store.Reader) error {
			for _, reply := range replies {
				m, err := r.Messages().Get(reply.ID)
				must(t, err)
				list = append(list, m.Status)
			}
			own, err := r.Messages().Get(f.Message.ID)
			list = append(list, own.Status)
			return err
		})
		return fmt.Sprint(list)
	}
	read(replies[0].Seq)
	if got := statuses(); got != "[read sent ]" {
		t.Errorf("after the first: %s", got)
	}
	head, err := w.store.Head(t.Context(), workspace)
	must(t, err)
	read(replies[0].Seq) // again, and back: nothing happens
	read(1)
	if now, err := w.store.Head(t.Context(), workspace); err != nil || now != head {
		t.Errorf("a repeated receipt made events: %d → %d, %v", head, now, err)
	}
	read(1 << 40) // beyond the end is the end
	if got := statuses(); got != "[read read ]" {
		t.Errorf("after all: %s", got)
	}
	w.view(t, func(r store.Reader) error {
		read, err := r.Conversations().CustomerRead(f.Conversation.ID)
		if read.Seq != replies[1].Seq {
			t.Errorf("read up to %d, want %d", read.Seq, replies[1].Seq)
		}
		return err
	})
	// Somebody without a conversation reads: acknowledged.
	_, err = w.service.Accept(t.Context(), inbound.Call{Workspace: workspace, Channel: chat, Request: channel.Request{
		Method: http.MethodPut, URL: "/widget/v1/read", Body: []byte(`{"seq":3}`), Peer: "stranger"}})
	must(t, err)
}
