package inbox_test

import (
	"testing"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

// texting is a provider's channel whose customers can opt out.
type texting struct{ post }

func (n texting) Spec() channel.Spec {
	spec := n.post.Spec()
	spec.Kind, spec.Capabilities.OptOut = "texting", true
	return spec
}

// suspected is a conversation whose customer may have opted out, and the same number on a second channel of the brand and on one
// of another brand.
func suspected(t *testing.T) (c *counter, row, sister, stranger desk.Conversation) {
	c = newCounter(t)
	c.update(func(tx store.Tx) error {
		own, err := tx.Channels().Get(c.post)
		if err != nil {
			return err
		}
		other := desk.Brand{ID: tx.NewID(), Name: "other", CreatedAt: tx.Now()}
		if err := tx.WriteWorkspaces().PutBrand(other); err != nil {
			return err
		}
		for i, brand := range []desk.ID{own.BrandID, own.BrandID, other.ID} {
			ch := desk.Channel{ID: c.post + 1_000_000 + desk.ID(i), BrandID: brand, Kind: "texting", Account: string(rune('a' + i)), State: desk.ChannelActive, Version: 1}
			if err := tx.WriteChannels().Put(ch); err != nil {
				return err
			}
		}
		return nil
	})
	for i, at := range []*desk.Conversation{&row, &sister, &stranger} {
		*at = c.writes(c.post+1_000_000+desk.ID(i), "+81901", "もう送ってこないで")
	}
	for _, other := range []desk.Conversation{sister, stranger} { // one person
		c.update(func(tx store.Tx) error { return tx.WriteContacts().MoveIdentity(other.IdentityID, row.ContactID) })
	}
	if s := c.standing(row); s.SuspectedAt.IsZero() {
		t.Fatalf("nothing is suspected: %+v", s)
	}
	return c, row, sister, stranger
}

func (c *counter) standing(row desk.Conversation) (s desk.Standing) {
	c.t.Helper()
	c.view(func(r store.Reader) error {
		i, err := r.Contacts().Identity(row.IdentityID)
		s = i.Standing
		return err
	})
	return s
}

func TestASuspectedOptOutIsConfirmed(t *testing.T) { // B3.6, B3.8, B3.10
	t.Parallel()
	c, row, sister, stranger := suspected(t)
	before := c.head()
	c.must(c.service.OptOut(c.ctx(), c.aoi, row.ID))
	s := c.standing(row)
	if !s.OptedOutAt.Equal(c.now()) || s.OptOutBy != desk.OptOutByMember || !s.SuspectedAt.IsZero() {
		t.Errorf("they stand %+v", s)
	}
	if ticket := c.ticket(row.ID); ticket.Reason != desk.ReasonOptOut {
		t.Errorf("the case: %+v", ticket)
	}
	c.wantInStep(row.ID)
	c.wantThread(row.ID, "+ticket_opened number=1", "customer: もう送ってこないで", "+opted_out by=Aoi", "+resolved reason=opt_out by=Aoi")
	if s := c.standing(sister); s.OptOutBy != desk.OptOutByMember || s.Marketing != desk.MarketingStopped {
		t.Errorf("on the brand's other channel they stand %+v", s)
	}
	if s := c.standing(stranger); !s.OptedOutAt.IsZero() || s.Marketing != desk.MarketingStopped {
		t.Errorf("with another brand they stand %+v", s)
	}
	if kind := c.events(before)[0].Kind; kind != desk.EventIdentityOptedOut {
		t.Errorf("the first event is %s", kind)
	}
	_, _, err := c.service.Write(c.ctx(), c.ken, row.ID, inbox.NewMessage{ClientID: "x", Mode: inbox.ModeReply, Parts: text("hi")})
	c.refused(err, desk.KindConflict, desk.CodeOptedOut)
	head := c.head()
	c.must(c.service.OptOut(c.ctx(), c.ken, row.ID))
	c.must(c.service.DismissOptOut(c.ctx(), c.ken, row.ID))
	if c.head() != head {
		t.Error("a second time said something")
	}
}

func TestASuspectedOptOutIsDismissed(t *testing.T) {
	t.Parallel()
	c, row, _, _ := suspected(t)
	c.must(c.service.DismissOptOut(c.ctx(), c.ken, row.ID))
	if s := c.standing(row); !s.SuspectedAt.IsZero() || !s.OptedOutAt.IsZero() {
		t.Errorf("they stand %+v", s)
	}
	if c.ticket(row.ID).Status.Resolved() {
		t.Error("the case was closed")
	}
	c.wantThread(row.ID, "+ticket_opened number=1", "customer: もう送ってこないで", "+opt_out_dismissed by=Ken")
}

func TestAMembersOptOutIsTakenBack(t *testing.T) {
	t.Parallel()
	c, row, sister, _ := suspected(t)
	c.must(c.service.OptOut(c.ctx(), c.aoi, row.ID))
	_, err := c.service.OptIn(c.ctx(), c.aoi, row.ID, " \n")
	c.refused(err, desk.KindInvalid, "opt_in_reason_missing")
	before := c.head()
	c.must(c.service.OptIn(c.ctx(), c.aoi, row.ID, "別の方の番号でした"))
	for _, one := range []desk.Conversation{row, sister} {
		if s := c.standing(one); !s.OptedOutAt.IsZero() {
			t.Errorf("they stand %+v", s)
		}
	}
	e := c.events(before)[0]
	if e.Kind != desk.EventIdentityOptedIn || len(e.Changes) != 2 || e.Changes[1].To != "別の方の番号でした" {
		t.Errorf("the event: %+v", e)
	}
	c.writes(row.ChannelID, "+81901", "STOP")
	_, err = c.service.OptIn(c.ctx(), c.aoi, row.ID, "x")
	c.refused(err, desk.KindConflict, "opt_out_theirs")
}

func TestNoOptOutWhereTheChannelKnowsNone(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "v", "stop it")
	_, err := c.service.OptOut(c.ctx(), c.aoi, row.ID)
	c.refused(err, desk.KindConflict, "opt_out_unsupported")
	own := c.aoi
	own.Scope = desk.ScopeOwn
	c.must(c.service.Assign(c.ctx(), c.ken, row.TicketID, c.ken.User))
	_, err = c.service.OptOut(c.ctx(), own, row.ID)
	c.refused(err, desk.KindNotFound, "conversation_not_found")
}

func TestAStopOfMailsIsTakenBack(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.chat, "v", "こんにちは")
	_, err := c.service.OptIn(c.ctx(), c.aoi, row.ID, "x")
	c.refused(err, desk.KindConflict, "opt_out_unsupported")
	c.update(func(tx store.Tx) error {
		i, err := tx.Contacts().Identity(row.IdentityID)
		if err != nil {
			return err
		}
		i.Standing.MailStoppedAt = tx.Now()
		return tx.WriteContacts().SetStanding(i.ID, i.Standing)
	})
	_, err = c.service.OptIn(c.ctx(), c.aoi, row.ID, " ")
	c.refused(err, desk.KindInvalid, "opt_in_reason_missing")
	before := c.head()
	c.must(c.service.OptIn(c.ctx(), c.aoi, row.ID, "転送先の方が押しました"))
	if s := c.standing(row); !s.MailStoppedAt.IsZero() {
		t.Errorf("they stand %+v", s)
	}
	if e := c.events(before)[0]; e.Kind != desk.EventIdentityOptedIn || len(e.Changes) != 2 || e.Changes[1].To != "転送先の方が押しました" {
		t.Errorf("the event: %+v", e)
	}
}
