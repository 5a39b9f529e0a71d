package store

import (
	"context"
	"encoding/json"
	"math"
	"strconv"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"kora"
)

var demands = &table[kora.Demand]{
	name:    "demand",
	key:     "code",
	columns: `id, code, name, unit, as_of, publisher, lons, lats, cells, weights, sample, source`,
	scan: func(row pgx.CollectableRow) (*kora.Demand, error) {
		var d kora.Demand
		var lons, lats []float64
		var cells []int64
		err := row.Scan(&d.ID, &d.Code, &d.Name, &d.Unit, &d.AsOf, &d.Publisher, &lons, &lats, &cells, &d.Weights, &d.Sample, &d.Source)
		for i := range lons {
			d.Points = append(d.Points, orb.Point{lons[i], lats[i]})
		}
		for _, c := range cells {
			d.Cells = append(d.Cells, uint64(c))
		}
		return &d, err
	},
	keyOf: func(d *kora.Demand) string { return d.Code },
	id:    func(d *kora.Demand) int64 { return d.ID },
	values: func(d *kora.Demand) ([]value, error) {
		lons, lats, cells := make([]float64, len(d.Points)), make([]float64, len(d.Points)), make([]int64, len(d.Cells))
		for i, p := range d.Points {
			lons[i], lats[i] = p[0], p[1]
		}
		for i, c := range d.Cells {
			if c > math.MaxInt64 {
				return nil, kora.Refuse(kora.ReasonSyntax, "cell", strconv.FormatUint(c, 16), "is no cell of H3")
			}
			cells[i] = int64(c)
		}
		return []value{
			{"code", d.Code, ""}, {"name", d.Name, ""}, {"unit", d.Unit, ""}, {"as_of", d.AsOf, ""}, {"publisher", d.Publisher, ""},
			{"lons", lons, ""}, {"lats", lats, ""}, {"cells", cells, ""}, {"weights", orEmpty(d.Weights), ""},
			{"sample", d.Sample, ""}, {"source", d.Source, ""},
		}, nil
	},
}

// ApplyDemands writes sets of demand by their codes; see apply.
func (s *Store) ApplyDemands(ctx context.Context, author kora.Author, items []*kora.Demand, skip bool) (xid uint64, outcomes []Outcome, err error) {
	return apply(ctx, s, demands, author, items, skip, nil)
}

var reports = &table[kora.KeptReport]{
	name:    "report",
	columns: `id, name, note, who, changed_at, report, assumptions`,
	scan: func(row pgx.CollectableRow) (*kora.KeptReport, error) {
		var r kora.KeptReport
		err := row.Scan(&r.ID, &r.Name, &r.Note, &r.Author, &r.KeptAt, &r.Report, &r.Assumptions)
		return &r, err
	},
	id: func(r *kora.KeptReport) int64 { return r.ID },
	values: func(r *kora.KeptReport) ([]value, error) {
		report, err := json.Marshal(r.Report)
		return []value{
			{"name", r.Name, ""}, {"note", r.Note, ""}, {"who", r.Author, ""}, {"report", report, ""}, {"assumptions", []byte(r.Assumptions), ""},
		}, err
	},
}

// KeepReport keeps a report, which nobody can change or delete afterwards, and sets its ID and when it was kept.
func (s *Store) KeepReport(ctx context.Context, author kora.Author, r *kora.KeptReport) (xid uint64, err error) {
	return s.write(ctx, author, func(tx pgx.Tx) error {
		r.Author = author.Who
		sql, args, err := reports.insert(r)
		if err != nil {
			return err
		}
		return tx.QueryRow(ctx, sql+`, changed_at`, args...).Scan(&r.ID, &r.KeptAt)
	})
}

var targets = &table[kora.Target]{
	name:    "target",
	key:     "year",
	columns: `id, version, year, standard, key_areas, highways, sample`,
	scan: func(row pgx.CollectableRow) (*kora.Target, error) {
		var t kora.Target
		return &t, row.Scan(&t.ID, &t.Version, &t.Year, &t.Standard, &t.KeyAreas, &t.Highways, &t.Sample)
	},
	id: func(t *kora.Target) int64 { return t.ID },
	values: func(t *kora.Target) ([]value, error) {
		return []value{
			{"year", t.Year, ""}, {"standard", t.Standard, ""}, {"key_areas", t.KeyAreas, ""}, {"highways", t.Highways, ""}, {"sample", t.Sample, ""},
		}, nil
	},
}

// PutTarget sets what should be reached by the end of a year, and sets its ID and Version. Where was is given and is not the version that
// there is, the refusal names who changed it.
func (s *Store) PutTarget(ctx context.Context, author kora.Author, t *kora.Target, was *kora.Revision) (xid uint64, err error) {
	return s.write(ctx, author, func(tx pgx.Tx) error {
		now, err := lockRow(ctx, tx, kora.LayerTarget, "year", t.Year, was)
		if was == nil && kora.ReasonOf(err) == kora.ReasonNotFound {
			sql, args, err := targets.insert(t)
			if err != nil {
				return err
			}
			t.Version = 1
			return tx.QueryRow(ctx, sql, args...).Scan(&t.ID)
		}
		if err != nil {
			return err
		}
		sql, args, err := targets.update(now.ID, t)
		if err != nil {
			return err
		}
		t.Version = now.Version + 1
		return tx.QueryRow(ctx, sql, args...).Scan(&t.ID)
	})
}
