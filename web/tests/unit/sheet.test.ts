import { describe, expect, it } from 'vitest'
import { above, below, heightsFor, mapSliver, rest } from '@/ui/stops'
import { random } from './random'

describe('the sheet', () => {
  it('has three stops in order, and always leaves a sliver of the map', () => {
    const r = random(7)
    for (let i = 0; i < 300; i++) {
      const free = r.whole(240, 1400)
      const { peek, half, full } = heightsFor(free, r.whole(40, 260))
      expect(peek).toBeLessThanOrEqual(half)
      expect(half).toBeLessThanOrEqual(full)
      expect(full).toBeLessThanOrEqual(Math.max(free - mapSliver, 160))
    }
  })

  it('goes where it was thrown', () => {
    const heights = heightsFor(800, 120)
    expect(rest(heights, 130, 0)).toBe('peek')
    expect(rest(heights, 130, 2)).toBe('half')
    expect(rest(heights, 420, -2)).toBe('peek')
    expect(rest(heights, 420, 3)).toBe('full')
  })

  it('steps by keys, and no further than the ends', () => {
    expect(above('peek')).toBe('half')
    expect(above('full')).toBe('full')
    expect(below('peek')).toBe('peek')
  })
})
