package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
)

// caller is one connection that asks and waits, as plainly as HTTP allows: on a machine that it shares with the desk,
// what the load client needs is missing there.
type caller struct {
	target target
	conn   net.Conn
	reader *bufio.Reader
	out    []byte
}

func (t target) dial(ctx context.Context) (*caller, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", t.address)
	if err != nil {
		return nil, err
	}
	return &caller{target: t, conn: conn, reader: bufio.NewReaderSize(conn, 64<<10)}, nil
}

// dialAll opens a connection for each caller.
func (t target) dialAll(ctx context.Context, callers int) ([]*caller, error) {
	lines := make([]*caller, callers)
	for i := range lines {
		var err error
		if lines[i], err = t.dial(ctx); err != nil {
			return nil, err
		}
	}
	return lines, nil
}

// ask sends one request and reads its answer to the end; an answer that is not 2xx is an error.
func (c *caller) ask(method, path, bearer string, body []byte) error {
	c.out = fmt.Appendf(c.out[:0], "%s %s HTTP/1.1\r\nHost: %s\r\nOrigin: http://%s\r\nAuthorization: Bearer %s\r\nAccept-Encoding: gzip\r\n", method, path, c.target.address, c.target.address, bearer)
	if body != nil {
		c.out = fmt.Appendf(c.out, "Content-Type: application/json\r\nContent-Length: %d\r\n", len(body))
	}
	c.out = append(append(c.out, "\r\n"...), body...)
	return c.send(c.out)
}

// send sends a request as it goes over the wire, and reads its answer.
func (c *caller) send(request []byte) error {
	if _, err := c.conn.Write(request); err != nil {
		return err
	}
	return c.answer()
}

var errAnswer = errors.New("an answer that is not understood")

func (c *caller) answer() error {
	line, err := c.reader.ReadSlice('\n')
	if err != nil {
		return err
	}
	if len(line) < 12 {
		return errAnswer
	}
	ok, status := line[9] == '2', string(line[9:12])
	length, chunked := 0, false
	for {
		line, err := c.reader.ReadSlice('\n')
		if err != nil {
			return err
		}
		name, value, more := bytes.Cut(bytes.TrimRight(line, "\r\n"), []byte(": "))
		if !more {
			break
		}
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if length, err = strconv.Atoi(string(value)); err != nil {
				return errAnswer
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = true
		}
	}
	if chunked {
		err = c.chunks()
	} else {
		_, err = c.reader.Discard(length)
	}
	if err == nil && !ok {
		err = fmt.Errorf("status %s", status)
	}
	return err
}

// chunks skips a chunked body.
func (c *caller) chunks() error {
	for {
		line, err := c.reader.ReadSlice('\n')
		if err != nil {
			return err
		}
		size, err := strconv.ParseInt(string(bytes.TrimRight(line, "\r\n")), 16, 64)
		if err != nil {
			return errAnswer
		}
		if _, err := io.CopyN(io.Discard, c.reader, size+2); err != nil || size == 0 {
			return err
		}
	}
}

// post sends one customer's message.
func (c *caller) post(token, id, text string) error {
	body, err := json.Marshal(write(id, text))
	if err != nil {
		return err
	}
	return c.ask("POST", "/widget/v1/messages", token, body)
}
