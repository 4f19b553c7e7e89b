package main

import (
	"context"
	"flag"
	"fmt"

	"github.com/peterbourgon/ff/v3/ffcli"

	"madoguchi/app"
)

func keysCommand(t terminal) *ffcli.Command {
	return &ffcli.Command{
		Name: "keys", ShortUsage: "madoguchi keys <list|add|rotate|remove> [flags]", ShortHelp: "the keys that secrets are sealed under",
		Subcommands: []*ffcli.Command{keysListCommand(t), keysAddCommand(t), keysRotateCommand(t), keysRemoveCommand(t)},
		Exec:        func(context.Context, []string) error { return flag.ErrHelp },
	}
}

func keysListCommand(t terminal) *ffcli.Command {
	var c app.Config
	fs := flags(t, "keys list", &c)
	return &ffcli.Command{
		Name: "list", ShortUsage: "madoguchi keys list [flags]", ShortHelp: "print the fingerprints of the key file, the sealing key first",
		FlagSet: fs, Options: options(),
		Exec: func(context.Context, []string) error {
			all, err := app.KeyFingerprints(c)
			for i, fingerprint := range all {
				use := "opens"
				if i == 0 {
					use = "seals"
				}
				fmt.Fprintf(t.out, "%s   %s\n", fingerprint, use)
			}
			return err
		},
	}
}

func keysAddCommand(t terminal) *ffcli.Command {
	var c app.Config
	fs := flags(t, "keys add", &c)
	return &ffcli.Command{
		Name: "add", ShortUsage: "madoguchi keys add [flags]", ShortHelp: "make a key that opens and does not seal yet",
		LongHelp: "For many nodes: add a key on one, copy the key file to all others, then run madoguchi keys rotate --to FINGERPRINT on each.",
		FlagSet:  fs, Options: options(),
		Exec: func(context.Context, []string) error {
			fingerprint, err := app.AddKey(c)
			if err != nil {
				return err
			}
			_, err = fmt.Fprintln(t.out, fingerprint)
			return err
		},
	}
}

func keysRotateCommand(t terminal) *ffcli.Command {
	var c app.Config
	fs := flags(t, "keys rotate", &c)
	to := fs.String("to", "", "fingerprint of a key that is in the file already (default: a new key is made)")
	return &ffcli.Command{
		Name: "rotate", ShortUsage: "madoguchi keys rotate [flags]", ShortHelp: "seal every secret anew under another key, while the desk serves",
		LongHelp: "Cut short, it goes on where it was when it is run again. Older keys stay in the file: backups made under them need them.",
		FlagSet:  fs, Options: options(),
		Exec: func(ctx context.Context, _ []string) error {
			r, err := app.RotateKeys(ctx, c, *to, func(done int) { fmt.Fprintf(t.err, "\r%d sealed anew", done) })
			if r.Sealed > 0 {
				fmt.Fprintln(t.err)
			}
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(t.out, "sealing key %s\nsealed      %d values anew; copy the key file to the other nodes and to where it is kept apart\n", r.To, r.Sealed)
			return err
		},
	}
}

func keysRemoveCommand(t terminal) *ffcli.Command {
	var c app.Config
	fs := flags(t, "keys remove", &c)
	fingerprint := fs.String("fingerprint", "", "which key (required)")
	return &ffcli.Command{
		Name: "remove", ShortUsage: "madoguchi keys remove --fingerprint FINGERPRINT [flags]", ShortHelp: "take an old key out of the key file",
		LongHelp: "Refused while something in the database is sealed under an older key. Backups made while it sealed cannot be restored without it.",
		FlagSet:  fs, Options: options(),
		Exec: func(ctx context.Context, _ []string) error { return app.RemoveKey(ctx, c, *fingerprint) },
	}
}
