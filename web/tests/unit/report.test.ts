import { describe, expect, it } from 'vitest'
import { pathOf, plannedAt, dayNumber } from '@/features/plan/path'
import { keyOf, mapOf, measureIn, reportCodec, shareIn, type Report, type Targets } from '@/features/plan/report'
import { decode, encode } from '@/url/codec'

const share = (covered: number, share: number, twice = 0) => ({ covered, share, twice, twice_share: twice / 100 })
const report = {
  bands: [
    { band: 'any', at: null, stations: 3 },
    { band: 'night', at: '2026-07-01T23:00:00+08:00', stations: 1 },
  ],
  demands: [],
  rows: [
    {
      level: 'city',
      code: '',
      measures: [
        { measure: 'cells', unit: 'cells', total: 100, bands: [share(60, 0.6, 20), share(10, 0.1)] },
        { measure: 'demand', demand: 'a:b', unit: 'people', total: 5, bands: [share(1, 0.2), share(0, 0)] },
      ],
    },
  ],
} as unknown as Report

describe('the report', () => {
  const row = report.rows![0]!
  it('finds measures by their keys, sets of demand by their codes', () => {
    expect(row.measures!.map(keyOf)).toEqual(['cells', 'demand:a:b'])
    expect(measureIn(row, 'demand:a:b')?.total).toBe(5)
    expect(measureIn(row, 'streets')).toBeUndefined()
  })
  it('reads columns from bands by their names, and none from a band that is not there', () => {
    const cells = row.measures![0]!
    expect(shareIn(report, cells, 'any')).toEqual({ covered: 60, share: 0.6 })
    expect(shareIn(report, cells, 'twice')).toEqual({ covered: 20, share: 0.2 })
    expect(shareIn(report, cells, 'night')).toEqual({ covered: 10, share: 0.1 })
    expect(shareIn(report, cells, 'clock')).toBeUndefined()
  })
  it('asks the map for what the column counts', () => {
    expect(mapOf(report, 'any')).toEqual({})
    expect(mapOf(report, 'twice')).toEqual({ nearest: 2 })
    expect(mapOf(report, 'night')).toEqual({ open_at: '2026-07-01T23:00:00+08:00' })
    expect(mapOf(report, 'clock')).toEqual({ always: 'true' })
  })
  it('keeps its state in the address, and passes over what makes no sense', () => {
    const state = { ...decode(reportCodec, {}), measure: 'demand:residents', column: 'night' as const }
    expect(decode(reportCodec, encode(reportCodec, state))).toEqual(state)
    expect(decode(reportCodec, { measure: 'yaks', column: 'dusk' })).toEqual(decode(reportCodec, {}))
  })
})

describe('the path to a target', () => {
  const progress = (standard: number) => ({ standard, oxygen: 0, key_areas: 0, key_areas_of: 5, highways: 0, highways_of: 3 })
  const targets = {
    day: '2026-07-01',
    now: progress(40),
    path: [{ day: '2025-12-31', report: 1, name: 'a', progress: progress(30) }],
    targets: [
      { year: 2026, standard: 60, key_areas: 2, highways: 2 },
      { year: 2028, standard: 150, key_areas: 5, highways: 3 },
    ],
  } as unknown as Targets
  const path = pathOf(targets, 'standard', 'today')

  it('starts at the first report and leads through the end of each year', () => {
    expect(path.planned.map(({ value }) => value)).toEqual([30, 60, 150])
    expect(path.actual.map(({ value }) => value)).toEqual([30, 40])
    expect([path.from, path.until, path.most]).toEqual([dayNumber('2025-12-31'), dayNumber('2028-12-31'), 150])
  })
  it('tells what was planned for a day between', () => {
    expect(plannedAt(path, dayNumber('2026-12-31'))).toBe(60)
    expect(plannedAt(path, dayNumber('2026-07-01'))).toBeCloseTo(30 + (30 * 182) / 365, 5)
    expect(plannedAt(path, dayNumber('2029-01-01'))).toBeUndefined()
  })
})
