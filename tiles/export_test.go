package tiles

import (
	"github.com/paulmach/orb/maptile"

	"kora/atlas"
)

// Schema is the number of the way in which tiles are made.
const Schema = schema

// Encoding runs first whenever s makes a tile, which fails with its error.
func (s *Server) Encoding(first func(*Layer, maptile.Tile) error) {
	s.encode = func(l *Layer, a *atlas.Atlas, t maptile.Tile) ([]byte, error) {
		if err := first(l, t); err != nil {
			return nil, err
		}
		return l.Encode(a, t)
	}
}

// Limit bounds the bytes that s keeps.
func (s *Server) Limit(bytes int) { s.cache.limit = bytes }

// Kept tells what s keeps: how many tiles, how many bytes it counts, and how many there are by a count of each.
func (s *Server) Kept() (tiles, counted, real int) {
	s.cache.mu.Lock()
	defer s.cache.mu.Unlock()
	for _, e := range s.cache.tiles.Values() {
		if e.tile == nil {
			continue
		}
		real += overhead + len(e.tile.plain) + len(e.tile.forms[gzipped].body) + len(e.tile.forms[zstandard].body)
	}
	return s.cache.tiles.Len(), s.cache.bytes, real
}

// Chosen is the name of the coding that an Accept-Encoding header gets.
func Chosen(header string) string { return chosen(header).String() }

// Matches tells whether an If-None-Match header names tag.
func Matches(header, tag string) bool { return matches(header, tag) }
