// Command madoguchi is the whole desk in one binary: the server, and what its operator needs around it.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	_ "time/tzdata" // schedules need zones on machines that have none

	"github.com/peterbourgon/ff/v3/ffcli"

	"madoguchi/app"
)

// version is set by the build.
var version = "dev"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	switch {
	case err == nil:
	case errors.Is(err, flag.ErrHelp):
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, "madoguchi:", app.Explain(err))
		os.Exit(1)
	}
}

// terminal is where a command reads from and writes to.
type terminal struct {
	in       io.Reader
	out, err io.Writer
}

func run(ctx context.Context, args []string, in io.Reader, out, errs io.Writer) error {
	t := terminal{in: in, out: out, err: errs}
	root := &ffcli.Command{
		Name:       "madoguchi",
		ShortUsage: "madoguchi <command> [flags]",
		ShortHelp:  "a support desk: every customer message at one counter",
		LongHelp:   "Every flag can be a variable MADOGUCHI_FLAG_NAME, or a line \"flag-name value\" in the file named by --config.",
		FlagSet:    flag.NewFlagSet("madoguchi", flag.ContinueOnError),
		Subcommands: []*ffcli.Command{
			serveCommand(t), setupCommand(t), migrateCommand(t), userCommand(t), apiKeyCommand(t), keysCommand(t), doctorCommand(t), replayCommand(t), seedCommand(t),
			backupCommand(t), restoreCommand(t), moveCommand(t),
			openAPICommand(t), versionCommand(t),
		},
		Exec: func(context.Context, []string) error { return flag.ErrHelp },
	}
	var read settings
	read.read(root, "")
	if len(args) > 0 && args[0] == "help" { // "madoguchi help serve"
		args = append(slices.Clone(args[1:]), "--help")
	}
	err := read.explain(root.ParseAndRun(ctx, args))
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(errs, read.usage)
	}
	return err
}

func versionCommand(t terminal) *ffcli.Command {
	return &ffcli.Command{
		Name: "version", ShortUsage: "madoguchi version", ShortHelp: "print the version",
		Exec: func(context.Context, []string) error {
			_, err := fmt.Fprintln(t.out, version)
			return err
		},
	}
}

func openAPICommand(t terminal) *ffcli.Command {
	return &ffcli.Command{
		Name: "openapi", ShortUsage: "madoguchi openapi", ShortHelp: "print the API's OpenAPI 3.1 document",
		Exec: func(context.Context, []string) error {
			document, err := app.Document()
			if err != nil {
				return err
			}
			_, err = t.out.Write(document)
			return err
		},
	}
}
