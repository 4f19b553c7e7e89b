package automate_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/automate"
	"madoguchi/bus"
	"madoguchi/bus/membus"
	"madoguchi/channel"
	"madoguchi/channel/all"
	"madoguchi/channel/channeltest"
	"madoguchi/desk"
	"madoguchi/inbound"
	"madoguchi/inbox"
	"madoguchi/outbox"
	"madoguchi/seal"
	"madoguchi/sim"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
	"madoguchi/survey"
	"madoguchi/trigger"
)

// shop is a desk with one channel of a kind, connected to its provider in the simulator, with everything that speaks by itself.
type shop struct {
	*channeltest.Exchange
	t       *testing.T
	store   store.Store
	bus     *membus.Bus
	ahead   atomic.Int64 // time.Duration that everybody's clock was put forward
	changed chan struct{}

	inbound  *inbound.Service
	members  *inbox.Service
	answers  *automate.Service
	surveys  *survey.Service
	triggers *trigger.Service
}

const (
	rests   = 3 * 24 * time.Hour // until a case that waits for the customer is closed
	noticed = time.Hour          // before it the customer is told
	member  = desk.ID(30)
)

// made are the secrets that the desk makes, by the setting's name; each fits its provider's rules.
var made = map[string]string{
	"verify_token": "verify-token", "hook_secret": "hook_secret-1", "token": "madoguchi_token", "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
}

var automation = desk.Automation{
	Acknowledge: true, AckTexts: map[desk.Locale]string{desk.LocaleJA: "受け付けました。"}, TellWait: true, Survey: true,
	AutoClose: desk.AutoClose{AgentMinutes: int(rests.Minutes()), NoticeMinutes: int(noticed.Minutes())},
}

func newShop(t *testing.T, kind string) *shop {
	t.Helper()
	connectors := all.Connectors()
	connector, err := connectors.Get(kind)
	must(t, err)
	form := channeltest.Form{Made: map[string]string{}}
	for _, setting := range connector.Spec().Settings {
		if setting.Type == "made" {
			form.Made[setting.Name] = made[setting.Name]
		}
	}
	s := &shop{Exchange: channeltest.NewExchange(t, connector, form), t: t, bus: membus.New(), changed: make(chan struct{}, 1)}
	s.Shop.SetReceipts(sim.ReceiptsSent)
	s.store = storetest.SQLite(t, func(c *sqlstore.Config) { c.Clock, c.OnCommit = s.Now, s.committed })
	must(t, s.store.Update(t.Context(), 0, func(tx store.Tx) error {
		if err := tx.WriteAccounts().PutUser(desk.User{ID: member, Email: "aoi@example.test", Name: "Aoi", CreatedAt: tx.Now()}); err != nil {
			return err
		}
		return tx.WriteWorkspaces().Put(desk.Workspace{ID: workspace, Name: "w", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", ReopenDays: 7, CreatedAt: tx.Now()})
	}))
	s.serve(connectors)
	s.connect()
	return s
}

// serve starts what a node runs; reactors work when a test says so.
func (s *shop) serve(connectors channel.Registry) {
	secrets := func(desk.ID, desk.Channel) (map[string]string, error) { return s.Account.Secrets, nil }
	quiet := slog.New(slog.DiscardHandler)
	hooks := httptest.NewServer(http.HandlerFunc(s.hook))
	s.t.Cleanup(hooks.Close)
	s.Account.Channel.Hook = "hook-1"
	s.Account.Callback = channel.HookURL(hooks.URL, s.Account.Channel)
	keys, err := seal.NewKeyring(make([]byte, seal.KeySize))
	must(s.t, err)
	s.inbound = inbound.New(inbound.Config{Store: s.store, Bus: s.bus, Channels: connectors, Secrets: secrets, Sealer: keys, PublicURL: hooks.URL, Now: s.Now, Log: quiet})
	s.members = inbox.New(inbox.Config{Store: s.store, Channels: connectors, Now: s.Now, Log: quiet})
	s.answers = automate.New(automate.Config{Store: s.store, Bus: s.bus, Channels: connectors, Now: s.Now, Log: quiet})
	s.surveys = survey.New(survey.Config{Store: s.store, Bus: s.bus, Channels: connectors, Now: s.Now, Log: quiet})
	s.triggers = trigger.New(trigger.Config{Store: s.store, Bus: s.bus, Channels: connectors, Now: s.Now, Log: quiet})
	runner := outbox.New(outbox.Config{
		Store: s.store, Bus: s.bus, Channels: connectors, Worker: "test", Secrets: secrets, Now: s.Now, Log: quiet, Client: channeltest.Client(),
		BaseURL: func(string) string { return s.Shop.BaseURL() }, Backoff: func(int) time.Duration { return time.Minute }, // what waits is seen to wait
	})
	s.run(runner.Run)
	s.run(s.inbound.Run)
}

// run runs a part of the node until the test ends.
func (s *shop) run(part func(context.Context) error) {
	ctx, cancel := context.WithCancel(s.t.Context())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		if err := part(ctx); err != nil {
			s.t.Error(err)
		}
	}()
	s.t.Cleanup(func() { cancel(); <-ended })
}

// connect writes the channel down and tells the provider where to call.
func (s *shop) connect() {
	s.t.Helper()
	probed, err := s.Connector.(channel.Prober).Probe(s.t.Context(), s.Account)
	must(s.t, err)
	s.Account.Channel.Account = probed.Account
	must(s.t, s.store.Update(s.t.Context(), workspace, func(tx store.Tx) error {
		if err := tx.WriteMembers().Put(desk.Member{UserID: member, Role: desk.RoleAgent, Active: true, CreatedAt: tx.Now()}); err != nil {
			return err
		}
		if err := tx.WriteWorkspaces().PutBrand(desk.Brand{ID: brand, Name: "みどり商店", CreatedAt: tx.Now()}); err != nil {
			return err
		}
		c := s.Account.Channel
		c.BrandID, c.Name, c.State, c.Automation, c.CreatedAt, c.UpdatedAt, c.Version = brand, c.Kind, desk.ChannelActive, automation, tx.Now(), tx.Now(), 1
		return tx.WriteChannels().Put(c)
	}))
	if subscriber, ok := s.Connector.(channel.Subscriber); ok {
		must(s.t, subscriber.Subscribe(s.t.Context(), s.Account))
	}
	if s.Shop.Console().Callback == "" { // it is typed in by hand there
		token := s.Account.Secrets["token"]
		if s.Account.Channel.Kind == "instagram" {
			token = s.Account.Secrets["verify_token"]
		}
		must(s.t, s.Shop.Configure(s.t.Context(), sim.Console{Callback: s.Account.Callback, Token: token, AESKey: s.Account.Secrets["aes_key"], Safe: true}))
	}
}

// hook takes what the provider tells.
func (s *shop) hook(w http.ResponseWriter, r *http.Request) {
	body, _ := io.ReadAll(r.Body) // what is cut off is refused as what it is
	request := channel.Request{Method: r.Method, URL: r.URL.RequestURI(), Header: r.Header, Body: body}
	reply, err := s.inbound.Hook(r.Context(), s.Account.Channel.Kind, s.Account.Channel.Hook, request)
	if err != nil {
		s.t.Errorf("%s: %v", body, err)
		w.WriteHeader(http.StatusForbidden)
		return
	}
	if reply.Type != "" {
		w.Header().Set("Content-Type", reply.Type)
	}
	w.WriteHeader(max(reply.Status, http.StatusOK))
	_, _ = w.Write(reply.Body)
}

func (s *shop) Now() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())).UTC() }

func (s *shop) committed(w desk.ID, _ int64, deliveries bool) {
	if deliveries {
		_ = s.bus.Publish(context.Background(), bus.Hint{Topic: bus.TopicOutbox, Workspace: w})
	}
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

// pass lets time pass for the desk and the provider, and what is due then happen.
func (s *shop) pass(d time.Duration) {
	s.t.Helper()
	s.ahead.Add(int64(d))
	s.Sim.Advance(d)
	must(s.t, s.bus.Publish(s.t.Context(), bus.Hint{Topic: bus.TopicOutbox, Workspace: workspace}))
	s.due()
}

// due lets happen what is due; a timer waits while the log goes on.
func (s *shop) due() bool {
	s.t.Helper()
	s.react()
	_, err := s.triggers.Due(s.t.Context())
	must(s.t, err)
	s.react()
	return true
}

// react works through the log until nothing follows from it any more.
func (s *shop) react() {
	s.t.Helper()
	for range 3 {
		for _, round := range []func(context.Context) error{s.answers.Round, s.triggers.Round, s.surveys.Round} {
			must(s.t, round(s.t.Context()))
		}
	}
}

// until waits for what commits bring about.
func (s *shop) until(what string, done func() bool) {
	s.t.Helper()
	never := time.After(2 * time.Minute) // not an assertion of speed: it will not come any more
	for !done() {
		select {
		case <-s.changed:
		case <-never:
			s.t.Fatalf("%s does not come: %v", what, s.messages())
		}
	}
}

func (s *shop) view(fn func(store.Reader) error) {
	s.t.Helper()
	must(s.t, s.store.View(context.Background(), workspace, fn))
}

func (s *shop) rows() (rows []desk.Conversation) {
	s.t.Helper()
	s.view(func(r store.Reader) (err error) {
		rows, err = r.Conversations().Walk(0, 10)
		return err
	})
	return rows
}

// messages are the thread's.
func (s *shop) messages() (said []desk.Message) {
	s.t.Helper()
	for _, row := range s.rows() {
		s.view(func(r store.Reader) (err error) {
			said, err = r.Messages().After(row.ID, 0, 100)
			return err
		})
	}
	return said
}

// settled reports whether nothing of ours is on its way.
func (s *shop) settled() bool {
	return !slices.ContainsFunc(s.messages(), func(m desk.Message) bool {
		return m.Status == desk.DeliveryQueued || m.Status == desk.DeliverySending || m.Status == desk.DeliveryUnknown
	})
}

// became is what became of what was to be said for a purpose: "sent", why it failed, or why it was not said.
func (s *shop) became(p desk.Purpose) (what string) {
	s.t.Helper()
	for _, m := range s.messages() {
		switch {
		case m.Purpose == p && m.Fault != nil && m.Status == desk.DeliveryFailed:
			what += " failed:" + m.Fault.Code
		case m.Purpose == p:
			what += " sent"
		case m.System != nil && m.System.Code == "automation_silent" && m.System.Params["purpose"] == string(p):
			what += " " + m.System.Params["reason"]
		}
	}
	if p != desk.PurposeSurvey {
		return what
	}
	s.view(func(r store.Reader) error {
		is, err := r.Surveys().OfTicket(s.rows()[0].TicketID)
		if err == nil && is.State == desk.SurveySkipped {
			what += " " + is.Reason
		}
		if desk.KindOf(err) == desk.KindNotFound {
			return nil
		}
		return err
	})
	return what
}

// Whatever the desk says by itself, on every kind of channel: it goes out, or the ticket says why it did not (G7.2), once.
func TestAutomaticTextsOnEveryChannel(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	quotaOut := func(s *shop) { s.Shop.SetTrouble(sim.Trouble{Quota: -1}) }
	refuses := func(code string) func(*shop) {
		return func(s *shop) { s.Shop.Decide(func(sim.Attempt) sim.Outcome { return sim.Outcome{Refuse: code} }) }
	}
	does := func(act sim.Act) func(*shop) { return func(s *shop) { s.Do(act) } }
	for _, c := range []struct {
		kind, why       string
		obstacle        func(*shop)
		unheard         bool   // nobody tells us of the obstacle
		closing, survey string // what becomes of the notice before a case is closed, and of the survey after it
	}{
		{kind: "sms", closing: " sent", survey: " sent"},
		{kind: "sms", why: "opted out", obstacle: does(sim.Act{Do: sim.DoText, Text: "STOP"})}, // that ends the case (B3.8): nothing is left to say
		{kind: "sms", why: "opted out, as the provider alone knows", obstacle: refuses("21610"), unheard: true, closing: " failed:21610", survey: " recipient_opted_out"},
		{kind: "whatsapp", why: "after 24 hours", closing: " window_closed", survey: " window_closed"},
		{kind: "messenger", why: "after 24 hours", closing: " window_closed", survey: " window_closed"},
		{kind: "instagram", why: "after 24 hours", closing: " window_closed", survey: " window_closed"},
		{kind: "wechat", why: "after 48 hours", closing: " window_closed", survey: " window_closed"},
		{kind: "telegram", closing: " sent", survey: " sent"},
		{kind: "telegram", why: "blocked", obstacle: does(sim.Act{Do: sim.DoBlock}), closing: " recipient_unreachable", survey: " recipient_unreachable"},
		{kind: "telegram", why: "gone, as the provider alone knows", obstacle: refuses("deactivated"), unheard: true, closing: " failed:deactivated", survey: " recipient_unreachable"},
		{kind: "line", why: "the token is gone", closing: " sent", survey: " sent"},
		{kind: "line", why: "the token is gone and the quota out", obstacle: quotaOut, unheard: true, closing: " failed:expired", survey: " failed:expired"},
	} {
		t.Run(fmt.Sprint(c.kind, " ", c.why), func(t *testing.T) {
			t.Parallel()
			s := newShop(t, c.kind)
			s.Do(sim.Act{Do: sim.DoText, Text: "届きません"})
			s.until("the customer's message", func() bool { return len(s.rows()) == 1 })
			s.react()
			s.until("the acknowledgement", s.settled)
			if got := s.became(desk.PurposeAck); got != " sent" || len(s.Shop.Taken()) != 1 {
				t.Fatalf("the acknowledgement:%s, on the phone %v", got, s.Shop.Taken())
			}
			by := inbox.Actor{Workspace: workspace, By: desk.Actor{Kind: desk.ActorUser, ID: member}, User: member, Name: "Aoi"}
			_, _, err := s.members.Write(t.Context(), by, s.rows()[0].ID, inbox.NewMessage{ClientID: "1", Mode: inbox.ModeReply, Parts: text("お調べします")})
			must(t, err)
			s.until("the reply", s.settled)
			s.react()

			if c.obstacle != nil {
				seen := s.lastEvent()
				c.obstacle(s)
				if !c.unheard {
					s.until("news of it", func() bool { return s.lastEvent() > seen })
				}
				s.react()
			}
			s.pass(rests - noticed + time.Minute)
			s.end()
			if got := s.became(desk.PurposeClosing); got != c.closing {
				t.Errorf("the notice:%s, want%s", got, c.closing)
			}
			s.pass(noticed)
			s.until("the end of the case", func() bool { return s.due() && s.rows()[0].Status.Resolved() })
			s.end()
			if got := s.became(desk.PurposeSurvey); got != c.survey {
				t.Errorf("the survey:%s, want%s", got, c.survey)
			}

			said, taken := len(s.messages()), len(s.Shop.Taken())
			asked, _ := s.Shop.Requests()
			for range 3 { // nothing follows from it, however long
				s.pass(day)
			}
			s.end()
			again, exceeded := s.Shop.Requests()
			if len(s.messages()) != said || len(s.Shop.Taken()) != taken || again != asked || exceeded != 0 {
				t.Errorf("it goes on: %v", s.messages()[said:])
			}
		})
	}
}

// end waits until nothing is on its way: what the provider holds up expires in its time (G7.7).
func (s *shop) end() {
	s.t.Helper()
	s.until("an answer of the provider's", func() bool { return s.settled() || s.held() })
	if !s.settled() {
		s.ahead.Add(int64(desk.SendWithin))
		s.Sim.Advance(desk.SendWithin)
		must(s.t, s.bus.Publish(s.t.Context(), bus.Hint{Topic: bus.TopicOutbox, Workspace: workspace}))
		s.until("the end of what waits", s.settled)
	}
	s.react()
}

// held reports whether the provider holds the channel up, and no request of ours is under way: putting the clock forward would
// make one look abandoned.
func (s *shop) held() bool {
	s.t.Helper()
	var waits []desk.Delivery
	limited := false
	for _, m := range s.messages() {
		s.view(func(r store.Reader) error {
			pieces, err := r.Messages().DeliveriesOf(m.ID)
			waits = append(waits, pieces...)
			return err
		})
	}
	s.view(func(r store.Reader) error {
		ch, err := r.Channels().Get(s.Account.Channel.ID)
		limited = ch.State == desk.ChannelRateLimited
		return err
	})
	return limited && !slices.ContainsFunc(waits, func(d desk.Delivery) bool {
		return d.UnderWay() && (d.Status != desk.DeliveryQueued || !d.NotBefore.After(s.Now()))
	})
}

func (s *shop) lastEvent() (seq int64) {
	s.t.Helper()
	events, err := s.store.Events(context.Background(), workspace, 0, 10_000)
	must(s.t, err)
	return events[len(events)-1].Seq
}
