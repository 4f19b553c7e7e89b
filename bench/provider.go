package main

import (
	"bytes"
	"cmp"
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"madoguchi/sim"
)

// kindWebhook is the channel whose other side is no provider but a customer's own system: the simulator has none.
const kindWebhook = "webhook"

// kinds are the channels that providers reach by webhooks.
func kinds() []string { return append(sim.Kinds(), kindWebhook) }

// others are the other side of the desk's channels, in the process of the load client: the simulator and a customer's own
// system. They answer at once, but for the time that their gate is shut.
type others struct {
	target
	http *http.Client
	sim  *sim.Simulator

	open  chan struct{} // closed = what the desk sends is answered
	taken atomic.Int64  // messages that the customer's own system got

	mu        sync.Mutex
	capturing bool // webhooks are kept here instead of being delivered
	captured  [][]byte
}

// others opens the providers at the address that the desk was told.
func (t target) others(address string) (*others, error) {
	o := &others{target: t, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64}}, open: make(chan struct{})}
	close(o.open)
	o.sim = sim.New(sim.Config{Base: "http://" + address, Client: &http.Client{Transport: o}})
	listener, err := net.Listen("tcp", address)
	if err != nil {
		return nil, err
	}
	go func() { _ = http.Serve(listener, o) }()
	return o, nil
}

// RoundTrip delivers a provider's webhook to the desk, or keeps it as it would go over the wire.
func (o *others) RoundTrip(r *http.Request) (*http.Response, error) {
	o.mu.Lock()
	capturing := o.capturing
	o.mu.Unlock()
	if !capturing {
		return o.http.Transport.RoundTrip(r)
	}
	var wire bytes.Buffer
	if err := r.Write(&wire); err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.captured = append(o.captured, wire.Bytes())
	return httptest.NewRecorder().Result(), nil
}

// ServeHTTP is what the desk sends to.
func (o *others) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	<-o.open
	if !strings.HasPrefix(r.URL.Path, "/"+kindWebhook) {
		o.sim.ServeHTTP(w, r)
		return
	}
	var sent struct{ Type, Key string }
	body, err := io.ReadAll(r.Body)
	if err != nil || json.Unmarshal(body, &sent) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	fmt.Fprintf(w, `{"id":"answer-%s"}`, sent.Key)
	if sent.Type == "message" {
		o.taken.Add(1)
	}
}

// account is one connected account and the people who write to it.
type account struct {
	others    *others
	sim       *sim.Account // nil = a customer's own system
	path      string       // where its callback is
	secret    string
	customers []string
	serial    int
}

// connect connects the n-th account of a kind as an admin does, and makes up people.
func (o *others) connect(ctx context.Context, kind string, n, people int) (*account, error) {
	a := &account{others: o}
	credential := func(name string) string {
		return map[string]string{"url": fmt.Sprintf("https://shop-%d.example/answers", n)}[name]
	}
	if kind != kindWebhook {
		opened, err := o.sim.NewAccount(kind)
		if err != nil {
			return nil, err
		}
		a.sim, credential = opened, opened.Credential
	}
	channel, copied, err := o.create(ctx, kind, credential)
	if err != nil {
		return nil, fmt.Errorf("connect %s: %w", kind, err)
	}
	a.path, a.secret = copied["callback"], copied["secret"]
	if a.sim != nil && a.sim.Console().Callback == "" {
		console := sim.Console{Callback: copied["callback"], Token: cmp.Or(copied["token"], copied["verify_token"]), AESKey: copied["aes_key"], Safe: true}
		if err := a.sim.Configure(ctx, console); err != nil {
			return nil, fmt.Errorf("tell %s our address: %w", kind, err)
		}
	}
	if err := o.call(ctx, o.http, http.MethodPost, channel+"/probe", o.key, struct{}{}, nil); err != nil {
		return nil, err
	}
	for i := range people {
		switch {
		case a.sim == nil:
			a.customers = append(a.customers, fmt.Sprintf("u-%d", i))
		case i < len(a.sim.Customers()):
			a.customers = append(a.customers, a.sim.Customers()[i])
		default:
			a.customers = append(a.customers, a.sim.NewCustomer())
		}
	}
	return a, nil
}

// create fills a channel's form in and saves it; copied is what belongs into the provider's console.
func (o *others) create(ctx context.Context, kind string, credential func(name string) string) (channel string, copied map[string]string, err error) {
	var form struct {
		Settings []struct{ Name, Type string }
	}
	if err := o.call(ctx, o.http, http.MethodGet, "/api/v1/channel-kinds/"+kind, o.key, nil, &form); err != nil {
		return "", nil, err
	}
	settings, secrets := map[string]string{}, map[string]string{}
	for _, s := range form.Settings {
		value := credential(s.Name)
		switch {
		case value == "":
		case s.Type == "secret":
			secrets[s.Name] = value
		default:
			settings[s.Name] = value
		}
	}
	var made struct {
		ID     int64
		Copied map[string]string
	}
	filled := map[string]any{"kind": kind, "name": "Shop", "settings": settings, "secrets": secrets}
	if err := o.call(ctx, o.http, http.MethodPost, "/api/v1/channels", o.key, filled, &made); err != nil {
		return "", nil, err
	}
	channel = "/api/v1/channels/" + strconv.FormatInt(made.ID, 10)
	if kind != "wechat" && kind != kindWebhook { // which are told our address by hand
		err = o.call(ctx, o.http, http.MethodPost, channel+"/subscription", o.key, struct{}{}, nil)
	}
	return channel, made.Copied, err
}

const question = "商品がまだ届きません。配送状況を教えてください。"

// requests makes so many webhook requests for each of an account's people, signed as the provider signs, first one of
// everybody, then the next.
func (a *account) requests(each int) ([][]byte, error) {
	o := a.others
	o.capture(true)
	defer o.capture(false)
	for range each {
		for _, customer := range a.customers {
			if err := a.write(customer); err != nil {
				return nil, err
			}
		}
		o.quiet()
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	made := o.captured
	o.captured = nil
	return made, nil
}

func (o *others) capture(on bool) {
	o.mu.Lock()
	o.capturing = on
	o.mu.Unlock()
}

// quiet waits until the providers have told everything.
func (o *others) quiet() {
	for o.sim.Pending() > 0 {
		time.Sleep(time.Millisecond)
	}
}

// write is one text of a customer's.
func (a *account) write(customer string) error {
	if a.sim != nil {
		_, err := a.sim.Write(customer, question)
		return err
	}
	a.serial++
	body := fmt.Appendf(nil, `{"events":[{"id":"e-%d","type":"message","from":{"id":%q},"message":{"id":"m-%d","parts":[{"kind":"text","text":%q}]}}]}`,
		a.serial, customer, a.serial, question)
	r, err := http.NewRequest(http.MethodPost, a.path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	stamp := strconv.FormatInt(time.Now().Unix(), 10)
	mac := hmac.New(sha256.New, []byte(a.secret))
	mac.Write([]byte(stamp + "." + string(body)))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Madoguchi-Timestamp", stamp)
	r.Header.Set("Madoguchi-Signature", "v1="+hex.EncodeToString(mac.Sum(nil)))
	answer, err := a.others.RoundTrip(r)
	if err != nil {
		return err
	}
	return answer.Body.Close()
}
