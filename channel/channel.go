// Package channel is the seam between the desk and the outside: what a provider's connector must do, in the desk's words.
//
// A channel is one folder below this one and one line in channel/all. What the rest of the program needs to know about
// it (settings form, limits, abilities, window, rates) travels as data in its Spec, so that the admin screen, the composer
// and the outbox need no code per channel. Package channeltest is the contract as tests; every connector runs it.
package channel

import (
	"context"
	"io"
	"net/http"
	"time"

	"madoguchi/desk"
)

// A Connector speaks one provider's protocol in the desk's words. It keeps no state and touches no storage: the account
// comes in, the result goes out, so one Connector serves every account on every node.
type Connector interface {
	// Spec is constant; it is sent to the browser as JSON.
	Spec() Spec
	// Receive verifies and reads one webhook request. It is pure, so a stored request can be replayed. A bad signature
	// is ErrForged; an unknown kind of event is never an error.
	Receive(ctx context.Context, e Endpoint, r Request) (Reply, error)
	// Send makes exactly one provider message. It refuses with *Fault, nothing else.
	Send(ctx context.Context, a Account, m Outgoing) (desk.ExternalID, error)
}

// ErrForged is the refusal of a request whose signature or secret does not fit: Spec.ForgedStatus, counted, nothing stored.
var ErrForged = &desk.Error{Kind: desk.KindForbidden, Code: "forged", Message: "the signature does not fit"}

// Endpoint is the callback a request came in on, with what is needed to verify it.
type Endpoint struct {
	Channel  desk.Channel
	Secrets  map[string]string // unsealed
	URL      string            // the callback's own public address as the provider was given it, without a query; some providers sign it
	Received time.Time
}

// Request is a webhook as it arrived, raw.
type Request struct {
	Method string
	URL    string // path and query as they arrived
	Header http.Header
	Body   []byte
	Peer   string // for Spec.Local channels: the identity that the caller was authenticated as, "" otherwise
}

// Reply is what a request meant.
type Reply struct {
	Results []Result
	Status  int    // for the provider, 0 = 200
	Type    string // content type of Body, "" = text/plain; charset=utf-8
	Body    []byte // for the provider, may be empty
}

// Account is everything a connector may use to call its provider.
type Account struct {
	Channel  desk.Channel
	Secrets  map[string]string
	BaseURL  string // overrides the provider's address (simulator, gateway, tests); "" = the real one. Several hosts of one provider become its paths.
	Callback string // Endpoint.URL of this channel, "" where the server has no public address
	Client   *http.Client
	Now      desk.Clock
	// Ease asks that nothing more goes out on the channel for a while: the provider says that little is left of what it lets us
	// call. nil = nobody listens.
	Ease func(time.Duration)
}

// Outgoing is one provider message to send; the outbox has split it already.
type Outgoing struct {
	To       Peer
	Parts    []desk.Part
	Key      string // idempotency key: the same for every attempt
	Delivery desk.ID
	Attempt  int
	ReplyTo  desk.ExternalID // of the customer's message that this answers, "" if none
	QuoteRef string          // that message's Incoming.QuoteRef
	// Token is a fresh reply token of the provider, "" if there is none (LINE: free, used once).
	Token string
	// Tag names the permission that the message is sent under outside the window, "" inside (Messenger's "human_agent").
	Tag      string
	Template *desk.TemplateUse // instead of Parts, on channels with the skill Templater
	Files    map[desk.ID]File  // by attachment, of Parts and Template
}

// File is an attachment on its way out.
type File struct {
	Attachment desk.Attachment
	Link       string // signed, public, without authentication, valid for at least an hour; "" where the server has no public address
	Preview    string // as Link, of a small picture of it (a JPEG or PNG of at most 1 MB); "" if there is none
	Open       func(ctx context.Context) (io.ReadCloser, error)
}

// Registry is the set of connectors by kind.
type Registry map[string]Connector

// Get finds a connector; KindNotFound "channel_kind_not_found".
func (r Registry) Get(kind string) (Connector, error) {
	c, ok := r[kind]
	if !ok {
		return nil, desk.NotFound("channel_kind")
	}
	return c, nil
}

// FilesAsLinks reports whether a channel sends every file as an address in the text; Capabilities.FilesAsLinks.
func (r Registry) FilesAsLinks(c desk.Channel) bool {
	connector, err := r.Get(c.Kind)
	return err == nil && connector.Spec().Capabilities.FilesAsLinks(c.Settings)
}
