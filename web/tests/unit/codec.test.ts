import { describe, expect, it } from 'vitest'
import { decode, encode, type Codec } from '@/url/codec'
import { shared } from '@/url/state'
import { findCodec, type FindState } from '@/features/find/model'
import { planCodec, profiles, type PlanState } from '@/features/plan/model'
import { landCodec, type LandState } from '@/features/land/model'
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
    roundTrip<LandState>(landCodec, (r) => ({
      county: r.some(['540402', '540421', '540424', '540481']),
      use: r.some(['07', '08', '09', '10', '11']),
      status: r.some(['offer', 'announced', 'bidding', 'reserve', 'done', 'halted'] as const),
      min: r.pick([undefined, r.whole(1, 1e6)]),
      max: r.pick([undefined, r.whole(1, 1e6)]),
      unit: r.pick(['mu', 'ha', 'm2'] as const),
      box: r.pick([undefined, [five(r.between(80, 90)), 28.1, five(r.between(91, 99)), 30.5] as const]),
      parcel: r.pick(['', 'LZ-2026-01', '林芝[2026]3号']),
    }))
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
