package testserver

import (
	"io"
	"net"
	"sync"
)

// Proxy passes connections on to a server until it is cut.
type Proxy struct {
	Address string // host:port to connect to
	target  string

	mu    sync.Mutex
	cut   bool
	conns map[net.Conn]struct{}
}

// NewProxy stands before a host:port until the test ends.
func NewProxy(t Needs, target string) *Proxy {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	p := &Proxy{Address: listener.Addr().String(), target: target, conns: map[net.Conn]struct{}{}}
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go p.pass(conn)
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		p.Cut()
	})
	return p
}

// Cut ends every connection and refuses new ones.
func (p *Proxy) Cut() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = true
	for conn := range p.conns {
		_ = conn.Close()
	}
}

// Mend lets connections through again.
func (p *Proxy) Mend() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.cut = false
}

// Retarget sends new connections to another server and ends those there are: what a load balancer does to a dead node.
func (p *Proxy) Retarget(target string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.target = target
	for conn := range p.conns {
		_ = conn.Close()
	}
}

// enter takes a connection in unless the line is cut.
func (p *Proxy) enter(conn net.Conn) (target string, ok bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.cut {
		return "", false
	}
	p.conns[conn] = struct{}{}
	return p.target, true
}

func (p *Proxy) leave(conn net.Conn) {
	_ = conn.Close()
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.conns, conn)
}

func (p *Proxy) pass(near net.Conn) {
	target, ok := p.enter(near)
	if !ok {
		_ = near.Close()
		return
	}
	defer p.leave(near)
	far, err := net.Dial("tcp", target)
	if err != nil {
		return
	}
	if _, ok := p.enter(far); !ok {
		_ = far.Close()
		return
	}
	defer p.leave(far)
	done := make(chan struct{}, 2)
	for _, pair := range [][2]net.Conn{{near, far}, {far, near}} {
		go func() {
			_, _ = io.Copy(pair[0], pair[1])
			done <- struct{}{}
		}()
	}
	<-done
}
