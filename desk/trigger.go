package desk

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// TriggerOn is what starts a trigger: something that happens to a ticket, or time since a mark (E28).
type TriggerOn string

// What happens.
const (
	OnTicketCreated  TriggerOn = "ticket_created"
	OnTicketReopened TriggerOn = "ticket_reopened"
	OnStatusChanged  TriggerOn = "status_changed"
	OnAssigned       TriggerOn = "assigned" // to a member
	OnCustomerWrote  TriggerOn = "customer_wrote"
	OnMemberReplied  TriggerOn = "member_replied"
	OnTagAdded       TriggerOn = "tag_added"
	OnSLAWarned      TriggerOn = "sla_warned"
	OnSLABreached    TriggerOn = "sla_breached"
	OnRated          TriggerOn = "rated"
)

// The marks that time is counted from.
const (
	SinceCreated  TriggerOn = "since_created"
	SinceCustomer TriggerOn = "since_customer" // their last message
	SinceReply    TriggerOn = "since_reply"    // the last reply of a member
	SincePending  TriggerOn = "since_pending"
	SinceWaiting  TriggerOn = "since_waiting" // the first message that nobody has answered
	SinceSnoozed  TriggerOn = "since_snoozed"
	SinceResolved TriggerOn = "since_resolved"
)

// TriggerOns lists all of them.
func TriggerOns() []TriggerOn {
	return append([]TriggerOn{
		OnTicketCreated, OnTicketReopened, OnStatusChanged, OnAssigned, OnCustomerWrote, OnMemberReplied, OnTagAdded, OnSLAWarned, OnSLABreached, OnRated,
	}, marks...)
}

var marks = []TriggerOn{SinceCreated, SinceCustomer, SinceReply, SincePending, SinceWaiting, SinceSnoozed, SinceResolved}

// Timed reports whether it is time since a mark.
func (o TriggerOn) Timed() bool { return slices.Contains(marks, o) }

// Trigger does something by itself when something happens, or time has passed, and conditions hold (E28).
type Trigger struct {
	ID         ID
	Name       string
	Position   int // they run in this order
	Enabled    bool
	On         TriggerOn
	Minutes    int // since the mark, where On is timed
	Conditions Conditions
	Actions    []Action // 1..MaxActions, of TriggerActions, in their order
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Version    int64
}

// Limits of triggers.
const (
	MaxTriggers       = 200
	MaxTriggerMinutes = 365 * 24 * 60
	MaxTriggerDepth   = 5 // how many triggers may start one another (E28)
	maxTriggerName    = 60
	// Beyond this many runs of one trigger for one ticket within LoopWithin it goes in circles by ways that no depth counts.
	MaxTriggerRuns = 50
)

// Check refuses a trigger that cannot be kept: "name_missing", "name_too_long", "trigger_event_unknown", "trigger_minutes_invalid", and
// as Conditions.Check and CheckActions. fields are the workspace's definitions.
func (t Trigger) Check(fields []Field) error {
	switch {
	case t.Name == "":
		return Invalid("name", "name_missing", "a trigger has a name")
	case utf8.RuneCountInString(t.Name) > maxTriggerName:
		return Invalid("name", "name_too_long", "more than %d characters", maxTriggerName)
	case !slices.Contains(TriggerOns(), t.On):
		return Invalid("on", "trigger_event_unknown", "nothing is called %.40q", string(t.On))
	case t.On.Timed() != (t.Minutes > 0) || t.Minutes > MaxTriggerMinutes:
		e := Invalid("minutes", "trigger_minutes_invalid", "%d minutes are not in 1..%d", t.Minutes, MaxTriggerMinutes)
		e.Params = map[string]string{"max": strconv.Itoa(MaxTriggerMinutes)}
		return e
	}
	if err := t.Conditions.Check(AllFacts(), fields); err != nil {
		return err
	}
	return CheckActions(t.Actions, TriggerActions())
}

// Starts lists what an event starts. author is who wrote its message, "" where it has none.
func Starts(e Event, author AuthorKind) []TriggerOn {
	switch e.Kind {
	case EventTicketCreated:
		return []TriggerOn{OnTicketCreated}
	case EventMessageCreated:
		if author == AuthorCustomer {
			return []TriggerOn{OnCustomerWrote}
		}
		if author == AuthorHuman {
			return []TriggerOn{OnMemberReplied}
		}
	case EventSurveyChanged:
		if change(e, SurveyFieldAnswer).To == string(AnswerRating) {
			return []TriggerOn{OnRated}
		}
	case EventSLAWarned:
		return []TriggerOn{OnSLAWarned}
	case EventSLABreached:
		return []TriggerOn{OnSLABreached}
	case EventTicketChanged:
		return startsOfChange(e)
	}
	return nil
}

func startsOfChange(e Event) []TriggerOn {
	var starts []TriggerOn
	for _, c := range e.Changes {
		switch {
		case c.Field == "status":
			if c.From == string(StatusResolved) {
				starts = append(starts, OnTicketReopened)
			}
			starts = append(starts, OnStatusChanged)
		case c.Field == "assignee_id" && c.To != "0":
			starts = append(starts, OnAssigned)
		case c.Field == "tag_ids" && adds(c):
			starts = append(starts, OnTagAdded)
		}
	}
	return starts
}

// adds reports whether a list has an entry that it had not before.
func adds(c Change) bool {
	was := strings.Split(c.From, ",")
	return slices.ContainsFunc(strings.Split(c.To, ","), func(id string) bool { return id != "" && !slices.Contains(was, id) })
}

func change(e Event, field string) Change {
	if i := slices.IndexFunc(e.Changes, func(c Change) bool { return c.Field == field }); i >= 0 {
		return e.Changes[i]
	}
	return Change{}
}

// Marks says which marks an event sets, and which it ends: time is not counted from those any more. author as for Starts.
func Marks(e Event, author AuthorKind) (set, ended []TriggerOn) {
	switch e.Kind {
	case EventTicketCreated:
		return []TriggerOn{SinceCreated, SinceWaiting}, nil
	case EventMessageCreated:
		if author == AuthorCustomer {
			return []TriggerOn{SinceCustomer}, nil
		}
		if author == AuthorHuman {
			return []TriggerOn{SinceReply}, nil
		}
	case EventTicketChanged:
		if c := change(e, "wait_since"); c.To != c.From && c.To != "" {
			set = append(set, SinceWaiting)
		} else if c.From != "" {
			ended = append(ended, SinceWaiting)
		}
		for mark, status := range map[TriggerOn]TicketStatus{SincePending: StatusPending, SinceSnoozed: StatusSnoozed, SinceResolved: StatusResolved} {
			switch c := change(e, "status"); string(status) {
			case c.To:
				set = append(set, mark)
			case c.From:
				ended = append(ended, mark)
			}
		}
	}
	return set, ended
}

// Stands reports whether a ticket still is as a mark left it: what was waited for has not ended meanwhile.
func (o TriggerOn) Stands(t Ticket) bool {
	switch o {
	case SincePending:
		return t.Status == StatusPending
	case SinceSnoozed:
		return t.Status == StatusSnoozed
	case SinceResolved:
		return t.Status == StatusResolved
	case SinceWaiting:
		return !t.WaitSince.IsZero()
	}
	return true
}

// Mark is when a mark was set that stands, as the ticket itself knows it; zero where none stands, or where only the thread tells.
func (o TriggerOn) Mark(t Ticket) time.Time {
	switch {
	case !o.Stands(t):
	case o == SinceCreated:
		return t.CreatedAt
	case o == SinceWaiting:
		return t.WaitSince
	case o == SincePending:
		return t.PendingSince
	case o == SinceResolved:
		return t.ResolvedAt
	}
	return time.Time{}
}

// CodeAutomationLoop is why a chain of triggers was stopped (E28).
const CodeAutomationLoop = "automation_loop"

// CodeSurveyUnresolved is why nobody was asked for a rating: the case is not resolved (B4).
const CodeSurveyUnresolved = "survey_unresolved"

// TriggerRun is one time that a trigger's conditions held, and what became of it. It is kept for 30 days.
type TriggerRun struct {
	ID             ID
	TriggerID      ID
	TicketID       ID
	ConversationID ID
	Occurrence     string // what it happened on: once for each
	Depth          int    // 1 = started by people, customers or time; one more for each trigger before it in the chain
	Code           string // CodeAutomationLoop: it was stopped, nothing was done; else ""
	Matched        []Finding
	Steps          []RunStep
	At             time.Time
}

// RunStep is what became of one action.
type RunStep struct {
	Action ActionKind `json:"action"`
	Code   string     `json:"code,omitempty"` // why it was not done: an error's code, or why an automation kept silent
	// Params fill the sentence of an error.
	Params map[string]string `json:"params,omitempty"`
	Same   bool              `json:"same,omitempty"` // it was so already
	// Changes are those of the ticket. Runs before they were noted have none.
	Changes []Change `json:"changes,omitempty"`
}

// Refused reports whether anything of a run was not done.
func (r TriggerRun) Refused() bool {
	return r.Code != "" || slices.ContainsFunc(r.Steps, func(s RunStep) bool { return s.Code != "" })
}

// TriggerTimer is when time since a mark runs out for a ticket. Owner is a trigger, or the channel whose automatic closing it is.
type TriggerTimer struct {
	Owner          ID
	Step           string // of a channel's: TimerNotice or TimerClose; "" = a trigger's
	TicketID       ID
	ConversationID ID
	MarkedAt       time.Time
	DueAt          time.Time
}

// TriggerCatchUp is how far timers are set for the tickets that stood already when a trigger on time was saved.
type TriggerCatchUp struct {
	TriggerID ID        // or a channel's that closes cases by itself (0.6)
	Version   int64     // of the trigger, as it was saved
	Overdue   bool      // tickets whose time was over by SavedAt get one too
	SavedAt   time.Time // the time of others is still to come
	After     TicketPlace
}

// TicketPlace is how far a walk over tickets has come.
type TicketPlace struct {
	At time.Time // of resolved tickets: when the last one was
	ID ID        // of resolved tickets: the last one's; of others: its conversation's
}

// The steps of automatic closing (0.6).
const (
	TimerNotice = "notice"
	TimerClose  = "close"
)

// WebhookCall is a request to somebody's web service that is promised: sent at least once, tried again for a while.
type WebhookCall struct {
	ID             ID
	ConversationID ID
	URL            string
	Body           string // JSON
	Attempts       int
	NotBefore      time.Time
	CreatedAt      time.Time
}
