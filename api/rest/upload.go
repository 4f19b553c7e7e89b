package rest

import (
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"time"

	"madoguchi/attachment"
	"madoguchi/blob"
	"madoguchi/desk"
)

// Received is one uploaded file, its bytes on the disk, not yet named by a row.
type Received struct {
	File   desk.Attachment   // without ID, conversation and instant
	Fields map[string]string // the form's other fields, at most 1 KiB each
}

const (
	maxFormField  = 1 << 10
	maxFormFields = 16
	formOverhead  = 64 << 10 // bytes of boundaries and fields beside the file
	// Patience is how long a client may be silent in the middle of an upload or download.
	Patience = 30 * time.Second
)

// Receive reads a multipart form with one "file", streaming it to the blob store as whose upload says, whose MaxBytes it
// must name. Nothing is kept on an error. Errors: "body_invalid", "file_missing",
// "too_long", blob.CodeTooLarge (all invalid), and Keep's.
func Receive(w http.ResponseWriter, r *http.Request, keeper *attachment.Keeper, whose attachment.Upload) (got Received, err error) {
	r.Body = http.MaxBytesReader(w, r.Body, whose.MaxBytes+formOverhead)
	form, err := r.MultipartReader()
	if err != nil {
		return got, desk.Invalid("", "body_invalid", "read form: %w", err)
	}
	got.Fields = map[string]string{}
	defer func() {
		if err != nil {
			Discard(r.Context(), keeper, whose.Workspace, got.File)
		}
	}()
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return got, formError(err)
		}
		switch {
		case part.FormName() != "file":
			if err := readField(part, got.Fields); err != nil {
				return got, err
			}
		case got.File.Key != "":
			return got, desk.Invalid("file", "body_invalid", "one file at a time")
		default:
			u := whose
			u.Name, u.MIME, u.Body = part.FileName(), part.Header.Get("Content-Type"), part
			if got.File, err = keeper.Keep(r.Context(), u); err != nil {
				return got, formError(err)
			}
		}
	}
	if got.File.Key == "" {
		return got, desk.Invalid("file", "file_missing", "the form has no file")
	}
	return got, nil
}

// formError tells a form that breaks off or is too long from what went wrong here.
func formError(err error) error {
	var known *desk.Error
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		return desk.Invalid("file", blob.CodeTooLarge, "%w", err)
	case errors.As(err, &known):
		return err
	}
	return desk.Invalid("", "body_invalid", "read form: %w", err)
}

func readField(part *multipart.Part, fields map[string]string) error {
	text, err := io.ReadAll(io.LimitReader(part, maxFormField+1))
	if err != nil {
		return formError(err)
	}
	if len(text) > maxFormField || len(fields) >= maxFormFields {
		return desk.Invalid("", "too_long", "a form has at most %d fields of at most %d bytes", maxFormFields, maxFormField)
	}
	fields[part.FormName()] = string(text)
	return nil
}

// Discard removes bytes that no row will name. What is left behind is the orphan sweep's.
func Discard(ctx context.Context, keeper *attachment.Keeper, workspace desk.ID, a desk.Attachment) {
	ctx = context.WithoutCancel(ctx)
	for _, key := range []string{a.Key, a.ThumbKey} {
		if key == "" {
			continue
		}
		if err := keeper.Blobs.Delete(ctx, workspace, key); err != nil {
			From(ctx).Log.WarnContext(ctx, "discard upload", "err", err)
		}
	}
}

// Patient gives every write of an answer its own time, so that a large file may take long and a dead reader may not.
func Patient(w http.ResponseWriter) http.ResponseWriter {
	return patientWriter{w, http.NewResponseController(w)}
}

type patientWriter struct {
	http.ResponseWriter
	control *http.ResponseController
}

// chunk is how much goes out under one deadline, bytes.
const chunk = 256 << 10

func (w patientWriter) Write(p []byte) (n int, err error) {
	for len(p) > 0 && err == nil {
		_ = w.control.SetWriteDeadline(time.Now().Add(Patience)) // not every connection has one (tests, HTTP/2)
		var m int
		m, err = w.ResponseWriter.Write(p[:min(len(p), chunk)])
		n += m
		p = p[m:]
	}
	return n, err
}

// Unwrap lets http.ResponseController through.
func (w patientWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
