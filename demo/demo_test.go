package demo_test

import (
	"context"
	"io"
	"maps"
	"slices"
	"sync"
	"testing"
	"time"

	"madoguchi/attachment"
	"madoguchi/demo"
	"madoguchi/desk"
	"madoguchi/media"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// keep stands for attachment.Keeper.Keep: it looks at the bytes and forgets them.
func keep(_ context.Context, u attachment.Upload) (desk.Attachment, error) {
	content, err := io.ReadAll(u.Body)
	if err != nil {
		return desk.Attachment{}, err
	}
	kind := media.Sniff(content, u.MIME)
	return desk.Attachment{Kind: kind.Kind, MIME: kind.MIME, Name: u.Name, Size: int64(len(content)), Key: "key of " + u.Name}, nil
}

func load(t *testing.T, s store.Store, by desk.ID, l desk.Locale) {
	t.Helper()
	if err := demo.Load(t.Context(), s, demo.Params{Workspace: ws, By: by, Locale: l, Keep: keep}); err != nil {
		t.Fatal(err)
	}
}

func TestLoadTellsLifelikeStories(t *testing.T) {
	t.Parallel()
	for _, l := range []desk.Locale{desk.LocaleJA, desk.LocaleEN} {
		t.Run("locale "+string(l), func(t *testing.T) {
			t.Parallel()
			s := storetest.SQLite(t)
			owner, _ := newDesk(t, s)
			load(t, s, owner, l)
			read(t, s, func(r store.Reader) error {
				rows := allRows(t, r)
				if len(rows) < 35 {
					t.Errorf("%d conversations", len(rows))
				}
				seen := map[string]int{}
				now := time.Now()
				for _, row := range rows {
					checkThread(t, r, row)
					note(t, r, row, owner, now, seen)
				}
				for _, what := range []string{
					"bot", "queued", "open", "pending", "snoozed", "resolved", "low", "normal", "high", "urgent", "mine", "image", "note", "failed",
					"unread", "read", "waits a day", "nameless", "reopened", "rtl",
				} {
					if seen[what] == 0 {
						t.Errorf("nothing is %s; there is %v", what, slices.Sorted(maps.Keys(seen)))
					}
				}
				return nil
			})
		})
	}
}

// note collects what a conversation shows.
func note(t *testing.T, r store.Reader, row desk.Conversation, owner desk.ID, now time.Time, seen map[string]int) {
	t.Helper()
	seen[string(row.Status)]++
	seen[string(row.Priority)]++
	mark := func(what string, yes bool) {
		if yes {
			seen[what]++
		}
	}
	mark("mine", row.Assignee == owner && !row.Status.Resolved())
	mark("failed", row.Preview.Failed)
	mark("waits a day", row.Waiting() && now.Sub(row.WaitSince) > 24*time.Hour)
	unread, err := r.Conversations().Unread(owner, []desk.ID{row.ID})
	if err != nil {
		t.Fatal(err)
	}
	mark("unread", unread[row.ID] > 0)
	mark("read", unread[row.ID] == 0)
	contact, err := r.Contacts().Get(row.ContactID)
	if err != nil {
		t.Fatal(err)
	}
	mark("nameless", contact.Name == "")
	mark("rtl", contact.Locale == "ar" || contact.Locale == "he")
	messages, err := r.Messages().After(row.ID, 0, 100)
	if err != nil {
		t.Fatal(err)
	}
	for i, m := range messages {
		if m.At.After(now) || i > 0 && m.At.Before(messages[i-1].At) {
			t.Errorf("%s: message %d is said at %s", contact.Name, i, m.At)
		}
		mark("note", m.Author.Kind == desk.AuthorNote)
		mark("reopened", m.System != nil && m.System.Code == "reopened")
		for _, p := range m.Parts {
			mark("image", p.Kind == desk.PartImage && p.Attachment != nil && p.Attachment.Key != "" && p.Attachment.MessageID == m.ID)
		}
	}
}

func allRows(t *testing.T, r store.Reader) []desk.Conversation {
	t.Helper()
	var all []desk.Conversation
	for _, v := range []desk.View{"", desk.ViewResolved} {
		rows, _, err := r.Conversations().List(store.ConversationQuery{ListFilter: desk.ListFilter{View: v}, Page: store.Page{Limit: 200}})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, rows...)
	}
	return all
}

func TestLoadTwiceAtOnceIsOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		s := open()
		owner, _ := newDesk(t, s)
		var wg sync.WaitGroup
		for range 2 {
			wg.Go(func() {
				if err := demo.Load(t.Context(), s, demo.Params{Workspace: ws, By: owner, Keep: keep}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		read(t, s, func(r store.Reader) error {
			members, err := r.Members().List()
			if rows := allRows(t, r); len(rows) != 40 || len(members) != 4 {
				t.Errorf("%d conversations, %d members", len(rows), len(members))
			}
			return err
		})
	})
}

// Removing takes demo data and everything added to it, and leaves what is real as it was.
func TestRemove(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		s := open()
		owner, channel := newDesk(t, s)
		own := desk.Tag{Name: "返金", Color: "gray"} // demo data has one of this name
		write(t, s, func(tx store.Tx) error {
			own.ID = tx.NewID()
			return tx.WriteTags().Put(own)
		})
		if err := demo.Seed(t.Context(), s, ws, demo.SeedParams{Conversations: 5, Messages: 2}, nil); err != nil {
			t.Fatal(err)
		}
		before := picture(t, s, owner)
		load(t, s, owner, "")
		real := handToDemo(t, s, before)
		write(t, s, func(tx store.Tx) error { return writeInDemo(tx, owner, channel) })
		for range 2 { // the second time there is nothing to do
			if err := demo.Remove(t.Context(), s, ws, owner); err != nil {
				t.Fatal(err)
			}
			if loaded, err := demo.Loaded(t.Context(), s, ws); loaded || err != nil {
				t.Fatal(loaded, err)
			}
			after := picture(t, s, owner)
			if !slices.Equal(after.conversations, before.conversations) || after.contacts != before.contacts || !slices.Equal(after.members, before.members) ||
				!slices.Equal(after.teams, before.teams) || !slices.Equal(after.tags, before.tags) || after.counts.Resolved != before.counts.Resolved ||
				after.counts.All != before.counts.All || after.users != before.users || len(after.drafts) != 0 {
				t.Errorf("before %+v\nafter  %+v", before, after)
			}
		}
		read(t, s, func(r store.Reader) error {
			row, err := r.Conversations().Get(real)
			if row.Assignee != 0 || row.TeamID != 0 {
				t.Errorf("a real case is still with a demo colleague or team: %+v", row)
			}
			return err
		})
		load(t, s, owner, desk.LocaleEN) // and back again
	})
}

// snapshot is what a desk holds.
type snapshot struct {
	conversations, members, teams, tags []desk.ID
	drafts                              []desk.Draft
	contacts, users                     int
	counts                              store.ViewCounts
}

func picture(t *testing.T, s store.Store, owner desk.ID) (p snapshot) {
	t.Helper()
	read(t, s, func(r store.Reader) error {
		for _, c := range allRows(t, r) {
			p.conversations = append(p.conversations, c.ID)
		}
		slices.Sort(p.conversations)
		members, err := r.Members().List()
		if err != nil {
			return err
		}
		for _, m := range members {
			p.members = append(p.members, m.UserID)
			if _, err := r.Accounts().User(m.UserID); err == nil {
				p.users++
			}
		}
		teams, err := r.Teams().List()
		if err != nil {
			return err
		}
		for _, v := range teams {
			p.teams = append(p.teams, v.ID)
		}
		tags, err := r.Tags().List()
		if err != nil {
			return err
		}
		for _, v := range tags {
			p.tags = append(p.tags, v.ID)
		}
		contacts, _, err := r.Contacts().List(store.ContactQuery{Page: store.Page{Limit: 200}})
		if err != nil {
			return err
		}
		p.contacts = len(contacts)
		if p.drafts, err = r.Drafts().All(owner); err != nil {
			return err
		}
		p.counts, err = r.Conversations().Counts(owner, nil)
		return err
	})
	return p
}

// handToDemo gives a real unresolved case, or a resolved one, to a demo colleague and team.
func handToDemo(t *testing.T, s store.Store, before snapshot) desk.ID {
	t.Helper()
	id := before.conversations[0]
	write(t, s, func(tx store.Tx) error {
		records, err := tx.Demo().Records()
		if err != nil {
			return err
		}
		row, err := tx.WriteConversations().Lock(id)
		if err != nil {
			return err
		}
		ticket, err := tx.Tickets().Get(row.TicketID)
		if err != nil {
			return err
		}
		for _, d := range records {
			switch d.Kind {
			case store.DemoMember:
				ticket.Assignee = d.ID
			case store.DemoTeam:
				ticket.TeamID = d.ID
			}
		}
		row.Follow(ticket)
		if err := tx.WriteTickets().Put(ticket); err != nil {
			return err
		}
		return tx.WriteConversations().Put(row)
	})
	return id
}

// writeInDemo does to a demo conversation what an agent and its customer may do.
func writeInDemo(tx store.Tx, owner desk.ID, channel desk.Channel) error {
	records, err := tx.Demo().Records()
	if err != nil {
		return err
	}
	i := slices.IndexFunc(records, func(d store.DemoRecord) bool { return d.Kind == store.DemoContact })
	threads, err := tx.Conversations().OfContact(records[i].ID)
	if err != nil {
		return err
	}
	c, now := threads[0], tx.Now()
	m := desk.Message{ID: tx.NewID(), ConversationID: c.ID, TicketID: c.TicketID, Author: desk.Author{Kind: desk.AuthorHuman, ID: owner}, At: now, ReceivedAt: now}
	for _, err := range []error{
		tx.WriteMessages().Add(&m),
		tx.WriteMessages().PutAttachment(desk.Attachment{ID: tx.NewID(), ConversationID: c.ID, MessageID: m.ID, Kind: desk.PartFile, Key: "added"}),
		tx.Enqueue(&desk.Delivery{ID: tx.NewID(), ChannelID: channel.ID, ConversationID: c.ID, MessageID: m.ID, NotBefore: now, ExpiresAt: now}),
		tx.WriteDrafts().Put(desk.Draft{UserID: owner, ConversationID: c.ID, Mode: "note", Body: []desk.Part{{Kind: desk.PartText, Text: "…"}}}),
		tx.WriteContacts().PutNote(desk.ContactNote{ID: tx.NewID(), ContactID: records[i].ID, AuthorID: owner, Body: "added"}),
	} {
		if err != nil {
			return err
		}
	}
	return nil
}

func write(t *testing.T, s store.Store, fn func(store.Tx) error) {
	t.Helper()
	if err := s.Update(t.Context(), ws, fn); err != nil {
		t.Fatal(err)
	}
}
