package network

import "math/bits"

// A queue gives what is due, bucket by bucket (R. Dial, Algorithm 360: Shortest-path forest with topological ordering, CACM 12,
// 1969): a ring of buckets of one or a few ticks. Taking and giving cost the same however many wait, and what waits fits the cache,
// because buckets are lists of chunks, a cache line each, in one pool that uses them again at once. What waits are nodes: whoever
// takes one finds what is due there in its labels.
type queue struct {
	head  [ring]uint32      // first chunk of each bucket, counted from 1; 0: none
	used  [ring / 64]uint64 // a bit for each bucket that is not empty
	pool  []chunk
	free  uint32 // first chunk that may be used again, counted from 1
	now   uint32 // bucket before which nothing is due
	shift uint   // a bucket is 1<<shift ticks
	count int    // nodes in the ring
	far   []farEntry
	next  uint32 // bucket in which the first of far is due
	batch []uint32
}

const ring = 1 << 15 // buckets; more ticks than an edge may take

// A chunk fills a cache line.
type chunk struct {
	nodes [14]uint32
	next  uint32 // counted from 1
	used  uint32
}

// A farEntry is due a whole ring or more from now.
type farEntry struct {
	node, bucket uint32
}

func newQueue() *queue { return &queue{next: none} }

const none = 1<<32 - 1

// push takes a node that is due at that tick, which is not before the last batch's bucket.
func (q *queue) push(due, node uint32) {
	q.put(due>>q.shift, node)
}

func (q *queue) put(bucket, node uint32) {
	if bucket-q.now >= ring {
		q.far = append(q.far, farEntry{node, bucket})
		q.next = min(q.next, bucket)
		return
	}
	slot := bucket % ring
	at := q.head[slot]
	if at == 0 || q.pool[at-1].used == uint32(len(q.pool[at-1].nodes)) {
		at = q.chunk(slot)
	}
	c := &q.pool[at-1]
	c.nodes[c.used] = node
	c.used++
	q.count++
}

// chunk puts an empty chunk before those of a bucket.
func (q *queue) chunk(slot uint32) uint32 {
	at := q.free
	if at != 0 {
		q.free = q.pool[at-1].next
	} else {
		q.pool = append(q.pool, chunk{})
		at = uint32(len(q.pool))
	}
	c := &q.pool[at-1]
	c.next, c.used = q.head[slot], 0
	q.head[slot] = at
	q.used[slot/64] |= 1 << (slot % 64)
	return at
}

// pop gives all that is in the next bucket that is not empty, and that bucket; false when nothing waits. What is pushed
// into the same bucket meanwhile comes with the next call, until which the batch is good.
func (q *queue) pop() (bucket uint32, batch []uint32, ok bool) {
	if q.count == 0 {
		if len(q.far) == 0 {
			return 0, nil, false
		}
		q.now = q.next
		q.near()
	}
	bucket = q.now + q.ahead()
	if q.next <= bucket {
		q.near()
		bucket = q.now + q.ahead()
	}
	q.now = bucket
	slot := bucket % ring
	q.batch = q.batch[:0]
	for at := q.head[slot]; at != 0; {
		c := &q.pool[at-1]
		q.batch = append(q.batch, c.nodes[:c.used]...)
		at, c.next, q.free = c.next, q.free, at
	}
	q.head[slot] = 0
	q.used[slot/64] &^= 1 << (slot % 64)
	q.count -= len(q.batch)
	return bucket, q.batch, true
}

// ahead is how many buckets from now the next bucket that is not empty is.
func (q *queue) ahead() uint32 {
	slot := q.now % ring
	word := slot / 64
	if w := q.used[word] >> (slot % 64); w != 0 {
		return uint32(bits.TrailingZeros64(w))
	}
	for i := uint32(1); ; i++ {
		if w := q.used[(word+i)%(ring/64)]; w != 0 {
			return i*64 - slot%64 + uint32(bits.TrailingZeros64(w))
		}
	}
}

// near moves what is due within the ring from far into it.
func (q *queue) near() {
	rest := q.far[:0]
	q.next = none
	for _, e := range q.far {
		if e.bucket-q.now < ring {
			q.put(e.bucket, e.node)
		} else {
			rest = append(rest, e)
			q.next = min(q.next, e.bucket)
		}
	}
	q.far = rest
}

// reset forgets all that waits.
func (q *queue) reset() {
	if q.count > 0 {
		for i, w := range q.used {
			for ; w != 0; w &= w - 1 {
				q.head[i*64+bits.TrailingZeros64(w)] = 0
			}
			q.used[i] = 0
		}
	}
	q.pool, q.far, q.batch = q.pool[:0], q.far[:0], q.batch[:0]
	q.free, q.now, q.count, q.next = 0, 0, 0, none
}
