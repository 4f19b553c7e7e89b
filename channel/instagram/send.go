package instagram

import (
	"context"
	"errors"

	"madoguchi/channel"
	"madoguchi/channel/graph/messaging"
	"madoguchi/desk"
)

func sender(a channel.Account) (messaging.Sender, *channel.Fault) {
	s, f := of(a)
	return messaging.Sender{
		Client: client(a, s), Path: s.node() + "/messages", Human: s.Human,
		Fits: fits,
	}, f
}

func fits(text string) bool { return len(text) <= maxText }

// Preview shows a message as the app does.
func (Connector) Preview(_ channel.Account, m channel.Outgoing) []desk.Part {
	return messaging.Preview(m, fits)
}

// node is whose messages and subscriptions the API keeps: the page's, or those of the account that the token is of.
func (s settings) node() string {
	if s.byPage() {
		return s.Page
	}
	return "me"
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

// React sets the heart on a message, the one reaction that Instagram takes from programs, or takes it back.
func (Connector) React(ctx context.Context, a channel.Account, p channel.Peer, message desk.ExternalID, emoji string) error {
	s, f := sender(a)
	if f != nil {
		return f
	}
	switch messaging.BareEmoji(emoji) {
	case "":
		return s.React(ctx, p, message, "")
	case "❤":
		return s.React(ctx, p, message, "love")
	}
	return &channel.Fault{Kind: channel.ActFail, Code: "reaction_unsupported", Certain: true, Err: errors.New("Instagram takes only the heart")}
}

// Fetch gets a file that a customer sent.
func (Connector) Fetch(ctx context.Context, a channel.Account, ref string) (channel.Media, error) {
	return messaging.Fetch(ctx, a, ref)
}

// Profile asks for a customer's name and picture. It is told only of people who wrote to the account.
func (Connector) Profile(ctx context.Context, a channel.Account, p channel.Peer) (channel.Profile, error) {
	s, f := of(a)
	if f != nil {
		return channel.Profile{}, f
	}
	return messaging.Profile(ctx, client(a, s), p.ExternalID, "name,username,profile_pic", Kind)
}
