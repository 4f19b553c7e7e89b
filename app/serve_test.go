package app

import (
	"context"
	"testing"

	"madoguchi/bus/membus"
	"madoguchi/live"
)

func TestReadyMeansThatSocketsAreTaken(t *testing.T) {
	t.Parallel()
	p := &program{hub: live.New(live.Config{Bus: membus.New()})}
	if p.ready(t.Context()) == nil {
		t.Error("ready before the hub is")
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.hub.Run(ctx) }()
	<-p.hub.Ready()
	if err := p.ready(t.Context()); err != nil {
		t.Error(err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
