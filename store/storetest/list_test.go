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

func naiveView(q store.ConversationQuery, c desk.Conversation) bool {
	open := c.Status != desk.StatusResolved
	return map[desk.View]bool{
		desk.ViewMine: open && c.Assignee == q.User, desk.ViewUnassigned: open && c.Assignee == 0, desk.ViewAll: open, desk.ViewWaiting: c.Waiting(),
		desk.ViewReplied: open && !c.Waiting(), desk.ViewSnoozed: c.Status == desk.StatusSnoozed, desk.ViewResolved: !open, desk.ViewTeam: open && c.TeamID == q.TeamID,
		desk.ViewMentions: slices.Contains(c.MentionedIDs, q.User), desk.ViewFailed: open && c.Preview.Failed, desk.ViewBlocked: c.Blocked,
	}[q.View]
}

func naiveFilters(q store.ConversationQuery, c desk.Conversation, read int64) bool {
	tagged := len(q.Tags) == 0
	for _, tag := range c.TagIDs {
		tagged = tagged || slices.Contains(q.Tags, tag)
	}
	known := map[bool]desk.Acquaintance{false: desk.AcquaintanceNew, true: desk.AcquaintanceExisting}[c.Existing]
	return tagged && (len(q.Languages) == 0 || slices.Contains(q.Languages, c.Language)) && (len(q.Acquaintances) == 0 || slices.Contains(q.Acquaintances, known)) &&
		(!q.Attachment || c.Attached) && (len(q.Channels) == 0 || slices.Contains(q.Channels, c.ChannelID)) && (len(q.Statuses) == 0 || slices.Contains(q.Statuses, c.Status)) &&
		(len(q.Assignees) == 0 || slices.Contains(q.Assignees, c.Assignee)) && (len(q.Teams) == 0 || slices.Contains(q.Teams, c.TeamID)) &&
		(len(q.Priorities) == 0 || slices.Contains(q.Priorities, c.Priority)) && (!q.Unread || c.LastInboundSeq > read && naiveNews(q, c)) &&
		(q.Since.IsZero() || !c.LastActivityAt.Before(q.Since)) && (q.Until.IsZero() || c.LastActivityAt.Before(q.Until))
}

// naiveNews says whose a conversation's news is (G2.7).
func naiveNews(q store.ConversationQuery, c desk.Conversation) bool {
	waits := c.Assignee == 0 && (c.TeamID == 0 || slices.Contains(q.UserTeams, c.TeamID))
	return c.Status != desk.StatusResolved && (waits || c.Assignee == q.User || slices.Contains(c.MentionedIDs, q.User))
}

// keyOf is what a list orders by, ascending (G1.5): what has both sorts of rows shows the unresolved ones first.
func keyOf(q store.ConversationQuery, c desk.Conversation, now time.Time) []int64 {
	if q.View.Spans() && c.Status == desk.StatusResolved {
		return append([]int64{1}, sortKey(q.Sort, c, now)...)
	}
	return append([]int64{0}, sortKey(q.Sort, c, now)...)
}

func sortKey(sort store.ConversationSort, c desk.Conversation, now time.Time) []int64 {
	activity := -c.LastActivityAt.UnixMilli()
	waiting := []int64{1, activity}
	if c.Waiting() {
		waiting = []int64{0, c.WaitSince.UnixMilli()}
	}
	switch sort {
	case store.SortWaiting:
		return waiting
	case store.SortPriority:
		return append([]int64{int64(-c.Priority.Rank())}, waiting...)
	case store.SortSLA:
		if c.SLA.Due.IsZero() {
			return []int64{1, activity}
		}
		return []int64{0, c.SLA.Due.UnixMilli()}
	case store.SortWindow:
		switch until := c.ReplyUntil.UnixMilli(); {
		case c.ReplyUntil.IsZero():
			return []int64{2, activity}
		case c.ReplyUntil.After(now):
			return []int64{0, until}
		default:
			return []int64{1, -until}
		}
	default:
		return []int64{activity}
	}
}

func naiveOrder(q store.ConversationQuery, now time.Time) func(a, b desk.Conversation) int {
	return func(a, b desk.Conversation) int {
		return cmp.Or(slices.Compare(keyOf(q, a, now), keyOf(q, b, now)), byID(a, b))
	}
}

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

func TestCountersHoldUnderConcurrentMoves(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		c := []desk.Conversation{w.newConversation(t), w.newConversation(t), w.newConversation(t)}
		together(24, func(i int) error {
			err := w.s.Update(t.Context(), w.workspace, func(tx store.Tx) error {
				row, err := tx.WriteConversations().Lock(c[i%3].ID)
				if err != nil {
					return err
				}
				row.Assignee, row.Status = desk.ID(i%5), []desk.TicketStatus{desk.StatusOpen, desk.StatusResolved}[i%2]
				return tx.WriteConversations().Put(row)
			})
			equal(t, err, nil)
			return err
		})
		view(t, w.s, w.workspace, func(r store.Reader) error {
			counts, err := r.Conversations().Counts(1, nil)
			rows, _, err2 := r.Conversations().List(store.ConversationQuery{ListFilter: desk.ListFilter{View: desk.ViewMine}, User: 1})
			equal(t, counts.Mine, int64(len(rows)))
			equal(t, counts.All+counts.Resolved, 3)
			return all(err, err2)
		})
	})
}

func TestContactsAreSearchedFolded(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			for i, name := range []string{"ﾔﾏﾀﾞ 太郎", "École", "100% off_er", "Zoë"} {
				if err := tx.WriteContacts().Put(desk.Contact{ID: desk.ID(300 + i), Name: name, Email: fmt.Sprintf("C%d@example.jp", i), Version: 1}); err != nil {
					return err
				}
			}
			return nil
		})
		for text, want := range map[string][]desk.ID{"ヤマダ": {300}, "école": {301}, "0% o": {302}, "f_e": {302}, "o_e": {}, "ZOË": {303}, "c3@EXAMPLE": {303}, "": {303, 302, 301, 300}} {
			got := []desk.ID{}
			q := store.ContactQuery{Text: text, Page: store.Page{Limit: 3}}
			for {
				view(t, w.s, w.workspace, func(r store.Reader) error {
					rows, next, err := r.Contacts().List(q)
					for _, c := range rows {
						got = append(got, c.ID)
					}
					q.Page.After = next
					return err
				})
				if q.Page.After == "" {
					break
				}
			}
			equal(t, got, want)
		}
	})
}

func TestAnIdentityMovesWithItsConversationAndTickets(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		c, target := w.newConversation(t), w.newConversation(t)
		var ticket desk.Ticket
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			ticket = desk.OpenTicket(tx.NewID(), 1, c, 0, tx.Now())
			return all(tx.WriteTickets().Put(ticket), tx.WriteMessages().Add(w.message(tx, c.ID, "before")),
				tx.WriteContacts().MoveIdentity(c.IdentityID, target.ContactID), tx.WriteMessages().Add(w.message(tx, c.ID, "after")),
				tx.WriteContacts().Delete(c.ContactID))
		})
		view(t, w.s, w.workspace, func(r store.Reader) error {
			row, err := r.Conversations().Get(c.ID)
			equal(t, row.ContactID, target.ContactID)
			got, err2 := r.Tickets().Get(ticket.ID)
			equal(t, got.ContactID, target.ContactID)
			identities, err3 := r.Contacts().Identities(target.ContactID)
			of, err4 := r.Contacts().IdentitiesOf([]desk.ID{target.ContactID, 1})
			if err4 != nil || len(of) != 1 || !slices.Equal(of[target.ContactID], identities) {
				t.Errorf("IdentitiesOf = %v %v, want those of Identities %v", of, err4, identities)
			}
			equal(t, len(identities), 2)
			both, err4 := r.Conversations().OfContact(target.ContactID)
			equal(t, len(both), 2)
			_, gone := r.Contacts().Get(c.ContactID)
			wantKind(t, gone, desk.KindNotFound, "contact_not_found")
			return all(err, err2, err3, err4)
		})
	})
}
