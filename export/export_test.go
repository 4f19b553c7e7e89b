package export_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"madoguchi/auth"
	"madoguchi/blob"
	"madoguchi/blob/diskblob"
	"madoguchi/desk"
	"madoguchi/export"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
	"madoguchi/store/storetest"
)

// office is a workspace with contacts who talked, and somebody who may export.
type office struct {
	t         *testing.T
	store     store.Store
	blobs     blob.Store
	ms        atomic.Int64
	workspace desk.ID
	actor     export.Actor
}

func (o *office) now() time.Time { return time.UnixMilli(o.ms.Load()).UTC() }

func newOffice(t *testing.T, people, messages int) *office {
	t.Helper()
	o := &office{t: t, workspace: 1, actor: export.Actor{Workspace: 1, By: desk.Actor{Kind: desk.ActorUser, ID: 2}, User: 2}}
	o.ms.Store(time.Date(2026, 11, 21, 7, 0, 0, 0, time.UTC).UnixMilli())
	o.store = storetest.SQLite(t, func(c *sqlstore.Config) { c.Clock = o.now })
	var err error
	if o.blobs, err = diskblob.Open(t.TempDir()); err != nil {
		t.Fatal(err)
	}
	o.update(0, func(tx store.Tx) error {
		return first(tx.WriteWorkspaces().Put(desk.Workspace{ID: 1, Name: "w", Locale: desk.LocaleJA, Zone: "Asia/Tokyo", CreatedAt: tx.Now()}),
			tx.WriteAccounts().PutUser(desk.User{ID: 2, Email: "a@example.jp", Name: "A", CreatedAt: tx.Now()}))
	})
	o.update(1, func(tx store.Tx) error {
		err := first(o.role(tx, desk.RoleAdmin), tx.WriteChannels().Put(desk.Channel{ID: 3, Kind: "webchat", Name: "ウェブ", Account: "k", State: desk.ChannelActive, Version: 1}),
			tx.WriteFields().Put(desk.Field{ID: 4, Subject: desk.FieldOfContact, Key: "rank", Kind: desk.FieldChoice, Label: desk.Labels{JA: "会員"},
				Options: []desk.FieldOption{{ID: "gold", Label: desk.Labels{JA: "金"}}}, Version: 1}))
		for i := range people {
			err = first(err, o.person(tx, i, messages))
		}
		return err
	})
	return o
}

func (o *office) role(tx store.Tx, role desk.Role) error {
	return tx.WriteMembers().Put(desk.Member{UserID: 2, Role: role, Active: true, CreatedAt: tx.Now(), UpdatedAt: tx.Now()})
}

func (o *office) person(tx store.Tx, i, messages int) error {
	c := desk.Contact{ID: tx.NewID(), Name: fmt.Sprint("客", i), Phone: "+819012345678", Fields: map[string]string{"rank": "gold"}, CreatedAt: tx.Now(), Version: 1}
	identity := desk.Identity{ID: tx.NewID(), ContactID: c.ID, ChannelID: 3, Kind: "webchat", Scope: "3", ExternalID: c.ID.String()}
	row := desk.Conversation{ID: tx.NewID(), ChannelID: 3, IdentityID: identity.ID, ContactID: c.ID, Status: desk.StatusQueued, Priority: desk.PriorityNormal,
		LastActivityAt: tx.Now(), Version: 1}
	err := first(tx.WriteContacts().Put(c), tx.WriteContacts().PutIdentity(identity), tx.WriteConversations().Put(row))
	for n := range messages {
		m := desk.Message{ID: tx.NewID(), ConversationID: row.ID, Author: desk.Author{Kind: desk.AuthorCustomer, Name: c.Name}, At: tx.Now(), ReceivedAt: tx.Now(),
			Parts: []desk.Part{{Kind: desk.PartText, Text: fmt.Sprint("message ", n)}}}
		if n == 1 {
			m.Author.Kind, m.Parts[0].Text = desk.AuthorNote, "internal"
		}
		err = first(err, tx.WriteMessages().Add(&m))
	}
	return err
}

func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (o *office) update(workspace desk.ID, fn func(store.Tx) error) {
	o.t.Helper()
	if err := o.store.Update(o.t.Context(), workspace, fn); err != nil {
		o.t.Fatal(err)
	}
}

func (o *office) service(blobs blob.Store) *export.Service {
	return export.New(export.Config{Store: o.store, Blobs: blobs, Now: o.now})
}

func (o *office) ask(s *export.Service, r export.Request) desk.Export {
	o.t.Helper()
	e, err := s.Ask(o.t.Context(), o.actor, r)
	if err != nil {
		o.t.Fatal(err)
	}
	return e
}

func (o *office) work(s *export.Service) {
	o.t.Helper()
	if worked, err := s.Work(o.t.Context()); err != nil || !worked {
		o.t.Fatalf("worked: %v, %v", worked, err)
	}
}

func (o *office) is(id desk.ID) (e desk.Export) {
	o.t.Helper()
	err := o.store.View(o.t.Context(), 1, func(r store.Reader) (err error) {
		e, err = r.Exports().Get(id)
		return err
	})
	if err != nil {
		o.t.Fatal(err)
	}
	return e
}

func (o *office) file(s *export.Service, id desk.ID) []byte {
	o.t.Helper()
	e, err := s.Download(o.t.Context(), o.actor, id)
	if err != nil {
		o.t.Fatal(err)
	}
	content, _, err := s.Open(o.t.Context(), o.actor, e)
	if err != nil {
		o.t.Fatal(err)
	}
	defer content.Close()
	b, err := io.ReadAll(content)
	if err != nil {
		o.t.Fatal(err)
	}
	return b
}

func TestContactsAsCSV(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 1203, 0) // more than two pages
	s := o.service(o.blobs)
	e := o.ask(s, export.Request{Kind: desk.ExportContacts, Format: desk.ExportCSV, Options: desk.ExportOptions{Locale: desk.LocaleJA}})
	o.work(s)
	done := o.is(e.ID)
	rows, err := csv.NewReader(bytes.NewReader(o.file(s, e.ID))).ReadAll()
	if err != nil || len(rows) != 1204 || done.Done != 1203 || done.Total != 1203 {
		t.Fatalf("%d rows, %+v, %v", len(rows), done, err)
	}
	if got := strings.Join(rows[1][1:], "|"); got != "客0||+819012345678||||ウェブ|false|2026-11-21T07:00:00.000Z||金" {
		t.Errorf("row %s", got)
	}
	if rows[0][11] != "fields.rank" || rows[1][11] != "金" {
		t.Errorf("fields: %v %v", rows[0], rows[1])
	}
}

// TestCellsOfFilesAreGuarded: a spreadsheet runs nothing of what a customer calls themselves.
func TestCellsOfFilesAreGuarded(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 0, 0)
	o.update(1, func(tx store.Tx) error {
		return tx.WriteContacts().Put(desk.Contact{ID: tx.NewID(), Name: `=HYPERLINK("https://evil.example","win")`, ExternalID: "@SUM(A1)", CreatedAt: tx.Now(), Version: 1})
	})
	s := o.service(o.blobs)
	e := o.ask(s, export.Request{Kind: desk.ExportContacts, Format: desk.ExportCSV})
	o.work(s)
	rows, err := csv.NewReader(bytes.NewReader(o.file(s, e.ID))).ReadAll()
	if err != nil || len(rows) != 2 || !strings.HasPrefix(rows[1][1], "'=HYPERLINK") || rows[1][6] != "'@SUM(A1)" {
		t.Errorf("%q, %v", rows, err)
	}
}

func TestConversationsAsJSONLines(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 130, 4)
	s := o.service(o.blobs)
	for _, test := range []struct {
		options desk.ExportOptions
		lines   int
	}{
		{desk.ExportOptions{}, 390},
		{desk.ExportOptions{Notes: true}, 520},
		{desk.ExportOptions{Since: o.now().Add(time.Hour)}, 0},
	} {
		e := o.ask(s, export.Request{Kind: desk.ExportConversations, Format: desk.ExportJSONLines, Options: test.options})
		o.work(s)
		content := o.file(s, e.ID)
		lines := bytes.Count(content, []byte("\n"))
		if lines != test.lines || bytes.Contains(content, []byte("internal")) != test.options.Notes {
			t.Errorf("%+v: %d lines, want %d", test.options, lines, test.lines)
		}
		for line := range bytes.Lines(content) {
			if !json.Valid(line) {
				t.Fatalf("not JSON: %s", line)
			}
		}
	}
}

func TestConversationsOutOfScopeStay(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 6, 1)
	o.update(1, func(tx store.Tx) error { // three are somebody else's
		rows, err := tx.Conversations().Walk(0, 3)
		for _, c := range rows {
			c.Assignee = 99
			err = first(err, tx.WriteConversations().Put(c))
		}
		m, getErr := tx.Members().Get(2)
		m.Scope = desk.ScopeOwn
		return first(err, getErr, tx.WriteMembers().Put(m))
	})
	s := o.service(o.blobs)
	e := o.ask(s, export.Request{Kind: desk.ExportConversations, Format: desk.ExportJSONLines})
	o.work(s)
	if lines := bytes.Count(o.file(s, e.ID), []byte("\n")); lines != 3 {
		t.Errorf("%d lines, want 3", lines)
	}
}

// slow is a disk that tells when it was written to, and waits.
type slow struct {
	blob.Store
	began, goOn chan struct{}
}

func (s slow) Put(ctx context.Context, w desk.ID, r io.Reader, limit int64) (blob.Ref, error) {
	close(s.began)
	<-s.goOn
	return s.Store.Put(ctx, w, r, limit)
}

func TestACancelledExportLeavesNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 3000, 0)
	disk := slow{o.blobs, make(chan struct{}), make(chan struct{})}
	s := o.service(disk)
	e := o.ask(s, export.Request{Kind: desk.ExportContacts, Format: desk.ExportCSV})
	ended := make(chan error, 1)
	go func() {
		_, err := s.Work(t.Context())
		ended <- err
	}()
	<-disk.began
	if cancelled, err := s.Cancel(t.Context(), o.actor, e.ID); err != nil || cancelled.State != desk.ExportCancelled {
		t.Errorf("cancelled: %+v, %v", cancelled, err)
	}
	o.ms.Add(2000) // the next page writes its progress
	close(disk.goOn)
	if err := <-ended; err != nil {
		t.Error(err)
	}
	if after := o.is(e.ID); after.State != desk.ExportCancelled || after.Key != "" {
		t.Errorf("afterwards: %+v", after)
	}
	err := o.blobs.Walk(t.Context(), func(i blob.Info) error {
		t.Errorf("left on disk: %+v", i)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Download(t.Context(), o.actor, e.ID); desk.CodeOf(err) != "export_not_ready" {
		t.Errorf("download: %v", err)
	}
}

func TestAnotherNodeGoesOn(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 10, 0)
	dead, living := o.service(o.blobs), o.service(o.blobs)
	e := o.ask(dead, export.Request{Kind: desk.ExportContacts, Format: desk.ExportCSV})
	o.update(1, func(tx store.Tx) error { // the first node took it and died
		_, _, err := tx.WriteExports().Claim("dead", tx.Now().Add(time.Minute))
		return err
	})
	if worked, err := living.Work(t.Context()); worked || err != nil {
		t.Errorf("it was taken while leased: %v, %v", worked, err)
	}
	o.ms.Add(61_000)
	o.work(living)
	if after := o.is(e.ID); after.State != desk.ExportDone || after.Attempts != 2 {
		t.Errorf("afterwards: %+v", after)
	}
}

func TestWhoLosesTheRightGetsNothing(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 10, 0)
	s := o.service(o.blobs)
	e := o.ask(s, export.Request{Kind: desk.ExportContacts, Format: desk.ExportCSV})
	o.update(1, func(tx store.Tx) error { return o.role(tx, desk.RoleAgent) })
	if _, err := s.Work(t.Context()); desk.CodeOf(err) != "forbidden" {
		t.Errorf("worked: %v", err)
	}
	if after := o.is(e.ID); after.State != desk.ExportFailed || after.Failure != "forbidden" {
		t.Errorf("afterwards: %+v", after)
	}
}

// TestWhatIsGrantedToARoleCounts: of supervisors each, not only of those to whom it was granted by name (J3).
func TestWhatIsGrantedToARoleCounts(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 10, 0)
	s := o.service(o.blobs)
	e := o.ask(s, export.Request{Kind: desk.ExportContacts, Format: desk.ExportCSV})
	o.update(1, func(tx store.Tx) error {
		w, err := tx.Workspaces().Current()
		if err != nil {
			return err
		}
		w.RoleGrants = map[desk.Role][]string{desk.RoleSupervisor: {string(auth.ReportExport)}}
		if err := tx.WriteWorkspaces().Put(w); err != nil {
			return err
		}
		return o.role(tx, desk.RoleSupervisor)
	})
	o.work(s)
	if after := o.is(e.ID); after.State != desk.ExportDone {
		t.Errorf("afterwards: %+v", after)
	}
}

func TestFilesGoAfterADay(t *testing.T) {
	t.Parallel()
	o := newOffice(t, 2, 0)
	s := o.service(o.blobs)
	e := o.ask(s, export.Request{Kind: desk.ExportContacts, Format: desk.ExportCSV, Repeat: "once"})
	if again := o.ask(s, export.Request{Kind: desk.ExportContacts, Format: desk.ExportCSV, Repeat: "once"}); again.ID != e.ID {
		t.Error("a retry made a second one")
	}
	o.work(s)
	o.ms.Add(desk.ExportLifetime.Milliseconds() + 1)
	if _, err := s.Download(t.Context(), o.actor, e.ID); desk.CodeOf(err) != "export_gone" {
		t.Errorf("download: %v", err)
	}
	if err := s.Expire(t.Context()); err != nil {
		t.Fatal(err)
	}
	if after := o.is(e.ID); after.State != desk.ExportExpired || after.Key != "" {
		t.Errorf("afterwards: %+v", after)
	}
	_ = o.blobs.Walk(t.Context(), func(i blob.Info) error {
		t.Errorf("left on disk: %+v", i)
		return nil
	})
}

func TestGuard(t *testing.T) {
	t.Parallel()
	for cell, want := range map[string]string{
		"": "", "佐藤": "佐藤", "+819012345678": "+819012345678", "-12.5": "-12.5", "=1+1": "'=1+1", "+1+1": "'+1+1", "-2+3": "'-2+3", "@SUM(A1)": "'@SUM(A1)",
		"\t=1": "'\t=1", " =1": "' =1", "＝1": "'＝1", "|calc": "'|calc", "a=1": "a=1", "　＠x": "'　＠x",
	} {
		if got := export.Guard(cell); got != want {
			t.Errorf("%q: %q, want %q", cell, got, want)
		}
	}
}
