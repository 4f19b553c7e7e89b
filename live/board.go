package live

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

// boardAnew is how long a board is believed that nothing moved: what time alone changes (a slot that a pending case held) shows
// by then.
const boardAnew = 30 * time.Second

// watchBoard begins or ends what a client asks for: the board, anew whenever it changed, at most once a second.
func (a *agent) watchBoard(open bool) {
	r := a.room
	r.mu.Lock()
	defer r.mu.Unlock()
	a.boards, a.shown = open && a.session.Monitors, nil
	if a.boards {
		r.boardStale = true
		r.keeper.poke()
	}
}

// looked are the conversations on members' screens, by member.
type looked map[desk.ID][]desk.ID

// lookedAt lists who looks at what. It holds the room's lock.
func (r *room) lookedAt() looked {
	all := looked{}
	for conversation, v := range r.views {
		for user := range v.members {
			all[user] = append(all[user], conversation)
		}
	}
	return all
}

func (l looked) conversations() []desk.ID {
	var ids []desk.ID
	for _, at := range l {
		ids = append(ids, at...)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// keepBoards tells supervisors their board if it changed: what it is made of is read once for all of them.
func (r *room) keepBoards(ctx context.Context) error {
	r.mu.Lock()
	watched := slices.ContainsFunc(r.supervisors(), func(a *agent) bool { return a.boards })
	now := r.hub.now()
	due := watched && (r.boardStale || now.Sub(r.boardAt) >= boardAnew)
	looks := r.lookedAt()
	if due {
		r.boardStale, r.boardAt = false, now
	}
	r.mu.Unlock()
	if !due {
		return nil
	}
	var floor desk.Floor
	var rows map[desk.ID]desk.Conversation
	err := r.hub.store.View(ctx, r.workspace, func(reader store.Reader) (err error) {
		if floor, err = view.ReadFloor(reader); err != nil {
			return err
		}
		rows, err = reader.Conversations().Many(looks.conversations())
		return err
	})
	r.mu.Lock()
	defer r.mu.Unlock()
	if err != nil {
		r.boardStale = true
		return fmt.Errorf("read the board: %w", err)
	}
	return r.tellBoards(floor, looks, rows)
}

// supervisors are the sockets that may watch. It holds the room's lock.
func (r *room) supervisors() []*agent {
	var all []*agent
	for a := range r.agents {
		if a.session.Monitors {
			all = append(all, a)
		}
	}
	return all
}

// tellBoards composes each board once: one for everybody who sees all, one for each member who does not.
func (r *room) tellBoards(floor desk.Floor, looks looked, rows map[desk.ID]desk.Conversation) error {
	frames := map[desk.ID][]byte{}
	for _, a := range r.supervisors() {
		if !a.boards || !a.live {
			continue
		}
		var whose desk.ID // 0 = who sees all
		if a.session.bounded() {
			whose = a.session.User
		}
		frame, made := frames[whose]
		if !made {
			board := view.BoardOf(floor.Board(a.session.User, a.session.Scope, r.hub.now()))
			looks.onto(&board, rows, a.session)
			text, err := json.Marshal(board)
			if err != nil {
				return fmt.Errorf("encode the board: %w", err)
			}
			frame = textFrame(fmt.Appendf(nil, `{"type":"board","board":%s}`, text))
			frames[whose] = frame
		}
		if !bytes.Equal(frame, a.shown) {
			a.shown = frame
			a.send(frame)
		}
	}
	return nil
}

// onto adds to the board what its members look at, as far as the supervisor sees it.
func (l looked) onto(board *view.Board, rows map[desk.ID]desk.Conversation, s Session) {
	for i := range board.Members {
		m := &board.Members[i]
		for _, id := range l[m.ID] {
			if c, there := rows[id]; there && s.sees(c) {
				m.LooksAt = append(m.LooksAt, view.BoardLook{ConversationID: id, TicketNumber: c.TicketNo})
			}
		}
		slices.SortFunc(m.LooksAt, func(a, b view.BoardLook) int { return cmp.Compare(a.ConversationID, b.ConversationID) })
	}
}
