package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	"github.com/peterbourgon/ff/v3/ffcli"

	"madoguchi/app"
)

func openFile(name string) (io.ReadCloser, error) { return os.Open(name) }

func setupCommand(t terminal) *ffcli.Command {
	var (
		c            app.Config
		p            app.SetupParams
		passwordFile string
	)
	fs := flags(t, "setup", &c)
	fs.StringVar(&p.Workspace, "workspace", "", "name of the workspace (required)")
	fs.StringVar(&p.Name, "name", "", "name of the owner (default: from the address)")
	fs.StringVar(&p.Email, "email", "", "the owner's e-mail address (required)")
	fs.StringVar(&p.Password, "password", "", "the owner's password, at least 10 characters (better: --password-file; default: one is made and printed)")
	fs.StringVar(&passwordFile, "password-file", "", "file with the owner's password, - for standard input")
	fs.StringVar(&p.Locale, "locale", "ja", "language of the workspace: ja or en")
	fs.StringVar(&p.Zone, "zone", "Asia/Tokyo", "IANA time zone of the workspace")
	asJSON := fs.Bool("json", false, "print the result as JSON")
	return &ffcli.Command{
		Name: "setup", ShortUsage: "madoguchi setup --workspace NAME --email ADDRESS [flags]",
		ShortHelp: "make a workspace, its owner, a web chat channel and an API key",
		LongHelp:  "What the set-up page does, from a script. On a server that has users already it makes a further workspace.",
		FlagSet:   fs, Options: options(),
		Exec: func(ctx context.Context, _ []string) (err error) {
			if p.Password, err = readPassword(t, p.Password, passwordFile, openFile); err != nil {
				return err
			}
			result, err := app.Setup(ctx, c, p)
			if err != nil {
				return err
			}
			if *asJSON {
				return json.NewEncoder(t.out).Encode(result)
			}
			fmt.Fprintf(t.out, "workspace   %s (%d)\nowner       %s\n", p.Workspace, result.WorkspaceID, p.Email)
			if result.Password != "" {
				fmt.Fprintf(t.out, "password    %s   (shown only now)\n", result.Password)
			}
			_, err = fmt.Fprintf(t.out, "web chat    %s\nAPI key     %s   (shown only now)\n", result.ChannelAccount, result.APIKey)
			return err
		},
	}
}

func userCommand(t terminal) *ffcli.Command {
	return &ffcli.Command{
		Name: "user", ShortUsage: "madoguchi user <create|reset-password> [flags]", ShortHelp: "people who sign in",
		Subcommands: []*ffcli.Command{userCreateCommand(t), resetPasswordCommand(t)},
		Exec:        func(context.Context, []string) error { return flag.ErrHelp },
	}
}

func userCreateCommand(t terminal) *ffcli.Command {
	var (
		c            app.Config
		p            app.UserParams
		passwordFile string
	)
	fs := flags(t, "user create", &c)
	fs.StringVar(&p.Email, "email", "", "e-mail address (required)")
	fs.StringVar(&p.Name, "name", "", "name (default: from the address)")
	fs.StringVar(&p.Role, "role", "agent", "viewer, agent, supervisor, admin or owner")
	fs.StringVar(&p.Password, "password", "", "password (better: --password-file; default: one is made and printed)")
	fs.StringVar(&passwordFile, "password-file", "", "file with the password, - for standard input")
	fs.Int64Var(&p.WorkspaceID, "workspace-id", 0, "workspace (default: the first)")
	return &ffcli.Command{
		Name: "create", ShortUsage: "madoguchi user create --email ADDRESS [flags]", ShortHelp: "add a member",
		FlagSet: fs, Options: options(),
		Exec: func(ctx context.Context, _ []string) (err error) {
			if p.Password, err = readPassword(t, p.Password, passwordFile, openFile); err != nil {
				return err
			}
			made, err := app.CreateUser(ctx, c, p)
			if err != nil {
				return err
			}
			return printPassword(t, p.Email, made)
		},
	}
}

func resetPasswordCommand(t terminal) *ffcli.Command {
	var (
		c                             app.Config
		email, password, passwordFile string
	)
	fs := flags(t, "user reset-password", &c)
	fs.StringVar(&email, "email", "", "e-mail address (required)")
	fs.StringVar(&password, "password", "", "new password (better: --password-file; default: one is made and printed)")
	fs.StringVar(&passwordFile, "password-file", "", "file with the new password, - for standard input")
	return &ffcli.Command{
		Name: "reset-password", ShortUsage: "madoguchi user reset-password --email ADDRESS [flags]",
		ShortHelp: "give a user a new password and end their sessions", FlagSet: fs, Options: options(),
		Exec: func(ctx context.Context, _ []string) (err error) {
			if password, err = readPassword(t, password, passwordFile, openFile); err != nil {
				return err
			}
			made, err := app.ResetPassword(ctx, c, email, password)
			if err != nil {
				return err
			}
			return printPassword(t, email, made)
		},
	}
}

func printPassword(t terminal, email, made string) error {
	if made == "" {
		_, err := fmt.Fprintf(t.out, "done: %s\n", email)
		return err
	}
	_, err := fmt.Fprintf(t.out, "done: %s\npassword    %s   (shown only now)\n", email, made)
	return err
}

func apiKeyCommand(t terminal) *ffcli.Command {
	var (
		c           app.Config
		name, role  string
		workspaceID int64
	)
	fs := flags(t, "apikey create", &c)
	fs.StringVar(&name, "name", "script", "what the key is for")
	fs.StringVar(&role, "role", "admin", "viewer, agent, supervisor or admin")
	fs.Int64Var(&workspaceID, "workspace-id", 0, "workspace (default: the first)")
	create := &ffcli.Command{
		Name: "create", ShortUsage: "madoguchi apikey create [flags]", ShortHelp: "make an API key and print it once",
		FlagSet: fs, Options: options(),
		Exec: func(ctx context.Context, _ []string) error {
			secret, err := app.CreateAPIKey(ctx, c, workspaceID, name, role)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(t.out, secret)
			return err
		},
	}
	return &ffcli.Command{
		Name: "apikey", ShortUsage: "madoguchi apikey <create> [flags]", ShortHelp: "keys for programs",
		Subcommands: []*ffcli.Command{create},
		Exec:        func(context.Context, []string) error { return flag.ErrHelp },
	}
}
