package desk

import (
	"time"
	"unicode/utf8"
)

// Macro is a list of actions that people run at once, in one transaction (E29).
type Macro struct {
	ID ID
	Ownership
	Name       string   // 1..60 characters, unique within its audience
	Reading    string   // よみ, so that kana find it, "" if none
	Actions    []Action // 1..MaxActions, of MacroActions, in their order
	Uses       int64
	LastUsedAt time.Time
	CreatedAt  time.Time
	UpdatedAt  time.Time
	Version    int64
}

// Check refuses a macro that cannot be kept: "macro_audience_invalid", "name_missing", "name_too_long", "too_long", and as
// CheckActions; a second message to the customer, which nobody means, is "macro_speaks_twice".
func (m Macro) Check() error {
	if err := m.Ownership.check("macro_audience_invalid"); err != nil {
		return err
	}
	switch {
	case m.Name == "":
		return Invalid("name", "name_missing", "a macro has a name")
	case utf8.RuneCountInString(m.Name) > maxCannedName:
		return Invalid("name", "name_too_long", "more than %d characters", maxCannedName)
	case utf8.RuneCountInString(m.Reading) > maxCannedName:
		return Invalid("reading", "too_long", "more than %d characters", maxCannedName)
	}
	if err := CheckActions(m.Actions, MacroActions()); err != nil {
		return err
	}
	spoken := 0
	for _, a := range m.Actions {
		if a.Kind == ActionReply || a.Kind == ActionTemplate {
			spoken++
		}
	}
	if spoken > 1 {
		return Invalid("actions", "macro_speaks_twice", "%d messages to the customer", spoken)
	}
	return nil
}
