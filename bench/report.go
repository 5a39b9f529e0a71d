package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"time"
)

// A table is the work on one network, by rows that compare, or anything else, by head and cells.
type table struct {
	title string
	rows  []row
	head  []string
	cells [][]string
	notes []string
}

// A row is one kind of work: what Kora took, and what others did.
type row struct {
	work   string
	kora   figure
	rivals []rival
	note   string
}

type rival struct {
	who     string
	seconds float64
	about   string
}

// add takes what a rival took for some work, if it did it.
func (r *row) add(res result, work string) {
	if s, ok := res.Seconds[work]; ok {
		about := strings.TrimSpace(res.who + ": " + res.Version)
		if res.PeakMB > 0 {
			about += fmt.Sprintf(", %.0f MB at most", res.PeakMB)
		}
		if res.Remark != "" {
			about += "; " + res.Remark
		}
		r.rivals = append(r.rivals, rival{res.who, s, about})
	}
}

// write makes the page of a part: its title, when and where it was run, what holds for all of its tables, and the tables.
func (b *bench) write(path, title, about string) error {
	var s strings.Builder
	p := func(format string, args ...any) { fmt.Fprintf(&s, format, args...) }
	p("# %s\n\n", title)
	p("Made by `make bench` on %s, on a machine with %d processors (%s), %s, by %s %s. %s What is compared, and how fair it is, says `bench/README.md`.\n\n",
		time.Now().Format("2006-01-02"), runtime.NumCPU(), processor(), memory(), runtime.Version(), runtime.GOARCH, about)
	for _, t := range b.tables {
		if t.head != nil {
			p("## %s\n\n| %s |\n|---|%s\n", t.title, strings.Join(t.head, " | "), strings.Repeat("--:|", len(t.head)-1))
			for _, r := range t.cells {
				p("| %s |\n", strings.Join(r, " | "))
			}
			p("\n")
			for _, n := range t.notes {
				p("- %s\n", n)
			}
			p("\n")
			continue
		}
		var who []string
		for _, r := range t.rows {
			for _, v := range r.rivals {
				if !slices.Contains(who, v.who) {
					who = append(who, v.who)
				}
			}
		}
		p("## %s\n\n| work | Kora |", t.title)
		for _, w := range who {
			p(" %s | ratio |", w)
		}
		p(" remarks |\n|---|--:|%s---|\n", strings.Repeat("--:|--:|", len(who)))
		abouts := []string{}
		for _, r := range t.rows {
			p("| %s | %s |", r.work, short(r.kora.median))
			for _, w := range who {
				i := slices.IndexFunc(r.rivals, func(v rival) bool { return v.who == w })
				if i < 0 {
					p(" | |")
					continue
				}
				v := r.rivals[i]
				took := time.Duration(v.seconds * float64(time.Second))
				p(" %s | **%s ×** |", short(took), ratio(v.seconds/r.kora.median.Seconds()))
				if v.about != "" && !slices.Contains(abouts, v.about) {
					abouts = append(abouts, v.about)
				}
			}
			p(" %s |\n", r.note)
		}
		p("\n")
		for _, n := range append(t.notes, abouts...) {
			p("- %s\n", n)
		}
		p("\n")
	}
	if len(b.missing) > 0 {
		p("## Not in this run\n\n")
		for _, m := range b.missing {
			p("- %s\n", m)
		}
	}
	return os.WriteFile(path, []byte(strings.TrimRight(s.String(), "\n")+"\n"), 0o644)
}

// short gives three digits with a fitting unit.
func short(d time.Duration) string {
	switch {
	case d < time.Millisecond:
		return fmt.Sprintf("%.3g µs", float64(d)/1e3)
	case d < time.Second:
		return fmt.Sprintf("%.3g ms", float64(d)/1e6)
	}
	return fmt.Sprintf("%.3g s", d.Seconds())
}

func ratio(r float64) string {
	if r >= 100 {
		return fmt.Sprintf("%.0f", r)
	}
	return fmt.Sprintf("%.1f", r)
}

func processor() string {
	info, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(info)) {
		if k, v, ok := strings.Cut(line, ":"); ok && strings.TrimSpace(k) == "model name" {
			return strings.TrimSpace(v)
		}
	}
	return runtime.GOARCH
}

func memory() string {
	info, _ := os.ReadFile("/proc/meminfo")
	var kb float64
	if _, err := fmt.Sscanf(string(info), "MemTotal: %f kB", &kb); err != nil {
		return "memory unknown"
	}
	debug.FreeOSMemory()
	return fmt.Sprintf("%.0f GiB of memory", kb/1024/1024)
}
