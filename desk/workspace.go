package desk

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// Workspace is one company's desk. Everything else leads with its ID.
type Workspace struct {
	ID             ID
	Name           string
	Locale         Locale // language of texts to customers where nothing more specific is known (J18)
	Zone           string // IANA zone for reports (0.14)
	ReopenDays     int    // 0.4: 0..30, default 7
	CreatedAt      time.Time
	RoleGrants     map[Role][]string // permissions granted to everybody with a role (the ○ cells of J3)
	Files          FilePolicy
	HideMonitoring bool                // who has a case does not see that a supervisor watches it (E22)
	OptOutWords    map[Locale][]string // further keywords that opt out, whatever language somebody writes (B3.3)
	Capacity       int                 // slots of work that a member has at once, 0 = DefaultCapacity (E7)
	IdleMinutes    int                 // without input until somebody who is online counts as away, 0 = never (E8)
	// RequeueMinutes is how long a customer waits for an assignee who is offline until somebody else may have the ticket, 0 = for ever (E15).
	RequeueMinutes int
	ExternalLinks  []ExternalLink // where a customer is found in other systems, in the order they are shown (G3.1)
}

// Keywords are the workspace's own opt-out words of all languages, in a fixed order.
func (w Workspace) Keywords() []string {
	var words []string
	for _, l := range slices.Sorted(maps.Keys(w.OptOutWords)) {
		words = append(words, w.OptOutWords[l]...)
	}
	return words
}

// Country is whose numbers are meant where a phone number has no country code, as ISO 3166 code: Japan's for a Japanese desk,
// by language or zone (D7.1); "" where nothing says it.
func (w Workspace) Country() string {
	if w.Locale == LocaleJA || w.Zone == "Asia/Tokyo" {
		return "JP"
	}
	return ""
}

// Locale is a language tag the product has texts for.
type Locale string

// The locales shipped.
const (
	LocaleJA Locale = "ja"
	LocaleEN Locale = "en"
)

// Brand is a public face of the workspace; channels belong to one.
type Brand struct {
	ID         ID
	Name       string
	SenderName string // who speaks before a person answered, where the channel names nobody
	Locale     Locale // of texts to customers, where neither contact nor channel says one (J18); "" = the workspace's
	LogoKey    string // blob key, "" if none
	CreatedAt  time.Time
}

// Role is what a member may do by default (J1, J3).
type Role string

// The roles, from least to most.
const (
	RoleViewer     Role = "viewer"
	RoleAgent      Role = "agent"
	RoleSupervisor Role = "supervisor"
	RoleAdmin      Role = "admin"
	RoleOwner      Role = "owner"
)

// User is a person who signs in: global by e-mail, a Member in each workspace.
type User struct {
	ID           ID
	Email        string // lower case, unique on the server
	Name         string
	PasswordHash string // argon2id; "" until the invitation was accepted
	Locale       Locale
	Zone         string // IANA zone of the screens, "" = the browser's
	CreatedAt    time.Time
}

// Member is a User's place in one workspace.
type Member struct {
	UserID      ID
	Role        Role
	Custom      *CustomRole // the workspace's own role that stands in for Role, its base; nil = none
	Grants      []string    // permissions granted beyond the role (the ○ cells of J3)
	DisplayName string      // what customers see
	AvatarKey   string      // blob key, "" if none
	Active      bool        // E16: a deactivated member keeps history but cannot sign in
	CreatedAt   time.Time
	UpdatedAt   time.Time
	Scope       Scope // which conversations this member sees (J2), "" = all
	Capacity    int   // how many slots of work at once, 0 = the workspace's (E7)
	ChannelIDs  []ID  // whose customers the desk gives them, in order; none = every channel's (E4)
	// From User, filled by readers:
	Name  string
	Email string
}

// ShownName is the name that customers and system lines show.
func (m Member) ShownName() string { return cmp.Or(m.DisplayName, m.Name) }

// Availability says whether a member takes work (E8).
type Availability string

// The availabilities; custom ones map onto one of these.
const (
	Online       Availability = "online"
	TransferOnly Availability = "transfer_only"
	Away         Availability = "away"
	Offline      Availability = "offline"
)

// CustomAvailability is a status of the workspace's own, which means one of the four (E8).
type CustomAvailability struct {
	ID        ID
	Name      string
	Means     Availability
	Reassigns bool // whoever chooses it gives back at once what customers wait for (E15)
	Position  int
	CreatedAt time.Time
}

// Presence is a member's availability row (E27): what they chose, in force only until LeaseUntil.
type Presence struct {
	UserID     ID
	Chosen     Availability // what the person chose
	CustomID   ID           // the workspace's own status that they chose it by, 0 = none
	Idle       bool         // the workspace's idle minutes without input (E8)
	LeaseUntil time.Time    // renewed by heartbeats; past it the member is offline (E8: 60 s)
	Since      time.Time    // of the availability, filled by readers; zero if nobody noted it
}

// At is the availability in force at an instant (E8).
func (p Presence) At(now time.Time) Availability {
	switch {
	case !now.Before(p.LeaseUntil):
		return Offline
	case p.Chosen == Online && p.Idle:
		return Away
	case p.Chosen == "":
		return Offline
	default:
		return p.Chosen
	}
}

// CustomAt is the workspace's own status that they chose, 0 where none is in force at an instant.
func (p Presence) CustomAt(now time.Time) ID {
	if p.At(now) != p.Chosen {
		return 0
	}
	return p.CustomID
}

// Team is a group of members that tickets are handed to.
type Team struct {
	ID        ID
	Name      string
	MemberIDs []ID       // in the order in which equals get work (E5)
	Mode      TeamMode   // "" = ModeManual
	Accept    AcceptMode // "" = AcceptAutomatic
	Ageing    bool       // a ticket climbs one priority per hour in the queue (E10)
	CreatedAt time.Time
}

// Tag is a label on tickets. Name is normalised (NFKC, lower case, 1–40 characters; A4.8).
type Tag struct {
	ID        ID
	Name      string
	Color     string // one of the palette's names, "" = neutral
	CreatedAt time.Time
}

// Invite is an unanswered invitation to join a workspace.
type Invite struct {
	ID         ID
	Email      string
	Role       Role
	Custom     *CustomRole // as Member.Custom
	TokenHash  string      // SHA-256 of the token in the link
	InvitedBy  ID
	CreatedAt  time.Time
	ExpiresAt  time.Time
	AcceptedAt time.Time // zero until accepted
}

// Session is one signed-in browser.
type Session struct {
	ID          ID
	TokenHash   string // SHA-256 of the cookie
	CSRF        string // echoed by the app in a header
	UserID      ID
	WorkspaceID ID
	CreatedAt   time.Time
	LastSeenAt  time.Time
	ExpiresAt   time.Time
	IP          string
	UserAgent   string
}

// APIKey lets a program act in one workspace with a role's permissions, or some of them.
type APIKey struct {
	ID          ID
	Name        string
	Hash        string // SHA-256 of the secret; the secret itself is shown once
	Role        Role
	Custom      *CustomRole // as Member.Custom
	Permissions []string    // what it may do of what its role may; none = all of it
	CreatedBy   ID
	CreatedAt   time.Time
	ExpiresAt   time.Time // zero = never
	LastUsedAt  time.Time
	RevokedAt   time.Time // zero while valid
}
