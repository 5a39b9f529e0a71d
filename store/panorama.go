package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"

	"kora"
)

var panoramas = &table[kora.Panorama]{
	name: "panorama",
	key:  "parcel, picture",
	columns: `id, version, parcel, picture, caption, alt, taken_on, heading_deg, hot_spots, sample, (
		SELECT coalesce(jsonb_agg(jsonb_build_object('width', width, 'sha256', sha256, 'bytes', length(jpeg)) ORDER BY width), '[]')
		FROM panorama_image WHERE panorama_id = id)`,
	scan: func(row pgx.CollectableRow) (*kora.Panorama, error) {
		var p kora.Panorama
		var taken *time.Time
		err := row.Scan(&p.ID, &p.Version, &p.Parcel, &p.Picture, &p.Caption, &p.Alt, &taken, &p.HeadingDeg, &p.HotSpots, &p.Sample, &p.Levels)
		if taken != nil {
			p.TakenOn = *taken
		}
		return &p, err
	},
	id: func(p *kora.Panorama) int64 { return p.ID },
	values: func(p *kora.Panorama) ([]value, error) {
		return []value{
			{"parcel", p.Parcel, ""}, {"picture", p.Picture, ""}, {"caption", p.Caption, ""}, {"alt", p.Alt, ""},
			{"taken_on", orNull(p.TakenOn), ""}, {"heading_deg", p.HeadingDeg, ""}, {"hot_spots", orEmpty(p.HotSpots), ""},
			{"sample", p.Sample, ""},
		}, nil
	},
}

// CreatePanorama adds a panorama with its images and sets its ID, Version and Levels. A picture that the parcel has already
// is refused with ReasonDuplicate.
func (s *Store) CreatePanorama(ctx context.Context, author kora.Author, p *kora.Panorama, images []kora.PanoramaImage) (xid uint64, err error) {
	return s.write(ctx, author, func(tx pgx.Tx) error {
		if err := onlyPicture(ctx, tx, p); err != nil {
			return err
		}
		sql, args, err := panoramas.insert(p)
		if err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, sql, args...).Scan(&p.ID); err != nil {
			return err
		}
		p.Version, p.Levels = 1, nil
		for _, i := range images {
			sum := sha256.Sum256(i.JPEG)
			level := kora.PanoramaLevel{Width: i.Width, SHA256: hex.EncodeToString(sum[:]), Bytes: int64(len(i.JPEG))}
			_, err := tx.Exec(ctx, `INSERT INTO panorama_image (panorama_id, width, sha256, jpeg) VALUES ($1, $2, $3, $4)`,
				p.ID, level.Width, level.SHA256, i.JPEG)
			if err != nil {
				return err
			}
			p.Levels = append(p.Levels, level)
		}
		return nil
	})
}

// FindPanorama gives the panorama that was made of a picture for a parcel, nil when there is none.
func (s *Store) FindPanorama(ctx context.Context, parcel, picture string) (*kora.Panorama, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+panoramas.columns+` FROM panorama WHERE parcel = $1 AND picture = $2`, parcel, picture)
	if err != nil {
		return nil, fmt.Errorf("find a panorama: %w", err)
	}
	p, err := pgx.CollectExactlyOneRow(rows, panoramas.scan)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("find a panorama: %w", err)
	}
	return p, nil
}

// UpdatePanorama replaces what is told of the panorama with this ID, and sets its Version; its former version stays in the
// history and its images stay as they are. See UpdateNotice for was.
func (s *Store) UpdatePanorama(ctx context.Context, author kora.Author, p *kora.Panorama, was *kora.Revision) (xid uint64, err error) {
	return s.write(ctx, author, func(tx pgx.Tx) error {
		now, err := lockRow(ctx, tx, kora.LayerPanorama, "id", p.ID, was)
		if err != nil {
			return err
		}
		if err := onlyPicture(ctx, tx, p); err != nil {
			return err
		}
		sql, args, err := panoramas.update(now.ID, p)
		if err != nil {
			return err
		}
		p.Version = now.Version + 1
		return tx.QueryRow(ctx, sql, args...).Scan(&p.ID)
	})
}

// DeletePanorama removes a panorama. What was told of it stays in the history, its images are gone for good.
func (s *Store) DeletePanorama(ctx context.Context, author kora.Author, id int64, was *kora.Revision) (xid uint64, err error) {
	return s.write(ctx, author, func(tx pgx.Tx) error {
		now, err := lockRow(ctx, tx, kora.LayerPanorama, "id", id, was)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM panorama WHERE id = $1`, now.ID)
		return err
	})
}

// onlyPicture refuses a picture that another panorama of the parcel has.
func onlyPicture(ctx context.Context, tx pgx.Tx, p *kora.Panorama) error {
	var other int64
	err := tx.QueryRow(ctx, `SELECT id FROM panorama WHERE parcel = $1 AND picture = $2 AND id <> $3`, p.Parcel, p.Picture, p.ID).Scan(&other)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil
	}
	if err != nil {
		return err
	}
	return kora.Refuse(kora.ReasonDuplicate, "image", nil, "is the picture of panorama %d already", other)
}

// panoramaStem begins the names of the files that images are copied to; the rest is their SHA-256.
const panoramaStem = "panorama-"

func panoramaFile(sha256 string) string { return panoramaStem + sha256 + ".jpg" }

// PanoramaImage opens an image by its SHA-256: its copy in a file where there is one. Without one it asks the database, and
// makes one. An image that the record does not hold is refused with ReasonNotFound.
func (s *Store) PanoramaImage(ctx context.Context, level kora.PanoramaLevel) (io.ReadSeekCloser, error) {
	if f := s.openCopy(level); f != nil {
		return f, nil
	}
	var jpeg []byte
	err := s.pool.QueryRow(ctx, `SELECT jpeg FROM panorama_image WHERE sha256 = $1 LIMIT 1`, level.SHA256).Scan(&jpeg)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, kora.Refuse(kora.ReasonNotFound, "image", level.SHA256, "is not in the record")
	}
	if err != nil {
		return nil, refusal(err)
	}
	s.copyImage(level, jpeg)
	return unclosed{bytes.NewReader(jpeg)}, nil
}

type unclosed struct{ io.ReadSeeker }

func (unclosed) Close() error { return nil }

// openCopy gives the copy of an image, nil when there is none that is whole.
func (s *Store) openCopy(level kora.PanoramaLevel) *os.File {
	if s.files == "" {
		return nil
	}
	f, err := os.Open(filepath.Join(s.files, panoramaFile(level.SHA256)))
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			s.log.Warn("cannot read the copy of a panorama", "error", err)
		}
		return nil
	}
	if info, err := f.Stat(); err != nil || info.Size() != level.Bytes {
		s.log.Warn("the copy of a panorama is damaged and made anew", "file", filepath.Base(f.Name()), "error", err)
		f.Close()
		return nil
	}
	return f
}

// copyImage keeps an image in a file. It can be done without: the image is then asked for again.
func (s *Store) copyImage(level kora.PanoramaLevel, jpeg []byte) {
	if s.files == "" {
		return
	}
	if err := save(s.files, panoramaFile(level.SHA256), jpeg); err != nil {
		s.log.Warn("cannot copy a panorama to a file; it is served from the database", "error", err)
	}
}

// copyImages copies the images of these panoramas to files, so that they can be read while the database is away, and
// removes copies that no panorama has any more.
func (s *Store) copyImages(ctx context.Context, tx pgx.Tx, changed map[int64]*kora.Panorama) error {
	if s.files == "" {
		return nil
	}
	for _, p := range changed {
		if p == nil {
			continue
		}
		for _, level := range p.Levels {
			if f := s.openCopy(level); f != nil {
				f.Close()
				continue
			}
			var jpeg []byte
			err := tx.QueryRow(ctx, `SELECT jpeg FROM panorama_image WHERE panorama_id = $1 AND width = $2`, p.ID, level.Width).Scan(&jpeg)
			if err != nil {
				return fmt.Errorf("read the image of panorama %d, %d wide: %w", p.ID, level.Width, err)
			}
			s.copyImage(level, jpeg)
		}
	}
	rows, err := tx.Query(ctx, `SELECT DISTINCT sha256 FROM panorama_image`)
	if err != nil {
		return fmt.Errorf("list the images of panoramas: %w", err)
	}
	sums, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("list the images of panoramas: %w", err)
	}
	for i, sum := range sums {
		sums[i] = panoramaFile(sum)
	}
	s.dropOthers(panoramaStem, sums)
	return nil
}

// readPanoramas reads panoramas as read does, and copies their images.
func (s *Store) readPanoramas(ctx context.Context, tx pgx.Tx, ids []int64) (map[int64]*kora.Panorama, error) {
	all, err := read(ctx, tx, panoramas, ids)
	if err != nil {
		return nil, err
	}
	return all, s.copyImages(ctx, tx, all)
}
