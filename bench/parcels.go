package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/paulmach/orb/encoding/ewkb"

	"kora"
	"kora/api"
	"kora/atlas"
	"kora/bench/land"
	"kora/importers"
	"kora/store"
)

// parcels is how fast the land supermarket is: counts of options, pages, and files on their way in.
func (b *bench) parcels(ctx context.Context, out string) (err error) {
	if b.db, err = openDatabase(ctx, "postgis"); err != nil {
		return fmt.Errorf("PostGIS, which all is held against: %w", err)
	}
	defer b.db.close()
	sizes := []int{hundredThousand}
	if b.million {
		sizes = append(sizes, 10*hundredThousand)
	} else {
		b.miss("1,000,000 parcels: run with -million (make bench MILLION=1)")
	}
	counts := table{title: "Counts of options", notes: []string{
		"Counted are all options of county, supply and status, each under the ranges and the choices of the others (exact and disjunctive), in PostgreSQL by one GROUPING SETS over the same rows; every count must be the same, or the run fails.",
		"Everything: all options of all attributes, and all histograms, as /v1/parcels tells them beside a page."}}
	pages := table{title: "A page of 100 parcels", notes: []string{
		"Kora's whole handler with all middleware, without compression; PostGIS writes the same facts of the same page as GeoJSON in one statement, without HTTP.",
		"A page that nobody asked for yet writes its features; those that are asked for again are kept."}}
	for _, n := range sizes {
		say("counting options of %d parcels", n)
		parcels := land.Parcels(n)
		if err := storeLand(ctx, b.db.conn, parcels); err != nil {
			return err
		}
		r := newRecord(parcels)
		keeper, stop, err := r.follow(ctx)
		if err != nil {
			return err
		}
		rows, err := b.counting(ctx, keeper.Atlas(), n)
		if err == nil && n == hundredThousand {
			pages.rows, err = b.paging(ctx, r, keeper)
		}
		stop()
		if err != nil {
			return err
		}
		counts.rows = append(counts.rows, rows...)
	}
	b.tables = append(b.tables, counts, pages)
	if err := b.wants("importing", func() error { return b.importing(ctx) }); err != nil {
		return err
	}
	return b.write(out, "How fast the land supermarket is", "All in one run, in one thread each. Figures are processor time unless said otherwise, "+
		"of this process for Kora and of PostgreSQL's for PostGIS, the least of nine rounds in which all were measured in turn; a ratio is how many times as much the rival took.")
}

// storeLand copies parcels to a table of PostGIS, plain columns all, indexed by number.
func storeLand(ctx context.Context, conn *pgx.Conn, parcels []*kora.Parcel) error {
	if _, err := conn.Exec(ctx, `DROP TABLE IF EXISTS raw, land;
		CREATE TABLE raw (id bigint, number text, name jsonb, county text, address jsonb, use_code text, status text, supply text, area_m2 float8,
			far jsonb, price jsonb, term_years int, altitude_m float8, facilities text[], uses jsonb, sample boolean, shape bytea)`); err != nil {
		return err
	}
	columns := []string{"id", "number", "name", "county", "address", "use_code", "status", "supply", "area_m2", "far", "price", "term_years", "altitude_m", "facilities", "uses", "sample", "shape"}
	_, err := conn.CopyFrom(ctx, pgx.Identifier{"raw"}, columns, pgx.CopyFromSlice(len(parcels), func(i int) ([]any, error) {
		p := parcels[i]
		shape, err := ewkb.Marshal(p.Geometry, kora.SRID)
		return []any{p.ID, p.Number, p.Name, kora.CountyNow(p.County), p.Address, p.Use.Code, string(p.Status), p.Supply, p.AreaM2, p.FAR, p.Price, p.TermYears,
			p.AltitudeM, p.Facilities, p.Uses, p.Sample, shape}, err
	}))
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, `CREATE TABLE land AS SELECT *, ST_GeomFromEWKB(shape) AS geom, (far->>'max')::float8 AS far_max FROM raw;
		DROP TABLE raw; ALTER TABLE land DROP COLUMN shape; CREATE INDEX ON land (number); ANALYZE land`)
	return err
}

// The filter of the counts: two ranges, and two attributes with choices.
const (
	lowArea, highArea = 33_000.0, 45_000.0
	lowFAR, highFAR   = 1.0, 3.0
	groupingSets      = `
	SELECT grouping(county, supply, status), coalesce(county, supply, status),
		CASE grouping(county, supply, status) WHEN 3 THEN count(*) FILTER (WHERE supply IN ('GP', 'PM', 'ZB'))
			WHEN 5 THEN count(*) FILTER (WHERE county IN ('540402', '540424'))
			ELSE count(*) FILTER (WHERE supply IN ('GP', 'PM', 'ZB') AND county IN ('540402', '540424')) END
	FROM land WHERE area_m2 BETWEEN $1 AND $2 AND far_max BETWEEN $3 AND $4 GROUP BY GROUPING SETS ((county), (supply), (status))`
)

func (b *bench) counting(ctx context.Context, a *atlas.Atlas, n int) ([]row, error) {
	area, far := [2]float64{lowArea, highArea}, [2]float64{lowFAR, highFAR}
	q := atlas.ParcelQuery{Choices: map[string][]string{"county": {"540402", "540424"}, "supply": {"GP", "PM", "ZB"}},
		Ranges: map[string]atlas.Span{"area": {Min: &area[0], Max: &area[1]}, "far": {Min: &far[0], Max: &far[1]}}}
	count := func(only ...string) (atlas.ParcelCounts, error) {
		f, err := a.ParcelFilter(q)
		if err != nil {
			return atlas.ParcelCounts{}, err
		}
		return f.Counts(q.Choices, only...), nil
	}
	made, err := count("county", "supply", "status")
	if err != nil {
		return nil, err
	}
	ours, theirs := map[string]int{}, map[string]int{}
	for _, f := range made.Facets {
		for _, o := range f.Options {
			ours[o.Value] = o.Count
		}
	}
	var failed error
	ask := func(int) {
		rows, err := b.db.conn.Query(ctx, groupingSets, lowArea, highArea, lowFAR, highFAR)
		var set, count int
		var value string
		if err == nil {
			_, err = pgx.ForEachRow(rows, []any{&set, &value, &count}, func() error {
				theirs[value] = count
				return nil
			})
		}
		failed = errors.Join(failed, err)
	}
	ask(0)
	options := len(ours)
	maps.DeleteFunc(ours, func(v string, count int) bool { return count == 0 && theirs[v] == 0 })
	if failed != nil || !maps.Equal(ours, theirs) {
		return nil, fmt.Errorf("the counts differ: %v, in PostgreSQL %v (%w)", ours, theirs, failed)
	}
	some := &meter{cpu: ownTime, work: func(int) { _, err := count("county", "supply", "status"); failed = errors.Join(failed, err) }}
	all := &meter{cpu: ownTime, work: func(int) { _, err := count(); failed = errors.Join(failed, err) }}
	pg := &meter{cpu: func() time.Duration { return backendTime(int(b.db.conn.PgConn().PID())) }, work: ask}
	measure(9, 300*time.Millisecond, some, all, pg)
	return []row{
		{work: fmt.Sprintf("%d options of %d parcels, two ranges and two choices", options, n), kora: figure{median: seconds(some.least())},
			rivals: []rival{{who: "GROUPING SETS", seconds: pg.least()}}},
		{work: fmt.Sprintf("everything of %d parcels", n), kora: figure{median: seconds(all.least())}},
	}, failed
}

// counted takes an answer and counts it.
type counted struct {
	nowhere
	code, size int
}

func (w *counted) WriteHeader(code int)        { w.code = code }
func (w *counted) Write(p []byte) (int, error) { w.size += len(p); return len(p), nil }

const pageSQL = `
	SELECT json_build_object('type', 'FeatureCollection', 'features', json_agg(json_build_object('type', 'Feature', 'id', id,
		'geometry', ST_AsGeoJSON(geom, 15)::json, 'properties', json_build_object('number', number, 'name', name, 'county', county, 'address', address,
			'use', json_build_object('code', use_code, 'scheme', '2023'), 'uses', uses, 'status', status, 'area_m2', area_m2, 'far', far, 'price', price,
			'supply', supply, 'term_years', term_years, 'altitude_m', altitude_m, 'facilities', facilities, 'sample', sample))))::text
	FROM (SELECT * FROM land WHERE number > $1 ORDER BY number LIMIT 100) AS page`

func (b *bench) paging(ctx context.Context, r *record, keeper *atlas.Keeper) ([]row, error) {
	h := api.New(api.Config{Keeper: keeper, Record: r, StaffToken: "bench", Version: "bench", Log: slog.New(slog.DiscardHandler), Now: time.Now, Web: fstest.MapFS{}})
	var failed error
	bytes := 0
	read := func(path string) {
		w := &counted{nowhere: nowhere{http.Header{}}}
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		if w.code != http.StatusOK {
			failed = errors.Join(failed, fmt.Errorf("%s: %d", path, w.code))
		}
		bytes = w.size
	}
	cursors, err := cursors(h, 400)
	if err != nil {
		return nil, err
	}
	numbers := keeper.Atlas().Parcels
	kept := &meter{cpu: ownTime, work: func(int) { read("/v1/parcels?limit=100&facets=false") }}
	i := 0
	fresh := &meter{cpu: ownTime, work: func(int) {
		i++
		read("/v1/parcels?limit=100&facets=false&cursor=" + url.QueryEscape(cursors[i%len(cursors)]))
	}}
	j := 0
	pg := &meter{cpu: func() time.Duration { return backendTime(int(b.db.conn.PgConn().PID())) }, work: func(int) {
		j++
		var text string
		failed = errors.Join(failed, b.db.conn.QueryRow(ctx, pageSQL, numbers[j*997%(len(numbers)-200)].Number).Scan(&text))
	}}
	measure(9, 300*time.Millisecond, kept, fresh, pg)
	rival := []rival{{who: "PostGIS", seconds: pg.least()}}
	return []row{
		{work: "a page whose parcels were asked for before", kora: figure{median: seconds(kept.least())}, rivals: rival, note: fmt.Sprintf("%d kB", bytes>>10)},
		{work: "pages one after the other, of 400", kora: figure{median: seconds(fresh.least())}, rivals: rival},
	}, failed
}

// cursors are the ways to the pages after the first.
func cursors(h http.Handler, pages int) (all []string, err error) {
	next := ""
	for range pages {
		path := "/v1/parcels?limit=100&facets=false"
		if next != "" {
			path += "&cursor=" + url.QueryEscape(next)
		}
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		var answer struct {
			Next string `json:"next"`
		}
		if err := json.Unmarshal(w.Body.Bytes(), &answer); err != nil || answer.Next == "" {
			return nil, fmt.Errorf("%s: %d without a next page (%w)", path, w.Code, err)
		}
		next = answer.Next
		all = append(all, next)
	}
	return all, nil
}

// importing takes a file of parcels in: Kora with all its checks, ogr2ogr with none.
func (b *bench) importing(ctx context.Context) error {
	path := filepath.Join(b.dir, "land.geojson")
	if err := writeLand(path, land.Parcels(hundredThousand)); err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	cfg, err := pgxpool.ParseConfig(b.db.cluster.ConnString())
	if err != nil {
		return err
	}
	s, err := store.Open(ctx, cfg, "", slog.New(slog.DiscardHandler))
	if err != nil {
		return err
	}
	defer s.Close()
	var ours, theirs []float64
	var reading float64
	for round := range 3 {
		say("importing %d parcels, round %d", hundredThousand, round+1)
		if _, err := s.Pool().Exec(ctx, `TRUNCATE parcel, change_log`); err != nil {
			return err
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		feed := func(ctx context.Context, take func(int, *kora.Parcel) error) error {
			batch, err := importers.EachParcel(ctx, "land.geojson", f, s, importers.ParcelOptions{}, func(item importers.Item[kora.Parcel]) error {
				return take(item.Line, &item.Value)
			})
			if err != nil || len(batch.Faults) > 0 {
				return fmt.Errorf("read: %w %v", err, batch.Faults)
			}
			return nil
		}
		began := time.Now()
		if err := feed(ctx, func(int, *kora.Parcel) error { return nil }); err != nil {
			return err
		}
		reading = time.Since(began).Seconds()
		if _, err := f.Seek(0, io.SeekStart); err != nil {
			return err
		}
		began, counts := time.Now(), kora.Counts{}
		err = s.TakeParcels(ctx, kora.Author{Who: "bench"}, feed, func(l *store.Lot[kora.Parcel]) error {
			for i := range l.Trials {
				l.Trials[i].Count(&counts)
			}
			return nil
		}, func() bool { return true })
		f.Close()
		if err != nil || counts.Added != hundredThousand {
			return fmt.Errorf("import: %w %+v", err, counts)
		}
		ours = append(ours, time.Since(began).Seconds())

		began = time.Now()
		cmd := exec.CommandContext(ctx, "ogr2ogr", "-f", "PostgreSQL", fmt.Sprintf("PG:host=%s port=%d user=postgres dbname=%s", cfg.ConnConfig.Host, cfg.ConnConfig.Port, cfg.ConnConfig.Database), path, "-nln", "foreign_land", "-overwrite", "-nlt", "MULTIPOLYGON", "-lco", "GEOMETRY_NAME=geom")
		cmd.Env = append(os.Environ(), "PG_USE_COPY=YES", "OGR_GEOJSON_MAX_OBJ_SIZE=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			b.miss("ogr2ogr: %v: %s", err, lastLines(string(out)))
			break
		}
		theirs = append(theirs, time.Since(began).Seconds())
	}
	r := row{work: fmt.Sprintf("%d parcels from GeoJSON of %d MB into the record", hundredThousand, info.Size()>>20), kora: figure{median: seconds(median(ours))},
		note: fmt.Sprintf("reading and checking the file alone %s", short(seconds(reading)))}
	if len(theirs) > 0 {
		r.rivals = []rival{{who: "ogr2ogr", seconds: median(theirs), about: "ogr2ogr: by COPY into a table of its own with an index on the shapes; it checks nothing, and keeps neither history nor change log"}}
	}
	b.tables = append(b.tables, table{title: "A file on its way in, wall time", rows: []row{r}})
	return nil
}

// writeLand writes parcels as /v1/parcels prints them, coordinates to a centimetre.
func writeLand(path string, parcels []*kora.Parcel) error {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	_, _ = w.WriteString(`{"type":"FeatureCollection","features":[`) // errors of w come with Flush
	for i, p := range parcels {
		if i > 0 {
			_, _ = w.WriteString(",\n")
		}
		for _, polygon := range p.Geometry {
			for _, ring := range polygon {
				for k := range ring {
					ring[k][0], ring[k][1] = math.Round(ring[k][0]*1e7)/1e7, math.Round(ring[k][1]*1e7)/1e7
				}
			}
		}
		b, err := json.Marshal(map[string]any{"type": "Feature", "geometry": map[string]any{"type": "MultiPolygon", "coordinates": p.Geometry},
			"properties": map[string]any{"number": p.Number, "name": p.Name, "address": p.Address, "county": p.County, "use": p.Use, "status": p.Status, "supply": p.Supply,
				"far": p.FAR, "altitude_m": p.AltitudeM, "term_years": p.TermYears, "facilities": p.Facilities, "sample": p.Sample}})
		if err != nil {
			return errors.Join(err, f.Close())
		}
		_, _ = w.Write(b)
	}
	_, _ = w.WriteString(`]}`)
	return errors.Join(w.Flush(), f.Close())
}
