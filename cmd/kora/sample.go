package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"time"

	"kora"
	"kora/importers"
	"kora/sample"
	"kora/store"
)

// loadSample fills a record that has never held anything with the illustrative data set, through the same readers as
// any other file.
func loadSample(ctx context.Context, o *options, s *store.Store) error {
	_, err := s.Seed(ctx, func() error { return takeSample(ctx, o, s) })
	return err
}

func takeSample(ctx context.Context, o *options, s *store.Store) error {
	author := kora.Author{Who: "kora", Why: "sample data for the first run"}
	files := sample.Files()
	network, err := files.Open(sample.Network)
	if err != nil {
		return err
	}
	defer network.Close()
	if err := importNetwork(ctx, o, s, author, sample.Network, network, importers.NetworkOptions{}, true, io.Discard); err != nil {
		return err
	}
	o.say.step("loading the sample data")
	for _, part := range []struct {
		name string
		take func(*arrival, context.Context) error
	}{
		{sample.Stations, (*arrival).stations}, {sample.KeyAreas, (*arrival).areas},
		{sample.Residents, func(i *arrival, ctx context.Context) error {
			return i.demand(ctx, sampleResidents, importers.DemandColumns{})
		}},
		{sample.Workers, func(i *arrival, ctx context.Context) error {
			return i.demand(ctx, sampleWorkers, importers.DemandColumns{})
		}},
		{sample.Highways, (*arrival).highways}, {sample.Parcels, (*arrival).parcels}, {sample.Notices, (*arrival).notices},
	} {
		f, err := files.Open(part.name)
		if err != nil {
			return err
		}
		var faults bytes.Buffer
		err = part.take(&arrival{store: s, name: part.name, file: f, author: author, out: &faults}, ctx)
		f.Close()
		if errors.Is(err, errNothingWritten) {
			return errors.New(faults.String())
		}
		if err != nil {
			return err
		}
	}
	for _, t := range sampleTargets() {
		if _, err := s.PutTarget(ctx, author, &t, nil); err != nil {
			return err
		}
	}
	if err := takePanoramas(ctx, s, author); err != nil {
		return err
	}
	o.say.end("")
	return nil
}

// What the tables of made-up demand do not tell.
var (
	sampleResidents = kora.Demand{Code: "residents", Name: kora.Name{ZH: "示例常住人口", BO: "དཔེ་མཚོན་མི་འབོར།", EN: "Sample residents"},
		Unit: kora.DemandPeople, AsOf: sampleDay, Publisher: "示例数据，非统计结果", Sample: true}
	sampleWorkers = kora.Demand{Code: "workers", Name: kora.Name{ZH: "示例户外劳动者", BO: "དཔེ་མཚོན་ཕྱི་ལས་ངལ་རྩོལ་བ།", EN: "Sample outdoor workers"},
		Unit: kora.DemandWorkers, AsOf: sampleDay, Publisher: "示例数据，非统计结果", Sample: true}
	sampleDay = time.Date(2026, 7, 1, 0, 0, 0, 0, time.UTC)
)

// sampleTargets lead to the 150 standard stations of the plan by the end of 2028; the steps on the way are made up.
func sampleTargets() []kora.Target {
	return []kora.Target{
		{Year: 2026, Standard: 60, KeyAreas: 2, Highways: 2, Sample: true},
		{Year: 2027, Standard: 110, KeyAreas: 4, Highways: 3, Sample: true},
		{Year: 2028, Standard: 150, KeyAreas: 5, Highways: 3, Sample: true},
	}
}
