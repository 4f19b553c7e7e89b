package outbox_test

import (
	"context"
	"io"
	"strings"
	"sync"
	"testing"
	"time"

	"madoguchi/blob/diskblob"
	"madoguchi/channel"
	"madoguchi/channel/testchannel"
	"madoguchi/desk"
	"madoguchi/store"
)

// shaped is the test provider's connector with more to it, which remembers what it was given to send.
type shaped struct {
	testchannel.Connector
	shape  func(*channel.Spec)
	refuse *channel.Fault

	mu   sync.Mutex
	sent []channel.Outgoing
}

func (c *shaped) Spec() channel.Spec {
	spec := c.Connector.Spec()
	c.shape(&spec)
	return spec
}

func (c *shaped) Send(ctx context.Context, a channel.Account, m channel.Outgoing) (desk.ExternalID, error) {
	c.mu.Lock()
	c.sent = append(c.sent, m)
	c.mu.Unlock()
	if c.refuse != nil {
		return "", c.refuse
	}
	plain := m
	plain.Parts = []desk.Part{{Kind: desk.PartText, Text: "x"}}
	return c.Connector.Send(ctx, a, plain)
}

func (c *shaped) outgoing() []channel.Outgoing {
	c.mu.Lock()
	defer c.mu.Unlock()
	return append([]channel.Outgoing(nil), c.sent...)
}

func (w *world) standing(t *testing.T, conversation desk.ID) (s desk.Standing) {
	t.Helper()
	must(t, w.store.View(t.Context(), workspace, func(r store.Reader) error {
		c, err := r.Conversations().Get(conversation)
		must(t, err)
		identity, err := r.Contacts().Identity(c.IdentityID)
		s = identity.Standing
		return err
	}))
	return s
}

func (w *world) stand(t *testing.T, conversation desk.ID, s desk.Standing) {
	t.Helper()
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		c, err := tx.Conversations().Get(conversation)
		must(t, err)
		return tx.WriteContacts().SetStanding(c.IdentityID, s)
	}))
}

// utter promises to send a message made to order.
func (w *world) utter(t *testing.T, c channel.Connector, conversation desk.ID, change func(*desk.Message)) desk.ID {
	t.Helper()
	var id desk.ID
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		m := desk.Message{ID: tx.NewID(), ConversationID: conversation, Author: desk.Author{Kind: desk.AuthorHuman, ID: 7},
			Parts: []desk.Part{{Kind: desk.PartText, Text: "hello"}}, Status: desk.DeliveryQueued, At: tx.Now(), ReceivedAt: tx.Now()}
		change(&m)
		id = m.ID
		must(t, tx.WriteMessages().Add(&m))
		for i := range channel.PiecesOf(c.Spec().Capabilities, m) {
			must(t, tx.Enqueue(&desk.Delivery{ID: tx.NewID(), ChannelID: chID, ConversationID: conversation, MessageID: m.ID, Part: i,
				Status: desk.DeliveryQueued, NotBefore: tx.Now(), ExpiresAt: tx.Now().Add(15 * time.Minute), CreatedAt: tx.Now(), UpdatedAt: tx.Now()}))
		}
		return nil
	}))
	return id
}

func as(k desk.AuthorKind) func(*desk.Message) { return func(m *desk.Message) { m.Author.Kind = k } }

func windowed(s *channel.Spec) {
	s.Window = &channel.Window{For: 24 * time.Hour, HumanFor: 7 * 24 * time.Hour, HumanTag: "member", Guard: time.Minute}
}

// TestTheLastLook: what changed since the message was written counts when it leaves the queue (B3.13, C2.4).
func TestTheLastLook(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 21, 9, 0, 0, 0, time.UTC)
	for name, test := range map[string]struct {
		s    desk.Standing
		who  desk.AuthorKind
		kind channel.Action
		code string
		tag  string
	}{
		"opted out":              {desk.Standing{WindowUntil: now.Add(time.Hour), OptedOutAt: now}, desk.AuthorHuman, channel.ActOptOut, desk.CodeOptedOut, ""},
		"window closed":          {desk.Standing{WindowUntil: now.Add(time.Minute)}, desk.AuthorHuman, channel.ActWindow, desk.CodeWindow, ""},
		"window open":            {desk.Standing{WindowUntil: now.Add(time.Hour)}, desk.AuthorBot, "", "", ""},
		"tag for a member":       {desk.Standing{WindowUntil: now, HumanUntil: now.Add(time.Hour)}, desk.AuthorHuman, "", "", "member"},
		"no tag for a machine":   {desk.Standing{WindowUntil: now, HumanUntil: now.Add(time.Hour)}, desk.AuthorAutomation, channel.ActWindow, desk.CodeWindow, ""},
		"unreachable, a machine": {desk.Standing{WindowUntil: now.Add(time.Hour), Unreachable: now}, desk.AuthorBot, channel.ActBlocked, desk.CodeUnreachable, ""},
		"unreachable, a member":  {desk.Standing{WindowUntil: now.Add(time.Hour), Unreachable: now}, desk.AuthorHuman, "", "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &shaped{shape: windowed}
			w := newWorld(t, c)
			thread := w.thread(t, 1)
			id := w.utter(t, c, thread, as(test.who))
			w.stand(t, thread, test.s)
			w.start(t)
			if test.code == "" {
				w.await(t, id, desk.DeliverySent)
				if sent := c.outgoing(); sent[0].Tag != test.tag {
					t.Errorf("tag %q", sent[0].Tag)
				}
				return
			}
			m := w.await(t, id, desk.DeliveryFailed)
			if m.Fault.Kind != string(test.kind) || m.Fault.Code != test.code || len(c.outgoing()) != 0 {
				t.Errorf("%+v, %d sends", m.Fault, len(c.outgoing()))
			}
			if s := w.standing(t, thread); s != test.s {
				t.Errorf("our own refusal changed how they stand: %+v", s)
			}
		})
	}
}

// TestNothingGoesToTheBlocked: whoever was blocked since it was written gets nothing of what waits (F12).
func TestNothingGoesToTheBlocked(t *testing.T) {
	t.Parallel()
	c := &shaped{shape: windowed}
	w := newWorld(t, c)
	thread := w.thread(t, 1)
	id := w.utter(t, c, thread, as(desk.AuthorHuman))
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		row, err := tx.Conversations().Get(thread)
		must(t, err)
		identity, err := tx.Contacts().Identity(row.IdentityID)
		must(t, err)
		identity.BlockedAt = tx.Now()
		return tx.WriteContacts().PutIdentity(identity)
	}))
	w.start(t)
	m := w.await(t, id, desk.DeliveryFailed)
	if m.Fault.Kind != string(channel.ActFail) || m.Fault.Code != "reply_to_blocked" || len(c.outgoing()) != 0 {
		t.Errorf("%+v, %d sends", m.Fault, len(c.outgoing()))
	}
}

func TestATemplateGoesOutsideTheWindow(t *testing.T) {
	t.Parallel()
	c := &shaped{shape: windowed}
	w := newWorld(t, c)
	thread := w.thread(t, 1)
	w.start(t)
	w.await(t, w.utter(t, c, thread, func(m *desk.Message) {
		m.Template = &desk.TemplateUse{Name: "order", Language: "ja", HeaderFile: 0}
		m.Parts[0].Text = strings.Repeat("long ", 100)
	}), desk.DeliverySent)
	sent := c.outgoing()
	if len(sent) != 1 || sent[0].Template == nil || sent[0].Template.Name != "order" || len(sent[0].Parts) != 0 {
		t.Errorf("%+v", sent)
	}
	if s := w.standing(t, thread); s.TemplateAt != w.clock.Now() || s.FirstOutAt.IsZero() {
		t.Errorf("%+v", s)
	}
}

func TestAReplyTokenIsUsedOnce(t *testing.T) {
	t.Parallel()
	c := &shaped{shape: func(*channel.Spec) {}, refuse: &channel.Fault{Kind: channel.ActRetry, Code: "500"}}
	c.refuse.Certain = true
	w := newWorld(t, c)
	thread := w.thread(t, 1)
	w.stand(t, thread, desk.Standing{Token: "free", TokenUntil: w.clock.Now().Add(time.Minute), LastIn: "m1"})
	w.config.Backoff = func(int) time.Duration { return 10 * time.Minute }
	id := w.utter(t, c, thread, func(*desk.Message) {})
	w.start(t)
	w.until(t, func() bool { return w.waits(t, []desk.ID{id}) }, func() string { return "the first attempt does not end" })
	if token := w.standing(t, thread).Token; token != "" {
		t.Errorf("the token %q stayed", token)
	}
	w.move(t, 20*time.Minute)
	w.await(t, id, desk.DeliveryFailed)
	sent := c.outgoing()
	if s := w.standing(t, thread); sent[0].Token != "free" || s.LastIn != "m1" || s.TokenFor != sent[0].Delivery {
		t.Errorf("%+v, %+v", sent[0], w.standing(t, thread))
	}
	for _, m := range sent[1:] {
		if m.Token != "" {
			t.Error("the token went out twice")
		}
	}
}

// TestARepeatedAttemptTakesNoToken: its first may have arrived by its key, which a reply has not.
func TestARepeatedAttemptTakesNoToken(t *testing.T) {
	t.Parallel()
	c := &shaped{shape: func(s *channel.Spec) { s.Idempotent = true }, refuse: &channel.Fault{Kind: channel.ActRetry, Code: "500"}}
	w := newWorld(t, c)
	thread := w.thread(t, 1)
	w.config.Backoff = func(int) time.Duration { return time.Minute }
	w.utter(t, c, thread, func(*desk.Message) {})
	w.start(t)
	w.until(t, func() bool { return len(c.outgoing()) == 1 }, func() string { return "never tried" })
	w.stand(t, thread, desk.Standing{Token: "fresh", TokenUntil: w.clock.Now().Add(time.Hour), LastIn: "m2"})
	w.move(t, 2*time.Minute)
	w.until(t, func() bool { return len(c.outgoing()) == 2 }, func() string { return "never tried again" })
	if sent := c.outgoing()[1]; sent.Token != "" || sent.Key == "" {
		t.Errorf("%+v", sent)
	}
}

func TestAStaleTokenStaysAtHome(t *testing.T) {
	t.Parallel()
	c := &shaped{shape: func(*channel.Spec) {}}
	w := newWorld(t, c)
	thread := w.thread(t, 1)
	w.stand(t, thread, desk.Standing{Token: "old", TokenUntil: w.clock.Now()})
	w.start(t)
	w.await(t, w.utter(t, c, thread, func(*desk.Message) {}), desk.DeliverySent)
	if c.outgoing()[0].Token != "" {
		t.Error("a stale token went out")
	}
}

// TestWhatARefusalTellsAboutThem: the provider knows better than we do (B3.13, C2.4, H5).
func TestWhatARefusalTellsAboutThem(t *testing.T) {
	t.Parallel()
	for kind, check := range map[channel.Action]func(before, after desk.Standing, now time.Time) bool{
		channel.ActBlocked: func(_, s desk.Standing, now time.Time) bool { return s.Unreachable.Equal(now) },
		channel.ActOptOut: func(_, s desk.Standing, now time.Time) bool {
			return s.OptedOutAt.Equal(now) && s.OptOutBy == "provider"
		},
		channel.ActWindow: func(_, s desk.Standing, now time.Time) bool { return s.WindowUntil.Equal(now) },
		channel.ActFail:   func(before, s desk.Standing, _ time.Time) bool { return s == before },
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			c := &shaped{shape: windowed, refuse: &channel.Fault{Kind: kind, Code: "131", Certain: true}}
			w := newWorld(t, c)
			thread := w.thread(t, 1)
			before := desk.Standing{WindowUntil: w.clock.Now().Add(time.Hour)}
			w.stand(t, thread, before)
			w.start(t)
			m := w.await(t, w.utter(t, c, thread, func(*desk.Message) {}), desk.DeliveryFailed)
			if s := w.standing(t, thread); !check(before, s, w.clock.Now()) || m.Fault.Code != "131" {
				t.Errorf("%+v, %+v", s, m.Fault)
			}
		})
	}
}

// TestTheWindowCountsWhatWentOut is WeChat's count (C1.9): the sixth of five is refused before it leaves.
func TestTheWindowCountsWhatWentOut(t *testing.T) {
	t.Parallel()
	c := &shaped{shape: windowed}
	w := newWorld(t, c)
	thread := w.thread(t, 1)
	w.stand(t, thread, desk.Standing{WindowUntil: w.clock.Now().Add(time.Hour), Counted: true, WindowLeft: 2})
	w.start(t)
	for i, want := range []desk.DeliveryStatus{desk.DeliverySent, desk.DeliverySent, desk.DeliveryFailed} {
		m := w.await(t, w.utter(t, c, thread, func(*desk.Message) {}), want)
		if want == desk.DeliveryFailed && m.Fault.Code != desk.CodeWindow {
			t.Errorf("message %d: %+v", i, m.Fault)
		}
	}
	if n := len(c.outgoing()); n != 2 {
		t.Errorf("%d sends", n)
	}
}

// TestTheFirstMessageTellsHowToOptOut is B2.3, at the last step, whoever wrote it.
func TestTheFirstMessageTellsHowToOptOut(t *testing.T) {
	t.Parallel()
	c := &shaped{shape: func(s *channel.Spec) { s.Capabilities.OptOut = true }}
	w := newWorld(t, c)
	w.start(t)
	thread := w.thread(t, 1)
	w.await(t, w.utter(t, c, thread, func(m *desk.Message) { m.Parts[0].Text = strings.Repeat("x", 100) }), desk.DeliverySent)
	w.await(t, w.utter(t, c, thread, func(m *desk.Message) { m.Parts[0].Text = "second" }), desk.DeliverySent)
	other := w.thread(t, 2)
	w.await(t, w.utter(t, c, other, func(m *desk.Message) { m.Parts[0].Text = "停止は「STOP」と返信" }), desk.DeliverySent)
	var got []string
	for _, m := range c.outgoing() {
		got = append(got, m.Parts[0].Text)
		if n := len([]rune(m.Parts[0].Text)); n > c.Spec().Capabilities.TextLimit {
			t.Errorf("%d runes", n)
		}
	}
	notice := "\nSTOPと返信すると登録解除"
	if !strings.HasSuffix(got[0], notice) {
		t.Errorf("the first: %q", got[0])
	}
	for _, later := range got[1:] {
		if strings.HasSuffix(later, notice) {
			t.Errorf("told again: %q", later)
		}
	}
}

func TestReplyTo(t *testing.T) {
	t.Parallel()
	c := &shaped{shape: func(s *channel.Spec) { s.Capabilities.ReplyTo = true }}
	w := newWorld(t, c)
	w.start(t)
	thread := w.thread(t, 1)
	var asked desk.ID
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		m := desk.Message{ID: tx.NewID(), ConversationID: thread, Author: desk.Author{Kind: desk.AuthorCustomer}, ExternalID: "in-7", QuoteRef: "q7",
			Parts: []desk.Part{{Kind: desk.PartText, Text: "?"}}, At: tx.Now(), ReceivedAt: tx.Now()}
		asked = m.ID
		return tx.WriteMessages().Add(&m)
	}))
	own := w.utter(t, c, thread, func(m *desk.Message) { m.ReplyToID = asked; m.Parts[0].Text = strings.Repeat("long ", 30) })
	w.await(t, own, desk.DeliverySent)
	w.await(t, w.utter(t, c, thread, func(m *desk.Message) { m.ReplyToID = own }), desk.DeliverySent)
	var got []desk.ExternalID
	for _, m := range c.outgoing() {
		got = append(got, m.ReplyTo+desk.ExternalID(m.QuoteRef))
	}
	if len(got) < 3 || got[0] != "in-7q7" || strings.Join(strs(got[1:]), "") != "" {
		t.Errorf("%q", got)
	}
}

func strs(ids []desk.ExternalID) (all []string) {
	for _, id := range ids {
		all = append(all, string(id))
	}
	return all
}

func TestFilesGoWithTheirBytesAndALink(t *testing.T) {
	t.Parallel()
	c := &shaped{shape: func(s *channel.Spec) {
		s.LinkFor = time.Hour
		s.Capabilities.CaptionLimit, s.Capabilities.Media = 50, []channel.MediaLimit{{Kind: desk.PartImage, MaxBytes: 100}}
	}}
	w := newWorld(t, c)
	blobs, err := diskblob.Open(t.TempDir())
	must(t, err)
	ref, err := blobs.Put(t.Context(), workspace, strings.NewReader("picture"), 100)
	must(t, err)
	w.config.Blobs = blobs
	w.config.Link = func(_ string, _ desk.ID, a desk.Attachment, until time.Time) (link, preview string) {
		return "https://desk.example/f/" + a.Name + "/" + until.Format(time.TimeOnly), "https://desk.example/p/" + a.Name
	}
	w.start(t)
	thread := w.thread(t, 1)
	must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
		return tx.WriteMessages().PutAttachment(desk.Attachment{
			ID: 99, ConversationID: thread, Kind: desk.PartImage, Name: "p.png", MIME: "image/png", Size: 7, Key: ref.Key, CreatedAt: tx.Now(),
		})
	}))
	w.await(t, w.utter(t, c, thread, func(m *desk.Message) {
		m.Parts = append(m.Parts, desk.Part{Kind: desk.PartImage, AttachmentID: 99})
	}), desk.DeliverySent)
	sent := c.outgoing()
	if len(sent) != 1 || len(sent[0].Parts) != 2 {
		t.Fatalf("%+v", sent)
	}
	f := sent[0].Files[99]
	content, err := f.Open(t.Context())
	must(t, err)
	defer func() { _ = content.Close() }()
	bytes, err := io.ReadAll(content)
	must(t, err)
	if string(bytes) != "picture" || f.Link != "https://desk.example/f/p.png/10:00:00" || f.Preview != "https://desk.example/p/p.png" || f.Attachment.MIME != "image/png" {
		t.Errorf("%q %q %+v", bytes, f.Link, f.Attachment)
	}
}

// TestAFileThatGoesAsALink: the customer gets its address in the text, good for a week (B5.1).
func TestAFileThatGoesAsALink(t *testing.T) {
	t.Parallel()
	for name, public := range map[string]bool{"a desk with an address": true, "a desk without one": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := &shaped{shape: func(s *channel.Spec) { s.LinkFor, s.Capabilities.TextLimit = time.Hour, 1000 }}
			w := newWorld(t, c)
			w.config.Link = func(_ string, _ desk.ID, a desk.Attachment, until time.Time) (link, preview string) {
				if !public {
					return "", ""
				}
				return "https://desk.example/f/" + a.Name + "/" + until.Format(time.DateTime), ""
			}
			w.start(t)
			thread := w.thread(t, 1)
			must(t, w.store.Update(t.Context(), workspace, func(tx store.Tx) error {
				return tx.WriteMessages().PutAttachment(desk.Attachment{
					ID: 99, ConversationID: thread, Kind: desk.PartFile, Name: "a.zip", MIME: "application/zip", Size: 7, Key: "k", CreatedAt: tx.Now(),
				})
			}))
			want := desk.DeliverySent
			if !public {
				want = desk.DeliveryFailed
			}
			m := w.await(t, w.utter(t, c, thread, func(m *desk.Message) {
				m.Parts = append(m.Parts, desk.Part{Kind: desk.PartFile, AttachmentID: 99, AsLink: true})
			}), want)
			sent := c.outgoing()
			if !public {
				if m.Fault == nil || m.Fault.Code != "no_public_address" || len(sent) != 0 {
					t.Errorf("%+v, sent %+v", m.Fault, sent)
				}
				return
			}
			if len(sent) != 1 || len(sent[0].Parts) != 1 || !strings.HasSuffix(sent[0].Parts[0].Text, "\nhttps://desk.example/f/a.zip/2026-11-28 09:00:00") || sent[0].Files != nil {
				t.Errorf("%+v", sent)
			}
		})
	}
}
