package inbox

import (
	"encoding/json"
	"fmt"
	"mime"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"madoguchi/channel"
	"madoguchi/desk"
	"madoguchi/store"
)

// Limits of one message.
const (
	maxParts       = 20
	maxRunes       = 10_000
	maxAttachments = 10
	maxMarks       = 1_000
	maxClientID    = 128 // bytes
	maxHref        = 2_048
)

// check refuses what no state of the desk could make right.
func (m NewMessage) check(a Actor) error {
	if a.User == 0 {
		return desk.Errorf(desk.KindForbidden, "member_needed", "only a member speaks for the desk")
	}
	if m.ClientID == "" || len(m.ClientID) > maxClientID {
		return desk.Invalid("client_id", "client_id_invalid", "a client id has 1 to %d bytes", maxClientID)
	}
	if m.Mode != ModeReply && m.Mode != ModeNote {
		return desk.Invalid("mode", "mode_invalid", "%q is no mode", m.Mode)
	}
	switch m.Then {
	case ThenNothing, ThenResolve, ThenSnooze:
	default:
		return desk.Invalid("and_then", "and_then_invalid", "%q cannot follow a message", m.Then)
	}
	return checkParts(m.Parts, m.Mode)
}

func checkParts(parts []desk.Part, mode Mode) error {
	if len(parts) == 0 {
		return desk.Invalid("parts", "message_empty", "a message says something")
	}
	if len(parts) > maxParts {
		return desk.Invalid("parts", "parts_too_many", "%d parts are more than %d", len(parts), maxParts)
	}
	runes, attachments := 0, 0
	for i, p := range parts {
		field := "parts." + strconv.Itoa(i)
		switch p.Kind {
		case desk.PartText:
			if !desk.Visible(p.Text) {
				return desk.Invalid(field, "message_empty", "the text is empty")
			}
			runes += utf8.RuneCountInString(p.Text)
			if err := checkMarks(field, p, mode); err != nil {
				return err
			}
		case desk.PartImage, desk.PartAudio, desk.PartVideo, desk.PartFile:
			if p.AttachmentID == 0 {
				return desk.Invalid(field, "attachment_missing", "the part names no attachment")
			}
			attachments++
		default:
			return desk.Invalid(field, "part_kind_invalid", "a member does not send %q", p.Kind)
		}
	}
	if runes > maxRunes {
		e := desk.Invalid("parts", "text_too_long", "%d characters are more than %d", runes, maxRunes)
		e.Params = map[string]string{"max": strconv.Itoa(maxRunes)}
		return e
	}
	if attachments > maxAttachments {
		e := desk.Invalid("parts", "attachments_too_many", "%d attachments are more than %d", attachments, maxAttachments)
		e.Params = map[string]string{"max": strconv.Itoa(maxAttachments)}
		return e
	}
	return nil
}

func checkMarks(field string, p desk.Part, mode Mode) error {
	if len(p.Marks) > maxMarks {
		return desk.Invalid(field, "marks_too_many", "%d marks are more than %d", len(p.Marks), maxMarks)
	}
	units := 0 // UTF-16, what marks count in
	for _, r := range p.Text {
		units += utf16.RuneLen(r)
	}
	for _, m := range p.Marks {
		if m.Start < 0 || m.End <= m.Start || m.End > units {
			return desk.Invalid(field, "mark_out_of_range", "mark %s [%d,%d) lies outside the text's %d units", m.Kind, m.Start, m.End, units)
		}
		switch m.Kind {
		case desk.MarkBold, desk.MarkItalic, desk.MarkStrike, desk.MarkCode, desk.MarkItem:
		case desk.MarkLink:
			if !safeHref(m.Href) {
				return desk.Invalid(field, "link_unsafe", "%q is not a link that may be sent", m.Href)
			}
		case desk.MarkUser:
			if mode != ModeNote || m.UserID == 0 {
				return desk.Invalid(field, "mention_not_allowed", "mentions are for notes")
			}
		default:
			return desk.Invalid(field, "mark_kind_invalid", "%q is no mark", m.Kind)
		}
	}
	return nil
}

// safeHref reports whether a link may stand in a message: absolute, and of a scheme that runs nothing.
func safeHref(href string) bool {
	if len(href) > maxHref || strings.ContainsFunc(href, func(r rune) bool { return r <= ' ' || r == 0x7f }) {
		return false
	}
	u, err := url.Parse(href)
	if err != nil {
		return false
	}
	switch u.Scheme {
	case "http", "https":
		return u.Host != ""
	case "mailto", "tel":
		return u.Opaque != ""
	}
	return false
}

// takeParts makes the parts as they are kept, one for one: text cleaned, attachments found, the writer's own and not sent yet.
func (v *visit) takeParts(parts []desk.Part) ([]desk.Part, error) {
	return takeParts(v.tx, v.actor, v.row, parts)
}

func takeParts(r store.Reader, actor Actor, row desk.Conversation, parts []desk.Part) ([]desk.Part, error) {
	taken := make([]desk.Part, 0, len(parts))
	used := map[desk.ID]bool{}
	for i, p := range parts {
		field := "parts." + strconv.Itoa(i)
		if p.Kind == desk.PartText {
			taken = append(taken, desk.Part{Kind: desk.PartText, Text: p.Text, Marks: slices.Clone(p.Marks)})
			continue
		}
		a, err := r.Messages().Attachment(p.AttachmentID)
		if err != nil && desk.KindOf(err) != desk.KindNotFound {
			return nil, err
		}
		elsewhere := false
		if err == nil {
			if elsewhere, err = addedElsewhere(r, a, row); err != nil {
				return nil, err
			}
		}
		if err != nil || a.UploadedBy != actor.User || a.MessageID != 0 || elsewhere || used[a.ID] {
			return nil, desk.Invalid(field, "attachment_not_yours", "attachment %d is not an unsent upload of yours", p.AttachmentID)
		}
		used[a.ID] = true
		taken = append(taken, desk.Part{Kind: a.Kind, AttachmentID: a.ID, Attachment: &a, Voice: p.Voice && a.Kind == desk.PartAudio})
	}
	return taken, nil
}

// addedElsewhere reports whether a file was added for another customer. One added in another conversation of the same customer
// may come along: a draft moves to another of their channels with its files (G2.11).
func addedElsewhere(r store.Reader, a desk.Attachment, row desk.Conversation) (bool, error) {
	if a.ConversationID == 0 || a.ConversationID == row.ID {
		return false, nil
	}
	there, err := r.Conversations().Get(a.ConversationID)
	if desk.KindOf(err) == desk.KindNotFound {
		return true, nil
	}
	return there.ContactID != row.ContactID, err
}

// markLinks says which files of a reply go as links: where asked says so, or the channel knows nothing else (B5.1, B5.3). Our
// own channels carry what they take.
func markLinks(parts, asked []desk.Part, spec channel.Spec, settings json.RawMessage) {
	for i := range parts {
		parts[i].AsLink = parts[i].Kind.File() && !spec.Local && (asked[i].AsLink || spec.Capabilities.FilesAsLinks(settings))
	}
}

// carry refuses files that the channel does not take in one message (G4.4, B5.1); what goes as a link is no matter.
func carry(parts []desk.Part, can channel.Capabilities) error {
	total := int64(0)
	for i, p := range parts {
		if p.Attachment == nil || p.AsLink {
			continue
		}
		field := "parts." + strconv.Itoa(i)
		if err := carries(can, field, *p.Attachment); err != nil {
			return err
		}
		if total += p.Attachment.Size; can.MediaTotal > 0 && total > can.MediaTotal {
			return notCarried(field, "attachment_too_large", *p.Attachment, can.MediaTotal)
		}
	}
	return nil
}

// notCarried refuses a file; maxBytes is what would fit, 0 = none of its kind.
func notCarried(field, code string, a desk.Attachment, maxBytes int64) error {
	e := desk.Invalid(field, code, "the channel does not take %s (%s, %d bytes)", a.Name, a.MIME, a.Size)
	e.Params = map[string]string{"name": a.Name, "max_bytes": strconv.FormatInt(maxBytes, 10)}
	return e
}

// carries refuses an attachment that the channel cannot take.
func carries(can channel.Capabilities, field string, a desk.Attachment) error {
	i := slices.IndexFunc(can.Media, func(l channel.MediaLimit) bool { return l.Kind == a.Kind })
	if i < 0 {
		return notCarried(field, "attachment_kind_refused", a, 0)
	}
	limit := can.Media[i]
	bare, _, err := mime.ParseMediaType(a.MIME)
	if err != nil {
		bare = a.MIME
	}
	if len(limit.MIME) > 0 && !slices.Contains(limit.MIME, bare) {
		return notCarried(field, "attachment_kind_refused", a, limit.MaxBytes)
	}
	if limit.MaxBytes > 0 && a.Size > limit.MaxBytes {
		return notCarried(field, "attachment_too_large", a, limit.MaxBytes)
	}
	return nil
}

// fileAttachments puts the message's files where the message is.
func (v *visit) fileAttachments(m *desk.Message) error {
	for i := range m.Parts {
		a := m.Parts[i].Attachment
		if a == nil {
			continue
		}
		a.ConversationID, a.MessageID = m.ConversationID, m.ID
		if err := v.tx.WriteMessages().PutAttachment(*a); err != nil {
			return fmt.Errorf("put attachment: %w", err)
		}
	}
	return nil
}
