package messaging

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"madoguchi/channel"
)

// envelope is a webhook request. What lies in it is read piece by piece, so that one broken event costs only itself.
type envelope struct {
	Object word              `json:"object"`
	Entry  []json.RawMessage `json:"entry"`
}

// entry is the news of one account: events in one of two shapes, and events that another program answers.
type entry struct {
	ID        word              `json:"id"`
	Messaging []json.RawMessage `json:"messaging"`
	Standby   []json.RawMessage `json:"standby"`
	Changes   []change          `json:"changes"`
}

type change struct {
	Field word            `json:"field"`
	Value json.RawMessage `json:"value"`
}

type event struct {
	Sender    party `json:"sender"`
	Recipient party `json:"recipient"`
	Timestamp stamp `json:"timestamp"`

	Message  *message  `json:"message"`
	Edit     *edit     `json:"message_edit"`
	Postback *postback `json:"postback"`
	Referral *referral `json:"referral"`
	OptIn    *optIn    `json:"optin"`
	Delivery *delivery `json:"delivery"`
	Read     *reading  `json:"read"`
	Reaction *reaction `json:"reaction"`
	Policy   *policy   `json:"policy_enforcement"`

	Pass    *handover `json:"pass_thread_control"`
	Take    *handover `json:"take_thread_control"`
	Request *handover `json:"request_thread_control"`
}

type party struct {
	ID      word `json:"id"`
	UserRef word `json:"user_ref"` // what a website called them before they had an id
}

type message struct {
	MID         word         `json:"mid"`
	Text        word         `json:"text"`
	QuickReply  *choice      `json:"quick_reply"`
	Attachments []attachment `json:"attachments"`
	ReplyTo     replyTo      `json:"reply_to"`
	Referral    *referral    `json:"referral"`
	Echo        bool         `json:"is_echo"`
	Self        bool         `json:"is_self"`
	Deleted     bool         `json:"is_deleted"`
	App         word         `json:"app_id"`
	Metadata    word         `json:"metadata"`
}

type choice struct {
	Payload word `json:"payload"`
}

type replyTo struct {
	MID   word   `json:"mid"`
	Story *story `json:"story"`
}

type story struct {
	ID  word `json:"id"`
	URL word `json:"url"`
}

type attachment struct {
	Type    word    `json:"type"`
	Title   word    `json:"title"`
	URL     word    `json:"url"`
	Payload payload `json:"payload"`
}

type payload struct {
	URL         word   `json:"url"`
	Title       word   `json:"title"`
	Sticker     word   `json:"sticker_id"`
	Coordinates *point `json:"coordinates"`
	Product     goods  `json:"product"`
}

type point struct {
	Lat  float64 `json:"lat"`
	Long float64 `json:"long"`
}

type edit struct {
	MID   word `json:"mid"`
	Text  word `json:"text"`
	Count word `json:"num_edit"`
}

type postback struct {
	MID      word      `json:"mid"`
	Title    word      `json:"title"`
	Payload  word      `json:"payload"`
	Referral *referral `json:"referral"`
}

type referral struct {
	Ref    word       `json:"ref"`
	Source word       `json:"source"`
	Type   word       `json:"type"`
	Ad     word       `json:"ad_id"`
	AdData *adContext `json:"ads_context_data"`
	Page   word       `json:"referer_uri"`
	// Product is the one from whose page of the shop the message was written; it comes alone.
	Product product `json:"product"`
}

type adContext struct {
	Title word `json:"ad_title"`
	Photo word `json:"photo_url"`
	Video word `json:"video_url"`
}

type optIn struct {
	Type   word `json:"type"`
	Ref    word `json:"ref"`
	Status word `json:"notification_messages_status"`
}

type delivery struct {
	MIDs      []word `json:"mids"`
	Watermark stamp  `json:"watermark"`
}

type reading struct {
	MID       word  `json:"mid"`
	Watermark stamp `json:"watermark"`
}

type reaction struct {
	MID    word `json:"mid"`
	Action word `json:"action"`
	Name   word `json:"reaction"`
	Emoji  word `json:"emoji"`
}

type policy struct {
	Action word `json:"action"`
	Reason word `json:"reason"`
}

type handover struct {
	NewOwner      word `json:"new_owner_app_id"`
	PreviousOwner word `json:"previous_owner_app_id"`
	Requested     word `json:"requested_owner_app_id"`
}

// word is a text or a number, which these webhooks use for one another; anything else reads as "".
type word string

// UnmarshalJSON never fails: a field of an unexpected shape must not cost the message it is in.
func (w *word) UnmarshalJSON(raw []byte) error {
	var s string
	if json.Unmarshal(raw, &s) == nil {
		*w = word(channel.CleanText(s))
		return nil
	}
	var n json.Number
	if json.Unmarshal(raw, &n) == nil {
		*w = word(n)
	}
	return nil
}

// stamp is an instant in milliseconds, sometimes in seconds, sometimes as a text.
type stamp int64

const (
	firstMilli = 1_000_000_000_000 // below it, it is seconds: in milliseconds it would be before 2001
	lastMilli  = 253_402_300_799_999
)

// UnmarshalJSON never fails; what is no instant is none.
func (s *stamp) UnmarshalJSON(raw []byte) error {
	n, err := strconv.ParseInt(strings.Trim(string(raw), `"`), 10, 64)
	if err != nil || n <= 0 || n > lastMilli {
		return nil
	}
	if n < firstMilli {
		n *= 1000
	}
	*s = stamp(n)
	return nil
}

func (s stamp) time() time.Time {
	if s == 0 {
		return time.Time{}
	}
	return time.UnixMilli(int64(s)).UTC()
}

func (s stamp) String() string { return strconv.FormatInt(int64(s), 10) }
