package webhook

import (
	"net/url"
	"strings"

	"madoguchi/channel"
	"madoguchi/desk"
)

// part is a piece of a message, in both directions.
type part struct {
	Kind    string        `json:"kind"` // text; image, audio, video, file; choices (ours only)
	Text    string        `json:"text,omitempty"`
	Marks   []mark        `json:"marks,omitempty"` // ours only
	URL     string        `json:"url,omitempty"`   // of a file
	Name    string        `json:"name,omitempty"`
	MIME    string        `json:"mime,omitempty"` // ours only
	Size    int64         `json:"size,omitempty"` // ours only
	Choices []desk.Choice `json:"choices,omitempty"`
}

// mark is formatting over a text, in UTF-16 units.
type mark struct {
	Kind  desk.MarkKind `json:"kind"`
	Start int           `json:"start"`
	End   int           `json:"end"`
	Href  string        `json:"href,omitempty"`
}

var fileKinds = map[string]desk.PartKind{"image": desk.PartImage, "audio": desk.PartAudio, "video": desk.PartVideo, "file": desk.PartFile}

// content is what a customer wrote; a message without anything that we know is one of something unknown.
func content(given []part) []desk.Part {
	var parts []desk.Part
	for _, p := range given {
		text := channel.CleanText(p.Text)
		switch kind := fileKinds[p.Kind]; {
		case p.Kind == "text" && strings.TrimSpace(text) == "":
		case p.Kind == "text":
			parts = append(parts, desk.Part{Kind: desk.PartText, Text: text})
		case kind != "" && isLink(p.URL):
			parts = append(parts, desk.Part{Kind: kind, MediaRef: p.URL, MediaName: channel.CleanText(p.Name), Media: desk.MediaFetching})
		default:
			parts = append(parts, desk.Part{Kind: desk.PartUnknown, Text: channel.CleanText(p.Kind)})
		}
	}
	if len(parts) == 0 {
		parts = []desk.Part{{Kind: desk.PartUnknown, Text: "message without content"}}
	}
	return parts
}

// isLink takes absolute addresses only; where they lead is the guarded client's business.
func isLink(address string) bool {
	u, err := url.Parse(address)
	return err == nil && u.Host != "" && u.User == nil && (u.Scheme == "https" || u.Scheme == "http")
}

// render writes one of our parts.
func render(p desk.Part, files map[desk.ID]channel.File) (part, *channel.Fault) {
	out := part{Kind: string(p.Kind), Text: p.Text}
	for _, m := range p.Marks {
		out.Marks = append(out.Marks, mark{Kind: m.Kind, Start: m.Start, End: m.End, Href: m.Href})
	}
	switch p.Kind {
	case desk.PartText:
	case desk.PartChoices:
		out.Choices = p.Choices
	case desk.PartImage, desk.PartAudio, desk.PartVideo, desk.PartFile:
		file := files[p.AttachmentID]
		if file.Link == "" {
			return part{}, refuse(channel.ActConfig, "no_public_address", "files go by link, and the server has no public address")
		}
		out.URL, out.Name, out.MIME, out.Size = file.Link, file.Attachment.Name, file.Attachment.MIME, file.Attachment.Size
	default:
		return part{}, refuse(channel.ActFail, "unsupported", "the channel has no such message")
	}
	return out, nil
}
