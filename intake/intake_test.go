package intake_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"kora"
	"kora/intake"
	"kora/store"
	"kora/store/cluster/clustertest"
)

func TestMain(m *testing.M) { clustertest.Main(m) }

var clerk = kora.Author{Who: "clerk", Why: "test"}

// A desk is a record with the intake of one node.
type desk struct {
	*intake.Intake
	store *store.Store
	pool  *pgxpool.Pool
}

func open(t *testing.T) *desk {
	t.Helper()
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	s, err := store.Open(t.Context(), cfg, "", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	d := &desk{store: s, pool: s.Pool()}
	d.start(t)
	t.Cleanup(func() { d.Close() })
	return d
}

func (d *desk) start(t *testing.T) {
	t.Helper()
	var err error
	if d.Intake, err = intake.Open(t.Context(), d.store, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
}

func (d *desk) add(t *testing.T, name, text string) *kora.Import {
	t.Helper()
	in, err := d.Add(t.Context(), clerk, "parcels", name, strings.NewReader(text), kora.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return in
}

// until waits for an import to come into one of the states.
func (d *desk) until(t *testing.T, id string, states ...kora.ImportState) *kora.Import {
	t.Helper()
	return d.untilWithin(t, time.Minute, id, states...)
}

func (d *desk) untilWithin(t *testing.T, patience time.Duration, id string, states ...kora.ImportState) *kora.Import {
	t.Helper()
	for range patience / (50 * time.Millisecond) {
		in, err := d.Import(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range states {
			if in.State == s {
				return in
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	in, _ := d.Import(t.Context(), id)
	t.Fatalf("%s stays %s: %+v", in.File, in.State, in.Refused)
	return nil
}

func (d *desk) preview(t *testing.T, name, text string) *kora.Import {
	t.Helper()
	return d.until(t, d.add(t, name, text).ID, kora.ImportReady)
}

func (d *desk) confirm(t *testing.T, id string, skip bool) *kora.Import {
	t.Helper()
	if _, err := d.Confirm(t.Context(), id, clerk, skip); err != nil {
		t.Fatal(err)
	}
	return d.until(t, id, kora.ImportDone, kora.ImportReady, kora.ImportFailed)
}

func (d *desk) items(t *testing.T, id string) []kora.ImportItem {
	t.Helper()
	items, _, err := d.Items(t.Context(), id, "", 0, 1000)
	if err != nil {
		t.Fatal(err)
	}
	return items
}

func (d *desk) rows(t *testing.T, of string) (n int) {
	t.Helper()
	if err := d.pool.QueryRow(t.Context(), `SELECT count(*) FROM `+of).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// survey is a 勘测定界 file of squares of a hectare, each 1 km north of the one before; "X-1 0" moves it by metres to the east.
func survey(plots ...string) string {
	text := "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n计量单位=米\n带号=31\n[地块坐标]\n"
	for i, plot := range plots {
		number, shift := plot, 0
		if at := strings.IndexByte(plot, ' '); at > 0 {
			number = plot[:at]
			_, _ = fmt.Sscan(plot[at:], &shift)
			i = 0
		}
		n, e := 3281180+1000*i, 31629570+shift
		text += fmt.Sprintf("4,1.0,%s,示例地块,面,,工业用地,1001,@\n", number)
		for k, c := range [][2]int{{0, 0}, {100, 0}, {100, 100}, {0, 100}, {0, 0}} {
			text += fmt.Sprintf("J%d,1,%d.000,%d.000\n", k%4+1, n+c[0], e+c[1])
		}
	}
	return text
}

func TestFileIsShownThenWritten(t *testing.T) {
	d := open(t)
	in := d.preview(t, "s.txt", survey("LZ-1", "LZ-2"))
	if want := (kora.Counts{Added: 2}); in.Counts != want || in.Encoding != "UTF-8" || d.rows(t, "parcel") != 0 || d.rows(t, "history") != 0 {
		t.Fatalf("%+v; %d parcels", in, d.rows(t, "parcel"))
	}
	items := d.items(t, in.ID)
	if len(items) != 2 || items[0].Key != "LZ-1" || items[0].Line != 7 || items[0].Outcome != "added" || items[0].StatedM2 != 10000 || items[0].AreaM2 < 9980 || items[0].AreaM2 > 10020 {
		t.Errorf("%+v", items)
	}
	geojson, all, err := d.Map(t.Context(), in.ID, 10)
	if err != nil || !all || !json.Valid(geojson) || strings.Count(string(geojson), `"Feature"`) != 2 {
		t.Errorf("map: %s %v %v", geojson, all, err)
	}
	if _, all, _ := d.Map(t.Context(), in.ID, 1); all {
		t.Error("one of two shapes is all")
	}
	in = d.confirm(t, in.ID, false)
	if in.State != kora.ImportDone || in.XID == 0 || d.rows(t, "parcel") != 2 || d.rows(t, "import_part") != 0 {
		t.Fatalf("%+v", in)
	}
	if again, err := d.Confirm(t.Context(), in.ID, clerk, false); err != nil || again.State != kora.ImportDone {
		t.Errorf("confirmed twice: %+v %v", again, err)
	}
	var who string
	if err := d.pool.QueryRow(t.Context(), `SELECT who FROM import`).Scan(&who); err != nil || who != "clerk" {
		t.Errorf("%s %v", who, err)
	}

	// The same in another file is no change.
	if again := d.preview(t, "t.txt", survey("LZ-1", "LZ-2")); again.Counts != (kora.Counts{Unchanged: 2}) {
		t.Errorf("%+v", again.Counts)
	}
	// A table changes one and leaves the other alone.
	in = d.preview(t, "t.csv", "地块编号,地块名称,容积率,起始价（万元）\nLZ-1,甲地块,≤2.0,1431\nLZ-2,示例地块,,\n")
	items = d.items(t, in.ID)
	if want := (kora.Counts{Changed: 1, Unchanged: 1}); in.Counts != want {
		t.Fatalf("%+v", in.Counts)
	}
	told, _ := json.Marshal(items[0].Changes)
	if want := `[{"field":"far","was":{},"now":{"max":2}},{"field":"name","was":{"zh":"示例地块"},"now":{"zh":"甲地块"}},{"field":"price","now":{"amount":1431,"unit":"万元"}}]`; string(told) != want {
		t.Errorf("changes\n%s, want\n%s", told, want)
	}
	if items[1].Outcome != "same" || items[1].AreaM2 == 0 {
		t.Errorf("%+v", items[1])
	}
	d.confirm(t, in.ID, false)
	if n := d.rows(t, "history"); n != 1 {
		t.Errorf("%d former versions", n)
	}
}

func TestFaultyRecordsHoldAFileBack(t *testing.T) {
	d := open(t)
	crossed := strings.Replace(survey("LZ-1", "LZ-2"), "J3,1,3282280.000,31629670.000\nJ4,1,3282180.000,31629670.000", "J3,1,3282180.000,31629670.000\nJ4,1,3282300.000,31629690.000", 1)
	in := d.preview(t, "s.txt", crossed)
	if want := (kora.Counts{Added: 1, Refused: 1}); in.Counts != want {
		t.Fatalf("%+v", in.Counts)
	}
	faults, total, err := d.Faults(t.Context(), in.ID, kora.ImportFaulty, 0, 10)
	if err != nil || total != 1 || faults[0].Reason != kora.ReasonGeometry || faults[0].Line != 12+1 || !strings.Contains(faults[0].Text.EN, "Self-intersection") || !strings.Contains(faults[0].Value, "POINT(94.3") {
		t.Errorf("%+v %d %v", faults, total, err)
	}
	if _, err := d.Confirm(t.Context(), in.ID, clerk, false); kora.ReasonOf(err) != kora.ReasonConflict {
		t.Errorf("confirmed with a fault: %v", err)
	}
	if in = d.confirm(t, in.ID, true); in.State != kora.ImportDone || d.rows(t, "parcel") != 1 {
		t.Errorf("%+v, %d parcels", in, d.rows(t, "parcel"))
	}
}

func TestOverlapsAreTold(t *testing.T) {
	d := open(t)
	d.confirm(t, d.preview(t, "s.txt", survey("LZ-1 0", "LZ-2 100")).ID, false) // neighbours share a border
	in := d.preview(t, "o.txt", survey("LZ-3 150", "LZ-4 -90"))
	items := d.items(t, in.ID)
	for i, want := range []struct {
		number string
		area   float64
	}{{"LZ-2", 5000}, {"LZ-1", 1000}} {
		o := items[i].Overlaps
		if len(o) != 1 || o[0].Number != want.number || o[0].AreaM2 < 0.99*want.area || o[0].AreaM2 > 1.01*want.area {
			t.Errorf("%s overlaps %+v, want %+v", items[i].Key, o, want)
		}
	}
}

func TestFileThatCannotBeRead(t *testing.T) {
	d := open(t)
	for name, text := range map[string]string{"a.txt": "nothing", "b.geojson": `{"type":"FeatureCollection","features":[`, "c.csv": "a,b\n1,2\n"} {
		in := d.until(t, d.add(t, name, text).ID, kora.ImportFailed, kora.ImportReady)
		if in.State != kora.ImportFailed || in.Refused == nil || in.Refused.Text.EN == "" {
			t.Errorf("%s: %+v", name, in)
		}
		if _, err := d.Confirm(t.Context(), in.ID, clerk, true); kora.ReasonOf(err) != kora.ReasonConflict {
			t.Errorf("%s confirmed: %v", name, err)
		}
	}
	if n := d.rows(t, "import_part"); n != 0 {
		t.Errorf("%d parts are kept", n)
	}
	for reason, c := range map[kora.Reason]struct {
		kind, name string
		data       []byte
		opts       kora.ImportOptions
	}{
		kora.ReasonRequired: {kind: "parcels", name: "a.txt"},
		kora.ReasonUnknown:  {kind: "yaks", name: "a.txt", data: []byte("x")},
		kora.ReasonTooLarge: {kind: "parcels", name: "a.txt", data: make([]byte, intake.MaxBytes+1)},
		kora.ReasonSyntax:   {kind: "parcels", name: "a\nb", data: []byte("x")},
		kora.ReasonRange:    {kind: "parcels", name: "a.txt", data: []byte("x"), opts: kora.ImportOptions{Zone: 12}},
	} {
		if _, err := d.Add(t.Context(), clerk, c.kind, c.name, bytes.NewReader(c.data), c.opts); kora.ReasonOf(err) != reason {
			t.Errorf("want %s: %v", reason, err)
		}
	}
	if in, err := d.Add(t.Context(), clerk, "parcels", `..\C:\files/../表.csv`, strings.NewReader("x"), kora.ImportOptions{}); err != nil || in.File != "表.csv" {
		t.Errorf("%+v %v", in, err)
	}
}

func TestCalledOff(t *testing.T) {
	d := open(t)
	in := d.preview(t, "s.txt", survey("LZ-1"))
	if in, err := d.Cancel(t.Context(), in.ID); err != nil || in.State != kora.ImportCancelled {
		t.Errorf("%+v %v", in, err)
	}
	if _, err := d.Confirm(t.Context(), in.ID, clerk, false); kora.ReasonOf(err) != kora.ReasonConflict {
		t.Errorf("confirmed: %v", err)
	}
	if _, err := d.Cancel(t.Context(), in.ID); kora.ReasonOf(err) != kora.ReasonConflict {
		t.Errorf("called off twice: %v", err)
	}
	if _, err := d.Cancel(t.Context(), "x"); kora.ReasonOf(err) != kora.ReasonNotFound {
		t.Errorf("no id: %v", err)
	}
	if d.rows(t, "parcel")+d.rows(t, "import_part") != 0 {
		t.Error("something is left")
	}
}

// What was shown is what is written, or it is shown anew.
func TestRecordThatChangedMeanwhileIsShownAnew(t *testing.T) {
	d := open(t)
	first, second := d.preview(t, "a.txt", survey("LZ-1")), d.preview(t, "b.txt", survey("LZ-1 500"))
	d.confirm(t, first.ID, false)
	again := d.confirm(t, second.ID, false)
	if want := (kora.Counts{Changed: 1}); again.State != kora.ImportReady || again.Counts != want || again.Digest == second.Digest {
		t.Fatalf("%+v", again)
	}
	if n := d.rows(t, "history"); n != 0 {
		t.Errorf("%d former versions", n)
	}
	if again = d.confirm(t, second.ID, false); again.State != kora.ImportDone || d.rows(t, "history") != 1 {
		t.Errorf("%+v", again)
	}
}

// A node that ends between two steps, or within one, loses nothing and leaves nothing half done.
func TestNodeThatEnds(t *testing.T) {
	d := open(t)
	var plots []string
	for i := range 400 {
		plots = append(plots, fmt.Sprintf("LZ-%d", i))
	}
	for round := range 4 {
		in := d.add(t, "s.txt", survey(plots...))
		time.Sleep(time.Duration(round) * 90 * time.Millisecond)
		d.Close()
		d.start(t)
		in = d.until(t, in.ID, kora.ImportReady)
		if in.Counts.Added+in.Counts.Unchanged != 400 {
			t.Fatalf("%+v", in.Counts)
		}
		if _, err := d.Confirm(t.Context(), in.ID, clerk, false); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(round) * 90 * time.Millisecond)
		d.Close()
		if n := d.rows(t, "parcel"); n != 0 && n != 400 {
			t.Fatalf("%d parcels", n)
		}
		d.start(t)
		if in = d.until(t, in.ID, kora.ImportDone, kora.ImportReady, kora.ImportFailed); in.State != kora.ImportDone || d.rows(t, "parcel") != 400 {
			t.Fatalf("round %d: %+v", round, in)
		}
		if _, err := d.pool.Exec(context.WithoutCancel(t.Context()), `DELETE FROM parcel`); err != nil {
			t.Fatal(err)
		}
	}
}
