package desk

import "time"

// MailCode says what a mail is about.
type MailCode string

// The codes.
const (
	MailUnread  MailCode = "unread"  // replies that a customer has not read
	MailNotices MailCode = "notices" // what a member was told while they were away (G6)
	MailDigest  MailCode = "digest"  // what a member has unread and waiting (G7.5)
)

// Mail waits to be sent to one person. It says what it is about, not what it will say: that is read when it goes. There is one of
// each Tag; what comes while it is on its way goes with the next.
type Mail struct {
	Workspace      ID // given by readers across workspaces
	ID             ID
	Tag            string
	Code           MailCode
	UserID         ID // whom it is for, 0 = the customer of the conversation
	ConversationID ID
	Since          time.Time // of the first thing that it tells
	DueAt          time.Time
	ExpiresAt      time.Time
	News           int       // how many things it stands for
	Attempts       int       // each has a number, and the latest alone may go on
	HandedAt       time.Time // its text began to go out: if nothing was heard since, it never goes again
	UpTo           int64     // what it told when it was handed over: the Seq of a reply
}

// MailKept is how long a mail is tried (a server that is away, or says "later").
const MailKept = 24 * time.Hour
