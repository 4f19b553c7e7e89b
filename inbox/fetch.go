package inbox

import (
	"context"

	"madoguchi/desk"
	"madoguchi/store"
)

// FetchAgain asks the provider once more for the files that a customer's message lacks (B5.4); "not_fetchable" (conflict) where
// none may still come.
func (s *Service) FetchAgain(ctx context.Context, a Actor, message desk.ID) (desk.Message, error) {
	return store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (desk.Message, error) {
		v, m, err := openMessage(tx, a, message)
		if err != nil {
			return m, err
		}
		if err := store.FetchAgain(tx, &m, v.row.ChannelID); err != nil {
			return m, err
		}
		tx.Emit(desk.Event{
			Kind: desk.EventMessageChanged, At: v.now, Actor: a.By, ConversationID: m.ConversationID, TicketID: m.TicketID,
			MessageID: m.ID, MessageSeq: m.Seq, Changes: []desk.Change{{Field: "files"}},
		})
		return m, nil
	})
}
