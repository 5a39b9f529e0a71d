import { describe, expect, it } from 'vitest'
import { decode } from '@/url/codec'
import { maybeEdits } from '@/features/plan/scenario'
import { curveOf, drawnOf, editsOf, nearestPoint, nothingDrawn, pointsIn, questionOf, sitingCodec, stepTo, verdictOf, type Plan, type SitingState } from '@/features/plan/siting'

const state = (patch: Partial<SitingState> = {}): SitingState => ({ ...decode(sitingCodec, {}), ...patch })
const plan = (patch: Partial<Plan> = {}): Plan => ({
  value: 10, bound: 10, gap: 0, met: true, impossible: false, covered: 10, existing: 0, reachable: 20, total: 40, unit: 'cells', sites: [], kept: [], closed: [], curve: [], areas: [],
  demands: 40, candidates: 5, unlinked: 0, entries: 60, snapshot: '', streets: '', ...patch,
})
const site = (number: number) => ({ number, point: [91.1, 29.6], adds: 5, covered: 5 * number, alone: 5 })

describe('a question', () => {
  it('says what its objective asks for, and nothing else', () => {
    expect(questionOf(state({ sites: 7, share: 60, floor: 30 }), nothingDrawn, undefined)).toEqual({
      objective: 'most', profile: 'walk', minutes: 15, sites: 7, floor: 0.3, weights: 'cells', existing: 'kept', candidates: { from: 'streets', every_m: 300 },
    })
    expect(questionOf(state({ weights: 'demand', demand: 'people' }), nothingDrawn, undefined)).toMatchObject({ weights: 'demand', demand: 'people' })
    const share = questionOf(state({ objective: 'share', share: 60, times: '2', from: 'cells' }), nothingDrawn, '2026-07-01T23:00:00+08:00')
    expect(share).toMatchObject({ share: 0.6, times: 2, open_at: '2026-07-01T23:00:00+08:00', candidates: { from: 'cells' } })
    expect(share).not.toHaveProperty('sites')
    expect(questionOf(state({ objective: 'nearest', times: '2' }), nothingDrawn, undefined)).not.toHaveProperty('times')
  })

  it('holds what was drawn, closed, and gives it back as it was', () => {
    const ring = [[91, 29], [91.1, 29], [91.1, 29.1]] as const
    const drawn = { ...nothingDrawn, within: ring, forbidden: ring, required: [ring[0]], points: [ring[1]] }
    const q = questionOf(state({ from: 'points', floor: 50 }), drawn, undefined)
    expect(q.within).toEqual([[[[91, 29], [91.1, 29], [91.1, 29.1], [91, 29]]]])
    expect(q).not.toHaveProperty('floor') // one of key areas, of which none count
    expect(drawnOf(q)).toEqual(drawn)
  })
})

describe('the bound in words', () => {
  const few = { sites: [site(1), site(2)] }
  it.each([
    ['best', 'most', { gap: 0 }],
    ['most', 'most', { gap: 0.004 }],
    ['least', 'nearest', { gap: 0.004 }],
    ['fewest', 'all', { value: 12, bound: 12 }],
    ['fewest.gap', 'share', { value: 12, bound: 11, gap: 1 / 12 }],
    ['unmet', 'most', { met: false }],
    ['impossible', 'all', { met: false, impossible: true }],
  ])('%s', (key, objective, patch) => {
    expect(verdictOf(plan({ ...few, ...patch }), objective)).toMatchObject({ key, stations: 2 })
  })
  it('needs no station', () => expect(verdictOf(plan(), 'all').key).toBe('nothing'))
})

describe('the marginal curve', () => {
  const points = [{ sites: 0, covered: 4 }, { sites: 1, covered: 12 }, { sites: 2, covered: 16 }, { sites: 3, covered: 17, beyond: true }]
  const curve = curveOf(points, 40, 300, 150)

  it('rises to the right, within its box', () => {
    const xs = curve.points.map((p) => p.x)
    const ys = curve.points.map((p) => p.y)
    expect(xs).toEqual([...xs].sort((a, b) => a - b))
    expect(ys).toEqual([...ys].sort((a, b) => b - a))
    for (const p of curve.points) {
      expect(p.x).toBeGreaterThanOrEqual(40)
      expect(p.x).toBeLessThanOrEqual(292)
      expect(p.y).toBeGreaterThanOrEqual(8)
      expect(p.y).toBeLessThanOrEqual(128)
    }
    expect(curve.points.map((p) => p.share)).toEqual([0.1, 0.3, 0.4, 0.425])
    expect(curve.points.map((p) => p.adds)).toEqual([0, 8, 4, 1])
  })

  it('goes on in dashes from where the plan ends', () => {
    const end = curve.points[2]!
    expect(curve.line.match(/[ML]/g)).toHaveLength(3)
    expect(curve.further.startsWith(`M${end.x.toFixed(1)} ${end.y.toFixed(1)}L`)).toBe(true)
    expect(curveOf(points.slice(0, 3), 40, 300, 150).further).toBe('')
  })

  it('has rules at round shares, and few ticks', () => {
    expect(curve.rules.map((r) => Math.round(r.share * 100))).toEqual([0, 20, 40, 60])
    const long = curveOf(Array.from({ length: 101 }, (_, sites) => ({ sites, covered: sites })), 100, 300, 150)
    expect(long.ticks.length).toBeLessThanOrEqual(8)
    expect(long.rules.at(-1)?.share).toBeCloseTo(1)
  })

  it('bears a plan of nothing', () => {
    const none = curveOf([{ sites: 0, covered: 0 }], 0, 300, 150)
    expect(none.points[0]).toMatchObject({ share: 0 })
    expect(none.line).not.toContain('NaN')
  })

  it('is read off by keys and pointer', () => {
    expect([stepTo('ArrowRight', 1, 4), stepTo('ArrowLeft', 0, 4), stepTo('End', 0, 4), stepTo('Home', 2, 4), stepTo('Tab', 2, 4)]).toEqual([2, 0, 3, 0, undefined])
    expect(nearestPoint(curve, curve.points[2]!.x + 3)).toBe(2)
  })
})

describe('points of a file', () => {
  it('come from a CSV by its headings, in any order', () => {
    expect(pointsIn('\ufeff编号,纬度,经度\r\n1,29.65,91.1\r\n2,"29.66",91.2\r\n3,,\r\n')).toEqual([[91.1, 29.65], [91.2, 29.66]])
    expect(pointsIn('lon;lat\n91.1;29.65')).toEqual([[91.1, 29.65]])
  })
  it('come from GeoJSON, however deep, each once', () => {
    const at = { type: 'Point', coordinates: [91.1234567, 29.65, 3650] }
    expect(pointsIn(JSON.stringify({ type: 'FeatureCollection', features: [{ type: 'Feature', properties: { type: 'Point' }, geometry: at }, { type: 'Feature', geometry: { type: 'MultiPoint', coordinates: [[91.12346, 29.65], [90, 30]] } }] }))).toEqual([[91.12346, 29.65], [90, 30]])
  })
  it('are none where there are none', () => {
    expect(pointsIn('')).toEqual([])
    expect(pointsIn('{"type":')).toEqual([])
    expect(pointsIn('name,place\nA,B')).toEqual([])
    expect(pointsIn('lon,lat\n500,2')).toEqual([])
  })
})

describe('a plan as a scenario', () => {
  it('adds what is new and closes what is not needed', () => {
    const edits = editsOf(plan({ sites: [site(1), { ...site(2), station: 5 }], closed: [7] }), 'union_station', '24/7')
    expect(edits.map(({ deed, station }) => [deed, station])).toEqual([['add', -1], ['close', 7]])
    // The page of scenarios reads them from its address.
    expect(maybeEdits().parse(maybeEdits().format(edits))).toEqual(edits)
  })
})
