package inbox

import (
	"context"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// Write says (ModeReply) or notes (ModeNote) something. created is false when the client id was known: the message is
// the one of then. "attachment_not_yours", "reply_to_invalid" and the like are invalid with the part as field; "channel_closed" (conflict), and
// as mayWrite.
func (s *Service) Write(ctx context.Context, a Actor, conversation desk.ID, in NewMessage) (message desk.Message, created bool, err error) {
	if err := in.check(a); err != nil {
		return desk.Message{}, false, err
	}
	type said struct {
		desk.Message
		now bool
	}
	m, err := store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (said, error) {
		v, err := openVisit(tx, a, conversation)
		if err != nil {
			return said{}, err
		}
		known, err := tx.Messages().ByClientID(conversation, in.author(a).Kind, a.User, in.ClientID)
		if err == nil {
			return said{known, false}, v.close()
		}
		if desk.KindOf(err) != desk.KindNotFound {
			return said{}, err
		}
		fresh, err := s.write(v, in)
		if err != nil {
			return said{}, err
		}
		return said{fresh, true}, v.close()
	})
	if err == nil && in.Then == ThenSnooze {
		s.slept.Ring()
	}
	return m.Message, m.now, err
}

func (m NewMessage) author(a Actor) desk.Author {
	kind := desk.AuthorHuman
	if m.Mode == ModeNote {
		kind = desk.AuthorNote
	}
	return desk.Author{Kind: kind, ID: a.User, Name: a.Name}
}

// write says something that its writer has just finished: their draft ends, and they have read what stands above.
func (s *Service) write(v *visit, in NewMessage) (desk.Message, error) {
	m, err := s.utter(v, in)
	if err != nil {
		return m, err
	}
	if err := v.forgetDraft(in.Mode); err != nil {
		return m, err
	}
	return m, v.readUpTo(m.Seq)
}

// utter says something, and what is to follow happens to the ticket.
func (s *Service) utter(v *visit, in NewMessage) (desk.Message, error) {
	m := desk.Message{Author: in.author(v.actor), ClientID: in.ClientID}
	var err error
	if in.Mode == ModeReply {
		m.ReplyToID = in.ReplyToID
		err = s.reply(v, in, &m)
	} else {
		err = v.note(in, &m)
	}
	if err != nil {
		return m, err
	}
	return m, v.then(in.Then, in.SnoozeUntil)
}

// then does to the ticket what is to follow a message (G4.10), where it is the writer's to decide.
func (v *visit) then(follows Then, until time.Time) error {
	switch {
	case follows == ThenResolve && !v.ticket.Status.Resolved():
		return v.decide(func() error { return v.ticket.Resolve(desk.ReasonManual, v.now) })
	case follows == ThenSnooze:
		return v.decide(func() error { return v.sleep(until) })
	}
	return nil
}

// answersHere refuses to answer by name what the customer did not say in this conversation: "reply_to_invalid".
func answersHere(tx store.Tx, conversation, message desk.ID) error {
	if message == 0 {
		return nil
	}
	m, err := tx.Messages().Get(message)
	if err != nil && desk.KindOf(err) != desk.KindNotFound {
		return err
	}
	if err != nil || m.ConversationID != conversation || !m.Author.Kind.Inbound() {
		return desk.Invalid("reply_to_id", "reply_to_invalid", "message %d is no customer's of this conversation", message)
	}
	return nil
}

// note adds an internal note: it moves neither the ticket nor the channel (G4.1).
func (v *visit) note(in NewMessage, m *desk.Message) error {
	parts, err := v.takeParts(in.Parts)
	if err != nil {
		return err
	}
	m.Parts = parts
	if in.Whisper {
		if err := v.whisper(m); err != nil {
			return err
		}
	}
	if err := v.say(m); err != nil {
		return err
	}
	if err := v.tellWhisper(m); err != nil {
		return err
	}
	return v.fileAttachments(m)
}

// reply adds a public reply: the writer takes a case that nobody has (0.2, G7.6), a case closed for good is followed by
// a new one, and the channel gets its deliveries.
func (s *Service) reply(v *visit, in NewMessage, m *desk.Message) error {
	ch, spec, err := s.reachable(v, *m)
	if err != nil {
		return err
	}
	if err := answersHere(v.tx, v.row.ID, m.ReplyToID); err != nil {
		return err
	}
	parts, err := v.takeParts(in.Parts)
	if err != nil {
		return err
	}
	markLinks(parts, in.Parts, spec, ch.Settings)
	if err := carry(parts, spec.Capabilities); err != nil {
		return err
	}
	m.Parts = parts
	if err := v.takeUp(); err != nil {
		return err
	}
	m.Status = statusOfReply(spec)
	if err := v.say(m); err != nil {
		return err
	}
	if err := v.fileAttachments(m); err != nil || spec.Local {
		return err
	}
	return v.promise(m, spec.Capabilities, nil)
}

// statusOfReply is how a reply begins.
func statusOfReply(spec channel.Spec) desk.DeliveryStatus {
	if spec.Local {
		return desk.DeliverySent // the customer's browser reads the event log: nothing is left to promise
	}
	return desk.DeliveryQueued
}

// mayWrite refuses what would be refused on its way out: "recipient_opted_out", "window_closed" (conflicts; B3.13, C2.4).
func mayWrite(identity desk.Identity, spec channel.Spec, m desk.Message, now time.Time) error {
	if spec.Local {
		return nil
	}
	_, err := identity.Standing.Leave(spec.Sending(m), now)
	return err
}

// reachable finds the channel of a conversation that this may be written to; its errors are Write's and mayWrite's.
func (s *Service) reachable(v *visit, m desk.Message) (ch desk.Channel, spec channel.Spec, err error) {
	ch, err = v.tx.Channels().Get(v.row.ChannelID)
	if err != nil {
		return ch, spec, err
	}
	if ch.State.Closed() != nil {
		return ch, spec, desk.Errorf(desk.KindConflict, "channel_closed", "channel %d is %s", ch.ID, ch.State)
	}
	identity, err := v.tx.Contacts().Identity(v.row.IdentityID)
	if err != nil {
		return ch, spec, err
	}
	if !identity.BlockedAt.IsZero() {
		return ch, spec, desk.Errorf(desk.KindConflict, "reply_to_blocked", "identity %d is blocked: unblock it first", identity.ID)
	}
	connector, err := s.channels.Get(ch.Kind)
	if err != nil {
		return ch, spec, err
	}
	return ch, connector.Spec(), mayWrite(identity, connector.Spec(), m, v.now)
}

// takeUp moves the ticket as a public human reply does (0.2, 0.3), ends its survey (B4.7), and says so before the reply itself.
func (v *visit) takeUp() error {
	if err := v.interruptSurvey(); err != nil {
		return err
	}
	if v.ticket.Status.Resolved() {
		w, err := v.tx.Workspaces().Current()
		if err != nil {
			return err
		}
		if !v.ticket.Reopens(v.now, w.ReopenDays) {
			if err := v.begin(); err != nil {
				return err
			}
		}
	}
	if err := v.showUp(); err != nil {
		return err
	}
	if _, err := v.ticket.HumanReplied(v.actor.User, v.now); err != nil {
		return err
	}
	return v.tell(true)
}

// interruptSurvey ends the open survey of the ticket; one follows a resolution.
func (v *visit) interruptSurvey() error {
	if v.ticket.ResolvedAt.IsZero() {
		return nil
	}
	unanswered, err := store.InterruptSurvey(v.tx, v.ticket.ID, v.actor.By)
	if err != nil || !unanswered {
		return err
	}
	return v.line("survey_interrupted", nil)
}

// promise enqueues one delivery per provider message, in order, but for the pieces that are there already.
func (v *visit) promise(m *desk.Message, c channel.Capabilities, there map[int]bool) error {
	var missing []int
	for i := range channel.PiecesOf(c, *m) {
		if !there[i] {
			missing = append(missing, i)
		}
	}
	return store.Promise(v.tx, *m, v.row.ChannelID, missing...)
}
