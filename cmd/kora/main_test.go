package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"kora/sample"
	"kora/store/cluster/clustertest"
)

func TestHelpReadsWell(t *testing.T) {
	for _, args := range [][]string{{"--help"}, {"serve", "--help"}, {"import", "--help"}, {"import", "network", "--help"},
		{"export", "--help"}, {"export", "stations", "--help"}, {"export", "coverage", "--help"}, {"export", "tiles", "--help"}, {"keys", "rotate", "--help"}, {"version"}} {
		var out bytes.Buffer
		if status := run(t.Context(), args, &out, &out); status != 0 || !strings.Contains(strings.ToLower(out.String()), "kora") {
			t.Errorf("%v: status %d\n%s", args, status, &out)
		}
	}
	var out bytes.Buffer
	t.Setenv("DATABASE_URL", "postgres://kora:secret@nowhere/kora")
	t.Setenv("KORA_RASTER_URL", "https://nowhere/{z}/{x}/{y}?tk=secret")
	t.Setenv("KORA_RASTER_KEY", "secret")
	if run(t.Context(), []string{"serve", "--help"}, &out, &out); strings.Contains(out.String(), "secret") {
		t.Error("help tells the password of DATABASE_URL, or the key of the raster background")
	}
}

func TestWrongCommandLines(t *testing.T) {
	for _, args := range [][]string{{"dance"}, {"serve", "now"}, {"import", "stations"}, {"--colour"},
		{"serve", "--listen", "nowhere:99999", "--data", t.TempDir()},
		{"serve", "--raster-url", "https://{s}.nowhere/{z}/{x}/{y}", "--data", t.TempDir()},
		{"serve", "--raster-url", "https://nowhere/{z}/{x}/{y}", "--raster-key-file", "/nowhere", "--data", t.TempDir()},
		{"serve", "--trusted-proxy", "next door", "--data", t.TempDir()}, {"keys", "rotate", "--data", t.TempDir()},
		{"import", "stations", "x.csv", "--database-url", "::not a url"}} {
		var out bytes.Buffer
		if status := run(t.Context(), args, &out, &out); status != 1 || !strings.HasPrefix(out.String(), "kora: ") {
			t.Errorf("%v: status %d\n%s", args, status, &out)
		}
	}
}

// rows counts what was written.
func rows(t *testing.T, database, table string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	if err := conn.QueryRow(t.Context(), "SELECT count(*) FROM "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestImportTellsWhatItDid(t *testing.T) {
	database := clustertest.Database(t)
	table := "code,name_zh,kind,lon,lat\nA,甲,union_station,91.1,29.6\nB,乙,oxygen_bar,91.2,29.6\n"
	for i, step := range []struct {
		csv, args, want string
		status, rows    int
	}{
		{table, "", "2 added, 0 changed, 0 left alone, 0 refused", 0, 2},
		{table, "", "0 added, 0 changed, 2 left alone, 0 refused", 0, 2},
		{strings.Replace(table, "乙", "丙", 1), "", "0 added, 1 changed, 1 left alone, 0 refused", 0, 2},
		{table + "C,丁,tea_house,91.3,29.6\nD,戊,union_station,91.3,29.6\n", "", "nothing was written; 1 refused", 1, 2},
		{table + "C,丁,tea_house,91.3,29.6\nD,戊,union_station,91.3,29.6\n", "--skip-faulty", "1 added, 1 changed, 1 left alone, 1 refused", 0, 3},
	} {
		args := []string{"import", "stations", write(t, "stations.csv", step.csv)}
		if step.args != "" {
			args = append(args, step.args)
		}
		status, out := command(t, database, args...)
		if status != step.status || !strings.Contains(out, step.want) {
			t.Errorf("step %d: status %d, want %d and %q\n%s", i+1, status, step.status, step.want, out)
		}
		if strings.Contains(step.csv, "tea_house") && !strings.Contains(out, "stations.csv:4") {
			t.Errorf("step %d does not name the line:\n%s", i+1, out)
		}
		if n := rows(t, database, "station"); n != step.rows {
			t.Errorf("step %d: %d rows, want %d", i+1, n, step.rows)
		}
	}
	if n := rows(t, database, "history"); n != 2 {
		t.Errorf("%d former versions kept, want 2", n)
	}
}

// TestImportTellsInALanguage: what is told of a file comes in the language that is asked for, or in that of the locale.
func TestImportTellsInALanguage(t *testing.T) {
	database := clustertest.Database(t)
	file := write(t, "stations.csv", "code,name_zh,kind,lon,lat\nA,甲,tea_house,91.1,29.6\n")
	nothing := write(t, "empty.csv", "")
	for _, c := range []struct{ language, fault, sum, whole string }{
		{"en", `stations.csv:2 (kind): kind "tea_house": is not one of [union_station`, "nothing was written; 1 refused", "kora: empty.csv: the file is empty"},
		{"zh", "stations.csv 第 2 行：类别（tea_house）：不是 union_station、", "stations.csv：没有写入；1 条未通过。", "kora: empty.csv：文件是空的。"},
		{"bo", "stations.csv ཕྲེང་ 2：རིགས（tea_house）：union_station, ", "stations.csv：བྲིས་མེད། ", "kora: empty.csv：ཡིག་ཆ་སྟོང་པ་ཡིན།"},
	} {
		status, out := command(t, database, "import", "stations", file, "--language", c.language)
		if status != 1 || !strings.Contains(out, c.fault) || !strings.Contains(out, c.sum) {
			t.Errorf("%s: status %d, want %q and %q\n%s", c.language, status, c.fault, c.sum, out)
		}
		if _, out := command(t, database, "import", "stations", nothing, "--language", c.language); !strings.Contains(out, c.whole) {
			t.Errorf("%s: want %q\n%s", c.language, c.whole, out)
		}
	}
	if status, out := command(t, database, "import", "stations", file, "--language", "fr"); status != 1 || !strings.Contains(out, `"fr" is none of [en zh bo]`) {
		t.Errorf("status %d\n%s", status, out)
	}
	t.Setenv("LC_ALL", "")
	t.Setenv("LC_MESSAGES", "")
	t.Setenv("LANG", "zh_CN.UTF-8")
	var out bytes.Buffer
	if run(t.Context(), []string{"import", "stations", file, "--database-url", database}, &out, &out); !strings.Contains(out.String(), "没有写入") {
		t.Errorf("a Chinese locale is told\n%s", out.String())
	}
}

// TestBadFiles: each gets an exit status and a sentence, and writes nothing.
func TestBadFiles(t *testing.T) {
	database := clustertest.Database(t)
	streets, err := sampleFile("lhasa.osm.pbf")
	if err != nil {
		t.Fatal(err)
	}
	survey := "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n计量单位=米\n带号=\n[地块坐标]\n4,1.0,P1,甲,面,,工业用地,1001,@\n" +
		"J1,1,3281180.000,629570.000\nJ2,1,3281280.000,629570.000\nJ3,1,3281280.000,629670.000\nJ4,1,3281180.000,629670.000\nJ1,1,3281180.000,629570.000\n"
	for name, c := range map[string]struct{ kind, file, content string }{
		"no PBF":            {"network", "a.osm.pbf", "this is no PBF"},
		"empty PBF":         {"network", "a.osm.pbf", ""},
		"cut-off PBF":       {"network", "a.osm.pbf", string(streets[:len(streets)/2])},
		"hostile PBF":       {"network", "a.osm.pbf", "\xff\xff\xff\xff" + string(streets)},
		"wrong heading":     {"stations", "a.csv", "colour,shape\nred,round\n"},
		"empty CSV":         {"stations", "a.csv", ""},
		"wrong encoding":    {"stations", "a.csv", "code,name_zh,kind,lon,lat\nA,\xff\xff\xff,union_station,91,29\n"},
		"UTF-16":            {"stations", "a.csv", "\xff\xfec\x00o\x00d\x00e\x00"},
		"NaN":               {"stations", "a.csv", "code,name_zh,kind,lon,lat\nA,甲,union_station,NaN,29\n"},
		"no zone":           {"parcels", "a.txt", survey},
		"no survey":         {"parcels", "a.txt", "hello"},
		"other ending":      {"parcels", "a.dwg", "AC1015"},
		"no GeoJSON":        {"areas", "a.geojson", "{"},
		"self-crossing":     {"areas", "a.geojson", `{"type":"Feature","properties":{"code":"a","name":"甲"},"geometry":{"type":"Polygon","coordinates":[[[0,0],[1,1],[1,0],[0,1],[0,0]]]}}`},
		"a point as a line": {"highways", "a.geojson", `{"type":"Feature","properties":{"ref":"G1","name":"甲"},"geometry":{"type":"Point","coordinates":[0,0]}}`},
	} {
		status, out := command(t, database, "import", c.kind, write(t, c.file, c.content))
		if status != 1 || strings.Contains(out, "goroutine") || !strings.Contains(out, c.file) {
			t.Errorf("%s: status %d\n%s", name, status, out)
		}
		t.Logf("%s: %s", name, lastLines(out))
	}
	if status, out := command(t, database, "import", "stations", filepath.Join(t.TempDir(), "none.csv")); status != 1 || !strings.Contains(out, "none.csv") {
		t.Errorf("no such file: status %d\n%s", status, out)
	}
	for _, table := range []string{"station", "key_area", "highway", "parcel", "network", "network_part"} {
		if n := rows(t, database, table); n != 0 {
			t.Errorf("%d rows in %s", n, table)
		}
	}
}

func lastLines(out string) string {
	var said []string
	for line := range strings.Lines(out) {
		if !strings.Contains(line, "opening the record") && !strings.Contains(line, "level=INFO") {
			said = append(said, strings.TrimSpace(line))
		}
	}
	return strings.Join(said, " | ")
}

func sampleFile(name string) ([]byte, error) {
	f, err := sample.Files().Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return io.ReadAll(f)
}

// A running is a kora serve inside the test.
type running struct {
	url    string
	stop   context.CancelFunc
	status chan int
	log    *bytes.Buffer
}

func start(t *testing.T, args ...string) *running {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{stop: cancel, status: make(chan int, 1), log: &bytes.Buffer{}}
	out, in := io.Pipe()
	if !slices.Contains(args, "--keyset") {
		args = append(args, "--keyset", filepath.Join(t.TempDir(), "keyset.json"))
	}
	go func() {
		r.status <- run(ctx, append([]string{"serve", "--listen", "127.0.0.1:0"}, args...), in, in)
		in.Close()
	}()
	ready := make(chan string, 1)
	go func() {
		address := regexp.MustCompile(`ready at (http://\S+)`)
		for lines := bufio.NewScanner(out); lines.Scan(); {
			r.log.WriteString(lines.Text() + "\n")
			if m := address.FindStringSubmatch(lines.Text()); m != nil {
				ready <- m[1]
			}
		}
		close(ready)
	}()
	select {
	case url, ok := <-ready:
		if !ok {
			t.Fatalf("did not start:\n%s", r.log)
		}
		r.url = url
	case <-time.After(2 * time.Minute):
		cancel()
		t.Fatal("did not start in two minutes")
	}
	t.Cleanup(cancel)
	return r
}

func (r *running) get(t *testing.T, path string) (int, string) {
	t.Helper()
	res, err := http.Get(r.url + path)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, string(b)
}

// TestFirstRun starts as a new user would, on nothing; stops; and starts again.
func TestFirstRun(t *testing.T) {
	dir := clustertest.Folder(t)
	first := start(t, "--data", dir)
	for path, want := range map[string]string{
		"/v1/stations?limit=1":                                 `"sample":true`,
		"/v1/stations/nearest?lon=91.1317&lat=29.6531&limit=1": `"seconds":`,
		"/v1/coverage":                                         `"share":`,
		"/v1/parcels?limit=1":                                  `"MultiPolygon"`,
		"/v1/notices":                                          `"published_on"`,
		"/v1/about":                                            "Kora sample streets",
		"/readyz":                                              `"writes":"ok"`,
		"/tiles/basemap.json":                                  `"tilejson":"3.0.0"`,
	} {
		if status, body := first.get(t, path); status != http.StatusOK || !strings.Contains(body, want) {
			t.Errorf("%s: %d %.300s", path, status, body)
		}
	}
	info, err := os.Stat(filepath.Join(dir, "staff-token"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("staff token: %v (%v)", info.Mode(), err)
	}

	// An import beside the running service uses its database, and shows.
	var out bytes.Buffer
	table := write(t, "new.csv", "code,name_zh,kind,lon,lat\nNEW-1,新驿站,union_station,91.1169,29.6578\n")
	if status := run(t.Context(), []string{"import", "stations", table, "--data", dir}, &out, &out); status != 0 {
		t.Errorf("import while serving: status %d\n%s", status, &out)
	}
	shown := false
	for range 50 {
		if _, body := first.get(t, "/v1/stations?q=NEW-1"); strings.Contains(body, "新驿站") {
			shown = true
			break
		}
		time.Sleep(100 * time.Millisecond)
	}
	if !shown {
		t.Error("what was imported beside the running service does not show")
	}
	// And so does an export.
	list := filepath.Join(t.TempDir(), "stations.csv")
	if status := run(t.Context(), []string{"export", "stations", "--out", list, "--data", dir}, &out, &out); status != 0 {
		t.Errorf("export while serving: status %d\n%s", status, &out)
	}
	if b, err := os.ReadFile(list); err != nil || !strings.Contains(string(b), "新驿站") {
		t.Errorf("the export lacks what was imported (%v)", err)
	}
	first.stop()
	if status := <-first.status; status != 0 {
		t.Errorf("stopped with status %d\n%s", status, first.log)
	}
	if _, err := os.Stat(filepath.Join(dir, "pg", "postmaster.pid")); err == nil {
		t.Error("the database is still running")
	}

	began := time.Now()
	second := start(t, "--data", dir)
	t.Logf("second start: %v", time.Since(began))
	if _, body := second.get(t, "/v1/stations?q=NEW-1"); !strings.Contains(body, "新驿站") {
		t.Errorf("after the second start: %.300s", body)
	}
	second.stop()
	if status := <-second.status; status != 0 {
		t.Errorf("stopped with status %d\n%s", status, second.log)
	}
}

func TestStaffTokenIsKept(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "data")
	first, file, err := staffToken(dir)
	if err != nil || len(first) < 20 {
		t.Fatalf("%q %v", first, err)
	}
	if again, _, err := staffToken(dir); again != first || err != nil {
		t.Errorf("another token on the second start: %v", err)
	}
	if err := os.WriteFile(file, []byte("short\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := staffToken(dir); err == nil {
		t.Error("a token of five characters was taken")
	}
}
