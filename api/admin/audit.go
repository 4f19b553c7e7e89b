package admin

import (
	"cmp"
	"context"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"madoguchi/api/rest"
	"madoguchi/audit"
	"madoguchi/auth"
	"madoguchi/desk"
	"madoguchi/export"
	"madoguchi/store"
	"madoguchi/view"
)

// AuditEntry is one deed (J5).
type AuditEntry struct {
	Seq       int64         `json:"seq" doc:"Place in the chain, from 1"`
	At        view.Time     `json:"at" format:"date-time"`
	Actor     AuditActor    `json:"actor"`
	IP        string        `json:"ip" doc:"Empty for the desk itself and for customers"`
	Action    auditAction   `json:"action"`
	Object    AuditObject   `json:"object"`
	Changes   []desk.Change `json:"changes" doc:"Before and after; secrets are masked"`
	RequestID string        `json:"request_id" doc:"As in the server's log and the X-Request-Id header"`
	Hash      string        `json:"hash" doc:"SHA-256 over this entry and the one before, hexadecimal"`
}

// auditAction is an action whose words the document lists.
type auditAction desk.AuditAction

// Schema says what actions there are; a newer node may write others meanwhile.
func (auditAction) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString, Description: "object.happened"}
	for _, action := range audit.Actions() {
		s.Enum = append(s.Enum, string(action))
	}
	return s
}

// objectKind is a kind of thing whose words the document lists.
type objectKind string

// Schema says what kinds there are; a newer node may write others meanwhile.
func (objectKind) Schema(huma.Registry) *huma.Schema {
	s := &huma.Schema{Type: huma.TypeString}
	for _, kind := range audit.Objects() {
		s.Enum = append(s.Enum, kind)
	}
	return s
}

// AuditActor is who did it.
type AuditActor struct {
	Kind desk.ActorKind `json:"kind" enum:"user,api_key,customer,system"`
	ID   desk.ID        `json:"id,omitempty"`
	Name string         `json:"name" doc:"As they are called now; empty where nobody knows them any more"`
}

// AuditObject is what it was done to.
type AuditObject struct {
	Kind objectKind `json:"kind"`
	ID   desk.ID    `json:"id,omitempty"`
	Name string     `json:"name" doc:"As it was called then"`
}

// AuditFilter narrows the audit log.
type AuditFilter struct {
	Since      time.Time `query:"since" doc:"From this instant"`
	Until      time.Time `query:"until" doc:"Up to this instant, exclusive"`
	ActorKind  string    `query:"actor_kind" enum:"user,api_key,customer,system"`
	ActorID    desk.ID   `query:"actor_id" minimum:"0"`
	Action     string    `query:"action" maxLength:"60" doc:"As member.changed"`
	ObjectKind string    `query:"object_kind" maxLength:"30" doc:"As member, channel, ticket"`
	ObjectID   desk.ID   `query:"object_id" minimum:"0"`
}

type listAudit struct {
	AuditFilter
	After string `query:"after" maxLength:"500" doc:"The cursor of the page before"`
	Limit int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
}

type exportAudit struct {
	AuditFilter
	Format string `query:"format" enum:"csv,json" default:"csv" doc:"csv, or json: one object per line"`
}

type auditVerdict struct {
	Whole   bool        `json:"whole" doc:"Nothing was changed, removed, moved or cut off"`
	Entries int64       `json:"entries" doc:"How many are whole, from the first"`
	Fault   audit.Fault `json:"fault" enum:",changed,missing,cut_off,head"`
	Seq     int64       `json:"seq" doc:"The entry at fault, 0 if none"`
	Hash    string      `json:"hash" doc:"Of the last whole entry: written down elsewhere, it proves the log later"`
}

func (a *API) audit(api huma.API) {
	rest.Add(api, rest.Op{ID: "list-audit", Method: http.MethodGet, Path: "/audit", Tag: "Audit log",
		Summary: "Who did what, newest first", Can: auth.AuditRead}, a.listAudit)
	rest.AddStream(api, rest.Op{ID: "export-audit", Method: http.MethodGet, Path: "/audit/export", Tag: "Audit log",
		Summary: "The audit log as a file, newest first", Can: auth.AuditRead}, []string{"text/csv", "application/x-ndjson"}, a.exportAudit)
	rest.Add(api, rest.Op{ID: "verify-audit", Method: http.MethodPost, Path: "/audit/verify", Tag: "Audit log",
		Summary: "Walk the chain and say whether it is whole", Can: auth.AuditRead}, a.verifyAudit)
}

// note notes a deed that no record tells of.
func (a *API) note(ctx context.Context, e desk.AuditEntry) error {
	c := rest.CallerOf(ctx)
	return a.Store.Update(ctx, c.Workspace().ID, func(tx store.Tx) error { return tx.WriteAudit().Intend(c.Workspace().ID, e) })
}

func (f AuditFilter) query(p store.Page) store.AuditQuery {
	return store.AuditQuery{
		Since: f.Since, Until: f.Until, Actor: desk.Actor{Kind: desk.ActorKind(f.ActorKind), ID: f.ActorID},
		Action: desk.AuditAction(f.Action), ObjectKind: f.ObjectKind, ObjectID: f.ObjectID, Page: p,
	}
}

// auditPage reads a page with the names of those who acted.
func auditPage(r store.Reader, q store.AuditQuery) ([]AuditEntry, string, error) {
	entries, next, err := r.Audit().List(q)
	if err != nil {
		return nil, "", err
	}
	keys, err := r.Accounts().APIKeys()
	if err != nil {
		return nil, "", err
	}
	names := map[desk.Actor]string{}
	for _, k := range keys {
		names[desk.Actor{Kind: desk.ActorAPIKey, ID: k.ID}] = k.Name
	}
	for _, e := range entries {
		if _, known := names[e.Actor]; known || e.Actor.Kind != desk.ActorUser || e.Actor.ID == 0 {
			continue
		}
		user, err := r.Accounts().User(e.Actor.ID)
		if err != nil && desk.KindOf(err) != desk.KindNotFound {
			return nil, "", err
		}
		names[e.Actor] = cmp.Or(user.Name, user.Email)
	}
	return rest.Views(entries, func(e desk.AuditEntry) AuditEntry {
		return AuditEntry{
			Seq: e.Seq, At: view.At(e.At), Actor: AuditActor{Kind: e.Actor.Kind, ID: e.Actor.ID, Name: names[e.Actor]}, IP: e.IP, Action: auditAction(e.Action),
			Object: AuditObject{objectKind(e.Object.Kind), e.Object.ID, e.Object.Name}, Changes: append([]desk.Change{}, e.Changes...), RequestID: e.RequestID, Hash: hex.EncodeToString(e.Hash),
		}
	}), next, nil
}

func (a *API) listAudit(ctx context.Context, in *listAudit) (page rest.Page[AuditEntry], err error) {
	err = a.read(ctx, func(r store.Reader, _ *rest.Caller) error {
		entries, next, err := auditPage(r, in.query(store.Page{After: in.After, Limit: in.Limit}))
		page = rest.NewPage(entries, next)
		return err
	})
	return page, err
}

func (a *API) verifyAudit(ctx context.Context, _ *struct{}) (out auditVerdict, err error) {
	workspace := rest.CallerOf(ctx).Workspace().ID
	v, err := audit.Verify(ctx, a.Store, a.Sealer, workspace)
	if err != nil {
		return out, err
	}
	out = auditVerdict{Whole: v.Whole(), Entries: v.Entries, Fault: v.Fault, Seq: v.Seq, Hash: hex.EncodeToString(v.Hash)}
	return out, a.note(ctx, desk.AuditEntry{
		Action: "audit.verified", Object: desk.AuditObject{Kind: "audit"},
		Changes: []desk.Change{{Field: "entries", To: strconv.FormatInt(v.Entries, 10)}, {Field: "fault", To: string(v.Fault)}},
	})
}

const exportBatch = 200

func (a *API) exportAudit(ctx context.Context, in *exportAudit) (func(http.ResponseWriter), error) {
	deed := desk.AuditEntry{Action: "audit.exported", Object: desk.AuditObject{Kind: "audit"}, Changes: []desk.Change{{Field: "format", To: in.Format}}}
	if err := a.note(ctx, deed); err != nil {
		return nil, err
	}
	return func(w http.ResponseWriter) {
		w.Header().Set("Content-Disposition", `attachment; filename="audit.`+in.Format+`"`)
		write := jsonLines(w)
		if in.Format == "csv" {
			write = csvLines(w)
		}
		page := store.Page{Limit: exportBatch}
		for more := true; more; more = page.After != "" {
			var entries []AuditEntry
			err := a.read(ctx, func(r store.Reader, _ *rest.Caller) (err error) {
				entries, page.After, err = auditPage(r, in.query(page))
				return err
			})
			for _, e := range entries {
				if err == nil {
					err = write(e)
				}
			}
			if err != nil { // the head is gone: a file that is cut off must not look whole
				rest.From(ctx).Log.WarnContext(ctx, "export the audit log", "err", err)
				panic(http.ErrAbortHandler)
			}
		}
	}, nil
}

func jsonLines(w http.ResponseWriter) func(AuditEntry) error {
	w.Header().Set("Content-Type", "application/x-ndjson")
	encoder := json.NewEncoder(w)
	return func(e AuditEntry) error { return encoder.Encode(e) }
}

func csvLines(w http.ResponseWriter) func(AuditEntry) error {
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	lines := csv.NewWriter(w)
	_, err := w.Write([]byte("\uFEFF")) // or Excel takes it for another encoding
	if err == nil {
		err = lines.Write([]string{"seq", "at", "actor_kind", "actor_id", "actor", "ip", "action", "object_kind", "object_id", "object", "changes", "request_id", "hash"})
	}
	return func(e AuditEntry) error {
		if err != nil {
			return err
		}
		at, _ := e.At.MarshalText() // never fails
		cells := []string{
			strconv.FormatInt(e.Seq, 10), string(at), string(e.Actor.Kind), number(e.Actor.ID), e.Actor.Name, e.IP, string(e.Action),
			string(e.Object.Kind), number(e.Object.ID), e.Object.Name, changesText(e.Changes), e.RequestID, e.Hash,
		}
		for i, cell := range cells {
			cells[i] = export.Guard(cell)
		}
		if err := lines.Write(cells); err != nil {
			return err
		}
		lines.Flush()
		return lines.Error()
	}
}

func number(id desk.ID) string {
	if id == 0 {
		return ""
	}
	return id.String()
}

func changesText(changes []desk.Change) string {
	lines := make([]string, len(changes))
	for i, c := range changes {
		lines[i] = c.Field + ": " + c.From + " → " + c.To
	}
	return strings.Join(lines, "\n")
}
