package storetest_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// The list, page by page, is what a plain filter and sort of all rows would give; the counters are what counting would.
func TestListsAreWhatAFilterAndSortWouldGive(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		other := newWorld(t, w.s)
		other.newConversation(t)
		rng := rand.New(rand.NewPCG(1, 2))
		channels := []desk.ID{w.channel.ID}
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			c := w.channel
			c.ID, c.Account = tx.NewID(), "second-"+c.Account
			channels = append(channels, c.ID)
			return tx.WriteChannels().Put(c)
		})
		now := time.Now().Truncate(time.Millisecond).UTC()
		rows := make([]desk.Conversation, 180)
		for i := range rows {
			update(t, w.s, w.workspace, func(tx store.Tx) (err error) {
				rows[i], err = w.conversation(tx, func(c *desk.Conversation) {
					shuffle(rng, c, channels)
					c.ReplyUntil = pick(rng, time.Time{}, now.Add(-time.Duration(1+rng.IntN(9))*time.Hour), now.Add(40*time.Minute), now.Add(time.Duration(2+rng.IntN(9))*time.Hour))
				})
				return err
			})
		}
		for i := range rows { // most change later, some twice in one transaction
			update(t, w.s, w.workspace, func(tx store.Tx) error {
				c, err := tx.WriteConversations().Lock(rows[i].ID)
				if err != nil {
					return err
				}
				for range i % 3 {
					shuffle(rng, &c, channels)
					c.ChannelID = rows[i].ChannelID
					c.Version++
					if err := tx.WriteConversations().Put(c); err != nil {
						return err
					}
				}
				if err := w.meet(tx, i, c); err != nil {
					return err
				}
				if c, err = tx.Conversations().Get(c.ID); err != nil {
					return err
				}
				rows[i] = c
				return tx.WriteConversations().PutRead(desk.Read{UserID: w.user, ConversationID: c.ID, Seq: int64(i % 2)})
			})
		}
		for n := range 150 {
			q := randomQuery(rng, channels)
			t.Run(fmt.Sprint(n), func(t *testing.T) { compareList(t, w, q, rows, now) })
		}
		compareCounts(t, w, rows)
		compareShares(t, w, rows)
		comparePromises(t, w, rows)
	})
}

// compareShares adds up what is queued and open by hand.
func compareShares(t *testing.T, w *world, rows []desk.Conversation) {
	t.Helper()
	sums := map[desk.Share]desk.Share{}
	for _, c := range rows {
		k := desk.Share{Status: c.Status, TeamID: c.TeamID}
		switch c.Status {
		case desk.StatusQueued:
			k.ChannelID = c.ChannelID
		case desk.StatusOpen:
			k.Assignee = c.Assignee
		default:
			continue
		}
		sum, known := sums[k]
		if !known {
			sum = k
		}
		sum.Cases++
		if !c.WaitSince.IsZero() && (sum.WaitSince.IsZero() || c.WaitSince.Before(sum.WaitSince)) {
			sum.WaitSince = c.WaitSince
		}
		sums[k] = sum
	}
	view(t, w.s, w.workspace, func(r store.Reader) error {
		shares, err := r.Conversations().Shares()
		if len(shares) != len(sums) {
			t.Errorf("%d shares, want %d", len(shares), len(sums))
		}
		for _, s := range shares {
			k := s
			k.Cases, k.WaitSince = 0, time.Time{}
			equal(t, s, sums[k])
		}
		return err
	})
}

// comparePromises adds up by hand whose SLA is at risk or breached.
func comparePromises(t *testing.T, w *world, rows []desk.Conversation) {
	t.Helper()
	sums := map[desk.PromiseShare]int64{}
	for _, c := range rows {
		if c.SLA.State == desk.SLAWarning || c.SLA.State == desk.SLABreached {
			sums[desk.PromiseShare{TeamID: c.TeamID, Assignee: c.Assignee, State: c.SLA.State}]++
		}
	}
	view(t, w.s, w.workspace, func(r store.Reader) error {
		shares, err := r.Conversations().PromiseShares()
		if len(shares) != len(sums) {
			t.Errorf("%d shares of promises, want %d", len(shares), len(sums))
		}
		for _, s := range shares {
			k := s
			k.Cases = 0
			equal(t, s.Cases, sums[k])
		}
		return err
	})
}

// meet gives the person of a conversation a language, and shuts some of them out.
func (w *world) meet(tx store.Tx, i int, c desk.Conversation) error {
	contact, err := tx.Contacts().Get(c.ContactID)
	if err != nil {
		return err
	}
	contact.Locale, contact.Version = []string{"", "ja-JP", "en", "zh-Hant-TW"}[i%4], contact.Version+1
	identity, err := tx.Contacts().Identity(c.IdentityID)
	if err != nil {
		return err
	}
	if i%7 == 0 {
		identity.BlockedAt = tx.Now()
	}
	return all(tx.WriteContacts().Put(contact), tx.WriteContacts().PutIdentity(identity))
}

func pick[T any](rng *rand.Rand, from ...T) T { return from[rng.IntN(len(from))] }

func shuffle(rng *rand.Rand, c *desk.Conversation, channels []desk.ID) {
	c.ChannelID = pick(rng, channels...)
	c.Status = pick(rng, desk.StatusQueued, desk.StatusOpen, desk.StatusPending, desk.StatusSnoozed, desk.StatusResolved, desk.StatusBot)
	c.Assignee = pick[desk.ID](rng, 0, 0, 1, 2, 3)
	c.TeamID = pick[desk.ID](rng, 0, 11, 12)
	c.Priority = pick(rng, desk.PriorityLow, desk.PriorityNormal, desk.PriorityHigh, desk.PriorityUrgent)
	c.TagIDs = pick(rng, nil, []desk.ID{21}, []desk.ID{21, 22}, []desk.ID{23, 22})
	c.LastActivityAt = at(rng.IntN(60)) // ties happen
	c.WaitSince = pick(rng, time.Time{}, at(rng.IntN(60)))
	c.LastInboundSeq = int64(rng.IntN(3))
	c.SLA = pick(rng, desk.SLASummary{}, desk.SLASummary{State: desk.SLAPaused}, desk.SLASummary{State: desk.SLAWarning, Due: at(rng.IntN(60))}, desk.SLASummary{State: desk.SLABreached, Due: at(rng.IntN(60))}, desk.SLASummary{State: desk.SLAOK, Due: at(rng.IntN(60))})
	c.Preview = desk.Preview{Author: desk.AuthorCustomer, Kind: desk.PartText, Text: "こんにちは", Failed: rng.IntN(5) == 0}
	c.Attached = rng.IntN(3) == 0
	c.MentionedIDs = pick(rng, nil, nil, []desk.ID{1}, []desk.ID{1, 2})
	c.TicketID = pick(rng, c.TicketID, c.TicketID+1)
}

func randomQuery(rng *rand.Rand, channels []desk.ID) store.ConversationQuery {
	q := store.ConversationQuery{ListFilter: desk.ListFilter{View: pick(rng, desk.ViewMine, desk.ViewUnassigned, desk.ViewAll, desk.ViewWaiting, desk.ViewReplied, desk.ViewSnoozed, desk.ViewResolved, desk.ViewTeam, desk.ViewMentions, desk.ViewFailed, desk.ViewBlocked), TeamID: 11}, User: 1, Sort: pick(rng, "", store.SortActivity, store.SortWaiting, store.SortPriority, store.SortWindow, store.SortSLA), Page: store.Page{Limit: 1 + rng.IntN(40)}}
	maybe := func(set func()) {
		if rng.IntN(4) == 0 {
			set()
		}
	}
	maybe(func() { q.Channels = pick(rng, channels[:1], channels) })
	maybe(func() { q.Statuses = []desk.TicketStatus{desk.StatusOpen, desk.StatusSnoozed} })
	maybe(func() { q.Assignees = pick(rng, []desk.ID{0}, []desk.ID{1, 2}, []desk.ID{3, 0}) })
	maybe(func() { q.Teams = pick(rng, []desk.ID{0, 12}, []desk.ID{11, 12}) })
	maybe(func() { q.Tags = pick(rng, []desk.ID{22}, []desk.ID{21, 22, 21}, []desk.ID{99}) })
	maybe(func() {
		q.Priorities = pick(rng, []desk.Priority{desk.PriorityHigh, desk.PriorityUrgent}, []desk.Priority{desk.PriorityLow}, []desk.Priority{desk.PriorityUrgent, desk.PriorityNormal})
	})
	maybe(func() {
		q.Windows = pick(rng, []desk.WindowState{desk.WindowClosing}, []desk.WindowState{desk.WindowOpen, desk.WindowClosed})
	})
	maybe(func() { q.SLA = []desk.SLAState{desk.SLABreached, desk.SLAPaused} })
	maybe(func() { q.Unread, q.UserTeams = true, pick(rng, nil, []desk.ID{12}) })
	maybe(func() { q.Since = at(20) })
	maybe(func() { q.Until = at(40) })
	maybe(func() { q.Languages = pick(rng, []string{"ja"}, []string{"zh", ""}) })
	maybe(func() {
		q.Acquaintances = []desk.Acquaintance{pick(rng, desk.AcquaintanceNew, desk.AcquaintanceExisting)}
	})
	maybe(func() { q.Attachment = true })
	return q
}

func compareList(t *testing.T, w *world, q store.ConversationQuery, rows []desk.Conversation, now time.Time) {
	t.Helper()
	q.User = pickUser(q, w)
	var want []desk.Conversation
	for i, c := range rows {
		if naiveView(q, c) && naiveFilters(q, c, int64(i%2)) && (len(q.Windows) == 0 || slices.Contains(q.Windows, c.Window(now))) && (len(q.SLA) == 0 || slices.Contains(q.SLA, c.SLA.State)) {
			want = append(want, c)
		}
	}
	slices.SortFunc(want, naiveOrder(q, now))
	var got []desk.Conversation
	for page := 0; ; page++ {
		var part []desk.Conversation
		view(t, w.s, w.workspace, func(r store.Reader) (err error) {
			part, q.Page.After, err = r.Conversations().List(q)
			return err
		})
		if len(part) > q.Page.Limit || page > len(rows)+2 {
			t.Fatalf("%d rows on page %d", len(part), page)
		}
		got = append(got, part...)
		if q.Page.After == "" {
			break
		}
	}
	if len(got) != len(want) {
		t.Fatalf("%+v: %d rows, want %d", q, len(got), len(want))
	}
	for i := range want {
		if !slices.Equal(keyOf(q, got[i], now), keyOf(q, want[i], now)) {
			t.Fatalf("%+v: row %d is %+v, want %+v", q, i, got[i], want[i])
		}
	}
	slices.SortFunc(got, byID)
	slices.SortFunc(want, byID)
	equal(t, got, want)
}

// pickUser reads as the member with Reads where unread is asked for.
func pickUser(q store.ConversationQuery, w *world) desk.ID {
	if q.Unread {
		return w.user
	}
	return q.User
}

func byID(a, b desk.Conversation) int { return cmp.Compare(a.ID, b.ID) }

func compareCounts(t *testing.T, w *world, rows []desk.Conversation) {
	t.Helper()
	want := naiveCounts(rows, store.Sight{User: 1, Teams: []desk.ID{11, 12}}, nil) // member 1 has read nothing
	view(t, w.s, w.workspace, func(r store.Reader) error {
		got, err := r.Conversations().Counts(1, []desk.ID{11, 12})
		equal(t, got, want)
		return err
	})
}

// The row's copy of the window's end follows the person's standing, whoever else writes the row (C2.3).
func TestAConversationFollowsItsWindow(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		c, other := w.newConversation(t), w.newConversation(t)
		end := time.Now().Add(time.Hour).Truncate(time.Millisecond).UTC()
		stand := func(tx store.Tx, s desk.Standing) error { return tx.WriteContacts().SetStanding(c.IdentityID, s) }
		update(t, w.s, w.workspace, func(tx store.Tx) error { return stand(tx, desk.Standing{WindowUntil: end}) })
		reads := func(want time.Time) {
			t.Helper()
			view(t, w.s, w.workspace, func(r store.Reader) error {
				rows, err := r.Conversations().Many([]desk.ID{c.ID, other.ID})
				equal(t, rows[c.ID].ReplyUntil, want)
				equal(t, rows[other.ID].ReplyUntil, time.Time{})
				return err
			})
		}
		reads(end)
		later := end.Add(time.Hour)
		update(t, w.s, w.workspace, func(tx store.Tx) error { // under the lock, and the writer's own copy is older
			row, err := tx.WriteConversations().Lock(c.ID)
			if err != nil {
				return err
			}
			if err := stand(tx, desk.Standing{WindowUntil: end, HumanUntil: later}); err != nil {
				return err
			}
			row.Priority, row.Version = desk.PriorityHigh, row.Version+1
			return tx.WriteConversations().Put(row)
		})
		reads(later)
		update(t, w.s, w.workspace, func(tx store.Tx) error { return stand(tx, desk.Standing{OptedOutAt: end}) })
		reads(later)
	})
}

func TestListsRefuseWhatTheyDoNotKnow(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		for range 3 {
			w.newConversation(t)
		}
		list := func(q store.ConversationQuery) (next string, err error) {
			q.Page.Limit = 1
			err = w.s.View(t.Context(), w.workspace, func(r store.Reader) (err error) {
				_, next, err = r.Conversations().List(q)
				return err
			})
			return next, err
		}
		next, err := list(store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewAll}})
		equal(t, err, nil)
		for _, cursor := range []string{"x", "!", next[:3], next + next} {
			_, err := list(store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewAll}, Page: store.Page{After: cursor}})
			wantKind(t, err, desk.KindInvalid, "cursor_invalid")
		}
		_, err = list(store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewAll}, Sort: store.SortWaiting, Page: store.Page{After: next}})
		wantKind(t, err, desk.KindInvalid, "cursor_invalid")
		_, err = list(store.ConversationQuery{ListFilter: desk.ListFilter{View: "sideways"}})
		wantKind(t, err, desk.KindInvalid, "view_invalid")
		_, err = list(store.ConversationQuery{Sort: "colour"})
		wantKind(t, err, desk.KindInvalid, "sort_invalid")
	})
}
