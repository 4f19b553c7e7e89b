package desk

import "time"

// ExportKind says what an export holds.
type ExportKind string

// The kinds.
const (
	ExportContacts      ExportKind = "contacts"      // a line per contact
	ExportConversations ExportKind = "conversations" // a line per message
)

// ExportFormat says how an export is written.
type ExportFormat string

// The formats.
const (
	ExportCSV       ExportFormat = "csv"   // RFC 4180, UTF-8
	ExportJSONLines ExportFormat = "jsonl" // one JSON object per line
)

// ExportState says where an export stands.
type ExportState string

// The states.
const (
	ExportQueued    ExportState = "queued"
	ExportRunning   ExportState = "running"
	ExportDone      ExportState = "done"
	ExportFailed    ExportState = "failed"
	ExportCancelled ExportState = "cancelled"
	ExportExpired   ExportState = "expired" // its file is gone (J8)
)

// ExportLifetime is how long an export's file is kept (J8).
const ExportLifetime = 24 * time.Hour

// ExportOptions narrow and shape an export.
type ExportOptions struct {
	BOM    bool      `json:"bom,omitempty"`    // a byte order mark before CSV, for Excel
	Notes  bool      `json:"notes,omitempty"`  // internal notes too
	Since  time.Time `json:"since,omitzero"`   // what happened at or after
	Until  time.Time `json:"until,omitzero"`   // what happened before
	Locale Locale    `json:"locale,omitempty"` // of labels and headings
}

// Export is a file that somebody asked for, made in the background.
type Export struct {
	ID          ID
	Kind        ExportKind
	Format      ExportFormat
	Options     ExportOptions
	State       ExportState
	RequestedBy ID
	Done, Total int64 // records; Total is an estimate made at the start
	Attempts    int
	Failure     string // the code of the error that ended it
	Name        string // of the file
	Key         string // blob key, "" while there is none
	Size        int64  // bytes
	LeaseToken  string // whose work it is now
	LeaseUntil  time.Time
	CreatedAt   time.Time
	EndedAt     time.Time
	ExpiresAt   time.Time
}

// Ended reports that nobody works on it any more.
func (e Export) Ended() bool { return e.State != ExportQueued && e.State != ExportRunning }
