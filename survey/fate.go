package survey

import (
	"cmp"
	"fmt"
	"slices"

	"madoguchi/channel"
	"madoguchi/desk"
)

// movesFate reports whether a message failed, or one that had is on its way again or proved to have arrived.
func movesFate(e desk.Event) bool {
	return slices.ContainsFunc(e.Changes, func(c desk.Change) bool {
		failed, again := string(desk.DeliveryFailed), string(desk.DeliveryQueued)
		return c.Field == "status" && (c.To == failed || c.From == failed || c.To == again)
	})
}

// fate keeps whether the question of a survey arrived: who was never asked is not waited for, and is nobody who did not answer.
func (v *visit) fate(message desk.ID) error {
	m, err := v.tx.Messages().Get(message)
	if desk.KindOf(err) == desk.KindNotFound || err == nil && m.Purpose != desk.PurposeSurvey {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read message: %w", err)
	}
	was, err := v.tx.Surveys().OfTicket(m.TicketID)
	if desk.KindOf(err) == desk.KindNotFound {
		return nil
	}
	if err != nil {
		return fmt.Errorf("read survey: %w", err)
	}
	if m.At.Before(was.SentAt) { // a question before this one
		return nil
	}
	is := was
	if m.Status == desk.DeliveryFailed && is.Fail(reason(m.Fault)) || m.Status != desk.DeliveryFailed && is.Revive(v.tx.Now()) {
		return v.keep(was, is)
	}
	return nil
}

// reason is what is kept of a refusal.
func reason(f *desk.MessageFault) string {
	switch {
	case f == nil:
		return ""
	case f.Kind == string(channel.ActFail):
		return cmp.Or(f.Code, f.Kind)
	}
	return f.Kind
}
