package sim

import (
	"io"
	"net/http"
	"strconv"
)

// What the simulator keeps of files, in bytes.
const (
	maxFile  = 64 << 20
	maxFiles = 256 << 20 // of all together; the oldest go first
)

// file is something that was sent or uploaded.
type file struct {
	name, mime string
	data       []byte
}

// keep stores a file and names it. Under mu.
func (s *Simulator) keep(f *file) string {
	id := "f" + strconv.FormatInt(s.next(), 10)
	s.files[id] = f
	s.kept = append(s.kept, id)
	total := 0
	for _, f := range s.files {
		total += len(f.data)
	}
	for total > maxFiles && len(s.kept) > 1 {
		total -= len(s.files[s.kept[0]].data)
		delete(s.files, s.kept[0])
		s.kept = s.kept[1:]
	}
	return id
}

// shown is how a kept file stands in a message. Under mu.
func (s *Simulator) shown(id, kind string) Shown {
	f := s.files[id]
	if f == nil {
		return Shown{Kind: kind}
	}
	return Shown{Kind: kind, Name: f.name, Type: f.mime, URL: s.Base + "/files/" + id, file: id}
}

// file finds a kept file, nil if it is gone.
func (s *Simulator) file(id string) *file {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.files[id]
}

// serveFile gives out a file as the providers' content servers do: to whoever knows its address. What customers made up
// never runs in the page: everything but pictures, sound and film is a download.
func (s *Simulator) serveFile(w http.ResponseWriter, r *http.Request) {
	s.writeFile(w, r.PathValue("name"))
}

func (s *Simulator) writeFile(w http.ResponseWriter, id string) {
	f := s.file(id)
	if f == nil {
		http.NotFound(w, nil)
		return
	}
	h := w.Header()
	h.Set("Content-Type", f.mime)
	h.Set("Content-Length", strconv.Itoa(len(f.data)))
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Content-Security-Policy", "sandbox; default-src 'none'")
	if kindOf(f.mime) == "file" {
		h.Set("Content-Disposition", "attachment")
	}
	_, _ = w.Write(f.data)
}

// fetch gets a file that the business sent by link, as the provider would: without credentials.
func (s *Simulator) fetch(r *http.Request, link string) (*file, bool) {
	req, err := http.NewRequestWithContext(r.Context(), http.MethodGet, link, nil)
	if err != nil {
		return nil, false
	}
	response, err := s.Client.Do(req)
	if err != nil {
		return nil, false
	}
	defer func() { _ = response.Body.Close() }()
	data, err := io.ReadAll(io.LimitReader(response.Body, maxFile))
	if err != nil || response.StatusCode != http.StatusOK {
		return nil, false
	}
	return &file{mime: response.Header.Get("Content-Type"), data: data}, true
}
