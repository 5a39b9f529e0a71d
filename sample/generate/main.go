// Command generate writes the sample data set from tables of its own: streets, stations, key areas, highways and parcels
// that agree with each other, and drawn panoramas. The same source gives the same bytes.
//
//	go run ./sample/generate
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	dir := flag.String("o", "sample", "folder to write to")
	flag.Parse()
	if err := run(*dir); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

func run(dir string) error {
	files, err := generate()
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := os.WriteFile(filepath.Join(dir, f.name), f.content, 0o644); err != nil {
			return err
		}
		fmt.Printf("%-20s %7d bytes\n", f.name, len(f.content))
	}
	return nil
}

type file struct {
	name    string
	content []byte
}

func generate() ([]file, error) {
	rivers := rivers()
	const lhasa, doilung, niyangUpper, yarlungUpper = 1, 3, 4, 6
	niyang := rivers[niyangUpper].middle.concat(rivers[niyangUpper+1].middle[1:])
	yarlung := rivers[yarlungUpper].middle.concat(rivers[yarlungUpper+1].middle[1:]).concat(rivers[yarlungUpper+2].middle[1:])

	roads := append(mainStreets(rivers[lhasa]), townStreets()...)
	roads = append(roads, regionRoads(niyang, rivers[doilung].middle, yarlung)...)
	districts := append(lhasaDistricts(), townDistricts()...)
	greens := lhasaGreens()
	c, err := buildCity(roads, districts, greens, rivers)
	if err != nil {
		return nil, err
	}
	expressway := motorway(niyang)
	for _, s := range bridges(expressway.course, rivers) {
		c.ways = append(c.ways, way{road: &expressway, class: expressway.class, bridge: s.bridge, nodes: s.line})
	}
	parcels, err := layParcels(roads)
	if err != nil {
		return nil, err
	}

	files := []file{{name: "lhasa.osm.pbf", content: assemble(c, districts, greens, rivers)}}
	for _, f := range []struct {
		name string
		make func() ([]byte, error)
	}{
		{"stations.csv", func() ([]byte, error) { return stationsCSV(c.ways) }},
		{"key_areas.geojson", keyAreasJSON},
		{"highways.geojson", func() ([]byte, error) { return highwaysJSON(c.ways) }},
		{"residents.csv", func() ([]byte, error) { return residentsCSV(c.ways) }},
		{"workers.csv", func() ([]byte, error) { return workersCSV(c.ways) }},
		{"parcels.geojson", func() ([]byte, error) { return parcelsJSON(parcels) }},
		{"lhasa.heights", func() ([]byte, error) { return heights(valleys(append(roads, expressway), rivers)), nil }},
	} {
		content, err := f.make()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", f.name, err)
		}
		files = append(files, file{f.name, content})
	}
	for _, v := range views() {
		content, err := v.draw()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.file, err)
		}
		files = append(files, file{v.file, content})
	}
	return files, nil
}
