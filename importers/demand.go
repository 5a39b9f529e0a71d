package importers

import (
	"errors"
	"io"
	"maps"

	"github.com/paulmach/orb"

	"kora"
	"kora/geo/grid"
)

// demandColumns maps headings, in the form of foldHeading, to what a row of demand holds.
var demandColumns = synonyms(map[string]string{
	"lon":    "longitude lng x 经度 经度/x",
	"lat":    "latitude y 纬度 纬度/y",
	"crs":    "datum 坐标系 坐标系统 坐标类型",
	"cell":   "h3 h3_index h3index h3_address h3_id hex hex_id hexagon 格网 h3格网 网格 网格编号 格网编号 h3索引 h3编码",
	"weight": "value population pop workers jobs count 权重 数量 人口 人口数 人数 常住人口 常住人口数 劳动者 劳动者数 户外劳动者 户外劳动者数 从业人员 从业人员数 职工 职工人数 岗位 岗位数 就业岗位 就业人口 需求 需求量",
})

var demandLabels = map[string]string{"lon": "经度 (lon)", "lat": "纬度 (lat)", "cell": "格网 (h3)", "weight": "人数 (weight)"}

// coarsestDemand is the resolution of the coarsest cells that are taken: 0.7 km² each, as wide as a walk of 15 minutes is long.
const coarsestDemand = 8

// DemandColumns name columns of a table whose headings do not tell, or of which there are several. "" is for those that do.
type DemandColumns struct{ Weight, Cell string }

// columns are the headings that are known, with the named ones in the place of the others.
func (d DemandColumns) columns() map[string]string {
	known := maps.Clone(demandColumns)
	for column, named := range map[string]string{"weight": d.Weight, "cell": d.Cell} {
		if named == "" {
			continue
		}
		maps.DeleteFunc(known, func(_, of string) bool { return of == column })
		known[foldHeading(named)] = column
	}
	return known
}

// Demand reads a set of demand: a table (XLSX, or CSV in UTF-8 or GB18030) with a weight in each row, and where it is: longitude and
// latitude in degrees of CGCS2000 or WGS 84, or a cell of H3, all of one resolution. What else is to be known of the set, a table does
// not tell: about does. The batch holds one item, made of all sound rows, unless there is none.
func Demand(name string, r io.Reader, about kora.Demand, named DemandColumns) (Batch[kora.Demand], error) {
	batch := Batch[kora.Demand]{}
	columns := named.columns()
	t, err := openTable(name, r, columns, "weight")
	if err != nil {
		return batch, err
	}
	defer t.close()
	batch.Encoding = t.encoding
	_, byCell := t.index["cell"]
	where := []string{"lon", "lat"}
	if byCell {
		where = []string{"cell"}
	}
	if err := t.need(name, demandLabels, append(where, "weight")...); err != nil {
		return batch, err
	}
	about.Points, about.Cells, about.Weights = nil, nil, nil
	about.Source = kora.Source{File: t.file}
	for _, remark := range t.rows.remarks() {
		batch.Warnings = append(batch.Warnings, kora.Fault{File: t.file, Err: remark})
	}
	seen := cellsSeen{lines: map[grid.Cell]int{}}
	for {
		row, err := t.next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return batch, err
		}
		if why := row.aside(columns, where[0]); why != nil {
			if len(batch.Warnings) < maxFaults {
				batch.Warnings = append(batch.Warnings, kora.Fault{File: t.file, Line: row.line, Err: why})
			}
			continue
		}
		f := demandRow{row: row, file: t.file}
		weight, at, cell := f.weight(), orb.Point{}, grid.Cell(0)
		if byCell {
			if cell = f.place(); cell != 0 {
				f.refuse("cell", seen.add(cell, row.line))
			}
		} else {
			at = f.point()
		}
		batch.Faults = append(batch.Faults, f.faults...)
		switch {
		case len(batch.Faults) > maxFaults:
			return batch, kora.Fault{File: t.file, Line: row.line, Err: kora.Refuse(kora.ReasonTooLarge, "", nil,
				"the file has more than %d faults; mend the first ones and try again", maxFaults)}
		case len(f.faults) > 0:
			continue
		case len(about.Weights) == kora.MaxDemandPlaces:
			return batch, kora.Fault{File: t.file, Line: row.line, Err: kora.Refuse(kora.ReasonTooLarge, "", nil,
				"the file has more than %d records; split it", kora.MaxDemandPlaces)}
		}
		about.Weights = append(about.Weights, weight)
		if byCell {
			about.Cells = append(about.Cells, uint64(cell))
		} else {
			about.Points = append(about.Points, at)
		}
	}
	if len(about.Weights) == 0 && len(batch.Faults) > 0 {
		return batch, nil
	}
	if err := about.Validate(); err != nil {
		refusal, ok := errors.AsType[*kora.Error](err)
		if !ok {
			return batch, err
		}
		return batch, kora.Fault{File: t.file, Err: refusal}
	}
	batch.Items = []Item[kora.Demand]{{Line: t.line, Value: about}}
	return batch, nil
}

// cellsSeen are the cells of a table: each once, and all of the resolution of the first.
type cellsSeen struct {
	lines     map[grid.Cell]int
	firstCell grid.Cell
}

func (s *cellsSeen) add(c grid.Cell, line int) *kora.Error {
	if before, again := s.lines[c]; again {
		return kora.Refuse(kora.ReasonDuplicate, "cell", c, "is given in %s %d already", kora.Word("line"), before)
	}
	s.lines[c] = line
	if s.firstCell == 0 {
		s.firstCell = c
	}
	if of := s.firstCell.Resolution(); c.Resolution() != of {
		return kora.Refuse(kora.ReasonSyntax, "cell", c, "is of resolution %d and the one in line %d of %d; all cells must be of one",
			c.Resolution(), s.lines[s.firstCell], of)
	}
	return nil
}

// A demandRow turns cells of a table into a weight at a place, and keeps what it refuses.
type demandRow struct {
	row
	file   string
	faults []kora.Fault
}

func (f *demandRow) refuse(column string, err *kora.Error) {
	if err != nil {
		f.faults = append(f.faults, kora.Fault{File: f.file, Line: f.line, Part: f.part(column), Err: err})
	}
}

func (f *demandRow) weight() float64 {
	f.refuse("weight", f.beyond())
	for column, i := range f.table.index {
		if why := f.table.rows.wrong(f.line, i); why != nil {
			f.refuse(column, kora.Refuse(kora.ReasonSyntax, column, nil, "%v", why))
		}
	}
	if fold(f.cell("weight")) == "" {
		f.refuse("weight", kora.Refuse(kora.ReasonRequired, "weight", nil, "is missing"))
		return 0
	}
	w, err := number("weight", f.cell("weight"))
	if err == nil && !(w >= 0 && w <= kora.MaxDemandWeight) {
		err = kora.Refuse(kora.ReasonRange, "weight", w, "must be from 0 to 100,000,000")
	}
	f.refuse("weight", err)
	return w
}

func (f *demandRow) point() (p orb.Point) {
	_, err := lonLatCRS("crs", f.cell("crs"))
	f.refuse("crs", err)
	whole := true
	for i, column := range []string{"lon", "lat"} {
		if fold(f.cell(column)) == "" {
			f.refuse(column, kora.Refuse(kora.ReasonRequired, column, nil, "is missing"))
			whole = false
			continue
		}
		v, err := angle(column, f.cell(column))
		f.refuse(column, err)
		p[i], whole = v, whole && err == nil
	}
	if whole {
		if refusal, ok := errors.AsType[*kora.Error](kora.CheckPoint("point", p)); ok {
			f.refuse("lon", refusal)
		}
	}
	return p
}

// place is the cell of H3 that a row names, 0 when it names none that is taken.
func (f *demandRow) place() grid.Cell {
	text := fold(f.cell("cell"))
	if text == "" {
		f.refuse("cell", kora.Refuse(kora.ReasonRequired, "cell", nil, "is missing"))
		return 0
	}
	cell, err := grid.Parse(text)
	switch {
	case err != nil:
		f.refuse("cell", kora.Refuse(kora.ReasonSyntax, "cell", text, "is no index of H3 such as 8a3e2d4c1b27fff"))
		return 0
	case cell.Resolution() < coarsestDemand:
		f.refuse("cell", kora.Refuse(kora.ReasonRange, "cell", text, "is of resolution %d; cells coarser than %d tell nothing of a walk of 15 minutes", cell.Resolution(), coarsestDemand))
		return 0
	}
	return cell
}
