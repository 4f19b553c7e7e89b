// Package routing keeps the workspace's routing rules as one ordered list, and tries a list on tickets of the past (E2). Where the
// rules are obeyed is package inbound.
package routing

import (
	"slices"
	"strconv"

	"madoguchi/desk"
	"madoguchi/store"
)

// Save makes the list of rules what it is to be: those without an id are new, those left out go. state names the list that was seen
// (desk.RoutingState); "edited_meanwhile" (conflict) if it is another by now. What a rule that changed names has to be there.
func Save(tx store.Tx, by desk.Actor, state string, rules []desk.RoutingRule) ([]desk.RoutingRule, error) {
	before, err := tx.RoutingRules().List()
	if err != nil {
		return nil, err
	}
	if now := desk.RoutingState(before); now != state {
		return before, desk.Errorf(desk.KindConflict, "edited_meanwhile", "the list is at %s, not at %s", now, state)
	}
	fields, err := tx.Fields().List()
	if err != nil {
		return nil, err
	}
	if err := desk.CheckRoutingRules(rules, fields); err != nil {
		return nil, err
	}
	s := saving{tx: tx, by: by, before: before}
	after := make([]desk.RoutingRule, len(rules))
	for i, r := range rules {
		r.Position = i
		if after[i], err = s.put(r); err != nil {
			return nil, err
		}
	}
	for _, was := range before {
		if slices.ContainsFunc(after, func(r desk.RoutingRule) bool { return r.ID == was.ID }) {
			continue
		}
		if err := tx.WriteRoutingRules().Delete(was.ID); err != nil {
			return nil, err
		}
		s.changed(was.ID)
	}
	return after, nil
}

type saving struct {
	tx     store.Tx
	by     desk.Actor
	before []desk.RoutingRule
}

// put keeps a rule, if anything about it is new.
func (s saving) put(r desk.RoutingRule) (desk.RoutingRule, error) {
	now := s.tx.Now()
	was := desk.RoutingRule{CreatedAt: now}
	if r.ID != 0 {
		i := slices.IndexFunc(s.before, func(b desk.RoutingRule) bool { return b.ID == r.ID })
		if i < 0 {
			return r, desk.NotFound("routing_rule")
		}
		was = s.before[i]
		if r.Same(was) {
			return was, nil
		}
	}
	if !r.SameWork(was) {
		if err := s.named(r); err != nil {
			return r, err
		}
	}
	if r.ID == 0 {
		r.ID = s.tx.NewID()
	}
	r.CreatedAt, r.UpdatedAt, r.Version = was.CreatedAt, now, was.Version+1
	s.changed(r.ID)
	return r, s.tx.WriteRoutingRules().Put(r)
}

func (s saving) changed(rule desk.ID) {
	s.tx.Emit(desk.Event{Kind: desk.EventRoutingChanged, At: s.tx.Now(), Actor: s.by, SubjectID: rule})
}

// named refuses a rule that names what is not there: "rule_names_missing" with the place.
func (s saving) named(r desk.RoutingRule) error {
	place := "rules." + strconv.Itoa(r.Position)
	if err := store.CheckNamed(s.tx, r.Conditions); err != nil {
		if desk.KindOf(err) != desk.KindNotFound {
			return err
		}
		return missing(place+".conditions", err)
	}
	for i, a := range r.Actions {
		possible, err := store.PossibleActions(s.tx, []desk.Action{a})
		if err != nil {
			return err
		}
		if len(possible) == 0 {
			return missing(place+".actions."+strconv.Itoa(i), nil)
		}
	}
	return nil
}

func missing(place string, err error) error {
	e := desk.Invalid(place, "rule_names_missing", "the rule names what is not there")
	e.Err = err
	return e
}
