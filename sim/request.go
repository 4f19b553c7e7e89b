package sim

import (
	"encoding/json"
	"io"
	"mime"
	"net/http"
	"strconv"
)

// request is what a connector sent, whatever its coding: JSON, a form, or a form with files.
type request struct {
	json   map[string]json.RawMessage
	form   map[string][]string
	upload map[string]*file
	body   []byte
}

// read takes a request in; false if it is not what its type says.
func read(r *http.Request) (request, bool) {
	kind, _, _ := mime.ParseMediaType(r.Header.Get("Content-Type"))
	q := request{upload: map[string]*file{}}
	switch kind {
	case "multipart/form-data":
		if r.ParseMultipartForm(maxFile) != nil {
			return q, false
		}
		q.form = r.MultipartForm.Value
		for name, headers := range r.MultipartForm.File {
			f, err := headers[0].Open()
			if err != nil {
				return q, false
			}
			data, err := io.ReadAll(f)
			_ = f.Close()
			if err != nil {
				return q, false
			}
			q.upload[name] = &file{name: headers[0].Filename, mime: headers[0].Header.Get("Content-Type"), data: data}
		}
		return q, true
	case "application/x-www-form-urlencoded":
		if r.ParseForm() != nil {
			return q, false
		}
		q.form = r.Form
		return q, true
	}
	var err error
	if q.body, err = io.ReadAll(io.LimitReader(r.Body, maxFile)); err != nil {
		return q, false
	}
	q.form = r.URL.Query()
	if r.Header.Get("File_offset") != "" { // an upload's bytes
		return q, true
	}
	return q, len(q.body) == 0 || json.Unmarshal(q.body, &q.json) == nil
}

// has reports whether a field was sent.
func (q request) has(name string) bool {
	_, in := q.json[name]
	return in || len(q.form[name]) > 0 || q.upload[name] != nil
}

// text is a field as text: a JSON string, or any other JSON value as it was written.
func (q request) text(name string) string {
	if raw, ok := q.json[name]; ok {
		var s string
		if json.Unmarshal(raw, &s) == nil {
			return s
		}
		return string(raw)
	}
	if values := q.form[name]; len(values) > 0 {
		return values[0]
	}
	return ""
}

func (q request) number(name string) float64 {
	n, err := strconv.ParseFloat(q.text(name), 64)
	if err != nil {
		return 0
	}
	return n
}

// into reads a field that is JSON inside, also where it came as a form's text; false if it is not there or does not fit.
func (q request) into(name string, v any) bool {
	if raw, ok := q.json[name]; ok {
		return json.Unmarshal(raw, v) == nil
	}
	return json.Unmarshal([]byte(q.text(name)), v) == nil
}
