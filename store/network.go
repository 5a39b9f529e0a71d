package store

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"kora"
)

// ReplaceNetwork makes n the street network in use. The same extract that was made into the same streets again changes
// nothing; changed tells which. The encoded parts of former networks are dropped, their rows stay.
func (s *Store) ReplaceNetwork(ctx context.Context, author kora.Author, n *kora.Network) (xid uint64, changed bool, err error) {
	bounds, err := encode(n.Bounds)
	if err != nil {
		return 0, false, err
	}
	xid, err = s.write(ctx, author, func(tx pgx.Tx) error {
		// Two imports at once would each leave the other's parts behind.
		if _, err := tx.Exec(ctx, `LOCK TABLE network IN SHARE ROW EXCLUSIVE MODE`); err != nil {
			return err
		}
		var same bool
		err := tx.QueryRow(ctx, `
			SELECT coalesce((SELECT (sha256, elevation, sample) = ($1, $2, $3) AND (
			    SELECT md5(string_agg(md5(data), '' ORDER BY name COLLATE "C", part)) FROM network_part
			    WHERE network_id = network.id AND name <> 'basemap') = $4
			FROM network ORDER BY id DESC LIMIT 1), false)`,
			n.SHA256, n.Elevation, n.Sample, fingerprint(n)).Scan(&same)
		if err != nil || same {
			return err
		}
		changed = true
		if _, err := tx.Exec(ctx, `DELETE FROM network_part`); err != nil {
			return err
		}
		err = tx.QueryRow(ctx, `
			INSERT INTO network (name, sha256, data_time, elevation, attribution, bounds, nodes, edges, sample)
			VALUES ($1, $2, $3, $4, $5, ST_GeomFromEWKB($6), $7, $8, $9) RETURNING id, imported_at`,
			n.Name, n.SHA256, orNull(n.DataTime), n.Elevation, n.Attribution, bounds, n.Nodes, n.Edges, n.Sample,
		).Scan(&n.ID, &n.ImportedAt)
		if err != nil {
			return err
		}
		for profile, streets := range n.Streets {
			if err := putParts(ctx, tx, n.ID, streetsPart+profile, streets); err != nil {
				return err
			}
		}
		if err := putParts(ctx, tx, n.ID, heightsPart, n.Heights); err != nil {
			return err
		}
		return putParts(ctx, tx, n.ID, basemapPart, n.Basemap)
	})
	return xid, changed, err
}

// readNetwork gives the network in use, nil when none has been imported.
func (s *Store) readNetwork(ctx context.Context, tx pgx.Tx) (*kora.Network, error) {
	var n kora.Network
	var bounds []byte
	var dataTime *time.Time
	err := tx.QueryRow(ctx, `
		SELECT id, name, sha256, data_time, imported_at, elevation, attribution, ST_AsEWKB(bounds), nodes, edges, sample
		FROM network ORDER BY id DESC LIMIT 1`).Scan(&n.ID, &n.Name, &n.SHA256, &dataTime, &n.ImportedAt, &n.Elevation,
		&n.Attribution, &bounds, &n.Nodes, &n.Edges, &n.Sample)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read network: %w", err)
	}
	if dataTime != nil {
		n.DataTime = *dataTime
	}
	if n.Bounds, err = decode[orb.Bound](bounds); err != nil {
		return nil, fmt.Errorf("read network %d: %w", n.ID, err)
	}
	if err := s.readParts(ctx, tx, &n); err != nil {
		return nil, fmt.Errorf("read network %d: %w", n.ID, err)
	}
	return &n, nil
}
