package connect

import "context"

// RoundsOnce goes every round once, whoever's turn it is.
func (s *Service) RoundsOnce(ctx context.Context) error {
	for _, r := range s.rounds() {
		if err := s.visitAll(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

// RoundsBy goes those rounds that are the holder's turn.
func (s *Service) RoundsBy(ctx context.Context, holder string) error {
	for _, r := range s.rounds() {
		if err := s.turn(ctx, holder, r); err != nil {
			return err
		}
	}
	return nil
}
