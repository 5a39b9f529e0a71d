package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"kora"
)

var stations = &table[kora.Station]{
	name: "station",
	key:  "code",
	columns: `id, version, code, name, kind, status, ST_AsEWKB(geom), county, address, hours, facilities, standard, area_m2,
		altitude_m, highway, sample, source`,
	scan: func(row pgx.CollectableRow) (*kora.Station, error) {
		var s kora.Station
		var geom []byte
		var hours string
		err := row.Scan(&s.ID, &s.Version, &s.Code, &s.Name, &s.Kind, &s.Status, &geom, &s.County, &s.Address, &hours, &s.Facilities,
			&s.Standard, &s.AreaM2, &s.AltitudeM, &s.Highway, &s.Sample, &s.Source)
		if err != nil {
			return nil, err
		}
		if s.Point, err = decode[orb.Point](geom); err != nil {
			return nil, err
		}
		s.Hours, err = kora.ParseHours(hours)
		return &s, err
	},
	keyOf: func(s *kora.Station) string { return s.Code },
	id:    func(s *kora.Station) int64 { return s.ID },
	values: func(s *kora.Station) ([]value, error) {
		geom, err := encode(s.Point)
		return []value{
			{"code", s.Code, ""}, {"name", s.Name, ""}, {"kind", s.Kind, ""}, {"status", s.Status, ""},
			geometryValue("geom", geom), {"county", s.County, ""}, {"address", s.Address, ""},
			{"hours", s.Hours.String(), ""}, {"facilities", orEmpty(s.Facilities), ""}, {"standard", s.Standard, ""},
			{"area_m2", s.AreaM2, ""}, {"altitude_m", s.AltitudeM, ""}, {"highway", s.Highway, ""},
			{"sample", s.Sample, ""}, {"source", s.Source, ""},
		}, err
	},
}

// ApplyStations writes stations by their codes; see apply.
func (s *Store) ApplyStations(ctx context.Context, author kora.Author, items []*kora.Station, skip bool) (xid uint64, outcomes []Outcome, err error) {
	return apply(ctx, s, stations, author, items, skip, nil)
}

// CreateStation adds a station and sets its ID. A code in use is refused with ReasonDuplicate.
func (s *Store) CreateStation(ctx context.Context, author kora.Author, station *kora.Station) (xid uint64, err error) {
	return s.write(ctx, author, func(tx pgx.Tx) error {
		sql, args, err := stations.insert(station)
		if err != nil {
			return err
		}
		station.Version = 1
		return tx.QueryRow(ctx, sql, args...).Scan(&station.ID)
	})
}

// UpdateStation replaces the station with this ID; its former version stays in the history.
func (s *Store) UpdateStation(ctx context.Context, author kora.Author, station *kora.Station) (xid uint64, err error) {
	return s.write(ctx, author, func(tx pgx.Tx) error {
		sql, args, err := stations.update(station.ID, station)
		if err != nil {
			return err
		}
		return found(tx.QueryRow(ctx, sql, args...).Scan(&station.ID), "station", station.ID)
	})
}

// DeleteStation removes a station; what it was stays in the history.
func (s *Store) DeleteStation(ctx context.Context, author kora.Author, id int64) (xid uint64, err error) {
	return s.write(ctx, author, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `DELETE FROM station WHERE id = $1 RETURNING id`, id).Scan(&id)
		return found(err, "station", id)
	})
}

// found turns "no row" into a refusal.
func found(err error, what string, id int64) error {
	if errors.Is(err, pgx.ErrNoRows) {
		return kora.Refuse(kora.ReasonNotFound, what, id, "is not in the record")
	}
	return err
}
