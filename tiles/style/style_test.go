package style_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/fstest"

	"github.com/labstack/echo/v4"

	"kora"
	"kora/tiles/style"
	"kora/web"
)

var (
	page = fstest.MapFS{"fonts/noto-serif-tibetan-tibetan-400-normal-x1.woff2": {Data: []byte("wOF2")}}
	sets = style.Sets{
		"basemap":  {"landuse", "water", "waterway", "buildings", "roads", "places", "peaks"},
		"stations": {"stations", "clusters"}, "coverage": {"cells", "areas"},
		"parcels": {"parcels", "labels", "clusters"}, "corridors": {"corridors"},
	}
)

// made is one Maker for all tests: drawing the sprites takes a moment.
var made = sync.OnceValues(func() (*style.Maker, error) { return style.New(web.Design(), page) })

func maker(t testing.TB) *style.Maker {
	t.Helper()
	m, err := made()
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func serve(t testing.TB, site style.Site) http.Handler {
	t.Helper()
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		_ = c.String(http.StatusTeapot, string(kora.ReasonOf(err))+": "+err.Error())
	}
	if site.Credit == nil {
		site.Credit = func(*http.Request) string { return "© nobody" }
	}
	maker(t).Register(e, site)
	return e
}

func get(h http.Handler, path string, headers ...string) *httptest.ResponseRecorder {
	req := httptest.NewRequest(http.MethodGet, path, nil)
	for i := 0; i < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, req)
	return w
}

// A document as tests read it.
type document struct {
	Version   int
	Sprite    string
	Glyphs    *string
	Sources   map[string]struct{ Type, URL, Attribution string }
	FontFaces map[string][]struct{ URL string } `json:"font-faces"`
	Metadata  map[string]any
	Layers    []struct {
		ID, Type, Source string
		SourceLayer      string `json:"source-layer"`
	}
}

func read(t *testing.T, w *httptest.ResponseRecorder) (d document) {
	t.Helper()
	if err := json.Unmarshal(w.Body.Bytes(), &d); err != nil {
		t.Fatalf("%d %s: %v", w.Code, w.Body, err)
	}
	return d
}

// TestStylesKeepToTheSpecification asks MapLibre's own validator about every style there is.
func TestStylesKeepToTheSpecification(t *testing.T) {
	spec, err := filepath.Abs("../../web/node_modules/@maplibre/maplibre-gl-style-spec")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(spec); err != nil {
		t.Skip("MapLibre's validator is not installed; npm ci in web brings it")
	}
	m := maker(t)
	var all []json.RawMessage
	for _, theme := range style.Themes() {
		for _, language := range style.Languages() {
			for _, base := range []bool{true, false} {
				for _, raster := range []*style.Raster{nil, {MaxZoom: 18, Attribution: "天地图"}} {
					doc, err := m.Document(style.View{Theme: theme, Language: language, Base: base, Sets: sets, Raster: raster,
						Origin: "https://kora.example", Credit: "© nobody"})
					if err != nil {
						t.Fatal(err)
					}
					all = append(all, doc)
				}
			}
		}
	}
	broken := bytes.Replace(all[0], []byte(`"fill-color"`), []byte(`"fill-colour"`), 1)
	input, err := json.Marshal(append(all, broken))
	if err != nil {
		t.Fatal(err)
	}
	const program = `import { readFileSync } from 'node:fs'
const { validateStyleMin } = await import(process.argv[1] + '/dist/index.mjs')
const all = JSON.parse(readFileSync(0, 'utf8'))
console.log(JSON.stringify(all.map((style) => validateStyleMin(style).map((fault) => fault.message))))`
	cmd := exec.CommandContext(t.Context(), "node", "--input-type=module", "-e", program, spec)
	cmd.Stdin = bytes.NewReader(input)
	var told strings.Builder
	cmd.Stderr = &told
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("the validator did not run: %v\n%s", err, &told)
	}
	var faults [][]string
	if err := json.Unmarshal(out, &faults); err != nil || len(faults) != len(all)+1 {
		t.Fatalf("the validator answers %s (%v)", out, err)
	}
	for i, f := range faults[:len(all)] {
		if len(f) > 0 {
			t.Errorf("style %d: %s", i, strings.Join(f, "; "))
		}
	}
	if len(faults[len(all)]) == 0 {
		t.Error("the validator lets a style with a mistake pass")
	}
}

func TestStyleIsOfThisOrigin(t *testing.T) {
	h := serve(t, style.Site{Sets: sets, Raster: &style.Raster{MaxZoom: 18}})
	for _, theme := range style.Themes() {
		for _, language := range style.Languages() {
			w := get(h, fmt.Sprintf("/styles/%s.json?lang=%s", theme, language))
			for _, part := range strings.Split(w.Body.String(), "://")[1:] {
				if !strings.HasPrefix(part, "example.com/") {
					t.Errorf("%s %s leads to %.40s", theme, language, part)
				}
			}
			d := read(t, w)
			if d.Version != 8 || d.Glyphs != nil || d.Sources["stations"].URL != "http://example.com/tiles/stations.json" {
				t.Errorf("%s %s: %+v", theme, language, d)
			}
			if has := len(d.FontFaces) > 0; has != (language == style.Tibetan) {
				t.Errorf("%s %s: fonts %v", theme, language, d.FontFaces)
			}
			for _, l := range d.Layers {
				if strings.Contains(l.SourceLayer, "bound") || strings.Contains(l.SourceLayer, "admin") {
					t.Errorf("layer %s draws borders", l.ID)
				}
			}
		}
	}
}

// TestStyleHasWhatTheServiceHas: a layer whose source is missing would be refused by every map.
func TestStyleHasWhatTheServiceHas(t *testing.T) {
	for _, sets := range []style.Sets{nil, {"basemap": sets["basemap"]}, {"stations": {"stations"}, "parcels": {"parcels"}}, sets} {
		d := read(t, get(serve(t, style.Site{Sets: sets}), "/styles/light.json"))
		if len(d.Sources) != len(sets) {
			t.Errorf("with %v the sources are %v", sets, d.Sources)
		}
		drawn := map[string]bool{}
		for _, l := range d.Layers {
			if l.Source != "" && !slices.Contains(sets[l.Source], l.SourceLayer) {
				t.Errorf("with %v layer %s draws %s of %s", sets, l.ID, l.SourceLayer, l.Source)
			}
			drawn[l.Source] = true
		}
		for set := range sets {
			if !drawn[set] {
				t.Errorf("%s is not drawn", set)
			}
		}
	}
	// A page that draws the record itself has the sources, the slots, and the background only.
	d := read(t, get(serve(t, style.Site{Sets: sets}), "/styles/dark.json?layers=base"))
	slots := 0
	for _, l := range d.Layers {
		if l.Source != "" && l.Source != "basemap" {
			t.Errorf("the base draws %s", l.Source)
		}
		if strings.HasPrefix(l.ID, "slot-") {
			slots++
		}
	}
	if slots != 2 || len(d.Sources) != len(sets) {
		t.Errorf("%d slots, sources %v", slots, d.Sources)
	}
}

func TestPicturesTakeThePlaceOfAreas(t *testing.T) {
	h := serve(t, style.Site{Sets: sets, Raster: &style.Raster{MaxZoom: 18, Attribution: `天地图 <img src=x onerror=alert(1)>`}})
	d := read(t, get(h, "/styles/light.json"))
	if strings.Contains(d.Sources["raster"].Attribution, "<") || !strings.Contains(d.Sources["raster"].Attribution, "天地图 &lt;img") {
		t.Errorf("attribution %q", d.Sources["raster"].Attribution)
	}
	if d.Metadata["kora:pictures"] != `天地图 <img src=x onerror=alert(1)>` {
		t.Errorf("for a page that writes it itself: %v", d.Metadata["kora:pictures"])
	}
	for _, l := range d.Layers {
		if l.SourceLayer == "landuse" || l.SourceLayer == "water" {
			t.Errorf("%s hides the pictures", l.ID)
		}
	}
	if d.Layers[1].Type != "raster" {
		t.Errorf("the pictures are not the lowest: %v", d.Layers[:3])
	}
}

func TestCreditIsText(t *testing.T) {
	h := serve(t, style.Site{Sets: sets, Credit: func(*http.Request) string { return `© <b onclick="x">A & B</b>` }})
	got := read(t, get(h, "/styles/light.json")).Sources["basemap"].Attribution
	if want := `© &lt;b onclick=&#34;x&#34;&gt;A &amp; B&lt;/b&gt;`; got != want {
		t.Errorf("attribution %s, want %s", got, want)
	}
}

func TestRefusals(t *testing.T) {
	h := serve(t, style.Site{Sets: sets})
	for path, reason := range map[string]kora.Reason{
		"/styles/blue.json":              kora.ReasonNotFound,
		"/styles/light":                  kora.ReasonNotFound,
		"/styles/light.json?lang=fr":     kora.ReasonUnknown,
		"/styles/light.json?layers=none": kora.ReasonUnknown,
		"/styles/blue/sprite.png":        kora.ReasonNotFound,
		"/styles/light/sprite@3x.png":    kora.ReasonNotFound,
		"/styles/light/other.png":        kora.ReasonNotFound,
	} {
		if w := get(h, path); w.Code != http.StatusTeapot || !strings.HasPrefix(w.Body.String(), string(reason)+": ") {
			t.Errorf("%s: %d %s", path, w.Code, w.Body)
		}
	}
}

func TestStylesAreRevalidated(t *testing.T) {
	h := serve(t, style.Site{Sets: sets})
	style := read(t, get(h, "/styles/light.json"))
	versioned := strings.TrimPrefix(strings.Replace(style.Sprite, "/sprite?", "/sprite.png?", 1), "http://example.com")
	for _, path := range []string{"/styles/light.json", "/styles/dark.json?lang=bo", "/styles/light/sprite.json", "/styles/light/sprite@2x.png", versioned} {
		first := get(h, path)
		tag := first.Header().Get("ETag")
		if first.Code != http.StatusOK || tag == "" {
			t.Fatalf("%s: %d, tag %q", path, first.Code, tag)
		}
		if again := get(h, path, "If-None-Match", tag); again.Code != http.StatusNotModified || again.Body.Len() > 0 {
			t.Errorf("%s again: %d", path, again.Code)
		}
		req := httptest.NewRequest(http.MethodHead, path, nil)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, req)
		if w.Code != http.StatusOK || w.Header().Get("ETag") != tag || w.Body.Len() > 0 {
			t.Errorf("HEAD %s: %d %v", path, w.Code, w.Header())
		}
		if immutable := strings.Contains(first.Header().Get("Cache-Control"), "immutable"); immutable != (path == versioned) {
			t.Errorf("%s: %s", path, first.Header().Get("Cache-Control"))
		}
	}
}

// TestSpriteHoldsItsIcons cuts the sheets as MapLibre does: every icon lies on the sheet, has something on it, and is twice
// as large on the sheet for two pixels a point.
func TestSpriteHoldsItsIcons(t *testing.T) {
	h := serve(t, style.Site{})
	type cutting struct{ X, Y, Width, Height, PixelRatio int }
	for _, theme := range style.Themes() {
		var single, double map[string]cutting
		for suffix, index := range map[string]*map[string]cutting{"": &single, "@2x": &double} {
			base := fmt.Sprintf("/styles/%s/sprite%s", theme, suffix)
			if err := json.Unmarshal(get(h, base+".json").Body.Bytes(), index); err != nil {
				t.Fatal(err)
			}
			sheet, err := png.Decode(get(h, base+".png").Body)
			if err != nil {
				t.Fatal(err)
			}
			for name, c := range *index {
				if c.X < 0 || c.Y < 0 || c.X+c.Width > sheet.Bounds().Dx() || c.Y+c.Height > sheet.Bounds().Dy() {
					t.Errorf("%s %s hangs over the edge of the sheet", base, name)
				}
				opaque := 0
				for y := c.Y; y < c.Y+c.Height; y++ {
					for x := c.X; x < c.X+c.Width; x++ {
						if _, _, _, a := sheet.At(x, y).RGBA(); a > 0x8000 {
							opaque++
						}
					}
				}
				if opaque*10 < c.Width*c.Height {
					t.Errorf("%s %s is empty", base, name)
				}
			}
		}
		for name, c := range single {
			if d := double[name]; d.Width != 2*c.Width || d.Height != 2*c.Height || c.PixelRatio != 1 || d.PixelRatio != 2 {
				t.Errorf("%s %s: %v and %v", theme, name, c, d)
			}
		}
		for _, kind := range kora.Kinds() {
			for _, variant := range []string{"", "-muted", "-small", "-small-muted", "-chosen", "-chosen-plain"} {
				if single[string(kind)+variant].Width == 0 {
					t.Errorf("%s has no icon %s%s", theme, kind, variant)
				}
			}
		}
	}
}

func TestBrokenDesignIsRefused(t *testing.T) {
	css, shapes := "--paper: #ffffff;\n--ink: #000000;\n--ink-soft: #444444;\n--map-shield: #888888;\n", `{}`
	dark := "@media (prefers-color-scheme: dark) {}"
	for says, design := range map[string]fstest.MapFS{
		"tokens.css":    {},
		"no dark theme": {"tokens.css": {Data: []byte(css)}},
		"shapes.json":   {"tokens.css": {Data: []byte(css + dark)}},
		"--paper":       {"tokens.css": {Data: []byte(dark)}, "shapes.json": {Data: []byte(shapes)}},
		"--pink":        {"tokens.css": {Data: []byte(css + dark)}, "shapes.json": {Data: []byte(`{"a": {"colour": "pink"}}`)}},
		"draws nothing": {"tokens.css": {Data: []byte(css + dark)}, "shapes.json": {Data: []byte(`{"a": {"colour": "ink"}}`)}},
	} {
		if _, err := style.New(design, page); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%v; should say %q", err, says)
		}
	}
	m, err := style.New(fstest.MapFS{"tokens.css": {Data: []byte(css + dark)}, "shapes.json": {Data: []byte(shapes)}}, page)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := m.Document(style.View{Theme: style.Light, Language: style.Chinese}); err == nil || !strings.Contains(err.Error(), "--map-ground") {
		t.Errorf("a style without its colours: %v", err)
	}
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		if _, err := style.New(web.Design(), page); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDocument(b *testing.B) {
	m := maker(b)
	for b.Loop() {
		if _, err := m.Document(style.View{Theme: style.Light, Language: style.Tibetan, Sets: sets}); err != nil {
			b.Fatal(err)
		}
	}
}
