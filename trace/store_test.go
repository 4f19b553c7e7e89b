package trace_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"

	"madoguchi/account"
	"madoguchi/desk"
	"madoguchi/store"
	"madoguchi/store/storetest"
	"madoguchi/trace"
)

// promise writes a conversation with one answer that waits to be sent.
func promise(t *testing.T, s store.Store, workspace desk.ID) (delivery desk.ID) {
	t.Helper()
	err := s.Update(t.Context(), workspace, func(tx store.Tx) error {
		channels, err := tx.Channels().List()
		if err != nil {
			return err
		}
		now := tx.Now()
		contact := desk.Contact{ID: tx.NewID(), Name: "山田 花子", CreatedAt: now, UpdatedAt: now, Version: 1}
		identity := desk.Identity{ID: tx.NewID(), ContactID: contact.ID, ChannelID: channels[0].ID, Kind: "webchat", Scope: "s", ExternalID: "e", CreatedAt: now}
		row := desk.Conversation{ID: tx.NewID(), ChannelID: channels[0].ID, IdentityID: identity.ID, ContactID: contact.ID, CreatedAt: now, Version: 1}
		m := desk.Message{
			ID: tx.NewID(), ConversationID: row.ID, Author: desk.Author{Kind: desk.AuthorHuman, ID: 1, Name: "A"},
			Parts: []desk.Part{{Kind: desk.PartText, Text: "secret words"}}, ClientID: "c", At: now, ReceivedAt: now, Status: desk.DeliveryQueued,
		}
		d := desk.Delivery{ID: tx.NewID(), ConversationID: row.ID, ChannelID: channels[0].ID, MessageID: m.ID, Status: desk.DeliveryQueued, NotBefore: now, CreatedAt: now}
		delivery = d.ID
		tx.Emit(desk.Event{Kind: desk.EventMessageCreated, At: now, ConversationID: row.ID, MessageID: m.ID})
		return errors.Join(tx.WriteContacts().Put(contact), tx.WriteContacts().PutIdentity(identity), tx.WriteConversations().Put(row), tx.WriteMessages().Add(&m), tx.Enqueue(&d))
	})
	if err != nil {
		t.Fatal(err)
	}
	return delivery
}

func TestFromTransactionToSend(t *testing.T) {
	t.Parallel()
	spans := tracetest.NewSpanRecorder()
	tracer := sdktrace.NewTracerProvider(sdktrace.WithSpanProcessor(spans)).Tracer("test")
	s := trace.Store(storetest.SQLite(t), tracer)
	made, err := account.New(account.Config{Store: s}).Setup(t.Context(), account.SetupParams{Workspace: "w", Email: "a@example.test", Password: "correct horse battery", Locale: "ja", Zone: "Asia/Tokyo"})
	if err != nil {
		t.Fatal(err)
	}
	delivery := promise(t, s, made.WorkspaceID)
	leased, err := s.Queue().Lease(t.Context(), "node", 1, time.Minute)
	if err != nil || len(leased) != 1 || leased[0].Delivery.ID != delivery {
		t.Fatalf("%+v, %v", leased, err)
	}
	if err := s.Queue().MarkSending(t.Context(), leased[0], nil); err != nil {
		t.Fatal(err)
	}
	if err := s.Queue().Settle(t.Context(), leased[0], store.Outcome{Status: desk.DeliveryFailed, Fault: &desk.MessageFault{Code: "30007", Detail: "secret words"}}); err != nil {
		t.Fatal(err)
	}
	refused := desk.Invalid("x", "x_invalid", "secret words")
	if err := s.Update(t.Context(), made.WorkspaceID, func(store.Tx) error { return refused }); !errors.Is(err, refused) {
		t.Errorf("an error comes back as %v", err)
	}
	var promised, sent, failed sdktrace.ReadOnlySpan
	for _, span := range spans.Ended() {
		text := span.Name() + span.Status().Description
		for _, a := range span.Attributes() {
			text += string(a.Key) + "=" + a.Value.Emit() + " "
		}
		if strings.Contains(text, "secret words") {
			t.Errorf("a span tells what was said: %s", text)
		}
		switch {
		case strings.Contains(text, "madoguchi.deliveries=1"):
			promised = span
		case span.Name() == "send":
			sent = span
			if !strings.Contains(text, "madoguchi.fault=30007") || !strings.Contains(text, "madoguchi.outcome=failed") {
				t.Errorf("the send: %s", text)
			}
		case span.Status().Description == "x_invalid":
			failed = span
		}
	}
	if promised == nil || sent == nil || failed == nil {
		t.Fatalf("promised %v, sent %v, failed %v", promised, sent, failed)
	}
	if sent.Parent().SpanID() != promised.SpanContext().SpanID() || sent.SpanContext().TraceID() != promised.SpanContext().TraceID() {
		t.Error("the send does not lie beneath the transaction that promised it")
	}
}

func TestTheTracedStoreIsAStore(t *testing.T) {
	t.Parallel()
	tracer := sdktrace.NewTracerProvider().Tracer("test")
	s := trace.Store(storetest.SQLite(t), tracer)
	if err := s.Ready(t.Context()); err != nil {
		t.Error(err)
	}
	if err := s.View(t.Context(), 0, func(r store.Reader) error { _, err := r.Workspaces().All(); return err }); err != nil {
		t.Error(err)
	}
}
