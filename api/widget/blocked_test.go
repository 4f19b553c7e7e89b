package widget_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// TestABlockedVisitorNoticesNothingAndTellsNobody (F12): whatever they do is answered as ever, and nothing of it is in the
// event log, in the thread or in the list.
func TestABlockedVisitorNoticesNothingAndTellsNobody(t *testing.T) {
	t.Parallel()
	c := open(t, open2)
	b := c.browser(t)
	b.boot()
	b.say("c1", "hello")
	err := c.store.Update(t.Context(), 1, func(tx store.Tx) error {
		i, err := tx.Contacts().Identity(c.rows(t)[0].IdentityID)
		i.BlockedAt, i.BlockedBy, i.BlockReason = tx.Now(), 1, "nuisance"
		if err != nil {
			return err
		}
		return tx.WriteContacts().PutIdentity(i)
	})
	if err != nil {
		t.Fatal(err)
	}
	seen := func() (events []desk.Event, row desk.Conversation) {
		t.Helper()
		events, err := c.store.Events(t.Context(), 1, 0, 1000)
		if err != nil {
			t.Fatal(err)
		}
		return slices.DeleteFunc(events, func(e desk.Event) bool { return e.Kind == desk.EventContactChanged }), c.rows(t)[0]
	}
	before, row := seen()

	b.say("c2", "let me in")
	b.want(204, "POST", "typing", nil, nil)
	b.want(204, "POST", "track", map[string]any{"name": "cart_opened"}, nil)
	b.want(200, "POST", "contact", map[string]string{"name": "Friend", "email": "friend@example.com"}, nil)
	b.want(200, "POST", "identify", map[string]string{"jwt": c.jwt(t, c.secret, "u1", "鈴木")}, nil)
	c.skew.Add(int64(2 * time.Minute))
	if boot := b.boot(); boot.Conversation == nil {
		t.Error("a blocked visitor finds their thread no more")
	}
	if got := codes(b.thread()); !strings.HasSuffix(got, "customer:let me in") || !strings.Contains(got, "customer:hello") {
		t.Errorf("they see %q", got)
	}
	after, now := seen()
	if len(after) != len(before) || len(c.news.typing) != 0 {
		t.Errorf("told: %+v, typing %v", after[len(before):], c.news.typing)
	}
	if now.LastSeq != row.LastSeq || !now.LastActivityAt.Equal(row.LastActivityAt) {
		t.Errorf("the list shows %+v, before %+v", now, row)
	}
}
