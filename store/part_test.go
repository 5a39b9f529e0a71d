package store_test

import (
	"bytes"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"

	"kora"
	"kora/store"
	"kora/store/cluster/clustertest"
)

// The parts of a network are read from copies in files, which are made when they are absent, mended when they are damaged,
// and gone when another network has taken their place.
func TestPartsComeFromCopies(t *testing.T) {
	cfg, err := pgxpool.ParseConfig(clustertest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	folder := filepath.Join(t.TempDir(), "networks")
	s, err := store.Open(t.Context(), cfg, folder, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.Close)
	put := func(mark byte) *kora.Network {
		n := &kora.Network{Name: "a", SHA256: string(make64(mark)), Nodes: 1, Edges: 1,
			Streets: map[string][]byte{"walk": bytes.Repeat([]byte{mark}, 5<<20), "car": {mark, 1}}, Basemap: []byte{mark, 2}, Heights: []byte{mark, 3}}
		if _, _, err := s.ReplaceNetwork(t.Context(), author, n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	read := func(want *kora.Network) *kora.Network {
		t.Helper()
		c, err := s.Changes(t.Context(), kora.Position{})
		if err != nil {
			t.Fatal(err)
		}
		same(t, "streets", c.Network.Streets, want.Streets)
		same(t, "basemap", c.Network.Basemap, want.Basemap)
		same(t, "heights", c.Network.Heights, want.Heights)
		return c.Network
	}
	files := func() (names []string) {
		entries, err := os.ReadDir(folder)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return names
	}

	first := put('a')
	former := read(first)
	made := files()
	if len(made) != 4 {
		t.Fatalf("the copies are %v, want one for each part", made)
	}
	read(first)
	if again := files(); !slices.Equal(again, made) {
		t.Errorf("read again, the copies are %v, and were %v", again, made)
	}

	walk := filepath.Join(folder, made[slices.IndexFunc(made, func(f string) bool { return strings.Contains(f, "walk") })])
	if err := os.Remove(walk); err != nil { // what is mapped from it must stay as it is
		t.Fatal(err)
	}
	if err := os.WriteFile(walk, []byte("cut off"), 0o600); err != nil {
		t.Fatal(err)
	}
	read(first)

	second := put('b')
	read(second)
	if now := files(); len(now) != 4 || slices.ContainsFunc(now, func(f string) bool { return slices.Contains(made, f) }) {
		t.Errorf("the copies are %v; those of the former network %v should be gone", now, made)
	}
	same(t, "what was lent before", former.Streets, first.Streets)
}

// The same extract with other streets or heights, as another altitude factor or another version of Kora makes them, is another
// network.
func TestSameExtractWithOtherStreets(t *testing.T) {
	s, _ := open(t)
	put := func(streets byte, heights []byte) bool {
		n := &kora.Network{Name: "a", SHA256: string(make64('a')), Nodes: 1, Edges: 1, Basemap: []byte{1}, Heights: heights,
			Streets: map[string][]byte{"walk": bytes.Repeat([]byte{streets}, 5<<20), "car": {1}}}
		_, changed, err := s.ReplaceNetwork(t.Context(), author, n)
		if err != nil {
			t.Fatal(err)
		}
		return changed
	}
	for i, c := range []struct {
		streets byte
		heights []byte
		changes bool
	}{{1, nil, true}, {1, nil, false}, {2, nil, true}, {2, nil, false}, {1, nil, true}, {1, []byte{1}, true}, {1, []byte{1}, false}, {1, []byte{2}, true}} {
		if changed := put(c.streets, c.heights); changed != c.changes {
			t.Errorf("import %d changes the network: %v, want %v", i, changed, c.changes)
		}
	}
}
