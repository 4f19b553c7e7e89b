package live

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/view"
)

// keep puts a saved view.
func (o *office) keep(v desk.SavedView) desk.ID {
	o.t.Helper()
	o.update(func(tx store.Tx) error {
		if v.ID == 0 {
			v.ID = tx.NewID()
		}
		if v.Audience == "" {
			v.Audience = desk.AudienceWorkspace
		}
		tx.Emit(desk.Event{Kind: desk.EventSavedViewChanged, At: tx.Now(), SubjectID: v.ID, UserID: v.Owner})
		return tx.WriteSavedViews().Put(v)
	})
	return v.ID
}

// shows watches saved views; sizes is what the tab was told last.
func (c *tab) shows(ids []desk.ID) {
	c.t.Helper()
	text, err := json.Marshal(ids)
	if err != nil {
		c.t.Fatal(err)
	}
	c.say(`{"type":"views","views":%s}`, text)
}

func (c *tab) sizes(into map[desk.ID]view.SavedSize) map[desk.ID]view.SavedSize {
	c.t.Helper()
	for _, f := range c.heardNow() {
		var told struct {
			Sizes []view.SavedSize `json:"sizes"`
		}
		if f.Type != "saved" {
			continue
		}
		if err := json.Unmarshal([]byte(f.raw), &told); err != nil {
			c.t.Fatal(err)
		}
		for _, size := range told.Sizes {
			into[size.ID] = size
		}
	}
	return into
}

// Whatever members and customers do, the sizes told of saved views are those of the lists, within each member's scope, and
// the unread ones those that concern the member (G1.7, G2.7).
func TestSavedViewsKeepTheirSize(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, o *office) {
		o.scope(1, desk.ScopeOwn)
		bounded := o.session(1)
		bounded.Scope = desk.ScopeOwn
		var ids []desk.ID
		for _, f := range []desk.ListFilter{
			{}, {View: desk.ViewMine}, {View: desk.ViewWaiting, Assignees: []desk.ID{0, o.agents[1].User}}, {View: desk.ViewResolved},
			{View: desk.ViewMentions}, {Unread: true}, {Priorities: []desk.Priority{desk.PriorityHigh}},
		} {
			ids = append(ids, o.keep(desk.SavedView{Filter: f}))
		}
		tabs := []*tab{o.sits(o.hub, o.session(0)).hello(0), o.sits(o.hub, bounded).hello(0), o.sits(o.hub, o.session(2)).hello(0)}
		told := []map[desk.ID]view.SavedSize{{}, {}, {}}
		rng := rand.New(rand.NewPCG(5, 6))
		var rows []desk.Conversation
		for step := range 90 {
			if step == 10 {
				for _, c := range tabs {
					c.shows(ids)
				}
			}
			if rows = o.happens(rng, rows); step%9 == 0 {
				time.Sleep(time.Duration(rng.IntN(2000)) * time.Millisecond)
			}
		}
		time.Sleep(3 * countEvery)
		synctest.Wait()
		for i, c := range tabs {
			for _, id := range ids {
				want := o.sizeOf(id, c.agent.session)
				if got := c.sizes(told[i])[id]; got != want {
					t.Errorf("member %d was told %+v, want %+v", i, got, want)
				}
			}
		}
	})
}

// happens is anything that happens at a desk.
func (o *office) happens(rng *rand.Rand, rows []desk.Conversation) []desk.Conversation {
	o.t.Helper()
	if len(rows) == 0 || rng.IntN(4) == 0 {
		return append(rows, o.writes(fmt.Sprint("v", len(rows)), "a new one"))
	}
	n := rng.IntN(len(rows))
	row, by := rows[n], o.agents[rng.IntN(3)]
	high := desk.PriorityHigh
	edit := inbox.Edit{Assignee: &o.agents[rng.IntN(3)].User}
	switch rng.IntN(6) {
	case 0:
		o.writes(fmt.Sprint("v", n), "again")
		return rows
	case 1:
		if err := o.inbox.MarkRead(o.t.Context(), by, row.ID, 1000); err != nil {
			o.t.Fatal(err)
		}
		return rows
	case 2:
		mark := desk.Mark{Kind: desk.MarkUser, Start: 0, End: 1, UserID: o.agents[rng.IntN(3)].User}
		_, _, err := o.inbox.Write(o.t.Context(), by, row.ID, inbox.NewMessage{ClientID: fmt.Sprint("n", o.said.Add(1)), Mode: inbox.ModeNote,
			Parts: []desk.Part{{Kind: desk.PartText, Text: "@you", Marks: []desk.Mark{mark}}}})
		if err != nil {
			o.t.Fatal(err)
		}
		return rows
	case 3:
		edit = inbox.Edit{Status: desk.StatusResolved}
	case 4:
		edit = inbox.Edit{Priority: &high}
	}
	if _, err := o.inbox.Bulk(o.t.Context(), by, "", []inbox.BulkEdit{{Conversations: []desk.ID{row.ID}, Edit: edit}}); err != nil {
		o.t.Fatal(err)
	}
	return rows
}

// sizeOf is the size of a view for a member, as the list has it.
func (o *office) sizeOf(id desk.ID, s Session) view.SavedSize {
	o.t.Helper()
	size := view.SavedSize{ID: id}
	o.view(func(r store.Reader) error {
		v, err := r.SavedViews().Get(id)
		if err != nil {
			return err
		}
		teams, err := r.Teams().Of(s.User)
		if err != nil {
			return err
		}
		rows, _, err := r.Conversations().List(store.ConversationQuery{ListFilter: v.Filter, User: s.User, Scope: s.Scope, UserTeams: teams, Page: store.Page{Limit: 200}})
		if err != nil {
			return err
		}
		size.Count = min(len(rows), shownMost)
		for _, c := range rows {
			reads, err := r.Conversations().Reads(s.User, []desk.ID{c.ID})
			if err != nil {
				return err
			}
			if c.LastInboundSeq > reads[c.ID].Seq && c.Concerns(s.User, teams) {
				size.Unread++
			}
		}
		return nil
	})
	return size
}

// A view is told anew when it is changed, and to nobody who may not see it.
func TestSavedViewsThatChange(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, o *office) {
		o.writes("v", "hello")
		own := o.keep(desk.SavedView{Ownership: desk.Ownership{Audience: desk.AudiencePersonal, Owner: o.agents[0].User}})
		owner, other := o.sits(o.hub, o.session(0)).hello(0), o.sits(o.hub, o.session(1)).hello(0)
		owner.shows([]desk.ID{own})
		other.shows([]desk.ID{own, 12345})
		time.Sleep(2 * countEvery)
		told := owner.sizes(map[desk.ID]view.SavedSize{})
		if told[own].Count != 1 || told[own].Unread != 1 {
			t.Errorf("told %+v", told)
		}
		o.keep(desk.SavedView{ID: own, Ownership: desk.Ownership{Audience: desk.AudiencePersonal, Owner: o.agents[0].User}, Filter: desk.ListFilter{View: desk.ViewResolved}})
		time.Sleep(2 * countEvery)
		if told = owner.sizes(told); told[own].Count != 0 {
			t.Errorf("told %+v of a view that was changed", told)
		}
		if stolen := other.sizes(map[desk.ID]view.SavedSize{}); len(stolen) != 0 {
			t.Errorf("told %+v of somebody else's view", stolen)
		}
	})
}

// A span of days begins with the viewer's midnight, in the size as in the list (G1.4).
func TestSavedViewsSpanTheViewersDays(t *testing.T) {
	inBubble(t, 2, func(t *testing.T, o *office) {
		o.writes("v", "hello")
		today := o.keep(desk.SavedView{Filter: desk.ListFilter{View: desk.ViewAll, WithinDays: 1}})
		now := time.Now().UTC()
		midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, time.UTC)
		time.Sleep(midnight.Add(20 * time.Hour).Sub(now)) // tomorrow in Tokyo since five hours
		for zone, want := range map[string]int{"UTC": 1, "Asia/Tokyo": 0, "Mars/Olympus": 1} {
			member := o.sits(o.hub, o.session(0)).hello(0)
			member.say(`{"type":"views","views":[%d],"zone":%q}`, today, zone)
			time.Sleep(2 * countEvery)
			told, heard := member.sizes(map[desk.ID]view.SavedSize{})[today]
			if told.Count != want || !heard && want > 0 {
				t.Errorf("%s: told %+v, want %d", zone, told, want)
			}
		}
	})
}
