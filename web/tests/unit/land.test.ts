import { afterEach, describe, expect, it } from 'vitest'
import { setLanguage } from '@/i18n'
import { decode } from '@/url/codec'
import {
  areaDifference,
  areaRange,
  areaStopsMu,
  groupOf,
  groups,
  landCodec,
  limitInWords,
  queryFor,
  statusesOf,
  stopM2,
  stopOf,
  useName,
  useToken,
} from '@/features/land/model'

afterEach(() => setLanguage('zh'))

const statuses = [
  'reserve', 'preparing', 'ready', 'promoted', 'pre_announced', 'announced', 'registration', 'bidding',
  'result_notice', 'signed', 'delivered', 'supplied', 'unsold', 'suspended', 'terminated', 'withdrawn',
] // prettier-ignore

describe('the life of a parcel', () => {
  it('puts each of the sixteen states into exactly one group', () => {
    expect(statusesOf(groups).sort()).toEqual([...statuses].sort())
    for (const status of statuses) expect(groupOf(status), status).toBeDefined()
  })
})

describe('planning limits in words', () => {
  it.each([
    [{ min: 0.8 }, '', '≥ 0.8'],
    [{ min: 1, min_exclusive: true }, '', '> 1'],
    [{ max: 24 }, 'm', '≤ 24 m'],
    [{ max: 40, max_exclusive: true }, '%', '< 40 %'],
    [{ min: 1, max: 2.5, min_exclusive: true }, '', '1 < x ≤ 2.5'],
    [{ min: 2, max: 2 }, '', '= 2'],
    [{}, '', ''],
    [undefined, '', ''],
  ])('%j %s', (limit, unit, words) => expect(limitInWords(limit, unit)).toBe(words))
})

describe('land use', () => {
  it('means nothing without its scheme: 05 and 06 clash between 2017 and 2023', () => {
    expect(useName({ code: '0701', scheme: '2017' })).toBe('住宅用地')
    expect(useName({ code: '0601', scheme: '2017' })).toBe('工矿仓储用地')
    expect(useName({ code: '0601', scheme: '2023' })).toBe('其他用地')
    expect(useToken('0601', '2017')).toBe('--use-10')
    expect(useToken('0601', '2023')).toBeUndefined()
  })

  it('is named by the longest prefix that has a name', () => {
    expect(useName({ code: '090104', scheme: '2023' })).toBe('旅馆用地')
    expect(useName({ code: '090101', scheme: '2023' })).toBe('商业用地')
    expect(useName({ code: '100102', scheme: '2023' })).toBe('工业用地')
  })
})

describe('areas', () => {
  it('asks the service in square metres whatever the unit on screen', () => {
    const state = decode(landCodec, { min: String(stopM2(2)), unit: 'ha', status: 'offer' })
    expect(queryFor(state)).toMatchObject({ area_min: 6667, status: ['ready', 'promoted', 'unsold'] })
    expect(areaRange(state.min, undefined, 'mu')).toBe('10 亩 以上')
  })

  it('finds each stop of the slider again', () => {
    areaStopsMu.forEach((_, stop) => expect(stopOf(stopM2(stop))).toBe(stop))
  })

  it('speaks of a stated area only when it is over half a percent off', () => {
    const parcel = (area_m2: number, stated_m2?: number) => areaDifference({ area_m2, stated_m2 } as never)
    expect(parcel(10_000)).toBeUndefined()
    expect(parcel(10_000, 10_049)).toBeUndefined()
    expect(parcel(10_000, 9_900)).toBe(-100)
  })
})
