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
	"time"

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
	// SignedFor is how far a signature's time may be from a request's arrival; 0 = it carries none. See testReplayed.
	SignedFor time.Duration
	// KindsKnown: no message is of a kind that the connector does not know. See testStrange.
	KindsKnown bool
	// BodyUnsigned: the provider proves who calls (a secret in a header or the address), not what it says.
	BodyUnsigned bool
	// Verifications are the provider's questions whether the callback is ours, authentic as they stand, by what they must be
	// answered; for connectors with the skill Verifier.
	Verifications map[string]Verification
	// Account makes an account that sends to a provider at an address; nil for Spec.Local.
	Account func(t *testing.T, baseURL string) channel.Account
	// Outgoing is a message that the provider takes; Accept is the answer it gives.
	Outgoing channel.Outgoing
	Accept   Answer
	// Refusals are the provider's refusals and what each must mean.
	Refusals []Refusal
	// Sendings are further messages: media, choices, replies, texts at the limit.
	Sendings []Sending
	// Before are the answers of requests that every Send makes before the message's own (a token), in order.
	Before []Answer
	// Settings that the provider's console would give, which Validate takes; and changes of single fields that it refuses.
	Settings    string
	BadSettings map[string]string // by field: whole settings
}

// Fixture is a webhook request, authentic as it stands, and what it means: the kinds of its results in order, separated by
// spaces ("message receipt unknown"; see Kind), "" for none.
type Fixture struct {
	Name     string
	Endpoint channel.Endpoint
	Request  channel.Request
	Want     string
	// Check looks at what Want leaves open; nil = nothing.
	Check func(t *testing.T, reply channel.Reply)
}

// Sending is one message and how it must go out.
type Sending struct {
	Name     string
	Outgoing channel.Outgoing
	Accept   Answer // "" = Suite.Accept
	// Check looks at the requests that one Send made, in order; the last is the message's.
	Check func(t *testing.T, requests []Sent)
	// Answers are those of the requests before the last (an upload, a token), in order; {} = 200 with the body "{}".
	Answers []Answer
}

// Sent is one request that a connector made.
type Sent struct {
	Method, Path string // path with its query
	Header       http.Header
	Body         []byte
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
	t.Run("settings", func(t *testing.T) { t.Parallel(); testSettings(t, s) })
	for _, f := range s.Fixtures {
		t.Run("receive/"+f.Name, func(t *testing.T) { t.Parallel(); testReceive(t, s, f) })
	}
	testVerifier(t, s)
	t.Run("receive/something more", func(t *testing.T) { t.Parallel(); testAdditions(t, s) })
	t.Run("receive/something strange", func(t *testing.T) { t.Parallel(); testStrange(t, s) })
	t.Run("receive/replayed", func(t *testing.T) { t.Parallel(); testReplayed(t, s) })
	t.Run("garbage", func(t *testing.T) { t.Parallel(); testGarbage(t, s) })
	if s.Connector.Spec().Local {
		t.Run("send", func(t *testing.T) { t.Parallel(); testLocalSend(t, s.Connector) })
		return
	}
	testSend(t, s)
	testLimits(t, s)
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

var settingTypes = []string{"text", "secret", "url", "origins", "color", "bool", "choice", "texts", "phone", "made"}

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
	if c := capable.Choices; c.Max < 0 || c.Label < 0 || c.Body < 0 || spec.EchoWithin < 0 || capable.CaptionLimit < 0 || capable.MaxFiles < 0 {
		t.Errorf("negative limits: %+v", capable)
	}
	if w := spec.Window; w != nil && (w.For <= 0 || w.Count < 0 || (w.HumanFor > 0) != (w.HumanTag != "") || w.HumanFor > 0 && w.HumanFor <= w.For) {
		t.Errorf("window %+v", w)
	}
	if w := spec.Window; w != nil && w.HumanSetting != "" && !slices.ContainsFunc(spec.Settings, func(s channel.Setting) bool { return s.Name == w.HumanSetting && s.Type == "bool" }) {
		t.Errorf("the window hangs on %q, which is no switch", w.HumanSetting)
	}
	for _, r := range spec.Rates {
		if r.Count <= 0 || r.Per <= 0 || r.Burst < 0 || r.Scope != channel.RateAccount && r.Scope != channel.RatePeer {
			t.Errorf("rate %+v", r)
		}
	}
	testSkills(t, c)
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

// testSkills holds what the spec promises against what the connector can do.
func testSkills(t *testing.T, c channel.Connector) {
	capable := c.Spec().Capabilities
	_, types := c.(channel.Typer)
	_, reads := c.(channel.Reader)
	_, reacts := c.(channel.Reactor)
	_, templates := c.(channel.Templater)
	for name, is := range map[string][2]bool{
		"typing": {capable.Typing, types}, "read receipts": {capable.ReadReceipts, reads},
		"reactions": {capable.Reactions, reacts}, "templates": {capable.Templates, templates},
	} {
		if is[0] != is[1] && !c.Spec().Local {
			t.Errorf("%s: the spec says %v, the connector's skill %v", name, is[0], is[1])
		}
	}
	if types && c.Spec().TypingFor <= 0 {
		t.Error("the spec does not say how long the customer sees that somebody writes")
	}
	testPreview(t, c)
	testTexts(t, c)
}

// testPreview holds what a preview shows against what the spec says that the channel shows.
func testPreview(t *testing.T, c channel.Connector) {
	if c.Spec().Local {
		return
	}
	for _, kind := range []desk.MarkKind{desk.MarkBold, desk.MarkItalic, desk.MarkStrike, desk.MarkCode} {
		marks := []desk.Mark{{Kind: kind, Start: 5, End: 8}}
		shown := channel.PreviewOf(c, channel.Account{}, channel.Outgoing{Parts: []desk.Part{{Kind: desk.PartText, Text: "very big deal", Marks: marks}}})
		if !slices.Contains(c.Spec().Capabilities.Marks, kind) {
			marks = nil
		}
		if len(shown) != 1 || shown[0].Text != "very big deal" || !slices.Equal(shown[0].Marks, marks) {
			t.Errorf("%s: the preview shows %+v, want the marks %+v", kind, shown, marks)
		}
	}
}

// testTexts checks that people are told everything, in both languages alike.
func testTexts(t *testing.T, c channel.Connector) {
	speaker, ok := c.(channel.Speaker)
	if !ok {
		if !c.Spec().Local && len(c.Spec().Settings) > 0 {
			t.Error("a connector with settings has texts")
		}
		return
	}
	ja, en := speaker.Texts("ja"), speaker.Texts("en")
	for key := range en {
		if ja[key] == "" {
			t.Errorf("no Japanese for %s", key)
		}
	}
	for key := range ja {
		if en[key] == "" {
			t.Errorf("no English for %s", key)
		}
	}
	needed := []string{"name", "about"}
	for _, s := range c.Spec().Settings {
		needed = append(needed, "setting."+s.Name)
		for _, option := range s.Options {
			needed = append(needed, "option."+s.Name+"."+option)
		}
	}
	for _, s := range c.Spec().Steps {
		needed = append(needed, "step."+s.Name, "step."+s.Name+".text")
	}
	for _, key := range needed {
		if en[key] == "" {
			t.Errorf("no text for %s", key)
		}
	}
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
		if _, err := regexp.Compile(s.Pattern); err != nil {
			t.Errorf("setting %s: %v", s.Name, err)
		}
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
	for _, step := range c.Spec().Steps {
		for _, name := range append(slices.Clone(step.Fields), step.Copy...) {
			if !seen[name] && name != "callback" {
				t.Errorf("step %s names the setting %q, which is none", step.Name, name)
			}
		}
	}
}

func testSettings(t *testing.T, s Suite) {
	v, ok := s.Connector.(channel.Validator)
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
	if s.Settings != "" {
		if err := v.Validate([]byte(s.Settings)); err != nil {
			t.Errorf("good settings are refused: %v", err)
		}
	}
	for field, raw := range s.BadSettings {
		var e *desk.Error
		if err := v.Validate([]byte(raw)); !errors.As(err, &e) || e.Field != field {
			t.Errorf("settings with a bad %s: %v", field, err)
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
	var kinds []string
	for _, r := range reply.Results {
		kinds = append(kinds, Kind(r))
		if w := s.Connector.Spec().Window; w != nil && r.Opens != nil && r.Opens.For > 0 && r.Opens.For <= w.Guard {
			t.Errorf("it opens %v, of which the guard leaves nothing", r.Opens.For)
		}
	}
	if got := strings.Join(kinds, " "); got != f.Want {
		t.Errorf("it means %q, want %q", got, f.Want)
	}
	if f.Check != nil {
		f.Check(t, reply)
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
		testForged(t, s, f)
	}
}

func testGarbage(t *testing.T, s Suite) {
	for n, f := range s.Fixtures {
		bodies := garbage()
		if n == 0 {
			bodies = append(bodies, floods()...) // they take long, and once tells it
		}
		for i := 0; i < len(f.Request.Body); i += 1 + len(f.Request.Body)/64 {
			bodies = append(bodies, string(f.Request.Body[:i]))
		}
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
		"<xml><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a></xml>", "a=b&c=%zz",
	}
}

func floods() []string {
	return []string{strings.Repeat("[", 100_000), strings.Repeat(`{"a":`, 50_000), strings.Repeat("a", 2<<20)}
}

func clone(r channel.Request) channel.Request {
	r.Header = r.Header.Clone()
	r.Body = bytes.Clone(r.Body)
	return r
}
