package whole_test

import (
	"bufio"
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strconv"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"kora/tiles/whole"
)

// serve answers with the tail of pattern that the query's length tells.
func serve(t testing.TB, pattern []byte, accepted func(net.Conn)) (address string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{
		ConnContext: whole.Context,
		ConnState: func(c net.Conn, s http.ConnState) {
			if s == http.StateNew && accepted != nil {
				accepted(c)
			}
		},
		Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			n, _ := strconv.Atoi(r.URL.RawQuery)
			w.Header().Set("Content-Length", strconv.Itoa(n))
			if r.URL.Path == "/plain" {
				_, _ = w.Write(pattern[len(pattern)-n:])
			} else if err := whole.Write(w, r, pattern[len(pattern)-n:]); err != nil {
				t.Error(err)
			}
		}),
	}
	go func() { _ = srv.Serve(whole.Listener(l)) }()
	t.Cleanup(func() { _ = srv.Close() })
	return l.Addr().String()
}

func pattern(n int) []byte {
	b := make([]byte, n)
	r := rand.New(rand.NewPCG(1, 1))
	for i := range b {
		b[i] = byte(r.Uint32())
	}
	return b
}

// TestAnswersAreWhole: bodies around every bound come as they are, one after the other on one connection, among answers that
// are written as ever.
func TestAnswersAreWhole(t *testing.T) {
	all := pattern(1 << 20)
	address := serve(t, all, nil)
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	in := bufio.NewReader(c)
	var sizes []int
	for _, about := range []int{0, 1900, 2048, 3900, 4096, 8000, 8192, 12_000, 1<<20 - 40} {
		for d := range 40 {
			sizes = append(sizes, about+d)
		}
	}
	for i, n := range sizes {
		path := []string{"/whole", "/whole", "/plain"}[i%3]
		for _, method := range []string{http.MethodGet, http.MethodHead} {
			if _, err := io.WriteString(c, method+" "+path+"?"+strconv.Itoa(n)+" HTTP/1.1\r\nHost: t\r\n\r\n"); err != nil {
				t.Fatal(err)
			}
			res, err := http.ReadResponse(in, &http.Request{Method: method})
			if err != nil {
				t.Fatalf("%s of %d bytes: %v", method, n, err)
			}
			body, err := io.ReadAll(res.Body)
			if want := all[len(all)-n:]; err != nil || method == http.MethodGet && !bytes.Equal(body, want) || method == http.MethodHead && len(body) > 0 {
				t.Fatalf("%s %s of %d bytes gives %d (%v)", method, path, n, len(body), err)
			}
		}
	}
}

// TestOneSegmentAnAnswer asks the kernel how many pieces went out.
func TestOneSegmentAnAnswer(t *testing.T) {
	conns := make(chan net.Conn, 1)
	address := serve(t, pattern(1<<16), func(c net.Conn) { conns <- c })
	c, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	in, server := bufio.NewReader(c), <-conns
	const answers = 50
	for i := range answers {
		if _, err := io.WriteString(c, "GET /whole?"+strconv.Itoa(5000+i*300)+" HTTP/1.1\r\nHost: t\r\n\r\n"); err != nil {
			t.Fatal(err)
		}
		res, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.Copy(io.Discard, res.Body); err != nil {
			t.Fatal(err)
		}
	}
	raw, err := server.(syscall.Conn).SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var info *unix.TCPInfo
	var failed error
	if err := raw.Control(func(fd uintptr) { info, failed = unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO) }); err != nil || failed != nil {
		t.Fatal(err, failed)
	}
	if info.Data_segs_out != answers {
		t.Errorf("%d answers went out in %d pieces", answers, info.Data_segs_out)
	}
}

// TestWithoutListener: where no connection is ours, the body is written as ever.
func TestWithoutListener(t *testing.T) {
	w := &recorder{}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "/", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	if err := whole.Write(w, r, []byte("tile")); err != nil || w.String() != "tile" {
		t.Errorf("wrote %q: %v", w.String(), err)
	}
}

type recorder struct{ bytes.Buffer }

func (*recorder) Header() http.Header { return http.Header{} }
func (*recorder) WriteHeader(int)     {}
