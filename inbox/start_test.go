package inbox_test

import (
	"errors"
	"testing"

	"madoguchi/desk"
	"madoguchi/store"
)

func TestStartAConversation(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.post, "x", "hello")
	same, started, err := c.service.Start(c.ctx(), c.aoi, row.ContactID, row.IdentityID)
	if err != nil || started || same.ID != row.ID {
		t.Errorf("one that there is: %d, %v, %v", same.ID, started, err)
	}
	var identity, gone desk.Identity
	c.update(func(tx store.Tx) error {
		identity = desk.Identity{ID: tx.NewID(), ContactID: row.ContactID, ChannelID: c.post, Kind: "post", Scope: "post", ExternalID: "second"}
		gone = desk.Identity{ID: tx.NewID(), ContactID: row.ContactID, ChannelID: c.post, Kind: "post", Scope: "post", ExternalID: "third"}
		gone.Standing = gone.Standing.OptOut(tx.Now(), desk.OptOutByMember)
		return errors.Join(tx.WriteContacts().PutIdentity(identity), tx.WriteContacts().PutIdentity(gone))
	})
	fresh, started, err := c.service.Start(c.ctx(), c.aoi, row.ContactID, identity.ID)
	if err != nil || !started || fresh.Assignee != c.aoi.User || fresh.Waiting() || fresh.TicketNo != 2 {
		t.Errorf("one that begins: %+v, %v, %v", fresh, started, err)
	}
	c.wantThread(fresh.ID, "+ticket_opened number=2", "+assigned name=Aoi by=Aoi")
	c.wantInStep(fresh.ID)
	_, _, err = c.service.Start(c.ctx(), c.aoi, row.ContactID, gone.ID)
	c.refused(err, desk.KindConflict, "recipient_opted_out")
	other := c.writes(c.chat, "y", "hello")
	_, _, err = c.service.Start(c.ctx(), c.aoi, other.ContactID, identity.ID)
	c.refused(err, desk.KindNotFound, "identity_not_found")
}
