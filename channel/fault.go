package channel

import (
	"fmt"
	"time"

	"madoguchi/desk"
)

// Action is what a provider's refusal asks for: the action vocabulary of all connectors.
type Action string

// The actions.
const (
	ActRetry     Action = "retry"     // keep queued, back off
	ActThrottle  Action = "throttle"  // pause until After, order kept
	ActCap       Action = "cap"       // quota or policy stop
	ActToken     Action = "token"     // the admin must reconnect
	ActConfig    Action = "config"    // the settings are wrong
	ActBlocked   Action = "blocked"   // the customer blocked us
	ActOptOut    Action = "opt_out"   // consent withdrawn
	ActMarketing Action = "marketing" // consent to advertisements withdrawn: answers are still welcome (C4.4)
	ActWindow    Action = "window"    // the reply window is closed
	ActFail      Action = "fail"      // this message can never go
)

// Codes of files that MediaSource.Fetch did not bring, with ActFail.
const (
	CodeMediaGone = "media_gone"   // the provider has it no more
	CodeTooBig    = "file_too_big" // it exceeds what the provider hands out
)

// Fault is a provider's refusal.
type Fault struct {
	Kind  Action
	Code  string        // the provider's code
	After time.Duration // with ActRetry, ActThrottle and ActCap: not before
	Scope RateScope     // with ActThrottle: what must pause, "" = RateAccount
	// Certain says that the provider did not accept the message: only then, or when the channel is idempotent, may it
	// be sent again without asking.
	Certain bool
	// Once: the attempt went a way that the provider would not know again, so that even an idempotent channel repeats it only
	// if the fault is Certain (a reply by token, which takes no key).
	Once bool
	// Rest: with ActCap, what goes another way is still taken (a free answer by reply token), so the channel is not paused.
	Rest bool
	// Template is how the template that was sent stands, where the refusal tells (C3.3); "" else.
	Template desk.TemplateStatus
	// Suspended, with ActCap: no quota is used up, the provider stopped the account itself, until somebody settles it there (H2).
	Suspended bool
	// Undelivered, with ActFail: it may be that nothing reaches this person (H5); one refusal does not prove it.
	Undelivered bool
	Err         error
}

// Error returns the text for logs.
func (f *Fault) Error() string { return fmt.Sprintf("%s (%s): %v", f.Kind, f.Code, f.Err) }

// Unwrap gives the cause.
func (f *Fault) Unwrap() error { return f.Err }

// OnMessage is the fault as kept with a message.
func (f *Fault) OnMessage() *desk.MessageFault {
	m := &desk.MessageFault{Kind: string(f.Kind), Code: f.Code, Uncertain: !f.Certain}
	if f.Err != nil {
		m.Detail = f.Err.Error()
	}
	return m
}
