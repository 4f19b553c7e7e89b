package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/peterbourgon/ff/v3/ffcli"

	"madoguchi/app"
	"madoguchi/desk"
)

var errUnwell = errors.New("something must be mended")

func doctorCommand(t terminal) *ffcli.Command {
	var c app.Config
	fs := flags(t, "doctor", &c)
	mailFlags(fs, &c)
	thorough := fs.Bool("thorough", false, "read every page of a SQLite file and every byte of every file")
	asJSON := fs.Bool("json", false, "print the findings as JSON")
	language := fs.String("locale", "", "language of the findings: ja or en (default: the terminal's)")
	return &ffcli.Command{
		Name: "doctor", ShortUsage: "madoguchi doctor [flags]", ShortHelp: "look at everything and say the one thing to mend first",
		LongHelp: "Configuration, disk, database, clock, keys, audit logs, files and the mail server. It changes nothing, beside a running desk too. It ends with 1 where something is broken.",
		FlagSet:  fs, Options: options(),
		Exec: func(ctx context.Context, _ []string) error {
			p := app.DoctorParams{Locale: desk.Locale(*language), Thorough: *thorough}
			if p.Locale == "" && strings.HasPrefix(os.Getenv("LANG"), "ja") {
				p.Locale = desk.LocaleJA
			}
			d, err := app.Doctor(ctx, c, p)
			if err != nil {
				return err
			}
			if *asJSON {
				err = json.NewEncoder(t.out).Encode(d)
			} else {
				printDiagnosis(t, d)
			}
			if err == nil && !d.Healthy() {
				err = errUnwell
			}
			return err
		},
	}
}

func printDiagnosis(t terminal, d app.Diagnosis) {
	marks := map[app.Severity]string{app.SeverityOK: "✓", app.SeverityWarning: "!", app.SeverityError: "✗"}
	for _, f := range d.Findings {
		fmt.Fprintf(t.out, "%s %s\n", marks[f.Severity], f.Text)
	}
	if d.First != nil {
		fmt.Fprintf(t.out, "\n→ %s\n", d.First.Fix)
	}
}
