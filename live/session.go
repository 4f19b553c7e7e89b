package live

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
)

// checkEvery is how often the sessions and visitors of all sockets are looked at: what ends is told by a hint and found at once; an end
// that nobody told of (another process, a lost hint) is found within 5 s all the same (J4).
const checkEvery = 4 * time.Second

// Session is who a socket of the inbox belongs to, as the API found it when the socket was asked for.
type Session struct {
	Workspace desk.ID
	User      desk.ID
	Name      string // display name: customers see it while the member types
	TokenHash string // of the session's cookie, or
	KeyHash   string // of an API key: it follows events but is nobody's presence
	Silent    bool   // may not reply (J3): customers never see them type
	Monitors  bool   // may supervise (J3): the board, others' conversations
	// Monitored writes down that the member began to watch a conversation that is somebody else's work; nil = nobody does.
	Monitored func(ctx context.Context, conversation desk.ID) error
	Scope     desk.Scope // which conversations they see (J2); "" = all
	Teams     []desk.ID  // the member's, where Scope needs them
}

// sees reports whether the socket's member sees a conversation.
func (s Session) sees(c desk.Conversation) bool { return s.Scope.Sees(s.User, s.Teams, c) }

// bounded reports whether there are conversations that the member does not see.
func (s Session) bounded() bool { return s.Scope != "" && s.Scope != desk.ScopeAll }

// roll is which sessions and keys of a workspace count, read in a few statements however many there are.
type roll struct {
	workspace desk.ID
	now       time.Time
	sessions  map[string]desk.Session
	members   map[desk.ID]desk.Member
	keys      map[string]desk.APIKey // in force
	teams     map[desk.ID][]desk.ID  // of members whose scope is bounded
}

// callRoll reads what it takes to judge the sessions of sockets.
func callRoll(r store.Reader, workspace desk.ID, now time.Time, agents []*agent) (*roll, error) {
	c := &roll{workspace: workspace, now: now, members: map[desk.ID]desk.Member{}, keys: map[string]desk.APIKey{}}
	var users []desk.ID
	asked, withKey := map[desk.ID]bool{}, false
	for _, a := range agents {
		withKey = withKey || a.session.KeyHash != ""
		if !asked[a.session.User] { // a key's is its maker
			asked[a.session.User] = true
			users = append(users, a.session.User)
		}
	}
	if withKey {
		keys, err := r.Accounts().APIKeys()
		if err != nil {
			return nil, fmt.Errorf("read API keys: %w", err)
		}
		for _, k := range keys {
			if auth.KeyAlive(k, now) {
				c.keys[k.Hash] = k
			}
		}
	}
	if len(users) == 0 {
		return c, nil
	}
	var err error
	if c.sessions, err = r.Accounts().SessionsOfMany(users); err != nil {
		return nil, fmt.Errorf("read sessions: %w", err)
	}
	if err := c.readMembers(r, users); err != nil {
		return c, err
	}
	c.teams = map[desk.ID][]desk.ID{}
	for _, user := range users {
		if (Session{Scope: c.members[user].Scope}).bounded() {
			if c.teams[user], err = r.Teams().Of(user); err != nil {
				return c, fmt.Errorf("read teams: %w", err)
			}
		}
	}
	return c, nil
}

// readMembers reads one member alone, several by the list.
func (c *roll) readMembers(r store.Reader, users []desk.ID) error {
	if len(users) == 1 {
		m, err := r.Members().Get(users[0])
		if desk.KindOf(err) == desk.KindNotFound {
			return nil
		}
		c.members[users[0]] = m
		return err
	}
	members, err := r.Members().List()
	if err != nil {
		return fmt.Errorf("read members: %w", err)
	}
	for _, m := range members {
		c.members[m.UserID] = m
	}
	return nil
}

// has reports whether a session, key or membership still counts.
func (c *roll) has(s Session) bool {
	if s.KeyHash != "" {
		_, alive := c.keys[s.KeyHash]
		return alive && c.members[s.User].Active // it dies with its maker's membership
	}
	kept, known := c.sessions[s.TokenHash]
	return known && kept.WorkspaceID == c.workspace && kept.UserID == s.User && auth.SessionAlive(kept, c.now) && c.members[s.User].Active
}

// silences reports whether a session that counts may not reply any more.
func (c *roll) silences(s Session) bool {
	return s.KeyHash == "" && !c.can(s, auth.ConversationReply)
}

// monitors reports whether a session that counts may supervise.
func (c *roll) monitors(s Session) bool { return c.can(s, auth.ConversationMonitor) }

// can reports whether a session that counts has a permission, a key's only while its maker has it as well. What is granted to
// everybody with a role is not looked at: the matrix leaves open none of what sockets ask for.
func (c *roll) can(s Session, p auth.Permission) bool {
	if s.KeyHash != "" && !auth.KeyCan(c.keys[s.KeyHash], p) {
		return false
	}
	return auth.Of(desk.Workspace{}, c.members[s.User]).Can(p)
}

// recheck asks the keeper to look at somebody's sockets at once; when it has too much to do, its round finds them.
func (r *room) recheck(w whisper) {
	select {
	case r.checks <- w:
	default:
	}
}

// check looks at the sockets of one visitor or one user; of user 0 those of API keys.
func (r *room) check(ctx context.Context, w whisper) error {
	if w.Visitor != 0 {
		return r.checkVisitors(ctx, func(v *visitor) bool { return v.record.ID == w.Visitor })
	}
	return r.endDead(ctx, func(s Session) bool { return s.User == w.User || w.User == 0 && s.KeyHash != "" })
}

// checkSessions looks at the sockets of everybody.
func (r *room) checkSessions(ctx context.Context) error {
	return errors.Join(
		r.endDead(ctx, func(Session) bool { return true }),
		r.checkVisitors(ctx, func(*visitor) bool { return true }),
	)
}

// endDead closes those of some sockets that nobody is signed in at any more, and silences those who may not reply.
func (r *room) endDead(ctx context.Context, some func(Session) bool) error {
	var agents []*agent
	r.mu.Lock()
	for a := range r.agents {
		if some(a.session) {
			agents = append(agents, a)
		}
	}
	r.mu.Unlock()
	if len(agents) == 0 {
		return nil
	}
	var present *roll
	err := r.hub.store.View(ctx, r.workspace, func(reader store.Reader) (err error) {
		present, err = callRoll(reader, r.workspace, r.hub.now(), agents)
		return err
	})
	if err != nil {
		return err
	}
	for _, a := range agents {
		if !present.has(a.session) {
			a.end(closeNotAllowed, byeFrame("signed_out"))
			continue
		}
		a.silent.Store(present.silences(a.session))
		r.supervise(a, present.monitors(a.session))
		member := present.members[a.session.User]
		scope := member.Scope
		if a.session.KeyHash != "" {
			scope = auth.KeyScope(member)
		}
		r.bound(a, scope, present.teams[a.session.User])
	}
	return nil
}

// supervise lets a socket watch the board, or no more.
func (r *room) supervise(a *agent, may bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	a.session.Monitors = may
	a.boards = a.boards && may
}

// bound gives a socket its member's scope. One that changed makes the client read its lists again.
func (r *room) bound(a *agent, scope desk.Scope, teams []desk.ID) {
	r.mu.Lock()
	defer r.mu.Unlock()
	was := a.session
	is := was
	is.Scope, is.Teams = scope, teams
	if !was.bounded() && !is.bounded() || was.Scope == is.Scope && slices.Equal(was.Teams, is.Teams) {
		return
	}
	a.session.Scope, a.session.Teams = scope, teams
	a.viewing = 0 // what is looked at is asked for again
	r.boardStale = true
	r.counted.forget(is.User)
	r.counted.doubt(is.User)
	r.keeper.poke()
	if a.live {
		a.send(positionFrame("reset", r.pos), positionFrame("ready", r.pos))
	}
}
