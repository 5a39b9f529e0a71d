package cluster

import (
	"bytes"
	"context"
	"log/slog"
	"slices"
	"strings"
	"sync"
)

const (
	lineLimit = 8 << 10 // what is kept of a line, in bytes
	tailLines = 5       // how many lines are remembered to tell why a process ended
)

// output passes on what a child process writes, line by line, and remembers the end of it.
type output struct {
	log *slog.Logger

	mu   sync.Mutex
	part []byte // a line not yet complete
	tail []string
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for rest := p; len(rest) > 0; {
		line, after, complete := bytes.Cut(rest, []byte("\n"))
		o.part = append(o.part, line[:min(len(line), lineLimit-len(o.part))]...)
		if complete {
			o.emit()
		}
		rest = after
	}
	return len(p), nil
}

func (o *output) flush() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.emit()
}

func (o *output) emit() {
	line := strings.TrimSpace(string(o.part))
	o.part = o.part[:0]
	if line == "" || impatient(line) {
		return
	}
	if len(o.tail) == tailLines {
		o.tail = slices.Delete(o.tail, 0, 1)
	}
	o.tail = append(o.tail, line)
	o.log.Log(context.Background(), level(line), "postgres", "said", line)
}

// impatient tells the answers to whoever asks a server that still starts, as ready does.
func impatient(line string) bool {
	return line == "FATAL:  the database system is starting up" ||
		line == "FATAL:  the database system is not yet accepting connections"
}

func level(line string) slog.Level {
	switch severity, _, _ := strings.Cut(line, ":"); severity {
	case "WARNING", "ERROR", "FATAL":
		return slog.LevelWarn
	case "PANIC":
		return slog.LevelError
	}
	return slog.LevelDebug
}

// end is the last that the process said.
func (o *output) end() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.tail) == 0 {
		return "it said nothing"
	}
	return "it last said: " + strings.Join(o.tail, "; ")
}
