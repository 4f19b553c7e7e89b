package live

import (
	"strings"
	"testing"
	"testing/synctest"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

// A socket hears of a conversation only while it is in its member's scope (J2), live and when it catches up; one that
// leaves the scope leaves the screen.
func TestPatchesStayWithinTheScope(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 3)
	o.scope(0, desk.ScopeOwn)
	session := o.session(0)
	session.Scope = desk.ScopeOwn
	bounded, free := o.sits(o.hub, session).hello(0), o.sits(o.hub, o.session(1)).hello(0)
	start := o.head()

	row := o.writes("v", "in the queue")
	bounded.until(func(f heard) bool { return f.Conversation != nil && strings.Contains(f.raw, "in the queue") })
	assign := func(to int) {
		t.Helper()
		if _, err := o.inbox.Assign(t.Context(), o.agents[2], row.TicketID, o.agents[to].User); err != nil {
			t.Fatal(err)
		}
	}
	assign(1)
	gone := bounded.until(func(f heard) bool { return f.Kind == desk.EventConversationDeleted })
	if !strings.Contains(gone.raw, row.ID.String()) || gone.Conversation != nil {
		t.Errorf("%s", gone.raw)
	}
	o.answers(1, row.ID, inbox.ModeNote, "between us")
	free.until(func(f heard) bool { return strings.Contains(f.raw, "between us") })
	name := "青井"
	if _, err := o.inbox.EditContact(t.Context(), o.agents[1], row.ContactID, inbox.ContactEdit{Name: &name, Version: o.contact(row.ContactID).Version}); err != nil {
		t.Fatal(err)
	}
	contact := bounded.until(func(f heard) bool { return f.Contact != nil })
	if contact.Contact.Name != name || contact.Conversation != nil {
		t.Errorf("contacts are everybody's, their rows are not: %s", contact.raw)
	}
	assign(0)
	back := bounded.until(func(f heard) bool { return f.Conversation != nil })
	if back.Conversation.ID != row.ID {
		t.Errorf("%s", back.raw)
	}
	if heardOf(bounded, "between us") {
		t.Error("what was said meanwhile was told")
	}
	// A second tab that catches up from the beginning ends with the same row.
	assign(1)
	bounded.until(func(f heard) bool { return f.Kind == desk.EventConversationDeleted })
	late := o.sits(o.hub, session).hello(start)
	if len(late.rows) != 0 || heardOf(late, "between us") {
		t.Errorf("a late tab got %v, %v", late.rows, late.said)
	}
	// A wider scope makes the client read its lists again.
	o.scope(0, desk.ScopeAll)
	bounded.until(func(f heard) bool { return f.Type == "reset" })
	o.answers(1, row.ID, inbox.ModeNote, "for all")
	bounded.until(func(f heard) bool { return strings.Contains(f.raw, "for all") })
}

// Who looks at a conversation and types in it is told to those only who see it (J2).
func TestViewingStaysWithinTheScope(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, o *office) {
		o.scope(0, desk.ScopeOwn)
		session := o.session(0)
		session.Scope = desk.ScopeOwn
		bounded, free := o.sits(o.hub, session).hello(0), o.sits(o.hub, o.session(1)).hello(0)
		row := o.writes("v", "in the queue")
		look := func(c *tab, typing bool) {
			c.say(`{"type":"view","conversation_id":%d,"typing":%v,"mode":"note"}`, row.ID, typing)
			synctest.Wait()
		}
		look(bounded, true)
		look(free, true)
		if got := bounded.viewings(); len(got) != 2 {
			t.Fatalf("while it was in the scope: %q", got)
		}
		if _, err := o.inbox.Assign(t.Context(), o.agents[2], row.TicketID, o.agents[1].User); err != nil {
			t.Fatal(err)
		}
		bounded.until(func(f heard) bool { return f.Kind == desk.EventConversationDeleted })
		look(free, false)
		bounded.wantViewing()
		look(bounded, true) // by its id
		bounded.wantViewing()
	})
}

func heardOf(c *tab, text string) bool {
	for _, m := range c.said {
		for _, p := range m.Parts {
			if strings.Contains(p.Text, text) {
				return true
			}
		}
	}
	return false
}

func (o *office) contact(id desk.ID) (c desk.Contact) {
	o.t.Helper()
	o.view(func(r store.Reader) (err error) {
		c, err = r.Contacts().Get(id)
		return err
	})
	return c
}

// scope gives an agent a scope, and says so in the log.
func (o *office) scope(agent int, scope desk.Scope) {
	o.t.Helper()
	user := o.agents[agent].User
	o.update(func(tx store.Tx) error {
		m, err := tx.Members().Get(user)
		if err != nil {
			return err
		}
		m.Scope = scope
		tx.Emit(desk.Event{Kind: desk.EventMemberChanged, At: tx.Now(), SubjectID: user})
		return tx.WriteMembers().Put(m)
	})
}
