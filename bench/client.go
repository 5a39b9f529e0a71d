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
	"net/http/httputil"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// The client is this program once more, in a process of its own, so that the processor time of a server in this one can be
// told from it.

// clientJob makes this program a client: the JSON of a job.
const clientJob = "KORA_BENCH_CLIENT"

// A job is what a client asks for, over the loopback.
type job struct {
	Address string
	Paths   []string // asked for in turn
	Headers []string // lines
	Conns   int
	Count   int           // of requests, or
	Time    time.Duration // how long
}

// answers are what the client saw.
type answers struct {
	Requests, Bytes int64
	P50, P99        time.Duration
	Seconds         float64
}

// run does the job by a client.
func (j job) run(ctx context.Context) (a answers, err error) {
	text, err := json.Marshal(j)
	if err != nil {
		return a, err
	}
	exe, err := os.Executable()
	if err != nil {
		return a, err
	}
	cmd := exec.CommandContext(ctx, exe)
	cmd.Env = append(os.Environ(), clientJob+"="+string(text))
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return a, fmt.Errorf("the client of %s: %w", j.Address, err)
	}
	return a, json.Unmarshal(out, &a)
}

// beClient does the job that text tells and writes what it saw.
func beClient(text string, out io.Writer) error {
	var j job
	if err := json.Unmarshal([]byte(text), &j); err != nil {
		return err
	}
	var next, sum atomic.Int64
	took, failed := make([][]time.Duration, j.Conns), make([]error, j.Conns)
	began := time.Now()
	var asking sync.WaitGroup
	for i := range j.Conns {
		asking.Go(func() {
			conn, err := net.Dial("tcp", j.Address)
			if err != nil {
				failed[i] = err
				return
			}
			defer conn.Close()
			in := bufio.NewReaderSize(conn, 64<<10)
			for {
				n := next.Add(1) - 1
				if j.Count > 0 && n >= int64(j.Count) || j.Count == 0 && time.Since(began) > j.Time {
					return
				}
				start, path := time.Now(), j.Paths[n%int64(len(j.Paths))]
				size, err := ask(conn, in, path, j.Headers)
				if err != nil {
					failed[i] = fmt.Errorf("%s: %w", path, err)
					return
				}
				took[i] = append(took[i], time.Since(start))
				sum.Add(int64(size))
			}
		})
	}
	asking.Wait()
	all := slices.Sorted(slices.Values(slices.Concat(took...)))
	if err := errors.Join(failed...); err != nil {
		return err
	}
	if len(all) == 0 {
		return errors.New("there was no time for a request")
	}
	return json.NewEncoder(out).Encode(answers{int64(len(all)), sum.Load(), all[len(all)/2], all[len(all)*99/100], time.Since(began).Seconds()})
}

// ask asks once and passes over the answer, as plainly as can be: a status, a length, a body.
func ask(conn io.Writer, in *bufio.Reader, path string, headers []string) (size int, err error) {
	lines := append([]string{"GET " + path + " HTTP/1.1", "Host: bench"}, headers...)
	if _, err := io.WriteString(conn, strings.Join(lines, "\r\n")+"\r\n\r\n"); err != nil {
		return 0, err
	}
	status, err := in.ReadString('\n')
	if err != nil {
		return 0, err
	}
	if len(status) < 12 || status[9] != '2' && status[9:12] != "304" {
		return 0, fmt.Errorf("answered %q", status)
	}
	chunked := false
	for {
		line, err := in.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			break
		}
		name, value, _ := bytes.Cut(line, []byte(": "))
		switch {
		case bytes.EqualFold(name, []byte("Content-Length")):
			if size, err = strconv.Atoi(string(bytes.TrimSpace(value))); err != nil {
				return 0, err
			}
		case bytes.EqualFold(name, []byte("Transfer-Encoding")):
			chunked = true
		}
	}
	if chunked {
		n, err := io.Copy(io.Discard, httputil.NewChunkedReader(in))
		if err == nil {
			_, err = in.ReadSlice('\n') // the empty line behind the last chunk
		}
		return int(n), err
	}
	_, err = in.Discard(size)
	return size, err
}
