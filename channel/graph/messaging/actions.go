package messaging

import (
	"context"
	"strings"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

// TypingFor is how long a person sees that somebody writes.
const TypingFor = 20 * time.Second

// Typing shows for up to TypingFor that somebody writes.
func (s Sender) Typing(ctx context.Context, p channel.Peer) error {
	return s.act(ctx, p, "typing_on", nil)
}

// MarkRead marks the whole conversation as read.
func (s Sender) MarkRead(ctx context.Context, p channel.Peer) error {
	return s.act(ctx, p, "mark_seen", nil)
}

// React sets a reaction, "" takes it back.
func (s Sender) React(ctx context.Context, p channel.Peer, message desk.ExternalID, reaction string) error {
	if reaction == "" {
		return s.act(ctx, p, "unreact", &reactionGiven{Message: string(message)})
	}
	return s.act(ctx, p, "react", &reactionGiven{Message: string(message), Reaction: reaction})
}

func (s Sender) act(ctx context.Context, p channel.Peer, action string, payload *reactionGiven) error {
	r := request{Recipient: recipient{ID: p.ExternalID}, Action: action, Payload: payload}
	if f := understood(s.Client.Post(ctx, s.Path, nil, r, nil)); f != nil {
		return f
	}
	return nil
}

// BareEmoji takes the variation selector off an emoji: reactions are refused with it.
func BareEmoji(emoji string) string { return strings.TrimSuffix(emoji, "\ufe0f") }
