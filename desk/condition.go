package desk

import (
	"slices"
	"strconv"
	"unicode/utf8"
)

// Conditions says when a routing rule (E2) or a trigger (E28) applies: groups of conditions, one level deep. None at all is
// always so.
type Conditions struct {
	Join   Join             `json:"join,omitempty" enum:"all,any"` // of the groups; "" where there are fewer than two
	Groups []ConditionGroup `json:"groups,omitempty" nullable:"false"`
}

// ConditionGroup is some conditions that count together.
type ConditionGroup struct {
	Join       Join        `json:"join,omitempty" enum:"all,any"` // "" where there are fewer than two
	Conditions []Condition `json:"conditions" nullable:"false"`
}

// Join says how many of several have to hold.
type Join string

// The joins.
const (
	JoinAll Join = "all"
	JoinAny Join = "any"
)

// Condition compares one fact with values.
type Condition struct {
	Fact   Fact     `json:"fact" enum:"channel,channel_kind,entry_page,referral,language,hours,message,contact_is,contact_name,contact_email,contact_phone,contact_field,earlier_tag,tag,status,priority,team,assignee,ticket_field,last_author,waiting,day,time"`
	Key    string   `json:"key,omitempty"` // which custom field, of FactContactField and FactTicketField
	Op     Operator `json:"op" enum:"is,is_not,has_any,has_all,has_none,contains,contains_not,starts_with,more,less,between,set,unset"`
	Values []string `json:"values,omitempty" nullable:"false"` // ids in decimal form, words, texts: what the fact's kind says
}

// Operator is how a fact is compared.
type Operator string

// The operators. Texts compare without regard to width, case and kana.
const (
	OpIs          Operator = "is"           // one of the values
	OpIsNot       Operator = "is_not"       // none of them
	OpHasAny      Operator = "has_any"      // of lists
	OpHasAll      Operator = "has_all"      //
	OpHasNone     Operator = "has_none"     //
	OpContains    Operator = "contains"     // one of the values somewhere in the text
	OpContainsNot Operator = "contains_not" //
	OpStartsWith  Operator = "starts_with"  // with one of the values
	OpMore        Operator = "more"         // of numbers and times; of dates: after
	OpLess        Operator = "less"         // of dates: before
	OpBetween     Operator = "between"      // two clock times, the second one not included; over midnight where it is the smaller
	OpSet         Operator = "set"          // there is a value
	OpUnset       Operator = "unset"        //
)

// Limits of conditions.
const (
	MaxConditionGroups = 10
	MaxConditions      = 20 // of a group
	MaxConditionValues = 50
	MaxConditionValue  = 200 // runes
)

// Check refuses conditions that make no sense, with "groups.<n>.conditions.<m>" as the field: "condition_fact_unknown",
// "condition_operator_invalid", "condition_value_missing", "condition_value_invalid", "condition_field_unknown",
// "conditions_too_many". facts are those that may be asked where the conditions stand; fields, the workspace's definitions.
func (c Conditions) Check(facts []Fact, fields []Field) error {
	if len(c.Groups) > MaxConditionGroups {
		return Invalid("groups", "conditions_too_many", "%d groups are more than %d", len(c.Groups), MaxConditionGroups)
	}
	if err := c.Join.check("join", len(c.Groups)); err != nil {
		return err
	}
	for i, g := range c.Groups {
		if err := g.check("groups."+strconv.Itoa(i), facts, fields); err != nil {
			return err
		}
	}
	return nil
}

func (g ConditionGroup) check(at string, facts []Fact, fields []Field) error {
	if len(g.Conditions) == 0 {
		return Invalid(at, "condition_missing", "the group is empty")
	}
	if len(g.Conditions) > MaxConditions {
		return Invalid(at, "conditions_too_many", "%d conditions are more than %d", len(g.Conditions), MaxConditions)
	}
	if err := g.Join.check(at+".join", len(g.Conditions)); err != nil {
		return err
	}
	for i, c := range g.Conditions {
		if err := c.check(at+".conditions."+strconv.Itoa(i), facts, fields); err != nil {
			return err
		}
	}
	return nil
}

func (j Join) check(field string, joined int) error {
	if j == JoinAll || j == JoinAny || j == "" && joined < 2 {
		return nil
	}
	return Invalid(field, "condition_join_invalid", "%.20q joins nothing", string(j))
}

func (c Condition) check(at string, facts []Fact, fields []Field) error {
	kind, known := c.kind(fields)
	if !known || !slices.Contains(facts, c.Fact) {
		code := "condition_fact_unknown"
		if c.Fact == FactContactField || c.Fact == FactTicketField {
			code = "condition_field_unknown"
		}
		return Invalid(at, code, "no fact %.40q %.40q here", string(c.Fact), c.Key)
	}
	if !slices.Contains(kind.Operators(), c.Op) {
		return Invalid(at, "condition_operator_invalid", "%q is not compared by %.20q", c.Fact, string(c.Op))
	}
	least, most := 1, MaxConditionValues
	switch c.Op {
	case OpSet, OpUnset:
		least, most = 0, 0
	case OpMore, OpLess:
		most = 1
	case OpBetween:
		least, most = 2, 2
	}
	if len(c.Values) < least || len(c.Values) > most {
		return Invalid(at, "condition_value_missing", "%d values, not %d to %d", len(c.Values), least, most)
	}
	for _, v := range c.Values {
		if v == "" || utf8.RuneCountInString(v) > MaxConditionValue || !kind.takes(v) || !c.offers(v, fields) {
			return Invalid(at, "condition_value_invalid", "%.60q is no value of %q", v, c.Fact)
		}
	}
	return nil
}

// kind is what the condition's fact is compared as; false for a fact, or custom field, that there is not.
func (c Condition) kind(fields []Field) (FactKind, bool) {
	f, custom := c.field(fields)
	if custom {
		kind, known := fieldFactKinds[f.Kind]
		return kind, known
	}
	if c.Key != "" || c.Fact == FactContactField || c.Fact == FactTicketField {
		return "", false
	}
	kind, known := factKinds[c.Fact]
	return kind, known
}

// field is the definition of the custom field that the condition asks for, if it asks for one that there is.
func (c Condition) field(fields []Field) (Field, bool) {
	subject := FieldOfContact
	switch c.Fact {
	case FactContactField:
	case FactTicketField:
		subject = FieldOfTicket
	default:
		return Field{}, false
	}
	i := slices.IndexFunc(fields, func(f Field) bool {
		return f.Subject == subject && f.Key == c.Key && f.RetiredAt.IsZero()
	})
	if i < 0 {
		return Field{}, false
	}
	return fields[i], true
}

// offers reports whether a value is one of those that the fact knows, where it knows them.
func (c Condition) offers(value string, fields []Field) bool {
	if f, custom := c.field(fields); custom {
		return len(f.Options) == 0 || f.offers(value)
	}
	words, limited := factWords[c.Fact]
	return !limited || slices.Contains(words, value)
}

// Values lists what the conditions compare a fact with, each once: the records that they name, the schedules to read.
func (c Conditions) Values(fact Fact) []string {
	var values []string
	for _, one := range c.each() {
		if one.Fact == fact {
			values = append(values, one.Values...)
		}
	}
	slices.Sort(values)
	return slices.Compact(values)
}

// Asks reports whether a condition asks for the fact.
func (c Conditions) Asks(fact Fact) bool {
	return slices.ContainsFunc(c.each(), func(one Condition) bool { return one.Fact == fact })
}

// OfToday are the facts that the conditions ask and that are known of today alone, each once.
func (c Conditions) OfToday() []Fact {
	var facts []Fact
	for _, one := range c.each() {
		if one.Fact.OfToday() {
			facts = append(facts, one.Fact)
		}
	}
	slices.Sort(facts)
	return slices.Compact(facts)
}

// WithHours is the conditions with another schedule in the place of one, 0 = HoursAlways (0.10).
func (c Conditions) WithHours(from, to ID) Conditions {
	instead := to.String()
	if to == 0 {
		instead = HoursAlways
	}
	groups := slices.Clone(c.Groups)
	for i := range groups {
		groups[i].Conditions = slices.Clone(groups[i].Conditions)
		for j, one := range groups[i].Conditions {
			if one.Fact != FactHours {
				continue
			}
			values := slices.Clone(one.Values)
			for k, v := range values {
				if v == from.String() {
					values[k] = instead
				}
			}
			slices.Sort(values)
			groups[i].Conditions[j].Values = slices.Compact(values)
		}
	}
	c.Groups = groups
	return c
}

func (c Conditions) each() []Condition {
	var all []Condition
	for _, g := range c.Groups {
		all = append(all, g.Conditions...)
	}
	return all
}
