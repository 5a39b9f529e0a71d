package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"kora"
)

var keyAreas = &table[kora.KeyArea]{
	name:    "key_area",
	key:     "code",
	columns: `id, code, name, county, ST_AsEWKB(geom), sample, source`,
	scan: func(row pgx.CollectableRow) (*kora.KeyArea, error) {
		var a kora.KeyArea
		var geom []byte
		err := row.Scan(&a.ID, &a.Code, &a.Name, &a.County, &geom, &a.Sample, &a.Source)
		if err != nil {
			return nil, err
		}
		a.Geometry, err = decode[orb.MultiPolygon](geom)
		return &a, err
	},
	keyOf: func(a *kora.KeyArea) string { return a.Code },
	id:    func(a *kora.KeyArea) int64 { return a.ID },
	areas: func(a *kora.KeyArea) orb.MultiPolygon { return a.Geometry },
	values: func(a *kora.KeyArea) ([]value, error) {
		geom, err := encode(a.Geometry)
		return []value{
			{"code", a.Code, ""}, {"name", a.Name, ""}, {"county", a.County, ""}, geometryValue("geom", geom),
			{"sample", a.Sample, ""}, {"source", a.Source, ""},
		}, err
	},
}

// ApplyKeyAreas writes key areas by their codes; see apply.
func (s *Store) ApplyKeyAreas(ctx context.Context, author kora.Author, items []*kora.KeyArea, skip bool) (xid uint64, outcomes []Outcome, err error) {
	return apply(ctx, s, keyAreas, author, items, skip, nil)
}

var highways = &table[kora.Highway]{
	name:    "highway",
	key:     "ref",
	columns: `id, ref, name, ST_AsEWKB(geom), sample, source`,
	scan: func(row pgx.CollectableRow) (*kora.Highway, error) {
		var h kora.Highway
		var geom []byte
		err := row.Scan(&h.ID, &h.Ref, &h.Name, &geom, &h.Sample, &h.Source)
		if err != nil {
			return nil, err
		}
		h.Geometry, err = decode[orb.MultiLineString](geom)
		return &h, err
	},
	keyOf: func(h *kora.Highway) string { return h.Ref },
	id:    func(h *kora.Highway) int64 { return h.ID },
	values: func(h *kora.Highway) ([]value, error) {
		geom, err := encode(h.Geometry)
		return []value{
			{"ref", h.Ref, ""}, {"name", h.Name, ""}, geometryValue("geom", geom),
			{"sample", h.Sample, ""}, {"source", h.Source, ""},
		}, err
	},
}

// ApplyHighways writes highways by their references; see apply.
func (s *Store) ApplyHighways(ctx context.Context, author kora.Author, items []*kora.Highway, skip bool) (xid uint64, outcomes []Outcome, err error) {
	return apply(ctx, s, highways, author, items, skip, nil)
}

// checkRings asks PostGIS whether polygons, as EWKB, are valid, and refuses those that are not with its reason and the place.
func checkRings(ctx context.Context, tx pgx.Tx, shapes [][]byte, outcomes []Outcome) error {
	rows, err := tx.Query(ctx, `
		SELECT i - 1, (d).reason, ST_AsText((d).location, 6)
		FROM (SELECT i, ST_IsValidDetail(ST_GeomFromEWKB(shape)) AS d FROM unnest($1::bytea[]) WITH ORDINALITY AS t(shape, i)) AS checked
		WHERE NOT (d).valid`, shapes)
	if err != nil {
		return err
	}
	var i int
	var reason, place *string
	_, err = pgx.ForEachRow(rows, []any{&i, &reason, &place}, func() error {
		text, at := "is not valid", ""
		if reason != nil {
			text = *reason
		}
		if place != nil {
			at = *place
		}
		outcomes[i].Refused = kora.Refuse(kora.ReasonGeometry, "geometry", at, "%s; mend the ring at this place", kora.Word(text))
		return nil
	})
	return err
}
