package live

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"madoguchi/desk"
	"madoguchi/inbox"
)

// clientsEnv makes the test binary a process of clients: "address count".
const clientsEnv = "MADOGUCHI_LIVE_CLIENTS"

// TestClients is the clients' process of the benchmarks; by itself it does nothing.
func TestClients(t *testing.T) {
	t.Parallel()
	address, count, found := strings.Cut(os.Getenv(clientsEnv), " ")
	if !found {
		return
	}
	n, err := strconv.Atoi(count)
	if err != nil {
		t.Fatal(err)
	}
	arrivals := make(chan arrival, 4*n)
	var ready sync.WaitGroup
	ready.Add(n)
	for i := range n {
		if i%64 == 63 {
			time.Sleep(5 * time.Millisecond) // not all at once: the kernel's queue of new connections is short
		}
		go func() {
			if err := client(address, &ready, arrivals); err != nil && err != io.EOF {
				fmt.Fprintln(os.Stderr, err)
			}
		}()
	}
	ready.Wait()
	fmt.Println("ready")
	report(arrivals, n)
}

// arrival is one event at one socket.
type arrival struct{ sent, at int64 }

// report prints for each event how long it took to reach half and all of the sockets, in microseconds.
func report(arrivals <-chan arrival, n int) {
	waiting := map[int64][]int64{}
	for a := range arrivals {
		waiting[a.sent] = append(waiting[a.sent], a.at-a.sent)
		if took := waiting[a.sent]; len(took) == n {
			slices.Sort(took)
			fmt.Println("event", took[n/2]/1000, took[n-1]/1000)
			delete(waiting, a.sent)
		}
	}
}

// client is one socket that reads and notes when what arrived; a "t:<nanoseconds>" in a message says when it was written.
func client(address string, ready *sync.WaitGroup, arrivals chan<- arrival) error {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		ready.Done()
		return err
	}
	defer conn.Close()
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
	in := bufio.NewReaderSize(conn, 2048)
	if _, err := http.ReadResponse(in, nil); err != nil {
		ready.Done()
		return err
	}
	hello := []byte(`{"type":"hello","seq":0}`)
	frame := append([]byte{0x81, 0x80 | byte(len(hello)), 0, 0, 0, 0}, hello...) // masked with zeros
	if _, err := conn.Write(frame); err != nil {
		ready.Done()
		return err
	}
	greeted := false
	for {
		text, err := readFrame(in)
		if err != nil {
			return err
		}
		if !greeted && bytes.Contains(text, []byte(`"ready"`)) {
			greeted = true
			ready.Done()
		}
		if _, rest, found := bytes.Cut(text, []byte(`"text":"t:`)); found && bytes.Contains(text, []byte(`"message.created"`)) {
			end := bytes.IndexByte(rest, '"')
			sent, err := strconv.ParseInt(string(rest[:end]), 10, 64)
			if err != nil {
				return err
			}
			arrivals <- arrival{sent, time.Now().UnixNano()}
		}
	}
}

func readFrame(in *bufio.Reader) ([]byte, error) {
	var head [10]byte
	if _, err := io.ReadFull(in, head[:2]); err != nil {
		return nil, err
	}
	n := int64(head[1])
	switch n {
	case 126:
		if _, err := io.ReadFull(in, head[2:4]); err != nil {
			return nil, err
		}
		n = int64(binary.BigEndian.Uint16(head[2:4]))
	case 127:
		if _, err := io.ReadFull(in, head[2:10]); err != nil {
			return nil, err
		}
		n = int64(binary.BigEndian.Uint64(head[2:10]))
	}
	text := make([]byte, n)
	_, err := io.ReadFull(in, text)
	return text, err
}

// clients starts a process of n clients on the office's agent socket, members in turn, and waits until all follow.
func (o *office) clients(b *testing.B, n int) *bufio.Scanner {
	b.Helper()
	var next int
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		next++
		session := o.session(next % len(o.agents))
		mu.Unlock()
		if err := o.hub.ServeAgent(w, r, session); err != nil {
			b.Error(err)
		}
	}))
	b.Cleanup(server.Close)
	ctx, stop := context.WithCancel(context.Background())
	process := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestClients$")
	process.Env = append(os.Environ(), clientsEnv+"="+strings.TrimPrefix(server.URL, "http://")+" "+strconv.Itoa(n))
	process.Stderr = os.Stderr
	out, err := process.StdoutPipe()
	if err == nil {
		err = process.Start()
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { stop(); _ = process.Wait() })
	lines := bufio.NewScanner(out)
	for lines.Scan() && lines.Text() != "ready" {
		b.Log(lines.Text())
	}
	return lines
}

// BenchmarkFanOut is one message to 1,000 sockets of 200 members in another process, from before the write to the last
// socket that has it.
func BenchmarkFanOut(b *testing.B) {
	o := newOffice(b, 200)
	row := o.writes("v", "hi")
	lines := o.clients(b, 1000)
	var half, all []int64
	before := cpu()
	for b.Loop() {
		_, _, err := o.inbox.Write(b.Context(), o.agents[0], row.ID, inbox.NewMessage{
			ClientID: fmt.Sprint(o.said.Add(1)), Mode: inbox.ModeReply,
			Parts: []desk.Part{{Kind: desk.PartText, Text: fmt.Sprintf("t:%d", time.Now().UnixNano())}},
		})
		if err != nil {
			b.Fatal(err)
		}
		for lines.Scan() {
			var h, a int64
			if _, err := fmt.Sscanf(lines.Text(), "event %d %d", &h, &a); err == nil {
				half, all = append(half, h), append(all, a)
				break
			}
		}
	}
	spent := cpu() - before
	slices.Sort(half)
	slices.Sort(all)
	n := len(all)
	b.ReportMetric(float64(half[n/2])/1000, "ms-half-p50")
	b.ReportMetric(float64(all[n/2])/1000, "ms-all-p50")
	b.ReportMetric(float64(all[n*99/100])/1000, "ms-all-p99")
	b.ReportMetric(float64(spent.Microseconds())/1000/float64(n), "cpu-ms/event")
}

// BenchmarkIdleSockets is the memory of 5,000 sockets that follow and hear nothing, kernel buffers left out.
func BenchmarkIdleSockets(b *testing.B) {
	const sockets = 5000
	for b.Loop() {
		o := newOffice(b, 1000)
		before, rssBefore := inUse(), rss()
		o.clients(b, sockets)
		after, rssAfter := inUse(), rss()
		b.ReportMetric(float64(after-before)/sockets, "B/socket")
		b.ReportMetric(float64(rssAfter-rssBefore)/sockets, "RSS-B/socket")
	}
}

// inUse is what the Go runtime holds after a collection: heap and stacks.
func inUse() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapInuse + m.StackInuse)
}

func rss() int64 {
	text, err := os.ReadFile("/proc/self/statm")
	if err != nil {
		return 0
	}
	var size, resident int64
	if _, err := fmt.Sscan(string(text), &size, &resident); err != nil {
		return 0
	}
	return resident * int64(os.Getpagesize())
}

func cpu() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
