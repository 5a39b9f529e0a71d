package main

import (
	"bytes"
	"context"
	"errors"
	"io"

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
	if err := takePanoramas(ctx, s, author); err != nil {
		return err
	}
	o.say.end("")
	return nil
}
