package view

import "madoguchi/desk"

// Export is a file that a member asked for.
type Export struct {
	ID        desk.ID           `json:"id"`
	Kind      desk.ExportKind   `json:"kind" enum:"contacts,conversations"`
	Format    desk.ExportFormat `json:"format" enum:"csv,jsonl"`
	State     desk.ExportState  `json:"state" enum:"queued,running,done,failed,cancelled,expired"`
	Notes     bool              `json:"notes" doc:"With internal notes"`
	BOM       bool              `json:"bom"`
	Since     Time              `json:"since,omitzero" format:"date-time"`
	Until     Time              `json:"until,omitzero" format:"date-time"`
	Done      int64             `json:"done" doc:"Records so far"`
	Total     int64             `json:"total" doc:"An estimate made at the start"`
	Failure   string            `json:"failure,omitempty" doc:"The code of the error that ended it"`
	Name      string            `json:"name,omitempty" doc:"Of the file"`
	Size      int64             `json:"size" doc:"Bytes"`
	CreatedAt Time              `json:"created_at" format:"date-time"`
	EndedAt   Time              `json:"ended_at,omitzero" format:"date-time"`
	ExpiresAt Time              `json:"expires_at,omitzero" format:"date-time"`
}

// ExportOf maps an export.
func ExportOf(e desk.Export) Export {
	return Export{
		ID: e.ID, Kind: e.Kind, Format: e.Format, State: e.State, Notes: e.Options.Notes, BOM: e.Options.BOM, Since: At(e.Options.Since),
		Until: At(e.Options.Until), Done: e.Done, Total: e.Total, Failure: e.Failure, Name: e.Name, Size: e.Size, CreatedAt: At(e.CreatedAt),
		EndedAt: At(e.EndedAt), ExpiresAt: At(e.ExpiresAt),
	}
}
