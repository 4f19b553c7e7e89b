package channeltest

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"madoguchi/channel"
)

// testReplayed holds what a request is worth that was authentic once and comes again. Where the signature carries its time it is
// refused SignedFor later. Where it carries none nobody can tell it from the provider's own second try: it means the same then,
// under the same keys, and is found to be known by them (package inbound).
func testReplayed(t *testing.T, s Suite) {
	if s.Sign == nil {
		return
	}
	for _, f := range s.Fixtures {
		first, err := s.Connector.Receive(t.Context(), f.Endpoint, clone(f.Request))
		if err != nil {
			continue // told by the fixture's own test
		}
		later := f.Endpoint
		if s.SignedFor > 0 {
			later.Received = later.Received.Add(2*s.SignedFor + time.Second) // provider and we may each be off
			if _, err := s.Connector.Receive(t.Context(), later, clone(f.Request)); !errors.Is(err, channel.ErrForged) {
				t.Errorf("%s, replayed after %v: %v", f.Name, later.Received.Sub(f.Endpoint.Received), err)
			}
			continue
		}
		later.Received = later.Received.Add(time.Minute)
		again, err := s.Connector.Receive(t.Context(), later, clone(f.Request))
		if err != nil || !reflect.DeepEqual(keys(again), keys(first)) {
			t.Errorf("%s, replayed: %v, keys %q, want %q", f.Name, err, keys(again), keys(first))
		}
	}
}

func keys(reply channel.Reply) (all []string) {
	for _, r := range reply.Results {
		all = append(all, r.Account+" "+r.Key)
	}
	return all
}
