package desk

import (
	"slices"
	"time"
)

// AuthorKind says who speaks (0.15). Only AuthorHuman counts for response metrics.
type AuthorKind string

// The author kinds.
const (
	AuthorCustomer   AuthorKind = "customer"
	AuthorHuman      AuthorKind = "human"
	AuthorBot        AuthorKind = "bot"
	AuthorAutomation AuthorKind = "automation"
	AuthorSystem     AuthorKind = "system" // a quiet line: assigned, resolved, …
	AuthorNote       AuthorKind = "note"   // internal, never leaves the desk
)

// Inbound reports whether the customer wrote it.
func (k AuthorKind) Inbound() bool { return k == AuthorCustomer }

// Spoken reports whether a person or machine said something to the other side: what previews may show.
func (k AuthorKind) Spoken() bool {
	return k == AuthorCustomer || k == AuthorHuman || k == AuthorBot || k == AuthorAutomation
}

// PartKind is a kind of content.
type PartKind string

// The part kinds.
const (
	PartText     PartKind = "text"
	PartImage    PartKind = "image"
	PartAudio    PartKind = "audio"
	PartVideo    PartKind = "video"
	PartFile     PartKind = "file"
	PartLocation PartKind = "location"
	PartChoices  PartKind = "choices"
	PartCards    PartKind = "cards"   // address cards of people
	PartOrder    PartKind = "order"   // goods that the customer wants (G7.8)
	PartProduct  PartKind = "product" // goods that the message is about
	PartUnknown  PartKind = "unknown" // kept raw, shown as "cannot be displayed" (G2.4)
)

// File reports whether a part of this kind is a file.
func (k PartKind) File() bool {
	return k == PartImage || k == PartAudio || k == PartVideo || k == PartFile
}

// Part is one piece of a message.
type Part struct {
	Kind         PartKind    `json:"kind"`
	Text         string      `json:"text,omitempty"`          // plain text
	Marks        []Mark      `json:"marks,omitempty"`         // formatting over Text
	AttachmentID ID          `json:"attachment_id,omitempty"` // image, audio, video, file
	Attachment   *Attachment `json:"attachment,omitempty"`    // filled by readers
	AsLink       bool        `json:"as_link,omitempty"`       // the file goes as an address in the text (B5.1, B5.3)
	Location     *Location   `json:"location,omitempty"`
	Choices      []Choice    `json:"choices,omitempty"`
	Cards        []Card      `json:"cards,omitempty"`
	Items        []Item      `json:"items,omitempty"`   // order, product
	Sticker      bool        `json:"sticker,omitempty"` // an image that is a sticker, a video that is one
	Voice        bool        `json:"voice,omitempty"`   // an audio that was spoken for this message
	// MediaRef names a file that the provider keeps for its connector until it is fetched and AttachmentID is set; never
	// shown. Media says how that goes.
	MediaRef  string     `json:"media_ref,omitempty"`
	MediaName string     `json:"media_name,omitempty"`
	Media     MediaState `json:"media,omitempty"`
}

// MediaState is how far a customer's file came.
type MediaState string

// The states; "" is a file that is here, or no file.
const (
	MediaFetching MediaState = "fetching"
	MediaMissing  MediaState = "missing" // the provider did not give it; it may be asked for again (B5.4)
	MediaRefused  MediaState = "refused" // too large, or of a kind that is not taken here; again once that was changed
	MediaGone     MediaState = "gone"    // the provider has it no more
)

// Again reports whether asking for the file once more may bring it.
func (s MediaState) Again() bool { return s == MediaMissing || s == MediaRefused }

// Card is a person's address card, as somebody sent it.
type Card struct {
	Name   string   `json:"name"`
	Phones []string `json:"phones,omitempty"`
	Emails []string `json:"emails,omitempty"`
	Org    string   `json:"org,omitempty"`
}

// Referral is where a customer came from.
type Referral struct {
	Source string `json:"source"`          // "ad", "post", "link", "story", …: the provider's word
	ID     string `json:"id,omitempty"`    // of the ad or post, or the link's parameter
	Title  string `json:"title,omitempty"` // as people see it
	URL    string `json:"url,omitempty"`
}

// Reaction is an emoji on a message.
type Reaction struct {
	Author AuthorKind `json:"author"`
	ID     ID         `json:"id,omitempty"` // the contact or member
	Emoji  string     `json:"emoji"`
	At     time.Time  `json:"at"`
}

// Edition is what a message said before its writer changed it (G2.9).
type Edition struct {
	Parts []Part    `json:"parts"`
	Until time.Time `json:"until"`
}

// MarkKind is a kind of formatting (G4.2).
type MarkKind string

// The marks a channel may know.
const (
	MarkBold   MarkKind = "bold"
	MarkItalic MarkKind = "italic"
	MarkStrike MarkKind = "strike"
	MarkCode   MarkKind = "code"
	MarkLink   MarkKind = "link"
	MarkItem   MarkKind = "list_item" // the whole line is a list item
	MarkUser   MarkKind = "mention"   // notes only; UserID says whom
)

// Mark is formatting over Text[Start:End], counted in UTF-16 units (what browsers and most providers count in).
type Mark struct {
	Kind   MarkKind `json:"kind"`
	Start  int      `json:"start"`
	End    int      `json:"end"`
	Href   string   `json:"href,omitempty"`    // http, https, mailto or tel only
	UserID ID       `json:"user_id,omitempty"` // mention
}

// FieldMention names in a message's event each member that it mentions.
const FieldMention = "mention"

// Mentioned lists the members whom a note mentions, each once.
func (m Message) Mentioned() (all []ID) {
	for _, p := range m.Parts {
		for _, mark := range p.Marks {
			if mark.Kind == MarkUser && !slices.Contains(all, mark.UserID) {
				all = append(all, mark.UserID)
			}
		}
	}
	return all
}

// Location is a place sent by somebody.
type Location struct {
	Lat   float64 `json:"lat"`
	Lng   float64 `json:"lng"`
	Label string  `json:"label,omitempty"`
}

// Choice is an option offered to the customer; its ID, never its label, is the key (D2.4).
type Choice struct {
	ID    string `json:"id"`
	Label string `json:"label"`
}

// Attachment is a stored file.
type Attachment struct {
	ID             ID        `json:"id"`
	ConversationID ID        `json:"conversation_id,omitempty"`
	MessageID      ID        `json:"message_id,omitempty"` // 0 while only uploaded
	Kind           PartKind  `json:"kind"`                 // image, audio, video or file, from the bytes
	Name           string    `json:"name"`
	MIME           string    `json:"mime"` // sniffed, not believed
	Size           int64     `json:"size"` // bytes
	Width          int       `json:"width,omitempty"`
	Height         int       `json:"height,omitempty"`
	Key            string    `json:"-"` // blob key
	ThumbKey       string    `json:"-"` // blob key of the thumbnail, "" if none
	UploadedBy     ID        `json:"-"` // user, or visitor for customers
	CreatedAt      time.Time `json:"created_at"`
}

// DeliveryStatus is how far a message of ours came (G2.3). It only climbs; see Climb.
type DeliveryStatus string

// The delivery statuses. "" is the status of what is never delivered: inbound, notes, system lines.
const (
	DeliveryQueued    DeliveryStatus = "queued"
	DeliverySending   DeliveryStatus = "sending"
	DeliveryUnknown   DeliveryStatus = "unknown"
	DeliverySent      DeliveryStatus = "sent"
	DeliveryDelivered DeliveryStatus = "delivered"
	DeliveryRead      DeliveryStatus = "read"
	DeliveryFailed    DeliveryStatus = "failed"
)

var deliveryRank = map[DeliveryStatus]int{
	"": 0, DeliveryQueued: 1, DeliverySending: 2, DeliveryUnknown: 2, DeliverySent: 3, DeliveryFailed: 4, DeliveryDelivered: 5, DeliveryRead: 6,
}

// Climb returns the status after news arrived: never backwards; failed replaces only what is below delivered, and a
// later proof of delivery replaces failed (G2.3).
func (s DeliveryStatus) Climb(news DeliveryStatus) DeliveryStatus {
	if s == DeliverySending && news == DeliveryUnknown {
		return news
	}
	if s == DeliveryFailed && news == DeliverySent {
		return s
	}
	if deliveryRank[news] > deliveryRank[s] {
		return news
	}
	return s
}

// Author is who wrote a message, as it was then.
type Author struct {
	Kind AuthorKind `json:"kind"`
	ID   ID         `json:"id,omitempty"` // user, contact or bot
	Name string     `json:"name,omitempty"`
}

// SystemLine is a quiet line in the thread: a stable code and its parameters, rendered in the viewer's language.
type SystemLine struct {
	Code   string            `json:"code"` // "ticket_opened", "assigned", "resolved", …
	Params map[string]string `json:"params,omitempty"`
}

// Message is one thing said (or noted) in a conversation.
type Message struct {
	ID             ID
	ConversationID ID
	TicketID       ID
	Seq            int64 // 1, 2, 3 … within the conversation, in the order written
	Author         Author
	Parts          []Part
	System         *SystemLine // with AuthorSystem only
	ClientID       string      // minted by whoever wrote it; unique per conversation and writer, makes retries harmless
	ExternalID     string      // the provider's id, "" if none
	QuoteRef       string      // what the provider wants to hear to quote it, "" where its id is enough
	ReplyToID      ID
	Choice         string       // the id of the option that the customer picked, "" if none
	Referral       *Referral    // where the customer came from with this message
	Reactions      []Reaction   // at most one of each person
	Editions       []Edition    // what it said before, oldest first
	EditedAt       time.Time    // zero unless
	Elsewhere      bool         // sent by us from another program: an echo
	Template       *TemplateUse // the template it was sent from; Parts are its rendered text (C3.10)
	Purpose        Purpose      // with AuthorAutomation: why it speaks
	Keyword        Keyword      // the customer's message is nothing but this (B3.4)
	WhisperTo      ID           // with AuthorNote: who had the case when a supervisor whispered this to them, 0 = no whisper (E21)
	Quiet          bool         // no machine of ours answers: the provider, or another program of the account, does
	Status         DeliveryStatus
	Fault          *MessageFault
	At             time.Time // order on screen: the provider's time if within ±5 min of receipt, else receipt (G2.2)
	ProviderAt     time.Time // as the provider stamped it, zero if it did not
	ReceivedAt     time.Time // when we took it
	Late           bool      // inserted before messages already shown (G2.2)
	Version        int64     // counts changes; the higher one is the newer state
	DeletedAt      time.Time // its words and files were deleted; it keeps its place
	DeletedBy      ID        // the member who did, 0 = the customer took it back (G2.9)
}

// MessageFault says why a message was not delivered; Kind is the action vocabulary of package channel.
type MessageFault struct {
	Kind   string `json:"kind"`
	Code   string `json:"code"`             // the provider's code
	Detail string `json:"detail,omitempty"` // the provider's words, for the health page
	// Uncertain says that an attempt, this one or one before, may have arrived all the same.
	Uncertain bool `json:"uncertain,omitempty"`
	// Last is the refusal that was waited out until the reply expired (G7.7), kind and code alone; nil for what was refused at once.
	Last *MessageFault `json:"last,omitempty"`
}

// Text joins the text parts. See Words.
func (m Message) Text() string {
	var s string
	for _, p := range m.Parts {
		if p.Kind == PartText && p.Text != "" {
			if s != "" {
				s += "\n"
			}
			s += p.Text
		}
	}
	return s
}

// maxClockSkew is how far a provider's stamp may be from receipt and still order the screen (G2.2).
const maxClockSkew = 5 * time.Minute

// OrderTime picks the instant a message is ordered by (G2.2).
func OrderTime(provider, received time.Time) time.Time {
	if provider.IsZero() || provider.Sub(received).Abs() > maxClockSkew {
		return received
	}
	return provider
}
