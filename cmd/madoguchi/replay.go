package main

import (
	"context"
	"fmt"
	"time"

	"github.com/peterbourgon/ff/v3/ffcli"

	"madoguchi/app"
	"madoguchi/desk"
)

func replayCommand(t terminal) *ffcli.Command {
	var c app.Config
	fs := flags(t, "replay", &c)
	channel := fs.Uint64("channel", 0, "id of one channel, as in the address of its page (default: all)")
	since := fs.String("since", "", "requests that came at or after this instant, as 2026-11-21T09:00:00Z (default: all that are kept, seven days)")
	until := fs.String("until", "", "requests that came before this instant")
	return &ffcli.Command{
		Name: "replay", ShortUsage: "madoguchi replay [--channel ID] [--since INSTANT] [--until INSTANT] [flags]", ShortHelp: "file what providers sent once more",
		LongHelp: "The desk, running or at its next start, files the requests again in the order they came. What it has already stays as it is: nothing is doubled.",
		FlagSet:  fs, Options: options(),
		Exec: func(ctx context.Context, _ []string) error {
			p := app.Replay{Channel: desk.ID(*channel)}
			for _, bound := range []struct {
				name, text string
				at         *time.Time
			}{{"since", *since, &p.Since}, {"until", *until, &p.Until}} {
				if bound.text == "" {
					continue
				}
				at, err := time.Parse(time.RFC3339, bound.text)
				if err != nil {
					return desk.Invalid(bound.name, "instant_invalid", "%q is no instant such as 2026-11-21T09:00:00Z", bound.text)
				}
				*bound.at = at
			}
			n, err := app.ReplayRequests(ctx, c, p, func(done int) { fmt.Fprintf(t.err, "\r%d requests", done) })
			if n > 0 {
				fmt.Fprintln(t.err)
			}
			if err != nil {
				return err
			}
			_, err = fmt.Fprintf(t.out, "%d requests will be filed again\n", n)
			return err
		},
	}
}
