package sms

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"madoguchi/channel"
	"madoguchi/desk"
)

// What Twilio takes. Phones show jpeg, png and gif for certain; of the rest it passes on what the carrier allows (B5.2).
// https://www.twilio.com/docs/messaging/guides/accepted-mime-types
var (
	sureImages   = []string{"image/jpeg", "image/png", "image/gif"}
	unsureImages = []string{"image/bmp", "image/tiff"}
	sounds       = []string{
		"audio/mpeg", "audio/mp4", "audio/ogg", "audio/amr", "audio/3gpp", "audio/3gpp2", "audio/ac3", "audio/basic", "audio/webm", "audio/vnd.wave",
	}
	films     = []string{"video/mp4", "video/mpeg", "video/quicktime", "video/webm", "video/3gpp", "video/3gpp2", "video/h264"}
	documents = []string{"application/pdf", "text/vcard", "text/x-vcard", "text/csv", "text/rtf", "text/calendar"}
	// A file is of kind file, too, where browsers do not show it in place: a TIFF, a QuickTime film.
	files = slices.Concat(documents, unsureImages, sounds, films)

	mediaLimits = []channel.MediaLimit{
		{Kind: desk.PartImage, MaxBytes: maxMedia, MIME: slices.Concat(sureImages, unsureImages), Unsure: unsureImages},
		{Kind: desk.PartAudio, MaxBytes: maxMedia, MIME: sounds, Unsure: sounds},
		{Kind: desk.PartVideo, MaxBytes: maxMedia, MIME: films, Unsure: films},
		{Kind: desk.PartFile, MaxBytes: maxMedia, MIME: files, Unsure: files},
	}
)

// Fetch gets a file that somebody sent; ref is its address at Twilio, which redirects to where the file lies.
// https://www.twilio.com/docs/messaging/api/media-resource
func (Connector) Fetch(ctx context.Context, a channel.Account, ref string) (channel.Media, error) {
	c, f := newClient(a)
	if f != nil {
		return channel.Media{}, f
	}
	address, own := c.mediaAddress(ref)
	r, f := channel.JSONRequest(ctx, http.MethodGet, address, nil)
	if f != nil {
		return channel.Media{}, f
	}
	if own {
		c.authorize(r)
	}
	m, f := channel.Download(a.Client, r, a.Now())
	if f != nil {
		return channel.Media{}, f
	}
	return m, nil
}

// mediaAddress is where a file is asked for, and whether that is Twilio's: nobody else hears the credentials.
func (c client) mediaAddress(ref string) (address string, own bool) {
	if c.BaseURL == "" {
		u, err := url.Parse(ref)
		return ref, err == nil && u.Scheme == "https" && strings.HasPrefix(u.Host, "api.") && strings.HasSuffix(u.Host, ".twilio.com") // regions too
	}
	base := strings.TrimSuffix(c.BaseURL, "/")
	if path, ok := strings.CutPrefix(ref, apiHost+"/"); ok {
		return base + "/" + path, true
	}
	return ref, strings.HasPrefix(ref, base+"/")
}
