package connect_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// renewing is a provider whose tokens are renewed.
type renewing struct {
	fake
	asked   *[]string // with which tokens
	renewed *channel.Renewed
	during  *func()
}

func (f renewing) Renew(_ context.Context, a channel.Account) (channel.Renewed, error) {
	*f.asked = append(*f.asked, a.Secrets["token"])
	(*f.during)()
	if f.renewed.Secrets == nil && *f.fault != nil {
		return channel.Renewed{}, *f.fault
	}
	return *f.renewed, nil
}

func TestCredentialsAreRenewedBeforeTheyRunOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var asked []string
	during, renewed := func() {}, channel.Renewed{}
	w.service.Channels["fake"] = renewing{fake{found: &w.found, fault: &w.fault, subscribed: &w.subscribed}, &asked, &renewed, &during}
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	w.service.Now = func() time.Time { return now }
	c := w.fill(t, w.add(t, before))
	turn := func() desk.Channel {
		t.Helper()
		if err := w.service.RoundsOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := w.store.View(t.Context(), space, func(r store.Reader) (err error) { c, err = r.Channels().Get(before); return err }); err != nil {
			t.Fatal(err)
		}
		return c
	}
	if turn(); len(asked) != 0 {
		t.Error("nothing is connected yet")
	}
	c.State = desk.ChannelActive
	w.put(t, c)
	w.fault = &channel.Fault{Kind: channel.ActFail, Code: "100", Err: errors.New("too young")}
	if turn(); len(asked) != 1 || !c.Health.TokenExpires.IsZero() {
		t.Errorf("refused: asked with %v, %+v", asked, c.Health)
	}
	renewed = channel.Renewed{Secrets: map[string]string{"token": "99999999"}, Expires: now.Add(60 * 24 * time.Hour)}
	if turn(); len(asked) != 2 || asked[1] != "0123abcd" || !c.Health.TokenExpires.Equal(renewed.Expires) {
		t.Errorf("asked with %v, %+v", asked, c.Health)
	}
	now = now.Add(50*24*time.Hour - 1)
	if turn(); len(asked) != 2 {
		t.Error("asked before it is time")
	}
	now = now.Add(1)
	during = func() { // an admin types another one meanwhile
		typed := c
		if err := w.service.Change(space, &typed, nil, map[string]string{"token": "aaaaaaaa"}); err != nil {
			t.Error(err)
		}
		w.put(t, typed)
	}
	if turn(); len(asked) != 3 || asked[2] != "99999999" || !c.Health.TokenExpires.IsZero() {
		t.Errorf("asked with %v, %+v", asked, c.Health)
	}
	during = func() {}
	if turn(); len(asked) != 4 || asked[3] != "aaaaaaaa" {
		t.Errorf("what the admin typed stays: asked with %v", asked)
	}
}
