package store

import (
	"time"

	"madoguchi/desk"
)

// MailReader reads what waits to be mailed.
type MailReader interface {
	// Due are mails whose time has come, or whose attempt nobody ended, across workspaces; NextDue is when the next one's will, zero
	// if none waits.
	Due(limit int) ([]desk.Mail, error)
	NextDue() (time.Time, error)
	// Digests are the members whose digest is due, across workspaces; NextDigest is when the next one's will be, zero if nobody has one.
	Digests(limit int) ([]DueDigest, error)
	NextDigest() (time.Time, error)
}

// DueDigest is a member whose digest is due.
type DueDigest struct {
	Workspace, User desk.ID
	At              time.Time
}

// MailWriter changes what waits to be mailed.
type MailWriter interface {
	// Add lets a mail wait. Where one of the tag waits, that one stands for the newer thing too, at its own time.
	Add(desk.Mail) error
	// Claim begins the next attempt, which lasts until an instant; false when another node did. m gets its number.
	Claim(m *desk.Mail, until time.Time) (bool, error)
	// Hand notes that the text is about to go out, telling up to upTo; false when the attempt is over.
	Hand(m *desk.Mail, upTo int64) (bool, error)
	// Return lets it wait again until m.DueAt, as if it had not been handed over.
	Return(m desk.Mail) error
	// End takes it away, or where newer things came since m was read, lets it stand for those since an instant, and wait until again.
	End(m desk.Mail, since, again time.Time) error
	// PutDigest says when a member's next digest is due, zero = never; MoveDigest does if it still is due when it was, and is how one
	// node takes it.
	PutDigest(user desk.ID, at time.Time) error
	MoveDigest(due DueDigest, next time.Time) (bool, error)
}
