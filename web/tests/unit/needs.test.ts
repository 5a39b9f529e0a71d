import { beforeAll, describe, expect, it } from 'vitest'
import type { Parcel } from '@/api/types'
import { compareRows, driveText, factsOf } from '@/features/land/facts'
import { draftFrom, formOf, Keys, numberIn, placeOf, problemsOf, sections, type Draft } from '@/features/land/intent'
import { intentCodec, intentOf, needCodec, needsOf, ranks, spanTerms, termText, type NeedState } from '@/features/land/needs'
import { openChapter } from '@/i18n'
import { landZh } from '@/i18n/land/zh'
import { decode, encode } from '@/url/codec'
import { random } from './random'

beforeAll(() => openChapter('land'))

const wishes = () =>
  decode(needCodec, { use: '10,11~m', area: '20000..40000~h', price: '..2000~s', facility: 'road,gas~h', access: '1~m', county: '540402~s' })

describe('what is needed', () => {
  it('is asked for with its weight, or as a must', () => {
    expect(needsOf(wishes())).toEqual([
      { term: 'use', values: ['10', '11'], hard: true },
      { term: 'county', values: ['540402'], weight: 1 },
      { term: 'facility', values: ['road', 'gas'], weight: 3 },
      { term: 'area', min: 20000, max: 40000, weight: 3 },
      { term: 'price', max: 2000, weight: 1 },
      { term: 'access', hard: true },
    ])
  })

  it('stays in the address, whatever it is', () => {
    const r = random(5)
    const rank = () => r.pick(ranks)
    for (let i = 0; i < 400; i++) {
      const span = () => r.pick([undefined, { want: { min: r.whole(0, 9) }, rank: rank() }, { want: { min: 1, max: r.whole(1, 9) }, rank: rank() }])
      const values = (all: string[]) => {
        const want = r.some(all)
        return want.length > 0 ? { want, rank: rank() } : undefined
      }
      const state = {
        use: values(['07', '10', '1001']),
        county: values(['540402', '540421']),
        facility: values(['road', 'gas']),
        ...Object.fromEntries(spanTerms.map((term) => [term, span()])),
        access: r.pick([undefined, { want: true as const, rank: rank() }]),
        step: r.whole(1, 4),
        unit: r.pick(['mu', 'ha', 'm2'] as const),
      } as NeedState
      expect(decode(needCodec, Object.fromEntries(new URLSearchParams(encode(needCodec, state))))).toEqual(state)
    }
  })

  it('is passed over where it makes no sense', () => {
    for (const area of ['20000', '20000..~', '~h', '20000..~x', '9..1~h', '1..2~h~h']) expect(decode(needCodec, { area }).area, area).toBeUndefined()
    expect(decode(needCodec, { use: 'x~m', access: '0~m' })).toEqual(decode(needCodec, {}))
  })

  it('has words for every term', () => {
    for (const { term } of needsOf(wishes())) expect(termText(term)).not.toBe(term)
  })

  it('goes into an intent once: use, area and county have fields of their own', () => {
    const { needs, ...fields } = intentOf(wishes())
    expect(fields).toEqual({ uses: ['10', '11'], counties: ['540402'], area_min_m2: 20000, area_max_m2: 40000 })
    expect(needs?.map(({ term }) => term)).toEqual(['facility', 'price', 'access'])
  })
})

describe('the form of an intent', () => {
  const state = () => decode(intentCodec, { parcels: 'LZ-1,LZ-2', area: '20000..40000~h', use: '10~m' })
  const good = (): Draft => ({
    ...draftFrom(state(), 'mu'),
    company: ' 示例公司 ', name: '扎西', phone: '０８９４-5820000', industry: 'C', investment: '1,200', agreed: true,
  }) // prettier-ignore

  it('begins with what was asked for', () => {
    expect(draftFrom(state(), 'mu')).toMatchObject({ areaMin: '30', areaMax: '60', uses: ['10'], agreed: false })
  })

  it('is sent in the units of the service', () => {
    expect(problemsOf(good())).toEqual({})
    expect(formOf(good(), state(), 'mu', '2026-11')).toEqual({
      company: '示例公司', name: '扎西', phone: '０８９４-5820000', industry: 'C', investment: 1200, consent: '2026-11',
      area_min_m2: 20000, area_max_m2: 40000, uses: ['10'], counties: [], parcels: ['LZ-1', 'LZ-2'], needs: [],
    }) // prettier-ignore
  })

  it.each<[string, Partial<Draft>, string]>([
    ['no company', { company: '  ' }, 'company'],
    ['no name', { name: '' }, 'name'],
    ['a short number', { phone: '582 000' }, 'phone'],
    ['no mail address', { mail: 'a@b' }, 'mail'],
    ['no industry', { industry: '' }, 'industry'],
    ['a negative sum', { investment: '-1' }, 'investment'],
    ['an area that is turned round', { areaMin: '60', areaMax: '30' }, 'area'],
    ['no consent', { agreed: false }, 'consent'],
  ])('does not go with %s', (_, patch, place) => expect(Object.keys(problemsOf({ ...good(), ...patch }))).toEqual([place]))

  it('reads numbers as people type them', () => {
    expect(['', ' 7 ', '1,200', '1，200.5', 'x', '-2', '1e3'].map(numberIn)).toEqual([0, 7, 1200, 1200.5, undefined, undefined, undefined])
  })

  it('keeps its key while it is the same form, and only then', () => {
    const keys = new Keys()
    const form = formOf(good(), state(), 'mu', '2026-11')
    const key = keys.for(form)
    expect(key).toMatch(/^[0-9a-f]{32}$/)
    expect(keys.for({ ...form })).toBe(key)
    expect(keys.for({ ...form, name: '卓玛' })).not.toBe(key)
    expect(new Keys().for(form)).not.toBe(key)
  })

  it('finds the field that the service speaks of', () => {
    expect(placeOf('body.phone')).toBe('phone')
    expect(placeOf('body.area_max_m2')).toBe('area')
    expect(placeOf('body.needs[2].term')).toBeUndefined()
  })

  it('has a name for every section', () => {
    for (const section of sections) expect(landZh).toHaveProperty([`land.section.${section}`])
    expect(sections).toHaveLength(20)
  })
})

describe('the facts of a parcel', () => {
  const drive = { seconds: 388, to: { zh: '林芝' } }
  const parcel = (more: object = {}): Parcel =>
    ({
      id: 1,
      type: 'Feature',
      geometry: { type: 'MultiPolygon', coordinates: [] },
      properties: {
        number: 'LZ-1', name: { zh: '一号' }, county: '540402', use: { code: '1001', scheme: '2023' }, status: 'ready', stage: 'available',
        area_m2: 20000, stated_m2: 20000, far: { min: 1, max: 2 }, density: { max: 40 }, green: {}, height_m: { max: 24 }, facilities: ['road'],
        price: { amount: 15.5, unit: '万元/亩' }, price_m2: 232.5, terrain: { altitude_m: 2993, slope_deg: 6.2, samples: 3 }, notices: [], sample: true,
        drives: { county_seat: drive, highway: drive, railway: drive, airport: { seconds: null, missing: 'no_places' }, station: drive },
        ...more,
      },
    }) as unknown as Parcel // prettier-ignore
  const valueOf = (p: Parcel, key: string) => factsOf(p, 'mu').flatMap(({ facts }) => facts).find((f) => f.key === key)?.value

  it('carry their units', () => {
    expect(valueOf(parcel(), 'far')).toBe('1.0 ≤ 容积率 ≤ 2.0')
    expect(valueOf(parcel(), 'density')).toBe('≤ 40 %')
    expect(valueOf(parcel(), 'green')).toBe('')
    expect(valueOf(parcel(), 'price')).toBe('15.5 万元/亩')
    expect(valueOf(parcel(), 'price_m2')).toBe('232.5 元/㎡ · 15.5 万元/亩')
    expect(valueOf(parcel(), 'stated')).toBe('30 亩')
    expect(valueOf(parcel(), 'areas')).toBe('2 公顷 · 20,000 ㎡')
    expect(valueOf(parcel(), 'county_seat')).toBe('6 分钟 · 林芝')
    expect(valueOf(parcel(), 'ground')).toBe('2,993 米')
    expect(valueOf(parcel(), 'slope')).toBe('6.2°（3 级）')
    const unknown = parcel({ terrain: { altitude_m: null, slope_deg: null, missing: 'no_heights' } })
    expect([valueOf(unknown, 'ground'), valueOf(unknown, 'slope')]).toEqual(['没有高程数据', '没有高程数据'])
  })

  it('say why a way is not known', () => {
    expect(driveText({ seconds: null, missing: 'no_way' } as never)).toBe('没有路通到')
    expect(driveText({ seconds: 0, to: { zh: 'G4218' } } as never)).toBe('就在旁边 · G4218')
  })

  it('are compared row by row, and what differs is marked, but for its number', () => {
    const rows = compareRows([parcel(), parcel({ number: 'LZ-2', far: { min: 1, max: 2.5 } })], 'mu').flatMap((g) => g.rows)
    expect(rows.filter(({ differs }) => differs).map(({ key }) => key)).toEqual(['far'])
    expect(rows.find(({ key }) => key === 'far')?.values).toEqual(['1.0 ≤ 容积率 ≤ 2.0', '1.0 ≤ 容积率 ≤ 2.5'])
    expect(rows.map(({ key }) => key)).not.toContain('green')
  })

  it('stand in the same order for every parcel', () => {
    const keys = (p: Parcel) => factsOf(p, 'ha').flatMap(({ facts }) => facts.map(({ key }) => key))
    expect(keys(parcel({ price: undefined, stated_m2: undefined }))).toEqual(keys(parcel()))
  })
})
