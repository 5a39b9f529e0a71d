package main

import (
	"fmt"
	"io"
	"os"
	"time"
)

// A progress tells an operator what is going on: a line for each step, with the share done on a terminal.
type progress struct {
	out      io.Writer
	terminal bool
	open     string // the step whose line has no end yet
	began    time.Time
	shown    time.Time
}

func newProgress(out io.Writer) *progress {
	p := &progress{out: out}
	if f, ok := out.(*os.File); ok {
		info, err := f.Stat()
		p.terminal = err == nil && info.Mode()&os.ModeCharDevice != 0
	}
	return p
}

// step begins a step; the one before is over.
func (p *progress) step(text string) {
	p.end("")
	p.open, p.began, p.shown = text, time.Now(), time.Now()
	if p.terminal {
		fmt.Fprintf(p.out, "kora: %s …", text)
		return
	}
	fmt.Fprintf(p.out, "kora: %s …\n", text)
}

// share tells how much of the step is done.
func (p *progress) share(done, total int64) {
	if p.open == "" || total <= 0 || time.Since(p.shown) < p.every() {
		return
	}
	p.shown = time.Now()
	percent := min(done*100/total, 100)
	if p.terminal {
		fmt.Fprintf(p.out, "\rkora: %s … %d %%", p.open, percent)
		return
	}
	fmt.Fprintf(p.out, "kora: %s … %d %%\n", p.open, percent)
}

func (p *progress) every() time.Duration {
	if p.terminal {
		return 100 * time.Millisecond
	}
	return 5 * time.Second
}

// end closes the step with what came of it.
func (p *progress) end(result string) {
	if p.open == "" {
		return
	}
	if result == "" {
		result = fmt.Sprintf("%.1f s", time.Since(p.began).Seconds())
	}
	if p.terminal {
		fmt.Fprintf(p.out, "\r\x1b[Kkora: %s … %s\n", p.open, result)
	} else if took := time.Since(p.began); took > time.Second {
		fmt.Fprintf(p.out, "kora: %s … %s\n", p.open, result)
	}
	p.open = ""
}

// line says something that is no step.
func (p *progress) line(format string, args ...any) {
	p.end("")
	fmt.Fprintf(p.out, "kora: "+format+"\n", args...)
}
