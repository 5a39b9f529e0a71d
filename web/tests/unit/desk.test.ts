import { emptyPanorama, faultsOfPanorama, formOfPanorama, panoramaText, spotAt, type PanoramaForm } from '@/features/desk/panoramas'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { openChapter, setLanguage } from '@/i18n'
import { EventParser } from '@/features/desk/events'
import {
  areaGap, boundsOf, boxOf, bytes, fieldName, faultOfFile, faultsOfAnswers, firstTab, gapInWords, isSettled, largest, noAnswers, optionsOf, placeOf,
  valueInWords,
} from '@/features/desk/imports' // prettier-ignore
import { needInWords, needsAnother, stepsOf, areaWanted } from '@/features/desk/intents'
import { emptyForm, faultsOf, formOf, joinEnd, numbersIn, splitEnd, textOf } from '@/features/desk/notices'
import { random } from './random'

beforeAll(() => Promise.all([openChapter('desk'), openChapter('land')]))
afterEach(() => setLanguage('zh'))

describe('a stream of events', () => {
  const all = (...parts: string[]) => {
    const parser = new EventParser()
    return parts.flatMap((part) => parser.push(part))
  }

  it('is taken apart by empty lines; comments and fields of others are passed over', () => {
    expect(all('\ufeff: hello\nevent: import\nid: 4\ndata: {"a":1}\n\ndata:two\ndata\ndata:  lines\n\nevent: none\n\ndata: cut off')).toEqual([
      { event: 'import', data: '{"a":1}' },
      { event: 'message', data: 'two\n\n lines' },
    ])
  })

  it('is the same however it is cut, and with every end of line', () => {
    const { whole: some } = random(7)
    for (const end of ['\n', '\r\n', '\r']) {
      const text = ['event: import', 'data: 一', 'data: 2', '', ': x', 'data: three', '', ''].join(end)
      const whole = all(text, '\n')
      expect(whole.map(({ data }) => data)).toEqual(['一\n2', 'three'])
      for (let i = 0; i < 200; i++) {
        const cuts = [0, 1, 2].map(() => some(0, text.length)).sort((a, b) => a - b)
        const parts = [0, ...cuts].map((from, n) => text.slice(from, cuts[n] ?? text.length))
        expect(all(...parts, '\n')).toEqual(whole)
      }
    }
  })
})

describe('what is sent', () => {
  it('is looked at before', () => {
    expect(faultOfFile(undefined)).not.toBe('')
    expect(faultOfFile({ name: 'a.txt', size: 0 })).toContain('a.txt')
    expect(faultOfFile({ name: 'a.txt', size: largest })).toBe('')
    expect(faultOfFile({ name: 'a.txt', size: largest + 1 })).toContain('50 MB')
    expect([bytes(12), bytes(2048), bytes(1.5 * 2 ** 20)]).toEqual(['12 B', '2 KB', '1.5 MB'])
  })

  it('has answers for parcels only', () => {
    const answers = { ...noAnswers, cgcs2000: true, zone: ' 31 ', width: '3' as const, use: '2023:1001', within: '93，28 95 30' }
    expect(faultsOfAnswers(answers)).toEqual({})
    expect(optionsOf('stations', answers)).toEqual({})
    expect(optionsOf('parcels', answers)).toEqual({ cgcs2000: 'true', zone: 31, degree_zone: 3, use: '2023:1001', within: '93,28,95,30' })
    expect(optionsOf('parcels', noAnswers)).toEqual({})
  })

  it('has faulty answers told by field', () => {
    expect(Object.keys(faultsOfAnswers({ ...noAnswers, zone: '24', use: 'industry', within: '95,28,93,30' })).sort()).toEqual(['use', 'within', 'zone'])
    for (const zone of ['12', '46', '31.5', 'x']) expect(faultsOfAnswers({ ...noAnswers, zone }).zone).toBeTruthy()
    for (const zone of ['13', '23', '25', '45', '']) expect(faultsOfAnswers({ ...noAnswers, zone }).zone).toBeUndefined()
    expect(boxOf('1,2,3')).toBeUndefined()
    expect(boxOf('1;2;3;x')).toBeUndefined()
  })
})

describe('a preview', () => {
  const counts = { added: 0, changed: 0, unchanged: 0, refused: 0 }

  it('begins with what must be decided on', () => {
    expect(firstTab({ counts: { ...counts, added: 3, refused: 1 }, warnings: 9 })).toBe('refused')
    expect(firstTab({ counts: { ...counts, added: 3, changed: 1 }, warnings: 9 })).toBe('changed')
    expect(firstTab({ counts: { ...counts, unchanged: 1 }, warnings: 0 })).toBe('same')
    expect(firstTab({ counts, warnings: 0 })).toBe('added')
  })

  it('is waited for until it waits itself', () => {
    expect(['checking', 'ready', 'writing', 'done', 'failed', 'cancelled'].filter((s) => isSettled(s as 'ready'))).toEqual(['ready', 'done', 'failed', 'cancelled'])
  })

  it('tells places and gaps', () => {
    expect(placeOf({ line: 7, part: '容积率 J7' })).toBe('第 7 行 · 容积率 J7')
    expect(placeOf({})).toBe('整个文件')
    expect(areaGap({ stated_m2: 12000, area_m2: 10000 })).toBeCloseTo(0.2)
    expect(areaGap({ area_m2: 10000 })).toBeUndefined()
    expect([gapInWords(0.2), gapInWords(-0.00021), gapInWords(0.00001), gapInWords(0)]).toEqual(['+20 %', '−0.02 %', '< 0.01 %', '0 %'])
  })

  it.each([
    ['name', { zh: '甲', bo: '', en: 'A' }, '甲 / A'],
    ['far', { min: 1, max: 2.5, min_exclusive: true }, '1 < x ≤ 2.5'],
    ['far', {}, '无'],
    ['height_m', { max: 24 }, 'x ≤ 24'],
    ['price', { amount: 1431.5, unit: '万元' }, '1,431.5 万元'],
    ['price', null, '无'],
    ['status', 'ready', '净地可供'],
    ['status', 'planned', '规划中，还没有开放'],
    ['supply', 'GP', '挂牌'],
    ['county', '540402', '巴宜区'],
    ['facilities', ['road', 'water'], '路、给水'],
    ['stated_m2', 0, '无'],
    ['stated_m2', 12000, '12,000 ㎡'],
    ['sample', true, '是'],
    ['notice_on', '2026-07-01', '2026 年 7 月 1 日'],
    ['term_years', 50, '50 年'],
    ['use_code', '1001', '1001'],
    ['new_in_the_record', { a: 1 }, '{"a":1}'],
  ])('tells the value of %s in words', (field, value, words) => {
    expect(valueInWords(field, value)).toBe(words)
  })

  it('names the fields that it knows', () => {
    expect([fieldName('stated_m2'), fieldName('new_in_the_record')]).toEqual(['公布面积', 'new_in_the_record'])
  })

  it('knows where everything is', () => {
    const geometries: GeoJSON.Geometry[] = [
      { type: 'Point', coordinates: [94, 29.5] },
      { type: 'MultiPolygon', coordinates: [[[[93, 29], [95, 29], [94, 30], [93, 29]]]] },
    ] // prettier-ignore
    expect(boundsOf(geometries.map((geometry) => ({ geometry })))).toEqual([93, 29, 95, 30])
    expect(boundsOf([{ geometry: null }])).toBeUndefined()
  })
})

describe('an intent', () => {
  it('is closed by two people, however a name is typed', () => {
    expect(needsAnother({ accepted_by: 'Tashi  Dolma' }, 'closed', 'tashi dolma')).toBe(true)
    expect(needsAnother({ accepted_by: 'Tashi Dolma' }, 'closed', 'Pema')).toBe(false)
    expect(needsAnother({ accepted_by: 'Tashi Dolma' }, 'answered', 'Tashi Dolma')).toBe(false)
    expect(needsAnother({}, 'closed', '')).toBe(false)
  })

  it('is withdrawn last', () => {
    expect(stepsOf({ next: ['withdrawn', 'answered', 'matched'] })).toEqual(['matched', 'answered', 'withdrawn'])
  })

  it('says what it wants', () => {
    const mu = 2000 / 3
    expect(areaWanted({ area_min_m2: 30 * mu, area_max_m2: 60 * mu })).toBe('30–60 亩')
    expect(areaWanted({ area_min_m2: 0, area_max_m2: 0 })).toBe('不限')
    expect(needInWords({ term: 'use', values: ['10'] })).toEqual({ what: '用途', asked: '工矿用地 10' })
    expect(needInWords({ term: 'price', max: 2000 })).toEqual({ what: '起始总价', asked: '不超过 2,000 万元' })
    expect(needInWords({ term: 'to_railway', min: 5, max: 30 })).toEqual({ what: '开车到火车站', asked: '5 分钟–30 分钟' })
    expect(needInWords({ term: 'access' }).asked).toBe('需要')
    expect(needInWords({ term: 'brand_new', min: 3 })).toEqual({ what: 'brand_new', asked: '不少于 3' })
  })
})

describe('a notice', () => {
  it('closes when it said, in China, wherever the device is', () => {
    expect(splitEnd('2026-07-30T16:00:00Z')).toEqual(['2026-07-30', '']) // lasts the day out
    expect(splitEnd('2026-07-30T09:00:00Z')).toEqual(['2026-07-30', '17:00'])
    expect(splitEnd('2026-07-30T09:00:30Z')).toEqual(['2026-07-30', '17:00:30'])
    expect(splitEnd(undefined)).toEqual(['', ''])
    expect(joinEnd('2026-07-30', '17:00')).toBe('2026-07-30T17:00:00+08:00')
    const { whole } = random(3) // from 1992, when the clocks of China were changed for the last time
    for (let i = 0; i < 200; i++) {
      const end = new Date(whole(7e8, 4e9) * 1000)
      const [day, time] = splitEnd(end.toISOString())
      const back = time ? new Date(joinEnd(day, time)) : new Date(Date.parse(`${day}T00:00:00+08:00`) + 86_400_000)
      expect(back.getTime()).toBe(end.getTime())
    }
  })

  it('is the same after it went through the form', () => {
    const notice = {
      code: 'GG-1', kind: 'notice', state: 'open', title: { zh: '公告', bo: '', en: 'Notice' }, body: { zh: '一\n\n二', bo: '', en: '' }, published_on: '2026-07-01',
      closes_at: '2026-07-30T09:00:00Z', parcels: ['A-1', 'B-2'], sample: true, revision: '4-2',
    } as const // prettier-ignore
    expect(textOf(formOf({ ...notice, parcels: [...notice.parcels] }))).toEqual({
      kind: 'notice', title: notice.title, body: notice.body, published_on: '2026-07-01', closes_at: '2026-07-30T17:00:00+08:00', parcels: ['A-1', 'B-2'], sample: true,
    }) // prettier-ignore
  })

  it('has its numbers parted by anything', () => {
    expect(numbersIn(' A-1，A-2、A-1\nA-3; ')).toEqual(['A-1', 'A-2', 'A-3'])
    expect(numbersIn(' ')).toEqual([])
  })

  it('is not sent without what it needs', () => {
    const form = emptyForm(new Date('2026-07-01T18:00:00Z'))
    expect(form.publishedOn).toBe('2026-07-02') // in China it is the next day
    expect(Object.keys(faultsOf(form)).sort()).toEqual(['code', 'title'])
    const sound = { ...form, code: 'A', title: { ...form.title, zh: '甲' } }
    expect(faultsOf(sound)).toEqual({})
    expect(Object.keys(faultsOf({ ...sound, closesOn: '2026-07-01' }))).toEqual(['closesOn'])
  })
})

describe('a panorama as the form holds it', () => {
  const texts = (zh: string) => ({ zh, bo: '', en: '' })
  const whole: PanoramaForm = {
    parcel: 'A-1', takenOn: '2026-07-02', heading: '360', caption: texts(' 北门 '), alt: texts('说明'), sample: false,
    spots: [{ yaw: '−20,5', pitch: '+3', panorama: '', parcel: 'A-2', label: texts('隔壁') }],
  } // prettier-ignore

  it('is sent as the service takes it', () => {
    expect(panoramaText(whole)).toEqual({
      parcel: 'A-1', taken_on: '2026-07-02', heading_deg: 0, caption: texts('北门'), alt: texts('说明'),
      hot_spots: [{ yaw_deg: -20.5, pitch_deg: 3, parcel: 'A-2', label: texts('隔壁') }],
    }) // prettier-ignore
    expect(faultsOfPanorama(whole)).toEqual({})
  })

  it('comes back from the service as it went, also a spot that leads to a panorama', () => {
    const kept = { ...panoramaText(whole), id: 7, revision: '7-1', levels: [], sample: false, hot_spots: [{ yaw_deg: 1, pitch_deg: 2, panorama: 9, parcel: 'A-1', label: texts('南') }] }
    const { hot_spots } = panoramaText(formOfPanorama(kept))
    expect(hot_spots).toEqual([{ yaw_deg: 1, pitch_deg: 2, panorama: 9, label: texts('南') }])
  })

  it('tells what is missing or is no number', () => {
    const faults = faultsOfPanorama({ ...emptyPanorama(''), heading: '361', spots: [{ ...spotAt({ yaw: -0.04, pitch: 91 }) }] })
    expect(Object.keys(faults).sort()).toEqual(['alt', 'caption', 'heading', 'parcel', 'spots'])
    expect(Object.keys(faults.spots![0]!).sort()).toEqual(['label', 'pitch', 'target'])
  })
})
