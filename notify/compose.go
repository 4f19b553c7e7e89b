package notify

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"madoguchi/desk"
	"madoguchi/locale"
	"madoguchi/store"
	"madoguchi/view"
)

// payload is what a device's worker gets. It fits a push message: title and body are bounded.
type payload struct {
	Title        string  `json:"title"`
	Body         string  `json:"body"`
	Tag          string  `json:"tag"`
	URL          string  `json:"url"` // where a click leads
	Badge        int64   `json:"badge"`
	Conversation desk.ID `json:"conversation,omitempty"`
	Seq          int64   `json:"seq,omitempty"` // read up to it with the action
	Language     string  `json:"lang"`
	Open         string  `json:"open"` // names of the actions
	Read         string  `json:"read,omitempty"`
	Workspace    desk.ID `json:"workspace"`
	User         desk.ID `json:"user"`
}

// hearing is one member about to be told on a device.
type hearing struct {
	reader   store.Reader // as the member sees the desk
	push     desk.Push
	now      time.Time
	member   desk.Member
	language desk.Locale
	telling  desk.Telling
	teams    []desk.ID
	row      desk.Conversation // zero where the push is about none
	message  desk.Message      // of a customer, zero where it is about none
	title    string            // who it is about
}

// compose makes what a device is to hear, or nothing where its member is not to be told any more.
func compose(r store.Reader, p desk.Push, at time.Time) (taken, error) {
	device, err := r.Pushes().Device(p.DeviceID)
	if err != nil {
		return taken{}, none(err)
	}
	h := hearing{push: p, now: at}
	heard, err := h.listen(r, device)
	if err != nil || !heard {
		return taken{}, none(err)
	}
	said, err := h.say()
	return taken{&device, said, h.urgent()}, err
}

// listen reports whether the member is still to be told: alive session, not quiet, in sight (J2), not read (G6.2).
func (h *hearing) listen(r store.Reader, device desk.PushDevice) (bool, error) {
	session, err := r.Accounts().Session(device.SessionHash)
	if err != nil || session.WorkspaceID != h.push.Workspace || session.UserID != device.UserID || !session.ExpiresAt.After(h.now) {
		return false, err
	}
	if h.member, err = r.Members().Get(device.UserID); err != nil || !h.member.Active {
		return false, err
	}
	if h.telling, err = r.Pushes().Telling(device.UserID); err != nil {
		return false, err
	}
	wanted, err := h.wanted(r)
	if err != nil || !wanted {
		return false, err
	}
	if h.teams, err = r.Teams().Of(device.UserID); err != nil {
		return false, err
	}
	if h.reader, err = view.Within(r, device.UserID, h.member.Scope); err != nil {
		return false, err
	}
	if h.push.ConversationID == 0 {
		return h.aboutChannel()
	}
	return h.aboutConversation()
}

// wanted looks at what the member chose, on their clock.
func (h *hearing) wanted(r store.Reader) (bool, error) {
	user, err := r.Accounts().User(h.member.UserID)
	if err != nil {
		return false, err
	}
	workspace, err := r.Workspaces().Current()
	if err != nil {
		return false, err
	}
	h.language, h.title = cmp.Or(user.Locale, workspace.Locale), workspace.Name
	zone, err := store.ZoneOf(r, h.member.UserID)
	if err != nil {
		return false, err
	}
	return h.push.Code == desk.PushTest || h.telling.Pushes(desk.NoticeOf(h.push.Code, h.push.ConversationID), h.now.In(zone)), nil
}

func (h *hearing) aboutChannel() (bool, error) {
	if h.push.NotificationID == 0 {
		return true, nil
	}
	n, err := h.reader.Notifications().Get(h.push.NotificationID)
	if err != nil {
		return false, err
	}
	ch, err := h.reader.Channels().Get(n.ChannelID)
	h.title = ch.Name
	return err == nil && ch.State != desk.ChannelDeleted, err
}

func (h *hearing) aboutConversation() (bool, error) {
	var err error
	if h.row, err = h.reader.Conversations().Get(h.push.ConversationID); err != nil {
		return false, err
	}
	contact, err := h.reader.Contacts().Get(h.row.ContactID)
	if err != nil {
		return false, err
	}
	h.title = cmp.Or(contact.Name, locale.Text(h.language, "push.visitor", nil))
	switch h.push.Code {
	case desk.NotifyAssigned:
		return h.row.Assignee == h.member.UserID, nil
	case desk.PushMessage:
		return h.unread()
	case desk.PushOffered:
		return h.offered()
	}
	return h.unseen()
}

// urgent reports whether it wakes a device that sleeps.
func (h *hearing) urgent() bool {
	return slices.Contains([]string{desk.PushMessage, desk.NotifyAssigned, desk.PushOffered}, h.push.Code)
}

// offered reports whether the member can still say that they take the case (E12).
func (h *hearing) offered() (bool, error) {
	offers, err := h.reader.Routing().Offers()
	return slices.ContainsFunc(offers, func(o desk.Offer) bool {
		return o.UserID == h.member.UserID && o.ConversationID == h.row.ID && o.Open(h.now)
	}), err
}

// unseen reports whether the note that a notification is about was not read meanwhile (G6.2); without one there is nothing to read.
func (h *hearing) unseen() (bool, error) {
	if h.push.MessageID == 0 {
		return true, nil
	}
	note, err := h.reader.Messages().Get(h.push.MessageID)
	if err != nil {
		return false, err
	}
	return h.newer(note)
}

// newer reports whether a message is newer than what the member has read.
func (h *hearing) newer(m desk.Message) (bool, error) {
	reads, err := h.reader.Conversations().Reads(h.member.UserID, []desk.ID{h.row.ID})
	return err == nil && reads[h.row.ID].Seq < m.Seq, err
}

// unread reports whether the customer's message is there, concerns the member, and was not read meanwhile.
func (h *hearing) unread() (bool, error) {
	var err error
	if h.message, err = h.reader.Messages().Get(h.push.MessageID); err != nil {
		return false, err
	}
	if newer, err := h.newer(h.message); err != nil || !newer {
		return false, err
	}
	return concerns(h.reader, h.member.UserID, h.row, h.now)
}

// say puts it into the member's language, as much as they want on a locked screen.
func (h *hearing) say() (payload, error) {
	counts, err := h.reader.Conversations().Counts(h.member.UserID, h.teams)
	if err != nil {
		return payload{}, fmt.Errorf("count unread: %w", err)
	}
	text := func(key string) string { return locale.Text(h.language, locale.Key(key), nil) }
	p := payload{
		Title: h.title, Body: text("push." + desk.NoticeWord(h.push.Code, h.push.ConversationID)), Tag: h.push.Tag, URL: "/", Badge: counts.Unread,
		Language: string(h.language), Open: text("push.open"), Workspace: h.push.Workspace, User: h.member.UserID,
	}
	switch {
	case h.row.ID != 0:
		p.URL, p.Conversation = "/?c="+h.row.ID.String(), h.row.ID
	case h.push.NotificationID != 0:
		p.URL = "/settings/channels"
	default:
		p.URL = "/settings/notifications"
	}
	if h.message.ID != 0 {
		p.Seq, p.Read = h.message.Seq, text("push.read")
		p.URL += "&m=" + fmt.Sprint(h.message.Seq)
	}
	switch {
	case h.telling.HideContent:
		p.Title = text("push.title")
	case h.message.ID != 0:
		p.Body = said(h.message, text)
	}
	return p, nil
}

// said is a customer's message in a line.
func said(m desk.Message, text func(string) string) string {
	preview := desk.PreviewOf(m)
	if preview.Kind == desk.PartOrder {
		return text("push.part.order") + " · " + preview.Text
	}
	if preview.Text != "" {
		return preview.Text
	}
	switch preview.Kind {
	case desk.PartImage, desk.PartAudio, desk.PartVideo, desk.PartFile, desk.PartLocation:
		return text("push.part." + string(preview.Kind))
	}
	return text("push.message")
}
