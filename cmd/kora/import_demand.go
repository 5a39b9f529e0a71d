package main

import (
	"context"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"kora"
	"kora/importers"
)

// demandFlags tell what a table of demand does not.
type demandFlags struct {
	code, name, nameBO, nameEN, unit, asOf, publisher string
	sample                                            bool
	columns                                           importers.DemandColumns
}

func (d *demandFlags) add(cmd *cobra.Command) {
	cmd.Long = `Take in where people are: residents, outdoor workers or jobs, as points or cells of H3, with a number for each. Coverage reports then
tell how many of them are served, and gaps are ranked by them.

The table is XLSX, or CSV in UTF-8 or GB18030, with a heading: 经度, 纬度 and 人数 (lon, lat, weight), or H3 格网 and 人数 (h3, weight).
Cells must be of one resolution, 8 or finer. Finer ones than the grid's (10) are added up; coarser ones are shared out evenly among
those of their cells that have a street, among all when none has. A set that comes again under its code replaces the former one.`
	cmd.Example = `  kora import demand renkou.csv --name 常住人口 --unit people --as-of 2025-12-31 --publisher "拉萨市统计局，年度人口抽样"
  kora import demand riders.csv --code riders --name 网约配送员 --unit workers --as-of 2026-05-01 --publisher "平台企业报数"`
	f := cmd.Flags()
	f.StringVar(&d.code, "code", "", "by which the set is known (default: the name of the file)")
	f.StringVar(&d.name, "name", "", "what is counted, in Chinese")
	f.StringVar(&d.nameBO, "name-bo", "", "the same in Tibetan")
	f.StringVar(&d.nameEN, "name-en", "", "the same in English")
	f.StringVar(&d.unit, "unit", "", "people, workers or jobs")
	f.StringVar(&d.asOf, "as-of", "", "the day that it tells of, such as 2025-12-31")
	f.StringVar(&d.publisher, "publisher", "", "who counted, and where that is published")
	f.StringVar(&d.columns.Weight, "weight", "", "heading of the column with the number, where it does not tell or there are several")
	f.StringVar(&d.columns.Cell, "cell", "", "heading of the column with the H3 index, where it does not tell")
	f.BoolVar(&d.sample, "sample", false, "it is an illustration")
	for _, name := range []string{"name", "unit", "as-of", "publisher"} {
		_ = cmd.MarkFlagRequired(name) // fails for unknown flags only
	}
}

func (d *demandFlags) about(file string) (kora.Demand, error) {
	asOf, err := kora.ParseDay("as-of", d.asOf)
	if err != nil {
		return kora.Demand{}, err
	}
	code := d.code
	if code == "" {
		code = strings.TrimSuffix(file, filepath.Ext(file))
	}
	return kora.Demand{Code: code, Name: kora.Name{ZH: d.name, BO: d.nameBO, EN: d.nameEN}, Unit: kora.DemandUnit(d.unit), AsOf: asOf,
		Publisher: d.publisher, Sample: d.sample}, nil
}

func (i *arrival) demand(ctx context.Context, about kora.Demand, columns importers.DemandColumns) error {
	return take(ctx, i, i.store.ApplyDemands)(importers.Demand(i.name, i.file, about, columns))
}
