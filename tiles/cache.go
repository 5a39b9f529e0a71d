package tiles

import (
	"context"
	"errors"
	"fmt"
	"math"
	"runtime/debug"
	"sync"
	"sync/atomic"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"github.com/paulmach/orb/maptile"

	"kora/atlas"
	"kora/geo/flat"
)

// A cache keeps tiles up to a number of bytes, those that were asked for last. It knows for which moments of the atlas a
// tile holds: a change that does not touch a tile leaves it where it is.
type cache struct {
	limit int

	mu    sync.Mutex
	tiles *simplelru.LRU[address, *cached]
	bytes int
}

type address struct {
	layer string
	tile  maptile.Tile
}

// cached is a tile, or the place of one that is being made: all who ask for it meanwhile wait for made.
type cached struct {
	at     address
	from   uint64        // the moment of the atlas that it was made from
	until  atomic.Uint64 // the latest moment for which it is known to hold
	former *packed       // what it takes the place of, nil when nothing is known
	made   chan struct{} // closed when tile or err is set
	tile   *packed
	err    error

	size int // what it counts for; of the cache
}

// overhead is what a kept tile needs beside its bytes.
const overhead = 1 << 10

// errLeft is the error of a tile that nobody began to make, because who was to make it went away.
var errLeft = errors.New("whoever asked for the tile first went away")

func newCache(limit int) *cache {
	tiles, _ := simplelru.NewLRU[address, *cached](math.MaxInt, nil) // fails for sizes below 1 only
	return &cache{limit: limit, tiles: tiles}
}

// claim gives the tile as a has it, or a place for it, which is the caller's to fill.
func (c *cache) claim(a *atlas.Atlas, l *Layer, t maptile.Tile) (tile *cached, mine bool) {
	at := address{l.Name, t}
	for {
		c.mu.Lock()
		found, _ := c.tiles.Get(at)
		c.mu.Unlock()
		if found != nil && found.holds(a, l) {
			return found, false
		}
		place := &cached{at: at, from: a.Moment(), made: make(chan struct{})}
		place.until.Store(place.from)
		if found != nil && place.from < found.from {
			return place, true // for one who reads an older atlas; it is not kept
		}
		c.mu.Lock()
		if now, _ := c.tiles.Peek(at); now != found {
			c.mu.Unlock()
			continue // somebody was quicker
		}
		if found != nil {
			c.bytes -= found.size
			place.former = found.former
			if found.tile != nil {
				place.former = found.tile
			}
		}
		c.tiles.Add(at, place)
		c.mu.Unlock()
		return place, true
	}
}

// holds tells whether the tile is the same in a, and remembers it.
func (e *cached) holds(a *atlas.Atlas, l *Layer) bool {
	now, until := a.Moment(), e.until.Load()
	if now < e.from {
		return false
	}
	if now > until {
		if !a.Untouched(until, around(e.at.tile), l.depends...) {
			return false
		}
		e.until.CompareAndSwap(until, now) // or another did, with a moment that is as true
	}
	return true
}

// around is the box in which a change may change a tile: the tile and its neighbours. That is more than what is clipped
// at the tile's border, because a row also shows in the hexagon or the cluster that counts it.
func around(t maptile.Tile) flat.Box {
	width := int64(flat.Extent) >> t.Z
	side := func(n int64) int32 { return int32(min(max(n*width, 0), flat.Extent)) }
	return flat.Box{
		Min: flat.Point{X: side(int64(t.X) - 1), Y: side(int64(t.Y) - 1)},
		Max: flat.Point{X: side(int64(t.X) + 2), Y: side(int64(t.Y) + 2)},
	}
}

// keep sets the tile of a place and counts its bytes.
func (c *cache) keep(e *cached, p *packed) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e.tile, e.former = p, nil
	if now, _ := c.tiles.Peek(e.at); now == e {
		c.grow(e, overhead+p.size())
	}
}

// grown counts what a kept tile has become longer by.
func (c *cache) grown(at address, p *packed, n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now, _ := c.tiles.Peek(at); now != nil && now.tile == p {
		c.grow(now, n)
	}
}

func (c *cache) grow(e *cached, n int) {
	e.size += n
	c.bytes += n
	for c.bytes > c.limit {
		_, oldest, ok := c.tiles.RemoveOldest()
		if !ok {
			return
		}
		c.bytes -= oldest.size
	}
}

// drop gives a place up.
func (c *cache) drop(e *cached) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now, _ := c.tiles.Peek(e.at); now == e {
		c.tiles.Remove(e.at)
	}
}

// get gives the tile as a has it. However many ask for it at once, one of them makes it and the others wait; who goes away
// takes nothing from them.
func (s *Server) get(ctx context.Context, a *atlas.Atlas, l *Layer, t maptile.Tile) (*packed, error) {
	for {
		e, mine := s.cache.claim(a, l, t)
		if mine {
			s.fill(ctx, e, a, l)
		}
		select {
		case <-e.made:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		if !errors.Is(e.err, errLeft) {
			return e.tile, e.err
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
	}
}

// fill makes the tile of a place. Once begun it goes on, whether or not its caller is still there: others may wait.
func (s *Server) fill(ctx context.Context, e *cached, a *atlas.Atlas, l *Layer) {
	defer close(e.made)
	select {
	case s.working <- struct{}{}:
		defer func() { <-s.working }()
	case <-ctx.Done():
		e.err = errLeft
		s.cache.drop(e)
		return
	}
	plain, err := s.encodeSafely(a, l, e.at.tile)
	if err != nil {
		e.err = err
		s.cache.drop(e)
		return
	}
	s.cache.keep(e, repack(e.former, plain))
}

// encodeSafely keeps a fault in one tile from those who wait for it.
func (s *Server) encodeSafely(a *atlas.Atlas, l *Layer, t maptile.Tile) (plain []byte, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("encode tile %s %d/%d/%d: panic: %v\n%s", l.Name, t.Z, t.X, t.Y, r, debug.Stack())
		}
	}()
	return s.encode(l, a, t)
}
