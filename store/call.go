package store

import (
	"encoding/json"
	"fmt"
	"time"

	"madoguchi/desk"
)

// CallBy is what promised a request: a trigger or a macro.
type CallBy struct {
	Kind string  `json:"kind"` // "trigger" or "macro"
	ID   desk.ID `json:"id"`
	Name string  `json:"name"`
}

// PromiseCall promises a request to somebody's web service that tells of a case as it is now.
func PromiseCall(tx Tx, row desk.Conversation, t desk.Ticket, url string, by CallBy) error {
	contact, err := tx.Contacts().Get(t.ContactID)
	if err != nil {
		return fmt.Errorf("read contact: %w", err)
	}
	id := tx.NewID()
	type person struct {
		ID         desk.ID           `json:"id"`
		Name       string            `json:"name"`
		Email      string            `json:"email"`
		Phone      string            `json:"phone"`
		ExternalID string            `json:"external_id"`
		Fields     map[string]string `json:"fields,omitempty"`
	}
	body, err := json.Marshal(map[string]any{
		"id": id, "type": "action", "at": tx.Now().Format(time.RFC3339Nano), "by": by,
		"conversation_id": row.ID, "channel_id": row.ChannelID,
		"ticket": map[string]any{
			"id": t.ID, "number": t.Number, "status": t.Status, "priority": t.Priority, "assignee_id": t.Assignee, "team_id": t.TeamID,
			"tag_ids": append([]desk.ID{}, t.TagIDs...), "fields": t.Fields, "created_at": t.CreatedAt.Format(time.RFC3339Nano),
		},
		"contact": person{contact.ID, contact.Name, contact.Email, contact.Phone, contact.ExternalID, contact.Fields},
	})
	if err != nil {
		return fmt.Errorf("encode the call: %w", err)
	}
	return tx.WriteWebhookCalls().Add(desk.WebhookCall{
		ID: id, ConversationID: row.ID, URL: url, Body: string(body), NotBefore: tx.Now(), CreatedAt: tx.Now(),
	})
}
