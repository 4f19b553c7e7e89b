package channeltest

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"madoguchi/channel"
)

// Verification is a question of the skill Verifier.
type Verification struct {
	Endpoint channel.Endpoint
	Request  channel.Request
}

func testForged(t *testing.T, s Suite, f Fixture) {
	changed := clone(f.Request)
	changed.Body = append(changed.Body, ' ')
	naked := clone(f.Request)
	naked.Header = http.Header{}
	naked.URL, _, _ = strings.Cut(naked.URL, "?")
	otherSecret := f.Endpoint
	otherSecret.Secrets = map[string]string{}
	for name := range f.Endpoint.Secrets {
		otherSecret.Secrets[name] = "another"
	}
	noSecret := f.Endpoint
	noSecret.Secrets = nil
	for name, try := range map[string]struct {
		e channel.Endpoint
		r channel.Request
	}{
		"body changed":          {f.Endpoint, changed},
		"no signature":          {f.Endpoint, naked},
		"another secret":        {otherSecret, f.Request},
		"no secret":             {noSecret, f.Request},
		"signed with no secret": {noSecret, s.Sign(noSecret, clone(f.Request))},
	} {
		if name == "body changed" && s.BodyUnsigned {
			continue
		}
		reply, err := s.Connector.Receive(t.Context(), try.e, clone(try.r))
		if !errors.Is(err, channel.ErrForged) || len(reply.Results) != 0 {
			t.Errorf("%s: %v with %d results, want ErrForged", name, err, len(reply.Results))
		}
	}
}

// testVerifier holds that a question is answered exactly, and only if it is authentic.
func testVerifier(t *testing.T, s Suite) {
	v, ok := s.Connector.(channel.Verifier)
	if ok != (len(s.Verifications) > 0) {
		t.Errorf("the skill Verifier (%v) and %d verifications", ok, len(s.Verifications))
	}
	for answer, q := range s.Verifications {
		t.Run("verify/"+answer, func(t *testing.T) {
			t.Parallel()
			reply, err := v.Verify(q.Endpoint, q.Request)
			if err != nil || string(reply.Body) != answer || len(reply.Results) != 0 {
				t.Errorf("%q, %v", reply.Body, err)
			}
			naked, stranger := q.Request, q.Endpoint
			naked.URL, _, _ = strings.Cut(naked.URL, "?")
			stranger.Secrets = nil
			if _, err := v.Verify(q.Endpoint, naked); !errors.Is(err, channel.ErrForged) {
				t.Errorf("without proof: %v", err)
			}
			if _, err := v.Verify(stranger, q.Request); !errors.Is(err, channel.ErrForged) {
				t.Errorf("without a secret of ours: %v", err)
			}
		})
	}
}
