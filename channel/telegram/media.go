package telegram

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"path"

	"madoguchi/channel"
	"madoguchi/desk"
)

// file is what Telegram tells of a customer's file.
type file struct {
	ID   string `json:"file_id"`
	Name string `json:"file_name"`
	Size int64  `json:"file_size"`
}

// part is the message part of a file that is still to be fetched; what is over the limit of getFile never comes.
func (f file) part(kind desk.PartKind) (desk.Part, bool) {
	p := desk.Part{Kind: kind, MediaRef: channel.CleanText(f.ID), MediaName: channel.CleanText(f.Name), Media: desk.MediaFetching}
	if f.Size > maxDownload {
		p.Media = desk.MediaRefused
	}
	return p, p.MediaRef != ""
}

func media(kind desk.PartKind) func(json.RawMessage) (desk.Part, bool) {
	return func(raw json.RawMessage) (desk.Part, bool) {
		var f file
		if json.Unmarshal(raw, &f) != nil {
			return desk.Part{}, false
		}
		return f.part(kind)
	}
}

func voice(raw json.RawMessage) (desk.Part, bool) {
	p, ok := media(desk.PartAudio)(raw)
	p.Voice = true
	return p, ok
}

// photo takes the largest size that can be fetched; they are told in ascending order.
func photo(raw json.RawMessage) (desk.Part, bool) {
	var sizes []file
	if json.Unmarshal(raw, &sizes) != nil || len(sizes) == 0 {
		return desk.Part{}, false
	}
	best := sizes[0]
	for _, s := range sizes {
		if s.Size <= maxDownload {
			best = s
		}
	}
	return best.part(desk.PartImage)
}

// sticker takes the picture of a still sticker, the film of a moving one, and the preview of a drawn one (.tgs), which no
// browser shows. Its emoji is its text.
func sticker(raw json.RawMessage) (desk.Part, bool) {
	var s struct {
		file
		Emoji     string `json:"emoji"`
		Animated  bool   `json:"is_animated"`
		Video     bool   `json:"is_video"`
		Thumbnail *file  `json:"thumbnail"`
	}
	if json.Unmarshal(raw, &s) != nil {
		return desk.Part{}, false
	}
	kind, shown := desk.PartImage, s.file
	switch {
	case s.Video:
		kind = desk.PartVideo
	case s.Animated && s.Thumbnail != nil:
		shown = *s.Thumbnail
	case s.Animated:
		return textPart(s.Emoji, nil), s.Emoji != ""
	}
	p, ok := shown.part(kind)
	p.Sticker, p.Text = true, channel.CleanText(s.Emoji)
	return p, ok
}

// Fetch gets a customer's file: getFile tells its path for an hour, and the address holds the bot's token.
func (Connector) Fetch(ctx context.Context, a channel.Account, ref string) (channel.Media, error) {
	var found struct {
		Path string `json:"file_path"`
	}
	if f := call(ctx, a, "getFile", map[string]any{"file_id": ref}, &found); f != nil {
		return channel.Media{}, f
	}
	if found.Path == "" {
		return channel.Media{}, &channel.Fault{Kind: channel.ActFail, Code: channel.CodeMediaGone, Certain: true, Err: errors.New("the file has no path")}
	}
	address := baseURL(a) + "/file/bot" + a.Secrets[settingToken] + "/" + (&url.URL{Path: found.Path}).EscapedPath()
	r, f := channel.JSONRequest(ctx, http.MethodGet, address, nil)
	if f != nil {
		return channel.Media{}, f
	}
	got, f := channel.Download(a.Client, r, a.Now())
	if f != nil {
		return channel.Media{}, f
	}
	got.Name = path.Base(found.Path)
	return got, nil
}
