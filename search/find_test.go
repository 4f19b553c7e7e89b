package search_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf16"

	"madoguchi/desk"
	"madoguchi/search"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// told writes a result in a line: contacts, then conversations with their hits, places in brackets.
func told(found search.Result) string {
	var s []string
	for _, c := range found.Contacts {
		s = append(s, "contact "+c.Field+" "+marked(c.Text, c.Ranges))
	}
	for _, c := range found.Conversations {
		var hits []string
		for _, h := range c.Hits {
			hits = append(hits, string(h.Kind)+" "+marked(h.Text, h.Ranges))
		}
		if c.More {
			hits = append(hits, "…")
		}
		s = append(s, fmt.Sprintf("#%d(%s)", c.Conversation.TicketNo, strings.Join(hits, ", ")))
	}
	return strings.Join(s, "; ")
}

func marked(text string, ranges []search.Range) string {
	units := utf16.Encode([]rune(text))
	for _, r := range slices.Backward(ranges) {
		units = slices.Insert(units, r.End, ']')
		units = slices.Insert(units, r.Start, '[')
	}
	return string(utf16.Decode(units))
}

func (w *world) want(what string, ask search.Request, want string) {
	w.t.Helper()
	if got := told(w.find(search.Viewer{Member: w.user}, ask)); got != want {
		w.t.Errorf("%s: found %s, want %s", what, got, want)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		w := newWorld(t, open())
		w.index()
		tanaka := w.newPerson(0, desk.Contact{Name: "田中 花子", Email: "hanako@example.jp", Phone: "+819012345678"})
		smith := w.newPerson(1, desk.Contact{Name: "John Smith"})
		long := time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC)
		w.said(tanaka, "注文した商品の返金をお願いします", at(long))
		w.said(smith, "Please refund my order", nil)
		w.said(tanaka, "返金の件、確認中", asNote)
		w.said(tanaka, "ﾘﾌｧﾝﾄﾞはいつですか", nil)
		w.said(smith, "", func(m *desk.Message) {
			m.Parts = []desk.Part{{Kind: desk.PartOrder, Items: []desk.Item{{ID: "mug-1", Name: "マグカップ", Quantity: 2}}}}
		})
		w.update(func(tx store.Tx) error {
			file := desk.Attachment{ID: tx.NewID(), ConversationID: smith.ID, Kind: desk.PartFile, Name: "請求書_返金.pdf", Key: "k", CreatedAt: tx.Now()}
			m, err := w.say(tx, smith, "here", func(m *desk.Message) {
				m.Parts = append(m.Parts, desk.Part{Kind: desk.PartFile, AttachmentID: file.ID})
			})
			file.MessageID = m.ID
			tx.Emit(desk.Event{Kind: desk.EventContactNoteChanged, At: tx.Now(), SubjectID: smith.ContactID})
			return all(err, tx.WriteMessages().PutAttachment(file), tx.WriteContacts().PutNote(desk.ContactNote{
				ID: tx.NewID(), ContactID: smith.ContactID, AuthorID: w.user, Body: "返金にはうるさい"}))
		})
		w.index()

		const paid = "contact note [返金]にはうるさい; #2(file 請求書_[返金].pdf); #1(note [返金]の件、確認中, message 注文した商品の[返金]をお願いします)"
		w.want("G1.9", search.Request{Text: "返金"}, paid)
		w.want("width, case, kana", search.Request{Text: "リファンド"}, "#1(message [ﾘﾌｧﾝﾄﾞ]はいつですか)")
		w.want("as people type", search.Request{Text: "ｒｅｆ"}, "#2(message Please [ref]und my order)")
		w.want("words", search.Request{Text: "order please"}, "#2(message [Please] refund my [order])")
		w.want("goods", search.Request{Text: "まぐかっぷ"}, "#2(message [マグカップ] (mug-1) × 2)")
		w.want("notes", search.Request{Text: "返金", Kinds: []search.Kind{search.KindNote}}, "#1(note [返金]の件、確認中)")
		w.want("files", search.Request{Text: "返金", Kinds: []search.Kind{search.KindFile}}, "#2(file 請求書_[返金].pdf)")
		w.want("messages", search.Request{Text: "返金", Kinds: []search.Kind{search.KindMessage}}, "#1(message 注文した商品の[返金]をお願いします)")
		w.want("a channel", search.Request{Text: "返金", Channels: []desk.ID{w.channels[0]}}, "#1(note [返金]の件、確認中, message 注文した商品の[返金]をお願いします)")
		w.want("since", search.Request{Text: "返金", Since: long.Add(time.Hour)}, "#2(file 請求書_[返金].pdf); #1(note [返金]の件、確認中)")
		w.want("until", search.Request{Text: "返金", Until: long.Add(time.Hour)}, "#1(message 注文した商品の[返金]をお願いします)")
		w.want("a ticket's number", search.Request{Text: "#2"}, "#2(ticket [#2])")
		w.want("a ticket's number in another width", search.Request{Text: "２"}, "#2(ticket [#2])")
		w.want("a name", search.Request{Text: "田中"}, "contact name [田中] 花子")
		w.want("one character", search.Request{Text: "中"}, "contact name 田[中] 花子")
		w.want("one letter", search.Request{Text: "s"}, "contact name John [S]mith")
		w.want("one character that no name has", search.Request{Text: "金"}, "")
		w.want("an address", search.Request{Text: "hanako@example"}, "contact email [hanako]@[example].jp")
		w.want("a number as people write it", search.Request{Text: "090-1234"}, "contact phone [+819012345678]")
		w.want("a name and an address", search.Request{Text: "花子 example.jp"}, "contact name 田中 [花子]")
		w.want("nothing", search.Request{Text: "、。"}, "")
		w.want("what is not there", search.Request{Text: "返品"}, "")
	})
}

// Unsent, deleted and changed words are not found, even before the index knows.
func TestFindForgets(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		w := newWorld(t, open())
		row := w.newPerson(0, desk.Contact{Name: "客"})
		gone := w.newPerson(0, desk.Contact{Name: "客"})
		m := w.said(row, "うっかり暗証番号を書いた", nil)
		w.said(gone, "暗証番号", nil)
		w.index()
		ask := search.Request{Text: "暗証番号"}
		w.want("before", ask, "#2(message [暗証番号]); #1(message うっかり[暗証番号]を書いた)")
		w.update(func(tx store.Tx) error {
			m.Parts = nil
			tx.Emit(desk.Event{Kind: desk.EventMessageChanged, At: tx.Now(), MessageID: m.ID, Changes: []desk.Change{{Field: "parts"}}})
			return all(tx.WriteMessages().Update(&m), tx.WriteConversations().Delete(gone.ID))
		})
		w.want("at once", ask, "")
		w.index()
		w.want("once indexed", ask, "")
		var left []desk.ID
		err := w.s.View(t.Context(), workspace, func(r store.Reader) (err error) {
			left, err = r.Search().Find(store.SearchQuery{Sets: [][]store.Token{{{Text: "m暗証"}}}, Limit: 10})
			return err
		})
		if err != nil || len(left) > 0 {
			t.Errorf("the index still has %v, %v", left, err)
		}
	})
}

// Nobody finds what they may not see (J2).
func TestFindRespectsScope(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		w := newWorld(t, open())
		const colleague, ours, theirs = desk.ID(901), desk.ID(902), desk.ID(903)
		place := func(assignee, team desk.ID) {
			row := w.newPerson(0, desk.Contact{Name: "同姓同名"})
			w.said(row, "同じ言葉", nil)
			w.update(func(tx store.Tx) error {
				row.Assignee, row.TeamID = assignee, team
				return tx.WriteConversations().Put(row)
			})
		}
		place(w.user, theirs)    // 1: mine
		place(0, 0)              // 2: nobody's
		place(0, theirs)         // 3: another team's queue
		place(colleague, ours)   // 4: a colleague's in my team
		place(colleague, theirs) // 5: a colleague's in another
		w.index()
		for scope, want := range map[desk.Scope][]int64{desk.ScopeAll: {5, 4, 3, 2, 1}, desk.ScopeTeam: {4, 2, 1}, desk.ScopeOwn: {2, 1}} {
			viewer := search.Viewer{Member: w.user, Teams: []desk.ID{ours}, Scope: scope}
			var words, names, numbers []int64
			for _, c := range w.find(viewer, search.Request{Text: "同じ言葉"}).Conversations {
				words = append(words, c.Conversation.TicketNo)
			}
			for _, c := range w.find(viewer, search.Request{Text: "同姓", Kinds: []search.Kind{search.KindContact}}).Contacts {
				names = append(names, c.Conversation.TicketNo)
			}
			for n := range int64(5) {
				for _, c := range w.find(viewer, search.Request{Text: fmt.Sprint("#", 5-n)}).Conversations {
					numbers = append(numbers, c.Conversation.TicketNo)
				}
			}
			for what, got := range map[string][]int64{"words": words, "names": names, "numbers": numbers} {
				if !slices.Equal(got, want) {
					t.Errorf("%s, by %s: %v, want %v", scope, what, got, want)
				}
			}
		}
	})
}

// Pages hold every conversation; a conversation's hits are few, with a word that there are more.
func TestFindPages(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		w := newWorld(t, open())
		const people = 30
		rows := make([]desk.Conversation, people)
		w.update(func(tx store.Tx) (err error) {
			for i := range rows {
				if rows[i], err = w.person(tx, i%2, desk.Contact{Name: "山田"}); err != nil {
					return err
				}
			}
			for range 5 {
				for _, row := range rows {
					if _, err := w.say(tx, row, "配送状況", nil); err != nil {
						return err
					}
				}
			}
			return nil
		})
		w.index()
		for _, ask := range []search.Request{{Text: "配送"}, {Text: "山田", Kinds: []search.Kind{search.KindContact}}, {Text: "山"}} {
			seen := map[desk.ID]int{}
			for page := 0; ; page++ {
				ask.Page.Limit = 7
				found := w.find(search.Viewer{}, ask)
				for _, c := range found.Conversations {
					seen[c.Conversation.ID] += len(c.Hits)
					if len(c.Hits) == 0 || len(c.Hits) > 3 {
						t.Errorf("%d hits in one conversation", len(c.Hits))
					}
				}
				for _, c := range found.Contacts {
					seen[c.Contact.ID]++
				}
				if n := len(found.Conversations) + len(found.Contacts); n > 7 {
					t.Errorf("a page of %d", n)
				}
				if ask.Page.After = found.Next; found.Next == "" || page > 100 {
					break
				}
			}
			if len(seen) != people {
				t.Errorf("%q: %d found, want %d", ask.Text, len(seen), people)
			}
		}
		if _, err := search.Find(nil, search.Viewer{}, search.Request{Text: "配送", Page: store.Page{After: "x"}}); desk.CodeOf(err) != "cursor_invalid" {
			t.Errorf("a made-up cursor: %v", err)
		}
	})
}
