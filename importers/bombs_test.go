package importers

import (
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"kora"
)

// What hostile files cost: each is refused, or read, within a bound of memory that has little to do with what it claims
// to hold. The bound counts live and not yet collected memory, sampled while the reader runs.
func TestBombs(t *testing.T) {
	if testing.Short() {
		t.Skip("reads files of up to 60 MB")
	}
	const mb = 1 << 20
	geo := func(properties, geometry string) string {
		return `{"type":"FeatureCollection","features":[{"type":"Feature","properties":` + properties + `,"geometry":` + geometry
	}
	areas := func(r io.Reader) error { b, err := KeyAreas("a.geojson", r); return outcome(b, err) }
	stations := func(r io.Reader) error { b, err := Stations("s.csv", r); return outcome(b, err) }
	parcels := func(r io.Reader) error {
		b, err := ParcelsTXT(t.Context(), "p.txt", r, fakeRecord{}, ParcelOptions{})
		return outcome(b, err)
	}
	notices := func(r io.Reader) error { b, err := Notices("n.json", r); return outcome(b, err) }
	const heading = "code,name,kind,lon,lat\n"
	for _, c := range []struct {
		name  string
		read  func(io.Reader) error
		head  string
		body  string
		size  int // bytes of body, repeated
		tail  string
		limit uint64 // bytes of memory
	}{
		{"coordinates by the million", areas, geo(`{"code":"A","name":"区"}`, `{"type":"Polygon","coordinates":[[[1,1]`), ",[1,1]", 40 * mb, "]]}}]}", 150 * mb},
		{"empty arrays by the million", areas, geo(`null`, `{"type":"Polygon","coordinates":[[]`), ",[]", 30 * mb, "]}}]}", 350 * mb},
		{"a position of ten million numbers", areas, geo(`null`, `{"type":"Polygon","coordinates":[[[1,1`), ",1", 20 * mb, "]]]}}]}", 100 * mb},
		{"one number of megabytes", areas, geo(`null`, `{"type":"Polygon","coordinates":[[[1,`), "9", 30 * mb, "]]]}}]}", 300 * mb},
		{"depth of millions", areas, geo(`null`, `{"type":"Polygon","coordinates":`), "[", 40 * mb, "", 50 * mb},
		{"depth of millions elsewhere", areas, `{"x":`, `{"a":`, 40 * mb, "", 50 * mb},
		{"depth of millions in properties", areas, `{"type":"Feature","properties":`, "[", 40 * mb, "", 50 * mb},
		{"wide properties", areas, `{"type":"Feature","properties":{"a":[[]`, ",[]", 40 * mb, "]}}", 350 * mb},
		{"features that are none", areas, `{"type":"FeatureCollection","features":[0`, ",0", 40 * mb, "]}", 50 * mb},
		{"members by the million", areas, `{"a":0`, `,"a":0`, 40 * mb, "}", 50 * mb},
		{"a string without end", areas, `{"x":"`, "x", 60 * mb, "", 400 * mb},
		{"cells by the million", stations, heading, ",", 40 * mb, "\n", 400 * mb},
		{"lines in one cell", stations, heading + "A,\"", "x\n", 40 * mb, "", 400 * mb},
		{"cells over lines", stations, heading + "\"a", "\n\",\"", 40 * mb, "\"\n", 400 * mb},
		{"rows that are wrong", stations, heading, "A,x,x,x,x\n", 40 * mb, "", 400 * mb},
		{"rows without end", stations, heading, "", 0, "", 600 * mb}, // filled in below
		{"a table over 50 MB", stations, heading, "A,x,x,x,x\n", 60 * mb, "", 400 * mb},
		{"Han without end", stations, "", "\xd6\xd0", 40 * mb, "", 600 * mb},
		{"corners without end", parcels, surveyHead + "1,1,A,甲,面,,,1001,@\n", "J,1,3282000,31630000\n", 45 * mb, "", 500 * mb},
		{"corners that are none", parcels, surveyHead + "1,1,A,甲,面,,,1001,@\n", "x\n", 40 * mb, "", 400 * mb},
		{"parcels without corners", parcels, surveyHead, "1,1,A,甲,面,,,1001,@\n", 40 * mb, "", 400 * mb},
		{"rings without end", parcels, surveyHead + "1,1,A,甲,面,,,1001,@\n",
			"J,1,3282000,31630000\nJ,1,3282100,31630000\nJ,1,3282100,31630100\nJ,2,3282000,31630000\nJ,2,3282100,31630000\nJ,2,3282100,31630100\n", 20 * mb, "", 400 * mb},
		{"attributes without end", parcels, surveyHead, ",", 40 * mb, "@\n", 400 * mb},
		{"header lines without end", parcels, "[属性描述]\n", "a=\n", 40 * mb, "", 400 * mb},
		{"elements that are none", notices, "[0", ",0", 40 * mb, "]", 50 * mb},
		{"an element of megabytes", notices, `[{"x":[0`, ",0", 40 * mb, "]}]", 350 * mb},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := io.Reader(strings.NewReader(""))
			if underRace {
				c.size /= 16
			}
			if c.size > 0 {
				body = io.LimitReader(endless(c.body), int64(c.size/len(c.body)*len(c.body)))
			}
			if c.name == "rows without end" {
				body = &rows{left: maxItems + 1_000}
			}
			start := time.Now()
			var err error
			peak := peakMemory(func() { err = c.read(io.MultiReader(strings.NewReader(c.head), body, strings.NewReader(c.tail))) })
			if kora.ReasonOf(err) == "" {
				t.Errorf("was not refused: %v", err)
			}
			if peak > c.limit {
				t.Errorf("took %d MB, limit %d MB", peak/mb, c.limit/mb)
			}
			t.Logf("%d MB, %v: %.120s", peak/mb, time.Since(start).Round(time.Millisecond), err)
		})
	}
}

// outcome is the error of a file or of its first fault.
func outcome[T any](b Batch[T], err error) error {
	if err == nil && len(b.Faults) > 0 {
		return b.Faults[0]
	}
	return err
}

// rows are stations that are all right, until they end.
type rows struct {
	n, left int
	buf     []byte
}

func (r *rows) Read(p []byte) (int, error) {
	for len(r.buf) < len(p) && r.left > 0 {
		r.n++
		r.left--
		r.buf = fmt.Appendf(r.buf, "%d,x,氧吧,1,1\n", r.n)
	}
	if len(r.buf) == 0 {
		return 0, io.EOF
	}
	n := copy(p, r.buf)
	r.buf = r.buf[n:]
	return n, nil
}

// peakMemory is how far the heap grows while f runs.
func peakMemory(f func()) uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	before, peak := m.HeapAlloc, m.HeapAlloc
	done, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		tick := time.NewTicker(5 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				runtime.ReadMemStats(&m)
				peak = max(peak, m.HeapAlloc)
			}
		}
	}()
	f()
	close(done)
	<-stopped
	return peak - before
}
