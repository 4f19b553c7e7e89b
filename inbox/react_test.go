package inbox_test

import (
	"context"
	"errors"
	"testing"

	"madoguchi/desk"
	"madoguchi/inbox"
	"madoguchi/store"
)

func TestReact(t *testing.T) {
	t.Parallel()
	c := newCounter(t)
	row := c.writes(c.post, "p", "hi")
	var asked desk.Message
	c.update(func(tx store.Tx) error {
		page, err := tx.Messages().Before(row.ID, 0, 10)
		if err != nil {
			return err
		}
		for _, m := range page {
			if m.Author.Kind.Inbound() {
				asked = m
			}
		}
		asked.ExternalID = "in-1"
		return tx.WriteMessages().Update(&asked)
	})
	var told []string
	tell := func(_ context.Context, m desk.Message) error { told = append(told, m.ExternalID); return nil }
	reactions := func() (all []desk.Reaction) {
		c.view(func(r store.Reader) error { m, err := r.Messages().Get(asked.ID); all = m.Reactions; return err })
		return all
	}
	react := func(a inbox.Actor, id desk.ID, emoji string) error {
		return c.service.React(c.ctx(), a, id, emoji, tell)
	}
	for _, emoji := range []string{"👍", "👨‍👩‍👧"} {
		if err := react(c.aoi, asked.ID, emoji); err != nil {
			t.Fatal(err)
		}
		if got := reactions(); len(got) != 1 || got[0].Emoji != emoji || got[0].ID != c.aoi.User {
			t.Errorf("%+v", got)
		}
	}
	if err := react(c.ken, asked.ID, ""); err != nil || len(reactions()) != 0 {
		t.Errorf("taken back: %v, %+v", err, reactions())
	}
	c.refused(react(c.aoi, asked.ID, "👍👍"), desk.KindInvalid, "emoji_invalid")
	c.refused(react(c.aoi, c.say(c.aoi, row.ID, inbox.ModeReply, "ours").ID, "👍"), desk.KindConflict, "reaction_not_possible")
	other := c.writes(c.chat, "v", "hi")
	c.view(func(r store.Reader) error {
		page, err := r.Messages().Before(other.ID, 0, 1)
		c.refused(react(c.aoi, page[0].ID, "👍"), desk.KindConflict, "reaction_not_possible")
		return err
	})
	refusal := errors.New("no")
	err := c.service.React(c.ctx(), c.aoi, asked.ID, "👍", func(context.Context, desk.Message) error { return refusal })
	if !errors.Is(err, refusal) || len(reactions()) != 0 || len(told) != 3 {
		t.Errorf("%v, %+v, told %q", err, reactions(), told)
	}
}
