// Package exact generates problems of where stations should stand, and has CBC solve them, which knows nothing of how Kora does:
// it judges plans and bounds in tests, and is a rival in benchmarks.
package exact

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"

	"kora/geo/siting"
)

// An Answer is what CBC says of a problem.
type Answer struct {
	Value  float64 // of the best plan that it found: weight, or sites
	Bound  float64 // what it has proven; Value when Proven
	Proven bool    // Value is the best possible
	Chosen []int   // sites, without existing ones
}

// ErrNoPlan says that CBC found no plan: it proved that there is none, or had no time to find one.
var ErrNoPlan = errors.New("CBC found no plan")

// HasCBC says whether CBC is installed.
func HasCBC() bool { _, err := exec.LookPath("cbc"); return err == nil }

// Cover has CBC choose sites as Problem.Cover does.
func Cover(ctx context.Context, p *siting.Problem, l siting.Limit, seconds int) (*Answer, error) {
	return solve(ctx, seconds, func(m *model) {
		m.most(p)
		m.rows(p, l)
	})
}

// Reach has CBC choose sites as Problem.Reach does, for a share below 1 or all that can be covered.
func Reach(ctx context.Context, p *siting.Problem, share float64, seconds int) (*Answer, error) {
	a, err := solve(ctx, seconds, func(m *model) {
		m.fewest(p)
		m.rows(p, siting.Limit{Sites: len(p.Sites)})
		m.share(p, share)
	})
	if a != nil {
		a.Value, a.Bound = math.Round(a.Value), math.Ceil(a.Bound-1e-6)
	}
	return a, err
}

// A model is the text of an integer program in CPLEX's LP format: x are sites, y demands that are covered.
type model struct {
	objective, subject, bounds, generals bytes.Buffer
	maximize                             bool
}

func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

func (m *model) most(p *siting.Problem) {
	m.maximize = true
	for i, w := range p.Weights {
		if w > 0 {
			fmt.Fprintf(&m.objective, " + %s y%d\n", number(w), i)
		}
	}
}

func (m *model) fewest(p *siting.Problem) {
	for s, site := range p.Sites {
		if site.Role == siting.Candidate || site.Role == siting.Required {
			fmt.Fprintf(&m.objective, " + x%d\n", s)
		}
	}
}

// rows state what every plan must obey: roles, limits, that demands need sites, and floors.
func (m *model) rows(p *siting.Problem, l siting.Limit) {
	by := make([][]int, len(p.Weights))
	var sites, budget strings.Builder
	kinds := make([]strings.Builder, len(l.Kinds))
	for s, site := range p.Sites {
		for _, i := range p.Demands[p.Starts[s]:p.Starts[s+1]] {
			by[i] = append(by[i], s)
		}
		fmt.Fprintf(&m.generals, " x%d\n", s)
		switch site.Role {
		case siting.Existing, siting.Required:
			fmt.Fprintf(&m.bounds, " x%d = 1\n", s)
		case siting.Forbidden:
			fmt.Fprintf(&m.bounds, " x%d = 0\n", s)
		default:
			fmt.Fprintf(&m.bounds, " x%d <= 1\n", s)
		}
		if site.Role == siting.Existing {
			continue
		}
		fmt.Fprintf(&sites, " + x%d\n", s)
		if site.Cost > 0 {
			fmt.Fprintf(&budget, " + %s x%d\n", number(site.Cost), s)
		}
		if site.Kind < len(kinds) {
			fmt.Fprintf(&kinds[site.Kind], " + x%d\n", s)
		}
	}
	limit := func(left string, right float64) {
		if left != "" {
			fmt.Fprintf(&m.subject, " %s <= %s\n", left, number(right))
		}
	}
	if l.Sites > 0 {
		limit(sites.String(), float64(l.Sites))
	}
	if l.Budget > 0 {
		limit(budget.String(), l.Budget)
	}
	for k, most := range l.Kinds {
		if most >= 0 {
			limit(kinds[k].String(), float64(most))
		}
	}
	times := max(p.Times, 1)
	for i := range p.Weights {
		if len(by[i]) < times {
			fmt.Fprintf(&m.bounds, " y%d = 0\n", i)
			continue
		}
		fmt.Fprintf(&m.bounds, " y%d <= 1\n", i)
		fmt.Fprintf(&m.subject, " %d y%d", times, i)
		for _, s := range by[i] {
			fmt.Fprintf(&m.subject, " - x%d\n", s)
		}
		m.subject.WriteString(" <= 0\n")
		if times > 1 {
			fmt.Fprintf(&m.generals, " y%d\n", i) // half a demand must not count
		}
	}
	for _, f := range p.Floors {
		least := 0.0
		for _, i := range f.Demands {
			fmt.Fprintf(&m.subject, " + %s y%d\n", number(p.Weights[i]), i)
			least += f.Share * p.Weights[i]
		}
		if len(f.Demands) > 0 {
			fmt.Fprintf(&m.subject, " >= %s\n", number(least*(1-1e-9)))
		}
	}
}

// share states how much must be covered; all that can be where it is 1.
func (m *model) share(p *siting.Problem, share float64) {
	count := make([]int, len(p.Weights))
	for s, site := range p.Sites {
		if site.Role != siting.Forbidden {
			for _, i := range p.Demands[p.Starts[s]:p.Starts[s+1]] {
				count[i]++
			}
		}
	}
	least, any := 0.0, false
	for i, w := range p.Weights {
		if w == 0 {
			continue
		}
		if share == 1 {
			if count[i] >= max(p.Times, 1) {
				fmt.Fprintf(&m.subject, " y%d >= 1\n", i)
			}
			continue
		}
		fmt.Fprintf(&m.subject, " + %s y%d\n", number(w), i)
		least, any = least+share*w, true
	}
	if any {
		fmt.Fprintf(&m.subject, " >= %s\n", number(least*(1-1e-9)))
	}
}

func (m *model) text() []byte {
	var b bytes.Buffer
	if m.maximize {
		b.WriteString("Maximize\n obj:")
	} else {
		b.WriteString("Minimize\n obj:")
	}
	b.Write(m.objective.Bytes())
	b.WriteString("Subject To\n")
	b.Write(m.subject.Bytes())
	b.WriteString("Bounds\n")
	b.Write(m.bounds.Bytes())
	b.WriteString("Generals\n")
	b.Write(m.generals.Bytes())
	b.WriteString("End\n")
	return b.Bytes()
}

// solve runs CBC in one thread on a problem, for so many seconds at most.
func solve(ctx context.Context, seconds int, state func(*model)) (_ *Answer, err error) {
	dir, err := os.MkdirTemp("", "kora-cbc-*")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	var m model
	state(&m)
	program, solution := filepath.Join(dir, "problem.lp"), filepath.Join(dir, "solution")
	if err := os.WriteFile(program, m.text(), 0o600); err != nil {
		return nil, err
	}
	// The sense of the objective is the file's; ratioGap 0 makes "Optimal" mean it.
	cmd := exec.CommandContext(ctx, "cbc", program, "-seconds", strconv.Itoa(seconds), "-ratioGap", "0", "-allowableGap", "0",
		"-solve", "-solution", solution)
	log, err := cmd.CombinedOutput()
	if err != nil {
		return nil, fmt.Errorf("CBC: %w: %s", err, tail(log))
	}
	return m.answer(solution, log)
}

// answer reads what CBC wrote: first a word on how it ended, then a line for each variable that is not 0.
func (m *model) answer(file string, log []byte) (*Answer, error) {
	written, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("%w: %s", ErrNoPlan, tail(log))
	}
	lines := bufio.NewScanner(bytes.NewReader(written))
	if !lines.Scan() {
		return nil, fmt.Errorf("%w: %s", ErrNoPlan, tail(log))
	}
	head := lines.Text()
	a := &Answer{Proven: strings.HasPrefix(head, "Optimal")}
	_, value, ok := strings.Cut(head, "objective value")
	if !ok || strings.Contains(head, "nfeasible") || strings.Contains(head, "no integer solution") {
		return nil, fmt.Errorf("%w: %s", ErrNoPlan, head)
	}
	if a.Value, err = strconv.ParseFloat(strings.TrimSpace(value), 64); err != nil {
		return nil, fmt.Errorf("read CBC's answer %q: %w", head, err)
	}
	a.Value = math.Abs(a.Value) // it turns what is to be the most about
	for lines.Scan() {
		f := strings.Fields(lines.Text())
		if len(f) > 0 && f[0] == "**" {
			f = f[1:]
		}
		if len(f) < 3 || f[1][0] != 'x' {
			continue
		}
		if v, err := strconv.ParseFloat(f[2], 64); err == nil && v > 0.5 {
			s, err := strconv.Atoi(f[1][1:])
			if err != nil {
				return nil, fmt.Errorf("read CBC's answer %q: %w", lines.Text(), err)
			}
			a.Chosen = append(a.Chosen, s)
		}
	}
	a.Bound = a.Value
	if !a.Proven {
		a.Bound = math.NaN()
		for line := range bytes.Lines(log) {
			for _, name := range []string{"Upper bound:", "Lower bound:"} {
				if rest, ok := bytes.CutPrefix(line, []byte(name)); ok {
					if v, err := strconv.ParseFloat(strings.TrimSpace(string(rest)), 64); err == nil {
						a.Bound = math.Abs(v)
					}
				}
			}
		}
	}
	return a, nil
}

func tail(log []byte) string {
	return strings.TrimSpace(string(log[max(0, len(log)-400):]))
}
