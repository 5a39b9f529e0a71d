import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  chipsOf,
  choiceNames,
  dayNames,
  edgesOf,
  landCodec,
  mapQueryFor,
  noFilter,
  onTheWay,
  plainNumber,
  queryFor,
  rangeNames,
  sorts,
  spanAt,
  spanText,
  thumbsOf,
  toggledUse,
  typedSpan,
  useOptions,
  type LandState,
} from '@/features/land/filter'
import { nameAt, placeIn, placesWith, type NamedPlace } from '@/features/land/places'
import { cornersAsText, cornersIn, fault } from '@/map/shape'
import { openChapter } from '@/i18n'
import { decode, encode } from '@/url/codec'
import { random } from './random'

beforeAll(() => openChapter('land'))

const fresh = () => decode(landCodec, {})

interface OpenApi {
  paths: Record<string, { get: { parameters: { name: string }[] } }>
}
const document = JSON.parse(readFileSync(new URL('../../../api/openapi.json', import.meta.url), 'utf8')) as OpenApi

describe('the filter', () => {
  it('asks by names that the service knows', () => {
    const known = document.paths['/v1/parcels']?.get.parameters.map(({ name }) => name) ?? []
    const state: LandState = {
      ...fresh(),
      ...Object.fromEntries(choiceNames.map((name) => [name, ['x']])),
      ...Object.fromEntries(rangeNames.map((name) => [name, { min: 1, max: 2 }])),
      ...Object.fromEntries(dayNames.map((name) => [name, { from: '2026-07-01', to: '2026-08-01' }])),
      q: 'x',
      sort: '-area',
      box: [1, 2, 3, 4],
      shape: [[1, 2], [3, 4], [5, 7]], // prettier-ignore
      near: [94, 29],
    }
    const asked = queryFor(state)
    expect(Object.keys(asked).filter((key) => !known.includes(key))).toEqual([])
    expect(Object.values(asked)).not.toContain(undefined)
    expect(asked).toMatchObject({ area_min: 1, far_max: 2, bbox: '1,2,3,4', within: '1,2,3,4,5,7', near: '94,29', minutes: 30 })
    expect(Object.keys(mapQueryFor(asked))).not.toContain('bbox')
    expect(Object.keys(mapQueryFor(asked))).not.toContain('sort')
  })

  it('asks for minutes only with a place', () => {
    expect(queryFor({ ...fresh(), minutes: 45 }).minutes).toBeUndefined()
  })

  it('has a chip for everything that is on, and each takes off itself and nothing else', () => {
    const on = decode(landCodec, {
      stage: 'available,bidding', use: '10', county: '540402', area: '10000..20000', far: '..2', q: 'lz',
      shape: '94,29,95,29,95,30', near: '94.36,29.65', minutes: '45', notice_on: '2026-07-01..', box: '94,29,95,30', sort: 'price', unit: 'ha',
    }) // prettier-ignore
    const chips = chipsOf(on, (at) => nameAt(at))
    expect(chips.map(({ key }) => key)).toEqual(['q', 'stage.available', 'stage.bidding', 'use.10', 'county.540402', 'area', 'far', 'notice_on', 'shape', 'near', 'box']) // prettier-ignore
    expect(chips.map(({ text }) => text)).toContain('面积 1–2 公顷')
    for (const chip of chips) {
      const left = chipsOf({ ...on, ...chip.off }, nameAt).map(({ key }) => key)
      expect(left).toEqual(chips.map(({ key }) => key).filter((key) => key !== chip.key))
    }
    const bare = { ...on, ...noFilter() }
    expect(chipsOf(bare, nameAt)).toEqual([])
    expect(encode(landCodec, bare)).toEqual({ sort: 'price', unit: 'ha' })
  })

  it('offers orders that the address can hold', () => {
    for (const sort of sorts) expect(decode(landCodec, { sort }).sort).toBe(sort)
  })
})

describe('a slider over a histogram', () => {
  const edges = edgesOf([{}, { min: 10 }, { min: 20 }, { min: 50 }])

  it('has a stop at each edge and one at either end', () => {
    expect(edges).toEqual({ inner: [10, 20, 50], last: 4 })
    expect(thumbsOf(edges, undefined)).toEqual([0, 4])
    expect(spanAt(edges, [0, 4])).toBeUndefined()
  })

  it('finds every span that its thumbs can make again', () => {
    for (let low = 0; low < 4; low++) {
      for (let high = low + 1; high <= 4; high++) expect(thumbsOf(edges, spanAt(edges, [low, high]))).toEqual([low, high])
    }
  })

  it('never lets its thumbs meet, whatever was typed', () => {
    const r = random(7)
    for (let i = 0; i < 500; i++) {
      const min = r.pick([undefined, r.between(0, 100)])
      const max = r.pick([undefined, r.between(min ?? 0, 120)])
      const [low, high] = thumbsOf(edges, { ...(min !== undefined && { min }), ...(max !== undefined && { max }) })
      expect(low).toBeLessThan(high)
      expect(low).toBeGreaterThanOrEqual(0)
      expect(high).toBeLessThanOrEqual(4)
    }
  })

  it('reads what is typed in the unit of the page', () => {
    expect(typedSpan('10', '', 2000 / 3)).toEqual({ min: 6666.67 })
    expect(typedSpan('1,200', '900', 1)).toEqual({ min: 900, max: 1200 })
    expect(typedSpan('', ' ', 1)).toBeUndefined()
    expect(typedSpan('-3', 'x', 1)).toBeUndefined()
    expect(spanText('area', { min: 33333 }, 'mu')).toBe('50 亩 以上')
    expect(spanText('to_highway', { max: 15 }, 'mu')).toBe('15 分钟 以下')
  })
})

describe('a shape', () => {
  it('is refused while it has too few corners or crosses itself', () => {
    expect(fault([[0, 0], [1, 0]])).toBe('few') // prettier-ignore
    expect(fault([[0, 0], [1, 0], [1, 1]])).toBeUndefined() // prettier-ignore
    expect(fault([[0, 0], [1, 1], [1, 0], [0, 1]])).toBe('crossing') // prettier-ignore
    expect(fault(Array.from({ length: 61 }, (_, i) => [i, i * i] as const))).toBe('many')
  })

  it('may be as ragged as it likes around its middle', () => {
    const r = random(3)
    for (let i = 0; i < 200; i++) {
      const n = r.whole(3, 20)
      const star = Array.from({ length: n }, (_, k) => {
        const [angle, far] = [(2 * Math.PI * k) / n, r.between(0.2, 1)]
        return [far * Math.cos(angle), far * Math.sin(angle)] as const
      })
      expect(fault(star)).toBeUndefined()
    }
  })

  it('is typed as people write coordinates, and told where a line is wrong', () => {
    expect(cornersIn('94.32, 29.66\n94.35 29.66\n\n94.35，29.63')).toEqual({ corners: [[94.32, 29.66], [94.35, 29.66], [94.35, 29.63]], wrong: [] }) // prettier-ignore
    expect(cornersIn('94.32,29.66\nhere\n94,99').wrong).toEqual([2, 3])
    expect(cornersIn('1,1\n2,1\n2,2\n1,1').corners, 'written closed').toHaveLength(3)
    expect(cornersIn('94.123456789012,29.1').corners).toEqual([[94.12346, 29.1]])
    const ring = [[94.32, 29.66], [94.35, 29.66], [94.35, 29.63]] as const // prettier-ignore
    expect(cornersIn(cornersAsText(ring)).corners).toEqual(ring)
  })
})

describe('a place to be near', () => {
  let places: NamedPlace[]
  beforeAll(() => {
    places = placesWith([{ name: { zh: '鲁朗驿站' }, at: [94.74, 29.77] }])
  })

  it('is found by its name, by a part that only one has, or by coordinates', () => {
    expect(placeIn('林芝站', places)).toEqual([94.39, 29.602])
    expect(placeIn('鲁朗', places)).toEqual([94.74, 29.77])
    expect(placeIn('94.5, 29.5', places)).toEqual([94.5, 29.5])
    expect(placeIn('县', places)).toBeUndefined()
    expect(placeIn('nowhere', places)).toBeUndefined()
  })

  it('is called by its name again', () => {
    expect(nameAt([94.39, 29.602], places)).toBe('林芝站')
    expect(nameAt([94.4, 29.602], places)).toBe('图上一点')
  })
})

it('tells small numbers as what they are, never as nothing', () => {
  expect([20, 66.6667, 400].map((m2) => plainNumber(m2 / 10_000))).toEqual(['0.002', '0.0067', '0.04'])
  expect([plainNumber(0), plainNumber(30.000001), plainNumber(1.0005)]).toEqual(['0', '30', '1'])
  expect(spanText('area', { min: 20, max: 30_000 }, 'ha')).toBe('0.002–3 公顷')
})

it('knows which changes follow each other on the way to one filter', () => {
  expect([onTheWay({ area: { min: 1 } }), onTheWay({ minutes: 5 }), onTheWay({ q: 'a' })]).toEqual(['area', 'minutes', 'q'])
  expect([onTheWay({ use: ['10'] }), onTheWay({ near: [94, 29], minutes: 5 }), onTheWay({})]).toEqual(['', '', ''])
})

describe('uses', () => {
  const options = ['05', '10', '1001', '100101', '1002', '11', '1101'].map((value, i) => ({ value, count: i + 1 }))
  const rows = (...chosen: string[]) => useOptions(options, chosen).map(({ value, on, within }) => `${within ? ' ' : ''}${value}${on === 'part' ? '~' : on ? '*' : ''}`)

  it('are offered by class, and within a chosen class by four digits', () => {
    expect(rows()).toEqual(['05', '10', '11'])
    expect(rows('10')).toEqual(['05', '10*', ' 1001', ' 1002', '11'])
    expect(rows('1002', '11')).toEqual(['05', '10~', ' 1001', ' 1002*', '11*', ' 1101'])
  })

  it('that no parcel has, or that are finer, are there while they are chosen', () => {
    expect(rows('100101', '1301')).toEqual(['05', '10~', ' 1001', ' 100101*', ' 1002', '11', '13~', ' 1301*'])
  })

  it('narrow their class when they are ticked, and the class takes them back', () => {
    expect(toggledUse(['05', '10'], '1001')).toEqual(['05', '1001'])
    expect(toggledUse(['05', '1001'], '1002')).toEqual(['05', '1001', '1002'])
    expect(toggledUse(['05', '1001', '1002'], '10')).toEqual(['05', '10'])
    expect(toggledUse(['1001'], '1001')).toEqual([])
    expect(toggledUse(['100101'], '1001')).toEqual(['1001'])
  })
})
