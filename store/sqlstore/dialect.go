package sqlstore

import (
	"context"
	"errors"
	"io"
	"net"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"madoguchi/desk"
)

// dialect is how the two databases differ, apart from how their statements are run.
type dialect struct {
	name      string
	statement func(string) string // our text to the database's
	schema    func(string) string // a migration's text to the database's
	translate func(error) error   // the driver's errors to the desk's
	words     wordIndex           // the search index

	columns  string // asks for the columns of table $1: name, type, place in the primary key
	hasTable string // asks whether there is a table $1: 0 or 1
	byBytes  string // makes a text column sort by its bytes
	triggers string // asks for the triggers of table $1: name, statement that makes it work (again)
	lift     string // format of the statement that takes a trigger, %[1]s, off a table, %[2]s, until then
}

var (
	parameter = regexp.MustCompile(`\$(\d+)`)
	rowLock   = regexp.MustCompile(`\s+FOR NO KEY UPDATE( OF \w+)?( SKIP LOCKED)?$`)
)

func sqliteDialect() dialect {
	return dialect{
		name: "sqlite",
		// Some drivers bind $2 by first appearance; ?2 means the second everywhere. There is one writer: no row locks.
		statement: func(s string) string { return parameter.ReplaceAllString(rowLock.ReplaceAllString(s, ""), "?$1") },
		schema:    strings.NewReplacer(" BYTES", " BLOB", "--sqlite ", "").Replace,
		translate: translateSQLite,
		words:     ftsWords{},
		columns:   columnsOfSQLite,
		hasTable:  `SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1`,
		triggers:  `SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = $1`,
		lift:      `DROP TRIGGER %[1]s`,
	}
}

func postgresDialect() dialect {
	return dialect{
		name:      "postgres",
		statement: postgresStatement,
		schema:    strings.NewReplacer(" COLLATE BINARY", ` COLLATE "C"`, " BYTES", " BYTEA", ") WITHOUT ROWID;", ");", "--postgres ", "").Replace,
		translate: translatePostgres,
		words:     ginWords{},
		columns:   columnsOfPostgres,
		hasTable:  `SELECT count(to_regclass($1))`,
		byBytes:   ` COLLATE "C"`,
		triggers: `SELECT tgname::text, 'ALTER TABLE ' || $1::text || ' ENABLE TRIGGER ' || tgname::text FROM pg_trigger
			WHERE tgrelid = to_regclass($1) AND NOT tgisinternal`,
		lift: `ALTER TABLE %[2]s DISABLE TRIGGER %[1]s`,
	}
}

// postgresStatement gives byte order, the same on every database, PostgreSQL's name: SQLite's is BINARY.
func postgresStatement(s string) string {
	return strings.ReplaceAll(s, " COLLATE BINARY", ` COLLATE "C"`)
}

// conflicts are the unique indexes that guard an invariant: PostgreSQL names the index, SQLite its columns.
var conflicts = []struct{ index, columns, code string }{
	{"users_email", "users.email", "email_taken"},
	{"api_keys_hash", "api_keys.hash", "api_key_taken"},
	{"invites_token", "invites.token_hash", "invite_taken"},
	{"fields_key", "fields.workspace_id, fields.subject, fields.field_key", "field_taken"},
	{"tags_name", "tags.workspace_id, tags.name", "tag_taken"},
	{"templates_name", "templates.workspace_id, templates.channel_id, templates.name, templates.language", "template_taken"},
	{"offers_open", "offers.workspace_id, offers.ticket_id", "offer_exists"},
	{"surveys_ticket", "surveys.workspace_id, surveys.ticket_id", "survey_exists"},
	{"canned_replies_name", "canned_replies.workspace_id, canned_replies.audience, canned_replies.owner_id, canned_replies.team_id, canned_replies.name", "canned_name_taken"},
	{"macros_name", "macros.workspace_id, macros.audience, macros.owner_id, macros.team_id, macros.name", "macro_name_taken"},
	{"channels_account", "channels.kind, channels.account", "channel_taken"},
	{"contacts_external_id", "contacts.workspace_id, contacts.external_id", "external_id_taken"},
	{"identities_key", "identities.workspace_id, identities.kind, identities.scope, identities.external_id", "identity_taken"},
	{"visitors_token", "visitors.token_hash", "visitor_taken"},
	{"conversations_identity", "conversations.workspace_id, conversations.identity_id", "conversation_exists"},
	{"conversations_pkey", "conversations.workspace_id, conversations.id", "conversation_exists"},
	{"tickets_unresolved", "tickets.workspace_id, tickets.conversation_id", "unresolved_ticket_exists"},
	{"tickets_number", "tickets.workspace_id, tickets.ticket_number", "ticket_number_taken"},
	{"messages_client_id", "messages.workspace_id, messages.conversation_id, messages.author_kind, messages.author_id, messages.client_id", "client_id_taken"},
	{"messages_pkey", "messages.workspace_id, messages.id", "message_exists"},
	{"scheduled_messages_client_id", "scheduled_messages.workspace_id, scheduled_messages.conversation_id, scheduled_messages.user_id, scheduled_messages.client_id", "client_id_taken"},
	{"reminders_place", "reminders.workspace_id, reminders.conversation_id, reminders.user_id", "reminder_exists"},
	{"deliveries_pkey", "deliveries.workspace_id, deliveries.id", "delivery_exists"},
}

func translateSQLite(err error) error {
	var se *sqlite.Error
	if !errors.As(err, &se) {
		return err
	}
	switch se.Code() {
	case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY:
		for _, c := range conflicts {
			if strings.Contains(se.Error(), "failed: "+c.columns+" (") {
				return conflict(c.code, err)
			}
		}
	case sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY:
		return conflict("reference_missing", err)
	}
	switch se.Code() & 0xff {
	case sqlite3.SQLITE_FULL:
		return desk.Errorf(desk.KindUnavailable, "disk_full", "the disk is full: %w", err)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY:
		return desk.Errorf(desk.KindUnavailable, "database_unavailable", "the database cannot serve: %w", err)
	}
	return err
}

func translatePostgres(err error) error {
	var pe *pgconn.PgError
	if !errors.As(err, &pe) {
		if lost(err) {
			return desk.Errorf(desk.KindUnavailable, "database_unavailable", "the database cannot be reached: %w", err)
		}
		return err
	}
	switch {
	case pe.Code == "23505":
		for _, c := range conflicts {
			if pe.ConstraintName == c.index {
				return conflict(c.code, err)
			}
		}
	case pe.Code == "23503":
		return conflict("reference_missing", err)
	case pe.Code == "53100":
		return desk.Errorf(desk.KindUnavailable, "disk_full", "the disk is full: %w", err)
	case strings.HasPrefix(pe.Code, "57P") || strings.HasPrefix(pe.Code, "53") || strings.HasPrefix(pe.Code, "08"):
		return desk.Errorf(desk.KindUnavailable, "database_unavailable", "the database cannot serve: %w", err)
	}
	return err
}

// lost reports that the connection to the database is gone or could not be made.
func lost(err error) bool {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	var ce *pgconn.ConnectError
	var ne net.Error
	return errors.As(err, &ce) || errors.As(err, &ne) || pgconn.SafeToRetry(err) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)
}

func conflict(code string, err error) error {
	return desk.Errorf(desk.KindConflict, code, "%s: %w", code, err)
}
