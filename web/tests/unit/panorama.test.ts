import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { HotSpot, Panorama } from '@/api/types'
import { addressOf, bearing, eighth, field, levelFor, megabytes, namedIn, stepped, whereIs, type View } from '@/features/land/panorama'
import { openChapter, setLanguage } from '@/i18n'
import { random } from './random'

beforeAll(() => openChapter('land'))
afterEach(() => setLanguage('zh'))

const levels = [512, 2048, 4096, 8192].map((width) => ({ width, bytes: width * 100, url: `/${width}.jpg` }))
const pick = (pixels: number, texture = 16384, saves = false, of = levels) => levelFor(of, { pixels, texture, saves })?.width

describe('the size of the picture', () => {
  it.each([
    ['a telephone with three pixels to a point', 390 * 3, 4096, false, 4096],
    ['a panel on a desk', 380, 16384, false, 2048],
    ['a whole screen', 1920, 16384, false, 8192],
    ['a whole screen of a weak device', 1920, 4096, false, 4096],
    ['a telephone that is to load little', 390 * 3, 4096, true, 2048],
    ['an old device', 800, 1024, false, 512],
    ['graphics smaller than any picture', 800, 256, false, 512],
  ])('for %s', (_, pixels, texture, saves, width) => expect(pick(pixels, texture, saves)).toBe(width))

  it('is what there is', () => {
    expect(pick(2000, 16384, false, levels.slice(0, 1))).toBe(512)
    expect(pick(2000, 16384, false, [])).toBeUndefined()
  })

  it('is never beyond the graphics, and never coarser than it could be', () => {
    const { between } = random(7)
    for (let i = 0; i < 500; i++) {
      const [pixels, texture] = [between(0, 4000), between(512, 16500)]
      const width = pick(pixels, texture)!
      expect(width).toBeLessThanOrEqual(texture)
      const finer = levels.find((l) => l.width > width && l.width <= texture)
      if (finer) expect(width).toBeGreaterThanOrEqual(((pixels * 360) / field.first) * 0.85)
    }
  })
})

describe('directions', () => {
  it.each([
    [0, 0], [22, 0], [23, 1], [90, 2], [180, 4], [337, 7], [338, 0], [360, 0], [-90, 6], [-10, 0],
  ] as const)('%d° lies in the eighth %d', (degrees, is) => expect(eighth(degrees)).toBe(is)) // prettier-ignore

  it('are those of the compass where the bearing is known', async () => {
    expect(bearing(350, 20)).toBe(10)
    expect(bearing(10, -20)).toBe(350)
    expect(whereIs({ yaw_deg: 180 }, 0)).toBe('南')
    expect(whereIs({ yaw_deg: -90 }, 45)).toBe('西北')
    await setLanguage('en')
    expect(whereIs({ yaw_deg: 120 }, 0)).toBe('south-east')
  })

  it.each([
    [0, '前方'], [44, '前方'], [-44, '前方'], [46, '右侧'], [134, '右侧'], [136, '后方'], [180, '后方'], [-180, '后方'], [-136, '后方'],
    [-134, '左侧'], [-46, '左侧'],
  ])('%d° from the middle is %s without one', (yaw_deg, words) => expect(whereIs({ yaw_deg }, undefined)).toBe(words)) // prettier-ignore
})

describe('steps', () => {
  const view: View = { yaw: 0, pitch: 0, hfov: 100 }
  it('go round, and not over the top', () => {
    let now = view
    for (let i = 0; i < 18; i++) now = stepped(now, 'right')
    expect(now.yaw).toBeCloseTo(0)
    expect(stepped({ ...view, yaw: 175 }, 'right').yaw).toBeCloseTo(-165)
    for (let i = 0; i < 9; i++) now = stepped(now, 'up')
    expect(now.pitch).toBe(90)
    for (let i = 0; i < 20; i++) now = stepped(now, 'down')
    expect(now.pitch).toBe(-90)
  })
  it('stay within what can be drawn, and undo each other', () => {
    let now = view
    for (let i = 0; i < 9; i++) now = stepped(now, 'in')
    expect(now.hfov).toBe(field.narrowest)
    for (let i = 0; i < 9; i++) now = stepped(now, 'out')
    expect(now.hfov).toBe(field.widest)
    expect(stepped(stepped(view, 'left'), 'right')).toEqual(view)
  })
})

describe('spots', () => {
  const spot = (more: Partial<HotSpot>): HotSpot => ({ yaw_deg: 0, pitch_deg: 0, label: { zh: '去' }, ...more })
  it('lead to a panorama of a parcel, or to a parcel alone', () => {
    expect(addressOf(spot({ panorama: 7, parcel: 'LZ-1' }))).toEqual({ parcel: 'LZ-1', pano: '7' })
    expect(addressOf(spot({ parcel: 'LZ-2' }))).toEqual({ parcel: 'LZ-2', pano: undefined })
  })
  it('are shown when the address names one that is there', () => {
    const all = [{ id: 3 }, { id: 7 }] as Panorama[]
    expect(namedIn(all, '7')?.id).toBe(7)
    for (const no of [undefined, '', '07', '8', 'x']) expect(namedIn(all, no)).toBeUndefined()
  })
})

it('says what a picture costs', () => {
  expect(megabytes(1_234_000)).toBe('1.2 MB')
  expect(megabytes(12)).toBe('0.1 MB')
})
