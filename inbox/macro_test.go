package inbox_test

import (
	"errors"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

// keepMacro keeps a macro for everybody.
func (c *counter) keepMacro(actions ...desk.Action) desk.Macro {
	c.t.Helper()
	m := desk.Macro{Ownership: desk.Ownership{Audience: desk.AudienceWorkspace}, Name: "返金", Actions: actions, Version: 1}
	c.update(func(tx store.Tx) error {
		m.ID = tx.NewID()
		m.Name += m.ID.String()
		return tx.WriteMacros().Put(m)
	})
	return m
}

func (c *counter) run(m desk.Macro, key string) inbox.MacroRun {
	return inbox.MacroRun{Macro: m.ID, Key: key, May: func(desk.Action, desk.Ticket) error { return nil }}
}

func reply(text string) desk.Action {
	return desk.Action{Kind: desk.ActionReply, Texts: map[desk.Locale]string{desk.LocaleJA: text, desk.LocaleEN: text}}
}

func TestMacroDoesAllOrNothing(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "返品したい")
	calm := desk.Action{Kind: desk.ActionPriority, Priority: desk.PriorityLow}
	done := desk.Action{Kind: desk.ActionStatus, Status: desk.StatusResolved}
	m := c.keepMacro(calm, desk.Action{Kind: desk.ActionNote, Text: "#{{ticket.number}}"}, reply("{{member.name}}です"), desk.Action{Kind: desk.ActionSurvey}, done)
	head := c.head()
	for name, bad := range map[string]struct {
		macro desk.Macro
		may   func(desk.Action, desk.Ticket) error
		code  string
	}{
		"a variable that nothing fills": {c.keepMacro(calm, reply("{{contact.phone}}")), nil, "variable_unfilled"},
		"a tag that is gone":            {c.keepMacro(calm, desk.Action{Kind: desk.ActionAddTag, TagID: 99}), nil, "tag_not_found"},
		"no opening hours":              {c.keepMacro(calm, desk.Action{Kind: desk.ActionSnooze}), nil, "opening_unknown"},
		"a status that cannot follow":   {c.keepMacro(calm, desk.Action{Kind: desk.ActionStatus, Status: desk.StatusPending}), nil, "invalid_transition"},
		"a missing permission": {c.keepMacro(calm, reply("はい"), done), func(a desk.Action, _ desk.Ticket) error {
			if a.Kind == desk.ActionStatus {
				return desk.Errorf(desk.KindForbidden, "forbidden", "not allowed")
			}
			return nil
		}, "forbidden"},
	} {
		run := c.run(bad.macro, name)
		if bad.may != nil {
			run.May = bad.may
		}
		last := len(bad.macro.Actions) - 1
		_, err := c.service.RunMacro(c.ctx(), c.aoi, row.ID, run)
		var e *desk.Error
		if !errors.As(err, &e) || e.Code != bad.code || e.Field != "actions."+string(rune('0'+last)) {
			t.Errorf("%s: %v", name, err)
		}
		steps, err := c.service.PreviewMacro(c.ctx(), c.aoi, row.ID, run)
		if err != nil || len(steps) != last+1 || desk.CodeOf(steps[last].Err) != bad.code {
			t.Errorf("%s, before it is run: %+v, %v", name, steps, err)
		}
	}
	if steps, err := c.service.PreviewMacro(c.ctx(), c.aoi, row.ID, c.run(m, "")); err != nil || len(steps) != 5 || steps[2].Text != "Aoiです" || steps[4].Err != nil {
		t.Errorf("preview %+v, %v", steps, err)
	}
	c.wantThread(row.ID, "+ticket_opened number=1", "customer: 返品したい")
	for range 2 { // the same key again is done once
		if _, err := c.service.RunMacro(c.ctx(), c.aoi, row.ID, c.run(m, "k")); err != nil {
			t.Fatal(err)
		}
	}
	c.wantThread(row.ID, "+ticket_opened number=1", "customer: 返品したい", "+priority from=normal to=low by=Aoi", "note: #1",
		"+assigned name=Aoi by=Aoi", "human: Aoiです", "+resolved reason=manual by=Aoi")
	if got := c.ticket(row.ID); got.Status != desk.StatusResolved || got.Assignee != c.aoi.User {
		t.Errorf("%+v", got)
	}
	asked := 0
	for _, e := range c.events(head) {
		if e.Kind == desk.EventSurveyWanted {
			asked++
		}
	}
	c.view(func(r store.Reader) error {
		kept, err := r.Macros().Get(m.ID)
		if kept.Uses != 1 || asked != 1 {
			t.Errorf("used %d times, asked %d times", kept.Uses, asked)
		}
		return err
	})
	c.wantInStep(row.ID)
}

func TestMacrosAreForTheirAudience(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "visitor", "hi")
	own := desk.Macro{Ownership: desk.Ownership{Audience: desk.AudiencePersonal, Owner: c.ken.User}, Name: "x", Actions: []desk.Action{{Kind: desk.ActionSnooze, Minutes: 30}}, Version: 1}
	c.update(func(tx store.Tx) error {
		own.ID = tx.NewID()
		return tx.WriteMacros().Put(own)
	})
	if _, err := c.service.RunMacro(c.ctx(), c.aoi, row.ID, c.run(own, "a")); desk.CodeOf(err) != "macro_not_found" {
		t.Errorf("somebody else's: %v", err)
	}
	if _, err := c.service.Take(c.ctx(), c.ken, row.TicketID); err != nil {
		t.Fatal(err)
	}
	if _, err := c.service.RunMacro(c.ctx(), c.ken, row.ID, c.run(own, "a")); err != nil {
		t.Fatal(err)
	}
	if got := c.ticket(row.ID); got.Status != desk.StatusSnoozed || got.SnoozedUntil.Sub(got.UpdatedAt) != 30*time.Minute {
		t.Errorf("%+v", got)
	}
}
