package connect

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// By is who connects, for the event.
type By struct {
	Actor desk.Actor
	// Confirmed: the channel may be given another account than it had (H8).
	Confirmed bool
}

// Probe asks the provider about a channel's account and keeps what it found: checks, facts, the account's id and the channel's
// state (B1.4, B1.6). Errors: desk.KindInvalid "setting_missing" with its field; "provider_refused" or "provider_silent"
// (unavailable); "other_account" (conflict) where the credentials are another account's than before and nobody confirmed it
// (H8); "channel_taken" (conflict) where the account is connected already.
func (s *Service) Probe(ctx context.Context, workspace, id desk.ID, by By) (desk.Channel, error) {
	c, err := s.read(ctx, workspace, id)
	if err != nil {
		return c, err
	}
	connector, account, err := s.Account(workspace, c)
	if err != nil {
		return c, err
	}
	prober, ok := connector.(channel.Prober)
	if !ok {
		return c, desk.NotFound("probe")
	}
	if field := missing(connector.Spec(), c.Settings, account.Secrets); field != "" {
		return c, desk.Invalid(field, "setting_missing", "the provider cannot be asked without it")
	}
	found, err := ask(ctx, func(ctx context.Context) (channel.Probed, error) { return prober.Probe(ctx, account) })
	if err != nil {
		return c, errors.Join(err, s.expire(ctx, workspace, id, err))
	}
	if found.Account == "" {
		if namer, ok := connector.(channel.AccountNamer); ok {
			found.Account = namer.AccountOf(c.Settings, account.Secrets)
		}
	}
	kept, err := store.Result(ctx, s.Store, workspace, func(tx store.Tx) (desk.Channel, error) {
		now, err := tx.Channels().Get(id)
		if err != nil {
			return now, err
		}
		return s.keep(tx, connector.Spec(), now, found, by)
	})
	if err != nil || connected(c) || !connected(kept) {
		return kept, err
	}
	if err := s.follow(ctx, workspace, kept); err != nil { // C3.1: templates are brought in step on connect
		s.Log.WarnContext(ctx, "bring templates in step", "channel", id, "err", err)
	}
	return kept, s.Store.Queue().Pause(ctx, workspace, id, time.Time{}) // what waited for another account or token goes now
}

// expire keeps that the provider refused the credentials instead of answering (H2).
func (s *Service) expire(ctx context.Context, workspace, id desk.ID, refusal error) error {
	var f *channel.Fault
	if !errors.As(refusal, &f) || f.Kind != channel.ActToken {
		return nil
	}
	return s.Store.Update(ctx, workspace, func(tx store.Tx) error {
		before, err := tx.Channels().Get(id)
		if err != nil {
			return err
		}
		after, told := before.Ailing(desk.AilmentCredentials, f.Code, f.OnMessage().Detail, time.Time{}, tx.Now())
		return store.ChangeChannel(tx, before, after, desk.Actor{Kind: desk.ActorSystem}, told...)
	})
}

func (s *Service) read(ctx context.Context, workspace, id desk.ID) (c desk.Channel, err error) {
	err = s.Store.View(ctx, workspace, func(r store.Reader) error {
		c, err = r.Channels().Get(id)
		if err == nil && c.State == desk.ChannelDeleted {
			err = desk.NotFound("channel")
		}
		return err
	})
	return c, err
}

// keep writes down what a probe found, and tells admins what it broke unless one of them asked for it.
func (s *Service) keep(tx store.Tx, spec channel.Spec, before desk.Channel, found channel.Probed, by By) (desk.Channel, error) {
	c := before
	if found.OK() && found.Account != "" && found.Account != c.Account {
		if !strings.HasPrefix(c.Account, pending) && !by.Confirmed {
			e := desk.Errorf(desk.KindConflict, "other_account", "the credentials are of account %s, not %s", found.Account, c.Account)
			e.Params = map[string]string{"account": found.Account, "title": found.Title, "before": c.Health.Title}
			return c, e
		}
		c.Account = found.Account
	}
	note(&c.Health, found, tx.Now())
	if c.State = probed(c.State, found, spec, c.Health.HookAt.IsZero()); c.State != before.State {
		h := &c.Health
		h.Since, h.Reason, h.Detail, h.Until = tx.Now(), firstFailed(found.Checks), "", time.Time{}
	}
	if found.OK() {
		c.Health.Misfit = ""
	}
	c.Version++
	c.UpdatedAt = tx.Now()
	var told []desk.Alert
	if c.State != before.State && by.Actor.Kind == desk.ActorSystem {
		told = c.TellState(tx.Now())
	}
	return c, store.PutChannel(tx, before, c, by.Actor, told...)
}

// note takes what a probe found into a channel's health.
func note(h *desk.ChannelHealth, found channel.Probed, now time.Time) {
	h.ProbedAt = now
	if !found.TokenExpires.IsZero() { // else what renewing told holds
		h.TokenExpires = found.TokenExpires
	}
	if found.Title != "" {
		h.Title = found.Title
	}
	h.Checks, h.Facts = nil, nil
	for _, check := range found.Checks {
		h.Checks = append(h.Checks, desk.HealthCheck{Code: check.Code, State: string(check.State), Field: check.Field, Params: check.Params})
	}
	for _, fact := range found.Facts {
		h.Facts = append(h.Facts, [2]string{fact.Name, fact.Value})
	}
}

// probed is a channel's state after the provider was asked: what a working account mends, and what a refused one breaks.
func probed(state desk.ChannelState, found channel.Probed, spec channel.Spec, unheard bool) desk.ChannelState {
	switch state {
	case desk.ChannelSetupIncomplete, desk.ChannelSetupFailed, desk.ChannelAwaitingTest:
		switch {
		case !found.OK():
			return desk.ChannelSetupFailed
		case unheard:
			return desk.ChannelAwaitingTest
		}
		return desk.ChannelActive
	case desk.ChannelActive, desk.ChannelDegraded, desk.ChannelRateLimited:
		if credentialsFailed(found, spec) {
			return desk.ChannelAuthExpired
		}
	case desk.ChannelAuthExpired, desk.ChannelSuspended:
		if found.OK() {
			return desk.ChannelActive
		}
	}
	return state
}

// credentialsFailed reports whether a check failed that a new secret would mend.
func credentialsFailed(found channel.Probed, spec channel.Spec) bool {
	return slices.ContainsFunc(found.Checks, func(c channel.Check) bool {
		return c.State == channel.CheckFailed && slices.ContainsFunc(spec.Settings, func(s channel.Setting) bool {
			return s.Name == c.Field && s.Type == "secret"
		})
	})
}

func firstFailed(checks []channel.Check) string {
	for _, check := range checks {
		if check.State == channel.CheckFailed {
			return check.Code
		}
	}
	return ""
}

// Subscribe tells the provider where to call us. Errors: desk.NotFound "subscription" where the provider has it typed in by
// hand; "public_url_missing" (conflict) where the server does not know its own address; "provider_refused", "provider_silent".
func (s *Service) Subscribe(ctx context.Context, workspace, id desk.ID) error {
	c, err := s.read(ctx, workspace, id)
	if err != nil {
		return err
	}
	connector, account, err := s.Account(workspace, c)
	if err != nil {
		return err
	}
	subscriber, ok := connector.(channel.Subscriber)
	if !ok {
		return desk.NotFound("subscription")
	}
	if account.Callback == "" {
		return desk.Errorf(desk.KindConflict, "public_url_missing", "start the server with its public address: --public-url")
	}
	_, err = ask(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, subscriber.Subscribe(ctx, account) })
	return err
}

// Leave takes our callback back from the provider of a channel that goes. Whether it succeeds changes nothing for us: what is
// still called finds nobody.
func (s *Service) Leave(ctx context.Context, workspace desk.ID, c desk.Channel) {
	connector, account, err := s.Account(workspace, c)
	if err != nil {
		s.Log.WarnContext(ctx, "leave provider", "channel", c.ID, "err", err)
		return
	}
	subscriber, ok := connector.(channel.Subscriber)
	if !ok || account.Callback == "" || strings.HasPrefix(c.Account, pending) {
		return
	}
	if _, err := ask(ctx, func(ctx context.Context) (struct{}, error) { return struct{}{}, subscriber.Unsubscribe(ctx, account) }); err != nil {
		s.Log.WarnContext(ctx, "leave provider", "channel", c.ID, "err", err)
	}
}
