import { describe, expect, it } from 'vitest'
import { littleEndianFloats } from '@/api/client'
import { countWithin, leastCoveredFirst, limitByte, openAt, rampSteps } from '@/features/plan/model'

describe('the hour that counts', () => {
  it('is 23:00 of the day in China, also when it is still yesterday in Greenwich', () => {
    expect(openAt('night', new Date('2026-06-30T17:00:00Z'))).toBe('2026-07-01T23:00:00+08:00')
    expect(openAt('now', new Date())).toBe('now')
    expect(openAt('any', new Date())).toBeUndefined()
  })
})

describe('the ramp', () => {
  it.each([5, 10, 15, 20, 25, 30])('has five whole steps up to %d minutes', (minutes) => {
    const ends = rampSteps(minutes).map((step) => step.upTo)
    expect(ends).toHaveLength(5)
    expect(ends.at(-1)).toBe(minutes)
    expect(ends.every(Number.isInteger)).toBe(true)
  })
})

describe('the table of times', () => {
  it('counts a cell of exactly the limit as within, and codes as beyond', () => {
    // 15 minutes are 60 quarter minutes; a byte is rounded up.
    expect(limitByte(15)).toBe(60)
    expect(countWithin(Uint8Array.from([0, 59, 60, 61, 253, 254, 255]), 15)).toBe(3)
    expect(countWithin(Uint8Array.from([252, 253, 254, 255]), 63)).toBe(1)
  })

  it('reads ids beyond 2^32 exactly', () => {
    const ids = [1, 2 ** 40 + 3, 2 ** 52 - 1]
    const buffer = new ArrayBuffer(24)
    ids.forEach((id, i) => new DataView(buffer).setFloat64(i * 8, id, true))
    expect([...littleEndianFloats(buffer)]).toEqual(ids)
  })
})

describe('the areas', () => {
  it('come with the least covered first', () => {
    const area = (id: number, share: number) =>
      ({ id, share, name: { zh: '' }, cells: 10, covered: 1, no_street: 0, bbox: [0, 0, 1, 1], sample: true }) as const
    expect(leastCoveredFirst([area(1, 0.9), area(3, 0.2), area(2, 0.2)] as never).map((a) => a.id)).toEqual([2, 3, 1])
  })
})
