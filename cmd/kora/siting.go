package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"kora"
	"kora/atlas"
	"kora/exporters"
	"kora/planner"
)

func sitingCommand(o *options) *cobra.Command {
	var out string
	var force bool
	c := &cobra.Command{
		Use:   "siting QUESTION.json",
		Short: "Say where stations should stand",
		Long: `Say where stations should stand, by a question as /v1/siting takes it; "-" reads it from standard input. The plan is printed with its
bound, which is proven, and written with --out. Nothing is kept in the record.`,
		Example: `  echo '{"objective":"most","minutes":15,"sites":8,"floor":0.3}' | kora siting - --out plan.xlsx`,
		Args:    cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			q, err := readQuestion(cmd.InOrStdin(), args[0])
			if err != nil {
				return err
			}
			ctx := cmd.Context()
			var file *exporters.File
			if out != "" {
				if file, err = exporters.To(ctx, out, "", force); err != nil {
					return err
				}
			}
			return o.withAtlas(ctx, func(a *atlas.Atlas) error { return o.site(ctx, cmd.OutOrStdout(), a, q, file) })
		},
	}
	c.Flags().StringVar(&out, "out", "", "file to write the plan to: .xlsx, .csv, .geojson, .gpkg, .fgb or .parquet")
	c.Flags().BoolVar(&force, "force", false, "replace a file that is there")
	return c
}

func readQuestion(in io.Reader, name string) (q kora.SitingQuestion, err error) {
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return q, fmt.Errorf("read the question: %w", err)
		}
		defer f.Close()
		in = f
	}
	d := json.NewDecoder(in)
	d.DisallowUnknownFields()
	if err := d.Decode(&q); err != nil {
		return q, fmt.Errorf("%s is no question: %w", filepath.Base(name), err)
	}
	return q, q.Validate()
}

// site answers a question, tells the plan, and writes it where there is a file.
func (o *options) site(ctx context.Context, out io.Writer, a *atlas.Atlas, q kora.SitingQuestion, file *exporters.File) error {
	step := ""
	plan, err := planner.Solve(ctx, a, q, func(p kora.SitingProgress) {
		if p.Step != step {
			step = p.Step
			o.say.step(map[string]string{"lists": "finding what every place would serve", "greedy": "making a first plan", "swap": "improving it",
				"bound": "proving how good it is"}[step])
		}
		o.say.share(int64(p.Done), int64(p.Total))
	})
	if err != nil {
		o.say.end("failed")
		return err
	}
	o.say.end("")
	if err := tellPlan(out, &q, plan); err != nil || file == nil {
		return err
	}
	set, err := exporters.Siting(a, &kora.Siting{State: kora.SitingDone, Question: q, Plan: plan, ChangedAt: time.Now()})
	if err != nil {
		return err
	}
	written, err := set.Write(ctx, file)
	for _, w := range written {
		fmt.Fprintf(out, "%s: %d rows\n", w.Path, w.Rows)
	}
	return err
}

func tellPlan(out io.Writer, q *kora.SitingQuestion, p *kora.SitingPlan) (err error) {
	say := func(format string, args ...any) {
		_, e := fmt.Fprintf(out, format, args...)
		err = errors.Join(err, e)
	}
	switch {
	case p.Impossible:
		say("It is proven that not all demands can be met; this is the nearest plan.\n")
	case !p.Met:
		say("No plan was found that meets all demands; this is the nearest.\n")
	case q.Objective == kora.SiteAll || q.Objective == kora.SiteShare:
		say("%.0f stations; at least %.0f are needed.\n", p.Value, p.Bound)
	default:
		say("%d stations; within %.2f %% of the best possible.\n", len(p.Sites), 100*p.Gap)
	}
	say("%.0f of %.0f %s are covered, %.0f of them by stations that stand.\n", p.Covered, p.Total, p.Unit, p.Existing)
	if p.OffGrid > 0 {
		say("%.0f lie beyond the grid, where nobody is covered.\n", p.OffGrid)
	}
	for _, s := range p.Sites {
		say("%3d  %.5f %.5f  +%.0f  %s\n", s.Number, s.Point[0], s.Point[1], s.Adds, s.Street.ZH)
	}
	return err
}
