package store

import (
	"fmt"
	"time"

	"madoguchi/desk"
)

// AuditReader reads the audit log (J5). An entry is first an intent, written in the transaction of its deed; then it is
// linked into the workspace's chain, and stays as it is.
type AuditReader interface {
	// Head is the end of the current workspace's chain; zero before the first entry.
	Head() (AuditHead, error)
	// After reads the chain in its order from a position, at most limit entries.
	After(seq int64, limit int) ([]desk.AuditEntry, error)
	List(q AuditQuery) (entries []desk.AuditEntry, next string, err error) // newest first
	// Intents are deeds that wait to be linked, oldest first.
	Intents(limit int) ([]desk.AuditEntry, error)
	// Waiting are the workspaces that have intents, 0 = the server itself among them. Workspace 0 only.
	Waiting() ([]desk.ID, error)
}

// AuditWriter adds to the audit log; nothing takes away from it.
type AuditWriter interface {
	// Intend notes a deed. It fills ID, and At where it is zero. An update of workspace 0 may note deeds of every workspace,
	// another one those of its own.
	Intend(workspace desk.ID, e desk.AuditEntry) error
	// LockHead is Head, and holds it until the transaction ends: chains are linked one after another.
	LockHead() (AuditHead, error)
	// Link appends intents to the chain, Seq and Hash given by the caller, and moves the head.
	Link(entries []desk.AuditEntry, head AuditHead) error
	// PutHead replaces the head's seal, and nothing else.
	PutHead(head AuditHead) error
}

// AuditHead is the end of a workspace's chain.
type AuditHead struct {
	Seq    int64
	Hash   []byte
	Sealed []byte // Seq and Hash under the key file: who can only write to the database cannot shorten the chain unseen
}

// AuditHeadPlace is where a chain's head is sealed for: another workspace's does not fit.
func AuditHeadPlace(workspace desk.ID) string {
	return fmt.Sprintf("workspace/%d/audit/head", workspace)
}

// AuditQuery narrows a list of audit entries; zero fields narrow nothing.
type AuditQuery struct {
	Since, Until time.Time // from (inclusive) and to (exclusive)
	Actor        desk.Actor
	Action       desk.AuditAction
	ObjectKind   string
	ObjectID     desk.ID
	Page         Page
}
