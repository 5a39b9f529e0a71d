package store

import (
	"context"
	"crypto/md5"
	"errors"
	"fmt"
	"hash/crc32"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"github.com/jackc/pgx/v5"

	"kora"
)

// The encoded parts of a network, by name.
const (
	streetsPart = "streets/" // and the profile
	basemapPart = "basemap"
	heightsPart = "heights"
)

// partBytes is the size of one row of network_part; small enough to stay far from the limit of a field (1 GiB) and of
// what is held in memory twice while it is sent.
const partBytes = 4 << 20

func putParts(ctx context.Context, tx pgx.Tx, network int64, name string, data []byte) error {
	for i := 0; i*partBytes < len(data); i++ {
		_, err := tx.Exec(ctx, `INSERT INTO network_part (network_id, name, part, data) VALUES ($1, $2, $3, $4)`,
			network, name, i, data[i*partBytes:min((i+1)*partBytes, len(data))])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

// fingerprint is the MD5 of the MD5s of all parts of heights and streets, in order, as PostgreSQL can make it too. It only tells
// whether they are the same.
func fingerprint(n *kora.Network) string {
	whole := md5.New()
	add := func(data []byte) {
		for i := 0; i*partBytes < len(data); i++ {
			fmt.Fprintf(whole, "%x", md5.Sum(data[i*partBytes:min((i+1)*partBytes, len(data))]))
		}
	}
	add(n.Heights)
	for _, profile := range slices.Sorted(maps.Keys(n.Streets)) {
		add(n.Streets[profile])
	}
	return fmt.Sprintf("%x", whole.Sum(nil))
}

// readParts fills in the encoded parts of n.
func (s *Store) readParts(ctx context.Context, tx pgx.Tx, n *kora.Network) error {
	rows, err := tx.Query(ctx, `SELECT DISTINCT name FROM network_part WHERE network_id = $1`, n.ID)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	n.Streets = map[string][]byte{}
	var inUse []string
	for _, name := range names {
		data, file, err := s.readPart(ctx, tx, n.ID, name)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		inUse = append(inUse, file)
		switch profile, streets := strings.CutPrefix(name, streetsPart); {
		case streets:
			n.Streets[profile] = data
		case name == heightsPart:
			n.Heights = data
		default:
			n.Basemap = data
		}
	}
	s.dropOthers("network-", inUse)
	return nil
}

// readPart gives one part, mapped from its copy in a file where there is one, and that file's name. A copy carries the
// checksum of what is in it in its name; one that is damaged is made anew from the database.
func (s *Store) readPart(ctx context.Context, tx pgx.Tx, network int64, name string) (data []byte, file string, err error) {
	stem := fmt.Sprintf("network-%d-%s-", network, strings.ReplaceAll(name, "/", "-"))
	if s.files != "" {
		for _, file := range s.copies(stem) {
			data, err := mapFile(filepath.Join(s.files, file))
			if err == nil && file == stem+sumOf(data) {
				return data, file, nil
			}
			s.log.Warn("the copy of a part of the street network is damaged and made anew", "file", file, "err", err)
			if err := os.Remove(filepath.Join(s.files, file)); err != nil {
				return nil, "", err
			}
		}
	}
	rows, err := tx.Query(ctx, `SELECT data FROM network_part WHERE network_id = $1 AND name = $2 ORDER BY part`, network, name)
	if err != nil {
		return nil, "", err
	}
	var part []byte
	_, err = pgx.ForEachRow(rows, []any{&part}, func() error {
		data = append(data, part...)
		return nil
	})
	if err != nil || s.files == "" {
		return data, "", err
	}
	file = stem + sumOf(data)
	if data, err = saveAndMap(s.files, file, data); err != nil {
		return nil, "", err
	}
	return data, file, nil
}

// copies lists the files that begin with stem.
func (s *Store) copies(stem string) (files []string) {
	entries, err := os.ReadDir(s.files)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.log.Warn("cannot read the folder of copies", "err", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), stem) {
			files = append(files, e.Name())
		}
	}
	return files
}

// dropOthers removes the copies that begin with stem and are no longer in use. What is mapped from them stays readable.
func (s *Store) dropOthers(stem string, inUse []string) {
	keep := map[string]bool{}
	for _, f := range inUse {
		keep[f] = true
	}
	for _, file := range s.copies(stem) {
		if !keep[file] {
			if err := os.Remove(filepath.Join(s.files, file)); err != nil {
				s.log.Warn("cannot remove an old copy", "err", err)
			}
		}
	}
}

// sumOf is a CRC by another polynomial than that of the saved streets: theirs is in their last bytes, and a CRC over itself
// is the same for all.
func sumOf(data []byte) string { return fmt.Sprintf("%08x", crc32.ChecksumIEEE(data)) }

// saveAndMap writes a file and maps it.
func saveAndMap(folder, name string, data []byte) ([]byte, error) {
	if err := save(folder, name, data); err != nil {
		return nil, err
	}
	return mapFile(filepath.Join(folder, name))
}

// save writes a file, whole or not at all.
func save(folder, name string, data []byte) error {
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return err
	}
	f, err := os.CreateTemp(folder, "new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name())
	_, err = f.Write(data)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), filepath.Join(folder, name))
}

// mapFile maps a file for reading. It stays mapped as long as the process runs, because whoever reads a former network may
// still do so: address space is lost with each import, memory is not.
func mapFile(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.Size() == 0 {
		return nil, nil
	}
	data, err := syscall.Mmap(int(f.Fd()), 0, int(info.Size()), syscall.PROT_READ, syscall.MAP_SHARED)
	if err != nil {
		return nil, fmt.Errorf("map %s into memory: %w", filepath.Base(path), err)
	}
	return data, nil
}
