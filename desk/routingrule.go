package desk

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// RoutingRule says what becomes of a new ticket that its conditions hold for. The workspace's rules are an ordered list, and the
// first that applies decides (E2).
type RoutingRule struct {
	ID         ID
	Name       string
	Active     bool
	Position   int // 0, 1, 2 … in the list
	Conditions Conditions
	Actions    []Action // of RoutingActions
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Version    int64 // counts changes
}

// Limits of routing rules.
const (
	MaxRoutingRules    = 100
	maxRoutingRuleName = 100 // runes
)

// CheckRoutingRules refuses a list that cannot be kept, with "rules.<n>.…" as the field: "rules_too_many", "name_missing",
// "name_too_long", and what conditions and actions refuse. fields are the workspace's definitions.
func CheckRoutingRules(rules []RoutingRule, fields []Field) error {
	if len(rules) > MaxRoutingRules {
		return Invalid("rules", "rules_too_many", "%d rules are more than %d", len(rules), MaxRoutingRules)
	}
	for i, r := range rules {
		if err := r.check(fields); err != nil {
			return under("rules."+strconv.Itoa(i), err)
		}
	}
	return nil
}

func (r RoutingRule) check(fields []Field) error {
	switch {
	case strings.TrimSpace(r.Name) == "":
		return Invalid("name", "name_missing", "a rule has a name")
	case utf8.RuneCountInString(r.Name) > maxRoutingRuleName:
		return Invalid("name", "name_too_long", "more than %d characters", maxRoutingRuleName)
	}
	if err := r.Conditions.Check(RoutingFacts(), fields); err != nil {
		return under("conditions", err)
	}
	return CheckActions(r.Actions, RoutingActions())
}

// Same reports whether two rules say the same in the same place of the list.
func (r RoutingRule) Same(other RoutingRule) bool {
	return r.Name == other.Name && r.Active == other.Active && r.Position == other.Position && r.SameWork(other)
}

// SameWork reports whether two rules do the same for the same tickets.
func (r RoutingRule) SameWork(other RoutingRule) bool {
	return reflect.DeepEqual(r.Conditions, other.Conditions) && reflect.DeepEqual(r.Actions, other.Actions)
}

// Route finds the rule that decides for a ticket, and which of its conditions held; false where none applies.
func Route(rules []RoutingRule, f Facts) (RoutingRule, []Finding, bool) {
	for _, r := range rules {
		if !r.Active {
			continue
		}
		if held, found := r.Conditions.Match(f); held {
			return r, found, true
		}
	}
	return RoutingRule{}, nil, false
}

// RoutingConditions are those of the rules in force: what is asked about a new ticket.
func RoutingConditions(rules []RoutingRule) []Conditions {
	var all []Conditions
	for _, r := range rules {
		if r.Active {
			all = append(all, r.Conditions)
		}
	}
	return all
}

// RoutingState names a list as it is: two lists of the same name are the same. Whoever changes the list says which one they saw.
func RoutingState(rules []RoutingRule) string {
	state := sha256.New()
	for _, r := range rules {
		fmt.Fprintf(state, "%d.%d ", r.ID, r.Version)
	}
	return hex.EncodeToString(state.Sum(nil)[:8])
}

// Routed sends a new ticket where the rule says, by those of its actions that can still be done. The agent whom it names is preferred:
// whether they can take it is decided where tickets are handed out (E4).
func (t *Ticket) Routed(r RoutingRule, actions []Action, now time.Time) error {
	t.RoutingRule = r.ID
	for _, a := range actions {
		if a.Kind == ActionAssign {
			t.PreferredAgent = a.MemberID
			continue
		}
		if err := a.Apply(t, 0, now); err != nil {
			return err
		}
	}
	return nil
}

// under puts the place of what was refused before its field.
func under(place string, err error) error {
	var e *Error
	if errors.As(err, &e) && e.Field != "" {
		e.Field = place + "." + e.Field
	}
	return err
}
