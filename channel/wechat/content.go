package wechat

import (
	"math"
	"net/url"
	"strconv"
	"strings"

	"madoguchi/channel"
	"madoguchi/desk"
)

// content is what a customer sent.
func content(m message) []desk.Part {
	switch m.Type {
	case "text":
		return text(m.Type, m.Content)
	case "image":
		return file(m, desk.Part{Kind: desk.PartImage})
	case "voice":
		return file(m, desk.Part{Kind: desk.PartAudio, Voice: true})
	case "video", "shortvideo":
		return file(m, desk.Part{Kind: desk.PartVideo})
	case "location":
		return location(m)
	case "link":
		return text(m.Type, join(m.Title, m.About, m.URL))
	}
	// A file has no address to get it at, a mini program opens nowhere else: their titles are what can be shown.
	parts := []desk.Part{unknown(m.Type)}
	if title := channel.CleanText(m.Title); strings.TrimSpace(title) != "" {
		parts = append(parts, desk.Part{Kind: desk.PartText, Text: title})
	}
	return parts
}

// pressed is what a button of the account's menu says: what was scanned with it, or its own key.
func pressed(m message) []desk.Part {
	if m.Scanned != "" {
		return text(m.Event, m.Scanned)
	}
	return text(m.Event, m.EventKey)
}

func text(kind, said string) []desk.Part {
	said = channel.CleanText(said)
	if strings.TrimSpace(said) == "" {
		return []desk.Part{unknown(kind)}
	}
	return []desk.Part{{Kind: desk.PartText, Text: said}}
}

func unknown(kind string) desk.Part {
	return desk.Part{Kind: desk.PartUnknown, Text: channel.CleanText(kind)}
}

func join(lines ...string) string {
	var said []string
	for _, line := range lines {
		if strings.TrimSpace(line) != "" {
			said = append(said, line)
		}
	}
	return strings.Join(said, "\n")
}

// The fields of a desk.Part.MediaRef of ours.
const (
	refID  = "id"  // of temporary media, gone after three days
	refURL = "url" // of a picture, open to everybody who knows it
)

func file(m message, p desk.Part) []desk.Part {
	ref := url.Values{}
	if m.MediaID != "" {
		ref.Set(refID, m.MediaID)
	}
	if m.PicURL != "" {
		ref.Set(refURL, m.PicURL)
	}
	if len(ref) == 0 {
		return []desk.Part{unknown(m.Type)}
	}
	p.MediaRef, p.Media = ref.Encode(), desk.MediaFetching
	return []desk.Part{p}
}

func location(m message) []desk.Part {
	lat, latErr := strconv.ParseFloat(m.Lat, 64)
	lng, lngErr := strconv.ParseFloat(m.Lng, 64)
	if latErr != nil || lngErr != nil || !(math.Abs(lat) <= 90) || !(math.Abs(lng) <= 180) {
		return []desk.Part{unknown(m.Type)}
	}
	return []desk.Part{{Kind: desk.PartLocation, Location: &desk.Location{Lat: lat, Lng: lng, Label: channel.CleanText(m.Label)}}}
}
