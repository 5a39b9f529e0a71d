package api_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb/encoding/ewkb"

	"kora"
	"kora/api"
	"kora/atlas"
	"kora/atlas/atlastest"
	"kora/bench/land"
	"kora/store/cluster/clustertest"
)

func landSizes() []int {
	if testing.Short() {
		return []int{100_000}
	}
	return []int{100_000, 1_000_000}
}

// landTable copies parcels to a table of PostGIS, plain columns all, indexed by number.
func landTable(b *testing.B, parcels []*kora.Parcel) *pgx.Conn {
	b.Helper()
	conn, err := pgx.Connect(b.Context(), clustertest.Database(b))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = conn.Close(context.Background()) })
	run := func(sql string) {
		if _, err := conn.Exec(b.Context(), sql); err != nil {
			b.Fatal(err)
		}
	}
	run(`CREATE TABLE raw (id bigint, number text, name jsonb, county text, address jsonb, use_code text, status text, supply text, area_m2 float8,
		far jsonb, price jsonb, term_years int, altitude_m float8, facilities text[], uses jsonb, sample boolean, shape bytea)`)
	columns := []string{"id", "number", "name", "county", "address", "use_code", "status", "supply", "area_m2", "far", "price", "term_years", "altitude_m", "facilities", "uses", "sample", "shape"}
	_, err = conn.CopyFrom(b.Context(), pgx.Identifier{"raw"}, columns, pgx.CopyFromSlice(len(parcels), func(i int) ([]any, error) {
		p := parcels[i]
		shape, err := ewkb.Marshal(p.Geometry, kora.SRID)
		return []any{p.ID, p.Number, p.Name, p.County, p.Address, p.Use.Code, string(p.Status), p.Supply, p.AreaM2, p.FAR, p.Price, p.TermYears, p.AltitudeM,
			p.Facilities, p.Uses, p.Sample, shape}, err
	}))
	if err != nil {
		b.Fatal(err)
	}
	run(`CREATE TABLE land AS SELECT *, ST_GeomFromEWKB(shape) AS geom, (far->>'max')::float8 AS far_max FROM raw`)
	run(`DROP TABLE raw`)
	run(`ALTER TABLE land DROP COLUMN shape`)
	run(`CREATE INDEX ON land (number)`)
	run(`VACUUM ANALYZE land`)
	run(`SET jit = off`)
	run(`SET max_parallel_workers_per_gather = 0`) // one thread each
	return conn
}

// middle is the median of some runs.
func middle(b *testing.B, runs int, work func()) time.Duration {
	b.Helper()
	var took []time.Duration
	for range runs {
		began := time.Now()
		work()
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	return took[runs/2]
}

// BenchmarkFacets counts options of three attributes, exact and disjunctive, under two ranges and two selections, and all
// options and histograms that /v1/parcels tells; PostgreSQL counts the same options by GROUPING SETS in one pass.
func BenchmarkFacets(b *testing.B) {
	for _, n := range landSizes() {
		parcels := land.Parcels(n)
		record := atlastest.Town(b)
		record.Parcels = map[int64]*kora.Parcel{}
		for _, p := range parcels {
			record.Parcels[p.ID] = p
		}
		a := atlastest.Open(b, record).Atlas()
		conn := landTable(b, parcels)
		const lowArea, highArea, lowFAR, highFAR = 33_000, 45_000, 1.0, 3.0
		low, high, lowF, highF := float64(lowArea), float64(highArea), float64(lowFAR), float64(highFAR)
		q := atlas.ParcelQuery{Choices: map[string][]string{"county": {"540402", "540424"}, "supply": {"GP", "PM", "ZB"}},
			Ranges: map[string]atlas.Span{"area": {Min: &low, Max: &high}, "far": {Min: &lowF, Max: &highF}}}
		sql := fmt.Sprintf(`
			SELECT grouping(county, supply, status), coalesce(county, supply, status),
				CASE grouping(county, supply, status) WHEN 3 THEN count(*) FILTER (WHERE supply IN ('GP', 'PM', 'ZB'))
					WHEN 5 THEN count(*) FILTER (WHERE county IN ('540402', '540424'))
					ELSE count(*) FILTER (WHERE supply IN ('GP', 'PM', 'ZB') AND county IN ('540402', '540424')) END
			FROM land WHERE area_m2 BETWEEN %d AND %d AND far_max BETWEEN %g AND %g GROUP BY GROUPING SETS ((county), (supply), (status))`,
			lowArea, highArea, lowFAR, highFAR)
		counts := func() atlas.ParcelCounts {
			f, err := a.ParcelFilter(q)
			if err != nil {
				b.Fatal(err)
			}
			return f.Counts(q.Choices, "county", "supply", "status")
		}
		ours := map[string]int{}
		for _, f := range counts().Facets {
			for _, o := range f.Options {
				ours[o.Value] = o.Count
			}
		}
		theirs := map[string]int{}
		ask := func() {
			rows, err := conn.Query(b.Context(), sql)
			if err != nil {
				b.Fatal(err)
			}
			var set, count int
			var value string
			clear(theirs)
			if _, err := pgx.ForEachRow(rows, []any{&set, &value, &count}, func() error {
				if value == "540422" {
					value = "540481"
				}
				theirs[value] = count
				return nil
			}); err != nil {
				b.Fatal(err)
			}
		}
		ask()
		maps.DeleteFunc(ours, func(v string, count int) bool { return count == 0 && theirs[v] == 0 })
		if !maps.Equal(ours, theirs) {
			b.Fatalf("%v, PostgreSQL %v", ours, theirs)
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			began, used := time.Now(), cpu(b)
			for b.Loop() {
				counts()
			}
			mean := time.Since(began) / time.Duration(b.N)
			b.ReportMetric(float64((cpu(b)-used).Nanoseconds())/float64(b.N)/1e6, "cpu-ms")
			pg := middle(b, 5, ask)
			b.ReportMetric(pg.Seconds()*1000, "pg-ms")
			b.ReportMetric(float64(pg)/float64(mean), "times-pg")
			b.ReportMetric(float64(len(ours)), "options")
		})
		b.Run(fmt.Sprint(n, "/everything"), func(b *testing.B) {
			used := cpu(b)
			for b.Loop() {
				f, _ := a.ParcelFilter(q)
				f.Counts(q.Choices)
			}
			b.ReportMetric(float64((cpu(b)-used).Nanoseconds())/float64(b.N)/1e6, "cpu-ms")
		})
	}
}

// A sink counts an answer.
type sink struct {
	header     http.Header
	code, size int
}

func (s *sink) Header() http.Header         { return s.header }
func (s *sink) WriteHeader(code int)        { s.code = code }
func (s *sink) Write(b []byte) (int, error) { s.size += len(b); return len(b), nil }

// BenchmarkParcelPage answers with 100 parcels: over the whole handler with features that were written before, and with pages that
// nobody asked for yet; PostGIS writes the same page as JSON.
func BenchmarkParcelPage(b *testing.B) {
	const n = 100_000
	parcels := land.Parcels(n)
	record := atlastest.Town(b)
	record.Parcels = map[int64]*kora.Parcel{}
	for _, p := range parcels {
		record.Parcels[p.ID] = p
	}
	keeper := atlastest.Open(b, record)
	h := api.New(api.Config{Keeper: keeper, Record: record, StaffToken: token, Log: slog.New(slog.DiscardHandler), Now: func() time.Time { return noon }, Web: fstest.MapFS{}})
	conn := landTable(b, parcels)
	size := 0
	read := func(path string) {
		w := &sink{header: http.Header{}}
		h.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
		if w.code != http.StatusOK {
			b.Fatal(w.code)
		}
		size = w.size
	}
	after := func(i int) string { return keeper.Atlas().Parcels[i*997%(n-200)].Number }
	const sql = `
		SELECT json_build_object('type', 'FeatureCollection', 'features', json_agg(json_build_object('type', 'Feature', 'id', id,
			'geometry', ST_AsGeoJSON(geom, 15)::json, 'properties', json_build_object('number', number, 'name', name, 'county', county, 'address', address,
				'use', json_build_object('code', use_code, 'scheme', '2023'), 'uses', uses, 'status', status, 'area_m2', area_m2, 'far', far, 'price', price,
				'supply', supply, 'term_years', term_years, 'altitude_m', altitude_m, 'facilities', facilities, 'sample', sample))))::text
		FROM (SELECT * FROM land WHERE number > $1 ORDER BY number LIMIT 100) AS page`
	i := 0
	pg := middle(b, 50, func() {
		i++
		var text string
		if err := conn.QueryRow(b.Context(), sql, after(i)).Scan(&text); err != nil {
			b.Fatal(err)
		}
	})
	for name, path := range map[string]func(i int) string{
		"kept": func(int) string { return "/v1/parcels?limit=100&facets=false" },
		"new": func(i int) string {
			return "/v1/parcels?limit=100&facets=false&cursor=" + api.CursorOf("number", &atlas.ParcelMark{Number: after(i)})
		},
	} {
		b.Run(name, func(b *testing.B) {
			i, began, used := 0, time.Now(), cpu(b)
			for b.Loop() {
				i++
				read(path(i))
			}
			mean := time.Since(began) / time.Duration(b.N)
			b.ReportMetric(float64((cpu(b)-used).Nanoseconds())/float64(b.N)/1e6, "cpu-ms")
			b.ReportMetric(pg.Seconds()*1000, "pg-ms")
			b.ReportMetric(float64(pg)/float64(mean), "times-pg")
			b.ReportMetric(float64(size), "B")
		})
	}
}

// cpu is the time that this process had of processors.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
