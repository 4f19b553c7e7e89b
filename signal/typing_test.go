package signal_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

func (r reader) Typing(_ context.Context, _ channel.Account, p channel.Peer, lastIn desk.ExternalID) error {
	r.told <- p.ExternalID + " types " + string(lastIn)
	if p.ExternalID == "away" {
		return &channel.Fault{Kind: channel.ActBlocked, Code: "1", Err: errors.New("blocked")}
	}
	return nil
}

// types says every 5 s for a while, as a page of the desk does, that a member writes, and counts what the customer was told.
func (w *world) types(user desk.ID, long time.Duration) int {
	before := len(w.told)
	for range int(long / (5 * time.Second)) {
		w.service.MemberTypes(workspace, w.conversation, user)
		time.Sleep(5 * time.Second)
		synctest.Wait()
	}
	return len(w.told) - before
}

// changed is a world whose identity is another.
func changed(t *testing.T, w *world, change func(i *desk.Identity, row *desk.Conversation)) {
	t.Helper()
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		row, err := tx.Conversations().Get(w.conversation)
		if err != nil {
			return err
		}
		i := w.identity
		change(&i, &row)
		row.Version++
		return errors.Join(tx.WriteContacts().PutIdentity(i), tx.WriteConversations().Put(row))
	}))
}

func TestTypingIsShownAnewBeforeItEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, true)
		// The provider shows it for 10 s, the page says it every 5: told at 0, 10, 20 and so on.
		if told := w.types(ken, time.Minute); told != 6 {
			t.Errorf("told %d times in a minute", told)
		}
		if got := <-w.told; got != "u1 types in-3" {
			t.Errorf("told %q", got)
		}
	})
}

func TestWhoIsNotShownThatSomebodyTypes(t *testing.T) {
	t.Parallel()
	for name, change := range map[string]func(*desk.Identity, *desk.Conversation){
		"opted out":     func(i *desk.Identity, _ *desk.Conversation) { i.Standing.OptedOutAt = time.Now() },
		"blocked":       func(i *desk.Identity, _ *desk.Conversation) { i.BlockedAt = time.Now() },
		"unreachable":   func(i *desk.Identity, _ *desk.Conversation) { i.Standing.Unreachable = time.Now() },
		"window closed": func(i *desk.Identity, _ *desk.Conversation) { i.Standing.WindowUntil = time.Now() },
		"only under a tag": func(i *desk.Identity, _ *desk.Conversation) {
			i.Standing.WindowUntil, i.Standing.HumanUntil = time.Now(), time.Now().Add(time.Hour)
		},
		"marks another's as read": func(_ *desk.Identity, row *desk.Conversation) { row.Assignee = aoi },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, true)
				w.reads = true
				changed(t, w, change)
				if told := w.types(ken, time.Minute); told != 0 {
					t.Errorf("told %d times", told)
				}
				if asked := len(w.asked); asked > 3 {
					t.Errorf("looked %d times in a minute", asked)
				}
			})
		})
	}
}

func TestTypingWhereItMarksAsReadIsTheAssignees(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, true)
		w.reads = true
		if told := w.types(aoi, 5*time.Second); told != 1 {
			t.Errorf("the assignee's typing was told %d times", told)
		}
		changed(t, w, func(_ *desk.Identity, row *desk.Conversation) { row.Assignee = 0 })
		if told := w.types(ken, 5*time.Second); told != 1 {
			t.Errorf("the typing of who answers a case that nobody has was told %d times", told)
		}
	})
}

func TestAProviderThatRefusesToShowTypingIsLeftAlone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, true)
		changed(t, w, func(i *desk.Identity, _ *desk.Conversation) { i.ExternalID = "away" })
		if told := w.types(ken, time.Minute); told > 3 {
			t.Errorf("asked %d times in a minute", told)
		}
	})
}

func TestAChannelWithoutTypingShowsNone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, false)
		if told := w.types(aoi, time.Minute); told != 0 {
			t.Errorf("told %d times", told)
		}
	})
}

func TestAChannelsSwitchesKeepReadingAndTypingToOurselves(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		automation   desk.Automation
		marks        bool // showing that somebody writes marks as read
		reads, types int
	}{
		"both shown":                    {desk.Automation{}, true, 1, 1},
		"reading hidden":                {desk.Automation{HideReading: true}, false, 0, 1},
		"typing would tell the reading": {desk.Automation{HideReading: true}, true, 0, 0},
		"typing hidden":                 {desk.Automation{HideTyping: true}, true, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, true)
				w.reads = c.marks
				must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
					row, err := tx.Channels().Get(chID)
					if err != nil {
						return err
					}
					row.Automation = c.automation
					row.Version++
					return tx.WriteChannels().Put(row)
				}))
				w.service.MemberRead(workspace, w.conversation, aoi, 3)
				synctest.Wait()
				if got := len(w.told); got != c.reads {
					t.Errorf("reading was told %d times", got)
				}
				if got := w.types(aoi, 5*time.Second); got != c.types {
					t.Errorf("typing was told %d times", got)
				}
			})
		})
	}
}
