import { afterEach, describe, expect, it } from 'vitest'
import type { Station } from '@/api/types'
import { setLanguage } from '@/i18n'
import { facilitiesInOrder, hoursInWords, openState, rowsOfAll } from '@/features/find/model'
import { landmarksWithin, placeOfStation, search, type Place } from '@/features/find/places'

afterEach(() => setLanguage('zh'))

function station(properties: Partial<Station['properties']> = {}, id = 1): Station {
  return {
    type: 'Feature',
    id,
    geometry: { type: 'Point', coordinates: [91.1, 29.65] },
    properties: {
      code: `LS-${id}`,
      name: { zh: '八廓街驿站', en: 'Barkhor station', bo: 'བར་སྐོར་ངལ་གསོ་ཁང་།' },
      kind: 'union_station',
      status: 'open',
      open: true,
      facilities: [],
      standard: true,
      sample: true,
      navigation: { position: [91, 29], gcj02: [91, 29], amap: '', baidu: '', tencent: '', apple: '', geo: '' },
      ...properties,
    },
  }
}

describe('the sign on the door', () => {
  const now = new Date('2026-07-01T12:00:00+08:00')
  const sign = (properties: Partial<Station['properties']>) => openState(station(properties), now)

  it.each([
    [{ hours: '24/7' }, '24 小时开放', undefined, 'good'],
    [{ changes_at: '2026-07-01T22:00:00+08:00' }, '开放中', '22:00 关门', 'good'],
    [{ changes_at: '2026-07-01T12:30:00+08:00' }, '快关门了', '12:30 关门', 'soon'],
    [{ open: false, changes_at: '2026-07-01T14:00:00+08:00' }, '已关门', '今天 14:00 开门', 'bad'],
    [{ open: false, changes_at: '2026-07-02T09:00:00+08:00' }, '已关门', '明天 09:00 开门', 'bad'],
    [{ open: null }, '开放时间不详', undefined, 'unknown'],
    [{ status: 'paused', open: false }, '暂停服务', undefined, 'bad'],
    [{ status: 'planned', open: true }, '规划中，还没有开放', undefined, 'bad'],
  ] as const)('%j says %s', (properties, words, until, tone) => {
    expect(sign(properties)).toEqual({ words, tone, ...(until && { until }) })
  })

  it('does not tell a change that has passed since the answer came', () => {
    expect(sign({ changes_at: '2026-07-01T11:00:00+08:00' })).toEqual({ words: '开放中', tone: 'good' })
  })
})

describe('opening hours in words', () => {
  it.each([
    ['Mo-Su 09:00-21:00', ['每天 09:00–21:00']],
    ['09:00-21:00', ['每天 09:00–21:00']],
    ['Mo-Fr 09:00-12:00,14:00-18:00; Sa,Su off', ['周一至周五 09:00–12:00、14:00–18:00', '周六、周日 休息']],
    ['24/7', ['24 小时开放']],
    [undefined, ['开放时间不详']],
    ['sunrise-sunset Mo', ['sunrise-sunset Mo']],
  ])('%s', (hours, words) => expect(hoursInWords(hours)).toEqual(words))
})

it('facilities come with what is looked for first', () => {
  expect(facilitiesInOrder(['aed', 'books', 'charge_phone', 'water'])).toEqual(['water', 'charge_phone', 'aed', 'books'])
})

describe('the list without a place to start from', () => {
  it('has what is open first, what is closed last', () => {
    const list = rowsOfAll([
      station({ open: false }, 1),
      station({ open: null }, 2),
      station({ open: true }, 4),
      station({ open: true }, 3),
    ])
    expect(list.map((row) => row.station.id)).toEqual([3, 4, 2, 1])
  })
})

describe('searching a place', () => {
  const places: Place[] = [
    { key: 'place.station', name: '拉萨站', at: [91.066, 29.624] },
    placeOfStation(station()),
    placeOfStation(station({ name: { zh: '拉萨站前驿站', en: 'Railway square' } }, 2)),
  ]
  const found = (query: string) => search(query, places).map((place) => place.key)

  it('finds by any language, case and blanks aside, beginnings first', () => {
    expect(found('拉萨')).toEqual(['place.station', 'station.2'])
    expect(found('BARK hor')).toEqual(['station.1'])
    expect(found('བར་སྐོར')).toEqual(['station.1'])
    expect(found('驿站')).toEqual(['station.1', 'station.2'])
    expect(found('ls-2')).toEqual(['station.2'])
    expect(found('墨脱')).toEqual([])
  })

  it('offers landmarks only where there are streets', () => {
    expect(landmarksWithin([91.1, 29.6, 91.14, 29.66]).map((place) => place.key)).toEqual([
      'place.jokhang',
      'place.potala',
    ])
    expect(landmarksWithin([1.4, 42.4, 1.8, 42.7])).toEqual([])
  })
})
