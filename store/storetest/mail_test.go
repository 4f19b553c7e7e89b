package storetest_test

import (
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// One mail of each tag waits. Its latest attempt alone may go on, and what came meanwhile is not lost with it.
func checkMail(t *testing.T, w, other *world) {
	first := desk.Mail{Workspace: w.workspace, ID: 601, Tag: "c7", Code: desk.MailUnread, ConversationID: 7, Since: at(1), DueAt: at(2), ExpiresAt: at(9), News: 1}
	second := first
	second.ID, second.Since, second.DueAt, second.ExpiresAt = 602, at(2), at(3), at(10)
	update(t, w.s, w.workspace, func(tx store.Tx) error { return all(tx.WriteMails().Add(first), tx.WriteMails().Add(second)) })
	due := func() (m desk.Mail) {
		t.Helper()
		view(t, w.s, 0, func(r store.Reader) error {
			waiting, err := r.Mails().Due(10)
			if err == nil && len(waiting) == 1 {
				m = waiting[0]
			}
			return err
		})
		return m
	}
	merged := first
	merged.News, merged.ExpiresAt = 2, second.ExpiresAt
	equal(t, due(), merged)
	claim := func(m desk.Mail) (mine desk.Mail, ok bool) {
		t.Helper()
		update(t, w.s, w.workspace, func(tx store.Tx) (err error) {
			mine = m
			ok, err = tx.WriteMails().Claim(&mine, at(4))
			return err
		})
		return mine, ok
	}
	lost, _ := claim(merged)
	if _, ok := claim(merged); ok {
		t.Error("two nodes have one mail in hand")
	}
	mine, ok := claim(due()) // the first attempt's time is over
	if !ok || mine.Attempts != 2 || !mine.DueAt.Equal(at(4)) {
		t.Errorf("claimed %t: %+v", ok, mine)
	}
	hand := func(m desk.Mail) (ok bool) {
		t.Helper()
		update(t, w.s, w.workspace, func(tx store.Tx) (err error) {
			handed := m
			ok, err = tx.WriteMails().Hand(&handed, 5)
			return err
		})
		return ok
	}
	if hand(lost) || !hand(mine) {
		t.Error("an attempt that is over went on, or the latest did not")
	}
	if now := due(); now.UpTo != 5 || now.HandedAt.IsZero() {
		t.Errorf("handed over: %+v", now)
	}
	update(t, w.s, w.workspace, func(tx store.Tx) error {
		back := mine
		back.DueAt = at(5)
		return all(tx.WriteMails().Return(lost), tx.WriteMails().Return(back), tx.WriteMails().Add(second), tx.WriteMails().End(mine, at(6), at(7)))
	})
	again := merged
	again.Since, again.DueAt, again.News = at(6), at(7), 1
	equal(t, due(), again)
	update(t, w.s, w.workspace, func(tx store.Tx) error { return tx.WriteMails().End(again, at(8), at(8)) })
	equal(t, due(), desk.Mail{})
	checkDigest(t, w, other)
}

// A member's digest is taken by one node.
func checkDigest(t *testing.T, w, other *world) {
	soon := time.Now().Add(time.Hour).Truncate(time.Millisecond).UTC()
	put := func(when time.Time) func(store.Tx) error {
		return func(tx store.Tx) error { return tx.WriteMails().PutDigest(w.user, when) }
	}
	update(t, w.s, w.workspace, put(at(1)))
	update(t, w.s, other.workspace, put(soon)) // no member there
	var due []store.DueDigest
	view(t, w.s, 0, func(r store.Reader) (err error) {
		due, err = r.Mails().Digests(10)
		return err
	})
	equal(t, due, []store.DueDigest{{Workspace: w.workspace, User: w.user, At: at(1)}})
	for _, want := range []bool{true, false} {
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			ours, err := tx.WriteMails().MoveDigest(due[0], soon)
			if ours != want {
				t.Errorf("taken: %t, want %t", ours, want)
			}
			return err
		})
	}
	view(t, w.s, 0, func(r store.Reader) error {
		next, err := r.Mails().NextDigest()
		equal(t, next, soon)
		return err
	})
	update(t, w.s, w.workspace, put(time.Time{}))
}
