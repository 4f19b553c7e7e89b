// Package channeltest is the contract of a connector as tests. A connector's own test brings fixtures (requests as the
// provider sends them, answers as the provider gives them) and calls Run; the suite does the rest: what a Spec must say,
// that Receive is pure, refuses forgeries and survives garbage, that Send tells certain refusals from uncertain ones.
package channeltest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"madoguchi/channel"
	"madoguchi/desk"
)

// Suite is what a connector brings.
type Suite struct {
	Connector channel.Connector
	Fixtures  []Fixture // at least one with a message and, unless every event is known, one with an unknown event
	// Sign authenticates a request as the provider would (so that the parser behind the check is reached); nil if the
	// connector verifies nothing itself.
	Sign func(channel.Endpoint, channel.Request) channel.Request
	// Account makes an account that sends to a provider at an address; nil for Spec.Local.
	Account func(t *testing.T, baseURL string) channel.Account
	// Outgoing is a message that the provider takes; Accept is the answer it gives.
	Outgoing channel.Outgoing
	Accept   Answer
	// Refusals are the provider's refusals and what each must mean.
	Refusals []Refusal
}

// Fixture is a webhook request, authentic as it stands, and how many results of each kind it means.
type Fixture struct {
	Name                        string
	Endpoint                    channel.Endpoint
	Request                     channel.Request
	Messages, Receipts, Unknown int
}

// Answer is what the pretended provider answers.
type Answer struct {
	Status int
	Header http.Header
	Body   string
}

// Refusal is an answer and the fault it must become.
type Refusal struct {
	Name    string
	Answer  Answer
	Kind    channel.Action
	Certain bool
}

// Run tests a connector.
func Run(t *testing.T, s Suite) {
	t.Helper()
	t.Run("spec", func(t *testing.T) { t.Parallel(); testSpec(t, s.Connector) })
	t.Run("settings", func(t *testing.T) { t.Parallel(); testSettings(t, s.Connector) })
	for _, f := range s.Fixtures {
		t.Run("receive/"+f.Name, func(t *testing.T) { t.Parallel(); testReceive(t, s, f) })
	}
	t.Run("garbage", func(t *testing.T) { t.Parallel(); testGarbage(t, s) })
	if s.Connector.Spec().Local {
		t.Run("send", func(t *testing.T) { t.Parallel(); testLocalSend(t, s.Connector) })
		return
	}
	testSend(t, s)
}

// Fuzz feeds mutated requests to Receive: it must never panic, and refuse with nothing but invalid or forged.
func Fuzz(f *testing.F, s Suite) {
	for i, fixture := range s.Fixtures {
		f.Add(i, fixture.Request.Method, fixture.Request.URL, fixture.Request.Body)
	}
	f.Fuzz(func(t *testing.T, which int, method, url string, body []byte) {
		if which < 0 || which >= len(s.Fixtures) {
			return
		}
		fixture := s.Fixtures[which]
		r := clone(fixture.Request)
		r.Method, r.URL, r.Body = method, url, body
		if s.Sign != nil {
			r = s.Sign(fixture.Endpoint, r)
		}
		reply, err := s.Connector.Receive(t.Context(), fixture.Endpoint, r)
		checkOutcome(t, reply, err)
	})
}

var kindName = regexp.MustCompile(`^[a-z][a-z0-9_]*$`)

var settingTypes = []string{"text", "secret", "url", "origins", "color", "bool", "choice", "texts"}

func testSpec(t *testing.T, c channel.Connector) {
	spec := c.Spec()
	if !reflect.DeepEqual(spec, c.Spec()) {
		t.Error("the spec is not constant")
	}
	if !kindName.MatchString(spec.Kind) || spec.Icon == "" {
		t.Errorf("kind %q or icon %q is missing or malformed", spec.Kind, spec.Icon)
	}
	if _, err := json.Marshal(spec); err != nil {
		t.Errorf("the browser cannot have the spec: %v", err)
	}
	capable := spec.Capabilities
	if capable.TextLimit < 0 || capable.TextLimit > 0 && !slices.Contains([]string{"runes", "utf16", "bytes"}, capable.TextUnit) {
		t.Errorf("text limit %d in %q", capable.TextLimit, capable.TextUnit)
	}
	for _, m := range capable.Media {
		if m.MaxBytes <= 0 || !slices.Contains([]desk.PartKind{desk.PartImage, desk.PartAudio, desk.PartVideo, desk.PartFile}, m.Kind) {
			t.Errorf("media limit %+v", m)
		}
	}
	for _, r := range capable.Receipts {
		if r != desk.DeliverySent && r != desk.DeliveryDelivered && r != desk.DeliveryRead {
			t.Errorf("a channel cannot prove %q", r)
		}
	}
	if capable.Choices < 0 || capable.WindowHours < 0 || spec.EchoWithin < 0 {
		t.Errorf("negative limits: %+v", capable)
	}
	_, finds := c.(channel.Finder)
	_, probes := c.(channel.Prober)
	if spec.Local && (finds || probes || spec.EchoWithin > 0) {
		t.Error("a local channel has no provider to find at, probe or hear an echo from")
	}
	if spec.Idempotent && (finds || spec.EchoWithin > 0) {
		t.Error("an idempotent channel repeats; it never has to find or wait")
	}
	testForm(t, c)
}

func testForm(t *testing.T, c channel.Connector) {
	_, validates := c.(channel.Validator)
	_, probes := c.(channel.Prober)
	seen := map[string]bool{}
	for _, s := range c.Spec().Settings {
		if !kindName.MatchString(s.Name) || seen[s.Name] || !slices.Contains(settingTypes, s.Type) {
			t.Errorf("setting %+v: bad or repeated name, or unknown type", s)
		}
		seen[s.Name] = true
		if (s.Type == "choice") != (len(s.Options) > 0) || s.Type == "choice" && s.Default != "" && !slices.Contains(s.Options, s.Default) {
			t.Errorf("setting %s: options %v, default %q", s.Name, s.Options, s.Default)
		}
		if s.Type == "secret" && (s.Default != "" || !probes) {
			t.Errorf("setting %s: a secret has no default, and a connector with one can probe it", s.Name)
		}
	}
	if len(seen) > 0 && !validates {
		t.Error("a connector with settings validates them")
	}
}

func testSettings(t *testing.T, c channel.Connector) {
	v, ok := c.(channel.Validator)
	if !ok {
		return
	}
	for _, raw := range append(garbage(), `{}`, `{"origins":7}`, `{"color":{"a":[]}}`) {
		err := v.Validate([]byte(raw))
		var e *desk.Error
		if err != nil && (!errors.As(err, &e) || e.Kind != desk.KindInvalid || e.Field == "") {
			t.Errorf("settings %.60q: the refusal names no field: %v", raw, err)
		}
	}
}

func testReceive(t *testing.T, s Suite, f Fixture) {
	before := clone(f.Request)
	reply, err := s.Connector.Receive(t.Context(), f.Endpoint, f.Request)
	if err != nil {
		t.Fatalf("an authentic request is refused: %v", err)
	}
	if !reflect.DeepEqual(before, f.Request) {
		t.Error("Receive changed the request")
	}
	checkOutcome(t, reply, nil)
	if got := count(reply); got != [3]int{f.Messages, f.Receipts, f.Unknown} {
		t.Errorf("messages, receipts, unknown: %v, want %v", got, [3]int{f.Messages, f.Receipts, f.Unknown})
	}
	again, err := s.Connector.Receive(t.Context(), f.Endpoint, clone(f.Request))
	if err != nil || !reflect.DeepEqual(reply, again) {
		t.Errorf("the same request means something else the second time (the keys must be the same): %+v / %+v, %v", reply, again, err)
	}
	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Connector.Receive(cancelled, f.Endpoint, clone(f.Request)); err != nil {
		t.Errorf("Receive is pure and has nothing to cancel: %v", err)
	}
	if s.Sign != nil {
		testForged(t, s.Connector, f)
	}
}

func testForged(t *testing.T, c channel.Connector, f Fixture) {
	changed := clone(f.Request)
	changed.Body = append(changed.Body, ' ')
	naked := clone(f.Request)
	naked.Header = http.Header{}
	otherSecret := f.Endpoint
	otherSecret.Secrets = map[string]string{}
	for name := range f.Endpoint.Secrets {
		otherSecret.Secrets[name] = "another"
	}
	noSecret := f.Endpoint
	noSecret.Secrets = nil
	for name, try := range map[string]struct {
		e channel.Endpoint
		r channel.Request
	}{
		"body changed":   {f.Endpoint, changed},
		"no signature":   {f.Endpoint, naked},
		"another secret": {otherSecret, f.Request},
		"no secret":      {noSecret, f.Request},
	} {
		reply, err := c.Receive(t.Context(), try.e, clone(try.r))
		if !errors.Is(err, channel.ErrForged) || len(reply.Results) != 0 {
			t.Errorf("%s: %v with %d results, want ErrForged", name, err, len(reply.Results))
		}
	}
}

func testGarbage(t *testing.T, s Suite) {
	bodies := garbage()
	for _, f := range s.Fixtures {
		for i := 0; i < len(f.Request.Body); i += 1 + len(f.Request.Body)/64 {
			bodies = append(bodies, string(f.Request.Body[:i]))
		}
	}
	for _, f := range s.Fixtures {
		for _, body := range bodies {
			r := clone(f.Request)
			r.Body = []byte(body)
			if s.Sign != nil {
				r = s.Sign(f.Endpoint, r)
			}
			reply, err := s.Connector.Receive(t.Context(), f.Endpoint, r)
			checkOutcome(t, reply, err)
		}
	}
}

// garbage are bodies that no provider sends and every attacker tries.
func garbage() []string {
	return []string{
		"", " ", "null", "true", "0", "-1e999", `""`, "[]", "[[]]", "{", `{"`, `{"a":`, "\x00", "\xff\xfe\xfd", "\ufeff{}",
		`{"parts":null}`, `{"events":null}`, `{"events":[null]}`, `{"events":[[]]}`, `{"seq":1e400}`, `{"seq":-9223372036854775809}`,
		strings.Repeat("[", 100_000), strings.Repeat(`{"a":`, 50_000), strings.Repeat("a", 2<<20),
		"<xml><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a></xml>", "a=b&c=%zz",
	}
}

// checkOutcome holds for every request, authentic or not.
func checkOutcome(t *testing.T, reply channel.Reply, err error) {
	t.Helper()
	if err != nil {
		if kind := desk.KindOf(err); kind != desk.KindInvalid && kind != desk.KindForbidden {
			t.Errorf("a refusal is invalid or forged, not %s: %v", kind, err)
		}
		return
	}
	if reply.Status != 0 && (reply.Status < 200 || reply.Status > 299) {
		t.Errorf("what was understood is acknowledged, not answered %d", reply.Status)
	}
	keys := map[string]bool{}
	for _, r := range reply.Results {
		checkResult(t, r)
		if keys[r.Account+" "+r.Key] {
			t.Errorf("key %q twice in one request", r.Key)
		}
		keys[r.Account+" "+r.Key] = true
	}
}

func checkResult(t *testing.T, r channel.Result) {
	t.Helper()
	if r.Key == "" {
		t.Errorf("a result without dedupe key: %+v", r)
	}
	set := 0
	if r.Message != nil {
		set++
		if r.Message.Peer.ExternalID == "" || len(r.Message.Parts) == 0 {
			t.Errorf("a message without sender or content: %+v", r.Message)
		}
		for _, p := range r.Message.Parts {
			if p.Kind == "" || strings.ContainsRune(p.Text, 0) {
				t.Errorf("part %+v has no kind, or a NUL", p)
			}
		}
	}
	if r.Receipt != nil {
		set++
		if (r.Receipt.ExternalID == "") == (r.Receipt.Peer == nil) || r.Receipt.Status == "" {
			t.Errorf("a receipt is for one message or for a peer, with a status: %+v", r.Receipt)
		}
	}
	if r.Unknown != "" {
		set++
	}
	if set != 1 {
		t.Errorf("a result is one of message, receipt, unknown: %+v", r)
	}
}

func count(r channel.Reply) [3]int {
	var n [3]int
	for _, result := range r.Results {
		switch {
		case result.Message != nil:
			n[0]++
		case result.Receipt != nil:
			n[1]++
		default:
			n[2]++
		}
	}
	return n
}

func clone(r channel.Request) channel.Request {
	r.Header = r.Header.Clone()
	r.Body = bytes.Clone(r.Body)
	return r
}
