package agent

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

// scoredFor is how far back estimates are held against what happened.
const scoredFor = 7 * 24 * time.Hour

func (a *API) waits(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-waits", Method: http.MethodGet, Path: "/waits", Tag: "Board",
		Summary: "How long customers of each team wait, as estimated and as it was", Can: auth.ConversationMonitor,
		Description: "Estimates of the last seven days are held against what happened: one is kept that was off by no more than a fifth or two minutes. " +
			"With a scope of teams, the caller's own."}, a.listWaits)
}

func (a *API) listWaits(ctx context.Context, _ *struct{}) (out rest.Items[view.TeamWait], err error) {
	err = a.readAll(ctx, func(r store.Reader, c *rest.Caller) error {
		scores, err := r.Waits().Scores(a.now().Add(-scoredFor))
		if err != nil {
			return err
		}
		teams, err := r.Teams().List()
		if err != nil {
			return err
		}
		all := []view.TeamWait{}
		for _, team := range teams {
			if c.Scope() != desk.ScopeAll && c.Scope() != "" && !slices.Contains(team.MemberIDs, c.User()) {
				continue
			}
			one := view.TeamWait{TeamID: team.ID}
			mean, samples, err := r.Waits().Mean(team.ID)
			if err != nil {
				return err
			}
			one.MeanSeconds, one.Samples = int64(mean/time.Second), samples
			if i := slices.IndexFunc(scores, func(s desk.WaitScore) bool { return s.TeamID == team.ID }); i >= 0 {
				one.Estimates, one.Kept, one.OffSeconds = scores[i].Estimates, scores[i].Kept, int64(scores[i].Off/time.Second)
			}
			all = append(all, one)
		}
		out = rest.NewItems(all)
		return nil
	})
	return out, err
}
