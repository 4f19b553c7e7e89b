package telegram

import (
	"context"
	"strings"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

const typingFor = 5 * time.Second

// Typing shows that somebody writes, for typingFor or until the next message.
func (Connector) Typing(ctx context.Context, a channel.Account, p channel.Peer, _ desk.ExternalID) error {
	return plain(call(ctx, a, "sendChatAction", map[string]any{"chat_id": p.ExternalID, "action": "typing"}, nil))
}

// React sets our emoji on a message; Telegram takes only those of a list of its own.
func (Connector) React(ctx context.Context, a channel.Account, p channel.Peer, message desk.ExternalID, emoji string) error {
	id, ok := messageID(message)
	if !ok {
		return refuse("reaction_refused", "the message has no number in its chat")
	}
	reaction := []map[string]string{}
	if emoji != "" {
		// Its list has every emoji without the variation selector that keyboards append (❤).
		reaction = append(reaction, map[string]string{"type": "emoji", "emoji": strings.TrimSuffix(emoji, "\uFE0F")})
	}
	f := call(ctx, a, "setMessageReaction", map[string]any{"chat_id": p.ExternalID, "message_id": id, "reaction": reaction}, nil)
	if f != nil && strings.Contains(f.Err.Error(), "not modified") {
		return nil // it is as wished
	}
	return plain(f)
}

// Profile asks who somebody is. Their picture has no address that could be shown: it would hold the bot's token.
func (Connector) Profile(ctx context.Context, a channel.Account, p channel.Peer) (channel.Profile, error) {
	var u user
	if f := call(ctx, a, "getChat", map[string]any{"chat_id": p.ExternalID}, &u); f != nil {
		return channel.Profile{}, f
	}
	return channel.Profile{Name: peer(chat{}, u).Name}, nil
}

// plain makes an error of a fault, nil of none.
func plain(f *channel.Fault) error {
	if f == nil {
		return nil
	}
	return f
}
