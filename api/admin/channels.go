package admin

import (
	"encoding/json"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/view"
)

type postChannel struct {
	Body struct {
		Kind       string          `json:"kind" minLength:"1" maxLength:"40"`
		Name       string          `json:"name" minLength:"1" maxLength:"60"`
		Settings   json.RawMessage `json:"settings,omitempty" doc:"As channel-kinds describes them"`
		TeamID     desk.ID         `json:"team_id,omitempty" minimum:"0"`
		ScheduleID desk.ID         `json:"schedule_id,omitempty" minimum:"0"`
	}
}

type editChannel struct {
	byID
	Body struct {
		Name       *string            `json:"name,omitempty" minLength:"1" maxLength:"60"`
		Settings   json.RawMessage    `json:"settings,omitempty" doc:"Replaces all settings"`
		TeamID     *desk.ID           `json:"team_id,omitempty" minimum:"0"`
		ScheduleID *desk.ID           `json:"schedule_id,omitempty" minimum:"0"`
		State      *desk.ChannelState `json:"state,omitempty" enum:"active,disabled"`
		Version    int64              `json:"version" minimum:"1" doc:"The version that was seen; 409 edited_meanwhile if it is older than the record"`
	}
}

type identifySecret struct {
	Secret string `json:"secret" doc:"Shown once. It signs HS256 tokens for identify; its predecessor stays valid."`
}

func (a *API) channels(api huma.API) {
	rest.Add[struct{}, rest.Items[channel.Spec]](api, rest.Op{ID: "list-channel-kinds", Method: http.MethodGet, Path: "/channel-kinds", Tag: "Channels",
		Summary: "What can be connected, as data", Can: rest.SignedIn}, nil)
	rest.Add[struct{}, rest.Items[view.Channel]](api, rest.Op{ID: "list-channels", Method: http.MethodGet, Path: "/channels", Tag: "Channels",
		Summary: "All channels", Can: rest.SignedIn, Description: "Settings and snippet are empty for those who may not manage channels."}, nil)
	rest.Add[postChannel, view.Channel](api, rest.Op{ID: "post-channel", Method: http.MethodPost, Path: "/channels", Tag: "Channels",
		Summary: "Connect a channel", Can: "channel.manage", Status: http.StatusCreated, Idempotent: true}, nil)
	rest.Add[byID, view.Channel](api, rest.Op{ID: "get-channel", Method: http.MethodGet, Path: "/channels/{id}", Tag: "Channels",
		Summary: "One channel", Can: "channel.manage"}, nil)
	rest.Add[editChannel, view.Channel](api, rest.Op{ID: "edit-channel", Method: http.MethodPatch, Path: "/channels/{id}", Tag: "Channels",
		Summary: "Change a channel", Can: "channel.manage"}, nil)
	rest.Add[byID, rest.None](api, rest.Op{ID: "delete-channel", Method: http.MethodDelete, Path: "/channels/{id}", Tag: "Channels",
		Summary: "Delete a channel; its history stays", Can: "channel.manage"}, nil)
	rest.Add[byID, identifySecret](api, rest.Op{ID: "rotate-identify-secret", Method: http.MethodPost, Path: "/channels/{id}/identify-secret", Tag: "Channels",
		Summary: "Make a new secret for identify", Can: "channel.manage", Status: http.StatusCreated}, nil)
}
