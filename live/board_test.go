package live

import (
	"testing"
	"testing/synctest"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/view"
)

// supervises makes an agent a supervisor and opens a tab that watches the board.
func (o *office) supervises(agent int, scope desk.Scope) *tab {
	o.t.Helper()
	o.update(func(tx store.Tx) error {
		m, err := tx.Members().Get(o.agents[agent].User)
		if err != nil {
			return err
		}
		m.Role, m.Scope = desk.RoleSupervisor, scope
		return tx.WriteMembers().Put(m)
	})
	session := o.session(agent)
	session.Monitors, session.Scope = true, scope
	c := o.sits(o.hub, session).hello(0)
	c.say(`{"type":"board","open":true}`)
	return c
}

// boards are the boards told to a tab so far.
func (c *tab) boards() []view.Board {
	var all []view.Board
	for _, f := range c.heardNow() {
		if f.Type == "board" {
			all = append(all, *f.Board)
		}
	}
	return all
}

// A supervisor's board is told within two seconds of what changed it (E20), at most once a second, to nobody else, and no more
// once they may not supervise.
func TestBoardIsToldToSupervisors(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, o *office) {
		boss, agent := o.supervises(0, desk.ScopeAll), o.sits(o.hub, o.session(1)).hello(0)
		agent.say(`{"type":"board","open":true}`)
		settle := func() {
			time.Sleep(2 * time.Second)
			synctest.Wait()
		}
		settle()
		if all := boss.boards(); len(all) != 1 || all[0].Teams[0].Waiting != 0 || len(all[0].Members) != 3 {
			t.Fatalf("at first: %+v", all)
		}
		var rows []desk.Conversation
		for _, who := range []string{"a", "b", "c", "d", "e"} {
			rows = append(rows, o.writes(who, "hi"))
		}
		agent.say(`{"type":"view","conversation_id":%d,"mode":"reply"}`, rows[1].ID)
		settle()
		told := boss.boards()
		if len(told) == 0 || len(told) > 2 {
			t.Fatalf("%d boards in two seconds", len(told))
		}
		now := told[len(told)-1]
		if now.Teams[0].Waiting != 5 || now.Channels[0].Waiting != 5 || now.Teams[0].WaitSince.IsZero() {
			t.Errorf("five wait: %+v", now)
		}
		if looks := now.Members[1].LooksAt; len(looks) != 1 || looks[0].ConversationID != rows[1].ID || looks[0].TicketNumber != rows[1].TicketNo {
			t.Errorf("looks at %+v", looks)
		}
		settle()
		if again := boss.boards(); len(again) != 0 {
			t.Errorf("told again, unchanged: %+v", again)
		}
		if _, err := o.inbox.Assign(t.Context(), o.agents[0], rows[0].TicketID, o.agents[1].User); err != nil {
			t.Fatal(err)
		}
		settle()
		if told = boss.boards(); len(told) != 1 || told[0].Members[1].Open != 1 || told[0].Members[1].Slots != 1 || told[0].Members[1].Capacity != desk.DefaultCapacity || told[0].Teams[0].Waiting != 4 {
			t.Errorf("one is with an agent: %+v", told)
		}
		o.update(func(tx store.Tx) error {
			m, err := tx.Members().Get(o.agents[0].User)
			m.Role = desk.RoleAgent
			tx.Emit(desk.Event{Kind: desk.EventMemberChanged, At: tx.Now(), SubjectID: m.UserID})
			if err != nil {
				return err
			}
			return tx.WriteMembers().Put(m)
		})
		settle()
		boss.boards()
		o.writes("f", "hi")
		settle()
		if late := boss.boards(); len(late) != 0 {
			t.Errorf("told to somebody who may not supervise any more: %+v", late)
		}
		if none := agent.boards(); len(none) != 0 {
			t.Errorf("an agent is told %+v", none)
		}
	})
}

// A board shows no conversation that its supervisor does not see (J2).
func TestBoardStaysWithinTheScope(t *testing.T) {
	inBubble(t, 3, func(t *testing.T, o *office) {
		var other desk.ID
		o.update(func(tx store.Tx) error {
			other = tx.NewID()
			return tx.WriteTeams().Put(desk.Team{ID: other, Name: "other", MemberIDs: []desk.ID{o.agents[1].User, o.agents[2].User}})
		})
		o.update(func(tx store.Tx) error {
			team, err := tx.Teams().Get(o.team)
			team.MemberIDs = []desk.ID{o.agents[0].User, o.agents[1].User}
			if err != nil {
				return err
			}
			return tx.WriteTeams().Put(team)
		})
		boss, agent := o.supervises(0, desk.ScopeTeam), o.sits(o.hub, o.session(1)).hello(0)
		row := o.writes("v", "hi")
		if _, err := o.inbox.Transfer(t.Context(), o.agents[2], row.TicketID, inbox.Transfer{Team: other, Assignee: o.agents[1].User}); err != nil {
			t.Fatal(err)
		}
		agent.say(`{"type":"view","conversation_id":%d,"mode":"reply"}`, row.ID)
		time.Sleep(2 * time.Second)
		synctest.Wait()
		told := boss.boards()
		if len(told) == 0 {
			t.Fatal("no board was told")
		}
		now := told[len(told)-1]
		if len(now.Teams) != 2 || len(now.Members) != 2 {
			t.Errorf("another team's: %+v", now)
		}
		for _, m := range now.Members {
			if m.Open != 0 || len(m.LooksAt) != 0 {
				t.Errorf("another team's conversation: %+v", m)
			}
		}
	})
}
