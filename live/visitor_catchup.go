package live

import (
	"context"
	"fmt"

	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/view"
)

// catchUp sends what the client does not have, then lets the socket follow. News that comes meanwhile is held back and
// sent after it, unless it was sent already.
func (v *visitor) catchUp(after int64) error {
	sent := map[desk.ID]int64{} // versions by message
	var last int64
	for first := true; ; first = false {
		page, conversation, head, err := v.missed(after, first)
		if err != nil {
			return err
		}
		v.room.mu.Lock()
		if conversation != 0 {
			v.room.bind(v, conversation)
		}
		v.room.mu.Unlock()
		last = head
		frames := make([][]byte, 0, len(page))
		for _, n := range page {
			if n.frame != nil {
				frames = append(frames, n.frame)
				sent[n.message] = n.version
			}
			after = max(after, n.seq)
		}
		if len(frames) > 0 && !v.sendAll(v.ctx, frames...) {
			return context.Canceled
		}
		if conversation == 0 || after >= head {
			break
		}
	}
	r := v.room
	logged, err := v.hub.store.Head(v.ctx, r.workspace)
	if err != nil {
		return fmt.Errorf("find the log's head: %w", err)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	held := v.held
	v.held, v.joining, v.sent, v.sentAt = nil, false, sent, logged
	for _, n := range held {
		v.hear(n)
		last = max(last, n.seq)
	}
	if logged <= r.pos {
		v.sent = nil // the log has told it all
	}
	v.send(textFrame(fmt.Appendf(nil, `{"type":"ready","last_seq":%d}`, last)))
	if w := r.views[v.conversation]; v.conversation != 0 && w != nil && w.told {
		w.told = false // say it again, to everybody: it is a hint
		r.tellCustomer(v.conversation, w)
	}
	return nil
}

// missed reads one page of what a client after a position does not have. The first page also has what changed before it.
// A client without any message gets the newest ones only.
func (v *visitor) missed(after int64, first bool) (page []customerNews, conversation desk.ID, head int64, err error) {
	workspace := v.room.workspace
	err = v.hub.store.View(v.ctx, workspace, func(reader store.Reader) error {
		page = nil
		standings, err := reader.Visitors().Standings([]desk.ID{v.record.ID})
		if err != nil {
			return err
		}
		standing, known := standings[v.record.ID]
		if err := refusal(standing, known); err != nil {
			return err
		}
		if err := v.room.learnOpen(reader, v.record.ChannelID); err != nil || standing.IdentityID == 0 {
			return err
		}
		c, err := reader.Conversations().ByIdentity(standing.IdentityID)
		if desk.KindOf(err) == desk.KindNotFound {
			return nil
		}
		if err != nil {
			return err
		}
		conversation, head = c.ID, c.LastSeq
		var changed, fresh []desk.Message
		if first && after > 0 {
			if changed, err = reader.Messages().Before(c.ID, after+1, lookBack); err != nil {
				return err
			}
		}
		if after == 0 {
			after = max(head-customerBatch, 0)
		}
		if fresh, err = reader.Messages().After(c.ID, after, customerBatch); err != nil {
			return err
		}
		page, err = v.hub.customerPage(reader, workspace, changed, fresh)
		if len(fresh) == 0 {
			page = append(page, customerNews{seq: head}) // nothing more, whatever the row's LastSeq says
		}
		return err
	})
	return page, conversation, head, err
}

// customerPage encodes messages for the customer: of the older ones those that changed since they were written. What the
// customer does not see has no frame, only its place.
func (h *Hub) customerPage(reader store.Reader, workspace desk.ID, older, fresh []desk.Message) ([]customerNews, error) {
	y := &hydration{hub: h, reader: reader, workspace: workspace, people: map[desk.ID]*desk.Member{}}
	links := h.config.CustomerLinks(workspace)
	var page []customerNews
	add := func(m desk.Message) error {
		people, err := y.member(m.Author)
		if err != nil {
			return err
		}
		n := customerNews{conversation: m.ConversationID, message: m.ID, seq: m.Seq, version: m.Version}
		if seen, ok := view.WMessageOf(m, people, links); ok {
			if n.frame, err = encodeFrame(customerMessageJSON{"message", seen}); err != nil {
				return err
			}
		}
		page = append(page, n)
		return nil
	}
	for i := len(older) - 1; i >= 0; i-- { // they come newest first
		if older[i].Version > 1 {
			if err := add(older[i]); err != nil {
				return nil, err
			}
		}
	}
	for _, m := range fresh {
		if err := add(m); err != nil {
			return nil, err
		}
	}
	return page, nil
}

// toVisitors hands news to the browsers of its conversation. It holds the room's lock.
func (r *room) toVisitors(patches []patch) {
	for i := range patches {
		for _, n := range patches[i].seen {
			if n.born != nil {
				r.meet(n)
				continue
			}
			for v := range r.threads[n.conversation] {
				if v.joining {
					v.held = append(v.held, n)
				} else {
					v.hear(n)
				}
			}
		}
	}
}

// hear sends a piece of news, unless the socket read it itself when it came. It holds the room's lock.
func (v *visitor) hear(n customerNews) {
	if v.sent != nil && n.at > v.sentAt {
		v.sent = nil // from here on everything is news
	}
	if known, was := v.sent[n.message]; was && n.message != 0 && known >= n.version {
		return
	}
	v.send(n.frame)
}

// meet binds the browsers that a new conversation belongs to.
func (r *room) meet(n customerNews) {
	for v := range r.unknown[n.born.ExternalID] {
		if v.record.ChannelID == n.born.ChannelID {
			r.bind(v, n.conversation)
		}
	}
}
