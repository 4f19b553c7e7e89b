package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/peterbourgon/ff/v3/ffcli"

	"madoguchi/app"
	"madoguchi/desk"
)

// progress prints a step to the terminal, at most one a second.
func progress(t terminal) func(app.Step) {
	began := time.Now()
	last := began
	return func(s app.Step) {
		if time.Since(last) < time.Second {
			return
		}
		last = time.Now()
		of := ""
		if s.Of > 0 {
			of = fmt.Sprintf(" of %d", s.Of)
		}
		fmt.Fprintf(t.err, "%s: %d%s, %.1f MB, %s\n", s.Doing, s.Done, of, float64(s.Bytes)/1e6, time.Since(began).Round(time.Second))
	}
}

// printSums says what a desk holds.
func printSums(t terminal, s app.Sums, took time.Duration) {
	fmt.Fprintf(t.out, "records     %d in %d tables\nfiles       %d, %.1f MB\ntime        %s\n", s.Rows(), len(s.Tables), s.Files.Count, float64(s.Files.Bytes)/1e6, took.Round(time.Millisecond))
	for _, workspace := range sorted(s.Positions) {
		fmt.Fprintf(t.out, "workspace   %d, newest event at %d\n", workspace, s.Positions[workspace])
	}
	if n := len(s.Missing); n > 0 {
		fmt.Fprintf(t.err, "warning: %d files that records name are not there (the first is %s of workspace %d): they were lost before, or deleted meanwhile\n",
			n, s.Missing[0].Key, s.Missing[0].Workspace)
	}
}

func sorted(m map[desk.ID]int64) (ids []desk.ID) {
	for id := range m {
		ids = append(ids, id)
	}
	slices.SortFunc(ids, cmp.Compare[desk.ID])
	return ids
}

func backupCommand(t terminal) *ffcli.Command {
	var c app.Config
	p := app.BackupParams{Out: t.out, Tell: progress(t)}
	fs := flags(t, "backup", &c)
	fs.StringVar(&p.To, "to", "", "file to write, which must not exist (required); - is standard output")
	passphraseFile := fs.String("passphrase-file", "", "file with the passphrase that will open it, - for standard input")
	fs.Var((*list)(&p.Recipients), "recipient", "or: who may open it, age1… (see madoguchi backup identity), comma-separated")
	asJSON := fs.Bool("json", false, "print the result as JSON")
	return &ffcli.Command{
		Name: "backup", ShortUsage: "madoguchi backup --to FILE --passphrase-file FILE [flags]\n  madoguchi backup <verify|identity> [flags]",
		ShortHelp: "write the desk to one encrypted file, while it serves",
		LongHelp: "The file holds every record and every attached file, as they are at one instant. It does not hold the key file, which opens the\n" +
			"secrets of channels: keep <data>/key in another place. How long backups are kept is yours to decide.",
		FlagSet: fs, Options: options(), Subcommands: []*ffcli.Command{verifyCommand(t), identityCommand(t)},
		Exec: func(ctx context.Context, _ []string) (err error) {
			if p.Passphrase, err = passphrase(t, *passphraseFile); err != nil {
				return err
			}
			began := time.Now()
			made, err := app.Backup(ctx, c, p)
			if err != nil {
				return err
			}
			if p.To == "-" {
				t.out = t.err // the archive went there
			}
			if *asJSON {
				return json.NewEncoder(t.out).Encode(made)
			}
			fmt.Fprintf(t.out, "backup      %s, %.1f MB\n", p.To, float64(made.Bytes)/1e6)
			printSums(t, made.Sums, time.Since(began))
			if made.KeyFile != "" {
				fmt.Fprintf(t.out, "key file    is not in it: keep %s apart (fingerprint %s)\n", filepath.Join(c.Data, "key"), made.KeyFile)
			}
			return nil
		},
	}
}

func passphrase(t terminal, file string) (string, error) {
	text, err := readPassword(t, "", file, openFile)
	if err != nil {
		return "", desk.Invalid("passphrase-file", "passphrase_file_unreadable", "the passphrase cannot be read: %w", err)
	}
	return text, nil
}

// archiveFlags are those that open an archive.
func archiveFlags(t terminal, fs *flag.FlagSet, p *app.ArchiveParams) (passphraseFile *string) {
	p.In, p.Tell = t.in, progress(t)
	fs.StringVar(&p.From, "from", "", "the archive (required); - is standard input")
	fs.StringVar(&p.Identities, "identity-file", "", "file with the identity that opens it (AGE-SECRET-KEY-…)")
	return fs.String("passphrase-file", "", "file with the passphrase that opens it, - for standard input")
}

func verifyCommand(t terminal) *ffcli.Command {
	var (
		c app.Config
		p app.ArchiveParams
	)
	fs := flags(t, "backup verify", &c)
	passphraseFile := archiveFlags(t, fs, &p)
	return &ffcli.Command{
		Name: "verify", ShortUsage: "madoguchi backup verify --from FILE --passphrase-file FILE [flags]", ShortHelp: "read a backup from beginning to end and check it",
		FlagSet: fs, Options: options(),
		Exec: func(ctx context.Context, _ []string) (err error) {
			if p.Passphrase, err = passphrase(t, *passphraseFile); err != nil {
				return err
			}
			began := time.Now()
			sums, at, err := app.VerifyBackup(ctx, p)
			if err != nil {
				return err
			}
			fmt.Fprintf(t.out, "whole       made %s\n", at.Format(time.RFC3339))
			printSums(t, sums, time.Since(began))
			return nil
		},
	}
}

func identityCommand(t terminal) *ffcli.Command {
	return &ffcli.Command{
		Name: "identity", ShortUsage: "madoguchi backup identity", ShortHelp: "make an identity that opens backups, and its recipient",
		LongHelp: "A machine that makes backups needs only the recipient, so whoever breaks into it cannot read older ones.",
		Exec: func(context.Context, []string) error {
			identity, recipient, err := app.NewIdentity()
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(t.out, "# keep this file elsewhere: it opens the backups\n# recipient: %s\n%s\n", recipient, identity)
			return err
		},
	}
}

func restoreCommand(t terminal) *ffcli.Command {
	var (
		c app.Config
		p app.RestoreParams
	)
	fs := flags(t, "restore", &c)
	passphraseFile := archiveFlags(t, fs, &p.ArchiveParams)
	fs.StringVar(&p.KeyFile, "key", "", "the key file that was kept apart; it is copied into the data folder")
	fs.BoolVar(&p.WithoutKey, "without-key", false, "the key file is lost: the secrets of channels must be entered again")
	return &ffcli.Command{
		Name: "restore", ShortUsage: "madoguchi restore --from FILE --passphrase-file FILE --data FOLDER --key FILE [flags]",
		ShortHelp: "put a backup into an empty place",
		LongHelp:  "The place may be on the other database than the backup's. What is written is read again and compared before it counts.",
		FlagSet:   fs, Options: options(),
		Exec: func(ctx context.Context, _ []string) (err error) {
			if p.Passphrase, err = passphrase(t, *passphraseFile); err != nil {
				return err
			}
			began := time.Now()
			sums, err := app.Restore(ctx, c, p)
			if err != nil {
				return err
			}
			fmt.Fprintf(t.out, "restored    into %s, read again and compared\n", c.Data)
			printSums(t, sums, time.Since(began))
			return nil
		},
	}
}

func moveCommand(t terminal) *ffcli.Command {
	var (
		c                app.Config
		from, to         app.Config
		fromData, toData string
		workspace        string
	)
	p := app.MoveParams{Tell: progress(t)}
	fs := flags(t, "move", &c)
	fs.StringVar(&from.Data, "from", "", "where it is: a data folder, or postgres://… (required)")
	fs.StringVar(&to.Data, "to", "", "where it goes: a data folder, or postgres://… (required)")
	fs.StringVar(&fromData, "from-data", "", "data folder of a --from that is a database (default: --data)")
	fs.StringVar(&toData, "to-data", "", "data folder of a --to that is a database (default: --data)")
	fs.StringVar(&workspace, "workspace", "", "ids of the workspaces, comma-separated, or all (required)")
	fs.BoolVar(&p.Keep, "keep", false, "leave it where it was, too (never serve both)")
	return &ffcli.Command{
		Name: "move", ShortUsage: "madoguchi move --workspace all --from FOLDER --to postgres://… [flags]",
		ShortHelp: "take workspaces from SQLite to PostgreSQL, or back",
		LongHelp: "Everything arrives in one transaction, is read again and compared; only then it is taken away from where it was. It may be run\n" +
			"again after any failure. Stop the desk first.",
		FlagSet: fs, Options: options(),
		Exec: func(ctx context.Context, _ []string) (err error) {
			if p.Workspaces, err = workspaceIDs(workspace); err != nil {
				return err
			}
			if err := errors.Join(side(&from, "from", c, fromData), side(&to, "to", c, toData)); err != nil {
				return err
			}
			moved, err := app.Move(ctx, from, to, p)
			printMoved(t, moved)
			return err
		},
	}
}

// side makes a place of what was named: a folder or a database.
func side(s *app.Config, name string, c app.Config, data string) error {
	named := s.Data
	if named == "" {
		return desk.Invalid(name, name+"_missing", "name a data folder, or postgres://…")
	}
	folder := c.Data
	*s = c
	s.Data, s.DatabaseURL = named, ""
	if strings.HasPrefix(named, "postgres://") || strings.HasPrefix(named, "postgresql://") {
		s.DatabaseURL, s.Data = named, cmp.Or(data, folder)
		return nil
	}
	s.S3Endpoint, s.S3Bucket = "", "" // a bucket is a database's; a folder keeps its files itself
	if data != "" {
		return desk.Invalid(name+"-data", "data_ambiguous", "--%s is a folder already", name)
	}
	return nil
}

func workspaceIDs(s string) (ids []int64, err error) {
	if s == "all" {
		return nil, nil
	}
	for text := range strings.SplitSeq(s, ",") {
		id, err := strconv.ParseInt(strings.TrimSpace(text), 10, 64)
		if err != nil || id <= 0 {
			return nil, desk.Invalid("workspace", "workspace_invalid", "%q is no id of a workspace; say the ids, or all", s)
		}
		ids = append(ids, id)
	}
	return ids, nil
}

// printMoved is the verification report.
func printMoved(t terminal, moved []app.Moved) {
	for _, m := range moved {
		fmt.Fprintf(t.out, "workspace   %d", m.Workspace)
		if m.Already {
			fmt.Fprint(t.out, " (an earlier attempt had brought it)")
		}
		fmt.Fprintf(t.out, "\n  newest event at %d on both sides, %d files copied (%.1f MB), %d people were there already\n",
			m.To.Positions[m.Workspace], m.Files.Count, float64(m.Files.Bytes)/1e6, m.People)
		for i, from := range m.From.Tables {
			to := m.To.Tables[i]
			fmt.Fprintf(t.out, "  %-20s %10d = %-10d %.16s = %.16s\n", from.Name, from.Rows, to.Rows, from.SHA256, to.SHA256)
		}
	}
}
