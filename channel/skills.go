package channel

import (
	"context"
	"io"
	"time"

	"madoguchi/desk"
)

// Optional skills, found by assertion. channeltest fails a connector whose Spec and skills disagree. They fail with *Fault.
type (
	// Finder asks the provider whether a message of ours with this key arrived.
	Finder interface {
		Find(ctx context.Context, a Account, m Outgoing) (desk.ExternalID, bool, error)
	}
	// Prober looks at the account with its credentials. A check that fails is in Probed, not an error; the fault says that the
	// provider could not be asked.
	Prober interface {
		Probe(ctx context.Context, a Account) (Probed, error)
	}
	// Subscriber gives the provider our callback's address (a.Callback), or takes it back.
	Subscriber interface {
		Subscribe(ctx context.Context, a Account) error
		Unsubscribe(ctx context.Context, a Account) error
	}
	// Renewer gets an account new credentials before its own run out. It is asked once a day from RenewAhead before their end, or
	// while that is unknown; some providers refuse while the old ones are too young.
	Renewer interface {
		Renew(ctx context.Context, a Account) (Renewed, error)
	}
	// Validator checks settings before they are kept; errors are desk.Invalid with the field's name. Secrets are those
	// that were typed now or kept before.
	Validator interface {
		Validate(settings []byte) error
	}
	// AccountNamer tells the provider's account id from settings alone, "" when only Probe can tell.
	AccountNamer interface {
		AccountOf(settings []byte, secrets map[string]string) string
	}
	// Verifier answers a provider's question whether a callback is ours (Meta's and WeChat's GET). It is asked for GET
	// requests in place of Receive.
	Verifier interface {
		Verify(e Endpoint, r Request) (Reply, error)
	}
	// MediaSource gets a file that a customer sent; ref is desk.Part.MediaRef of one of its parts.
	MediaSource interface {
		Fetch(ctx context.Context, a Account, ref string) (Media, error)
	}
	// Profiler asks who somebody is.
	Profiler interface {
		Profile(ctx context.Context, a Account, p Peer) (Profile, error)
	}
	// Typer shows the customer that somebody writes; it lasts as long as the provider says and is shown anew. lastIn is the
	// customer's newest message.
	Typer interface {
		Typing(ctx context.Context, a Account, p Peer, lastIn desk.ExternalID) error
	}
	// Reader tells the customer that their messages were read, up to one (G2.8).
	Reader interface {
		MarkRead(ctx context.Context, a Account, p Peer, upTo desk.ExternalID) error
	}
	// Reactor sets our emoji on a message, "" takes it back.
	Reactor interface {
		React(ctx context.Context, a Account, p Peer, message desk.ExternalID, emoji string) error
	}
	// Templater keeps message templates at the provider (C3).
	Templater interface {
		Templates(ctx context.Context, a Account) ([]desk.Template, error)
		CreateTemplate(ctx context.Context, a Account, t desk.Template) (desk.Template, error)
		DeleteTemplate(ctx context.Context, a Account, t desk.Template) error
		// TemplateSample hands over a sample of a header that is a file; what comes back is the header's sample when the
		// template is created (desk.SampleHeader).
		TemplateSample(ctx context.Context, a Account, f File) (string, error)
	}
	// Previewer tells how a message looks once Send sent it: its parts as the customer's app shows them, each with the text as
	// Send writes it and the formatting that shows. It asks nobody; what Send would refuse is shown as it is.
	Previewer interface {
		Preview(a Account, m Outgoing) []desk.Part
	}
	// Speaker has the channel's own texts for people in a locale ("ja", "en"), by key:
	// "name", "about", "setting.<name>", "setting.<name>.hint", "option.<setting>.<option>", "step.<name>", "step.<name>.text",
	// "check.<code>" and "check.<code>.fix", "fault.<code>" and "fault.<code>.fix", "fact.<name>" and
	// "fact.<name>.<value>" where the provider tells a code, "typing.hint", "note.<name>".
	Speaker interface {
		Texts(locale string) map[string]string
	}
)

// RenewAhead is how long before their end credentials are renewed.
const RenewAhead = 10 * 24 * time.Hour

// Renewed are new credentials.
type Renewed struct {
	Secrets map[string]string // by setting, in place of the old ones; none = there was nothing to renew
	Expires time.Time         // zero = never
}

// Probed is what a look at the account found.
type Probed struct {
	Account      string // the provider's id of the account: what Channel.Account must be
	Title        string // what the provider calls it: a name, a number
	Facts        []Fact // worth showing: quota, quality, limits
	Checks       []Check
	TokenExpires time.Time // zero = never or unknown (H6)
}

// OK reports whether no check failed.
func (p Probed) OK() bool {
	for _, c := range p.Checks {
		if c.State == CheckFailed {
			return false
		}
	}
	return true
}

// Fact is something to show about an account; its name is explained in the channel's texts.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Check is one thing looked at (B1.4), explained in the channel's texts under its code.
type Check struct {
	Code   string            `json:"code"`
	State  CheckState        `json:"state"`
	Field  string            `json:"field,omitempty"` // the setting to change
	Params map[string]string `json:"params,omitempty"`
}

// CheckState is how a check went.
type CheckState string

// The states.
const (
	CheckPassed  CheckState = "passed"
	CheckWarning CheckState = "warning"
	CheckFailed  CheckState = "failed"
	CheckSkipped CheckState = "skipped" // because one before it failed
)

// Profile is what a provider tells about a person.
type Profile struct {
	Name     string
	Locale   string
	Zone     string
	Phone    string
	ImageURL string
}

// Media is a file being fetched. The caller closes Body and believes neither Type nor Name.
type Media struct {
	Body io.ReadCloser
	Name string
	Type string
	Size int64 // -1 unknown
}
