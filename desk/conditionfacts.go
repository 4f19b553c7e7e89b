package desk

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// Fact is something that conditions ask about a ticket.
type Fact string

// The facts, each with the form of its values.
const (
	FactChannel      Fact = "channel"       // ids
	FactChannelKind  Fact = "channel_kind"  // "webchat", "line", …
	FactEntryPage    Fact = "entry_page"    // text: address and title of the page that the customer wrote from
	FactReferral     Fact = "referral"      // text: what the link, post or advertisement that they came by is called
	FactLanguage     Fact = "language"      // BCP 47; "en" is every English
	FactHours        Fact = "hours"         // ids of schedules that are open now, HoursOfChannel for the channel's own, HoursAlways
	FactMessage      Fact = "message"       // text of the customer's message in hand
	FactContactIs    Fact = "contact_is"    // ContactNew or ContactReturning
	FactContactName  Fact = "contact_name"  // text
	FactContactEmail Fact = "contact_email" // text
	FactContactPhone Fact = "contact_phone" // text, E.164
	FactContactField Fact = "contact_field" // by Key, in the field's form
	FactEarlierTag   Fact = "earlier_tag"   // ids of the tags that the conversation's ticket before this one had
	FactTag          Fact = "tag"           // ids
	FactStatus       Fact = "status"        // ticket statuses
	FactPriority     Fact = "priority"      // priorities
	FactTeam         Fact = "team"          // ids
	FactAssignee     Fact = "assignee"      // ids
	FactTicketField  Fact = "ticket_field"  // by Key, in the field's form
	FactLastAuthor   Fact = "last_author"   // author kinds that speak
	FactWaiting      Fact = "waiting"       // whole minutes that the customer has been waiting for a person
	FactDay          Fact = "day"           // "mon" … "sun", in the workspace's zone
	FactTime         Fact = "time"          // "09:30", in the workspace's zone
)

// RoutingFacts are those that routing rules ask for (E2): what is known when a ticket begins.
func RoutingFacts() []Fact {
	return []Fact{
		FactChannel, FactChannelKind, FactEntryPage, FactReferral, FactLanguage, FactHours, FactMessage, FactContactIs, FactContactName,
		FactContactEmail, FactContactPhone, FactContactField, FactEarlierTag, FactDay, FactTime,
	}
}

// AllFacts are those that a ticket has at any time (E28).
func AllFacts() []Fact {
	return append(RoutingFacts(), FactTag, FactStatus, FactPriority, FactTeam, FactAssignee, FactTicketField, FactLastAuthor, FactWaiting)
}

// Values of FactContactIs, and of FactHours beside ids.
const (
	ContactNew       = "new"
	ContactReturning = "returning"
	HoursOfChannel   = "channel"
	HoursAlways      = "always" // open at any time: what is left of hours that always open ones replaced (0.10)
)

// OfToday reports whether only what a fact is now is known, not what it was: a trial says so of those that it asks.
func (f Fact) OfToday() bool {
	switch f {
	case FactEntryPage, FactLanguage, FactHours, FactContactName, FactContactEmail, FactContactPhone, FactContactField, FactEarlierTag:
		return true
	}
	return false
}

// FactKind is how a fact is compared.
type FactKind string

// The kinds of facts.
const (
	FactOfID     FactKind = "id"     // one of the workspace's records
	FactOfIDs    FactKind = "ids"    // some of them
	FactOfWord   FactKind = "word"   // one of a fixed list
	FactOfList   FactKind = "list"   // words out of a list
	FactOfText   FactKind = "text"   //
	FactOfNumber FactKind = "number" // decimal
	FactOfAmount FactKind = "amount" // a whole number that is always there
	FactOfDate   FactKind = "date"   // 2026-11-21
	FactOfClock  FactKind = "clock"  // 09:30
	FactOfHours  FactKind = "hours"  // schedules
)

var (
	factKinds = map[Fact]FactKind{
		FactChannel: FactOfID, FactChannelKind: FactOfWord, FactEntryPage: FactOfText, FactReferral: FactOfText, FactLanguage: FactOfWord,
		FactHours: FactOfHours, FactMessage: FactOfText, FactContactIs: FactOfWord, FactContactName: FactOfText, FactContactEmail: FactOfText,
		FactContactPhone: FactOfText, FactEarlierTag: FactOfIDs, FactTag: FactOfIDs, FactStatus: FactOfWord, FactPriority: FactOfWord,
		FactTeam: FactOfID, FactAssignee: FactOfID, FactLastAuthor: FactOfWord, FactWaiting: FactOfAmount, FactDay: FactOfWord, FactTime: FactOfClock,
	}
	fieldFactKinds = map[FieldKind]FactKind{
		FieldText: FactOfText, FieldLink: FactOfText, FieldNumber: FactOfNumber, FieldDate: FactOfDate, FieldChoice: FactOfWord,
		FieldCheckbox: FactOfWord, FieldChoices: FactOfList,
	}
	factWords = map[Fact][]string{ // facts that know all their values
		FactContactIs: {ContactNew, ContactReturning},
		FactStatus: {string(StatusBot), string(StatusQueued), string(StatusOpen), string(StatusPending), string(StatusSnoozed),
			string(StatusResolved)},
		FactPriority:   {string(PriorityLow), string(PriorityNormal), string(PriorityHigh), string(PriorityUrgent)},
		FactLastAuthor: {string(AuthorCustomer), string(AuthorHuman), string(AuthorBot), string(AuthorAutomation)},
		FactDay:        weekdays,
	}
	weekdays = []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} // by time.Weekday
)

// Operators are those that a fact of this kind is compared by.
func (k FactKind) Operators() []Operator {
	switch k {
	case FactOfID, FactOfWord:
		return []Operator{OpIs, OpIsNot, OpSet, OpUnset}
	case FactOfIDs, FactOfList:
		return []Operator{OpHasAny, OpHasAll, OpHasNone, OpSet, OpUnset}
	case FactOfText:
		return []Operator{OpContains, OpContainsNot, OpIs, OpIsNot, OpStartsWith, OpSet, OpUnset}
	case FactOfNumber, FactOfDate:
		return []Operator{OpIs, OpIsNot, OpMore, OpLess, OpSet, OpUnset}
	case FactOfAmount:
		return []Operator{OpMore, OpLess}
	case FactOfClock:
		return []Operator{OpBetween}
	case FactOfHours:
		return []Operator{OpIs, OpIsNot}
	}
	return nil
}

// takes reports whether a text is in the form of the kind's values.
func (k FactKind) takes(value string) bool {
	var err error
	switch k {
	case FactOfID, FactOfIDs:
		_, err = ParseID(value)
	case FactOfHours:
		if value != HoursOfChannel && value != HoursAlways {
			_, err = ParseID(value)
		}
	case FactOfNumber:
		return number.MatchString(value)
	case FactOfAmount:
		_, err = strconv.ParseUint(value, 10, 31)
	case FactOfDate:
		_, err = time.Parse(time.DateOnly, value)
	case FactOfClock:
		_, err = time.Parse(clockForm, value)
	}
	return err == nil
}

const clockForm = "15:04"

// Facts is what is known of a ticket when conditions are asked about it. What is not known stays empty.
type Facts struct {
	Now         time.Time
	Zone        *time.Location // the workspace's; nil = UTC
	Channel     Channel
	Contact     Contact
	NewContact  bool // they had no conversation with us before this one
	Page        Page
	Referral    Referral
	Message     string // what the customer wrote
	Ticket      Ticket
	EarlierTags []ID            // of the conversation's ticket before this one
	LastAuthor  AuthorKind      // who spoke last
	Schedules   map[ID]Schedule // those that the conditions name, and the channel's
}

// Page is the page of the company's site that somebody wrote from.
type Page struct {
	URL   string `json:"url"`
	Title string `json:"title"`
}

// read is what a fact is now; empty where nothing is known. c says which, and which schedules are asked for.
func (f Facts) read(c Condition) []string {
	switch c.Fact {
	case FactChannel:
		return ids(f.Channel.ID)
	case FactChannelKind:
		return words(f.Channel.Kind)
	case FactEntryPage:
		return words(f.Page.URL, f.Page.Title)
	case FactReferral:
		return words(f.Referral.Source, f.Referral.ID, f.Referral.Title, f.Referral.URL)
	case FactLanguage:
		language, _, _ := strings.Cut(f.Contact.Locale, "-")
		return words(f.Contact.Locale, language)
	case FactHours:
		return f.open(c.Values)
	case FactMessage:
		return words(f.Message)
	case FactDay:
		return words(weekdays[f.local().Weekday()])
	case FactTime:
		return words(f.local().Format(clockForm))
	}
	if found, ok := f.readContact(c); ok {
		return found
	}
	return f.readTicket(c)
}

func (f Facts) readContact(c Condition) (found []string, known bool) {
	switch c.Fact {
	case FactContactIs:
		if f.NewContact {
			return words(ContactNew), true
		}
		return words(ContactReturning), true
	case FactContactName:
		return words(f.Contact.Name), true
	case FactContactEmail:
		return words(f.Contact.Email), true
	case FactContactPhone:
		return words(f.Contact.Phone), true
	case FactContactField:
		return words(f.Contact.Fields[c.Key]), true
	}
	return nil, false
}

func (f Facts) readTicket(c Condition) []string {
	switch c.Fact {
	case FactEarlierTag:
		return ids(f.EarlierTags...)
	case FactTag:
		return ids(f.Ticket.TagIDs...)
	case FactStatus:
		return words(string(f.Ticket.Status))
	case FactPriority:
		return words(string(f.Ticket.Priority))
	case FactTeam:
		return ids(f.Ticket.TeamID)
	case FactAssignee:
		return ids(f.Ticket.Assignee)
	case FactTicketField:
		return words(f.Ticket.Fields[c.Key])
	case FactLastAuthor:
		return words(string(f.LastAuthor))
	case FactWaiting:
		if !f.Ticket.WaitSince.IsZero() {
			return words(strconv.FormatInt(int64(f.Now.Sub(f.Ticket.WaitSince)/time.Minute), 10))
		}
	}
	return nil
}

// open are those of the named schedules that are open now. A channel without hours, and one whose schedule is gone, is
// always open.
func (f Facts) open(named []string) []string {
	var open []string
	for _, name := range named {
		id, _ := ParseID(name) // 0, which no schedule has, where it is none
		if name == HoursOfChannel {
			id = f.Channel.ScheduleID
		}
		s, known := f.Schedules[id]
		is, err := s.OpenAt(f.Now)
		unlimited := name == HoursAlways || name == HoursOfChannel && (!known || err != nil)
		if unlimited || known && is {
			open = append(open, name)
		}
	}
	return open
}

func (f Facts) local() time.Time {
	if f.Zone == nil {
		return f.Now.UTC()
	}
	return f.Now.In(f.Zone)
}

// ids writes ids as conditions name them, without those that name nobody.
func ids(of ...ID) []string {
	var found []string
	for _, id := range of {
		if id != 0 {
			found = append(found, id.String())
		}
	}
	return found
}

// words leaves out what says nothing.
func words(of ...string) []string {
	return slices.DeleteFunc(of, func(w string) bool { return strings.TrimSpace(w) == "" })
}
