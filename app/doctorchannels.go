package app

import (
	"context"
	"maps"
	"time"

	"madoguchi/desk"
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
