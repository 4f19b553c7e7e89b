package instagram

import (
	"context"

	"madoguchi/channel"
	"madoguchi/channel/graph"
	"madoguchi/channel/graph/messaging"
)

// object is what Meta calls what its webhooks are about.
const object = "instagram"

// Receive verifies and reads a webhook. One request may carry events of every account that uses the app.
func (Connector) Receive(_ context.Context, e channel.Endpoint, r channel.Request) (channel.Reply, error) {
	if !graph.Authentic(r, e.Secrets[secretApp], e.Secrets[secretMeta]) {
		return channel.Reply{}, channel.ErrForged
	}
	s, _ := read(e.Channel.Settings) // without them only our own echoes are not recognised
	results, err := messaging.Webhook{Object: object, App: s.App, Voice: true}.Results(r.Body)
	if err != nil {
		return channel.Reply{}, err
	}
	return channel.Reply{Results: results, Body: []byte("EVENT_RECEIVED")}, nil
}

// Verify answers Meta's question whether the callback is ours.
func (Connector) Verify(e channel.Endpoint, r channel.Request) (channel.Reply, error) {
	return graph.Verify(r, e.Secrets[secretVerify])
}
