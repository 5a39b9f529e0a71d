package importers

import (
	"context"
	"math"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"kora/geo/datum"
	"kora/store/cluster/clustertest"
)

func TestMain(m *testing.M) { clustertest.Main(m) }

// postgis reprojects by ST_Transform, as the record does.
type postgis struct {
	nobody
	conn *pgx.Conn
}

func (p postgis) ToCGCS2000(ctx context.Context, srid int, points []orb.Point) ([]orb.Point, error) {
	x, y := make([]float64, len(points)), make([]float64, len(points))
	for i, at := range points {
		x[i], y[i] = at[0], at[1]
	}
	rows, err := p.conn.Query(ctx, `
		SELECT ST_X(g), ST_Y(g)
		FROM unnest($1::float8[], $2::float8[]) WITH ORDINALITY AS t(x, y, i), ST_Transform(ST_SetSRID(ST_MakePoint(x, y), $3), 4490) AS g
		ORDER BY i`, x, y, srid)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (at orb.Point, err error) {
		err = row.Scan(&at[0], &at[1])
		return at, err
	})
}

func connect(t *testing.T) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close(context.Background()) })
	return conn
}

// PostGIS judges what the reader makes of a survey: valid, of the area that was drawn, and where it was drawn.
func TestParcelsTXTInPostGIS(t *testing.T) {
	conn := connect(t)
	text, err := os.ReadFile("testdata/parcels.txt")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		text string
		srid int
	}{
		{string(text), 4519},
		{strings.ReplaceAll(string(text), ",31629", ",629"), 4540},
		{strings.NewReplacer("几度分带=3", "几度分带=6", "带号=31", "带号=16", ",31629", ",16629").Replace(string(text)), 4494},
		{strings.NewReplacer("几度分带=3", "几度分带=6", "带号=31", "带号=16", ",31629", ",629").Replace(string(text)), 4505},
	} {
		b, err := ParcelsTXT(t.Context(), "parcels.txt", strings.NewReader(c.text), postgis{conn: conn}, ParcelOptions{})
		if err != nil || len(b.Faults) > 0 || len(b.Items) != 2 {
			t.Fatalf("%+v, %v", b, err)
		}
		for i, drawn := range []float64{24000, 9000} {
			p := b.Items[i].Value
			var valid bool
			var grid, sphere, east, north float64
			err := conn.QueryRow(t.Context(), `
				SELECT ST_IsValid(g), ST_Area(ST_Transform(g, $2::int)), ST_Area(g::geography), ST_XMin(ST_Transform(g, $2::int)), ST_YMin(ST_Transform(g, $2::int))
				FROM ST_GeomFromText($1, 4490) AS g`, multiPolygonText(p.Geometry), c.srid).Scan(&valid, &grid, &sphere, &east, &north)
			if err != nil {
				t.Fatal(err)
			}
			if !valid || math.Abs(grid/drawn-1) > 1e-4 {
				t.Errorf("EPSG:%d, %s: valid %v, %.2f m² in the grid, drawn with %.0f", c.srid, p.Number, valid, grid, drawn)
			}
			// 130 km off the axis the grid is longer than the ground by 2 parts in 10,000, so the area by 4.
			if ratio := sphere / drawn; ratio > 1 || ratio < 0.999 {
				t.Errorf("EPSG:%d, %s: %.2f m² on the ellipsoid, drawn with %.0f", c.srid, p.Number, sphere, drawn)
			}
			if e := math.Mod(east, 1e6); e < 629_000 || e > 630_000 || north < 3_283_300 || north > 3_284_000 {
				t.Errorf("EPSG:%d, %s: lies at %.1f, %.1f", c.srid, p.Number, east, north)
			}
		}
	}
}

func multiPolygonText(m orb.MultiPolygon) string {
	var b strings.Builder
	b.WriteString("MULTIPOLYGON(")
	for i, poly := range m {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('(')
		for j, r := range poly {
			if j > 0 {
				b.WriteByte(',')
			}
			b.WriteByte('(')
			for k, p := range r {
				if k > 0 {
					b.WriteByte(',')
				}
				b.WriteString(decimal(p[0]) + " " + decimal(p[1]))
			}
			b.WriteByte(')')
		}
		b.WriteByte(')')
	}
	b.WriteByte(')')
	return b.String()
}

func decimal(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

// Every code that the zones give is in PostGIS's register, by its name and axis, and its false easting is that of the
// prefix.
func TestZonesAreThoseOfPostGIS(t *testing.T) {
	conn := connect(t)
	for number := 13; number <= 45; number++ {
		zone, ok := datum.ZoneByNumber(number)
		if !ok {
			continue
		}
		for _, prefixed := range []bool{true, false} {
			code, err := zone.EPSG(prefixed)
			if err != nil {
				t.Fatal(err)
			}
			var text string
			if err := conn.QueryRow(t.Context(), `SELECT srtext FROM spatial_ref_sys WHERE srid = $1`, code).Scan(&text); err != nil {
				t.Fatalf("EPSG:%d: %v", code, err)
			}
			easting := "500000"
			if prefixed {
				easting = strconv.Itoa(number) + "500000"
			}
			for _, want := range []string{
				`"CGCS2000 / `, `PARAMETER["central_meridian",` + strconv.Itoa(zone.CentralMeridian()) + `]`, `PARAMETER["false_easting",` + easting + `]`,
			} {
				if !strings.Contains(text, want) {
					t.Errorf("EPSG:%d for %+v lacks %s: %s", code, zone, want, text)
				}
			}
			if three := strings.Contains(text, "3-degree"); three != (zone.Width == 3) {
				t.Errorf("EPSG:%d for %+v: %s", code, zone, text)
			}
		}
	}
}

// The projection of these tests and PROJ's agree, so that the tests without a database are worth as much.
func TestGaussKrugerAgainstPostGIS(t *testing.T) {
	conn := connect(t)
	for _, srid := range []int{4491, 4494, 4495, 4505, 4506, 4513, 4518, 4519, 4520, 4526, 4533, 4539, 4540, 4541, 4554} {
		_, falseEasting, err := gridOf(srid)
		if err != nil {
			t.Fatal(err)
		}
		var points []orb.Point
		for _, east := range []float64{-250_000, -130_000.123, 0, 77_777.7, 290_000} {
			for _, north := range []float64{2_000_000, 3_282_089.321, 5_900_000} {
				points = append(points, orb.Point{falseEasting + east, north})
			}
		}
		want, err := postgis{conn: conn}.ToCGCS2000(t.Context(), srid, points)
		if err != nil {
			t.Fatal(err)
		}
		got, err := gaussKruger{}.ToCGCS2000(t.Context(), srid, points)
		if err != nil {
			t.Fatal(err)
		}
		for i := range got {
			if d := metresApart(got[i], want[i]); d > 0.001 {
				t.Errorf("EPSG:%d %v: %v here, %v in PostGIS, %.4f m apart", srid, points[i], got[i], want[i], d)
			}
		}
	}
}
