package whatsapp

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"net/url"
	"slices"
	"strings"

	"madoguchi/channel"
	"madoguchi/channel/graph"
	"madoguchi/desk"
)

// fileBody is a file that was uploaded before.
type fileBody struct {
	ID       string `json:"id"`
	Caption  string `json:"caption,omitempty"`
	Filename string `json:"filename,omitempty"`
	Voice    bool   `json:"voice,omitempty"` // of an audio: shown as a voice message, which is Ogg with Opus
}

// maxSticker is what a still sticker may weigh.
const maxSticker = 100 << 10

// fillFile uploads a file and puts it into the body. What WhatsApp does not show as what it is goes as a document.
func fillFile(ctx context.Context, api graph.Client, body *outgoing, p desk.Part, caption string, files map[desk.ID]channel.File) *channel.Fault {
	file, ok := files[p.AttachmentID]
	if !ok {
		return refuse("file_missing", "the file of a part is missing")
	}
	id, f := upload(ctx, api, file)
	if f != nil {
		return f
	}
	sent := &fileBody{ID: id, Caption: caption}
	switch body.Type = shownAs(p, file.Attachment, caption); body.Type {
	case "image":
		body.Image = sent
	case "audio":
		body.Audio, sent.Voice = sent, p.Voice && bareType(file.Attachment.MIME) == "audio/ogg"
	case "video":
		body.Video = sent
	case "sticker":
		body.Sticker = sent
	default:
		body.Document, sent.Filename = sent, file.Attachment.Name
	}
	return nil
}

// shownAs is the type of message that a file goes as.
func shownAs(p desk.Part, a desk.Attachment, caption string) string {
	if p.Sticker && a.MIME == "image/webp" && a.Size <= maxSticker && caption == "" {
		return "sticker"
	}
	for _, m := range media {
		if len(m.MIME) == 0 || !slices.Contains(m.MIME, bareType(a.MIME)) || a.Size > m.MaxBytes || m.Bare && caption != "" {
			continue
		}
		return string(m.Kind) // image, audio and video are WhatsApp's words too
	}
	return "document"
}

func bareType(mime string) string {
	bare, _, _ := strings.Cut(mime, ";")
	return strings.TrimSpace(bare)
}

// upload gives the provider a file; its id lives 30 days.
// https://developers.facebook.com/docs/whatsapp/cloud-api/reference/media
func upload(ctx context.Context, api graph.Client, file channel.File) (string, *channel.Fault) {
	var answer struct {
		ID loose `json:"id"`
	}
	f := api.Upload(ctx, sender(api)+"/media", []channel.FormField{
		{Name: "messaging_product", Value: Kind}, {Name: "type", Value: file.Attachment.MIME}, {Name: "file", File: &file},
	}, &answer)
	if f == nil && answer.ID == "" {
		f = channel.Unreadable(errors.New("no media id"))
	}
	return string(answer.ID), f
}

// Fetch gets a file that a customer sent: its address, which lives five minutes, and then its bytes.
func (Connector) Fetch(ctx context.Context, a channel.Account, ref string) (channel.Media, error) {
	api := client(a)
	var found struct {
		URL    string `json:"url"`
		Type   string `json:"mime_type"`
		SHA256 string `json:"sha256"`
		Size   int64  `json:"file_size"`
	}
	// Ids from webhooks live 7 days.
	if f := api.Get(ctx, url.PathEscape(ref), url.Values{"phone_number_id": {sender(api)}}, &found); f != nil {
		switch f.Code {
		case "100", "131052", "http_404":
			f.Kind, f.Code = channel.ActFail, channel.CodeMediaGone
		}
		return channel.Media{}, f
	}
	m, f := api.Download(ctx, found.URL)
	if f != nil {
		return channel.Media{}, f
	}
	m.Type = found.Type
	if m.Size < 0 && found.Size > 0 {
		m.Size = found.Size
	}
	if sum, err := hex.DecodeString(found.SHA256); err == nil && len(sum) == sha256.Size {
		m.Body = &checked{body: m.Body, hash: sha256.New(), want: sum}
	}
	return m, nil
}

// checked fails at the end of a file that is not what the provider said.
type checked struct {
	body io.ReadCloser
	hash hash.Hash
	want []byte
}

var errDamaged = errors.New("the file is not the one that the provider announced")

// Read reads on.
func (c *checked) Read(p []byte) (int, error) {
	n, err := c.body.Read(p)
	c.hash.Write(p[:n])
	if errors.Is(err, io.EOF) && !slices.Equal(c.hash.Sum(nil), c.want) {
		err = errDamaged
	}
	return n, err
}

// Close closes the file.
func (c *checked) Close() error { return c.body.Close() }
