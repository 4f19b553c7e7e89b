package account

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"strings"

	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
)

// SetupParams describe a workspace to make.
type SetupParams struct {
	Workspace string
	Name      string // of the owner, "" = from the address
	Email     string
	Password  string // "" = one is made
	Locale    desk.Locale
	Zone      string // IANA
	// Further makes a second, third … workspace on a server that has users. Otherwise set-up runs once: "setup_done".
	Further bool
	// APIKey makes a key for administration as well.
	APIKey bool
}

// SetupResult is what a set-up made.
type SetupResult struct {
	WorkspaceID desk.ID
	User        desk.User
	ChannelID   desk.ID
	Account     string // the web chat channel's public key
	APIKey      string // shown once, "" unless asked for
	Password    string // where one was made
}

// firstWorkspace is the id of the workspace that the first set-up makes. That it is always the same makes two set-ups
// that race meet in one row: the second waits for the first, then finds its user.
const firstWorkspace desk.ID = 1

// SetupNeeded reports whether the server is new: nobody can sign in yet.
func (s *Service) SetupNeeded(ctx context.Context) (needed bool, err error) {
	err = s.store.View(ctx, 0, func(r store.Reader) error {
		any, err := r.Accounts().AnyUser()
		needed = !any
		return err
	})
	return needed, err
}

// Setup makes a workspace with its owner, brand, team of everybody and first web chat channel. An owner who exists
// already (Further) keeps their name and password.
func (s *Service) Setup(ctx context.Context, p SetupParams) (SetupResult, error) {
	if err := p.check(); err != nil {
		return SetupResult{}, err
	}
	if !p.Further {
		// An early look, so that a stranger cannot make a set-up server hash passwords.
		if needed, err := s.SetupNeeded(ctx); err != nil || !needed {
			return SetupResult{}, orElse(err, setupDone())
		}
	}
	made := ""
	if p.Password == "" {
		made = NewPassword()
		p.Password = made
	}
	hash, err := s.passwords.Hash(ctx, p.Password)
	if err != nil {
		return SetupResult{}, err
	}
	workspace, err := s.pickWorkspace(ctx, p)
	if err != nil {
		return SetupResult{}, err
	}
	return store.Result(ctx, s.store, workspace, func(tx store.Tx) (SetupResult, error) {
		result := SetupResult{WorkspaceID: workspace, Password: made}
		err := setUp(tx, p, hash, &result)
		return result, err
	})
}

func (p *SetupParams) check() (err error) {
	if p.Email, err = checkEmail(p.Email); err != nil {
		return err
	}
	if p.Workspace, err = checkName("workspace", p.Workspace); err != nil {
		return err
	}
	if p.Name, err = checkName("name", nameOf(p.Name, p.Email)); err != nil {
		return err
	}
	if err := locale.Check("locale", p.Locale); err != nil {
		return err
	}
	if p.Password != "" {
		if err := auth.CheckNewPassword(p.Password); err != nil {
			return err
		}
	}
	return checkZone(p.Zone)
}

// pickWorkspace draws the id of a further workspace.
func (s *Service) pickWorkspace(ctx context.Context, p SetupParams) (desk.ID, error) {
	if !p.Further {
		return firstWorkspace, nil
	}
	needed, err := s.SetupNeeded(ctx)
	if err != nil || needed {
		return firstWorkspace, err
	}
	return store.Result(ctx, s.store, 0, func(tx store.Tx) (desk.ID, error) { return tx.NewID(), nil })
}

func setUp(tx store.Tx, p SetupParams, hash string, result *SetupResult) error {
	now := tx.Now()
	w := desk.Workspace{ID: result.WorkspaceID, Name: p.Workspace, Locale: p.Locale, Zone: p.Zone, ReopenDays: 7, CreatedAt: now,
		Capacity: desk.DefaultCapacity, IdleMinutes: desk.DefaultIdleMinutes, RequeueMinutes: desk.DefaultRequeueMinutes}
	if err := tx.WriteWorkspaces().Put(w); err != nil {
		return fmt.Errorf("put workspace: %w", err)
	}
	if err := tx.WriteWorkspaces().Lock(); err != nil { // a second first set-up sees what this one wrote
		return fmt.Errorf("lock workspace: %w", err)
	}
	any, err := tx.Accounts().AnyUser()
	if err != nil {
		return err
	}
	if any && (!p.Further || w.ID == firstWorkspace) {
		return setupDone()
	}
	user, err := tx.Accounts().UserByEmail(p.Email)
	if desk.KindOf(err) == desk.KindNotFound {
		user = desk.User{ID: tx.NewID(), Email: p.Email, Name: p.Name, PasswordHash: hash, Locale: p.Locale, CreatedAt: now}
		err = tx.WriteAccounts().PutUser(user)
	} else if err == nil {
		result.Password = ""
	}
	if err != nil {
		return fmt.Errorf("put user: %w", err)
	}
	result.User = user
	member := desk.Member{UserID: user.ID, Role: desk.RoleOwner, DisplayName: user.Name, Active: true, CreatedAt: now, UpdatedAt: now}
	if err := tx.WriteMembers().Put(member); err != nil {
		return fmt.Errorf("put owner: %w", err)
	}
	tx.Emit(desk.Event{Kind: desk.EventMemberChanged, At: now, Actor: desk.Actor{Kind: desk.ActorSystem}, SubjectID: user.ID})
	if err := firstThings(tx, p, result); err != nil {
		return err
	}
	if !p.APIKey {
		return nil
	}
	made := newAPIKey(tx, "setup", desk.RoleAdmin, user.ID)
	result.APIKey = made.secret
	return tx.WriteAccounts().PutAPIKey(made.key)
}

// firstThings makes the brand, the team of everybody and the first web chat channel.
func firstThings(tx store.Tx, p SetupParams, result *SetupResult) error {
	now := tx.Now()
	brand := desk.Brand{ID: tx.NewID(), Name: p.Workspace, CreatedAt: now}
	if err := tx.WriteWorkspaces().PutBrand(brand); err != nil {
		return fmt.Errorf("put brand: %w", err)
	}
	team := desk.Team{ID: tx.NewID(), Name: locale.Text(p.Locale, locale.FirstTeam, nil), MemberIDs: []desk.ID{result.User.ID}, Mode: desk.ModeRoundRobin, CreatedAt: now}
	if err := tx.WriteTeams().Put(team); err != nil {
		return fmt.Errorf("put team: %w", err)
	}
	settings, err := json.Marshal(map[string]string{"sender_name": p.Workspace})
	if err != nil {
		return fmt.Errorf("encode settings: %w", err)
	}
	ch := desk.Channel{
		ID: tx.NewID(), BrandID: brand.ID, Kind: "webchat", Name: locale.Text(p.Locale, locale.FirstChannel, nil), Account: NewChannelAccount(),
		State: desk.ChannelActive, Settings: settings, TeamID: team.ID, CreatedAt: now, UpdatedAt: now, Version: 1,
	}
	if err := tx.WriteChannels().Put(ch); err != nil {
		return fmt.Errorf("put channel: %w", err)
	}
	tx.Emit(desk.Event{Kind: desk.EventChannelChanged, At: now, Actor: desk.Actor{Kind: desk.ActorSystem}, SubjectID: ch.ID})
	result.ChannelID, result.Account = ch.ID, ch.Account
	return nil
}

// NewChannelAccount makes a public key for a channel of our own: it names the channel in addresses and proves nothing.
func NewChannelAccount() string { return strings.ToLower(rand.Text())[:20] }

// NewPassword makes a password that a person can type, of 100 random bits.
func NewPassword() string {
	text := strings.ToLower(rand.Text())
	return strings.Join([]string{text[:5], text[5:10], text[10:15], text[15:20]}, "-")
}

func setupDone() error {
	return desk.Errorf(desk.KindConflict, "setup_done", "the server has users already")
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}
