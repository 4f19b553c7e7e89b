package assign

import (
	"context"
	"fmt"

	"madoguchi/desk"
	"madoguchi/store"
)

// Accept gives an offered ticket to the member whom it was offered to (E12); "offer_over" (conflict) when it is too late, not_found
// for another's offer.
func (s *Service) Accept(ctx context.Context, workspace desk.ID, m desk.Member, offer desk.ID) (conversation desk.ID, err error) {
	return store.Result(ctx, s.store, workspace, func(tx store.Tx) (desk.ID, error) {
		o, err := opened(tx, m.UserID, offer)
		if err != nil {
			return 0, err
		}
		by := store.Hand{By: desk.Actor{Kind: desk.ActorUser, ID: m.UserID}, Name: m.ShownName()}
		given, err := withQueued(tx, o.ConversationID, o.TicketID, m.UserID, by)
		if err == nil && !given {
			err = over()
		}
		if err != nil {
			return 0, err
		}
		o.State = desk.OfferAccepted
		tx.Emit(desk.OfferEvent(o, by.By, tx.Now()))
		return o.ConversationID, nil
	})
}

// Decline says that the member does not take a ticket; for some minutes they are not asked about it again (E4, E12). Its errors are Accept's.
func (s *Service) Decline(ctx context.Context, workspace desk.ID, m desk.Member, offer desk.ID) error {
	return s.store.Update(ctx, workspace, func(tx store.Tx) error {
		o, err := opened(tx, m.UserID, offer)
		if err != nil {
			return err
		}
		return end(tx, o.Declined(tx.Now()), desk.Actor{Kind: desk.ActorUser, ID: m.UserID})
	})
}

// opened is a member's offer that can still be answered, read when the turn is ours.
func opened(tx store.Tx, user, offer desk.ID) (desk.Offer, error) {
	if _, err := tx.WriteCursors().Hold(turn); err != nil {
		return desk.Offer{}, err
	}
	o, err := tx.Routing().Offer(offer)
	if err == nil && o.UserID != user {
		err = desk.NotFound("offer")
	}
	if err == nil && !o.Open(tx.Now()) {
		err = over()
	}
	return o, err
}

func over() error { return desk.Errorf(desk.KindConflict, "offer_over", "the offer is over") }

// end keeps how an offer ended.
func end(tx store.Tx, o desk.Offer, by desk.Actor) error {
	if err := tx.WriteRouting().PutOffer(o); err != nil {
		return fmt.Errorf("put offer: %w", err)
	}
	tx.Emit(desk.OfferEvent(o, by, tx.Now()))
	return nil
}
