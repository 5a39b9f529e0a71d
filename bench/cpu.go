package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Processor time is what counts here: what else the machine does changes how long things take, but hardly how much of a
// processor they need.

// ownTime is the processor time of this process, without its children.
func ownTime() time.Duration {
	var u syscall.Rusage
	_ = syscall.Getrusage(syscall.RUSAGE_SELF, &u) // fails for bad arguments only
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// A process is what /proc tells of one.
type process struct {
	parent    int
	own, gone time.Duration // of its threads, and of the children that it has seen end
}

// tick is the unit of /proc, a hundredth of a second.
const tick = 10 * time.Millisecond

func processOf(pid int) (p process, err error) {
	stat, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		return p, err
	}
	f := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	var n [5]int
	for i, field := range []int{1, 11, 12, 13, 14} { // ppid, utime, stime, cutime, cstime
		if n[i], err = strconv.Atoi(f[field]); err != nil {
			return p, fmt.Errorf("/proc/%d/stat: %w", pid, err)
		}
	}
	return process{n[0], time.Duration(n[1]+n[2]) * tick, time.Duration(n[3]+n[4]) * tick}, nil
}

// timeOf is the processor time of a process and of its children, those that ended among them.
func timeOf(pid int) (time.Duration, error) {
	p, err := processOf(pid)
	if err != nil {
		return 0, err
	}
	sum := p.own + p.gone
	all, err := filepath.Glob("/proc/[0-9]*")
	if err != nil {
		return 0, err
	}
	for _, dir := range all {
		child, err := strconv.Atoi(filepath.Base(dir))
		if err != nil {
			continue
		}
		if c, err := processOf(child); err == nil && c.parent == pid {
			sum += c.own
		}
	}
	return sum, nil
}

// A meter measures pieces of work in turn, so that what else the machine does is shared by all.
type meter struct {
	who  string
	work func(i int)
	cpu  func() time.Duration // whose processor time counts

	each   []float64 // seconds of processor time, by round
	allocs float64   // of this process, for one
}

// measure runs every meter in every round, for about as long as each takes, and keeps what one piece of work took.
func measure(rounds int, long time.Duration, meters ...*meter) {
	times := make([]int, len(meters))
	for i, m := range meters { // warm, and find out how many make a round
		m.work(0)
		begin, n := time.Now(), 0
		for ; n < 3 || time.Since(begin) < long/4 && n < 1<<16; n++ {
			m.work(n)
		}
		times[i] = max(3, int(float64(n)*float64(long)/float64(time.Since(begin))))
	}
	for range rounds {
		for i, m := range meters {
			runtime.GC()
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			began := m.cpu()
			for n := range times[i] {
				m.work(n)
			}
			took := m.cpu() - began
			runtime.ReadMemStats(&after)
			m.each = append(m.each, took.Seconds()/float64(times[i]))
			m.allocs = float64(after.Mallocs-before.Mallocs) / float64(times[i])
		}
	}
}

// least is the quickest round: whatever else the machine does only ever adds to a round.
func (m *meter) least() float64 { return slices.Min(m.each) }

func median(v []float64) float64 { return slices.Sorted(slices.Values(v))[len(v)/2] }
