package profile_test

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/profile"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

// provider knows who U1 is.
type provider struct {
	channel.Connector
	asked *atomic.Int32
	fault *error
}

func (p provider) Profile(_ context.Context, a channel.Account, who channel.Peer) (channel.Profile, error) {
	p.asked.Add(1)
	if *p.fault != nil {
		return channel.Profile{}, *p.fault
	}
	if who.ExternalID != "U1" || a.Secrets["token"] != "t" {
		return channel.Profile{}, errors.New("asked about somebody else, or without the credentials")
	}
	return channel.Profile{Name: " 花子\x00 ", Locale: "ja"}, nil
}

const space desk.ID = 5

type world struct {
	store   store.Store
	service *profile.Service
	asked   atomic.Int32
	fault   error
	now     atomic.Int64
	id      desk.ID
}

func newWorld(t *testing.T, name string) *world {
	t.Helper()
	w := &world{store: storetest.SQLite(t)}
	w.now.Store(time.Date(2026, 11, 21, 0, 0, 0, 0, time.UTC).UnixMilli())
	w.service = profile.New(profile.Config{
		Store: w.store, Now: func() time.Time { return time.UnixMilli(w.now.Load()) },
		Account: func(_ desk.ID, c desk.Channel) (channel.Connector, channel.Account, error) {
			return provider{asked: &w.asked, fault: &w.fault}, channel.Account{Channel: c, Secrets: map[string]string{"token": "t"}}, nil
		},
	})
	if err := w.store.Update(t.Context(), 0, func(tx store.Tx) error {
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: space, Name: "w", CreatedAt: tx.Now()})
	}); err != nil {
		t.Fatal(err)
	}
	id, err := store.Result(t.Context(), w.store, space, func(tx store.Tx) (desk.ID, error) {
		ch := desk.Channel{ID: tx.NewID(), Kind: "x", Name: "x", Account: "a", State: desk.ChannelActive, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1}
		if err := tx.WriteChannels().Put(ch); err != nil {
			return 0, err
		}
		c := desk.Contact{ID: tx.NewID(), Name: name, CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1}
		if err := tx.WriteContacts().Put(c); err != nil {
			return 0, err
		}
		i := desk.Identity{ID: tx.NewID(), ContactID: c.ID, ChannelID: ch.ID, Kind: "x", Scope: "s", ExternalID: "U1", CreatedAt: tx.Now()}
		return i.ID, tx.WriteContacts().PutIdentity(i)
	})
	if err != nil {
		t.Fatal(err)
	}
	w.id = id
	return w
}

// contact is the person as the desk knows them.
func (w *world) contact(t *testing.T) (c desk.Contact) {
	t.Helper()
	if err := w.store.View(t.Context(), space, func(r store.Reader) error {
		i, err := r.Contacts().Identity(w.id)
		if err == nil {
			c, err = r.Contacts().Get(i.ContactID)
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestWhoHasNoNameIsAskedAbout(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.service.Met(space, w.id)
	w.service.Met(space, w.id) // at once again: nobody is bothered twice
	if n := w.service.Waiting(); n != 1 {
		t.Errorf("%d wait", n)
	}
	w.service.Drain(t.Context())
	if c := w.contact(t); c.Name != "花子" || c.Locale != "ja" || c.Version != 2 {
		t.Errorf("the desk knows %+v", c)
	}
	events, err := w.store.Events(t.Context(), space, 0, 10)
	if err != nil || len(events) == 0 || events[len(events)-1].Kind != desk.EventContactChanged {
		t.Errorf("told: %+v, %v", events, err)
	}
}

func TestANameThatIsThereStays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "山田")
	w.service.Met(space, w.id)
	w.service.Drain(t.Context())
	if c := w.contact(t); c.Name != "山田" || w.asked.Load() != 0 {
		t.Errorf("%+v after %d questions", c, w.asked.Load())
	}
}

func TestAProviderThatDoesNotTellIsAskedAgainLater(t *testing.T) {
	t.Parallel()
	w := newWorld(t, "")
	w.fault = &channel.Fault{Kind: channel.ActRetry, Code: "no_answer", Err: errors.New("nobody there")}
	w.service.Met(space, w.id)
	w.service.Drain(t.Context())
	w.fault = nil
	w.service.Met(space, w.id)
	w.service.Drain(t.Context())
	if c := w.contact(t); c.Name != "" || w.asked.Load() != 1 {
		t.Errorf("%+v after %d questions within the hour", c, w.asked.Load())
	}
	w.now.Add(time.Hour.Milliseconds())
	w.service.Met(space, w.id)
	w.service.Drain(t.Context())
	if c := w.contact(t); c.Name != "花子" {
		t.Errorf("an hour later: %+v", c)
	}
}
