// Package export makes the files that people take out of the desk: contacts and conversations, as CSV or JSON lines, in the
// background. An export is a row with a lease: any node may work on it, one at a time; when its node dies another begins it
// anew, and nothing of a half-written file is ever seen. Files go after a day (J8), and every step is in the event log (J6).
package export

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"time"

	"madoguchi/auth"
	"madoguchi/blob"
	"madoguchi/desk"
	"madoguchi/store"
)

const (
	lease     = 30 * time.Second
	pulse     = time.Second     // how often progress is written and a cancellation noticed
	look      = 5 * time.Second // how often others' requests are looked for; our own are known at once
	attempts  = 5               // a file that kills its node so often is not begun again
	listed    = 50
	waiting   = 5 // of one member at a time
	expireOne = 100
)

// MaxBytes is how large an export's file may become.
const MaxBytes = 20 << 30

// Config is what a Service needs.
type Config struct {
	Store store.Store
	Blobs blob.Store
	Now   desk.Clock   // nil = time.Now
	Log   *slog.Logger // nil = slog.Default()
}

// Service takes requests for exports and carries them out. It is safe for concurrent use.
type Service struct {
	store store.Store
	blobs blob.Store
	now   desk.Clock
	log   *slog.Logger
	asked chan struct{}
}

// New makes the service.
func New(c Config) *Service {
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Log == nil {
		c.Log = slog.Default()
	}
	return &Service{store: c.Store, blobs: c.Blobs, now: c.Now, log: c.Log, asked: make(chan struct{}, 1)}
}

// Actor is the member who asks.
type Actor struct {
	Workspace desk.ID
	By        desk.Actor
	User      desk.ID
}

// Request is a wish for a file.
type Request struct {
	Kind    desk.ExportKind
	Format  desk.ExportFormat
	Options desk.ExportOptions
	Repeat  string // the same key again gives the same export; "" = none
}

// Ask notes a wish and begins to fulfil it. "exports_too_many" (limited) while several of the member's wait.
func (s *Service) Ask(ctx context.Context, a Actor, r Request) (desk.Export, error) {
	if r.Kind != desk.ExportContacts && r.Kind != desk.ExportConversations {
		return desk.Export{}, desk.Invalid("kind", "field_invalid", "no export of %q", r.Kind)
	}
	if r.Format != desk.ExportCSV && r.Format != desk.ExportJSONLines {
		return desk.Export{}, desk.Invalid("format", "field_invalid", "no format %q", r.Format)
	}
	if !r.Options.Until.IsZero() && !r.Options.Since.Before(r.Options.Until) {
		return desk.Export{}, desk.Invalid("until", "period_invalid", "the end is not after the beginning")
	}
	e, err := store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (desk.Export, error) {
		e := desk.Export{ID: tx.NewID(), Kind: r.Kind, Format: r.Format, Options: r.Options, State: desk.ExportQueued, RequestedBy: a.User, CreatedAt: tx.Now()}
		if r.Repeat != "" {
			before, seen, err := tx.Seen("export/"+a.User.String(), r.Repeat, e.ID)
			if err != nil {
				return e, err
			}
			if seen {
				return tx.Exports().Get(before)
			}
		}
		mine, err := tx.Exports().Of(a.User, listed)
		if err != nil {
			return e, err
		}
		open := 0
		for _, one := range mine {
			if !one.Ended() {
				open++
			}
		}
		if open >= waiting {
			return e, desk.Errorf(desk.KindLimited, "exports_too_many", "%d exports are being made already", open)
		}
		tx.Emit(desk.Event{Kind: desk.EventExportRequested, At: tx.Now(), Actor: a.By, SubjectID: e.ID, UserID: a.User, Changes: []desk.Change{
			{Field: "kind", To: string(e.Kind)}, {Field: "format", To: string(e.Format)},
		}})
		return e, tx.WriteExports().Put(e)
	})
	if err != nil {
		return e, fmt.Errorf("ask for an export: %w", err)
	}
	select {
	case s.asked <- struct{}{}:
	default:
	}
	return e, nil
}

// Mine are a member's exports, newest first.
func (s *Service) Mine(ctx context.Context, a Actor) (all []desk.Export, err error) {
	err = s.store.View(ctx, a.Workspace, func(r store.Reader) error {
		all, err = r.Exports().Of(a.User, listed)
		return err
	})
	return all, err
}

// Cancel stops an export of the member's; one that has ended stays as it is.
func (s *Service) Cancel(ctx context.Context, a Actor, id desk.ID) (desk.Export, error) {
	return store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (desk.Export, error) {
		if e, err := own(tx, a, id); err != nil {
			return e, err
		}
		running, err := tx.WriteExports().Cancel(id)
		if err != nil {
			return desk.Export{}, err
		}
		if running {
			emitEnd(tx, a.By, id, a.User, desk.ExportCancelled)
		}
		return tx.Exports().Get(id)
	})
}

// Download is an export whose file the member may fetch now; that they did is in the log. "export_not_ready" (conflict) before
// its end, "export_gone" (not found) after its day.
func (s *Service) Download(ctx context.Context, a Actor, id desk.ID) (desk.Export, error) {
	return store.Result(ctx, s.store, a.Workspace, func(tx store.Tx) (desk.Export, error) {
		e, err := own(tx, a, id)
		if err != nil {
			return e, err
		}
		switch {
		case e.State == desk.ExportExpired || e.State == desk.ExportDone && !e.ExpiresAt.After(tx.Now()):
			return e, desk.Errorf(desk.KindNotFound, "export_gone", "export %d was kept for a day", id)
		case e.State != desk.ExportDone:
			return e, desk.Errorf(desk.KindConflict, "export_not_ready", "export %d is %s", id, e.State)
		}
		tx.Emit(desk.Event{Kind: desk.EventExportDownloaded, At: tx.Now(), Actor: a.By, SubjectID: id, UserID: a.User})
		return e, nil
	})
}

// Open gives the bytes of an export that Download allowed.
func (s *Service) Open(ctx context.Context, a Actor, e desk.Export) (io.ReadSeekCloser, blob.Info, error) {
	if e.Key == "" {
		return nothing{strings.NewReader("")}, blob.Info{StoredAt: e.EndedAt}, nil
	}
	return s.blobs.Open(ctx, a.Workspace, e.Key)
}

// nothing is a file without a line.
type nothing struct{ *strings.Reader }

func (nothing) Close() error { return nil }

// own is an export of the member's; another's is not there.
func own(r store.Reader, a Actor, id desk.ID) (desk.Export, error) {
	e, err := r.Exports().Get(id)
	if err == nil && e.RequestedBy != a.User {
		return desk.Export{}, desk.NotFound("export")
	}
	return e, err
}

func emitEnd(tx store.Tx, by desk.Actor, id, user desk.ID, state desk.ExportState) {
	tx.Emit(desk.Event{Kind: desk.EventExportEnded, At: tx.Now(), Actor: by, SubjectID: id, UserID: user, Changes: []desk.Change{{Field: "state", To: string(state)}}})
}

// Run works until ctx ends: what was asked for here at once, what other nodes left within seconds.
func (s *Service) Run(ctx context.Context) error {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		if err := s.round(ctx); err != nil && ctx.Err() == nil {
			s.log.WarnContext(ctx, "exports", "err", err)
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.asked:
		case <-tick.C:
		}
	}
}

// round makes everything that waits and forgets what is over.
func (s *Service) round(ctx context.Context) error {
	for ctx.Err() == nil {
		worked, err := s.Work(ctx)
		if err != nil || !worked {
			return errors.Join(err, s.Expire(ctx))
		}
	}
	return nil
}

// Work takes one export that nobody works on and makes it; false when there is none.
func (s *Service) Work(ctx context.Context) (bool, error) {
	var workspace desk.ID
	err := s.store.View(ctx, 0, func(r store.Reader) (err error) {
		workspace, err = r.Exports().Due()
		return err
	})
	if err != nil || workspace == 0 {
		return false, err
	}
	var j job
	found := false
	err = s.store.Update(ctx, workspace, func(tx store.Tx) (err error) {
		j = job{service: s, workspace: workspace}
		j.export, found, err = tx.WriteExports().Claim(rand.Text(), tx.Now().Add(lease))
		return err
	})
	if err != nil || !found { // another node was quicker
		return err == nil, err
	}
	return true, j.run(ctx)
}

// Expire deletes the files whose day is over.
func (s *Service) Expire(ctx context.Context) error {
	var old []desk.Export
	var workspaces []desk.ID
	err := s.store.View(ctx, 0, func(r store.Reader) (err error) {
		old, workspaces, err = r.Exports().Old(expireOne)
		return err
	})
	if err != nil {
		return fmt.Errorf("find exports that are over: %w", err)
	}
	for i, e := range old {
		if err := s.forget(ctx, workspaces[i], e.Key); err != nil {
			return fmt.Errorf("delete the file of export %d: %w", e.ID, err)
		}
		err := s.store.Update(ctx, workspaces[i], func(tx store.Tx) error { return tx.WriteExports().Expire(e.ID) })
		if err != nil {
			return fmt.Errorf("expire export %d: %w", e.ID, err)
		}
	}
	return nil
}

func (s *Service) forget(ctx context.Context, workspace desk.ID, key string) error {
	if key == "" {
		return nil
	}
	return s.blobs.Delete(ctx, workspace, key)
}

// mayStill refuses to go on for a member who lost the right, or the place, meanwhile (J4).
func mayStill(r store.Reader, user desk.ID) error {
	m, err := r.Members().Get(user)
	if err != nil {
		return err
	}
	w, err := r.Workspaces().Current()
	if err != nil {
		return err
	}
	if !m.Active || !auth.Of(w, m).Can(auth.ReportExport) {
		return desk.Errorf(desk.KindForbidden, "forbidden", "member %d may not export any more", user)
	}
	return nil
}
