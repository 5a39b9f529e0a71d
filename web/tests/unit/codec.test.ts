import { describe, expect, it } from 'vitest'
import { decode, encode, type Codec } from '@/url/codec'
import { shared } from '@/url/state'
import { findCodec, type FindState } from '@/features/find/model'
import { planCodec, profiles, type PlanState } from '@/features/plan/model'
import { choiceNames, dayNames, landCodec, noFilter, rangeNames, sorts, type LandState } from '@/features/land/filter'
import { random, type Random } from './random'

/** Writes and reads again a few hundred made-up states of a screen. */
function roundTrip<S>(codec: Codec<S>, make: (r: Random) => S): void {
  const r = random(20260701)
  for (let i = 0; i < 400; i++) {
    const state = make(r)
    const query = encode(codec, state)
    const address = new URLSearchParams(query)
    expect(decode(codec, Object.fromEntries(address))).toEqual(state)
  }
}

const kinds = ['union_station', 'oxygen_bar', 'drivers_home'] as const
const five = (n: number) => Math.round(n * 1e5) / 1e5 + 0
const lonLat = (r: Random) => [five(r.between(-180, 180)), five(r.between(-90, 90))] as const

describe('the address of a screen', () => {
  it('holds every state of /find', () => {
    roundTrip<FindState>(findCodec, (r) => ({
      from: r.pick([
        undefined,
        { device: true },
        { at: lonLat(r) },
        { at: lonLat(r), place: 'place.jokhang' },
        { at: lonLat(r), place: `station.${r.whole(1, 99999)}` },
      ]),
      kind: r.some(kinds),
      open: r.pick([true, false]),
      station: r.pick([undefined, r.whole(1, 1e9)]),
    }))
  })

  it('holds every state of /plan', () => {
    roundTrip<PlanState>(planCodec, (r) => ({
      profile: r.pick(profiles),
      minutes: r.pick([5, 10, 15, 20, 25, 30]),
      time: r.pick(['any', 'now', 'night'] as const),
      kind: r.some(kinds),
      area: r.pick([undefined, r.whole(1, 500)]),
    }))
  })

  it('holds every state of /land', () => {
    const values = {
      stage: ['available', 'announced', 'sold'],
      use: ['07', '0701', '10'],
      use_2017: ['06', '0601'],
      county: ['540402', '540421', '540481'],
      zone: ['林芝经开区', 'Zone 2'],
      industry: ['清洁能源', '高原特色农牧'],
      supply: ['GP', 'PM'],
      facility: ['road', 'gas'],
      status: ['ready', 'pre_announced'],
    } as const
    const span = (r: Random) => {
      const [a, b] = [r.whole(0, 5000), r.whole(0, 5000) + 0.5]
      return r.pick([undefined, { min: a }, { max: b }, { min: Math.min(a, b), max: Math.max(a, b) }])
    }
    const corner = (r: Random) => [five(r.between(92, 98)), five(r.between(28, 31))] as const
    roundTrip<LandState>(landCodec, (r) => ({
      ...noFilter(),
      ...Object.fromEntries(choiceNames.map((name) => [name, r.some<string>(values[name])])),
      ...Object.fromEntries(rangeNames.map((name) => [name, r.pick([undefined, span(r)])])),
      ...Object.fromEntries(dayNames.map((name) => [name, r.pick([undefined, { from: '2026-07-01' }, { to: '2026-02-28' }, { from: '2026-01-01', to: '2026-01-01' }])])),
      q: r.pick(['', 'lzjkq', '林芝 & 经开区', 'LZ-2026']),
      shape: r.pick([undefined, Array.from({ length: r.whole(3, 60) }, () => corner(r))]),
      near: r.pick([undefined, corner(r)]),
      minutes: r.pick([5, 30, 45, 240]),
      sort: r.pick(sorts),
      unit: r.pick(['mu', 'ha', 'm2'] as const),
      box: r.pick([undefined, [five(r.between(80, 90)), 28.1, five(r.between(91, 99)), 30.5] as const]),
      parcel: r.pick(['', 'LZ-2026-01', '林芝[2026]3号']),
    }))
  })

  it('holds no span, shape or text that makes no sense', () => {
    const fresh = decode(landCodec, {})
    for (const area of ['5', '..', '9..3', '-1..2', '1..2..3', 'a..b', '1e9..', '..1e99', '1..99999999999999']) {
      expect(decode(landCodec, { area }), area).toEqual(fresh)
    }
    for (const shape of ['94,29,95,29', '94,29,95,29,95', '94,29,95,29,195,30,', '94,29,95,29,x,30', '94,29,95,29,195,30']) {
      expect(decode(landCodec, { shape }), shape).toEqual(fresh)
    }
    for (const notice_on of ['2026-07-01', '2026-02-30..', '..', '2026-07-02..2026-07-01', '1..2']) {
      expect(decode(landCodec, { notice_on }), notice_on).toEqual(fresh)
    }
    expect(decode(landCodec, { zone: ' ,a,b\u0007' }).zone).toEqual(['a'])
    expect(decode(landCodec, { q: 'x'.repeat(81) }).q).toBe('')
  })

  it('holds where the map looks, to a hundredth of a zoom', () => {
    roundTrip(shared, (r) => ({
      lang: r.pick(['', 'zh', 'bo', 'en'] as const),
      map: r.pick([undefined, { centre: lonLat(r), zoom: Math.round(r.between(0, 22) * 100) / 100 }]),
    }))
  })

  it('is clean while nothing has been chosen', () => {
    expect(encode(findCodec, decode(findCodec, {}))).toEqual({})
    expect(encode(planCodec, decode(planCodec, {}))).toEqual({})
    expect(encode(landCodec, decode(landCodec, {}))).toEqual({})
  })

  it('passes over keys and values that are not its own', () => {
    const fresh = decode(findCodec, {})
    expect(decode(findCodec, { utm_source: 'x', minutes: '15' })).toEqual(fresh)
    for (const from of ['91.1', '91.1,29.6,3', '200,10', '91,NaN', 'here', '1e2,29', '91,29~a~b']) {
      expect(decode(findCodec, { from }), from).toEqual(fresh)
    }
    expect(decode(findCodec, { from: '91.1,29.6~<b>' }).from, 'an unknown name').toEqual({ at: [91.1, 29.6] })
    expect(decode(planCodec, { minutes: '17' }).minutes).toBe(15)
    expect(decode(planCodec, { minutes: '-5' }).minutes).toBe(15)
    expect(decode(landCodec, { box: '95,28,94,29' }).box).toBeUndefined()
    expect(decode(landCodec, { county: '540402,drop table' }).county).toEqual(['540402'])
    expect(decode(shared, { map: '12/91/29/1', lang: 'fr' })).toEqual({ lang: '', map: undefined })
    expect(decode(findCodec, { kind: ['oxygen_bar', 'x'] }).kind).toEqual(['oxygen_bar'])
  })

  it('never holds the position of the device', () => {
    expect(encode(findCodec, { ...decode(findCodec, {}), from: { device: true } })).toEqual({ from: 'me' })
  })
})
