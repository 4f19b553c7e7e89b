package sqlstore

import (
	"context"
	"errors"
	"runtime/debug"
	"time"

	"github.com/jackc/pgx/v5"

	"madoguchi/desk"
)

// committer commits the updates of some workspaces in groups on PostgreSQL: those that wait share one transaction and
// one flush, and their statements travel together, one round trip for all of them. (In a transaction each they would take turns
// on the log's head, each for the length of a flush.) The members of a group see each other's writes; nobody hears of
// anything before the commit, and invariants are unique indexes, row locks or claims. When anything fails, the group is
// rolled back and every member goes alone.
type committer struct {
	db       *postgresDB
	jobs     chan *job
	requests chan *request
	ended    chan *member
}

const (
	maxGroup     = 64
	groupTimeout = time.Minute // a database that is away longer is given up
	// Two nodes' groups may wait for each other; they part soon, and their members go alone.
	lockTimeout = `SET LOCAL lock_timeout = '250ms'`
)

// errAlone sends a member of a group that could not be on its own way.
var errAlone = errors.New("the group was rolled back")

// member is one update in a group; it runs in a goroutine of its own.
type member struct {
	c       *committer
	job     *job
	tx      *tx
	err     error
	waiting []pgCall
}

// request is a member that waits: for an answer, or for the end of another member that claims the same conversation.
type request struct {
	member *member
	calls  []pgCall
	claim  *claim
	done   chan error
}

type claim struct{ workspace, conversation desk.ID }

func newCommitter(db *postgresDB) *committer {
	return &committer{db: db, jobs: make(chan *job, 1024), requests: make(chan *request), ended: make(chan *member)}
}

// work takes what waits until the store closes.
func (c *committer) work(closing <-chan struct{}) {
	for {
		select {
		case j := <-c.jobs:
			jobs := []*job{j}
			for len(jobs) < maxGroup && len(c.jobs) > 0 {
				jobs = append(jobs, <-c.jobs)
			}
			c.commit(jobs)
		case <-closing:
			return
		}
	}
}

// commit runs a group from begin to commit and tells its members.
func (c *committer) commit(jobs []*job) {
	var members []*member
	for _, j := range jobs {
		if j.state.CompareAndSwap(jobQueued, jobTaken) {
			m := &member{c: c, job: j}
			m.tx = newTx(c.db.store, m, j.workspace)
			members = append(members, m)
		}
	}
	if len(members) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), groupTimeout)
	defer cancel()
	err := c.db.borrow(ctx, func(conn *pgx.Conn) error {
		g := &group{c: c, run: &pgRunner{ctx: ctx, conn: conn, begin: beginUpdate}, claims: map[claim]*member{}}
		err := g.all(members)
		if err != nil {
			g.run.rollback()
		}
		return err
	})
	if errors.Is(err, context.DeadlineExceeded) { // no connection came free: nothing was begun
		err = desk.Errorf(desk.KindUnavailable, "database_unavailable", "no connection to the database: %w", err)
	}
	for _, m := range members {
		if err == nil {
			m.job.finish(m.err)
		} else {
			m.job.finish(err)
		}
	}
}

// group is a group being run, by its committer alone.
type group struct {
	c      *committer
	run    *pgRunner
	claims map[claim]*member
	live   int        // members that have not ended
	asking []*request // with statements for the next round trip
	queued []*request // for a claim
	ended  []*member  // in this order
	failed error
}

func (g *group) all(members []*member) error {
	g.live = len(members)
	for _, m := range members {
		go m.live()
	}
	_ = g.run.later(lockTimeout, nil)
	for g.gather(); g.live > 0; g.gather() {
		g.roundTrip()
	}
	if g.failed != nil {
		return g.failed
	}
	var done []*tx
	for _, m := range g.ended {
		if m.err != nil && m.tx.wrote {
			return errAlone
		}
		if m.err == nil {
			done = append(done, m.tx)
		}
	}
	all, err := g.run.commit(done)
	if err != nil {
		return alone(err)
	}
	g.c.db.store.announce(all)
	return nil
}

// alone says what members hear of a group's failure: that the database is away, that nobody knows, or to try alone.
func alone(err error) error {
	if kind := desk.KindOf(err); kind == desk.KindUncertain || kind == desk.KindUnavailable {
		return err
	}
	return errAlone
}

// gather waits until every member has ended or waits.
func (g *group) gather() {
	for len(g.asking)+len(g.queued) < g.live {
		select {
		case q := <-g.c.requests:
			g.take(q)
		case m := <-g.c.ended:
			g.live--
			g.ended = append(g.ended, m)
			g.run.waiting = append(g.run.waiting, m.waiting...) // before those who waited for it read
			g.release(m)
		}
	}
}

func (g *group) take(q *request) {
	switch {
	case g.failed != nil:
		q.done <- g.failed
	case q.claim == nil:
		g.asking = append(g.asking, q)
	case g.claims[*q.claim] == nil || g.claims[*q.claim] == q.member:
		g.claims[*q.claim] = q.member
		q.done <- nil
	default:
		g.queued = append(g.queued, q)
	}
}

// release lets those go on who waited for a member that ended.
func (g *group) release(m *member) {
	for c, owner := range g.claims {
		if owner == m {
			delete(g.claims, c)
		}
	}
	queued := g.queued
	g.queued = nil
	for _, q := range queued {
		g.take(q)
	}
}

// roundTrip sends a statement of every member that has one. When all wait for each other's claims, the group fails.
func (g *group) roundTrip() {
	err := errAlone
	if len(g.asking) > 0 {
		var calls []pgCall
		for _, q := range g.asking {
			calls = append(calls, q.calls...)
		}
		err = translatePostgres(g.run.send(calls...))
	}
	asking := g.asking
	g.asking = nil
	if err != nil {
		g.failed = alone(err)
		asking = append(asking, g.queued...)
		g.queued = nil
	}
	for _, q := range asking {
		q.done <- err
	}
}

// live runs the update's function to its end, which may be a panic or the end of the goroutine.
func (m *member) live() {
	m.err = errEnded
	broken := true
	defer func() {
		if p := recover(); p != nil {
			m.err = m.c.db.store.panicked(p, debug.Stack())
		}
		m.tx.wrote = m.tx.wrote || broken
		m.c.ended <- m
	}()
	m.err = m.c.db.store.timed(m.tx, m.job.fn)
	broken = false
}

func (m *member) ask(q *request) error {
	q.member, q.done = m, make(chan error, 1)
	m.c.requests <- q
	return <-q.done
}

func (m *member) later(sql string, args []any) error {
	m.waiting = append(m.waiting, pgCall{sql: sql, args: args})
	return nil
}

func (m *member) call(c pgCall) error {
	calls := append(m.waiting, c)
	m.waiting = nil
	return m.ask(&request{calls: calls})
}

func (m *member) exec(sql string, args []any) (n int64, err error) {
	err = m.call(pgCall{sql: sql, args: args, rows: &n})
	return n, err
}

func (m *member) query(sql string, args []any, each func(row) error) error {
	return m.call(pgCall{sql: sql, args: args, each: each})
}

func (m *member) claim(workspace, conversation desk.ID) error {
	return m.ask(&request{claim: &claim{workspace, conversation}})
}
