package desk

import "time"

// EventKind names what happened. Kinds are stable: reactors, webhooks and reports depend on them.
type EventKind string

// The events.
const (
	EventMessageCreated      EventKind = "message.created"
	EventMessageChanged      EventKind = "message.changed" // status climbed, edited, unsent
	EventConversationCreated EventKind = "conversation.created"
	EventConversationDeleted EventKind = "conversation.deleted"   // SubjectID
	EventMonitored           EventKind = "conversation.monitored" // UserID began to watch somebody else's case; SubjectID is the conversation
	EventTicketCreated       EventKind = "ticket.created"
	EventTicketChanged       EventKind = "ticket.changed" // see Changes
	EventTicketMerged        EventKind = "ticket.merged"  // messages of a conversation are filed under another ticket, SubjectID
	EventTicketSplit         EventKind = "ticket.split"   // messages of the conversation became a ticket of their own, TicketID; SubjectID is whose they were
	EventContactCreated      EventKind = "contact.created"
	EventContactChanged      EventKind = "contact.changed"
	EventContactDeleted      EventKind = "contact.deleted"            // SubjectID
	EventIdentityBlocked     EventKind = "identity.blocked"           // SubjectID is the contact; Changes name the identity and the reason
	EventIdentityUnblocked   EventKind = "identity.unblocked"         // SubjectID is the contact
	EventIdentityOptedOut    EventKind = "identity.opted_out"         // a member wrote it down; SubjectID is the contact
	EventIdentityOptedIn     EventKind = "identity.opted_in"          // a member took that back; SubjectID is the contact; Changes name the reason
	EventOptOutDismissed     EventKind = "identity.opt_out_dismissed" // a suspicion; SubjectID is the contact
	EventTicketDeleted       EventKind = "ticket.deleted"             // SubjectID is the ticket
	EventFieldChanged        EventKind = "field.changed"              // SubjectID
	EventExportRequested     EventKind = "export.requested"           // SubjectID
	EventExportEnded         EventKind = "export.ended"               // SubjectID; Changes say how
	EventExportDownloaded    EventKind = "export.downloaded"          // SubjectID
	EventContactNoteChanged  EventKind = "contact_note.changed"
	EventConversationRead    EventKind = "conversation.read" // a member read up to Seq; UserID
	EventCustomerRead        EventKind = "conversation.seen" // the customer read up to Seq
	EventDraftChanged        EventKind = "draft.changed"     // UserID's own
	EventScheduledChanged    EventKind = "scheduled.changed" // a reply that waits was written, changed, sent or taken back, or came back; SubjectID; UserID wrote it
	EventReminderChanged     EventKind = "reminder.changed"  // UserID's own; SubjectID
	EventAvailabilityChanged EventKind = "availability.changed"
	EventOfferChanged        EventKind = "offer.changed" // UserID's own; SubjectID; Changes have its state
	EventCustomAvailability  EventKind = "custom_availability.changed"
	EventMemberChanged       EventKind = "member.changed"
	EventTeamChanged         EventKind = "team.changed"
	EventTagChanged          EventKind = "tag.changed"
	EventChannelChanged      EventKind = "channel.changed"
	EventNotified            EventKind = "notification.created" // SubjectID; UserID's own, 0 = of everybody who manages channels
	EventScheduleChanged     EventKind = "schedule.changed"
	EventWorkspaceChanged    EventKind = "workspace.changed"
	EventBrandChanged        EventKind = "brand.changed"
	EventCannedReplyChanged  EventKind = "canned_reply.changed"
	EventSavedViewChanged    EventKind = "saved_view.changed" // SubjectID; UserID's own, 0 = a shared one
	EventRoutingChanged      EventKind = "routing.changed"    // SubjectID is the rule
	EventSurveyChanged       EventKind = "survey.changed"     // SubjectID; see SurveyEvent
	EventSLAPolicyChanged    EventKind = "sla_policy.changed" // SubjectID
	EventSLAChanged          EventKind = "sla.changed"        // what a conversation's row says of its case's promises
	EventSLAWarned           EventKind = "sla.warned"         // three quarters of a target are over (E17); Changes name the metric
	EventSLABreached         EventKind = "sla.breached"       // a target has passed; Changes name the metric
	EventVisitorTracked      EventKind = "visitor.tracked"    // a host page's track() call
	EventMacroChanged        EventKind = "macro.changed"
	EventTriggerChanged      EventKind = "trigger.changed"
	EventSurveyWanted        EventKind = "survey.wanted" // an action asks for one once the ticket is resolved
)

// ActorKind says who did it.
type ActorKind string

// The actors.
const (
	ActorUser     ActorKind = "user"
	ActorAPIKey   ActorKind = "api_key"
	ActorCustomer ActorKind = "customer"
	ActorSystem   ActorKind = "system"
)

// Actor is who caused an event.
type Actor struct {
	Kind ActorKind `json:"kind"`
	ID   ID        `json:"id,omitempty"`
}

// Event is one thing that happened, kept in commit order per workspace: the truth for everything around the desk.
type Event struct {
	Seq            int64 // position in the workspace's log, given by the store at commit: dense enough to follow, never reused
	Kind           EventKind
	At             time.Time
	Actor          Actor
	ConversationID ID
	TicketID       ID
	MessageID      ID
	SubjectID      ID // the contact, member, channel, tag … that it is about, where it is none of the above
	UserID         ID // for events that concern one member only (reads, drafts); whose a scheduled reply is; of a changed ticket, the member that a program acted for
	MessageSeq     int64
	Changes        []Change // what changed, for system lines, audit and reports
}

// Change is one field's old and new value, as text.
type Change struct {
	Field string `json:"field"`
	From  string `json:"from,omitempty"`
	To    string `json:"to,omitempty"`
}
