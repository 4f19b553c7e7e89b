package wechat

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strings"
	"time"

	"madoguchi/channel"
	"madoguchi/desk"
)

// uploads are the provider's kinds of temporary media by what a file is, and the ending that it tells them by.
var uploads = map[string]struct{ kind, ending string }{
	"image/jpeg": {"image", ".jpg"},
	"image/png":  {"image", ".png"},
	"image/gif":  {"image", ".gif"},
	"image/bmp":  {"image", ".bmp"},
	"audio/mpeg": {"voice", ".mp3"},
	"audio/amr":  {"voice", ".amr"},
	"video/mp4":  {"video", ".mp4"},
}

func (c Connector) renderFile(ctx context.Context, a channel.Account, out outgoing, file channel.File) (outgoing, *channel.Fault) {
	upload, ok := uploads[file.Attachment.MIME]
	if !ok || file.Open == nil {
		return out, fault(40004, errors.New("no such kind of file"), a.Now())
	}
	file.Attachment.Name = upload.kind + upload.ending
	id, f := c.upload(ctx, a, upload.kind, file)
	if f != nil {
		return out, f
	}
	body := &mediaBody{ID: id}
	switch out.Type = upload.kind; upload.kind {
	case "image":
		out.Image = body
	case "voice":
		out.Voice = body
	case "video":
		out.Video = body
		body.Thumb, f = c.uploadThumb(ctx, a)
	}
	return out, f
}

// upload gives the provider a file for three days.
func (c Connector) upload(ctx context.Context, a channel.Account, kind string, file channel.File) (string, *channel.Fault) {
	var got struct {
		ID      string `json:"media_id"`
		ThumbID string `json:"thumb_media_id"` // of kind thumb
	}
	form := func(address string) (*http.Request, *channel.Fault) {
		return channel.FormRequest(ctx, address, []channel.FormField{{Name: "media", File: &file}})
	}
	if f := c.ask(ctx, a, "/cgi-bin/media/upload", url.Values{"type": {kind}}, form, &got); f != nil {
		return "", f
	}
	if got.ID == "" {
		got.ID = got.ThumbID
	}
	if got.ID == "" {
		return "", channel.Unreadable(errors.New("no media_id"))
	}
	return got.ID, nil
}

// uploadThumb gives the provider the picture that it demands of every video; we have none of its own, so it is plain.
func (c Connector) uploadThumb(ctx context.Context, a channel.Account) (string, *channel.Fault) {
	plain := image.NewGray(image.Rect(0, 0, 320, 180))
	draw.Draw(plain, plain.Bounds(), image.NewUniform(color.Gray{Y: 0x40}), image.Point{}, draw.Src)
	var raw bytes.Buffer
	if err := jpeg.Encode(&raw, plain, nil); err != nil {
		return "", &channel.Fault{Kind: channel.ActFail, Code: "encode", Err: err}
	}
	return c.upload(ctx, a, "thumb", channel.File{
		Attachment: desk.Attachment{Name: "thumb.jpg", MIME: "image/jpeg", Size: int64(raw.Len())},
		Open: func(context.Context) (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(raw.Bytes())), nil
		},
	})
}

// maxWords is how much of an answer in words, where a file was expected, is read.
const maxWords = 64 << 10

// Fetch gets a file that a customer sent. A picture is also open at an address of its own, for accounts that may not ask
// for media.
func (c Connector) Fetch(ctx context.Context, a channel.Account, ref string) (channel.Media, error) {
	fields, err := url.ParseQuery(ref)
	if err != nil {
		return channel.Media{}, &channel.Fault{Kind: channel.ActFail, Code: channel.CodeMediaGone, Certain: true, Err: errors.New("the reference is malformed")}
	}
	media, f := channel.Media{}, &channel.Fault{Kind: channel.ActFail, Code: channel.CodeMediaGone, Certain: true, Err: errors.New("the reference is empty")}
	if id := fields.Get(refID); id != "" {
		media, f = c.fetchByID(ctx, a, id)
	}
	if address := fields.Get(refURL); f != nil && address != "" {
		media, f = download(ctx, a.Client, address, a.Now())
	}
	if f != nil {
		return channel.Media{}, f
	}
	return media, nil
}

func (c Connector) fetchByID(ctx context.Context, a channel.Account, id string) (channel.Media, *channel.Fault) {
	var media channel.Media
	var video struct {
		URL string `json:"video_url"`
	}
	f := c.withToken(ctx, a, "/cgi-bin/media/get", url.Values{"media_id": {id}}, func(address string) *channel.Fault {
		got, f := download(ctx, channel.Straight(a.Client), address, a.Now())
		if f != nil {
			return f
		}
		if media = got; !words(got.Type) {
			return nil
		}
		defer func() { _ = got.Body.Close() }()
		raw, err := io.ReadAll(io.LimitReader(got.Body, maxWords))
		if err != nil {
			return channel.Unreadable(err)
		}
		if f := read(raw, a, &video); f != nil {
			return f
		}
		if video.URL == "" {
			return channel.Unreadable(errors.New("no video_url"))
		}
		return nil
	})
	switch {
	case f != nil && f.Code == "40007": // older than three days
		f.Kind, f.Code = channel.ActFail, channel.CodeMediaGone
	case f == nil && video.URL != "":
		return download(ctx, a.Client, video.URL, a.Now())
	}
	return media, f
}

func words(contentType string) bool {
	kind, _, _ := mime.ParseMediaType(contentType)
	return kind == "text/plain" || strings.HasSuffix(kind, "json")
}

func download(ctx context.Context, client *http.Client, address string, now time.Time) (channel.Media, *channel.Fault) {
	r, f := channel.JSONRequest(ctx, http.MethodGet, address, nil)
	if f != nil {
		return channel.Media{}, f
	}
	return channel.Download(client, r, now)
}
