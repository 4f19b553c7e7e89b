package inbound

import (
	"fmt"

	"madoguchi/desk"
	"madoguchi/store"
)

// keyword tells whether the message in hand is nothing but a word like STOP, by its own words, the workspace's (B3.3), or because
// the provider took it for one (B3.4, B3.11).
func (f *filing) keyword() (desk.Keyword, string, error) {
	if !f.spec.Capabilities.OptOut {
		return "", "", nil
	}
	w, err := f.tx.Workspaces().Current()
	if err != nil {
		return "", "", fmt.Errorf("read workspace: %w", err)
	}
	f.ownWords = w.Keywords()
	if f.in.Keyword != "" {
		return f.in.Keyword, desk.OptOutByProvider, nil
	}
	k, word := desk.ReadKeyword(desk.Message{Parts: f.in.Parts}.Text(), !f.Identity.Standing.OptedOutAt.IsZero(), f.ownWords)
	return k, word, nil
}

// answers reports whether an automation is to answer a keyword, for which there has to be a conversation: HELP, and an opt-out
// that nobody else confirms (B3.11, B3.16).
func (f *filing) answers(k desk.Keyword) bool {
	if f.in.Keyword != "" || f.in.Quiet {
		return false
	}
	out := !f.Identity.Standing.OptedOutAt.IsZero()
	return !out && (k == desk.KeywordHelp || k == desk.KeywordOptOut && f.channel.Automation.ConfirmOptOut)
}

// command files a message that is a keyword: it is stored and visible, and opens no case and reopens none (B3.7, B3.9,
// B3.14, B3.16). Who has no conversation gets one only to be answered in, and no list shows it before its first case; how they
// stand is kept all the same.
func (f *filing) command(id desk.ID, k desk.Keyword, word string) error {
	f.is = k
	if err := f.openThread(k); err != nil {
		return err
	}
	if f.Conversation.ID != 0 {
		if err := f.readTicket(); err != nil {
			return err
		}
		if err := f.say(id); err != nil {
			return err
		}
	}
	was := f.Identity.Standing
	is := f.heard(was)
	switch k {
	case desk.KeywordOptOut:
		is = is.OptOut(f.now, word)
	case desk.KeywordOptIn:
		is = is.OptIn()
	}
	if err := f.stand(is); err != nil {
		return err
	}
	switch {
	case k == desk.KeywordOptOut:
		return f.leave(was.OptedOutAt.IsZero())
	case k == desk.KeywordOptIn && !was.OptedOutAt.IsZero():
		return f.tell("opted_in", nil)
	case f.Conversation.ID != 0:
		return f.keepRow()
	}
	return nil
}

// openThread holds the conversation of somebody who sent a keyword, if they have one or it is answered.
func (f *filing) openThread(k desk.Keyword) error {
	if f.answers(k) {
		return f.findConversation()
	}
	return f.joinThread()
}

// readTicket reads the latest case of the conversation, where it has one.
func (f *filing) readTicket() (err error) {
	if f.Conversation.TicketID == 0 {
		return nil
	}
	if f.Ticket, err = f.tx.Tickets().Get(f.Conversation.TicketID); err != nil {
		return fmt.Errorf("read ticket: %w", err)
	}
	return nil
}

// leave is what an opt-out does beside (B3.8, B3.10): the open case is resolved, and advertisements to the same person stop
// everywhere. What waits to be sent is refused by the outbox's last check.
func (f *filing) leave(first bool) error {
	if err := store.OptOutElsewhere(f.tx, f.Identity); err != nil {
		return err
	}
	if f.Conversation.ID == 0 {
		return nil
	}
	if f.Ticket.ID == 0 {
		if err := f.readTicket(); err != nil {
			return err
		}
	}
	if first {
		if err := f.line("opted_out", nil); err != nil {
			return err
		}
	}
	if err := f.interrupt(); err != nil {
		return err
	}
	if was := f.Ticket; was.ID != 0 && !was.Status.Resolved() {
		if err := f.Ticket.Resolve(desk.ReasonOptOut, f.now); err != nil {
			return err
		}
		f.Ticket.Version++
		if err := f.tx.WriteTickets().Put(f.Ticket); err != nil {
			return fmt.Errorf("put ticket: %w", err)
		}
		f.tx.Emit(desk.Event{
			Kind: desk.EventTicketChanged, At: f.now, Actor: f.actor(), ConversationID: f.Conversation.ID, TicketID: f.Ticket.ID,
			Changes: f.Ticket.ChangesFrom(was),
		})
		if err := f.line("resolved", map[string]string{"by": "", "reason": string(desk.ReasonOptOut)}); err != nil {
			return err
		}
		f.Conversation.Follow(f.Ticket)
	}
	return f.keepRow()
}
