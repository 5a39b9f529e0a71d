package cluster

import (
	"context"
	"log/slog"
)

var (
	ErrStranger = errStranger
	CheckSpace  = checkSpace
	Strays      = strays
)

// Choose tells which major version below root would open the cluster in data, and whether there is none yet.
func Choose(root, data string) (major int, fresh bool, err error) {
	in, fresh, err := choose(data, installs(root))
	return in.major, fresh, err
}

// Ask asks the cluster as Start does, which expects process pid to answer.
func Ask(ctx context.Context, c *Cluster, pid int) error { return c.ask(ctx, &server{pid: pid}) }

// Levels gives the level of every line that a server writes as text.
func Levels(text []byte, chunk int, record func(slog.Level, string)) {
	o := &output{log: slog.New(lineHandler{record: record})}
	for len(text) > 0 {
		n, _ := o.Write(text[:min(chunk, len(text))])
		text = text[n:]
	}
	o.flush()
}

type lineHandler struct{ record func(slog.Level, string) }

func (lineHandler) Enabled(context.Context, slog.Level) bool { return true }
func (h lineHandler) WithAttrs([]slog.Attr) slog.Handler     { return h }
func (h lineHandler) WithGroup(string) slog.Handler          { return h }

func (h lineHandler) Handle(_ context.Context, r slog.Record) error {
	r.Attrs(func(a slog.Attr) bool { h.record(r.Level, a.Value.String()); return true })
	return nil
}
