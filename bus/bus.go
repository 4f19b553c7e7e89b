// Package bus carries hints between the parts of the program and between nodes: "workspace 7 has news up to 4711".
// A hint is never the truth: a lost one costs latency, not data.
package bus

import (
	"context"

	"madoguchi/desk"
)

// Topic is what a hint is about.
type Topic string

// The topics.
const (
	TopicEvents Topic = "events" // the workspace's event log grew up to Seq
	TopicOutbox Topic = "outbox" // there is something to deliver
	TopicTyping Topic = "typing" // somebody types or looks; Data says who and where, JSON
	// TopicSessions: a session, membership or visitor ended or changed; Data says whose, JSON.
	TopicSessions Topic = "sessions"
)

// Hint is one small message.
type Hint struct {
	Topic     Topic   `json:"topic"`
	Workspace desk.ID `json:"workspace"`
	Seq       int64   `json:"seq,omitempty"`
	Data      []byte  `json:"data,omitempty"` // at most 4 KB
}

// Bus publishes and hands out hints. Publish never blocks on a slow subscriber: that one loses hints (Events and Outbox
// hints of one workspace may be merged into the newest). A subscription ends when its context does.
type Bus interface {
	Publish(ctx context.Context, h Hint) error
	// Subscribe hands every hint on the topics published after it returned to the channel, which is closed at the end.
	Subscribe(ctx context.Context, topics ...Topic) (<-chan Hint, error)
	Close() error
}
