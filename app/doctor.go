package app

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"

	"madoguchi/audit"
	"madoguchi/blob"
	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/seal"
	"madoguchi/store"
	"madoguchi/store/sqlstore"
)

// Severity is how bad a finding is.
type Severity string

// The severities.
const (
	SeverityOK      Severity = "ok"
	SeverityWarning Severity = "warning" // the desk works; somebody should look
	SeverityError   Severity = "error"   // the desk does not work, or promises it cannot keep
)

// Finding is what one check showed. Code is stable; Text says it, Fix what to do, in the language asked for.
type Finding struct {
	Check    string   `json:"check"`
	Severity Severity `json:"severity"`
	Code     string   `json:"code"`
	Text     string   `json:"text"`
	Fix      string   `json:"fix,omitempty"`
}

// Diagnosis is what a doctor found, in the order in which it should be looked at.
type Diagnosis struct {
	Findings []Finding `json:"findings"`
	First    *Finding  `json:"first"` // the one thing to mend first, nil where all is well
}

// Healthy reports that nothing is broken; warnings may be there.
func (d Diagnosis) Healthy() bool { return d.First == nil || d.First.Severity != SeverityError }

// DoctorParams say how closely to look.
type DoctorParams struct {
	Locale   desk.Locale
	Thorough bool // reads every page of a SQLite file and every byte of every file
}

const (
	leastFree   = 1 << 30 // bytes on the data folder's disk below which it is time to act
	mostSkew    = 5 * time.Second
	leastServer = 15 // PostgreSQL
)

// Doctor looks at configuration, disk, database, clock, keys, audit chains, channels and files, changes nothing, and says the one
// thing to mend first. What rests on something broken is not looked at.
func Doctor(ctx context.Context, c Config, p DoctorParams) (Diagnosis, error) {
	d := &doctor{config: c, params: p}
	for _, step := range []func(context.Context) (goOn bool){d.settings, d.disk, d.database, d.open} {
		if !step(ctx) {
			break
		}
	}
	if d.store != nil {
		if d.keyFile(ctx) {
			d.chains(ctx)
		}
		d.channels(ctx)
		d.files(ctx)
		d.mailServer(ctx)
		if err := d.store.Close(); err != nil {
			return d.Diagnosis, err
		}
	}
	d.pickFirst()
	return d.Diagnosis, ctx.Err()
}

type doctor struct {
	Diagnosis
	config Config
	params DoctorParams
	store  *sqlstore.Store
	keys   *seal.Keyring
}

// say notes a finding; its texts are doctor.<code> and doctor.<code>.fix.
func (d *doctor) say(check string, severity Severity, code string, params map[string]string) {
	f := Finding{Check: check, Severity: severity, Code: code, Text: locale.Text(d.params.Locale, locale.Key("doctor."+code), params)}
	if severity != SeverityOK {
		f.Fix = locale.Text(d.params.Locale, locale.Key("doctor."+code+".fix"), params)
	}
	d.Findings = append(d.Findings, f)
}

// broken notes a failure whose words are the error's own.
func (d *doctor) broken(check, code string, err error) {
	d.say(check, SeverityError, code, map[string]string{"error": Explain(err)})
}

func (d *doctor) pickFirst() {
	for _, severity := range []Severity{SeverityError, SeverityWarning} {
		for i, f := range d.Findings {
			if f.Severity == severity {
				d.First = &d.Findings[i]
				return
			}
		}
	}
}

func (d *doctor) settings(context.Context) bool {
	err := errors.Join(d.config.check(), func() error { _, err := d.config.logger(); return err }())
	if err == nil {
		_, err = os.Stat(d.config.Data)
	}
	if err != nil {
		d.broken("configuration", "configuration_broken", err)
		return false
	}
	if err := d.config.prepareData(); err != nil {
		d.broken("configuration", "data_unwritable", err)
		return false
	}
	d.say("configuration", SeverityOK, "configuration_ok", map[string]string{"data": d.config.Data})
	return true
}

func (d *doctor) disk(context.Context) bool {
	free, known := freeBytes(d.config.Data)
	params := map[string]string{"free": fmt.Sprintf("%.1f", float64(free)/(1<<30))}
	switch {
	case !known:
	case free < leastFree:
		d.say("disk", SeverityWarning, "disk_low", params)
	default:
		d.say("disk", SeverityOK, "disk_ok", params)
	}
	return true
}

func (d *doctor) database(ctx context.Context) bool {
	log, err := d.config.logger()
	if err != nil {
		return false
	}
	x, err := sqlstore.Examine(ctx, d.config.storeConfig(log), d.params.Thorough)
	switch {
	case desk.CodeOf(err) == "schema_newer":
		d.broken("database", "schema_newer", err)
		return false
	case err != nil:
		d.broken("database", "database_unreachable", err)
		return false
	case len(x.Damage) > 0:
		d.say("database", SeverityError, "database_damaged", map[string]string{"damage": x.Damage[0]})
		return false
	case x.Postgres && x.Major < leastServer:
		d.say("database", SeverityError, "database_old", map[string]string{"version": x.Version})
		return false
	}
	for name, wanted := range map[string]string{"fsync": "on", "full_page_writes": "on", "server_encoding": "UTF8", "zero_damaged_pages": "off"} {
		if is, told := x.Settings[name]; told && is != wanted {
			d.say("database", SeverityError, "database_setting", map[string]string{"name": name, "value": is, "wanted": wanted})
		}
	}
	if x.Settings["synchronous_commit"] == "off" {
		d.say("database", SeverityError, "database_setting", map[string]string{"name": "synchronous_commit", "value": "off", "wanted": "on"})
	}
	d.clock(x.Clock)
	if x.Pending > 0 {
		d.say("database", SeverityWarning, "schema_old", map[string]string{"count": fmt.Sprint(x.Pending)})
		return false
	}
	d.say("database", SeverityOK, "database_ok", map[string]string{"version": x.Version})
	return true
}

// clock compares ours with the database's; a SQLite file that was written in the future tells that ours stepped back.
func (d *doctor) clock(database time.Time) {
	now := time.Now()
	if database.IsZero() {
		database = now
		if stat, err := os.Stat(d.config.path(databaseFile)); err == nil && stat.ModTime().After(now) {
			database = stat.ModTime()
		}
	}
	skew := now.Sub(database).Abs().Round(time.Millisecond)
	if skew > mostSkew {
		d.say("clock", SeverityError, "clock_off", map[string]string{"skew": skew.String()})
		return
	}
	d.say("clock", SeverityOK, "clock_ok", map[string]string{"now": now.UTC().Format(time.RFC3339)})
}

func (d *doctor) open(ctx context.Context) bool {
	s, _, err := d.config.openStore(ctx, nil)
	if err != nil {
		d.broken("database", "database_unreachable", err)
		return false
	}
	d.store = s
	return true
}

func (d *doctor) keyFile(ctx context.Context) bool {
	keys, err := seal.LoadKeyring(d.config.path(keyFile))
	settled, read := fact(ctx, d.store, store.FactKey)
	switch {
	case read != nil:
		d.broken("keys", "database_unreachable", read)
		return false
	case errors.Is(err, fs.ErrNotExist) && settled == "":
		d.say("keys", SeverityOK, "keys_none", nil)
		return false
	case errors.Is(err, fs.ErrNotExist):
		d.say("keys", SeverityError, "keys_missing", map[string]string{"path": d.config.path(keyFile), "fingerprint": settled})
		return false
	case err != nil:
		d.broken("keys", "keys_unreadable", d.config.explainKeys(err))
		return false
	case settled != "" && !keys.Holds(settled):
		d.say("keys", SeverityError, "keys_wrong", map[string]string{"path": d.config.path(keyFile), "fingerprint": settled})
		return false
	}
	d.keys = keys
	opened, stale, shut := 0, 0, ""
	err = eachSealed(ctx, d.store, func(place string, sealed []byte) error {
		if _, err := keys.Open(sealed, place); err != nil {
			shut = place
			return nil
		}
		opened++
		if keys.Stale(sealed) {
			stale++
		}
		return nil
	})
	switch {
	case err != nil:
		d.broken("keys", "database_unreachable", err)
	case shut != "":
		d.say("keys", SeverityError, "keys_shut", map[string]string{"place": shut})
	case stale > 0:
		d.say("keys", SeverityWarning, "keys_stale", map[string]string{"count": fmt.Sprint(stale)})
	default:
		d.say("keys", SeverityOK, "keys_ok", map[string]string{"count": fmt.Sprint(opened), "fingerprint": keys.Fingerprint()})
	}
	return true
}

func (d *doctor) chains(ctx context.Context) {
	ids, err := workspaceIDs(ctx, d.store)
	if err != nil {
		d.broken("audit", "database_unreachable", err)
		return
	}
	for _, id := range ids {
		v, err := audit.Verify(ctx, d.store, d.keys, id)
		params := map[string]string{"workspace": id.String(), "entries": fmt.Sprint(v.Entries), "seq": fmt.Sprint(v.Seq), "hash": hex.EncodeToString(v.Hash)}
		switch {
		case err != nil:
			d.broken("audit", "database_unreachable", err)
		case !v.Whole():
			d.say("audit", SeverityError, "audit_"+string(v.Fault), params)
		default:
			d.say("audit", SeverityOK, "audit_ok", params)
		}
	}
}

// files looks for every file that a record names, and counts those that none does.
func (d *doctor) files(ctx context.Context) {
	blobs, err := d.config.openBlobs()
	if err != nil {
		d.broken("files", "files_unreachable", err)
		return
	}
	there, sizes := map[string]blob.Info{}, int64(0)
	err = blobs.Walk(ctx, func(i blob.Info) error {
		there[i.Key], sizes = i, sizes+i.Size
		return ctx.Err()
	})
	named := map[string]bool{}
	if err == nil {
		named, err = (&sweeper{store: d.store}).named(ctx)
	}
	if err != nil {
		d.broken("files", "files_unreachable", err)
		return
	}
	missing, unreadable, first := 0, 0, ""
	for key := range named {
		info, ok := there[key]
		switch {
		case !ok:
			missing++
			first = key
		case d.params.Thorough && !readable(ctx, blobs, info):
			unreadable++
			first = key
		}
	}
	params := map[string]string{
		"count": fmt.Sprint(len(named)), "missing": fmt.Sprint(missing), "unreadable": fmt.Sprint(unreadable), "first": first,
		"orphans": fmt.Sprint(len(there) - len(named) + missing), "megabytes": fmt.Sprintf("%.1f", float64(sizes)/1e6),
	}
	switch {
	case missing > 0:
		d.say("files", SeverityError, "files_missing", params)
	case unreadable > 0:
		d.say("files", SeverityError, "files_unreadable", params)
	default:
		d.say("files", SeverityOK, "files_ok", params)
	}
}

// readable reports that a file can be read to its end and is as long as it should be.
func readable(ctx context.Context, blobs blob.Store, i blob.Info) bool {
	r, info, err := blobs.Open(ctx, i.Workspace, i.Key)
	if err != nil {
		return false
	}
	n, err := io.Copy(io.Discard, r)
	return errors.Join(err, r.Close()) == nil && n == info.Size
}
