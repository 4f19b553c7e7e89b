package app

import (
	"context"

	"madoguchi/account"
	"madoguchi/audit"
	"madoguchi/demo"
	"madoguchi/desk"
	"madoguchi/store/sqlstore"
)

// What the command line does beside serving. Each opens the store, works, and closes it again.

// SetupParams describe a workspace to make.
type SetupParams struct {
	Workspace, Name, Email, Password, Locale, Zone string
}

// SetupResult is what a set-up made; secrets are shown once.
type SetupResult struct {
	WorkspaceID    desk.ID `json:"workspace_id"`
	UserID         desk.ID `json:"user_id"`
	ChannelID      desk.ID `json:"channel_id"`
	ChannelAccount string  `json:"channel_account"`
	APIKey         string  `json:"api_key"`
	Password       string  `json:"password,omitempty"` // where one was made
}

// Setup makes a workspace with its owner, first web chat channel and an API key; on a server with users a further one.
func Setup(ctx context.Context, c Config, p SetupParams) (SetupResult, error) {
	var made SetupResult
	err := c.withAccounts(ctx, func(accounts *account.Service, _ *sqlstore.Store) error {
		needed, err := accounts.SetupNeeded(ctx)
		if err != nil {
			return err
		}
		r, err := accounts.Setup(ctx, account.SetupParams{
			Workspace: p.Workspace, Name: p.Name, Email: p.Email, Password: p.Password,
			Locale: desk.Locale(p.Locale), Zone: p.Zone, Further: !needed, APIKey: true,
		})
		made = SetupResult{
			WorkspaceID: r.WorkspaceID, UserID: r.User.ID, ChannelID: r.ChannelID, ChannelAccount: r.Account, APIKey: r.APIKey, Password: r.Password,
		}
		return err
	})
	return made, err
}

// UserParams describe a person to make a member.
type UserParams struct {
	WorkspaceID                 int64 // 0 = the first
	Email, Name, Password, Role string
}

// CreateUser makes a person and their membership; made is the password where one was made.
func CreateUser(ctx context.Context, c Config, p UserParams) (made string, err error) {
	err = c.withAccounts(ctx, func(accounts *account.Service, _ *sqlstore.Store) error {
		_, made, err = accounts.CreateUser(ctx, account.UserParams{
			WorkspaceID: desk.ID(p.WorkspaceID), Email: p.Email, Name: p.Name, Password: p.Password, Role: desk.Role(p.Role),
		})
		return err
	})
	return made, err
}

// ResetPassword gives a user a new password and ends their sessions; made is the password where one was made.
func ResetPassword(ctx context.Context, c Config, email, password string) (made string, err error) {
	err = c.withAccounts(ctx, func(accounts *account.Service, _ *sqlstore.Store) error {
		made, err = accounts.ResetPassword(ctx, email, password)
		return err
	})
	return made, err
}

// CreateAPIKey makes a key with a role's permissions and returns its secret.
func CreateAPIKey(ctx context.Context, c Config, workspace int64, name, role string) (secret string, err error) {
	err = c.withAccounts(ctx, func(accounts *account.Service, _ *sqlstore.Store) error {
		_, secret, err = accounts.CreateServerAPIKey(ctx, desk.ID(workspace), account.KeyParams{Name: name, Role: account.RoleChoice{Role: desk.Role(role)}})
		return err
	})
	return secret, err
}

// Seed fills the first workspace with made-up conversations; progress hears how many are done.
func Seed(ctx context.Context, c Config, conversations, messages int, progress func(done int)) error {
	return c.withAccounts(ctx, func(_ *account.Service, s *sqlstore.Store) error {
		workspace, err := firstWorkspace(ctx, s)
		if err != nil {
			return err
		}
		return demo.Seed(ctx, s, workspace, demo.SeedParams{Conversations: conversations, Messages: messages}, progress)
	})
}

// Migrate brings the database to this version's schema.
func Migrate(ctx context.Context, c Config) error {
	if err := c.ready(); err != nil {
		return err
	}
	log, err := c.logger()
	if err != nil {
		return err
	}
	return c.explainStorage(sqlstore.Migrate(ctx, c.storeConfig(log)))
}

func (c Config) withAccounts(ctx context.Context, work func(*account.Service, *sqlstore.Store) error) (err error) {
	s, log, err := c.openStore(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if closing := s.Close(); err == nil {
			err = closing
		}
	}()
	return work(account.New(account.Config{Store: audit.Watch(s, nil), Passwords: c.passwords(), Log: log}), s)
}
