package channel

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"strings"
	"time"
)

// JSONRequest makes a request whose body is v as JSON; without a body if v is nil. It fails for certain: nothing was sent.
// Nothing is escaped that need not be: some providers show an escape to people as it stands.
func JSONRequest(ctx context.Context, method, address string, v any) (*http.Request, *Fault) {
	var body io.Reader
	if v != nil {
		var raw bytes.Buffer
		encoder := json.NewEncoder(&raw)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(v); err != nil {
			return nil, &Fault{Kind: ActFail, Code: "encode", Certain: true, Err: err}
		}
		body = bytes.NewReader(bytes.TrimSuffix(raw.Bytes(), []byte("\n")))
	}
	r, err := http.NewRequestWithContext(ctx, method, address, body)
	if err != nil {
		return nil, badAddress()
	}
	if v != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	return r, nil
}

// ValuesRequest makes a POST of values as an HTML form without files sends them (application/x-www-form-urlencoded). It
// fails for certain: nothing was sent.
func ValuesRequest(ctx context.Context, address string, values url.Values) (*http.Request, *Fault) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(values.Encode()))
	if err != nil {
		return nil, badAddress()
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return r, nil
}

// FileRequest makes a POST whose body is a file's bytes, read while it is sent. It fails for certain: nothing was sent.
func FileRequest(ctx context.Context, address string, file File) (*http.Request, *Fault) {
	body, err := file.Open(ctx)
	if err != nil {
		return nil, &Fault{Kind: ActRetry, Code: "file_unreadable", Certain: true, Err: err}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, body)
	if err != nil {
		_ = body.Close()
		return nil, badAddress()
	}
	r.ContentLength = file.Attachment.Size // providers refuse chunked uploads
	r.Header.Set("Content-Type", file.Attachment.MIME)
	return r, nil
}

// FormField is a value, or with File a file, of a multipart form.
type FormField struct {
	Name, Value string
	File        *File
}

// FormRequest makes a POST of a multipart form (RFC 7578) whose files are read while it is sent; they are open when it
// returns, and the transport closes them. It fails for certain: nothing was sent.
func FormRequest(ctx context.Context, address string, fields []FormField) (*http.Request, *Fault) {
	body, err := newForm(ctx, fields)
	if err != nil {
		return nil, &Fault{Kind: ActRetry, Code: "file_unreadable", Certain: true, Err: err}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, body)
	if err != nil {
		_ = body.Close()
		return nil, badAddress()
	}
	r.ContentLength = body.size                                               // providers refuse chunked uploads
	r.GetBody = func() (io.ReadCloser, error) { return newForm(ctx, fields) } // for a connection that was dead before a byte left
	r.Header.Set("Content-Type", "multipart/form-data; boundary="+body.boundary)
	return r, nil
}

// form is the body of a multipart form, and what is open for it.
type form struct {
	io.Reader
	boundary string
	size     int64
	open     []io.Closer
}

func newForm(ctx context.Context, fields []FormField) (*form, error) {
	f := &form{boundary: formBoundary(fields)}
	var around bytes.Buffer
	var pieces []io.Reader
	flush := func() {
		f.size += int64(around.Len())
		pieces = append(pieces, bytes.NewReader(bytes.Clone(around.Bytes())))
		around.Reset()
	}
	w := multipart.NewWriter(&around)
	if err := w.SetBoundary(f.boundary); err != nil {
		return nil, err
	}
	for _, field := range fields {
		if _, err := w.CreatePart(formHeader(field)); err != nil {
			return nil, errors.Join(err, f.Close())
		}
		if field.File == nil {
			around.WriteString(field.Value)
			continue
		}
		file, err := field.File.Open(ctx)
		if err != nil {
			return nil, errors.Join(err, f.Close())
		}
		f.open = append(f.open, file)
		flush()
		f.size += field.File.Attachment.Size
		pieces = append(pieces, file)
	}
	if err := w.Close(); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	flush()
	f.Reader = io.MultiReader(pieces...)
	return f, nil
}

// Close closes the files.
func (f *form) Close() error {
	var all []error
	for _, c := range f.open {
		all = append(all, c.Close())
	}
	return errors.Join(all...)
}

func formHeader(field FormField) textproto.MIMEHeader {
	quote := strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\r", " ", "\n", " ")
	disposition := fmt.Sprintf(`form-data; name="%s"`, quote.Replace(field.Name))
	h := textproto.MIMEHeader{}
	if field.File != nil {
		disposition += fmt.Sprintf(`; filename="%s"`, quote.Replace(field.File.Attachment.Name))
		h.Set("Content-Type", field.File.Attachment.MIME)
	}
	h.Set("Content-Disposition", disposition)
	return h
}

// formBoundary derives the boundary from the fields, so that an attempt that is repeated sends the same bytes. It is no
// prefix of anything that a file says by accident.
func formBoundary(fields []FormField) string {
	h := sha256.New()
	for _, f := range fields {
		_, _ = fmt.Fprintf(h, "%q %q\n", f.Name, f.Value)
		if f.File != nil {
			_, _ = fmt.Fprintln(h, f.File.Attachment.ID, f.File.Attachment.Size)
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:24])
}

func badAddress() *Fault {
	// The error of net/url repeats the address, which may hold a token.
	return &Fault{Kind: ActConfig, Code: "address", Certain: true, Err: errors.New("the provider's address is malformed")}
}

// Unreadable is the fault of a 2xx whose body is not what was promised: the provider probably accepted.
func Unreadable(err error) *Fault {
	return &Fault{Kind: ActRetry, Code: "answer_unreadable", Err: errors.Join(errors.New("the answer cannot be read"), err)}
}

// Download makes one request for a file. (net/http takes the Authorization header off when it is redirected to another
// domain.) A file that the provider no longer has is ActFail CodeMediaGone, one still being prepared "media_preparing".
func Download(client *http.Client, r *http.Request, now time.Time) (Media, *Fault) {
	response, err := client.Do(r)
	if err != nil {
		return Media{}, &Fault{Kind: ActRetry, Code: "no_answer", Certain: true, Err: scrub(err)}
	}
	if response.StatusCode >= 200 && response.StatusCode < 300 && response.StatusCode != http.StatusAccepted {
		return Media{
			Body: response.Body, Name: fileName(response.Header), Type: response.Header.Get("Content-Type"), Size: response.ContentLength,
		}, nil
	}
	defer func() { _ = response.Body.Close() }()
	switch response.StatusCode {
	case http.StatusAccepted: // still being prepared
		return Media{}, &Fault{Kind: ActRetry, Code: "media_preparing", After: RetryAfter(response.Header, now), Certain: true, Err: errors.New("the file is being prepared")}
	case http.StatusNotFound, http.StatusGone:
		return Media{}, &Fault{Kind: ActFail, Code: CodeMediaGone, Certain: true, Err: errors.New("the provider no longer has the file")}
	}
	return Media{}, Refusal(Answer{Status: response.StatusCode, Header: response.Header}, now)
}

// fileName is what an answer calls its file (RFC 6266), without a path; "" if it does not.
func fileName(h http.Header) string {
	_, params, err := mime.ParseMediaType(h.Get("Content-Disposition"))
	if err != nil {
		return ""
	}
	name := CleanText(params["filename"])
	return name[strings.LastIndexAny(name, `/\`)+1:]
}
