package messenger

import (
	"context"
	"unicode/utf8"

	"madoguchi/channel"
	"madoguchi/channel/graph/messaging"
	"madoguchi/desk"
)

func sender(a channel.Account) (messaging.Sender, *channel.Fault) {
	s, f := of(a)
	return messaging.Sender{
		Client: client(a), Path: s.Page + "/messages", Human: s.Human,
		Upload: s.Page + "/message_attachments", Take: s.Page + "/take_thread_control",
		Fits: fits,
	}, f
}

func fits(text string) bool { return utf8.RuneCountInString(text) <= maxText }

// Preview shows a message as the app does.
func (Connector) Preview(_ channel.Account, m channel.Outgoing) []desk.Part {
	return messaging.Preview(m, fits)
}

// Send makes one message.
func (Connector) Send(ctx context.Context, a channel.Account, m channel.Outgoing) (desk.ExternalID, error) {
	s, f := sender(a)
	if f != nil {
		return "", f
	}
	return s.Send(ctx, m)
}

// Typing shows that somebody writes, for up to 20 s.
func (Connector) Typing(ctx context.Context, a channel.Account, p channel.Peer, _ desk.ExternalID) error {
	s, f := sender(a)
	if f != nil {
		return f
	}
	return s.Typing(ctx, p)
}

// MarkRead shows that everything was read.
func (Connector) MarkRead(ctx context.Context, a channel.Account, p channel.Peer, _ desk.ExternalID) error {
	s, f := sender(a)
	if f != nil {
		return f
	}
	return s.MarkRead(ctx, p)
}

// React sets any emoji on a message, "" takes it back.
func (Connector) React(ctx context.Context, a channel.Account, p channel.Peer, message desk.ExternalID, emoji string) error {
	s, f := sender(a)
	if f != nil {
		return f
	}
	return s.React(ctx, p, message, messaging.BareEmoji(emoji))
}

// Fetch gets a file that a customer sent.
func (Connector) Fetch(ctx context.Context, a channel.Account, ref string) (channel.Media, error) {
	return messaging.Fetch(ctx, a, ref)
}

// Profile asks for a customer's name and picture; language and time zone need a permission of their own.
func (Connector) Profile(ctx context.Context, a channel.Account, p channel.Peer) (channel.Profile, error) {
	return messaging.Profile(ctx, client(a), p.ExternalID, "first_name,last_name,name,profile_pic", Kind)
}
