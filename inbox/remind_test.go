package inbox_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

func (c *counter) remindDue(want int) {
	c.t.Helper()
	told, _, err := c.service.RemindDue(c.ctx(), c.workspace)
	if err != nil || told != want {
		c.t.Errorf("%d reminded, want %d; %v", told, want, err)
	}
}

func (c *counter) reminders(a inbox.Actor) (all []desk.Reminder) {
	c.t.Helper()
	c.view(func(r store.Reader) (err error) { all, err = r.Reminders().OfMember(a.User); return err })
	return all
}

func TestReminders(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row, other := c.writes(c.chat, "x", "hello"), c.writes(c.chat, "y", "hello")
	set := func(a inbox.Actor, conversation desk.ID, in time.Duration, unlessAnswered bool) {
		t.Helper()
		if _, err := c.service.Remind(c.ctx(), a, conversation, inbox.Reminding{At: c.now().Add(in), UnlessAnswered: unlessAnswered, Note: "在庫"}); err != nil {
			t.Fatal(err)
		}
	}
	set(c.aoi, row.ID, time.Hour, false)
	set(c.aoi, row.ID, 2*time.Hour, false) // in the place of the first
	set(c.ken, row.ID, time.Hour, false)
	set(c.aoi, other.ID, time.Hour, true)
	_, err := c.service.Remind(c.ctx(), c.aoi, row.ID, inbox.Reminding{At: c.now()})
	c.refused(err, desk.KindInvalid, "time_passed")
	c.writes(c.chat, "y", "もう大丈夫です")
	c.advance(time.Hour)
	c.remindDue(1)
	c.remindDue(0)
	if told := c.told(c.ken); len(told) != 1 || told[0].Code != desk.NotifyReminder || told[0].ConversationID != row.ID {
		t.Errorf("told: %+v", told)
	}
	if left := c.reminders(c.aoi); len(left) != 1 || left[0].ConversationID != row.ID || !left[0].FiredAt.IsZero() {
		t.Errorf("left: %+v", left)
	}
	c.advance(time.Hour)
	c.remindDue(1)
	if left := c.reminders(c.aoi); len(left) != 1 || left[0].FiredAt.IsZero() {
		t.Errorf("a reminder that has come stays until it is put away: %+v", left)
	}
	for range 2 {
		if err := c.service.ForgetReminder(c.ctx(), c.aoi, row.ID); err != nil {
			t.Fatal(err)
		}
	}
	if left := c.reminders(c.aoi); len(left) != 0 {
		t.Errorf("left: %+v", left)
	}
}
