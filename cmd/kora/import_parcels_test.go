package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"kora/store/cluster/clustertest"
)

const surveyText = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n计量单位=米\n带号=31\n[地块坐标]\n6,1.2,LZ-1,示例地块,面,,工业用地,1001,@\n" +
	"J1,1,3281180.000,31629570.000\nJ2,1,3281280.000,31629570.000\nJ3,1,3281280.000,31629670.000\nJ4,1,3281180.000,31629670.000\nJ1,1,3281180.000,31629570.000\n"

// TestParcelsFromEveryFile goes the way of a bureau: outlines from a survey, then their attributes from a table and from the
// land market, and none of them wipes what another said.
func TestParcelsFromEveryFile(t *testing.T) {
	database := clustertest.Database(t)
	take := func(status int, name, content string, args ...string) string {
		t.Helper()
		got, out := command(t, database, append([]string{"import", "parcels", write(t, name, content)}, args...)...)
		if got != status {
			t.Fatalf("%s: status %d\n%s", name, got, out)
		}
		return out
	}
	table := "地块编号,地块名称,面积（亩）,容积率,起始价（万元）,出让年限\nLZ-1,示例地块一,15,1.0≤容积率≤2.0,\"1,431\",50年\n"
	if out := take(1, "t.csv", table); !strings.Contains(out, "t.csv:2 (地块编号): number \"LZ-1\": is not in the record") {
		t.Errorf("a table of a parcel that is not there:\n%s", out)
	}
	out := take(0, "s.txt", surveyText)
	for _, want := range []string{"1 added", "warning: s.txt:7 (界址点数)", "warning: s.txt:7 (地块面积)", "+20.0 %"} {
		if !strings.Contains(out, want) {
			t.Errorf("the survey does not say %q:\n%s", want, out)
		}
	}
	if out := take(0, "t.csv", table); !strings.Contains(out, "1 changed") || strings.Contains(out, "warning") {
		t.Errorf("the table:\n%s", out)
	}
	take(0, "m.json", `[{"idnumber":"LZ-1","location":"八一镇","use":"其他普通商品住房用地","supply":"挂牌出让","date4sign":"2018年12月31日"}]`)
	// The survey again, in another encoding: only the area that it states is new.
	if out := take(0, "s.txt", "\xff\xfe"+utf16(surveyText)); !strings.Contains(out, "s.txt: read as UTF-16") || !strings.Contains(out, "1 changed") {
		t.Errorf("the survey in UTF-16:\n%s", out)
	}
	conn, err := pgx.Connect(t.Context(), database)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.WithoutCancel(t.Context()))
	var got string
	err = conn.QueryRow(t.Context(), `SELECT concat_ws('|', name->>'zh', address->>'zh', use_scheme, use_code, status, supply, term_years, far, price, stated_m2, round(area_m2), source->>'crs') FROM parcel`).Scan(&got)
	if want := `示例地块|八一镇|2023|1001|signed|GP|50|{"max": 2, "min": 1}|{"unit": "万元", "amount": 1431}|12000|9996|EPSG:4519`; err != nil || got != want {
		t.Errorf("the parcel is %s, want %s (%v)", got, want, err)
	}
	// Answers.
	bare := strings.NewReplacer("带号=31\n", "", ",31629", ",629", "LZ-1", "LZ-2", "1001,@", "DLBM,@").Replace(surveyText)
	if out := take(1, "b.txt", bare); !strings.Contains(out, "--zone") {
		t.Errorf("no zone:\n%s", out)
	}
	if out := take(1, "b.txt", bare, "--zone", "31"); !strings.Contains(out, "needs a land-use code") {
		t.Errorf("no use:\n%s", out)
	}
	take(1, "b.txt", bare, "--zone", "33", "--use", "2023:1001", "--within", "92,27,98.8,30.7")
	take(0, "b.txt", bare, "--zone", "31", "--use", "2023:1001", "--within", "92,27,98.8,30.7")
	if n := rows(t, database, "parcel"); n != 2 {
		t.Errorf("%d parcels", n)
	}
	// A ring that crosses itself is refused by PostGIS with the place.
	crossed := strings.NewReplacer("LZ-1", "LZ-3", "J3,1,3281280.000,31629670.000\nJ4,1,3281180.000,31629670.000", "J3,1,3281180.000,31629670.000\nJ4,1,3281300.000,31629690.000").Replace(surveyText)
	if out := take(1, "x.txt", crossed); !strings.Contains(out, "Self-intersection") || !strings.Contains(out, "94.3") {
		t.Errorf("a crossed ring:\n%s", out)
	}
}

// utf16 is a text of the basic plane in UTF-16, without a mark.
func utf16(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
		b.WriteByte(byte(r >> 8))
	}
	return b.String()
}

func TestTemplates(t *testing.T) {
	database := clustertest.Database(t)
	dir := t.TempDir()
	for _, kind := range []string{"parcels", "stations"} {
		path := filepath.Join(dir, kind+".xlsx")
		var said bytes.Buffer
		if status := run(t.Context(), []string{"import", "template", kind, "--out", path}, &said, &said); status != 0 || strings.Contains(said.String(), "record") {
			t.Fatalf("%s: status %d\n%s", kind, status, &said)
		}
		if status, out := command(t, database, "import", kind, path); status != 0 || !strings.Contains(out, "0 added") || !strings.Contains(out, "is the example of the template") {
			t.Errorf("%s: status %d\n%s", kind, status, out)
		}
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if status := run(t.Context(), []string{"import", "template", kind, "--out", path}, &said, &said); status != 1 {
			t.Errorf("%s was written over", kind)
		}
		if after, err := os.ReadFile(path); err != nil || !bytes.Equal(before, after) {
			t.Errorf("%s is another: %v", kind, err)
		}
	}
}

// TestAnswersThatAreRefused get a sentence before the record is opened.
func TestAnswersThatAreRefused(t *testing.T) {
	file := write(t, "s.txt", surveyText)
	for want, args := range map[string][]string{
		"is no zone of CGCS2000":     {"import", "parcels", file, "--zone", "12"},
		"is needed beside":           {"import", "parcels", file, "--degree-zone", "3"},
		"13 to 23 those of 6":        {"import", "parcels", file, "--zone", "31", "--degree-zone", "6"},
		"such as 2023:1001":          {"import", "parcels", file, "--use", "1001"},
		`use "1999:1001"`:            {"import", "parcels", file, "--use", "1999:1001"},
		"must be four numbers":       {"import", "parcels", file, "--within", "1,2"},
		"invalid argument":           {"import", "template", "yaks", "--out", file + "x"},
		`"out" not set`:              {"import", "template", "parcels"},
		"is for boundary points":     {"export", "parcels", "--out", file + ".csv", "--gbk"},
		"is there already":           {"export", "parcels", "--out", file},
		"25 to 45 are those of 3":    {"export", "parcels", "--out", file + ".txt", "--zone", "99"},
		"is none of geojson":         {"export", "stations", "--out", file + "2", "--format", "txt"},
		"folder that does not exist": {"export", "parcels", "--out", filepath.Join(filepath.Dir(file), "none", "a.txt")},
	} {
		var said bytes.Buffer
		status := run(t.Context(), append(args, "--database-url", "postgres://127.0.0.1:1/none?connect_timeout=1"), &said, &said)
		if status != 1 || !strings.Contains(said.String(), want) || strings.Contains(said.String(), "opening the record") {
			t.Errorf("%v: status %d, want %q\n%s", args, status, want, &said)
		}
	}
}
