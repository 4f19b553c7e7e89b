package desk

import (
	"slices"
	"strings"
	"time"
)

// View is a named list of the inbox (G1.3).
type View string

// The views. "" is ViewAll.
const (
	ViewMine       View = "mine"       // unresolved, assigned to me
	ViewUnassigned View = "unassigned" // unresolved, nobody's
	ViewAll        View = "all"        // unresolved
	ViewWaiting    View = "waiting"    // the customer spoke last (返信待ち)
	ViewReplied    View = "replied"    // we spoke last (返信済み), unresolved
	ViewSnoozed    View = "snoozed"
	ViewResolved   View = "resolved" // 終了
	ViewTeam       View = "team"     // unresolved of TeamID
	ViewMentions   View = "mentions" // I was mentioned in a note; unresolved first
	ViewFailed     View = "failed"   // unresolved, what was said last did not arrive
	ViewBlocked    View = "blocked"  // of people who are shut out (F12); unresolved first
)

// Known reports whether v is a view.
func (v View) Known() bool {
	switch v {
	case "", ViewMine, ViewUnassigned, ViewAll, ViewWaiting, ViewReplied, ViewSnoozed, ViewResolved, ViewTeam, ViewMentions, ViewFailed, ViewBlocked:
		return true
	}
	return false
}

// Spans reports whether a view has resolved conversations beside unresolved ones.
func (v View) Spans() bool { return v == ViewMentions || v == ViewBlocked }

// Has reports whether a conversation is in the view, of a team with ViewTeam, for a member.
func (v View) Has(c Conversation, team, member ID) bool {
	open := !c.Status.Resolved()
	switch v {
	case ViewMine:
		return open && c.Assignee == member
	case ViewUnassigned:
		return open && c.Assignee == 0
	case ViewWaiting:
		return c.Waiting()
	case ViewReplied:
		return open && !c.Waiting()
	case ViewSnoozed:
		return c.Status == StatusSnoozed
	case ViewResolved:
		return !open
	case ViewTeam:
		return open && c.TeamID == team
	case ViewMentions:
		return slices.Contains(c.MentionedIDs, member)
	case ViewFailed:
		return open && c.Preview.Failed
	case ViewBlocked:
		return c.Blocked
	default:
		return open
	}
}

// Acquaintance says whether a case is its contact's first (E2, G1.4).
type Acquaintance string

// The acquaintances.
const (
	AcquaintanceNew      Acquaintance = "new"
	AcquaintanceExisting Acquaintance = "existing" // the contact had a case before
)

// LanguageOf is the language of a BCP 47 locale, as lists know it: "ja" of "ja-JP", "" of "".
func LanguageOf(locale string) string {
	language, _, _ := strings.Cut(strings.ToLower(locale), "-")
	return language
}

// ListFilter is what a list of conversations shows: a view and filters, AND between kinds, OR inside one (G1.4). The zero
// ListFilter is all that is unresolved.
type ListFilter struct {
	View          View           `json:"view,omitempty" enum:"mine,unassigned,all,waiting,replied,snoozed,resolved,team,mentions,failed,blocked"`
	TeamID        ID             `json:"team_id,omitempty" minimum:"0"` // with ViewTeam
	Channels      []ID           `json:"channels,omitempty"`
	Statuses      []TicketStatus `json:"statuses,omitempty" enum:"bot,queued,open,pending,snoozed,resolved"`
	Assignees     []ID           `json:"assignees,omitempty"` // 0 = nobody
	Teams         []ID           `json:"teams,omitempty"`
	Tags          []ID           `json:"tags,omitempty"`
	Priorities    []Priority     `json:"priorities,omitempty" enum:"low,normal,high,urgent"`
	Windows       []WindowState  `json:"windows,omitempty" enum:"open,closing,closed"` // as Conversation.Window says
	SLA           []SLAState     `json:"sla,omitempty"`                                // as the row shows
	Languages     []string       `json:"languages,omitempty"`                          // as Conversation.Language
	Acquaintances []Acquaintance `json:"acquaintances,omitempty" enum:"new,existing"`
	Attachment    bool           `json:"attachment,omitempty"`                             // a file was sent, by either side
	Unread        bool           `json:"unread,omitempty"`                                 // by the viewer, as Viewer.Unread says
	Since         time.Time      `json:"since,omitzero"`                                   // last activity at or after
	Until         time.Time      `json:"until,omitzero"`                                   // last activity before
	WithinDays    int            `json:"within_days,omitempty" minimum:"0" maximum:"3660"` // last activity not longer ago, 0 = whenever
}

// Viewer is whose list it is.
type Viewer struct {
	Member ID
	Teams  []ID  // theirs
	Read   int64 // how far they have read the conversation
}

// Unread reports whether a conversation has something from the customer that is news to the viewer (G2.7).
func (v Viewer) Unread(c Conversation) bool {
	return c.LastInboundSeq > v.Read && c.Concerns(v.Member, v.Teams)
}

// Matches reports whether the list of a viewer shows a conversation at an instant; what their scope hides from them is not
// asked here. Lists and the live sizes of saved views agree by it.
func (f ListFilter) Matches(c Conversation, v Viewer, now time.Time) bool {
	return f.MatchesForAll(c, v.Member, now) && (!f.Unread || v.Unread(c))
}

// MatchesForAll is Matches for who has read nothing.
func (f ListFilter) MatchesForAll(c Conversation, member ID, now time.Time) bool {
	return f.View.Has(c, f.TeamID, member) && oneOf(f.Channels, c.ChannelID) && oneOf(f.Statuses, c.Status) && oneOf(f.Assignees, c.Assignee) &&
		oneOf(f.Teams, c.TeamID) && oneOf(f.Priorities, c.Priority) && oneOf(f.Languages, c.Language) && oneOf(f.Acquaintances, c.Acquaintance()) &&
		(len(f.Tags) == 0 || slices.ContainsFunc(c.TagIDs, func(tag ID) bool { return slices.Contains(f.Tags, tag) })) &&
		(!f.Attachment || c.Attached) && oneOf(f.Windows, c.Window(now)) && oneOf(f.SLA, c.SLA.State) && f.inTime(c.LastActivityAt, now)
}

func (f ListFilter) inTime(at, now time.Time) bool {
	return (f.Since.IsZero() || !at.Before(f.Since)) && (f.Until.IsZero() || at.Before(f.Until)) && (f.WithinDays == 0 || !at.Before(f.Earliest(now)))
}

// Earliest is the oldest last activity that the list shows, zero for any.
func (f ListFilter) Earliest(now time.Time) time.Time {
	if f.WithinDays == 0 {
		return f.Since
	}
	if from := now.AddDate(0, 0, -f.WithinDays); from.After(f.Since) {
		return from
	}
	return f.Since
}

// In is the filter as it stands for somebody in a zone at an instant: a span of days begins with a midnight of theirs.
func (f ListFilter) In(zone *time.Location, now time.Time) ListFilter {
	if f.WithinDays == 0 {
		return f
	}
	year, month, day := now.In(zone).Date()
	if from := time.Date(year, month, day-f.WithinDays+1, 0, 0, 0, 0, zone); from.After(f.Since) {
		f.Since = from
	}
	f.WithinDays = 0
	return f
}

// Personal reports whether what the list shows depends on who looks, beside their scope.
func (f ListFilter) Personal() bool { return f.View == ViewMine || f.View == ViewMentions || f.Unread }

// oneOf reports that a filter is not set or names the value.
func oneOf[T comparable](filter []T, v T) bool { return len(filter) == 0 || slices.Contains(filter, v) }
