package admin

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/health"
	"madoguchi/store"
	"madoguchi/view"
)

func (a *API) channelHealth(api huma.API) {
	rest.Add(api, rest.Op{ID: "get-channel-health", Method: http.MethodGet, Path: "/channels/{id}/health", Tag: "Channels",
		Summary: "What ails a channel, the one thing to fix first, and what its provider refused in the last day", Can: auth.ChannelManage}, a.getChannelHealth)
}

// ChannelReport is a channel's health for its page (H9).
type ChannelReport struct {
	Alerts []ChannelAlert `json:"alerts" doc:"The first is the one thing to fix"`
	Faults []ChannelFault `json:"faults" doc:"What the provider refused in the last day, newest first"`
}

// ChannelAlert is one thing that ails a channel.
type ChannelAlert struct {
	Code     string            `json:"code" enum:"auth_expired,suspended,setup_failed,rate_limited,degraded,misconfigured,check_failed,token_expires,webhook_silent,webhook_forged"`
	Severity desk.Severity     `json:"severity" enum:"error,warning"`
	Params   map[string]string `json:"params" doc:"reason, until, check, at, days or since"`
}

// ChannelFault is how often a provider refused for one reason within an hour.
type ChannelFault struct {
	Hour  view.Time `json:"hour" format:"date-time" doc:"When the hour began"`
	Code  string    `json:"code" doc:"The provider's; the channel's texts explain it"`
	Count int64     `json:"count"`
}

type getChannelHealth struct {
	ID desk.ID `path:"id"`
}

func (a *API) getChannelHealth(ctx context.Context, in *getChannelHealth) (ChannelReport, error) {
	var report health.Report
	err := a.Store.View(ctx, rest.CallerOf(ctx).Workspace().ID, func(r store.Reader) (err error) {
		report, err = health.Of(r, in.ID, a.Now())
		return err
	})
	v := ChannelReport{Alerts: []ChannelAlert{}, Faults: []ChannelFault{}}
	if err != nil {
		return v, err
	}
	for _, alert := range report.Alerts {
		params := alert.Params
		if params == nil {
			params = map[string]string{}
		}
		v.Alerts = append(v.Alerts, ChannelAlert{alert.Code, alert.Severity, params})
	}
	for _, f := range report.Faults {
		v.Faults = append(v.Faults, ChannelFault{view.At(f.Hour), f.Code, f.N})
	}
	return v, nil
}
