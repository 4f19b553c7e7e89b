package app

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"madoguchi/desk"
	"madoguchi/health"
	"madoguchi/store"
)

// channels says what ails the channels of providers, as their pages do (H9).
func (d *doctor) channels(ctx context.Context) {
	ids, err := workspaceIDs(ctx, d.store)
	if err != nil {
		d.broken("channels", "database_unreachable", err)
		return
	}
	for _, workspace := range ids {
		var all []desk.Channel
		err := d.store.View(ctx, workspace, func(r store.Reader) (err error) {
			all, err = r.Channels().List()
			return err
		})
		if err != nil {
			d.broken("channels", "database_unreachable", err)
			return
		}
		for _, c := range all {
			if c.Hook != "" { // not one of our own
				d.channel(c)
				d.seen(ctx, workspace, c)
			}
		}
	}
}

func (d *doctor) channel(c desk.Channel) {
	name := map[string]string{"name": c.Name, "kind": c.Kind, "state": string(c.State)}
	alerts := c.Alerts(time.Now())
	if len(alerts) == 0 {
		d.say("channels", SeverityOK, "channel_ok", name)
		return
	}
	for _, a := range alerts {
		params := maps.Clone(name)
		maps.Copy(params, a.Params)
		d.say("channels", SeverityWarning, "channel_"+a.Code, params) // the desk works, whatever that channel does
	}
}

// seen says what the channel's page shows below: what came in and went out last, and what the provider refused in the last day.
func (d *doctor) seen(ctx context.Context, workspace desk.ID, c desk.Channel) {
	if c.State == desk.ChannelDeleted {
		return
	}
	var report health.Report
	err := d.store.View(ctx, workspace, func(r store.Reader) (err error) {
		report, err = health.Of(r, c.ID, time.Now())
		return err
	})
	if err != nil {
		d.broken("channels", "database_unreachable", err)
		return
	}
	d.say("channels", SeverityOK, "channel_seen", map[string]string{
		"name": c.Name, "hook": instant(c.Health.HookAt), "sent": instant(c.Health.SentAt), "refused": refusals(report.Faults),
	})
}

// instant writes a time, and one that never was as a dash.
func instant(t time.Time) string {
	if t.IsZero() {
		return "–"
	}
	return t.UTC().Format(time.RFC3339)
}

// refusals counts by the provider's code, the most frequent first: "131026 ×3, 190 ×1".
func refusals(faults []desk.FaultCount) string {
	counts := map[string]int64{}
	for _, f := range faults {
		counts[f.Code] += f.N
	}
	codes := slices.SortedFunc(maps.Keys(counts), func(a, b string) int {
		return cmp.Or(cmp.Compare(counts[b], counts[a]), strings.Compare(a, b))
	})
	for i, code := range codes {
		codes[i] = fmt.Sprintf("%s ×%d", code, counts[code])
	}
	return cmp.Or(strings.Join(codes, ", "), "–")
}
