package signal

import (
	"context"
	"sync"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

const (
	// shortestTyping is the least time between two looks at a conversation: the desk's pages say every few seconds that
	// somebody still writes, and the shortest that a provider shows it is Telegram's five.
	shortestTyping = 4 * time.Second
	// untold is how long a conversation is left alone whose customer cannot or must not be told.
	untold = 30 * time.Second
	// manyTold is from how many conversations on those whose time is over are forgotten.
	manyTold = 1024
)

// place is a conversation.
type place struct{ workspace, conversation desk.ID }

// writer is a member who writes a reply.
type writer struct {
	place
	user desk.ID
}

// told is until when it need not be told again that somebody writes.
type told struct {
	mu    sync.Mutex
	until map[writer]time.Time
}

// claim reports whether it is time to tell again, and leaves the next ones out for a while.
func (t *told) claim(w writer, now time.Time) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if now.Before(t.until[w]) {
		return false
	}
	if len(t.until) >= manyTold {
		for other, until := range t.until {
			if !now.Before(until) {
				delete(t.until, other)
			}
		}
	}
	t.until[w] = now.Add(shortestTyping)
	return true
}

func (t *told) extend(w writer, until time.Time) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.until[w] = until
}

// MemberTypes notes that a member writes a reply in a conversation; it is to be told anew while they do. The customer sees
// it where the channel can show it and we may write to them.
func (s *Service) MemberTypes(workspace, conversation, user desk.ID) {
	w := writer{place{workspace, conversation}, user}
	if !s.told.claim(w, s.Now()) {
		return
	}
	select {
	case s.types <- w:
	default: // so many wait that this one would come late
	}
}

func (s *Service) tellTyping(ctx context.Context, w writer) error {
	began := s.Now()
	lasts, err := s.showTyping(ctx, w)
	if lasts <= 0 {
		lasts = untold
	}
	s.told.extend(w, began.Add(max(lasts*4/5, shortestTyping))) // before it ends at the customer's
	return err
}

// showTyping shows the customer that somebody writes and answers for how long they see it, 0 if they do not.
func (s *Service) showTyping(ctx context.Context, w writer) (time.Duration, error) {
	var who addressee
	var assignee desk.ID
	err := s.Store.View(ctx, w.workspace, func(reader store.Reader) error {
		row, err := reader.Conversations().Get(w.conversation)
		if err == nil {
			assignee = row.Assignee
			who, err = addresseeOf(reader, row)
		}
		return err
	})
	if err != nil || !who.channel.Sends() {
		return 0, err
	}
	connector, account, err := s.Account(w.workspace, who.channel)
	if err != nil {
		return 0, err
	}
	typer, ok := connector.(channel.Typer)
	spec := connector.Spec()
	quiet := who.channel.Automation
	if !ok || !spec.Capabilities.Typing || quiet.HideTyping || spec.TypingReads && quiet.HideReading || !mayTell(who.identity, spec.Window, s.Now()) {
		return 0, nil
	}
	if spec.TypingReads && assignee != 0 && assignee != w.user {
		return 0, nil // others' reading is told nobody (G2.8); a case that nobody has is theirs who answer it
	}
	ctx, cancel := context.WithTimeout(ctx, within)
	defer cancel()
	if err := typer.Typing(ctx, account, peerOf(who.identity), desk.ExternalID(who.identity.Standing.LastIn)); err != nil {
		return 0, err
	}
	return spec.TypingFor, nil
}

// mayTell reports whether an ordinary reply could go to somebody now: not to those who opted out, whom we blocked or who
// cannot be reached, nor outside of the window; a tag that lets members write longer (C1.9) is for messages only.
func mayTell(i desk.Identity, w *channel.Window, now time.Time) bool {
	sending := desk.Sending{Author: desk.AuthorHuman, Windowed: w != nil}
	if w != nil {
		sending.Guard = w.Guard
	}
	tagged, err := i.Standing.Leave(sending, now)
	return err == nil && !tagged && i.BlockedAt.IsZero() && i.Standing.Unreachable.IsZero()
}
