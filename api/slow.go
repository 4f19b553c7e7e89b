package api

import (
	"io"
	"net/http"
	"time"

	"madoguchi/api/rest"
)

// minRate is how fast, bytes per second, a request's body must come in on average once rest.Patience is used up: a bad
// telephone line does, a client that only wants to keep a place does not.
const minRate = 4 << 10

// hasten gives a request's body the time that its bytes need. Headers and idle connections have the server's own times.
func hasten(w http.ResponseWriter, r *http.Request) {
	if r.Body == nil || r.Body == http.NoBody || r.Header.Get("Upgrade") != "" {
		return
	}
	body := &hastenedBody{ReadCloser: r.Body, control: http.NewResponseController(w), start: time.Now()}
	body.expect() // also for a body that nobody reads: net/http drains it after the answer
	r.Body = body
}

// hastenedBody ends a body that comes too slowly. At its end there is no deadline any more: what comes after is the
// program's own time.
type hastenedBody struct {
	io.ReadCloser
	control *http.ResponseController
	start   time.Time
	got     int64
}

func (b *hastenedBody) Read(p []byte) (int, error) {
	b.expect()
	n, err := b.ReadCloser.Read(p)
	b.got += int64(n)
	if err == io.EOF { //nolint:errorlint // bodies return it bare
		_ = b.control.SetReadDeadline(time.Time{})
	}
	return n, err
}

// expect sets the instant by which something must have come: never silent for longer than rest.Patience, never slower than
// minRate over all.
func (b *hastenedBody) expect() {
	silent := time.Now().Add(rest.Patience)
	slow := b.start.Add(rest.Patience + time.Duration(b.got)*time.Second/minRate)
	if slow.Before(silent) {
		silent = slow
	}
	_ = b.control.SetReadDeadline(silent) // not every connection has one (tests)
}
