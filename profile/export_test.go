package profile

import "context"

// Waiting is how many people are to be asked about.
func (s *Service) Waiting() int { return len(s.people) }

// Drain asks about everybody who waits, as Run does.
func (s *Service) Drain(ctx context.Context) {
	for len(s.people) > 0 {
		_ = s.look(ctx, <-s.people) // Run logs it
	}
}
