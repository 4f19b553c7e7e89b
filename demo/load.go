package demo

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"madoguchi/attachment"
	"madoguchi/desk"
	"madoguchi/store"
)

// errLoaded ends a transaction that found the demo data there.
var errLoaded = errors.New("demo data is loaded already")

// Load writes the demo data in one transaction and emits its events. Loading what is loaded does nothing, also when two
// load at once. Errors: "channel_not_found" when the workspace has no channel.
func Load(ctx context.Context, s store.Store, p Params) error {
	loaded, err := Loaded(ctx, s, p.Workspace)
	if err != nil || loaded {
		return err
	}
	told, err := p.texts(ctx, s)
	if err != nil {
		return fmt.Errorf("load demo data: %w", err)
	}
	pictures, err := keepPictures(ctx, p, told)
	if err != nil {
		return fmt.Errorf("load demo data: %w", err)
	}
	err = s.Update(ctx, p.Workspace, func(tx store.Tx) error {
		st := &stage{tx: tx, params: p, texts: told, pictures: pictures, now: tx.Now()}
		return st.load()
	})
	if errors.Is(err, errLoaded) {
		return nil // somebody else was first; the pictures that nobody names are swept
	}
	if err != nil {
		return fmt.Errorf("load demo data: %w", err)
	}
	return nil
}

func (p Params) texts(ctx context.Context, s store.Store) (t texts, err error) {
	if p.Locale == "" {
		err := s.View(ctx, p.Workspace, func(r store.Reader) error {
			w, err := r.Workspaces().Current()
			p.Locale = w.Locale
			return err
		})
		if err != nil {
			return t, err
		}
	}
	return textsIn(p.Locale)
}

// keepPictures stores the pictures that the stories show, before the transaction that names them.
func keepPictures(ctx context.Context, p Params, t texts) (map[string]desk.Attachment, error) {
	kept := map[string]desk.Attachment{}
	if p.Keep == nil {
		return kept, nil
	}
	for _, s := range t.Conversations {
		for _, step := range s.Thread {
			if _, done := kept[step.Image]; step.Image == "" || done {
				continue
			}
			drawn, err := picture(step.Image)
			if err != nil {
				return nil, err
			}
			a, err := p.Keep(ctx, attachment.Upload{
				Workspace: p.Workspace, Name: step.Image + ".png", MIME: "image/png", Body: bytes.NewReader(drawn),
			})
			if err != nil {
				return nil, fmt.Errorf("keep picture %s: %w", step.Image, err)
			}
			kept[step.Image] = a
		}
	}
	return kept, nil
}

// stage is a loading inside its transaction; made anew when the closure runs again.
type stage struct {
	tx       store.Tx
	params   Params
	texts    texts
	pictures map[string]desk.Attachment
	now      time.Time

	workspace desk.Workspace
	channel   desk.Channel
	people    map[string]person // by key; "me" is who loads
	teams     map[string]desk.Team
	tags      map[string]desk.ID
}

type person struct {
	id   desk.ID
	name string // as customers see it
}

func (st *stage) load() error {
	// Of two who load at once the second sees what the first wrote.
	if err := st.tx.WriteWorkspaces().Lock(); err != nil {
		return err
	}
	first, err := st.tx.WriteWorkspaces().NextTicketNumbers(len(st.texts.Conversations))
	if err != nil {
		return err
	}
	records, err := st.tx.Demo().Records()
	if err != nil {
		return err
	}
	if len(records) > 0 {
		return errLoaded
	}
	if st.workspace, err = st.tx.Workspaces().Current(); err != nil {
		return err
	}
	if st.channel, err = pickChannel(st.tx, st.params.Channel); err != nil {
		return err
	}
	for _, step := range []func() error{st.hire, st.formTeams, st.makeTags} {
		if err := step(); err != nil {
			return err
		}
	}
	stories := slices.Clone(st.texts.Conversations) // who wrote first has the lowest number
	slices.SortFunc(stories, func(a, b story) int { return cmp.Compare(b.age(), a.age()) })
	for i, story := range stories {
		if err := st.play(story, first+int64(i)); err != nil {
			return fmt.Errorf("conversation %d, %s: %w", i+1, story.Customer.Name, err)
		}
	}
	return nil
}

func (st *stage) actor() desk.Actor { return desk.Actor{Kind: desk.ActorUser, ID: st.params.By} }

func (st *stage) remember(kind store.DemoKind, id desk.ID) error {
	return st.tx.WriteDemo().Remember(store.DemoRecord{Kind: kind, ID: id})
}

// neverLeaves is how long who never signs in is at the desk: what they have stays with them (E15).
const neverLeaves = 100 * 365 * 24 * time.Hour

// atTheDesk is somebody of the demonstration, whom nobody hands anything.
func atTheDesk(user desk.ID, now time.Time) desk.Presence {
	return desk.Presence{UserID: user, Chosen: desk.Away, LeaseUntil: now.Add(neverLeaves)}
}

// welcomeFor is how long whoever loads a demonstration and was never at the desk has to come before what waits for them goes to
// somebody else (E15).
const welcomeFor = time.Hour

func (st *stage) welcome(user desk.ID) error {
	p, err := st.tx.Members().Presence(user)
	if err != nil || p.UserID != 0 {
		return err
	}
	return st.tx.WriteMembers().PutPresence(desk.Presence{UserID: user, Chosen: desk.Online, LeaseUntil: st.now.Add(welcomeFor)})
}

// hire makes the colleagues: members without a password, who never sign in.
func (st *stage) hire() error {
	st.people = map[string]person{}
	me, err := st.tx.Members().Get(st.params.By)
	if err != nil {
		return fmt.Errorf("read who loads: %w", err)
	}
	st.people["me"] = person{me.UserID, me.DisplayName}
	if me.DisplayName == "" {
		st.people["me"] = person{me.UserID, me.Name}
	}
	if err := st.welcome(me.UserID); err != nil {
		return err
	}
	for _, c := range st.texts.Colleagues {
		u := desk.User{
			ID: st.tx.NewID(), Name: c.Name, Locale: st.workspace.Locale, CreatedAt: st.now,
			Email: fmt.Sprintf("%s@%d.demo.example", c.Mailbox, st.params.Workspace),
		}
		if err := st.tx.WriteAccounts().PutUser(u); err != nil {
			return fmt.Errorf("put colleague %s: %w", c.Key, err)
		}
		m := desk.Member{UserID: u.ID, Role: c.Role, DisplayName: c.Display, Active: true, CreatedAt: st.now, UpdatedAt: st.now}
		if err := st.tx.WriteMembers().Put(m); err != nil {
			return fmt.Errorf("put colleague %s: %w", c.Key, err)
		}
		if err := st.tx.WriteMembers().PutPresence(atTheDesk(u.ID, st.now)); err != nil {
			return fmt.Errorf("put presence of colleague %s: %w", c.Key, err)
		}
		st.people[c.Key] = person{u.ID, c.Display}
		if err := st.remember(store.DemoMember, u.ID); err != nil {
			return err
		}
		st.tx.Emit(desk.Event{Kind: desk.EventMemberChanged, At: st.now, Actor: st.actor(), SubjectID: u.ID})
	}
	return nil
}

func (st *stage) formTeams() error {
	st.teams = map[string]desk.Team{}
	for _, t := range st.texts.Teams {
		team := desk.Team{ID: st.tx.NewID(), Name: t.Name, CreatedAt: st.now}
		for _, key := range t.Members {
			team.MemberIDs = append(team.MemberIDs, st.people[key].id)
		}
		if err := st.tx.WriteTeams().Put(team); err != nil {
			return fmt.Errorf("put team %s: %w", t.Key, err)
		}
		st.teams[t.Key] = team
		if err := st.remember(store.DemoTeam, team.ID); err != nil {
			return err
		}
		st.tx.Emit(desk.Event{Kind: desk.EventTeamChanged, At: st.now, Actor: st.actor(), SubjectID: team.ID})
	}
	return nil
}

// makeTags adds the tags that the desk does not have yet; one of the same name is used and stays when demo data goes.
func (st *stage) makeTags() error {
	st.tags = map[string]desk.ID{}
	known, err := st.tx.Tags().List()
	if err != nil {
		return err
	}
	byName := map[string]desk.ID{}
	for _, t := range known {
		byName[t.Name] = t.ID
	}
	for _, t := range st.texts.Tags {
		if id, ok := byName[t.Name]; ok {
			st.tags[t.Key] = id
			continue
		}
		tag := desk.Tag{ID: st.tx.NewID(), Name: t.Name, Color: t.Color, CreatedAt: st.now}
		if err := st.tx.WriteTags().Put(tag); err != nil {
			return fmt.Errorf("put tag %s: %w", t.Key, err)
		}
		st.tags[t.Key] = tag.ID
		if err := st.remember(store.DemoTag, tag.ID); err != nil {
			return err
		}
		st.tx.Emit(desk.Event{Kind: desk.EventTagChanged, At: st.now, Actor: st.actor(), SubjectID: tag.ID})
	}
	return nil
}
