package live

import (
	"context"
	"fmt"

	"madoguchi/desk"
	"madoguchi/store"
)

// refusal says why a visitor is not served (any more), nil if they are: "signed_out" (unauthentic) when the token counts no
// more, or that the channel is closed. Who was blocked notices nothing (F12): there is only nothing to hear.
func refusal(s store.VisitorStanding, known bool) error {
	if !known || !s.EndedAt.IsZero() {
		return desk.Errorf(desk.KindUnauthentic, "signed_out", "the visitor logged out")
	}
	return s.Channel.Closed()
}

// refuse says goodbye to a visitor who is not served any more.
func (v *visitor) refuse(why error) { v.end(closeNotAllowed, byeFrame(desk.CodeOf(why))) }

// checkVisitors looks again at who some visitors are: those who are not served any more lose their sockets, those who were
// identified hear the conversation that is theirs now.
func (r *room) checkVisitors(ctx context.Context, some func(*visitor) bool) error {
	here := map[*visitor]desk.ID{}
	r.mu.Lock()
	for v := range r.visitors {
		if some(v) {
			here[v] = v.identity
		}
	}
	r.mu.Unlock()
	if len(here) == 0 {
		return nil
	}
	ids := make([]desk.ID, 0, len(here))
	for v := range here {
		ids = append(ids, v.record.ID)
	}
	var standings map[desk.ID]store.VisitorStanding
	conversations := map[desk.ID]desk.ID{} // by identity
	err := r.hub.store.View(ctx, r.workspace, func(reader store.Reader) (err error) {
		if standings, err = reader.Visitors().Standings(ids); err != nil {
			return err
		}
		for v, identity := range here {
			is := standings[v.record.ID].IdentityID
			if is == identity {
				continue
			}
			c, err := reader.Conversations().ByIdentity(is)
			if err != nil && desk.KindOf(err) != desk.KindNotFound {
				return err
			}
			conversations[is] = c.ID
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("look again at visitors: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for v := range here {
		if _, still := r.visitors[v]; !still {
			continue
		}
		s, known := standings[v.record.ID]
		if why := refusal(s, known); why != nil {
			v.refuse(why)
			continue
		}
		v.identity = s.IdentityID
		if c := conversations[s.IdentityID]; c != 0 {
			r.bind(v, c)
		}
	}
	return nil
}
