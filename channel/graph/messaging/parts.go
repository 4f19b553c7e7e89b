package messaging

import (
	"net/url"
	"path"
	"slices"
	"strings"

	"madoguchi/desk"
)

// parts are a message's content, never none.
func (w Webhook) parts(m message) []desk.Part {
	var parts []desk.Part
	if m.Text != "" {
		parts = append(parts, desk.Part{Kind: desk.PartText, Text: string(m.Text)})
	}
	for _, a := range m.Attachments {
		if p, ok := w.part(a, string(m.Text)); ok {
			parts = append(parts, p...)
		}
	}
	parts = append(parts, m.about()...)
	if len(parts) == 0 { // view-once, a kind their own app does not show, or a policy keeps it from us
		return []desk.Part{notShown("unsupported")}
	}
	return parts
}

func notShown(kind string) desk.Part {
	if runes := []rune(kind); len(runes) > maxName {
		kind = string(runes[:maxName])
	}
	return desk.Part{Kind: desk.PartUnknown, Text: kind}
}

// mediaKinds are the attachments whose address is a file. A post or a story is what it shows.
var mediaKinds = map[word]desk.PartKind{
	"image": desk.PartImage, "video": desk.PartVideo, "audio": desk.PartAudio, "file": desk.PartFile,
	"share": desk.PartImage, "post": desk.PartImage, "ig_post": desk.PartImage, "story_mention": desk.PartImage,
	"reel": desk.PartVideo, "ig_reel": desk.PartVideo,
}

// thumbs are the sizes of the sticker that Messenger's like button sends.
var thumbs = []word{"369239263222822", "369239343222814", "369239383222810"}

// part reads one attachment; false if the message's text says it already.
func (w Webhook) part(a attachment, text string) ([]desk.Part, bool) {
	address, title := either(a.Payload.URL, a.URL), either(a.Payload.Title, a.Title)
	kind, media := mediaKinds[a.Type]
	switch {
	case a.Type == "like_heart":
		return []desk.Part{{Kind: desk.PartText, Text: "❤️"}}, true
	case slices.Contains(thumbs, a.Payload.Sticker):
		return []desk.Part{{Kind: desk.PartText, Text: "👍"}}, true
	case a.Type == "location" && a.Payload.Coordinates != nil:
		at := a.Payload.Coordinates
		return []desk.Part{{Kind: desk.PartLocation, Location: &desk.Location{Lat: at.Lat, Lng: at.Long, Label: title}}}, true
	case len(a.Payload.Product.Elements) > 0:
		if parts := a.Payload.Product.parts(); len(parts) > 0 {
			return parts, true
		}
	case media && fileAt(address):
		return w.file(a, kind, address, title), true
	case address != "" && strings.Contains(text, address):
		return nil, false
	case address != "":
		return []desk.Part{{Kind: desk.PartText, Text: strings.TrimPrefix(title+"\n"+address, "\n")}}, true
	case title != "":
		return []desk.Part{{Kind: desk.PartText, Text: title}, notShown(string(a.Type))}, true
	}
	return []desk.Part{notShown(string(a.Type))}, true
}

func (w Webhook) file(a attachment, kind desk.PartKind, address, title string) []desk.Part {
	p := desk.Part{Kind: kind, MediaRef: address, Media: desk.MediaFetching, Sticker: a.Payload.Sticker != "", Voice: w.Voice && kind == desk.PartAudio}
	if kind == desk.PartFile {
		p.MediaName = fileName(address)
	}
	if title == "" {
		return []desk.Part{p}
	}
	return []desk.Part{{Kind: desk.PartText, Text: title}, p}
}

// fileAt reports whether an address leads to a file rather than to a page for people.
func fileAt(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Scheme != "http" {
		return false
	}
	host := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
	return !slices.Contains([]string{"instagram.com", "facebook.com", "m.facebook.com", "fb.watch"}, host)
}

func fileName(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	if name := path.Base(u.Path); strings.Contains(name, ".") {
		return name
	}
	return ""
}

func either(a, b word) string {
	if a != "" {
		return string(a)
	}
	return string(b)
}

// Sources of a referral, in the desk's words.
const (
	sourceAd    = "ad"
	sourceLink  = "link"
	sourceStory = "story"
	// sourceMention: they named us in a story of theirs.
	sourceMention = "story_mention"
)

// referral is where a message came from: an advertisement, a product, or a story that it answers or names us in.
func (m message) referral() *desk.Referral {
	if r := m.Referral.desk(); r != nil {
		return r
	}
	if s := m.ReplyTo.Story; s != nil {
		return &desk.Referral{Source: sourceStory, ID: string(s.ID), URL: string(s.URL)}
	}
	for _, a := range m.Attachments {
		if a.Type == "story_mention" {
			return &desk.Referral{Source: sourceMention, URL: string(a.Payload.URL)}
		}
	}
	return nil
}

// desk is the referral in the desk's words, nil of nil.
func (r *referral) desk() *desk.Referral {
	if r == nil || r.Product.ID != "" && r.Ref == "" && r.Ad == "" {
		return nil // the product says it all (about)
	}
	d := &desk.Referral{Source: strings.ToLower(string(r.Source)), ID: string(r.Ref), URL: string(r.Page)}
	switch {
	case r.Ad != "" || d.Source == "ads":
		d.Source = sourceAd
		if r.Ad != "" {
			d.ID = string(r.Ad)
		}
	case d.Source == "shortlink" || d.Source == "":
		d.Source = sourceLink
	}
	if r.AdData != nil {
		d.Title = string(r.AdData.Title)
		if d.URL == "" {
			d.URL = either(r.AdData.Photo, r.AdData.Video)
		}
	}
	return d
}
