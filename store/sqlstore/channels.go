package sqlstore

import (
	"time"

	"madoguchi/desk"
)

type channels struct{ t *tx }

const (
	channelColumns = `workspace_id, id, brand_id, kind, name, account, state, settings, secrets, team_id, schedule_id,
		last_seen_at, last_seen_on, created_at, updated_at, version, hook, health, automation`

	sqlChannelGet     = `SELECT ` + channelColumns + ` FROM channels WHERE workspace_id = $1 AND id = $2`
	sqlChannelList    = `SELECT ` + channelColumns + ` FROM channels WHERE workspace_id = $1 AND state <> 'deleted' ORDER BY id`
	sqlChannelDeleted = `SELECT ` + channelColumns + ` FROM channels WHERE workspace_id = $1 AND state = 'deleted'
		AND EXISTS (SELECT 1 FROM conversations c WHERE c.workspace_id = $1 AND c.channel_id = channels.id) ORDER BY id`
	sqlChannelByAccount = `SELECT ` + channelColumns + ` FROM channels WHERE kind = $1 AND account = $2 AND state <> 'deleted'`
	sqlChannelByHook    = `SELECT ` + channelColumns + ` FROM channels WHERE hook = $1 AND hook <> '' AND state <> 'deleted'`
	sqlChannelServed    = `SELECT ` + channelColumns + ` FROM channels WHERE hook <> '' AND state <> 'deleted' ORDER BY workspace_id, id`
	sqlChannelPut       = `INSERT INTO channels (` + channelColumns + `)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)
		ON CONFLICT (workspace_id, id) DO UPDATE SET brand_id = excluded.brand_id, name = excluded.name, account = excluded.account,
		state = excluded.state, settings = excluded.settings, secrets = excluded.secrets, team_id = excluded.team_id,
		schedule_id = excluded.schedule_id, last_seen_at = excluded.last_seen_at, last_seen_on = excluded.last_seen_on,
		updated_at = excluded.updated_at, version = excluded.version, hook = excluded.hook, health = excluded.health, automation = excluded.automation`
	sqlChannelHealth = `UPDATE channels SET health = $3 WHERE workspace_id = $1 AND id = $2`
	sqlChannelTouch  = `UPDATE channels SET last_seen_at = $3, last_seen_on = $4 WHERE workspace_id = $1 AND id = $2`
)

func readChannel(r row, c *inWorkspace[desk.Channel]) error {
	v := &c.v
	return scan(r, &c.workspace, &v.ID, &v.BrandID, &v.Kind, &v.Name, &v.Account, &v.State, &v.Settings, &v.Secrets, &v.TeamID, &v.ScheduleID,
		&v.LastSeenAt, &v.LastSeenOn, &v.CreatedAt, &v.UpdatedAt, &v.Version, &v.Hook, asJSON(&v.Health), asJSON(&v.Automation))
}

func (s channels) Get(id desk.ID) (desk.Channel, error) {
	c, err := get(s.t, "channel", readChannel, sqlChannelGet, s.t.workspace, id)
	return c.v, err
}

func (s channels) List() ([]desk.Channel, error) {
	return values(list(s.t, readChannel, sqlChannelList, s.t.workspace))
}

func (s channels) Deleted() ([]desk.Channel, error) {
	return values(list(s.t, readChannel, sqlChannelDeleted, s.t.workspace))
}

func (s channels) ByAccount(kind, account string) (desk.ID, desk.Channel, error) {
	c, err := get(s.t, "channel", readChannel, sqlChannelByAccount, kind, account)
	return c.workspace, c.v, err
}

func (s channels) Put(v desk.Channel) error {
	_, err := s.t.exec(sqlChannelPut, s.t.workspace, v.ID, v.BrandID, v.Kind, v.Name, v.Account, v.State, v.Settings, v.Secrets, v.TeamID, v.ScheduleID,
		v.LastSeenAt, v.LastSeenOn, v.CreatedAt, v.UpdatedAt, v.Version, v.Hook, asJSON(v.Health), asJSON(v.Automation))
	return err
}

func (s channels) ByHook(hook string) (desk.ID, desk.Channel, error) {
	c, err := get(s.t, "channel", readChannel, sqlChannelByHook, hook)
	return c.workspace, c.v, err
}

func (s channels) Hooked(each func(workspace desk.ID, c desk.Channel) error) error {
	return s.t.each(sqlChannelServed, nil, func(r row) error {
		var c inWorkspace[desk.Channel]
		if err := readChannel(r, &c); err != nil {
			return err
		}
		return each(c.workspace, c.v)
	})
}

func (s channels) SetHealth(id desk.ID, h desk.ChannelHealth) error {
	return s.t.write(sqlChannelHealth, s.t.workspace, id, asJSON(h))
}

func (s channels) Touch(id desk.ID, at time.Time, on string) error {
	return s.t.write(sqlChannelTouch, s.t.workspace, id, at, on)
}
