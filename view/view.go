// Package view holds the records as the browser sees them: the JSON of the REST API and of the live socket, one set of
// types for both, so that a patch and a page can never disagree. Unset times and references are absent.
package view

import (
	"madoguchi/desk"
)

// Row is one line of the inbox: a conversation with its latest ticket, as one member sees it (G1.2).
type Row struct {
	ID             desk.ID    `json:"id"`
	ChannelID      desk.ID    `json:"channel_id"`
	ChannelKind    string     `json:"channel_kind"`
	IdentityID     desk.ID    `json:"identity_id" doc:"Whom of the contact's identities it reaches"`
	Contact        RowContact `json:"contact"`
	Ticket         RowTicket  `json:"ticket"`
	Preview        Preview    `json:"preview"`
	LastActivityAt Time       `json:"last_activity_at" format:"date-time"`
	LastSeq        int64      `json:"last_seq" doc:"Seq of the newest message of any kind"`
	LastInboundSeq int64      `json:"last_inbound_seq" doc:"Seq of the newest customer message"`
	ReadSeq        int64      `json:"read_seq" doc:"How far the asking member has read"`
	Unread         int        `json:"unread" doc:"Customer messages after read_seq, at most 99; 0 where they are no news to the asking member"`
	Concerns       bool       `json:"concerns" doc:"What the customer writes is news to the asking member: the case is theirs, waits in their queue, or a note named them"`
	Draft          bool       `json:"draft" doc:"The asking member has unsent text here: a draft, or a scheduled reply that came back"`
	Failed         bool       `json:"failed" doc:"A message of ours here failed"`
	Language       string     `json:"language,omitempty" doc:"The customer's"`
	Existing       bool       `json:"existing,omitempty" doc:"The customer had a case before this one"`
	Attached       bool       `json:"attached,omitempty" doc:"A file was sent here, by either side"`
	MentionedIDs   []desk.ID  `json:"mentioned_ids,omitempty" doc:"Members whom a note here named"`
	ReplyUntil     Time       `json:"reply_until,omitzero" format:"date-time" doc:"When a member may write no more; absent on channels without a window"`
	Standing       *Standing  `json:"standing,omitempty" doc:"Whether and until when the person may be written to, where that is not always"`
	Version        int64      `json:"version"`
}

// RowContact is what a row shows of the customer.
type RowContact struct {
	ID        desk.ID `json:"id"`
	Name      string  `json:"name"`
	AvatarURL string  `json:"avatar_url,omitempty"`
	Blocked   bool    `json:"blocked"`
}

// RowTicket is what a row shows of the latest ticket.
type RowTicket struct {
	ID           desk.ID           `json:"id"`
	Number       int64             `json:"number"`
	Status       desk.TicketStatus `json:"status" enum:"bot,queued,open,pending,snoozed,resolved"`
	Reason       desk.Reason       `json:"reason,omitempty" enum:"manual,bot,customer_confirmed,auto_closed,opt_out,spam,merged"`
	Priority     desk.Priority     `json:"priority" enum:"low,normal,high,urgent"`
	AssigneeID   desk.ID           `json:"assignee_id" doc:"0 = nobody"`
	TeamID       desk.ID           `json:"team_id" doc:"0 = no team"`
	TagIDs       []desk.ID         `json:"tag_ids"`
	JoinedIDs    []desk.ID         `json:"joined_ids,omitempty" doc:"Supervisors who take part"`
	SnoozedUntil Time              `json:"snoozed_until,omitzero" format:"date-time"`
	WaitSince    Time              `json:"wait_since,omitzero" format:"date-time" doc:"The earliest customer message that no human answered"`
	SLA          desk.SLAState     `json:"sla,omitempty" enum:"ok,warning,breached,paused" doc:"The most urgent of what is promised; warning: three quarters are over"`
	SLADue       Time              `json:"sla_due,omitzero" format:"date-time" doc:"When the first of what is promised runs out; none while no clock runs"`
}

// Preview is the line of a row that says what was last said.
type Preview struct {
	Author desk.AuthorKind `json:"author" doc:"customer, human, bot or automation; empty while nobody has spoken"`
	Name   string          `json:"name"`
	Kind   desk.PartKind   `json:"kind" doc:"What to call it when text is empty: image, file, …"`
	Text   string          `json:"text"`
}

// Counts are the sizes of the inbox's views for one member.
type Counts struct {
	Mine             int64            `json:"mine"`
	MineUnread       int64            `json:"mine_unread" doc:"With news for the member: at most 100, shown as 99+, as each unread below"`
	Unassigned       int64            `json:"unassigned"`
	UnassignedUnread int64            `json:"unassigned_unread" doc:"Without other teams' queues"`
	Unread           int64            `json:"unread" doc:"Conversations with news for the member, wherever they are"`
	All              int64            `json:"all"`
	Waiting          int64            `json:"waiting"`
	Replied          int64            `json:"replied"`
	Snoozed          int64            `json:"snoozed"`
	Resolved         int64            `json:"resolved"`
	Mentions         int64            `json:"mentions" doc:"Unresolved ones; at most 100, as the three after it"`
	MentionsUnread   int64            `json:"mentions_unread"`
	Failed           int64            `json:"failed"`
	Blocked          int64            `json:"blocked"`
	WaitingUnread    int64            `json:"waiting_unread"`
	RepliedUnread    int64            `json:"replied_unread"`
	SnoozedUnread    int64            `json:"snoozed_unread"`
	FailedUnread     int64            `json:"failed_unread"`
	BlockedUnread    int64            `json:"blocked_unread"`
	Teams            map[string]int64 `json:"teams" doc:"Unresolved tickets by team id"`
	TeamsUnread      map[string]int64 `json:"teams_unread" doc:"Those with news for the member, by team id; without teams that have none"`
}

// SavedSize is how large a saved view is for one member.
type SavedSize struct {
	ID     desk.ID `json:"id"`
	Count  int     `json:"count" doc:"At most 100, shown as 99+"`
	More   bool    `json:"more,omitempty" doc:"There may be more than count"`
	Unread int     `json:"unread" doc:"Those that are unread for the member, at most 100"`
}

// Message is one thing said or noted in a conversation.
type Message struct {
	ID             desk.ID             `json:"id"`
	ConversationID desk.ID             `json:"conversation_id"`
	TicketID       desk.ID             `json:"ticket_id"`
	Seq            int64               `json:"seq" doc:"1, 2, 3 … within the conversation"`
	Author         Author              `json:"author"`
	Parts          []Part              `json:"parts"`
	System         *System             `json:"system,omitempty"`
	ClientID       string              `json:"client_id,omitempty"`
	Status         desk.DeliveryStatus `json:"status" enum:",queued,sending,unknown,sent,delivered,read,failed" doc:"Empty for what is never delivered: inbound, notes, system lines"`
	Fault          *Fault              `json:"fault,omitempty"`
	At             Time                `json:"at" format:"date-time"`
	ReceivedAt     Time                `json:"received_at" format:"date-time"`
	Late           bool                `json:"late" doc:"Inserted before messages already shown"`
	ReplyToID      desk.ID             `json:"reply_to_id,omitempty"`
	Version        int64               `json:"version" doc:"The higher one is the newer state"`
	DeletedAt      Time                `json:"deleted_at,omitzero" format:"date-time" doc:"Its words and files were deleted then"`
	DeletedBy      desk.ID             `json:"deleted_by,omitempty" doc:"0 = the customer took it back"`
	Choice         string              `json:"choice,omitempty" doc:"The id of the option that was picked"`
	Referral       *desk.Referral      `json:"referral,omitempty" doc:"Where the customer came from with it"`
	Reactions      []desk.Reaction     `json:"reactions,omitempty"`
	EditedAt       Time                `json:"edited_at,omitzero" format:"date-time"`
	Editions       []Edition           `json:"editions,omitempty" doc:"What it said before, oldest first"`
	Elsewhere      bool                `json:"elsewhere,omitempty" doc:"Sent by us from another program"`
	WhisperTo      desk.ID             `json:"whisper_to,omitempty" doc:"A supervisor's note to this member, who had the case then"`
	Template       string              `json:"template,omitempty" doc:"The name of the template it was sent from"`
}

// Edition is what a message said before its writer changed it.
type Edition struct {
	Parts []Part `json:"parts"`
	Until Time   `json:"until" format:"date-time"`
}

// Template is a message that a provider approved for writing outside the window.
type Template struct {
	ID        desk.ID               `json:"id"`
	ChannelID desk.ID               `json:"channel_id"`
	Name      string                `json:"name"`
	Language  string                `json:"language"`
	Category  string                `json:"category" doc:"marketing, utility, authentication"`
	Status    desk.TemplateStatus   `json:"status" doc:"The provider's word, in lower case"`
	Sendable  bool                  `json:"sendable"`
	Reason    string                `json:"reason,omitempty" doc:"Why it was rejected, the provider's word"`
	Quality   string                `json:"quality,omitempty"`
	Header    *desk.TemplateHeader  `json:"header,omitempty"`
	Text      string                `json:"text" doc:"With {{1}} or {{name}}"`
	Variables []string              `json:"variables" doc:"What text and header leave open; the header's begin with header."`
	Footer    string                `json:"footer,omitempty"`
	Buttons   []desk.TemplateButton `json:"buttons,omitempty"`
	Samples   map[string]string     `json:"samples,omitempty"`
	UpdatedAt Time                  `json:"updated_at" format:"date-time"`
}

// Notification is something that a member was told beside the messages themselves.
type Notification struct {
	ID             desk.ID           `json:"id"`
	ChannelID      desk.ID           `json:"channel_id"`
	ChannelName    string            `json:"channel_name"`
	ConversationID desk.ID           `json:"conversation_id" doc:"0 = it is about the channel"`
	ContactName    string            `json:"contact_name,omitempty" doc:"Of the conversation, as it is now"`
	Code           string            `json:"code" doc:"An alert of the channel's health, template_status or template_category; assigned or mentioned, of a conversation"`
	Severity       desk.Severity     `json:"severity" enum:"error,warning,info"`
	Params         map[string]string `json:"params" doc:"reason, until, check, at, days or since; name, language, status, from and to of a template; by and message of a conversation"`
	Stands         bool              `json:"stands" doc:"It is an alert, and the channel still has it; or somebody still waits"`
	At             Time              `json:"at" format:"date-time"`
}

// Author is who wrote a message.
type Author struct {
	Kind      desk.AuthorKind `json:"kind" enum:"customer,human,bot,automation,system,note"`
	ID        desk.ID         `json:"id" doc:"User, contact or bot; 0 if none"`
	Name      string          `json:"name"`
	AvatarURL string          `json:"avatar_url,omitempty"`
}

// System is a quiet line, rendered in the viewer's language from its code.
type System struct {
	Code   string            `json:"code"`
	Params map[string]string `json:"params,omitempty"`
}

// Fault says why a message was not delivered.
type Fault struct {
	Kind   string `json:"kind"`
	Code   string `json:"code" doc:"The provider's code"`
	Detail string `json:"detail,omitempty" doc:"The provider's words"`
	Last   *Last  `json:"last,omitempty" doc:"Of what expired: the refusal that it waited out"`
}

// Last is the refusal before a message expired.
type Last struct {
	Kind string `json:"kind"`
	Code string `json:"code" doc:"The provider's code"`
}

// Part is one piece of a message. Marks count in UTF-16 units.
type Part struct {
	Kind         desk.PartKind  `json:"kind" enum:"text,image,audio,video,file,location,choices,cards,order,product,unknown"`
	Text         string         `json:"text,omitempty"`
	Marks        []Mark         `json:"marks,omitempty"`
	AttachmentID desk.ID        `json:"attachment_id,omitempty"`
	Attachment   *Attachment    `json:"attachment,omitempty" doc:"Filled by the server"`
	AsLink       bool           `json:"as_link,omitempty" doc:"The file goes as an address in the text, which opens it for 7 days: for what the channel does not carry. Notes and our own channels have no use for it"`
	Location     *desk.Location `json:"location,omitempty"`
	Choices      []desk.Choice  `json:"choices,omitempty"`
	Cards        []desk.Card    `json:"cards,omitempty"`
	Items        []desk.Item    `json:"items,omitempty" doc:"The goods of an order, or that the message is about"`
	Sticker      bool           `json:"sticker,omitempty"`
	Voice        bool           `json:"voice,omitempty" doc:"A sound that was spoken for this message; where the channel has voice messages it goes as one"`
	Media        string         `json:"media,omitempty" enum:"fetching,missing,refused,gone" doc:"A customer's file that is not here yet, could not be fetched, is not taken here, or that the provider has no more"`
	MediaName    string         `json:"media_name,omitempty"`
}

// Mark is formatting over a piece of text.
type Mark struct {
	Kind   desk.MarkKind `json:"kind" enum:"bold,italic,strike,code,link,list_item,mention"`
	Start  int           `json:"start" minimum:"0"`
	End    int           `json:"end" minimum:"0"`
	Href   string        `json:"href,omitempty"`
	UserID desk.ID       `json:"user_id,omitempty"`
}

// Attachment is a stored file with the addresses it is fetched from.
type Attachment struct {
	ID             desk.ID       `json:"id"`
	Kind           desk.PartKind `json:"kind" enum:"image,audio,video,file"`
	Name           string        `json:"name"`
	MIME           string        `json:"mime"`
	Size           int64         `json:"size" doc:"Bytes"`
	Width          int           `json:"width,omitempty"`
	Height         int           `json:"height,omitempty"`
	URL            string        `json:"url"`
	ThumbURL       string        `json:"thumb_url,omitempty"`
	MessageID      desk.ID       `json:"message_id,omitempty"`
	ConversationID desk.ID       `json:"conversation_id,omitempty"`
	CreatedAt      Time          `json:"created_at" format:"date-time"`
}

// Contact is a customer with every way we know them by.
type Contact struct {
	ID         desk.ID           `json:"id"`
	Name       string            `json:"name"`
	Email      string            `json:"email"`
	Phone      string            `json:"phone"`
	Locale     string            `json:"locale"`
	Zone       string            `json:"zone"`
	ExternalID string            `json:"external_id"`
	Fields     map[string]string `json:"fields"`
	CreatedAt  Time              `json:"created_at" format:"date-time"`
	UpdatedAt  Time              `json:"updated_at" format:"date-time"`
	Version    int64             `json:"version"`
	Identities []Identity        `json:"identities"`
	Visitor    *Visitor          `json:"visitor,omitempty" doc:"The browser last seen, for web chat"`
	OpenCase   bool              `json:"open_case,omitempty" doc:"Has an unresolved ticket; in lists only"`
}

// Identity is one way a contact reaches us.
type Identity struct {
	ID        desk.ID `json:"id"`
	Kind      string  `json:"kind"`
	ChannelID desk.ID `json:"channel_id"`
	Name      string  `json:"name"`
	// What tells two identities of one contact on one channel apart (G2.11).
	ExternalID string `json:"external_id" doc:"The provider's id of the person"`
	Alias      string `json:"alias,omitempty" doc:"Another id of theirs there: a phone number beside a user id"`
	LastInAt   Time   `json:"last_in_at,omitzero" format:"date-time" doc:"When they last wrote"`

	Blocked   bool    `json:"blocked"`
	BlockedAt Time    `json:"blocked_at,omitzero" format:"date-time"`
	BlockedBy desk.ID `json:"blocked_by,omitempty"`
	Reason    string  `json:"blocked_reason,omitempty" doc:"Why, in the member's words"`
	// How the person stands towards us, on channels where that decides what may be sent.
	Standing *Standing `json:"standing,omitempty"`
	Reach    string    `json:"reach,omitempty" enum:"reachable,blocked,channel_off,opted_out,unreachable,left" doc:"Whether a reply would arrive: left = the browser logged out, unreachable = they blocked us; absent in lists"`
}

// Standing is whether and until when a person may be written to (C1, B3).
type Standing struct {
	WindowUntil Time   `json:"window_until,omitzero" format:"date-time" doc:"When our permission to write ends"`
	WindowLeft  int    `json:"window_left,omitempty" doc:"Messages left in it, where the channel counts"`
	Counted     bool   `json:"counted,omitempty"`
	HumanUntil  Time   `json:"human_until,omitzero" format:"date-time" doc:"Until then a member, but no machine, may write"`
	FreeUntil   Time   `json:"free_until,omitzero" format:"date-time" doc:"Until then messages cost nothing"`
	TemplateAt  Time   `json:"template_at,omitzero" format:"date-time" doc:"A template went out and nobody answered yet"`
	Unreachable Time   `json:"unreachable,omitzero" format:"date-time" doc:"They blocked us, or nothing arrives"`
	OptedOutAt  Time   `json:"opted_out_at,omitzero" format:"date-time"`
	OptOutBy    string `json:"opt_out_by,omitempty" doc:"The word they sent, provider, or member"`
	SuspectedAt Time   `json:"suspected_at,omitzero" format:"date-time" doc:"An opt-out in other words, to be decided"`
	MailStopped Time   `json:"mail_stopped_at,omitzero" format:"date-time" doc:"They want no e-mails about unread replies"`
}

// Visitor is the browser a web chat contact was last seen in.
type Visitor struct {
	PageURL   string `json:"page_url"`
	PageTitle string `json:"page_title"`
	UserAgent string `json:"user_agent"`
	SeenAt    Time   `json:"seen_at,omitzero" format:"date-time"`
	Locale    string `json:"locale"`
}

// ContactNote is what the team wrote about a contact.
type ContactNote struct {
	ID        desk.ID `json:"id"`
	ContactID desk.ID `json:"contact_id"`
	AuthorID  desk.ID `json:"author_id"`
	Body      string  `json:"body"`
	CreatedAt Time    `json:"created_at" format:"date-time"`
	UpdatedAt Time    `json:"updated_at" format:"date-time"`
}

// Ticket is one numbered case, for the customer's history.
type Ticket struct {
	ID             desk.ID           `json:"id"`
	Number         int64             `json:"number"`
	ConversationID desk.ID           `json:"conversation_id"`
	ChannelID      desk.ID           `json:"channel_id"`
	ContactID      desk.ID           `json:"contact_id"`
	Status         desk.TicketStatus `json:"status" enum:"bot,queued,open,pending,snoozed,resolved"`
	Reason         desk.Reason       `json:"reason,omitempty" enum:"manual,bot,customer_confirmed,auto_closed,opt_out,spam,merged"`
	Priority       desk.Priority     `json:"priority" enum:"low,normal,high,urgent"`
	AssigneeID     desk.ID           `json:"assignee_id" doc:"0 = nobody"`
	TeamID         desk.ID           `json:"team_id" doc:"0 = no team"`
	TagIDs         []desk.ID         `json:"tag_ids"`
	SnoozedUntil   Time              `json:"snoozed_until,omitzero" format:"date-time"`
	WaitSince      Time              `json:"wait_since,omitzero" format:"date-time"`
	CreatedAt      Time              `json:"created_at" format:"date-time"`
	ResolvedAt     Time              `json:"resolved_at,omitzero" format:"date-time"`
	ReopenedCount  int               `json:"reopened_count"`
	MergedIntoID   desk.ID           `json:"merged_into_id,omitempty" doc:"With reason merged: the case that its messages lie under"`
	Fields         map[string]string `json:"fields" doc:"The workspace's own fields, by key"`
	RoutingRuleID  desk.ID           `json:"routing_rule_id,omitempty" doc:"The routing rule that decided where it went first, if one did"`
	RoutingRule    string            `json:"routing_rule,omitempty" doc:"Its name, for one ticket alone; none once it was deleted"`
	SLA            *SLA              `json:"sla,omitempty" doc:"What is promised, as far as anything is"`
	Survey         *Survey           `json:"survey,omitempty" doc:"How the customer rated the case, once they were asked"`
	Version        int64             `json:"version"`
}

// SLA is what is promised of a ticket (E17).
type SLA struct {
	PolicyID desk.ID    `json:"policy_id"`
	Policy   string     `json:"policy" doc:"Its name"`
	Clocks   []SLAClock `json:"clocks"`
}

// SLAClock is how one promise stands.
type SLAClock struct {
	Metric     desk.SLAMetric `json:"metric" enum:"first_response,next_response,resolution"`
	State      desk.SLAState  `json:"state" enum:"ok,warning,breached,paused"`
	Minutes    int            `json:"minutes" doc:"What is promised"`
	DueAt      Time           `json:"due_at,omitzero" format:"date-time" doc:"While it runs: when it runs out"`
	EndedAt    Time           `json:"ended_at,omitzero" format:"date-time" doc:"When it was kept, or broken and done with"`
	BreachedAt Time           `json:"breached_at,omitzero" format:"date-time"`
}

// Survey is the question how a case was handled, and its answer (B4).
type Survey struct {
	State      desk.SurveyState `json:"state" enum:"sent,answered,interrupted,expired,skipped,failed" doc:"interrupted: the conversation went on; skipped: not sent; failed: sent, and did not arrive"`
	Reason     string           `json:"reason,omitempty" doc:"With skipped: the code of what forbade it; with failed: the kind of the refusal, or its code"`
	Score      int              `json:"score" minimum:"0" maximum:"5" doc:"1 to 5, 0 = none"`
	Comment    string           `json:"comment"`
	AgentID    desk.ID          `json:"agent_id" doc:"Whom the score is of: who replied last; 0 = nobody"`
	SentAt     Time             `json:"sent_at" format:"date-time" doc:"With skipped: when that was decided"`
	AnsweredAt Time             `json:"answered_at,omitzero" format:"date-time" doc:"The newest rating"`
}

// Member is a person of the team.
type Member struct {
	UserID       desk.ID           `json:"user_id"`
	Role         desk.Role         `json:"role" enum:"viewer,agent,supervisor,admin,owner"`
	CustomRole   desk.ID           `json:"custom_role_id,omitempty" doc:"The workspace's own role that they have, based on role"`
	Answers      bool              `json:"answers" doc:"They can have cases"`
	Name         string            `json:"name"`
	DisplayName  string            `json:"display_name" doc:"What customers see"`
	Email        string            `json:"email"`
	AvatarURL    string            `json:"avatar_url,omitempty"`
	Active       bool              `json:"active"`
	Scope        desk.Scope        `json:"scope" enum:"all,team,own" doc:"Which conversations this member sees (J2)"`
	Grants       []string          `json:"grants" doc:"Permissions beyond the role"`
	Availability desk.Availability `json:"availability" enum:"online,transfer_only,away,offline"`
	CustomID     desk.ID           `json:"custom_availability_id,omitempty" doc:"The status of the workspace's own that they chose, while it is in force"`
	Capacity     int               `json:"capacity" doc:"How many slots of work at once, 0 = the workspace's (E7)"`
	ChannelIDs   []desk.ID         `json:"channel_ids,omitempty" doc:"Whose customers the desk gives them; none = every channel's (E4)"`
}

// Team is a group of members that tickets are handed to.
type Team struct {
	ID        desk.ID         `json:"id"`
	Name      string          `json:"name"`
	MemberIDs []desk.ID       `json:"member_ids" doc:"In the order in which equals get work"`
	Mode      desk.TeamMode   `json:"mode" enum:"manual,round_robin,spare" doc:"How tickets find somebody (E3)"`
	Accept    desk.AcceptMode `json:"accept" enum:"automatic,offer" doc:"Whether a member is asked first (E12)"`
	Ageing    bool            `json:"ageing" doc:"A ticket climbs one priority per hour in the queue (E10)"`
}

// Offer asks the member who reads it whether they take a ticket (E12).
type Offer struct {
	ID             desk.ID         `json:"id"`
	TicketID       desk.ID         `json:"ticket_id"`
	ConversationID desk.ID         `json:"conversation_id"`
	State          desk.OfferState `json:"state" enum:"open,accepted,declined,expired,withdrawn"`
	MadeAt         Time            `json:"made_at" format:"date-time"`
	Until          Time            `json:"until" format:"date-time"`
}

// CustomAvailability is a status of the workspace's own, which means one of the four (E8).
type CustomAvailability struct {
	ID        desk.ID           `json:"id"`
	Name      string            `json:"name"`
	Means     desk.Availability `json:"means" enum:"online,transfer_only,away,offline"`
	Reassigns bool              `json:"reassigns" doc:"Whoever chooses it gives back at once what customers wait for (E15)"`
	Position  int               `json:"position"`
}

// Tag is a label on tickets.
type Tag struct {
	ID    desk.ID `json:"id"`
	Name  string  `json:"name"`
	Color string  `json:"color" doc:"A name of the palette, empty = neutral"`
}

// Draft is a member's unsent text.
type Draft struct {
	ConversationID desk.ID `json:"conversation_id"`
	Mode           string  `json:"mode" enum:"reply,note"`
	Parts          []Part  `json:"parts"`
	ReplyToID      desk.ID `json:"reply_to_id,omitempty"`
	UpdatedAt      Time    `json:"updated_at" format:"date-time"`
}

// Field defines one of the workspace's own fields.
type Field struct {
	ID        desk.ID            `json:"id"`
	Subject   desk.FieldSubject  `json:"subject" enum:"contact,ticket"`
	Key       string             `json:"key" doc:"What records call it; never changes"`
	Kind      desk.FieldKind     `json:"kind" enum:"text,number,date,choice,choices,checkbox,link"`
	Label     desk.Labels        `json:"label"`
	Options   []desk.FieldOption `json:"options" doc:"Of choice and choices"`
	Required  bool               `json:"required" doc:"A value, once given, is not taken away again"`
	Position  int                `json:"position"`
	RetiredAt Time               `json:"retired_at,omitzero" format:"date-time" doc:"Deleted; its values are kept until they are erased"`
	Version   int64              `json:"version"`
}

// HeldMessage is what a blocked person wrote (F12).
type HeldMessage struct {
	ID         desk.ID `json:"id"`
	IdentityID desk.ID `json:"identity_id"`
	ChannelID  desk.ID `json:"channel_id"`
	Parts      []Part  `json:"parts"`
	At         Time    `json:"at" format:"date-time"`
	GoesAt     Time    `json:"goes_at" format:"date-time" doc:"When it will be deleted"`
}
