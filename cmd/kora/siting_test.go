package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSitingOfTheSample(t *testing.T) {
	database := withSample(t)
	dir := t.TempDir()
	question := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	few := question("few.json", `{"objective":"most","minutes":15,"sites":3,"candidates":{"from":"streets","every_m":600}}`)
	table := filepath.Join(dir, "plan.csv")
	status, out := command(t, database, "siting", few, "--out", table)
	if status != 0 || !strings.Contains(out, "3 stations; within ") || !strings.Contains(out, "plan.csv: 3 rows") {
		t.Fatalf("status %d\n%s", status, out)
	}
	written, err := os.ReadFile(table)
	if err != nil || !strings.HasPrefix(string(written), "\ufeff序号,") || strings.Count(string(written), "\n") != 4 {
		t.Errorf("%v %s", err, written)
	}
	share := question("share.json", `{"objective":"share","share":0.8,"minutes":15,"candidates":{"from":"streets","every_m":600}}`)
	if status, out := command(t, database, "siting", share); status != 0 || !strings.Contains(out, " stations; at least ") {
		t.Errorf("status %d\n%s", status, out)
	}
	for name, text := range map[string]string{"none.json": `{"minutes":15}`, "other.json": `{"objective":"most","minutes":15,"sites":1,"colour":1}`, "cut.json": `{"objective"`} {
		if status, out := command(t, database, "siting", question(name, text)); status == 0 {
			t.Errorf("%s is taken:\n%s", name, out)
		}
	}
	if status, _ := command(t, database, "siting", filepath.Join(dir, "nowhere.json")); status == 0 {
		t.Error("a file that is not there is taken")
	}
}
