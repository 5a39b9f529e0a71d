package atlas

import (
	"fmt"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/paulmach/orb"

	"kora"
	"kora/bench/land"
	"kora/geo/flat"
)

// sizes are how many parcels to measure with.
func sizes() []int {
	if testing.Short() {
		return []int{100_000}
	}
	return []int{100_000, 1_000_000}
}

// timed runs work b.N times and reports the median and the longest time beside the mean, and what of the processors it
// took, which a busy machine does not change much.
func timed(b *testing.B, work func(i int)) {
	b.Helper()
	b.ReportAllocs()
	took := make([]time.Duration, 0, 1024)
	before := processors()
	for b.Loop() {
		begin := time.Now()
		work(len(took))
		took = append(took, time.Since(begin))
	}
	b.ReportMetric((processors()-before).Seconds()*1000/float64(len(took)), "cpu-ms")
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Nanoseconds())/1e6, "median-ms")
	b.ReportMetric(float64(took[len(took)-1].Nanoseconds())/1e6, "max-ms")
}

// processors is the time that this process had of them.
func processors() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func heap() float64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.GC()
	runtime.ReadMemStats(&m)
	return float64(m.HeapAlloc)
}

func records(n int) map[int64]*kora.Parcel {
	all := make(map[int64]*kora.Parcel, n)
	for _, p := range land.Parcels(n) {
		all[p.ID] = p
	}
	return all
}

func mustNext(b *testing.B, a *Atlas, c *kora.Changes) *Atlas {
	b.Helper()
	next, err := a.next(b.Context(), c)
	if err != nil {
		b.Fatal(err)
	}
	return next
}

// BenchmarkBuild makes the whole parcel side of the atlas from records, and tells what a parcel takes in all: record, list,
// shape and columns.
func BenchmarkBuild(b *testing.B) {
	for _, n := range sizes() {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			before := heap()
			changes := &kora.Changes{Whole: true, Parcels: records(n)}
			timed(b, func(int) { mustNext(b, empty(), changes) })
			a := mustNext(b, empty(), changes)
			changes = nil
			b.ReportMetric((heap()-before)/float64(n), "B/parcel")
			b.ReportMetric(float64(a.parcels.shapes.Bytes())/float64(n), "shape-B/parcel")
			c := a.columns
			b.ReportMetric(float64(c.Bytes())/float64(n), "columns-B/parcel")
			runtime.KeepAlive(a)
		})
	}
}

// BenchmarkOneRow makes the next atlas after a change of one parcel, one after the other, so that it meets every packing.
func BenchmarkOneRow(b *testing.B) {
	for _, n := range sizes() {
		parcels := records(n)
		first := mustNext(b, empty(), &kora.Changes{Whole: true, Parcels: parcels})
		some := func(i int) *kora.Parcel {
			p := *parcels[int64(i*7919%n)+1]
			return &p
		}
		for _, c := range []struct {
			name   string
			change func(i int) (int64, *kora.Parcel)
		}{
			{"status", func(i int) (int64, *kora.Parcel) {
				p := some(i)
				p.Status = kora.ParcelStatuses()[i%5]
				return p.ID, p
			}},
			{"shape", func(i int) (int64, *kora.Parcel) {
				p := some(i)
				p.Geometry = orb.Clone(p.Geometry).(orb.MultiPolygon)
				p.Geometry[0][0][3][0] += 1e-6 * float64(1+i%9)
				return p.ID, p
			}},
			{"new", func(i int) (int64, *kora.Parcel) {
				p := some(i)
				p.ID, p.Number = int64(n+i+1), fmt.Sprintf("%s/%d", p.Number, i)
				return p.ID, p
			}},
			{"removed", func(i int) (int64, *kora.Parcel) { return some(i).ID, nil }},
		} {
			b.Run(fmt.Sprintf("%d/%s", n, c.name), func(b *testing.B) {
				a := first
				timed(b, func(i int) {
					id, p := c.change(i)
					a = mustNext(b, a, &kora.Changes{Parcels: map[int64]*kora.Parcel{id: p}})
				})
			})
		}
		b.Run(fmt.Sprintf("%d/hundred", n), func(b *testing.B) {
			a := first
			timed(b, func(i int) {
				some100 := map[int64]*kora.Parcel{}
				for k := range 100 {
					p := some(i*100 + k)
					p.Status = kora.ParcelStatuses()[i%5]
					some100[p.ID] = p
				}
				a = mustNext(b, a, &kora.Changes{Parcels: some100})
			})
		})
	}
}

// BenchmarkFind asks for parcels.
func BenchmarkFind(b *testing.B) {
	for _, n := range sizes() {
		a := mustNext(b, empty(), &kora.Changes{Whole: true, Parcels: records(n)})
		low, high := 32_000.0, 36_000.0
		filter := ParcelQuery{Choices: map[string][]string{"use": {"10", "09"}, "status": {"ready", "promoted", "pre_announced"}},
			Ranges: map[string]Span{"area": {&low, &high}}}
		within := filter
		within.Bounds = &orb.Bound{Min: orb.Point{94.2, 29.4}, Max: orb.Point{94.22, 29.42}}
		for _, q := range []struct {
			name  string
			query ParcelQuery
		}{{"filter", filter}, {"use", ParcelQuery{Choices: map[string][]string{"use": {"10", "09"}}}}, {"bounds", within}, {"text", ParcelQuery{Text: "0004-7"}}} {
			b.Run(fmt.Sprintf("%d/%s", n, q.name), func(b *testing.B) {
				found := 0
				timed(b, func(int) {
					all, _ := a.FindParcels(q.query)
					found = len(all)
				})
				b.ReportMetric(float64(found), "found")
			})
		}
		// What a filtered tile asks: boxes of zoom 14.
		b.Run(fmt.Sprintf("%d/tile", n), func(b *testing.B) {
			const wide = flat.Extent >> 14
			x, y := flat.Project(orb.Point{94.2, 29.4}).X/wide*wide, flat.Project(orb.Point{94.2, 29.4}).Y/wide*wide
			box := flat.Box{Min: flat.Point{X: x, Y: y}, Max: flat.Point{X: x + wide, Y: y + wide}}
			rows := 0
			timed(b, func(int) {
				rows = 0
				f, _ := a.ParcelFilter(filter)
				f.In(box, func(uint32) { rows++ })
			})
			b.ReportMetric(float64(rows), "found")
		})
	}
}
