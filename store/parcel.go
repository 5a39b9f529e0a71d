package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"kora"
)

var parcels = &table[kora.Parcel]{
	name: "parcel",
	key:  "number",
	columns: `id, number, name, county, address, use_code, use_scheme, uses, status, ST_AsEWKB(geom), area_m2, stated_m2,
		far, density, green, height_m, price, supply, term_years, altitude_m, ST_AsEWKB(access), facilities, sample, source`,
	scan: func(row pgx.CollectableRow) (*kora.Parcel, error) {
		var p kora.Parcel
		var geom, access []byte
		err := row.Scan(&p.ID, &p.Number, &p.Name, &p.County, &p.Address, &p.Use.Code, &p.Use.Scheme, &p.Uses, &p.Status,
			&geom, &p.AreaM2, &p.StatedM2, &p.FAR, &p.Density, &p.Green, &p.HeightM, &p.Price, &p.Supply, &p.TermYears,
			&p.AltitudeM, &access, &p.Facilities, &p.Sample, &p.Source)
		if err != nil {
			return nil, err
		}
		if access != nil {
			point, err := decode[orb.Point](access)
			if err != nil {
				return nil, err
			}
			p.Access = &point
		}
		p.Geometry, err = decode[orb.MultiPolygon](geom)
		return &p, err
	},
	id: func(p *kora.Parcel) int64 { return p.ID },
	values: func(p *kora.Parcel) ([]value, error) {
		geom, err := encode(p.Geometry)
		if err != nil {
			return nil, err
		}
		var access []byte
		if p.Access != nil {
			if access, err = encode(*p.Access); err != nil {
				return nil, err
			}
		}
		return []value{
			{"number", p.Number, ""}, {"name", p.Name, ""}, {"county", p.County, ""}, {"address", p.Address, ""},
			{"use_code", p.Use.Code, ""}, {"use_scheme", p.Use.Scheme, ""}, {"uses", orEmpty(p.Uses), ""},
			{"status", p.Status, ""}, geometryValue("geom", geom), {"stated_m2", p.StatedM2, ""}, {"far", p.FAR, ""},
			{"density", p.Density, ""}, {"green", p.Green, ""}, {"height_m", p.HeightM, ""}, {"price", p.Price, ""},
			{"supply", p.Supply, ""}, {"term_years", p.TermYears, ""}, {"altitude_m", p.AltitudeM, ""},
			geometryValue("access", access), {"facilities", orEmpty(p.Facilities), ""}, {"sample", p.Sample, ""},
			{"source", p.Source, ""},
		}, nil
	},
}

// ApplyParcels writes parcels by their numbers; see apply.
func (s *Store) ApplyParcels(ctx context.Context, author kora.Author, items []*kora.Parcel, skip bool) (xid uint64, outcomes []Outcome, err error) {
	return apply(ctx, s, parcels, author, items, skip, func(ctx context.Context, tx pgx.Tx, p *kora.Parcel) error {
		return checkRings(ctx, tx, p.Geometry)
	})
}
