// Package attachment takes files in and gives them out again: what the agent API and the widget API share. The bytes lie
// in blob, what they are is for media to say, and the row is the caller's to write.
package attachment

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"

	"madoguchi/blob"
	"madoguchi/desk"
	"madoguchi/media"
)

// Keeper stores uploads. It is safe for concurrent use.
type Keeper struct {
	Blobs      blob.Store
	Thumbnails *media.Thumbnailer
	MaxBytes   int64 // of one file
	Log        *slog.Logger
}

// Upload is a file as somebody sent it.
type Upload struct {
	Workspace desk.ID
	By        desk.ID // user, or visitor for customers
	Name      string  // as the sender called it
	MIME      string  // as the sender claims; the bytes decide
	Body      io.Reader
	MaxBytes  int64 // 0 = the Keeper's
	Policy    desk.FilePolicy
}

// Keep stores the bytes and says what they are. ID, CreatedAt and the conversation are left to the caller, who writes
// the row afterwards; without a row the bytes are swept. Errors: blob.CodeTooLarge, blob.CodeEmpty, blob.CodeDiskFull,
// desk.FilePolicy's.
func (k *Keeper) Keep(ctx context.Context, u Upload) (desk.Attachment, error) {
	limit := u.MaxBytes
	if limit <= 0 || limit > k.MaxBytes {
		limit = k.MaxBytes
	}
	if limit = u.Policy.Most(limit); limit == 0 {
		return desk.Attachment{}, desk.Invalid("file", "file_kind_refused", "the workspace takes no files")
	}
	ref, err := k.Blobs.Put(ctx, u.Workspace, u.Body, limit)
	if err != nil {
		return desk.Attachment{}, fmt.Errorf("keep upload: %w", err)
	}
	a := desk.Attachment{Key: ref.Key, Size: ref.Size, UploadedBy: u.By}
	err = k.look(ctx, u, &a)
	if err == nil {
		err = u.Policy.Admits(a)
	}
	if err == nil {
		return a, nil
	}
	for _, key := range []string{a.Key, a.ThumbKey} {
		if key != "" {
			err = errors.Join(err, k.Blobs.Delete(context.WithoutCancel(ctx), u.Workspace, key))
		}
	}
	return desk.Attachment{}, err
}

// look fills in what the bytes say.
func (k *Keeper) look(ctx context.Context, u Upload, a *desk.Attachment) error {
	content, _, err := k.Blobs.Open(ctx, u.Workspace, a.Key)
	if err != nil {
		return fmt.Errorf("look at upload: %w", err)
	}
	defer func() { _ = content.Close() }()
	head := make([]byte, media.SniffLen)
	n, err := io.ReadFull(content, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return fmt.Errorf("look at upload: %w", err)
	}
	kind := media.Sniff(head[:n], u.MIME)
	if kind.Inline && kind.Kind == desk.PartImage {
		size, err := media.Dimensions(content, kind.MIME)
		switch {
		case err == nil:
			a.Width, a.Height = size.Width, size.Height
			k.draw(ctx, u.Workspace, content, kind.MIME, a)
		case desk.KindOf(err) == desk.KindInvalid:
			kind = kind.AsFile()
		default:
			return fmt.Errorf("look at upload: %w", err)
		}
	}
	a.Kind, a.MIME, a.Name = kind.Kind, kind.MIME, media.CleanName(u.Name, kind)
	return nil
}

// draw makes the thumbnail; a picture that has none is shown by its name.
func (k *Keeper) draw(ctx context.Context, workspace desk.ID, content io.ReadSeeker, mime string, a *desk.Attachment) {
	if k.Thumbnails == nil {
		return
	}
	thumb, err := k.Thumbnails.Draw(ctx, content, mime)
	if err == nil {
		var ref blob.Ref
		if ref, err = k.Blobs.Put(ctx, workspace, bytes.NewReader(thumb.Bytes), int64(len(thumb.Bytes))); err == nil {
			a.ThumbKey = ref.Key
			return
		}
	}
	if k.Log != nil && desk.KindOf(err) != desk.KindInvalid {
		k.Log.WarnContext(ctx, "draw thumbnail", "err", err)
	}
}

// contentPolicy keeps what a browser opens directly from running or loading anything.
const contentPolicy = "default-src 'none'; style-src 'unsafe-inline'; media-src 'self'; img-src 'self'; sandbox"

// Serve answers with a file's bytes, or its thumbnail's: ranges, never sniffed, shown in place only if it is a raster
// image, audio or video, cached by the one browser for as long as it likes. crossOrigin lets a sandboxed frame (whose
// origin is nobody's) show it; access is the caller's to have checked. "blob_not_found" where there are no such bytes.
func (k *Keeper) Serve(w http.ResponseWriter, r *http.Request, workspace desk.ID, a desk.Attachment, thumb, crossOrigin bool) error {
	key, mime, inline := a.Key, a.MIME, a.Kind != desk.PartFile && media.InlineMIME(a.MIME)
	if thumb {
		if key = a.ThumbKey; key == "" {
			return desk.NotFound("thumbnail")
		}
		mime, inline = "", true
	}
	content, info, err := k.Blobs.Open(r.Context(), workspace, key)
	if err != nil {
		return fmt.Errorf("open file %d: %w", a.ID, err)
	}
	defer func() { _ = content.Close() }()
	if thumb {
		if mime, err = sniffed(content); err != nil {
			return fmt.Errorf("read thumbnail of %d: %w", a.ID, err)
		}
	}
	if !inline {
		mime = media.Opaque
	}
	setHeaders(w.Header(), mime, inline, a.Name)
	w.Header().Set("Cache-Control", "private, max-age=31536000, immutable")
	w.Header().Set("ETag", `"`+key+`"`)
	if crossOrigin {
		w.Header().Set("Cross-Origin-Resource-Policy", "cross-origin")
	} else {
		w.Header().Set("Cross-Origin-Resource-Policy", "same-origin")
	}
	http.ServeContent(w, r, "", info.StoredAt, content)
	return nil
}

// ServeTyped answers with a file's bytes under the type that they have, for programs that go by it, as providers do; a type
// that a browser would run is told as bytes. Nothing but a raster image, audio or video is shown in place, and nobody keeps it.
func (k *Keeper) ServeTyped(w http.ResponseWriter, r *http.Request, workspace desk.ID, a desk.Attachment) error {
	content, info, err := k.Blobs.Open(r.Context(), workspace, a.Key)
	if err != nil {
		return fmt.Errorf("open file %d: %w", a.ID, err)
	}
	defer func() { _ = content.Close() }()
	mime := a.MIME
	if mime == "" || media.Active(mime) {
		mime = media.Opaque
	}
	setHeaders(w.Header(), mime, a.Kind != desk.PartFile && media.InlineMIME(a.MIME), a.Name)
	w.Header().Set("Cache-Control", "private, no-store")
	http.ServeContent(w, r, "", info.StoredAt, content)
	return nil
}

func setHeaders(h http.Header, mime string, inline bool, name string) {
	h.Set("Content-Type", mime)
	h.Set("Content-Disposition", media.ContentDisposition(inline, name))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", contentPolicy)
}

// sniffed says whether a thumbnail of ours is JPEG or PNG.
func sniffed(content io.ReadSeeker) (string, error) {
	head := make([]byte, media.SniffLen)
	n, err := io.ReadFull(content, head)
	if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
		return "", err
	}
	_, err = content.Seek(0, io.SeekStart)
	return media.Sniff(head[:n], "").MIME, err
}
