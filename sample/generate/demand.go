package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"kora/geo/grid"
)

// The ground around the key areas, in degrees: where demand is made up.
const (
	demandWest, demandSouth = 90.97, 29.605
	demandEast, demandNorth = 91.22, 29.685
)

// residentsResolution is that of the cells in which residents are told: 0.1 km² each.
const residentsResolution = 9

// residentsCSV makes up how many people live where: along side streets, more of them towards the old town.
func residentsCSV(ways []way) ([]byte, error) {
	r := random("residents")
	people := map[grid.Cell]float64{}
	err := eachCorner(ways, func(w way, lon, lat float64) error {
		if w.class != "residential" && w.class != "living_street" && w.class != "tertiary" {
			return nil
		}
		c, err := grid.At([2]float64{lon, lat}, residentsResolution)
		away := math.Hypot((lon-91.13)*0.87, lat-29.652) // degrees of latitude
		people[c] += (6 + 30*r.Float64()) / (1 + 25*away)
		return err
	})
	if err != nil {
		return nil, err
	}
	rows := [][]string{{"H3 格网", "常住人口"}}
	for _, c := range slices.Sorted(maps.Keys(people)) {
		rows = append(rows, []string{c.String(), strconv.Itoa(int(math.Round(people[c])))})
	}
	return table(rows)
}

// workersCSV makes up where outdoor workers are counted: at corners of main streets.
func workersCSV(ways []way) ([]byte, error) {
	r := random("workers")
	rows := [][]string{{"经度", "纬度", "户外劳动者"}}
	err := eachCorner(ways, func(w way, lon, lat float64) error {
		switch w.class {
		case "primary", "secondary", "tertiary":
			if r.Float64() < 0.2 {
				rows = append(rows, []string{fmt.Sprintf("%.5f", lon), fmt.Sprintf("%.5f", lat), strconv.Itoa(4 + r.IntN(40))})
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	return table(rows)
}

// eachCorner visits the corners of ways around the key areas.
func eachCorner(ways []way, visit func(w way, lon, lat float64) error) error {
	for _, w := range ways {
		for _, p := range w.nodes {
			lon, lat := p.lonLat()
			if lon < demandWest || lon > demandEast || lat < demandSouth || lat > demandNorth {
				continue
			}
			if err := visit(w, lon, lat); err != nil {
				return err
			}
		}
	}
	return nil
}

func table(rows [][]string) ([]byte, error) {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	w.UseCRLF = true
	if err := w.WriteAll(rows); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
