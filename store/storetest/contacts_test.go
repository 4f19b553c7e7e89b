package storetest_test

import (
	"cmp"
	"fmt"
	"slices"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// contactBook is a workspace with contacts: i of them, every third without a name, every fifth blocked, every seventh
// with an open case, every second on another channel.
type contactBook struct {
	*world
	other desk.Channel
	all   []desk.Contact // oldest first
}

func newContactBook(t *testing.T, s store.Store, n int) *contactBook {
	b := &contactBook{world: newWorld(t, s)}
	update(t, s, b.workspace, func(tx store.Tx) error {
		b.all = nil
		b.other = desk.Channel{ID: tx.NewID(), Kind: "webchat", Name: "other", Account: b.channel.Account + "x", State: desk.ChannelActive, Version: 1}
		if err := tx.WriteChannels().Put(b.other); err != nil {
			return err
		}
		for i := range n {
			if err := b.add(tx, i); err != nil {
				return err
			}
		}
		return nil
	})
	return b
}

func (b *contactBook) add(tx store.Tx, i int) error {
	names := []string{"佐藤", "田中 花子", "", "Smith", "ｓｕｚｕｋｉ", "あおき"}
	c := desk.Contact{ID: tx.NewID(), Name: names[i%len(names)], Email: fmt.Sprintf("c%d@example.jp", i), Phone: fmt.Sprintf("+8190%08d", i), Version: 1}
	b.all = append(b.all, c)
	on := b.channel.ID
	if i%2 == 1 {
		on = b.other.ID
	}
	identity := desk.Identity{ID: tx.NewID(), ContactID: c.ID, ChannelID: on, Kind: "webchat", Scope: "s", ExternalID: c.ID.String()}
	if i%5 == 0 {
		identity.BlockedAt, identity.BlockedBy, identity.BlockReason = at(1), b.user, "迷惑"
	}
	if err := all(tx.WriteContacts().Put(c), tx.WriteContacts().PutIdentity(identity)); err != nil || i%7 != 0 {
		return err
	}
	return tx.WriteConversations().Put(desk.Conversation{ID: tx.NewID(), ChannelID: on, IdentityID: identity.ID, ContactID: c.ID, TicketID: tx.NewID(),
		Status: desk.StatusQueued, Priority: desk.PriorityNormal, Version: 1})
}

// pages reads a list to its end.
func (b *contactBook) pages(t *testing.T, q store.ContactQuery) (ids []desk.ID) {
	t.Helper()
	for {
		view(t, b.s, b.workspace, func(r store.Reader) error {
			page, next, err := r.Contacts().List(q)
			for _, c := range page {
				ids = append(ids, c.ID)
			}
			q.Page.After = next
			return err
		})
		if q.Page.After == "" {
			return ids
		}
	}
}

// want are the contacts of the book that pass, newest first.
func (b *contactBook) want(pass func(i int) bool) (ids []desk.ID) {
	for i, c := range b.all {
		if pass(i) {
			ids = append(ids, c.ID)
		}
	}
	slices.Reverse(ids)
	return ids
}

func TestContactListsFilterAndSort(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		b := newContactBook(t, open(), 90)
		for name, test := range map[string]struct {
			q    store.ContactQuery
			pass func(i int) bool
		}{
			"all":            {store.ContactQuery{}, func(int) bool { return true }},
			"blocked":        {store.ContactQuery{Blocked: true}, func(i int) bool { return i%5 == 0 }},
			"open":           {store.ContactQuery{Open: true}, func(i int) bool { return i%7 == 0 }},
			"channel":        {store.ContactQuery{Channels: []desk.ID{b.other.ID}}, func(i int) bool { return i%2 == 1 }},
			"both channels":  {store.ContactQuery{Channels: []desk.ID{b.other.ID, b.channel.ID}}, func(int) bool { return true }},
			"blocked + open": {store.ContactQuery{Blocked: true, Open: true, Sort: store.ContactsByName}, func(i int) bool { return i%35 == 0 }},
			"text":           {store.ContactQuery{Text: "ＳＭＩＴＨ"}, func(i int) bool { return i%6 == 3 }},
			"text + channel": {store.ContactQuery{Text: "suzuki", Channels: []desk.ID{b.channel.ID}}, func(i int) bool { return i%6 == 4 }},
			"local phone":    {store.ContactQuery{Text: "090-0000-0012"}, func(i int) bool { return i == 12 }},
		} {
			for _, limit := range []int{7, 200} {
				test.q.Page.Limit = limit
				if got, want := b.pages(t, test.q), b.want(test.pass); !slices.Equal(got, want) {
					t.Errorf("%s by %d: got %v, want %v", name, limit, got, want)
				}
			}
		}
	})
}

func TestContactsByName(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		b := newContactBook(t, open(), 60)
		var want []desk.ID
		for _, name := range []string{"Smith", "ｓｕｚｕｋｉ", "あおき", "佐藤", "田中 花子"} { // by code point, once folded
			var namesakes []desk.Contact
			for _, c := range b.all {
				if c.Name == name {
					namesakes = append(namesakes, c)
				}
			}
			slices.SortFunc(namesakes, func(x, y desk.Contact) int { return cmp.Compare(x.Email, y.Email) })
			for _, c := range namesakes {
				want = append(want, c.ID)
			}
		}
		nameless := b.want(func(i int) bool { return i%6 == 2 })
		for _, limit := range []int{1, 7, 200} {
			got := b.pages(t, store.ContactQuery{Sort: store.ContactsByName, Page: store.Page{Limit: limit}})
			if !slices.Equal(got, append(slices.Clip(want), nameless...)) {
				t.Errorf("by %d: %v, want %v and %v", limit, got, want, nameless)
			}
		}
		got := b.pages(t, store.ContactQuery{Sort: store.ContactsByName, Channels: []desk.ID{b.other.ID}, Page: store.Page{Limit: 3}})
		if len(got) != 30 {
			t.Errorf("on one channel: %d", len(got))
		}
		var walked []desk.ID
		view(t, b.s, b.workspace, func(r store.Reader) error {
			for after := desk.ID(0); ; {
				page, err := r.Contacts().Walk(after, 7)
				for _, c := range page {
					after = c.ID
					walked = append(walked, c.ID)
				}
				if err != nil || len(page) < 7 {
					return err
				}
			}
		})
		slices.Reverse(walked)
		equal(t, walked, b.want(func(int) bool { return true }))
	})
}

func TestHeldMessagesGoAfterThirtyDays(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		hand := newClock()
		s := open(hand.option())
		w := newWorld(t, s)
		c := w.newConversation(t)
		var held desk.HeldMessage
		update(t, s, w.workspace, func(tx store.Tx) error {
			held = desk.HeldMessage{ID: tx.NewID(), IdentityID: c.IdentityID, ContactID: c.ContactID, ChannelID: c.ChannelID, ClientID: "c1",
				Parts: []desk.Part{{Kind: desk.PartFile, AttachmentID: 5}}, At: tx.Now(), ReceivedAt: tx.Now()}
			return all(tx.WriteContacts().PutHeld(held),
				tx.WriteMessages().PutAttachment(desk.Attachment{ID: 5, MessageID: held.ID, Kind: desk.PartFile, Name: "f", MIME: "text/plain", Key: "heldkey"}))
		})
		view(t, s, w.workspace, func(r store.Reader) error {
			got, err := r.Contacts().HeldOfIdentity(c.IdentityID, 10)
			if err != nil || len(got) != 1 || got[0].Parts[0].Attachment == nil {
				t.Errorf("held: %+v, %v", got, err)
			}
			return err
		})
		sweep := s.(*sqlstore.Store).Sweep
		hand.advance(desk.HeldFor - time.Minute)
		if err := sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		view(t, s, w.workspace, func(r store.Reader) error {
			_, err := r.Contacts().Held(held.ID)
			return err
		})
		hand.advance(2 * time.Minute)
		if err := sweep(t.Context()); err != nil {
			t.Fatal(err)
		}
		view(t, s, w.workspace, func(r store.Reader) error {
			_, err := r.Contacts().Held(held.ID)
			wantKind(t, err, desk.KindNotFound, "message_not_found")
			_, err = r.Messages().Attachment(5)
			wantKind(t, err, desk.KindNotFound, "attachment_not_found")
			return nil
		})
	})
}

func TestADeletedContactLeavesNoWords(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		contact := desk.Contact{ID: 900, Name: "秘密", Version: 1}
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			tx.Emit(desk.Event{Kind: desk.EventContactChanged, At: tx.Now(), SubjectID: contact.ID, Changes: []desk.Change{{Field: "name", To: "秘密"}}})
			tx.Emit(desk.Event{Kind: desk.EventIdentityOptedIn, At: tx.Now(), SubjectID: contact.ID, Changes: []desk.Change{{Field: "reason", To: "秘密"}}})
			tx.Emit(desk.Event{Kind: desk.EventTagChanged, At: tx.Now(), SubjectID: contact.ID, Changes: []desk.Change{{Field: "name", To: "kept"}}})
			return all(tx.WriteContacts().Put(contact))
		})
		view(t, w.s, w.workspace, func(r store.Reader) error {
			events, err := r.Contacts().Events(contact.ID, 0, 10)
			if len(events) != 1 || len(events[0].Changes) != 1 {
				t.Errorf("before: %+v", events)
			}
			return err
		})
		update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteContacts().Delete(contact.ID) })
		events, err := w.s.Events(t.Context(), w.workspace, 0, 10)
		if err != nil || len(events) != 3 || len(events[0].Changes)+len(events[1].Changes) != 0 || len(events[2].Changes) != 1 {
			t.Errorf("after: %+v, %v", events, err)
		}
	})
}

func TestExportsAreLeased(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		hand := newClock()
		w := newWorld(t, open(hand.option()))
		e := desk.Export{ID: 31, Kind: desk.ExportContacts, Format: desk.ExportCSV, State: desk.ExportQueued, RequestedBy: w.user, CreatedAt: at(1),
			Options: desk.ExportOptions{BOM: true, Since: at(0)}}
		update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteExports().Put(e) })
		view(t, w.s, 0, func(r store.Reader) error {
			due, err := r.Exports().Due()
			equal(t, due, w.workspace)
			return err
		})
		claim := func(token string) (got desk.Export, found bool) {
			update(t, w.s, w.workspace, func(tx store.Tx) (err error) {
				got, found, err = tx.WriteExports().Claim(token, tx.Now().Add(time.Minute))
				return err
			})
			return got, found
		}
		first, found := claim("a")
		if !found || first.State != desk.ExportRunning || first.Options != e.Options || first.Attempts != 1 {
			t.Fatalf("claimed %+v, %v", first, found)
		}
		if _, again := claim("b"); again {
			t.Error("two have it")
		}
		hand.advance(2 * time.Minute) // the first one's node died
		second, found := claim("b")
		if !found || second.Attempts != 2 {
			t.Fatalf("taken over: %+v, %v", second, found)
		}
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			first.State = desk.ExportDone
			if ours, err := tx.WriteExports().End(first); ours || err != nil {
				t.Errorf("the first one ended it: %v", err)
			}
			second.Done, second.Total, second.LeaseUntil = 5, 10, tx.Now().Add(time.Minute)
			if ours, err := tx.WriteExports().Renew(second); !ours || err != nil {
				t.Errorf("not renewed: %v", err)
			}
			second.State, second.Key, second.Size, second.ExpiresAt = desk.ExportDone, "exportkey", 7, tx.Now().Add(time.Hour)
			ours, err := tx.WriteExports().End(second)
			if !ours {
				t.Error("not ended")
			}
			if running, err := tx.WriteExports().Cancel(e.ID); running || err != nil {
				t.Errorf("cancelled after its end: %v", err)
			}
			return err
		})
		view(t, w.s, 0, func(r store.Reader) error {
			keys, err := r.Messages().AttachmentKeys("", 10)
			if !slices.Contains(keys, "exportkey") {
				t.Errorf("the sweep would take its file: %v", keys)
			}
			return err
		})
		hand.advance(2 * time.Hour)
		view(t, w.s, 0, func(r store.Reader) error {
			old, workspaces, err := r.Exports().Old(10)
			if len(old) != 1 || old[0].Key != "exportkey" || workspaces[0] != w.workspace {
				t.Errorf("old: %+v %v", old, workspaces)
			}
			return err
		})
		update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteExports().Expire(e.ID) })
		view(t, w.s, w.workspace, func(r store.Reader) error {
			of, err := r.Exports().Of(w.user, 10)
			if len(of) != 1 || of[0].State != desk.ExportExpired || of[0].Key != "" {
				t.Errorf("expired: %+v", of)
			}
			return err
		})
	})
}

func TestContactsAreSearchedFolded(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			for i, name := range []string{"ﾔﾏﾀﾞ 太郎", "École", "100% off_er", "Zoë"} {
				if err := tx.WriteContacts().Put(desk.Contact{ID: desk.ID(300 + i), Name: name, Email: fmt.Sprintf("C%d@example.jp", i), Version: 1}); err != nil {
					return err
				}
			}
			return nil
		})
		for text, want := range map[string][]desk.ID{"ヤマダ": {300}, "école": {301}, "0% o": {302}, "f_e": {302}, "o_e": {}, "ZOË": {303}, "c3@EXAMPLE": {303}, "": {303, 302, 301, 300}} {
			got := []desk.ID{}
			q := store.ContactQuery{Text: text, Page: store.Page{Limit: 3}}
			for {
				view(t, w.s, w.workspace, func(r store.Reader) error {
					rows, next, err := r.Contacts().List(q)
					for _, c := range rows {
						got = append(got, c.ID)
					}
					q.Page.After = next
					return err
				})
				if q.Page.After == "" {
					break
				}
			}
			equal(t, got, want)
		}
	})
}
