import { describe, expect, it } from 'vitest'
import type { Corridor } from '@/api/types'
import { alongAt, highwayCodec, joined, lanesOf, layOut, leastServedFirst, nearestTo, ticks } from '@/features/plan/corridor'
import { decode, encode } from '@/url/codec'

/** 3 km along a parallel with homes at 1 and 3 km; a kilometre takes a minute. Nothing is known of the altitude at 2 km. */
const road = {
  ref: 'G1', length_m: 3000,
  stations: [{ id: 1, chainage_m: 1000 }, { id: 2, chainage_m: 3000 }],
  way: {
    chainage_m: [0, 1000, 2000, 3000],
    points: [[91, 30], [91.01, 30], [91.02, 30], [91.03, 30]],
    altitude_m: [3600, 3700, null, 3900],
    up: { home: [0, 1, 1, null], seconds: [60, 120, 60, null], metres: [1000, 2000, 1000, null] },
    down: { home: [null, 0, 0, 1], seconds: [null, 0, 60, 0], metres: [null, 0, 1000, 0] },
  },
} as unknown as Corridor // prettier-ignore

describe('a place along a highway', () => {
  it('knows the way to the next home ahead, in either direction', () => {
    expect(alongAt(road, 'up', 500)).toMatchObject({ point: [91.005, 30], altitude: 3650, next: { home: { id: 1 }, seconds: 30, metres: 500 } })
    expect(alongAt(road, 'up', 1500).next).toMatchObject({ home: { id: 2 }, seconds: 90, metres: 1500 })
    expect(alongAt(road, 'down', 1500).next).toMatchObject({ home: { id: 1 }, seconds: 30, metres: 500 })
    expect(alongAt(road, 'down', 400).next).toMatchObject({ home: { id: 1 } })
    expect(alongAt(road, 'down', 0).next).toBeUndefined()
    expect(alongAt(road, 'up', 3000).next).toBeUndefined()
  })

  it('is found from a point of the map', () => {
    expect(nearestTo(road, [91.0195, 30.01])).toBe(2000)
  })

  it('has the altitude of its one known neighbour', () => {
    expect(alongAt(road, 'up', 1700).altitude).toBe(3700)
  })
})

describe('the strip', () => {
  const frame = { side: 20, top: 10, bottom: 110 }
  it('fills the room, and is wider where a kilometre would be too narrow', () => {
    expect(layOut(road, 400, 1, frame).width).toBe(400)
    const long = layOut({ ...road, length_m: 1_000_000 }, 400, 2, frame)
    expect(long.width).toBe(2040)
    expect([long.x(0), long.x(1_000_000)]).toEqual([20, 2020])
  })

  it('breaks the altitude where it is not known, and keeps level roads level', () => {
    const { lines, y, low, high } = layOut(road, 400, 1, frame)
    expect(lines).toEqual([`M20.0 ${y(3600).toFixed(1)}L140.0 ${y(3700).toFixed(1)}`])
    expect(high - low).toBe(500)
    expect(layOut({ ...road, way: { ...road.way, altitude_m: [null, null, null, null] } }, 400, 1, frame).lines).toEqual([])
  })

  it('has round kilometres below it', () => {
    expect(ticks(664_000, 900)).toEqual([0, 50, 100, 150, 200, 250, 300, 350, 400, 450, 500, 550, 600, 650])
    expect(ticks(0, 900)).toEqual([0])
  })

  it('puts names into lanes and leaves out those without room', () => {
    expect(lanesOf([{ from: 0, to: 50 }, { from: 40, to: 90 }, { from: 45, to: 60 }, { from: 95, to: 120 }], 2)).toEqual([0, 1, -1, 0]) // prettier-ignore
  })

  it('draws neighbours in one state as one', () => {
    const stretch = (state: string, from_m: number, to_m: number) => ({ state, from_m, to_m }) as never
    expect(joined([stretch('served', 0, 5), stretch('served', 5, 9), stretch('beyond', 9, 12)])).toEqual([
      { state: 'served', from_m: 0, to_m: 9 },
      { state: 'beyond', from_m: 9, to_m: 12 },
    ])
  })
})

describe('the list of highways', () => {
  it('begins with the least served, and ends with what is not known', () => {
    const roads = [['A', 0.9], ['B', null], ['C', 0.2]].map(([ref, share]) => ({ ref, both: { share } }) as { ref: string; both: { share: number | null } })
    expect(leastServedFirst(roads).map(({ ref }) => ref)).toEqual(['C', 'A', 'B'])
  })

  it('is all in the address', () => {
    const state = { vehicle: 'car', by: 'km', limit: 90, km: 120, time: 'night', road: 'G318', way: 'down' } as const
    expect(decode(highwayCodec, encode(highwayCodec, state))).toEqual(state)
  })
})
