package connect_test

import (
	"context"
	"errors"
	"testing"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// templating is a provider with templates, which counts how often it was asked for them.
type templating struct {
	fake
	theirs *[]desk.Template
	asked  *int
}

func (f templating) Templates(context.Context, channel.Account) ([]desk.Template, error) {
	if f.asked != nil {
		*f.asked++
	}
	return *f.theirs, *f.fault
}

func (f templating) CreateTemplate(_ context.Context, _ channel.Account, t desk.Template) (desk.Template, error) {
	return t, nil
}

func (f templating) TemplateSample(context.Context, channel.Account, channel.File) (string, error) {
	return "", nil
}

func (f templating) DeleteTemplate(context.Context, channel.Account, desk.Template) error { return nil }

// active is a channel whose provider has templates, connected.
func active(t *testing.T, w *world, f templating) desk.Channel {
	t.Helper()
	w.service.Channels["fake"] = f
	c := w.fill(t, w.add(t, before))
	c.State = desk.ChannelActive
	w.put(t, c)
	return c
}

func TestRoundsKeepTemplatesInStep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	theirs := []desk.Template{{ExternalID: "9", Name: "promo", Language: "ja", Status: "approved", Body: "b"}}
	c := active(t, w, templating{fake: fake{found: &w.found, fault: &w.fault, subscribed: &w.subscribed}, theirs: &theirs})
	round := func() (all []desk.Template) {
		t.Helper()
		if err := w.service.RoundsOnce(t.Context()); err != nil {
			t.Fatal(err)
		}
		err := w.store.View(t.Context(), space, func(r store.Reader) (err error) {
			if c, err = r.Channels().Get(before); err == nil {
				all, err = r.Templates().Of(before)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return all
	}
	if all := round(); len(all) != 1 || all[0].Status != "approved" {
		t.Errorf("templates %+v", all)
	}
	w.fault = &channel.Fault{Kind: channel.ActRetry, Code: "http_503", Err: errors.New("busy")}
	theirs = nil
	if all := round(); len(all) != 1 || all[0].Status != "approved" || c.State != desk.ChannelActive {
		t.Errorf("a provider that does not answer changes nothing: %+v, %s", all, c.State)
	}
	w.fault = nil
	if all := round(); len(all) != 1 || all[0].Status != desk.TemplateDeleted {
		t.Errorf("what is no more is deleted: %+v", all)
	}
	c.State = desk.ChannelDisabled
	w.put(t, c)
	theirs = []desk.Template{{ExternalID: "10", Name: "other", Language: "ja", Status: "approved", Body: "b"}}
	if all := round(); len(all) != 1 {
		t.Errorf("a channel that is switched off is not asked: %+v", all)
	}
}

// TestOneNodeGoesTheRounds: the first takes the duty, the second finds it taken.
func TestOneNodeGoesTheRounds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	theirs, asked := []desk.Template{}, 0
	active(t, w, templating{fake: fake{found: &w.found, fault: &w.fault, subscribed: &w.subscribed}, theirs: &theirs, asked: &asked})
	for _, holder := range []string{"node 1", "node 2"} {
		if err := w.service.RoundsBy(t.Context(), holder); err != nil {
			t.Fatal(err)
		}
	}
	if asked != 1 {
		t.Errorf("asked %d times", asked)
	}
}
