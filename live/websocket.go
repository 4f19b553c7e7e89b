package live

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net"
	"net/http"
	"time"

	"github.com/lxzan/gws"
)

// Times of a connection.
const (
	writeTimeout = 10 * time.Second // for one batch of frames
	readTimeout  = 75 * time.Second // without a message or pong the peer is gone
	pingEvery    = 20 * time.Second // as often as leases are renewed: a pong is a sign of life
)

const (
	readBuffer  = 512 // bytes held per idle socket; clients' frames are small
	maxIncoming = 8 << 10
)

// reader is the receiving half of a connection.
type reader interface {
	opened()
	// admits counts a frame and reports whether the client may go on: one that says too much is not listened to.
	admits() bool
	end(code uint16, last []byte)
	received(message []byte)
	ponged()
	closed()
}

// newUpgrader sets gws up for many idle sockets: nothing in parallel, no compression (patches are small and encoded once
// for all), a small read buffer, no map per connection.
func newUpgrader() *gws.Upgrader {
	return gws.NewUpgrader(events{}, &gws.ServerOption{
		ParallelGolimit:    1,
		ReadMaxPayloadSize: maxIncoming,
		ReadBufferSize:     readBuffer,
		CheckUtf8Enabled:   true,
		NewSession:         func() gws.SessionStorage { return &seat{} },
	})
}

// serve upgrades a request and reads from it in a goroutine of its own, so that the request's memory is free again.
// connect makes the reader around the link. An error says that nothing was answered yet; false without one, that the
// request was no WebSocket's and has been refused.
func serve(u *gws.Upgrader, w http.ResponseWriter, r *http.Request, connect func(link) reader) (bool, error) {
	raw, buffered, err := http.NewResponseController(w).Hijack()
	if err != nil {
		return false, fmt.Errorf("take over the connection: %w", err)
	}
	if err := raw.SetDeadline(time.Time{}); err != nil { // the server's own timeouts do not apply to sockets
		_ = raw.Close() // gone already: there is nobody to answer
		return false, nil
	}
	var source io.Reader = raw
	if n := buffered.Reader.Buffered(); n > 0 {
		early, _ := buffered.Reader.Peek(n)
		source = io.MultiReader(bytes.NewReader(bytes.Clone(early)), raw)
	}
	conn, err := u.UpgradeFromConn(raw, bufio.NewReaderSize(source, readBuffer), r)
	if err != nil {
		return false, nil // answered with 400 and closed
	}
	l := &wsLink{conn: conn, raw: raw}
	target := connect(l)
	conn.Session().(*seat).reader, conn.Session().(*seat).link = target, l
	go conn.ReadLoop()
	return true, nil
}

// wsLink is a link over gws. It writes frames that are encoded already straight to the connection: gws itself writes
// only the closing frame, and the connection takes each write as a whole.
type wsLink struct {
	conn *gws.Conn
	raw  net.Conn
}

// Write sends whole frames. See link.
func (l *wsLink) Write(frames [][]byte) error {
	if err := l.raw.SetWriteDeadline(time.Now().Add(writeTimeout)); err != nil {
		return err
	}
	buffers := net.Buffers(frames)
	_, err := buffers.WriteTo(l.raw)
	return err
}

// Close ends the connection with a close frame. See link.
func (l *wsLink) Close(code uint16) {
	_ = l.raw.SetWriteDeadline(time.Now().Add(writeTimeout))
	_ = l.conn.WriteClose(code, nil)
}

// Kill ends the connection at once. See link.
func (l *wsLink) Kill() { _ = l.raw.Close() }

func (l *wsLink) alive() { _ = l.raw.SetReadDeadline(time.Now().Add(readTimeout)) }

// events hands gws's callbacks to the seat's reader.
type events struct{}

// OnOpen begins the reading half.
func (events) OnOpen(c *gws.Conn) {
	s := c.Session().(*seat)
	s.link.alive()
	s.reader.opened()
}

// OnClose ends the reading half.
func (events) OnClose(c *gws.Conn, _ error) { c.Session().(*seat).reader.closed() }

// OnPing answers a ping.
func (events) OnPing(c *gws.Conn, payload []byte) {
	s := c.Session().(*seat)
	s.link.alive()
	if !s.admits() {
		return
	}
	if p, ok := s.reader.(interface{ send(...[]byte) bool }); ok {
		p.send(pongFrame(payload))
	}
}

// OnPong notes that the peer lives.
func (events) OnPong(c *gws.Conn, _ []byte) {
	s := c.Session().(*seat)
	s.link.alive()
	if s.admits() {
		s.reader.ponged()
	}
}

// OnMessage hands a message over; all that is said here is text.
func (events) OnMessage(c *gws.Conn, m *gws.Message) {
	s := c.Session().(*seat)
	s.link.alive()
	switch {
	case m.Opcode != gws.OpcodeText:
		s.reader.end(closePolicy, nil)
	case s.admits():
		s.reader.received(m.Bytes())
	}
	_ = m.Close()
}

// seat is where gws keeps what belongs to a connection: two pointers instead of a map.
type seat struct {
	reader reader
	link   *wsLink
}

// admits lets a frame through, or ends the socket of whoever sends too many: pings and pongs cost as much as words.
func (s *seat) admits() bool {
	if s.reader.admits() {
		return true
	}
	s.reader.end(closePolicy, nil)
	return false
}

// Len is part of gws.SessionStorage; nothing is kept by key.
func (*seat) Len() int { return 0 }

// Load is part of gws.SessionStorage.
func (*seat) Load(string) (any, bool) { return nil, false }

// Delete is part of gws.SessionStorage.
func (*seat) Delete(string) {}

// Store is part of gws.SessionStorage.
func (*seat) Store(string, any) {}

// Range is part of gws.SessionStorage.
func (*seat) Range(func(string, any) bool) {}
