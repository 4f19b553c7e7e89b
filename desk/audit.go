package desk

import "time"

// AuditAction names an audited deed as "object.happened": "member.changed", "session.failed". Actions are stable; J6 lists
// what must leave an entry.
type AuditAction string

// AuditObject is what a deed was done to. Name is how it was called then: the record may be gone when somebody reads it.
type AuditObject struct {
	Kind string // "member", "channel", "ticket" …
	ID   ID     // 0 where it has none
	Name string
}

// AuditEntry is one deed in a workspace's audit log (J5). Entries are never changed; each carries a hash over itself and
// the one before.
type AuditEntry struct {
	ID        ID    // drawn in the transaction of the deed
	Seq       int64 // position in the workspace's chain from 1 without gaps; 0 until it is linked
	At        time.Time
	Actor     Actor
	IP        string // where a person or program called from, "" for the desk itself and for customers
	Action    AuditAction
	Object    AuditObject
	Changes   []Change // before and after, secrets masked
	RequestID string   // as in the server's log, "" outside a request
	Hash      []byte   // SHA-256, nil until it is linked
}

// Masked stands in the audit log for a secret that is there.
const Masked = "•••"
