package messaging

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

// GetStarted is the payload of the button that opens a chat: it begins, but says nothing.
const GetStarted = "GET_STARTED"

// Windows of the platform policy (C1.9).
const (
	Window   = 24 * time.Hour     // after the customer acts
	AdWindow = 7 * 24 * time.Hour // after a message that an advertisement led to: "may last up to"; the Send API decides
)

// news is one event with where it came from.
type news struct {
	Webhook
	event
	account string
	quiet   bool
	raw     []byte
}

func (w Webhook) read(account string, raw []byte, quiet bool) []channel.Result {
	n := news{Webhook: w, account: account, quiet: quiet, raw: raw}
	if err := json.Unmarshal(raw, &n.event); err != nil {
		return []channel.Result{unknown(account, "event", raw)}
	}
	results := n.results()
	for i := range results {
		results[i].Account = account
	}
	return results
}

func (n news) results() []channel.Result {
	switch {
	case n.Policy != nil:
		return []channel.Result{n.policy()}
	case n.Message != nil && n.Message.Echo:
		return []channel.Result{n.echo()}
	case n.Sender.ID == "" || n.fromUs():
		return []channel.Result{n.unknown()}
	case n.Message != nil:
		return []channel.Result{n.message()}
	case n.Edit != nil:
		return []channel.Result{n.edit()}
	case n.Postback != nil:
		return []channel.Result{n.postback()}
	case n.event.Referral != nil:
		return []channel.Result{n.started("f", n.event.Referral, "")}
	case n.OptIn != nil:
		return []channel.Result{n.optIn()}
	case n.Reaction != nil:
		return []channel.Result{n.reaction()}
	case n.Delivery != nil:
		return n.delivered()
	case n.Read != nil:
		return []channel.Result{n.seen()}
	case n.Pass != nil || n.Take != nil || n.Request != nil:
		return []channel.Result{n.handover()}
	}
	return []channel.Result{n.unknown()}
}

// fromUs reports an event that our own side caused: an answer from another program, but no echo. A message to oneself
// is one from a customer.
func (n news) fromUs() bool {
	return string(n.Sender.ID) == n.account && (n.Message == nil || !n.Message.Self)
}

// unknown names the event by what it carries.
func (n news) unknown() channel.Result {
	var fields map[string]json.RawMessage
	_ = json.Unmarshal(n.raw, &fields) // an object, or it would not have come here; null has no fields
	var names []string
	for name := range fields {
		if !slices.Contains([]string{"sender", "recipient", "timestamp"}, name) {
			names = append(names, channel.CleanText(name))
		}
	}
	slices.Sort(names)
	return unknown(n.account, strings.Join(append([]string{"event"}, names...), " "), n.raw)
}

func (n news) peer() channel.Peer {
	return channel.Peer{Scope: n.account, ExternalID: string(n.Sender.ID), Alias: string(n.Sender.UserRef)}
}

// key is of the provider's id of the event, or of the event itself where it has none.
func (n news) key(prefix string, ids ...word) string {
	key := prefix
	for _, id := range ids {
		if id == "" || len(id) > maxID {
			return prefix + "/" + digest(n.raw)
		}
		key += "/" + string(id)
	}
	return key
}

const maxID = 300 // bytes; Instagram's message ids have about 200

func (n news) message() channel.Result {
	m := n.Message
	if m.Deleted {
		if m.MID == "" {
			return n.unknown()
		}
		return channel.Result{Key: n.key("u", m.MID), Unsend: &channel.Unsend{
			Peer: n.peer(), ExternalID: desk.ExternalID(m.MID), At: n.Timestamp.time(),
		}}
	}
	in := &channel.Incoming{
		Peer: n.peer(), ExternalID: desk.ExternalID(m.MID), Parts: n.parts(*m), At: n.Timestamp.time(),
		ReplyTo: desk.ExternalID(m.ReplyTo.MID), Referral: m.referral(), Quiet: n.quiet,
	}
	if m.QuickReply != nil {
		in.Choice = string(m.QuickReply.Payload)
	}
	result := channel.Result{Key: n.key("m", m.MID), Message: in}
	if in.Referral != nil && in.Referral.Source == sourceAd {
		result.Opens = &channel.Opening{For: AdWindow}
	}
	return result
}

// echo is a message of our side. Only one that came by our app with a key is ours: the page's inbox and other programs
// answer under the same name.
func (n news) echo() channel.Result {
	m := n.Message
	if m.Deleted || m.MID == "" || n.Recipient.ID == "" {
		return n.unknown()
	}
	e := &channel.Echo{
		Peer:       channel.Peer{Scope: n.account, ExternalID: string(n.Recipient.ID)},
		ExternalID: desk.ExternalID(m.MID), Parts: n.parts(*m), At: n.Timestamp.time(),
	}
	if m.Metadata != "" && n.App != "" && string(m.App) == n.App {
		e.Key, e.Ours = string(m.Metadata), true
	}
	return channel.Result{Key: n.key("e", m.MID), Echo: e}
}

func (n news) edit() channel.Result {
	if n.Edit.MID == "" || n.Edit.Text == "" {
		return n.unknown()
	}
	count := n.Edit.Count
	if count == "" {
		count = word(n.Timestamp.String())
	}
	return channel.Result{Key: n.key("v", n.Edit.MID, count), Edit: &channel.Edit{
		Peer: n.peer(), ExternalID: desk.ExternalID(n.Edit.MID), At: n.Timestamp.time(),
		Parts: []desk.Part{{Kind: desk.PartText, Text: string(n.Edit.Text)}},
	}}
}

// postback is a button's press: a message with its label, except the one that only opens the chat.
func (n news) postback() channel.Result {
	p := n.Postback
	if p.Payload == GetStarted {
		return n.started("p", p.Referral, GetStarted)
	}
	label := p.Title
	if label == "" {
		label = p.Payload
	}
	if label == "" {
		return n.unknown()
	}
	return channel.Result{Key: n.key("p", p.MID), Message: &channel.Incoming{
		Peer: n.peer(), ExternalID: desk.ExternalID(p.MID), At: n.Timestamp.time(), Choice: string(p.Payload), Quiet: n.quiet,
		Parts: []desk.Part{{Kind: desk.PartText, Text: string(label)}}, Referral: p.Referral.desk(),
	}}
}

// started is a customer who came by a link or a button and wrote nothing; we may write to them from now on.
func (n news) started(prefix string, r *referral, choice string) channel.Result {
	return channel.Result{
		Key:   prefix + "/" + digest(n.raw),
		Opens: &channel.Opening{At: n.Timestamp.time(), For: Window},
		Standing: &channel.Standing{
			Peer: n.peer(), Is: channel.StandingStarted, Referral: r.desk(), Choice: choice, At: n.Timestamp.time(),
		},
	}
}

// optIn is consent given at a website's button, or to marketing messages and its end.
func (n news) optIn() channel.Result {
	standing := &channel.Standing{Peer: n.peer(), At: n.Timestamp.time()}
	result := channel.Result{Key: "o/" + digest(n.raw), Standing: standing}
	switch {
	case n.OptIn.Type != "notification_messages":
		standing.Is = channel.StandingStarted
		standing.Referral = (&referral{Ref: n.OptIn.Ref, Source: "optin"}).desk()
		result.Opens = &channel.Opening{At: n.Timestamp.time(), For: Window}
	case n.OptIn.Status == "STOP_NOTIFICATIONS":
		standing.Is = channel.StandingMarketingStopped
	default:
		standing.Is = channel.StandingMarketingResumed
	}
	return result
}

// reaction opens the window as any act of the customer does (C1.2).
func (n news) reaction() channel.Result {
	r := n.Reaction
	if r.MID == "" {
		return n.unknown()
	}
	x := &channel.Reaction{Peer: n.peer(), ExternalID: desk.ExternalID(r.MID), At: n.Timestamp.time()}
	result := channel.Result{Key: n.key("r", r.MID, n.Sender.ID, r.Action, word(n.Timestamp.String())), Reaction: x}
	if r.Action == "unreact" {
		return result
	}
	x.Emoji = string(r.Emoji)
	if x.Emoji == "" {
		x.Emoji = reactions[string(r.Name)]
	}
	if x.Emoji == "" {
		return n.unknown()
	}
	result.Opens = &channel.Opening{At: n.Timestamp.time(), For: Window}
	return result
}

// reactions are the named ones, for events that carry no emoji.
var reactions = map[string]string{
	"love": "❤️", "like": "👍", "dislike": "👎", "smile": "😆", "haha": "😆", "wow": "😮", "sad": "😢", "angry": "😠",
}

// delivered names messages, all up to an instant, or both; the names may be missing.
func (n news) delivered() []channel.Result {
	var results []channel.Result
	for _, mid := range n.Delivery.MIDs {
		if mid != "" {
			results = append(results, channel.Result{Key: n.key("d", mid), Receipt: &channel.Receipt{
				ExternalID: desk.ExternalID(mid), Status: desk.DeliveryDelivered, At: n.Timestamp.time(),
			}})
		}
	}
	if n.Delivery.Watermark != 0 {
		results = append(results, n.upTo("w", n.Delivery.Watermark, desk.DeliveryDelivered))
	}
	if len(results) == 0 {
		return []channel.Result{n.unknown()}
	}
	return results
}

// seen names the newest message that the customer saw, or an instant.
func (n news) seen() channel.Result {
	switch {
	case n.Read.MID != "":
		return channel.Result{Key: n.key("s", n.Read.MID), Receipt: &channel.Receipt{
			ExternalID: desk.ExternalID(n.Read.MID), Earlier: true, Status: desk.DeliveryRead, At: n.Timestamp.time(),
		}}
	case n.Read.Watermark != 0:
		return n.upTo("s", n.Read.Watermark, desk.DeliveryRead)
	}
	return n.unknown()
}

func (n news) upTo(prefix string, until stamp, status desk.DeliveryStatus) channel.Result {
	peer := n.peer()
	return channel.Result{Key: n.key(prefix, n.Sender.ID, word(until.String())), Receipt: &channel.Receipt{
		Peer: &peer, Until: until.time(), Status: status, At: n.Timestamp.time(),
	}}
}

// policy is a warning or a block of the account for what it sent.
func (n news) policy() channel.Result {
	is, ok := map[word]channel.NoticeKind{
		"warning": channel.NoticeRestricted, "block": channel.NoticeSuspended, "unblock": channel.NoticeRestored,
	}[n.Policy.Action]
	if !ok {
		is = channel.NoticeInfo
	}
	return channel.Result{Key: "n/" + digest(n.raw), Notice: &channel.Notice{
		Is: is, Code: "policy_" + string(n.Policy.Action), Detail: string(n.Policy.Reason), At: n.Timestamp.time(),
	}}
}

// handover tells which program answers a person from now on.
func (n news) handover() channel.Result {
	notice := &channel.Notice{Is: channel.NoticeInfo, At: n.Timestamp.time()}
	switch {
	case n.Pass != nil:
		notice.Code, notice.Detail = "pass_thread_control", string(n.Pass.NewOwner)
	case n.Take != nil:
		notice.Code, notice.Detail = "take_thread_control", string(n.Take.NewOwner)
	default:
		notice.Code, notice.Detail = "request_thread_control", string(n.Request.Requested)
	}
	return channel.Result{Key: "h/" + digest(n.raw), Notice: notice}
}
