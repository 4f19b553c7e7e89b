package desk

import (
	"math/big"
	"slices"
	"strings"
)

// Finding is a condition that held, and by which value, so that people can see why a rule applied.
type Finding struct {
	Fact  Fact     `json:"fact"`
	Key   string   `json:"key,omitempty"`
	Op    Operator `json:"op"`
	Value string   `json:"value,omitempty"` // of those compared with: never what the customer wrote beside it
}

// Match reports whether the conditions hold, and which of them did. It never fails: a value that makes no sense holds for nothing.
func (c Conditions) Match(f Facts) (bool, []Finding) {
	return joined(c.Join, c.Groups, func(g ConditionGroup) (bool, []Finding) {
		return joined(g.Join, g.Conditions, f.holds)
	})
}

// joined asks all of several and lists what held, if enough did. None is enough of none.
func joined[T any](j Join, of []T, holds func(T) (bool, []Finding)) (bool, []Finding) {
	var found []Finding
	enough := len(of) == 0
	for _, one := range of {
		held, by := holds(one)
		if !held && j != JoinAny {
			return false, nil
		}
		if held {
			enough, found = true, append(found, by...)
		}
	}
	if !enough {
		return false, nil
	}
	return true, found
}

func (f Facts) holds(c Condition) (bool, []Finding) {
	held, by := c.Op.compare(f.read(c), c.Values)
	if !held {
		return false, nil
	}
	return true, []Finding{{Fact: c.Fact, Key: c.Key, Op: c.Op, Value: by}}
}

// compare holds what was found against what was asked for, and says which value decided, where one did.
func (op Operator) compare(found, asked []string) (held bool, by string) {
	switch op {
	case OpSet:
		return len(found) > 0, ""
	case OpUnset:
		return len(found) == 0, ""
	case OpIs:
		return anyOf(found, asked, func(has, want string) bool { return has == want })
	case OpIsNot:
		held, _ = OpIs.compare(found, asked)
		return !held, ""
	case OpContains:
		return anyOf(found, asked, strings.Contains)
	case OpContainsNot:
		held, _ = OpContains.compare(found, asked)
		return !held, ""
	case OpStartsWith:
		return anyOf(found, asked, strings.HasPrefix)
	case OpHasAny:
		return OpIs.compare(entries(found), asked)
	case OpHasNone:
		return OpIsNot.compare(entries(found), asked)
	case OpHasAll:
		found = entries(found)
		return len(asked) > 0 && !slices.ContainsFunc(asked, func(want string) bool { return !slices.Contains(found, want) }), strings.Join(asked, ",")
	case OpMore, OpLess:
		return op.order(found, asked)
	case OpBetween:
		return between(found, asked)
	}
	return false, ""
}

// anyOf looks for one of the asked values for which one of the found ones will do, both folded.
func anyOf(found, asked []string, will func(has, want string) bool) (bool, string) {
	folded := make([]string, len(found))
	for i, has := range found {
		folded[i] = foldText(has)
	}
	for _, want := range asked {
		key := foldText(want)
		if key != "" && slices.ContainsFunc(folded, func(has string) bool { return will(has, key) }) {
			return true, want
		}
	}
	return false, ""
}

// entries takes apart the values of a field with several choices.
func entries(found []string) []string {
	var all []string
	for _, f := range found {
		all = append(all, strings.Split(f, ",")...)
	}
	return all
}

// order compares numbers as numbers and dates, whose form sorts, as texts.
func (op Operator) order(found, asked []string) (bool, string) {
	if len(found) == 0 || len(asked) == 0 {
		return false, ""
	}
	sign := strings.Compare(found[0], asked[0])
	if number.MatchString(found[0]) && number.MatchString(asked[0]) {
		has, _ := new(big.Rat).SetString(found[0]) // in a form that it takes
		want, _ := new(big.Rat).SetString(asked[0])
		sign = has.Cmp(want)
	}
	return op == OpMore && sign > 0 || op == OpLess && sign < 0, asked[0]
}

func between(found, asked []string) (bool, string) {
	if len(found) == 0 || len(asked) != 2 {
		return false, ""
	}
	at, from, to := found[0], asked[0], asked[1]
	held := from <= at && at < to
	if to < from {
		held = from <= at || at < to
	}
	return held, from + "–" + to
}

// foldText writes a text as conditions compare it: without width, case and kana, one space where there were some.
func foldText(text string) string {
	hiragana := strings.Map(func(r rune) rune {
		if r >= 'ァ' && r <= 'ヶ' {
			return r - 'ァ' + 'ぁ'
		}
		return r
	}, foldWords(text))
	return strings.Join(strings.Fields(hiragana), " ")
}
