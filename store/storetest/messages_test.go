package storetest_test

import (
	"errors"
	"fmt"
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

func checkMessage(t *testing.T, w, other *world) {
	c := w.newConversation(t)
	file := desk.Attachment{ID: 101, ConversationID: c.ID, MessageID: 102, Kind: desk.PartImage, Name: "写真.png", MIME: "image/png", Size: 5, Width: 6, Height: 7, Key: "b/1", ThumbKey: "b/2", UploadedBy: 8, CreatedAt: at(1)}
	v := desk.Message{ID: 102, ConversationID: c.ID, TicketID: 2, Author: desk.Author{Kind: desk.AuthorHuman, ID: w.user, Name: "佐藤"},
		Parts:    []desk.Part{{Kind: desk.PartText, Text: "見て", Marks: []desk.Mark{{Kind: desk.MarkBold, Start: 0, End: 1}}}, {Kind: desk.PartImage, AttachmentID: file.ID, Attachment: &file}},
		System:   &desk.SystemLine{Code: "assigned", Params: map[string]string{"to": "佐藤"}},
		ClientID: "minted", ExternalID: "x", ReplyToID: 3, Status: desk.DeliveryQueued, Fault: &desk.MessageFault{Kind: "retry", Code: "500"}, At: at(1), ProviderAt: at(2), ReceivedAt: at(3), Late: true}
	put := func(tx store.Tx) error {
		return all(tx.WriteMessages().PutAttachment(file), tx.WriteMessages().Add(&v))
	}
	get := func(r store.Reader) (desk.Message, error) { return r.Messages().Get(v.ID) }
	want := v
	want.Seq, want.Version = 1, 1
	stored(t, w, other, "message", put, get, want)
	equal(t, v, want)
	stored(t, w, other, "message", func(store.Tx) error { return nil }, func(r store.Reader) (desk.Message, error) {
		return r.Messages().ByClientID(c.ID, desk.AuthorHuman, w.user, "minted")
	}, want)
	v.Status, v.Fault, v.ExternalID, v.Parts = desk.DeliverySent, nil, "y", text("取り消しました")
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteMessages().Update(&v) })
	equal(t, v.Version, 2)
	stored(t, w, other, "message", func(store.Tx) error { return nil }, get, v)
	err := w.s.Update(t.Context(), other.workspace, func(tx store.Tx) error { return tx.WriteMessages().Update(&v) })
	wantKind(t, err, desk.KindNotFound, "message_not_found")
	err = w.s.Update(t.Context(), other.workspace, func(tx store.Tx) error { return tx.WriteMessages().Add(w.message(tx, c.ID, "stolen")) })
	wantKind(t, err, desk.KindNotFound, "conversation_not_found")
}

func TestTextIsKeptButForNUL(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		c := w.newConversation(t)
		for in, want := range map[string]string{"a\x00b": "ab", `a\u0000b`: `a\u0000b`, `\\` + "\x00": `\\`, "絵文字🙂\n'\"%_<b>": "絵文字🙂\n'\"%_<b>"} {
			var m *desk.Message
			update(t, w.s, w.workspace, func(tx store.Tx) error {
				m = w.message(tx, c.ID, in)
				return tx.WriteMessages().Add(m)
			})
			view(t, w.s, w.workspace, func(r store.Reader) error {
				got, err := r.Messages().Get(m.ID)
				equal(t, got.Text(), want)
				return err
			})
		}
	})
}

func TestMessagesArePagedBySeq(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		c := w.newConversation(t)
		var ids []desk.ID
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			ids = nil
			for i := range 5 {
				m := w.message(tx, c.ID, fmt.Sprint(i))
				ids = append(ids, m.ID)
				if err := tx.WriteMessages().Add(m); err != nil {
					return err
				}
			}
			return nil
		})
		seqs := func(all []desk.Message, err error) []int64 {
			equal(t, err, nil)
			got := []int64{}
			for _, m := range all {
				got = append(got, m.Seq)
			}
			return got
		}
		view(t, w.s, w.workspace, func(r store.Reader) error {
			equal(t, seqs(r.Messages().Before(c.ID, 0, 2)), []int64{5, 4})
			equal(t, seqs(r.Messages().Before(c.ID, 4, 2)), []int64{3, 2})
			equal(t, seqs(r.Messages().Before(c.ID, 1, 2)), []int64{})
			equal(t, seqs(r.Messages().After(c.ID, 0, 2)), []int64{1, 2})
			equal(t, seqs(r.Messages().After(c.ID, 4, 2)), []int64{5})
			equal(t, seqs(r.Messages().Many([]desk.ID{ids[4], ids[0], 1})), []int64{5, 1})
			return nil
		})
	})
}

func TestAttachmentsAreListedAndSwept(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		c := w.newConversation(t)
		kinds := []desk.PartKind{desk.PartImage, desk.PartFile}
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			var errs []error
			for i := range 7 { // 0 and 1 were only uploaded, 0 long ago
				a := desk.Attachment{ID: desk.ID(200 + i), ConversationID: c.ID, Kind: kinds[i%2], Key: fmt.Sprint("b", i), CreatedAt: at(i)}
				if i > 1 {
					a.MessageID = 1
				}
				if i == 0 {
					a.ThumbKey = "t0"
				}
				errs = append(errs, tx.WriteMessages().PutAttachment(a))
			}
			return errors.Join(errs...)
		})
		gallery := func(q store.AttachmentQuery) (got []desk.ID, next string) {
			view(t, w.s, w.workspace, func(r store.Reader) error {
				files, n, err := r.Messages().AttachmentsOf(c.ContactID, q)
				for _, a := range files {
					got = append(got, a.ID)
				}
				next = n
				return err
			})
			return got, next
		}
		got, next := gallery(store.AttachmentQuery{Page: store.Page{Limit: 3}})
		equal(t, got, []desk.ID{206, 205, 204})
		got, next = gallery(store.AttachmentQuery{Page: store.Page{Limit: 3, After: next}})
		equal(t, got, []desk.ID{203, 202})
		equal(t, next, "")
		got, _ = gallery(store.AttachmentQuery{Kinds: []desk.PartKind{desk.PartFile}})
		equal(t, got, []desk.ID{205, 203})
		got, _ = gallery(store.AttachmentQuery{Since: at(3), Until: at(5)})
		equal(t, got, []desk.ID{204, 203})
		keys := func(after string, limit int) (keys []string) {
			view(t, w.s, w.workspace, func(r store.Reader) (err error) {
				keys, err = r.Messages().AttachmentKeys(after, limit)
				return err
			})
			return keys
		}
		equal(t, keys("", 3), []string{"b0", "b1", "b2"})
		equal(t, keys("b5", 3), []string{"b6", "t0"})
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			swept, err := tx.WriteMessages().DeleteUnsentAttachments(at(1))
			equal(t, swept, []string{"b0", "t0"})
			return err
		})
		equal(t, keys("b5", 3), []string{"b6"})
	})
}

func TestMessagesAreFiledUnderAnotherTicket(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w, other := newWorld(t, s), newWorld(t, s)
		c := w.newConversation(t)
		const from, to = desk.ID(71), desk.ID(72)
		var ids []desk.ID
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			ids = nil
			for i := range 4 {
				m := w.message(tx, c.ID, fmt.Sprint(i))
				m.TicketID = from
				if err := tx.WriteMessages().Add(m); err != nil {
					return err
				}
				ids = append(ids, m.ID)
			}
			return nil
		})
		filed := func(want ...desk.ID) {
			t.Helper()
			view(t, w.s, w.workspace, func(r store.Reader) error {
				all, err := r.Messages().Many(ids)
				for i, m := range all {
					equal(t, m.TicketID, want[i])
				}
				return err
			})
		}
		refile := func(workspace desk.ID, r store.Refiling) {
			t.Helper()
			update(t, w.s, workspace, func(tx store.Tx) error { return tx.WriteMessages().Refile(r) })
		}
		refile(other.workspace, store.Refiling{From: from, To: to})
		refile(w.workspace, store.Refiling{From: from, To: to, Conversation: c.ID + 1, FromSeq: 1, ToSeq: 4})
		filed(from, from, from, from)
		refile(w.workspace, store.Refiling{From: from, To: to, Conversation: c.ID, FromSeq: 2, ToSeq: 3})
		filed(from, to, to, from)
		view(t, w.s, w.workspace, func(r store.Reader) error { // where each begins in the thread
			for ticket, id := range map[desk.ID]desk.ID{from: ids[0], to: ids[1]} {
				first, err := r.Messages().First(ticket)
				if err != nil {
					return err
				}
				equal(t, first.ID, id)
			}
			_, err := r.Messages().First(to + 1)
			equal(t, desk.KindOf(err), desk.KindNotFound)
			return nil
		})
		view(t, w.s, w.workspace, func(r store.Reader) error {
			outside, err := r.Messages().SpokenOutside(from, 1, 4)
			equal(t, outside, false)
			if err == nil {
				outside, err = r.Messages().SpokenOutside(from, 1, 3)
				equal(t, outside, true)
			}
			m, failed := r.Messages().Get(ids[1])
			equal(t, m.Version, 2)
			return errors.Join(err, failed)
		})
		refile(w.workspace, store.Refiling{From: from, To: to})
		filed(to, to, to, to)
	})
}

func checkLinkPreview(t *testing.T, w, other *world) {
	v := desk.LinkPreview{URL: "https://example.jp/店?a=1", Title: "みなと商店", Text: "毎日営業", FetchedAt: at(1)}
	missing := func(workspace desk.ID, url string) {
		t.Helper()
		if err := w.s.View(t.Context(), workspace, func(r store.Reader) error {
			_, err := r.LinkPreviews().Get(url)
			return err
		}); desk.KindOf(err) != desk.KindNotFound {
			t.Errorf("%s: %v", url, err)
		}
	}
	missing(w.workspace, v.URL)
	for range 2 {
		update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteLinkPreviews().Put(v) })
		view(t, w.s, w.workspace, func(r store.Reader) error {
			got, err := r.LinkPreviews().Get(v.URL)
			equal(t, got, v)
			return err
		})
		v.Title, v.Text, v.Failure, v.FetchedAt = "", "", desk.LinkUnreachable, at(2) // a later one replaces it
	}
	missing(w.workspace, v.URL+"&b=2")
	missing(other.workspace, v.URL)
}
