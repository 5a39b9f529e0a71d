package tiles_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/klauspost/compress/zstd"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"go.uber.org/goleak"
	"pgregory.net/rapid"

	"kora"
	"kora/atlas"
	"kora/atlas/atlastest"
	"kora/tiles"
)

var update = flag.Bool("update", false, "rewrite testdata/schema.json")

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A node is a server of tiles that counts what it makes.
type node struct {
	http.Handler
	*tiles.Server
	keeper *atlas.Keeper
	record *atlastest.Record

	mu   sync.Mutex
	made map[string]int // by path
}

func newNode(t testing.TB, r *atlastest.Record) *node {
	t.Helper()
	n := &node{keeper: atlastest.Open(t, r), record: r, made: map[string]int{}}
	n.Server = tiles.NewServer(func(*http.Request) *atlas.Atlas { return n.keeper.Atlas() })
	n.Encoding(func(l *tiles.Layer, tile maptile.Tile) error {
		n.mu.Lock()
		defer n.mu.Unlock()
		n.made[path(l.Name, tile)]++
		return nil
	})
	n.Handler = handler(n.Server)
	return n
}

func (n *node) counts() map[string]int {
	n.mu.Lock()
	defer n.mu.Unlock()
	return maps.Clone(n.made)
}

// edit changes the record and waits until the node shows it.
func (n *node) edit(t testing.TB, do func()) {
	t.Helper()
	xid, err := n.record.Edit(do)
	if err == nil {
		err = n.keeper.WaitFor(t.Context(), xid)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// with gives a copy of a row that change has changed.
func with[T any](row *T, change func(*T)) *T {
	c := *row
	change(&c)
	return &c
}

// TestChangeRenewsWhatItTouches: a tile that a change does not touch is neither made again nor given another tag; one that
// it does touch but leave as it is keeps its tag.
func TestChangeRenewsWhatItTouches(t *testing.T) {
	n := newNode(t, atlastest.Town(t))
	r := n.record
	const (
		parcel   = "parcel's own"
		other    = "other parcel's"
		west     = "western station's"
		east     = "eastern station's"
		cells    = "cells"
		ground   = "basemap"
		nowhere  = "empty"
		stations = "all stations"
	)
	places := map[string]string{
		parcel: path("parcels", at(94.3015, 29.6015, 15)), other: path("parcels", at(94.3215, 29.6015, 15)),
		west: path("stations", at(91.0009, 0.00001, 14)), east: path("stations", at(91.0711, 0.00001, 14)),
		stations: path("stations", at(91, 0.00001, 5)), cells: path("coverage", at(91.005, 0.0001, 13)),
		ground: path("basemap", at(91.005, 0.0001, 14)), nowhere: path("parcels", at(10, 10, 8)),
	}
	for _, step := range []struct {
		name        string
		edit        func()
		made, other []string // which are made again, and which of them then differ
	}{
		{"nothing", func() {}, nil, nil},
		{"a parcel", func() {
			r.Parcels[1] = with(r.Parcels[1], func(p *kora.Parcel) { p.Status = kora.ParcelAnnounced })
		}, []string{parcel}, []string{parcel}},
		{"a parcel by what no tile shows", func() {
			r.Parcels[1] = with(r.Parcels[1], func(p *kora.Parcel) { p.TermYears = 7 })
		}, []string{parcel}, nil},
		{"a parcel that comes to the other", func() {
			r.Parcels[1] = with(r.Parcels[1], func(p *kora.Parcel) {
				p.Geometry = orb.MultiPolygon{{{{94.324, 29.6}, {94.325, 29.6}, {94.325, 29.601}, {94.324, 29.6}}}}
			})
		}, []string{parcel, other}, []string{parcel, other}},
		{"a new station", func() {
			r.Stations[9] = with(r.Stations[1], func(s *kora.Station) { s.ID, s.Code, s.Point = 9, "N", orb.Point{91.0711, 0} })
		}, []string{east, stations}, []string{east, stations}},
		{"a station at the street", func() {
			r.Stations[1] = with(r.Stations[1], func(s *kora.Station) { s.Kind = kora.KindOxygen })
		}, []string{west, stations}, []string{west, stations}},
		{"a notice", func() { delete(r.Notices, 1) }, nil, nil},
		{"a key area", func() {
			r.KeyAreas[7] = with(r.KeyAreas[7], func(a *kora.KeyArea) { a.Name.ZH = "镇" })
		}, []string{cells}, []string{cells}},
		{"the streets", func() {
			r.Network = with(r.Network, func(n *kora.Network) { n.ID, n.Attribution = 2, "© somebody" })
		}, []string{cells, ground}, nil},
	} {
		tags := map[string]string{}
		for name, p := range places {
			tags[name] = get(n, p).Header.Get("ETag")
		}
		before := n.counts()
		n.edit(t, step.edit)
		for name, p := range places {
			tag := get(n, p).Header.Get("ETag")
			get(n, p) // the second must be kept
			if made, want := n.counts()[p]-before[p], count(step.made, name); made != want {
				t.Errorf("after a change of %s the %s tile was made %d times, want %d", step.name, name, made, want)
			}
			if differs, want := tag != tags[name], count(step.other, name) > 0; differs != want {
				t.Errorf("after a change of %s the tag of the %s tile is another: %v", step.name, name, differs)
			}
		}
	}
}

func count(list []string, name string) (n int) {
	for _, s := range list {
		if s == name {
			n++
		}
	}
	return n
}

// TestEveryReaderGetsTheTileOfItsAtlas: whatever changed meanwhile, in whatever order readers come, a kept tile has the bytes
// that encoding the reader's own atlas gives.
func TestEveryReaderGetsTheTileOfItsAtlas(t *testing.T) {
	r := atlastest.Town(t)
	keeper := atlastest.Open(t, r)
	var current *atlas.Atlas
	s := tiles.NewServer(func(*http.Request) *atlas.Atlas { return current })
	h := handler(s)
	layers := tiles.Layers()
	past := []*atlas.Atlas{keeper.Atlas()}
	rapid.Check(t, func(rt *rapid.T) {
		for range rapid.IntRange(1, 8).Draw(rt, "steps") {
			xid, err := r.Edit(func() {
				x, id := float64(rapid.IntRange(0, 5).Draw(rt, "x"))/100, int64(rapid.IntRange(1, 3).Draw(rt, "id"))
				switch rapid.IntRange(0, 4).Draw(rt, "what") {
				case 0:
					s := atlastest.Town(t).Stations[id]
					s.Point = orb.Point{91 + x, 0.0001}
					r.Stations[id] = s
				case 1:
					if r.KeyAreas[7] != nil {
						delete(r.KeyAreas, 7)
					} else {
						r.KeyAreas[7] = atlastest.Town(t).KeyAreas[7]
					}
				default:
					p := atlastest.Town(t).Parcels[id]
					p.Geometry = orb.MultiPolygon{{{{94.3 + x, 29.6}, {94.303 + x, 29.6}, {94.303 + x, 29.603}, {94.3 + x, 29.6}}}}
					r.Parcels[id] = p
				}
			})
			if err == nil {
				err = keeper.WaitFor(t.Context(), xid)
			}
			if err != nil {
				rt.Fatal(err)
			}
			past = append(past, keeper.Atlas())
			for range 4 {
				current = past[len(past)-1-rapid.IntRange(0, min(5, len(past)-1)).Draw(rt, "how old")]
				l := layers[rapid.IntRange(0, len(layers)-1).Draw(rt, "layer")]
				tile := at(94.3+float64(rapid.IntRange(0, 6).Draw(rt, "tile"))/100, 29.601, 14)
				if l.Name != "parcels" {
					tile = at(91+float64(rapid.IntRange(0, 6).Draw(rt, "tile"))/100, 0.0001, 13)
				}
				want, err := l.Encode(current, tile)
				if err != nil {
					rt.Fatal(err)
				}
				if got := read(t, get(h, path(l.Name, tile))); !bytes.Equal(got, want) {
					rt.Fatalf("%s is not of the atlas that it was asked of", path(l.Name, tile))
				}
			}
		}
	})
}

// TestVersionsAgreeBetweenNodes: another node, and the same after a restart, gives the same addresses and the same tags.
func TestVersionsAgreeBetweenNodes(t *testing.T) {
	one, two := newNode(t, atlastest.Town(t)), newNode(t, atlastest.Town(t))
	one.edit(t, func() { delete(one.record.Parcels, 2) })
	one.edit(t, func() { one.record.Parcels[2] = atlastest.Town(t).Parcels[2] })
	for _, l := range tiles.Layers() {
		if a, b := read(t, get(one, "/tiles/"+l.Name+".json")), read(t, get(two, "/tiles/"+l.Name+".json")); !bytes.Equal(a, b) {
			t.Errorf("%s is described differently: %s, %s", l.Name, a, b)
		}
	}
	p := path("parcels", at(94.3015, 29.6015, 14))
	if a, b := get(one, p).Header.Get("ETag"), get(two, p).Header.Get("ETag"); a != b || a == "" {
		t.Errorf("tags %q and %q", a, b)
	}
}

// TestOnlyTheCurrentVersionIsForEver: a tile may be kept for ever under an address with its version, and under no other.
func TestOnlyTheCurrentVersionIsForEver(t *testing.T) {
	n := newNode(t, atlastest.Town(t))
	versioned := func() (full, empty string) {
		var d struct{ Tiles []string }
		if err := json.Unmarshal(read(t, get(n, "/tiles/parcels.json")), &d); err != nil {
			t.Fatal(err)
		}
		address := strings.TrimPrefix(d.Tiles[0], "http://example.com")
		fill := func(tile maptile.Tile) string {
			return strings.NewReplacer("{z}", itoa(uint32(tile.Z)), "{x}", itoa(tile.X), "{y}", itoa(tile.Y)).Replace(address)
		}
		return fill(at(94.3015, 29.6015, 14)), fill(at(10, 10, 14))
	}
	const forever, ask = "public, max-age=31536000, immutable", "public, no-cache"
	full, empty := versioned()
	bare, _, _ := strings.Cut(full, "?")
	check := func(when, path, want string, status int, headers ...string) {
		t.Helper()
		res := get(n, path, headers...)
		if got := res.Header.Get("Cache-Control"); got != want || res.StatusCode != status {
			t.Errorf("%s: %s is %d, to be kept %q, want %d, %q", when, path, res.StatusCode, got, status, want)
		}
	}
	check("at first", full, forever, http.StatusOK)
	check("at first", full, forever, http.StatusNotModified, "If-None-Match", "*")
	check("at first", empty, forever, http.StatusNoContent)
	check("at first", bare, ask, http.StatusOK)
	check("at first", bare+"?v=1-0", ask, http.StatusOK)
	check("at first", bare+"?v=", ask, http.StatusOK)
	n.edit(t, func() { delete(n.record.Parcels, 3) })
	check("after a change", full, ask, http.StatusOK)
	check("after a change", empty, ask, http.StatusNoContent)
	renewed, _ := versioned()
	if renewed == full {
		t.Error("the version is the same after a change")
	}
	check("after a change", renewed, forever, http.StatusOK)
	for _, query := range []string{"?v=a&v=b", "?w=1", "?v=a&w=1", "?%zz", "?;"} {
		check("with a bad query", bare+query, "", http.StatusBadRequest)
	}
}

func TestConditionalRequests(t *testing.T) {
	n := newNode(t, atlastest.Town(t))
	tile := path("parcels", at(94.3015, 29.6015, 14))
	for _, p := range []string{tile, "/tiles/parcels.json"} {
		full := get(n, p)
		tag := full.Header.Get("ETag")
		if tag == "" {
			t.Fatalf("%s has no tag", p)
		}
		for match, status := range map[string]int{
			tag: 304, "W/" + tag: 304, `"other", ` + tag: 304, `"other",W/"x" ,` + tag + `, "z"`: 304, "*": 304, " * ": 304,
			`"other"`: 200, `"other", W/"x"`: 200, "": 200, strings.Trim(tag, `"`): 200, tag[:len(tag)-1]: 200, `"a,` + tag: 200,
			"W/*": 200, `w/` + tag: 200, `,,` + tag: 304,
		} {
			res := get(n, p, "If-None-Match", match)
			if res.StatusCode != status {
				t.Errorf("%s, If-None-Match %s: %d, want %d", p, match, res.StatusCode, status)
			}
			if res.StatusCode != http.StatusNotModified {
				continue
			}
			for _, h := range []string{"ETag", "Cache-Control", "Vary"} {
				if res.Header.Get(h) != full.Header.Get(h) {
					t.Errorf("%s: a 304 has %s %q, the tile %q", p, h, res.Header.Get(h), full.Header.Get(h))
				}
			}
			if len(read(t, res)) > 0 || res.Header.Get("Content-Type") != "" || res.Header.Get("Content-Encoding") != "" {
				t.Errorf("%s: a 304 with a body or its headers: %v", p, res.Header)
			}
		}
	}
	// A tag is of one coding.
	packed := get(n, tile, "Accept-Encoding", "gzip").Header.Get("ETag")
	if res := get(n, tile, "Accept-Encoding", "zstd", "If-None-Match", packed); res.StatusCode != http.StatusOK {
		t.Errorf("the tag of gzip holds for zstd: %d", res.StatusCode)
	}
	if res := get(n, tile, "Accept-Encoding", "gzip", "If-None-Match", packed); res.StatusCode != http.StatusNotModified {
		t.Errorf("the tag of gzip does not hold for gzip: %d", res.StatusCode)
	}
}

func TestHeadAndRange(t *testing.T) {
	n := newNode(t, atlastest.Town(t))
	p := path("parcels", at(94.3015, 29.6015, 14))
	for _, coding := range []string{"identity", "gzip", "zstd"} {
		full := get(n, p, "Accept-Encoding", coding)
		body := read(t, full)
		req := httptest.NewRequest(http.MethodHead, p, nil)
		req.Header.Set("Accept-Encoding", coding)
		w := httptest.NewRecorder()
		n.ServeHTTP(w, req)
		if w.Code != http.StatusOK || w.Body.Len() > 0 || fmt.Sprint(w.Header()) != fmt.Sprint(full.Header) || w.Header().Get("Content-Length") != fmt.Sprint(len(body)) {
			t.Errorf("HEAD, %s: %d %v with %d bytes, GET %v", coding, w.Code, w.Header(), w.Body.Len(), full.Header)
		}
		for _, part := range []string{"bytes=0-3", "bytes=-1", "bytes=99999999-", "bytes=0-1,3-4", "x"} {
			res := get(n, p, "Accept-Encoding", coding, "Range", part, "If-Range", full.Header.Get("ETag"))
			if res.StatusCode != http.StatusOK || !bytes.Equal(read(t, res), body) {
				t.Errorf("Range %s: %d", part, res.StatusCode)
			}
		}
	}
}

func TestEncodings(t *testing.T) {
	n := newNode(t, atlastest.Town(t))
	p := path("coverage", at(91.005, 0.0001, 13))
	plain := read(t, get(n, p))
	tags := map[string]string{}
	for _, c := range []struct{ accept, want string }{
		{"", ""}, {"identity", ""}, {"br", ""}, {"deflate", ""}, {"gzip;q=0", ""}, {"*;q=0", ""}, {"identity;q=0", ""},
		{"gzip", "gzip"}, {"GZip", "gzip"}, {"x-gzip", "gzip"}, {"br;q=1, gzip;q=0.5", "gzip"}, {"gzip;q=0.001", "gzip"},
		{"zstd", "zstd"}, {"gzip, deflate, br, zstd", "zstd"}, {"gzip;q=1.0, zstd;q=0.9", "gzip"}, {"zstd;q=0.5, gzip;q=0.5", "zstd"},
		{"*", "zstd"}, {"*;q=0.5, zstd;q=0", "gzip"}, {"*;q=0, gzip", "gzip"}, {"identity;q=1, gzip;q=0.5", ""},
		{"identity;q=0.5, gzip;q=0.5", "gzip"}, {"gzip; q=0.5", "gzip"}, {"gzip;Q=1", "gzip"}, {"gzip\t;\tq=1", "gzip"},
		{"gzip;q=2", ""}, {"gzip;q=NaN", ""}, {"gzip;q=-1", ""}, {"gzip;q=", ""}, {"gzip;level=9", ""},
		{",,;;q=,gzip;;", ""}, {strings.Repeat("gzip;q=0,", 900), ""},
	} {
		res := get(n, p, "Accept-Encoding", c.accept)
		got := res.Header.Get("Content-Encoding")
		if got != c.want {
			t.Errorf("Accept-Encoding %.60q got %q, want %q", c.accept, got, c.want)
		}
		if res.Header.Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: Vary %q", c.accept, res.Header.Get("Vary"))
		}
		if b := decode(t, res); !bytes.Equal(b, plain) {
			t.Errorf("Accept-Encoding %q: %d bytes, want %d", c.accept, len(b), len(plain))
		}
		tag := res.Header.Get("ETag")
		if before, seen := tags[got]; seen && before != tag {
			t.Errorf("%q has the tags %s and %s", got, before, tag)
		}
		tags[got] = tag
	}
	if len(tags) != 3 || tags[""] == tags["gzip"] || tags["gzip"] == tags["zstd"] {
		t.Errorf("tags: %v", tags)
	}
	if made := n.counts()[p]; made != 1 {
		t.Errorf("made %d times", made)
	}
}

// decode reads an answer by other packages than those that wrote it, as far as there are any.
func decode(t *testing.T, res *http.Response) []byte {
	t.Helper()
	var r io.Reader = res.Body
	var err error
	switch res.Header.Get("Content-Encoding") {
	case "gzip":
		r, err = gzip.NewReader(res.Body)
	case "zstd":
		var z *zstd.Decoder
		if z, err = zstd.NewReader(res.Body); err == nil {
			defer z.Close()
			r = z
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// FuzzNegotiation: no header breaks the choice, and a tag is found in a list exactly when it is one of its parts.
func FuzzNegotiation(f *testing.F) {
	f.Add("gzip, zstd;q=0.5", `W/"a", "b"`)
	f.Add("*;q=0", "*")
	f.Fuzz(func(t *testing.T, accept, match string) {
		if c := tiles.Chosen(accept); c != "identity" && !strings.Contains(strings.ToLower(accept), c) && !strings.Contains(accept, "*") {
			t.Errorf("%q got %s", accept, c)
		}
		if tiles.Matches(match, `"4bf1"`) && !strings.Contains(match, `"4bf1"`) && !strings.Contains(match, "*") {
			t.Errorf("%q matches", match)
		}
		if !strings.ContainsAny(match, `"`) && strings.TrimSpace(match) != "*" && tiles.Matches(match, `"4bf1"`) {
			t.Errorf("%q matches", match)
		}
	})
}

func TestEmptyTiles(t *testing.T) {
	n := newNode(t, atlastest.Town(t))
	empty, below := "/tiles/stations/14/0/0.mvt", "/tiles/coverage/3/1/1.mvt"
	for range 3 {
		for _, p := range []string{empty, below} {
			for _, match := range []string{"", "*", `"x"`} {
				res := get(n, p, "If-None-Match", match)
				if res.StatusCode != http.StatusNoContent || res.Header.Get("Cache-Control") == "" || res.Header.Get("Content-Type") != "" {
					t.Errorf("%s: %d %v", p, res.StatusCode, res.Header)
				}
			}
		}
	}
	if made := n.counts(); made[empty] != 1 || made[below] != 0 {
		t.Errorf("empty tiles were made: %v", made)
	}
}

// TestOneEncodeForAThousand: all who ask for a tile that nobody has made yet wait for one, and get it, also when who asked
// first goes away.
func TestOneEncodeForAThousand(t *testing.T) {
	a := atlastest.Open(t, atlastest.Town(t)).Atlas()
	p := path("coverage", at(91.005, 0.0001, 13))
	synctest.Test(t, func(t *testing.T) {
		s := tiles.NewServer(func(*http.Request) *atlas.Atlas { return a })
		h := handler(s)
		var made, served atomic.Int32
		release := make(chan struct{})
		s.Encoding(func(*tiles.Layer, maptile.Tile) error {
			made.Add(1)
			<-release
			return nil
		})
		first, leave := context.WithCancel(t.Context())
		go h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(first, http.MethodGet, p, nil))
		synctest.Wait()
		leave()
		const many = 1000
		for i := range many {
			go func() {
				if res := get(h, p, "Accept-Encoding", []string{"", "gzip", "zstd"}[i%3]); res.StatusCode == http.StatusOK {
					served.Add(1)
				}
			}()
		}
		impatient, leave := context.WithCancel(t.Context())
		left := false
		go func() {
			h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(impatient, http.MethodGet, p, nil))
			left = true
		}()
		synctest.Wait()
		leave()
		synctest.Wait()
		if !left {
			t.Error("who goes away must wait all the same")
		}
		close(release)
		synctest.Wait()
		if made.Load() != 1 || served.Load() != many {
			t.Errorf("made %d times for %d of %d who asked", made.Load(), served.Load(), many)
		}
	})
}

// TestWhoWaitsTakesOver: when whoever was to make a tile goes away before it is begun, one who waits for it makes it; when
// nobody waits, it is not made.
func TestWhoWaitsTakesOver(t *testing.T) {
	a := atlastest.Open(t, atlastest.Town(t)).Atlas()
	waited, alone := path("stations", at(91.0009, 0.0001, 14)), path("stations", at(91.0009, 0.0001, 13))
	synctest.Test(t, func(t *testing.T) {
		s := tiles.NewServer(func(*http.Request) *atlas.Atlas { return a })
		h := handler(s)
		var made sync.Map
		release := make(chan struct{})
		s.Encoding(func(l *tiles.Layer, tile maptile.Tile) error {
			made.Store(path(l.Name, tile), true)
			if l.Name == "parcels" {
				<-release
			}
			return nil
		})
		for i := range runtime.GOMAXPROCS(0) { // no more can be made now
			go get(h, path("parcels", maptile.New(uint32(i), 0, 14)))
		}
		synctest.Wait()
		first, leave := context.WithCancel(t.Context())
		for _, p := range []string{waited, alone} {
			go h.ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(first, http.MethodGet, p, nil))
		}
		synctest.Wait()
		var status [20]int
		for i := range status {
			go func() { status[i] = get(h, waited).StatusCode }()
		}
		synctest.Wait()
		leave()
		synctest.Wait()
		close(release)
		synctest.Wait()
		for _, got := range status {
			if got != http.StatusOK {
				t.Fatalf("those who waited got %v", status)
			}
		}
		if _, wasted := made.Load(alone); wasted {
			t.Error("a tile was made for nobody")
		}
	})
}

// TestAtOnceAreAsManyAsProcessors bounds how many tiles are made side by side.
func TestAtOnceAreAsManyAsProcessors(t *testing.T) {
	n := newNode(t, atlastest.Town(t))
	var now, most atomic.Int32
	n.Encoding(func(*tiles.Layer, maptile.Tile) error {
		if v := now.Add(1); v > most.Load() {
			most.Store(v)
		}
		runtime.Gosched()
		now.Add(-1)
		return nil
	})
	var asking sync.WaitGroup
	for i := range 300 {
		asking.Go(func() { get(n, path("parcels", maptile.New(uint32(i), 9, 14))) })
	}
	asking.Wait()
	if most.Load() > int32(runtime.GOMAXPROCS(0)) {
		t.Errorf("%d at once", most.Load())
	}
}

// TestFaultsAreNotKept: a tile that could not be made is tried again by the next who asks, whether encoding failed or panicked.
func TestFaultsAreNotKept(t *testing.T) {
	n := newNode(t, atlastest.Town(t))
	p := path("coverage", at(91.005, 0.0001, 13))
	for name, fault := range map[string]func() error{
		"error": func() error { return errors.New("broken") },
		"panic": func() error { panic("broken") },
	} {
		n.Encoding(func(*tiles.Layer, maptile.Tile) error { return fault() })
		for range 3 {
			if res := get(n, p); res.StatusCode != http.StatusBadRequest || !bytes.Contains(read(t, res), []byte("broken")) {
				t.Errorf("%s: %d", name, res.StatusCode)
			}
		}
	}
	if kept, counted, _ := n.Kept(); kept != 0 || counted != 0 {
		t.Errorf("%d tiles of %d bytes are kept", kept, counted)
	}
	n.Encoding(func(*tiles.Layer, maptile.Tile) error { return nil })
	if res := get(n, p); res.StatusCode != http.StatusOK {
		t.Errorf("afterwards: %d", res.StatusCode)
	}
}

// TestMemoryIsBounded: the cache counts what it holds, in every coding, and stays below its limit.
func TestMemoryIsBounded(t *testing.T) {
	n := newNode(t, atlastest.Town(t))
	const limit = 100 << 10
	n.Limit(limit)
	for i := range 400 {
		p := path([]string{"coverage", "parcels", "stations"}[i%3], maptile.New(uint32(6160+i%9), 4095, 13))
		if i%5 == 0 {
			p = path("parcels", maptile.New(uint32(i), 5, 14))
		}
		get(n, p, "Accept-Encoding", []string{"gzip", "zstd", ""}[i%2])
		if i%50 == 49 {
			n.edit(t, func() {
				n.record.Stations[1] = with(n.record.Stations[1], func(s *kora.Station) { s.Name.ZH = fmt.Sprint("站", i) })
			})
		}
		kept, counted, real := n.Kept()
		if counted != real || counted > limit {
			t.Fatalf("step %d: %d tiles, %d bytes counted, %d held, %d allowed", i, kept, counted, real, limit)
		}
	}
	if kept, _, _ := n.Kept(); kept < 10 {
		t.Errorf("only %d tiles are kept", kept)
	}
}

// TestDescriptions holds the answers to the rules of TileJSON 3.0.0: its schema's required members, types and ranges.
func TestDescriptions(t *testing.T) {
	n := newNode(t, atlastest.Town(t))
	for _, l := range tiles.Layers() {
		res := get(n, "/tiles/"+l.Name+".json")
		if ct := res.Header.Get("Content-Type"); ct != "application/json" {
			t.Errorf("%s: %s", l.Name, ct)
		}
		b := read(t, res)
		var raw map[string]json.RawMessage
		if err := json.Unmarshal(b, &raw); err != nil {
			t.Fatal(err)
		}
		for _, member := range []string{"tilejson", "tiles", "vector_layers", "name", "bounds", "center", "minzoom", "maxzoom"} {
			if raw[member] == nil {
				t.Errorf("%s has no %s", l.Name, member)
			}
		}
		var d struct {
			TileJSON         string
			Tiles            []string
			MinZoom, MaxZoom int
			Bounds, Center   []float64
			Attribution      string
			VectorLayers     []struct {
				ID               string
				Fields           map[string]string
				MinZoom, MaxZoom *int
			} `json:"vector_layers"`
		}
		if err := json.Unmarshal(b, &d); err != nil {
			t.Fatal(err)
		}
		if d.TileJSON != "3.0.0" || len(d.Tiles) != 1 || !strings.HasPrefix(d.Tiles[0], "http://example.com/tiles/"+l.Name+"/{z}/{x}/{y}.mvt?v=") {
			t.Errorf("%s: %s", l.Name, b)
		}
		if d.MinZoom < 0 || d.MaxZoom < d.MinZoom || d.MaxZoom > 30 {
			t.Errorf("%s: zooms %d to %d", l.Name, d.MinZoom, d.MaxZoom)
		}
		if len(d.Bounds) != 4 || d.Bounds[0] < -180 || d.Bounds[1] < -90 || d.Bounds[2] > 180 || d.Bounds[3] > 90 ||
			d.Bounds[0] >= d.Bounds[2] || d.Bounds[1] >= d.Bounds[3] {
			t.Errorf("%s: bounds %v", l.Name, d.Bounds)
		}
		if len(d.Center) != 3 || d.Center[0] < d.Bounds[0] || d.Center[0] > d.Bounds[2] || d.Center[1] < d.Bounds[1] ||
			d.Center[1] > d.Bounds[3] || d.Center[2] < float64(d.MinZoom) || d.Center[2] > float64(d.MaxZoom) || d.Center[2] != float64(int(d.Center[2])) {
			t.Errorf("%s: centre %v in %v", l.Name, d.Center, d.Bounds)
		}
		if len(d.VectorLayers) != len(l.Contents) {
			t.Errorf("%s: %d vector layers", l.Name, len(d.VectorLayers))
		}
		for _, v := range d.VectorLayers {
			if v.ID == "" || v.Fields == nil || v.MinZoom == nil || v.MaxZoom == nil || *v.MinZoom < d.MinZoom || *v.MaxZoom > d.MaxZoom {
				t.Errorf("%s: layer %+v", l.Name, v)
			}
		}
		if streets := l.Name == "basemap" || l.Name == "coverage"; streets != (d.Attribution == "© nobody") {
			t.Errorf("%s is attributed to %q", l.Name, d.Attribution)
		}
	}
	n.edit(t, func() {
		n.record.Network = with(n.record.Network, func(n *kora.Network) { n.Attribution = `<script>alert(1)</script>` })
	})
	var d struct{ Attribution string }
	if err := json.Unmarshal(read(t, get(n, "/tiles/basemap.json")), &d); err != nil || strings.Contains(d.Attribution, "<") {
		t.Errorf("%q is no text (%v)", d.Attribution, err)
	}
	if b := read(t, get(n, "/tiles/stations.json", "X-Forwarded-Proto", "https")); !bytes.Contains(b, []byte(`"https://example.com/`)) {
		t.Errorf("behind TLS: %s", b)
	}
	if b := read(t, get(n, "/tiles/stations.json", "X-Forwarded-Proto", "javascript")); !bytes.Contains(b, []byte(`"http://example.com/`)) {
		t.Errorf("behind nonsense: %s", b)
	}
}

// TestSchema: whoever changes the bytes of tiles must raise schema, or tiles that are kept for ever hold the old ones. When it
// fails, raise schema in server.go and run this test with -update.
func TestSchema(t *testing.T) {
	type record struct {
		Schema int               `json:"schema"`
		Tags   map[string]string `json:"tags"`
	}
	n := newNode(t, atlastest.Town(t))
	now := record{tiles.Schema, map[string]string{}}
	for _, l := range tiles.Layers() {
		for _, place := range []orb.Point{{91.005, 0.0001}, {94.3015, 29.6015}} {
			for z := l.MinZoom; z <= l.MaxZoom; z++ {
				p := path(l.Name, at(place[0], place[1], z))
				if tag := get(n, p).Header.Get("ETag"); tag != "" {
					now.Tags[p] = tag
				}
			}
		}
	}
	const file = "testdata/schema.json"
	if *update {
		b, err := json.MarshalIndent(now, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(b, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var then record
	if err := json.Unmarshal(b, &then); err != nil {
		t.Fatal(err)
	}
	if then.Schema != now.Schema {
		t.Errorf("schema is %d, the tags are of %d; run this test with -update", now.Schema, then.Schema)
	} else if !maps.Equal(then.Tags, now.Tags) {
		t.Errorf("tiles have other bytes than schema %d had; raise it and run this test with -update", now.Schema)
	}
}
