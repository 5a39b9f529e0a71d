package importers

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"hash/crc32"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/unicode"

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
	table := func(r io.Reader) error {
		b, err := ParcelsTable(t.Context(), "p.csv", r, fakeRecord{}, ParcelOptions{})
		return outcome(b, err)
	}
	geoParcels := func(r io.Reader) error {
		b, err := ParcelsGeoJSON(t.Context(), "p.geojson", r, fakeRecord{}, ParcelOptions{})
		return outcome(b, err)
	}
	market := func(r io.Reader) error {
		b, err := LandMarket(t.Context(), "p.json", r, everybody{}, ParcelOptions{})
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
		{"empty arrays by the million", areas, geo(`null`, `{"type":"Polygon","coordinates":[[]`), ",[]", 30 * mb, "]}}]}", 256 * mb},
		{"a position of ten million numbers", areas, geo(`null`, `{"type":"Polygon","coordinates":[[[1,1`), ",1", 20 * mb, "]]]}}]}", 100 * mb},
		{"one number of megabytes", areas, geo(`null`, `{"type":"Polygon","coordinates":[[[1,`), "9", 30 * mb, "]]]}}]}", 256 * mb},
		{"depth of millions", areas, geo(`null`, `{"type":"Polygon","coordinates":`), "[", 40 * mb, "", 50 * mb},
		{"depth of millions elsewhere", areas, `{"x":`, `{"a":`, 40 * mb, "", 50 * mb},
		{"depth of millions in properties", areas, `{"type":"Feature","properties":`, "[", 40 * mb, "", 50 * mb},
		{"wide properties", areas, `{"type":"Feature","properties":{"a":[[]`, ",[]", 40 * mb, "]}}", 256 * mb},
		{"features that are none", areas, `{"type":"FeatureCollection","features":[0`, ",0", 40 * mb, "]}", 50 * mb},
		{"members by the million", areas, `{"a":0`, `,"a":0`, 40 * mb, "}", 50 * mb},
		{"a string without end", areas, `{"x":"`, "x", 60 * mb, "", 256 * mb},
		{"cells by the million", stations, heading, ",", 40 * mb, "\n", 256 * mb},
		{"lines in one cell", stations, heading + "A,\"", "x\n", 40 * mb, "", 256 * mb},
		{"cells over lines", stations, heading + "\"a", "\n\",\"", 40 * mb, "\"\n", 256 * mb},
		{"rows that are wrong", stations, heading, "A,x,x,x,x\n", 40 * mb, "", 256 * mb},
		{"rows without end", stations, heading, "", 0, "", 256 * mb}, // filled in below
		{"a table over 50 MB", stations, heading, "A,x,x,x,x\n", 60 * mb, "", 256 * mb},
		{"Han without end", stations, "", "\xd6\xd0", 40 * mb, "", 256 * mb},
		{"corners without end", parcels, surveyHead + "1,1,A,甲,面,,,1001,@\n", "J,1,3282000,31630000\n", 45 * mb, "", 256 * mb},
		{"corners that are none", parcels, surveyHead + "1,1,A,甲,面,,,1001,@\n", "x\n", 40 * mb, "", 256 * mb},
		{"parcels without corners", parcels, surveyHead, "1,1,A,甲,面,,,1001,@\n", 40 * mb, "", 256 * mb},
		{"rings without end", parcels, surveyHead + "1,1,A,甲,面,,,1001,@\n",
			"J,1,3282000,31630000\nJ,1,3282100,31630000\nJ,1,3282100,31630100\nJ,2,3282000,31630000\nJ,2,3282100,31630000\nJ,2,3282100,31630100\n", 20 * mb, "", 256 * mb},
		{"attributes without end", parcels, surveyHead, ",", 40 * mb, "@\n", 256 * mb},
		{"header lines without end", parcels, "[属性描述]\n", "a=\n", 40 * mb, "", 256 * mb},
		{"two million corners of one ring", parcels, surveyHead + "1,1,A,甲,面,,,1001,@\nJ0,1,3282500,31630500\n", "J,1,3282000.5,31630000.5\nJ,1,3282100,31630000\n", 48 * mb, "", 256 * mb},
		{"parcels with two thousand corners", parcels, surveyHead, "1,,A,甲,面,,,1001,@\n" + strings.Repeat("J,1,3282000,31630000\nJ,1,3282100,31630000\nJ,1,3282100,31630100\n", 700), 45 * mb, "", 256 * mb},
		{"a line without end", parcels, surveyHead, "J", 45 * mb, "", 256 * mb},
		{"corners in UTF-16", parcels, utf16(t, unicode.LittleEndian, surveyHead+"1,1,A,甲,面,,,1001,@\n"), "J\x00,\x001\x00\n\x00", 45 * mb, "", 256 * mb},
		{"corners in degrees", parcels, surveyHead + "1,1,A,甲,面,,,1001,@\n", "J,1,29,94\n", 45 * mb, "", 256 * mb},
		{"ten million vertices", geoParcels, geo(`null`, `{"type":"Polygon","coordinates":[[[1,1]`), ",[1,1]", 49 * mb, "]]}}]}", 256 * mb},
		{"ten million vertices in features", geoParcels, `{"type":"FeatureCollection","features":[0`,
			`,{"type":"Feature","properties":null,"geometry":{"type":"Polygon","coordinates":[[[1,1]` + strings.Repeat(",[1,1]", 50_000) + `]]}}`, 49 * mb, "]}", 256 * mb},
		{"features without end", geoParcels, `{"type":"FeatureCollection","features":[0`, `,{"type":"Feature","properties":{"number":"a"}}`, 48 * mb, "]}", 256 * mb},
		{"nested collections", geoParcels, geo(`null`, `{"type":"GeometryCollection","geometries":[0`), `,{"type":"GeometryCollection","geometries":[]}`, 48 * mb, "]}}]}", 256 * mb},
		{"outlines without end", table, "地块编号,坐标\n", "A,\"1,1;2,2;3,3" + strings.Repeat(";1,1", 60_000) + "\"\n", 48 * mb, "", 256 * mb},
		{"rows of unknown parcels", table, "地块编号,地块名称\n", "A,甲\n", 48 * mb, "", 256 * mb},
		{"rows of totals", table, "地块编号,地块名称\n", "合计,\n", 48 * mb, "", 256 * mb},
		{"records of the market", market, "[0", `,{"idnumber":"A","use":"工业用地"}`, 48 * mb, "]", 256 * mb},
		{"arrays one after the other", market, "", "[]", 48 * mb, "x", 256 * mb},
		{"elements that are none", notices, "[0", ",0", 40 * mb, "]", 50 * mb},
		{"an element of megabytes", notices, `[{"x":[0`, ",0", 40 * mb, "]}]", 256 * mb},
	} {
		t.Run(c.name, func(t *testing.T) {
			body := io.Reader(strings.NewReader(""))
			// Sixteen times less is enough to be refused under the race detector, but for corners, which are by their number alone. What
			// these take of memory is then told by a run without it: it collects so late that half as much again lies about.
			whole := underRace && c.name == "two million corners of one ring"
			if underRace && !whole {
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
			if kora.ReasonOf(err) == "" && c.name != "rows of totals" {
				t.Errorf("was not refused: %v", err)
			}
			if peak > c.limit && !whole {
				t.Errorf("took %d MB, limit %d MB", peak/mb, c.limit/mb)
			}
			t.Logf("%d MB, %v: %.120s", peak/mb, time.Since(start).Round(time.Millisecond), err)
		})
	}
}

// A workbook may unpack to a thousand times its size, or say that it does not.
func TestWorkbookBombs(t *testing.T) {
	if testing.Short() {
		t.Skip("packs some 500 MB")
	}
	const mb = 1 << 20
	book := sheetOf(t, smallTable, nil)
	const head, end = `<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>`, `</sheetData></worksheet>`
	const sheet, strs = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
	for _, c := range []struct {
		name, part, head, body string
		size                   int
		tail                   string
		lie                    uint64 // what the archive says of the size; 0 for the truth
	}{
		{"a sheet of a gigabyte", sheet, head, "<row/>", 200 * mb, end, 0},
		{"a sheet that says it is small", sheet, head, "<row/>", 60 * mb, end, 1000},
		{"rows without end", sheet, head, "<row/>", 100 * mb, end, 0},
		{"rows of blanks", sheet, head, "<row><c/><c/></row>", 100 * mb, end, 0},
		{"cells without end", sheet, head + "<row>", "<c/>", 100 * mb, "</row>" + end, 0},
		{"formulas without end", sheet, head, "<row><c><f>1</f></c></row>", 100 * mb, end, 0},
		{"dates without end", sheet, head, `<row><c s="1"><v>1</v></c></row>`, 40 * mb, end, 0},
		{"a text without end", sheet, head + `<row><c t="str"><v>`, "xxxxxxxx", 100 * mb, "</v></c></row>" + end, 0},
		{"attributes without end", sheet, head + "<row ", `a="" `, 100 * mb, "/>" + end, 0},
		{"elements within each other", sheet, head, "<row>", 100 * mb, "", 0},
		{"merged cells", sheet, head + "</sheetData><mergeCells>", `<mergeCell ref="A1:B2"/>`, 50 * mb, "</mergeCells></worksheet>", 0},
		{"texts of a gigabyte", strs, "<sst>", "<si><t>x</t></si>", 100 * mb, "</sst>", 0},
		{"texts by the million", strs, "<sst>", "<si><t>x</t></si>", 15 * mb, "</sst>", 0},
		{"texts without anything", strs, "<sst>", "<si/>", 15 * mb, "</sst>", 0},
		{"formats without end", "xl/styles.xml", `<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><cellXfs>`, "<xf/>", 2*mb - 1000, "</cellXfs></styleSheet>", 0},
		{"names without end", "xl/workbook.xml", `<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheets>`, "<sheet/>", 2*mb - 1000, "</sheets></workbook>", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			if underRace {
				c.size /= 16
			}
			var packed bytes.Buffer
			out := zip.NewWriter(&packed)
			in, err := zip.NewReader(strings.NewReader(book), int64(len(book)))
			if err != nil {
				t.Fatal(err)
			}
			for _, f := range in.File {
				if f.Name != c.part {
					if err := out.Copy(f); err != nil {
						t.Fatal(err)
					}
				}
			}
			var deflated bytes.Buffer
			d, err := flate.NewWriter(&deflated, flate.BestSpeed)
			if err != nil {
				t.Fatal(err)
			}
			sum := crc32.NewIEEE()
			n, err := io.Copy(io.MultiWriter(d, sum), io.MultiReader(strings.NewReader(c.head),
				io.LimitReader(endless(c.body), int64(c.size/len(c.body)*len(c.body))), strings.NewReader(c.tail)))
			if err != nil {
				t.Fatal(err)
			}
			if err := d.Close(); err != nil {
				t.Fatal(err)
			}
			h := &zip.FileHeader{Name: c.part, Method: zip.Deflate, CRC32: sum.Sum32(), CompressedSize64: uint64(deflated.Len()), UncompressedSize64: uint64(n)}
			if c.lie > 0 {
				h.UncompressedSize64 = c.lie
			}
			w, err := out.CreateRaw(h)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := deflated.WriteTo(w); err != nil {
				t.Fatal(err)
			}
			if err := out.Close(); err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			peak := peakMemory(func() {
				var b Batch[kora.Parcel]
				b, err = ParcelsTable(t.Context(), "p.xlsx", bytes.NewReader(packed.Bytes()), everybody{}, ParcelOptions{})
				err = outcome(b, err)
			})
			if err != nil && kora.ReasonOf(err) == "" || err == nil && c.part != strs && c.part != "xl/styles.xml" {
				t.Errorf("was not refused: %v", err)
			}
			if peak > 256*mb {
				t.Errorf("took %d MB", peak/mb)
			}
			t.Logf("%d KB: %d MB, %v: %.140v", packed.Len()>>10, peak/mb, time.Since(start).Round(time.Millisecond), err)
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
