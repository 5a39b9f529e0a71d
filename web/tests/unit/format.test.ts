import { afterEach, describe, expect, it } from 'vitest'
import { setLanguage } from '@/i18n'
import { area, clock, date, dayOf, distance, duration, percent } from '@/i18n/format'

afterEach(() => setLanguage('zh'))

describe('figures as people say them', () => {
  it.each([
    [12, '1 分钟'],
    [372.4, '6 分钟'],
    [3600, '1 小时 0 分'],
    [3930, '1 小时 6 分'],
  ])('%d seconds on foot are %s', (seconds, words) => expect(duration(seconds)).toBe(words))

  it.each([
    [4, '0 米'],
    [480.1, '480 米'],
    [994, '990 米'],
    [996, '1 公里'],
    [1234, '1.2 公里'],
  ])('%d metres are %s', (metres, words) => expect(distance(metres)).toBe(words))

  it('a share is never rounded to all or nothing', () => {
    expect(percent(0.8343)).toBe('83.4 %')
    expect(percent(0.99999)).toBe('99.9 %')
    expect(percent(0.00001)).toBe('0.1 %')
    expect(percent(1)).toBe('100 %')
    expect(percent(0)).toBe('0 %')
  })

  it('areas: 1 亩 is 2000/3 ㎡, 1 公顷 is 15 亩', () => {
    expect(area(2000 / 3, 'mu')).toBe('1 亩')
    expect(area(10_000, 'mu')).toBe('15 亩')
    expect(area(10_000, 'ha')).toBe('1 公顷')
    expect(area(33_533.4, 'm2')).toBe('33,533 ㎡')
    expect(area(33_533.4, 'mu')).toBe('50.3 亩')
  })
})

describe('times, on the clock of China wherever the device is', () => {
  const evening = new Date('2026-07-01T15:30:00Z') // 23:30 in Lhasa

  it('tells the hour and the day', () => {
    expect(clock(evening)).toBe('23:30')
    expect(dayOf(new Date('2026-07-01T15:59:00Z'), evening)).toBe('今天')
    expect(dayOf(new Date('2026-07-02T01:00:00Z'), evening)).toBe('明天')
    expect(dayOf(new Date('2026-07-04T01:00:00Z'), evening)).toBe('周六')
  })

  it('writes dates in Tibetan itself, since browsers answer in English', async () => {
    expect(date(evening)).toBe('2026 年 7 月 1 日')
    await setLanguage('bo')
    expect(date(evening)).toMatch(/^2026 ལོ/)
    expect(date(evening)).not.toMatch(/[A-Za-z]/)
  })
})
