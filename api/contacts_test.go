package api_test

import (
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/store"
)

func TestFieldsBlocksAndDeletionsOverHTTP(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	k := c.talk(t, owner.space)
	contact := "/api/v1/contacts/" + k.contact.String()

	field := map[string]any{"subject": "contact", "key": "rank", "kind": "choice", "label": map[string]any{"ja": "会員"}, "options": []any{
		map[string]any{"id": "gold", "label": map[string]any{"ja": "金"}}}}
	made := owner.do("POST", "/api/v1/fields", field).want(t, 201)
	owner.do("POST", "/api/v1/fields", field).wantCode(t, 409, "field_taken")
	owner.do("PATCH", contact, map[string]any{"fields": map[string]any{"rank": "iron"}, "version": 1}).wantCode(t, 422, "field_option_unknown")
	owner.do("PATCH", contact, map[string]any{"fields": map[string]any{"rank": "gold"}, "version": 1}).want(t, 200)
	path := "/api/v1/fields/" + fmt.Sprint(made.num("id"))
	owner.do("DELETE", path+"/values", nil).wantCode(t, 409, "field_in_use")
	owner.do("DELETE", path, nil).want(t, 204)
	if got := owner.do("GET", contact, nil).want(t, 200).str("fields.rank"); got != "gold" {
		t.Errorf("a deleted field's value: %q", got)
	}
	owner.do("DELETE", path+"/values", nil).want(t, 204)
	if got := owner.do("GET", contact, nil).want(t, 200).str("fields.rank"); got != "" {
		t.Errorf("an erased field's value: %q", got)
	}

	identity := "/api/v1/identities/" + k.identity.String()
	owner.do("POST", identity+"/block", map[string]any{"reason": "spam mail"}).want(t, 200)
	blocked := owner.do("GET", "/api/v1/contacts?blocked=true", nil).want(t, 200)
	if blocked.str("items.0.identities.0.blocked_reason") != "spam mail" {
		t.Errorf("blocked: %s", blocked.body)
	}
	kinds := owner.do("GET", contact+"/timeline", nil).want(t, 200)
	for _, kind := range []string{`"blocked"`, `"change"`, `"ticket_opened"`} {
		if !strings.Contains(string(kinds.body), `"kind":`+kind) {
			t.Errorf("no %s in the timeline: %s", kind, kinds.body)
		}
	}
	owner.do("POST", identity+"/unblock", nil).want(t, 200)

	agent := c.member(t, owner.space, desk.RoleAgent)
	agent.do("DELETE", contact, nil).wantCode(t, 403, "forbidden")
	deleted := owner.do("DELETE", "/api/v1/messages/"+k.message.String(), nil).want(t, 200)
	if deleted.str("deleted_at") == "" || strings.Contains(string(owner.do("GET", "/api/v1/conversations/"+k.conversation.String(), nil).body), "hello") {
		t.Errorf("deleted: %s", deleted.body)
	}
	owner.do("DELETE", contact, nil).wantCode(t, 409, "contact_has_open_tickets")
	if n := owner.do("GET", contact+"/deletion", nil).want(t, 200).num("open_tickets"); n != 1 {
		t.Errorf("%v open cases go", n)
	}
	owner.do("DELETE", contact+"?open=true", nil).want(t, 204)
	owner.do("GET", contact, nil).want(t, 404)
}

func TestExportsOverHTTP(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	k := c.talk(t, owner.space)
	owner.do("PATCH", "/api/v1/contacts/"+k.contact.String(), map[string]any{"name": "=HYPERLINK(\"http://evil\")", "version": 1}).want(t, 200)
	asked := owner.do("POST", "/api/v1/exports", map[string]any{"kind": "contacts", "format": "csv", "bom": true}).want(t, 201)
	file := "/api/v1/exports/" + fmt.Sprint(asked.num("id")) + "/file"
	owner.do("GET", file, nil).wantCode(t, 409, "export_not_ready")
	if worked, err := c.deps.Exports.Work(t.Context()); err != nil || !worked {
		t.Fatalf("worked: %v, %v", worked, err)
	}
	mine := owner.do("GET", "/api/v1/exports", nil).want(t, 200)
	if mine.str("items.0.state") != "done" || mine.num("items.0.done") != 1 {
		t.Errorf("exports: %s", mine.body)
	}
	got := owner.do("GET", file, nil).want(t, 200)
	if disposition := got.Header.Get("Content-Disposition"); !strings.HasPrefix(disposition, "attachment;") || !strings.Contains(disposition, ".csv") {
		t.Errorf("disposition %q", disposition)
	}
	text, found := strings.CutPrefix(string(got.body), "\ufeff")
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil || !found || len(rows) != 2 || rows[1][1] != "'=HYPERLINK(\"http://evil\")" {
		t.Errorf("file %q, %v", got.body, err)
	}
	supervisor := c.member(t, owner.space, desk.RoleSupervisor)
	supervisor.do("GET", file, nil).wantCode(t, 403, "forbidden")
	admin := c.member(t, owner.space, desk.RoleAdmin)
	admin.do("GET", file, nil).wantCode(t, 404, "export_not_found") // another's
}

// Two identities of one contact on one channel, as after somebody was recognised in a second browser, are two choices: each with what
// tells it apart, when they last wrote there and its window, and each reaches a conversation of its own (G2.11, F14).
func TestIdentitiesOfOneChannelAreToldApart(t *testing.T) {
	t.Parallel()
	c := open(t)
	owner := c.owner(t, "owner@example.test")
	one, other := c.talk(t, owner.space), c.talk(t, owner.space)
	until := time.Now().Add(time.Hour)
	var fresh desk.Identity
	err := c.store.Update(t.Context(), owner.space, func(tx store.Tx) error {
		w := tx.WriteContacts()
		channels, err := tx.Channels().List()
		if err != nil {
			return err
		}
		fresh = desk.Identity{
			ID: tx.NewID(), ContactID: one.contact, ChannelID: channels[0].ID, Kind: "webchat", Scope: channels[0].ID.String(),
			ExternalID: "JP.7", Alias: "819012345678", CreatedAt: tx.Now(), Standing: desk.Standing{WindowUntil: until},
		}
		return errors.Join(w.MoveIdentity(other.identity, one.contact), w.Delete(other.contact), w.PutIdentity(fresh))
	})
	if err != nil {
		t.Fatal(err)
	}

	contact := "/api/v1/contacts/" + one.contact.String()
	listed := func(path, by string) map[int64]map[string]any {
		all := map[int64]map[string]any{}
		for _, i := range owner.do("GET", contact+path, nil).want(t, 200).list("items") {
			record := i.(map[string]any)
			all[int64(record[by].(float64))] = record
		}
		return all
	}
	known := listed("/identities", "id")
	if len(known) != 3 || known[int64(one.identity)]["last_in_at"] == nil || known[int64(other.identity)]["last_in_at"] == nil {
		t.Fatalf("identities %v", known)
	}
	if i := known[int64(fresh.ID)]; i["external_id"] != "JP.7" || i["alias"] != "819012345678" || i["last_in_at"] != nil || i["standing"].(map[string]any)["window_until"] == nil {
		t.Errorf("the one that has not written: %v", i)
	}

	reached := map[int64]int64{} // conversations by identity
	start := func(identity desk.ID, status int) {
		row := owner.do("POST", contact+"/conversations", map[string]any{"identity_id": identity}).want(t, status)
		reached[row.num("identity_id")] = row.num("id")
	}
	start(one.identity, 200)
	start(other.identity, 200)
	start(fresh.ID, 201)
	if len(reached) != 3 || reached[int64(one.identity)] != int64(one.conversation) || reached[int64(other.identity)] != int64(other.conversation) {
		t.Errorf("conversations %v", reached)
	}
	for identity, row := range listed("/conversations", "identity_id") {
		if id := int64(row["id"].(float64)); reached[identity] != id {
			t.Errorf("row %d is of identity %d", id, identity)
		}
	}
}
