package inbox

import (
	"context"
	"errors"
	"maps"
	"strconv"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// MacroRun is a macro to run (E29).
type MacroRun struct {
	Macro desk.ID
	Key   string // minted by the actor's device, 1..64 bytes: the same one again is done once
	// May says whether the actor may do one of its actions to the ticket as it then is (J3).
	May func(desk.Action, desk.Ticket) error
}

// MacroStep is one action as a macro does it.
type MacroStep struct {
	Action desk.Action
	Text   string // of what is written, variables filled
	Err    error  // why it cannot be done, and so nothing is
}

const maxMacroKey = 64

// RunMacro does everything that a macro says, in one transaction (E29). An action that fails stops the whole: its error comes back,
// with "actions.<n>" as the field. "macro_not_found" for one that is not for the actor.
func (s *Service) RunMacro(ctx context.Context, a Actor, conversation desk.ID, run MacroRun) (desk.Conversation, error) {
	if run.Key == "" || len(run.Key) > maxMacroKey {
		return desk.Conversation{}, desk.Invalid("client_id", "client_id_invalid", "a client id has 1 to %d bytes", maxMacroKey)
	}
	row, err := store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (desk.Conversation, error) {
		v, m, err := s.openMacro(tx, a, conversation, run.Macro)
		if err != nil {
			return desk.Conversation{}, err
		}
		_, seen, err := tx.Seen("macro/"+a.User.String(), run.Key, conversation)
		if seen || err != nil {
			return v.row, err
		}
		if _, err := s.macro(v, m, run); err != nil {
			return desk.Conversation{}, err
		}
		if err := tx.WriteMacros().Used(m.ID, v.now); err != nil {
			return desk.Conversation{}, err
		}
		return v.row, v.close()
	})
	if err == nil {
		s.slept.Ring()
	}
	return row, err
}

// preview ends a transaction that was only to show what would happen.
type preview struct{ steps []MacroStep }

func (preview) Error() string { return "only a preview" }

// PreviewMacro says what a macro would do now, up to the action that cannot be done, which says why. Nothing is kept.
func (s *Service) PreviewMacro(ctx context.Context, a Actor, conversation desk.ID, run MacroRun) ([]MacroStep, error) {
	run.Key = "preview"
	err := s.store.Update(ctx, a.Workspace, func(tx store.Tx) error {
		v, m, err := s.openMacro(tx, a, conversation, run.Macro)
		if err != nil {
			return err
		}
		steps, err := s.macro(v, m, run)
		if err != nil && len(steps) == 0 {
			return err
		}
		return preview{steps}
	})
	var shown preview
	if errors.As(err, &shown) {
		return shown.steps, nil
	}
	return nil, err
}

func (s *Service) openMacro(tx store.Tx, a Actor, conversation, macro desk.ID) (*visit, desk.Macro, error) {
	if a.User == 0 {
		return nil, desk.Macro{}, desk.Errorf(desk.KindForbidden, "member_needed", "only a member speaks for the desk")
	}
	v, err := openVisit(tx, a, conversation)
	if err != nil {
		return nil, desk.Macro{}, err
	}
	m, err := tx.Macros().Get(macro)
	if err != nil {
		return nil, m, err
	}
	teams, err := tx.Teams().Of(a.User)
	if err == nil && !m.For(a.User, teams) {
		err = desk.NotFound("macro")
	}
	return v, m, err
}

// macro does a macro's actions in their order; the last step is the one that failed, if one did.
func (s *Service) macro(v *visit, m desk.Macro, run MacroRun) (steps []MacroStep, err error) {
	for i, action := range m.Actions {
		step := MacroStep{Action: action}
		step.Err = run.May(action, v.ticket)
		if step.Err == nil {
			step.Text, step.Err = s.act(v, action, m, run.Key+"/"+strconv.Itoa(i))
		}
		steps = append(steps, step)
		if step.Err != nil {
			return steps, at("actions."+strconv.Itoa(i), step.Err)
		}
	}
	return steps, nil
}

// at names the field that an error is about, unless it is none of a person's.
func at(field string, err error) error {
	var e *desk.Error
	if !errors.As(err, &e) {
		return err
	}
	named := *e
	named.Field = field
	named.Params = maps.Clone(e.Params)
	return &named
}

// act does one action. text is what it writes.
func (s *Service) act(v *visit, a desk.Action, m desk.Macro, key string) (text string, err error) {
	switch a.Kind {
	case desk.ActionAssign:
		return "", v.assign(a.MemberID)
	case desk.ActionTake:
		return "", v.assign(v.actor.User)
	case desk.ActionTeam:
		if err := v.knowTeam(a.TeamID); err != nil {
			return "", err
		}
	case desk.ActionAddTag:
		if _, err := v.tx.Tags().Get(a.TagID); err != nil {
			return "", err
		}
	case desk.ActionStatus:
		if v.ticket.Status.Resolved() && !a.Status.Resolved() {
			if err := v.reopen(v.actor.User); err != nil {
				return "", err
			}
		}
	case desk.ActionSnooze:
		return "", v.snoozeFor(a)
	case desk.ActionWebhook:
		return "", store.PromiseCall(v.tx, v.row, v.ticket, a.URL, store.CallBy{Kind: "macro", ID: m.ID, Name: m.Name})
	case desk.ActionSurvey:
		v.tx.Emit(desk.Event{Kind: desk.EventSurveyWanted, At: v.now, Actor: v.actor.By, ConversationID: v.row.ID, TicketID: v.ticket.ID})
		return "", nil
	case desk.ActionNote, desk.ActionReply, desk.ActionTemplate:
		return s.say(v, a, key)
	}
	return "", a.Apply(&v.ticket, v.actor.User, v.now)
}

func (v *visit) snoozeFor(a desk.Action) error {
	until := v.now.Add(time.Duration(a.Minutes) * time.Minute)
	if a.Minutes == 0 {
		opens, err := store.NextOpening(v.tx, v.row.ChannelID, v.now)
		if err != nil {
			return err
		}
		until = opens
	}
	return v.sleep(until)
}

// say writes what an action says: a note, a reply or a template, its variables filled.
func (s *Service) say(v *visit, a desk.Action, key string) (text string, err error) {
	values, err := store.CannedValues(v.tx, v.row, v.ticket, v.actor.Name)
	if err != nil {
		return "", err
	}
	if a.Kind == desk.ActionTemplate {
		return s.sayTemplate(v, a, key, values)
	}
	said := a.Text
	in := NewMessage{ClientID: key, Mode: ModeNote}
	if a.Kind == desk.ActionReply {
		l, err := s.language(v.tx, &v.row)
		if err != nil {
			return "", err
		}
		in.Mode, said = ModeReply, a.TextFor(l)
	}
	if said, err = store.FillCanned(said, values); err != nil {
		return "", err
	}
	in.Parts = []desk.Part{{Kind: desk.PartText, Text: said}}
	if err := in.check(v.actor); err != nil {
		return said, err
	}
	if err := v.tell(false); err != nil { // what was done before it comes before it
		return said, err
	}
	m := desk.Message{Author: in.author(v.actor), ClientID: key}
	if in.Mode == ModeNote {
		return said, v.note(in, &m)
	}
	if err := s.reply(v, in, &m); err != nil {
		return said, err
	}
	return said, v.readUpTo(m.Seq)
}

func (s *Service) sayTemplate(v *visit, a desk.Action, key string, values map[string]string) (text string, err error) {
	filled := map[string]string{}
	for name, value := range a.Variables {
		if filled[name], err = store.FillCanned(value, values); err != nil {
			return "", err
		}
	}
	if err := v.tell(false); err != nil {
		return "", err
	}
	m, err := s.template(v, TemplateMessage{ClientID: key, Template: a.TemplateID, Variables: filled})
	return m.Text(), err
}
