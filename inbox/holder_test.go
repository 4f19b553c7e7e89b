package inbox_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// wantTold checks what the newest notice of a member is, "" = none at all.
func (c *counter) wantTold(a inbox.Actor, code string) {
	c.t.Helper()
	c.view(func(r store.Reader) error {
		told, err := r.Notifications().Newest(a.User, false, 1)
		if (len(told) == 0) != (code == "") || len(told) > 0 && told[0].Code != code {
			c.t.Errorf("%s was told %+v, want %q", a.Name, told, code)
		}
		return err
	})
}

// Two who may not decide about others' cases want the same ones at the same instant, each in every way there is: each case goes to
// one of them, and the other is told who has it (J3, E27).
func TestTwoAtOnceOneWins(t *testing.T) {
	t.Parallel()
	storetest.EachConfig(t, func(t *testing.T, on sqlstore.Config) {
		c := newCounterOn(t, on)
		ways := []func(inbox.Actor, desk.ID) (desk.Conversation, error){
			func(a inbox.Actor, id desk.ID) (desk.Conversation, error) {
				return c.service.Change(c.ctx(), a, id, inbox.Change{Assignee: &a.User})
			},
			func(a inbox.Actor, id desk.ID) (desk.Conversation, error) {
				return c.service.Assign(c.ctx(), a, id, a.User)
			},
			func(a inbox.Actor, id desk.ID) (desk.Conversation, error) {
				return c.service.Transfer(c.ctx(), a, id, inbox.Transfer{Assignee: a.User})
			},
		}
		actors := []inbox.Actor{c.aoi, c.ken}
		const cases = 12
		errs := [cases][2]error{}
		var rows []desk.Conversation
		for i := range cases {
			rows = append(rows, c.writes(c.chat, fmt.Sprint(i), "hi"))
		}
		var group sync.WaitGroup
		for n, a := range actors {
			group.Go(func() {
				for i, row := range rows {
					_, errs[i][n] = ways[i%len(ways)](a, row.TicketID)
				}
			})
		}
		group.Wait()
		for i, row := range rows {
			winner := 0
			if errs[i][0] != nil {
				winner = 1
			}
			if holder := c.ticket(row.ID).Assignee; errs[i][winner] != nil || holder != actors[winner].User {
				t.Errorf("case %d: %v, %d has it", i, errs[i], holder)
			}
			c.refused(errs[i][1-winner], desk.KindConflict, "taken_already")
		}
	})
}

// Where a case stands, who has it and how urgent it is, is for who has it to say, and for who may assign others (J3). To answer and
// note is everybody's, and so are tags.
func TestColleaguesCasesAreTheirs(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row, own := c.writes(c.chat, "theirs", "hi"), c.writes(c.chat, "own", "hi")
	id, urgent, none, tags := row.TicketID, desk.PriorityUrgent, desk.ID(0), []desk.ID{c.vip}
	c.must(c.service.Take(c.ctx(), c.aoi, id))
	c.must(c.service.Take(c.ctx(), c.ken, own.TicketID))
	then := func(client string, follows inbox.Then) func(inbox.Actor) error {
		return func(a inbox.Actor) error {
			_, _, err := c.service.Write(c.ctx(), a, row.ID, inbox.NewMessage{
				ClientID: client, Mode: inbox.ModeNote, Parts: text("済み"), Then: follows, SnoozeUntil: c.now().Add(time.Hour),
			})
			return err
		}
	}
	does := func(do func(inbox.Actor) (desk.Conversation, error)) func(inbox.Actor) error {
		return func(a inbox.Actor) error { _, err := do(a); return err }
	}
	steps := []struct {
		name string
		do   func(inbox.Actor) error
	}{
		{"priority", does(func(a inbox.Actor) (desk.Conversation, error) {
			return c.service.Change(c.ctx(), a, id, inbox.Change{Priority: &urgent})
		})},
		{"snooze", does(func(a inbox.Actor) (desk.Conversation, error) {
			return c.service.Snooze(c.ctx(), a, id, c.now().Add(time.Hour))
		})},
		{"wake", does(func(a inbox.Actor) (desk.Conversation, error) { return c.service.Wake(c.ctx(), a, id) })},
		{"pending", does(func(a inbox.Actor) (desk.Conversation, error) { return c.service.Pending(c.ctx(), a, id) })},
		{"open", does(func(a inbox.Actor) (desk.Conversation, error) { return c.service.Open(c.ctx(), a, id) })},
		{"note and snooze", then("n1", inbox.ThenSnooze)},
		{"note and resolve", then("n2", inbox.ThenResolve)},
		{"reopen", does(func(a inbox.Actor) (desk.Conversation, error) { return c.service.Reopen(c.ctx(), a, id) })},
		{"resolve", does(func(a inbox.Actor) (desk.Conversation, error) { return c.service.Resolve(c.ctx(), a, id, "") })},
	}
	boss := c.ken
	boss.AssignsOthers = true
	for _, step := range steps {
		if step.name != "reopen" { // whoever may reply may
			before := c.head()
			c.refused(step.do(c.ken), desk.KindForbidden, "ticket_of_colleague")
			if c.head() != before {
				t.Errorf("%s was refused, and left something", step.name)
			}
		}
		must(t, step.do(boss))
		if c.ticket(row.ID).Assignee != c.aoi.User {
			t.Fatalf("%s took it from who has it", step.name)
		}
	}
	c.must(c.service.Reopen(c.ctx(), c.ken, id))
	c.wantTold(c.aoi, desk.NotifyAssigned)
	for name, err := range map[string]error{
		"unassign": second(c.service.Change(c.ctx(), c.ken, id, inbox.Change{Assignee: &none})),
		"to team":  second(c.service.Transfer(c.ctx(), c.ken, id, inbox.Transfer{Team: c.sales})),
		"merge":    second(c.service.Merge(c.ctx(), c.ken, own.TicketID, id)),
	} {
		if desk.CodeOf(err) != "ticket_of_colleague" {
			t.Errorf("%s: %v", name, err)
		}
	}
	c.must(c.service.Change(c.ctx(), c.ken, id, inbox.Change{Tags: &tags}))
	c.say(c.ken, row.ID, inbox.ModeReply, "失礼します")
	queued := c.writes(c.chat, "free", "hi")
	_, err := c.service.Assign(c.ctx(), c.ken, queued.TicketID, c.aoi.User)
	c.refused(err, desk.KindForbidden, "forbidden")
}

func second[T any](_ T, err error) error { return err }

// Who gets a case that sleeps gets it awake (E13, E14).
func TestHandingOverWakes(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "hi")
	c.must(c.service.Take(c.ctx(), c.aoi, row.TicketID))
	c.must(c.service.Snooze(c.ctx(), c.aoi, row.TicketID, c.now().Add(time.Hour)))
	if now := c.must(c.service.Transfer(c.ctx(), c.aoi, row.TicketID, inbox.Transfer{Assignee: c.ken.User})); now.Status != desk.StatusOpen {
		t.Errorf("handed over, it is %s", now.Status)
	}
	c.wantThread(row.ID, "+ticket_opened number=1", "customer: hi", "+assigned name=Aoi by=Aoi", "+snoozed by=Aoi", "+woke by=Aoi", "+assigned name=Ken by=Aoi")
}
