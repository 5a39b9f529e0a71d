package store

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"kora"
)

// ToCGCS2000 reprojects points, given as easting and northing in metres of the reference system srid, to longitude and
// latitude in degrees of EPSG:4490.
func (s *Store) ToCGCS2000(ctx context.Context, srid int, points []orb.Point) ([]orb.Point, error) {
	return s.transform(ctx, srid, kora.SRID, points)
}

// FromCGCS2000 is the way back: longitude and latitude in, easting and northing of srid out.
func (s *Store) FromCGCS2000(ctx context.Context, srid int, points []orb.Point) ([]orb.Point, error) {
	return s.transform(ctx, kora.SRID, srid, points)
}

func (s *Store) transform(ctx context.Context, from, to int, points []orb.Point) ([]orb.Point, error) {
	x, y := make([]float64, len(points)), make([]float64, len(points))
	for i, p := range points {
		x[i], y[i] = p[0], p[1]
	}
	rows, err := s.pool.Query(ctx, `
		SELECT ST_X(g), ST_Y(g)
		FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY AS t(x, y, i),
		     ST_Transform(ST_SetSRID(ST_MakePoint(x, y), $3), $4::int) AS g
		ORDER BY i`, x, y, from, to)
	if err != nil {
		return nil, fmt.Errorf("reproject from EPSG:%d to EPSG:%d: %w", from, to, err)
	}
	out := make([]orb.Point, 0, len(points))
	var p orb.Point
	_, err = pgx.ForEachRow(rows, []any{&p[0], &p[1]}, func() error {
		out = append(out, p)
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("reproject from EPSG:%d to EPSG:%d: %w", from, to, err)
	}
	return out, nil
}
