package sqlstore

import (
	"time"

	"madoguchi/desk"
)

type routing struct{ t *tx }

const (
	offerColumns = `id, ticket_id, conversation_id, user_id, state, made_at, until, told`

	// waitedSince is written as the index tickets_ahead has it.
	waitedSince = `(CASE WHEN wait_since > 0 THEN wait_since ELSE queued_at END)`

	queuedColumns = `id, conversation_id, channel_id, team_id, priority, ` + waitedSince + `, preferred_agent_id`

	sqlQueued     = `SELECT ` + queuedColumns + ` FROM tickets WHERE workspace_id = $1 AND status = 'queued' AND team_id = $2`
	sqlPreferring = `SELECT ` + queuedColumns + ` FROM tickets WHERE workspace_id = $1 AND status = 'queued' AND preferred_agent_id > 0
		AND preferred_agent_id IN (` + inList2 + `)`
	// Of one priority they come in the order of the index, so that those ahead are its first. What stands beside waitedSince in it
	// is for PostgreSQL, which reads an expression from an index only with its columns.
	sqlAhead = `SELECT count(*) FROM (SELECT 1 FROM tickets WHERE workspace_id = $1 AND status = 'queued' AND team_id = $2 AND priority = $3
		AND ` + waitedSince + ` <= $4 AND (` + waitedSince + ` < $4 OR id < $5) LIMIT $6) AS p`
	sqlAwaited = `SELECT id, conversation_id, team_id, assignee_id, wait_since FROM tickets WHERE workspace_id = $1 AND status = 'open'
		AND assignee_id > 0 AND wait_since > 0 AND assignee_id IN (` + inList2 + `)`
	sqlTurnList = `SELECT team_id, user_id, turn FROM team_turns WHERE workspace_id = $1`
	sqlTurnPut  = `INSERT INTO team_turns (workspace_id, team_id, user_id, turn) VALUES ($1, $2, $3, $4)
		ON CONFLICT (workspace_id, team_id, user_id) DO UPDATE SET turn = excluded.turn`
	sqlTurnsOfTeam   = `DELETE FROM team_turns WHERE workspace_id = $1 AND team_id = $2`
	sqlTurnsOfMember = `DELETE FROM team_turns WHERE workspace_id = $1 AND user_id = $2`

	sqlOfferGet  = `SELECT ` + offerColumns + ` FROM offers WHERE workspace_id = $1 AND id = $2`
	sqlOfferList = `SELECT ` + offerColumns + ` FROM offers WHERE workspace_id = $1 ORDER BY id`
	sqlOfferOf   = `SELECT ` + offerColumns + ` FROM offers WHERE workspace_id = $1 AND ticket_id = $2`
	sqlOfferPut  = `INSERT INTO offers (workspace_id, ` + offerColumns + `) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
		ON CONFLICT (workspace_id, id) DO UPDATE SET state = excluded.state, until = excluded.until, told = excluded.told`
	sqlOfferForget         = `DELETE FROM offers WHERE workspace_id = $1 AND ticket_id = $2`
	sqlOfferDrop           = `DELETE FROM offers WHERE workspace_id = $1 AND id IN (` + inList2 + `)`
	sqlOffersOfThread      = `DELETE FROM offers WHERE workspace_id = $1 AND conversation_id = $2`
	sqlTicketsFirstPending = `SELECT pending_since FROM tickets WHERE workspace_id = $1 AND status = 'pending' AND assignee_id > 0
		AND pending_since > $2 ORDER BY pending_since LIMIT 1`
)

func readOffer(r row, o *desk.Offer) error {
	return scan(r, &o.ID, &o.TicketID, &o.ConversationID, &o.UserID, &o.State, &o.MadeAt, &o.Until, &o.Told)
}

func readQueued(r row, q *desk.Queued) error {
	return scan(r, &q.TicketID, &q.ConversationID, &q.ChannelID, &q.TeamID, &q.Priority, &q.Since, &q.PreferredAgent)
}

func (s routing) Queued(teams []desk.ID) (all []desk.Queued, err error) {
	for _, team := range teams {
		these, err := list(s.t, readQueued, sqlQueued, s.t.workspace, team)
		if err != nil {
			return nil, err
		}
		all = append(all, these...)
	}
	return all, nil
}

func (s routing) Preferring(members []desk.ID) ([]desk.Queued, error) {
	return listOf(s.t, readQueued, sqlPreferring, members)
}

// listOf is list over the rows of some members, many at a time.
func listOf[T any](t *tx, read func(row, *T) error, statement string, members []desk.ID) (all []T, err error) {
	err = in(members, []any{t.workspace}, func(args []any) error {
		these, err := list(t, read, statement, args...)
		all = append(all, these...)
		return err
	})
	return all, err
}

func (s routing) Ahead(of desk.Queued, ageing bool, now time.Time, upTo int) (n int, err error) {
	for _, p := range desk.Priorities() {
		bound := of.AheadOf(p, now, ageing)
		if bound == (desk.WaitBound{}) || n == upTo {
			continue
		}
		var these int
		if _, err := s.t.value(sqlAhead, []any{s.t.workspace, of.TeamID, p, bound.Since, bound.TicketID, upTo - n}, &these); err != nil {
			return 0, err
		}
		n += these
	}
	return n, nil
}

func (s routing) Turns() (map[desk.ID]desk.Turns, error) {
	all := map[desk.ID]desk.Turns{}
	err := s.t.each(sqlTurnList, []any{s.t.workspace}, func(r row) error {
		var team, user desk.ID
		var turn int64
		if err := scan(r, &team, &user, &turn); err != nil {
			return err
		}
		if all[team] == nil {
			all[team] = desk.Turns{}
		}
		all[team][user] = turn
		return nil
	})
	return all, err
}

func (s routing) Offer(id desk.ID) (desk.Offer, error) {
	return get(s.t, "offer", readOffer, sqlOfferGet, s.t.workspace, id)
}

func (s routing) Offers() ([]desk.Offer, error) {
	return list(s.t, readOffer, sqlOfferList, s.t.workspace)
}

func (s routing) OffersOf(ticket desk.ID) ([]desk.Offer, error) {
	return list(s.t, readOffer, sqlOfferOf, s.t.workspace, ticket)
}

func readAwaited(r row, a *desk.Awaited) error {
	return scan(r, &a.TicketID, &a.ConversationID, &a.TeamID, &a.Assignee, &a.Since)
}

func (s routing) Awaited(assignees []desk.ID) ([]desk.Awaited, error) {
	return listOf(s.t, readAwaited, sqlAwaited, assignees)
}

func (s routing) FirstPending(after time.Time) (at time.Time, err error) {
	_, err = s.t.value(sqlTicketsFirstPending, []any{s.t.workspace, after}, &at)
	return at, err
}

func (s routing) SetTurn(team, user desk.ID, turn int64) error {
	return s.t.write(sqlTurnPut, s.t.workspace, team, user, turn)
}

func (s routing) PutOffer(o desk.Offer) error {
	return s.t.write(sqlOfferPut, s.t.workspace, o.ID, o.TicketID, o.ConversationID, o.UserID, o.State, o.MadeAt, o.Until, o.Told)
}

func (s routing) ForgetOffers(ticket desk.ID) error {
	return s.t.write(sqlOfferForget, s.t.workspace, ticket)
}

func (s routing) DropOffers(ids []desk.ID) error {
	return in(ids, []any{s.t.workspace}, func(args []any) error { return s.t.write(sqlOfferDrop, args...) })
}
