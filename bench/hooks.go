package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"time"

	"madoguchi/channel"
	"madoguchi/channel/all"
)

// otherSide is what a load client connects and lets happen at the desk's channels.
type otherSide struct {
	kind                    string
	address                 string // of the providers
	accounts, people, count int
}

// open connects the accounts; everybody has written once when it returns, and lies in the desk.
func (side otherSide) open(ctx context.Context, t target) (*others, []*account, error) {
	o, err := t.others(side.address)
	if err != nil {
		return nil, nil, err
	}
	var connected []*account
	for n := range side.accounts {
		a, err := o.connect(ctx, side.kind, n, side.people/side.accounts)
		if err != nil {
			return nil, nil, err
		}
		for _, customer := range a.customers {
			if err := a.write(customer); err != nil {
				return nil, nil, err
			}
		}
		connected = append(connected, a)
	}
	o.quiet()
	return o, connected, o.until(func() (bool, error) {
		there, err := o.conversations(ctx, o.http)
		return len(there) >= side.people, err
	})
}

// filedWithin is how long a desk is waited for to file what it took.
const filedWithin = 2 * time.Minute

// until waits for something to be so in the desk.
func (o *others) until(is func() (bool, error)) error {
	for end := time.Now().Add(filedWithin); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if so, err := is(); so || err != nil {
			return err
		}
	}
	return errors.New("the desk did not file everything in time")
}

// hooks posts signed webhook requests from so many callers. What is measured is until the provider hears 2xx: the request
// is durable then, and filed soon after; Behind is how much later the last one was.
func (t target) hooks(ctx context.Context, side otherSide, callers int, span time.Duration) (order, error) {
	o, accounts, err := side.open(ctx, t)
	if err != nil {
		return nil, err
	}
	requests, err := accounts[0].requests(side.count / len(accounts[0].customers))
	if err != nil {
		return nil, err
	}
	lines, err := t.dialAll(ctx, callers)
	if err != nil {
		return nil, err
	}
	there, err := t.messagesThere(ctx, o.http)
	if err != nil {
		return nil, err
	}
	before, err := o.filed(ctx)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context) (timed, error) {
		r := together(span, lines, func(c *caller, i, n int) error {
			if at := n*callers + i; at < len(requests) {
				return c.send(requests[at])
			}
			return io.EOF
		})
		began := time.Now()
		err := o.until(func() (bool, error) {
			now, err := o.filed(ctx)
			return now-before >= r.Count, err
		})
		r.Behind = time.Since(began)
		if err != nil {
			return r, err
		}
		after, err := t.messagesThere(ctx, o.http)
		r.Sum = after - there
		return r, err
	}, nil
}

// filed is how many messages the desk has filed since its start, as its figures tell it: asking for its lists would cost it a
// good deal of what is measured.
func (o *others) filed(ctx context.Context) (n int, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+o.address+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	response, err := o.http.Do(r)
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	lines := bufio.NewScanner(response.Body)
	for lines.Scan() {
		if value, ok := strings.CutPrefix(lines.Text(), `madoguchi_inbound_total{outcome="message"} `); ok {
			return strconv.Atoi(value)
		}
	}
	return 0, errors.New("the desk's figures do not tell what was filed")
}

// webhookRates is how fast each channel's webhooks are taken, against the rate of the rows of the messages in them.
func webhookRates(ctx context.Context, b *bench) error {
	for _, database := range b.databases() {
		for _, kind := range kinds() {
			if err := b.webhookRate(ctx, database, kind); err != nil {
				return fmt.Errorf("%s: %w", kind, err)
			}
		}
	}
	return nil
}

func (b *bench) webhookRate(ctx context.Context, database, kind string) error {
	limit, _, err := b.limitRun(ctx, database)
	if err != nil {
		return err
	}
	s, at, err := b.serveChannels(ctx, database)
	if err != nil {
		return err
	}
	defer s.stop()
	seconds := b.size(3, 10)
	r, cpu, err := b.load(ctx, s, "-what", "hooks", "-kind", kind, "-providers", at, "-callers", "64", "-people", "512",
		"-span", fmt.Sprintf("%ds", seconds), "-count", fmt.Sprint(seconds*mostPerSecond))
	if err != nil {
		return err
	}
	b.report.add(fmt.Sprintf("%s: %s webhooks, durable, 64 callers", database, kind), fmt.Sprintf("%.0f/s, p50 %s, p99 %s; %.2f of the limit (%.0f/s)",
		r.rate(), ms(r.P50), ms(r.P99), r.rate()/limit, limit), promise(kind))
	filing := float64(r.Sum) / (r.Span + r.Behind).Seconds()
	b.report.add("… filed as messages", fmt.Sprintf("%.0f/s, %.2f of the limit; the last %s after its answer; CPU of the whole stack %s each",
		filing, filing/limit, r.Behind.Round(time.Millisecond), ms(each(cpu.total(), r.Count))), "")
	if r.Failed > 0 || r.Sum != int64(r.Count) {
		b.report.note(fmt.Sprintf("%s, %s: %d acknowledged, %d failed, %d filed", database, kind, r.Count, r.Failed, r.Sum))
	}
	return nil
}

// promise is how soon a provider must have heard 2xx, "" where it does not say.
func promise(kind string) string {
	c, err := all.Connectors().Get(kind)
	if err != nil || c.Spec().AckWithin == 0 {
		return ""
	}
	return "p99 " + c.Spec().AckWithin.String()
}

// mostPerSecond is for how many webhook requests a second a load client is prepared.
const mostPerSecond = 6000

// serveChannels starts a desk whose providers are expected at an address.
func (b *bench) serveChannels(ctx context.Context, database string) (s *served, providers string, err error) {
	if s, err = b.install(ctx, database); err != nil {
		return nil, "", err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	providers = listener.Addr().String()
	if err := listener.Close(); err != nil {
		return nil, "", err
	}
	var args []string
	for _, kind := range kinds() {
		args = append(args, "--provider-url", fmt.Sprintf("%s=http://%s/%s", kind, providers, kind))
	}
	_, err = b.serve(ctx, s, args...)
	return s, providers, err
}

// deliver lets members write so many replies while the providers do not answer, and measures from their first answer until
// the last reply has come.
func (t target) deliver(ctx context.Context, side otherSide, callers int) (order, error) {
	o, accounts, err := side.open(ctx, t)
	if err != nil {
		return nil, err
	}
	o.open = make(chan struct{})
	before := o.arrived(accounts)
	if err := t.replies(ctx, side, o, callers); err != nil {
		return nil, err
	}
	return func(context.Context) (timed, error) {
		began := time.Now()
		close(o.open)
		for o.arrived(accounts)-before < side.count && time.Since(began) < filedWithin {
			time.Sleep(2 * time.Millisecond)
		}
		return timed{Count: o.arrived(accounts) - before, Span: time.Since(began)}, nil
	}, nil
}

// arrived is how many messages the providers have got.
func (o *others) arrived(accounts []*account) int {
	n := int(o.taken.Load())
	for _, a := range accounts {
		if a.sim != nil {
			requests, exceeded := a.sim.Requests()
			n += requests - exceeded
		}
	}
	return n
}

// replies writes what is to be delivered, to everybody in turn.
func (t target) replies(ctx context.Context, side otherSide, o *others, callers int) error {
	conversations, err := t.conversations(ctx, o.http)
	if err != nil {
		return err
	}
	lines, err := t.dialAll(ctx, callers)
	if err != nil {
		return err
	}
	r := together(filedWithin, lines, func(c *caller, i, n int) error {
		at := n*callers + i
		if at >= side.count {
			return io.EOF
		}
		path := fmt.Sprintf("/api/v1/conversations/%d/messages", conversations[at%len(conversations)].ID)
		return c.ask(http.MethodPost, path, t.key, fmt.Appendf(nil, `{"mode":"reply","client_id":"r-%d","parts":[{"kind":"text","text":"確認いたします。少々お待ちください。"}]}`, at))
	})
	if r.Count != side.count {
		return errors.New("not every reply was taken")
	}
	return nil
}

// paces says what the providers' own limits make of the rate of one account, which is why only channels without them, or with
// ample ones, are measured.
func paces() string {
	var told []string
	for _, kind := range kinds() {
		c, err := all.Connectors().Get(kind)
		if err != nil {
			continue
		}
		for _, r := range c.Spec().Rates {
			if r.Scope == channel.RateAccount {
				told = append(told, fmt.Sprintf("%s %.0f/s of %.0f/s", kind, 1/r.Pace().Every.Seconds(), float64(r.Count)/r.Per.Seconds()))
			}
		}
	}
	return "One account goes no faster than its provider permits: " + strings.Join(told, ", ") + "."
}

// deliveryRates is how fast replies get to providers that answer at once.
func deliveryRates(ctx context.Context, b *bench) error {
	const people = 512
	b.report.note(paces())
	for _, database := range b.databases() {
		for _, side := range []otherSide{{kind: kindWebhook, accounts: 1}, {kind: kindWebhook, accounts: 32}, {kind: "line", accounts: 1}, {kind: "line", accounts: 32}} {
			limit, _, err := b.limitRun(ctx, database)
			if err != nil {
				return err
			}
			s, at, err := b.serveChannels(ctx, database)
			if err != nil {
				return err
			}
			count := b.size(2000, 6000)
			r, cpu, err := b.load(ctx, s, "-what", "deliver", "-kind", side.kind, "-providers", at, "-callers", "64", "-accounts", fmt.Sprint(side.accounts),
				"-people", fmt.Sprint(people), "-count", fmt.Sprint(count))
			s.stop()
			if err != nil {
				return fmt.Errorf("%s: %w", side.kind, err)
			}
			b.report.add(fmt.Sprintf("%s: %s deliveries, %d conversations on %d accounts", database, side.kind, people, side.accounts),
				fmt.Sprintf("%.0f/s, %.2f of the limit (%.0f/s); CPU of the whole stack %s each", r.rate(), r.rate()/limit, limit, ms(each(cpu.total(), r.Count))), "")
		}
	}
	return nil
}
