// Package whole sends answers in one piece. net/http has a buffer of 4 KiB for a connection: it sends a longer answer as the
// buffer with the headers and the beginning of the body, and then the rest, which costs a call into the kernel more and wakes
// the reader twice. A sixth of the processor time of a kept tile is in that. Here the connection holds the first part back
// until it can send it with the second.
//
// It knows connections only. Without the listener, behind TLS or over HTTP/2 an answer is written as ever.
package whole

import (
	"context"
	"net"
	"net/http"
)

// Listener gives the connections of l as such that can send an answer whole. Context must be the server's ConnContext.
func Listener(l net.Listener) net.Listener { return listener{l} }

type listener struct{ net.Listener }

func (l listener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if tcp, ok := c.(*net.TCPConn); ok {
		return &conn{TCPConn: tcp}, err
	}
	return c, err
}

type connKey struct{}

// Context lets Write find the connection of a request.
func Context(ctx context.Context, c net.Conn) context.Context {
	if c, ok := c.(*conn); ok {
		return context.WithValue(ctx, connKey{}, c)
	}
	return ctx
}

// Write writes all of the body of the answer to r, whose Content-Length must be set.
func Write(w http.ResponseWriter, r *http.Request, body []byte) error {
	c, ok := r.Context().Value(connKey{}).(*conn)
	if !ok {
		_, err := w.Write(body)
		return err
	}
	c.holding = true
	defer c.release()
	if _, err := w.Write(body); err != nil {
		return err
	}
	return http.NewResponseController(w).Flush() // an end that is shorter than the buffer
}

// A conn can hold one write back. net/http writes an answer from one goroutine, the handler's.
type conn struct {
	*net.TCPConn
	holding bool
	held    []byte
	parts   [2][]byte
}

func (c *conn) Write(b []byte) (int, error) {
	switch {
	case !c.holding:
		return c.TCPConn.Write(b)
	case len(c.held) == 0:
		c.held = append(c.held, b...)
		return len(b), nil
	}
	before := len(c.held)
	c.parts = [2][]byte{c.held, b}
	parts := net.Buffers(c.parts[:])
	c.held, c.holding = c.held[:0], false
	n, err := parts.WriteTo(c.TCPConn) // one call into the kernel
	return max(0, int(n)-before), err
}

// release sends what is still held. That nobody is there any more net/http learns by its next write.
func (c *conn) release() {
	c.holding = false
	if len(c.held) > 0 {
		_, _ = c.TCPConn.Write(c.held)
		c.held = c.held[:0]
	}
	c.parts = [2][]byte{}
}
