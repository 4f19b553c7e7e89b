package automate_test

import (
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/automate"
	"madoguchi/bus/membus"
	"madoguchi/channel"
	"madoguchi/channel/sms"
	"madoguchi/channel/webchat"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

const (
	workspace desk.ID = 1
	brand     desk.ID = 5
	number    desk.ID = 10 // the SMS channel
	schedule  desk.ID = 20
	token             = "0123456789abcdef0123456789abcdef"
	ours              = "+81501234567"
	customer          = "+819012345678"
)

// world is a desk with one SMS channel, on a clock of its own. 18:00 in Tokyo.
type world struct {
	store   store.Store
	now     *atomic.Int64
	inbound *inbound.Service
	voice   automate.Voice
	service *automate.Service
	sids    int
}

func each(t *testing.T, test func(t *testing.T, w *world)) {
	t.Helper()
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) { test(t, newWorld(t, open)) })
}

func newWorld(t *testing.T, open func(...storetest.Option) store.Store) *world {
	t.Helper()
	w := &world{now: &atomic.Int64{}}
	w.now.Store(time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC).UnixMilli())
	w.store = open(func(c *sqlstore.Config) { c.Clock = w.Now })
	must(t, w.store.Update(t.Context(), 0, func(tx store.Tx) error {
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "w", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", ReopenDays: 7, CreatedAt: tx.Now()})
	}))
	w.update(t, func(tx store.Tx) error {
		if err := tx.WriteWorkspaces().PutBrand(desk.Brand{ID: brand, Name: "みどり商店", CreatedAt: tx.Now()}); err != nil {
			return err
		}
		return tx.WriteChannels().Put(desk.Channel{
			ID: number, BrandID: brand, Kind: sms.Kind, Name: "SMS", Account: "MG1", State: desk.ChannelActive,
			Settings: json.RawMessage(`{"number":"` + ours + `"}`), CreatedAt: tx.Now(), UpdatedAt: tx.Now(), Version: 1,
		})
	})
	channels := channel.Registry{sms.Kind: sms.New(), webchat.Kind: webchat.New()}
	w.voice = automate.Voice{Channels: channels}
	w.service = automate.New(automate.Config{Store: w.store, Bus: membus.New(), Channels: channels, Now: w.Now})
	w.inbound = inbound.New(inbound.Config{
		Store: w.store, Channels: channels, Now: w.Now,
		Secrets: func(desk.ID, desk.Channel) (map[string]string, error) {
			return map[string]string{"auth_token": token}, nil
		},
	})
	return w
}

func (w *world) Now() time.Time          { return time.UnixMilli(w.now.Load()).UTC() }
func (w *world) advance(d time.Duration) { w.now.Add(d.Milliseconds()) }

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func (w *world) update(t *testing.T, fn func(store.Tx) error) {
	t.Helper()
	must(t, w.store.Update(t.Context(), workspace, fn))
}

func (w *world) view(t *testing.T, fn func(store.Reader) error) {
	t.Helper()
	must(t, w.store.View(t.Context(), workspace, fn))
}

// receive takes a message from a number, with further parameters of Twilio's.
func (w *world) receive(t *testing.T, from, text string, more ...string) {
	t.Helper()
	w.sids++
	form := url.Values{"MessageSid": {"SM" + strconv.Itoa(w.sids)}, "From": {from}, "To": {ours}, "Body": {text}}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	mac := hmac.New(sha1.New, []byte(token))
	for _, name := range slices.Sorted(maps.Keys(form)) {
		mac.Write([]byte(name + form.Get(name)))
	}
	header := http.Header{"X-Twilio-Signature": {base64.StdEncoding.EncodeToString(mac.Sum(nil))}}
	_, err := w.inbound.Accept(t.Context(), inbound.Call{Workspace: workspace, Channel: number, Request: channel.Request{
		Method: http.MethodPost, URL: "/hooks/sms", Header: header, Body: []byte(form.Encode()),
	}})
	must(t, err)
}

// thread is a number's conversation, with how they stand.
type thread struct {
	desk.Conversation
	desk.Standing
	messages []desk.Message
}

func (w *world) thread(t *testing.T, from string) (th thread) {
	t.Helper()
	w.view(t, func(r store.Reader) error {
		i, err := r.Contacts().IdentityByKey(sms.Kind, "channel:"+number.String(), from)
		if err != nil {
			return err
		}
		th.Standing = i.Standing
		if th.Conversation, err = r.Conversations().ByIdentity(i.ID); err != nil {
			return err
		}
		th.messages, err = r.Messages().After(th.Conversation.ID, 0, 1000)
		return err
	})
	return th
}

// said are the texts that automations said, lines the codes of the system lines.
func (th thread) said() (texts []string) {
	for _, m := range th.messages {
		if m.Author.Kind == desk.AuthorAutomation {
			texts = append(texts, m.Text())
		}
	}
	return texts
}

func (th thread) lines() (codes []string) {
	for _, m := range th.messages {
		if m.System != nil {
			codes = append(codes, m.System.Code)
		}
	}
	return codes
}

// say lets an automation speak in a thread; silent is why it does not.
func (w *world) say(t *testing.T, th thread, words automate.Words) (silent string) {
	t.Helper()
	said, err := store.Result(t.Context(), w.store, workspace, func(tx store.Tx) (automate.Said, error) {
		row, err := tx.WriteConversations().Lock(th.Conversation.ID)
		if err != nil {
			return automate.Said{}, err
		}
		return w.voice.Say(tx, &row, words)
	})
	must(t, err)
	return said.Silent
}

func text(s string) []desk.Part { return []desk.Part{{Kind: desk.PartText, Text: s}} }

// stand changes how somebody stands.
func (w *world) stand(t *testing.T, th thread, change func(*desk.Standing)) {
	t.Helper()
	w.update(t, func(tx store.Tx) error {
		i, err := tx.Contacts().Identity(th.IdentityID)
		if err != nil {
			return err
		}
		change(&i.Standing)
		return tx.WriteContacts().SetStanding(i.ID, i.Standing)
	})
}

// events are those of the log.
func (w *world) events(t *testing.T) []desk.Event {
	t.Helper()
	all, err := w.store.Events(t.Context(), workspace, 0, 10_000)
	must(t, err)
	return all
}
