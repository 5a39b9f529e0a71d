package store

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"kora"
)

var parcels = &table[kora.Parcel]{
	name: "parcel",
	key:  "number",
	columns: `id, number, name, county, address, use_code, use_scheme, uses, status, ST_AsEWKB(geom), area_m2, stated_m2,
		far, density, green, height_m, price, supply, term_years, altitude_m, ST_AsEWKB(access), facilities, sample, source,
		cadastre, zone, industry, deposit, increment, intensity, coalesce(notice_on::text, ''), registration, listing, publicity, steps`,
	scan: func(row pgx.CollectableRow) (*kora.Parcel, error) {
		var p kora.Parcel
		var geom, access []byte
		err := row.Scan(&p.ID, &p.Number, &p.Name, &p.County, &p.Address, &p.Use.Code, &p.Use.Scheme, &p.Uses, &p.Status,
			&geom, &p.AreaM2, &p.StatedM2, &p.FAR, &p.Density, &p.Green, &p.HeightM, &p.Price, &p.Supply, &p.TermYears,
			&p.AltitudeM, &access, &p.Facilities, &p.Sample, &p.Source, &p.Cadastre, &p.Zone, &p.Industry, &p.Deposit,
			&p.Increment, &p.Intensity, &p.NoticeOn, &p.Registration, &p.Listing, &p.Publicity, &p.Steps)
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
	keyOf: func(p *kora.Parcel) string { return p.Number },
	id:    func(p *kora.Parcel) int64 { return p.ID },
	areas: func(p *kora.Parcel) orb.MultiPolygon { return p.Geometry },
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
			{"source", p.Source, ""}, {"cadastre", p.Cadastre, ""}, {"zone", p.Zone, ""}, {"industry", orEmpty(p.Industry), ""},
			{"deposit", p.Deposit, ""}, {"increment", p.Increment, ""}, {"intensity", p.Intensity, ""},
			{"notice_on", p.NoticeOn, "nullif(%s, '')::date"}, {"registration", inChina(p.Registration), ""},
			{"listing", inChina(p.Listing), ""}, {"publicity", inChina(p.Publicity), ""},
			{"steps", stepsOf{p.Number, p.Status, p.Steps}, "parcel_steps(%s)"},
		}, nil
	},
}

// stepsOf is what the record's parcel_steps takes: without steps the record keeps its own.
type stepsOf struct {
	Number string            `json:"number"`
	Status kora.ParcelStatus `json:"status"`
	Steps  []kora.ParcelStep `json:"steps"`
}

// inChina tells a period in one zone, so that the same moments are the same text.
func inChina(p *kora.Period) *kora.Period {
	if p == nil {
		return nil
	}
	told := *p
	for _, t := range []*time.Time{&told.From, &told.To} {
		if !t.IsZero() {
			*t = kora.ChinaTime(*t)
		}
	}
	return &told
}

// TakeParcels writes what feed gives in one transaction, while it is read, and tells of each lot. Whatever the record refuses is passed
// over; at the end, keep tells whether the rest is to stay.
func (s *Store) TakeParcels(ctx context.Context, author kora.Author, feed Feed[kora.Parcel], tell func(*Lot[kora.Parcel]) error, keep func() bool) error {
	err := applyLots(ctx, s, parcels, author, feed, func(_ pgx.Tx, l *Lot[kora.Parcel]) error { return tell(l) }, func(pgx.Tx) error {
		if !keep() {
			return errTried
		}
		return nil
	})
	if errors.Is(err, errTried) {
		return nil
	}
	return err
}

// ApplyParcels writes parcels by their numbers; see apply.
func (s *Store) ApplyParcels(ctx context.Context, author kora.Author, items []*kora.Parcel, skip bool) (xid uint64, outcomes []Outcome, err error) {
	return apply(ctx, s, parcels, author, items, skip, nil)
}
