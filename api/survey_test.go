package api_test

import (
	"strings"
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
)

// A case says how it was rated, wherever it is shown (B4).
func TestTicketsCarryTheirRating(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	k := c.talk(t, owner.space)
	ticket := "/api/v1/tickets/" + k.ticket.String()
	if got := owner.do("GET", ticket, nil).want(t, 200); strings.Contains(string(got.body), `"survey"`) {
		t.Errorf("nobody asked: %s", got.body)
	}
	err := c.store.Update(t.Context(), owner.space, func(tx store.Tx) error {
		return tx.WriteSurveys().Put(desk.Survey{ID: tx.NewID(), TicketID: k.ticket, ConversationID: k.conversation, AgentID: owner.id,
			State: desk.SurveyAnswered, Score: 4, Comment: "早かった", SentAt: tx.Now(), AnsweredAt: tx.Now()})
	})
	if err != nil {
		t.Fatal(err)
	}
	owner.do("POST", ticket+"/resolve", nil).want(t, 200)
	for _, path := range []string{ticket, "/api/v1/contacts/" + k.contact.String() + "/tickets", "/api/v1/contacts/" + k.contact.String() + "/timeline"} {
		got := string(owner.do("GET", path, nil).want(t, 200).body)
		if !strings.Contains(got, `"survey":{"state":"answered","score":4,"comment":"早かった","agent_id":`+owner.id.String()) {
			t.Errorf("GET %s: %s", path, got)
		}
	}
	edited := string(owner.do("PATCH", ticket+"/fields", map[string]any{"fields": map[string]any{}, "version": 2}).want(t, 200).body)
	if !strings.Contains(edited, `"score":4`) {
		t.Errorf("edited: %s", edited)
	}
}
