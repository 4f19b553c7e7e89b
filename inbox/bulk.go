package inbox

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

// MaxBulk is how many conversations one bulk action may touch (G1.10).
const MaxBulk = 200

// bulkAtOnce is how many conversations of a bulk action are in hand together: enough to share commits, too few to hold
// up what everybody else writes.
const bulkAtOnce = 8

// Edit is what becomes of a conversation in a bulk action: what is wanted, not how to get there, so that what is so
// already is no error. Zero and nil leave alone.
type Edit struct {
	Assignee    *desk.ID // 0 = back to the queue; a resolved case is not taken up again by that alone
	Team        *desk.ID // 0 = everybody; with Assignee 0 it is handed to the team's queue (E13)
	Priority    *desk.Priority
	AddTags     []desk.ID
	RemoveTags  []desk.ID
	Status      desk.TicketStatus // queued, open, pending, snoozed or resolved; open is queued for a case that nobody has
	SnoozeUntil time.Time         // with StatusSnoozed
	// WaitAgain: what the customer said last, unanswered, makes them wait again. It takes back that a resolution ended the wait.
	WaitAgain bool
	Read      *bool  // for the actor (G2.7): all of it, or unread from the customer's newest message
	ReadSeq   *int64 // for the actor: exactly so far
}

// BulkEdit is an Edit for many.
type BulkEdit struct {
	Conversations []desk.ID
	Edit
}

// BulkOutcome says what became of one conversation of a bulk action.
type BulkOutcome string

// The outcomes.
const (
	BulkChanged   BulkOutcome = "changed"
	BulkUnchanged BulkOutcome = "unchanged" // it was so already
	BulkRepeated  BulkOutcome = "repeated"  // done before under the same key
	BulkFailed    BulkOutcome = "failed"    // see Err
)

// BulkResult is what became of one conversation.
type BulkResult struct {
	Conversation desk.ID
	Outcome      BulkOutcome
	Before       Edit  // with BulkChanged: what leads back
	Err          error // with BulkFailed
}

// Bulk edits many conversations, each in a transaction of its own, and says of each what became of it, in the order
// given (G1.10). Under a key of the actor's that was used before, a conversation that is done is not touched again; the
// empty key is never seen. Refused as a whole: "bulk_too_many" beyond MaxBulk, "bulk_twice" for a conversation named
// twice, "bulk_nothing" for an edit that changes nothing. When ctx ends, what has not begun fails.
func (s *Service) Bulk(ctx context.Context, a Actor, key string, edits []BulkEdit) ([]BulkResult, error) {
	if err := checkBulk(edits); err != nil {
		return nil, err
	}
	var results []BulkResult
	var wanted []Edit
	for _, e := range edits {
		for _, id := range e.Conversations {
			results, wanted = append(results, BulkResult{Conversation: id}), append(wanted, e.Edit)
		}
	}
	places := make(chan int)
	var group sync.WaitGroup
	for range min(bulkAtOnce, len(results)) {
		group.Go(func() {
			for i := range places {
				results[i] = s.bulkOne(ctx, a, key, results[i].Conversation, wanted[i])
			}
		})
	}
	for i := range results {
		places <- i
	}
	close(places)
	group.Wait()
	if slices.ContainsFunc(wanted, func(e Edit) bool { return e.Status == desk.StatusSnoozed }) {
		s.slept.Ring()
	}
	return results, nil
}

func checkBulk(edits []BulkEdit) error {
	known := map[desk.ID]bool{}
	for i, e := range edits {
		field := "changes[" + strconv.Itoa(i) + "]"
		if e.empty() || len(e.Conversations) == 0 {
			return desk.Invalid(field, "bulk_nothing", "the edit changes nothing")
		}
		if e.Status != "" && !slices.Contains(bulkStatuses, e.Status) {
			return desk.Invalid(field+".status", "field_invalid", "%q is no status that a member gives", e.Status)
		}
		for _, id := range e.Conversations {
			if known[id] {
				return desk.Invalid(field+".conversation_ids", "bulk_twice", "conversation %d is named twice", id)
			}
			known[id] = true
		}
	}
	if len(known) > MaxBulk {
		err := desk.Invalid("changes", "bulk_too_many", "%d conversations are more than %d", len(known), MaxBulk)
		err.Params = map[string]string{"max": strconv.Itoa(MaxBulk)}
		return err
	}
	return nil
}

var bulkStatuses = []desk.TicketStatus{desk.StatusQueued, desk.StatusOpen, desk.StatusPending, desk.StatusSnoozed, desk.StatusResolved}

// empty reports whether the edit leaves everything alone; WaitAgain and SnoozeUntil mean nothing by themselves.
func (e Edit) empty() bool {
	return !e.OfTicket() && e.Status == "" && !e.OfReading()
}

// OfTicket reports whether the edit says who has the case, its priority or its tags.
func (e Edit) OfTicket() bool {
	return e.Assignee != nil || e.Team != nil || e.Priority != nil || len(e.AddTags)+len(e.RemoveTags) > 0
}

// OfReading reports whether the edit says how far the actor has read.
func (e Edit) OfReading() bool { return e.Read != nil || e.ReadSeq != nil }

func (s *Service) bulkOne(ctx context.Context, a Actor, key string, conversation desk.ID, e Edit) BulkResult {
	failed := func(err error) BulkResult {
		return BulkResult{Conversation: conversation, Outcome: BulkFailed, Err: fmt.Errorf("edit conversation %d: %w", conversation, err)}
	}
	if err := ctx.Err(); err != nil {
		return failed(desk.Errorf(desk.KindUnavailable, "unavailable", "%w", err))
	}
	var done BulkResult
	err := s.store.Update(ctx, a.Workspace, func(tx store.Tx) error {
		result, err := editOnce(tx, a, key, conversation, e)
		done = result
		return err
	})
	if err != nil {
		return failed(err) // done may still be written to
	}
	return done
}

// editOnce edits a conversation unless the key says that it was done.
func editOnce(tx store.Tx, a Actor, key string, conversation desk.ID, e Edit) (BulkResult, error) {
	result := BulkResult{Conversation: conversation, Outcome: BulkUnchanged}
	v, err := openVisit(tx, a, conversation)
	if err != nil {
		return result, err
	}
	if key != "" {
		_, seen, err := tx.Seen("bulk/"+string(a.By.Kind)+"/"+a.By.ID.String(), key+"/"+conversation.String(), conversation)
		if seen {
			result.Outcome = BulkRepeated
		}
		if seen || err != nil {
			return result, err
		}
	}
	read, err := v.edit(e)
	if err != nil {
		return result, err
	}
	result.Before = v.before()
	result.Before.ReadSeq = read
	if read != nil || len(v.ticket.ChangesFrom(v.first)) > 0 {
		result.Outcome = BulkChanged
	}
	return result, v.close()
}
