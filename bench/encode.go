package main

import (
	"context"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paulmach/orb"
	orbmvt "github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"

	"kora"
	"kora/tiles/mvt"
)

// The rivals of the encoder are orb's own way of a tile and ST_AsMVT. They draw the same rows with the same attributes.

// A servedParcel has the attributes that Kora's own tiles carry; see tiles/parcels.go.
type servedParcel struct{ use, status, area int64 }

func served(p *kora.Parcel) servedParcel {
	use, _ := strconv.ParseInt(p.Use.Code[:2], 10, 64)
	return servedParcel{use, int64(slices.Index(kora.ParcelStatuses(), p.Status)), int64(math.Round(p.AreaM2/100)) * 100}
}

// asServed is ST_AsMVT for what Kora serves at zooms with labels: outlines, and a point in each parcel.
const asServed = `SELECT (SELECT ST_AsMVT(t, 'parcels', 4096, 'g', 'id') FROM (
		SELECT id, number, use, status, area_m2, sample, ST_AsMVTGeom(g, ST_TileEnvelope($1, $2, $3), 4096, 256) AS g
		FROM land WHERE g && ST_TileEnvelope($1, $2, $3, margin => 256.0 / 4096)) t WHERE g IS NOT NULL)` + labels

const labels = ` || (SELECT ST_AsMVT(t, 'labels', 4096, 'g', 'id') FROM (
		SELECT id, number, use, status, area_m2, sample, name_zh, ST_AsMVTGeom(middle, ST_TileEnvelope($1, $2, $3), 4096, 256) AS g
		FROM land WHERE middle && ST_TileEnvelope($1, $2, $3, margin => 256.0 / 4096)) t WHERE g IS NOT NULL)`

// asTen is ST_AsMVT for outlines with ten attributes.
const asTen = `SELECT ST_AsMVT(t, 'parcels', 4096, 'g', 'id') FROM (
	SELECT id, number, county, use_code, status_word, supply, area, far, altitude, term, sample, ST_AsMVTGeom(g, ST_TileEnvelope($1, $2, $3), 4096, 256) AS g
	FROM land WHERE g && ST_TileEnvelope($1, $2, $3, margin => 256.0 / 4096)) t WHERE g IS NOT NULL`

// servedSQL is asServed, without labels at zooms that have none.
func servedSQL(z maptile.Zoom) string {
	if z < 13 {
		return strings.TrimSuffix(asServed, labels)
	}
	return asServed
}

// The closed lists of the ten attributes.
var (
	statuses, supplies = kora.ParcelStatuses(), kora.SupplyModes()
	statusWords        = words(statuses)
	supplyWords        = words(supplies)
	trueWords          = mvt.NewDictionary(mvt.Bool(true)) // all of the generated parcels are samples
)

func words[S ~string](list []S) *mvt.Dictionary {
	values := make([]mvt.Value, len(list))
	for i, w := range list {
		values[i] = mvt.String(string(w))
	}
	return mvt.NewDictionary(values...)
}

// ten draws the outlines with ten attributes by the encoder.
func (f *field) ten(e *mvt.Encoder, t maptile.Tile) []byte {
	e.Begin(t)
	e.Layer("parcels")
	number, county, use, status, supply := e.Key("number"), e.Key("county"), e.Key("use_code"), e.Column("status_word", statusWords), e.Column("supply", supplyWords)
	area, far, altitude, term, sample := e.Key("area"), e.Key("far"), e.Key("altitude"), e.Key("term"), e.Column("sample", trueWords)
	table := f.atlas.ParcelTable()
	table.Shapes().In(mvt.Reach(t), func(row uint32) {
		p := table.At(row)
		if !e.Feature(uint64(p.ID), table.Shapes().Shape(row)) {
			return
		}
		e.Own(number, mvt.String(p.Number))
		e.Tag(county, mvt.String(p.County))
		e.Tag(use, mvt.String(p.Use.Code))
		e.Code(status, uint32(slices.Index(statuses, p.Status)))
		e.Code(supply, uint32(slices.Index(supplies, p.Supply)))
		e.Tag(area, mvt.Double(p.AreaM2))
		e.Tag(far, mvt.Double(*p.FAR.Max))
		e.Tag(altitude, mvt.Double(p.AltitudeM))
		e.Tag(term, mvt.Int(int64(p.TermYears)))
		e.Code(sample, 0)
	})
	return e.Bytes()
}

// within gives the parcels that touch a tile with its buffer, which orb has no index for.
func (f *field) within(t maptile.Tile) (list []*kora.Parcel) {
	f.shapes().In(mvt.Reach(t), func(row uint32) { list = append(list, f.atlas.ParcelTable().At(row)) })
	return list
}

// orbTen is the way of a tile with ten attributes through orb.
func orbTen(list []*kora.Parcel, t maptile.Tile) ([]byte, error) {
	fc := geojson.NewFeatureCollection()
	for _, p := range list {
		f := geojson.NewFeature(orb.Clone(p.Geometry))
		f.ID = float64(p.ID)
		f.Properties = geojson.Properties{"number": p.Number, "county": p.County, "use_code": p.Use.Code, "status_word": string(p.Status),
			"supply": string(p.Supply), "area": p.AreaM2, "far": *p.FAR.Max, "altitude": p.AltitudeM, "term": p.TermYears, "sample": p.Sample}
		fc.Append(f)
	}
	return orbTile(t, orbmvt.NewLayer("parcels", fc))
}

// orbServed is the way of what Kora serves through orb.
func orbServed(list []*kora.Parcel, t maptile.Tile) ([]byte, error) {
	outlines, points := geojson.NewFeatureCollection(), geojson.NewFeatureCollection()
	for _, p := range list {
		s := served(p)
		f := geojson.NewFeature(orb.Clone(p.Geometry))
		f.ID = float64(p.ID)
		f.Properties = geojson.Properties{"number": p.Number, "use": s.use, "status": s.status, "area_m2": s.area, "sample": p.Sample}
		outlines.Append(f)
		if t.Z < 13 {
			continue
		}
		f = geojson.NewFeature(p.Geometry.Bound().Center())
		f.ID = float64(p.ID)
		f.Properties = geojson.Properties{"number": p.Number, "use": s.use, "status": s.status, "area_m2": s.area, "sample": p.Sample, "name_zh": p.Name.ZH}
		points.Append(f)
	}
	if t.Z < 13 {
		return orbTile(t, orbmvt.NewLayer("parcels", outlines))
	}
	return orbTile(t, orbmvt.NewLayer("parcels", outlines), orbmvt.NewLayer("labels", points))
}

func orbTile(t maptile.Tile, layers ...*orbmvt.Layer) ([]byte, error) {
	all := orbmvt.Layers(layers)
	all.ProjectToTile(t)
	all.Clip(orb.Bound{Min: orb.Point{-mvt.Buffer, -mvt.Buffer}, Max: orb.Point{mvt.Extent + mvt.Buffer, mvt.Extent + mvt.Buffer}})
	all.RemoveEmpty(0, 0)
	for _, l := range all {
		l.Version = 2
	}
	return orbmvt.Marshal(all)
}

// encoding compares how tiles are made.
func (b *bench) encoding(ctx context.Context, generated *field) error {
	fields := []*field{generated}
	if f, err := b.real(ctx, "fr-cadastre-900.geojson", filepath.Join(b.data, "parcels", "fr-cadastre-900.geojson")); err != nil {
		b.miss("the cadastre: %v", err)
	} else {
		defer f.close()
		fields = append(fields, f)
	}
	if path, err := b.zoning(ctx); err != nil {
		b.miss("the zoning map: %v", err)
	} else if f, err := b.real(ctx, "sanjose-zoning-epsg2227.zip", path); err != nil {
		return err
	} else {
		defer f.close()
		fields = append(fields, f)
	}
	for _, f := range fields {
		if err := b.encodingOf(ctx, f); err != nil {
			return fmt.Errorf("tiles of %s: %w", f.name, err)
		}
	}
	return nil
}

func (b *bench) encodingOf(ctx context.Context, f *field) error {
	say("making tiles of %s", f.name)
	var backend int
	if b.db != nil {
		if err := f.store(ctx, b.db.conn); err != nil {
			return err
		}
		if err := b.db.conn.QueryRow(ctx, `SELECT pg_backend_pid()`).Scan(&backend); err != nil {
			return err
		}
	}
	tab := table{title: "A cold tile of " + f.name}
	var failed error
	drawn, by1 := map[string]int{}, map[string]int{}
	count := func(who string, ours, theirs []byte) error {
		all, one, err := differing(ours, theirs)
		drawn[who], by1[who] = drawn[who]+all, by1[who]+one
		return err
	}
	for _, z := range []maptile.Zoom{12, 13, 14, 15} {
		list := f.tiles(z, 40)
		rows := make([][]*kora.Parcel, len(list))
		for i, t := range list {
			rows[i] = f.within(t)
		}
		var e mvt.Encoder
		for _, c := range []struct {
			work string
			kora func(t maptile.Tile) ([]byte, error)
			orb  func(list []*kora.Parcel, t maptile.Tile) ([]byte, error)
			sql  string
		}{
			{"as served", func(t maptile.Tile) ([]byte, error) { return f.layer.Encode(f.atlas, t) }, orbServed, servedSQL(z)},
			{"outlines, ten attributes", func(t maptile.Tile) ([]byte, error) { return f.ten(&e, t), nil }, orbTen, asTen},
		} {
			postgis := func(i int) (out []byte, err error) {
				return out, b.db.conn.QueryRow(ctx, c.sql, int(list[i].Z), int(list[i].X), int(list[i].Y)).Scan(&out)
			}
			bytes, features := 0, 0
			for i, t := range list {
				ours, err := c.kora(t)
				if err != nil {
					return err
				}
				bytes += len(ours)
				features += len(rows[i])
				theirs, err := c.orb(rows[i], t)
				if err == nil {
					err = count("orb", ours, theirs)
				}
				if err == nil && b.db != nil {
					if theirs, err = postgis(i); err == nil {
						err = count("ST_AsMVT", ours, theirs)
					}
				}
				if err != nil {
					return fmt.Errorf("%v, %s: %w", t, c.work, err)
				}
			}
			own := &meter{who: "Kora", cpu: ownTime, work: func(i int) {
				if _, err := c.kora(list[i%len(list)]); err != nil {
					failed = err
				}
			}}
			orbs := &meter{who: "orb", cpu: ownTime, work: func(i int) {
				if _, err := c.orb(rows[i%len(list)], list[i%len(list)]); err != nil {
					failed = err
				}
			}}
			meters := []*meter{own, orbs}
			if b.db != nil {
				meters = append(meters, &meter{who: "ST_AsMVT", cpu: func() time.Duration { return backendTime(backend) }, work: func(i int) {
					if _, err := postgis(i % len(list)); err != nil {
						failed = err
					}
				}})
			}
			measure(9, 100*time.Millisecond, meters...)
			if failed != nil {
				return failed
			}
			r := row{work: fmt.Sprintf("z %d, %s (%d features, %.3g kB)", z, c.work, features/len(list), float64(bytes)/float64(len(list))/1e3)}
			r.kora.median = seconds(own.least())
			for _, m := range meters[1:] {
				r.rivals = append(r.rivals, rival{who: m.who, seconds: m.least()})
			}
			r.note = fmt.Sprintf("%.0f MB/s; %.0f allocations, orb %.0f", float64(bytes)/float64(len(list))/own.least()/1e6, own.allocs, orbs.allocs)
			tab.rows = append(tab.rows, r)
		}
	}
	for _, who := range []string{"orb", "ST_AsMVT"} {
		if drawn[who] > 0 {
			tab.notes = append(tab.notes, fmt.Sprintf("Kora and %s draw the same parcels, but for %.2g %% of them: slivers, and what rounding leaves of a parcel in the buffer.",
				who, 100*float64(by1[who])/float64(drawn[who])))
		}
	}
	b.tables = append(b.tables, tab)
	return nil
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// backendTime is what one thread had of a processor, to the nanosecond.
func backendTime(pid int) time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/schedstat", pid))
	if err != nil {
		return 0
	}
	first, _, _ := strings.Cut(string(b), " ")
	n, _ := strconv.ParseInt(first, 10, 64)
	return time.Duration(n)
}

// differing counts the parcels that two tiles draw, and those that only one of them does. The tests of tiles/mvt tell which
// may.
func differing(ours, theirs []byte) (all, one int, err error) {
	drawn := map[float64]int{}
	for i, tile := range [][]byte{ours, theirs} {
		layers, err := orbmvt.Unmarshal(tile)
		if err != nil {
			return 0, 0, err
		}
		for _, l := range layers {
			for _, feature := range l.Features {
				if id, ok := feature.ID.(float64); ok && l.Name == "parcels" {
					drawn[id] |= 1 << i
				}
			}
		}
	}
	for _, by := range drawn {
		if by != 3 {
			one++
		}
	}
	return len(drawn), one, nil
}
