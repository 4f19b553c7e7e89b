package storetest_test

import (
	"fmt"
	"slices"
	"sync/atomic"
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// find asks the index for entries that have all the tokens; one that ends with * may go on.
func find(t *testing.T, s store.Store, workspace desk.ID, q store.SearchQuery, sets ...[]string) (ids []desk.ID) {
	t.Helper()
	for _, set := range sets {
		var tokens []store.Token
		for _, text := range set {
			open := text[len(text)-1] == '*'
			if open {
				text = text[:len(text)-1]
			}
			tokens = append(tokens, store.Token{Text: text, Open: open})
		}
		q.Sets = append(q.Sets, tokens)
	}
	view(t, s, workspace, func(r store.Reader) (err error) {
		ids, err = r.Search().Find(q)
		return err
	})
	return ids
}

func same(t *testing.T, what string, got []desk.ID, want ...desk.ID) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: found %v, want %v", what, got, want)
	}
}

// said writes messages and puts them into the index with these tokens.
func (w *world) said(t *testing.T, c desk.ID, tokens ...[]string) (ids []desk.ID) {
	t.Helper()
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		ids = nil
		for _, all := range tokens {
			m := w.message(tx, c, "x")
			if err := tx.WriteMessages().Add(m); err != nil {
				return err
			}
			if err := tx.WriteSearch().Put(store.SearchEntry{Kind: store.SearchMessage, ID: m.ID, Tokens: all}); err != nil {
				return err
			}
			ids = append(ids, m.ID)
		}
		return nil
	})
	return ids
}

func TestSearchFinds(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w, other := newWorld(t, s), newWorld(t, s)
		c := w.newConversation(t).ID
		id := w.said(t, c, []string{"m返金", "mreturn"}, []string{"m返金", "mrefund", "é"}, []string{"mrefunds", "m返品"}, []string{"nrefund", "m返金"})
		all := func(set ...string) []desk.ID { return find(t, s, w.workspace, store.SearchQuery{Limit: 10}, set) }
		same(t, "one token, newest first", all("m返金"), id[3], id[1], id[0])
		same(t, "all tokens", all("m返金", "mrefund"), id[1])
		same(t, "a token that goes on", all("mrefund*"), id[2], id[1])
		same(t, "a token that does not", all("mrefund"), id[1])
		same(t, "a longer beginning", all("mrefunds*"), id[2])
		same(t, "nothing like it", all("mnothing"))
		same(t, "é is not e", all("e"))
		same(t, "é", all("é"), id[1])
		same(t, "no tokens", find(t, s, w.workspace, store.SearchQuery{Limit: 10}, nil))
		same(t, "one of two sets", find(t, s, w.workspace, store.SearchQuery{Limit: 10}, []string{"mrefund", "m返金"}, nil, []string{"m返品"}), id[2], id[1])
		same(t, "below", find(t, s, w.workspace, store.SearchQuery{Limit: 10, Below: id[3]}, []string{"m返金"}), id[1], id[0])
		same(t, "from", find(t, s, w.workspace, store.SearchQuery{Limit: 10, From: id[1]}, []string{"m返金"}), id[3], id[1])
		same(t, "a page", find(t, s, w.workspace, store.SearchQuery{Limit: 2}, []string{"m返金"}), id[3], id[1])
		same(t, "another workspace", find(t, s, other.workspace, store.SearchQuery{Limit: 10}, []string{"m返金"}))
	})
}

// What was said differently, unsaid or deleted is not found by its old words.
func TestSearchForgets(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w := newWorld(t, s)
		c, kept := w.newConversation(t), w.newConversation(t)
		id := w.said(t, c.ID, []string{"m前"}, []string{"m前"}, []string{"m前"})
		id = append(id, w.said(t, kept.ID, []string{"m前"})...)
		update(t, s, w.workspace, func(tx store.Tx) error {
			return tx.WriteSearch().Put(
				store.SearchEntry{Kind: store.SearchMessage, ID: id[0], Tokens: []string{"m後"}}, store.SearchEntry{Kind: store.SearchMessage, ID: id[1]},
				store.SearchEntry{Kind: store.SearchMessage, ID: tx.NewID(), Tokens: []string{"m前"}}) // it is not there
		})
		ask := func(token string) []desk.ID {
			return find(t, s, w.workspace, store.SearchQuery{Limit: 10}, []string{token})
		}
		same(t, "the old words", ask("m前"), id[3], id[2])
		same(t, "the new words", ask("m後"), id[0])
		update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteConversations().Delete(c.ID) })
		same(t, "after the conversation was deleted", ask("m前"), id[3])
		same(t, "after the conversation was deleted", ask("m後"))

		note := desk.ContactNote{ContactID: c.ContactID, AuthorID: w.user, Body: "x"}
		notes := []desk.ID{}
		update(t, s, w.workspace, func(tx store.Tx) error {
			notes = nil
			for range 2 {
				note.ID = tx.NewID()
				notes = append(notes, note.ID)
				if err := all(tx.WriteContacts().PutNote(note), tx.WriteSearch().Put(store.SearchEntry{Kind: store.SearchContactNote, ID: note.ID, Tokens: []string{"kメモ"}})); err != nil {
					return err
				}
			}
			return tx.WriteSearch().Put(store.SearchEntry{Kind: store.SearchContact, ID: c.ContactID, Tokens: []string{"c客"}})
		})
		same(t, "notes", ask("kメモ"), notes[1], notes[0])
		same(t, "a contact", ask("c客"), c.ContactID)
		update(t, s, w.workspace, func(tx store.Tx) error { return tx.WriteContacts().DeleteNote(notes[0]) })
		same(t, "after one note was deleted", ask("kメモ"), notes[1])
		update(t, s, w.workspace, func(tx store.Tx) error {
			return all(tx.WriteContacts().DeleteIdentity(c.IdentityID), tx.WriteContacts().Delete(c.ContactID))
		})
		same(t, "after the contact was deleted", ask("kメモ"))
		same(t, "after the contact was deleted", ask("c客"))
	})
}

// However deletions and indexing meet, nothing that is gone stays in the index.
func TestSearchForgetsInARace(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w := newWorld(t, s)
		const rounds = 20
		rows := make([]desk.Conversation, rounds)
		ids := make([][]desk.ID, rounds)
		for i := range rows {
			rows[i] = w.newConversation(t)
			ids[i] = w.said(t, rows[i].ID, nil, nil, nil)
		}
		for _, err := range together(2*rounds, func(i int) error {
			if i%2 == 0 {
				return s.Update(t.Context(), w.workspace, func(tx store.Tx) error { return tx.WriteConversations().Delete(rows[i/2].ID) })
			}
			return s.Update(t.Context(), w.workspace, func(tx store.Tx) error {
				for _, id := range ids[i/2] {
					if err := tx.WriteSearch().Put(store.SearchEntry{Kind: store.SearchMessage, ID: id, Tokens: []string{"m跡"}}); err != nil {
						return err
					}
				}
				return nil
			})
		}) {
			if err != nil {
				t.Fatal(err)
			}
		}
		same(t, "deleted while indexed", find(t, s, w.workspace, store.SearchQuery{Limit: 100}, []string{"m跡"}))
	})
}

// Those that hold a position do what is to do once.
func TestSearchHold(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w := newWorld(t, s)
		const steps = 30
		var done atomic.Int64
		for _, err := range together(8, func(int) error {
			for done.Load() < steps {
				err := s.Update(t.Context(), w.workspace, func(tx store.Tx) error {
					at, err := tx.WriteSearch().Hold("counting")
					if err != nil {
						return err
					}
					return tx.WriteSearch().SetPosition("counting", at+1)
				})
				if err != nil {
					return err
				}
				done.Add(1)
			}
			return nil
		}) {
			if err != nil {
				t.Fatal(err)
			}
		}
		view(t, s, w.workspace, func(r store.Reader) error {
			at, err := r.Search().Position("counting")
			if at != done.Load() {
				t.Errorf("the position is %d after %d steps", at, done.Load())
			}
			return err
		})
	})
}

// A word that everything has, and one that little has, come in order and whole, page by page, across what PostgreSQL looks
// at one by one; so do upkeep and many small commits.
func TestSearchPages(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w := newWorld(t, s)
		c := w.newConversation(t).ID
		var every, some []desk.ID
		for part := range 22 {
			var batch [][]string
			for i := range 200 {
				tokens := []string{"mです", fmt.Sprintf("m%d", part*200+i)}
				if i%50 == 0 {
					tokens = append(tokens, "m稀")
				}
				batch = append(batch, tokens)
			}
			for i, id := range w.said(t, c, batch...) {
				every = append(every, id)
				if i%50 == 0 {
					some = append(some, id)
				}
			}
		}
		for range 5 {
			update(t, s, w.workspace, func(tx store.Tx) error {
				_, err := tx.WriteSearch().Tidy()
				return err
			})
		}
		for token, want := range map[string][]desk.ID{"mです": every, "m稀": some} {
			slices.Reverse(want)
			var got []desk.ID
			for below := desk.ID(0); ; below = got[len(got)-1] {
				page := find(t, s, w.workspace, store.SearchQuery{Limit: 150, Below: below}, []string{token})
				got = append(got, page...)
				if len(page) < 150 {
					break
				}
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %d found, want %d in order", token, len(got), len(want))
			}
		}
	})
}

func TestRecordsBelow(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		s := open()
		w := newWorld(t, s)
		c := w.newConversation(t)
		id := w.said(t, c.ID, nil, nil, nil)
		view(t, s, w.workspace, func(r store.Reader) error {
			said, err := r.Search().MessagesBelow(id[2], 10)
			if len(said) != 2 || said[0].ID != id[1] || said[1].ID != id[0] {
				t.Errorf("messages below %v: %v", id[2], said)
			}
			people, err2 := r.Search().ContactsBelow(1<<53, 10)
			if len(people) != 1 || people[0].ID != c.ContactID {
				t.Errorf("contacts: %v", people)
			}
			notes, err3 := r.Search().NotesBelow(1<<53, 10)
			if len(notes) != 0 {
				t.Errorf("notes: %v", notes)
			}
			return all(err, err2, err3)
		})
	})
}
