package outbox_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
)

func TestSends(t *testing.T) {
	t.Parallel()
	w := newWorld(t, plain)
	w.start(t)
	m := w.await(t, w.say(t, w.thread(t, 1), "hello"), desk.DeliverySent)
	taken := w.provider.Taken()
	if len(taken) != 1 || taken[0].To != "u1" || taken[0].Text != "hello" || m.ExternalID != taken[0].ID {
		t.Errorf("taken %+v, message %+v", taken, m)
	}
}

func TestLongTextGoesInOrderedPieces(t *testing.T) {
	t.Parallel()
	w := newWorld(t, idempotent)
	text := strings.Repeat("長い文章です。", 40) // 280 characters, the channel takes 100
	second := "長い文章です。"
	w.provider.Trouble(second, testchannel.Trouble{Refuse: 500}) // whatever the pieces are, none of them is this
	w.start(t)
	w.await(t, w.say(t, w.thread(t, 1), text), desk.DeliverySent)
	if got := texts(w.provider.Taken()); len(got) != 3 || strings.Join(got, "") != text {
		t.Errorf("pieces: %q", got)
	}
}

// TestFaults is what each kind of trouble must come to, by what the provider promises.
func TestFaults(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		connector channel.Connector
		trouble   []testchannel.Trouble
		want      desk.DeliveryStatus
		code      string
		taken     int // at the provider
	}{
		"refused once":             {plain, []testchannel.Trouble{{Refuse: 400}}, desk.DeliveryFailed, "http_400", 0},
		"500 not taken, plain":     {plain, []testchannel.Trouble{{Refuse: 500}}, desk.DeliveryUnknown, "http_500", 0},
		"500 taken, plain":         {plain, []testchannel.Trouble{{Refuse: 500, Take: true}}, desk.DeliveryUnknown, "http_500", 1},
		"cut after taking, plain":  {plain, []testchannel.Trouble{{Cut: true, Take: true}}, desk.DeliveryUnknown, "no_answer", 1},
		"hang, plain":              {plain, []testchannel.Trouble{{Hang: true, Take: true}}, desk.DeliveryUnknown, "no_answer", 1},
		"500s, idempotent":         {idempotent, []testchannel.Trouble{{Refuse: 500}, {Refuse: 503, Take: true}, {Refuse: 500}}, desk.DeliverySent, "", 1},
		"cut after taking, idemp.": {idempotent, []testchannel.Trouble{{Cut: true, Take: true}, {Cut: true}}, desk.DeliverySent, "", 1},
		"hang, idempotent":         {idempotent, []testchannel.Trouble{{Hang: true, Take: true}}, desk.DeliverySent, "", 1},
		"cut after taking, find":   {findable, []testchannel.Trouble{{Cut: true, Take: true}}, desk.DeliverySent, "", 1},
		"cut before taking, find":  {findable, []testchannel.Trouble{{Cut: true}, {Refuse: 500}}, desk.DeliverySent, "", 1},
		"token dead":               {idempotent, []testchannel.Trouble{{Refuse: 401}}, desk.DeliveryFailed, "http_401", 0},
		"throttled without a time": {plain, []testchannel.Trouble{{Refuse: 429}, {Refuse: 429}}, desk.DeliverySent, "", 1},
		"refused for good, idemp.": {idempotent, []testchannel.Trouble{{Refuse: 500}, {Refuse: 404}}, desk.DeliveryFailed, "http_404", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, test.connector)
			if slices.ContainsFunc(test.trouble, func(x testchannel.Trouble) bool { return x.Hang }) {
				w.config.SendTimeout = 50 * time.Millisecond // hangs end by our patience
			}
			w.provider.Trouble("hello", test.trouble...)
			w.start(t)
			m := w.await(t, w.say(t, w.thread(t, 1), "hello"), test.want)
			if code := faultCode(m); code != test.code {
				t.Errorf("fault %q, want %q", code, test.code)
			}
			if got := len(w.provider.Taken()); got != test.taken {
				t.Errorf("the provider has it %d times, want %d", got, test.taken)
			}
		})
	}
}

func faultCode(m desk.Message) string {
	if m.Fault == nil {
		return ""
	}
	return m.Fault.Code
}

func TestOrderInsideAConversation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, idempotent)
	var want [4][]string
	var last [4]desk.ID
	for i := range 10 {
		for n := range want {
			want[n] = append(want[n], fmt.Sprint("t", n, " m", i))
		}
	}
	w.provider.Always(func(text string, request int) testchannel.Trouble { // every third text fails twice before it goes
		if strings.HasSuffix(text, "3") && request < 3 {
			return testchannel.Trouble{Refuse: 500, Take: request == 2}
		}
		return testchannel.Trouble{}
	})
	threads := [4]desk.ID{w.thread(t, 0), w.thread(t, 1), w.thread(t, 2), w.thread(t, 3)}
	w.start(t)
	for i := range 10 {
		for n := range want {
			last[n] = w.say(t, threads[n], want[n][i])
		}
	}
	for _, id := range last {
		w.await(t, id, desk.DeliverySent)
	}
	for n := range want {
		var got []string
		for _, m := range w.provider.Taken() {
			if m.To == fmt.Sprint("u", n) {
				got = append(got, m.Text)
			}
		}
		if !slices.Equal(got, want[n]) {
			t.Errorf("thread %d: %q", n, got)
		}
	}
}

func TestConversationsGoInParallel(t *testing.T) {
	t.Parallel()
	w := newWorld(t, plain)
	release := make(chan struct{})
	w.provider.Arrived = make(chan struct{})
	w.provider.Trouble("slow", testchannel.Trouble{Wait: release})
	w.start(t)
	slow := w.thread(t, 1)
	first := w.say(t, slow, "slow")
	<-w.provider.Arrived
	behind := w.say(t, slow, "behind")
	quick := w.say(t, w.thread(t, 2), "quick")
	<-w.provider.Arrived
	w.await(t, quick, desk.DeliverySent)
	if n := w.provider.Requests("behind"); n != 0 {
		t.Errorf("a message overtook the one before it")
	}
	close(release)
	<-w.provider.Arrived
	w.await(t, first, desk.DeliverySent)
	w.await(t, behind, desk.DeliverySent)
}

func TestChannelsThatCannotSend(t *testing.T) {
	t.Parallel()
	for state, code := range map[desk.ChannelState]string{
		desk.ChannelDisabled: "channel_disabled", desk.ChannelDeleted: "channel_deleted",
		desk.ChannelAuthExpired: "channel_auth_expired", desk.ChannelSuspended: "channel_suspended",
	} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, plain)
			id := w.say(t, w.thread(t, 1), "hello")
			w.setState(t, state)
			w.start(t)
			if m := w.await(t, id, desk.DeliveryFailed); m.Fault.Code != code || w.provider.Requests("hello") != 0 {
				t.Errorf("%+v, %d requests", m.Fault, w.provider.Requests("hello"))
			}
		})
	}
}

func (w *world) setState(t *testing.T, state desk.ChannelState) {
	t.Helper()
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		c, err := tx.Channels().Get(chID)
		must(t, err)
		c.State = state
		c.Version++
		return tx.WriteChannels().Put(c)
	}))
}

func (w *world) state(t *testing.T) (state desk.ChannelState) {
	t.Helper()
	must(t, w.store.View(t.Context(), workspace, func(r store.Reader) error {
		c, err := r.Channels().Get(chID)
		state = c.State
		return err
	}))
	return state
}

func TestADeadTokenIsTheChannelsTrouble(t *testing.T) {
	t.Parallel()
	w := newWorld(t, plain)
	w.provider.Trouble("first", testchannel.Trouble{Refuse: 401})
	w.start(t)
	c := w.thread(t, 1)
	w.await(t, w.say(t, c, "first"), desk.DeliveryFailed)
	w.until(t, func() bool { return w.state(t) == desk.ChannelAuthExpired }, func() string { return "channel is " + string(w.state(t)) })
	if m := w.await(t, w.say(t, c, "second"), desk.DeliveryFailed); m.Fault.Kind != string(channel.ActToken) || w.provider.Requests("second") != 0 {
		t.Errorf("H2, fails at once: %+v", m.Fault)
	}
}

// TestLeaseThatEndedWhileSending is a node that vanished with bytes under way: the next one may not simply send again.
func TestLeaseThatEndedWhileSending(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		connector channel.Connector
		arrived   bool // at the provider, before the node vanished
		byToken   bool // as a reply, which has no key
		want      desk.DeliveryStatus
		requests  int
	}{
		"plain":                 {plain, true, false, desk.DeliveryUnknown, 0},
		"idempotent":            {idempotent, true, false, desk.DeliverySent, 1},
		"idempotent, a reply":   {idempotent, true, true, desk.DeliveryUnknown, 0},
		"findable, arrived":     {findable, true, false, desk.DeliverySent, 0},
		"findable, not arrived": {findable, false, false, desk.DeliverySent, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, test.connector)
			thread := w.thread(t, 1)
			id := w.say(t, thread, "hello")
			leased, err := w.store.Queue().Lease(t.Context(), "vanished", 1, time.Minute)
			must(t, err)
			if test.byToken {
				w.stand(t, thread, desk.Standing{TokenFor: leased[0].Delivery.ID})
			}
			must(t, w.store.Queue().MarkSending(t.Context(), leased[0], nil))
			if test.arrived {
				account := channel.Account{BaseURL: w.provider.URL, Client: w.config.Client, Now: time.Now}
				_, err := test.connector.Send(t.Context(), account, channel.Outgoing{To: channel.Peer{ExternalID: "u1"}, Key: leased[0].Delivery.Key,
					Parts: []desk.Part{{Kind: desk.PartText, Text: "hello"}}})
				must(t, err)
				test.requests++
			}
			w.clock.now.Add((2 * time.Minute).Milliseconds())
			w.start(t)
			w.await(t, id, test.want)
			if n := w.provider.Requests("hello"); n != test.requests {
				t.Errorf("%d requests, want %d", n, test.requests)
			}
			if n := len(w.provider.Taken()); n != 1 {
				t.Errorf("the customer has it %d times", n)
			}
		})
	}
}

func TestStopWaitsForWhatIsInFlight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, plain)
	release := make(chan struct{})
	w.provider.Arrived = make(chan struct{})
	w.provider.Trouble("hello", testchannel.Trouble{Wait: release})
	stop := w.start(t)
	c := w.thread(t, 1)
	id := w.say(t, c, "hello")
	<-w.provider.Arrived
	next := w.say(t, c, "next")
	go close(release)
	stop()
	w.await(t, id, desk.DeliverySent)
	if m := w.await(t, next, desk.DeliveryQueued); m.Status != desk.DeliveryQueued || w.provider.Requests("next") != 0 {
		t.Errorf("a stopped runner went on: %+v", m)
	}
}

func TestStopLeavesWhatHangs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, idempotent)
	w.config.StopWithin = 10 * time.Millisecond
	w.provider.Arrived = make(chan struct{}, 10)
	w.provider.Trouble("hello", testchannel.Trouble{Hang: true, Take: true})
	stop := w.start(t)
	id := w.say(t, w.thread(t, 1), "hello")
	<-w.provider.Arrived
	stop()
	w.clock.now.Add((2 * time.Minute).Milliseconds()) // the lease ends; the next start finds it
	w.start(t)
	w.await(t, id, desk.DeliverySent)
	if n := len(w.provider.Taken()); n != 1 {
		t.Errorf("the customer has it %d times", n)
	}
}

type panicky struct{ testchannel.Connector }

func (panicky) Send(context.Context, channel.Account, channel.Outgoing) (desk.ExternalID, error) {
	panic("a defect")
}

func TestAPanicIsItsOwnDeliverysTrouble(t *testing.T) {
	t.Parallel()
	w := newWorld(t, panicky{})
	w.start(t)
	if m := w.await(t, w.say(t, w.thread(t, 1), "hello"), desk.DeliveryUnknown); m.Fault.Code != "connector_panic" {
		t.Errorf("%+v", m.Fault)
	}
}

// unkeyed is an idempotent channel whose one message went without its key.
type unkeyed struct{ testchannel.Connector }

func (unkeyed) Send(context.Context, channel.Account, channel.Outgoing) (desk.ExternalID, error) {
	return "", &channel.Fault{Kind: channel.ActRetry, Code: "no_answer", Once: true, Err: errors.New("cut")}
}

func TestWhatWentWithoutItsKeyIsNotRepeated(t *testing.T) {
	t.Parallel()
	w := newWorld(t, unkeyed{testchannel.Connector{Idempotent: true}})
	w.start(t)
	if m := w.await(t, w.say(t, w.thread(t, 1), "hello"), desk.DeliveryUnknown); m.Fault.Code != "no_answer" {
		t.Errorf("%+v", m.Fault)
	}
}

// TestNothingLostNothingDoubled is the whole promise under a provider that fails two requests in three.
func TestNothingLostNothingDoubled(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, open func(...storetest.Option) store.Store) {
		nothingLostNothingDoubled(t, worldOn(t, idempotent, open))
	})
}

func nothingLostNothingDoubled(t *testing.T, w *world) {
	w.provider.Always(func(text string, request int) testchannel.Trouble {
		return []testchannel.Trouble{{Refuse: 500, Take: true}, {Cut: true}, {}, {Cut: true, Take: true}, {Refuse: 429}, {}}[(request+len(text))%6]
	})
	w.start(t)
	var ids []desk.ID
	for n := range 8 {
		c := w.thread(t, n)
		for i := range 6 {
			ids = append(ids, w.say(t, c, strings.Repeat("x", i+1)+fmt.Sprint(" ", n)))
		}
	}
	for _, id := range ids {
		w.await(t, id, desk.DeliverySent)
	}
	seen := map[string]int{}
	for _, m := range w.provider.Taken() {
		seen[m.Key]++
	}
	if len(seen) != len(ids) {
		t.Errorf("%d of %d arrived", len(seen), len(ids))
	}
	for n := range 8 {
		length := 0
		for _, m := range w.provider.Taken() {
			if strings.HasSuffix(m.Text, fmt.Sprint(" ", n)) {
				if len(m.Text) < length {
					t.Errorf("thread %d out of order", n)
				}
				length = len(m.Text)
			}
		}
	}
}
