package raster

import (
	"sync"

	"github.com/hashicorp/golang-lru/v2/simplelru"
)

// A cache keeps the pictures that were asked for last, up to so many bytes.
type cache struct {
	mu    sync.Mutex
	kept  *simplelru.LRU[tile, *picture]
	bytes int
	limit int
}

// overhead is what a picture takes beside its bytes, roughly.
const overhead = 256

// smallest is a bound on how many pictures there can be: none is smaller than a PNG without content.
const smallest = 64

func newCache(limit int) *cache {
	c := &cache{limit: limit}
	c.kept, _ = simplelru.NewLRU(max(1, limit/smallest), func(_ tile, p *picture) { c.bytes -= len(p.body) + overhead }) // fails for sizes below 1 only
	return c
}

func (c *cache) get(t tile) *picture {
	c.mu.Lock()
	defer c.mu.Unlock()
	p, _ := c.kept.Get(t)
	return p
}

func (c *cache) put(t tile, p *picture) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept.Remove(t) // counts it out; Add would replace it silently
	c.kept.Add(t, p)
	c.bytes += len(p.body) + overhead
	for c.bytes > c.limit {
		c.kept.RemoveOldest()
	}
}
