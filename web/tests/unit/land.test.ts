import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openChapter, setLanguage } from '@/i18n'
import {
  areaDifference,
  limitInWords,
  stageOf,
  stages,
  statusesOf,
  useName,
  useToken,
} from '@/features/land/model'

beforeAll(() => openChapter('land'))
afterEach(() => setLanguage('zh'))

const statuses = [
  'reserve', 'preparing', 'ready', 'promoted', 'pre_announced', 'announced', 'registration', 'bidding',
  'result_notice', 'signed', 'delivered', 'supplied', 'unsold', 'suspended', 'terminated', 'withdrawn',
] // prettier-ignore

describe('the life of a parcel', () => {
  it('puts each of the sixteen states into exactly one stage', () => {
    expect(statusesOf(stages).sort()).toEqual([...statuses].sort())
    for (const status of statuses) expect(stageOf(status), status).toBeDefined()
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

  it('names what is limited, as plans do', () => {
    expect(limitInWords({ min: 1, max: 2 }, '', '容积率', 1)).toBe('1.0 ≤ 容积率 ≤ 2.0')
    expect(limitInWords({ min: 1, max: 2, min_exclusive: true }, '', '容积率', 1)).toBe('1.0 < 容积率 ≤ 2.0')
  })
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
  it('speaks of a stated area only when it is over half a percent off', () => {
    const parcel = (area_m2: number, stated_m2?: number) => areaDifference({ area_m2, stated_m2 } as never)
    expect(parcel(10_000)).toBeUndefined()
    expect(parcel(10_000, 10_049)).toBeUndefined()
    expect(parcel(10_000, 9_900)).toBe(-100)
  })
})
