package admin

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/account"
	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/automate"
	"madoguchi/channel"
	"madoguchi/connect"
	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
	"madoguchi/survey"
	"madoguchi/trigger"
	"madoguchi/view"
)

type postChannel struct {
	Body struct {
		Kind       string            `json:"kind" minLength:"1" maxLength:"40"`
		Name       string            `json:"name" minLength:"1" maxLength:"60"`
		Settings   json.RawMessage   `json:"settings,omitempty" doc:"As channel-kinds describes them"`
		Secrets    map[string]string `json:"secrets,omitempty" doc:"The settings of type secret, by name"`
		TeamID     desk.ID           `json:"team_id,omitempty" minimum:"0"`
		ScheduleID desk.ID           `json:"schedule_id,omitempty" minimum:"0"`
	}
}

type editChannel struct {
	rest.ByID
	Body struct {
		Name       *string            `json:"name,omitempty" minLength:"1" maxLength:"60"`
		Settings   json.RawMessage    `json:"settings,omitempty" doc:"Replaces all settings"`
		Secrets    map[string]string  `json:"secrets,omitempty" doc:"Those to change, by name; empty takes one away"`
		TeamID     *desk.ID           `json:"team_id,omitempty" minimum:"0"`
		ScheduleID *desk.ID           `json:"schedule_id,omitempty" minimum:"0"`
		Automation *view.Automation   `json:"automation,omitempty" doc:"Replaces all of it"`
		State      *desk.ChannelState `json:"state,omitempty" enum:"active,disabled"`
		Version    int64              `json:"version" minimum:"1" doc:"The version that was seen; 409 edited_meanwhile if it is older than the record"`
	}
}

type listChannels struct {
	Deleted bool `query:"deleted" doc:"Those that were deleted, too, as far as they have conversations: their history stays (H3)"`
}

type identifySecret struct {
	Secret string `json:"secret" doc:"Shown once. It signs HS256 tokens for identify; its predecessor stays valid."`
}

func (a *API) channels(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-channel-kinds", Method: http.MethodGet, Path: "/channel-kinds", Tag: "Channels",
		Summary: "What can be connected, as data", Can: rest.SignedIn}, a.listKinds)
	rest.Add(api, rest.Op{ID: "get-channel-kind", Method: http.MethodGet, Path: "/channel-kinds/{kind}", Tag: "Channels",
		Summary: "One kind with its texts", Can: rest.SignedIn}, a.getKind)
	rest.Add(api, rest.Op{ID: "probe-channel", Method: http.MethodPost, Path: "/channels/{id}/probe", Tag: "Channels",
		Summary: "Ask the provider whether the settings are right", Can: auth.ChannelManage}, a.probeChannel)
	rest.Add(api, rest.Op{ID: "subscribe-channel", Method: http.MethodPost, Path: "/channels/{id}/subscription", Tag: "Channels",
		Summary: "Tell the provider where to call us", Can: auth.ChannelManage}, a.subscribeChannel)
	rest.Add(api, rest.Op{ID: "list-channels", Method: http.MethodGet, Path: "/channels", Tag: "Channels",
		Summary: "All channels", Can: rest.SignedIn, Description: "Settings and snippet are empty for those who may not manage channels, and of deleted channels."}, a.listChannels)
	rest.Add(api, rest.Op{ID: "post-channel", Method: http.MethodPost, Path: "/channels", Tag: "Channels",
		Summary: "Connect a channel", Can: auth.ChannelManage, Status: http.StatusCreated, Idempotent: true}, a.postChannel)
	rest.Add(api, rest.Op{ID: "get-channel", Method: http.MethodGet, Path: "/channels/{id}", Tag: "Channels",
		Summary: "One channel", Can: auth.ChannelManage}, a.getChannel)
	rest.Add(api, rest.Op{ID: "edit-channel", Method: http.MethodPatch, Path: "/channels/{id}", Tag: "Channels",
		Summary: "Change a channel", Can: auth.ChannelManage}, a.editChannel)
	rest.Add(api, rest.Op{ID: "delete-channel", Method: http.MethodDelete, Path: "/channels/{id}", Tag: "Channels",
		Summary: "Delete a channel; its history stays", Can: auth.ChannelManage}, a.deleteChannel)
	rest.Add(api, rest.Op{ID: "rotate-identify-secret", Method: http.MethodPost, Path: "/channels/{id}/identify-secret", Tag: "Channels",
		Summary: "Make a new secret for identify", Can: auth.ChannelManage, Status: http.StatusCreated, Idempotent: true}, a.rotateIdentifySecret)
}

const maxSettings = 64 << 10 // bytes

// channelOf maps a channel; its settings and snippet are for those who manage channels.
func (a *API) channelOf(c *rest.Caller, ch desk.Channel) view.Channel {
	v := view.ChannelOf(ch)
	v.Settings = json.RawMessage("{}")
	v.FilesAsLinks = a.Channels.FilesAsLinks(ch)
	if !c.Can(auth.ChannelManage) || ch.State == desk.ChannelDeleted {
		return v
	}
	if len(ch.Settings) > 0 {
		v.Settings = ch.Settings
	}
	v.Health = view.HealthOf(ch.Health, true)
	v.Automation = view.AutomationOf(ch.Automation)
	if ch.Hook != "" {
		// What cannot be opened (the key changed) shows as not kept: it has to be typed in again.
		v.Copied, _ = a.Connect.Copied(c.Workspace().ID, ch)
		v.SecretsSet, _ = a.Connect.Kept(c.Workspace().ID, ch)
	}
	if ch.Kind == webchat {
		v.Snippet = `<script async src="` + a.PublicURL + `/widget/` + ch.Account + `.js"></script>`
	}
	return v
}

const webchat = "webchat"

func (a *API) listChannels(ctx context.Context, in *listChannels) (list rest.Items[view.Channel], err error) {
	err = a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		all, err := r.Channels().List()
		if err == nil && in.Deleted {
			var gone []desk.Channel
			gone, err = r.Channels().Deleted()
			all = append(all, gone...)
		}
		list = rest.NewItems(rest.Views(all, func(ch desk.Channel) view.Channel { return a.channelOf(c, ch) }))
		return err
	})
	return list, err
}

// present reads a channel that is not deleted: the history of a deleted one stays, its settings are gone (H3).
func present(r store.Reader, id desk.ID) (desk.Channel, error) {
	ch, err := r.Channels().Get(id)
	if err == nil && ch.State == desk.ChannelDeleted {
		err = desk.NotFound("channel")
	}
	return ch, err
}

func (a *API) getChannel(ctx context.Context, in *rest.ByID) (v view.Channel, err error) {
	err = a.read(ctx, func(r store.Reader, c *rest.Caller) error {
		ch, err := present(r, in.ID)
		if err != nil {
			return err
		}
		v, err = a.wholeChannel(r, c, ch)
		return err
	})
	return v, err
}

// checkSettings looks at their shape, and at web chat's content; the others' are looked at by connect.
func (a *API) checkSettings(kind string, settings json.RawMessage) error {
	connector, err := a.Channels.Get(kind)
	if err != nil {
		return err
	}
	if len(settings) > maxSettings {
		return desk.Invalid("settings", "too_long", "settings of %d bytes", len(settings))
	}
	var object map[string]json.RawMessage
	if err := json.Unmarshal(settings, &object); err != nil || object == nil {
		return desk.Invalid("settings", "settings_invalid", "settings are a JSON object")
	}
	if v, ok := connector.(channel.Validator); ok && connector.Spec().Local {
		return v.Validate(settings)
	}
	return nil
}

// checkPlaces refuses a team or schedule that is not here.
func checkPlaces(r store.Reader, team, schedule desk.ID) error {
	if team != 0 {
		if _, err := r.Teams().Get(team); err != nil {
			return err
		}
	}
	if schedule != 0 {
		if _, err := r.Schedules().Get(schedule); err != nil {
			return err
		}
	}
	return nil
}

func (a *API) postChannel(ctx context.Context, in *postChannel) (view.Channel, error) {
	b := in.Body
	if len(bytes.TrimSpace(b.Settings)) == 0 {
		b.Settings = json.RawMessage("{}")
	}
	if err := a.checkSettings(b.Kind, b.Settings); err != nil {
		return view.Channel{}, err
	}
	if b.Name = desk.CleanName(b.Name); b.Name == "" {
		return view.Channel{}, desk.Invalid("name", "name_missing", "a channel has a name")
	}
	repeat := rest.From(ctx).Repeat
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (v view.Channel, err error) {
		ch := desk.Channel{
			ID: tx.NewID(), Kind: b.Kind, Name: b.Name, Account: account.NewChannelAccount(), State: desk.ChannelActive,
			Settings: b.Settings, TeamID: b.TeamID, ScheduleID: b.ScheduleID, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1,
		}
		before, seen, err := account.Once(tx, c.Account(), "channel", repeat, ch.ID)
		if err != nil {
			return v, err
		}
		if seen {
			ch, err := tx.Channels().Get(before)
			return a.channelOf(c, ch), err
		}
		if err := checkPlaces(tx, ch.TeamID, ch.ScheduleID); err != nil {
			return v, err
		}
		brands, err := tx.Workspaces().Brands()
		if err != nil {
			return v, err
		}
		if len(brands) > 0 {
			ch.BrandID = brands[0].ID
		}
		workspace := c.Workspace().ID
		if err := a.Connect.Prepare(workspace, &ch); err != nil {
			return v, err
		}
		if err := a.Connect.Change(workspace, &ch, nil, b.Secrets); err != nil {
			return v, err
		}
		changed(tx, c, desk.EventChannelChanged, ch.ID)
		return a.channelOf(c, ch), tx.WriteChannels().Put(ch)
	})
}

func (a *API) editChannel(ctx context.Context, in *editChannel) (view.Channel, error) {
	b := in.Body
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (v view.Channel, err error) {
		ch, err := present(tx, in.ID)
		if err != nil {
			return v, err
		}
		if ch.Version != b.Version {
			conflict := desk.Errorf(desk.KindConflict, "edited_meanwhile", "the channel is at version %d, not %d", ch.Version, b.Version)
			return v, rest.WithCurrent(conflict, a.channelOf(c, ch))
		}
		if len(b.Settings) > 0 {
			if err := a.checkSettings(ch.Kind, b.Settings); err != nil {
				return v, err
			}
		}
		if len(b.Settings) > 0 || len(b.Secrets) > 0 {
			var settings json.RawMessage
			if len(b.Settings) > 0 {
				settings = b.Settings
			}
			if err := a.Connect.Change(c.Workspace().ID, &ch, settings, b.Secrets); err != nil {
				return v, err
			}
		}
		if b.Name != nil {
			if ch.Name = desk.CleanName(*b.Name); ch.Name == "" {
				return v, desk.Invalid("name", "name_missing", "a channel has a name")
			}
		}
		if b.TeamID != nil {
			ch.TeamID = *b.TeamID
		}
		if b.ScheduleID != nil {
			ch.ScheduleID = *b.ScheduleID
		}
		if b.Automation != nil {
			if err := a.automate(tx, &ch, desk.Automation(*b.Automation)); err != nil {
				return v, err
			}
		}
		if b.State != nil {
			if ch.State = *b.State; ch.State == desk.ChannelActive {
				ch.State = connect.Enabled(ch)
			}
		}
		if err := checkPlaces(tx, ch.TeamID, ch.ScheduleID); err != nil {
			return v, err
		}
		return a.putChannel(tx, c, ch)
	})
}

// automate lets a channel say other things by itself.
func (a *API) automate(tx store.Tx, ch *desk.Channel, says desk.Automation) error {
	before := *ch
	was := before.Automation
	ch.Automation = says
	if err := says.Validate(); err != nil {
		return err
	}
	const notice = "automation.auto_close.notice_templates"
	if err := automate.CheckTemplates(tx, *ch, notice, says.AutoClose.NoticeTemplates, was.AutoClose.NoticeTemplates); err != nil {
		return err
	}
	if err := survey.Check(tx, a.Channels, *ch, was.SurveyDesign); err != nil {
		return err
	}
	return trigger.SavedClosing(tx, before, *ch)
}

func (a *API) putChannel(tx store.Tx, c *rest.Caller, ch desk.Channel) (view.Channel, error) {
	ch.Version++
	ch.UpdatedAt = tx.Now()
	changed(tx, c, desk.EventChannelChanged, ch.ID)
	if err := tx.WriteChannels().Put(ch); err != nil {
		return view.Channel{}, err
	}
	return a.wholeChannel(tx, c, ch)
}

// wholeChannel is channelOf with what the channel would say by itself now.
func (a *API) wholeChannel(r store.Reader, c *rest.Caller, ch desk.Channel) (view.Channel, error) {
	v := a.channelOf(c, ch)
	v.Says = map[desk.Locale]view.AutomationTexts{}
	for _, l := range locale.Locales() {
		texts, err := automate.TextsOf(r, ch, l, a.now())
		if err != nil {
			return v, err
		}
		v.Says[l] = view.AutomationTexts(texts)
	}
	return v, nil
}

func (a *API) deleteChannel(ctx context.Context, in *rest.ByID) (rest.None, error) {
	left, err := result(ctx, a, func(tx store.Tx, c *rest.Caller) (desk.Channel, error) {
		ch, err := present(tx, in.ID)
		if err != nil {
			return ch, err
		}
		left := ch
		ch.State, ch.Secrets = desk.ChannelDeleted, nil
		_, err = a.putChannel(tx, c, ch)
		return left, err
	})
	if err == nil {
		a.Connect.Leave(ctx, rest.CallerOf(ctx).Workspace().ID, left)
	}
	return rest.None{}, err
}

func (a *API) rotateIdentifySecret(ctx context.Context, in *rest.ByID) (identifySecret, error) {
	fresh, repeat := auth.NewIdentifySecret(), rest.From(ctx).Repeat
	return result(ctx, a, func(tx store.Tx, c *rest.Caller) (out identifySecret, err error) {
		ch, err := present(tx, in.ID)
		if err != nil {
			return out, err
		}
		if ch.Kind != webchat {
			return out, desk.NotFound("channel")
		}
		workspace := c.Workspace().ID
		secrets, err := channel.OpenSecrets(a.Sealer, workspace, ch)
		if err != nil {
			return out, err
		}
		// A repeated request must not rotate again: the site's present secret would stop being the predecessor.
		_, seen, err := account.Once(tx, c.Account(), "identify_secret/"+ch.ID.String(), repeat, ch.ID)
		if err != nil {
			return out, err
		}
		if seen {
			return identifySecret{Secret: secrets[channel.SecretIdentify]}, nil
		}
		if current := secrets[channel.SecretIdentify]; current != "" {
			secrets[channel.SecretIdentifyPrevious] = current
		}
		secrets[channel.SecretIdentify] = fresh
		if ch.Secrets, err = channel.SealSecrets(a.Sealer, workspace, ch.ID, secrets); err != nil {
			return out, err
		}
		_, err = a.putChannel(tx, c, ch)
		return identifySecret{Secret: fresh}, err
	})
}
