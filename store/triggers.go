package store

import (
	"time"

	"madoguchi/desk"
)

// MacroReader reads macros (E29).
type MacroReader interface {
	Get(id desk.ID) (desk.Macro, error)
	List() ([]desk.Macro, error) // everybody's; desk.Macro.For says whose they are
}

// MacroWriter changes macros.
type MacroWriter interface {
	Put(desk.Macro) error // keeps Uses and LastUsedAt; "macro_name_taken" (conflict) within an audience
	Delete(id desk.ID) error
	Used(id desk.ID, at time.Time) error // counts one use
}

// RunQuery asks for runs of a trigger.
type RunQuery struct {
	Trigger desk.ID
	Ticket  desk.ID // for which ticket, 0 = any
	Refused bool    // only those of which something was not done
	Below   desk.ID // only lower ids, 0 = all
	Limit   int
}

// TriggerReader reads triggers, what they did and what they wait for (E28).
type TriggerReader interface {
	Get(id desk.ID) (desk.Trigger, error)
	List() ([]desk.Trigger, error) // in their order
	Run(id desk.ID) (desk.TriggerRun, error)
	Runs(RunQuery) ([]desk.TriggerRun, error) // newest first
	// RunsSince counts a trigger's runs for a ticket that are as new as an id, or newer; at most limit are looked at.
	RunsSince(trigger, ticket, from desk.ID, limit int) (int, error)
	// Timers are the next to run out, the first first.
	Timers(limit int) ([]desk.TriggerTimer, error)
	// CatchUp is one of those that are not at their end; found is false where there is none.
	CatchUp() (c desk.TriggerCatchUp, found bool, err error)
}

// TriggerWriter changes triggers, and keeps what they did and wait for.
type TriggerWriter interface {
	Put(desk.Trigger) error
	Delete(id desk.ID) error // its timers stay, see StopSomeOf; what it did stays readable
	// AddRun keeps a run unless there is one of the same occurrence: false then, and nothing is to be done.
	AddRun(desk.TriggerRun) (bool, error)
	EndRun(desk.TriggerRun) error // Code and Steps
	PutTimer(desk.TriggerTimer) error
	// AddTimer keeps a timer unless its owner has one for the ticket already.
	AddTimer(desk.TriggerTimer) error
	// StopTimer takes a timer away, whatever its mark.
	StopTimer(owner, ticket desk.ID) error
	// TakeTimer takes a timer away to act on it; false when it is not there as it was read.
	TakeTimer(desk.TriggerTimer) (bool, error)
	// StopTimersOf takes all of an owner's away, and sets none for standing tickets any more.
	StopTimersOf(owner desk.ID) error
	// StopSomeOf takes those of about so many tickets of an owner's away, and says how many timers that were.
	StopSomeOf(owner desk.ID, limit int) (int64, error)
	// PutCatchUp begins one, in the place of the trigger's before, or keeps how far it came.
	PutCatchUp(desk.TriggerCatchUp) error
	// TakeCatchUp takes one away to go on with it; false when it is not there as it was read.
	TakeCatchUp(desk.TriggerCatchUp) (bool, error)
}

// WebhookCallReader reads the requests to web services that are promised.
type WebhookCallReader interface {
	// Next is when the first of them is due, zero if there is none.
	Next() (time.Time, error)
}

// WebhookCallWriter promises requests to web services, and settles them.
type WebhookCallWriter interface {
	Add(desk.WebhookCall) error
	// Claim takes one that is due until an instant, at which it is due again; Attempts counts.
	Claim(until time.Time) (c desk.WebhookCall, found bool, err error)
	Retry(id desk.ID, at time.Time) error
	Done(id desk.ID) error
}
