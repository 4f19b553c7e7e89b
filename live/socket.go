package live

import (
	"context"
	"sync"
)

// link is one WebSocket as the hub uses it.
type link interface {
	// Write sends whole frames; it returns when they are with the kernel, or fails after a deadline.
	Write(frames [][]byte) error
	// Close ends the connection with a close frame.
	Close(code uint16)
	// Kill ends the connection at once, even under a Write that hangs.
	Kill()
}

// Limits of what waits for one slow reader. When there is more and something comes on top, it is dropped: it comes back
// and resumes from the log.
const (
	maxWaitingBytes  = 1 << 20
	maxWaitingFrames = 8192
)

// socket is the sending half of a connection: a bounded queue that a goroutine empties while there is something in it,
// so that an idle socket has none.
type socket struct {
	link link

	mu      sync.Mutex
	waiting [][]byte
	bytes   int
	writing bool
	ended   bool
	code    uint16        // close with it when the queue is empty, 0 = go on
	drained chan struct{} // closed when the queue ran empty; only while somebody waits for it
}

// send queues frames and never blocks. It reports whether the socket still lives.
func (s *socket) send(frames ...[]byte) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.queue(frames)
}

func (s *socket) queue(frames [][]byte) bool {
	if s.ended || s.code != 0 {
		return false
	}
	if s.bytes > maxWaitingBytes || len(s.waiting) > maxWaitingFrames {
		s.drop()
		return false
	}
	for _, f := range frames {
		s.bytes += len(f)
	}
	s.waiting = append(s.waiting, frames...)
	s.run()
	return true
}

// sendAll queues frames and waits until all that is queued was written: for catching up, at the reader's own speed.
func (s *socket) sendAll(ctx context.Context, frames ...[]byte) bool {
	s.mu.Lock()
	if !s.queue(frames) {
		s.mu.Unlock()
		return false
	}
	if !s.writing {
		s.mu.Unlock()
		return true
	}
	if s.drained == nil {
		s.drained = make(chan struct{})
	}
	drained := s.drained
	s.mu.Unlock()
	select {
	case <-drained:
		return true
	case <-ctx.Done():
		return false
	}
}

// end says a last word and closes when everything before it was written.
func (s *socket) end(code uint16, last []byte) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended || s.code != 0 {
		return
	}
	if last != nil {
		s.waiting = append(s.waiting, last)
	}
	s.code = code
	s.run()
}

// kill ends the socket at once.
func (s *socket) kill() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.drop()
}

func (s *socket) drop() {
	if s.ended {
		return
	}
	s.ended, s.waiting, s.bytes = true, nil, 0
	s.release()
	s.link.Kill()
}

func (s *socket) release() {
	if s.drained != nil {
		close(s.drained)
		s.drained = nil
	}
}

func (s *socket) run() {
	if !s.writing {
		s.writing = true
		go s.write()
	}
}

func (s *socket) write() {
	for {
		s.mu.Lock()
		if s.ended || len(s.waiting) == 0 {
			s.writing = false
			s.release()
			code := s.code
			if code != 0 && !s.ended {
				s.ended = true
			} else {
				code = 0
			}
			s.mu.Unlock()
			if code != 0 {
				s.link.Close(code)
			}
			return
		}
		frames := s.waiting
		s.waiting, s.bytes = nil, 0
		s.mu.Unlock()
		if err := s.link.Write(frames); err != nil {
			s.kill()
		}
	}
}
