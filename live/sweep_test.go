package live

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

// makers are the functions that make frames, and of which type. A new one is added here together with what the sweep does to have its
// frames sent; those of members' sockets have to come in it.
var makers = map[string][]string{
	"encodeFrame": nil, "patch.frame": {"patch"}, "patch.encode": {"patch"}, "patch.encodeBare": {"patch"},
	"positionFrame": {"ready", "reset"}, "byeFrame": nil, "beatFrame": nil, // positions of the log and codes: nothing of a conversation
	"room.tellBoards": {"board"}, "room.tellCounts": {"patch"}, "room.tellSaved": {"saved"}, "watched.frame": {"viewing"},
	// The customer's own:
	"hydration.message": nil, "hydration.memberRead": nil, "room.tellCustomer": nil, "openFrame": nil, "Hub.customerPage": nil, "visitor.catchUp": nil,
}

// outside is what members hear of an event about a conversation that is outside of their scope.
type outside int

const (
	nothing   outside = iota
	leaves            // that its row is to go from the screen
	without           // what is everybody's, without the conversation
	unrelated         // the event is about no conversation
)

// eventKinds are all there are. A new kind is added here.
var eventKinds = map[desk.EventKind]outside{
	desk.EventMessageCreated: nothing, desk.EventMessageChanged: nothing, desk.EventConversationCreated: nothing, desk.EventMonitored: nothing,
	desk.EventTicketCreated: leaves, desk.EventTicketChanged: leaves, desk.EventTicketMerged: nothing, desk.EventTicketSplit: nothing,
	desk.EventTicketDeleted: nothing, desk.EventConversationRead: nothing, desk.EventCustomerRead: nothing, desk.EventDraftChanged: nothing,
	desk.EventScheduledChanged: nothing, desk.EventReminderChanged: nothing, desk.EventOfferChanged: nothing, desk.EventSurveyChanged: nothing,
	desk.EventSurveyWanted: nothing, desk.EventSLAChanged: nothing, desk.EventSLAWarned: nothing, desk.EventSLABreached: nothing,
	desk.EventContactCreated: without, desk.EventContactChanged: without, desk.EventContactNoteChanged: without, desk.EventIdentityBlocked: without,
	desk.EventIdentityUnblocked: without, desk.EventIdentityOptedOut: without, desk.EventIdentityOptedIn: without, desk.EventOptOutDismissed: without,
	desk.EventConversationDeleted: unrelated, desk.EventContactDeleted: unrelated, desk.EventFieldChanged: unrelated, desk.EventExportRequested: unrelated,
	desk.EventExportEnded: unrelated, desk.EventExportDownloaded: unrelated, desk.EventAvailabilityChanged: unrelated, desk.EventCustomAvailability: unrelated,
	desk.EventMemberChanged: unrelated, desk.EventTeamChanged: unrelated, desk.EventTagChanged: unrelated, desk.EventChannelChanged: unrelated,
	desk.EventNotified: unrelated, desk.EventScheduleChanged: unrelated, desk.EventWorkspaceChanged: unrelated, desk.EventBrandChanged: unrelated,
	desk.EventCannedReplyChanged: unrelated, desk.EventSavedViewChanged: unrelated, desk.EventRoutingChanged: unrelated,
	desk.EventSLAPolicyChanged: unrelated, desk.EventVisitorTracked: unrelated, desk.EventMacroChanged: unrelated, desk.EventTriggerChanged: unrelated,
}

// J2: whatever a hub can send, nobody hears of a conversation that is outside of their scope: one who never had it in theirs, one whose
// scope or teams changed while their tab was open, and tabs of theirs that catch up on this node and on another.
func TestNoFrameLeavesTheScope(t *testing.T) {
	t.Run("kinds", theSweepKnowsAllKinds)
	for name, scope := range map[string]desk.Scope{"own": desk.ScopeOwn, "team": desk.ScopeTeam} {
		t.Run(name, func(t *testing.T) {
			inBubble(t, 4, func(t *testing.T, o *office) { newSweep(o, scope).run() })
		})
	}
}

const secret = "ここだけの話"

// sweep is a desk whose third agent holds a case in a team of their own.
type sweep struct {
	*office
	scope  desk.Scope
	theirs desk.ID // the team
	hidden desk.Conversation
	said   desk.Message
	view   desk.ID // a saved view of everything
	start  int64
}

const (
	moved  = iota // has the case in their scope, until they have not
	bound         // never has
	holder        // has the case
	free          // sees everything
)

func newSweep(o *office, scope desk.Scope) *sweep {
	s := &sweep{office: o, scope: scope, start: o.head(), view: o.keep(desk.SavedView{})}
	o.update(func(tx store.Tx) error {
		s.theirs = tx.NewID()
		for i := range o.agents {
			m, err := tx.Members().Get(o.agents[i].User)
			if err != nil {
				return err
			}
			m.Role = desk.RoleSupervisor
			if i == bound {
				m.Scope = scope
			}
			if err := tx.WriteMembers().Put(m); err != nil {
				return err
			}
		}
		return tx.WriteTeams().Put(desk.Team{ID: s.theirs, Name: "別", MemberIDs: []desk.ID{o.agents[holder].User}})
	})
	row := o.writes("v", secret)
	if _, err := o.inbox.Transfer(o.t.Context(), o.agents[holder], row.TicketID, inbox.Transfer{Team: s.theirs, Assignee: o.agents[holder].User}); err != nil {
		o.t.Fatal(err)
	}
	s.said = o.answers(holder, row.ID, inbox.ModeNote, secret)
	o.writes("w", "for all")
	o.view(func(r store.Reader) (err error) {
		s.hidden, err = r.Conversations().Get(row.ID)
		return err
	})
	return s
}

func (s *sweep) run() {
	all, never, late := s.tab(free, desk.ScopeAll), s.tab(bound, s.scope), s.tab(moved, desk.ScopeAll)
	s.happens()
	s.hears("who sees all", all.heardNow())
	s.hears("before their scope is narrowed", late.heardNow())
	s.hearsNothing("who never had it", never.heardNow())

	s.give(desk.ScopeTeam, s.scope == desk.ScopeTeam) // in the team, the case stays in their scope
	if s.scope == desk.ScopeTeam {
		s.looks(late)
		late.heardNow()
		s.happens()
		s.hears("while they are of its team", late.heardNow())
	}
	s.give(s.scope, false)
	s.looks(late) // by its id
	late.heardNow()
	s.happens()
	s.hearsNothing("after it left their scope", late.heardNow())
	again := s.session(moved)
	again.Scope, again.Teams = s.scope, []desk.ID{s.team}
	for where, h := range map[string]*Hub{"this node": s.hub, "another node": s.newHub()} {
		c := s.sits(h, again)
		c.say(`{"type":"hello","seq":%d}`, s.start)
		s.hearsNothing("a tab that catches up at "+where, c.heardNow())
	}

	s.give(desk.ScopeAll, false)
	s.looks(late)
	late.heardNow()
	s.happens()
	s.hears("after their scope was widened", late.heardNow())
}

// tab is one with everything open that can be, the case's thread among it.
func (s *sweep) tab(agent int, scope desk.Scope) *tab {
	session := s.session(agent)
	session.Scope, session.Monitors = scope, true
	if session.bounded() {
		session.Teams = []desk.ID{s.team}
	}
	c := s.sits(s.hub, session).hello(s.start)
	c.say(`{"type":"board","open":true}`)
	c.shows([]desk.ID{s.view})
	s.looks(c)
	if agent != bound {
		c.heardNow()
	}
	return c
}

func (s *sweep) looks(c *tab) {
	c.say(`{"type":"view","conversation_id":%d,"mode":"note"}`, s.hidden.ID)
	synctest.Wait()
}

// give changes what the first agent sees, and waits until their tabs know.
func (s *sweep) give(scope desk.Scope, member bool) {
	user := s.agents[moved].User
	s.update(func(tx store.Tx) error {
		t, err := tx.Teams().Get(s.theirs)
		if err != nil {
			return err
		}
		t.MemberIDs = slices.DeleteFunc(t.MemberIDs, func(id desk.ID) bool { return id == user })
		if member {
			t.MemberIDs = append(t.MemberIDs, user)
		}
		tx.Emit(desk.Event{Kind: desk.EventTeamChanged, At: tx.Now(), SubjectID: t.ID})
		return tx.WriteTeams().Put(t)
	})
	s.office.scope(moved, scope)
	s.settle()
}

func (s *sweep) settle() {
	time.Sleep(6 * time.Second) // boards and counts come at intervals, sessions are looked at within five seconds (J4)
	synctest.Wait()
}

// happens has everything happen that can be told of the case: each kind of event, its customer and its holder at the keyboard, and what
// moves counts, boards and saved views.
func (s *sweep) happens() {
	s.t.Helper()
	desks := s.sits(s.hub, s.session(holder)).hello(0)
	s.looks(desks)
	desks.say(`{"type":"view","conversation_id":%d,"typing":true,"mode":"reply"}`, s.hidden.ID)
	s.update(func(tx store.Tx) error {
		for _, kind := range slices.Sorted(maps.Keys(eventKinds)) {
			tx.Emit(s.event(tx, kind))
		}
		return nil
	})
	s.writes("v", secret)
	s.writes(fmt.Sprint("x", s.head()), "for all")
	s.settle()
	desks.leave()
	s.settle()
}

// event is one of a kind about the case; what is a member's own is its holder's.
func (s *sweep) event(tx store.Tx, kind desk.EventKind) desk.Event {
	e := desk.Event{Kind: kind, At: tx.Now(), Actor: s.agents[holder].By}
	switch eventKinds[kind] {
	case unrelated:
		e.SubjectID = tx.NewID() // of what is gone
		if kind == desk.EventSavedViewChanged || kind == desk.EventNotified {
			e.UserID = s.agents[holder].User
		}
		return e
	case without:
		e.SubjectID = s.hidden.ContactID
		return e
	}
	e.ConversationID, e.TicketID, e.SubjectID = s.hidden.ID, s.hidden.TicketID, s.hidden.TicketID
	e.MessageID, e.MessageSeq = s.said.ID, s.said.Seq
	switch kind {
	case desk.EventConversationRead, desk.EventDraftChanged, desk.EventReminderChanged, desk.EventOfferChanged, desk.EventMonitored:
		e.UserID = s.agents[holder].User
	}
	return e
}

// ids finds those that a frame names, one or several.
var ids = regexp.MustCompile(`"(?:[a-z_]*_)?id":(\d+)`)

// names reports whether a frame says anything of the case.
func (s *sweep) names(f heard) bool {
	return strings.Contains(f.raw, secret) || slices.ContainsFunc(ids.FindAllStringSubmatch(f.raw, -1), func(found []string) bool {
		return slices.Contains([]string{s.hidden.ID.String(), s.hidden.TicketID.String(), s.said.ID.String()}, found[1])
	})
}

// hearsNothing checks that frames name the case only to have its row gone.
func (s *sweep) hearsNothing(who string, frames []heard) {
	s.t.Helper()
	heardKinds := map[desk.EventKind]int{}
	for _, f := range frames {
		heardKinds[f.Kind]++
		gone := fmt.Sprintf(`{"type":"patch","seq":%d,"kind":"conversation.deleted","subject_id":%s}`, f.Seq, s.hidden.ID)
		if s.names(f) && f.raw != gone {
			s.t.Errorf("%s: heard %s", who, f.raw)
		}
		if what, known := eventKinds[f.Kind]; known && what == nothing && f.Conversation == nil {
			s.t.Errorf("%s: heard %s", who, f.raw)
		}
	}
	if len(frames) == 0 || heardKinds[desk.EventTagChanged] == 0 || heardKinds[desk.EventContactChanged] == 0 || heardKinds[desk.EventConversationDeleted] == 0 {
		s.t.Errorf("%s: did not hear what is everybody's: %v", who, heardKinds)
	}
}

// hears checks that each type of frame came, and that the case was told of by all kinds of events but those that are others' own.
func (s *sweep) hears(who string, frames []heard) {
	s.t.Helper()
	types, told := map[string]bool{}, map[desk.EventKind]bool{}
	for _, f := range frames {
		types[f.Type] = true
		told[f.Kind] = told[f.Kind] || s.names(f)
		if f.Type == "viewing" && f.ID == s.hidden.ID {
			told["viewing"] = true
		}
	}
	own := []desk.EventKind{desk.EventConversationRead, desk.EventDraftChanged, desk.EventReminderChanged, desk.EventOfferChanged, desk.EventMonitored}
	for kind, what := range eventKinds {
		if what != unrelated && !slices.Contains(own, kind) && !told[kind] {
			s.t.Errorf("%s: did not hear of the case by %s", who, kind)
		}
	}
	if !told["viewing"] {
		s.t.Errorf("%s: did not hear who looks at it", who)
	}
	for _, made := range makers {
		for _, one := range made {
			if one != "ready" && one != "reset" && !types[one] {
				s.t.Errorf("%s: no frame of type %s came", who, one)
			}
		}
	}
}

// theSweepKnowsAllKinds holds the tables against the source.
func theSweepKnowsAllKinds(t *testing.T) {
	t.Parallel()
	var kinds []string
	for _, file := range parsed(t, "../desk", "event.go") {
		ast.Inspect(file, func(n ast.Node) bool {
			if v, ok := n.(*ast.ValueSpec); ok && len(v.Values) == 1 {
				if typed, ok := v.Type.(*ast.Ident); ok && typed.Name == "EventKind" {
					text, err := strconv.Unquote(v.Values[0].(*ast.BasicLit).Value)
					if err != nil {
						t.Fatal(err)
					}
					kinds = append(kinds, text)
				}
			}
			return true
		})
	}
	known := make([]string, 0, len(eventKinds))
	for kind := range eventKinds {
		known = append(known, string(kind))
	}
	compare(t, "kinds of events", kinds, known)

	found := map[string]bool{}
	for _, file := range parsed(t, ".", "") {
		for _, d := range file.Decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok {
				continue
			}
			ast.Inspect(f, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					if to, ok := call.Fun.(*ast.Ident); ok && (to.Name == "textFrame" || to.Name == "encodeFrame") {
						found[nameOf(f)] = true
					}
				}
				return true
			})
		}
	}
	compare(t, "functions that make frames", slices.Collect(maps.Keys(found)), slices.Collect(maps.Keys(makers)))
}

func compare(t *testing.T, what string, source, table []string) {
	t.Helper()
	slices.Sort(source)
	slices.Sort(table)
	if len(source) < 10 || !slices.Equal(source, table) {
		t.Errorf("%s: the source has\n  %q, the sweep\n  %q", what, source, table)
	}
}

// nameOf is a function's name, of a method with its receiver's.
func nameOf(f *ast.FuncDecl) string {
	if f.Recv == nil {
		return f.Name.Name
	}
	of := f.Recv.List[0].Type
	if pointer, ok := of.(*ast.StarExpr); ok {
		of = pointer.X
	}
	return of.(*ast.Ident).Name + "." + f.Name.Name
}

// parsed are the files of a folder, or the one that is named, without tests.
func parsed(t *testing.T, folder, only string) map[string]*ast.File {
	t.Helper()
	packages, err := parser.ParseDir(token.NewFileSet(), folder, func(f fs.FileInfo) bool {
		return !strings.HasSuffix(f.Name(), "_test.go") && (only == "" || f.Name() == only)
	}, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range packages {
		return p.Files
	}
	return nil
}
