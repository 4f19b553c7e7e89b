package connect

import (
	"context"
	"fmt"
	"strings"

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
		return c, err
	}
	if found.Account == "" {
		if namer, ok := connector.(channel.AccountNamer); ok {
			found.Account = namer.AccountOf(c.Settings, account.Secrets)
		}
	}
	return store.Result(ctx, s.Store, workspace, func(tx store.Tx) (desk.Channel, error) {
		c, err := tx.Channels().Get(id)
		if err != nil {
			return c, err
		}
		err = s.keep(tx, &c, found, by)
		return c, err
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

// keep writes down what a probe found.
func (s *Service) keep(tx store.Tx, c *desk.Channel, found channel.Probed, by By) error {
	ok := found.OK()
	if ok && found.Account != "" && found.Account != c.Account {
		if !strings.HasPrefix(c.Account, pending) && !by.Confirmed {
			e := desk.Errorf(desk.KindConflict, "other_account", "the credentials are of account %s, not %s", found.Account, c.Account)
			e.Params = map[string]string{"account": found.Account, "title": found.Title, "before": c.Health.Title}
			return e
		}
		c.Account = found.Account
	}
	h := &c.Health
	h.ProbedAt = tx.Now()
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
	before := c.State
	if c.State = probed(c.State, ok, h.HookAt.IsZero()); c.State != before {
		h.Since, h.Reason, h.Detail = tx.Now(), "", ""
		if !ok {
			h.Reason = firstFailed(found.Checks)
		}
	}
	c.Version++
	c.UpdatedAt = tx.Now()
	if err := tx.WriteChannels().Put(*c); err != nil {
		return fmt.Errorf("put channel: %w", err)
	}
	e := desk.Event{Kind: desk.EventChannelChanged, At: tx.Now(), Actor: by.Actor, SubjectID: c.ID}
	if c.State != before {
		e.Changes = []desk.Change{{Field: "state", From: string(before), To: string(c.State)}}
	}
	tx.Emit(e)
	return nil
}

// probed is a channel's state after the provider was asked: what a working account mends, and what a refused one breaks.
func probed(state desk.ChannelState, ok, unheard bool) desk.ChannelState {
	switch state {
	case desk.ChannelSetupIncomplete, desk.ChannelSetupFailed, desk.ChannelAwaitingTest:
		switch {
		case !ok:
			return desk.ChannelSetupFailed
		case unheard:
			return desk.ChannelAwaitingTest
		}
		return desk.ChannelActive
	case desk.ChannelAuthExpired:
		if ok {
			return desk.ChannelActive
		}
	}
	return state
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
