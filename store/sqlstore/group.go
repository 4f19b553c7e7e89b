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
// on the log's head, each for the length of a flush.) The participants of a group see each other's writes; nobody hears of
// anything before the commit, and invariants are unique indexes, row locks or holds. When anything fails, the group is
// rolled back and every participant goes alone.
type committer struct {
	db       *postgresDB
	jobs     chan *job
	requests chan *request
	ended    chan *participant
}

const (
	maxGroup     = 64
	groupTimeout = time.Minute // a database that is away longer is given up
	// Two nodes' groups may wait for each other; they part soon, and their participants go alone.
	lockTimeout = `SET LOCAL lock_timeout = '250ms'`
)

// errAlone sends a participant of a group that could not be on its own way.
var errAlone = errors.New("the group was rolled back")

// participant is one update in a group; it runs in a goroutine of its own.
type participant struct {
	c       *committer
	job     *job
	tx      *tx
	err     error
	waiting []pgCall
}

// request is a participant that waits: for an answer, or for the end of another participant that holds the same conversation.
type request struct {
	participant *participant
	calls       []pgCall
	hold        *hold
	done        chan error
}

type hold struct{ workspace, conversation desk.ID }

func newCommitter(db *postgresDB) *committer {
	return &committer{db: db, jobs: make(chan *job, 1024), requests: make(chan *request), ended: make(chan *participant)}
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

// commit runs a group from begin to commit and tells its participants.
func (c *committer) commit(jobs []*job) {
	var participants []*participant
	for _, j := range jobs {
		if j.state.CompareAndSwap(jobQueued, jobTaken) {
			p := &participant{c: c, job: j}
			p.tx = newTx(c.db.store, p, j.workspace)
			participants = append(participants, p)
		}
	}
	if len(participants) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), groupTimeout)
	defer cancel()
	err := c.db.borrow(ctx, func(conn *pgx.Conn) error {
		g := &group{c: c, run: &pgRunner{ctx: ctx, conn: conn, begin: beginUpdate}, holds: map[hold]*participant{}}
		err := g.all(participants)
		if err != nil {
			g.run.rollback()
		}
		return err
	})
	if errors.Is(err, context.DeadlineExceeded) { // no connection came free: nothing was begun
		err = desk.Errorf(desk.KindUnavailable, "database_unavailable", "no connection to the database: %w", err)
	}
	for _, p := range participants {
		if err == nil {
			p.job.finish(p.err)
		} else {
			p.job.finish(err)
		}
	}
}

// group is a group being run, by its committer alone.
type group struct {
	c      *committer
	run    *pgRunner
	holds  map[hold]*participant
	live   int            // participants that have not ended
	asking []*request     // with statements for the next round trip
	queued []*request     // for a hold
	ended  []*participant // in this order
	failed error
}

func (g *group) all(participants []*participant) error {
	g.live = len(participants)
	for _, p := range participants {
		go p.live()
	}
	_ = g.run.later(lockTimeout, nil)
	for g.gather(); g.live > 0; g.gather() {
		g.roundTrip()
	}
	if g.failed != nil {
		return g.failed
	}
	var done []*tx
	for _, p := range g.ended {
		if p.err != nil && p.tx.wrote {
			return errAlone
		}
		if p.err == nil {
			done = append(done, p.tx)
		}
	}
	all, err := g.run.commit(done)
	if err != nil {
		return alone(err)
	}
	g.c.db.store.announce(all)
	return nil
}

// alone says what participants hear of a group's failure: that the database is away, that nobody knows, or to try alone.
func alone(err error) error {
	if kind := desk.KindOf(err); kind == desk.KindUncertain || kind == desk.KindUnavailable {
		return err
	}
	return errAlone
}

// gather waits until every participant has ended or waits.
func (g *group) gather() {
	for len(g.asking)+len(g.queued) < g.live {
		select {
		case q := <-g.c.requests:
			g.admit(q)
		case p := <-g.c.ended:
			g.live--
			g.ended = append(g.ended, p)
			g.run.waiting = append(g.run.waiting, p.waiting...) // before those who waited for it read
			g.release(p)
		}
	}
}

func (g *group) admit(q *request) {
	switch {
	case g.failed != nil:
		q.done <- g.failed
	case q.hold == nil:
		g.asking = append(g.asking, q)
	case g.holds[*q.hold] == nil || g.holds[*q.hold] == q.participant:
		g.holds[*q.hold] = q.participant
		q.done <- nil
	default:
		g.queued = append(g.queued, q)
	}
}

// release lets those go on who waited for a participant that ended.
func (g *group) release(p *participant) {
	for c, owner := range g.holds {
		if owner == p {
			delete(g.holds, c)
		}
	}
	queued := g.queued
	g.queued = nil
	for _, q := range queued {
		g.admit(q)
	}
}

// roundTrip sends a statement of every participant that has one. When all wait for each other's holds, the group fails.
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
func (p *participant) live() {
	p.err = errEnded
	broken := true
	defer func() {
		if fault := recover(); fault != nil {
			p.err = p.c.db.store.panicked(fault, debug.Stack())
		}
		p.tx.wrote = p.tx.wrote || broken
		p.c.ended <- p
	}()
	p.err = p.c.db.store.timed(p.tx, p.job.fn)
	broken = false
}

func (p *participant) ask(q *request) error {
	q.participant, q.done = p, make(chan error, 1)
	p.c.requests <- q
	return <-q.done
}

func (p *participant) later(sql string, args []any) error {
	p.waiting = append(p.waiting, pgCall{sql: sql, args: args})
	return nil
}

func (p *participant) call(c pgCall) error {
	calls := append(p.waiting, c)
	p.waiting = nil
	return p.ask(&request{calls: calls})
}

func (p *participant) exec(sql string, args []any) (n int64, err error) {
	err = p.call(pgCall{sql: sql, args: args, rows: &n})
	return n, err
}

func (p *participant) query(sql string, args []any, each func(row) error) error {
	return p.call(pgCall{sql: sql, args: args, each: each})
}

func (p *participant) hold(workspace, conversation desk.ID) error {
	return p.ask(&request{hold: &hold{workspace, conversation}})
}
