package desk

import (
	"cmp"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// ActionKind names one thing that is done to a case.
type ActionKind string

// The actions (E2, E28, E29).
const (
	ActionAssign    ActionKind = "assign"     // to MemberID, 0 = nobody: back to the queue
	ActionTake      ActionKind = "take"       // to whoever runs the macro
	ActionTeam      ActionKind = "team"       // to TeamID's, 0 = everybody's
	ActionPriority  ActionKind = "priority"   // Priority
	ActionAddTag    ActionKind = "add_tag"    // TagID
	ActionRemoveTag ActionKind = "remove_tag" // TagID
	ActionSLA       ActionKind = "sla"        // PolicyID, 0 = none
	ActionNote      ActionKind = "note"       // Text
	ActionReply     ActionKind = "reply"      // Texts, by the customer's language
	ActionTemplate  ActionKind = "template"   // TemplateID with Variables
	ActionStatus    ActionKind = "status"     // Status: open, pending or resolved
	ActionSnooze    ActionKind = "snooze"     // for Minutes, 0 = until the channel opens next
	ActionWebhook   ActionKind = "webhook"    // URL
	ActionSurvey    ActionKind = "survey"     // asks for a rating, of a case that is resolved by then (B4)
)

// RoutingActions are what a routing rule may do (E2).
func RoutingActions() []ActionKind {
	return []ActionKind{ActionTeam, ActionAssign, ActionPriority, ActionAddTag, ActionSLA}
}

// TriggerActions are what a trigger may do (E28).
func TriggerActions() []ActionKind {
	return []ActionKind{
		ActionAssign, ActionTeam, ActionPriority, ActionAddTag, ActionRemoveTag, ActionSLA, ActionNote, ActionReply, ActionTemplate, ActionStatus,
		ActionSnooze, ActionWebhook, ActionSurvey,
	}
}

// MacroActions are what a macro may do (E29).
func MacroActions() []ActionKind { return append([]ActionKind{ActionTake}, TriggerActions()...) }

// Action is one thing that a routing rule, a trigger or a macro does to a case. Fields that its kind does not use are zero.
type Action struct {
	Kind       ActionKind        `json:"kind" enum:"assign,take,team,priority,add_tag,remove_tag,sla,note,reply,template,status,snooze,webhook,survey"`
	MemberID   ID                `json:"member_id,omitempty"`
	TeamID     ID                `json:"team_id,omitempty"`
	TagID      ID                `json:"tag_id,omitempty"`
	PolicyID   ID                `json:"policy_id,omitempty"`
	TemplateID ID                `json:"template_id,omitempty"`
	Priority   Priority          `json:"priority,omitempty"`
	Status     TicketStatus      `json:"status,omitempty"`
	Minutes    int               `json:"minutes,omitempty"`
	Text       string            `json:"text,omitempty"`
	Texts      map[Locale]string `json:"texts,omitempty"`     // may name CannedVariables
	Variables  map[string]string `json:"variables,omitempty"` // of the template; values may name CannedVariables
	URL        string            `json:"url,omitempty"`
}

// Limits of actions.
const (
	MaxActions       = 20
	MaxSnoozeMinutes = 366 * 24 * 60
	maxActionText    = 10_000 // runes, as a message
	maxActionURL     = 2_048  // bytes
)

// CheckActions refuses a list that cannot be kept: "actions_missing", "actions_too_many", and of each action what Check
// refuses, with its place in the field's name.
func CheckActions(actions []Action, allowed []ActionKind) error {
	if len(actions) == 0 {
		return Invalid("actions", "actions_missing", "there is nothing to do")
	}
	if len(actions) > MaxActions {
		e := Invalid("actions", "actions_too_many", "%d actions are more than %d", len(actions), MaxActions)
		e.Params = map[string]string{"max": strconv.Itoa(MaxActions)}
		return e
	}
	for i, a := range actions {
		if err := a.check("actions."+strconv.Itoa(i), allowed); err != nil {
			return err
		}
	}
	return nil
}

func (a Action) check(field string, allowed []ActionKind) error {
	if !slices.Contains(allowed, a.Kind) {
		return Invalid(field+".kind", "action_invalid", "%.40q is not done here", string(a.Kind))
	}
	missing := func(name string, absent bool) error {
		if absent {
			return Invalid(field+"."+name, "action_incomplete", "%s says nothing", a.Kind)
		}
		return nil
	}
	switch a.Kind {
	case ActionAddTag, ActionRemoveTag:
		return missing("tag_id", a.TagID == 0)
	case ActionTemplate:
		return missing("template_id", a.TemplateID == 0)
	case ActionPriority:
		known := []Priority{PriorityLow, PriorityNormal, PriorityHigh, PriorityUrgent}
		return missing("priority", !slices.Contains(known, a.Priority))
	case ActionStatus:
		return missing("status", !slices.Contains([]TicketStatus{StatusOpen, StatusPending, StatusResolved}, a.Status))
	case ActionSnooze:
		return missing("minutes", a.Minutes < 0 || a.Minutes > MaxSnoozeMinutes)
	case ActionWebhook:
		return a.checkURL(field + ".url")
	case ActionNote:
		return checkActionText(field+".text", a.Text)
	case ActionReply:
		return a.checkTexts(field + ".texts")
	}
	return nil
}

func (a Action) checkURL(field string) error {
	u, err := url.Parse(a.URL)
	if err != nil || len(a.URL) > maxActionURL || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return Invalid(field, "url_invalid", "%.80q is no address of a web service", a.URL)
	}
	return nil
}

func (a Action) checkTexts(field string) error {
	if len(a.Texts) == 0 {
		return Invalid(field, "text_missing", "a reply has a text in one language or more")
	}
	for l, text := range a.Texts {
		if l != LocaleEN && l != LocaleJA {
			return Invalid(field+"."+string(l), "locale_unknown", "%.20q is not a language of this server", string(l))
		}
		if err := checkActionText(field+"."+string(l), text); err != nil {
			return err
		}
	}
	return nil
}

func checkActionText(field, text string) error {
	if strings.TrimSpace(text) == "" {
		return Invalid(field, "text_missing", "the text is empty")
	}
	if utf8.RuneCountInString(text) > maxActionText {
		return Invalid(field, "too_long", "more than %d characters", maxActionText)
	}
	return knownVariables(field, text)
}

// TextFor is the reply in a language, else in the one that there is; English before Japanese where neither is theirs.
func (a Action) TextFor(l Locale) string {
	for _, try := range []Locale{l, LocaleEN, LocaleJA} {
		if text := strings.TrimSpace(a.Texts[try]); text != "" {
			return text
		}
	}
	return ""
}

// OfTicket reports whether the action is an edit of the ticket alone, which Apply makes.
func (a Action) OfTicket() bool {
	switch a.Kind {
	case ActionAssign, ActionTake, ActionTeam, ActionPriority, ActionAddTag, ActionRemoveTag, ActionSLA, ActionStatus:
		return true
	}
	return false
}

// GivesTo is whom an action gives a ticket that they have not in hand: whether they may have it is for the caller to know. 0 = nobody.
func (a Action) GivesTo(t Ticket, by ID) ID {
	to := ID(0)
	switch {
	case a.Kind == ActionAssign:
		to = a.MemberID
	case a.Kind == ActionTake:
		to = by
	case a.Kind == ActionStatus && t.Status.Resolved() && !a.Status.Resolved():
		to = cmp.Or(t.Assignee, by) // for whom it was with (E11)
	}
	if to == t.Assignee && !t.Status.Resolved() {
		return 0
	}
	return to
}

// Apply edits a ticket as an action of OfTicket wants it: what is so already is no error. What the action names exists: that is for
// the caller to know. by is who runs it, 0 = nobody; "invalid_transition" (conflict) for what 0.2 forbids.
func (a Action) Apply(t *Ticket, by ID, now time.Time) error {
	switch a.Kind {
	case ActionAssign:
		return giveTo(t, a.MemberID, now)
	case ActionTake:
		return giveTo(t, by, now)
	case ActionTeam:
		return moveTo(t, a.TeamID, now)
	case ActionPriority:
		t.Priority = a.Priority
	case ActionAddTag:
		if !slices.Contains(t.TagIDs, a.TagID) {
			t.TagIDs = append(slices.Clone(t.TagIDs), a.TagID)
			slices.Sort(t.TagIDs)
		}
	case ActionRemoveTag:
		t.TagIDs = slices.DeleteFunc(slices.Clone(t.TagIDs), func(id ID) bool { return id == a.TagID })
	case ActionSLA:
		t.SLAPolicy = a.PolicyID
	case ActionStatus:
		return enter(t, a.Status, by, now)
	}
	return nil
}

func giveTo(t *Ticket, member ID, now time.Time) error {
	switch {
	case t.Assignee == member && !t.Status.Resolved():
		return nil
	case member != 0:
		return t.AssignTo(member, now)
	case t.Status.Resolved():
		return Errorf(KindConflict, "invalid_transition", "a resolved ticket is reopened, not unassigned")
	}
	return t.TransferTo(0, now)
}

// moveTo hands a ticket to a team. What somebody has in hand waits in the team's queue from then on, as after a transfer (E13); who is
// to have it there is named by an action after this one.
func moveTo(t *Ticket, team ID, now time.Time) error {
	if t.TeamID == team {
		return nil
	}
	if t.Assignee != 0 && !t.Status.Resolved() {
		if err := t.TransferTo(team, now); err != nil {
			return err
		}
	}
	t.TeamID = team
	return nil
}

// enter brings a ticket into a status, as far as 0.2 allows.
func enter(t *Ticket, to TicketStatus, by ID, now time.Time) error {
	switch {
	case t.Status == to, to == StatusOpen && t.Status == StatusQueued:
		return nil
	case to == StatusResolved:
		return t.Resolve(ReasonManual, now)
	case t.Status == StatusSnoozed:
		if err := t.Wake(now); err != nil {
			return err
		}
		return enter(t, to, by, now)
	case t.Status.Resolved():
		if err := t.Reopen(cmp.Or(t.Assignee, by), now); err != nil { // for whom it was with (E11)
			return err
		}
		return enter(t, to, by, now)
	case to == StatusPending:
		return t.SetPending(now)
	}
	return t.SetOpen(now)
}
