package desk

import (
	"maps"
	"slices"
)

// ChosenTemplate is a template that goes by itself, and what fills it.
type ChosenTemplate struct {
	ID        ID                `json:"id"`
	Variables map[string]string `json:"variables,omitempty"` // values may name CannedVariables
}

// ChosenTemplates go where texts may not, by the customer's language (G7.2); with none for theirs, the one that there is.
type ChosenTemplates map[Locale]ChosenTemplate

// For is what goes in a language; false for none.
func (c ChosenTemplates) For(l Locale) (ChosenTemplate, bool) {
	for _, try := range []Locale{l, LocaleEN, LocaleJA} {
		if t, chosen := c[try]; chosen {
			return t, true
		}
	}
	return ChosenTemplate{}, false
}

func (c ChosenTemplates) validate(field string) error {
	for _, l := range slices.Sorted(maps.Keys(c)) {
		for name, value := range c[l].Variables {
			if err := knownVariables(field+"."+string(l)+".variables."+name, value); err != nil {
				return err
			}
		}
	}
	return nil
}
