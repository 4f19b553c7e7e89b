package storetest_test

import (
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// Unread is what is news to the member (G2.7): theirs, in their queues or where a note named them. The list and each number
// of it agree.
func TestUnreadIsWhatConcernsTheMember(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open opener) {
		w := newWorld(t, open())
		const other desk.ID = 77
		var ours, theirs desk.ID
		var rows []desk.Conversation
		update(t, w.s, w.workspace, func(tx store.Tx) error {
			rows, ours, theirs = nil, tx.NewID(), tx.NewID()
			if err := all(tx.WriteTeams().Put(desk.Team{ID: ours, MemberIDs: []desk.ID{w.user}}), tx.WriteTeams().Put(desk.Team{ID: theirs})); err != nil {
				return err
			}
			for _, c := range []desk.Conversation{
				{Assignee: w.user}, {Assignee: w.user, TeamID: theirs, MentionedIDs: []desk.ID{w.user}}, {Assignee: w.user, Status: desk.StatusResolved},
				{}, {TeamID: ours}, {TeamID: theirs}, {TeamID: theirs, MentionedIDs: []desk.ID{other, w.user}},
				{Assignee: other, TeamID: ours}, {Assignee: other, MentionedIDs: []desk.ID{w.user}}, {Assignee: other, MentionedIDs: []desk.ID{w.user}, Status: desk.StatusResolved},
			} {
				for _, read := range []int64{0, 3} { // one with news, one that was read to the end
					row, err := w.conversation(tx, func(made *desk.Conversation) {
						made.Assignee, made.TeamID, made.MentionedIDs, made.LastInboundSeq = c.Assignee, c.TeamID, c.MentionedIDs, 3
						if c.Status != "" {
							made.Status = c.Status
						}
					})
					if err := all(err, tx.WriteConversations().PutRead(desk.Read{UserID: w.user, ConversationID: row.ID, Seq: read})); err != nil {
						return err
					}
					rows = append(rows, row)
				}
			}
			return nil
		})
		teams := []desk.ID{ours}
		unread := func(r store.Reader, v desk.View, scope desk.Scope) (news int64) {
			t.Helper()
			found, _, err := r.Conversations().List(store.ConversationQuery{ListFilter: desk.ListFilter{View: v, Unread: true}, User: w.user, UserTeams: teams, Scope: scope})
			if err != nil {
				t.Error(err)
			}
			return int64(len(found))
		}
		view(t, w.s, w.workspace, func(r store.Reader) error {
			for _, scope := range []desk.Scope{desk.ScopeAll, desk.ScopeTeam, desk.ScopeOwn} {
				got, err := r.Conversations().CountsWithin(w.user, teams, scope)
				if err != nil {
					return err
				}
				want := map[desk.Scope][4]int64{desk.ScopeAll: {6, 2, 3, 3}, desk.ScopeTeam: {4, 2, 2, 1}, desk.ScopeOwn: {4, 2, 2, 1}}[scope]
				equal(t, [4]int64{got.Unread, got.MineUnread, got.UnassignedUnread, got.MentionsUnread}, want)
				equal(t, [4]int64{unread(r, desk.ViewAll, scope), unread(r, desk.ViewMine, scope), unread(r, desk.ViewUnassigned, scope), unread(r, desk.ViewMentions, scope)}, want)
			}
			return nil
		})
	})
}
