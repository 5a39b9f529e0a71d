package kora_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestWhoMayImportWhom holds the picture of the house in docs/architecture.md against the code: data flows one way, and a
// room knows only what it may touch. Tests may reach further.
func TestWhoMayImportWhom(t *testing.T) {
	domain, geo := "kora", "kora/geo/..."
	may := map[string][]string{
		"kora":                   {},
		"kora/geo/...":           {geo}, // computation only: not even the domain
		"kora/gdal":              {},    // runs a program: it could live anywhere
		"kora/importers/...":     {domain, geo, "kora/gdal", "kora/importers/..."},
		"kora/match":             {domain},
		"kora/words":             {domain},
		"kora/vault":             {},
		"kora/panorama":          {domain},
		"kora/migrations":        {},
		"kora/store":             {domain, "kora/migrations"},
		"kora/store/queue":       {},
		"kora/store/cluster":     {domain},
		"kora/store/cluster/...": {domain, "kora/store/cluster"},
		"kora/intake":            {domain, geo, "kora/importers", "kora/store", "kora/store/queue", "kora/words"},
		"kora/planner":           {domain, geo, "kora/atlas", "kora/store", "kora/store/queue", "kora/words"},
		"kora/atlas":             {domain, geo},
		"kora/atlas/atlastest":   {domain, geo, "kora/atlas"},
		"kora/tiles":             {domain, geo, "kora/atlas", "kora/tiles/mvt", "kora/tiles/whole"},
		"kora/tiles/mvt":         {geo},
		"kora/tiles/style":       {domain}, // what tiles hold it knows by name only
		"kora/tiles/raster":      {domain},
		"kora/tiles/whole":       {}, // knows connections only
		"kora/api":               {domain, geo, "kora/atlas", "kora/exporters", "kora/match", "kora/panorama", "kora/tiles/...", "kora/words"},
		"kora/tiles/pmtiles/...": {}, // bytes in a file: it could live anywhere
		"kora/exporters":         {domain, geo, "kora/gdal", "kora/atlas", "kora/tiles", "kora/tiles/pmtiles"},
		"kora/sample":            {},
		"kora/sample/...":        {domain, geo, "kora/importers/...", "kora/sample/..."},
		"kora/web":               {},
		"kora/cmd/kora":          {"kora/..."},
		"kora/bench":             {"kora/..."},
		"kora/bench/land":        {domain},
		"kora/bench/exact":       {geo},
	}
	out, err := exec.CommandContext(t.Context(), "go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		room := rule(may, fields[0])
		if room == "" {
			t.Errorf("%s is in no room of the house", fields[0])
			continue
		}
		for _, imported := range fields[1:] {
			ours := imported == "kora" || strings.HasPrefix(imported, "kora/")
			if ours && !slices.ContainsFunc(may[room], func(pattern string) bool { return matches(pattern, imported) }) {
				t.Errorf("%s must not import %s", fields[0], imported)
			}
		}
	}
}

// rule finds the narrowest pattern for a package.
func rule(may map[string][]string, pkg string) string {
	best := ""
	for pattern := range may {
		if matches(pattern, pkg) && (len(pattern) > len(best) || pattern == pkg) {
			best = pattern
			if pattern == pkg {
				return pattern
			}
		}
	}
	return best
}

func matches(pattern, pkg string) bool {
	if prefix, ok := strings.CutSuffix(pattern, "/..."); ok {
		return pkg == prefix || strings.HasPrefix(pkg, prefix+"/")
	}
	return pattern == pkg
}
